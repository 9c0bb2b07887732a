"""Mobility campaigns: laid down with a committed lottery, announced, moved on step by step, closed or cancelled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.mobility_locks import campaign_moves
from app.db.mobility_withdrawals import assess_everybody
from app.db.shapes import mobility_campaigns as shapes
from app.db.tables.mobility import (
    MobilityCampaignRow,
    MobilityCampaignStepRow,
    MobilityCellRow,
    MobilityOfferRow,
    MobilitySecretRow,
)
from app.db.tables.mobility_cases import MobilityCaseRow
from app.db.tables.vacancies import PriorityProgrammeRow
from app.domain import mobility_campaign_rules as rules
from app.domain import mobility_campaigns as domain
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.government_affairs import AFFAIRS
from app.domain.messages import day_in_words
from app.domain.mobility_campaign_rules import HIGHEST_URGENCY, Calendar, Rules, Urgency
from app.domain.mobility_campaigns import ONLY_LATER, State
from app.domain.mobility_cases import RUNNING
from app.domain.mobility_events import (
    MobilityCampaignAdvanced,
    MobilityCampaignDiscarded,
    MobilityCampaignDrafted,
    MobilityCampaignEdited,
)
from app.domain.mobility_lottery import commitment_to
from app.domain.provinces import PROVINCES
from app.domain.ranking import SEED_BYTES
from app.domain.revisions import Expected, must_be_unchanged
from app.domain.rule_set_document import MOST_REQUIREMENTS
from app.services import mobility_formulas, mobility_organisers, programmes
from app.services.contract import Command, Comment, StorableText, named_cursor, page_size
from app.services.cycles import Day, Name
from app.services.standing import Province

Level = Annotated[PositionLevel, Field(strict=False)]
Levels = Annotated[list[Level], Field(min_length=1, max_length=len(PositionLevel))]
Affairs = Annotated[list[StorableText], Field(max_length=len(AFFAIRS))]
Provinces = Annotated[list[Province], Field(max_length=len(PROVINCES))]
Requirements = Annotated[list[dict[str, object]], Field(max_length=MOST_REQUIREMENTS)]
MOST_PROGRAMMES = 50
LOTTERY_SOURCE = "Where the public value will come from and when, such as the results of a state lottery on a day."


class MobilityFormulaVersion(Command):
    """A version of a points formula of the organiser."""

    code: str = Field(max_length=100)
    version: int


class ProgrammeUrgency(Command):
    """How urgent posts are that a priority programme of the organiser favours."""

    programme: Annotated[StorableText, Field(max_length=60)]
    urgency: Annotated[int, Field(ge=1, le=HIGHEST_URGENCY)] = Field(description="1 is the most urgent class.")


Urgencies = Annotated[list[ProgrammeUrgency], Field(max_length=MOST_PROGRAMMES)]


class DraftMobilityCampaign(Command):
    """Lay a campaign down; others see it once it is announced."""

    name: Name
    legal_basis: Name
    levels: Levels = Field(description="The labour pool: levels of those who take part and of the posts offered.")
    government_affairs: Affairs | None = Field(None, description="Of the posts offered; any where it names none.")
    province_codes: Provinces | None = Field(None, description="Whose institutions take part; all where it names none.")
    requirements: Requirements = Field([], description="What whoever moves must meet, as rule sets write it.")
    formula: MobilityFormulaVersion | None = Field(
        None, description="By what points are given; the shipped one unless told."
    )
    own_cell_first: bool = Field(
        default=False, description="Whether applications inside one's smallest common cell go first."
    )
    urgencies: Urgencies = Field([], description="Of posts in affairs of priority programmes; others come last.")
    collecting_until: Day = Field(description="The last day of wishes.")
    correction_until: Day = Field(description="The last day of corrections.")
    effective_on: Day = Field(description="The planned common day on which moves take effect.")
    lottery_source: Name = Field(description=LOTTERY_SOURCE)


class EditMobilityCampaign(Command):
    """Change parts of a campaign; what is not given stays, and an empty list of affairs or provinces is any."""

    name: Name | None = None
    legal_basis: Name | None = None
    levels: Levels | None = None
    government_affairs: Affairs | None = None
    province_codes: Provinces | None = None
    requirements: Requirements | None = None
    formula: MobilityFormulaVersion | None = None
    own_cell_first: bool | None = None
    urgencies: Urgencies | None = None
    collecting_until: Day | None = None
    correction_until: Day | None = None
    effective_on: Day | None = None
    lottery_source: Name | None = Field(None, description=LOTTERY_SOURCE)


class AdvanceMobilityCampaign(Command):
    """Move a campaign on to the state that follows, or cancel it."""

    state: State = Field(strict=False)
    is_early: bool = Field(default=False, description="That a term that was announced is cut short on purpose.")
    because: Comment | None = Field(None, description="Why it is cut short, or cancelled: everybody reads it.")


class MobilityCampaignFilter(Command):
    """Which campaigns to list; what is not given does not restrict."""

    state: State | None = Field(None, strict=False)
    organiser_id: UUID | None = Field(None, strict=False)
    province: Province | None = Field(None, description="Of institutions that take part.")


ANY = ("government_affairs", "province_codes")
"""The parts of a campaign of which none is any."""
EDITED = (
    *("name", "legal_basis", "levels", "government_affairs", "province_codes", "requirements", "formula_code"),
    *("formula_version", "own_cell_first", "urgency_of_programmes", "lottery_source", *ONLY_LATER),
)
"""The columns that an edit changes."""


# ── writes


async def draft_mobility_campaign(db: Database, actor: Actor, command: DraftMobilityCampaign) -> UUID:
    """Lay a campaign down. The secret of its lottery is drawn now; its SHA-256 is public from the announcement on."""
    actor.require(Permission.ORGANISE_MOBILITY)
    campaign_id, secret = uuid4(), secrets.token_bytes(SEED_BYTES)
    async with db.write_as(actor) as tx:
        row = MobilityCampaignRow(
            institution_id=actor.institution_id,
            id=campaign_id,
            profile="daEn",
            state=State.DRAFT.value,
            lottery_commitment=commitment_to(secret).hex(),
            **_stored(command.model_dump()),
        )
        await _must_be_sound(tx, db, actor, row)
        await _choose_formula(tx, db, actor, row, command.formula)
        tx.add(row)
        await tx.flush()
        tx.add(MobilitySecretRow(institution_id=actor.institution_id, campaign_id=campaign_id, secret=secret))
        await _note_step(tx, db, actor, campaign_id, State.DRAFT)
        formula = f"{row.formula_code}/{row.formula_version}"
        await record(tx, actor, MobilityCampaignDrafted(campaign_id, formula, row.lottery_commitment))
    return campaign_id


async def edit_mobility_campaign(
    db: Database, actor: Actor, campaign_id: UUID, command: EditMobilityCampaign, *, expected: Expected | None = None
) -> None:
    """Change parts of a campaign. Refused for what is settled by now; days that are announced only move later."""
    actor.require(Permission.ORGANISE_MOBILITY)
    changed = command.model_dump(exclude_none=True)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, campaign_id, expected)
        domain.must_be_editable(State(row.state), changed)
        before = {name: getattr(row, name) for name in EDITED}
        days = _calendar(row)
        for name, value in _stored(changed).items():
            setattr(row, name, value)
        rules.must_only_be_put_off(State(row.state), days, _calendar(row))
        await _must_be_sound(tx, db, actor, row)
        if command.formula is not None:
            await _choose_formula(tx, db, actor, row, command.formula)
        after = {name: getattr(row, name) for name in EDITED if getattr(row, name) != before[name]}
        if after:
            event = MobilityCampaignEdited(campaign_id, _told({name: before[name] for name in after}), _told(after))
            await record(tx, actor, event)


async def discard_mobility_campaign(
    db: Database, actor: Actor, campaign_id: UUID, *, expected: Expected | None = None
) -> None:
    """Throw a draft away. What was announced is cancelled instead, and stays on record."""
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, campaign_id, expected)
        domain.must_be_in(State(row.state), (State.DRAFT,))
        for part in (MobilityCellRow, MobilityCampaignStepRow, MobilitySecretRow):
            await tx.execute(
                delete(part).where(part.institution_id == actor.institution_id, part.campaign_id == campaign_id)
            )
        await tx.delete(row)
        await record(tx, actor, MobilityCampaignDiscarded(campaign_id, row.name))


async def advance_mobility_campaign(
    db: Database, actor: Actor, campaign_id: UUID, command: AdvanceMobilityCampaign, *, expected: Expected | None = None
) -> None:
    """Announce, open and close wishes, publish, close or cancel: the organiser, one state after the other.

    Refused with what is missing; a term that is not over is cut short only by who says so, and why.
    """
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, campaign_id, expected)
        if command.state not in domain.DOOR:
            raise Conflict("mobility_campaign.other_door", state=domain.words_of(command.state))
        if command.because is None and (command.is_early or command.state is State.CANCELLED):
            refuse(Fault("mobility_campaign.because", "/because"))
        await mobility_organisers._must_organise(tx, actor)  # noqa: SLF001 - a service composes another's steps
        if command.state is State.CANCELLED:
            row.cancelled_because = command.because
        await _enter(tx, db, actor, row, command.state, is_early=command.is_early, because=command.because)


async def _must_be_sound(tx: AsyncSession, db: Database, actor: Actor, row: MobilityCampaignRow) -> None:
    """Refused with everything that is wrong with what a campaign consists of, taken together."""
    own = await mobility_organisers._must_organise(tx, actor)  # noqa: SLF001
    programme = PriorityProgrammeRow
    with tx.no_autoflush:
        known = await tx.scalars(
            select(programme.code).where(programme.institution_id == actor.institution_id).distinct()
        )
    rules.must_be_sound(_rules_of(row), set(known), own, db.today())


def _rules_of(row: MobilityCampaignRow) -> Rules:
    return Rules(
        state=State(row.state),
        levels=row.levels,
        government_affairs=row.government_affairs,
        province_codes=row.province_codes,
        requirements=row.requirements,
        urgency_of_programmes=row.urgency_of_programmes,
        calendar=_calendar(row),
    )


def _calendar(row: MobilityCampaignRow) -> Calendar:
    return Calendar(row.collecting_until, row.correction_until, row.effective_on)


async def _choose_formula(
    tx: AsyncSession, db: Database, actor: Actor, row: MobilityCampaignRow, chosen: MobilityFormulaVersion | None
) -> None:
    key = await mobility_formulas._chosen(  # noqa: SLF001
        tx, db, actor, None if chosen is None else chosen.code, None if chosen is None else chosen.version
    )
    row.formula_code, row.formula_version = key.code, key.version


def _stored(told: Mapping[str, object]) -> dict[str, object]:
    """What a command says, by the columns that keep it."""
    stored = {name: value for name, value in told.items() if name not in ("formula", "urgencies")}
    stored |= {name: None for name in ANY if stored.get(name) == []}
    match told.get("levels"):
        case list(levels):
            stored["levels"] = [str(level) for level in levels]
    match told.get("urgencies"):
        case list(urgencies):
            pairs = [(one["programme"], one["urgency"]) for one in urgencies]
            stored["urgency_of_programmes"] = rules.classes_of(pairs)
    return stored


def _told(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


# ── what other parts of mobility compose


async def _hold(
    tx: AsyncSession, actor: Actor, campaign_id: UUID, expected: Expected | None = None
) -> MobilityCampaignRow:
    """A campaign of the own institution, which nobody else changes or moves on meanwhile; `NotFound` otherwise."""
    async with waiting_shortly(tx, "mobility_campaign.busy"):
        await campaign_moves(tx, campaign_id)  # first of all: who takes part holds it before the row
        row = await tx.get(MobilityCampaignRow, (actor.institution_id, campaign_id), with_for_update=True)
    if row is None:
        raise NotFound("mobility_campaign.not_found")
    must_be_unchanged(expected, row.revision)
    return row


async def _find(tx: AsyncSession, campaign_id: UUID) -> MobilityCampaignRow:
    """A campaign that was announced, of whichever institution, unlocked; the own drafts as well. `NotFound` else."""
    row = await tx.scalar(select(MobilityCampaignRow).where(MobilityCampaignRow.id == campaign_id))
    if row is None:
        raise NotFound("mobility_campaign.not_found")
    return row


async def _enter(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    row: MobilityCampaignRow,
    state: State,
    *,
    is_early: bool = False,
    because: str | None = None,
) -> None:
    """Move a held campaign into a state that follows on its own, with the step and its entry in the ledger.

    Refused where the term of the present state is not over, unless `is_early`, and where something is missing.
    """
    before = State(row.state)
    domain.must_follow(before, state)
    today = db.today()
    is_cut_short = state is not State.CANCELLED and rules.is_running(before, _calendar(row), today)
    if is_cut_short and not is_early:
        raise rules.too_early(before, _calendar(row))
    await _must_be_ready(tx, db, row, state)
    row.state = state.value
    if state is State.CORRECTION:
        await assess_everybody(tx, row.id)
    await _note_step(tx, db, actor, row.id, state, is_early=is_cut_short, because=because)
    await record(tx, actor, MobilityCampaignAdvanced(row.id, before.value, state.value, is_cut_short, because))


async def _must_be_ready(tx: AsyncSession, db: Database, row: MobilityCampaignRow, state: State) -> None:
    """What a step asks for beside its turn: days still to come, something to wish for, no case that is open."""
    match state:
        case State.ANNOUNCED:
            rules.must_be_possible(State.DRAFT, _calendar(row), db.today())
            row.urgency_of_affairs = await _urgency_of_affairs(tx, row)
        case State.COLLECTING if row.collecting_until < db.today():
            raise Conflict("mobility_campaign.over", day=day_in_words(row.collecting_until))
        case State.CORRECTION:
            offer = MobilityOfferRow
            offered = exists().where(offer.campaign_id == row.id, offer.is_offered)
            if not await tx.scalar(select(offered)):
                raise Conflict("mobility_campaign.nothing_offered")
        case State.CLOSED:
            case_ = MobilityCaseRow
            running = select(func.count()).where(
                case_.campaign_id == row.id, case_.state.in_([state.value for state in RUNNING])
            )
            if (cases := await tx.scalar(running)) != 0:
                raise Conflict("mobility_campaign.open_cases", cases=cases)


async def _urgency_of_affairs(tx: AsyncSession, row: MobilityCampaignRow) -> list[dict[str, object]]:
    """What the organiser's programmes make urgent on the planned day: settled, and read by who offers posts."""
    programme = PriorityProgrammeRow
    written = await tx.scalars(
        select(programme).where(
            programme.institution_id == row.institution_id, programme.code.in_(row.urgency_of_programmes)
        )
    )
    known = map(programmes._programme_of, written)  # noqa: SLF001
    found = rules.urgency_rules(known, row.urgency_of_programmes, row.effective_on)
    return [{"affair": one.affair, "province": one.province, "urgency": one.urgency} for one in found]


def _urgency(row: MobilityCampaignRow, affair: str | None, province: str | None) -> int:
    """The urgency class of a post in an announced campaign, by its government affair and province; 1 is the first."""
    return rules.urgency_of([Urgency(**one) for one in row.urgency_of_affairs], affair, province)


async def _note_step(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    state: State,
    *,
    is_early: bool = False,
    because: str | None = None,
) -> None:
    await tx.execute(
        insert(MobilityCampaignStepRow).values(
            institution_id=actor.institution_id,
            campaign_id=campaign_id,
            state=state.value,
            entered_at=db.now(),
            role=actor.role.value,
            subject=actor.subject,
            is_early=is_early,
            because=because,
        )
    )


# ── reads


async def mobility_campaign_document(
    db: Database, actor: Actor, campaign_id: UUID, wanted: Selection | None = None
) -> Document:
    """One campaign: its rules, days, steps, formula and the commitment of its lottery; drafts for their organiser."""
    actor.require(Permission.READ_MOBILITY)
    document = await db.document_as(actor, shapes.MOBILITY_CAMPAIGN, wanted, id=campaign_id)
    if document is None:
        raise NotFound("mobility_campaign.not_found")
    return document


async def mobility_campaigns_page(
    db: Database,
    actor: Actor,
    chosen: MobilityCampaignFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The campaigns that were announced, and one's own drafts; those that take effect last first."""
    actor.require(Permission.READ_MOBILITY)
    conditions = (chosen or MobilityCampaignFilter()).model_dump(exclude_none=True)
    cursor = named_cursor(after)
    return await db.page_as(actor, shapes.MOBILITY_CAMPAIGNS, wanted, page_size(first), cursor, **conditions)
