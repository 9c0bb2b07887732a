"""Rulebooks of moves between institutions: a version of the routes of approval and of the checklist of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from app.domain.messages import Sentence
from app.domain.mobility_routes import Authority, Route, RouteCode

Json = Mapping[str, object]


class Side(StrEnum):
    """Who of the two institutions brings a document."""

    ORIGIN = "origin"
    RECEIVING = "receiving"


@dataclass(frozen=True, slots=True)
class Item:
    """A document of the checklist. The paper itself is not kept here, only where to find it."""

    code: str
    side: Side
    needed_before: str | None
    """The state that is not entered without it; None where it is asked for by some institutions only."""
    is_confirmed: bool
    label: Sentence


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version; a case keeps to the version that it was begun with."""

    version: int
    legal_basis: str
    routes: Mapping[RouteCode, Route]
    items: Mapping[str, Item]


def read_rulebook(document: Json) -> Rulebook:
    """A version as it was published. KeyError or ValueError for what is none."""
    routes = [_route(one) for one in cast("list[Json]", document["routes"])]
    items = [_item(one) for one in cast("list[Json]", document["documents"])]
    return Rulebook(
        version=int(str(document["version"])),
        legal_basis=str(document["legalBasis"]),
        routes={one.code: one for one in routes},
        items={one.code: one for one in items},
    )


def _route(told: Json) -> Route:
    return Route(
        code=RouteCode(str(told["code"])),
        requested_by=Authority(str(told["requestedBy"])),
        released_by=Authority(str(told["releasedBy"])),
        passed_on_by=_authority(told["passedOnBy"]),
        considered_by=_authority(told["consideredBy"]),
        decreed_by=Authority(str(told["decreedBy"])),
        is_confirmed=told["isConfirmed"] is True,
    )


def _authority(told: object) -> Authority | None:
    return None if told is None else Authority(str(told))


def _item(told: Json) -> Item:
    label, needed_before = cast("Mapping[str, str]", told["label"]), told["neededBefore"]
    return Item(
        code=str(told["code"]),
        side=Side(str(told["side"])),
        needed_before=None if needed_before is None else str(needed_before),
        is_confirmed=told["isConfirmed"] is True,
        label=Sentence(id=label["id"], en=label["en"]),
    )
