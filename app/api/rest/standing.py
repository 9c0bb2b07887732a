"""REST: an institution's settings, its indices, and the regulations and committees it rests on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, ReadOrAbsent, contested
from app.api.rest.reads import JSON, Read, answers, id_of, in_path
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import standing as shapes
from app.domain.actors import Actor
from app.domain.standing import Index
from app.services import standing
from app.services.standing import EditInstitution, KeepReference, RecordIndex

router = APIRouter(prefix="/v1", tags=["standing"], route_class=SignedInRoute)
IndexName = Annotated[
    str, Path(alias="index", description="Name of an index.", json_schema_extra={"enum": list(Index)})
]
Year = Annotated[int, Path(description="A year.")]
ReferenceId = Annotated[UUID, Path(alias="referenceId", description="Id of a reference, chosen by who puts it there.")]
INDEX_NAME = in_path("index", "Name of an index.", {"type": "string", "enum": list(Index)})
YEAR = in_path("year", "A year.", {"type": "integer"})


@router.patch(
    "/institution/settings",
    operation_id="editInstitution",
    response_class=Response,
    responses=answers(shapes.SETTINGS, "The settings."),
)
async def edit_institution(request: Request, command: EditInstitution, expected: ReadBefore) -> Response:
    """Change the settings of the own institution."""
    db, somebody = database(request), who_asks(request)
    await standing.edit_institution(db, somebody, command, expected=expected)
    return contested(await standing.institution_settings_document(db, somebody))


@router.put(
    "/indices/{index}/{year}",
    operation_id="recordIndex",
    response_class=Response,
    responses=answers(shapes.INDEX_VALUE, "The value."),
)
async def record_index(request: Request, index: IndexName, year: Year, command: RecordIndex) -> Response:
    """Put an index value of a year on record."""
    db, somebody = database(request), who_asks(request)
    await standing.record_index(db, somebody, index, year, command)
    return Response(await standing.index_document(db, somebody, index, year), media_type=JSON)


@router.delete("/indices/{index}/{year}", operation_id="removeIndex", status_code=204, response_class=Response)
async def remove_index(request: Request, index: IndexName, year: Year) -> Response:
    """Take an index value off the record."""
    await standing.remove_index(database(request), who_asks(request), index, year)
    return Response(status_code=204)


@router.put(
    "/references/{referenceId}",
    operation_id="keepReference",
    response_class=Response,
    responses=answers(shapes.REFERENCE, "The reference."),
)
async def keep_reference(
    request: Request, reference_id: ReferenceId, command: KeepReference, expected: ReadOrAbsent
) -> Response:
    """Put a regulation or committee on record (`If-None-Match: *`), or change it (`If-Match`)."""
    db, somebody = database(request), who_asks(request)
    await standing.keep_reference(db, somebody, reference_id, command, expected=expected)
    return contested(await standing.reference_document(db, somebody, reference_id))


@router.delete("/references/{referenceId}", operation_id="removeReference", status_code=204, response_class=Response)
async def remove_reference(request: Request, reference_id: ReferenceId, expected: ReadBefore) -> Response:
    """Take a reference off the record."""
    await standing.remove_reference(database(request), who_asks(request), reference_id, expected=expected)
    return Response(status_code=204)


async def institution_settings(db: Database, actor: Actor, _request: Request) -> Document:
    return await standing.institution_settings_document(db, actor)


async def indices(db: Database, actor: Actor, _request: Request) -> Document:
    return await standing.indices_document(db, actor)


async def references(db: Database, actor: Actor, _request: Request) -> Document:
    return await standing.references_document(db, actor)


async def reference(db: Database, actor: Actor, request: Request) -> Document:
    return await standing.reference_document(db, actor, id_of(request, "referenceId", "reference.not_found"))


REFERENCE_ID = in_path("referenceId", "Id of a reference.", {"type": "string", "format": "uuid"})


READS = (
    Read(
        "/institution/settings",
        institution_settings,
        standing.institution_settings_document,
        shapes.SETTINGS,
        "standing",
    ),
    Read("/indices", indices, standing.indices_document, shapes.INDICES, "standing"),
    Read("/references", references, standing.references_document, shapes.REFERENCES, "standing"),
    Read(
        "/references/{referenceId}",
        reference,
        standing.reference_document,
        shapes.REFERENCE,
        "standing",
        (REFERENCE_ID,),
    ),
)
