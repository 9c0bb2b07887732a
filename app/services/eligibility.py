"""Eligibility: those whom a step is about are put to the requirements once more, and what was looked at is frozen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import rankings as stored
from app.db.candidates import load_candidates
from app.db.database import Database
from app.db.frozen_facts import read_target, write_target
from app.db.tables.posts import PostHolderRow
from app.db.tables.rankings import CandidateVerificationRow, RankingRow
from app.db.tables.shortlists import DecisionCheckRow
from app.db.tables.vacancies import VacancyRow
from app.domain import eligibility, seats
from app.domain.actors import Actor, Permission
from app.domain.candidates import Candidate, Given, Target, facts_of
from app.domain.eligibility import Concerned, LookedAt
from app.domain.errors import Conflict, Fault, NotFound
from app.domain.masks import hidden_from, topic_of
from app.domain.requirements import Requirement
from app.domain.vacancies import State
from app.domain.verdicts import Finding, verdict
from app.services import posts, rule_sets


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whom a step is about, and where the command names them."""

    candidate_id: UUID
    talent_id: UUID
    where: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step that rests on a ranking: where it leads, for which day, and whom it is about."""

    state: State
    day: date
    ranking_id: UUID
    people: Sequence[Subject]


async def _must_still_be_eligible(
    tx: AsyncSession, db: Database, actor: Actor, vacancy: VacancyRow, step: Step
) -> list[str]:
    """The digests of what was looked at, which is frozen with the step; one for each whom it is about.

    Everything on record by now counts: evidence, the map, what units work at, and the latest word of who saw documents.
    Refused with `vacancy.no_longer_eligible`, with `vacancy.talent_gone` for who is not on the map (any more), and with
    `vacancy.holds_post` for who holds a seat of the same post.
    """
    rule_set = await rule_sets._rule_set(tx, vacancy.rule_set_code or "", vacancy.rule_set_version or 0)  # noqa: SLF001 - a service composes another's steps
    target = await posts._target_of(tx, vacancy.post_id, step.day)  # noqa: SLF001
    if target is None:
        raise NotFound("post.not_found")
    talents = [one.talent_id for one in step.people]
    found = dict(await load_candidates(tx, actor.institution_id, talents))
    _refuse("vacancy.talent_gone", [one for one in step.people if one.talent_id not in found])
    _refuse("vacancy.holds_post", await _who_hold_the_post(tx, vacancy, step))
    words = await _words(tx, vacancy.id, talents)
    facts = {one: (found[one], Given(verified=words.get(one, {}))) for one in talents}
    asked = rule_set.requirements
    concerned = []
    for one in step.people:
        before = await _before(tx, actor, step.ranking_id, one.candidate_id, asked)
        now = [verdict(each, *_put(facts[one.talent_id], target)) for each in asked]
        concerned.append(Concerned(one.where, tuple(map(LookedAt, asked, before, now))))
    is_masked = _is_masked(actor, vacancy)
    withheld = hidden_from(actor.permissions, is_masked=is_masked)
    eligibility.must_be_eligible_now(concerned, step.day, withheld, is_masked=is_masked)
    return await _freeze(tx, db, vacancy, step, target, concerned, facts)


def _refuse(code: str, people: Sequence[Subject]) -> None:
    """`Conflict` with the same code at the place of each, if there is somebody."""
    if people:
        raise Conflict(code, faults=tuple(Fault(code, one.where) for one in people))


async def _who_hold_the_post(tx: AsyncSession, vacancy: VacancyRow, step: Step) -> list[Subject]:
    """Those who hold a seat of the post, but for who was decreed to and whose record was quicker than the step."""
    held = PostHolderRow
    holders = await tx.execute(
        select(held.talent_id, held.since, held.vacancy_id).where(
            held.post_id == vacancy.post_id, held.talent_id.in_([one.talent_id for one in step.people])
        )
    )
    since = {State.DECREED: step.day, State.EFFECTIVE: vacancy.effective_on}.get(step.state) or date.max
    second = {
        row.talent_id
        for row in holders
        if seats.is_second_seat(since, row.since, is_appointed=row.vacancy_id is not None)
    }
    return [one for one in step.people if one.talent_id in second]


def _put(facts: tuple[Candidate, Given], target: Target) -> tuple[Candidate, Target, Given]:
    candidate, given = facts
    return candidate, target, given


async def _words(tx: AsyncSession, vacancy_id: UUID, talents: Collection[UUID]) -> Mapping[UUID, Mapping[str, bool]]:
    """The latest word of somebody who saw a document, by talent and requirement."""
    row = CandidateVerificationRow
    latest = (
        select(row.talent_id, row.requirement, row.is_met)
        .where(row.vacancy_id == vacancy_id, row.talent_id.in_(talents))
        .ext(distinct_on(row.talent_id, row.requirement))
        .order_by(row.talent_id, row.requirement, row.version.desc())
    )
    words: dict[UUID, dict[str, bool]] = {}
    for talent_id, requirement, is_met in await tx.execute(latest):
        words.setdefault(talent_id, {})[requirement] = is_met
    return words


async def _before(
    tx: AsyncSession, actor: Actor, ranking_id: UUID, candidate_id: UUID, asked: Sequence[Requirement]
) -> Sequence[Finding | None]:
    """What the requirements found at the ranking, by its frozen facts."""
    ranking = await tx.get(RankingRow, (actor.institution_id, ranking_id))
    kept = await stored.find_stored(tx, actor.institution_id, ranking_id, candidate_id)
    if ranking is None or kept is None or kept.inputs is None:
        return [None] * len(asked)
    facts = _put(kept.inputs, read_target(ranking.target))
    return [verdict(one, *facts) for one in asked]


def _is_masked(actor: Actor, vacancy: VacancyRow) -> bool:
    """Whether candidates have no names for the actor as yet: then they are told as in documents about candidates."""
    is_open = State(vacancy.state) is State.OPEN
    return vacancy.is_masked and is_open and not actor.may(Permission.UNMASK_CANDIDATES)


async def _freeze(
    tx: AsyncSession,
    db: Database,
    vacancy: VacancyRow,
    step: Step,
    target: Target,
    concerned: Sequence[Concerned],
    facts: Mapping[UUID, tuple[Candidate, Given]],
) -> list[str]:
    """Keep what the step rests on, as nothing stood against it."""
    rule_set, rows = f"{vacancy.rule_set_code}/{vacancy.rule_set_version}", []
    for one, looked_at in zip(step.people, concerned, strict=True):
        candidate, given = facts[one.talent_id]
        known = {name: value for name, value in facts_of(candidate).items() if name != "id" and value is not None}
        told = {
            "vacancy_id": vacancy.id,
            "state": step.state.value,
            "candidate_id": one.candidate_id,
            "day": step.day,
            "as_of": candidate.as_of,
            "facts": {"target": write_target(target), "candidate": known, "verified": dict(given.verified)},
            "findings": [_told(each) for each in looked_at.findings],
        }
        digest = eligibility.digest_of(rule_set=rule_set, **told)
        key = {"institution_id": vacancy.institution_id, "talent_id": one.talent_id}
        rows.append({**key, **told, "checked_at": db.now(), "digest": digest})
    await tx.execute(insert(DecisionCheckRow).values(rows))
    return [str(row["digest"]) for row in rows]


def _told(looked_at: LookedAt) -> dict[str, object]:
    """One requirement that is met, as it is kept."""
    requirement, now = looked_at.requirement, looked_at.now
    return {
        "requirement": requirement.code,
        "topic": topic_of(requirement).value,
        "label": {"id": requirement.label_id, "en": requirement.label_en},
        "found": now.detail,
        "isVerified": now.is_verified,
    }
