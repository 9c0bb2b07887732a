"""Is the process alive, is it ready, what does it count."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.api.access import database
from app.domain.errors import Unavailable

router = APIRouter(tags=["health"])


@router.get("/health/live", operation_id="live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready", operation_id="ready")
async def ready(request: Request) -> dict[str, str]:
    """PostgreSQL answers and its schema is there; 503 otherwise."""
    if not await database(request).answers():
        raise Unavailable("unavailable")
    return {"status": "ready"}


@router.get("/metrics", operation_id="metrics", response_class=Response)
async def metrics() -> Response:
    """Counters and latencies for Prometheus, by route template."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
