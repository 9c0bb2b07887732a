"""REST: objections to one's own placement, and their answers."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.cycles import CYCLE_ID, CycleId
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.reads import JSON, PAGE, PURPOSE, Read, after_of, filter_of, first_of, id_of, in_path, page_of, query
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import objections as shapes
from app.domain.actors import Actor
from app.domain.objections import State
from app.services import objections
from app.services.objections import AnswerObjection, ObjectionFilter, RaiseObjection

router = APIRouter(prefix="/v1", tags=["objections"], route_class=SignedInRoute)


def _objection(description: str) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema_of(shapes.OBJECTION.fields)}}}


@router.post(
    "/cycles/{cycleId}/objections",
    operation_id="raiseObjection",
    status_code=201,
    response_class=Response,
    responses={201: _objection("The objection; it awaits its answer.")},
)
async def raise_objection(request: Request, cycle_id: CycleId, command: RaiseObjection) -> Response:
    """Object to one's own placement, up to the deadline."""
    objection_id = await objections.raise_objection(database(request), who_asks(request), cycle_id, command)
    return await _answer(request, objection_id, 201, f"/v1/objections/{objection_id}")


@router.put(
    "/objections/{objectionId}/answer",
    operation_id="answerObjection",
    response_class=Response,
    responses={200: _objection("The objection with its answer.")},
)
async def answer_objection(
    request: Request,
    objection_id: Annotated[UUID, Path(alias="objectionId", description="Id of an objection.")],
    command: AnswerObjection,
    expected: ReadBefore,
) -> Response:
    """Answer an objection in writing; upheld, the talent is placed anew from the evidence on record now."""
    db, somebody = database(request), who_asks(request)
    await objections.answer_objection(db, somebody, objection_id, command, expected=expected)
    return await _answer(request, objection_id)


async def _answer(request: Request, objection_id: UUID, status: int = 200, location: str | None = None) -> Response:
    document = await objections.objection_document(database(request), who_asks(request), objection_id)
    return contested(document, status, location)


async def objection_document(db: Database, actor: Actor, request: Request) -> Document:
    objection_id = id_of(request, "objectionId", "objection.not_found")
    return await objections.objection_document(db, actor, objection_id)


async def objections_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, ObjectionFilter, FILTERS)
    cycle_id = id_of(request, "cycleId", "cycle.not_found")
    return await objections.objections_page(
        db, actor, cycle_id, chosen, first_of(request), after_of(request), page_of(request, shapes.OBJECTIONS)
    )


FILTERS = (
    query("state", "What became of an objection.", {"type": "string", "enum": [state.value for state in State]}),
)
OBJECTION_ID = in_path("objectionId", "Id of an objection.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/cycles/{cycleId}/objections",
        objections_page,
        objections.objections_page,
        shapes.OBJECTIONS,
        "objections",
        (CYCLE_ID, *FILTERS, *PAGE),
    ),
    Read(
        "/objections/{objectionId}",
        objection_document,
        objections.objection_document,
        shapes.OBJECTION,
        "objections",
        (OBJECTION_ID, PURPOSE),
    ),
)
