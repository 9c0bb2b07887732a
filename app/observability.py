"""Structured logs and metrics, set up once. Logs carry ids and route templates, never names or NIPs."""

from __future__ import annotations

import logging
import re
import sys
import time
from typing import Literal
from uuid import uuid4

import orjson
import structlog
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.errors import TooLarge


def set_up_logs(log_format: Literal["text", "json"]) -> None:
    """Log events with fields to standard error."""
    # without local variables: they hold tokens and employee numbers
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    as_json = (structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer(orjson.dumps))
    as_text = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(as_json if log_format == "json" else (as_text,)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer)
        if log_format == "json"
        else structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


REQUESTS = Histogram(
    "http_request_seconds",
    "Duration of requests by route template, method and status.",
    ("route", "method", "status"),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
UPLOADS = frozenset({"/v1/imports"})
ATTACHMENT = re.compile(r"/v1/submissions/[^/]+/attachment")
LARGEST_ATTACHMENT = 6 * 1024 * 1024  # some room above what the service takes, so that it answers itself
LARGEST_BODY = 1024 * 1024  # of every other request
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
logger = structlog.get_logger("http")


class Observed:
    """ASGI middleware: a request id, one log line and one measurement per request, and the limit of its size."""

    def __init__(self, app: ASGIApp, largest_request: int) -> None:
        self._app, self._largest = app, largest_request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        request_id = scope["request_id"] = uuid4().hex

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, self._limited(scope, receive), sent)
        finally:
            took = time.perf_counter() - began
            route = template_of(scope)
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUESTS.labels(route, method, status).observe(took)
            logger.info(
                "request",
                route=route,
                method=scope["method"],
                status=status,
                took_ms=round(took * 1000, 1),
                id=request_id,
            )

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Refuse a body as soon as it is known to be too large, by its announced or its actual length."""
        if scope["method"] in ("GET", "HEAD"):
            return receive
        largest = self._largest_body(scope["path"])
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        read = int(announced) if announced.isdigit() else 0
        counted = 0

        async def limited() -> Message:
            nonlocal counted
            if read > largest or counted > largest:
                raise TooLarge("request.too_large", limit=largest)
            message = await receive()
            counted += len(message.get("body", b""))
            return message

        return limited

    def _largest_body(self, path: str) -> int:
        if path in UPLOADS:
            return self._largest
        return LARGEST_ATTACHMENT if ATTACHMENT.fullmatch(path) else LARGEST_BODY


def template_of(scope: Scope) -> str:
    """The route's template (`/v1/talents/{nip}`): addresses carry employee numbers, logs must not."""
    route = scope.get("route")
    return str(getattr(route, "path", "unmatched"))
