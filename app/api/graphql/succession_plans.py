"""GraphQL: succession plans."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.calibrations import TalentName
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.emergency_cover import EmergencyCover, PlannedPost
from app.api.graphql.succession_bench import Bench, BenchStrength, bench_strength
from app.api.graphql.succession_policies import PolicyVersion
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import pools, succession
from app.domain.careers import CareerMove, PositionLevel
from app.domain.revisions import exactly
from app.services import succession_plans as service
from app.services.succession_plans import EditSuccessionPlan, SuccessionPlanFilter

strawberry.enum(succession.Readiness, graphql_name_from="value", description="How soon somebody can take over.")


@strawberry.type(description="The version of a rule set that a plan was calculated by.")
class PlanRuleSet:
    code: str
    version: int


@strawberry.type(
    description="Somebody named in a plan. `readiness` is as the committee set it, or else `computedReadiness`; "
    "`isEligible` (today) and `isWilling` are null where nobody knows; `isCurrent`: what the plan found is what would "
    "be found today, which it is until `standsUntil` if no fact changes. Time alone stands against nobody from "
    "`readyFrom` on, whether or not they are eligible by then; a `movement` that is a demotion makes nobody available."
)
class Successor:
    talent_id: UUID
    talent: TalentName
    position: str | None
    position_level: PositionLevel | None
    movement: CareerMove | None
    readiness: succession.Readiness
    computed_readiness: succession.Readiness
    reason: str | None
    is_eligible: bool | None
    is_current: bool
    stands_until: datetime.date | None
    ready_from: datetime.date | None
    is_complete: bool | None
    pool_state: pools.State | None
    is_willing: bool | None
    is_available: bool
    not_met: list[str] | None
    unverified: list[str] | None


@strawberry.type(
    description="A confirmed member of the pool, not above the post, who is not named, with what was computed."
)
class ProposedSuccessor:
    talent_id: UUID
    talent: TalentName
    position: str | None
    position_level: PositionLevel | None
    movement: CareerMove | None
    readiness: succession.Readiness
    is_eligible: bool | None
    is_current: bool
    stands_until: datetime.date | None
    ready_from: datetime.date | None
    is_complete: bool | None
    pool_state: pools.State | None
    is_willing: bool | None
    not_met: list[str] | None
    unverified: list[str] | None


@strawberry.type(description="The succession plan of a post.")
class SuccessionPlan:
    post_id: UUID
    revision: int
    post: PlannedPost
    note: str | None
    as_of: datetime.date
    rule_set: PlanRuleSet
    policy: PolicyVersion
    edited_at: datetime.datetime
    edited_by: str
    calculated_at: datetime.datetime
    bench: Bench | None
    successors: list[Successor]
    proposed: list[ProposedSuccessor]
    emergency_cover: EmergencyCover
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class SuccessionPlanEdge:
    cursor: str
    node: SuccessionPlan


@strawberry.type(description="A page of plans, by the name of their post.")
class SuccessionPlanConnection:
    edges: list[SuccessionPlanEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="SuccessionPlanFilter", description="Which plans to list; what is not given does not restrict.")
class SuccessionPlanFilterInput:
    unit: str | None = None
    level: PositionLevel | None = None
    watched: bool | None = strawberry.field(default=None, description="Whether the post is a target or a critical one.")


@strawberry.input(description="Somebody who is to follow.")
class NameSuccessorInput:
    nip: str
    readiness: succession.Readiness | None = None
    reason: str | None = None


@strawberry.input(description="The whole plan of a post.")
class EditSuccessionPlanInput:
    successors: list[NameSuccessorInput]
    note: str | None = None


@strawberry.type
class SuccessionPlanQueries:
    @strawberry.field(description="The plan of a post; null where it has none.")
    def succession_plan(self, post_id: UUID) -> SuccessionPlan | None:
        compiled()

    @strawberry.field(description="The plans of the institution, by the name of their post.")
    def succession_plans(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[SuccessionPlanFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> SuccessionPlanConnection | None:
        compiled()


@strawberry.type
class SuccessionPlanChanges:
    @strawberry.field(description="Make the plan of a post or replace it; `revision` of a new one is 0.")
    def edit_succession_plan(
        self,
        post_id: UUID,
        revision: int,
        input: EditSuccessionPlanInput,  # noqa: A002
    ) -> SuccessionPlan | None:
        compiled()

    @strawberry.field(description="Calculate every plan of which something is out of date.")
    def calculate_succession_plans(self) -> BenchStrength | None:
        compiled()

    @strawberry.field(description="Find out anew how ready everybody in a plan is.")
    def calculate_succession_plan(self, post_id: UUID) -> SuccessionPlan | None:
        compiled()


async def succession_plan(asked: Asked, post_id: UUID) -> Document:
    return await service.succession_plan_document(asked.db, asked.actor, post_id, asked.wanted)


async def succession_plans(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = SuccessionPlanFilter.model_validate(filter or {}, by_alias=True)
    return await service.succession_plans_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def edit_succession_plan(asked: Asked, post_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditSuccessionPlan.model_validate(input, by_alias=True)
    await service.edit_succession_plan(asked.db, asked.actor, post_id, command, expected=exactly(revision))
    return await succession_plan(asked, post_id)


async def calculate_succession_plan(asked: Asked, post_id: UUID) -> Document:
    await service.calculate_succession_plan(asked.db, asked.actor, post_id)
    return await succession_plan(asked, post_id)


async def calculate_succession_plans(asked: Asked) -> Document:
    await service.calculate_succession_plans(asked.db, asked.actor)
    return await bench_strength(asked)


ROOTS: dict[str, RootFunction] = {
    "successionPlan": succession_plan,
    "successionPlans": succession_plans,
}
CHANGES: dict[str, RootFunction] = {
    "editSuccessionPlan": edit_succession_plan,
    "calculateSuccessionPlan": calculate_succession_plan,
    "calculateSuccessionPlans": calculate_succession_plans,
}
