"""Background work of an institution: looked at, tried again where it failed for good, dropped as long as it waits."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.db import queue
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.queue import Job
from app.db.shapes import jobs as shapes
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.job_events import JobCancelled, JobRetried
from app.domain.jobs import State, must_be_droppable, must_be_failed
from app.services import calculation
from app.services.contract import LARGEST_NUMBER, Command, must_be_one_of, number_cursor, page_size


class JobFilter(Command):
    """Which jobs to list; what is not given does not restrict."""

    state: str | None = Field(None, description="Where a job is.")
    kind: str | None = Field(None, description="What it does.")


# ── writes


async def retry_job(db: Database, actor: Actor, job_id: str) -> None:
    """Have a job that failed for good tried again, with all of its attempts. Refused in any other state."""
    actor.require(Permission.MANAGE_JOBS)
    async with db.write_as(actor) as tx:
        held = await queue.hold_job(tx, _number_of(job_id))
        must_be_failed(held.state)
        await queue.begin_anew(tx, held.id)
        await record(tx, actor, JobRetried(str(held.id), held.kind))


async def cancel_job(db: Database, actor: Actor, job_id: str) -> None:
    """Drop a job that waits. Refused once it is being done, and where its work is stopped at an address of its own.

    A calculation that it was to carry out has failed by that.
    """
    actor.require(Permission.MANAGE_JOBS)
    async with db.write_as(actor) as tx:
        held = await queue.hold_job(tx, _number_of(job_id))
        must_be_droppable(held.state, held.about)
        await queue.drop(tx, held.id)
        if (calculation_id := held.about.get("calculation_id")) is not None:
            await calculation._give_up(tx, db, UUID(calculation_id), "calculation.cancelled")  # noqa: SLF001
        await record(tx, actor, JobCancelled(str(held.id), held.kind))


# ── reads


async def job_document(db: Database, actor: Actor, job_id: str, wanted: Selection | None = None) -> Document:
    """One job: where it is, how often it was tried, why it failed last, and what it is about."""
    actor.require(Permission.READ_JOBS)
    document = await db.document_as(actor, shapes.JOB, wanted, id=_number_of(job_id))
    if document is None:
        raise NotFound("job.not_found")
    return document


async def jobs_page(
    db: Database,
    actor: Actor,
    chosen: JobFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The background work of the own institution, newest first; what ended is kept for some days."""
    actor.require(Permission.READ_JOBS)
    conditions = (chosen or JobFilter()).model_dump(exclude_none=True)
    must_be_one_of([state.value for state in State], "state", conditions.get("state"))
    must_be_one_of([job.value for job in Job], "kind", conditions.get("kind"))
    return await db.page_as(actor, shapes.JOBS, wanted, page_size(first), number_cursor(after), **conditions)


def _number_of(job_id: str) -> int:
    """The number that an id is; what cannot be one is the id of nothing."""
    if not (job_id.isascii() and job_id.isdecimal() and len(job_id) <= DIGITS) or int(job_id) > LARGEST_NUMBER:
        raise NotFound("job.not_found")
    return int(job_id)


DIGITS = len(str(LARGEST_NUMBER))
