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
from sqlalchemy import and_, case, func, insert, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.frozen_facts import write_target
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.shapes import shortlists as shapes
from app.db.shapes.scopes import is_restricted
from app.db.tables.institutions import InstitutionRow
from app.db.tables.rankings import (
    CandidateVerificationRow,
    RankingCandidateRow,
    RankingRow,
    TechnicalScoreRow,
)
from app.db.tables.shortlists import PassedOverGroupRow, ShortlistEntryRow, ShortlistRow, VacancyDecisionRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.domain import masks, shortlists
from app.domain import vacancies as life
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.replays import Standing
from app.domain.revisions import Expected
from app.domain.rule_sets import RuleSet
from app.domain.shortlists import Considered, DecidedBy, Group, Passing, PassingReason, PassingTogether, Proposal
from app.domain.suppression import tell
from app.domain.vacancies import State
from app.domain.vacancy_events import ShortlistProposed, VacancyDecided
from app.services import ekspose, eligibility, rankings, vacancies, verifications
from app.services.contract import Command, Comment
from app.services.eligibility import Step, Subject

MOST_PASSED_OVER = 1000
"""Of those who have a reason of their own; for groups there is one reason for all."""
Json = dict[str, object]


class PassOver(Command):
    """Somebody who is, or can turn out to be, ranked better than somebody proposed, and why they are not proposed."""

    candidate_id: UUID = Field(strict=False)
    reason_code: PassingReason = Field(strict=False)
    reason: Comment | None = Field(None, description="In words; needed where the code is `other`.")


class PassOverTogether(Command):
    """One reason for all of a group who are, or can turn out to be, ranked better and have no reason of their own."""

    who: Group = Field(strict=False)
    reason_code: PassingReason = Field(strict=False)
    reason: Comment | None = Field(None, description="In words; needed where the code is `other`.")


class ProposeShortlist(Command):
    """Whom a committee proposes, in the order of places, and whom it passes over."""

    ranking_id: UUID = Field(strict=False, description="The newest ranking of the vacancy.")
    candidates: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=100)] = Field(
        description="Opaque ids, the first place first."
    )
    passed_over: Annotated[list[PassOver], Field(max_length=MOST_PASSED_OVER)] = Field(default_factory=list)
    passed_over_together: Annotated[list[PassOverTogether], Field(max_length=len(Group))] = Field(
        default_factory=list, description="Those still to be verified, and those whose points are unknown."
    )
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

    Refused for who is not eligible, then or now, with the requirements; for too many or too few; and where somebody who
    is, or can turn out to be, ranked better is neither proposed nor passed over with a reason.
    """
    actor.require(Permission.PROPOSE_SHORTLIST)
    async with db.write_as(actor) as tx:
        vacancy = await vacancies._hold_vacancy(tx, actor, vacancy_id, expected=expected)  # noqa: SLF001 - a service composes another's steps
        life.must_follow(State(vacancy.state), State.SHORTLISTED)
        await _must_not_have_seen_names(tx, actor, vacancy)
        await vacancies._must_not_be_a_candidate(tx, actor, vacancy_id)  # noqa: SLF001
        ranking, rule_set = await _newest(tx, actor, vacancy, command.ranking_id)
        asked = {one.code: one for one in rule_set.requirements}
        proposal = _proposal(command)
        people = await _considered(tx, actor, ranking.id, proposal)
        found = {one: somebody.considered for one, somebody in people.items()}
        requirements = [asked[code] for code in ranking.requirements]
        groups = shortlists.must_be_sound(proposal, found, requirements, rule_set.shortlist_size)
        subjects = [
            Subject(one, people[one].talent_id, f"/candidates/{place}") for place, one in enumerate(proposal.places)
        ]
        day = max(vacancy.inauguration_on, db.today())
        step = Step(State.SHORTLISTED, day, ranking.id, subjects)
        checks = await eligibility._must_still_be_eligible(tx, db, actor, vacancy, step)  # noqa: SLF001
        await _keep(tx, db, actor, command, vacancy_id, people, groups)
        await record(tx, actor, _proposed(vacancy_id, ranking, proposal))
        await vacancies._enter(tx, db, actor, vacancy, State.SHORTLISTED, checks)  # noqa: SLF001


async def decide_vacancy(
    db: Database, actor: Actor, vacancy_id: UUID, command: DecideVacancy, *, expected: Expected | None = None
) -> None:
    """Choose one of those proposed. Whoever proposed them does not decide, nor does one of them.

    Refused for who is not eligible any more, with the requirements, and for who has been chosen for another vacancy. Of
    two who decide at once one is refused with `vacancy.state`, or earlier where the revision they read is another.
    """
    actor.require(Permission.DECIDE_VACANCY)
    async with db.write_as(actor) as tx:
        vacancy = await vacancies._hold_vacancy(tx, actor, vacancy_id, expected=expected)  # noqa: SLF001
        life.must_follow(State(vacancy.state), State.DECIDED)
        await _must_not_have_seen_names(tx, actor, vacancy)
        shortlist = await tx.get(ShortlistRow, (actor.institution_id, vacancy_id))
        if shortlist is None:
            raise NotFound("shortlist.not_found")
        shortlists.must_be_somebody_else(actor.subject, shortlist.subject)
        await _must_not_be_proposed(tx, actor, vacancy_id)
        entry = await tx.get(ShortlistEntryRow, (actor.institution_id, vacancy_id, command.candidate_id))
        if entry is None or entry.place is None:
            refuse(Fault("decision.not_proposed", "/candidateId"))
        shortlists.must_be_reasoned(entry.place, command.reason_code, command.reason)
        await _must_be_free(tx, actor, entry.talent_id)
        subject = Subject(entry.candidate_id, entry.talent_id, "/candidateId")
        step = Step(State.DECIDED, max(vacancy.inauguration_on, db.today()), shortlist.ranking_id, [subject])
        checks = await eligibility._must_still_be_eligible(tx, db, actor, vacancy, step)  # noqa: SLF001
        tx.add(_decision(db, actor, entry, command))
        vacancy.talent_id = entry.talent_id
        await tx.flush()
        await record(tx, actor, _decided(vacancy, shortlist.ranking_id, entry, command))
        await vacancies._enter(tx, db, actor, vacancy, State.DECIDED, checks)  # noqa: SLF001


# ── steps of a proposal


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody in a ranking, and who it is."""

    considered: Considered
    talent_id: UUID


def _proposal(command: ProposeShortlist) -> Proposal:
    passings = [Passing(one.candidate_id, one.reason_code, one.reason) for one in command.passed_over]
    together = [PassingTogether(one.who, one.reason_code, one.reason) for one in command.passed_over_together]
    return Proposal(tuple(command.candidates), tuple(passings), tuple(together))


async def _newest(tx: AsyncSession, actor: Actor, vacancy: VacancyRow, ranking_id: UUID) -> tuple[RankingRow, RuleSet]:
    """The ranking, which must be the vacancy's newest and say what another one would ask, and its rule set.

    Refused with `shortlist.outdated` where something it rests on was put on record since, and with
    `ranking.out_of_date` where the post, its standard, programmes or the map are others by now.
    """
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
    asked = await rankings._asked(tx, actor, vacancy)  # noqa: SLF001
    terms = await rankings._terms(tx, vacancy, asked)  # noqa: SLF001
    as_of = await tx.scalar(select(InstitutionRow.as_of).where(InstitutionRow.id == actor.institution_id))
    shortlists.must_ask_the_same(
        is_same_post=ranking.target == write_target(terms.target)
        and ranking.criteria == [one.code for one in terms.criteria],
        is_same_map=ranking.as_of == as_of,
    )
    return ranking, asked.rule_set


def _is_current(ranking: RankingRow, planned_on: date, latest: Sequence[datetime | None]) -> bool:
    is_on_day = ranking.target.get("on") == planned_on.isoformat()
    return is_on_day and all(one is None or one <= ranking.made_at for one in latest)


async def _considered(tx: AsyncSession, actor: Actor, ranking_id: UUID, proposal: Proposal) -> Mapping[UUID, Somebody]:
    """All who are considered in a ranking, but of the ineligible and the restricted only those who are proposed.

    The domain goes through them, as many as there are, because it says who is owed a reason; what is loaded of each is
    little, and the verdicts are loaded of those proposed alone.
    """
    row = RankingCandidateRow
    is_proposed = row.candidate_id.in_(proposal.places)
    found = await tx.execute(
        select(
            row.candidate_id,
            row.talent_id,
            row.outcome,
            row.position,
            row.lowest,
            row.highest,
            case((is_proposed, row.verdicts)).label("verdicts"),
        )
        .join(TalentRow, (TalentRow.institution_id == row.institution_id) & (TalentRow.id == row.talent_id))
        .where(
            row.institution_id == actor.institution_id,
            row.ranking_id == ranking_id,
            or_(and_(row.outcome != Standing.INELIGIBLE.value, not_(is_restricted)), is_proposed),
        )
    )
    people: dict[UUID, Somebody] = {}
    for candidate_id, talent_id, outcome, position, lowest, highest, verdicts in found:
        considered = Considered(
            candidate_id=candidate_id,
            standing=Standing(outcome),
            position=position,
            lowest=lowest,
            highest=highest,
            verdicts=tuple(verdicts or ()),
        )
        people[candidate_id] = Somebody(considered, talent_id)
    return people


async def _keep(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    command: ProposeShortlist,
    vacancy_id: UUID,
    people: Mapping[UUID, Somebody],
    groups: Mapping[Group, int],
) -> None:
    key = {"institution_id": actor.institution_id, "vacancy_id": vacancy_id}
    by = {"proposed_at": db.now(), "subject": actor.subject, "role": actor.role.value}
    await tx.execute(insert(ShortlistRow).values(**key, **by, ranking_id=command.ranking_id, comment=command.comment))
    places = dict(zip(command.candidates, range(1, len(command.candidates) + 1), strict=True))
    reasons = {one.candidate_id: one for one in command.passed_over}
    entries = [
        {
            **key,
            "candidate_id": one,
            "talent_id": people[one].talent_id,
            "position": people[one].considered.position,
            "place": places.get(one),
            "reason_code": passing and passing.reason_code.value,
            "reason": passing and passing.reason,
        }
        for one, passing in ((one, reasons.get(one)) for one in (*places, *reasons))
    ]
    await tx.execute(insert(ShortlistEntryRow), entries)
    together = [
        {**key, "who": one.who.value, "people": groups[one.who], "reason_code": one.reason_code, "reason": one.reason}
        for one in command.passed_over_together
    ]
    if together:
        await tx.execute(insert(PassedOverGroupRow), together)


def _proposed(vacancy_id: UUID, ranking: RankingRow, proposal: Proposal) -> ShortlistProposed:
    return ShortlistProposed(
        vacancy_id=vacancy_id,
        ranking_id=ranking.id,
        rule_set=f"{ranking.rule_set_code}/{ranking.rule_set_version}",
        candidates=[str(one) for one in proposal.places],
        passed_over=[str(one.candidate_id) for one in proposal.passed_over],
        passed_over_together=[one.group.value for one in proposal.together],
    )


# ── steps of a decision


async def _must_be_free(tx: AsyncSession, actor: Actor, talent_id: UUID) -> None:
    """Refused with `vacancy.already_chosen` for who is about to take over another seat; of two at once one waits."""
    async with waiting_shortly(tx, "institution.busy"):
        await tx.get(TalentRow, (actor.institution_id, talent_id), with_for_update={"key_share": True})
    row = VacancyRow
    chosen = select(row.id).where(row.talent_id == talent_id, row.state.in_(life.CHOSEN)).limit(1)
    if await tx.scalar(chosen) is not None:
        raise Conflict("vacancy.already_chosen")


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


def _decided(vacancy: VacancyRow, ranking_id: UUID, entry: ShortlistEntryRow, command: DecideVacancy) -> VacancyDecided:
    return VacancyDecided(
        vacancy_id=vacancy.id,
        talent_id=entry.talent_id,
        ranking_id=ranking_id,
        rule_set=f"{vacancy.rule_set_code}/{vacancy.rule_set_version}",
        place=entry.place or 0,
        decided_by=command.decided_by.value,
    )


async def _must_not_have_seen_names(tx: AsyncSession, actor: Actor, vacancy: VacancyRow) -> None:
    hands = await verifications._who_had_a_hand(tx, vacancy.id)  # noqa: SLF001
    is_masked = vacancy.is_masked and State(vacancy.state) is State.OPEN
    may_unmask = actor.may(Permission.UNMASK_CANDIDATES)
    masks.must_not_have_seen_names(actor.subject, hands, is_masked=is_masked, may_unmask=may_unmask)


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
