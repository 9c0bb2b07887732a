"""GraphQL: rankings of a vacancy, made and made again as a check."""

from __future__ import annotations

import datetime
from uuid import UUID

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.rule_sets import Criterion, Requirement, RuleSetVersion
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import rankings as service


@strawberry.type(description="The post that everybody was put to, on the planned day of the inauguration.")
class RankingTarget:
    on: datetime.date
    level: str
    government_affair: str | None
    job_family: str | None
    standard: list[int]


@strawberry.type(description="Somebody else who would be first under so many of the weightings.")
class RankRival:
    candidate_id: UUID
    firsts: int


@strawberry.type(
    description="How firm the first place is: under `kept` of the `weightings` (each weight 20 % more or less) it "
    "stays as it is; below `threshold` percent of them the first are statistically tied."
)
class RankStability:
    is_tied: bool
    detail: Sentence
    weightings: int
    kept: int
    threshold: int
    rivals: list[RankRival]


@strawberry.type(
    description="What would be otherwise without the criteria of seniority, which weigh `weight` points together."
)
class SeniorityEffect:
    weight: float
    ranked: int
    moved: int
    changes_first: bool
    changes_shortlist: bool


@strawberry.type(
    description="How many do not meet a requirement (`removed`), how many of them meet all others or may (`alone`), "
    "and about how many a document has to decide. Null for who may not see what the requirement looks at."
)
class RequirementRemoval:
    requirement: str
    removed: int | None
    alone: int | None
    to_verify: int | None


@strawberry.type(
    description="A threshold, the nearest to the present one, with which, and with those before it, there would be so "
    "many candidates."
)
class NearestThreshold:
    requirement: str
    threshold: str
    candidates: int
    detail: Sentence


@strawberry.type(
    description="Without these requirements so many would be eligible, or could be once documents are seen. `nearest`: "
    "the thresholds that would do instead, each beside those before it; what is not among them would have to go."
)
class RankingRelaxation:
    requirements: list[str]
    eligible: int
    to_verify: int
    nearest: list[NearestThreshold]


@strawberry.type(
    description="What keeps people out, requirement by requirement, and the fewest requirements without which there "
    "would be as many candidates as are wanted for a shortlist; null where there are enough, or where no `mostRelaxed` "
    "of them suffice: every combination up to so many was looked at."
)
class RankingAutopsy:
    detail: Sentence | None = strawberry.field(
        description="That nobody is eligible yet and many are not ruled out; null where it is otherwise."
    )
    verify_first: str | None = strawberry.field(
        description="The requirement that is open for most people, where nobody is eligible before it is verified."
    )
    wanted: int
    most_relaxed: int | None
    removals: list[RequirementRemoval]
    relaxation: RankingRelaxation | None


@strawberry.type(description="Somebody about whom something is stored otherwise than it is found again.")
class RankingDifference:
    candidate_id: UUID
    what: list[str]


@strawberry.type(
    description="A ranking made again from its frozen facts: the same bytes (`isSame`), or about how many `people` "
    "something is different; `differences` tells of the first hundred."
)
class RankingRecomputation:
    id: UUID
    ranking_id: UUID
    made_at: datetime.datetime
    by: str
    role: str
    digest: str
    is_same: bool
    people: int
    differences: list[RankingDifference]


@strawberry.type(
    description="One run over everybody on the map; it never changes. `holders` of a seat of the same post are no "
    "candidates for another one of it. `seed` decides ties and is secret until the shortlist is proposed."
)
class Ranking:
    id: UUID
    vacancy_id: UUID
    made_at: datetime.datetime
    by: str
    role: str
    as_of: datetime.date
    rule_set: RuleSetVersion
    considered: int
    eligible: int
    to_verify: int
    ineligible: int
    holders: int
    is_masked: bool
    target: RankingTarget
    requirements: list[Requirement]
    criteria: list[Criterion]
    criteria_in_use: list[str]
    stability: RankStability | None
    seniority: SeniorityEffect
    autopsy: RankingAutopsy
    seed_commitment: str
    seed: str | None
    digest: str
    recomputation_count: int = strawberry.field(description="How often the ranking was made again.")
    recomputations: list[RankingRecomputation] = strawberry.field(description="The newest 20 of them.")
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class RankingEdge:
    cursor: str
    node: Ranking


@strawberry.type(description="A page of rankings, newest first.")
class RankingConnection:
    edges: list[RankingEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class RankingQueries:
    @strawberry.field(description="One ranking.")
    def ranking(self, ranking_id: UUID) -> Ranking | None:
        compiled()

    @strawberry.field(description="The rankings of a vacancy, newest first.")
    def rankings(
        self, vacancy_id: UUID, first: int | None = None, after: str | None = None
    ) -> RankingConnection | None:
        compiled()

    @strawberry.field(description="What came of making a ranking again.")
    def ranking_recomputation(self, recomputation_id: UUID) -> RankingRecomputation | None:
        compiled()


@strawberry.type
class RankingChanges:
    @strawberry.field(description="Consider everybody on the map for an open vacancy.")
    def rank_candidates(self, vacancy_id: UUID) -> Ranking | None:
        compiled()

    @strawberry.field(description="Make a ranking again from its frozen facts, and compare.")
    def recompute_ranking(self, ranking_id: UUID) -> RankingRecomputation | None:
        compiled()


async def ranking(asked: Asked, ranking_id: UUID) -> Document:
    return await service.ranking_document(asked.db, asked.actor, ranking_id, asked.wanted)


async def rankings_page(asked: Asked, vacancy_id: UUID, first: int | None = None, after: str | None = None) -> Document:
    return await service.rankings_page(asked.db, asked.actor, vacancy_id, first, after, asked.wanted)


async def ranking_recomputation(asked: Asked, recomputation_id: UUID) -> Document:
    return await service.recomputation_document(asked.db, asked.actor, recomputation_id, asked.wanted)


async def rank_candidates(asked: Asked, vacancy_id: UUID) -> Document:
    return await ranking(asked, await service.rank_candidates(asked.db, asked.actor, vacancy_id))


async def recompute_ranking(asked: Asked, ranking_id: UUID) -> Document:
    return await ranking_recomputation(asked, await service.recompute_ranking(asked.db, asked.actor, ranking_id))


ROOTS: dict[str, RootFunction] = {
    "ranking": ranking,
    "rankings": rankings_page,
    "rankingRecomputation": ranking_recomputation,
}
CHANGES: dict[str, RootFunction] = {"rankCandidates": rank_candidates, "recomputeRanking": recompute_ranking}
