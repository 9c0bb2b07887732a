"""Demand and supply: who wants in and out over the nation, and which seats are or will be empty, in counts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache

import orjson
from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import mobility_demand as shapes
from app.domain import mobility_demand as demand
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.mobility_demand import ALL, LONGEST_HORIZON, Counts, Group, Place, Told
from app.domain.provinces import PROVINCES
from app.domain.suppression import SMALLEST_TOLD
from app.services import ekspose
from app.services.contract import Command, must_be_one_of

Json = dict[str, object]
KEPT_ANSWERS = 16
"""Per process; some 500 kB each at the most."""


class DemandFilter(Command):
    """By what demand is told, how far ahead seats are looked at, and of which province alone."""

    grouped_by: Group = Field(Group.POSITION_LEVEL, strict=False)
    horizon_months: int = Field(12, ge=0, le=LONGEST_HORIZON, description="How far ahead retirements are looked at.")
    province: str | None = Field(
        None, max_length=100, description="Code of a province, such as 14: everything is of it alone, totals included."
    )


async def mobility_demand_document(
    db: Database, actor: Actor, chosen: DemandFilter | None = None, wanted: Selection | None = None
) -> Document:
    """How many people want to come to each province and to go, and how many seats are empty or foreseeably so.

    Counts of one to four people are null, and so are those that would give them away. Net pressure is people who want
    in, less the seats that are empty or will be within the horizon. Unmet posts are kinds of posts that at least five
    people ask for, in the register or in an open campaign, while no seat of the kind is empty and none is offered. Of
    one province everything is told that way: its total and its groups are not the nation's.
    """
    actor.require(Permission.READ_MOBILITY_DEMAND)
    asked = chosen or DemandFilter()
    must_be_one_of(list(PROVINCES), "province", asked.province)
    counted_by = Group.GOVERNMENT_AFFAIR if asked.grouped_by is Group.PROGRAMME else asked.grouped_by
    numbers = await db.document_as(
        actor, shapes.numbers(), None, grouped_by=counted_by.value, horizon=asked.horizon_months
    )
    if numbers is None:
        raise NotFound("institution.not_found")
    return await asyncio.to_thread(_told, numbers, asked.grouped_by, asked.province, wanted)


@lru_cache(KEPT_ANSWERS)
def _told(numbers: Document, grouped_by: Group, province: str | None, wanted: Selection | None) -> Document:
    """What may be told of the counts, as it is wanted; worked out once for as long as they stay the same."""
    known = orjson.loads(numbers)
    told = demand.withhold({(row["province"], row["value"]): _counts(row) for row in known["rows"]})
    if grouped_by is Group.PROGRAMME:
        programmes = {one["code"]: (one["affairs"], one["province"]) for one in known["programmes"]}
        told = demand.by_programme(told, programmes)
    document = {
        **{name: known[name] for name in ("asOf", "horizonMonths", "until")},
        "groupedBy": grouped_by.value,
        "smallestTold": SMALLEST_TOLD,
        "total": _people(told.get((province or ALL, ALL), Told(0, 0, 0, 0))),
        "groups": _groups(told, province or ALL),
        "provinces": _provinces(told, province),
        "unmetPosts": [
            {**post, "atLeast": demand.at_least(post["atLeast"])}
            for post in known["unmetPosts"]
            if province in (None, post["provinceCode"])
        ],
    }
    shape = shapes.MOBILITY_DEMAND
    return orjson.dumps(ekspose._chosen(document, shape.type, shape.fields, wanted))  # noqa: SLF001 - a service composes another's steps


def _counts(row: Mapping[str, int]) -> Counts:
    return Counts(*(row[name] for name in shapes.COUNTS))


def _people(told: Told) -> Json:
    return {
        "wantingIn": told.wanting_in,
        "wantingOut": told.wanting_out,
        "emptySeats": told.empty,
        "foreseeableSeats": told.freed,
        "netPressure": told.net_pressure,
    }


def _groups(told: Mapping[Place, Told], province: str) -> Sequence[Json]:
    return [
        {"code": value or None, **_people(one)}
        for (at, value), one in sorted(told.items())
        if at == province and value != ALL
    ]


def _provinces(told: Mapping[Place, Told], only: str | None) -> Sequence[Json]:
    provinces = sorted({at for at, _ in told} - {ALL})
    return [
        {"provinceCode": at or None, **_people(told.get((at, ALL), Told(0, 0, 0, 0))), "groups": _groups(told, at)}
        for at in provinces
        if only in (None, at)
    ]
