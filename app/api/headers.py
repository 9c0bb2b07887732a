"""Headers that every answer has: what browsers must not do with it, and what is left of the client's quotas."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.limits import Notes, headers_of

UNLESS_SAID = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cache-control": b"private, no-store",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
}
"""What holds unless a route says otherwise: nearly everything carries people's data, and only pages need more."""


class SafeHeaders:
    """ASGI middleware, the outermost: `hsts_seconds` of 0 sends no `Strict-Transport-Security`."""

    def __init__(self, app: ASGIApp, hsts_seconds: int) -> None:
        self._app = app
        hsts = {b"strict-transport-security": f"max-age={hsts_seconds}; includeSubDomains".encode()}
        self._unless_said = list((UNLESS_SAID | (hsts if hsts_seconds else {})).items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken: Notes = {}
        scope["taken"] = taken

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                said = {name.lower() for name, _ in given}
                given += [(name, value) for name, value in self._unless_said if name not in said]
                message["headers"] = given + headers_of(taken)
            await send(message)

        await self._app(scope, receive, sent)
