"""Requirements of a post put to somebody of another institution: what it asks is settled at the request.

At the request the receiving institution sees nothing that somebody could be put to it by. It is the release at which
the origin puts them to it, and at the decree whoever puts it on record does so again, by a function that opens the
facts once both institutions and the talent have said yes. Only which requirement is not met is told, never why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.candidates import find_candidate_of_case
from app.db.frozen_facts import read_target, write_target
from app.db.tables.mobility_cases import MobilityCaseRow
from app.domain import eligibility, vacancies
from app.domain.actors import Actor
from app.domain.candidates import Candidate, Given, facts_of
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Fault, NotFound
from app.domain.messages import Sentence, day_in_words
from app.domain.mobility_cases import State
from app.domain.requirements import Outcome, Requirement, parse_requirement, requirement_document
from app.domain.verdicts import Finding, verdict
from app.services import freeze_periods, posts, rule_sets


async def _must_not_be_frozen(
    tx: AsyncSession, actor: Actor, row: MobilityCaseRow, days: Sequence[date], permit_number: str | None
) -> None:
    """Refused where one of the days lies in a freeze of the receiving institution, unless there is a permit.

    It is its head who replaces nobody before elections. BKN does not know of freezes: by its decree it is asked at the
    inauguration.
    """
    if row.receiving_institution_id == actor.institution_id:
        row.permit_number = row.permit_number or permit_number
        freezes = await freeze_periods._freezes_on(tx, days)  # noqa: SLF001 - a service composes another's steps
        vacancies.must_not_be_frozen(days, freezes, row.permit_number)


async def _asked(tx: AsyncSession, post_id: UUID, on: date) -> dict[str, Any] | None:
    """What the post asks on a day, by the rule set of its level; None where there is none for the level."""
    target = await posts._target_of(tx, post_id, on)  # noqa: SLF001 - a service composes another's steps
    if target is None:
        raise NotFound("post.not_found")
    rule_set = await rule_sets._default_rule_set(tx, PositionLevel(target.level))  # noqa: SLF001
    if rule_set is None:
        return None
    return {
        "ruleSet": {"code": rule_set.code, "version": rule_set.version},
        "target": write_target(target),
        "requirements": [requirement_document(one) for one in rule_set.requirements],
    }


async def _must_be_eligible(tx: AsyncSession, row: MobilityCaseRow, state: State, day: date, today: date) -> None:
    """Put the person of a case to what the post asks on a day, and note on the case what was looked at, and when.

    Refused with `mobility_case.not_eligible` for each requirement that is not met. What papers have to show, or what
    nobody knows, stands against nobody: it is counted.
    """
    asked = row.asked
    if asked is None:
        return
    candidate = await find_candidate_of_case(tx, row.id)
    findings = [] if candidate is None else _findings(candidate, asked, day)
    faults = tuple(
        Fault("mobility_case.requirement", one.code, {"requirement": Sentence(id=one.label_id, en=one.label_en)})
        for one, found in findings
        if found.outcome is Outcome.NOT_MET
    )
    if faults:
        raise Conflict("mobility_case.not_eligible", faults=faults, on=day_in_words(day))
    known = {} if candidate is None else facts_of(candidate)
    digest = eligibility.digest_of(asked=asked, day=day, facts=known, found=[found.detail for _, found in findings])
    looked_at = {
        "state": state.value,
        "checkedOn": today.isoformat(),
        "forDay": day.isoformat(),
        "isKnown": candidate is not None,
        "met": sum(found.outcome is Outcome.MET for _, found in findings),
        "toVerify": sum(found.outcome is Outcome.NEEDS_VERIFICATION for _, found in findings),
        "digest": digest,
    }
    row.checks = [*row.checks, looked_at]


def _findings(candidate: Candidate, asked: Mapping[str, Any], day: date) -> list[tuple[Requirement, Finding]]:
    target, faults = replace(read_target(asked["target"]), on=day), list[Fault]()
    requirements = [parse_requirement(one, "", faults, is_published=True) for one in asked["requirements"]]
    return [(one, verdict(one, candidate, target, Given())) for one in requirements if one is not None]
