"""GraphQL: requests of data subjects, and their answers."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql.calibrations import TalentName
from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import data_requests
from app.services import data_requests as service
from app.services.data_requests import AnswerDataRequest, DataRequestFilter, LiftRestriction, RaiseDataRequest

strawberry.enum(
    data_requests.State, name="DataRequestState", graphql_name_from="value", description="What became of a request."
)
strawberry.enum(
    data_requests.Outcome,
    name="DataRequestOutcome",
    graphql_name_from="value",
    description="What the answer to a request says.",
)


@strawberry.type(description="The answer to a request: what, why, where it is on file, and by whom.")
class DataRequestAnswer:
    outcome: data_requests.Outcome
    comment: str
    reference: str | None
    by: str
    role: str
    at: datetime.datetime


@strawberry.type(description="Who ended a restriction, and why.")
class Lifting:
    comment: str
    by: str
    role: str
    at: datetime.datetime


@strawberry.type(
    description="What somebody asks for as a data subject (UU 27/2022). `kind`: access, correction, "
    "automated-processing or restriction."
)
class DataRequest:
    id: UUID
    talent: TalentName
    kind: str
    statement: str
    about: str | None
    should_say: str | None
    state: data_requests.State
    is_in_effect: bool
    raised_at: datetime.datetime
    due_at: datetime.datetime
    is_overdue: bool
    answer: DataRequestAnswer | None
    withdrawn_at: datetime.datetime | None
    lifting: Lifting | None


@strawberry.type
class DataRequestEdge:
    cursor: str
    node: DataRequest


@strawberry.type(description="A page of requests, those that are due first at the top.")
class DataRequestConnection:
    edges: list[DataRequestEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="DataRequestFilter", description="Which requests to list; what is not given does not restrict.")
class DataRequestFilterInput:
    kind: str | None = None
    state: data_requests.State | None = None
    overdue: bool | None = None


@strawberry.input(
    description="A request. Of a correction: what it is about (a pointer into the access export, or an item of "
    "completeness) and what should be there."
)
class RaiseDataRequestInput:
    kind: str
    statement: str
    about: str | None = None
    should_say: str | None = None


@strawberry.input(description="An answer; `reference` is the letter or file in which it was given.")
class AnswerDataRequestInput:
    outcome: data_requests.Outcome
    comment: str
    reference: str | None = None


@strawberry.input(description="Why somebody may be processed again.")
class LiftRestrictionInput:
    comment: str


@strawberry.type
class DataRequestQueries:
    @strawberry.field(description="One request that one may see; null where there is none.")
    def data_request(self, request_id: UUID) -> DataRequest | None:
        compiled()

    @strawberry.field(description="Requests, those that are due first at the top; a talent sees the own ones.")
    def data_requests(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[DataRequestFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> DataRequestConnection | None:
        compiled()


@strawberry.type
class DataRequestChanges:
    @strawberry.field(description="Ask for something as a data subject.")
    def raise_data_request(self, input: RaiseDataRequestInput) -> DataRequest | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Answer a request, once.")
    def answer_data_request(self, request_id: UUID, input: AnswerDataRequestInput) -> DataRequest | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Take back one's own request.")
    def withdraw_data_request(self, request_id: UUID) -> DataRequest | None:
        compiled()

    @strawberry.field(description="End a restriction: its subject is placed again.")
    def lift_restriction(self, request_id: UUID, input: LiftRestrictionInput) -> DataRequest | None:  # noqa: A002
        compiled()


async def data_request_document(asked: Asked, request_id: UUID) -> Document:
    return await service.data_request_document(asked.db, asked.actor, request_id, asked.wanted)


async def data_requests_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = DataRequestFilter.model_validate(filter or {}, by_alias=True)
    return await service.data_requests_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def raise_data_request(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RaiseDataRequest.model_validate(input, by_alias=True)
    return await data_request_document(asked, await service.raise_data_request(asked.db, asked.actor, command))


async def answer_data_request(asked: Asked, request_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = AnswerDataRequest.model_validate(input, by_alias=True)
    await service.answer_data_request(asked.db, asked.actor, request_id, command)
    return await data_request_document(asked, request_id)


async def withdraw_data_request(asked: Asked, request_id: UUID) -> Document:
    await service.withdraw_data_request(asked.db, asked.actor, request_id)
    return await data_request_document(asked, request_id)


async def lift_restriction(asked: Asked, request_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = LiftRestriction.model_validate(input, by_alias=True)
    await service.lift_restriction(asked.db, asked.actor, request_id, command)
    return await data_request_document(asked, request_id)


ROOTS: dict[str, RootFunction] = {"dataRequest": data_request_document, "dataRequests": data_requests_page}
CHANGES: dict[str, RootFunction] = {
    "raiseDataRequest": raise_data_request,
    "answerDataRequest": answer_data_request,
    "withdrawDataRequest": withdraw_data_request,
    "liftRestriction": lift_restriction,
}
