"""REST: mobility cases, direct ones and those of campaigns, step by step."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.etags import ReadBefore, contested
from app.api.rest.mobility_campaigns import CampaignId
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
from app.db.shapes import mobility_campaigns as campaign_shapes
from app.db.shapes import mobility_cases as shapes
from app.domain.actors import Actor
from app.services import mobility_campaigns, mobility_cases, mobility_executions
from app.services.mobility_case_commands import (
    CancelMobilityCase,
    DecreeMobilityCase,
    InaugurateMobilityCase,
    KeepMobilityDocument,
    MobilityCaseFilter,
    MobilityLetter,
    OpenMobilityCase,
    RefuseMobilityCase,
    ReturnMobilityCase,
)

router = APIRouter(prefix="/v1", tags=["mobility cases"], route_class=SignedInRoute)
CaseId = Annotated[UUID, Path(alias="caseId", description="Id of a mobility case.")]
ItemCode = Annotated[str, Path(alias="item", description="Code of a document of the checklist.")]
Permit = Annotated[InaugurateMobilityCase | None, Body(description="Only where a freeze asks for a permit.")]
ABSENT = "mobility_case.not_found"


@router.put(
    "/mobility-campaigns/{campaignId}/execution",
    operation_id="openMobilityCases",
    response_class=Response,
    responses=answers(campaign_shapes.MOBILITY_CAMPAIGN, "The campaign, which is carried out now."),
)
async def open_mobility_cases(request: Request, campaign_id: CampaignId, expected: ReadBefore) -> Response:
    """Begin to carry out a published campaign: a case for every move of its run."""
    db, somebody = database(request), who_asks(request)
    await mobility_executions.open_mobility_cases(db, somebody, campaign_id, expected=expected)
    return contested(await mobility_campaigns.mobility_campaign_document(db, somebody, campaign_id))


@router.post(
    "/mobility-cases",
    operation_id="openMobilityCase",
    status_code=201,
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The draft.", 201),
)
async def open_mobility_case(request: Request, command: OpenMobilityCase) -> Response:
    """Prepare a request for one person of another institution, for one of the own posts."""
    case_id = await mobility_cases.open_mobility_case(database(request), who_asks(request), command)
    return await _answer(request, case_id, 201, f"/v1/mobility-cases/{case_id}")


@router.put(
    "/mobility-cases/{caseId}/request",
    operation_id="requestMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case, asked for."),
)
async def request_mobility_case(
    request: Request, case_id: CaseId, command: MobilityLetter, expected: ReadBefore
) -> Response:
    """Ask the origin for the person, as the receiving institution."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.request_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/release",
    operation_id="releaseMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case, released."),
)
async def release_mobility_case(
    request: Request, case_id: CaseId, command: MobilityLetter, expected: ReadBefore
) -> Response:
    """Let the person go, as the appointing authority of the origin."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.release_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/refusal",
    operation_id="refuseMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The refused case."),
)
async def refuse_mobility_case(
    request: Request, case_id: CaseId, command: RefuseMobilityCase, expected: ReadBefore
) -> Response:
    """Do not let the person go, as the appointing authority of the origin."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.refuse_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/submission",
    operation_id="submitMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case, with BKN."),
)
async def submit_mobility_case(
    request: Request, case_id: CaseId, command: MobilityLetter, expected: ReadBefore
) -> Response:
    """Send it to BKN by the route that applies, as the receiving institution."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.submit_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/approval",
    operation_id="approveMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case with BKN's technical approval."),
)
async def approve_mobility_case(
    request: Request, case_id: CaseId, command: MobilityLetter, expected: ReadBefore
) -> Response:
    """Give the technical approval (pertek), as BKN."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.approve_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/return",
    operation_id="returnMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The returned case."),
)
async def return_mobility_case(
    request: Request, case_id: CaseId, command: ReturnMobilityCase, expected: ReadBefore
) -> Response:
    """Return what is lacking something, as BKN."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.return_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/decree",
    operation_id="decreeMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case with its decree."),
)
async def decree_mobility_case(
    request: Request, case_id: CaseId, command: DecreeMobilityCase, expected: ReadBefore
) -> Response:
    """Put the decree on record: BKN its own, the receiving institution that of a governor or minister."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.decree_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/inauguration",
    operation_id="inaugurateMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case, in effect."),
)
async def inaugurate_mobility_case(
    request: Request, case_id: CaseId, expected: ReadBefore, command: Permit = None
) -> Response:
    """Have the person take over the post, on or after the day of the decree, as the receiving institution."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.inaugurate_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/cancellation",
    operation_id="cancelMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The cancelled case."),
)
async def cancel_mobility_case(
    request: Request, case_id: CaseId, command: CancelMobilityCase, expected: ReadBefore
) -> Response:
    """Give a case up, as the talent or one of the institutions; what rests on the move falls with it."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.cancel_mobility_case(db, somebody, case_id, command, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/agreement",
    operation_id="agreeToMobilityCase",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case, agreed to."),
)
async def agree_to_mobility_case(request: Request, case_id: CaseId, expected: ReadBefore) -> Response:
    """Agree to be moved, as the talent."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.agree_to_mobility_case(db, somebody, case_id, expected=expected)
    return await _answer(request, case_id)


@router.put(
    "/mobility-cases/{caseId}/documents/{item}",
    operation_id="keepMobilityDocument",
    response_class=Response,
    responses=answers(shapes.MOBILITY_CASE, "The case with its checklist."),
)
async def keep_mobility_document(
    request: Request, case_id: CaseId, item: ItemCode, command: KeepMobilityDocument, expected: ReadBefore
) -> Response:
    """Put on record where a document of the checklist is to be found, or why it is not needed."""
    db, somebody = database(request), who_asks(request)
    await mobility_cases.keep_mobility_document(db, somebody, case_id, item, command, expected=expected)
    return await _answer(request, case_id)


async def _answer(request: Request, case_id: UUID, status: int = 200, location: str | None = None) -> Response:
    document = await mobility_cases.mobility_case_document(database(request), who_asks(request), case_id)
    return contested(document, status, location)


async def mobility_case(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.MOBILITY_CASE)
    return await mobility_cases.mobility_case_document(db, actor, id_of(request, "caseId", ABSENT), wanted)


async def mobility_cases_page(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, MobilityCaseFilter, FILTERS)
    wanted = page_of(request, shapes.MOBILITY_CASES)
    return await mobility_cases.mobility_cases_page(db, actor, chosen, first_of(request), after_of(request), wanted)


CASE_ID = in_path("caseId", "Id of a mobility case.", {"type": "string", "format": "uuid"})
FILTERS = (
    query("state", "The state a case is in.", shapes.STATE),
    query("side", "Whose people move: those of the own institution, or those coming to it.", shapes.SIDE),
    query("campaign", "Id of a campaign.", {"type": "string", "format": "uuid"}),
    query("seatLeftOpen", "Those whose seat nobody takes, for the next round.", {"type": "boolean"}),
)
READS = (
    Read(
        "/mobility-cases",
        mobility_cases_page,
        mobility_cases.mobility_cases_page,
        shapes.MOBILITY_CASES,
        "mobility cases",
        (*FILTERS, *PAGE),
    ),
    Read(
        "/mobility-cases/{caseId}",
        mobility_case,
        mobility_cases.mobility_case_document,
        shapes.MOBILITY_CASE,
        "mobility cases",
        (CASE_ID, FIELDS),
    ),
)
