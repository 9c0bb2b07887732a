"""Which door a request takes; the simulator's own door shows what was asked, and switches quirks and faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.dev.siasn_simulator.faults import ANSWERS, PAGE, TOKENS, Fails, Fault
from app.dev.siasn_simulator.quirks import Quirk
from app.dev.siasn_simulator.server import API, REFERENCES, Asked, Simulator, reference
from app.dev.siasn_simulator.tokens import Name

APPLICATION_TOKEN: Final = "/oauth2/token"  # noqa: S105 - a path
SSO_TOKEN: Final = "/auth/realms/public-siasn/protocol/openid-connect/token"  # noqa: S105 - a path


class FaultToSet(BaseModel):
    """A fault as the control door takes it."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="forbid")

    fails: Fails
    at: str | None = None
    nip: str | None = None
    after: int = Field(0, ge=0)
    times: int | None = Field(None, ge=1)
    seconds: float = Field(0.0, ge=0, le=600)
    status: int | None = Field(None, ge=200, le=599)


class Switches(BaseModel):
    """All that can be switched; what is not named stays as it is."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="forbid")

    quirks: list[Quirk] | None = None
    faults: list[FaultToSet] | None = None
    moved: dict[str, str] | None = None
    renumbered: dict[str, str] | None = None
    part_time: list[str] | None = None
    application_calls: int | None = Field(None, ge=1)
    """Calls after which an application token is worth nothing."""
    sso_calls: int | None = Field(None, ge=1)
    needed: list[Name] | None = None
    """Which tokens callers must send."""


def door_of(simulator: Simulator) -> ASGIApp:
    """The calls of the API at once, everything else by its route."""
    others = _others(Others(simulator))

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{API}/"):
            await simulator(scope, receive, send)
        else:
            await others(scope, receive, send)

    return door


@dataclass(frozen=True, slots=True)
class Others:
    """What is not below the API base."""

    simulator: Simulator

    async def token(self, request: Request) -> Response:
        """Either token, by its path."""
        for fault in self.simulator.faults:
            if fault.strikes(TOKENS, None):
                status, body = ANSWERS.get(fault.fails, (502, PAGE))
                return Response(body, fault.status or status, media_type="application/json")
        tokens = self.simulator.tokens
        is_sso = request.url.path.startswith(SSO_TOKEN)
        return await (tokens.sso_token if is_sso else tokens.application_token)(request)

    async def references(self, request: Request) -> Response:
        """A list of the reference service, for the application token alone."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        tokens = self.simulator.tokens
        if "application" in tokens.needed and not tokens.application.is_valid(bearer):
            status, body = ANSWERS[Fails.INVALID_CREDENTIALS]
        else:
            status, body = reference(request.path_params["name"], request.scope["query_string"])
        return Response(body, status, media_type="application/json")

    async def show(self, _: Request) -> Response:
        """Whom it knows, and what is switched."""
        return _json(_shown(self.simulator))

    async def people(self, _: Request) -> Response:
        """The numbers of everybody."""
        return _json(list(self.simulator.register.people))

    async def asked(self, request: Request) -> Response:
        """What was asked so far; forgotten by DELETE."""
        if request.method == "DELETE":
            self.simulator.asked = Asked()
            self.simulator.tokens.asked = {"application": 0, "sso": 0}
        return _json(asked_of(self.simulator))

    async def faults(self, request: Request) -> Response:
        """Switch by PUT; as it was in the beginning by DELETE."""
        try:
            wanted = (
                Switches.model_validate_json(await request.body())
                if request.method == "PUT"
                else _as_ever(self.simulator)
            )
        except ValidationError as error:
            return Response(error.json(include_url=False), 422, media_type="application/json")
        switch(self.simulator, wanted)
        return _json(_shown(self.simulator))


def _as_ever(simulator: Simulator) -> Switches:
    """As it was in the beginning, and tokens for any number of calls."""
    for issued in (simulator.tokens.application, simulator.tokens.sso):
        issued.calls = issued.left = None
    quirks = sorted(simulator.in_the_beginning)
    return Switches(quirks=quirks, faults=[], moved={}, renumbered={}, part_time=[], needed=["application", "sso"])


def _others(door: Others) -> Starlette:
    paths = (APPLICATION_TOKEN, SSO_TOKEN, f"{SSO_TOKEN}/")
    return Starlette(
        routes=[
            *(Route(path, door.token, methods=["POST"]) for path in paths),
            Route(f"{REFERENCES}/{{name}}", door.references),
            Route(f"{REFERENCES}/{{name}}/search", door.references),
            Route("/simulator", door.show),
            Route("/simulator/people", door.people),
            Route("/simulator/asked", door.asked, methods=["GET", "DELETE"]),
            Route("/simulator/faults", door.faults, methods=["PUT", "DELETE"]),
        ]
    )


def switch(simulator: Simulator, wanted: Switches) -> None:
    """Switch what is named."""
    if wanted.quirks is not None:
        simulator.quirks = frozenset(wanted.quirks)
    if wanted.faults is not None:
        simulator.faults[:] = [Fault(**dict(fault)) for fault in wanted.faults]
    if wanted.moved is not None:
        simulator.moved = wanted.moved
    if wanted.renumbered is not None:
        simulator.renumbered = wanted.renumbered
    if wanted.part_time is not None:
        simulator.part_time = set(wanted.part_time)
    if wanted.needed is not None:
        simulator.tokens.needed = frozenset(wanted.needed)
    for issued, calls in (
        (simulator.tokens.application, wanted.application_calls),
        (simulator.tokens.sso, wanted.sso_calls),
    ):
        if calls is not None:
            issued.calls = issued.left = calls
    simulator.forget_answers()


def asked_of(simulator: Simulator) -> dict[str, object]:
    """What was asked so far."""
    asked = simulator.asked
    return {
        "calls": dict(asked.calls),
        "statuses": {str(status): count for status, count in asked.statuses.items()},
        "people": len(asked.nips),
        "tokens": dict(simulator.tokens.asked),
        "writes": asked.writes,
        "saved": simulator.saved,
        "mostAtOnce": asked.most_at_once,
        "shortestGap": asked.shortest_gap,
    }


def _shown(simulator: Simulator) -> dict[str, object]:
    return {
        "institution": simulator.register.workforce.institution,
        "people": len(simulator.register.people),
        "units": len(simulator.register.units),
        "quirks": sorted(simulator.quirks),
        "faults": simulator.faults,
        "moved": simulator.moved,
        "renumbered": simulator.renumbered,
        "partTime": sorted(simulator.part_time),
    }


def _json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
