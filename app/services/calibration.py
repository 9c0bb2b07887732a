"""Calibration: a committee moves talents to other boxes, with reasons, and a second person for large moves."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import data_subjects
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import calibrations as shapes
from app.db.staging import TABLES
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.cycles import CyclePlacementRow
from app.db.tables.data_requests import PlacementReviewRow
from app.db.tables.talents import TalentRow
from app.domain import calibration, cycles, data_requests
from app.domain.actors import Actor, Permission
from app.domain.calibration import IN_FORCE, Mover, ReasonCode, State
from app.domain.cycles import Act, Phase
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.events import (
    CalibrationConfirmed,
    CalibrationRejected,
    CalibrationWithdrawn,
    TalentMoved,
)
from app.domain.evidence import Kind
from app.domain.messages import sentence
from app.domain.privacy_events import PlacementReviewed
from app.domain.purposes import purpose_within
from app.domain.revisions import Expected, must_be_unchanged
from app.services.contract import LARGEST_NUMBER, Command, Comment, StorableText, is_storable, named_cursor, page_size
from app.services.cycles import _hold_cycle
from app.services.scopes import scope_of

EVIDENCE = {
    kind: TABLES[Kind.POSITION if kind is Kind.ACTING else kind] for kind in Kind if kind in {*TABLES, Kind.ACTING}
}


class EvidenceReference(Command):
    """A row of evidence on record about the talent."""

    kind: Kind = Field(strict=False)
    id: int = Field(ge=1, le=LARGEST_NUMBER)


class CalibratePlacement(Command):
    """Move somebody; `from_box` is the box that the mover has seen them in."""

    from_box: int = Field(ge=1, le=9)
    box: int = Field(ge=1, le=9)
    reason: ReasonCode = Field(strict=False)
    comment: Comment
    evidence: EvidenceReference | None = None
    evidence_text: StorableText | None = Field(None, min_length=3, max_length=2000)
    """Where to find what is not on record."""


class RejectCalibration(Command):
    """Say why a move is not consented to."""

    comment: Comment


class ReviewPlacement(Command):
    """Say why somebody stays in the box they stand in."""

    comment: Comment


class CalibrationFilter(Command):
    """Which moves to list; what is not given does not restrict."""

    state: State | None = Field(None, strict=False)
    nip: StorableText | None = Field(None, max_length=18)


# ── writes


async def calibrate_placement(
    db: Database, actor: Actor, cycle_id: UUID, nip: str, command: CalibratePlacement
) -> UUID:
    """Move one talent to another box; a large move takes effect when a second person confirms it.

    Refused outside the calibration phase, for oneself, for somebody who is not assessed or must not be processed, and
    where the talent does not stand any more where the mover saw them: the refusal says who moved them.
    """
    actor.require(Permission.CALIBRATE)
    calibration.must_concern_another(_mover(actor), nip)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=False)
        cycles.must_allow(Act.CALIBRATE, Phase(cycle.phase))
        placement = await _hold_placement(tx, cycle_id, TalentRow.nip == nip if is_storable(nip) else None)
        await _must_be_unrestricted(tx, placement)
        published = _published_box(placement)
        await _must_not_be_pending(tx, placement)
        if published is not None and published != command.from_box:
            await _say_who_moved(tx, placement, published)
        move = calibration.must_be_a_move(placement.box, published, command.box)
        await _must_be_on_record(tx, placement.talent_id, command.evidence)
        row = _row(db, actor, placement, move, command)
        if move.first_state is State.EFFECTIVE:
            await _put_in_force(tx, placement, row)
        tx.add(row)
        event = TalentMoved(
            row.id, cycle_id, row.talent_id, row.from_box, row.to_box, row.reason, move.needs_second_person
        )
        await record(tx, actor, event)
    return row.id


async def confirm_calibration(
    db: Database, actor: Actor, calibration_id: UUID, *, expected: Expected | None = None
) -> None:
    """Consent to a move as its second person: from now on it is in force."""
    actor.require(Permission.CALIBRATE)
    async with db.write_as(actor) as tx:
        row, placement = await _hold_awaiting(tx, actor, calibration_id, expected)
        calibration.must_be_a_second_person(row.subject, _mover(actor))
        await _must_be_unrestricted(tx, placement)
        await _put_in_force(tx, placement, row)
        _let_second_person_say(db, actor, row, State.CONFIRMED, None)
        await record(tx, actor, CalibrationConfirmed(row.id, row.talent_id, row.to_box))


async def reject_calibration(
    db: Database, actor: Actor, calibration_id: UUID, command: RejectCalibration, *, expected: Expected | None = None
) -> None:
    """Refuse consent to a move as its second person, and say why: the talent stays where they were."""
    actor.require(Permission.CALIBRATE)
    async with db.write_as(actor) as tx:
        row, _ = await _hold_awaiting(tx, actor, calibration_id, expected)
        calibration.must_be_a_second_person(row.subject, _mover(actor))
        _let_second_person_say(db, actor, row, State.REJECTED, command.comment)
        await record(tx, actor, CalibrationRejected(row.id, row.talent_id))


async def withdraw_calibration(
    db: Database, actor: Actor, calibration_id: UUID, *, expected: Expected | None = None
) -> None:
    """Take back one's own move as long as it awaits a second person."""
    actor.require(Permission.CALIBRATE)
    async with db.write_as(actor) as tx:
        row, _ = await _hold_awaiting(tx, actor, calibration_id, expected)
        calibration.must_be_the_first_person(row.subject, _mover(actor))
        row.state = State.WITHDRAWN.value
        await record(tx, actor, CalibrationWithdrawn(row.id, row.talent_id))


async def review_placement(db: Database, actor: Actor, cycle_id: UUID, nip: str, command: ReviewPlacement) -> None:
    """Look at a placement as a human and let its box stand, with a name and a reason.

    The decision that somebody who objects to automated processing is owed (UU 27/2022 art. 10): a human decision is
    always recorded. It counts as long as the talent stands in that box. Refused for oneself.
    """
    actor.require(Permission.CALIBRATE)
    calibration.must_concern_another(_mover(actor), nip)
    async with db.write_as(actor) as tx:
        cycle = await _hold_cycle(tx, actor, cycle_id, alone=False)
        cycles.must_allow(Act.REVIEW, Phase(cycle.phase))
        placement = await _hold_placement(tx, cycle_id, TalentRow.nip == nip if is_storable(nip) else None)
        box = _published_box(placement)
        who = {"subject": actor.subject, "role": actor.role.value, "reviewed_at": db.now()}
        said = {"box": box, "comment": command.comment, **who}
        key = {"institution_id": actor.institution_id, "cycle_id": cycle_id, "talent_id": placement.talent_id}
        reviewed = insert(PlacementReviewRow).values(key | said)
        await tx.execute(reviewed.on_conflict_do_update(constraint="pk_placement_review", set_=said))
        await record(tx, actor, PlacementReviewed(cycle_id, placement.talent_id, box))


def _mover(actor: Actor) -> Mover:
    return Mover(actor.subject, actor.nip)


async def _hold_awaiting(
    tx: AsyncSession, actor: Actor, calibration_id: UUID, expected: Expected | None
) -> tuple[CalibrationRow, CyclePlacementRow]:
    """A move that awaits its second person, and the placement it is about; neither changes meanwhile."""
    key = (actor.institution_id, calibration_id)
    row = await tx.get(CalibrationRow, key)
    if row is None:
        raise NotFound("calibration.not_found")
    cycle = await _hold_cycle(tx, actor, row.cycle_id, alone=False)
    cycles.must_allow(Act.CALIBRATE, Phase(cycle.phase))
    placement = await _hold_placement(tx, cycle.id, TalentRow.id == row.talent_id)
    row = await tx.get_one(CalibrationRow, key, with_for_update=True, populate_existing=True)
    must_be_unchanged(expected, row.revision)
    calibration.must_await(State(row.state))
    nip = await tx.scalar(select(TalentRow.nip).where(TalentRow.id == row.talent_id))
    calibration.must_concern_another(_mover(actor), nip or "")
    return row, placement


async def _hold_placement(tx: AsyncSession, cycle_id: UUID, whose: ColumnElement[bool] | None) -> CyclePlacementRow:
    """The placement of a talent in the cycle; nobody else moves them meanwhile."""
    placement = None
    if whose is not None:
        of_talent = and_(
            TalentRow.institution_id == CyclePlacementRow.institution_id, TalentRow.id == CyclePlacementRow.talent_id
        )
        placement = await tx.scalar(
            select(CyclePlacementRow)
            .join(TalentRow, of_talent)
            .where(CyclePlacementRow.cycle_id == cycle_id, whose)
            .with_for_update(of=CyclePlacementRow)
        )
    if placement is None:
        raise NotFound("cycle.placement_not_found")
    return placement


def _published_box(placement: CyclePlacementRow) -> int | None:
    return placement.box if placement.calibrated_box is None else placement.calibrated_box


async def _must_be_unrestricted(tx: AsyncSession, placement: CyclePlacementRow) -> None:
    restricted = await data_subjects.is_restricted(tx, placement.institution_id, placement.talent_id)
    data_requests.must_be_unrestricted(is_restricted=restricted)


def _of(placement: CyclePlacementRow) -> ColumnElement[bool]:
    """The moves of the same talent in the same cycle."""
    return and_(CalibrationRow.cycle_id == placement.cycle_id, CalibrationRow.talent_id == placement.talent_id)


async def _must_not_be_pending(tx: AsyncSession, placement: CyclePlacementRow) -> None:
    """One move at a time: where one awaits its second person, no other is made."""
    pending = select(CalibrationRow.to_box, CalibrationRow.subject, CalibrationRow.moved_at).where(
        _of(placement), CalibrationRow.state == State.AWAITING_SECOND_PERSON.value
    )
    if found := (await tx.execute(pending)).one_or_none():
        box, by, at = found
        raise Conflict("calibration.pending", box=box, by=by, at=at)


async def _say_who_moved(tx: AsyncSession, placement: CyclePlacementRow, published: int) -> None:
    """The talent stands elsewhere by now: by whom, where a committee moved them."""
    moved = select(CalibrationRow.subject, CalibrationRow.moved_at).where(
        _of(placement), _is_in_force, CalibrationRow.to_box == published
    )
    if found := (await tx.execute(moved)).one_or_none():
        by, at = found
        raise Conflict("calibration.moved_meanwhile", by=by, box=published, at=at)
    raise Conflict("calibration.box_changed", box=published)


_is_in_force = CalibrationRow.state.in_([state.value for state in IN_FORCE])


async def _must_be_on_record(tx: AsyncSession, talent_id: UUID, reference: EvidenceReference | None) -> None:
    if reference is None:
        return
    table = EVIDENCE.get(reference.kind)
    found = None
    if table is not None:
        found = await tx.scalar(select(table.c.id).where(table.c.talent_id == talent_id, table.c.id == reference.id))
    if found is None:
        about = {"kind": sentence(f"label.kind.{reference.kind.value}"), "id": reference.id}
        refuse(Fault("calibration.evidence_unknown", "/evidence", about))


def _row(
    db: Database, actor: Actor, placement: CyclePlacementRow, move: calibration.Move, command: CalibratePlacement
) -> CalibrationRow:
    return CalibrationRow(
        institution_id=actor.institution_id,
        id=uuid4(),
        cycle_id=placement.cycle_id,
        talent_id=placement.talent_id,
        computed_box=move.computed_box,
        from_box=move.from_box,
        to_box=move.to_box,
        reason=command.reason.value,
        comment=command.comment,
        evidence_kind=None if command.evidence is None else command.evidence.kind.value,
        evidence_id=None if command.evidence is None else command.evidence.id,
        evidence_text=command.evidence_text,
        state=move.first_state.value,
        moved_at=db.now(),
        subject=actor.subject,
        role=actor.role.value,
    )


async def _put_in_force(tx: AsyncSession, placement: CyclePlacementRow, row: CalibrationRow) -> None:
    """The move decides the box; earlier moves of the same talent are superseded, and kept."""
    await tx.execute(update(CalibrationRow).where(_of(placement), _is_in_force).values(state=State.SUPERSEDED.value))
    placement.calibrated_box = row.to_box


def _let_second_person_say(db: Database, actor: Actor, row: CalibrationRow, state: State, comment: str | None) -> None:
    row.state, row.second_comment = state.value, comment
    row.second_subject, row.second_role, row.second_at = actor.subject, actor.role.value, db.now()


# ── reads


async def calibration_document(
    db: Database,
    actor: Actor,
    calibration_id: UUID,
    wanted: Selection | None = None,
    *,
    just_decided: bool = False,
) -> Document:
    """One move: from where to where, by whom, why, and what the second person said.

    Whoever has `just_decided` is answered with what they decided, also where the talent is restricted.
    """
    actor.require(Permission.READ_CYCLES)
    scope = {} if just_decided else scope_of(actor)
    purpose = purpose_within(actor.role, actor.purpose)
    document = await db.view_as(actor, purpose, shapes.CALIBRATION, wanted, id=calibration_id, **scope)
    if document is None:
        raise NotFound("calibration.not_found")
    return document


async def calibrations_page(
    db: Database,
    actor: Actor,
    cycle_id: UUID,
    chosen: CalibrationFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of a cycle's moves, newest first; those that await a second person or became stale by their state."""
    actor.require(Permission.READ_CYCLES)
    conditions = (chosen or CalibrationFilter()).model_dump(exclude_none=True) | scope_of(actor)
    cursor = named_cursor(after)
    return await db.page_as(
        actor, shapes.CALIBRATIONS, wanted, page_size(first), cursor, cycle_id=cycle_id, **conditions
    )
