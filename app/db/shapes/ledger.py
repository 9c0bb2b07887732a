"""What documents about the ledger and its chain can contain."""

from __future__ import annotations

from sqlalchemy import BigInteger, DateTime, Double, Text, Uuid, and_, bindparam, cast, column, func, select, true

from app.db.documents import Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import (
    INSTANT,
    INTEGER,
    NULLABLE_INSTANT,
    NULLABLE_NUMBER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.tables.ledger import LedgerEntryRow, LedgerLinkRow

VALUES = {"type": ["object", "null"]}
_link = LedgerLinkRow.__table__

LEDGER_ENTRY = Shape(
    "LedgerEntry",
    LedgerEntryRow.__table__,
    {
        "id": Value(LedgerEntryRow.id, INTEGER),
        "recordedAt": Value(instant(LedgerEntryRow.recorded_at), INSTANT),
        "role": Value(LedgerEntryRow.role, TEXT),
        "subject": Value(LedgerEntryRow.subject, TEXT),
        "purpose": Value(LedgerEntryRow.purpose, NULLABLE_TEXT),
        "type": Value(LedgerEntryRow.type, TEXT),
        "aboutType": Value(LedgerEntryRow.about_type, NULLABLE_TEXT),
        "aboutId": Value(LedgerEntryRow.about_id, NULLABLE_TEXT),
        "before": Value(LedgerEntryRow.before, VALUES),
        "after": Value(LedgerEntryRow.after, VALUES),
        "payload": Value(LedgerEntryRow.payload, {"type": "object"}),
        "requestId": Value(LedgerEntryRow.request_id, NULLABLE_TEXT),
        "link": Object(
            "LedgerLink",
            {
                "position": Value(LedgerLinkRow.position, INTEGER),
                "hash": Value(LedgerLinkRow.hash, TEXT),
                "chainedAt": Value(instant(LedgerLinkRow.chained_at), INSTANT),
            },
            _link,
            and_(
                LedgerLinkRow.institution_id == LedgerEntryRow.institution_id,
                LedgerLinkRow.entry_id == LedgerEntryRow.id,
            ),
        ),
    },
    rooted=lambda actor: LedgerEntryRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "type": LedgerEntryRow.type == bindparam("type", type_=Text),
        "subject": LedgerEntryRow.subject == bindparam("subject", type_=Text),
        "about": LedgerEntryRow.about_id == bindparam("about", type_=Text),
    },
)
LEDGER = Pages("LedgerEntry", LEDGER_ENTRY, (LedgerEntryRow.id,), descending=True)

_head = (
    select(
        column("position", BigInteger),
        column("hash", Text),
        column("chained_at", DateTime(timezone=True)),
        column("unchained", BigInteger),
        column("oldest_unchained_seconds", Double),
    )
    .select_from(func.ledger_head())
    .subquery("head")
)
LEDGER_HEAD = Shape(
    "LedgerHead",
    _head,
    {
        "position": Value(_head.c.position, INTEGER),
        "hash": Value(_head.c.hash, NULLABLE_TEXT),
        "chainedAt": Value(instant(_head.c.chained_at), NULLABLE_INSTANT),
        "unchained": Value(_head.c.unchained, INTEGER),
        "oldestUnchainedSeconds": Value(_head.c.oldest_unchained_seconds, NULLABLE_NUMBER),
    },
    rooted=lambda _actor: true(),
    conditions={},
)
