"""REST: posts offered in mobility campaigns, and how many people units let go."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, ReadOrAbsent, contested
from app.api.rest.mobility_campaigns import CAMPAIGN_ID, CampaignId, campaign_of
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    filter_of,
    first_of,
    id_of,
    in_path,
    page_of,
    query,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import mobility_offers as shapes
from app.db.shapes import mobility_releases as release_shapes
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.services import mobility_offers, mobility_releases
from app.services.mobility_offers import MobilityOfferFilter, OfferPost, OfferPosts
from app.services.mobility_releases import SetMobilityRelease

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)
PostId = Annotated[UUID, Path(alias="postId", description="Id of a post of the own registry.")]
UnitId = Annotated[str, Path(alias="unitId", description="Id of a unit of the own institution.")]
TAG = "mobility"


@router.post(
    "/mobility-campaigns/{campaignId}/offers",
    operation_id="offerPosts",
    response_class=Response,
    responses=answers(shapes.MOBILITY_OFFERING, "How many posts and seats the institution offers now."),
)
async def offer_posts(request: Request, campaign_id: CampaignId, command: OfferPosts) -> Response:
    """Offer several posts of the own registry: all of them, or none where anything stands against one."""
    db, somebody = database(request), who_asks(request)
    await mobility_offers.offer_posts(db, somebody, campaign_id, command)
    return Response(await mobility_offers.mobility_offering_document(db, somebody, campaign_id), media_type=JSON)


@router.put(
    "/mobility-campaigns/{campaignId}/offers/{postId}",
    operation_id="offerPost",
    response_class=Response,
    responses=answers(shapes.MOBILITY_OFFER, "The offer."),
)
async def offer_post(
    request: Request, campaign_id: CampaignId, post_id: PostId, command: OfferPost, expected: ReadOrAbsent
) -> Response:
    """Offer a post of the own registry (`If-None-Match: *`), or change how many of its seats are open (`If-Match`)."""
    db, somebody = database(request), who_asks(request)
    await mobility_offers.offer_post(db, somebody, campaign_id, post_id, command, expected=expected)
    return contested(await mobility_offers.mobility_offer_document(db, somebody, campaign_id, post_id))


@router.delete(
    "/mobility-campaigns/{campaignId}/offers/{postId}",
    operation_id="withdrawOffer",
    status_code=204,
    response_class=Response,
)
async def withdraw_offer(request: Request, campaign_id: CampaignId, post_id: PostId, expected: ReadBefore) -> Response:
    """Take an offer back before wishes close."""
    db, somebody = database(request), who_asks(request)
    await mobility_offers.withdraw_offer(db, somebody, campaign_id, post_id, expected=expected)
    return Response(status_code=204)


@router.put(
    "/mobility-campaigns/{campaignId}/releases/{unitId}",
    operation_id="setMobilityRelease",
    response_class=Response,
    responses=answers(release_shapes.MOBILITY_RELEASE, "What the unit lets go."),
)
async def set_mobility_release(
    request: Request, campaign_id: CampaignId, unit_id: UnitId, command: SetMobilityRelease, expected: ReadOrAbsent
) -> Response:
    """Publish how many people a unit lets go (`If-None-Match: *`), or change it before wishes close (`If-Match`)."""
    db, somebody = database(request), who_asks(request)
    await mobility_releases.set_mobility_release(db, somebody, campaign_id, unit_id, command, expected=expected)
    return contested(await mobility_releases.mobility_release_document(db, somebody, campaign_id, unit_id))


@router.delete(
    "/mobility-campaigns/{campaignId}/releases/{unitId}",
    operation_id="removeMobilityRelease",
    status_code=204,
    response_class=Response,
)
async def remove_mobility_release(
    request: Request, campaign_id: CampaignId, unit_id: UnitId, expected: ReadBefore
) -> Response:
    """Take back what a unit lets go."""
    db, somebody = database(request), who_asks(request)
    await mobility_releases.remove_mobility_release(db, somebody, campaign_id, unit_id, expected=expected)
    return Response(status_code=204)


# ── reads


async def mobility_offers_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, MobilityOfferFilter, FILTERS)
    wanted = page_of(request, shapes.MOBILITY_OFFERS)
    campaign_id, first, after = campaign_of(request), first_of(request), after_of(request)
    return await mobility_offers.mobility_offers_page(db, actor, campaign_id, chosen, first, after, wanted)


async def mobility_offer(db: Database, actor: Actor, request: Request) -> Document:
    wanted, post_id = select_fields(request, shapes.MOBILITY_OFFER), id_of(request, "postId", "post.not_found")
    return await mobility_offers.mobility_offer_document(db, actor, campaign_of(request), post_id, wanted)


async def mobility_offering(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_OFFERING)
    return await mobility_offers.mobility_offering_document(db, actor, campaign_of(request), wanted)


async def mobility_releases_page(db: Database, actor: Actor, request: Request) -> Document:
    wanted = page_of(request, release_shapes.MOBILITY_RELEASES)
    campaign_id, first, after = campaign_of(request), first_of(request), after_of(request)
    return await mobility_releases.mobility_releases_page(db, actor, campaign_id, first, after, wanted)


async def mobility_release(db: Database, actor: Actor, request: Request) -> Document:
    wanted, unit_id = select_fields(request, release_shapes.MOBILITY_RELEASE), request.path_params["unitId"]
    return await mobility_releases.mobility_release_document(db, actor, campaign_of(request), unit_id, wanted)


UUID_SCHEMA = {"type": "string", "format": "uuid"}
POST_ID = in_path("postId", "Id of a post of the own registry.", UUID_SCHEMA)
UNIT_ID = in_path("unitId", "Id of a unit of the own institution.", {"type": "string"})
FILTERS = (
    query("province", "Code of a province.", {"type": "string"}),
    query("level", "Level of the post.", {"type": "string", "enum": [level.value for level in PositionLevel]}),
    query("affair", "Code of a government affair.", {"type": "string"}),
    query("institution", "Id of the institution whose post it is.", UUID_SCHEMA),
)
READS = (
    Read(
        "/mobility-campaigns/{campaignId}/offers",
        mobility_offers_page,
        mobility_offers.mobility_offers_page,
        shapes.MOBILITY_OFFERS,
        TAG,
        (CAMPAIGN_ID, *FILTERS, *PAGE),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/offers/{postId}",
        mobility_offer,
        mobility_offers.mobility_offer_document,
        shapes.MOBILITY_OFFER,
        TAG,
        (CAMPAIGN_ID, POST_ID, FIELDS),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/offering",
        mobility_offering,
        mobility_offers.mobility_offering_document,
        shapes.MOBILITY_OFFERING,
        TAG,
        (CAMPAIGN_ID, FIELDS),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/releases",
        mobility_releases_page,
        mobility_releases.mobility_releases_page,
        release_shapes.MOBILITY_RELEASES,
        TAG,
        (CAMPAIGN_ID, *PAGE),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/releases/{unitId}",
        mobility_release,
        mobility_releases.mobility_release_document,
        release_shapes.MOBILITY_RELEASE,
        TAG,
        (CAMPAIGN_ID, UNIT_ID, FIELDS),
    ),
)
