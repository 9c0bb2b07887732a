"""How long a request may take: what is not answered in time is cancelled and ends as a problem."""

from __future__ import annotations

import asyncio
import re

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.rest.problems import problem
from app.domain.errors import Invalid, Unavailable

LONG = re.compile(
    r"/v1/(imports|talent-maps|submissions/[^/]+/attachment|exports/.+|ekspose/page"
    r"|mobility-campaigns/[^/]+/execution)"
)
"""Files in and files out, and the opening of all cases of a round; they have `long_seconds`."""
logger = structlog.get_logger()


class InTime:
    """ASGI middleware: 408 for a body that does not arrive in time, 503 for an answer that is not ready in time.

    What was under way is cancelled where it waits, so that a transaction is rolled back and its connection given back.
    An answer of which a part was sent is broken off.
    """

    def __init__(self, app: ASGIApp, seconds: float, long_seconds: float) -> None:
        self._app, self._seconds, self._long_seconds = app, seconds, long_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seconds = self._long_seconds if LONG.fullmatch(scope["path"]) else self._seconds
        awaits_body = is_whole = has_begun = False

        async def received() -> Message:
            nonlocal awaits_body, is_whole
            awaits_body = not is_whole
            message = await receive()
            awaits_body, is_whole = False, is_whole or not message.get("more_body", False)
            return message

        async def sent(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            async with asyncio.timeout(seconds) as deadline:
                await self._app(scope, received, sent)
        except TimeoutError:
            if not deadline.expired():
                raise
            logger.warning("request.timed_out", request_id=scope.get("request_id"), seconds=seconds)
            if not has_begun:
                await _refuse(scope, receive, send, seconds, is_slow_body=awaits_body)


async def _refuse(scope: Scope, receive: Receive, send: Send, seconds: float, *, is_slow_body: bool) -> None:
    request, refused = Request(scope), scope.get("refused", problem)  # as the route that was found refuses
    if is_slow_body:
        answer = refused(request, Invalid("request.slow", seconds=f"{seconds:g}"), 408)
        answer.headers["connection"] = "close"  # what is left of the body must not be read either
    else:
        answer = refused(request, Unavailable("request.took_too_long", seconds=f"{seconds:g}"), 503)
    await answer(scope, receive, send)
