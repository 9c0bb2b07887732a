"""Vacancies: drafted with a committed seed, opened under a rule set, recommended, decreed, inaugurated or cancelled."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import LEGAL_TIME, Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.shapes import vacancies as shapes
from app.db.tables.posts import PostRow
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.shortlists import ShortlistEntryRow, ShortlistRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow, VacancyStepRow
from app.domain import shortlists, vacancies
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, NotFound
from app.domain.messages import sentence
from app.domain.ranking import SEED_BYTES
from app.domain.replays import Standing
from app.domain.revisions import Expected, must_be_unchanged
from app.domain.rule_sets import RuleSet
from app.domain.vacancies import CancellationReason, State
from app.domain.vacancy_events import TalentInaugurated, VacancyAdvanced, VacancyDrafted, VacancyEdited
from app.services import eligibility, freeze_periods, rule_sets, seats
from app.services.contract import Command, Comment, StorableText, must_say_something, named_cursor, page_size
from app.services.cycles import Day
from app.services.eligibility import Step, Subject
from app.services.rule_sets import RuleSetVersion

Number = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(must_say_something)
]


class DraftVacancy(Command):
    """Write down that a seat of a post is, or will be, empty."""

    post_id: UUID = Field(strict=False)
    vacant_from: Day = Field(description="The first day without a holder.")
    inauguration_on: Day = Field(description="The planned day; ages and times are counted on it.")
    is_masked: bool = Field(
        default=True, description="Whether candidates are seen without a name until some are proposed."
    )
    rule_set: RuleSetVersion | None = Field(None, description="By what to rank; the level's own unless told.")


class EditVacancy(Command):
    """Change parts of a vacancy; what is not given stays."""

    vacant_from: Day | None = None
    inauguration_on: Day | None = None
    is_masked: bool | None = None
    rule_set: RuleSetVersion | None = None


class RecordRecommendation(Command):
    """What BKN recommended, by the number and the day of its letter."""

    number: Number
    recommended_on: Day


class RecordDecree(Command):
    """The decree of the appointing authority, and the Minister's permit where a freeze asks for one."""

    number: Number
    decreed_on: Day
    effective_on: Day = Field(description="The day from which the talent holds the post (TMT).")
    permit_number: Number | None = None


class InaugurateTalent(Command):
    """Put somebody in the seat; a permit is asked for where a freeze was put on record after the decree."""

    permit_number: Number | None = None


class CancelVacancy(Command):
    """Give a vacancy up; those who were found eligible, or proposed, read why."""

    reason_code: CancellationReason = Field(CancellationReason.OTHER, strict=False)
    reason: Comment


class VacancyFilter(Command):
    """Which vacancies to list; what is not given does not restrict."""

    state: State | None = Field(None, strict=False)
    level: PositionLevel | None = Field(None, strict=False)
    unit: StorableText | None = None
    q: Annotated[StorableText, Field(min_length=1, max_length=200)] | None = None


# ── writes


async def draft_vacancy(db: Database, actor: Actor, command: DraftVacancy) -> UUID:
    """Draft a vacancy of a post; its seed is drawn now, and its SHA-256 is public from now on.

    Refused unless a seat of the post is empty, or foreseeably empty by then, beyond the vacancies that run already.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    _must_be_possible(command.vacant_from, command.inauguration_on, db.today())
    vacancy_id, seed = uuid4(), secrets.token_bytes(SEED_BYTES)
    async with db.write_as(actor) as tx:
        post = await seats._hold_post(tx, actor, command.post_id)  # noqa: SLF001 - a service composes another's steps
        if command.rule_set is not None:
            await _rule_set_of_post(tx, post, command.rule_set.code, command.rule_set.version)
        row = VacancyRow(
            institution_id=actor.institution_id,
            id=vacancy_id,
            post_id=post.id,
            state=State.DRAFT.value,
            foreseeable_from=await seats._foreseeable_from(tx, post, db.today(), command.vacant_from),  # noqa: SLF001
            vacant_from=command.vacant_from,
            inauguration_on=command.inauguration_on,
            rule_set_code=command.rule_set and command.rule_set.code,
            rule_set_version=command.rule_set and command.rule_set.version,
            seed=seed,
            seed_commitment=sha256(seed).hexdigest(),
            is_masked=command.is_masked,
        )
        tx.add(row)
        await tx.flush()
        await _note_step(tx, db, actor, vacancy_id, State.DRAFT)
        await record(tx, actor, VacancyDrafted(vacancy_id, post.id, row.seed_commitment))
    return vacancy_id


async def edit_vacancy(
    db: Database, actor: Actor, vacancy_id: UUID, command: EditVacancy, *, expected: Expected | None = None
) -> None:
    """Change parts of a vacancy. Refused for what is settled by now: all but the planned day once it is open."""
    actor.require(Permission.MANAGE_VACANCIES)
    async with db.write_as(actor) as tx:
        vacancy = await _hold_vacancy(tx, actor, vacancy_id, expected=expected)
        changed = command.model_dump(exclude_none=True)
        vacancies.must_be_editable(State(vacancy.state), changed)
        _must_be_possible(
            command.vacant_from or vacancy.vacant_from,
            command.inauguration_on or vacancy.inauguration_on,
            db.today(),
        )
        post = await seats._hold_post(tx, actor, vacancy.post_id)  # noqa: SLF001
        if command.rule_set is not None:
            await _rule_set_of_post(tx, post, command.rule_set.code, command.rule_set.version)
            chosen = {f"rule_set_{name}": value for name, value in changed.pop("rule_set").items()}
            changed |= chosen
        if command.vacant_from is not None:
            changed["foreseeable_from"] = await seats._foreseeable_from(  # noqa: SLF001
                tx, post, db.today(), command.vacant_from, but=vacancy_id
            )
        before = {name: getattr(vacancy, name) for name, value in changed.items() if getattr(vacancy, name) != value}
        for name in before:
            setattr(vacancy, name, changed[name])
        if before:
            await record(
                tx, actor, VacancyEdited(vacancy_id, _told(before), _told({name: changed[name] for name in before}))
            )


def _told(values: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


async def open_vacancy(db: Database, actor: Actor, vacancy_id: UUID, *, expected: Expected | None = None) -> None:
    """Open a draft: the version of the rule set is settled, the one chosen or the level's own."""
    actor.require(Permission.MANAGE_VACANCIES)
    async with db.write_as(actor) as tx:
        vacancy = await _hold_vacancy(tx, actor, vacancy_id, expected=expected)
        vacancies.must_follow(State(vacancy.state), State.OPEN)
        post = await seats._hold_post(tx, actor, vacancy.post_id)  # noqa: SLF001
        rule_set = await _rule_set_of_post(tx, post, vacancy.rule_set_code, vacancy.rule_set_version)
        vacancy.rule_set_code, vacancy.rule_set_version = rule_set.code, rule_set.version
        await _enter(tx, db, actor, vacancy, State.OPEN)


async def record_recommendation(
    db: Database, actor: Actor, vacancy_id: UUID, command: RecordRecommendation, *, expected: Expected | None = None
) -> None:
    """Put BKN's recommendation on record. Refused before the decision, and for a day before the shortlist."""
    actor.require(Permission.MANAGE_VACANCIES)
    async with db.write_as(actor) as tx:
        vacancy = await _hold_vacancy(tx, actor, vacancy_id, expected=expected)
        vacancies.must_follow(State(vacancy.state), State.RECOMMENDED)
        await _chosen_by_others(tx, actor, vacancy)
        vacancies.must_not_be_ahead("recommendedOn", command.recommended_on, db.today())
        shortlisted_on = await _entered_on(tx, vacancy_id, State.SHORTLISTED)
        vacancies.must_be_in_order({"shortlisted": shortlisted_on, "recommendedOn": command.recommended_on})
        vacancy.recommendation_number, vacancy.recommended_on = command.number, command.recommended_on
        await _enter(tx, db, actor, vacancy, State.RECOMMENDED)


async def record_decree(
    db: Database, actor: Actor, vacancy_id: UUID, command: RecordDecree, *, expected: Expected | None = None
) -> None:
    """Put the decree on record. Refused in a freeze, on its own day or the day it takes effect, without a permit.

    Also refused where who was chosen does not meet every requirement on the day it takes effect.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    async with db.write_as(actor) as tx:
        vacancy = await _hold_vacancy(tx, actor, vacancy_id, expected=expected)
        vacancies.must_follow(State(vacancy.state), State.DECREED)
        vacancies.must_not_be_ahead("decreedOn", command.decreed_on, db.today())
        vacancies.must_be_in_order(
            {
                "recommendedOn": vacancy.recommended_on,
                "decreedOn": command.decreed_on,
                "effectiveOn": command.effective_on,
            }
        )
        vacancies.must_be_in_order({"vacantFrom": vacancy.vacant_from, "effectiveOn": command.effective_on})
        await _must_not_be_frozen(tx, [command.effective_on, command.decreed_on], command.permit_number)
        checks = await _look_again(tx, db, actor, vacancy, State.DECREED, command.effective_on)
        vacancy.decree_number, vacancy.decreed_on = command.number, command.decreed_on
        vacancy.effective_on, vacancy.permit_number = command.effective_on, command.permit_number
        await _enter(tx, db, actor, vacancy, State.DECREED, checks)


async def inaugurate_talent(
    db: Database, actor: Actor, vacancy_id: UUID, command: InaugurateTalent, *, expected: Expected | None = None
) -> None:
    """Put who was chosen in the seat, on or after the day the decree takes effect, and free the seat held before.

    The registry of posts says so at once, and so do the facts that the person is ranked by: in this post since then.
    Their own record stays what SIASN says until the next import of Data ASN, and so does the box. Refused where a
    freeze covers the day of the decree, the day it takes effect or today, unless a permit was given; also where it
    was put on record after the decree. Refused as well
    where who was chosen does not meet every requirement today, or has taken over another seat since.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    async with db.write_as(actor) as tx:
        vacancy = await _hold_vacancy(tx, actor, vacancy_id, expected=expected)
        vacancies.must_follow(State(vacancy.state), State.EFFECTIVE)
        today, effective_on, talent_id = db.today(), vacancy.effective_on, vacancy.talent_id
        if effective_on is None or talent_id is None:
            raise Conflict("vacancy.nobody_chosen")
        vacancies.must_have_begun(effective_on, today)
        vacancy.permit_number = vacancy.permit_number or command.permit_number
        days = [effective_on, today, *([vacancy.decreed_on] if vacancy.decreed_on else [])]
        await _must_not_be_frozen(tx, days, vacancy.permit_number)
        checks = await _look_again(tx, db, actor, vacancy, State.EFFECTIVE, today)
        left = await seats._take(tx, actor, vacancy.post_id, talent_id, vacancy_id, effective_on)  # noqa: SLF001
        told = effective_on.isoformat(), vacancy.permit_number
        event = TalentInaugurated(vacancy_id, talent_id, left, vacancy.post_id, *told)
        await record(tx, actor, event)
        await _enter(tx, db, actor, vacancy, State.EFFECTIVE, checks)


async def cancel_vacancy(
    db: Database, actor: Actor, vacancy_id: UUID, command: CancelVacancy, *, expected: Expected | None = None
) -> None:
    """Give a vacancy up, from any state but the last, and say why; its seat may have another one.

    Refused with `vacancy.seat_taken` after a decree where somebody has taken over the seat of who would stay in it.
    """
    actor.require(Permission.MANAGE_VACANCIES)
    async with db.write_as(actor) as tx:
        vacancy = await _hold_vacancy(tx, actor, vacancy_id, expected=expected)
        await _must_not_be_a_candidate(tx, actor, vacancy_id)
        if State(vacancy.state) is State.DECREED and vacancy.talent_id and vacancy.decreed_on:
            await seats._must_have_kept_seat(tx, actor, vacancy.talent_id, vacancy.decreed_on)  # noqa: SLF001
        vacancy.cancellation_code, vacancy.cancelled_because = command.reason_code.value, command.reason
        await _enter(tx, db, actor, vacancy, State.CANCELLED)


def _must_be_possible(vacant_from: date, inauguration_on: date, today: date) -> None:
    vacancies.must_be_recent("vacantFrom", vacant_from, today)
    vacancies.must_be_in_order({"vacantFrom": vacant_from, "inaugurationOn": inauguration_on})


async def _rule_set_of_post(tx: AsyncSession, post: PostRow, code: str | None, version: int | None) -> RuleSet:
    """The version chosen, which has to exist and be for the post's level; the level's own where none is."""
    level = PositionLevel(post.level)
    if code is None or version is None:
        if (own := await rule_sets._default_rule_set(tx, level)) is None:  # noqa: SLF001
            raise Conflict("vacancy.no_rule_set", level=sentence(f"label.level.{level.value}"))
        return own
    chosen = await rule_sets._rule_set(tx, code, version)  # noqa: SLF001
    if chosen.level is not level:
        words = [sentence(f"label.level.{one.value}") for one in (chosen.level, level)]
        raise Conflict("vacancy.other_level", rule_set=f"{code}/{version}", level=words[0], needed=words[1])
    return chosen


async def _must_not_be_frozen(tx: AsyncSession, days: list[date], permit_number: str | None) -> None:
    vacancies.must_not_be_frozen(days, await freeze_periods._freezes_on(tx, days), permit_number)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who was chosen, and the ranking that the shortlist was made from."""

    subject: Subject
    ranking_id: UUID


async def _chosen_by_others(tx: AsyncSession, actor: Actor, vacancy: VacancyRow) -> Chosen:
    """Whom the appointing authority chose. Nobody takes a step about themselves: `shortlist.oneself`."""
    entry = ShortlistEntryRow
    chosen = (
        select(entry.candidate_id, entry.talent_id, ShortlistRow.ranking_id, TalentRow.nip)
        .join(
            ShortlistRow,
            (ShortlistRow.institution_id == entry.institution_id) & (ShortlistRow.vacancy_id == vacancy.id),
        )
        .join(TalentRow, (TalentRow.institution_id == entry.institution_id) & (TalentRow.id == entry.talent_id))
        .where(entry.vacancy_id == vacancy.id, entry.talent_id == vacancy.talent_id)
    )
    found = (await tx.execute(chosen)).one_or_none()
    if found is None:
        raise Conflict("vacancy.nobody_chosen")
    shortlists.must_not_be_oneself(actor.nip, [found.nip])
    return Chosen(Subject(found.candidate_id, found.talent_id, ""), found.ranking_id)


async def _look_again(
    tx: AsyncSession, db: Database, actor: Actor, vacancy: VacancyRow, state: State, day: date
) -> list[str]:
    """Who was chosen, put to the requirements once more before the step into a state; the digests of what was found."""
    chosen = await _chosen_by_others(tx, actor, vacancy)
    step = Step(state, day, chosen.ranking_id, [chosen.subject])
    return await eligibility._must_still_be_eligible(tx, db, actor, vacancy, step)  # noqa: SLF001


async def _must_not_be_a_candidate(tx: AsyncSession, actor: Actor, vacancy_id: UUID) -> None:
    """Refused with `shortlist.oneself` for who is, or can turn out to be, eligible by the vacancy's newest ranking."""
    found, run = RankingCandidateRow, RankingRow
    newest = select(run.id).where(run.vacancy_id == vacancy_id).order_by(run.made_at.desc(), run.id.desc()).limit(1)
    nips = (
        select(TalentRow.nip)
        .join(found, (found.institution_id == TalentRow.institution_id) & (found.talent_id == TalentRow.id))
        .where(
            TalentRow.nip == actor.nip,
            found.ranking_id == newest.scalar_subquery(),
            found.outcome != Standing.INELIGIBLE.value,
        )
    )
    shortlists.must_not_be_oneself(actor.nip, list(await tx.scalars(nips)))


async def _hold_vacancy(
    tx: AsyncSession, actor: Actor, vacancy_id: UUID, *, expected: Expected | None = None
) -> VacancyRow:
    """The vacancy, which nobody else changes or moves on meanwhile. Waits only shortly: then `vacancy.busy`."""
    async with waiting_shortly(tx, "vacancy.busy"):
        vacancy = await tx.get(VacancyRow, (actor.institution_id, vacancy_id), with_for_update=True)
    if vacancy is None:
        raise NotFound("vacancy.not_found")
    must_be_unchanged(expected, vacancy.revision)
    return vacancy


async def _enter(
    tx: AsyncSession, db: Database, actor: Actor, vacancy: VacancyRow, state: State, checks: Sequence[str] = ()
) -> None:
    """Move a held vacancy into a state that follows on its own, with the step and its entry in the ledger.

    `checks` are the digests of what was looked at once more.
    """
    before = State(vacancy.state)
    vacancies.must_follow(before, state)
    vacancy.state = state.value
    await _note_step(tx, db, actor, vacancy.id, state)
    if state in (State.DECIDED, State.CANCELLED) and vacancy.talent_id is not None:
        await seats._note_leaving(tx, actor, vacancy.talent_id, db.today())  # noqa: SLF001
    rule_set = None if vacancy.rule_set_code is None else f"{vacancy.rule_set_code}/{vacancy.rule_set_version}"
    await record(tx, actor, VacancyAdvanced(vacancy.id, before.value, state.value, rule_set, [*checks]))


async def _note_step(tx: AsyncSession, db: Database, actor: Actor, vacancy_id: UUID, state: State) -> None:
    await tx.execute(
        insert(VacancyStepRow).values(
            institution_id=actor.institution_id,
            vacancy_id=vacancy_id,
            state=state.value,
            entered_at=db.now(),
            role=actor.role.value,
            subject=actor.subject,
        )
    )


async def _entered_on(tx: AsyncSession, vacancy_id: UUID, state: State) -> date | None:
    """The legal day on which a vacancy entered a state; None where it has not."""
    row = VacancyStepRow
    entered = await tx.scalar(select(row.entered_at).where(row.vacancy_id == vacancy_id, row.state == state.value))
    return None if entered is None else entered.astimezone(LEGAL_TIME).date()


# ── reads


async def vacancy_document(db: Database, actor: Actor, vacancy_id: UUID, wanted: Selection | None = None) -> Document:
    """One vacancy: its post, its days, the steps taken and the next one, and the freezes that touch it.

    Drafts and what was cancelled are seen by those who read posts; others see what is, or was, open.
    """
    actor.require(Permission.READ_VACANCIES)
    document = await db.document_as(actor, shapes.VACANCY, wanted, id=vacancy_id, **_reach(actor))
    if document is None:
        raise NotFound("vacancy.not_found")
    return document


async def vacancies_page(
    db: Database,
    actor: Actor,
    chosen: VacancyFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The vacancies of the institution, those foreseeable last first; drafts for those who read posts."""
    actor.require(Permission.READ_VACANCIES)
    conditions = (chosen or VacancyFilter()).model_dump(exclude_none=True) | _reach(actor)
    return await db.page_as(actor, shapes.VACANCIES, wanted, page_size(first), named_cursor(after), **conditions)


def _reach(actor: Actor) -> dict[str, bool]:
    return {} if actor.may(Permission.READ_POSTS) else {"announced": True}
