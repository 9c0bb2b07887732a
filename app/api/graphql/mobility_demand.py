"""GraphQL: demand and supply over the nation."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.domain.mobility_demand import Group
from app.services import mobility_demand as service
from app.services.mobility_demand import DemandFilter

strawberry.enum(
    Group, name="MobilityDemandGrouping", graphql_name_from="value", description="By what demand and supply are told."
)


@strawberry.type(
    description="People who want in and out, seats that are empty or foreseeably so within the horizon, and the people "
    "who want in less these seats; null where it is withheld."
)
class MobilityDemandTotal:
    wanting_in: int | None
    wanting_out: int | None
    empty_seats: int
    foreseeable_seats: int | None
    net_pressure: int | None


@strawberry.type(
    description="The same of a level, an affair, a job family or a programme; null stands for what is unknown of seats "
    "or not said by people."
)
class MobilityDemandGroup(MobilityDemandTotal):
    code: str | None


@strawberry.type(description="The same of a province, in all and by group; null stands for institutions in none.")
class MobilityDemandProvince(MobilityDemandTotal):
    province_code: str | None
    groups: list[MobilityDemandGroup]


@strawberry.type(
    description="A kind of post that at least so many people ask for, in steps, while no seat of it is empty or on "
    "offer."
)
class UnmetPost:
    province_code: str | None
    position_level: PositionLevel | None
    government_affair: str
    at_least: int


@strawberry.type(
    description="Demand and supply over the nation; counts of people below `smallestTold`, and what would give them "
    "away, are null. Somebody counts once at each level or affair they name, and once among all."
)
class MobilityDemand:
    as_of: datetime.date
    horizon_months: int
    until: datetime.date
    grouped_by: Group
    smallest_told: int
    total: MobilityDemandTotal | None
    groups: list[MobilityDemandGroup]
    provinces: list[MobilityDemandProvince]
    unmet_posts: list[UnmetPost]


@strawberry.input(
    name="MobilityDemandFilter", description="By what demand is told, how far ahead, and of which province alone."
)
class MobilityDemandFilterInput:
    grouped_by: Group = Group.POSITION_LEVEL
    horizon_months: int = 12
    province: str | None = strawberry.field(default=None, description="Code of a province, such as 14.")


@strawberry.type
class MobilityDemandQueries:
    @strawberry.field(description="Who wants in and out over the nation, and which seats are or will be empty.")
    def mobility_demand(
        self, chosen: Annotated[MobilityDemandFilterInput | None, strawberry.argument(name="filter")] = None
    ) -> MobilityDemand | None:
        compiled()


async def mobility_demand(asked: Asked, filter: dict[str, Any] | None = None) -> Document:  # noqa: A002
    chosen = DemandFilter.model_validate(filter or {}, by_alias=True)
    return await service.mobility_demand_document(asked.db, asked.actor, chosen, asked.wanted)


ROOTS: dict[str, RootFunction] = {"mobilityDemand": mobility_demand}
