"""GraphQL: what an appointment would set off, and who is counted on in several plans."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.domain import dominoes as words
from app.domain.careers import PositionLevel
from app.domain.requirements import Outcome
from app.services import dominoes as chains
from app.services.dominoes import PreviewDominoes

strawberry.enum(words.Because, name="DominoBecause", graphql_name_from="value", description="Why somebody moves.")
strawberry.enum(
    words.Cover, name="DominoCover", graphql_name_from="value", description="How a seat is covered that stays empty."
)


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
    outcome: Outcome | None


@strawberry.type(description="Who will have left a post of the chain by the day, because they retire or by a decree.")
class DominoLeaving:
    post: DominoPost
    talent: DominoTalent | None


@strawberry.type(description="Who would have followed in a post but has moved already.")
class DominoPassedOver:
    post: DominoPost
    talent: DominoTalent | None


@strawberry.type(description="The chain that choices open; nothing is changed.")
class DominoPreview:
    on: datetime.date
    moves: list[DominoMove]
    leaving: list[DominoLeaving]
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


@strawberry.input(description="Somebody for a post.")
class ChooseSuccessorInput:
    post_id: UUID
    nip: str


@strawberry.input(description="Whom one thinks of appointing, and where.")
class PreviewDominoesInput:
    choices: list[ChooseSuccessorInput]
    on: datetime.date | None = strawberry.field(default=None, description="The day of the inaugurations.")


@strawberry.type
class DominoQueries:
    @strawberry.field(description="The chain that choices open; nothing is changed.")
    def preview_dominoes(self, input: PreviewDominoesInput) -> DominoPreview | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Who is named ready now in several plans.")
    def succession_overlaps(self) -> SuccessionOverlaps | None:
        compiled()


async def preview_dominoes(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = PreviewDominoes.model_validate(input, by_alias=True)
    return await chains.preview_dominoes(asked.db, asked.actor, command, asked.wanted)


async def succession_overlaps(asked: Asked) -> Document:
    return await chains.succession_overlaps_document(asked.db, asked.actor, asked.wanted)


ROOTS: dict[str, RootFunction] = {"previewDominoes": preview_dominoes, "successionOverlaps": succession_overlaps}
