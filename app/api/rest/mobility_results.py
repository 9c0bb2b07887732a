"""REST: results of mobility runs, and of the own people who took part."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.pages.mobility_certificate import render
from app.api.rest.exports import HTML, PAGE_HEADERS
from app.api.rest.mobility_campaigns import CAMPAIGN_ID, CampaignId, campaign_of
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
from app.db.shapes import mobility_certificates as certificate_shapes
from app.db.shapes import mobility_results as shapes
from app.domain.actors import Actor
from app.services import mobility_certificates, mobility_results
from app.services.mobility_results import MobilityPostFilter

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)
TAG = "mobility"


@router.get(
    "/mobility-campaigns/{campaignId}/certificate/page",
    operation_id="printMobilityCertificate",
    response_class=Response,
    responses=HTML,
)
async def print_mobility_certificate(request: Request, campaign_id: CampaignId) -> Response:
    """One's own certificate as a page to print, in both languages."""
    db, somebody = database(request), who_asks(request)
    page = await mobility_certificates.print_mobility_certificate(db, somebody, campaign_id, render)
    return HTMLResponse(page, headers=PAGE_HEADERS)


async def certificate(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, certificate_shapes.MOBILITY_CERTIFICATE)
    return await mobility_certificates.mobility_certificate_document(db, actor, campaign_of(request), wanted)


async def run_summary(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_RUN_SUMMARY)
    return await mobility_results.mobility_run_summary_document(db, actor, _run(request), wanted)


async def conservation(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_CONSERVATION)
    return await mobility_results.mobility_conservation_document(db, actor, _run(request), wanted)


async def flows(db: Database, actor: Actor, request: Request) -> Document:
    return await mobility_results.mobility_flows_document(
        db, actor, _run(request), select_fields(request, shapes.MOBILITY_FLOWS)
    )


async def post_results(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, MobilityPostFilter, FILTERS)
    return await mobility_results.mobility_post_results_page(
        db,
        actor,
        _run(request),
        chosen,
        first_of(request),
        after_of(request),
        page_of(request, shapes.MOBILITY_POST_RESULTS),
    )


async def cell_results(db: Database, actor: Actor, request: Request) -> Document:
    return await mobility_results.mobility_cell_results_page(
        db, actor, _run(request), first_of(request), after_of(request), page_of(request, shapes.MOBILITY_CELL_RESULTS)
    )


async def moves(db: Database, actor: Actor, request: Request) -> Document:
    return await mobility_results.mobility_moves_page(
        db, actor, _run(request), first_of(request), after_of(request), page_of(request, shapes.MOBILITY_MOVES)
    )


async def outcomes(db: Database, actor: Actor, request: Request) -> Document:
    return await mobility_results.mobility_outcomes_page(
        db,
        actor,
        campaign_of(request),
        first_of(request),
        after_of(request),
        page_of(request, shapes.MOBILITY_OUTCOMES),
    )


async def arrivals(db: Database, actor: Actor, request: Request) -> Document:
    return await mobility_results.mobility_arrivals_page(
        db,
        actor,
        campaign_of(request),
        first_of(request),
        after_of(request),
        page_of(request, shapes.MOBILITY_ARRIVALS),
    )


def _run(request: Request) -> UUID:
    return id_of(request, "runId", "mobility_result.not_found")


ID = {"type": "string", "format": "uuid"}
RUN_ID = in_path("runId", "Id of a run.", ID)
FILTERS = (
    query("province", "Code of a province, two digits.", {"type": "string"}),
    query("hasEmptySeats", "Whether a seat stayed empty.", {"type": "boolean"}),
)
OF_RUN, OF_CAMPAIGN = "/mobility-runs/{runId}", "/mobility-campaigns/{campaignId}"
READS = (
    Read(
        f"{OF_CAMPAIGN}/certificate",
        certificate,
        mobility_certificates.mobility_certificate_document,
        certificate_shapes.MOBILITY_CERTIFICATE,
        TAG,
        (CAMPAIGN_ID, FIELDS),
    ),
    Read(
        f"{OF_CAMPAIGN}/outcomes",
        outcomes,
        mobility_results.mobility_outcomes_page,
        shapes.MOBILITY_OUTCOMES,
        TAG,
        (CAMPAIGN_ID, *PAGE),
    ),
    Read(
        f"{OF_CAMPAIGN}/arrivals",
        arrivals,
        mobility_results.mobility_arrivals_page,
        shapes.MOBILITY_ARRIVALS,
        TAG,
        (CAMPAIGN_ID, *PAGE),
    ),
    Read(
        f"{OF_RUN}/summary",
        run_summary,
        mobility_results.mobility_run_summary_document,
        shapes.MOBILITY_RUN_SUMMARY,
        TAG,
        (RUN_ID, FIELDS),
    ),
    Read(
        f"{OF_RUN}/conservation",
        conservation,
        mobility_results.mobility_conservation_document,
        shapes.MOBILITY_CONSERVATION,
        TAG,
        (RUN_ID, FIELDS),
    ),
    Read(
        f"{OF_RUN}/flows", flows, mobility_results.mobility_flows_document, shapes.MOBILITY_FLOWS, TAG, (RUN_ID, FIELDS)
    ),
    Read(
        f"{OF_RUN}/posts",
        post_results,
        mobility_results.mobility_post_results_page,
        shapes.MOBILITY_POST_RESULTS,
        TAG,
        (RUN_ID, *FILTERS, *PAGE),
    ),
    Read(
        f"{OF_RUN}/cells",
        cell_results,
        mobility_results.mobility_cell_results_page,
        shapes.MOBILITY_CELL_RESULTS,
        TAG,
        (RUN_ID, *PAGE),
    ),
    Read(f"{OF_RUN}/moves", moves, mobility_results.mobility_moves_page, shapes.MOBILITY_MOVES, TAG, (RUN_ID, *PAGE)),
)
