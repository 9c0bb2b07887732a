"""GraphQL: one's own listing as somebody who wants to move."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.domain import consents
from app.domain.careers import PositionLevel
from app.domain.mobility_listings import Ground, Move
from app.services import mobility_listings as service
from app.services.mobility_listings import KeepMobilityListing

strawberry.enum(Move, name="WishedMove", graphql_name_from="value", description="What a move is to be.")
strawberry.enum(
    Ground,
    name="MobilityListingGround",
    graphql_name_from="value",
    description="Why somebody wants to move, in a code.",
)


@strawberry.type(
    description="What one said of oneself as somebody who wants to move, until the consent ends; nobody else reads it. "
    "`destinations` are the provinces that it comes to."
)
class MobilityListing:
    consent_id: UUID
    listed_at: datetime.datetime
    expires_at: datetime.datetime
    is_in_force: bool
    provinces_wanted: list[str]
    provinces_excluded: list[str]
    institutions_wanted: list[str]
    institutions_excluded: list[str]
    destinations: list[str]
    horizon_months: int
    moves: list[str]
    position_levels: list[str]
    government_affairs: list[str]
    grounds: list[str] | None
    withheld: list[str]


@strawberry.input(description="The consent that a listing rests on, given with it, at most 730 days ahead.")
class ConsentToBeListedInput:
    expires_at: datetime.datetime
    scope: consents.Scope = consents.Scope.CARD


@strawberry.input(
    description="What one wishes for. Without `consent` the one that stands counts. No province and no institution: "
    "anywhere. No level: what the moves come to from the level held. No affair: any."
)
class KeepMobilityListingInput:
    horizon_months: int
    moves: list[Move]
    consent: ConsentToBeListedInput | None = None
    provinces_wanted: list[str] = strawberry.field(default_factory=list)
    provinces_excluded: list[str] = strawberry.field(default_factory=list)
    institutions_wanted: list[UUID] = strawberry.field(default_factory=list)
    institutions_excluded: list[UUID] = strawberry.field(default_factory=list)
    position_levels: list[PositionLevel] = strawberry.field(default_factory=list)
    government_affairs: list[str] = strawberry.field(default_factory=list)
    grounds: list[Ground] = strawberry.field(default_factory=list)


@strawberry.type
class MobilityListingQueries:
    @strawberry.field(
        description="What one said of oneself as somebody who wants to move; null where one is not listed."
    )
    def mobility_listing(self) -> MobilityListing | None:
        compiled()


@strawberry.type
class MobilityListingChanges:
    @strawberry.field(description="Be listed as one who wants to move, by a consent that stands or is given with it.")
    def keep_mobility_listing(self, input: KeepMobilityListingInput) -> MobilityListing | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Be listed no more; answers with what the listing was.")
    def withdraw_mobility_listing(self) -> MobilityListing | None:
        compiled()


async def mobility_listing(asked: Asked) -> Document:
    return await service.mobility_listing_document(asked.db, asked.actor, asked.wanted)


async def keep_mobility_listing(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = KeepMobilityListing.model_validate(input, by_alias=True)
    await service.keep_mobility_listing(asked.db, asked.actor, command)
    return await mobility_listing(asked)


async def withdraw_mobility_listing(asked: Asked) -> Document:
    before = await mobility_listing(asked)
    await service.withdraw_mobility_listing(asked.db, asked.actor)
    return before


ROOTS: dict[str, RootFunction] = {"mobilityListing": mobility_listing}
CHANGES: dict[str, RootFunction] = {
    "keepMobilityListing": keep_mobility_listing,
    "withdrawMobilityListing": withdraw_mobility_listing,
}
