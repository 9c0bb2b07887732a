"""REST: the national rules of retirement, version by version, and an institution's exceptions from them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, ReadOrAbsent, contested
from app.api.rest.reads import FIELDS, JSON, Read, answers, id_of, in_path, select_fields, version_of
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import retirement_rules as shapes
from app.domain.actors import Actor
from app.services import retirement_rules
from app.services.retirement_rules import KeepRetirementException, PublishRetirementRules

router = APIRouter(prefix="/v1", tags=["posts"], route_class=SignedInRoute)
ExceptionId = Annotated[UUID, Path(alias="exceptionId", description="Id of an exception.")]


@router.post(
    "/retirement-rules",
    operation_id="publishRetirementRules",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.RETIREMENT_RULES, "The version.", 201),
)
async def publish_retirement_rules(request: Request, command: PublishRetirementRules) -> Response:
    """Publish the next version of the national rules; a version is never edited."""
    db, somebody = database(request), who_asks(request)
    version = await retirement_rules.publish_retirement_rules(db, somebody, command)
    document = await retirement_rules.retirement_rules_document(db, somebody, version)
    return Response(document, 201, {"location": f"/v1/retirement-rules/{version}"}, JSON)


@router.put(
    "/retirement-exceptions/{exceptionId}",
    operation_id="keepRetirementException",
    response_class=Response,
    responses=answers(shapes.RETIREMENT_EXCEPTION, "The exception."),
)
async def keep_retirement_exception(
    request: Request, exception_id: ExceptionId, command: KeepRetirementException, expected: ReadOrAbsent
) -> Response:
    """Say at which age holders of posts of a name retire (`If-None-Match: *`), or change it (`If-Match`)."""
    db, somebody = database(request), who_asks(request)
    await retirement_rules.keep_retirement_exception(db, somebody, exception_id, command, expected=expected)
    return contested(await retirement_rules.retirement_exception_document(db, somebody, exception_id))


@router.delete(
    "/retirement-exceptions/{exceptionId}",
    operation_id="removeRetirementException",
    status_code=204,
    response_class=Response,
)
async def remove_retirement_exception(request: Request, exception_id: ExceptionId, expected: ReadBefore) -> Response:
    """Take an exception back."""
    somebody = who_asks(request)
    await retirement_rules.remove_retirement_exception(database(request), somebody, exception_id, expected=expected)
    return Response(status_code=204)


async def retirement_rulebooks(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.RETIREMENT_RULEBOOKS)
    return await retirement_rules.retirement_rulebooks_document(db, actor, wanted)


async def retirement_rulebook(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.RETIREMENT_RULES)
    return await retirement_rules.retirement_rules_document(db, actor, version_of(request), wanted)


async def retirement_exceptions(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.RETIREMENT_EXCEPTIONS)
    return await retirement_rules.retirement_exceptions_document(db, actor, wanted)


async def retirement_exception(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.RETIREMENT_EXCEPTION)
    exception_id = id_of(request, "exceptionId", "retirement_exception.not_found")
    return await retirement_rules.retirement_exception_document(db, actor, exception_id, wanted)


VERSION = in_path("version", "Its version.", {"type": "integer"})
EXCEPTION_ID = in_path("exceptionId", "Id of an exception.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/retirement-rules",
        retirement_rulebooks,
        retirement_rules.retirement_rulebooks_document,
        shapes.RETIREMENT_RULEBOOKS,
        "posts",
        (FIELDS,),
    ),
    Read(
        "/retirement-rules/{version}",
        retirement_rulebook,
        retirement_rules.retirement_rules_document,
        shapes.RETIREMENT_RULES,
        "posts",
        (VERSION, FIELDS),
    ),
    Read(
        "/retirement-exceptions",
        retirement_exceptions,
        retirement_rules.retirement_exceptions_document,
        shapes.RETIREMENT_EXCEPTIONS,
        "posts",
        (FIELDS,),
    ),
    Read(
        "/retirement-exceptions/{exceptionId}",
        retirement_exception,
        retirement_rules.retirement_exception_document,
        shapes.RETIREMENT_EXCEPTION,
        "posts",
        (EXCEPTION_ID, FIELDS),
    ),
)
