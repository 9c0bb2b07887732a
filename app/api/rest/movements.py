"""REST: the movement between two cycles."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.calculations import accepted, begun
from app.api.rest.cycles import CYCLE_ID, CycleId
from app.api.rest.reads import (
    FIELDS,
    PAGE,
    Read,
    after_of,
    filter_of,
    first_of,
    id_of,
    in_path,
    page_of,
    query,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import movements as shapes
from app.domain.actors import Actor
from app.domain.movement import CAUSES
from app.services import movements
from app.services.movements import MoverFilter

router = APIRouter(prefix="/v1", tags=["movements"], route_class=SignedInRoute)


@router.put(
    "/cycles/{cycleId}/movements/{earlierCycleId}",
    operation_id="startMovement",
    status_code=202,
    response_class=Response,
    responses={202: begun("The comparison has begun; ask for it until it is done.")},
)
async def start_movement(
    request: Request,
    cycle_id: CycleId,
    earlier_cycle_id: Annotated[UUID, Path(alias="earlierCycleId", description="Id of an earlier cycle.")],
) -> Response:
    """Work out who moved since an earlier cycle, and why, for the first time or again."""
    db, somebody = database(request), who_asks(request)
    calculation_id = await movements.start_movement(db, somebody, cycle_id, earlier_cycle_id)
    return await accepted(request, calculation_id)


async def movement(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOVEMENT)
    return await movements.movement_document(db, actor, *_both(request), wanted)


async def movers_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, MoverFilter, FILTERS)
    return await movements.movers_page(
        db, actor, *_both(request), chosen, first_of(request), after_of(request), page_of(request, shapes.MOVERS)
    )


def _both(request: Request) -> tuple[UUID, UUID]:
    absent = "movement.not_found"
    return id_of(request, "cycleId", absent), id_of(request, "earlierCycleId", absent)


EARLIER = in_path("earlierCycleId", "Id of an earlier cycle.", {"type": "string", "format": "uuid"})
BOX = {"type": "integer", "minimum": 1, "maximum": 9}
FILTERS = (
    query("cause", "What moved them.", {"type": "string", "enum": [cause.value for cause in CAUSES]}),
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query("fromBox", "Box of the earlier cycle.", BOX),
    query("toBox", "Box of the later cycle.", BOX),
)
READS = (
    Read(
        "/cycles/{cycleId}/movements/{earlierCycleId}",
        movement,
        movements.movement_document,
        shapes.MOVEMENT,
        "movements",
        (CYCLE_ID, EARLIER, FIELDS),
    ),
    Read(
        "/cycles/{cycleId}/movements/{earlierCycleId}/movers",
        movers_page,
        movements.movers_page,
        shapes.MOVERS,
        "movements",
        (CYCLE_ID, EARLIER, *FILTERS, *PAGE),
    ),
)
