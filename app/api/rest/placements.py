"""REST: placements, the nine-box map, completeness."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import FIELDS, NIP, PURPOSE, Read, select_fields
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import placements as shapes
from app.db.shapes.next_evidence import NEXT_EVIDENCE
from app.domain.actors import Actor
from app.services import placements


async def placement(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.PLACEMENT)
    return await placements.placement_document(db, actor, request.path_params["nip"], wanted)


async def nine_box(db: Database, actor: Actor, request: Request) -> Document:
    return await placements.nine_box_document(db, actor, select_fields(request, shapes.NINE_BOX))


async def completeness(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.COMPLETENESS)
    return await placements.completeness_document(db, actor, wanted)


async def next_evidence(db: Database, actor: Actor, request: Request) -> Document:
    return await placements.next_evidence_document(db, actor, select_fields(request, NEXT_EVIDENCE))


READS = (
    Read(
        "/talents/{nip}/placement",
        placement,
        placements.placement_document,
        shapes.PLACEMENT,
        "placements",
        (NIP, FIELDS, PURPOSE),
    ),
    Read("/nine-box", nine_box, placements.nine_box_document, shapes.NINE_BOX, "placements", (FIELDS,)),
    Read("/next-evidence", next_evidence, placements.next_evidence_document, NEXT_EVIDENCE, "placements", (FIELDS,)),
    Read("/completeness", completeness, placements.completeness_document, shapes.COMPLETENESS, "placements", (FIELDS,)),
)
