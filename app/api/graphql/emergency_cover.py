"""GraphQL: who may act in a post."""

from __future__ import annotations

import datetime
from uuid import UUID

import strawberry

from app.api.graphql.calibrations import TalentName
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.db.documents import Document
from app.domain import dominoes as words
from app.domain.careers import PositionLevel
from app.domain.requirements import Outcome
from app.services import succession_plans as service

strawberry.enum(
    words.Substitute, graphql_name_from="value", description="`acting`: Plt, a seat is empty; `acting_daily`: Plh."
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
    reserved_seats: int


@strawberry.type(description="Why somebody may act; `sanction` is for who may see specific data.")
class CoverReasons:
    level: Sentence
    unit: Sentence
    retirement: Sentence
    sanction: Sentence | None


@strawberry.type(
    description="Somebody who may act in a post; `distance` counts the steps between the units. `outcome`: whether "
    "sanctions or retirement have to be looked at first."
)
class CoveringOfficial:
    talent_id: UUID
    talent: TalentName
    post_id: UUID
    post: str
    level: PositionLevel | None
    unit: str
    distance: int
    retires_on: datetime.date | None
    outcome: Outcome | None
    because: CoverReasons


@strawberry.type(description="Who may act tomorrow, nearest first, and how long somebody acts at most.")
class EmergencyCover:
    kind: words.Substitute
    acts_from: datetime.date
    acts_until: datetime.date
    people: list[CoveringOfficial]


@strawberry.type(description="Who may act in a post tomorrow, nearest first, and how long somebody acts at most.")
class EmergencyCoverOfPost:
    post: PlannedPost
    kind: words.Substitute
    acts_from: datetime.date
    acts_until: datetime.date
    people: list[CoveringOfficial]
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class EmergencyCoverQueries:
    @strawberry.field(description="Who may act in a post tomorrow; it needs no plan.")
    def emergency_cover(self, post_id: UUID) -> EmergencyCoverOfPost | None:
        compiled()


async def emergency_cover(asked: Asked, post_id: UUID) -> Document:
    return await service.emergency_cover_document(asked.db, asked.actor, post_id, asked.wanted)


ROOTS: dict[str, RootFunction] = {"emergencyCover": emergency_cover}
