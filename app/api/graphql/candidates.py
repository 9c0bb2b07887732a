"""GraphQL: those in a ranking with where they stand and why, for committees and for the person concerned."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.rule_sets import Criterion, Requirement
from app.api.graphql.talents import PageInfo
from app.api.graphql.vacancies import VacancyState
from app.api.graphql.vacancy_outcomes import VacancyOutcome
from app.db.documents import Document
from app.domain import careers, replays, requirements
from app.services import candidates as service
from app.services.candidates import RankedCandidateFilter, TalentRankingFilter

strawberry.enum(
    replays.Standing, graphql_name_from="value", description="What the requirements together make of somebody."
)
strawberry.enum(
    careers.CareerMove,
    graphql_name_from="value",
    description="What it is to come from the post held into another: up, to an equal level, or down.",
)


@strawberry.type(description="Who a candidate is.")
class CandidateTalent:
    nip: str
    name: str
    title_before: str | None
    title_after: str | None
    position: str | None
    unit_id: str | None


@strawberry.type
class Stands:
    outcome: replays.Standing
    position: int | None = strawberry.field(description="From 1, among eligible people whose total is known.")
    total: float | None = strawberry.field(
        description="Points; null while a part of it is unknown. Whole points as long as the vacancy is masked."
    )
    lowest: float | None
    highest: float | None = strawberry.field(description="What the total can be once what is unknown is known.")
    lacking: list[str] = strawberry.field(
        description="Codes of requirements not met or to be verified, without those that the reader may not know "
        "about: then `withheld` names this field."
    )
    movement: careers.CareerMove | None = strawberry.field(
        description="By the level of the post held as the ranking found it; null where it is unknown or cannot be "
        "compared, and as long as the vacancy is masked."
    )
    needs_human_review: bool = strawberry.field(
        description="The talent objects to automated processing: a human decides, and is recorded with the decision."
    )


@strawberry.type(
    description="Where somebody stands in a ranking. `talent` is null while the vacancy is masked, but for who "
    "verifies documents. Equal totals are decided by the lesser `tieBreak`."
)
class RankedCandidate(Stands):
    candidate_id: UUID
    tie_break: str | None
    talent: CandidateTalent | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type(
    description="The fact that a requirement found, what would have to be known to decide, and from which day it is "
    "met if nothing but time goes on. The fact and the day are kept as long as the vacancy is masked."
)
class VerdictExplanation:
    found: Sentence | None
    missing: list[Sentence]
    met_on: datetime.date | None
    is_verified: bool


@strawberry.type(description="What one requirement found.")
class Verdict:
    requirement: Requirement
    outcome: requirements.Outcome | None
    explanation: VerdictExplanation | None


@strawberry.type(
    description="Why a criterion gave so many points: `found` out of `whole`, which earns all of its weight. What was "
    "found is kept as long as the vacancy is masked."
)
class PartExplanation:
    because: Sentence | None
    found: int | None
    whole: int
    lowest: float
    highest: float


@strawberry.type(
    description="What one criterion gave; the points of all parts add up to the total exactly. Whole points, rounded "
    "down, as long as the vacancy is masked."
)
class RankingPart:
    criterion: Criterion
    points: float | None
    explanation: PartExplanation | None


@strawberry.type(
    description="Something that would have to change; `about` is the field of a requirement or the kind of a criterion."
)
class CounterfactualItem:
    about: str
    detail: Sentence


@strawberry.type(
    description="What would reach a goal: nothing (`isReached`), the `items` together, as few as will do, or nothing "
    "one can do; then `blocked` names the requirements in the way, none where only points are lacking. `total`: what "
    "somebody would have with the items."
)
class CounterfactualWay:
    is_reached: bool
    items: list[CounterfactualItem]
    blocked: list[str]
    total: float | None


@strawberry.type(description="What would make somebody eligible, and what would make them the first.")
class Counterfactual:
    eligible: CounterfactualWay | None
    first: CounterfactualWay | None


@strawberry.type(description="Why somebody stands where they stand in a ranking.")
class CandidateExplanation(RankedCandidate):
    ranking_id: UUID
    vacancy_id: UUID
    made_at: datetime.datetime
    as_of: datetime.date
    movement_detail: Sentence | None
    verdicts: list[Verdict]
    parts: list[RankingPart]
    counterfactual: Counterfactual
    digest: str | None


@strawberry.type(
    description="Where a talent stood in a ranking of a vacancy, and what became of it, once the outcome is public."
)
class TalentRanking(Stands):
    ranking_id: UUID
    vacancy_id: UUID
    state: VacancyState
    post: str
    unit: str
    made_at: datetime.datetime
    as_of: datetime.date
    considered: int
    eligible: int
    vacancy_outcome: VacancyOutcome | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class RankedCandidateEdge:
    cursor: str
    node: RankedCandidate


@strawberry.type(description="Those in a ranking: by position, then eligible without one, to be verified, ineligible.")
class RankedCandidateConnection:
    edges: list[RankedCandidateEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class TalentRankingEdge:
    cursor: str
    node: TalentRanking


@strawberry.type(description="The rankings that a talent was considered in, newest first.")
class TalentRankingConnection:
    edges: list[TalentRankingEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    name="RankedCandidateFilter",
    description="Which of those in a ranking to list; what is not given does not restrict.",
)
class RankedCandidateFilterInput:
    outcome: replays.Standing | None = None
    requirement: str | None = None


@strawberry.input(
    name="TalentRankingFilter", description="Which rankings to list; what is not given does not restrict."
)
class TalentRankingFilterInput:
    outcome: replays.Standing | None = None


@strawberry.type
class CandidateQueries:
    @strawberry.field(description="Those in a ranking, in order.")
    def ranked_candidates(
        self,
        ranking_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[RankedCandidateFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> RankedCandidateConnection | None:
        compiled()

    @strawberry.field(description="Why somebody stands where they stand in a ranking.")
    def candidate_explanation(self, ranking_id: UUID, candidate_id: UUID) -> CandidateExplanation | None:
        compiled()

    @strawberry.field(description="The rankings that a talent was considered in, of vacancies whose outcome is public.")
    def talent_rankings(
        self,
        nip: str,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[TalentRankingFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> TalentRankingConnection | None:
        compiled()

    @strawberry.field(description="Why a talent stands where they do in a ranking, once the outcome is public.")
    def talent_ranking(self, nip: str, ranking_id: UUID) -> CandidateExplanation | None:
        compiled()


async def ranked_candidates_page(
    asked: Asked,
    ranking_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = RankedCandidateFilter.model_validate(filter or {}, by_alias=True)
    return await service.ranked_candidates_page(asked.db, asked.actor, ranking_id, chosen, first, after, asked.wanted)


async def candidate_explanation(asked: Asked, ranking_id: UUID, candidate_id: UUID) -> Document:
    return await service.candidate_explanation_document(asked.db, asked.actor, ranking_id, candidate_id, asked.wanted)


async def talent_rankings_page(
    asked: Asked,
    nip: str,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = TalentRankingFilter.model_validate(filter or {}, by_alias=True)
    return await service.talent_rankings_page(asked.db, asked.actor, nip, chosen, first, after, asked.wanted)


async def talent_ranking(asked: Asked, nip: str, ranking_id: UUID) -> Document:
    return await service.talent_ranking_document(asked.db, asked.actor, nip, ranking_id, asked.wanted)


ROOTS: dict[str, RootFunction] = {
    "rankedCandidates": ranked_candidates_page,
    "candidateExplanation": candidate_explanation,
    "talentRankings": talent_rankings_page,
    "talentRanking": talent_ranking,
}
