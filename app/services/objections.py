"""Objections: a talent contests the own placement; an answer in writing changes inputs at most, never outputs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import objections as shapes
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.cycles import CyclePlacementRow, CycleRow
from app.db.tables.objections import ObjectionRow
from app.db.tables.talents import TalentRow
from app.domain import calibration, cycles, objections
from app.domain.actors import Actor, Permission
from app.domain.calibration import Mover
from app.domain.cycles import Act, Phase
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.events import ObjectionAnswered, ObjectionRaised
from app.domain.objections import Outcome, State
from app.domain.purposes import purpose_within
from app.domain.revisions import Expected, must_be_unchanged
from app.services import calculation
from app.services.contract import Command, Statement, StorableText, named_cursor, page_size
from app.services.cycles import _hold_cycle
from app.services.scopes import own_scope, scope_of

Item = Annotated[StorableText, Field(max_length=100)]


class RaiseObjection(Command):
    """Object to one's own placement in a cycle."""

    text: Statement
    items: list[Item] | None = Field(None, max_length=20)
    """The items of completeness it is about."""


class AnswerObjection(Command):
    """Answer an objection in writing."""

    outcome: Outcome = Field(strict=False)
    answer: Statement


class ObjectionFilter(Command):
    """Which objections to list; what is not given does not restrict."""

    state: State | None = Field(None, strict=False)


# ── writes


async def raise_objection(db: Database, actor: Actor, cycle_id: UUID, command: RaiseObjection) -> UUID:
    """Object to one's own placement, up to the deadline, once at a time."""
    actor.require(Permission.OBJECT)
    objection_id = uuid4()
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=False)
        objections.must_be_in_time(db.today(), cycle.objection_until)
        cycles.must_allow(Act.OBJECT, Phase(cycle.phase))
        talent_id, box = await _own_placement(tx, actor, cycle_id)
        items = command.items or []
        await _must_be_items(tx, cycle, items)
        values = {
            "institution_id": actor.institution_id,
            "id": objection_id,
            "cycle_id": cycle_id,
            "talent_id": talent_id,
            "text": command.text,
            "items": items,
            "state": State.OPEN.value,
            "raised_at": db.now(),
            "box_before": box,
        }
        raised = insert(ObjectionRow).values(values).on_conflict_do_nothing().returning(ObjectionRow.id)
        if await tx.scalar(raised) is None:
            held = select(ObjectionRow.raised_at).where(
                ObjectionRow.cycle_id == cycle_id,
                ObjectionRow.talent_id == talent_id,
                ObjectionRow.state == State.OPEN.value,
            )
            raise Conflict("objection.exists", at=await tx.scalar(held))
        await record(tx, actor, ObjectionRaised(objection_id, cycle_id, talent_id))
    return objection_id


async def answer_objection(
    db: Database, actor: Actor, objection_id: UUID, command: AnswerObjection, *, expected: Expected | None = None
) -> None:
    """Answer an objection in writing, once. Upheld, the talent is placed anew from the evidence on record now.

    Refused for whoever moved the talent, and for the talent. A calibration stays in force unless the box it started
    from is calculated no longer.
    """
    actor.require(Permission.ANSWER_OBJECTIONS)
    async with db.write_as(actor) as tx:
        row, cycle = await _hold_objection(tx, actor, objection_id, expected)
        await _must_be_impartial(tx, actor, row)
        row.box_before = await _published_box(tx, row)
        inputs = await _place_again(tx, actor, cycle, row) if command.outcome is Outcome.UPHELD else None
        row.box_after = await _published_box(tx, row)
        row.state, row.answer = command.outcome.value, command.answer
        row.answered_at, row.answered_by, row.answered_role = db.now(), actor.subject, actor.role.value
        event = ObjectionAnswered(row.id, cycle.id, row.talent_id, row.state, row.box_before, row.box_after, inputs)
        await record(tx, actor, event)


async def _own_placement(tx: AsyncSession, actor: Actor, cycle_id: UUID) -> tuple[UUID, int | None]:
    """Whom the actor is in the cycle, and the box that is provisionally published of them."""
    found = await tx.execute(
        select(CyclePlacementRow.talent_id, CyclePlacementRow.calibrated_box, CyclePlacementRow.box)
        .join(TalentRow, TalentRow.id == CyclePlacementRow.talent_id)
        .where(CyclePlacementRow.cycle_id == cycle_id, TalentRow.nip == own_scope(actor)["own_nip"])
    )
    own = found.one_or_none()
    if own is None:
        raise NotFound("cycle.placement_not_found")
    talent_id, calibrated_box, box = own
    return talent_id, box if calibrated_box is None else calibrated_box


async def _must_be_items(tx: AsyncSession, cycle: CycleRow, items: list[str]) -> None:
    """An objection speaks of items that the cycle's rubric asks for."""
    if not items:
        return
    known = (await calculation._rubric_of(tx, cycle.rubric_code, cycle.rubric_version)).items  # noqa: SLF001 - a service composes another's steps
    about = {"allowed": ", ".join(known)}
    faults = tuple(Fault("value.unknown", f"/items/{n}", about) for n, item in enumerate(items) if item not in known)
    if faults:
        refuse(*faults)


async def _hold_objection(
    tx: AsyncSession, actor: Actor, objection_id: UUID, expected: Expected | None
) -> tuple[ObjectionRow, CycleRow]:
    """An open objection and its cycle, which nobody moves on meanwhile."""
    key = (actor.institution_id, objection_id)
    row = await tx.get(ObjectionRow, key)
    if row is None:
        raise NotFound("objection.not_found")
    cycle = await _hold_cycle(tx, actor, row.cycle_id, alone=True)
    row = await tx.get_one(ObjectionRow, key, with_for_update=True, populate_existing=True)
    must_be_unchanged(expected, row.revision)
    objections.must_be_open(State(row.state))
    cycles.must_allow(Act.ANSWER, Phase(cycle.phase))
    return row, cycle


async def _must_be_impartial(tx: AsyncSession, actor: Actor, row: ObjectionRow) -> None:
    """Neither the talent nor anybody who took part in moving them answers."""
    nip = await tx.scalar(select(TalentRow.nip).where(TalentRow.id == row.talent_id))
    calibration.must_concern_another(Mover(actor.subject, actor.nip), nip or "")
    moved = select(CalibrationRow.subject, CalibrationRow.second_subject).where(
        CalibrationRow.cycle_id == row.cycle_id, CalibrationRow.talent_id == row.talent_id
    )
    movers = frozenset(name for pair in await tx.execute(moved) for name in pair if name is not None)
    objections.must_be_impartial(actor.subject, movers)


async def _published_box(tx: AsyncSession, row: ObjectionRow) -> int | None:
    boxes = await tx.execute(
        select(CyclePlacementRow.calibrated_box, CyclePlacementRow.box).where(
            CyclePlacementRow.cycle_id == row.cycle_id, CyclePlacementRow.talent_id == row.talent_id
        )
    )
    calibrated_box, box = boxes.one()
    return box if calibrated_box is None else calibrated_box


async def _place_again(tx: AsyncSession, actor: Actor, cycle: CycleRow, row: ObjectionRow) -> str:
    """The talent is placed from what is on record now; the digest of the cycle's inputs covers that as well."""
    terms = await calculation._terms_of(tx, actor, cycle)  # noqa: SLF001
    await calculation._place_again(tx, terms, row.talent_id)  # noqa: SLF001
    await calculation._settle_moves(tx, cycle)  # noqa: SLF001
    cycle.inputs_digest = await calculation._digest_inputs(tx, cycle.id)  # noqa: SLF001
    return cycle.inputs_digest


# ── reads


async def objection_document(
    db: Database, actor: Actor, objection_id: UUID, wanted: Selection | None = None
) -> Document:
    """One objection and its answer; a talent sees the own ones."""
    actor.require(Permission.READ_CYCLES, Permission.OBJECT)
    purpose = purpose_within(actor.role, actor.purpose)
    document = await db.view_as(
        actor,
        purpose,
        shapes.OBJECTION,
        wanted,
        id=objection_id,
        **scope_of(actor, Permission.READ_CYCLES, Permission.READ_CYCLES),
    )
    if document is None:
        raise NotFound("objection.not_found")
    return document


async def objections_page(
    db: Database,
    actor: Actor,
    cycle_id: UUID,
    chosen: ObjectionFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of a cycle's objections, newest first; a talent sees the own ones."""
    actor.require(Permission.READ_CYCLES, Permission.OBJECT)
    conditions = (chosen or ObjectionFilter()).model_dump(exclude_none=True) | scope_of(
        actor, Permission.READ_CYCLES, Permission.READ_CYCLES
    )
    cursor = named_cursor(after)
    return await db.page_as(actor, shapes.OBJECTIONS, wanted, page_size(first), cursor, cycle_id=cycle_id, **conditions)
