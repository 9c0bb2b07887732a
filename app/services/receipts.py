"""Receipts: who looked at somebody, when and why; for the person, and for those who supervise."""

from __future__ import annotations

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes.receipts import RECEIPTS
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.services.contract import is_storable, number_cursor, page_size
from app.services.scopes import own_scope


async def receipts_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """Who looked at one's own profile and placements, when and why; newest first."""
    actor.require(Permission.EXERCISE_RIGHTS)
    return await db.page_as(actor, RECEIPTS, wanted, page_size(first), number_cursor(after), **own_scope(actor))


async def talent_receipts_page(
    db: Database,
    actor: Actor,
    nip: str,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Who looked at a talent of the own institution, when and why; newest first."""
    actor.require(Permission.READ_RECEIPTS)
    if not is_storable(nip):
        raise NotFound("talent.not_found")
    return await db.page_as(actor, RECEIPTS, wanted, page_size(first), number_cursor(after), nip=nip)
