"""Plain functions that make background work for tests."""

from __future__ import annotations

import json

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
    [edge] = json.loads(await jobs.jobs_page(db, somebody, first=1))["edges"]
    return str(edge["node"]["id"])
