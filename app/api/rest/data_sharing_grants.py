"""REST: grants of data sharing, for those who answer for an institution's people."""

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
    first_of,
    id_of,
    in_path,
    page_of,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import data_sharing_grants as shapes
from app.domain.actors import Actor
from app.services import data_sharing_grants
from app.services.data_sharing_grants import GrantDataSharing

TAG = "data sharing"
router = APIRouter(prefix="/v1", tags=[TAG], route_class=SignedInRoute)
GrantId = Annotated[UUID, Path(alias="grantId", description="Id of a grant.")]
GRANT_ID = in_path("grantId", "Id of a grant.", {"type": "string", "format": "uuid"})


@router.post(
    "/data-sharing-grants",
    operation_id="grantDataSharing",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.DATA_SHARING_GRANT, "The grant.", 201),
)
async def grant_data_sharing(request: Request, command: GrantDataSharing) -> Response:
    """Let a client of another institution read histories of the own people, as SIASN would tell them."""
    db, somebody = database(request), who_asks(request)
    grant_id = await data_sharing_grants.grant_data_sharing(db, somebody, command)
    document = await data_sharing_grants.data_sharing_grant_document(db, somebody, grant_id)
    return Response(document, 201, {"location": f"/v1/data-sharing-grants/{grant_id}"}, JSON)


@router.put(
    "/data-sharing-grants/{grantId}/revocation",
    operation_id="revokeDataSharingGrant",
    response_class=Response,
    responses=answers(shapes.DATA_SHARING_GRANT, "The grant, which counts no more."),
)
async def revoke_data_sharing_grant(request: Request, grant_id: GrantId) -> Response:
    """Take a grant back: nothing is read by it any more, from the next request on."""
    db, somebody = database(request), who_asks(request)
    await data_sharing_grants.revoke_data_sharing_grant(db, somebody, grant_id)
    document = await data_sharing_grants.data_sharing_grant_document(db, somebody, grant_id)
    return Response(document, media_type=JSON)


async def data_sharing_grant(db: Database, actor: Actor, request: Request) -> Document:
    grant_id = id_of(request, "grantId", "data_sharing.not_found")
    wanted = select_fields(request, shapes.DATA_SHARING_GRANT)
    return await data_sharing_grants.data_sharing_grant_document(db, actor, grant_id, wanted)


async def data_sharing_grants_page(db: Database, actor: Actor, request: Request) -> Document:
    return await data_sharing_grants.data_sharing_grants_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.DATA_SHARING_GRANTS)
    )


READS = (
    Read(
        "/data-sharing-grants",
        data_sharing_grants_page,
        data_sharing_grants.data_sharing_grants_page,
        shapes.DATA_SHARING_GRANTS,
        TAG,
        PAGE,
    ),
    Read(
        "/data-sharing-grants/{grantId}",
        data_sharing_grant,
        data_sharing_grants.data_sharing_grant_document,
        shapes.DATA_SHARING_GRANT,
        TAG,
        (GRANT_ID, FIELDS),
    ),
)
