"""Routes of our own: bare ones for the hot doors, and ones that refuse strangers before they read a body."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.api.access import admit


class BareRoute(Route):
    """A Starlette route that leaves itself in the scope, so that logs and metrics know its template."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that matched."""
        scope["route"] = self
        await super().handle(scope, receive, send)


class SignedInRoute(APIRoute):
    """Who is not signed in is refused before a byte of the body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_somebody(request: Request) -> Response:
            await admit(request)
            return await answer(request)

        return answer_somebody
