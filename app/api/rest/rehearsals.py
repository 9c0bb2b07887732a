"""REST: rehearsals of another rubric."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.calculations import accepted, begun
from app.api.rest.movements import BOX
from app.api.rest.reads import (
    FIELDS,
    PAGE,
    Read,
    after_of,
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
from app.db.shapes import rehearsals as shapes
from app.domain.actors import Actor
from app.services import rehearsals
from app.services.rehearsals import RehearsalMoverFilter, RehearseRubric

router = APIRouter(prefix="/v1", tags=["rehearsals"], route_class=SignedInRoute)


@router.post(
    "/rehearsals",
    operation_id="rehearseRubric",
    status_code=202,
    response_class=Response,
    responses={202: begun("The rehearsal has begun; it has the id of its calculation.")},
)
async def rehearse_rubric(request: Request, command: RehearseRubric) -> Response:
    """Apply a rubric to a cohort to see who would stand elsewhere; nobody is placed by it.

    The cohort is a cycle with its frozen inputs or, without one, everybody on the map with the evidence on record.
    """
    db, somebody = database(request), who_asks(request)
    calculation_id = await rehearsals.rehearse_rubric(db, somebody, command)
    return await accepted(request, calculation_id)


async def rehearsal(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.REHEARSAL)
    return await rehearsals.rehearsal_document(db, actor, _id(request), wanted)


async def rehearsals_page(db: Database, actor: Actor, request: Request) -> Document:
    return await rehearsals.rehearsals_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.REHEARSALS)
    )


async def movers_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, RehearsalMoverFilter, FILTERS)
    cursor = after_of(request)
    return await rehearsals.rehearsal_movers_page(
        db, actor, _id(request), chosen, first_of(request), cursor, page_of(request, shapes.REHEARSAL_MOVERS)
    )


def _id(request: Request) -> UUID:
    return id_of(request, "rehearsalId", "rehearsal.not_found")


REHEARSAL_ID = in_path("rehearsalId", "Id of a rehearsal.", {"type": "string", "format": "uuid"})
FILTERS = (
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query("fromBox", "Box before.", BOX),
    query("toBox", "Box after.", BOX),
)
READS = (
    Read("/rehearsals", rehearsals_page, rehearsals.rehearsals_page, shapes.REHEARSALS, "rehearsals", PAGE),
    Read(
        "/rehearsals/{rehearsalId}",
        rehearsal,
        rehearsals.rehearsal_document,
        shapes.REHEARSAL,
        "rehearsals",
        (REHEARSAL_ID, FIELDS),
    ),
    Read(
        "/rehearsals/{rehearsalId}/movers",
        movers_page,
        rehearsals.rehearsal_movers_page,
        shapes.REHEARSAL_MOVERS,
        "rehearsals",
        (REHEARSAL_ID, *FILTERS, *PAGE),
    ),
)
