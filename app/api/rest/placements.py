"""REST: placements, the nine-box map, completeness."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import FIELDS, NIP, Read, in_path, select_fields
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import placements as shapes
from app.domain.actors import Actor
from app.services import placements


async def placement(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.PLACEMENT)
    return await placements.placement_document(db, actor, request.path_params["nip"], wanted)


async def rubric(db: Database, actor: Actor, request: Request) -> Document:
    code, version = request.path_params["code"], request.path_params["version"]
    number = int(version) if version.isascii() and version.isdigit() else 0  # which no version has
    return await placements.rubric_document(db, actor, code, number)


async def nine_box(db: Database, actor: Actor, request: Request) -> Document:
    return await placements.nine_box_document(db, actor, select_fields(request, shapes.NINE_BOX))


async def completeness(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.COMPLETENESS)
    return await placements.completeness_document(db, actor, wanted)


CODE = in_path("code", "Code of a rubric, such as `bkn-411-2025`.", {"type": "string"})
VERSION = in_path("version", "Its version.", {"type": "integer"})
READS = (
    Read(
        "/talents/{nip}/placement",
        placement,
        placements.placement_document,
        shapes.PLACEMENT,
        "placements",
        (NIP, FIELDS),
    ),
    Read("/rubrics/{code}/{version}", rubric, placements.rubric_document, shapes.RUBRIC, "placements", (CODE, VERSION)),
    Read("/nine-box", nine_box, placements.nine_box_document, shapes.NINE_BOX, "placements", (FIELDS,)),
    Read("/completeness", completeness, placements.completeness_document, shapes.COMPLETENESS, "placements", (FIELDS,)),
)
