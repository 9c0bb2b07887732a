"""GraphQL: rankings of the candidates of all institutions, kept with their answers."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.posts import StandardLevelsInput
from app.api.graphql.rule_sets import RuleSetVersion, RuleSetVersionInput
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.domain.requirements import Field, Outcome
from app.domain.rule_sets import CriterionKind
from app.services import national_rankings as service
from app.services.national_rankings import RankNationally


@strawberry.type(
    description="What a requirement finds; `needsVerification` where only documents, or the post itself, can say."
)
class NationalVerdict:
    requirement: str
    outcome: Outcome


@strawberry.type(
    description="What a criterion gives, in points. Null where they would say how old somebody is, or how long they "
    "have served."
)
class NationalPart:
    criterion: str
    points: float | None


@strawberry.type(
    description="What was asked for. `ruledOut`: how many people the record shows not to meet it, and to meet, or to "
    "leave open, everything before it; null where only documents, or the post itself, can say."
)
class NationalRequirement:
    requirement: str
    field: Field
    label: Sentence
    legal_basis: str
    ruled_out: int | None


@strawberry.type(description="What people were rated by, with its weight in points.")
class NationalCriterion:
    criterion: str
    kind: CriterionKind
    label: Sentence
    weight: float


@strawberry.type(
    description="Somebody of any institution, without a name; `candidateId` is of this search alone. Who `isListed` "
    "can be asked for by it: see `requestDisclosure`. `total` is the sum of the parts, null with one of them; both in "
    "whole points, rounded down. Of exactly equal "
    "ones the lesser `tieBreak` is first."
)
class NationalCandidate:
    position: int
    candidate_id: UUID
    is_listed: bool
    province_code: str | None
    level: PositionLevel | None
    box: int
    verdicts: list[NationalVerdict]
    parts: list[NationalPart]
    total: float | None
    tie_break: str


@strawberry.type(description="An earlier search of the own institution that asked the same.")
class NationalEarlier:
    id: UUID
    made_at: datetime.datetime


@strawberry.type(
    description="The first of everybody in a pool of any institution who meets the requirements. Everybody considered "
    "is counted once: `eligible` (of whom `unranked` have no total, because something that criteria rate is unknown), "
    "`toVerify`, ruled out by one of the `requirements`, `notOnRecord` (the level or the affair is nowhere in their "
    "service, all of which is on record) or `withGaps` (nor in theirs, but something of it is not on record). `seed`: "
    "who has it draws the same lots. `earlier`: whoever asked the same before drew others; the newest 20 of "
    "`earlierCount`."
)
class NationalRanking:
    id: UUID
    made_at: datetime.datetime
    by: str
    role: str
    grounds: str
    on: datetime.date
    level: PositionLevel
    government_affair: str | None
    standard: list[int]
    rule_set: RuleSetVersion
    boxes: list[int]
    provinces: list[str] | None
    first: int
    considered: int
    eligible: int
    unranked: int
    to_verify: int
    not_on_record: int
    with_gaps: int
    seed: str
    digest: str
    earlier_count: int
    earlier: list[NationalEarlier]
    requirements: list[NationalRequirement]
    criteria: list[NationalCriterion]
    candidates: list[NationalCandidate]


@strawberry.type
class NationalRankingEdge:
    cursor: str
    node: NationalRanking


@strawberry.type(description="A page of searches of the nation, newest first.")
class NationalRankingConnection:
    edges: list[NationalRankingEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(
    description="A search of the nation made again from the facts it kept: the same answer (`isSame`), or another one."
)
class NationalRecomputation:
    id: UUID
    search_id: UUID
    made_at: datetime.datetime
    by: str
    role: str
    digest: str
    is_same: bool


@strawberry.input(
    description="For which post to rank, and on what `grounds`, with the legal basis. What is not given is the default "
    "of the level; without a government affair, experience in it is left open; without provinces, all are searched."
)
class RankNationallyInput:
    grounds: str
    level: PositionLevel
    on: datetime.date
    government_affair: str | None = strawberry.UNSET
    standard: StandardLevelsInput | None = strawberry.UNSET
    rule_set: RuleSetVersionInput | None = strawberry.UNSET
    boxes: list[int] | None = strawberry.UNSET
    provinces: list[str] | None = strawberry.UNSET
    first: int | None = strawberry.UNSET


@strawberry.type
class NationalRankingQueries:
    @strawberry.field(description="One search of the nation, with its answer as it was given.")
    def national_ranking(self, search_id: UUID) -> NationalRanking | None:
        compiled()

    @strawberry.field(description="The searches of the nation that the own institution made, newest first.")
    def national_rankings(self, first: int | None = None, after: str | None = None) -> NationalRankingConnection | None:
        compiled()

    @strawberry.field(description="What came of making a search of the nation again.")
    def national_recomputation(self, recomputation_id: UUID) -> NationalRecomputation | None:
        compiled()


@strawberry.type
class NationalRankingChanges:
    @strawberry.field(
        description="Rank everybody in a pool of any institution, without names; kept with the `grounds`."
    )
    def rank_nationally(self, input: RankNationallyInput) -> NationalRanking | None:  # noqa: A002 - as everywhere
        compiled()

    @strawberry.field(description="Make a search of the nation again from the facts it kept, and compare.")
    def recompute_national_ranking(self, search_id: UUID) -> NationalRecomputation | None:
        compiled()


async def national_ranking(asked: Asked, search_id: UUID) -> Document:
    return await service.national_ranking_document(asked.db, asked.actor, search_id, asked.wanted)


async def national_rankings_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await service.national_rankings_page(asked.db, asked.actor, first, after, asked.wanted)


async def national_recomputation(asked: Asked, recomputation_id: UUID) -> Document:
    return await service.national_recomputation_document(asked.db, asked.actor, recomputation_id, asked.wanted)


async def rank_nationally(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002 - the argument's name in the schema
    command = RankNationally.model_validate(input, by_alias=True)
    return await national_ranking(asked, await service.rank_nationally(asked.db, asked.actor, command))


async def recompute_national_ranking(asked: Asked, search_id: UUID) -> Document:
    made = await service.recompute_national_ranking(asked.db, asked.actor, search_id)
    return await national_recomputation(asked, made)


ROOTS: dict[str, RootFunction] = {
    "nationalRanking": national_ranking,
    "nationalRankings": national_rankings_page,
    "nationalRecomputation": national_recomputation,
}
CHANGES: dict[str, RootFunction] = {
    "rankNationally": rank_nationally,
    "recomputeNationalRanking": recompute_national_ranking,
}
