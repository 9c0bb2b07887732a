"""REST: cycles, their calculations, and the placements in them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.calculations import accepted, begun
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.reads import (
    FIELDS,
    JSON,
    NIP,
    PAGE,
    PURPOSE,
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
from app.db.documents import Document, schema_of
from app.db.shapes import cycle_placements as placement_shapes
from app.db.shapes import cycles as shapes
from app.db.shapes import rater_skew
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from app.domain.cycles import Phase
from app.services import cycle_placements, cycles
from app.services.cycle_placements import CyclePlacementFilter
from app.services.cycles import AdvanceCycle, CycleFilter, EditCycle, OpenCycle

router = APIRouter(prefix="/v1", tags=["cycles"], route_class=SignedInRoute)
CycleId = Annotated[UUID, Path(alias="cycleId", description="Id of a cycle.")]


def _cycle(description: str) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema_of(shapes.CYCLE.fields)}}}


@router.post(
    "/cycles",
    operation_id="openCycle",
    status_code=201,
    response_class=Response,
    responses={201: _cycle("The open cycle.")},
)
async def open_cycle(request: Request, command: OpenCycle) -> Response:
    """Open a mapping cycle: as of the map's day and by the active rubric, unless told otherwise."""
    cycle_id = await cycles.open_cycle(database(request), who_asks(request), command)
    return await _answer(request, cycle_id, 201, f"/v1/cycles/{cycle_id}")


@router.patch(
    "/cycles/{cycleId}",
    operation_id="editCycle",
    response_class=Response,
    responses={200: _cycle("The edited cycle.")},
)
async def edit_cycle(request: Request, cycle_id: CycleId, command: EditCycle, expected: ReadBefore) -> Response:
    """Change parts of a cycle, as long as they are not settled; what is not given stays."""
    await cycles.edit_cycle(database(request), who_asks(request), cycle_id, command, expected=expected)
    return await _answer(request, cycle_id)


@router.put(
    "/cycles/{cycleId}/calculation",
    operation_id="startCalculation",
    status_code=202,
    response_class=Response,
    responses={202: begun("The calculation has begun; ask for it until it is done.")},
)
async def start_calculation(request: Request, cycle_id: CycleId) -> Response:
    """Freeze the evidence on record and place everybody, for the first time or again."""
    calculation_id = await cycles.start_calculation(database(request), who_asks(request), cycle_id)
    return await accepted(request, calculation_id)


@router.put(
    "/cycles/{cycleId}/recomputation",
    operation_id="startRecomputation",
    status_code=202,
    response_class=Response,
    responses={202: begun("The comparison has begun; ask for it until it is done.")},
)
async def start_recomputation(request: Request, cycle_id: CycleId) -> Response:
    """Compute every placement again from the frozen inputs, and compare it with what is stored."""
    calculation_id = await cycles.start_recomputation(database(request), who_asks(request), cycle_id)
    return await accepted(request, calculation_id)


@router.put(
    "/cycles/{cycleId}/phase",
    operation_id="advanceCycle",
    response_class=Response,
    responses={200: _cycle("The cycle in its next phase.")},
)
async def advance_cycle(request: Request, cycle_id: CycleId, command: AdvanceCycle, expected: ReadBefore) -> Response:
    """Move a cycle on by one phase; refused as long as the present one has open ends."""
    await cycles.advance_cycle(database(request), who_asks(request), cycle_id, command, expected=expected)
    return await _answer(request, cycle_id)


@router.put(
    "/cycles/{cycleId}/confirmation",
    operation_id="confirmCycle",
    response_class=Response,
    responses={200: _cycle("The confirmed cycle.")},
)
async def confirm_cycle(request: Request, cycle_id: CycleId, expected: ReadBefore) -> Response:
    """Confirm everybody's box, as the appointing authority."""
    await cycles.confirm_cycle(database(request), who_asks(request), cycle_id, expected=expected)
    return await _answer(request, cycle_id)


@router.put(
    "/cycles/{cycleId}/publication",
    operation_id="publishCycle",
    response_class=Response,
    responses={200: _cycle("The published cycle.")},
)
async def publish_cycle(request: Request, cycle_id: CycleId, expected: ReadBefore) -> Response:
    """Publish a confirmed cycle: every talent sees the own box as the final one."""
    await cycles.publish_cycle(database(request), who_asks(request), cycle_id, expected=expected)
    return await _answer(request, cycle_id)


async def _answer(request: Request, cycle_id: UUID, status: int = 200, location: str | None = None) -> Response:
    return contested(await cycles.cycle_document(database(request), who_asks(request), cycle_id), status, location)


async def cycle_document(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.CYCLE)
    return await cycles.cycle_document(db, actor, id_of(request, "cycleId", "cycle.not_found"), wanted)


async def cycles_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, CycleFilter, FILTERS)
    return await cycles.cycles_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.CYCLES)
    )


async def cycle_nine_box(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.CYCLE_NINE_BOX)
    return await cycles.cycle_nine_box_document(db, actor, id_of(request, "cycleId", "cycle.not_found"), wanted)


async def skew(db: Database, actor: Actor, request: Request) -> Document:
    return await cycles.rater_skew_document(db, actor, id_of(request, "cycleId", "cycle.not_found"))


async def cycle_placements_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, CyclePlacementFilter, PLACEMENT_FILTERS)
    cycle_id = id_of(request, "cycleId", "cycle.not_found")
    return await cycle_placements.cycle_placements_page(
        db,
        actor,
        cycle_id,
        chosen,
        first_of(request),
        after_of(request),
        page_of(request, placement_shapes.CYCLE_PLACEMENTS),
    )


async def cycle_placement(db: Database, actor: Actor, request: Request) -> Document:
    cycle_id = id_of(request, "cycleId", "cycle.placement_not_found")
    wanted = select_fields(request, placement_shapes.CYCLE_PLACEMENT)
    return await cycle_placements.cycle_placement_document(db, actor, cycle_id, request.path_params["nip"], wanted)


async def talent_cycle_placements_page(db: Database, actor: Actor, request: Request) -> Document:
    nip = request.path_params["nip"]
    return await cycle_placements.talent_cycle_placements_page(
        db, actor, nip, first_of(request), after_of(request), page_of(request, placement_shapes.PLACEMENTS_OF_TALENT)
    )


CYCLE_ID = in_path("cycleId", "Id of a cycle.", {"type": "string", "format": "uuid"})
FILTERS = (query("phase", "The phase a cycle is in.", {"type": "string", "enum": [phase.value for phase in Phase]}),)
PLACEMENT_FILTERS = (
    query("unit", "Id of a unit; the units below it are included.", {"type": "string"}),
    query(
        "positionLevel",
        "Level of the post on the day of calculation.",
        {"type": "string", "enum": [level.value for level in PositionLevel]},
    ),
    query("box", "Published box 1–9.", {"type": "integer", "minimum": 1, "maximum": 9}),
    query("assessed", "Whether the talent stands in a box.", {"type": "boolean"}),
    query("calibrated", "Whether a committee decided the box.", {"type": "boolean"}),
    query("missing", "An item of completeness the talent lacks.", {"type": "string"}),
    query("awaitingReview", "Whether a human has to decide, and has not.", {"type": "boolean"}),
)
READS = (
    Read("/cycles", cycles_page, cycles.cycles_page, shapes.CYCLES, "cycles", (*FILTERS, *PAGE)),
    Read("/cycles/{cycleId}", cycle_document, cycles.cycle_document, shapes.CYCLE, "cycles", (CYCLE_ID, FIELDS)),
    Read(
        "/cycles/{cycleId}/nine-box",
        cycle_nine_box,
        cycles.cycle_nine_box_document,
        shapes.CYCLE_NINE_BOX,
        "cycles",
        (CYCLE_ID, FIELDS),
    ),
    Read(
        "/cycles/{cycleId}/rater-skew", skew, cycles.rater_skew_document, rater_skew.RATER_SKEW, "cycles", (CYCLE_ID,)
    ),
    Read(
        "/cycles/{cycleId}/placements",
        cycle_placements_page,
        cycle_placements.cycle_placements_page,
        placement_shapes.CYCLE_PLACEMENTS,
        "cycles",
        (CYCLE_ID, *PLACEMENT_FILTERS, *PAGE),
    ),
    Read(
        "/cycles/{cycleId}/placements/{nip}",
        cycle_placement,
        cycle_placements.cycle_placement_document,
        placement_shapes.CYCLE_PLACEMENT,
        "cycles",
        (CYCLE_ID, NIP, FIELDS, PURPOSE),
    ),
    Read(
        "/talents/{nip}/cycle-placements",
        talent_cycle_placements_page,
        cycle_placements.talent_cycle_placements_page,
        placement_shapes.PLACEMENTS_OF_TALENT,
        "cycles",
        (NIP, *PAGE, PURPOSE),
    ),
)
