"""REST: disclosure of a talent to another institution."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import JSON, PAGE, PURPOSE, Read, after_of, first_of, id_of, in_path, page_of
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import disclosures as shapes
from app.domain.actors import Actor
from app.services import disclosures
from app.services.disclosures import CloseDisclosure, ReleaseDisclosure, RequestDisclosure

router = APIRouter(prefix="/v1", tags=["disclosures"], route_class=SignedInRoute)
DisclosureId = Annotated[UUID, Path(alias="disclosureId", description="Id of a disclosure.")]
ABSENT = "disclosure.not_found"


def _disclosure(description: str) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema_of(shapes.DISCLOSURE.fields)}}}


@router.post(
    "/disclosures",
    operation_id="requestDisclosure",
    status_code=201,
    response_class=Response,
    responses={201: _disclosure("The request; the origin and the talent decide.")},
)
async def request_disclosure(request: Request, command: RequestDisclosure) -> Response:
    """Ask for the person behind a card of another institution."""
    disclosure_id = await disclosures.request_disclosure(database(request), who_asks(request), command)
    answer = await _answer(request, disclosure_id)
    answer.status_code, answer.headers["location"] = 201, f"/v1/disclosures/{disclosure_id}"
    return answer


@router.put(
    "/disclosures/{disclosureId}/release",
    operation_id="releaseDisclosure",
    response_class=Response,
    responses={200: _disclosure("The request; open if the talent has agreed.")},
)
async def release_disclosure(request: Request, disclosure_id: DisclosureId, command: ReleaseDisclosure) -> Response:
    """Release somebody of the own institution, as its appointing authority."""
    await disclosures.release_disclosure(database(request), who_asks(request), disclosure_id, command)
    return await _answer(request, disclosure_id)


@router.put(
    "/disclosures/{disclosureId}/consent",
    operation_id="agreeToDisclosure",
    response_class=Response,
    responses={200: _disclosure("The request; open if the origin has released it.")},
)
async def agree_to_disclosure(request: Request, disclosure_id: DisclosureId) -> Response:
    """Agree to being disclosed, as the talent."""
    await disclosures.agree_to_disclosure(database(request), who_asks(request), disclosure_id)
    return await _answer(request, disclosure_id)


@router.put(
    "/disclosures/{disclosureId}/refusal",
    operation_id="refuseDisclosure",
    response_class=Response,
    responses={200: _disclosure("The refused request.")},
)
async def refuse_disclosure(request: Request, disclosure_id: DisclosureId, command: CloseDisclosure) -> Response:
    """Refuse a request, as the appointing authority of the origin or as the talent."""
    await disclosures.refuse_disclosure(database(request), who_asks(request), disclosure_id, command)
    return await _answer(request, disclosure_id)


@router.put(
    "/disclosures/{disclosureId}/withdrawal",
    operation_id="withdrawDisclosure",
    response_class=Response,
    responses={200: _disclosure("The request, closed.")},
)
async def withdraw_disclosure(request: Request, disclosure_id: DisclosureId, command: CloseDisclosure) -> Response:
    """Take back a yes, as the appointing authority of the origin or as the talent; nobody may look any more."""
    await disclosures.withdraw_disclosure(database(request), who_asks(request), disclosure_id, command)
    return await _answer(request, disclosure_id)


async def _answer(request: Request, disclosure_id: UUID) -> Response:
    document = await disclosures.disclosure_document(database(request), who_asks(request), disclosure_id)
    return Response(document, media_type=JSON)


async def disclosure_document(db: Database, actor: Actor, request: Request) -> Document:
    return await disclosures.disclosure_document(db, actor, id_of(request, "disclosureId", ABSENT))


async def disclosures_page(db: Database, actor: Actor, request: Request) -> Document:
    return await disclosures.disclosures_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.DISCLOSURES)
    )


async def disclosed_talent(db: Database, actor: Actor, request: Request) -> Document:
    return await disclosures.disclosed_talent_document(db, actor, id_of(request, "disclosureId", ABSENT))


DISCLOSURE_ID = in_path("disclosureId", "Id of a disclosure.", {"type": "string", "format": "uuid"})
READS = (
    Read("/disclosures", disclosures_page, disclosures.disclosures_page, shapes.DISCLOSURES, "disclosures", PAGE),
    Read(
        "/disclosures/{disclosureId}",
        disclosure_document,
        disclosures.disclosure_document,
        shapes.DISCLOSURE,
        "disclosures",
        (DISCLOSURE_ID,),
    ),
    Read(
        "/disclosures/{disclosureId}/talent",
        disclosed_talent,
        disclosures.disclosed_talent_document,
        shapes.DISCLOSED_TALENT,
        "disclosures",
        (DISCLOSURE_ID, {**PURPOSE, "required": True}),
    ),
)
