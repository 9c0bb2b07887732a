"""Schedules: syncs with SIASN that start by themselves, and those that stand still because their job is over."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.db.database import Database, fetch_rows
from app.db.tables.siasn_connections import SiasnConnectionRow
from app.domain.actors import Actor, Permission
from app.domain.siasn_syncs import JOB_OVER, Mode, State
from app.services import siasn_syncs
from app.services.siasn_syncs import StartSiasnSync


async def keep_siasn_synced(db: Database, actor: Actor) -> UUID | None:
    """Pause a sync whose job is over, and start the one that is due; returns the id of that, if it is one.

    Several workers may do it at once: the connection is held meanwhile, and one sync at a time is under way.
    """
    actor.require(Permission.SYNC_SIASN)
    async with db.write_as(actor) as tx:
        mine = SiasnConnectionRow.institution_id == actor.institution_id
        await tx.execute(select(SiasnConnectionRow.institution_id).where(mine).with_for_update())
        due = await fetch_rows(tx, DUE, db.now(), actor.institution_id)
        started = None
        for (sync_id,) in due:
            if sync_id is None:
                command = StartSiasnSync(mode=Mode.INCREMENTAL)
                started = await siasn_syncs._start(tx, db, actor, command)  # noqa: SLF001 - another's step
                continue
            sync = await siasn_syncs._hold_sync(tx, actor, sync_id)  # noqa: SLF001
            if sync.state in (State.QUEUED, State.RUNNING):
                await siasn_syncs._move(tx, db, actor, sync, State.PAUSED, JOB_OVER)  # noqa: SLF001
        return started


DUE = "SELECT sync_id FROM siasn_syncs_due($1) WHERE institution_id = $2"
