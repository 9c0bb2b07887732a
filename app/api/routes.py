"""A bare route for the hot doors."""

from __future__ import annotations

from starlette.routing import Route
from starlette.types import Receive, Scope, Send


class BareRoute(Route):
    """A Starlette route that leaves itself in the scope, so that logs and metrics know its template."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that matched."""
        scope["route"] = self
        await super().handle(scope, receive, send)
