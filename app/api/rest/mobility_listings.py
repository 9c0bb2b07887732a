"""REST: one's own listing as somebody who wants to move."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import FIELDS, JSON, Read, answers, select_fields
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import mobility_listings as shapes
from app.domain.actors import Actor
from app.services import mobility_listings
from app.services.mobility_listings import KeepMobilityListing

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)


@router.put(
    "/mobility-listing",
    operation_id="keepMobilityListing",
    response_class=Response,
    responses=answers(shapes.MOBILITY_LISTING, "The listing."),
)
async def keep_mobility_listing(request: Request, command: KeepMobilityListing) -> Response:
    """Be listed as one who wants to move, by a consent that stands or is given with it."""
    db, somebody = database(request), who_asks(request)
    await mobility_listings.keep_mobility_listing(db, somebody, command)
    return Response(await mobility_listings.mobility_listing_document(db, somebody), media_type=JSON)


@router.delete("/mobility-listing", operation_id="withdrawMobilityListing", status_code=204, response_class=Response)
async def withdraw_mobility_listing(request: Request) -> Response:
    """Be listed no more: the listing goes, with the wish on the card and in every count."""
    await mobility_listings.withdraw_mobility_listing(database(request), who_asks(request))
    return Response(status_code=204)


async def mobility_listing(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_LISTING)
    return await mobility_listings.mobility_listing_document(db, actor, wanted)


READS = (
    Read(
        "/mobility-listing",
        mobility_listing,
        mobility_listings.mobility_listing_document,
        shapes.MOBILITY_LISTING,
        "mobility",
        (FIELDS,),
    ),
)
