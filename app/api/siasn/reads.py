"""Reads as SIASN offers them: a path below its base, what answers it, and what the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
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
        self._begins = path.partition("{")[0]
        super().__init__(path, _told(endpoint, refused), methods=methods, name=name)
        if methods is None:
            self.methods = None  # any: what nobody has heard of as well

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for this route; most are not, and all others stand behind those of the facade."""
        return super().matches(scope) if scope.get("path", "").startswith(self._begins) else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that matched; `scope["refused"]` is how those around it refuse what takes too long."""
        scope["refused"] = self._refused
        await super().handle(scope, receive, send)


def _told(endpoint: Endpoint, refused: Refused) -> Endpoint:
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except TalentError as error:
            return refused(request, error, None)
        except Exception as error:
            logger.error("request.failed", request_id=request.scope.get("request_id"), exc_info=error)  # noqa: TRY400 - the same
            return refused(request, Invalid("internal"), 500)

    return answered


def nothing_else(path: str, admit: Admit) -> FacadeRoute:
    """Whatever a base has no read for, by any method: a system is told that nothing was found, a stranger is not."""

    async def nothing(request: Request) -> Response:
        await admit(request)
        return envelopes.not_found()

    return FacadeRoute(path, nothing, None, name="siasn:nothing")
