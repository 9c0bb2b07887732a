"""REST: syncs with SIASN, their people and reports, and the conflicts that they find."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.exports import FILE, download
from app.api.rest.reads import (
    FIELDS,
    JSON,
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
from app.db.shapes import siasn_conflicts as conflict_shapes
from app.db.shapes import siasn_syncs as shapes
from app.domain.actors import Actor
from app.domain.siasn_syncs import Outcome, Reason, Standing
from app.services import siasn_conflicts, siasn_reports, siasn_syncs
from app.services.siasn_conflicts import DecideSiasnConflict, SiasnConflictFilter
from app.services.siasn_syncs import MoveSiasnSync, StartSiasnSync, SyncPersonFilter

router = APIRouter(prefix="/v1", tags=["SIASN sync"], route_class=SignedInRoute)
SyncId = Annotated[UUID, Path(alias="syncId", description="Id of a sync.")]
ConflictId = Annotated[UUID, Path(alias="conflictId", description="Id of a conflict.")]


@router.post(
    "/siasn-syncs",
    operation_id="startSiasnSync",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.SIASN_SYNC, "The sync, which goes on by itself.", 202),
)
async def start_siasn_sync(request: Request, command: StartSiasnSync) -> Response:
    """Ask SIASN about everybody on the books, a unit with those below it, or a list of numbers."""
    db, somebody = database(request), who_asks(request)
    sync_id = await siasn_syncs.start_siasn_sync(db, somebody, command)
    document = await siasn_syncs.siasn_sync_document(db, somebody, sync_id)
    return Response(document, 202, {"location": f"/v1/siasn-syncs/{sync_id}"}, JSON)


@router.put(
    "/siasn-syncs/{syncId}/state",
    operation_id="moveSiasnSync",
    response_class=Response,
    responses=answers(shapes.SIASN_SYNC, "The sync."),
)
async def move_siasn_sync(request: Request, sync_id: SyncId, command: MoveSiasnSync) -> Response:
    """Pause a sync, have it go on, or cancel it; what it has taken over stays."""
    db, somebody = database(request), who_asks(request)
    await siasn_syncs.move_siasn_sync(db, somebody, sync_id, command)
    return Response(await siasn_syncs.siasn_sync_document(db, somebody, sync_id), media_type=JSON)


@router.get(
    "/siasn-syncs/{syncId}/report.xlsx",
    operation_id="exportSiasnReport",
    response_class=Response,
    responses=FILE,
)
async def export_siasn_report(request: Request, sync_id: SyncId) -> Response:
    """Take out the reconciliation report: totals, every change, conflict, failure, and what could not be read."""
    return download(await siasn_reports.export_siasn_report(database(request), who_asks(request), sync_id))


@router.put(
    "/siasn-conflicts/{conflictId}/decision",
    operation_id="decideSiasnConflict",
    response_class=Response,
    responses=answers(conflict_shapes.SIASN_CONFLICT, "The conflict."),
)
async def decide_siasn_conflict(
    request: Request, conflict_id: ConflictId, command: DecideSiasnConflict, expected: ReadBefore
) -> Response:
    """Keep ours, take theirs, which counts at once, or note who is asked."""
    db, somebody = database(request), who_asks(request)
    await siasn_conflicts.decide_siasn_conflict(db, somebody, conflict_id, command, expected=expected)
    return contested(await siasn_conflicts.siasn_conflict_document(db, somebody, conflict_id))


async def siasn_sync(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.SIASN_SYNC)
    return await siasn_syncs.siasn_sync_document(db, actor, _sync_of(request), wanted)


async def siasn_syncs_page(db: Database, actor: Actor, request: Request) -> Document:
    wanted = page_of(request, shapes.SIASN_SYNCS)
    return await siasn_syncs.siasn_syncs_page(db, actor, first_of(request), after_of(request), wanted)


async def siasn_sync_people(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, SyncPersonFilter, PEOPLE)
    wanted = page_of(request, shapes.SIASN_SYNC_PEOPLE)
    sync_id = _sync_of(request)
    return await siasn_syncs.siasn_sync_people_page(
        db, actor, sync_id, chosen, first_of(request), after_of(request), wanted
    )


async def siasn_report(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.SIASN_REPORT)
    return await siasn_reports.siasn_report_document(db, actor, _sync_of(request), wanted)


async def siasn_conflict(db: Database, actor: Actor, request: Request) -> Document:
    conflict_id = id_of(request, "conflictId", "siasn_conflict.not_found")
    wanted = select_fields(request, conflict_shapes.SIASN_CONFLICT)
    return await siasn_conflicts.siasn_conflict_document(db, actor, conflict_id, wanted)


async def siasn_conflicts_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, SiasnConflictFilter, CONFLICTS)
    wanted = page_of(request, conflict_shapes.SIASN_CONFLICTS)
    return await siasn_conflicts.siasn_conflicts_page(db, actor, chosen, first_of(request), after_of(request), wanted)


def _sync_of(request: Request) -> UUID:
    return id_of(request, "syncId", "sync.not_found")


_ID = {"type": "string", "format": "uuid"}
_YES_OR_NO = {"type": "boolean"}
SYNC_ID = in_path("syncId", "Id of a sync.", _ID)
PEOPLE = (
    query("outcome", "What became of them.", {"type": "string", "enum": [one.value for one in Outcome]}),
    query("changed", "Whether anything changed, the new ones included.", _YES_OR_NO),
    query("failed", "Whether an endpoint failed.", _YES_OR_NO),
    query("conflict", "Whether a conflict was found.", _YES_OR_NO),
    query("unmapped", "Whether something could not be read.", _YES_OR_NO),
    query("missingThere", "Whether SIASN knows nobody of the number.", _YES_OR_NO),
    query("missingHere", "Whether they were not on our books.", _YES_OR_NO),
)
CONFLICTS = (
    query("standing", "How far it is.", {"type": "string", "enum": [one.value for one in Standing]}),
    query("reason", "Why theirs was not taken over.", {"type": "string", "enum": [one.value for one in Reason]}),
    query("syncId", "Id of the sync that found it.", _ID),
    query("nip", "Employee number.", {"type": "string"}),
)
READS = (
    Read(
        "/siasn-syncs",
        siasn_syncs_page,
        siasn_syncs.siasn_syncs_page,
        shapes.SIASN_SYNCS,
        "SIASN sync",
        PAGE,
    ),
    Read(
        "/siasn-syncs/{syncId}",
        siasn_sync,
        siasn_syncs.siasn_sync_document,
        shapes.SIASN_SYNC,
        "SIASN sync",
        (SYNC_ID, FIELDS),
    ),
    Read(
        "/siasn-syncs/{syncId}/people",
        siasn_sync_people,
        siasn_syncs.siasn_sync_people_page,
        shapes.SIASN_SYNC_PEOPLE,
        "SIASN sync",
        (SYNC_ID, *PEOPLE, *PAGE),
    ),
    Read(
        "/siasn-syncs/{syncId}/report",
        siasn_report,
        siasn_reports.siasn_report_document,
        shapes.SIASN_REPORT,
        "SIASN sync",
        (SYNC_ID, FIELDS),
    ),
    Read(
        "/siasn-conflicts",
        siasn_conflicts_page,
        siasn_conflicts.siasn_conflicts_page,
        conflict_shapes.SIASN_CONFLICTS,
        "SIASN sync",
        (*CONFLICTS, *PAGE),
    ),
    Read(
        "/siasn-conflicts/{conflictId}",
        siasn_conflict,
        siasn_conflicts.siasn_conflict_document,
        conflict_shapes.SIASN_CONFLICT,
        "SIASN sync",
        (in_path("conflictId", "Id of a conflict.", _ID), FIELDS),
    ),
)
