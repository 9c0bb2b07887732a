"""GraphQL: verifications of requirements, and technical scores, for one vacancy."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.candidates import CandidateTalent
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import verifications as service
from app.services.verifications import GiveTechnicalScore, GiveTechnicalScores, VerifyRequirement, VerifyRequirements

VERSION = "From 1, in the order in which they were put on record; the highest counts."


@strawberry.type(description="What somebody who saw a document said before, which counts no longer.")
class EarlierVerification:
    version: int = strawberry.field(description=VERSION)
    is_met: bool | None
    document: str | None
    verified_at: datetime.datetime
    by: str
    role: str


@strawberry.type(
    description="What somebody who saw a document says about one requirement; the latest word counts, and all stay. "
    "As long as the vacancy is masked `isMet` and `document` are for who verifies documents."
)
class CandidateVerification(EarlierVerification):
    vacancy_id: UUID
    candidate_id: UUID
    talent: CandidateTalent | None
    requirement: str
    earlier: list[EarlierVerification] = strawberry.field(description="What was said before, the first word first.")
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(description="A result that was put on record before, and counts no longer.")
class EarlierTechnicalScore:
    version: int = strawberry.field(description=VERSION)
    score: float
    source: str | None
    given_at: datetime.datetime
    by: str
    role: str


@strawberry.type(
    description="The result of a technical test or interview for one vacancy, 0–100 points; the latest counts, and all "
    "stay. As long as the vacancy is masked `source` is for who gives scores, and others are told whole points."
)
class TechnicalScore(EarlierTechnicalScore):
    vacancy_id: UUID
    candidate_id: UUID
    talent: CandidateTalent | None
    earlier: list[EarlierTechnicalScore] = strawberry.field(description="Those before, the first one first.")
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(description="How much was put on record for a vacancy.")
class RecordedForVacancy:
    vacancy_id: UUID
    verifications: int
    technical_scores: int


@strawberry.type
class CandidateVerificationEdge:
    cursor: str
    node: CandidateVerification


@strawberry.type(description="A page of verifications, newest first.")
class CandidateVerificationConnection:
    edges: list[CandidateVerificationEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class TechnicalScoreEdge:
    cursor: str
    node: TechnicalScore


@strawberry.type(description="A page of technical scores, newest first.")
class TechnicalScoreConnection:
    edges: list[TechnicalScoreEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="What a document showed; `document` says which, such as a certificate and its number.")
class VerifyRequirementInput:
    is_met: bool
    document: str


@strawberry.input(description="What a document showed about one requirement of one candidate.")
class CandidateVerificationInput:
    candidate_id: UUID
    requirement: str
    is_met: bool
    document: str


@strawberry.input(description="What documents showed about several candidates: all of it is taken, or nothing.")
class VerifyRequirementsInput:
    verifications: list[CandidateVerificationInput]


@strawberry.input(description="The result of a technical test or interview, 0–100 points, and where it comes from.")
class GiveTechnicalScoreInput:
    score: float
    source: str


@strawberry.input(description="The result of one candidate.")
class CandidateScoreInput:
    candidate_id: UUID
    score: float
    source: str


@strawberry.input(description="The results of several candidates: all of them are taken, or none.")
class GiveTechnicalScoresInput:
    scores: list[CandidateScoreInput]


@strawberry.type
class VerificationQueries:
    @strawberry.field(description="What was said about one requirement of a candidate, for a vacancy.")
    def verification(self, vacancy_id: UUID, candidate_id: UUID, requirement: str) -> CandidateVerification | None:
        compiled()

    @strawberry.field(description="The verifications of a vacancy, newest first.")
    def verifications(
        self, vacancy_id: UUID, first: int | None = None, after: str | None = None
    ) -> CandidateVerificationConnection | None:
        compiled()

    @strawberry.field(description="The technical score of a candidate for a vacancy.")
    def technical_score(self, vacancy_id: UUID, candidate_id: UUID) -> TechnicalScore | None:
        compiled()

    @strawberry.field(description="The technical scores of a vacancy, newest first.")
    def technical_scores(
        self, vacancy_id: UUID, first: int | None = None, after: str | None = None
    ) -> TechnicalScoreConnection | None:
        compiled()

    @strawberry.field(description="How much was put on record for a vacancy.")
    def recorded_for_vacancy(self, vacancy_id: UUID) -> RecordedForVacancy | None:
        compiled()


@strawberry.type
class VerificationChanges:
    @strawberry.field(description="Say whether a document shows that a requirement is met.")
    def verify_requirement(
        self,
        vacancy_id: UUID,
        candidate_id: UUID,
        requirement: str,
        input: VerifyRequirementInput,  # noqa: A002
    ) -> CandidateVerification | None:
        compiled()

    @strawberry.field(description="Say what documents show about several candidates: all of it, or nothing.")
    def verify_requirements(self, vacancy_id: UUID, input: VerifyRequirementsInput) -> RecordedForVacancy | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Put the result of a technical test or interview on record.")
    def give_technical_score(
        self,
        vacancy_id: UUID,
        candidate_id: UUID,
        input: GiveTechnicalScoreInput,  # noqa: A002
    ) -> TechnicalScore | None:
        compiled()

    @strawberry.field(description="Put the results of several candidates on record: all of them, or none.")
    def give_technical_scores(self, vacancy_id: UUID, input: GiveTechnicalScoresInput) -> RecordedForVacancy | None:  # noqa: A002
        compiled()


async def verification(asked: Asked, vacancy_id: UUID, candidate_id: UUID, requirement: str) -> Document:
    return await service.verification_document(
        asked.db, asked.actor, vacancy_id, candidate_id, requirement, asked.wanted
    )


async def verifications_page(
    asked: Asked, vacancy_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await service.verifications_page(asked.db, asked.actor, vacancy_id, first, after, asked.wanted)


async def technical_score(asked: Asked, vacancy_id: UUID, candidate_id: UUID) -> Document:
    return await service.technical_score_document(asked.db, asked.actor, vacancy_id, candidate_id, asked.wanted)


async def technical_scores_page(
    asked: Asked, vacancy_id: UUID, first: int | None = None, after: str | None = None
) -> Document:
    return await service.technical_scores_page(asked.db, asked.actor, vacancy_id, first, after, asked.wanted)


async def recorded_for_vacancy(asked: Asked, vacancy_id: UUID) -> Document:
    return await service.recorded_document(asked.db, asked.actor, vacancy_id, asked.wanted)


async def verify_requirement(
    asked: Asked,
    vacancy_id: UUID,
    candidate_id: UUID,
    requirement: str,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = VerifyRequirement.model_validate(input, by_alias=True)
    await service.verify_requirement(asked.db, asked.actor, vacancy_id, candidate_id, requirement, command)
    return await verification(asked, vacancy_id, candidate_id, requirement)


async def verify_requirements(asked: Asked, vacancy_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = VerifyRequirements.model_validate(input, by_alias=True)
    await service.verify_requirements(asked.db, asked.actor, vacancy_id, command)
    return await recorded_for_vacancy(asked, vacancy_id)


async def give_technical_score(asked: Asked, vacancy_id: UUID, candidate_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = GiveTechnicalScore.model_validate(input, by_alias=True)
    await service.give_technical_score(asked.db, asked.actor, vacancy_id, candidate_id, command)
    return await technical_score(asked, vacancy_id, candidate_id)


async def give_technical_scores(asked: Asked, vacancy_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = GiveTechnicalScores.model_validate(input, by_alias=True)
    await service.give_technical_scores(asked.db, asked.actor, vacancy_id, command)
    return await recorded_for_vacancy(asked, vacancy_id)


ROOTS: dict[str, RootFunction] = {
    "verification": verification,
    "verifications": verifications_page,
    "technicalScore": technical_score,
    "technicalScores": technical_scores_page,
    "recordedForVacancy": recorded_for_vacancy,
}
CHANGES: dict[str, RootFunction] = {
    "verifyRequirement": verify_requirement,
    "verifyRequirements": verify_requirements,
    "giveTechnicalScore": give_technical_score,
    "giveTechnicalScores": give_technical_scores,
}
