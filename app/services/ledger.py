"""The ledger: who changed what, for those who audit it."""

from __future__ import annotations

from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import ledger as shapes
from app.domain.actors import Actor, Permission
from app.domain.events import EVENT_TYPES
from app.services.contract import Command, StorableText, must_be_one_of, number_cursor, page_size


class LedgerFilter(Command):
    """Which entries to list; what is not given does not restrict."""

    type: str | None = Field(None, max_length=100, description="What happened, such as `filesImported`.")
    subject: StorableText | None = Field(None, max_length=200, description="Who did it, as the token names them.")
    about: StorableText | None = Field(None, max_length=200, description="Id of what it is about, such as a talent's.")


async def ledger_page(
    db: Database,
    actor: Actor,
    chosen: LedgerFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of the own institution's ledger, newest entries first."""
    actor.require(Permission.READ_LEDGER)
    conditions = (chosen or LedgerFilter()).model_dump(exclude_none=True)
    must_be_one_of(EVENT_TYPES, "type", conditions.get("type"))
    return await db.page_as(actor, shapes.LEDGER, wanted, page_size(first), number_cursor(after), **conditions)


async def ledger_head_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """Where the chain of all institutions ends, and what is not in it yet; for whoever keeps a copy of both."""
    actor.require(Permission.READ_INSTITUTIONS)
    return await db.document_as(actor, shapes.LEDGER_HEAD, wanted) or b"null"
