"""REST: imports of files."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database, doors
from app.api.rest.reads import PAGE, Read, after_of, first_of, in_path, page_of
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import imports as shapes
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.services import imports
from app.services.import_report import DeliveredFile
from app.services.imports import ImportFiles

router = APIRouter(prefix="/v1", tags=["imports"], route_class=SignedInRoute)


REPORTED = (
    "id",
    "asOf",
    "files",
    "refusals",
    "notices",
    "unrecognised",
    "mapped",
    "notMapped",
    "notDelivered",
    "seats",
    "changes",
)
_told = schema_of({name: shapes.IMPORT.fields[name] for name in REPORTED})
REPORT = {**_told, "properties": {**_told["properties"], "stored": {"type": "boolean"}}}  # type: ignore[dict-item]
NOT_STORED = "The same report, of a dry run or of an import that was to store nothing."


def _reported(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": REPORT}}}


@router.post(
    "/imports",
    operation_id="importFiles",
    status_code=201,
    response_class=Response,
    responses={201: _reported("Stored: what became of every row."), 200: _reported(NOT_STORED)},
)
async def import_files(
    request: Request,
    files: Annotated[list[UploadFile], File(description="XLSX or CSV files, recognised by their headings.")],
    as_of: Annotated[
        date | None, Form(alias="asOf", description="The day the files describe; the map's day unless told.")
    ] = None,
    dry_run: Annotated[bool, Form(alias="dryRun", description="Report everything, store nothing.")] = False,  # noqa: FBT002
    all_or_nothing: Annotated[  # noqa: FBT002 - a form field
        bool, Form(alias="allOrNothing", description="Store nothing if any row is refused.")
    ] = False,
) -> Response:
    """Import files as one unit and place everybody anew.

    201 with the report when stored; 200 with the same report when nothing was stored because it was not to be.
    """
    db, somebody = database(request), who_asks(request)
    command = ImportFiles(as_of=as_of, dry_run=dry_run, all_or_nothing=all_or_nothing)
    async with on_disk(files) as delivered:
        report = await imports.import_files(db, somebody, command, delivered, limits=doors(request).limits)
    headers = {"location": f"/v1/imports/{report['id']}"} if report["stored"] else {}
    return Response(orjson.dumps(report), 201 if report["stored"] else 200, headers, "application/json")


@asynccontextmanager
async def on_disk(files: Sequence[UploadFile]) -> AsyncIterator[list[DeliveredFile]]:
    """The uploaded files in a directory of their own that goes with the request."""
    with tempfile.TemporaryDirectory() as directory:
        delivered = [
            DeliveredFile(Path(directory, str(number)), _name_of(file, number))
            for number, file in enumerate(files, start=1)
        ]
        for file, target in zip(files, delivered, strict=True):
            await asyncio.to_thread(_copy, file, target.path)
        yield delivered


def _name_of(file: UploadFile, number: int) -> str:
    """The last part of the file's name, without what nobody can read or store."""
    name = (file.filename or f"file-{number}").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:LONGEST_NAME]


LONGEST_NAME = 200


def _copy(file: UploadFile, target: Path) -> None:
    with target.open("wb") as stream:
        shutil.copyfileobj(file.file, stream)


async def import_document(db: Database, actor: Actor, request: Request) -> Document:
    try:
        import_id = UUID(request.path_params["id"])
    except ValueError as error:
        raise NotFound("import.not_found") from error
    return await imports.import_document(db, actor, import_id)


async def imports_page(db: Database, actor: Actor, request: Request) -> Document:
    return await imports.imports_page(db, actor, first_of(request), after_of(request), page_of(request, shapes.IMPORTS))


ID = in_path("id", "Id of an import.", {"type": "string", "format": "uuid"})
READS = (
    Read("/imports", imports_page, imports.imports_page, shapes.IMPORTS, "imports", PAGE),
    Read("/imports/{id}", import_document, imports.import_document, shapes.IMPORT, "imports", (ID,)),
)
