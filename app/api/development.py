"""Every answer of a development installation says that it is one: it believes tokens that it signs itself."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAID = (b"x-nusatalenta-environment", b"development")


class DevelopmentSaid:
    """ASGI middleware around everything that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), SAID]
            await send(message)

        await self._app(scope, receive, sent)
