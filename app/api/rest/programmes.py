"""REST: priority programmes, version by version."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    filter_of,
    first_of,
    in_path,
    page_of,
    query,
    select_fields,
    version_of,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import programmes as shapes
from app.domain.actors import Actor
from app.services import programmes
from app.services.programmes import PriorityProgrammeFilter, PublishPriorityProgramme

router = APIRouter(prefix="/v1", tags=["vacancies"], route_class=SignedInRoute)


@router.post(
    "/priority-programmes",
    operation_id="publishPriorityProgramme",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.PRIORITY_PROGRAMME, "The version.", 201),
)
async def publish_priority_programme(request: Request, command: PublishPriorityProgramme) -> Response:
    """Publish a programme, or the next version of one; a version is never edited."""
    db, somebody = database(request), who_asks(request)
    code, version = await programmes.publish_priority_programme(db, somebody, command)
    document = await programmes.priority_programme_document(db, somebody, code, version)
    return Response(document, 201, {"location": f"/v1/priority-programmes/{code}/versions/{version}"}, JSON)


async def priority_programme(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.PRIORITY_PROGRAMME)
    code, version = request.path_params["programme"], version_of(request)
    return await programmes.priority_programme_document(db, actor, code, version, wanted)


async def priority_programmes_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, PriorityProgrammeFilter, FILTERS)
    return await programmes.priority_programmes_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.PRIORITY_PROGRAMMES)
    )


PROGRAMME = in_path("programme", "Code of a programme.", {"type": "string"})
VERSION = in_path("version", "Its version.", {"type": "integer"})
FILTERS = (
    query("code", "Code of a programme.", {"type": "string"}),
    query("inForce", "Whether it holds today, here.", {"type": "boolean"}),
)
READS = (
    Read(
        "/priority-programmes",
        priority_programmes_page,
        programmes.priority_programmes_page,
        shapes.PRIORITY_PROGRAMMES,
        "vacancies",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/priority-programmes/{programme}/versions/{version}",
        priority_programme,
        programmes.priority_programme_document,
        shapes.PRIORITY_PROGRAMME,
        "vacancies",
        (PROGRAMME, VERSION, FIELDS),
    ),
)
