"""REST: the connection of an institution to SIASN."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database, destinations, sealing
from app.api.rest.etags import ReadBefore, ReadOrAbsent, contested
from app.api.rest.reads import FIELDS, Read, answers, select_fields
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import siasn_connections as shapes
from app.domain.actors import Actor
from app.services import siasn_connections, siasn_trials
from app.services.siasn_connections import KeepSiasnConnection, ReplaceSiasnSsoToken

router = APIRouter(prefix="/v1", tags=["siasn"], route_class=SignedInRoute)


@router.put(
    "/siasn-connection",
    operation_id="keepSiasnConnection",
    response_class=Response,
    responses=answers(shapes.CONNECTION, "The connection, without its secrets."),
)
async def keep_siasn_connection(request: Request, command: KeepSiasnConnection, expected: ReadOrAbsent) -> Response:
    """Connect the institution to SIASN (`If-None-Match: *`), or change how (`If-Match`); secrets are never told."""
    db, somebody, there = database(request), who_asks(request), destinations(request)
    await siasn_connections.keep_siasn_connection(db, somebody, sealing(request), there, command, expected=expected)
    return await _answer(request)


@router.delete("/siasn-connection", operation_id="removeSiasnConnection", status_code=204, response_class=Response)
async def remove_siasn_connection(request: Request, expected: ReadBefore) -> Response:
    """Cut the connection and forget its secrets; what SIASN has told stays."""
    await siasn_connections.remove_siasn_connection(database(request), who_asks(request), expected=expected)
    return Response(status_code=204)


@router.put(
    "/siasn-connection/sso-token",
    operation_id="replaceSiasnSsoToken",
    response_class=Response,
    responses=answers(shapes.CONNECTION, "The connection with the new token."),
)
async def replace_siasn_sso_token(request: Request, command: ReplaceSiasnSsoToken) -> Response:
    """Replace the SSO token issued by hand; work under way goes on with it."""
    await siasn_connections.replace_siasn_sso_token(database(request), who_asks(request), sealing(request), command)
    return await _answer(request)


@router.put(
    "/siasn-connection/trial",
    operation_id="trySiasnConnection",
    response_class=Response,
    responses=answers(shapes.CONNECTION, "The connection with what came of the trial."),
)
async def try_siasn_connection(request: Request) -> Response:
    """Ask for both tokens and for one page of units, and say which layer failed; half a minute at most."""
    await siasn_trials.try_siasn_connection(
        database(request), who_asks(request), sealing(request), destinations(request)
    )
    return await _answer(request)


async def _answer(request: Request) -> Response:
    return contested(await siasn_connections.siasn_connection_document(database(request), who_asks(request)))


async def siasn_connection(db: Database, actor: Actor, request: Request) -> Document:
    return await siasn_connections.siasn_connection_document(db, actor, select_fields(request, shapes.CONNECTION))


READS = (
    Read(
        "/siasn-connection",
        siasn_connection,
        siasn_connections.siasn_connection_document,
        shapes.CONNECTION,
        "siasn",
        (FIELDS,),
    ),
)
