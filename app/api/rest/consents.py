"""REST: consents of talents."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.reads import JSON, PAGE, Read, after_of, first_of, id_of, in_path, page_of
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import consents as shapes
from app.domain.actors import Actor
from app.services import consents
from app.services.consents import GiveConsent

router = APIRouter(prefix="/v1", tags=["data subjects"], route_class=SignedInRoute)
ConsentId = Annotated[UUID, Path(alias="consentId", description="Id of a consent.")]


def _consent(description: str) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema_of(shapes.CONSENT.fields)}}}


@router.post(
    "/consents",
    operation_id="giveConsent",
    status_code=201,
    response_class=Response,
    responses={201: _consent("The consent.")},
)
async def give_consent(request: Request, command: GiveConsent) -> Response:
    """Agree to being listed without a name, or to being disclosed, for one purpose and until a day."""
    consent_id = await consents.give_consent(database(request), who_asks(request), command)
    answer = await _answer(request, consent_id)
    answer.status_code, answer.headers["location"] = 201, f"/v1/consents/{consent_id}"
    return answer


@router.put(
    "/consents/{consentId}/withdrawal",
    operation_id="withdrawConsent",
    response_class=Response,
    responses={200: _consent("The consent, withdrawn.")},
)
async def withdraw_consent(request: Request, consent_id: ConsentId) -> Response:
    """Withdraw a consent: the card vanishes, and disclosures that rest on it are closed at once."""
    await consents.withdraw_consent(database(request), who_asks(request), consent_id)
    return await _answer(request, consent_id)


async def _answer(request: Request, consent_id: UUID) -> Response:
    document = await consents.consent_document(database(request), who_asks(request), consent_id)
    return Response(document, media_type=JSON)


async def consent_document(db: Database, actor: Actor, request: Request) -> Document:
    return await consents.consent_document(db, actor, id_of(request, "consentId", "consent.not_found"))


async def consents_page(db: Database, actor: Actor, request: Request) -> Document:
    return await consents.consents_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.CONSENTS)
    )


CONSENT_ID = in_path("consentId", "Id of a consent.", {"type": "string", "format": "uuid"})
READS = (
    Read("/consents", consents_page, consents.consents_page, shapes.CONSENTS, "data subjects", PAGE),
    Read(
        "/consents/{consentId}",
        consent_document,
        consents.consent_document,
        shapes.CONSENT,
        "data subjects",
        (CONSENT_ID,),
    ),
)
