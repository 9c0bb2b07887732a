"""Career paths: the posts that fit a person, and what would have to change where they do not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.db.candidates import load_candidates
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.openings import Openings, find_openings
from app.db.shapes.career_paths import CAREER_PATHS
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission
from app.domain.candidates import Candidate, Target
from app.domain.career_paths import HORIZONS, Path, Step, find_path, without_narrowed
from app.domain.careers import PositionLevel
from app.domain.counterfactuals import Way
from app.domain.durations import MONTHS_OF_A_YEAR, months_after
from app.domain.errors import NotFound
from app.domain.government_affairs import AFFAIRS
from app.domain.masks import hidden_from, topic_of
from app.domain.messages import sentence
from app.domain.purposes import purpose_within
from app.domain.replays import STANDING_OF
from app.domain.requirements import Field
from app.domain.rule_sets import RuleSet
from app.domain.sources import source_document
from app.services import rule_sets, succession_policies
from app.services.contract import is_storable
from app.services.scopes import own_scope, scope_of

Json = Mapping[str, Any]


async def career_paths_document(db: Database, actor: Actor, nip: str, wanted: Selection | None = None) -> Document:
    """The posts ahead of a talent that are or will be empty, in kinds: which fit, and what would have to change.

    The rules are put to one person and the few kinds of posts (level, affair, standard) in plain Python: only there do
    they say why, what helps and from when time alone is enough. What is found goes into the one statement that checks
    who may look, and leaves the receipt. Sanctions and assessments are unknown to who may not see them.
    """
    actor.require(Permission.READ_TALENTS, Permission.READ_OWN_CAREER)
    reads_everybody = actor.may(Permission.READ_TALENTS)
    document = None
    if is_storable(nip) and (reads_everybody or nip == actor.nip):
        found = await _find_paths(db, actor, nip)
        scope = scope_of(actor) if reads_everybody else own_scope(actor)
        asked = {"nip": nip, "found": json.dumps(found), **scope}
        document = await db.view_as(actor, purpose_within(actor.role, actor.purpose), CAREER_PATHS, wanted, **asked)
    if document is None:
        raise NotFound("talent.not_found")
    return document


async def _find_paths(db: Database, actor: Actor, nip: str) -> Json:
    """What the document says; without paths for who is not placed, of whom nothing is known."""
    today = db.today()
    async with db.read_as(actor) as tx:
        talent_id = await tx.scalar(select(TalentRow.id).where(TalentRow.nip == nip))
        known = [] if talent_id is None else await load_candidates(tx, actor.institution_id, [talent_id])
        if talent_id is None or not known:
            return {"on": today.isoformat(), "paths": []}
        candidate = known[0][1]
        policy = await succession_policies._policy(tx)  # noqa: SLF001 - a service composes another's steps
        levels = policy.levels_ahead.get(candidate.level, ()) if candidate.level else ()
        sets = {level: await rule_sets._default_rule_set(tx, level) for level in levels}  # noqa: SLF001
        days = [months_after(today, MONTHS_OF_A_YEAR * years) for years in HORIZONS]
        openings = await find_openings(tx, levels, talent_id, today, days)
    paths = await asyncio.to_thread(_paths, actor, candidate, openings, sets, today)
    return {
        "on": today.isoformat(),
        "asOf": candidate.as_of.isoformat(),
        "level": candidate.level,
        "paths": paths,
    }


def _paths(
    actor: Actor,
    candidate: Candidate,
    openings: Sequence[Openings],
    sets: Mapping[PositionLevel, RuleSet | None],
    today: date,
) -> list[Json]:
    """Openings for which the same is found stand together."""
    hidden = hidden_from(actor.permissions, is_masked=False)
    seen = without_narrowed(
        candidate, sanctions=Field.SANCTION_FREE not in hidden, assessments=Field.COMPETENCE not in hidden
    )
    known: dict[tuple[object, ...], Path] = {}
    together: list[tuple[Openings, RuleSet, Path, list[Openings]]] = []
    for one in openings:
        if (rule_set := sets[one.level]) is None:
            continue
        target = _target_of(one, rule_set, today)
        asked = (*_asks(one), target.government_affair, target.job_family)
        path = known.get(asked) or known.setdefault(asked, find_path(seen, target, rule_set.requirements))
        alike = [group for first, _, other, group in together if _asks(first) == _asks(one) and other == path]
        if alike:
            alike[0].append(one)
        else:
            together.append((one, rule_set, path, [one]))
    return [_path_document(*found, hidden) for found in together]


def _target_of(openings: Openings, rule_set: RuleSet, today: date) -> Target:
    """The affair and the job family only where a requirement looks at them: at both where it looks at the field."""
    looks_at_field = any(one.is_in_field for one in rule_set.requirements)
    looks_at_affair = looks_at_field or any(one.field is Field.RELATED_EXPERIENCE for one in rule_set.requirements)
    return Target(
        on=today,
        level=openings.level,
        government_affair=openings.government_affair if looks_at_affair else None,
        job_family=openings.job_family if looks_at_field else None,
        standard=openings.standard,
    )


def _asks(openings: Openings) -> tuple[PositionLevel, tuple[int, ...]]:
    return openings.level, openings.standard


def _path_document(
    first: Openings, rule_set: RuleSet, path: Path, group: Sequence[Openings], hidden: frozenset[StrEnum]
) -> Json:
    return {
        "level": first.level,
        "standard": first.standard,
        "ruleSet": {"code": rule_set.code, "version": rule_set.version},
        **_finding_document(path, hidden),
        "openings": [_opening_document(one) for one in group],
    }


def _opening_document(openings: Openings) -> Json:
    affair = AFFAIRS.get(openings.government_affair or "")
    by_3_years, by_5_years = openings.by
    return {
        "governmentAffair": affair and {"code": affair.code, "label": {"id": affair.label_id, "en": affair.label_en}},
        "jobFamily": openings.job_family,
        "emptyNow": openings.empty,
        "emptyIn3Years": by_3_years,
        "emptyIn5Years": by_5_years,
        "firstVacantOn": openings.first_vacant_on.isoformat(),
        "posts": openings.posts,
    }


def _finding_document(path: Path, hidden: frozenset[StrEnum]) -> Json:
    """Who may not see everything is not told what would be enough."""
    way = Way(is_reached=False) if hidden else path.way
    return {
        "outcome": STANDING_OF[path.outcome],
        "items": [{"about": item.about, "detail": item.detail} for item in way.items],
        "blocked": way.blocked,
        "timeAloneFrom": path.time_alone_from and path.time_alone_from.isoformat(),
        "steps": [_step_document(step, is_withheld=topic_of(step.requirement) in hidden) for step in path.steps],
    }


def _step_document(step: Step, *, is_withheld: bool) -> Json:
    requirement, finding = step.requirement, step.finding
    missing: Sequence[str] = () if is_withheld else finding.missing
    return {
        "requirement": requirement.code,
        "field": requirement.field,
        "label": {"id": requirement.label_id, "en": requirement.label_en},
        "legalBasis": requirement.legal_basis,
        "source": requirement.source and source_document(requirement.source),
        "isWithheld": is_withheld,
        "outcome": finding.outcome,
        "fact": sentence("career.withheld") if is_withheld else finding.detail,
        "missing": [sentence(code) for code in missing],
        "remedy": step.remedy,
        "metOn": finding.met_on and finding.met_on.isoformat(),
    }
