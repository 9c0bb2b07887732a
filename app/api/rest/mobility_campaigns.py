"""REST: mobility campaigns from the draft to their end, and their cells."""

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
from app.db.shapes import mobility_campaigns as shapes
from app.db.shapes import mobility_cells as cell_shapes
from app.domain.actors import Actor
from app.services import mobility_campaigns, mobility_cells
from app.services.mobility_campaigns import (
    AdvanceMobilityCampaign,
    DraftMobilityCampaign,
    EditMobilityCampaign,
    MobilityCampaignFilter,
)
from app.services.mobility_cells import MobilityCellFilter, ProposeMobilityCells, PutMobilityCells

router = APIRouter(prefix="/v1", tags=["mobility"], route_class=SignedInRoute)
CampaignId = Annotated[UUID, Path(alias="campaignId", description="Id of a mobility campaign.")]
CAMPAIGN_ID = in_path("campaignId", "Id of a mobility campaign.", {"type": "string", "format": "uuid"})


def campaign_of(request: Request) -> UUID:
    """The campaign that an address names; `NotFound` where it can be none."""
    return id_of(request, "campaignId", "mobility_campaign.not_found")


@router.post(
    "/mobility-campaigns",
    operation_id="draftMobilityCampaign",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.MOBILITY_CAMPAIGN, "The draft.", 201),
)
async def draft_mobility_campaign(request: Request, command: DraftMobilityCampaign) -> Response:
    """Lay a campaign down; the secret of its lottery is drawn now."""
    campaign_id = await mobility_campaigns.draft_mobility_campaign(database(request), who_asks(request), command)
    return await _answer(request, campaign_id, 201, f"/v1/mobility-campaigns/{campaign_id}")


@router.patch(
    "/mobility-campaigns/{campaignId}",
    operation_id="editMobilityCampaign",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CAMPAIGN, "The edited campaign."),
)
async def edit_mobility_campaign(
    request: Request, campaign_id: CampaignId, command: EditMobilityCampaign, expected: ReadBefore
) -> Response:
    """Change parts of a campaign, as long as they are not settled; days that are announced only move later."""
    db, somebody = database(request), who_asks(request)
    await mobility_campaigns.edit_mobility_campaign(db, somebody, campaign_id, command, expected=expected)
    return await _answer(request, campaign_id)


@router.delete("/mobility-campaigns/{campaignId}", operation_id="discardMobilityCampaign", status_code=204)
async def discard_mobility_campaign(request: Request, campaign_id: CampaignId, expected: ReadBefore) -> None:
    """Throw a draft away; what was announced is cancelled instead."""
    db, somebody = database(request), who_asks(request)
    await mobility_campaigns.discard_mobility_campaign(db, somebody, campaign_id, expected=expected)


@router.put(
    "/mobility-campaigns/{campaignId}/state",
    operation_id="advanceMobilityCampaign",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CAMPAIGN, "The campaign in its new state."),
)
async def advance_mobility_campaign(
    request: Request, campaign_id: CampaignId, command: AdvanceMobilityCampaign, expected: ReadBefore
) -> Response:
    """Announce, open or close wishes, publish, close or cancel; a term is cut short only on purpose, with a reason."""
    db, somebody = database(request), who_asks(request)
    await mobility_campaigns.advance_mobility_campaign(db, somebody, campaign_id, command, expected=expected)
    return await _answer(request, campaign_id)


@router.put(
    "/mobility-campaigns/{campaignId}/cells",
    operation_id="putMobilityCells",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CAMPAIGN, "The campaign with its number of cells."),
)
async def put_mobility_cells(
    request: Request, campaign_id: CampaignId, command: PutMobilityCells, expected: ReadBefore
) -> Response:
    """Put the cells of a campaign, all of them or a part; refused with everything by which they do not nest."""
    db, somebody = database(request), who_asks(request)
    await mobility_cells.put_mobility_cells(db, somebody, campaign_id, command, expected=expected)
    return await _answer(request, campaign_id)


@router.post(
    "/mobility-campaigns/{campaignId}/cells/proposal",
    operation_id="proposeMobilityCells",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CAMPAIGN, "The campaign with its number of cells."),
)
async def propose_mobility_cells(
    request: Request, campaign_id: CampaignId, command: ProposeMobilityCells, expected: ReadBefore
) -> Response:
    """Begin with nested cells that the service makes, instead of whatever there is."""
    db, somebody = database(request), who_asks(request)
    await mobility_cells.propose_mobility_cells(db, somebody, campaign_id, command, expected=expected)
    return await _answer(request, campaign_id)


async def _answer(request: Request, campaign_id: UUID, status: int = 200, location: str | None = None) -> Response:
    document = await mobility_campaigns.mobility_campaign_document(database(request), who_asks(request), campaign_id)
    return contested(document, status, location)


async def mobility_campaign(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_CAMPAIGN)
    return await mobility_campaigns.mobility_campaign_document(db, actor, campaign_of(request), wanted)


async def mobility_campaigns_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, MobilityCampaignFilter, FILTERS)
    return await mobility_campaigns.mobility_campaigns_page(
        db, actor, chosen, first_of(request), after_of(request), page_of(request, shapes.MOBILITY_CAMPAIGNS)
    )


async def mobility_cells_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, MobilityCellFilter, CELL_FILTERS)
    page = first_of(request), after_of(request)
    return await mobility_cells.mobility_cells_page(
        db, actor, campaign_of(request), chosen, *page, page_of(request, cell_shapes.MOBILITY_CELLS)
    )


FILTERS = (
    query("state", "The state a campaign is in.", shapes.STATE),
    query("organiserId", "Id of the institution that organises it.", {"type": "string", "format": "uuid"}),
    query("province", "Code of a province whose institutions take part.", {"type": "string"}),
)
CELL_FILTERS = (
    query("parentId", "Id of the cell around it.", {"type": "string"}),
    query("level", "What the cell is.", cell_shapes.LEVEL),
)
READS = (
    Read(
        "/mobility-campaigns",
        mobility_campaigns_page,
        mobility_campaigns.mobility_campaigns_page,
        shapes.MOBILITY_CAMPAIGNS,
        "mobility",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/mobility-campaigns/{campaignId}",
        mobility_campaign,
        mobility_campaigns.mobility_campaign_document,
        shapes.MOBILITY_CAMPAIGN,
        "mobility",
        (CAMPAIGN_ID, FIELDS),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/cells",
        mobility_cells_page,
        mobility_cells.mobility_cells_page,
        cell_shapes.MOBILITY_CELLS,
        "mobility",
        (CAMPAIGN_ID, *CELL_FILTERS, *PAGE),
    ),
)
