"""record(): a change writes what happened, in its own transaction."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables.ledger import LedgerEntryRow
from app.domain.actors import Actor
from app.domain.events import Event, event_type


async def record(tx: AsyncSession, actor: Actor, event: Event) -> None:
    """Add one entry to the ledger of the actor's institution. Without one, a transaction that changed rows fails."""
    payload = {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(event).items()}
    await tx.execute(
        insert(LedgerEntryRow).values(
            institution_id=actor.institution_id,
            role=actor.role.value,
            subject=actor.subject,
            type=event_type(event),
            payload=payload,
            request_id=actor.request_id,
        )
    )
