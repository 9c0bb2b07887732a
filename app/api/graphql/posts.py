"""GraphQL: posts, what they ask, forecasts of vacancies, and which government affairs units work at."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence, UnitName
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import government_affairs as affairs
from app.domain import posts as words
from app.domain.careers import PositionLevel
from app.domain.revisions import exactly
from app.services import forecasts, posts
from app.services.forecasts import ForecastYears
from app.services.posts import EditPost, PostFilter, SetUnitAffair

strawberry.enum(affairs.AffairKind, graphql_name_from="value", description="What sort of government affair it is.")
strawberry.enum(words.ClockState, graphql_name_from="value", description="How a post stands with its holders.")
strawberry.enum(words.AnalysisState, graphql_name_from="value", description="Whether a workload analysis still counts.")
strawberry.enum(
    words.RetirementSource, graphql_name_from="value", description="What says at which age holders of a post retire."
)
strawberry.enum(words.BirthDateSource, graphql_name_from="value", description="Where a date of birth is from.")
strawberry.enum(
    words.RetirementUnknown, graphql_name_from="value", description="Why nobody can say when somebody retires."
)


@strawberry.type(description="The unit of a post; `path` lists the ids from the root to the unit itself.")
class PostUnit:
    id: str
    name: str
    path: list[str]


@strawberry.type(
    description="The government affair of a post: its own (`isOwn`) or that of its unit, `isDerived` where it was only "
    "read off the name of a unit. `code` is null where nothing says one."
)
class PostAffair:
    code: str | None
    is_own: bool
    is_derived: bool | None


@strawberry.type(
    description="The workload analysis (ABK) behind a post. SIASN refuses one after `validUntil`; `isStale` is null "
    "where its day is unknown."
)
class WorkloadAnalysis:
    analysed_on: datetime.date | None
    valid_until: datetime.date | None
    state: words.AnalysisState
    is_stale: bool | None
    reason: Sentence


@strawberry.type(
    description="The clock of a post: it runs from `foreseeableFrom`, the day from which a seat was foreseeably empty."
)
class PostClock:
    state: words.ClockState
    foreseeable_from: datetime.date | None
    empty_since: datetime.date | None
    next_retirement_on: datetime.date | None


@strawberry.type
class RetirementDecided:
    age: int
    source: words.RetirementSource
    words: str | None
    level: PositionLevel | None
    legal_basis: str | None
    version: int | None
    reason: Sentence


@strawberry.type(
    description="The age at which holders retire (BUP), and the rule that says so: for this post, for names that begin "
    "with `words`, or for the `level`. `isOwn` where the institution says it; else `version` is that of the national "
    "rules."
)
class PostRetirement(RetirementDecided):
    is_own: bool


@strawberry.type(description="The rule by which somebody retires.")
class RetirementRuleUsed(RetirementDecided):
    pass


@strawberry.type(
    description="From what day of birth a retirement was worked out, and when the age is reached; retirement is on the "
    "first day of the month after. `isNumberDifferent` where the NIP carries another day of birth than the record."
)
class HolderRetirement:
    born_on: datetime.date | None
    birth_date_source: words.BirthDateSource | None
    is_number_different: bool | None
    reaches_age_on: datetime.date | None


@strawberry.type(
    description="The level 1 to 5 that a post asks of each competency; `isDefault` where it is that of its level."
)
class PostStandard:
    is_default: bool
    integrity: int
    teamwork: int
    communication: int
    results_orientation: int
    public_service: int
    developing_self_and_others: int
    managing_change: int
    decision_making: int
    nation_binding: int


@strawberry.type(description="Who somebody is.")
class PostTalent:
    nip: str
    name: str


@strawberry.type(
    description="Somebody in a seat of a post. `talent` is null where their data may not be processed; `isAppointed` "
    "where it came by a vacancy, and not from Data ASN."
)
class PostHolder:
    talent: PostTalent | None
    since: datetime.date | None
    is_appointed: bool
    retires_on: datetime.date | None
    retirement_unknown: words.RetirementUnknown | None
    retirement: HolderRetirement | None


@strawberry.type(
    description="A post in a unit with its funded seats. `isDelivered` is false where the latest position map names it "
    "no longer; then none of its seats counts as vacant. `reservedSeats` were taken over by people of other "
    "institutions whom no Data ASN names there yet; they count as taken."
)
class Post:
    id: UUID
    revision: int
    name: str
    unit: PostUnit
    level: PositionLevel
    echelon: str | None
    job_class: int | None
    job_family: str | None
    government_affair: PostAffair
    is_critical: bool
    is_target: bool
    is_delivered: bool
    seats: int
    held: int
    reserved_seats: int
    vacant_seats: int
    clock: PostClock
    analysis: WorkloadAnalysis
    retirement: PostRetirement | None
    standard: PostStandard | None
    holders: list[PostHolder] | None
    withheld: list[str]


@strawberry.type
class PostEdge:
    cursor: str
    node: Post


@strawberry.type(description="A page of posts by name.")
class PostConnection:
    edges: list[PostEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="A government affair of UU 23/2014, or a function that supports or oversees them.")
class GovernmentAffair:
    code: str
    kind: affairs.AffairKind
    label: Sentence


@strawberry.type(description="The catalogue of government affairs.")
class GovernmentAffairs:
    affairs: list[GovernmentAffair]


@strawberry.type(
    description="What a unit works at. `saidOf` is the unit that it was said of: itself, or the nearest above; "
    "`revision` is 0 where nothing was said of the unit itself."
)
class UnitAffair:
    unit_id: str
    unit_name: str
    revision: int
    government_affair: str | None
    is_derived: bool | None
    said_of: str | None


@strawberry.type
class CountedSeats:
    seats: int
    reserved_seats: int
    vacant_seats: int
    retiring: int
    unknown_retirements: int


@strawberry.type(description="All seats of the institution.")
class ForecastTotal(CountedSeats):
    pass


@strawberry.type(description="The seats of a level of posts.")
class ForecastLevel(CountedSeats):
    level: PositionLevel


@strawberry.type(description="The seats of a unit in which one is vacant, or will be.")
class ForecastUnit(CountedSeats):
    unit: UnitName


@strawberry.type(description="The post that a retirement empties a seat of.")
class ForecastPost:
    id: UUID
    name: str
    level: PositionLevel


@strawberry.type(description="The version of the national rules of retirement that a forecast was made by.")
class RetirementRulesUsed:
    version: int
    effective_from: datetime.date
    legal_basis: str
    newer_version: int | None


@strawberry.type(description="A retirement, and the day from which the seat counts as foreseeably empty.")
class ForeseenRetirement:
    post: ForecastPost
    unit: UnitName
    talent: PostTalent | None
    reaches_age_on: datetime.date
    retires_on: datetime.date
    foreseeable_from: datetime.date
    birth_date_source: words.BirthDateSource | None
    rule: RetirementRuleUsed


@strawberry.type(
    description="Who reaches the age of retirement within `years` of the day of the map, and so empties which seat. "
    "`unknownRetirements` counts the holders of whom nobody can say it; they are in none of the other figures."
)
class PostForecast:
    as_of: datetime.date | None
    years: int
    until: datetime.date | None
    rules: RetirementRulesUsed | None
    total: ForecastTotal | None
    levels: list[ForecastLevel]
    units: list[ForecastUnit]
    retirements: list[ForeseenRetirement] | None
    withheld: list[str]


@strawberry.input(name="PostFilter", description="Which posts to list; what is not given does not restrict.")
class PostFilterInput:
    unit: str | None = strawberry.field(default=None, description="Id of a unit; the units below it are included.")
    level: PositionLevel | None = None
    vacant: bool | None = strawberry.field(default=None, description="Whether a funded seat is empty.")
    critical: bool | None = None
    target: bool | None = None
    affair: str | None = strawberry.field(default=None, description="Code of a government affair.")
    delivered: bool | None = strawberry.field(
        default=None, description="Whether the latest position map names the post."
    )
    stale_analysis: bool | None = strawberry.field(
        default=None, description="Whether the workload analysis counts no more, where that is known."
    )
    q: str | None = strawberry.field(default=None, description="Words of the name, as they stand in it.")


@strawberry.input(description="The level 1 to 5 that a post asks of each competency.")
class StandardLevelsInput:
    integrity: int
    teamwork: int
    communication: int
    results_orientation: int
    public_service: int
    developing_self_and_others: int
    managing_change: int
    decision_making: int
    nation_binding: int


@strawberry.input(
    description="What to change of a post; what is not given stays. Null is that of the level, rule or unit again."
)
class EditPostInput:
    is_critical: bool | None = strawberry.UNSET
    is_target: bool | None = strawberry.UNSET
    job_family: str | None = strawberry.UNSET
    government_affair: str | None = strawberry.UNSET
    standard: StandardLevelsInput | None = strawberry.UNSET
    retirement_age: int | None = strawberry.UNSET
    retirement_basis: str | None = strawberry.UNSET


@strawberry.input(description="What a unit works at: a code of `governmentAffairs`.")
class SetUnitAffairInput:
    government_affair: str


@strawberry.type
class PostQueries:
    @strawberry.field(description="Posts by name, at most 200 at a time.")
    def posts(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[PostFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> PostConnection | None:
        compiled()

    @strawberry.field(description="One post; null where the institution has no such post.")
    def post(self, post_id: UUID) -> Post | None:
        compiled()

    @strawberry.field(
        description="Who reaches the age of retirement in which post within 1, 3, 5 or 10 years of the day of the map."
    )
    def post_forecast(self, years: int = 1) -> PostForecast | None:
        compiled()

    @strawberry.field(description="The government affairs of UU 23/2014, and what supports and oversees them.")
    def government_affairs(self) -> GovernmentAffairs | None:
        compiled()

    @strawberry.field(description="What a unit works at; null where the institution has no such unit.")
    def unit_affair(self, unit_id: str) -> UnitAffair | None:
        compiled()


@strawberry.type
class PostChanges:
    @strawberry.field(description="Change what the institution says of a post.")
    def edit_post(self, post_id: UUID, revision: int, input: EditPostInput) -> Post | None:  # noqa: A002
        compiled()

    @strawberry.field(
        description="Say which government affair a unit works at; `revision` is 0 where nothing was said of it yet."
    )
    def set_unit_affair(self, unit_id: str, revision: int, input: SetUnitAffairInput) -> UnitAffair | None:  # noqa: A002
        compiled()


async def posts_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = PostFilter.model_validate(filter or {}, by_alias=True)
    return await posts.posts_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def post(asked: Asked, post_id: UUID) -> Document:
    return await posts.post_document(asked.db, asked.actor, post_id, asked.wanted)


async def post_forecast(asked: Asked, years: int = 1) -> Document:
    return await forecasts.post_forecast_document(asked.db, asked.actor, ForecastYears(years=years), asked.wanted)


async def government_affairs(asked: Asked) -> Document:
    return await posts.government_affairs_document(asked.db, asked.actor, asked.wanted)


async def unit_affair(asked: Asked, unit_id: str) -> Document:
    return await posts.unit_affair_document(asked.db, asked.actor, unit_id, asked.wanted)


async def edit_post(asked: Asked, post_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditPost.model_validate(input, by_alias=True)
    await posts.edit_post(asked.db, asked.actor, post_id, command, expected=exactly(revision))
    return await post(asked, post_id)


async def set_unit_affair(asked: Asked, unit_id: str, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = SetUnitAffair.model_validate(input, by_alias=True)
    await posts.set_unit_affair(asked.db, asked.actor, unit_id, command, expected=exactly(revision))
    return await unit_affair(asked, unit_id)


ROOTS: dict[str, RootFunction] = {
    "posts": posts_page,
    "post": post,
    "postForecast": post_forecast,
    "governmentAffairs": government_affairs,
    "unitAffair": unit_affair,
}
CHANGES: dict[str, RootFunction] = {"editPost": edit_post, "setUnitAffair": set_unit_affair}
