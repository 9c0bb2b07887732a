"""What documents about the ledger can contain."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, bindparam, cast

from app.db.documents import Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import INSTANT, INTEGER, NULLABLE_TEXT, TEXT
from app.db.tables.ledger import LedgerEntryRow

LEDGER_ENTRY = Shape(
    "LedgerEntry",
    LedgerEntryRow.__table__,
    {
        "id": Value(LedgerEntryRow.id, INTEGER),
        "recordedAt": Value(instant(LedgerEntryRow.recorded_at), INSTANT),
        "role": Value(LedgerEntryRow.role, TEXT),
        "subject": Value(LedgerEntryRow.subject, TEXT),
        "type": Value(LedgerEntryRow.type, TEXT),
        "payload": Value(LedgerEntryRow.payload, {"type": "object"}),
        "requestId": Value(LedgerEntryRow.request_id, NULLABLE_TEXT),
    },
    rooted=lambda actor: LedgerEntryRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "type": LedgerEntryRow.type == bindparam("type", type_=Text),
        "subject": LedgerEntryRow.subject == bindparam("subject", type_=Text),
    },
)
LEDGER = Pages("LedgerEntry", LEDGER_ENTRY, (LedgerEntryRow.id,), descending=True)
