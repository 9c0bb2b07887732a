"""Structured logs and metrics, set up once. Logs carry ids and route templates, never names or NIPs."""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal
from uuid import UUID, uuid4

import orjson
import structlog
from prometheus_client import Histogram
from pydantic.alias_generators import to_camel
from sqlalchemy import Uuid
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict

from app.db.base import Base
from app.db.classes import DataClass, class_of
from app.domain.errors import TooLarge


def set_up_logs(log_format: Literal["text", "json"]) -> None:
    """Log events with fields to standard error; what libraries log too, by the same rules."""
    is_json = log_format == "json"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            without_people,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(orjson.dumps)
            if is_json
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer)
        if is_json
        else structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[LibraryLogs()], level=logging.WARNING, force=True)


def set_up_plain_logs() -> None:
    """The same rules where nobody sets up logs, as where the service is part of another program or of a test.

    By itself structlog draws every frame of an error with the values in it: names and numbers of people among them, and
    seconds of work for each error.
    """
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                without_people,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.dev.ConsoleRenderer(colors=False),
            ]
        )


class LibraryLogs(logging.Handler):
    """What libraries log: the sentence, without what they put into it and without lines that quote an error."""

    def emit(self, record: logging.LogRecord) -> None:
        failed = record.msg if isinstance(record.msg, BaseException) else record.exc_info
        sentence = "failed" if failed is record.msg else str(record.msg).partition("\n")[0]
        structlog.get_logger().log(record.levelno, sentence, logger=record.name, exc_info=failed)


# ── the last line of defence: no number and no column of a person leaves through a log

NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){15,17}(?![0-9])")  # NIP 18 digits, NIK 16, also in groups
SHORTEST, SMALLEST = 16, 10**15  # of the numbers of people, written and as a number
ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MASK = "[number]"
WORDS_OF_LOGS = frozenset({"event", "level", "timestamp", "method", "status", "logger", "scope"})
"""Some columns are called like that too."""
SPEAK_OF_CODE = (TypeError, AttributeError, NameError, ImportError, NotImplementedError, RecursionError)
"""Exceptions whose sentences name identifiers of the program, never what it worked on."""
FACTS = ("code", "sqlstate", "table_name", "column_name", "constraint_name", "errno", "strerror")
"""What may be told of any exception: names of ours and numbers of errors."""
MOST_FRAMES = 30
MOST_ERRORS = 20


def without_people(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: drops fields that are called like columns about people, masks numbers of people.

    Of exceptions it keeps the kind, the place and names of tables and constraints: what an exception says may quote the
    row or the value it met (`DETAIL: Failing row contains …`).
    """
    failed = event.pop("exc_info", None)
    if failed:
        event["exception"] = "\n".join(_told(_exception_of(failed)))
    dropped = personal_names()
    return {name: _masked(value, dropped) for name, value in event.items() if name not in dropped}


@lru_cache(None)
def personal_names() -> frozenset[str]:
    """What columns about people are called, in Python and in JSON; ids excepted, which logs go by."""
    columns = (column for table in Base.metadata.tables.values() for column in table.columns)
    names = {
        column.name
        for column in columns
        if class_of(column) is not DataClass.INTERNAL and not isinstance(column.type, Uuid)
    }
    return frozenset(names | {to_camel(name) for name in names}) - WORDS_OF_LOGS


def _masked(value: object, dropped: frozenset[str]) -> object:
    if isinstance(value, str):
        return value if len(value) < SHORTEST or ID.fullmatch(value) else NUMBER.sub(MASK, value)
    if isinstance(value, int):
        return value if value < SMALLEST else MASK
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(name): _masked(one, dropped) for name, one in value.items() if name not in dropped}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(one, dropped) for one in value]
    return type(value).__name__


def _exception_of(told: object) -> BaseException | None:
    if isinstance(told, BaseException):
        return told
    found = told[1] if isinstance(told, tuple) else sys.exc_info()[1]
    return found if isinstance(found, BaseException) else None


def _told(failed: BaseException | None) -> Iterator[str]:
    """Lines about an exception and those it came from: kind, facts, place.

    Each is told once: one that a group held and that was raised again came from the group, and the group from it. Of
    the places only what is at hand: to read the source of every frame takes far longer than the rest of a request.
    """
    waiting, told = [failed], set[int]()
    while waiting and len(told) < MOST_ERRORS:
        error = waiting.pop(0)
        if error is None or id(error) in told:
            continue
        told.add(id(error))
        kind = type(error)
        facts = [f"{name}={fact}" for name in FACTS if isinstance(fact := getattr(error, name, None), str | int)]
        if isinstance(error, SPEAK_OF_CODE):
            facts.append(str(error))
        yield NUMBER.sub(MASK, " ".join([f"{kind.__module__}.{kind.__qualname__}", *facts]))
        for frame, line in deque(traceback.walk_tb(error.__traceback__), MOST_FRAMES):
            yield f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
        inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        waiting = [*inside, error.__cause__ or (None if error.__suppress_context__ else error.__context__), *waiting]


# ── requests

REQUESTS = Histogram(
    "http_request_seconds",
    "Duration of requests by route template, method and status.",
    ("route", "method", "status"),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
UPLOADS = frozenset({"/v1/imports", "/v1/talent-maps"})
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
