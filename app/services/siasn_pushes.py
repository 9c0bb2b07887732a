"""Confirmed placements handed over to SIASN, each with a receipt, never twice once SIASN has accepted it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.db.database import Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.queue import Job, defer
from app.db.shapes import siasn_pushes as shapes
from app.db.siasn_receipts import lay_receipts
from app.db.tables.cycles import CycleRow
from app.db.tables.siasn_connections import SiasnConnectionRow
from app.db.tables.siasn_pushes import SiasnPushRow, SiasnReceiptRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, NotFound, Unavailable
from app.domain.messages import sentence
from app.domain.siasn_events import HandoverMoved, PlacementsHandedOver
from app.domain.siasn_pushes import JOB_OVER, MOST_IN_A_ROW, PATIENCE, UNDER_WAY, Outcome, State, must_be_under_way
from app.services import siasn_connections, siasn_trials, siasn_work
from app.services.contract import Command, named_cursor, page_size
from app.services.siasn_pulls import UNAUTHORISED
from app.siasn.client import SiasnClient
from app.siasn.connection import Connection
from app.siasn.replies import Accepted, Refused, Saved, Unknown, Unsent

BETWEEN_TRIES = 2.0
"""Seconds before somebody who could not be sent is tried again; then twice as many."""


class StartSiasnPush(Command):
    """Hand the placements of a confirmed cycle over."""

    cycle_id: Annotated[UUID, Field(strict=False)]
    repeat_unknown: bool = Field(
        False,  # noqa: FBT003 - the default of a field
        description="Also send what may have arrived before, its answer being lost: look into SIASN first.",
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A handing over under way, by whoever carries it out."""

    db: Database
    actor: Actor
    push_id: UUID
    id: UUID
    connection: Connection


class ReceiptFilter(Command):
    """Which receipts to list; what is not given does not restrict."""

    outcome: Outcome | None = Field(None, strict=False)


# ── writes


async def start_siasn_push(db: Database, actor: Actor, command: StartSiasnPush) -> UUID:
    """Queue the handing over of a confirmed cycle; a worker then does `run_siasn_push`.

    Whom SIASN has accepted in this cycle is left out, and so is, unless told otherwise, whose answer was lost: nobody
    knows whether SIASN takes a placement twice for one. Refused where the connection does not allow it, before the
    cycle is confirmed, while one is under way, and where nobody is left.
    """
    actor.require(Permission.SYNC_SIASN)
    push_id, now = uuid4(), db.now()
    async with db.write_as(actor) as tx:
        await _must_be_allowed(tx, actor)
        cycle = await tx.get(CycleRow, (actor.institution_id, command.cycle_id), with_for_update={"read": True})
        if cycle is None:
            raise NotFound("cycle.not_found")
        if cycle.confirmed_at is None:
            raise Conflict("cycle.not_confirmed")
        row = {"institution_id": actor.institution_id, "id": push_id, "cycle_id": cycle.id, "subject": actor.subject}
        told = {"state": State.QUEUED.value, "repeats_unknown": command.repeat_unknown}
        try:
            await tx.execute(insert(SiasnPushRow).values(**row, **told, queued_at=now, heartbeat_at=now))
        except IntegrityError as error:  # the one index that can refuse it
            raise Conflict("siasn_push.under_way") from error
        repeats = command.repeat_unknown
        people = await lay_receipts(tx, actor.institution_id, cycle.id, push_id, repeats_unknown=repeats)
        if not people:
            raise Conflict("siasn_push.nobody")
        await record(tx, actor, PlacementsHandedOver(push_id, cycle.id, people, repeats))
        await defer(tx, actor, Job.PUSH_PLACEMENTS, push_id=push_id)
    return push_id


async def cancel_siasn_push(db: Database, actor: Actor, push_id: UUID) -> None:
    """Stop handing over. Who was sent by then stays sent; the others may be handed over by another one."""
    actor.require(Permission.SYNC_SIASN)
    async with db.write_as(actor) as tx:
        push = await _hold_push(tx, actor, push_id)
        must_be_under_way(push.state)
        await _end(tx, db, actor, push, State.CANCELLED)


async def run_siasn_push(
    db: Database, actor: Actor, sealing: Sealing, destinations: Destinations, push_id: UUID
) -> None:
    """Carry a queued handing over to its end, one person after the other, from where it stopped.

    What was on its way when a worker ended is not sent again: its receipt says that nobody knows what came of it.
    A worker that is stopped leaves it to the next one.
    """
    actor.require(Permission.SYNC_SIASN)
    try:
        run = await _begin(db, actor, sealing, push_id)
    except Conflict as refused:
        if refused.code == "siasn_push.under_way":
            raise
        await _fail(db, actor, push_id, refused.code)
        return
    if run is None:
        return
    renewal = siasn_connections._renewal(db, actor, sealing)  # noqa: SLF001 - a service composes another's steps
    async with SiasnClient(run.connection, destinations, renewal=renewal) as client:
        beating = asyncio.create_task(siasn_work._show_life(run, SiasnPushRow, push_id))  # noqa: SLF001
        try:
            await _hand_all_over(run, client)
        except (Exception, asyncio.CancelledError):
            with suppress(Unavailable):
                await siasn_work._leave(run, SiasnPushRow, push_id)  # noqa: SLF001
            raise
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)


async def end_left_siasn_pushes(db: Database, actor: Actor) -> None:
    """End what nobody carries out any more, its job having failed for good; another one may go on."""
    actor.require(Permission.SYNC_SIASN)
    async with db.read_as(actor) as tx:
        left = await fetch_rows(tx, LEFT, actor.institution_id)
    for (push_id,) in left:
        await _fail(db, actor, push_id, JOB_OVER)


LEFT = "SELECT push_id FROM siasn_pushes_left() WHERE institution_id = $1"


async def _hand_all_over(run: Run, client: SiasnClient) -> None:
    """Everybody in turn; it ends early where several in a row had no answer that counts."""
    db, actor, push_id = run.db, run.actor, run.push_id
    lost = 0
    saved: tuple[UUID, Saved] | None = None
    while True:
        async with db.write_as(actor) as tx:
            push = await _hold_push(tx, actor, push_id)
            if saved is not None:
                await _note(tx, db, push_id, *saved)
            if push.state not in UNDER_WAY or push.run_id != run.id:  # somebody has stopped it, or carries it out
                return
            turn = await _next(tx, db, push)
            if turn is None:
                await _end(tx, db, actor, push, State.DONE)
                return
        talent_id, row = turn
        answer = await client.save_talent_mapping(row)
        saved = talent_id, answer
        lost = 0 if isinstance(answer, (Accepted, Refused)) else lost + 1
        if isinstance(answer, (Unsent, Unknown)):
            if answer.code == UNAUTHORISED or lost >= MOST_IN_A_ROW:
                await _fail(db, actor, push_id, answer.code, saved)
                return
            await asyncio.sleep(BETWEEN_TRIES * 2 ** (lost - 1))


async def _begin(db: Database, actor: Actor, sealing: Sealing, push_id: UUID) -> Run | None:
    """Take a push that waits, or that nobody carries out any more; None where it is over.

    Refused while somebody else carries it out, and where the connection does not allow it any more.
    """
    async with db.write_as(actor) as tx:
        push = await _hold_push(tx, actor, push_id)
        if push.state not in UNDER_WAY:
            return None
        await _must_be_allowed(tx, actor)
        connection = await siasn_connections._open_connection(tx, actor, sealing)  # noqa: SLF001
        await siasn_trials._note_secrets(tx, db, actor, are_readable=True)  # noqa: SLF001
        is_silent = select(SiasnPushRow.heartbeat_at < func.clock_timestamp() - timedelta(seconds=PATIENCE))
        if push.state == State.RUNNING.value and not await tx.scalar(is_silent.where(SiasnPushRow.id == push_id)):
            raise Conflict("siasn_push.under_way")
        run = Run(db, actor, push_id, uuid4(), connection)
        push.state, push.started_at = State.RUNNING.value, push.started_at or db.now()
        push.run_id, push.heartbeat_at = run.id, func.clock_timestamp()
        await tx.execute(
            update(SiasnReceiptRow)
            .where(SiasnReceiptRow.push_id == push_id, SiasnReceiptRow.outcome == Outcome.SENDING.value)
            .values(outcome=Outcome.UNKNOWN.value, code="siasn.interrupted")
        )
        return run


async def _next(tx: AsyncSession, db: Database, push: SiasnPushRow) -> tuple[UUID, Mapping[str, str | None]] | None:
    """Who is next, marked as on the way before anything is sent; None where everybody was asked for."""
    receipt, talent = SiasnReceiptRow, TalentRow
    waiting = (
        select(receipt, talent.siasn_id)
        .join(talent, (talent.institution_id == receipt.institution_id) & (talent.id == receipt.talent_id))
        .where(receipt.push_id == push.id, receipt.outcome == Outcome.WAITING.value)
        .order_by(receipt.talent_id)
        .limit(1)
    )
    found = (await tx.execute(waiting)).one_or_none()
    if found is None:
        return None
    row, siasn_id = found
    row.outcome, row.sent_at = Outcome.SENDING.value, db.now()
    told = {"pns_id": siasn_id, "box": str(row.box), "sumbu_x": row.x, "sumbu_y": row.y, "total_sumbu": row.total}
    return row.talent_id, told


async def _note(tx: AsyncSession, db: Database, push_id: UUID, talent_id: UUID, saved: Saved) -> None:
    """What came of somebody, on the receipt."""
    match saved:
        case Accepted(siasn_id, message):
            told: dict[str, object] = {"outcome": Outcome.ACCEPTED.value, "siasn_id": siasn_id, "message": message}
        case Refused(message, _):
            told = {"outcome": Outcome.REFUSED.value, "code": "siasn_push.refused", "message": message}
        case Unknown(code, _):
            told = {"outcome": Outcome.UNKNOWN.value, "code": code}
        case Unsent(_, _):
            told = {"outcome": Outcome.WAITING.value, "sent_at": None}
    answered_at = None if isinstance(saved, (Unsent, Unknown)) else db.now()
    await tx.execute(
        update(SiasnReceiptRow)
        .where(SiasnReceiptRow.push_id == push_id, SiasnReceiptRow.talent_id == talent_id)
        .values(**{"code": None, **told}, answered_at=answered_at)
    )
    await tx.flush()


async def _fail(db: Database, actor: Actor, push_id: UUID, code: str, saved: tuple[UUID, Saved] | None = None) -> None:
    """It ends early; another one may go on."""
    async with db.write_as(actor) as tx:
        push = await _hold_push(tx, actor, push_id)
        if saved is not None:
            await _note(tx, db, push_id, *saved)
        if code == siasn_connections.SEALED_ELSEWHERE:
            await siasn_trials._note_secrets(tx, db, actor, are_readable=False)  # noqa: SLF001
        if push.state in UNDER_WAY:
            push.error = {"code": code, **sentence(code)}
            await _end(tx, db, actor, push, State.FAILED)


async def _end(tx: AsyncSession, db: Database, actor: Actor, push: SiasnPushRow, state: State) -> None:
    """It is over; who still waits is not sent by this one any more, and what is on its way has its answer or none."""
    mine = SiasnReceiptRow.push_id == push.id
    lost = update(SiasnReceiptRow).where(mine, SiasnReceiptRow.outcome == Outcome.SENDING.value)
    await tx.execute(lost.values(outcome=Outcome.UNKNOWN.value, code="siasn.interrupted"))
    stopped = update(SiasnReceiptRow).where(mine, SiasnReceiptRow.outcome == Outcome.WAITING.value)
    await tx.execute(stopped.values(outcome=Outcome.NOT_SENT.value, code="siasn_push.stopped"))
    counted = select(SiasnReceiptRow.outcome, func.count()).where(mine).group_by(SiasnReceiptRow.outcome)
    counts = {str(outcome): int(count) for outcome, count in await tx.execute(counted)}
    before, push.state, push.finished_at = push.state, state.value, db.now()
    await record(tx, actor, HandoverMoved(push.id, before, state.value, counts))


async def _hold_push(tx: AsyncSession, actor: Actor, push_id: UUID) -> SiasnPushRow:
    push = await tx.get(SiasnPushRow, (actor.institution_id, push_id), with_for_update=True)
    if push is None:
        raise NotFound("siasn_push.not_found")
    return push


async def _must_be_allowed(tx: AsyncSession, actor: Actor) -> None:
    row = await tx.get(SiasnConnectionRow, actor.institution_id)
    if row is None:
        raise Conflict(siasn_connections.NOT_CONNECTED)
    if not row.pushes_placements:
        raise Conflict("siasn.pushes_off")


# ── reads


async def siasn_push_document(db: Database, actor: Actor, push_id: UUID, wanted: Selection | None = None) -> Document:
    """One handing over: how far it is, and how many SIASN accepted and refused."""
    actor.require(Permission.SYNC_SIASN)
    document = await db.document_as(actor, shapes.PUSH, wanted, id=push_id)
    if document is None:
        raise NotFound("siasn_push.not_found")
    return document


async def siasn_pushes_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """Placements handed over to SIASN, cycle by cycle, newest first."""
    actor.require(Permission.SYNC_SIASN)
    return await db.page_as(actor, shapes.PUSHES, wanted, page_size(first), named_cursor(after))


async def siasn_receipts_page(
    db: Database,
    actor: Actor,
    push_id: UUID,
    chosen: ReceiptFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The receipts of one handing over by name: what was sent of each person, and what SIASN said."""
    actor.require(Permission.SYNC_SIASN)
    conditions = {"push_id": push_id}
    outcome = {} if chosen is None or chosen.outcome is None else {"outcome": chosen.outcome.value}
    return await db.page_as(
        actor, shapes.RECEIPTS, wanted, page_size(first), named_cursor(after), **conditions, **outcome
    )
