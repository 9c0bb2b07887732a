"""REST: placements, the nine-box map, completeness."""

from __future__ import annotations

from starlette.requests import Request

from app.api.access import actor, database
from app.api.rest.reads import FIELDS, NIP, Read, select_fields
from app.db.documents import Document
from app.db.shapes import placements as shapes
from app.services import placements


async def placement(request: Request) -> Document:
    wanted = select_fields(request, shapes.PLACEMENT)
    return await placements.placement_document(database(request), actor(request), request.path_params["nip"], wanted)


async def nine_box(request: Request) -> Document:
    return await placements.nine_box_document(
        database(request), actor(request), select_fields(request, shapes.NINE_BOX)
    )


async def completeness(request: Request) -> Document:
    wanted = select_fields(request, shapes.COMPLETENESS)
    return await placements.completeness_document(database(request), actor(request), wanted)


READS = (
    Read(
        "/talents/{nip}/placement",
        placement,
        placements.placement_document,
        shapes.PLACEMENT,
        "placements",
        (NIP, FIELDS),
    ),
    Read("/nine-box", nine_box, placements.nine_box_document, shapes.NINE_BOX, "placements", (FIELDS,)),
    Read("/completeness", completeness, placements.completeness_document, shapes.COMPLETENESS, "placements", (FIELDS,)),
)
