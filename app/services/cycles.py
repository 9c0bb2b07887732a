"""Cycles: opened, calculated from frozen inputs, calibrated, objected to, confirmed, published, closed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import data_subjects
from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.shapes import cycles as shapes
from app.db.shapes import rater_skew
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.cycles import CyclePhaseRow, CyclePlacementRow, CycleRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.objections import ObjectionRow
from app.domain import calibration, cycles, objections
from app.domain.actors import Actor, Permission
from app.domain.calculation import Kind
from app.domain.cycles import Act, Origin, Phase, Plan, Share
from app.domain.errors import Conflict, NotFound
from app.domain.events import CycleAdvanced, CycleCalculated, CycleConfirmed, CycleEdited, CycleOpened
from app.domain.revisions import Expected, must_be_unchanged
from app.services import calculation
from app.services.calculation import Result, Run, Tick
from app.services.contract import Command, StorableText, WrittenDay, must_say_something, named_cursor, page_size

EARLIEST, LATEST = date(1945, 8, 17), date(2100, 1, 1)
LATEST_VERSION = 2**31 - 1  # of a rubric, as PostgreSQL counts

Day = Annotated[WrittenDay, Field(ge=EARLIEST, le=LATEST)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), AfterValidator(must_say_something)
]


class RubricChoice(Command):
    """A version of a rubric."""

    code: StorableText = Field(min_length=1, max_length=100)
    version: int = Field(ge=1, le=LATEST_VERSION)


class GuidelineShare(Command):
    """How many of a hundred assessed people are expected in these boxes together; advice, never a bar."""

    boxes: Annotated[list[int], Field(min_length=1, max_length=9)]
    share: int = Field(ge=0, le=100)


class EditCycle(Command):
    """Change parts of a cycle; what is not given stays."""

    name: Name | None = None
    as_of: Day | None = None
    rubric: RubricChoice | None = None
    calibration_until: Day | None = None
    objection_until: Day | None = None
    confirmation_until: Day | None = None
    guideline: Annotated[list[GuidelineShare], Field(max_length=9)] | None = None


class OpenCycle(EditCycle):
    """Open a mapping cycle: as of the map's day and by the active rubric, unless told otherwise."""

    name: Name


class AdvanceCycle(Command):
    """Move a cycle on to its next phase."""

    phase: Literal["calibration", "objection", "confirmation", "closed"]
    end_objections_early: bool = False
    """End the window before the deadline that people were told."""


class CycleFilter(Command):
    """Which cycles to list; what is not given does not restrict."""

    phase: Phase | None = Field(None, strict=False)


# ── writes


async def open_cycle(db: Database, actor: Actor, command: OpenCycle) -> UUID:
    """Open a cycle. Refused if one of that name exists, or its rubric does not."""
    actor.require(Permission.MANAGE_CYCLES)
    cycle_id = uuid4()
    async with db.write_as(actor) as tx:
        institution = await tx.get(InstitutionRow, actor.institution_id)
        if institution is None:
            raise NotFound("institution.not_found")
        code, version = await _chosen_rubric(tx, command.rubric)
        as_of = command.as_of or institution.as_of or db.today()
        row = {
            "institution_id": actor.institution_id,
            "id": cycle_id,
            "name": command.name,
            "as_of": as_of,
            "rubric_code": code,
            "rubric_version": version,
            "phase": Phase.OPEN.value,
            "calibration_until": command.calibration_until,
            "objection_until": command.objection_until,
            "confirmation_until": command.confirmation_until,
            "guideline": _guideline(command.guideline or []),
            "origin": Origin.CALCULATED.value,
            "created_at": db.now(),
        }
        cycles.must_be_in_order(Plan(command.calibration_until, command.objection_until, command.confirmation_until))
        opened = (
            postgresql.insert(CycleRow).values(row).on_conflict_do_nothing(index_elements=["institution_id", "name"])
        )
        if await tx.scalar(opened.returning(CycleRow.id)) is None:
            raise Conflict("cycle.exists", name=command.name)
        await _note_phase(tx, db, actor, cycle_id, Phase.OPEN)
        await record(tx, actor, CycleOpened(cycle_id, command.name, as_of.isoformat(), f"{code}/{version}"))
    return cycle_id


async def edit_cycle(
    db: Database, actor: Actor, cycle_id: UUID, command: EditCycle, *, expected: Expected | None = None
) -> None:
    """Change parts of a cycle. Refused for what is settled by now; another day or rubric asks for a new calculation."""
    actor.require(Permission.MANAGE_CYCLES)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=True, expected=expected)
        phase, changed = Phase(cycle.phase), command.model_dump(exclude_none=True)
        cycles.must_be_editable(phase, changed)
        if command.rubric is not None:
            code, version = await _chosen_rubric(tx, command.rubric)
            changed = {name: value for name, value in changed.items() if name != "rubric"}
            changed |= {"rubric_code": code, "rubric_version": version}
        if command.guideline is not None:
            changed["guideline"] = _guideline(command.guideline)
        if command.objection_until is not None:
            cycles.must_not_shorten(phase, cycle.objection_until, command.objection_until)
        if changed.keys() & {"as_of", "rubric_code"}:
            await calculation._discard(tx, cycle)  # noqa: SLF001
        before = {name: getattr(cycle, name) for name in changed}
        for name, value in changed.items():
            setattr(cycle, name, value)
        cycles.must_be_in_order(Plan(cycle.calibration_until, cycle.objection_until, cycle.confirmation_until))
        try:
            await tx.flush()
        except IntegrityError as error:  # the rubric was looked up; what is left is the name
            raise Conflict("cycle.exists", name=command.name) from error
        if changed:
            told = {name: None if value is None else str(value) for name, value in before.items()}
            await record(tx, actor, CycleEdited(cycle_id, told, {name: str(value) for name, value in changed.items()}))


async def start_calculation(db: Database, actor: Actor, cycle_id: UUID) -> UUID:
    """Queue the calculation of a cycle, the first one or another; a worker then does `run_calculation`.

    Refused while one is under way, and after calibration. Moves that start from a box that is calculated no longer
    become stale.
    """
    actor.require(Permission.MANAGE_CYCLES)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=True)
        cycles.must_be_calculated_here(cycle.origin)
        cycles.must_allow(Act.CALCULATE, Phase(cycle.phase))
        if cycle.phase == Phase.OPEN.value:
            await _enter(tx, db, actor, cycle, Phase.CALCULATION)
        return await calculation._queue(tx, db, actor, Kind.CYCLE, cycle)  # noqa: SLF001


async def start_recomputation(db: Database, actor: Actor, cycle_id: UUID) -> UUID:
    """Queue a proof: every placement of a cycle once more from its frozen inputs, compared with what is stored."""
    actor.require(Permission.READ_CYCLES)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=True)
        cycles.must_be_calculated_here(cycle.origin)
        cycles.must_be_calculated(has_placements=cycle.inputs_digest is not None)
        return await calculation._queue(tx, db, actor, Kind.RECOMPUTATION, cycle)  # noqa: SLF001


async def run_calculation(db: Database, actor: Actor, calculation_id: UUID) -> None:
    """Carry out a queued calculation to its end. A failure is told in its document, and leaves nothing behind."""
    actor.require(Permission.MANAGE_CYCLES, Permission.READ_CYCLES)

    async def work(tx: AsyncSession, run: Run, tick: Tick) -> Result:
        if run.kind is Kind.RECOMPUTATION:
            return await _recompute(tx, actor, run, tick)
        return await _calculate(tx, actor, run, tick)

    await calculation._carry_out(db, actor, calculation_id, work)  # noqa: SLF001


async def _calculate(tx: AsyncSession, actor: Actor, run: Run, tick: Tick) -> Result:
    """Place everybody in one transaction: it is stored whole, or not at all."""
    cycle = await tx.get_one(CycleRow, (actor.institution_id, run.cycle_id))
    terms = await calculation._terms_of(tx, actor, cycle)  # noqa: SLF001
    await calculation._place_all(tx, terms, tick)  # noqa: SLF001
    stale = await calculation._settle_moves(tx, cycle)  # noqa: SLF001
    cycle.inputs_digest = await calculation._digest_inputs(tx, cycle.id)  # noqa: SLF001
    counted = select(func.count(), func.count(CyclePlacementRow.box)).where(CyclePlacementRow.cycle_id == cycle.id)
    total, assessed = (await tx.execute(counted)).one()
    manual = await data_subjects.count_manual_decisions(tx, actor.institution_id)
    restricted = await data_subjects.count_restricted(tx, actor.institution_id)
    name, inputs = f"{cycle.rubric_code}/{cycle.rubric_version}", cycle.inputs_digest
    event = CycleCalculated(cycle.id, run.id, name, total, assessed, stale, manual, restricted, inputs)
    await record(tx, actor, event)
    counts: Result = {"placements": total, "assessed": assessed, "stale": stale}
    return {**counts, "manual": manual, "restricted": restricted, "digest": inputs}


async def _recompute(tx: AsyncSession, actor: Actor, run: Run, tick: Tick) -> Result:
    """Nothing of the cycle changes while it is compared."""
    cycle = await tx.get_one(CycleRow, (actor.institution_id, run.cycle_id), with_for_update={"read": True})
    return await calculation._recompute(tx, await calculation._terms_of(tx, actor, cycle), tick)  # noqa: SLF001


async def advance_cycle(
    db: Database, actor: Actor, cycle_id: UUID, command: AdvanceCycle, *, expected: Expected | None = None
) -> None:
    """Move a cycle on by one phase. Refused as long as the present phase has open ends, which the refusal names."""
    actor.require(Permission.MANAGE_CYCLES)
    target = Phase(command.phase)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=True, expected=expected)
        cycles.must_follow(Phase(cycle.phase), target)
        early = False
        match target:
            case Phase.CALIBRATION:
                cycles.must_be_calculated(has_placements=cycle.inputs_digest is not None)
            case Phase.OBJECTION:
                cycles.must_be_settled(await _count(tx, CalibrationRow, cycle_id, AWAITING))
                cycles.must_have_a_window(db.today(), cycle.objection_until)
            case Phase.CONFIRMATION:
                unanswered = await _count(tx, ObjectionRow, cycle_id, objections.State.OPEN.value)
                until, may_be_early = cycle.objection_until, command.end_objections_early
                early = cycles.must_be_heard(unanswered, db.today(), until, may_be_early=may_be_early)
        await _enter(tx, db, actor, cycle, target, early=early)


AWAITING = calibration.State.AWAITING_SECOND_PERSON.value


async def confirm_cycle(db: Database, actor: Actor, cycle_id: UUID, *, expected: Expected | None = None) -> None:
    """Confirm everybody's box, as the appointing authority; nothing changes them afterwards.

    Refused as long as somebody objects to automated processing about whom no human has decided.
    """
    actor.require(Permission.CONFIRM_CYCLE)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=True, expected=expected)
        cycles.must_allow(Act.CONFIRM, Phase(cycle.phase))
        if cycle.confirmed_by is not None:
            raise Conflict("cycle.confirmed", by=cycle.confirmed_by)
        await _must_be_reviewed(tx, actor, cycle_id)
        cycle.confirmed_at, cycle.confirmed_by = db.now(), actor.subject
        [boxes] = await fetch_rows(tx, PUBLISHED_BOXES, actor.institution_id, cycle_id)
        await record(tx, actor, CycleConfirmed(cycle_id, cycle.inputs_digest or "", boxes[0]))


PUBLISHED_BOXES = """
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        talent_id || ' ' || coalesce(calibrated_box::text, box::text, '-'), E'\\n' ORDER BY talent_id), ''),
        'UTF8')), 'hex')
    FROM cycle_placement WHERE institution_id = $1 AND cycle_id = $2"""


async def publish_cycle(db: Database, actor: Actor, cycle_id: UUID, *, expected: Expected | None = None) -> None:
    """Publish a confirmed cycle: from now on every talent sees the own box as the final one.

    Refused as long as somebody objects to automated processing about whom no human has decided.
    """
    actor.require(Permission.MANAGE_CYCLES)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=True, expected=expected)
        cycles.must_follow(Phase(cycle.phase), Phase.PUBLICATION)
        if cycle.confirmed_at is None:
            raise Conflict("cycle.not_confirmed")
        await _must_be_reviewed(tx, actor, cycle_id)
        await _enter(tx, db, actor, cycle, Phase.PUBLICATION)


async def _must_be_reviewed(tx: AsyncSession, actor: Actor, cycle_id: UUID) -> None:
    cycles.must_be_reviewed(await data_subjects.count_awaiting_review(tx, actor.institution_id, cycle_id))


async def _hold_cycle(
    tx: AsyncSession, actor: Actor, cycle_id: UUID, *, alone: bool, expected: Expected | None = None
) -> CycleRow:
    """The cycle, which nobody moves on meanwhile; `alone`, nobody calibrates, objects or calculates in it either.

    Waits only shortly for somebody who holds it, as at the end of a calculation; then the answer is `cycle.busy`.
    """
    if alone:  # said before anybody waits
        await calculation._must_not_be_running(tx, cycle_id)  # noqa: SLF001 - a service composes another's steps
    async with waiting_shortly(tx, "cycle.busy"):
        cycle = await tx.get(CycleRow, (actor.institution_id, cycle_id), with_for_update={"read": not alone})
    if cycle is None:
        raise NotFound("cycle.not_found")
    must_be_unchanged(expected, cycle.revision)
    if alone:
        await calculation._must_not_be_running(tx, cycle_id)  # noqa: SLF001
    return cycle


async def _enter(
    tx: AsyncSession, db: Database, actor: Actor, cycle: CycleRow, phase: Phase, *, early: bool = False
) -> None:
    before, cycle.phase = cycle.phase, phase.value
    await _note_phase(tx, db, actor, cycle.id, phase)
    await record(tx, actor, CycleAdvanced(cycle.id, before, phase.value, early))


async def _note_phase(tx: AsyncSession, db: Database, actor: Actor, cycle_id: UUID, phase: Phase) -> None:
    await tx.execute(
        insert(CyclePhaseRow).values(
            institution_id=actor.institution_id,
            cycle_id=cycle_id,
            ordinal=list(Phase).index(phase) + 1,
            phase=phase.value,
            entered_at=db.now(),
            subject=actor.subject,
            role=actor.role.value,
        )
    )


async def _chosen_rubric(tx: AsyncSession, choice: RubricChoice | None) -> tuple[str, int]:
    """The rubric chosen, which has to exist; the active one where none is."""
    if choice is None:
        return await calculation._active_version(tx)  # noqa: SLF001
    await calculation._rubric_of(tx, choice.code, choice.version)  # noqa: SLF001
    return choice.code, choice.version


def _guideline(shares: list[GuidelineShare]) -> list[dict[str, object]]:
    cycles.must_be_disjoint([Share(tuple(one.boxes), one.share) for one in shares])
    return [{"boxes": sorted(one.boxes), "share": one.share} for one in shares]


async def _count(tx: AsyncSession, row: type[CalibrationRow | ObjectionRow], cycle_id: UUID, state: str) -> int:
    counted = select(func.count()).select_from(row).where(row.cycle_id == cycle_id, row.state == state)
    return int(await tx.scalar(counted) or 0)


# ── reads


async def cycle_document(db: Database, actor: Actor, cycle_id: UUID, wanted: Selection | None = None) -> Document:
    """One cycle: its plan, phases, calculation and map, and what is still open in it."""
    actor.require(Permission.READ_CYCLES)
    return _found(await db.document_as(actor, shapes.CYCLE, wanted, id=cycle_id))


async def cycles_page(
    db: Database,
    actor: Actor,
    chosen: CycleFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The cycles of the institution, newest first."""
    actor.require(Permission.READ_CYCLES)
    conditions = (chosen or CycleFilter()).model_dump(exclude_none=True)
    return await db.page_as(actor, shapes.CYCLES, wanted, page_size(first), named_cursor(after), **conditions)


async def cycle_nine_box_document(
    db: Database, actor: Actor, cycle_id: UUID, wanted: Selection | None = None
) -> Document:
    """How many people of a cycle stand in each box, calculated and published, beside its guideline."""
    actor.require(Permission.READ_CYCLES)
    return _found(await db.document_as(actor, shapes.CYCLE_NINE_BOX, wanted, id=cycle_id))


async def rater_skew_document(db: Database, actor: Actor, cycle_id: UUID, wanted: Selection | None = None) -> Document:
    """Mean and spread of performance points per appraiser; per unit where no delivered appraisal names one."""
    actor.require(Permission.READ_CYCLES)
    return _found(await db.document_as(actor, rater_skew.RATER_SKEW, wanted, id=cycle_id))


def _found(document: Document | None) -> Document:
    if document is None:
        raise NotFound("cycle.not_found")
    return document
