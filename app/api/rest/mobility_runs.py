"""REST: mobility campaigns frozen, run and rehearsed, and the files that runs publish."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response, StreamingResponse

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import TAG, ReadBefore
from app.api.rest.mobility_campaigns import CAMPAIGN_ID, CampaignId, campaign_of
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    first_of,
    id_of,
    in_path,
    page_of,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import mobility_rehearsals as rehearsal_shapes
from app.db.shapes import mobility_runs as shapes
from app.domain.actors import Actor
from app.services import mobility_files, mobility_rehearsals, mobility_runs
from app.services.mobility_files import PublishedFile
from app.services.mobility_rehearsals import RehearseMobility
from app.services.mobility_runs import FreezeMobilityCampaign, StartMobilityRun

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)
RunId = Annotated[UUID, Path(alias="runId", description="Id of a run.")]
RehearsalId = Annotated[UUID, Path(alias="rehearsalId", description="Id of a rehearsal.")]
FileName = Annotated[str, Path(alias="name", description="Name of a file, as the document of the run lists it.")]
IMMUTABLE = {"cache-control": "private, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, of which the ETag is the SHA-256.",
        "content": {"text/csv": BINARY, JSON: BINARY},
    },
    304: {"description": "It is what one has already."},
}


@router.put(
    "/mobility-campaigns/{campaignId}/freeze",
    operation_id="freezeMobilityCampaign",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.MOBILITY_FREEZE, "The freeze, which goes on by itself.", 202),
)
async def freeze_mobility_campaign(
    request: Request, campaign_id: CampaignId, command: FreezeMobilityCampaign, expected: ReadBefore
) -> Response:
    """Freeze what the run depends on. It happens whole or not at all; the campaign is frozen once it has succeeded."""
    db, somebody = database(request), who_asks(request)
    await mobility_runs.freeze_mobility_campaign(db, somebody, campaign_id, command, expected=expected)
    document = await mobility_runs.mobility_freeze_document(db, somebody, campaign_id)
    return _accepted(document, f"/v1/mobility-campaigns/{campaign_id}/freeze")


@router.put(
    "/mobility-campaigns/{campaignId}/freeze/cancellation",
    operation_id="cancelMobilityFreeze",
    response_class=Response,
    responses=answers(shapes.MOBILITY_FREEZE, "The cancelled freeze."),
)
async def cancel_mobility_freeze(request: Request, campaign_id: CampaignId) -> Response:
    """Stop a freeze that is under way."""
    db, somebody = database(request), who_asks(request)
    await mobility_runs.cancel_mobility_freeze(db, somebody, campaign_id)
    return Response(await mobility_runs.mobility_freeze_document(db, somebody, campaign_id), media_type=JSON)


@router.post(
    "/mobility-campaigns/{campaignId}/runs",
    operation_id="startMobilityRun",
    status_code=202,
    response_class=Response,
    responses=answers(shapes.MOBILITY_RUN, "The run, which goes on by itself.", 202),
)
async def start_mobility_run(request: Request, campaign_id: CampaignId, command: StartMobilityRun) -> Response:
    """Run a frozen campaign with the public value of its lottery."""
    db, somebody = database(request), who_asks(request)
    run_id = await mobility_runs.start_mobility_run(db, somebody, campaign_id, command)
    return _accepted(await mobility_runs.mobility_run_document(db, somebody, run_id), f"/v1/mobility-runs/{run_id}")


@router.put(
    "/mobility-runs/{runId}/cancellation",
    operation_id="cancelMobilityRun",
    response_class=Response,
    responses=answers(shapes.MOBILITY_RUN, "The cancelled run."),
)
async def cancel_mobility_run(request: Request, run_id: RunId) -> Response:
    """Stop a run that is under way; nothing of it is kept."""
    db, somebody = database(request), who_asks(request)
    await mobility_runs.cancel_mobility_run(db, somebody, run_id)
    return Response(await mobility_runs.mobility_run_document(db, somebody, run_id), media_type=JSON)


@router.get(
    "/mobility-runs/{runId}/files/{name}",
    operation_id="downloadMobilityFile",
    response_class=Response,
    responses=FILE,
)
async def download_mobility_file(request: Request, run_id: RunId, name: FileName) -> Response:
    """Take out a file of a run: `run.json` or one of its nine tables, with which anybody can check it."""
    file = await mobility_files.download_mobility_file(database(request), who_asks(request), run_id, name)
    return _download(request, file)


@router.post(
    "/mobility-campaigns/{campaignId}/rehearsals",
    operation_id="rehearseMobility",
    status_code=202,
    response_class=Response,
    responses=answers(rehearsal_shapes.MOBILITY_REHEARSAL, "The rehearsal, which goes on by itself.", 202),
)
async def rehearse_mobility(request: Request, campaign_id: CampaignId, command: RehearseMobility) -> Response:
    """Run a campaign under other settings, to compare; nothing of it is published."""
    db, somebody = database(request), who_asks(request)
    rehearsal_id = await mobility_rehearsals.rehearse_mobility(db, somebody, campaign_id, command)
    document = await mobility_rehearsals.mobility_rehearsal_document(db, somebody, rehearsal_id)
    return _accepted(document, f"/v1/mobility-rehearsals/{rehearsal_id}")


@router.put(
    "/mobility-rehearsals/{rehearsalId}/cancellation",
    operation_id="cancelMobilityRehearsal",
    response_class=Response,
    responses=answers(rehearsal_shapes.MOBILITY_REHEARSAL, "The cancelled rehearsal."),
)
async def cancel_mobility_rehearsal(request: Request, rehearsal_id: RehearsalId) -> Response:
    """Stop a rehearsal that is under way; nothing of it is kept."""
    db, somebody = database(request), who_asks(request)
    await mobility_rehearsals.cancel_mobility_rehearsal(db, somebody, rehearsal_id)
    document = await mobility_rehearsals.mobility_rehearsal_document(db, somebody, rehearsal_id)
    return Response(document, media_type=JSON)


def _accepted(document: Document, location: str) -> Response:
    return Response(document, 202, {"location": location}, JSON)


def _download(request: Request, file: PublishedFile) -> Response:
    tag = f'"{file.sha256}"'
    known = [f'"{found[2]}"' for one in request.headers.getlist("if-none-match") for found in TAG.finditer(one)]
    if tag in known:
        return Response(status_code=304, headers={"etag": tag, **IMMUTABLE})
    headers = {
        **IMMUTABLE,
        "etag": tag,
        "content-length": str(file.size),
        "content-disposition": f'attachment; filename="{file.name}"',
        "repr-digest": f"sha-256=:{b64encode(bytes.fromhex(file.sha256)).decode()}:",
    }
    return StreamingResponse(file.content, headers=headers, media_type=file.media_type)


# ── reads


async def mobility_freeze(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_FREEZE)
    return await mobility_runs.mobility_freeze_document(db, actor, campaign_of(request), wanted)


async def mobility_run(db: Database, actor: Actor, request: Request) -> Document:
    run_id = id_of(request, "runId", "mobility_work.not_found")
    return await mobility_runs.mobility_run_document(db, actor, run_id, select_fields(request, shapes.MOBILITY_RUN))


async def runs_page(db: Database, actor: Actor, request: Request) -> Document:
    return await mobility_runs.mobility_runs_page(
        db, actor, campaign_of(request), first_of(request), after_of(request), page_of(request, shapes.MOBILITY_RUNS)
    )


async def mobility_rehearsal(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, rehearsal_shapes.MOBILITY_REHEARSAL)
    rehearsal_id = id_of(request, "rehearsalId", "mobility_work.not_found")
    return await mobility_rehearsals.mobility_rehearsal_document(db, actor, rehearsal_id, wanted)


async def rehearsals_page(db: Database, actor: Actor, request: Request) -> Document:
    campaign_id, first, after = campaign_of(request), first_of(request), after_of(request)
    return await mobility_rehearsals.mobility_rehearsals_page(
        db, actor, campaign_id, first, after, page_of(request, rehearsal_shapes.MOBILITY_REHEARSALS)
    )


_ID = {"type": "string", "format": "uuid"}
READS = (
    Read(
        "/mobility-campaigns/{campaignId}/freeze",
        mobility_freeze,
        mobility_runs.mobility_freeze_document,
        shapes.MOBILITY_FREEZE,
        "mobility",
        (CAMPAIGN_ID, FIELDS),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/runs",
        runs_page,
        mobility_runs.mobility_runs_page,
        shapes.MOBILITY_RUNS,
        "mobility",
        (CAMPAIGN_ID, *PAGE),
    ),
    Read(
        "/mobility-runs/{runId}",
        mobility_run,
        mobility_runs.mobility_run_document,
        shapes.MOBILITY_RUN,
        "mobility",
        (in_path("runId", "Id of a run.", _ID), FIELDS),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/rehearsals",
        rehearsals_page,
        mobility_rehearsals.mobility_rehearsals_page,
        rehearsal_shapes.MOBILITY_REHEARSALS,
        "mobility",
        (CAMPAIGN_ID, *PAGE),
    ),
    Read(
        "/mobility-rehearsals/{rehearsalId}",
        mobility_rehearsal,
        mobility_rehearsals.mobility_rehearsal_document,
        rehearsal_shapes.MOBILITY_REHEARSAL,
        "mobility",
        (in_path("rehearsalId", "Id of a rehearsal.", _ID), FIELDS),
    ),
)
