"""GraphQL: view receipts."""

from __future__ import annotations

import datetime

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import receipts as service


@strawberry.type(
    description="Somebody looked at a talent: as what, of which institution, when, and for which purpose. `by` names "
    "colleagues of the talent's institution; `document` is what was looked at."
)
class ViewReceipt:
    id: int
    seen_at: datetime.datetime
    role: str
    institution: str
    by: str | None
    purpose: str
    document: str


@strawberry.type
class ViewReceiptEdge:
    cursor: str
    node: ViewReceipt


@strawberry.type(description="A page of view receipts, newest first.")
class ViewReceiptConnection:
    edges: list[ViewReceiptEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class ReceiptQueries:
    @strawberry.field(description="Who looked at one's own profile and placements; newest first.")
    def receipts(self, first: int | None = None, after: str | None = None) -> ViewReceiptConnection | None:
        compiled()

    @strawberry.field(description="Who looked at a talent of the own institution; newest first.")
    def talent_receipts(
        self, nip: str, first: int | None = None, after: str | None = None
    ) -> ViewReceiptConnection | None:
        compiled()


async def receipts_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await service.receipts_page(asked.db, asked.actor, first, after, asked.wanted)


async def talent_receipts_page(asked: Asked, nip: str, first: int | None = None, after: str | None = None) -> Document:
    return await service.talent_receipts_page(asked.db, asked.actor, nip, first, after, asked.wanted)


ROOTS: dict[str, RootFunction] = {"receipts": receipts_page, "talentReceipts": talent_receipts_page}
