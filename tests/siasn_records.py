"""What SIASN said of somebody, kept as a sync keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from app.db.database import Database
from app.db.ledger import record
from app.db.siasn_taken import keep_records
from app.domain.actors import Actor
from app.domain.evidence import Kind
from app.domain.siasn_events import SiasnPeopleTaken
from app.siasn import wire
from tests.factories import rows_of
from tests.unit.siasn.samples import SAMPLES

ROW_ID = "11111111-2222-3333-4444-555555555555"
Became = tuple[Kind, UUID] | None
"""The row of evidence that a row became, if any."""


async def siasn_told(
    db: Database, actor: Actor, nip: str, rows: Iterable[tuple[str, str, Mapping[str, object], Became]]
) -> None:
    """Rows of SIASN: history, id, what it says, and what it became."""
    [(talent,)] = await rows_of(db, actor, "SELECT id FROM talent WHERE nip = $1", nip)
    kept = []
    for history, row_id, body, became in rows:
        text = json.dumps({key: value for key, value in body.items() if key in wire.STORED[history]})
        kept.append((talent, history, row_id, text, sha256(text.encode()).hexdigest(), *(became or (None, None))))
    async with db.write_as(actor) as tx:
        await keep_records(tx, actor.institution_id, kept, datetime.now(UTC))
        await record(tx, actor, SiasnPeopleTaken(UUID(int=0), 1, 1, 0, "0" * 64))


async def siasn_told_everything(db: Database, actor: Actor, nip: str) -> None:
    """A row of every history, none of which became evidence."""
    await siasn_told(db, actor, nip, [(name, ROW_ID, body, None) for name, body in SAMPLES.items()])
