"""GraphQL: disclosure of a talent to another institution."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.calibrations import TalentName
from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import (
    Award,
    CurrentPosition,
    Education,
    Feedback360,
    Grade,
    PageInfo,
    PositionHeld,
    TeamAssignment,
    Training,
    Unit,
)
from app.db.documents import Document
from app.domain import disclosures, nine_box
from app.domain.ladder import Rung
from app.services import disclosures as service
from app.services.disclosures import CloseDisclosure, ReleaseDisclosure, RequestDisclosure

strawberry.enum(
    disclosures.Tier, name="DisclosureTier", graphql_name_from="value", description="How much of somebody is disclosed."
)
strawberry.enum(
    disclosures.State, name="DisclosureState", graphql_name_from="value", description="What became of a request."
)


@strawberry.type(
    description="An institution asks for the person behind a card. Who it is, and what was said of a refusal, is told "
    "to the talent and the talent's institution only."
)
class Disclosure:
    id: UUID
    card_id: UUID
    tier: disclosures.Tier
    purpose: str
    reason: str
    request_number: str | None
    receiving_institution: str
    requested_role: str
    requested_at: datetime.datetime
    state: disclosures.State
    is_released: bool
    is_consented: bool
    opened_at: datetime.datetime | None
    expires_at: datetime.datetime | None
    closed_at: datetime.datetime | None
    closed_role: str | None
    closed_comment: str | None
    release_comment: str | None
    talent: TalentName | None


@strawberry.type
class DisclosureEdge:
    cursor: str
    node: Disclosure


@strawberry.type(description="A page of requests, newest first.")
class DisclosureConnection:
    edges: list[DisclosureEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="A yearly appraisal (SKP), without the appraiser.")
class DisclosedAppraisal:
    year: int
    work_result_rating: str | None
    behaviour_rating: str | None
    predicate: str
    rung: Rung


@strawberry.type(description="That somebody was assessed, when and how; not what was found.")
class DisclosedAssessment:
    assessed_on: datetime.date
    method: str | None
    rung: Rung


@strawberry.type(description="What it all came to; null what is not known.")
class AssessmentSummary:
    as_of: datetime.date | None
    box: int | None
    performance: nine_box.Category | None
    potential: nine_box.Category | None
    talent_value: float | None


@strawberry.type(description="Evidence, and a summary of assessments.")
class Dossier:
    performance_appraisals: list[DisclosedAppraisal]
    feedback360: list[Feedback360]
    awards: list[Award]
    team_assignments: list[TeamAssignment]
    trainings: list[Training]
    competency_assessments: list[DisclosedAssessment]
    potential_assessments: list[DisclosedAssessment]
    summary: AssessmentSummary | None


@strawberry.type(description="Somebody who is disclosed; `dossier` is null where only the person is.")
class DisclosedTalent:
    nip: str
    name: str
    title_before: str | None
    title_after: str | None
    institution: str
    unit: Unit | None
    position: CurrentPosition
    grade: Grade
    positions: list[PositionHeld]
    educations: list[Education]
    dossier: Dossier | None


@strawberry.input(description="Somebody on the list of a search of the nation that the own institution made.")
class FoundNationallyInput:
    search_id: UUID
    candidate_id: UUID


@strawberry.input(
    description="Whose card, or who of a search of the nation; how much, why; a dossier takes the number of a formal "
    "request. `purpose`: talent-mobility unless told, or vacancy-selection."
)
class RequestDisclosureInput:
    tier: disclosures.Tier
    reason: str
    card_id: UUID | None = strawberry.UNSET
    found: FoundNationallyInput | None = strawberry.UNSET
    purpose: str = "talent-mobility"
    request_number: str | None = None


@strawberry.input(description="Why, and for how many days the other institution may look.")
class ReleaseDisclosureInput:
    comment: str
    days: int = disclosures.DAYS_OPEN


@strawberry.input(description="Why; the talent need not say.")
class CloseDisclosureInput:
    comment: str | None = None


@strawberry.type
class DisclosureQueries:
    @strawberry.field(description="One request that one may see; null where there is none.")
    def disclosure(self, disclosure_id: UUID) -> Disclosure | None:
        compiled()

    @strawberry.field(description="Requests that the own institution made or received; talents see their own.")
    def disclosures(self, first: int | None = None, after: str | None = None) -> DisclosureConnection | None:
        compiled()

    @strawberry.field(description="The person of an open disclosure. The header X-Purpose says why one looks.")
    def disclosed_talent(self, disclosure_id: UUID) -> DisclosedTalent | None:
        compiled()


@strawberry.type
class DisclosureChanges:
    @strawberry.field(description="Ask for the person behind a card of another institution.")
    def request_disclosure(self, input: RequestDisclosureInput) -> Disclosure | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Release somebody of the own institution, as its appointing authority.")
    def release_disclosure(self, disclosure_id: UUID, input: ReleaseDisclosureInput) -> Disclosure | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Agree to being disclosed, as the talent.")
    def agree_to_disclosure(self, disclosure_id: UUID) -> Disclosure | None:
        compiled()

    @strawberry.field(description="Refuse a request, as the appointing authority of the origin or as the talent.")
    def refuse_disclosure(self, disclosure_id: UUID, input: CloseDisclosureInput) -> Disclosure | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Take back a yes; nobody may look any more.")
    def withdraw_disclosure(self, disclosure_id: UUID, input: CloseDisclosureInput) -> Disclosure | None:  # noqa: A002
        compiled()


async def disclosure_document(asked: Asked, disclosure_id: UUID) -> Document:
    return await service.disclosure_document(asked.db, asked.actor, disclosure_id, asked.wanted)


async def disclosures_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await service.disclosures_page(asked.db, asked.actor, first, after, asked.wanted)


async def disclosed_talent(asked: Asked, disclosure_id: UUID) -> Document:
    return await service.disclosed_talent_document(asked.db, asked.actor, disclosure_id, asked.wanted)


async def request_disclosure(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RequestDisclosure.model_validate(input, by_alias=True)
    return await disclosure_document(asked, await service.request_disclosure(asked.db, asked.actor, command))


async def release_disclosure(asked: Asked, disclosure_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = ReleaseDisclosure.model_validate(input, by_alias=True)
    await service.release_disclosure(asked.db, asked.actor, disclosure_id, command)
    return await disclosure_document(asked, disclosure_id)


async def agree_to_disclosure(asked: Asked, disclosure_id: UUID) -> Document:
    await service.agree_to_disclosure(asked.db, asked.actor, disclosure_id)
    return await disclosure_document(asked, disclosure_id)


async def refuse_disclosure(asked: Asked, disclosure_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = CloseDisclosure.model_validate(input, by_alias=True)
    await service.refuse_disclosure(asked.db, asked.actor, disclosure_id, command)
    return await disclosure_document(asked, disclosure_id)


async def withdraw_disclosure(asked: Asked, disclosure_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = CloseDisclosure.model_validate(input, by_alias=True)
    await service.withdraw_disclosure(asked.db, asked.actor, disclosure_id, command)
    return await disclosure_document(asked, disclosure_id)


ROOTS: dict[str, RootFunction] = {
    "disclosure": disclosure_document,
    "disclosures": disclosures_page,
    "disclosedTalent": disclosed_talent,
}
CHANGES: dict[str, RootFunction] = {
    "requestDisclosure": request_disclosure,
    "releaseDisclosure": release_disclosure,
    "agreeToDisclosure": agree_to_disclosure,
    "refuseDisclosure": refuse_disclosure,
    "withdrawDisclosure": withdraw_disclosure,
}
