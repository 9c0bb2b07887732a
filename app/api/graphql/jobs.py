"""GraphQL: background work."""

from __future__ import annotations

import datetime

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db import queue
from app.db.documents import Document
from app.domain.jobs import State
from app.services import jobs
from app.services.jobs import JobFilter

strawberry.enum(State, name="JobState", graphql_name_from="value", description="Where a job is.")
strawberry.enum(queue.Job, name="JobKind", graphql_name_from="value", description="What a job does.")


@strawberry.type(description="Something that a job is about.")
class JobSubject:
    name: str = strawberry.field(description="What it is, such as `calculationId`.")
    id: str
    href: str | None = strawberry.field(description="Where its document is, which tells how far the work is.")


@strawberry.type(description="Why a job failed when it was tried last.")
class JobFailure:
    code: str
    cause: str | None = strawberry.field(description="Code of the refusal, where a rule refused the work.")
    at: datetime.datetime
    detail: Sentence


@strawberry.type(description="A piece of background work.")
class Job:
    id: str
    kind: queue.Job
    state: State
    attempts: int = strawberry.field(description="How often a worker has begun it.")
    enqueued_at: datetime.datetime
    started_at: datetime.datetime | None = strawberry.field(description="When it was begun last.")
    finished_at: datetime.datetime | None
    retry_at: datetime.datetime | None = strawberry.field(description="When it is tried again at the earliest.")
    caused_by_role: str = strawberry.field(description="In which role somebody caused it.")
    request_id: str | None = strawberry.field(description="The request that caused it, as logs and the ledger name it.")
    about: list[JobSubject]
    last_failure: JobFailure | None


@strawberry.type
class JobEdge:
    cursor: str
    node: Job


@strawberry.type(description="A page of jobs, newest first.")
class JobConnection:
    edges: list[JobEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class JobQueries:
    @strawberry.field(description="One job of the own institution.")
    def job(self, job_id: str) -> Job | None:
        compiled()

    @strawberry.field(description="The background work of the own institution; what ended is kept for some days.")
    def jobs(
        self,
        state: State | None = None,
        kind: queue.Job | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> JobConnection | None:
        compiled()


@strawberry.type
class JobChanges:
    @strawberry.field(description="Have a job that failed for good tried again.")
    def retry_job(self, job_id: str) -> Job | None:
        compiled()

    @strawberry.field(description="Drop a job as long as it waits.")
    def cancel_job(self, job_id: str) -> Job | None:
        compiled()


async def job(asked: Asked, job_id: str) -> Document:
    return await jobs.job_document(asked.db, asked.actor, job_id, asked.wanted)


async def jobs_page(
    asked: Asked,
    state: str | None = None,
    kind: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Document:
    chosen = JobFilter(state=state, kind=kind)
    return await jobs.jobs_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def retry_job(asked: Asked, job_id: str) -> Document:
    await jobs.retry_job(asked.db, asked.actor, job_id)
    return await job(asked, job_id)


async def cancel_job(asked: Asked, job_id: str) -> Document:
    await jobs.cancel_job(asked.db, asked.actor, job_id)
    return await job(asked, job_id)


ROOTS: dict[str, RootFunction] = {"job": job, "jobs": jobs_page}
CHANGES: dict[str, RootFunction] = {"retryJob": retry_job, "cancelJob": cancel_job}
