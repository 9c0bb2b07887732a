"""What nobody foresaw ends as a problem that tells nothing; the mistake itself is logged."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.rest.problems import problem
from app.domain.errors import Invalid

logger = structlog.get_logger()


class LastResort:
    """ASGI middleware, inside those that add headers, so that failures have them too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def sent(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            if scope["type"] != "http" or has_begun:
                raise
            logger.error("request.failed", request_id=scope.get("request_id"), exc_info=error)  # noqa: TRY400 - the same
            await problem(Request(scope), Invalid("internal"), 500)(scope, receive, send)
