"""REST: who may organise mobility campaigns."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import FIELDS, PAGE, Read, after_of, first_of, id_of, in_path, page_of, select_fields
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import mobility_organisers as shapes
from app.domain.actors import Actor
from app.services import mobility_organisers
from app.services.mobility_organisers import SetMobilityOrganiser

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)
InstitutionId = Annotated[UUID, Path(alias="institutionId", description="Id of an institution.")]


@router.put("/mobility-organisers/{institutionId}", operation_id="setMobilityOrganiser", status_code=204)
async def set_mobility_organiser(
    request: Request, institution_id: InstitutionId, command: SetMobilityOrganiser
) -> None:
    """Allow an institution to organise campaigns, or no longer; BKN alone may."""
    db, somebody = database(request), who_asks(request)
    await mobility_organisers.set_mobility_organiser(db, somebody, institution_id, command)


async def mobility_organiser(db: Database, actor: Actor, request: Request) -> Document:
    organiser = id_of(request, "institutionId", "mobility_organiser.not_found")
    wanted = select_fields(request, shapes.MOBILITY_ORGANISER)
    return await mobility_organisers.mobility_organiser_document(db, actor, organiser, wanted)


async def mobility_organisers_page(db: Database, actor: Actor, request: Request) -> Document:
    return await mobility_organisers.mobility_organisers_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.MOBILITY_ORGANISERS)
    )


INSTITUTION_ID = in_path("institutionId", "Id of an institution.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/mobility-organisers",
        mobility_organisers_page,
        mobility_organisers.mobility_organisers_page,
        shapes.MOBILITY_ORGANISERS,
        "mobility",
        PAGE,
    ),
    Read(
        "/mobility-organisers/{institutionId}",
        mobility_organiser,
        mobility_organisers.mobility_organiser_document,
        shapes.MOBILITY_ORGANISER,
        "mobility",
        (INSTITUTION_ID, FIELDS),
    ),
)
