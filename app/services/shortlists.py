"""Shortlists: a committee proposes from a ranking, the appointing authority chooses, passing over has its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, cast
from uuid import UUID

import orjson
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import shortlists as shapes
from app.db.tables.rankings import CandidateVerificationRow, RankingCandidateRow, RankingRow, TechnicalScoreRow
from app.db.tables.shortlists import ShortlistEntryRow, ShortlistRow, VacancyDecisionRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.domain import shortlists
from app.domain import vacancies as life
from app.domain.actors import Actor, Permission
from app.domain.errors import Fault, Invalid, NotFound
from app.domain.replays import Standing
from app.domain.revisions import Expected
from app.domain.shortlists import Considered, DecidedBy, Passing, PassingReason, Proposal
from app.domain.suppression import tell
from app.domain.vacancies import State
from app.domain.vacancy_events import ShortlistProposed, VacancyDecided
from app.services import ekspose, rule_sets, vacancies
from app.services.contract import Command, Comment

MOST_PASSED_OVER = 1000
Json = dict[str, object]


class PassOver(Command):
    """Somebody who is, or can turn out to be, ranked better than somebody proposed, and why they are not proposed."""

    candidate_id: UUID = Field(strict=False)
    reason_code: PassingReason = Field(strict=False)
    reason: Comment | None = Field(None, description="In words; needed where the code is `other`.")


class ProposeShortlist(Command):
    """Whom a committee proposes, in the order of places, and whom it passes over."""

    ranking_id: UUID = Field(strict=False, description="The newest ranking of the vacancy.")
    candidates: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=100)] = Field(
        description="Opaque ids, the first place first."
    )
    passed_over: Annotated[list[PassOver], Field(max_length=MOST_PASSED_OVER)] = Field(default_factory=list)
    comment: Comment | None = None


class DecideVacancy(Command):
    """Which of those proposed is chosen; another than the first needs a reason."""

    candidate_id: UUID = Field(strict=False)
    reason_code: PassingReason | None = Field(None, strict=False)
    reason: Comment | None = Field(None, description="In words; needed where the code is `other`.")
    decided_by: DecidedBy = Field(
        DecidedBy.APPOINTING_AUTHORITY, strict=False, description="Who chose; the President decides through the PPK."
    )


# ── writes


async def propose_shortlist(
    db: Database, actor: Actor, vacancy_id: UUID, command: ProposeShortlist, *, expected: Expected | None = None
) -> None:
    """Propose people for an open vacancy from its newest ranking; their names are seen from then on.

    Refused for who is not eligible, with the requirements; for too many or too few; and where somebody who is, or can
    turn out to be, ranked better is neither proposed nor passed over with a reason.
    """
    actor.require(Permission.PROPOSE_SHORTLIST)
    async with db.write_as(actor) as tx:
        vacancy = await vacancies._hold_vacancy(tx, actor, vacancy_id, expected=expected)  # noqa: SLF001 - a service composes another's steps
        life.must_follow(State(vacancy.state), State.SHORTLISTED)
        ranking = await _newest(tx, actor, vacancy, command.ranking_id)
        rule_set = await rule_sets._rule_set(tx, ranking.rule_set_code, ranking.rule_set_version)  # noqa: SLF001
        asked = {one.code: one for one in rule_set.requirements}
        people = await _considered(tx, actor, ranking.id)
        proposal = _proposal(command)
        found = {one: somebody.considered for one, somebody in people.items()}
        requirements = [asked[code] for code in ranking.requirements]
        shortlists.must_be_sound(proposal, found, requirements, rule_set.shortlist_size)
        concerned = [one.nip for one in people.values() if one.considered.standing is not Standing.INELIGIBLE]
        shortlists.must_not_be_oneself(actor.nip, concerned)
        await _keep(tx, db, actor, vacancy, command, people)
        passings = {str(one.candidate_id): one.reason.value for one in proposal.passed_over}
        told = f"{rule_set.code}/{rule_set.version}", [str(one) for one in proposal.places], passings
        await record(tx, actor, ShortlistProposed(vacancy.id, ranking.id, *told))
        await vacancies._enter(tx, db, actor, vacancy, State.SHORTLISTED)  # noqa: SLF001


async def decide_vacancy(
    db: Database, actor: Actor, vacancy_id: UUID, command: DecideVacancy, *, expected: Expected | None = None
) -> None:
    """Choose one of those proposed. Whoever proposed them does not decide, nor does one of them.

    Of two who decide at once one is refused with `vacancy.state`, or earlier where the revision they read is another.
    """
    actor.require(Permission.DECIDE_VACANCY)
    async with db.write_as(actor) as tx:
        vacancy = await vacancies._hold_vacancy(tx, actor, vacancy_id, expected=expected)  # noqa: SLF001
        life.must_follow(State(vacancy.state), State.DECIDED)
        shortlist = await tx.get(ShortlistRow, (actor.institution_id, vacancy_id))
        if shortlist is None:
            raise NotFound("shortlist.not_found")
        shortlists.must_be_somebody_else(actor.subject, shortlist.subject)
        await _must_not_be_proposed(tx, actor, vacancy_id)
        entry = await tx.get(ShortlistEntryRow, (actor.institution_id, vacancy_id, command.candidate_id))
        if entry is None or entry.place is None:
            raise Invalid("request.invalid", faults=(Fault("decision.not_proposed", "/candidateId"),))
        shortlists.must_be_reasoned(entry.place, command.reason_code, command.reason)
        tx.add(_decision(db, actor, entry, command))
        vacancy.talent_id = entry.talent_id
        ranking = await tx.get(RankingRow, (actor.institution_id, shortlist.ranking_id))
        rule_set = "" if ranking is None else f"{ranking.rule_set_code}/{ranking.rule_set_version}"
        reason = command.reason_code and command.reason_code.value
        told = shortlist.ranking_id, rule_set, entry.place, reason, command.decided_by.value
        await tx.flush()
        await record(tx, actor, VacancyDecided(vacancy_id, entry.talent_id, *told))
        await vacancies._enter(tx, db, actor, vacancy, State.DECIDED)  # noqa: SLF001


# ── steps


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody in a ranking, and who it is."""

    considered: Considered
    talent_id: UUID
    nip: str


def _proposal(command: ProposeShortlist) -> Proposal:
    passings = [Passing(one.candidate_id, one.reason_code, one.reason) for one in command.passed_over]
    return Proposal(tuple(command.candidates), tuple(passings))


async def _newest(tx: AsyncSession, actor: Actor, vacancy: VacancyRow, ranking_id: UUID) -> RankingRow:
    """The ranking, which must be the vacancy's newest, and nothing it rests on may have been put on record since."""
    ranking = await tx.get(RankingRow, (actor.institution_id, ranking_id))
    if ranking is None or ranking.vacancy_id != vacancy.id:
        raise NotFound("ranking.not_found")
    row = RankingRow
    newest = await tx.scalar(
        select(row.id).where(row.vacancy_id == vacancy.id).order_by(row.made_at.desc(), row.id.desc()).limit(1)
    )
    words, scores = CandidateVerificationRow, TechnicalScoreRow
    latest = [
        await tx.scalar(select(func.max(words.verified_at)).where(words.vacancy_id == vacancy.id)),
        await tx.scalar(select(func.max(scores.given_at)).where(scores.vacancy_id == vacancy.id)),
    ]
    shortlists.must_be_newest(
        is_newest=newest == ranking_id,
        is_by_rules=(ranking.rule_set_code, ranking.rule_set_version)
        == (vacancy.rule_set_code, vacancy.rule_set_version),
        is_current=_is_current(ranking, vacancy.inauguration_on, latest),
    )
    return ranking


def _is_current(ranking: RankingRow, planned_on: date, latest: Sequence[datetime | None]) -> bool:
    is_on_day = ranking.target.get("on") == planned_on.isoformat()
    return is_on_day and all(one is None or one <= ranking.made_at for one in latest)


async def _considered(tx: AsyncSession, actor: Actor, ranking_id: UUID) -> Mapping[UUID, Somebody]:
    """Everybody in a ranking."""
    row = RankingCandidateRow
    found = await tx.execute(
        select(row, TalentRow.nip)
        .join(TalentRow, (TalentRow.institution_id == row.institution_id) & (TalentRow.id == row.talent_id))
        .where(row.institution_id == actor.institution_id, row.ranking_id == ranking_id)
    )
    return {one.candidate_id: Somebody(_found(one), one.talent_id, nip) for one, nip in found}


def _found(row: RankingCandidateRow) -> Considered:
    return Considered(
        candidate_id=row.candidate_id,
        standing=Standing(row.outcome),
        position=row.position,
        lowest=row.lowest,
        highest=row.highest,
        verdicts=tuple(row.verdicts),
    )


async def _keep(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    vacancy: VacancyRow,
    command: ProposeShortlist,
    people: Mapping[UUID, Somebody],
) -> None:
    shortlist = ShortlistRow(
        institution_id=actor.institution_id,
        vacancy_id=vacancy.id,
        ranking_id=command.ranking_id,
        proposed_at=db.now(),
        subject=actor.subject,
        role=actor.role.value,
        comment=command.comment,
    )
    tx.add(shortlist)
    await tx.flush()
    places = dict(zip(command.candidates, range(1, len(command.candidates) + 1), strict=True))
    reasons = {one.candidate_id: one for one in command.passed_over}
    for candidate_id in (*places, *reasons):
        somebody, passing = people[candidate_id], reasons.get(candidate_id)
        tx.add(
            ShortlistEntryRow(
                institution_id=actor.institution_id,
                vacancy_id=vacancy.id,
                candidate_id=candidate_id,
                talent_id=somebody.talent_id,
                position=somebody.considered.position,
                place=places.get(candidate_id),
                reason_code=passing and passing.reason_code.value,
                reason=passing and passing.reason,
            )
        )
    await tx.flush()


def _decision(db: Database, actor: Actor, entry: ShortlistEntryRow, command: DecideVacancy) -> VacancyDecisionRow:
    return VacancyDecisionRow(
        institution_id=actor.institution_id,
        vacancy_id=entry.vacancy_id,
        talent_id=entry.talent_id,
        place=entry.place,
        reason_code=command.reason_code and command.reason_code.value,
        reason=command.reason,
        decided_by=command.decided_by.value,
        decided_at=db.now(),
        subject=actor.subject,
        role=actor.role.value,
    )


async def _must_not_be_proposed(tx: AsyncSession, actor: Actor, vacancy_id: UUID) -> None:
    row = ShortlistEntryRow
    nips = await tx.scalars(
        select(TalentRow.nip)
        .join(row, (row.institution_id == TalentRow.institution_id) & (row.talent_id == TalentRow.id))
        .where(row.vacancy_id == vacancy_id)
    )
    shortlists.must_not_be_oneself(actor.nip, list(nips))


# ── reads


async def shortlist_document(db: Database, actor: Actor, vacancy_id: UUID, wanted: Selection | None = None) -> Document:
    """Who was proposed for a vacancy, who was passed over and why, and who was chosen."""
    actor.require(Permission.READ_CANDIDATES)
    document = await db.document_as(actor, shapes.SHORTLIST, wanted, vacancy_id=vacancy_id)
    if document is None:
        raise NotFound("shortlist.not_found")
    return document


async def passing_reasons_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """How often which reason was given for passing over somebody, by committees and by the appointing authority.

    Counts of one to four are null, and so are those that would give them away, which is why the domain looks at the few
    counts before they are sent.
    """
    actor.require(Permission.READ_CANDIDATES)
    document = await db.document_as(actor, shapes.PASSING_REASONS)
    if document is None:
        raise NotFound("institution.not_found")
    counts = cast("Json", orjson.loads(document))
    await asyncio.to_thread(_withhold, counts)
    fields = shapes.PASSING_REASONS.fields
    return orjson.dumps(ekspose._chosen(counts, shapes.PASSING_REASONS.type, fields, wanted))  # noqa: SLF001


def _withhold(counts: Json) -> None:
    rows = cast("Sequence[Json]", counts["reasons"])
    told = tell([[cast("int", row[name]) for name in BY] for row in rows])
    for row, cells in zip(rows, told.cells, strict=True):
        row |= dict(zip(BY, cells, strict=True))


BY = ("byCommittee", "byAuthority")
