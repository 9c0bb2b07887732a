"""GraphQL: rankings of the candidates of all institutions."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.posts import StandardLevelsInput
from app.api.graphql.rule_sets import RuleSetVersion, RuleSetVersionInput
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.domain.requirements import Field, Outcome
from app.domain.rule_sets import CriterionKind
from app.services import national_rankings
from app.services.national_rankings import RankNationally


@strawberry.type(
    description="What a requirement finds; `needsVerification` where only documents, or the post itself, can say."
)
class NationalVerdict:
    requirement: str
    field: Field
    label: Sentence
    legal_basis: str
    outcome: Outcome


@strawberry.type(description="What a criterion gives, of its weight; in points.")
class NationalPart:
    criterion: str
    kind: CriterionKind
    label: Sentence
    weight: float
    points: float


@strawberry.type(
    description="Somebody of any institution, without a name. `cardId`: the card by which to ask for a disclosure; "
    "null without the consent to be listed. `total` is the sum of the parts; of equal ones the lesser `tieBreak` "
    "is first."
)
class NationalCandidate:
    position: int
    candidate_id: UUID
    card_id: UUID | None
    province_code: str | None
    level: PositionLevel | None
    box: int
    verdicts: list[NationalVerdict]
    parts: list[NationalPart]
    total: float
    tie_break: str


@strawberry.type(
    description="The first of everybody in a pool of any institution who meets the requirements. `unranked` of the "
    "`eligible` have no total, because something that criteria rate is unknown. `seed`: who has it draws the same lots."
)
class NationalRanking:
    search_id: UUID
    grounds: str
    on: datetime.date
    level: PositionLevel
    government_affair: str | None
    standard: list[int]
    rule_set: RuleSetVersion
    boxes: list[int]
    provinces: list[str] | None
    eligible: int
    unranked: int
    seed: str
    digest: str
    candidates: list[NationalCandidate]


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
class NationalRankingChanges:
    @strawberry.field(
        description="Rank everybody in a pool of any institution, without names; recorded with the `grounds`."
    )
    def rank_nationally(self, input: RankNationallyInput) -> NationalRanking | None:  # noqa: A002 - as everywhere
        compiled()


async def rank_nationally(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002 - the argument's name in the schema
    command = RankNationally.model_validate(input, by_alias=True)
    return await national_rankings.rank_nationally(asked.db, asked.actor, command, asked.wanted)


CHANGES: dict[str, RootFunction] = {"rankNationally": rank_nationally}
