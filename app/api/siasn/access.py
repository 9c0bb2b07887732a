"""Both tokens of a SIASN call become an actor: which system asks, and for whom it was let in."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import cast

from starlette.requests import Request

from app.api.access import count_stranger, database, doors, sso_tokens
from app.api.limits import Meter, client_of, take
from app.api.siasn.envelopes import INVALID_CREDENTIALS, MISMATCH, SSO_TOKEN
from app.auth.client_tokens import ClientTokens
from app.domain.actors import Actor, ClientScope, Role
from app.domain.errors import Unauthenticated
from app.domain.siasn_accounts import SignedIn

READ_HERE = frozenset({ClientScope.SIASN_READ, ClientScope.SPECIFIC_DATA_READ})
"""The scopes that count below the facade's addresses; the second one shows sanctions and findings of assessments."""
ADMITTED_FOR = 30.0
"""Seconds after which the database is asked again whether client, account and token still count."""
PAIRS_REMEMBERED = 10_000
Pair = tuple[bytes, bytes | None]
"""The headers `Authorization` and `Auth` as they were sent; None where the second one is not looked at."""


@dataclass(frozen=True, slots=True)
class _Admitted:
    actor: Actor
    until: float


@dataclass(frozen=True, slots=True)
class Facade:
    """What the doors of the facade need beside those of everybody, built once by the composition root."""

    applications: ClientTokens
    """Issues the first token, for systems."""
    meter: Meter
    admitted: dict[Pair, _Admitted] = field(default_factory=dict)
    """Pairs of headers that were let in a moment ago."""


def facade(request: Request) -> Facade:
    """What was built for this application."""
    return cast("Facade", request.app.state.facade)


async def admit_siasn(request: Request) -> Actor:
    """The system that asks, with both its tokens found good; `Unauthenticated` says which of them is not.

    A client of the institution of its registration, with those of its scopes that count here. It counts against the
    system's quota: `TooManyRequests` for one that asks too often, and for an address whose tokens failed too often.
    """
    return await _admit(request, (_header(request, b"authorization"), _header(request, b"auth")))


async def admit_application(request: Request) -> Actor:
    """The same for the reference service, which asks for the system's token alone."""
    return await _admit(request, (_header(request, b"authorization"), None))


async def _admit(request: Request, pair: Pair) -> Actor:
    here, now = facade(request), time.time()
    known = here.admitted.get(pair)
    if known is None or known.until <= now:
        here.admitted.pop(pair, None)
        try:
            known = await _verified(request, pair, now)
        except Unauthenticated:
            count_stranger(request)
            raise
        if len(here.admitted) >= PAIRS_REMEMBERED:
            here.admitted.clear()
        here.admitted[pair] = known
    take(request, here.meter, client_of(known.actor))
    return replace(known.actor, request_id=request.scope.get("request_id"))


async def _verified(request: Request, pair: Pair, now: float) -> _Admitted:
    application = await _application(request, pair[0])
    if pair[1] is None:
        await _must_stand(request, application, None)
        return _Admitted(application, now + ADMITTED_FOR)
    who, ends = sso_tokens(request).signed_in(_token(pair[1], SSO_TOKEN))
    if (who.institution_id, who.client_id) != (application.institution_id, application.subject):
        raise Unauthenticated(MISMATCH)
    await _must_stand(request, application, who)
    return _Admitted(application, min(now + ADMITTED_FOR, ends))


async def _application(request: Request, authorization: bytes) -> Actor:
    try:
        somebody = await doors(request).verifier.actor_of(_token(authorization, INVALID_CREDENTIALS))
    except Unauthenticated as error:
        raise Unauthenticated(INVALID_CREDENTIALS) from error
    if somebody.role is not Role.CLIENT or ClientScope.SIASN_READ not in somebody.scopes:
        raise Unauthenticated(INVALID_CREDENTIALS)
    return replace(somebody, scopes=somebody.scopes & READ_HERE)


async def _must_stand(request: Request, application: Actor, who: SignedIn | None) -> None:
    """What has been revoked or replaced since a token was issued counts no more."""
    failing = await database(request).standing_of(application, who)
    if failing is not None:
        raise Unauthenticated(INVALID_CREDENTIALS if failing == "client" else SSO_TOKEN)


def _header(request: Request, name: bytes) -> bytes:
    """A header as it was sent, empty where it was not: these two are long, and mostly known already."""
    return next((value for one, value in request.scope["headers"] if one == name), b"")


def _token(header: bytes, code: str) -> str:
    """What follows `Bearer` or `bearer`; `Unauthenticated` with the code where nothing does."""
    scheme, _, token = header.decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(code)
    return token.strip()
