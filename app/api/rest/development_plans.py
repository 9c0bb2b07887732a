"""REST: the nine boxes and their recommendations, and development plans."""

from __future__ import annotations

from starlette.requests import Request

from app.api.rest.reads import FIELDS, NIP, PURPOSE, Read, select_fields
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes.boxes import BOX_CATALOGUE
from app.db.shapes.development_plans import DEVELOPMENT_PLAN
from app.domain.actors import Actor
from app.services import development_plans


async def boxes(db: Database, actor: Actor, request: Request) -> Document:
    return await development_plans.boxes_document(db, actor, select_fields(request, BOX_CATALOGUE))


async def development_plan(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, DEVELOPMENT_PLAN)
    return await development_plans.development_plan_document(db, actor, request.path_params["nip"], wanted)


READS = (
    Read("/boxes", boxes, development_plans.boxes_document, BOX_CATALOGUE, "development", (FIELDS,)),
    Read(
        "/talents/{nip}/development-plan",
        development_plan,
        development_plans.development_plan_document,
        DEVELOPMENT_PLAN,
        "development",
        (NIP, FIELDS, PURPOSE),
    ),
)
