"""REST: checks of mobility runs from their files alone."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.imports import on_disk
from app.api.rest.reads import FIELDS, JSON, Read, answers, id_of, in_path, select_fields
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes.mobility_verifications import MOBILITY_VERIFICATION
from app.domain.actors import Actor
from app.domain.mobility_verifications import State
from app.services import mobility_verifications
from app.services.mobility_verifications import VerifyMobilityRun

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)
ANSWERS: dict[int | str, dict[str, Any]] = {
    **answers(MOBILITY_VERIFICATION, "The check waits; a worker does it.", 202),
    **answers(MOBILITY_VERIFICATION, "The same was checked before: what it came to."),
}


@router.post(
    "/mobility-verifications",
    operation_id="verifyMobilityRun",
    status_code=202,
    response_class=Response,
    responses=ANSWERS,
)
async def verify_mobility_run(request: Request, command: VerifyMobilityRun) -> Response:
    """Have a run checked from its published files, by a program that shares nothing with what made it."""
    db, somebody = database(request), who_asks(request)
    return await _answer(request, await mobility_verifications.verify_mobility_run(db, somebody, command))


@router.post(
    "/mobility-verifications/files",
    operation_id="verifyMobilityFiles",
    status_code=202,
    response_class=Response,
    responses=ANSWERS,
)
async def verify_mobility_files(
    request: Request,
    files: Annotated[list[UploadFile], File(description="`run.json` and its nine tables, by their names.")],
    is_fast: Annotated[bool, Form(alias="isFast", description="Without solving the round again.")] = False,  # noqa: FBT002 - a form field
) -> Response:
    """Have files checked that one has: whatever is wrong with them is told by file and line."""
    db, somebody = database(request), who_asks(request)
    async with on_disk(files) as delivered:
        verification_id = await mobility_verifications.verify_mobility_files(db, somebody, delivered, is_fast=is_fast)
    return await _answer(request, verification_id)


async def _answer(request: Request, verification_id: UUID) -> Response:
    """202 with the check as long as it waits, 200 once it is done."""
    db, somebody = database(request), who_asks(request)
    document = await mobility_verifications.mobility_verification_document(db, somebody, verification_id)
    is_waiting = orjson.loads(document)["state"] == State.QUEUED.value
    headers = {"location": f"/v1/mobility-verifications/{verification_id}"}
    return Response(document, 202 if is_waiting else 200, headers, JSON)


async def verification(db: Database, actor: Actor, request: Request) -> Document:
    verification_id = id_of(request, "verificationId", "mobility_verification.not_found")
    wanted = select_fields(request, MOBILITY_VERIFICATION)
    return await mobility_verifications.mobility_verification_document(db, actor, verification_id, wanted)


VERIFICATION_ID = in_path("verificationId", "Id of a check.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/mobility-verifications/{verificationId}",
        verification,
        mobility_verifications.mobility_verification_document,
        MOBILITY_VERIFICATION,
        "mobility",
        (VERIFICATION_ID, FIELDS),
    ),
)
