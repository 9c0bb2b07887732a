"""GraphQL: anonymous cards, and counts over the nation."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.services import cards as service
from app.services.cards import CardFilter


@strawberry.type(
    description="What somebody who is listed for mobility wishes for: anywhere or in these provinces, at these levels, "
    "in these government affairs (none: any), within a number of months, in bands that begin at 0, 6, 12, 24 and 36."
)
class TalentCardWish:
    is_anywhere: bool
    province_codes: list[str]
    position_levels: list[str]
    government_affairs: list[str]
    moves: list[str]
    horizon_months_from: int


@strawberry.type(
    description="Somebody of another institution who consents to be listed: codes and bands, no name. A band begins at "
    "its number: years of service in fives, points in tens. `positionType`: 1 structural, 2 functional, 4 executor."
)
class TalentCard:
    id: UUID
    province_code: str | None
    position_level: PositionLevel | None
    position_type: str | None
    education_level: str | None
    service_years_from: int | None
    box: int | None
    performance_from: int | None
    potential_from: int | None
    talent_value_from: int | None
    mobility_wish: TalentCardWish | None


@strawberry.type
class TalentCardEdge:
    cursor: str
    node: TalentCard


@strawberry.type(description="A page of cards, in an order that tells nothing.")
class TalentCardConnection:
    edges: list[TalentCardEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="How many people stand in a box (null: not assessed); null where the count is withheld.")
class TalentCardBoxCount:
    box: int | None
    people: int | None


@strawberry.type(
    description="The boxes of a province and a level; null stands for those whose province or level is unknown."
)
class TalentCardCount:
    province_code: str | None
    position_level: PositionLevel | None
    boxes: list[TalentCardBoxCount]


@strawberry.type(
    description="Counts over the nation; those below `smallestTold`, and what would give them away, are null."
)
class TalentCardCounts:
    total: int | None
    smallest_told: int
    rows: list[TalentCardCount]


@strawberry.input(name="TalentCardFilter", description="Which cards to list; what is not given does not restrict.")
class TalentCardFilterInput:
    position_level: PositionLevel | None = None
    box: int | None = None
    province: str | None = strawberry.field(default=None, description="Code of a province, such as 14.")
    wished_province: str | None = strawberry.field(default=None, description="Code of a province wished for.")
    wished_level: PositionLevel | None = strawberry.field(default=None, description="Level of a post wished for.")
    wished_affair: str | None = strawberry.field(default=None, description="Code of a government affair wished for.")


@strawberry.type
class CardQueries:
    @strawberry.field(description="Cards of other institutions' talents who consent to be listed for mobility.")
    def talent_cards(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[TalentCardFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> TalentCardConnection | None:
        compiled()

    @strawberry.field(description="How many people there are by province, level and box, over the nation.")
    def talent_card_counts(self) -> TalentCardCounts | None:
        compiled()


async def talent_cards_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = CardFilter.model_validate(filter or {}, by_alias=True)
    return await service.talent_cards_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def talent_card_counts(asked: Asked) -> Document:
    return await service.talent_card_counts_document(asked.db, asked.actor, asked.wanted)


ROOTS: dict[str, RootFunction] = {"talentCards": talent_cards_page, "talentCardCounts": talent_card_counts}
