"""REST: points formulas of mobility campaigns, version by version."""

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
    id_of,
    in_path,
    page_of,
    query,
    select_fields,
    version_of,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import mobility_formulas as shapes
from app.domain.actors import Actor
from app.services import mobility_formulas
from app.services.mobility_formulas import MobilityFormulaFilter, PublishMobilityFormula

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)


@router.post(
    "/mobility-formulas",
    operation_id="publishMobilityFormula",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.MOBILITY_FORMULA, "The version.", 201),
)
async def publish_mobility_formula(request: Request, command: PublishMobilityFormula) -> Response:
    """Publish a formula, or the next version of one; a version is never edited."""
    db, somebody = database(request), who_asks(request)
    key = await mobility_formulas.publish_mobility_formula(db, somebody, command)
    document = await mobility_formulas.mobility_formula_document(db, somebody, *key)
    location = f"/v1/mobility-formulas/{key.institution_id}/{key.code}/versions/{key.version}"
    return Response(document, 201, {"location": location}, JSON)


async def mobility_formula(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_FORMULA)
    organiser = id_of(request, "organiserId", "mobility_formula.not_found")
    code, version = request.path_params["formula"], version_of(request)
    return await mobility_formulas.mobility_formula_document(db, actor, organiser, code, version, wanted)


async def mobility_formulas_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, MobilityFormulaFilter, FILTERS)
    return await mobility_formulas.mobility_formulas_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.MOBILITY_FORMULAS)
    )


ORGANISER = in_path("organiserId", "Id of the institution that published it.", {"type": "string", "format": "uuid"})
FORMULA = in_path("formula", "Code of a formula.", {"type": "string"})
VERSION = in_path("version", "Its version.", {"type": "integer"})
FILTERS = (
    query("organiserId", "Id of the institution that published it.", {"type": "string", "format": "uuid"}),
    query("code", "Code of a formula.", {"type": "string"}),
)
READS = (
    Read(
        "/mobility-formulas",
        mobility_formulas_page,
        mobility_formulas.mobility_formulas_page,
        shapes.MOBILITY_FORMULAS,
        "mobility",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/mobility-formulas/{organiserId}/{formula}/versions/{version}",
        mobility_formula,
        mobility_formulas.mobility_formula_document,
        shapes.MOBILITY_FORMULA,
        "mobility",
        (ORGANISER, FORMULA, VERSION, FIELDS),
    ),
)
