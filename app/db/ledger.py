"""record(): a change writes what happened, in its own transaction."""

from __future__ import annotations

import json

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.failpoints import Failpoint, reached
from app.domain.actors import Actor
from app.domain.entries import INSTITUTION, Values, entry_of
from app.domain.events import Event, event_type

ADD = """
    INSERT INTO ledger_entry
        (institution_id, role, subject, purpose, request_id, type, about_type, about_id, payload, before, after)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""


async def record(tx: AsyncSession, actor: Actor, event: Event) -> None:
    """Add one entry to the ledger of the actor's institution. Without one, a transaction that changed rows fails."""
    if tx.new or tx.dirty or tx.deleted:
        await tx.flush()  # so that what cannot be done is refused before it is told
    entry = entry_of(event)
    await fetch_rows(
        tx,
        ADD,
        actor.institution_id,
        actor.role.value,
        actor.subject,
        actor.purpose.value if actor.purpose else None,
        actor.request_id,
        event_type(event),
        entry.about_type,
        str(actor.institution_id) if entry.about_type == INSTITUTION else entry.about_id,
        json.dumps(entry.payload),
        _json(entry.before),
        _json(entry.after),
    )
    reached(Failpoint.LEDGER_RECORDED)


def _json(values: Values | None) -> str | None:
    return None if values is None else json.dumps(values)
