"""REST: taking part in mobility campaigns, wishes, grounds and points; for offices, who takes part."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.mobility_campaigns import CAMPAIGN_ID, CampaignId, campaign_of
from app.api.rest.mobility_offers import TAG, UUID_SCHEMA
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
from app.db.shapes import mobility_assessments as assessment_shapes
from app.db.shapes import mobility_participations as shapes
from app.domain.actors import Actor
from app.domain.mobility_formulas import Ground
from app.services import mobility_assessments, mobility_grounds, mobility_participations
from app.services.mobility_grounds import DeclareMobilityGrounds, VerifyMobilityGround
from app.services.mobility_participations import JoinMobilityCampaign, SetMobilityWishes

router = APIRouter(prefix="/v1", tags=[TAG], route_class=SignedInRoute)
ParticipationId = Annotated[UUID, Path(alias="participationId", description="Id of a participation.")]
GroundCode = Annotated[
    str, Path(alias="ground", description="Code of a ground.", json_schema_extra={"enum": list(Ground)})
]


@router.post(
    "/mobility-campaigns/{campaignId}/participations",
    operation_id="joinMobilityCampaign",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.MOBILITY_PARTICIPATION, "The own participation.", 201),
)
async def join_mobility_campaign(request: Request, campaign_id: CampaignId, command: JoinMobilityCampaign) -> Response:
    """Take part in a campaign oneself, by a consent that lasts until it takes effect."""
    db, somebody = database(request), who_asks(request)
    participation_id = await mobility_participations.join_mobility_campaign(db, somebody, campaign_id, command)
    return await _answer(
        request,
        campaign_id,
        participation_id,
        201,
        f"/v1/mobility-campaigns/{campaign_id}/participations/{participation_id}",
    )


@router.put(
    "/mobility-campaigns/{campaignId}/participations/{participationId}/wishes",
    operation_id="setMobilityWishes",
    response_class=Response,
    responses=answers(shapes.MOBILITY_PARTICIPATION, "The own participation with its wishes."),
)
async def set_mobility_wishes(
    request: Request,
    campaign_id: CampaignId,
    participation_id: ParticipationId,
    command: SetMobilityWishes,
    expected: ReadBefore,
) -> Response:
    """Write down all of one's wishes, the dearest first; they take the place of those before."""
    db, somebody = database(request), who_asks(request)
    await mobility_participations.set_mobility_wishes(
        db, somebody, campaign_id, participation_id, command, expected=expected
    )
    return await _answer(request, campaign_id, participation_id)


@router.delete(
    "/mobility-campaigns/{campaignId}/participations/{participationId}",
    operation_id="withdrawFromMobility",
    status_code=204,
    response_class=Response,
)
async def withdraw_from_mobility(
    request: Request, campaign_id: CampaignId, participation_id: ParticipationId, expected: ReadBefore
) -> Response:
    """Take part no longer: before the freeze everything of it is deleted."""
    db, somebody = database(request), who_asks(request)
    await mobility_participations.withdraw_from_mobility(db, somebody, campaign_id, participation_id, expected=expected)
    return Response(status_code=204)


@router.put(
    "/mobility-campaigns/{campaignId}/participations/{participationId}/grounds",
    operation_id="declareMobilityGrounds",
    response_class=Response,
    responses=answers(shapes.MOBILITY_PARTICIPATION, "The own participation with its grounds."),
)
async def declare_mobility_grounds(
    request: Request, campaign_id: CampaignId, participation_id: ParticipationId, command: DeclareMobilityGrounds
) -> Response:
    """Declare one's grounds for moving: which, and neither a story nor a document."""
    db, somebody = database(request), who_asks(request)
    await mobility_grounds.declare_mobility_grounds(db, somebody, campaign_id, participation_id, command)
    return await _answer(request, campaign_id, participation_id)


@router.put(
    "/mobility-campaigns/{campaignId}/participations/{participationId}/grounds/{ground}/verification",
    operation_id="verifyMobilityGround",
    status_code=204,
    response_class=Response,
)
async def verify_mobility_ground(
    request: Request,
    campaign_id: CampaignId,
    participation_id: ParticipationId,
    ground: GroundCode,
    command: VerifyMobilityGround,
) -> Response:
    """Say whether documents show a ground that somebody of the own institution declared."""
    db, somebody = database(request), who_asks(request)
    await mobility_grounds.verify_mobility_ground(db, somebody, campaign_id, participation_id, ground, command)
    return Response(status_code=204)


@router.put(
    "/mobility-campaigns/{campaignId}/assessment",
    operation_id="assessMobility",
    response_class=Response,
    responses=answers(assessment_shapes.MOBILITY_ASSESSMENT, "How many are assessed, released and barred."),
)
async def assess_mobility(request: Request, campaign_id: CampaignId) -> Response:
    """Assess everybody of the own institution who takes part anew: releases, points by part and what bars."""
    db, somebody = database(request), who_asks(request)
    await mobility_assessments.assess_mobility(db, somebody, campaign_id)
    document = await mobility_assessments.mobility_assessment_document(db, somebody, campaign_id)
    return Response(document, media_type=JSON)


async def _answer(
    request: Request, campaign_id: UUID, participation_id: UUID, status: int = 200, location: str | None = None
) -> Response:
    db, somebody = database(request), who_asks(request)
    document = await mobility_participations.mobility_participation_document(
        db, somebody, campaign_id, participation_id
    )
    return contested(document, status, location)


# ── reads


async def mobility_participation(db: Database, actor: Actor, request: Request) -> Document:
    wanted, campaign_id = select_fields(request, shapes.MOBILITY_PARTICIPATION), campaign_of(request)
    return await mobility_participations.mobility_participation_document(
        db, actor, campaign_id, _participation_of(request), wanted
    )


async def mobility_participations_page(db: Database, actor: Actor, request: Request) -> Document:
    wanted = page_of(request, shapes.MOBILITY_PARTICIPATIONS)
    first, after = first_of(request), after_of(request)
    return await mobility_participations.mobility_participations_page(db, actor, first, after, wanted)


async def mobility_applications_page(db: Database, actor: Actor, request: Request) -> Document:
    wanted = page_of(request, shapes.MOBILITY_APPLICATIONS)
    campaign_id, participation_id = campaign_of(request), _participation_of(request)
    return await mobility_participations.mobility_applications_page(
        db, actor, campaign_id, participation_id, first_of(request), after_of(request), wanted
    )


async def mobility_participants_page(db: Database, actor: Actor, request: Request) -> Document:
    wanted = page_of(request, shapes.MOBILITY_PARTICIPANTS)
    campaign_id, first, after = campaign_of(request), first_of(request), after_of(request)
    return await mobility_participations.mobility_participants_page(db, actor, campaign_id, first, after, wanted)


async def mobility_assessment(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, assessment_shapes.MOBILITY_ASSESSMENT)
    return await mobility_assessments.mobility_assessment_document(db, actor, campaign_of(request), wanted)


def _participation_of(request: Request) -> UUID:
    return id_of(request, "participationId", "mobility_participation.not_found")


PARTICIPATION_ID = in_path("participationId", "Id of a participation.", UUID_SCHEMA)
READS = (
    Read(
        "/mobility-participations",
        mobility_participations_page,
        mobility_participations.mobility_participations_page,
        shapes.MOBILITY_PARTICIPATIONS,
        TAG,
        PAGE,
    ),
    Read(
        "/mobility-campaigns/{campaignId}/participations",
        mobility_participants_page,
        mobility_participations.mobility_participants_page,
        shapes.MOBILITY_PARTICIPANTS,
        TAG,
        (CAMPAIGN_ID, *PAGE),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/participations/{participationId}",
        mobility_participation,
        mobility_participations.mobility_participation_document,
        shapes.MOBILITY_PARTICIPATION,
        TAG,
        (CAMPAIGN_ID, PARTICIPATION_ID, FIELDS),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/participations/{participationId}/applications",
        mobility_applications_page,
        mobility_participations.mobility_applications_page,
        shapes.MOBILITY_APPLICATIONS,
        TAG,
        (CAMPAIGN_ID, PARTICIPATION_ID, *PAGE),
    ),
    Read(
        "/mobility-campaigns/{campaignId}/assessment",
        mobility_assessment,
        mobility_assessments.mobility_assessment_document,
        assessment_shapes.MOBILITY_ASSESSMENT,
        TAG,
        (CAMPAIGN_ID, FIELDS),
    ),
)
