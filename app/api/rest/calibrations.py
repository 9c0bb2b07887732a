"""REST: calibrations, the moves of a committee."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.cycles import CYCLE_ID, CycleId
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.reads import JSON, PAGE, PURPOSE, Read, after_of, filter_of, first_of, id_of, in_path, page_of, query
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import calibrations as shapes
from app.db.shapes.cycle_placements import CYCLE_PLACEMENT
from app.domain.actors import Actor
from app.domain.calibration import State
from app.services import calibration, cycle_placements
from app.services.calibration import CalibratePlacement, CalibrationFilter, RejectCalibration, ReviewPlacement

router = APIRouter(prefix="/v1", tags=["calibrations"], route_class=SignedInRoute)
CalibrationId = Annotated[UUID, Path(alias="calibrationId", description="Id of a calibration.")]

Nip = Annotated[str, Path(description="Employee number, 18 digits.")]


def _calibration(description: str) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema_of(shapes.CALIBRATION.fields)}}}


@router.post(
    "/cycles/{cycleId}/placements/{nip}/calibrations",
    operation_id="calibratePlacement",
    status_code=201,
    response_class=Response,
    responses={201: _calibration("The move; a large one awaits its second person.")},
)
async def calibrate_placement(
    request: Request,
    cycle_id: CycleId,
    nip: Nip,
    command: CalibratePlacement,
) -> Response:
    """Move a talent to another box; a second person confirms large moves."""
    calibration_id = await calibration.calibrate_placement(database(request), who_asks(request), cycle_id, nip, command)
    return await _answer(request, calibration_id, 201, f"/v1/calibrations/{calibration_id}")


@router.put(
    "/calibrations/{calibrationId}/confirmation",
    operation_id="confirmCalibration",
    response_class=Response,
    responses={200: _calibration("The move, in force.")},
)
async def confirm_calibration(request: Request, calibration_id: CalibrationId, expected: ReadBefore) -> Response:
    """Consent to somebody else's move as its second person."""
    await calibration.confirm_calibration(database(request), who_asks(request), calibration_id, expected=expected)
    return await _answer(request, calibration_id)


@router.put(
    "/calibrations/{calibrationId}/rejection",
    operation_id="rejectCalibration",
    response_class=Response,
    responses={200: _calibration("The move, rejected.")},
)
async def reject_calibration(
    request: Request, calibration_id: CalibrationId, command: RejectCalibration, expected: ReadBefore
) -> Response:
    """Refuse consent to somebody else's move, and say why."""
    db, somebody = database(request), who_asks(request)
    await calibration.reject_calibration(db, somebody, calibration_id, command, expected=expected)
    return await _answer(request, calibration_id)


@router.put(
    "/calibrations/{calibrationId}/withdrawal",
    operation_id="withdrawCalibration",
    response_class=Response,
    responses={200: _calibration("The move, withdrawn.")},
)
async def withdraw_calibration(request: Request, calibration_id: CalibrationId, expected: ReadBefore) -> Response:
    """Take back one's own move as long as it awaits a second person."""
    await calibration.withdraw_calibration(database(request), who_asks(request), calibration_id, expected=expected)
    return await _answer(request, calibration_id)


@router.put(
    "/cycles/{cycleId}/placements/{nip}/review",
    operation_id="reviewPlacement",
    response_class=Response,
    responses={
        200: {
            "description": "The placement, its box kept.",
            "content": {JSON: {"schema": schema_of(CYCLE_PLACEMENT.fields)}},
        }
    },
)
async def review_placement(request: Request, cycle_id: CycleId, nip: Nip, command: ReviewPlacement) -> Response:
    """Look at a placement as a human and let its box stand; who objects to automated processing is owed that."""
    db, actor = database(request), who_asks(request)
    await calibration.review_placement(db, actor, cycle_id, nip, command)
    document = await cycle_placements.cycle_placement_document(db, actor, cycle_id, nip, just_decided=True)
    return Response(document, media_type=JSON)


async def _answer(request: Request, calibration_id: UUID, status: int = 200, location: str | None = None) -> Response:
    db, somebody = database(request), who_asks(request)
    document = await calibration.calibration_document(db, somebody, calibration_id, just_decided=True)
    return contested(document, status, location)


async def calibration_document(db: Database, actor: Actor, request: Request) -> Document:
    calibration_id = id_of(request, "calibrationId", "calibration.not_found")
    return await calibration.calibration_document(db, actor, calibration_id)


async def calibrations_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, CalibrationFilter, FILTERS)
    cycle_id = id_of(request, "cycleId", "cycle.not_found")
    return await calibration.calibrations_page(
        db, actor, cycle_id, chosen, first_of(request), after_of(request), page_of(request, shapes.CALIBRATIONS)
    )


FILTERS = (
    query("state", "What became of a move.", {"type": "string", "enum": [state.value for state in State]}),
    query("nip", "Whose moves.", {"type": "string", "maxLength": 18}),
)
CALIBRATION_ID = in_path("calibrationId", "Id of a calibration.", {"type": "string", "format": "uuid"})
READS = (
    Read(
        "/cycles/{cycleId}/calibrations",
        calibrations_page,
        calibration.calibrations_page,
        shapes.CALIBRATIONS,
        "calibrations",
        (CYCLE_ID, *FILTERS, *PAGE),
    ),
    Read(
        "/calibrations/{calibrationId}",
        calibration_document,
        calibration.calibration_document,
        shapes.CALIBRATION,
        "calibrations",
        (CALIBRATION_ID, PURPOSE),
    ),
)
