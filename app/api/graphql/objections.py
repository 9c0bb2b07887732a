"""GraphQL: objections to one's own placement, and their answers."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.calibrations import TalentName
from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import objections
from app.domain.revisions import exactly
from app.services import objections as service
from app.services.objections import AnswerObjection, ObjectionFilter, RaiseObjection

strawberry.enum(
    objections.State, name="ObjectionState", graphql_name_from="value", description="What became of an objection."
)
strawberry.enum(objections.Outcome, graphql_name_from="value", description="What an answer says.")


@strawberry.type(description="The written answer to an objection.")
class Answer:
    text: str
    by: str
    role: str
    at: datetime.datetime


@strawberry.type(
    description="A talent objects to the own placement. Upheld, the talent is placed anew from the evidence on record."
)
class Objection:
    id: UUID
    revision: int
    cycle_id: UUID
    talent: TalentName
    text: str
    items: list[str]
    state: objections.State
    raised_at: datetime.datetime
    box_before: int | None
    box_after: int | None
    answer: Answer | None


@strawberry.type
class ObjectionEdge:
    cursor: str
    node: Objection


@strawberry.type(description="A page of objections, newest first.")
class ObjectionConnection:
    edges: list[ObjectionEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="ObjectionFilter", description="Which objections to list; what is not given does not restrict.")
class ObjectionFilterInput:
    state: objections.State | None = None


@strawberry.input(description="An objection; `items` are the items of completeness it is about.")
class RaiseObjectionInput:
    text: str
    items: list[str] | None = None


@strawberry.input(description="The outcome, and the answer in writing.")
class AnswerObjectionInput:
    outcome: objections.Outcome
    answer: str


@strawberry.type
class ObjectionQueries:
    @strawberry.field(description="One objection that one may see; null where there is none.")
    def objection(self, objection_id: UUID) -> Objection | None:
        compiled()

    @strawberry.field(description="The objections in a cycle, newest first; a talent sees the own ones.")
    def objections(
        self,
        cycle_id: UUID,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[ObjectionFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> ObjectionConnection | None:
        compiled()


@strawberry.type
class ObjectionChanges:
    @strawberry.field(description="Object to one's own placement, up to the deadline.")
    def raise_objection(self, cycle_id: UUID, input: RaiseObjectionInput) -> Objection | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Answer an objection in writing; upheld, the talent is placed anew.")
    def answer_objection(
        self,
        objection_id: UUID,
        revision: int,
        input: AnswerObjectionInput,  # noqa: A002
    ) -> Objection | None:
        compiled()


async def objection_document(asked: Asked, objection_id: UUID) -> Document:
    return await service.objection_document(asked.db, asked.actor, objection_id, asked.wanted)


async def objections_page(
    asked: Asked,
    cycle_id: UUID,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = ObjectionFilter.model_validate(filter or {}, by_alias=True)
    return await service.objections_page(asked.db, asked.actor, cycle_id, chosen, first, after, asked.wanted)


async def raise_objection(asked: Asked, cycle_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RaiseObjection.model_validate(input, by_alias=True)
    return await objection_document(asked, await service.raise_objection(asked.db, asked.actor, cycle_id, command))


async def answer_objection(
    asked: Asked,
    objection_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = AnswerObjection.model_validate(input, by_alias=True)
    await service.answer_objection(asked.db, asked.actor, objection_id, command, expected=exactly(revision))
    return await objection_document(asked, objection_id)


ROOTS: dict[str, RootFunction] = {"objection": objection_document, "objections": objections_page}
CHANGES: dict[str, RootFunction] = {"raiseObjection": raise_objection, "answerObjection": answer_objection}
