"""Runs of a sync: SIASN is asked ahead, and what it told is taken over chunk by chunk, each with how far that is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.db import staging
from app.db.database import Database
from app.db.failpoints import Failpoint, reached
from app.db.ledger import record
from app.db.siasn_turns import turns_after
from app.db.tables.imports import ImportRow
from app.db.tables.siasn_syncs import SiasnSyncRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, Unavailable
from app.domain.siasn_events import SiasnSyncMoved, SiasnUnitsTaken
from app.domain.siasn_syncs import JOB_OVER, PATIENCE, Scope, State
from app.services import imports, siasn_connections, siasn_syncs, siasn_taking, siasn_trials, siasn_units, siasn_work
from app.services.siasn_pulls import MOST_OUTAGES, UNAUTHORISED, Asked, Pull, Turn, code_of, open_pull, split_outage
from app.services.siasn_syncs import RUNNING
from app.siasn.client import SiasnClient
from app.siasn.connection import Connection
from app.siasn.replies import Failed, Row


@dataclass(slots=True)
class Run:
    """A sync under way, by whoever carries it out; `since` is when it was last at work, on the clock of the machine."""

    db: Database
    actor: Actor
    sync_id: UUID
    id: UUID
    connection: Connection
    histories: tuple[str, ...]
    takes_units: bool
    since: float

    def spent_ms(self) -> int:
        """How long it was at work since it was last asked."""
        before, self.since = self.since, time.monotonic()
        return round(1000 * (self.since - before))


async def run_siasn_sync(
    db: Database, actor: Actor, sealing: Sealing, destinations: Destinations, sync_id: UUID
) -> None:
    """Carry a sync out from where it stopped. Does nothing where there is nothing to do any more.

    A crash, a pause and a second worker lose nothing and repeat nothing: what is taken over says how far it is.
    """
    actor.require(Permission.SYNC_SIASN)
    run = await _begin(db, actor, sealing, sync_id)
    if run is None:
        return
    renewal = siasn_connections._renewal(db, actor, sealing)  # noqa: SLF001 - a service composes another's steps
    async with SiasnClient(run.connection, destinations, renewal=renewal) as client:
        doing = asyncio.create_task(_do(run, client))
        watching = asyncio.create_task(siasn_work._show_life(run, SiasnSyncRow, sync_id))  # noqa: SLF001
        try:
            await asyncio.wait((doing, watching), return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                await doing
        except (Exception, asyncio.CancelledError):
            with suppress(Unavailable):
                await siasn_work._leave(run, SiasnSyncRow, sync_id)  # noqa: SLF001
            raise
        finally:
            for task in (doing, watching):
                task.cancel()
            await asyncio.gather(doing, watching, return_exceptions=True)


async def _begin(db: Database, actor: Actor, sealing: Sealing, sync_id: UUID) -> Run | None:
    """Take up a sync that waits, or that nobody carries out any more; refused while somebody does."""
    async with db.write_as(actor) as tx:
        sync = await siasn_syncs._hold_sync(tx, actor, sync_id)  # noqa: SLF001
        if sync.state not in (State.QUEUED, State.RUNNING) and sync.problem != JOB_OVER:
            return None
        is_silent = SiasnSyncRow.heartbeat_at < func.clock_timestamp() - timedelta(seconds=PATIENCE)
        if sync.state == State.RUNNING and not await tx.scalar(select(is_silent).where(SiasnSyncRow.id == sync_id)):
            raise Conflict(RUNNING, sync=str(sync_id))
        try:
            connection = await siasn_connections._open_connection(tx, actor, sealing)  # noqa: SLF001
        except Conflict as error:
            await siasn_syncs._move(tx, db, actor, sync, State.PAUSED, error.code)  # noqa: SLF001
            if error.code == siasn_connections.SEALED_ELSEWHERE:
                await siasn_trials._note_secrets(tx, db, actor, are_readable=False)  # noqa: SLF001
            return None
        await siasn_trials._note_secrets(tx, db, actor, are_readable=True)  # noqa: SLF001
        sync.state, sync.problem, sync.run_id = State.RUNNING.value, None, uuid4()
        sync.started_at = sync.started_at or db.now()
        await tx.flush()
        await _beat(tx, sync_id)
        takes_units = sync.scope == Scope.EVERYBODY and not sync.units_taken
        histories = tuple(sync.histories)
        return Run(db, actor, sync_id, sync.run_id, connection, histories, takes_units, time.monotonic())


async def _beat(tx: AsyncSession, sync_id: UUID) -> None:
    """A sign of life, by the clock of the database."""
    told = update(SiasnSyncRow).where(SiasnSyncRow.id == sync_id).values(heartbeat_at=func.clock_timestamp())
    await tx.execute(told.execution_options(synchronize_session=False))


async def _do(run: Run, client: SiasnClient) -> None:
    if run.takes_units and not await _take_units(run, client):
        return
    async with run.db.read_as(run.actor) as tx:
        sync = await tx.get_one(SiasnSyncRow, (run.actor.institution_id, run.sync_id))
        turns = [Turn(*one) for one in await turns_after(tx, run.actor.institution_id, run.sync_id, sync.position)]
    async with open_pull(client, run.histories, run.connection.concurrency, turns, run.db.now) as pull:
        if await _take_everybody(run, pull):
            await _finish(run)


async def _take_everybody(run: Run, pull: Pull) -> bool:
    """Take people over as they come; False where that is not to go on."""
    waiting: list[Asked] = []
    is_answered, is_over = False, False
    while True:
        taken = await pull.take()
        ready, waiting = split_outage([*waiting, *taken])
        is_answered |= bool(ready)
        if not taken:
            # refused to everybody, however few they are: only a silence may be about somebody alone
            is_over = bool(waiting) and not is_answered and all(code_of(one) == UNAUTHORISED for one in waiting)
            if not is_over and len(waiting) < MOST_OUTAGES:
                ready, waiting = [*ready, *waiting], []
        if ready:
            reached(Failpoint.SYNC_CHUNK_FETCHED)
            if not await _take(run, ready):
                return False
            reached(Failpoint.SYNC_CHUNK_APPLIED)
        if is_over or len(waiting) >= MOST_OUTAGES:
            await _stop(run, code_of(waiting[0]))
            return False
        if not taken:
            return True


async def _take(run: Run, asked: Sequence[Asked]) -> bool:
    """Take some people over, and say how far it is, in one transaction; False where this run is over."""
    async with run.db.write_as(run.actor) as tx:
        sync = await _hold_mine(tx, run)
        if sync is None:
            return False
        frame = await siasn_taking._open_frame(tx, run.actor, sync, run.db.today(), run.db.now())  # noqa: SLF001
        if sync.is_dry_run:
            attempt = await tx.begin_nested()
            taken = await siasn_taking._take_people(tx, frame, asked)  # noqa: SLF001
            await attempt.rollback()
            await tx.refresh(sync)
            await tx.refresh(frame.institution)
        else:
            taken = await siasn_taking._take_people(tx, frame, asked)  # noqa: SLF001
        await siasn_taking._keep_findings(tx, frame, taken)  # noqa: SLF001
        sync.position = asked[-1].turn.ordinal
        sync.working_ms += run.spent_ms()
        await tx.flush()
        await _beat(tx, run.sync_id)
        return True


async def _take_units(run: Run, client: SiasnClient) -> bool:
    """The unit tree first, in which people stand; a list that is not whole is left alone, and people go on."""
    rows: list[Row] = []
    failed: Failed | None = None
    async for page in client.units():
        if isinstance(page, Failed):
            failed = page
            break
        rows += page.rows
    async with run.db.write_as(run.actor) as tx:
        sync = await _hold_mine(tx, run)
        if sync is None:
            return False
        institution = await imports._hold_institution(tx, run.actor)  # noqa: SLF001
        if failed is not None:
            sync.unit_faults = [{"unit": None, "code": failed.code, "about": "ref-unor"}]
        else:
            tree = await siasn_units._plan(tx, institution, rows)  # noqa: SLF001
            sync.unit_faults = tree.faults
            sync.units_changed = await siasn_units._take(tx, institution, tree, dry_run=sync.is_dry_run)  # noqa: SLF001
            if not sync.is_dry_run:
                event = SiasnUnitsTaken(sync.id, sync.units_changed, len(tree.faults))
                await record(tx, run.actor, event)
        sync.units_taken = True
        sync.working_ms += run.spent_ms()
    return True


async def _hold_mine(tx: AsyncSession, run: Run) -> SiasnSyncRow | None:
    """The sync as long as this run is to carry it out."""
    sync = await siasn_syncs._hold_sync(tx, run.actor, run.sync_id)  # noqa: SLF001
    return sync if sync.run_id == run.id and sync.state == State.RUNNING else None


async def _stop(run: Run, problem: str | None) -> None:
    """It stands where it is until somebody has looked after the connection, and resumes it."""
    async with run.db.write_as(run.actor) as tx:
        if (sync := await _hold_mine(tx, run)) is not None:
            await siasn_syncs._move(tx, run.db, run.actor, sync, State.PAUSED, problem)  # noqa: SLF001


async def _finish(run: Run) -> None:
    """Everybody was asked about: the import that stands for it tells how many are mapped."""
    async with run.db.write_as(run.actor) as tx:
        sync = await _hold_mine(tx, run)
        if sync is None:
            return
        if sync.import_id is not None:
            mapped, not_mapped = await staging.count_mapped(tx, run.actor.institution_id)
            row = await tx.get_one(ImportRow, (run.actor.institution_id, sync.import_id))
            row.report = {**row.report, "mapped": mapped, "notMapped": not_mapped}
        before, sync.state, sync.run_id = sync.state, State.SUCCEEDED.value, None
        sync.finished_at = run.db.now()
        await record(tx, run.actor, SiasnSyncMoved(sync.id, before, sync.state))
