"""What can be said about a ranking as a whole: how firm its first place is, and what stands in the way of more."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import rankings as stored
from app.db.rankings import Run
from app.domain import autopsies, ranking
from app.domain.autopsies import NearestThreshold, Relaxation
from app.domain.rule_sets import RuleSet
from app.kernels.stability import stability

Json = dict[str, object]


async def _findings(tx: AsyncSession, run: Run, rule_set: RuleSet) -> Json:
    """As JSON has it."""
    return {**await _of_order(tx, run, rule_set), "autopsy": await _autopsy(tx, run, rule_set.shortlist_size)}


async def _of_order(tx: AsyncSession, run: Run, rule_set: RuleSet) -> Json:
    """What is found from those with a position."""
    ranked = await stored.load_ranked(tx, run.institution_id, run.ranking_id)
    criteria = run.terms.criteria
    firm = await asyncio.to_thread(stability, criteria, ranked, rule_set.stability_threshold)
    senior = await asyncio.to_thread(ranking.seniority_effect, criteria, ranked, rule_set.shortlist_size)
    return {
        "stability": None
        if firm is None
        else {
            "weightings": firm.weightings,
            "kept": firm.kept,
            "threshold": firm.threshold,
            "isTied": firm.is_tied,
            "rivals": [{"candidateId": str(one.id), "firsts": one.firsts} for one in firm.rivals],
        },
        "seniority": {
            "weight": senior.weight,
            "ranked": senior.ranked,
            "moved": senior.moved,
            "changesFirst": senior.changes_first,
            "changesShortlist": senior.changes_shortlist,
        },
    }


async def _autopsy(tx: AsyncSession, run: Run, wanted: int) -> Json:
    """What each requirement removes, and what would yield as many candidates as fit on a shortlist."""
    requirements = run.terms.requirements
    patterns = await stored.count_patterns(tx, run.institution_id, run.ranking_id)
    found = await asyncio.to_thread(autopsies.perform, [one.code for one in requirements], patterns, wanted)
    nearest = await _nearest(tx, run, found.relaxation, wanted)
    return {
        "wanted": wanted,
        "removals": [
            {
                "requirement": removal.requirement,
                "field": asked.field,
                "removed": removal.removed,
                "alone": removal.alone,
                "toVerify": removal.to_verify,
            }
            for asked, removal in zip(requirements, found.removals, strict=True)
        ],
        "relaxation": None if found.relaxation is None else _relaxation(run, found.relaxation, nearest),
    }


def _relaxation(run: Run, relaxation: Relaxation, nearest: NearestThreshold | None) -> Json:
    return {
        "requirements": relaxation.requirements,
        "touches": [one.field for one in run.terms.requirements if one.code in relaxation.requirements],
        "eligible": relaxation.eligible,
        "toVerify": relaxation.to_verify,
        "nearest": None
        if nearest is None
        else {"requirement": nearest.requirement, "threshold": nearest.value, "candidates": nearest.candidates},
    }


async def _nearest(tx: AsyncSession, run: Run, relaxation: Relaxation | None, wanted: int) -> NearestThreshold | None:
    """Where one number is all that would have to be another one: the nearest that suffices, by halving."""
    if relaxation is None or len(relaxation.requirements) > 1:
        return None
    codes = [one.code for one in run.terms.requirements]
    place = codes.index(relaxation.requirements[0])
    requirement = run.terms.requirements[place]
    weaker = autopsies.weaker_thresholds(requirement)
    low, high, found = 0, len(weaker) - 1, None
    while low <= high:
        middle = (low + high) // 2
        instead = replace(requirement, threshold=weaker[middle])
        candidates = await stored.count_candidates(tx, run, place + 1, instead)
        if candidates < wanted:
            low = middle + 1
        else:
            high, found = middle - 1, NearestThreshold(requirement.code, weaker[middle], candidates)
    return found
