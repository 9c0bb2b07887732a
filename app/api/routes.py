"""Routes of our own: bare ones for the hot doors, and ones that know who asks, and when, before they read a body."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.api.access import admit
from app.api.idempotency import once, required_key


class BareRoute(Route):
    """A Starlette route that leaves itself in the scope, so that logs and metrics know its template."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that matched."""
        scope["route"] = self
        await super().handle(scope, receive, send)


class SignedInRoute(APIRoute):
    """Who is not signed in is refused before a byte of the body is read, and so is a POST without a key.

    What a POST does is done once, however often it is sent under that key.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        takes_form = self.body_field is not None and isinstance(self.body_field.field_info, Form)

        async def answer_somebody(request: Request) -> Response:
            somebody = await admit(request)
            if request.method != "POST":
                return await answer(request)
            key = required_key(request)
            return await once(request, somebody, key, lambda: answer(request), with_files=takes_form)

        return answer_somebody
