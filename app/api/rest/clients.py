"""REST: integration clients, for those who connect an institution's systems."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import FIELDS, JSON, PAGE, Read, after_of, first_of, in_path, page_of, select_fields
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import clients as shapes
from app.domain.actors import Actor
from app.services import clients
from app.services.clients import Credentials, EditClient, RegisterClient, RotateClientSecret

router = APIRouter(prefix="/v1", tags=["clients"], route_class=SignedInRoute)
ClientId = Annotated[str, Path(alias="clientId", description="Id of an integration client.")]
NOT_STORED = {"cache-control": "no-store", "pragma": "no-cache"}
SHOWN_ONCE: dict[str, Any] = {
    "description": "The client and its secret, which is shown this once.",
    "content": {
        JSON: {
            "schema": {
                "type": "object",
                "required": ["clientSecret", "client"],
                "properties": {"clientSecret": {"type": "string"}, "client": schema_of(shapes.CLIENT.fields)},
            }
        }
    },
}


def _client(description: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {JSON: {"schema": schema_of(shapes.CLIENT.fields)}}}}


@router.post(
    "/clients",
    operation_id="registerClient",
    status_code=201,
    response_class=Response,
    responses={201: SHOWN_ONCE},
)
async def register_client(request: Request, command: RegisterClient) -> Response:
    """Register a system of the institution; it then obtains tokens at `POST /oauth/token`."""
    made = await clients.register_client(database(request), who_asks(request), command)
    return await _shown_once(request, made, f"/v1/clients/{made.client_id}")


@router.patch(
    "/clients/{clientId}",
    operation_id="editClient",
    response_class=Response,
    responses=_client("The edited client."),
)
async def edit_client(request: Request, client_id: ClientId, command: EditClient) -> Response:
    """Change name, scopes, institutions or agreement; tokens it already has stay as they are until they end."""
    await clients.edit_client(database(request), who_asks(request), client_id, command)
    return await _answer(request, client_id)


@router.post(
    "/clients/{clientId}/secrets",
    operation_id="rotateClientSecret",
    status_code=201,
    response_class=Response,
    responses={201: SHOWN_ONCE},
)
async def rotate_client_secret(request: Request, client_id: ClientId, command: RotateClientSecret) -> Response:
    """Make another secret. The present one ends after the overlap, one that was ending already ends at once."""
    made = await clients.rotate_client_secret(database(request), who_asks(request), client_id, command)
    return await _shown_once(request, made, f"/v1/clients/{client_id}")


@router.put(
    "/clients/{clientId}/revocation",
    operation_id="revokeClient",
    response_class=Response,
    responses=_client("The revoked client."),
)
async def revoke_client(request: Request, client_id: ClientId) -> Response:
    """Revoke a client for good; a token it already has counts until it ends, which is minutes."""
    await clients.revoke_client(database(request), who_asks(request), client_id)
    return await _answer(request, client_id)


async def _answer(request: Request, client_id: str) -> Response:
    return Response(await clients.client_document(database(request), who_asks(request), client_id), media_type=JSON)


async def _shown_once(request: Request, made: Credentials, location: str) -> Response:
    document = await clients.credentials_document(database(request), who_asks(request), made)
    return Response(document, 201, {"location": location, **NOT_STORED}, JSON)


async def client_document(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.CLIENT)
    return await clients.client_document(db, actor, request.path_params["clientId"], wanted)


async def clients_page(db: Database, actor: Actor, request: Request) -> Document:
    return await clients.clients_page(db, actor, first_of(request), after_of(request), page_of(request, shapes.CLIENTS))


READS = (
    Read("/clients", clients_page, clients.clients_page, shapes.CLIENTS, "clients", PAGE),
    Read(
        "/clients/{clientId}",
        client_document,
        clients.client_document,
        shapes.CLIENT,
        "clients",
        (in_path("clientId", "Id of an integration client.", {"type": "string"}), FIELDS),
    ),
)
