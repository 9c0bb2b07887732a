"""What can be said about a ranking as a whole: how firm its first place is, and what stands in the way of more."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import rankings as stored
from app.db.rankings import Run
from app.domain import autopsies, ranking
from app.domain.autopsies import NearestThreshold, Relaxation
from app.domain.candidates import GRADE_NAMES
from app.domain.masks import topic_of
from app.domain.requirements import Field, Requirement
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
                "topic": topic_of(asked),
                "removed": removal.removed,
                "alone": removal.alone,
                "toVerify": removal.to_verify,
            }
            for asked, removal in zip(requirements, found.removals, strict=True)
        ],
        "mostRelaxed": autopsies.MOST_DROPPED,
        "relaxation": None if found.relaxation is None else _relaxation(run, found.relaxation, nearest),
    }


def _relaxation(run: Run, relaxation: Relaxation, nearest: Sequence[NearestThreshold]) -> Json:
    return {
        "requirements": relaxation.requirements,
        "touches": [topic_of(one) for one in run.terms.requirements if one.code in relaxation.requirements],
        "eligible": relaxation.eligible,
        "toVerify": relaxation.to_verify,
        "nearest": [
            {
                "requirement": one.requirement.code,
                "threshold": _as_written(one),
                "candidates": one.candidates,
                "detail": one.detail,
            }
            for one in nearest
        ],
    }


def _as_written(nearest: NearestThreshold) -> str:
    is_grade = nearest.requirement.field is Field.GRADE
    return GRADE_NAMES[cast("int", nearest.instead)] if is_grade else str(nearest.instead)


async def _nearest(tx: AsyncSession, run: Run, relaxation: Relaxation | None, wanted: int) -> list[NearestThreshold]:
    """Where other thresholds would do, the nearest that suffice: one after the other, each beside those before it.

    A requirement that is not named would have to go altogether.
    """
    if relaxation is None:
        return []
    codes = [one.code for one in run.terms.requirements]
    instead: dict[int, Requirement | None] = {codes.index(code) + 1: None for code in relaxation.requirements}
    found = []
    for place in instead:
        nearest = await _nearest_of(tx, run, instead, place, wanted)
        if nearest is not None:
            instead[place] = replace(nearest.requirement, threshold=nearest.instead)
            found.append(nearest)
    return found


async def _nearest_of(
    tx: AsyncSession, run: Run, instead: Mapping[int, Requirement | None], place: int, wanted: int
) -> NearestThreshold | None:
    """The threshold of one requirement, by halving."""
    requirement = run.terms.requirements[place - 1]
    weaker = autopsies.weaker_thresholds(requirement)
    low, high, found = 0, len(weaker) - 1, None
    while low <= high:
        middle = (low + high) // 2
        other = replace(requirement, threshold=weaker[middle])
        candidates = await stored.count_candidates(tx, run, {**instead, place: other})
        if candidates < wanted:
            low = middle + 1
        else:
            high, found = middle - 1, NearestThreshold(requirement, weaker[middle], candidates)
    return found
