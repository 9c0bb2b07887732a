"""Is the process alive, is it ready, what does it count."""

from __future__ import annotations

from contextlib import suppress

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from app.api.access import database
from app.domain.errors import Unavailable

router = APIRouter(tags=["health"])
logger = structlog.get_logger("health")
JOBS = Gauge("jobs", "Background jobs of all institutions that are not done, by kind and state.", ("kind", "state"))
OLDEST_JOB = Gauge("job_oldest_seconds", "For how long the oldest of them has been there.", ("kind", "state"))

UNREADABLE = Gauge(
    "secrets_unreadable",
    "Subscriptions and connections to SIASN whose secrets no key opens.",
    ("kind",),
)


@router.get("/health/live", operation_id="live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready", operation_id="ready")
async def ready(request: Request) -> dict[str, str]:
    """PostgreSQL answers and its schema is up to date; 503 otherwise."""
    if not await database(request).answers():
        logger.warning("not.ready", todo="PostgreSQL has to answer, and its schema to be up to date (migrate)")
        raise Unavailable("unavailable")
    return {"status": "ready"}


@router.get("/metrics", operation_id="metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Counters and latencies for Prometheus, by route template, and the jobs that are not done."""
    JOBS.clear()
    OLDEST_JOB.clear()
    with suppress(Unavailable):  # what the process itself counts is told all the same
        if not await database(request).answers():
            raise Unavailable("unavailable")
        for one in await database(request).count_jobs():
            JOBS.labels(one.kind, one.state).set(one.jobs)
            OLDEST_JOB.labels(one.kind, one.state).set(one.oldest_seconds)
        for kind, number in (await database(request).count_unreadable_secrets()).items():
            UNREADABLE.labels(kind).set(number)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
