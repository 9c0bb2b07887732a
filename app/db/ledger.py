"""record(): a change writes what happened, in its own transaction."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.failpoints import Failpoint, reached
from app.db.tables.ledger import LedgerEntryRow
from app.domain.actors import Actor
from app.domain.entries import INSTITUTION, entry_of
from app.domain.events import Event, event_type

_ADDED = insert(cast("Table", LedgerEntryRow.__table__))


async def record(tx: AsyncSession, actor: Actor, event: Event) -> None:
    """Add one entry to the ledger of the actor's institution. Without one, a transaction that changed rows fails."""
    entry = asdict(entry_of(event))
    if entry["about_type"] == INSTITUTION:
        entry["about_id"] = str(actor.institution_id)
    who = {
        "institution_id": actor.institution_id,
        "role": actor.role.value,
        "subject": actor.subject,
        "purpose": actor.purpose.value if actor.purpose else None,
        "request_id": actor.request_id,
    }
    await tx.execute(_ADDED, {**who, "type": event_type(event), **entry})
    reached(Failpoint.LEDGER_RECORDED)
