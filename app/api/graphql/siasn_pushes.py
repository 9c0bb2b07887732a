"""GraphQL: placements handed over to SIASN."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import siasn_pushes as words
from app.services import siasn_pushes
from app.services.siasn_pushes import ReceiptFilter, StartSiasnPush

strawberry.enum(
    words.State,
    name="SiasnPushState",
    graphql_name_from="value",
    description="How far a handing over is; one that failed is continued by another.",
)
strawberry.enum(
    words.Outcome,
    name="SiasnReceiptOutcome",
    graphql_name_from="value",
    description="What came of a placement. Of an `unknown` one the answer was lost: it may have arrived.",
)


@strawberry.type(description="The cycle whose placements are handed over.")
class SiasnPushCycle:
    id: UUID
    name: str


@strawberry.type(description="Why a handing over ended early.")
class SiasnPushError:
    code: str
    detail: Sentence


@strawberry.type(description="Placements of a confirmed cycle, handed over to SIASN; the counts are of people.")
class SiasnPush:
    id: UUID
    cycle: SiasnPushCycle | None
    state: words.State
    repeats_unknown: bool = strawberry.field(description="Whether what may have arrived before was sent again.")
    by: str
    queued_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    people: int
    waiting: int
    accepted: int
    refused: int
    unknown: int
    not_sent: int
    error: SiasnPushError | None


@strawberry.type
class SiasnPushEdge:
    cursor: str
    node: SiasnPush


@strawberry.type(description="A page of them, newest first.")
class SiasnPushConnection:
    edges: list[SiasnPushEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="What was handed over of one person, as it was sent, and what SIASN said to it.")
class SiasnReceipt:
    nip: str
    name: str
    outcome: words.Outcome
    code: str | None
    detail: Sentence | None
    box: int
    x: str | None = strawberry.field(description="Points of the axis that the institution calls X.")
    y: str | None
    total: str | None
    siasn_id: str | None = strawberry.field(description="SIASN's id of what it has taken.")
    message: str | None = strawberry.field(description="SIASN's words.")
    sent_at: datetime.datetime | None
    answered_at: datetime.datetime | None


@strawberry.type
class SiasnReceiptEdge:
    cursor: str
    node: SiasnReceipt


@strawberry.type(description="A page of receipts, by name.")
class SiasnReceiptConnection:
    edges: list[SiasnReceiptEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    description="Whom SIASN has accepted in the cycle is left out; `repeatUnknown` also sends what may have arrived."
)
class StartSiasnPushInput:
    cycle_id: UUID
    repeat_unknown: bool = False


@strawberry.type
class SiasnPushQueries:
    @strawberry.field(description="One handing over of placements to SIASN.")
    def siasn_push(self, push_id: UUID) -> SiasnPush | None:
        compiled()

    @strawberry.field(description="Placements handed over to SIASN, newest first.")
    def siasn_pushes(self, first: int | None = None, after: str | None = None) -> SiasnPushConnection | None:
        compiled()

    @strawberry.field(description="The receipts of one handing over, by name.")
    def siasn_receipts(
        self,
        push_id: UUID,
        outcome: words.Outcome | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> SiasnReceiptConnection | None:
        compiled()


@strawberry.type
class SiasnPushChanges:
    @strawberry.field(description="Hand the placements of a confirmed cycle over to SIASN.")
    def start_siasn_push(self, input: StartSiasnPushInput) -> SiasnPush | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Stop handing over; who was sent by then stays sent.")
    def cancel_siasn_push(self, push_id: UUID) -> SiasnPush | None:
        compiled()


async def siasn_push(asked: Asked, push_id: UUID) -> Document:
    return await siasn_pushes.siasn_push_document(asked.db, asked.actor, push_id, asked.wanted)


async def siasn_pushes_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await siasn_pushes.siasn_pushes_page(asked.db, asked.actor, first, after, asked.wanted)


async def siasn_receipts(
    asked: Asked,
    push_id: UUID,
    outcome: words.Outcome | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Document:
    chosen = ReceiptFilter(outcome=outcome)
    return await siasn_pushes.siasn_receipts_page(asked.db, asked.actor, push_id, chosen, first, after, asked.wanted)


async def start_siasn_push(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    push_id = await siasn_pushes.start_siasn_push(
        asked.db, asked.actor, StartSiasnPush.model_validate(input, by_alias=True)
    )
    return await siasn_push(asked, push_id)


async def cancel_siasn_push(asked: Asked, push_id: UUID) -> Document:
    await siasn_pushes.cancel_siasn_push(asked.db, asked.actor, push_id)
    return await siasn_push(asked, push_id)


ROOTS: dict[str, RootFunction] = {
    "siasnPush": siasn_push,
    "siasnPushes": siasn_pushes_page,
    "siasnReceipts": siasn_receipts,
}
CHANGES: dict[str, RootFunction] = {
    "startSiasnPush": start_siasn_push,
    "cancelSiasnPush": cancel_siasn_push,
}
