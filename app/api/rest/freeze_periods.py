"""REST: freezes, the days on which nobody is appointed without a permit."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.reads import (
    FIELDS,
    PAGE,
    Read,
    after_of,
    answers,
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
from app.db.shapes import freeze_periods as shapes
from app.domain.actors import Actor
from app.services import freeze_periods
from app.services.freeze_periods import AddFreezePeriod, EditFreezePeriod, FreezePeriodFilter

router = APIRouter(prefix="/v1", tags=["vacancies"], route_class=SignedInRoute)
FreezePeriodId = Annotated[UUID, Path(alias="freezePeriodId", description="Id of a freeze.")]


@router.post(
    "/freeze-periods",
    operation_id="addFreezePeriod",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.FREEZE_PERIOD, "The freeze.", 201),
)
async def add_freeze_period(request: Request, command: AddFreezePeriod) -> Response:
    """Put a freeze on record: it blocks decrees and inaugurations from now on, those under way too."""
    freeze_period_id = await freeze_periods.add_freeze_period(database(request), who_asks(request), command)
    return await _answer(request, freeze_period_id, 201, f"/v1/freeze-periods/{freeze_period_id}")


@router.put(
    "/freeze-periods/{freezePeriodId}",
    operation_id="editFreezePeriod",
    response_class=Response,
    responses=answers(shapes.FREEZE_PERIOD, "The edited freeze."),
)
async def edit_freeze_period(
    request: Request, freeze_period_id: FreezePeriodId, command: EditFreezePeriod, expected: ReadBefore
) -> Response:
    """Write down a freeze anew."""
    db, somebody = database(request), who_asks(request)
    await freeze_periods.edit_freeze_period(db, somebody, freeze_period_id, command, expected=expected)
    return await _answer(request, freeze_period_id)


@router.delete(
    "/freeze-periods/{freezePeriodId}", operation_id="removeFreezePeriod", status_code=204, response_class=Response
)
async def remove_freeze_period(request: Request, freeze_period_id: FreezePeriodId, expected: ReadBefore) -> Response:
    """Take a freeze off the record."""
    await freeze_periods.remove_freeze_period(database(request), who_asks(request), freeze_period_id, expected=expected)
    return Response(status_code=204)


async def _answer(request: Request, freeze_period_id: UUID, status: int = 200, location: str | None = None) -> Response:
    document = await freeze_periods.freeze_period_document(database(request), who_asks(request), freeze_period_id)
    return contested(document, status, location)


async def freeze_period(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.FREEZE_PERIOD)
    freeze_period_id = id_of(request, "freezePeriodId", "freeze.not_found")
    return await freeze_periods.freeze_period_document(db, actor, freeze_period_id, wanted)


async def freeze_periods_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, FreezePeriodFilter, FILTERS)
    return await freeze_periods.freeze_periods_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.FREEZE_PERIODS)
    )


FREEZE_PERIOD_ID = in_path("freezePeriodId", "Id of a freeze.", {"type": "string", "format": "uuid"})
FILTERS = (query("on", "A day that lies in the freeze.", {"type": "string", "format": "date"}),)
READS = (
    Read(
        "/freeze-periods",
        freeze_periods_page,
        freeze_periods.freeze_periods_page,
        shapes.FREEZE_PERIODS,
        "vacancies",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/freeze-periods/{freezePeriodId}",
        freeze_period,
        freeze_periods.freeze_period_document,
        shapes.FREEZE_PERIOD,
        "vacancies",
        (FREEZE_PERIOD_ID, FIELDS),
    ),
)
