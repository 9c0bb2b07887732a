"""GraphQL: succession plans, who may act, bench strength, dominoes, and what the merit rules ask."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.calibrations import TalentName
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import dominoes as words
from app.domain import pools, succession
from app.domain.careers import PositionLevel
from app.domain.revisions import exactly
from app.services import dominoes as chains
from app.services import succession_plans as service
from app.services.dominoes import PreviewDominoes
from app.services.succession_plans import EditSuccessionPlan, SuccessionPlanFilter

strawberry.enum(succession.Readiness, graphql_name_from="value", description="How soon somebody can take over.")
strawberry.enum(succession.MeritOutcome, graphql_name_from="value", description="What is found of an item.")
strawberry.enum(
    words.Substitute, graphql_name_from="value", description="`acting`: Plt, a seat is empty; `acting_daily`: Plh."
)
strawberry.enum(words.Because, name="DominoBecause", graphql_name_from="value", description="Why somebody moves.")
strawberry.enum(
    words.Cover, name="DominoCover", graphql_name_from="value", description="How a seat is covered that stays empty."
)


@strawberry.type(description="The post of a plan.")
class PlannedPost:
    id: UUID
    name: str
    level: PositionLevel | None
    unit_id: str
    unit_name: str
    is_target: bool
    is_critical: bool
    seats: int
    holders: int


@strawberry.type(description="The version of a rule set that a plan was calculated by.")
class PlanRuleSet:
    code: str
    version: int


@strawberry.type(
    description="Of the named: `available` are ready and eligible, with complete evidence, confirmed and unexpired in "
    "the pool, and willing. Whoever lacks several things is counted with each."
)
class Bench:
    named: int
    available: int
    not_ready: int
    not_eligible: int
    needs_verification: int
    incomplete: int
    not_in_pool: int
    unwilling: int
    willingness_unknown: int


@strawberry.type(
    description="Somebody named in a plan. `readiness` is as the committee set it, or else `computedReadiness`; "
    "`isEligible` and `isWilling` are null where nobody knows."
)
class Successor:
    talent_id: UUID
    talent: TalentName
    position: str | None
    position_level: PositionLevel | None
    readiness: succession.Readiness
    computed_readiness: succession.Readiness
    reason: str | None
    is_eligible: bool | None
    ready_from: datetime.date | None
    is_complete: bool | None
    pool_state: pools.State | None
    is_willing: bool | None
    is_available: bool
    not_met: list[str] | None
    unverified: list[str] | None


@strawberry.type(description="A confirmed member of the pool who is not named, with what was computed.")
class ProposedSuccessor:
    talent_id: UUID
    talent: TalentName
    position: str | None
    position_level: PositionLevel | None
    readiness: succession.Readiness
    is_eligible: bool | None
    ready_from: datetime.date | None
    is_complete: bool | None
    pool_state: pools.State | None
    is_willing: bool | None
    not_met: list[str] | None
    unverified: list[str] | None


@strawberry.type(description="Somebody who may act in a post; `distance` counts the steps between the units.")
class CoveringOfficial:
    talent_id: UUID
    talent: TalentName
    post_id: UUID
    post: str
    level: PositionLevel | None
    unit: str
    distance: int


@strawberry.type(description="Who may act tomorrow, nearest first.")
class EmergencyCover:
    kind: words.Substitute
    people: list[CoveringOfficial]


@strawberry.type(description="Who may act in a post tomorrow, nearest first.")
class EmergencyCoverOfPost:
    post: PlannedPost
    kind: words.Substitute
    people: list[CoveringOfficial]


@strawberry.type(description="The succession plan of a post.")
class SuccessionPlan:
    post_id: UUID
    revision: int
    post: PlannedPost
    note: str | None
    as_of: datetime.date
    rule_set: PlanRuleSet
    policy_version: int
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


@strawberry.type(description="Target and critical posts of a level; coverage in per cent, null where there are none.")
class BenchOfLevel:
    level: PositionLevel | None
    posts: int
    with_plan: int
    with_one: int
    with_two: int
    coverage_of_one: float | None
    coverage_of_two: float | None
    bench: Bench


@strawberry.type(description="Target and critical posts of a unit itself.")
class BenchOfUnit:
    id: str
    name: str
    posts: int
    with_plan: int
    with_one: int
    with_two: int
    coverage_of_one: float | None
    coverage_of_two: float | None
    bench: Bench


@strawberry.type(description="How many target and critical posts have one, or two, successors available today.")
class BenchStrength:
    posts: int
    with_plan: int
    with_one: int
    with_two: int
    coverage_of_one: float | None
    coverage_of_two: float | None
    bench: Bench
    levels: list[BenchOfLevel]
    units: list[BenchOfUnit]


@strawberry.type(description="One item of what the merit rules ask; `evidence` is the address where it can be seen.")
class MeritItem:
    item: succession.MeritItem
    label: Sentence
    outcome: succession.MeritOutcome
    found: int
    needed: int | None
    weight: int
    evidence: str


@strawberry.type(
    description="What the merit rules ask of talent management (aspect 3): `share` per cent of the weights are met, "
    "`highestShare` if all that is unknown were."
)
class MeritReadiness:
    aspect_weight: int
    share: float
    highest_share: float
    is_ready: bool
    policy_version: int
    legal_basis: str
    items: list[MeritItem]


@strawberry.type(description="A post in a chain.")
class DominoPost:
    id: UUID
    name: str
    level: PositionLevel | None
    unit_id: str


@strawberry.type(description="Somebody in a chain.")
class DominoTalent:
    id: UUID
    nip: str
    name: str


@strawberry.type(description="Somebody takes a seat; `isLoop`: they leave a post that the same chain has just filled.")
class DominoMove:
    talent_id: UUID
    talent: DominoTalent | None
    from_post: DominoPost | None
    to_post: DominoPost
    because: words.Because
    is_loop: bool


@strawberry.type(description="A seat that stays empty, and who would act in it.")
class DominoEnd:
    post: DominoPost
    has_plan: bool
    cover: words.Cover
    official: DominoTalent | None
    distance: int | None


@strawberry.type(description="Who would have followed in a post but has moved already.")
class DominoPassedOver:
    post: DominoPost
    talent: DominoTalent | None


@strawberry.type(description="The chain that choices open; nothing is changed.")
class DominoPreview:
    moves: list[DominoMove]
    ends: list[DominoEnd]
    passed_over: list[DominoPassedOver]
    covering_twice: list[DominoTalent]
    has_loop: bool
    is_covered: bool


@strawberry.type(description="Somebody who is named ready now in several plans.")
class OverlappingSuccessor:
    talent: DominoTalent
    posts: list[DominoPost]


@strawberry.type(
    description="Plans with somebody named ready now, and with somebody available; `…OneEach`: how many hold where "
    "each person fills one post only."
)
class SuccessionOverlaps:
    plans: int
    named: int
    named_one_each: int
    covered: int
    covered_one_each: int
    people: list[OverlappingSuccessor]


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


@strawberry.input(description="Somebody for a post.")
class ChooseSuccessorInput:
    post_id: UUID
    talent_id: UUID


@strawberry.input(description="Whom one thinks of appointing, and where.")
class PreviewDominoesInput:
    choices: list[ChooseSuccessorInput]


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

    @strawberry.field(description="Who may act in a post tomorrow; it needs no plan.")
    def emergency_cover(self, post_id: UUID) -> EmergencyCoverOfPost | None:
        compiled()

    @strawberry.field(description="How many target and critical posts have a successor available today.")
    def bench_strength(self) -> BenchStrength | None:
        compiled()

    @strawberry.field(description="What the merit rules ask before open selection may be left out.")
    def merit_readiness(self) -> MeritReadiness | None:
        compiled()

    @strawberry.field(description="The chain that choices open; nothing is changed.")
    def preview_dominoes(self, input: PreviewDominoesInput) -> DominoPreview | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Who is named ready now in several plans.")
    def succession_overlaps(self) -> SuccessionOverlaps | None:
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


async def emergency_cover(asked: Asked, post_id: UUID) -> Document:
    return await service.emergency_cover_document(asked.db, asked.actor, post_id, asked.wanted)


async def bench_strength(asked: Asked) -> Document:
    return await service.bench_strength_document(asked.db, asked.actor, asked.wanted)


async def merit_readiness(asked: Asked) -> Document:
    return await service.merit_readiness_document(asked.db, asked.actor, asked.wanted)


async def preview_dominoes(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = PreviewDominoes.model_validate(input, by_alias=True)
    return await chains.preview_dominoes(asked.db, asked.actor, command, asked.wanted)


async def succession_overlaps(asked: Asked) -> Document:
    return await chains.succession_overlaps_document(asked.db, asked.actor, asked.wanted)


async def edit_succession_plan(asked: Asked, post_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditSuccessionPlan.model_validate(input, by_alias=True)
    await service.edit_succession_plan(asked.db, asked.actor, post_id, command, expected=exactly(revision))
    return await succession_plan(asked, post_id)


async def calculate_succession_plan(asked: Asked, post_id: UUID) -> Document:
    await service.calculate_succession_plan(asked.db, asked.actor, post_id)
    return await succession_plan(asked, post_id)


ROOTS: dict[str, RootFunction] = {
    "successionPlan": succession_plan,
    "successionPlans": succession_plans,
    "emergencyCover": emergency_cover,
    "benchStrength": bench_strength,
    "meritReadiness": merit_readiness,
    "previewDominoes": preview_dominoes,
    "successionOverlaps": succession_overlaps,
}
CHANGES: dict[str, RootFunction] = {
    "editSuccessionPlan": edit_succession_plan,
    "calculateSuccessionPlan": calculate_succession_plan,
}
