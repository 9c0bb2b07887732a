"""Work with SIASN in the background gives signs of life, and is left to the next worker where it ends early."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, update

from app.db.database import Database
from app.db.tables.siasn_pushes import SiasnPushRow
from app.db.tables.siasn_syncs import SiasnSyncRow
from app.domain.actors import Actor
from app.domain.errors import Unavailable

EVERY = 2.0
"""Seconds between two signs of life, however long SIASN takes to answer."""
QUEUED, RUNNING = "queued", "running"
"""States of both kinds of work."""

Row = type[SiasnSyncRow] | type[SiasnPushRow]


class Run(Protocol):
    """Work under way, by whoever carries it out."""

    @property
    def db(self) -> Database: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def id(self) -> UUID: ...


async def _show_life(run: Run, row: Row, work_id: UUID) -> None:
    """Give signs of life, by the clock of the database, until the work is no longer to be done by this run."""
    mine = update(row).where(row.id == work_id, row.run_id == run.id, row.state == RUNNING)
    while True:
        await asyncio.sleep(EVERY)
        with suppress(Unavailable):
            async with run.db.write_as(run.actor) as tx:
                told = await tx.execute(mine.values(heartbeat_at=func.clock_timestamp()))
                if not told.rowcount:  # type: ignore[attr-defined]
                    return


async def _leave(run: Run, row: Row, work_id: UUID) -> None:
    """The next worker takes it up at once."""
    mine = update(row).where(row.id == work_id, row.run_id == run.id, row.state == RUNNING)
    async with run.db.write_as(run.actor) as tx:
        await tx.execute(mine.values(state=QUEUED, run_id=None))
