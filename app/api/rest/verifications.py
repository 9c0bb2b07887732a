"""REST: verifications of requirements, and technical scores, for one vacancy."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database
from app.api.rest.candidates import CANDIDATE_ID
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
from app.api.rest.vacancies import VACANCY_ID, VacancyId
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document
from app.db.shapes import verifications as shapes
from app.domain.actors import Actor
from app.services import verifications
from app.services.verifications import GiveTechnicalScore, GiveTechnicalScores, VerifyRequirement, VerifyRequirements

router = APIRouter(prefix="/v1", tags=["rankings"], route_class=SignedInRoute)
CandidateId = Annotated[UUID, Path(alias="candidateId", description="Opaque id of a candidate.")]
Requirement = Annotated[str, Path(description="Code of a requirement.")]


@router.put(
    "/vacancies/{vacancyId}/candidates/{candidateId}/verifications/{requirement}",
    operation_id="verifyRequirement",
    response_class=Response,
    responses=answers(shapes.VERIFICATION, "The verification."),
)
async def verify_requirement(
    request: Request,
    vacancy_id: VacancyId,
    candidate_id: CandidateId,
    requirement: Requirement,
    command: VerifyRequirement,
) -> Response:
    """Say whether a document shows that a requirement is met; counts from the next ranking on."""
    db, somebody = database(request), who_asks(request)
    await verifications.verify_requirement(db, somebody, vacancy_id, candidate_id, requirement, command)
    document = await verifications.verification_document(db, somebody, vacancy_id, candidate_id, requirement)
    return Response(document, media_type=JSON)


@router.post(
    "/vacancies/{vacancyId}/verifications",
    operation_id="verifyRequirements",
    response_class=Response,
    responses=answers(shapes.RECORDED, "How much is on record now."),
)
async def verify_requirements(request: Request, vacancy_id: VacancyId, command: VerifyRequirements) -> Response:
    """Say what documents show about several candidates: all of it is taken, or nothing."""
    await verifications.verify_requirements(database(request), who_asks(request), vacancy_id, command)
    return await _recorded(request, vacancy_id)


@router.put(
    "/vacancies/{vacancyId}/candidates/{candidateId}/technical-score",
    operation_id="giveTechnicalScore",
    response_class=Response,
    responses=answers(shapes.TECHNICAL_SCORE, "The technical score."),
)
async def give_technical_score(
    request: Request, vacancy_id: VacancyId, candidate_id: CandidateId, command: GiveTechnicalScore
) -> Response:
    """Put the result of a technical test or interview on record; counts from the next ranking on."""
    db, somebody = database(request), who_asks(request)
    await verifications.give_technical_score(db, somebody, vacancy_id, candidate_id, command)
    document = await verifications.technical_score_document(db, somebody, vacancy_id, candidate_id)
    return Response(document, media_type=JSON)


@router.post(
    "/vacancies/{vacancyId}/technical-scores",
    operation_id="giveTechnicalScores",
    response_class=Response,
    responses=answers(shapes.RECORDED, "How much is on record now."),
)
async def give_technical_scores(request: Request, vacancy_id: VacancyId, command: GiveTechnicalScores) -> Response:
    """Put the results of several candidates on record: all of them, or none."""
    await verifications.give_technical_scores(database(request), who_asks(request), vacancy_id, command)
    return await _recorded(request, vacancy_id)


async def _recorded(request: Request, vacancy_id: UUID) -> Response:
    document = await verifications.recorded_document(database(request), who_asks(request), vacancy_id)
    return Response(document, media_type=JSON)


async def verification(db: Database, actor: Actor, request: Request) -> Document:
    vacancy_id, candidate_id = _ids(request)
    requirement = request.path_params["requirement"]
    wanted = select_fields(request, shapes.VERIFICATION)
    return await verifications.verification_document(db, actor, vacancy_id, candidate_id, requirement, wanted)


async def verifications_page(db: Database, actor: Actor, request: Request) -> Document:
    vacancy_id = id_of(request, "vacancyId", "vacancy.not_found")
    return await verifications.verifications_page(
        db, actor, vacancy_id, first_of(request), after_of(request), page_of(request, shapes.VERIFICATIONS)
    )


async def technical_score(db: Database, actor: Actor, request: Request) -> Document:
    wanted = select_fields(request, shapes.TECHNICAL_SCORE)
    return await verifications.technical_score_document(db, actor, *_ids(request), wanted)


async def technical_scores_page(db: Database, actor: Actor, request: Request) -> Document:
    vacancy_id = id_of(request, "vacancyId", "vacancy.not_found")
    return await verifications.technical_scores_page(
        db, actor, vacancy_id, first_of(request), after_of(request), page_of(request, shapes.TECHNICAL_SCORES)
    )


def _ids(request: Request) -> tuple[UUID, UUID]:
    vacancy_id = id_of(request, "vacancyId", "vacancy.not_found")
    return vacancy_id, id_of(request, "candidateId", "candidate.not_found")


async def recorded(db: Database, actor: Actor, request: Request) -> Document:
    vacancy_id, wanted = id_of(request, "vacancyId", "vacancy.not_found"), select_fields(request, shapes.RECORDED)
    return await verifications.recorded_document(db, actor, vacancy_id, wanted)


READS = (
    Read(
        "/vacancies/{vacancyId}/verifications",
        verifications_page,
        verifications.verifications_page,
        shapes.VERIFICATIONS,
        "rankings",
        (VACANCY_ID, *PAGE),
    ),
    Read(
        "/vacancies/{vacancyId}/candidates/{candidateId}/verifications/{requirement}",
        verification,
        verifications.verification_document,
        shapes.VERIFICATION,
        "rankings",
        (VACANCY_ID, CANDIDATE_ID, in_path("requirement", "Code of a requirement.", {"type": "string"}), FIELDS),
    ),
    Read(
        "/vacancies/{vacancyId}/technical-scores",
        technical_scores_page,
        verifications.technical_scores_page,
        shapes.TECHNICAL_SCORES,
        "rankings",
        (VACANCY_ID, *PAGE),
    ),
    Read(
        "/vacancies/{vacancyId}/candidates/{candidateId}/technical-score",
        technical_score,
        verifications.technical_score_document,
        shapes.TECHNICAL_SCORE,
        "rankings",
        (VACANCY_ID, CANDIDATE_ID, FIELDS),
    ),
    Read(
        "/vacancies/{vacancyId}/recorded",
        recorded,
        verifications.recorded_document,
        shapes.RECORDED,
        "rankings",
        (VACANCY_ID, FIELDS),
    ),
)
