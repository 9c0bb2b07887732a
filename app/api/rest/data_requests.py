"""REST: requests of data subjects, and their answers."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import JSON, PAGE, Read, after_of, filter_of, first_of, id_of, in_path, page_of, query
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import data_requests as shapes
from app.domain.actors import Actor
from app.domain.data_requests import Kind, State
from app.services import data_requests
from app.services.data_requests import AnswerDataRequest, DataRequestFilter, LiftRestriction, RaiseDataRequest

router = APIRouter(prefix="/v1", tags=["data subjects"], route_class=SignedInRoute)
RequestId = Annotated[UUID, Path(alias="requestId", description="Id of a request.")]


def _request(description: str) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema_of(shapes.DATA_REQUEST.fields)}}}


@router.post(
    "/data-requests",
    operation_id="raiseDataRequest",
    status_code=201,
    response_class=Response,
    responses={201: _request("The request; it is answered within 3×24 hours.")},
)
async def raise_data_request(request: Request, command: RaiseDataRequest) -> Response:
    """Ask for something as a data subject: access, correction, a human's decision, restriction."""
    request_id = await data_requests.raise_data_request(database(request), who_asks(request), command)
    answer = await _answer(request, request_id)
    answer.status_code, answer.headers["location"] = 201, f"/v1/data-requests/{request_id}"
    return answer


@router.put(
    "/data-requests/{requestId}/answer",
    operation_id="answerDataRequest",
    response_class=Response,
    responses={200: _request("The request with its answer.")},
)
async def answer_data_request(request: Request, request_id: RequestId, command: AnswerDataRequest) -> Response:
    """Answer a request, once; a restriction that is granted takes its subject out of the map."""
    await data_requests.answer_data_request(database(request), who_asks(request), request_id, command)
    return await _answer(request, request_id)


@router.put(
    "/data-requests/{requestId}/withdrawal",
    operation_id="withdrawDataRequest",
    response_class=Response,
    responses={200: _request("The request, withdrawn.")},
)
async def withdraw_data_request(request: Request, request_id: RequestId) -> Response:
    """Take back one's own request before it is answered, or an objection to automated processing at any time."""
    await data_requests.withdraw_data_request(database(request), who_asks(request), request_id)
    return await _answer(request, request_id)


@router.put(
    "/data-requests/{requestId}/lifting",
    operation_id="liftRestriction",
    response_class=Response,
    responses={200: _request("The request; its restriction holds no longer.")},
)
async def lift_restriction(request: Request, request_id: RequestId, command: LiftRestriction) -> Response:
    """End a restriction: its subject is placed again from the evidence on record."""
    await data_requests.lift_restriction(database(request), who_asks(request), request_id, command)
    return await _answer(request, request_id)


async def _answer(request: Request, request_id: UUID) -> Response:
    document = await data_requests.data_request_document(database(request), who_asks(request), request_id)
    return Response(document, media_type=JSON)


async def data_request_document(db: Database, actor: Actor, request: Request) -> Document:
    request_id = id_of(request, "requestId", "data_request.not_found")
    return await data_requests.data_request_document(db, actor, request_id)


async def data_requests_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, DataRequestFilter, FILTERS)
    return await data_requests.data_requests_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.DATA_REQUESTS)
    )


FILTERS = (
    query("kind", "What is asked for.", {"type": "string", "enum": [kind.value for kind in Kind]}),
    query("state", "What became of a request.", {"type": "string", "enum": [state.value for state in State]}),
    query("overdue", "Whether the time to answer is over and nobody has answered.", {"type": "boolean"}),
)
REQUEST_ID = in_path("requestId", "Id of a request.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/data-requests",
        data_requests_page,
        data_requests.data_requests_page,
        shapes.DATA_REQUESTS,
        "data subjects",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/data-requests/{requestId}",
        data_request_document,
        data_requests.data_request_document,
        shapes.DATA_REQUEST,
        "data subjects",
        (REQUEST_ID,),
    ),
)
