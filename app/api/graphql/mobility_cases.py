"""GraphQL: mobility cases, direct ones and those of campaigns, step by step."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.mobility_results import MobilityUnitKind
from app.api.graphql.placements import Sentence
from app.api.graphql.rule_sets import RuleSetVersion
from app.api.graphql.talents import PageInfo
from app.api.graphql.vacancies import DaysPassed
from app.db.documents import Document
from app.domain import mobility_cases as words
from app.domain import mobility_routes
from app.domain.careers import PositionLevel
from app.domain.mobility_routes import InstitutionKind
from app.domain.mobility_rulebooks import Side
from app.services import mobility_cases as service
from app.services.mobility_case_commands import (
    MobilityCaseFilter,
)

strawberry.enum(words.State, name="MobilityCaseState", graphql_name_from="value", description="Where a case is.")
strawberry.enum(words.Party, name="MobilityParty", graphql_name_from="value", description="Who has a part in a case.")
strawberry.enum(Side, name="MobilitySide", graphql_name_from="value", description="Which institution of the two.")
strawberry.enum(
    words.DocumentState,
    name="MobilityDocumentState",
    graphql_name_from="value",
    description="What is known of a document.",
)
strawberry.enum(
    words.CancellationReason,
    name="MobilityCancellationReason",
    graphql_name_from="value",
    description="Why a case was given up.",
)
strawberry.enum(
    mobility_routes.RouteCode, name="MobilityRouteCode", graphql_name_from="value", description="From where to where."
)
strawberry.enum(
    mobility_routes.Authority,
    name="MobilityAuthority",
    graphql_name_from="value",
    description="Whose word a step of a route is.",
)


@strawberry.type(description="The post of the receiving institution.")
class ReceivingPost:
    id: UUID
    name: str
    unit_name: str
    level: PositionLevel


@strawberry.type(
    description="An institution, as routes look at it. The origin has no name for others until both it and the talent "
    "have said yes."
)
class MobilityPlace:
    name: str | None
    kind: InstitutionKind | None
    province_code: str | None


@strawberry.type(description="Who moves; told to others once the origin has released and the talent has agreed.")
class MovingTalent:
    nip: str
    name: str


@strawberry.type(description="The route of approval. `isConfirmed` is false where its source is not sure.")
class MobilityRoute:
    code: mobility_routes.RouteCode
    label: Sentence
    requested_by: mobility_routes.Authority
    released_by: mobility_routes.Authority
    passed_on_by: mobility_routes.Authority | None
    considered_by: mobility_routes.Authority | None
    decreed_by: mobility_routes.Authority
    is_confirmed: bool
    legal_basis: str


@strawberry.type(
    description="What follows and whose step it is; the documents it lacks, the steps of the unit that have to be "
    "decreed first, how long it waits, and the days that are left until the planned one."
)
class MobilityNextStep:
    state: words.State
    party: words.Party
    missing_documents: list[str]
    awaits_agreement: bool
    held_by_steps: list[int]
    waiting: DaysPassed
    days_to_planned: int


@strawberry.type(description="Another step of the same chain or cycle, without anybody in it.")
class MobilityUnitStep:
    step: int
    state: words.State
    effective_on: datetime.date | None


@strawberry.type(
    description="The chain or cycle that a case is a step of; step 1 of a chain takes the seat that was empty. "
    "`seatLeftOpen`: nobody takes the seat, and it is one for the next round."
)
class MobilityUnit:
    campaign_id: UUID
    run_id: UUID
    kind: MobilityUnitKind
    unit: int
    step: int
    steps: list[MobilityUnitStep]
    seat_left_open: bool


@strawberry.type(description="That somebody was put to what the post asks, by which step; what was found is not told.")
class MobilityCheck:
    state: words.State
    checked_on: datetime.date
    for_day: datetime.date
    is_known: bool
    met: int
    to_verify: int
    digest: str


@strawberry.type(description="A step as it was taken.")
class MobilityCaseStep:
    ordinal: int
    state: words.State
    entered_at: datetime.datetime
    role: str
    number: str | None
    dated: datetime.date | None
    because: str | None


@strawberry.type(description="A document of the checklist: where it is to be found. It is not kept itself.")
class MobilityDocument:
    item: str
    label: Sentence
    side: Side
    needed_before: str | None
    is_confirmed: bool
    state: words.DocumentState
    number: str | None
    dated: datetime.date | None
    because: str | None


@strawberry.type(description="Why a case was given up; `fellWith` is the step of the unit that it fell with.")
class MobilityCancellation:
    code: words.CancellationReason
    label: Sentence
    because: str | None
    fell_with: int | None


@strawberry.type(
    description="A move from one institution to another. `missingForRoute` names what is not known of them, so that no "
    "route can be told."
)
class MobilityCase:
    id: UUID
    revision: int
    state: words.State
    side: words.Party
    reason: str
    planned_on: datetime.date
    effective_on: datetime.date | None
    permit_number: str | None
    post: ReceivingPost
    origin: MobilityPlace | None
    receiving: MobilityPlace | None
    talent: MovingTalent | None
    is_agreed: bool
    is_released: bool
    rulebook_version: int
    route: MobilityRoute | None
    missing_for_route: list[str]
    next_step: MobilityNextStep | None
    unit: MobilityUnit | None
    rule_set: RuleSetVersion | None
    checks: list[MobilityCheck]
    steps: list[MobilityCaseStep]
    documents: list[MobilityDocument]
    cancellation: MobilityCancellation | None


@strawberry.type
class MobilityCaseEdge:
    cursor: str
    node: MobilityCase


@strawberry.type(description="A page of cases, those with the latest planned day first.")
class MobilityCaseConnection:
    edges: list[MobilityCaseEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="MobilityCaseFilter", description="Which cases to list; what is not given does not restrict.")
class MobilityCaseFilterInput:
    state: words.State | None = None
    side: Side | None = None
    campaign: UUID | None = None
    seat_left_open: bool | None = None


@strawberry.type
class MobilityCaseQueries:
    @strawberry.field(description="One case that one is a party of; null where there is none.")
    def mobility_case(self, case_id: UUID) -> MobilityCase | None:
        compiled()

    @strawberry.field(description="The cases that one is a party of; talents see their own.")
    def mobility_cases(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[MobilityCaseFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> MobilityCaseConnection | None:
        compiled()


async def mobility_case(asked: Asked, case_id: UUID) -> Document:
    return await service.mobility_case_document(asked.db, asked.actor, case_id, asked.wanted)


async def mobility_cases(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = MobilityCaseFilter.model_validate(filter or {}, by_alias=True)
    return await service.mobility_cases_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


ROOTS: dict[str, RootFunction] = {"mobilityCase": mobility_case, "mobilityCases": mobility_cases}
