"""Plain functions that make background work for tests."""

from __future__ import annotations

import json
from typing import Any

from app.db.database import Database
from app.db.queue import Job, defer
from app.domain.actors import Actor
from app.services import jobs
from tests.factories import officer


async def a_job(db: Database, actor: Actor) -> str:
    """A job that waits to be done; its id."""
    somebody = officer(actor)
    async with db.write_as(somebody) as tx:
        await defer(tx, somebody, Job.VERIFY_MOBILITY)
    [newest, *_] = await jobs_of(db, actor)
    return str(newest["id"])


async def jobs_of(db: Database, actor: Actor) -> list[dict[str, Any]]:
    """The newest jobs of an institution."""
    return [edge["node"] for edge in json.loads(await jobs.jobs_page(db, officer(actor)))["edges"]]


async def end_jobs(db: Database, actor: Actor) -> None:
    """As if every job of the institution had failed for good."""
    async with db.write_as(actor) as tx:
        connection = await tx.connection()
        await connection.exec_driver_sql(
            "UPDATE procrastinate_jobs SET status = 'failed' "
            "WHERE args -> 'actor' ->> 'institution_id' = current_institution()::text"
        )
