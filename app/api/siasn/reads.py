"""Reads as SIASN offers them: a path below its base, what answers it, and what the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from app.api.access import database
from app.api.routes import BareRoute
from app.api.siasn import envelopes
from app.db.database import Database
from app.db.documents import Document
from app.domain.actors import Actor
from app.domain.errors import Invalid, TalentError

JsonSchema = Mapping[str, object]
Admit = Callable[[Request], Awaitable[Actor]]
Endpoint = Callable[[Request], Awaitable[Response]]
Refused = Callable[[Request, TalentError, int | None], Response]
READING = frozenset({"GET", "HEAD"})
logger = structlog.get_logger("siasn")


@dataclass(frozen=True, slots=True)
class FacadeRead:
    """One read below a base of the facade.

    `answer` gives the finished body with its envelope (`app.siasn.wire.answered` …), None for what is not found, or a
    response of its own. It is given who asks, whose tokens were found good. `schema` is that of the body.
    """

    path: str
    """Such as `/pns/rw-jabatan/{nip}`."""
    answer: Callable[[Database, Actor, Request], Awaitable[Document | Response | None]]
    summary: str
    schema: JsonSchema
    parameters: Sequence[Mapping[str, object]] = ()

    def route(self, base: str, admit: Admit) -> FacadeRoute:
        """The route that answers it below a base."""

        async def endpoint(request: Request) -> Response:
            somebody = await admit(request)
            found = await self.answer(database(request), somebody, request)
            if found is None:
                return envelopes.not_found()
            return found if isinstance(found, Response) else envelopes.answer(found)

        return FacadeRoute(base + self.path, endpoint, ["GET"], name=f"siasn:{self.path}")


class FacadeRoute(BareRoute):
    """A route whose every failure is told as its clients expect it: no answer of the framework's leaves it."""

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        methods: Sequence[str] | None,
        *,
        name: str,
        refused: Refused = envelopes.refused,
    ) -> None:
        self._refused = refused
        super().__init__(path, endpoint, methods=methods, name=name)
        if methods is None:
            self.methods = None  # any: what nobody has heard of as well

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is for this route; `scope["refused"]` is how those around it refuse what takes long."""
        scope["route"], scope["refused"] = self, self._refused
        answer = await self._told(Request(scope, receive, send))
        await answer(scope, receive, send)

    async def _told(self, request: Request) -> Response:
        if self.methods is not None and request.method not in self.methods:
            answer = self._refused(request, Invalid("route.method"), 405)
            answer.headers["allow"] = ", ".join(self.methods)
            return answer
        try:
            return cast("Response", await self.endpoint(request))
        except TalentError as error:
            return self._refused(request, error, None)
        except Exception as error:
            logger.error("request.failed", request_id=request.scope.get("request_id"), exc_info=error)  # noqa: TRY400 - the same
            return self._refused(request, Invalid("internal"), 500)


class Base(BaseRoute):
    """Everything below one base: its reads, each found by its path at once, and nothing else, whatever the method."""

    def __init__(self, base: str, reads: Sequence[FacadeRead], admit: Admit) -> None:
        self._base, self._below = base, base + "/"
        self._whole, self._about = dict[str, FacadeRoute](), dict[str, tuple[str, FacadeRoute]]()
        for route in (read.route(base, admit) for read in reads):
            begins, _, name = route.path.removesuffix("}").partition("{")
            if name:
                self._about[begins] = name, route
            else:
                self._whole[begins] = route
        self._nothing = _nothing_else(base, admit)

    @property
    def routes(self) -> list[BaseRoute]:
        """All that answers below the base."""
        return [*self._whole.values(), *(route for _, route in self._about.values()), self._nothing]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for an address below this base; all other routes stand behind those of the facade."""
        path = scope.get("path", "")
        is_below = scope["type"] == "http" and (path.startswith(self._below) or path == self._base)
        return (Match.FULL if is_below else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the read that the path is of as a whole, or up to its last part, which is then what it is about."""
        route, path = self._nothing, scope["path"]
        if scope["method"] in READING:
            begins, _, last = path.rpartition("/")
            name, about = self._about.get(f"{begins}/", ("", route))
            if name and last:
                route, scope["path_params"] = about, {name: last}
            else:
                route = self._whole.get(path, route)
        await route.handle(scope, receive, send)


def _nothing_else(base: str, admit: Admit) -> FacadeRoute:
    """Whatever a base has no read for: a system is told that nothing was found, a stranger is not."""

    async def nothing(request: Request) -> Response:
        await admit(request)
        return envelopes.not_found()

    return FacadeRoute(base + "/{rest:path}", nothing, None, name="siasn:nothing")
