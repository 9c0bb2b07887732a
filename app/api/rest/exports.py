"""REST: files that leave the house, and the ekspose pack as JSON, as a workbook and as a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.pages.ekspose import render
from app.api.rest.rankings import RankingId
from app.api.rest.reads import FIELDS, Read, filter_of, query, select_fields
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import ekspose as shapes
from app.domain.actors import Actor
from app.domain.standing import Audience
from app.services import ekspose, exports
from app.services.ekspose import ChooseAudience
from app.services.exports import ExportedFile, ExportTalentMap, ExportWorkPlan

router = APIRouter(prefix="/v1", tags=["exports"], route_class=SignedInRoute)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLOCK = 1 << 16
KEPT_BY_NOBODY = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
PAGE_HEADERS = {
    **KEPT_BY_NOBODY,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "referrer-policy": "no-referrer",
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The workbook.", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}
HTML: dict[int | str, dict[str, Any]] = {
    200: {"description": "The page, A4 when printed.", "content": {"text/html": {"schema": {"type": "string"}}}}
}


@router.get("/exports/work-plan.xlsx", operation_id="exportWorkPlan", response_class=Response, responses=FILE)
async def export_work_plan(request: Request, command: Annotated[ExportWorkPlan, Query()]) -> Response:
    """Take out the work plan: which evidence to gather first, and about whom."""
    return download(await exports.export_work_plan(database(request), who_asks(request), command))


@router.get("/exports/talent-map.xlsx", operation_id="exportTalentMap", response_class=Response, responses=FILE)
async def export_talent_map(request: Request, command: Annotated[ExportTalentMap, Query()]) -> Response:
    """Take out the talent map with the columns of SIMATA: the working map, or that of a cycle."""
    return download(await exports.export_talent_map(database(request), who_asks(request), command))


@router.get("/exports/rankings/{rankingId}.xlsx", operation_id="exportRanking", response_class=Response, responses=FILE)
async def export_ranking(request: Request, ranking_id: RankingId) -> Response:
    """Take out a ranking: everybody in its order with each verdict, each part and the total."""
    return download(await exports.export_ranking(database(request), who_asks(request), ranking_id))


@router.get("/exports/ekspose.xlsx", operation_id="exportEkspose", response_class=Response, responses=FILE)
async def export_ekspose(request: Request, command: Annotated[ChooseAudience, Query()]) -> Response:
    """Take out the ekspose pack as tables."""
    return download(await exports.export_ekspose(database(request), who_asks(request), command))


@router.get("/ekspose/page", operation_id="printEkspose", response_class=Response, responses=HTML)
async def print_ekspose(request: Request, command: Annotated[ChooseAudience, Query()]) -> Response:
    """Take out the ekspose pack as a page to print."""
    page = await exports.print_ekspose(database(request), who_asks(request), command, render)
    return HTMLResponse(page, headers=PAGE_HEADERS)


def download(file: ExportedFile) -> Response:
    """A workbook as its reader stores it."""
    headers = {
        **KEPT_BY_NOBODY,
        "content-disposition": f'attachment; filename="{file.name}"',
        "content-length": str(file.size),
    }
    return StreamingResponse(_blocks(file.content), headers=headers, media_type=XLSX)


async def _blocks(content: BinaryIO) -> AsyncIterator[bytes]:
    with content:
        while block := await asyncio.to_thread(content.read, BLOCK):
            yield block


async def ekspose_document(db: Database, actor: Actor, request: Request) -> Document:
    command = filter_of(request, ChooseAudience, (AUDIENCE,))
    return await ekspose.ekspose_document(db, actor, command, select_fields(request, shapes.EKSPOSE))


AUDIENCE = query(
    "audience",
    "For whom: the institution itself unless told, or the public, from whom small counts are withheld.",
    {"type": "string", "enum": list(Audience)},
)
READS = (Read("/ekspose", ekspose_document, ekspose.ekspose_document, shapes.EKSPOSE, "exports", (AUDIENCE, FIELDS)),)
