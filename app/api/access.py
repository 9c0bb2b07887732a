"""Credentials become an actor here and nowhere else; every door takes the database and the actor from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from starlette.requests import Request

from app.api.background import Background
from app.auth.tokens import TokenVerifier
from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import Unauthenticated
from app.sheets.reading import Limits


@dataclass(frozen=True, slots=True)
class Doors:
    """What the doors need, built once by the composition root."""

    database: Database
    verifier: TokenVerifier
    limits: Limits
    background: Background


def doors(request: Request) -> Doors:
    """What was built for this application."""
    return cast("Doors", request.app.state.doors)


def database(request: Request) -> Database:
    """The way to the documents."""
    return doors(request).database


def background(request: Request) -> Background:
    """Where work goes on after the answer."""
    return doors(request).background


async def admit(request: Request) -> Actor:
    """Who is asking, found out once per request, before anything else; `Unauthenticated` without a valid token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("unauthenticated")
    somebody = await doors(request).verifier.actor_of(token.strip())
    somebody = replace(somebody, request_id=request.scope.get("request_id"))
    request.scope["actor"] = somebody
    return somebody


def actor(request: Request) -> Actor:
    """Who was admitted with this request."""
    return cast("Actor", request.scope["actor"])
