"""REST: background work, for those who look after an institution's data."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    filter_of,
    first_of,
    in_path,
    page_of,
    query,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import jobs as shapes
from app.domain.actors import Actor
from app.services import jobs
from app.services.jobs import JobFilter

router = APIRouter(prefix="/v1", tags=["jobs"], route_class=SignedInRoute)
JobId = Annotated[str, Path(alias="jobId", description="Id of a job.")]


@router.put(
    "/jobs/{jobId}/retry",
    operation_id="retryJob",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.JOB, "The job, which waits to be done.", 202),
)
async def retry_job(request: Request, job_id: JobId) -> Response:
    """Have a job that failed for good tried again."""
    await jobs.retry_job(database(request), who_asks(request), job_id)
    document = await jobs.job_document(database(request), who_asks(request), job_id)
    return Response(document, 202, {"location": f"/v1/jobs/{job_id}"}, JSON)


@router.put(
    "/jobs/{jobId}/cancellation",
    operation_id="cancelJob",
    response_class=Response,
    responses=answers(shapes.JOB, "The job, which nobody will do."),
)
async def cancel_job(request: Request, job_id: JobId) -> Response:
    """Drop a job as long as it waits."""
    await jobs.cancel_job(database(request), who_asks(request), job_id)
    document = await jobs.job_document(database(request), who_asks(request), job_id)
    return Response(document, media_type=JSON)


async def job_document(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.JOB)
    return await jobs.job_document(db, actor, request.path_params["jobId"], wanted)


async def jobs_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, JobFilter, FILTERS)
    return await jobs.jobs_page(db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.JOBS))


FILTERS = (
    query("state", "Where a job is.", shapes.STATE),
    query("kind", "What a job does.", shapes.KIND),
)
JOB_ID = in_path("jobId", "Id of a job.", {"type": "string"})
READS = (
    Read("/jobs", jobs_page, jobs.jobs_page, shapes.JOBS, "jobs", (*FILTERS, *PAGE)),
    Read("/jobs/{jobId}", job_document, jobs.job_document, shapes.JOB, "jobs", (JOB_ID, FIELDS)),
)
