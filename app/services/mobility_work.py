"""Background work on mobility campaigns: queued, carried out once and whole or not at all, told of, and cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.queue import Job, defer
from app.db.tables.mobility import MobilityCampaignRow
from app.db.tables.mobility_runs import MobilityWorkRow
from app.domain.actors import Actor
from app.domain.errors import Conflict, NotFound, TalentError, Unavailable
from app.domain.messages import Sentence, sentence
from app.domain.mobility_work import PATIENCE, UNDER_WAY, Kind, Stage, State

JOBS = {
    Kind.FREEZE: Job.FREEZE_MOBILITY,
    Kind.RUN: Job.RUN_MOBILITY,
    Kind.REHEARSAL: Job.REHEARSE_MOBILITY,
}
"""Who carries out what."""
EVERY = 1.0
"""Seconds between two signs of life, which also find out whether somebody has cancelled."""


@dataclass(slots=True)
class Progress:
    """How far work is; a thread that does some of it may change it."""

    stage: Stage = Stage.WAITING
    done: int = 0
    total: int = 0
    people: int = 0
    """Whose round it was: told as `done` and `total` once it is over."""

    def enter(self, stage: Stage, total: int = 0) -> None:
        """Another stage begins, of so many steps where they are counted."""
        self.stage, self.done, self.total = stage, 0, total


Work = Callable[[AsyncSession, MobilityWorkRow, Progress], Awaitable[None]]
"""What is done in one transaction."""


async def _queue(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    campaign: MobilityCampaignRow,
    kind: Kind,
    *,
    is_early: bool = False,
    because: str | None = None,
) -> MobilityWorkRow:
    """Work that waits to be carried out. Refused while the same is under way for the campaign.

    The job that carries it out is deferred in the same transaction.
    """
    row = MobilityWorkRow
    under_way = select(row).where(
        row.institution_id == actor.institution_id,
        row.campaign_id == campaign.id,
        row.kind == kind.value,
        row.state.in_(UNDER_WAY),
    )
    if (other := await tx.scalar(under_way)) is not None:
        raise Conflict("mobility_work.under_way", stage=_said(other.stage))
    work = MobilityWorkRow(
        institution_id=actor.institution_id,
        id=uuid4(),
        campaign_id=campaign.id,
        kind=kind.value,
        state=State.QUEUED.value,
        stage=Stage.WAITING.value,
        done=0,
        total=0,
        subject=actor.subject,
        queued_at=db.now(),
        heartbeat_at=db.now(),
        is_early=is_early,
        because=because,
    )
    tx.add(work)
    await tx.flush()
    await defer(tx, actor, JOBS[kind], work_id=work.id)
    return work


def _said(stage: str) -> Sentence:
    return sentence(f"mobility_work.stage.{stage}")


async def _cancel(tx: AsyncSession, db: Database, actor: Actor, work_id: UUID, kind: Kind) -> UUID:
    """Stop work that is under way: nothing of it will have happened; the campaign it is of. Refused once it is over."""
    row = await tx.get(MobilityWorkRow, (actor.institution_id, work_id), with_for_update=True)
    if row is None or row.kind != kind.value:
        raise NotFound("mobility_work.not_found")
    if row.state not in UNDER_WAY:
        raise Conflict("mobility_work.over")
    row.state, row.finished_at = State.CANCELLED.value, db.now()
    return row.campaign_id


async def _carry_out(db: Database, actor: Actor, work_id: UUID, kind: Kind, work: Work) -> None:
    """Do the work and store what comes of it in one transaction, or say why not: a failure leaves nothing behind.

    Does nothing where it is over. Stopped, or cut off from the database, it waits for the next try.
    """
    if not await _begin(db, actor, work_id, kind):
        return
    progress = Progress()
    doing = asyncio.create_task(_do(db, actor, work_id, progress, work))
    watching = asyncio.create_task(_watch(db, actor, work_id, progress))
    try:
        await asyncio.wait((doing, watching), return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():  # cancelled by somebody, or its worker counts as dead
            return
        await doing
    except Unavailable:
        await _leave(db, actor, work_id, State.QUEUED, stage=Stage.WAITING.value, done=0, total=0)
        raise
    except asyncio.CancelledError:
        await _leave(db, actor, work_id, State.QUEUED, stage=Stage.WAITING.value, done=0, total=0)
        raise
    except Exception as error:
        await _leave(db, actor, work_id, State.FAILED, finished_at=db.now(), error=_told(error))
        if not isinstance(error, TalentError):
            raise
    finally:
        for task in (doing, watching):
            task.cancel()
        await asyncio.gather(doing, watching, return_exceptions=True)


async def _do(db: Database, actor: Actor, work_id: UUID, progress: Progress, work: Work) -> None:
    async with db.write_as(actor) as tx:
        row = await tx.get_one(MobilityWorkRow, (actor.institution_id, work_id))
        # nobody has counted the rows that this transaction adds: to join them one by one would take forever
        await tx.execute(text("SET LOCAL enable_nestloop = off"))
        await work(tx, row, progress)
        people = {"done": progress.people, "total": progress.people}
        over = {"state": State.SUCCEEDED.value, "stage": Stage.DONE.value, **people}
        if not await _tell(tx, work_id, finished_at=db.now(), **over):
            raise Conflict("mobility_work.over")


async def _watch(db: Database, actor: Actor, work_id: UUID, progress: Progress) -> None:
    """Tell how far it is until the work is no longer to be done."""
    while True:
        await asyncio.sleep(EVERY)
        with suppress(Unavailable):
            async with db.write_as(actor) as tx:
                told = {"stage": progress.stage.value, "done": progress.done, "total": progress.total}
                if not await _tell(tx, work_id, heartbeat_at=func.clock_timestamp(), **told):
                    return


async def _begin(db: Database, actor: Actor, work_id: UUID, kind: Kind) -> bool:
    """Take work that waits, or that nobody does any more; False where there is nothing left to do.

    Refused if it is not there, and while somebody else carries it out.
    """
    async with db.write_as(actor) as tx:
        row = await tx.get(MobilityWorkRow, (actor.institution_id, work_id), with_for_update=True)
        if row is None or row.kind != kind.value:
            raise NotFound("mobility_work.not_found")
        if row.state not in UNDER_WAY:
            return False
        is_silent = MobilityWorkRow.heartbeat_at < func.clock_timestamp() - timedelta(seconds=PATIENCE)
        silent = await tx.scalar(select(is_silent).where(MobilityWorkRow.id == work_id))
        if row.state == State.RUNNING.value and not silent:
            raise Conflict("mobility_work.under_way", stage=_said(row.stage))
        row.state, row.started_at, row.error = State.RUNNING.value, db.now(), None
        return await _tell(tx, work_id, heartbeat_at=func.clock_timestamp())


async def _leave(db: Database, actor: Actor, work_id: UUID, state: State, **values: object) -> None:
    """Work ends before it is done."""
    async with db.write_as(actor) as tx:
        await _tell(tx, work_id, state=state.value, **values)


async def _tell(tx: AsyncSession, work_id: UUID, **values: object) -> bool:
    """Note something of work that is under way; whether it is."""
    row = MobilityWorkRow
    told = await tx.execute(update(row).where(row.id == work_id, row.state.in_(UNDER_WAY)).values(**values))
    return bool(told.rowcount)  # type: ignore[attr-defined]


def _told(error: Exception) -> dict[str, object]:
    """Why work failed, with everything that is wrong where it was refused."""
    if not isinstance(error, TalentError):
        return {"code": "internal", **sentence("internal"), "faults": []}
    faults = [{"code": fault.code, "where": fault.where, **fault.detail} for fault in error.faults]
    return {"code": error.code, **error.detail, "faults": faults}
