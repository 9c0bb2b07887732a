"""GraphQL: priority programmes, version by version."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain.programmes import NotInForce
from app.services import programmes as service
from app.services.programmes import PriorityProgrammeFilter, PublishPriorityProgramme

strawberry.enum(NotInForce, graphql_name_from="value", description="Why a version does not hold on the present day.")


@strawberry.type(
    description="One version of a priority programme: whoever works in its affairs is favoured by `weight` per cent of "
    "what the criterion gives at most."
)
class PriorityProgramme:
    code: str
    version: int
    name: str
    government_affairs: list[str]
    weight: int
    province_code: str | None
    since: datetime.date
    until: datetime.date
    legal_basis: str
    created_at: datetime.datetime
    is_in_force: bool
    not_in_force: NotInForce | None = strawberry.field(description="Why it does not hold today.")
    reason: Sentence | None = strawberry.field(description="The same in words.")


@strawberry.type
class PriorityProgrammeEdge:
    cursor: str
    node: PriorityProgramme


@strawberry.type(description="A page of versions by code, the older first.")
class PriorityProgrammeConnection:
    edges: list[PriorityProgrammeEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    name="PriorityProgrammeFilter", description="Which versions to list; what is not given does not restrict."
)
class PriorityProgrammeFilterInput:
    code: str | None = None
    in_force: bool | None = None


@strawberry.input(description="A new programme, or the next version of the one with the code.")
class PublishPriorityProgrammeInput:
    code: str
    name: str
    government_affairs: list[str]
    weight: int
    province_code: str | None = None
    since: datetime.date
    until: datetime.date
    legal_basis: str


@strawberry.type
class PriorityProgrammeQueries:
    @strawberry.field(description="One version of a programme; null where the institution has no such version.")
    def priority_programme(self, code: str, version: int) -> PriorityProgramme | None:
        compiled()

    @strawberry.field(description="Every version of the institution's priority programmes, by code.")
    def priority_programmes(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[PriorityProgrammeFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> PriorityProgrammeConnection | None:
        compiled()


@strawberry.type
class PriorityProgrammeChanges:
    @strawberry.field(description="Publish a programme, or the next version of one; a version is never edited.")
    def publish_priority_programme(
        self,
        input: PublishPriorityProgrammeInput,  # noqa: A002
    ) -> PriorityProgramme | None:
        compiled()


async def priority_programme(asked: Asked, code: str, version: int) -> Document:
    return await service.priority_programme_document(asked.db, asked.actor, code, version, asked.wanted)


async def priority_programmes(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = PriorityProgrammeFilter.model_validate(filter or {}, by_alias=True)
    return await service.priority_programmes_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def publish_priority_programme(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = PublishPriorityProgramme.model_validate(input, by_alias=True)
    return await priority_programme(asked, *await service.publish_priority_programme(asked.db, asked.actor, command))


ROOTS: dict[str, RootFunction] = {
    "priorityProgramme": priority_programme,
    "priorityProgrammes": priority_programmes,
}
CHANGES: dict[str, RootFunction] = {"publishPriorityProgramme": publish_priority_programme}
