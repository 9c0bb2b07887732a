"""REST: rubrics, drafts of them, and which one holds."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, ReadIfDraft, contested
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    first_of,
    in_path,
    page_of,
    select_fields,
    version_of,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import rubrics as shapes
from app.db.shapes.schemas import BOOLEAN, TEXT, lists, objects
from app.domain.actors import Actor
from app.services import rubrics
from app.services.rubrics import CheckRubric, CopyRubric, EditRubric

CHECK = objects(
    valid=BOOLEAN, faults=lists(objects(code=TEXT, where=TEXT, detail={"$ref": "#/components/schemas/Sentence"}))
)
router = APIRouter(prefix="/v1", tags=["rubrics"], route_class=SignedInRoute)
Code = Annotated[str, Path(description="Code of a rubric, such as `bkn-411-2025`.")]
Draft = Annotated[str, Path(alias="draft", description="Code of a draft, which ends with the institution's own sign.")]
Version = Annotated[int, Path(description="Its version.")]


@router.post(
    "/rubric-drafts",
    operation_id="copyRubric",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.RUBRIC_DRAFT, "The draft.", 201),
)
async def copy_rubric(request: Request, command: CopyRubric) -> Response:
    """Copy a rubric to a draft of the institution's own, as its next version."""
    db, somebody = database(request), who_asks(request)
    copy = await rubrics.copy_rubric(db, somebody, command)
    document = await rubrics.rubric_draft_document(db, somebody, *copy)
    return contested(document, 201, f"/v1/rubric-drafts/{copy}")


@router.put(
    "/rubric-drafts/{draft}/{version}",
    operation_id="editRubric",
    response_class=Response,
    responses=answers(shapes.RUBRIC_DRAFT, "The edited draft."),
)
async def edit_rubric(
    request: Request, code: Draft, version: Version, command: EditRubric, expected: ReadBefore
) -> Response:
    """Replace what a draft says; refused with every fault of it, and if somebody has edited it meanwhile."""
    db, somebody = database(request), who_asks(request)
    key = await rubrics.edit_rubric(db, somebody, code, version, command, expected=expected)
    return contested(await rubrics.rubric_draft_document(db, somebody, *key))


@router.delete(
    "/rubric-drafts/{draft}/{version}", operation_id="discardRubric", status_code=204, response_class=Response
)
async def discard_rubric(request: Request, code: Draft, version: Version, expected: ReadBefore) -> Response:
    """Throw a draft away; refused if somebody has edited it meanwhile."""
    await rubrics.discard_rubric(database(request), who_asks(request), code, version, expected=expected)
    return Response(status_code=204)


@router.put(
    "/rubrics/{code}/{version}/activation",
    operation_id="activateRubric",
    response_class=Response,
    responses=answers(shapes.RUBRIC, "The rubric that holds from now on."),
)
async def activate_rubric(request: Request, code: Code, version: Version, expected: ReadIfDraft) -> Response:
    """Place everybody by a version from now on; a draft is published first, and never changes again.

    Of a draft, `If-Match` says which revision was read; a version does not need it.
    """
    db, somebody = database(request), who_asks(request)
    key = await rubrics.activate_rubric(db, somebody, code, version, expected=expected)
    return Response(await rubrics.rubric_document(db, somebody, *key), media_type=JSON)


@router.post(
    "/rubric-validations",
    operation_id="checkRubric",
    response_class=Response,
    responses={200: {"description": "What is wrong, if anything.", "content": {JSON: {"schema": CHECK}}}},
)
async def check_rubric(request: Request, command: CheckRubric) -> Response:
    """Find everything that is wrong with a rubric; nothing is stored."""
    check = await rubrics.check_rubric(database(request), who_asks(request), command)
    return Response(orjson.dumps(check), media_type=JSON)


async def rubric(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.RUBRIC)
    return await rubrics.rubric_document(db, actor, request.path_params["code"], version_of(request), wanted)


async def rubrics_page(db: Database, actor: Actor, request: Request) -> Document:
    return await rubrics.rubrics_page(db, actor, first_of(request), after_of(request), page_of(request, shapes.RUBRICS))


async def rubric_draft(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.RUBRIC_DRAFT)
    return await rubrics.rubric_draft_document(db, actor, request.path_params["draft"], version_of(request), wanted)


async def rubric_drafts_page(db: Database, actor: Actor, request: Request) -> Document:
    return await rubrics.rubric_drafts_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.RUBRIC_DRAFTS)
    )


CODE = in_path("code", "Code of a rubric, such as `bkn-411-2025`.", {"type": "string"})
DRAFT = in_path("draft", "Code of a draft, which ends with the institution's own sign.", {"type": "string"})
VERSION = in_path("version", "Its version.", {"type": "integer"})
READS = (
    Read("/rubrics", rubrics_page, rubrics.rubrics_page, shapes.RUBRICS, "rubrics", PAGE),
    Read(
        "/rubrics/{code}/{version}", rubric, rubrics.rubric_document, shapes.RUBRIC, "rubrics", (CODE, VERSION, FIELDS)
    ),
    Read("/rubric-drafts", rubric_drafts_page, rubrics.rubric_drafts_page, shapes.RUBRIC_DRAFTS, "rubrics", PAGE),
    Read(
        "/rubric-drafts/{draft}/{version}",
        rubric_draft,
        rubrics.rubric_draft_document,
        shapes.RUBRIC_DRAFT,
        "rubrics",
        (DRAFT, VERSION, FIELDS),
    ),
)
