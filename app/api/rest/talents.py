"""REST: talents."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import (
    FIELDS,
    NIP,
    PAGE,
    PURPOSE,
    Read,
    after_of,
    filter_of,
    first_of,
    page_of,
    query,
    select_fields,
)
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import talents as shapes
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.services import talents


async def talent(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.TALENT)
    return await talents.talent_document(db, actor, request.path_params["nip"], wanted)


async def talents_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, talents.TalentFilter, FILTERS)
    return await talents.talents_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.TALENTS)
    )


LEVELS = [level.value for level in PositionLevel]
FILTERS = (
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query("positionLevel", "Level of the current post.", {"type": "string", "enum": LEVELS}),
    query("box", "Box 1–9.", {"type": "integer", "minimum": 1, "maximum": 9}),
    query("assessed", "Whether the talent stands in a box.", {"type": "boolean"}),
    query("missing", "An item of completeness the talent lacks, as `completeness` names it.", {"type": "string"}),
    query("decidedBy", "Items joined by commas: who would be in one box once these are known.", {"type": "string"}),
    query("mapped", "Whether the talent is on the map.", {"type": "boolean"}),
)

READS = (
    Read(
        "/talents",
        talents_page,
        talents.talents_page,
        shapes.TALENTS,
        "talents",
        (*FILTERS, *PAGE, PURPOSE),
    ),
    Read("/talents/{nip}", talent, talents.talent_document, shapes.TALENT, "talents", (NIP, FIELDS, PURPOSE)),
)
