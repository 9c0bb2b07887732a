"""GraphQL: posts offered in mobility campaigns, and how many people units let go."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.domain.mobility_releases import Criterion
from app.domain.revisions import exactly
from app.services import mobility_offers, mobility_releases
from app.services.mobility_offers import MobilityOfferFilter, OfferPost, OfferPosts
from app.services.mobility_releases import SetMobilityRelease

strawberry.enum(
    Criterion,
    name="MobilityReleaseCriterion",
    graphql_name_from="value",
    description="What decides who of a unit goes first; wishes and age never do.",
)


@strawberry.type(
    description="A post on offer in a campaign. `openSeats` are empty on the effective day, `urgency` is a class by "
    "priority programmes, 1 the most urgent; `standard` are the levels 1–5 it asks of the nine competencies."
)
class MobilityOffer:
    id: UUID
    campaign_id: UUID
    revision: int
    institution_id: UUID
    institution: str
    post_id: UUID
    post_name: str
    unit_id: str
    unit: str
    province_code: str | None
    level: PositionLevel
    government_affair: str | None
    standard: list[int]
    open_seats: int
    urgency: int
    is_offered: bool


@strawberry.type
class MobilityOfferEdge:
    cursor: str
    node: MobilityOffer


@strawberry.type(description="A page of the posts on offer, of all institutions.")
class MobilityOfferConnection:
    edges: list[MobilityOfferEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="How many posts and seats the own institution offers in a campaign.")
class MobilityOffering:
    campaign_id: UUID
    posts: int
    open_seats: int


@strawberry.type(
    description="How many people a unit, and those below it that say nothing of their own, lets go, and what decides "
    "who goes first. Where nothing is said, nobody leaves the unit."
)
class MobilityRelease:
    campaign_id: UUID
    institution_id: UUID
    unit_id: str
    revision: int
    quota: int
    criteria: list[str]


@strawberry.type
class MobilityReleaseEdge:
    cursor: str
    node: MobilityRelease


@strawberry.type(description="A page of what units let go, of all institutions.")
class MobilityReleaseConnection:
    edges: list[MobilityReleaseEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="MobilityOfferFilter", description="Which offers to list; what is not given does not restrict.")
class MobilityOfferFilterInput:
    province: str | None = None
    level: PositionLevel | None = None
    affair: str | None = None
    institution: UUID | None = None


@strawberry.input(description="How many seats to open; as many as are empty on the effective day, where not told.")
class OfferPostInput:
    seats: int | None = None


@strawberry.input(description="One of several posts to offer.")
class OfferedPostInput:
    post_id: UUID
    seats: int | None = None


@strawberry.input(description="Posts to offer together: all of them, or none.")
class OfferPostsInput:
    offers: list[OfferedPostInput]


@strawberry.input(description="How many people a unit lets go, and what decides who goes first.")
class SetMobilityReleaseInput:
    quota: int
    criteria: list[Criterion]


@strawberry.type
class MobilityOfferQueries:
    @strawberry.field(description="The posts on offer in a campaign, of all institutions.")
    def mobility_offers(
        self,
        campaign_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[MobilityOfferFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> MobilityOfferConnection | None:
        compiled()

    @strawberry.field(description="The offer of a post of the own registry; null where it is not on offer.")
    def mobility_offer(self, campaign_id: UUID, post_id: UUID) -> MobilityOffer | None:
        compiled()

    @strawberry.field(description="How many posts and seats the own institution offers.")
    def mobility_offering(self, campaign_id: UUID) -> MobilityOffering | None:
        compiled()

    @strawberry.field(description="How many people each unit lets go, of all institutions.")
    def mobility_releases(
        self, campaign_id: UUID, first: int | None = None, after: str | None = None
    ) -> MobilityReleaseConnection | None:
        compiled()

    @strawberry.field(description="What a unit of the own institution lets go; null where it says nothing.")
    def mobility_release(self, campaign_id: UUID, unit_id: str) -> MobilityRelease | None:
        compiled()


@strawberry.type
class MobilityOfferChanges:
    @strawberry.field(description="Offer several posts of the own registry: all of them, or none.")
    def offer_posts(
        self,
        campaign_id: UUID,
        input: OfferPostsInput,  # noqa: A002
    ) -> MobilityOffering | None:
        compiled()

    @strawberry.field(description="Offer a post (revision 0), or change how many of its seats are open.")
    def offer_post(
        self,
        campaign_id: UUID,
        post_id: UUID,
        revision: int,
        input: OfferPostInput,  # noqa: A002
    ) -> MobilityOffer | None:
        compiled()

    @strawberry.field(description="Take an offer back before wishes close; answers with what is offered still.")
    def withdraw_offer(self, campaign_id: UUID, post_id: UUID, revision: int) -> MobilityOffering | None:
        compiled()

    @strawberry.field(description="Publish how many people a unit lets go (revision 0), or change it.")
    def set_mobility_release(
        self,
        campaign_id: UUID,
        unit_id: str,
        revision: int,
        input: SetMobilityReleaseInput,  # noqa: A002
    ) -> MobilityRelease | None:
        compiled()

    @strawberry.field(description="Take back what a unit lets go; answers with what others say.")
    def remove_mobility_release(
        self, campaign_id: UUID, unit_id: str, revision: int
    ) -> MobilityReleaseConnection | None:
        compiled()


async def offers_page(
    asked: Asked,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = MobilityOfferFilter.model_validate(filter or {}, by_alias=True)
    return await mobility_offers.mobility_offers_page(
        asked.db, asked.actor, campaign_id, chosen, first, after, asked.wanted
    )


async def offer(asked: Asked, campaign_id: UUID, post_id: UUID) -> Document:
    return await mobility_offers.mobility_offer_document(asked.db, asked.actor, campaign_id, post_id, asked.wanted)


async def offering(asked: Asked, campaign_id: UUID) -> Document:
    return await mobility_offers.mobility_offering_document(asked.db, asked.actor, campaign_id, asked.wanted)


async def releases_page(
    asked: Asked, campaign_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await mobility_releases.mobility_releases_page(
        asked.db, asked.actor, campaign_id, first, after, asked.wanted
    )


async def release(asked: Asked, campaign_id: UUID, unit_id: str) -> Document:
    return await mobility_releases.mobility_release_document(asked.db, asked.actor, campaign_id, unit_id, asked.wanted)


async def offer_posts(asked: Asked, campaign_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = OfferPosts.model_validate(input, by_alias=True)
    await mobility_offers.offer_posts(asked.db, asked.actor, campaign_id, command)
    return await offering(asked, campaign_id)


async def offer_post(
    asked: Asked,
    campaign_id: UUID,
    post_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = OfferPost.model_validate(input, by_alias=True)
    expected = exactly(revision)
    await mobility_offers.offer_post(asked.db, asked.actor, campaign_id, post_id, command, expected=expected)
    return await offer(asked, campaign_id, post_id)


async def withdraw_offer(asked: Asked, campaign_id: UUID, post_id: UUID, revision: int) -> Document:
    await mobility_offers.withdraw_offer(asked.db, asked.actor, campaign_id, post_id, expected=exactly(revision))
    return await offering(asked, campaign_id)


async def set_mobility_release(
    asked: Asked,
    campaign_id: UUID,
    unit_id: str,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command, expected = SetMobilityRelease.model_validate(input, by_alias=True), exactly(revision)
    await mobility_releases.set_mobility_release(
        asked.db, asked.actor, campaign_id, unit_id, command, expected=expected
    )
    return await release(asked, campaign_id, unit_id)


async def remove_mobility_release(asked: Asked, campaign_id: UUID, unit_id: str, revision: int) -> Document:
    expected = exactly(revision)
    await mobility_releases.remove_mobility_release(asked.db, asked.actor, campaign_id, unit_id, expected=expected)
    return await releases_page(asked, campaign_id)


ROOTS: dict[str, RootFunction] = {
    "mobilityOffers": offers_page,
    "mobilityOffer": offer,
    "mobilityOffering": offering,
    "mobilityReleases": releases_page,
    "mobilityRelease": release,
}
CHANGES: dict[str, RootFunction] = {
    "offerPosts": offer_posts,
    "offerPost": offer_post,
    "withdrawOffer": withdraw_offer,
    "setMobilityRelease": set_mobility_release,
    "removeMobilityRelease": remove_mobility_release,
}
