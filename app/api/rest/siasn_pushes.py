"""REST: placements handed over to SIASN."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
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
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import siasn_pushes as shapes
from app.domain.actors import Actor
from app.services import siasn_pushes
from app.services.siasn_pushes import ReceiptFilter, StartSiasnPush

router = APIRouter(prefix="/v1", tags=["siasn"], route_class=SignedInRoute)
PushId = Annotated[UUID, Path(alias="pushId", description="Id of a handing over.")]
PUSH_ID = in_path("pushId", "Id of a handing over.", {"type": "string", "format": "uuid"})
OUTCOME = query("outcome", "Only receipts of this outcome.", shapes.OUTCOME)
ABSENT = "siasn_push.not_found"


@router.post(
    "/siasn-pushes",
    operation_id="startSiasnPush",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.PUSH, "It is queued.", 202),
)
async def start_siasn_push(request: Request, command: StartSiasnPush) -> Response:
    """Hand the placements of a confirmed cycle over to SIASN; a worker does it, one person after the other."""
    db, somebody = database(request), who_asks(request)
    push_id = await siasn_pushes.start_siasn_push(db, somebody, command)
    document = await siasn_pushes.siasn_push_document(db, somebody, push_id)
    return Response(document, 202, {"location": f"/v1/siasn-pushes/{push_id}"}, JSON)


@router.put(
    "/siasn-pushes/{pushId}/cancellation",
    operation_id="cancelSiasnPush",
    response_class=Response,
    responses=answers(shapes.PUSH, "It is stopped."),
)
async def cancel_siasn_push(request: Request, push_id: PushId) -> Response:
    """Stop handing over; who was sent by then stays sent."""
    db, somebody = database(request), who_asks(request)
    await siasn_pushes.cancel_siasn_push(db, somebody, push_id)
    return Response(await siasn_pushes.siasn_push_document(db, somebody, push_id), media_type=JSON)


async def siasn_push(db: Database, actor: Actor, request: Request) -> Document:
    push_id = id_of(request, "pushId", ABSENT)
    return await siasn_pushes.siasn_push_document(db, actor, push_id, select_fields(request, shapes.PUSH))


async def siasn_pushes_page(db: Database, actor: Actor, request: Request) -> Document:
    wanted = page_of(request, shapes.PUSHES)
    return await siasn_pushes.siasn_pushes_page(db, actor, first_of(request), after_of(request), wanted)


async def siasn_receipts_page(db: Database, actor: Actor, request: Request) -> Document:
    return await siasn_pushes.siasn_receipts_page(
        db,
        actor,
        id_of(request, "pushId", ABSENT),
        filter_of(request, ReceiptFilter, (OUTCOME,)),
        first_of(request),
        after_of(request),
        page_of(request, shapes.RECEIPTS),
    )


READS = (
    Read("/siasn-pushes", siasn_pushes_page, siasn_pushes.siasn_pushes_page, shapes.PUSHES, "siasn", PAGE),
    Read(
        "/siasn-pushes/{pushId}", siasn_push, siasn_pushes.siasn_push_document, shapes.PUSH, "siasn", (PUSH_ID, FIELDS)
    ),
    Read(
        "/siasn-pushes/{pushId}/receipts",
        siasn_receipts_page,
        siasn_pushes.siasn_receipts_page,
        shapes.RECEIPTS,
        "siasn",
        (PUSH_ID, OUTCOME, *PAGE),
    ),
)
