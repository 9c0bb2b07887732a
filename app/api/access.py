"""Credentials become an actor here and nowhere else; every door takes the database and the actor from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from starlette.requests import Request

from app.api.limits import READING, Meters, address_of, client_of, take
from app.auth.client_tokens import ClientTokens
from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.auth.sso_tokens import SsoTokens
from app.auth.tokens import TokenVerifier
from app.db.database import Database
from app.db.idempotency import Repeating
from app.domain.actors import Actor
from app.domain.errors import Fault, Invalid, Unauthenticated
from app.domain.purposes import Purpose
from app.sheets.reading import Limits


@dataclass(frozen=True, slots=True)
class Doors:
    """What the doors need, built once by the composition root."""

    database: Database
    verifier: TokenVerifier
    client_tokens: ClientTokens
    sso_tokens: SsoTokens
    sealing: Sealing
    destinations: Destinations
    limits: Limits
    meters: Meters
    repeating: Repeating
    data_protection_contact: str | None


def doors(request: Request) -> Doors:
    """What was built for this application."""
    return cast("Doors", request.app.state.doors)


def database(request: Request) -> Database:
    """The way to the documents."""
    return doors(request).database


def client_tokens(request: Request) -> ClientTokens:
    """What issues tokens to integration clients."""
    return doors(request).client_tokens


def sso_tokens(request: Request) -> SsoTokens:
    """What issues tokens to people who use a client as they use SIASN's."""
    return doors(request).sso_tokens


def sealing(request: Request) -> Sealing:
    """What seals secrets that are kept for others."""
    return doors(request).sealing


def destinations(request: Request) -> Destinations:
    """Which addresses the service may speak to for others."""
    return doors(request).destinations


async def admit(request: Request) -> Actor:
    """Who is asking, found out once per request, before anything else; `Unauthenticated` without a valid token.

    It counts: `TooManyRequests` for whoever asks too often, and for an address that failed to sign in too often.
    """
    meters = doors(request).meters
    try:
        somebody = await _somebody(request)
    except Unauthenticated:
        count_stranger(request)
        raise
    take(request, meters.requests, client_of(somebody))
    somebody = replace(somebody, request_id=request.scope.get("request_id"), purpose=_purpose(request))
    if request.method not in READING and request.url.path != GRAPHQL:
        count_write(request, somebody)
    request.scope["actor"] = somebody
    return somebody


GRAPHQL = "/graphql"  # POST of a query changes nothing: the door counts mutations


def count_stranger(request: Request) -> None:
    """An attempt to sign in, failed or of unknown outcome; `TooManyRequests` where an address makes too many."""
    take(request, doors(request).meters.strangers, address_of(request))


def count_write(request: Request, somebody: Actor, changes: int = 1) -> None:
    """Changes that somebody is about to make; `TooManyRequests` where there were too many."""
    take(request, doors(request).meters.writes, client_of(somebody), changes)


async def _somebody(request: Request) -> Actor:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("unauthenticated")
    return await doors(request).verifier.actor_of(token.strip())


def _purpose(request: Request) -> Purpose | None:
    """Why they look, where they say so; `Invalid` for a word that is no purpose."""
    if (said := request.headers.get("x-purpose")) is None:
        return None
    try:
        return Purpose(said)
    except ValueError as error:
        about = {"allowed": ", ".join(Purpose)}
        raise Invalid("request.invalid", faults=(Fault("value.unknown", "X-Purpose", about),)) from error


def actor(request: Request) -> Actor:
    """Who was admitted with this request."""
    return cast("Actor", request.scope["actor"])
