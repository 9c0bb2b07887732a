"""GraphQL: freezes, the days on which nobody is appointed without a permit."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain.revisions import exactly
from app.services import freeze_periods as service
from app.services.freeze_periods import AddFreezePeriod, EditFreezePeriod, FreezePeriodFilter


@strawberry.type(description="Days, both included, on which nobody is appointed without the Minister's permit.")
class FreezePeriod:
    id: UUID
    revision: int
    since: datetime.date
    until: datetime.date
    reason: str
    legal_basis: str


@strawberry.type
class FreezePeriodEdge:
    cursor: str
    node: FreezePeriod


@strawberry.type(description="A page of freezes, the latest first.")
class FreezePeriodConnection:
    edges: list[FreezePeriodEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="FreezePeriodFilter", description="Which freezes to list: those that a day lies in.")
class FreezePeriodFilterInput:
    on: datetime.date | None = None


@strawberry.input(description="A freeze and the rule that says so.")
class AddFreezePeriodInput:
    since: datetime.date
    until: datetime.date
    reason: str
    legal_basis: str


@strawberry.input(description="The freeze as it is to be.")
class EditFreezePeriodInput(AddFreezePeriodInput):
    pass


@strawberry.type
class FreezePeriodQueries:
    @strawberry.field(description="One freeze; null where the institution has no such freeze.")
    def freeze_period(self, freeze_period_id: UUID) -> FreezePeriod | None:
        compiled()

    @strawberry.field(description="The freezes of the institution, the latest first.")
    def freeze_periods(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[FreezePeriodFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> FreezePeriodConnection | None:
        compiled()


@strawberry.type
class FreezePeriodChanges:
    @strawberry.field(description="Put a freeze on record: it blocks decrees and inaugurations from now on.")
    def add_freeze_period(self, input: AddFreezePeriodInput) -> FreezePeriod | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Write down a freeze anew.")
    def edit_freeze_period(
        self,
        freeze_period_id: UUID,
        revision: int,
        input: EditFreezePeriodInput,  # noqa: A002
    ) -> FreezePeriod | None:
        compiled()

    @strawberry.field(description="Take a freeze off the record; answers with those that are left.")
    def remove_freeze_period(self, freeze_period_id: UUID, revision: int) -> FreezePeriodConnection | None:
        compiled()


async def freeze_period(asked: Asked, freeze_period_id: UUID) -> Document:
    return await service.freeze_period_document(asked.db, asked.actor, freeze_period_id, asked.wanted)


async def freeze_periods(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = FreezePeriodFilter.model_validate(filter or {}, by_alias=True)
    return await service.freeze_periods_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def add_freeze_period(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = AddFreezePeriod.model_validate(input, by_alias=True)
    return await freeze_period(asked, await service.add_freeze_period(asked.db, asked.actor, command))


async def edit_freeze_period(asked: Asked, freeze_period_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditFreezePeriod.model_validate(input, by_alias=True)
    await service.edit_freeze_period(asked.db, asked.actor, freeze_period_id, command, expected=exactly(revision))
    return await freeze_period(asked, freeze_period_id)


async def remove_freeze_period(asked: Asked, freeze_period_id: UUID, revision: int) -> Document:
    await service.remove_freeze_period(asked.db, asked.actor, freeze_period_id, expected=exactly(revision))
    return await freeze_periods(asked)


ROOTS: dict[str, RootFunction] = {"freezePeriod": freeze_period, "freezePeriods": freeze_periods}
CHANGES: dict[str, RootFunction] = {
    "addFreezePeriod": add_freeze_period,
    "editFreezePeriod": edit_freeze_period,
    "removeFreezePeriod": remove_freeze_period,
}
