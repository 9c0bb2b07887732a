"""Deliveries of events in sets: which there are to make, which are due, and what came of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Text, Uuid, and_, bindparam, cast, exists, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.documents import columns_of, json_row, literal_text, selected
from app.db.shapes.events import EVENT_FIELDS, EVENT_ID, HAPPENED
from app.db.tables.ledger import LedgerEntryRow, LedgerLinkRow
from app.db.tables.webhooks import WebhookDeliveryRow
from app.domain.actors import Actor
from app.domain.webhooks import Answer, Next

LINKS_AT_ONCE = 1000
MOST_WAITING = 10_000
"""Deliveries of one subscription that wait; beyond that its cursor waits."""


@dataclass(frozen=True, slots=True)
class Due:
    """An event that is to be sent, once those about the same subject before it are. `attempts` were made before."""

    position: int
    subject: str
    attempts: int
    event_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending an event, and what follows."""

    due: Due
    answer: Answer
    next: Next


async def fan_out(
    tx: AsyncSession, actor: Actor, webhook_id: UUID, types: Sequence[str], subjects: Sequence[str], now: datetime
) -> int:
    """Make deliveries of what a subscription asked for of the next events of the ledger; how many were looked at.

    Whoever moves the cursor waits. Nothing is done while too many deliveries wait.
    """
    held = await fetch_rows(tx, HOLD_CURSOR, actor.institution_id, webhook_id, MOST_WAITING)
    if not held or held[0]["waiting"] >= MOST_WAITING:
        return 0
    values = (actor.institution_id, webhook_id, held[0]["position"], LINKS_AT_ONCE, list(types), list(subjects), now)
    [seen] = await fetch_rows(tx, FAN_OUT, *values)
    return int(seen["looked_at"])


HOLD_CURSOR = """
    SELECT c.position, (
        SELECT count(*) FROM (
            SELECT FROM webhook_delivery d
            WHERE d.institution_id = $1 AND d.webhook_id = $2 AND d.state = 'waiting' LIMIT $3) AS queued) AS waiting
    FROM webhook_cursor c WHERE c.institution_id = $1 AND c.webhook_id = $2 FOR UPDATE"""
FAN_OUT = """
    WITH next AS (
        SELECT l.position, l.entry_id, e.type, coalesce(e.about_type, 'institution') AS about_type,
            coalesce(e.about_id, e.institution_id::text) AS about_id, e.payload
        FROM ledger_link l
        JOIN ledger_entry e ON e.institution_id = l.institution_id AND e.id = l.entry_id
        WHERE l.institution_id = $1 AND l.position > $3
        ORDER BY l.position LIMIT $4
    ), made AS (
        INSERT INTO webhook_delivery
            (institution_id, webhook_id, position, entry_id, subject, state, attempts, next_attempt_at)
        SELECT $1, $2, position, entry_id, about_type || '/' || about_id, 'waiting', 0, $7
        FROM next
        WHERE (type = ANY($5::text[]) AND (about_type = ANY($6::text[]) OR cardinality($6::text[]) = 0))
            OR (type = 'webhookTested' AND about_id = $2::uuid::text)
        ON CONFLICT (institution_id, webhook_id, position) DO UPDATE
            SET state = 'waiting', attempts = 0, next_attempt_at = excluded.next_attempt_at, last_attempt_at = NULL,
                delivered_at = NULL, last_status = NULL, last_error = NULL, last_excerpt = NULL
    ), moved AS (
        UPDATE webhook_cursor SET position = (SELECT max(position) FROM next)
        WHERE institution_id = $1 AND webhook_id = $2 AND EXISTS (SELECT FROM next)
    )
    SELECT count(*) AS looked_at FROM next"""


async def find_due(
    tx: AsyncSession, actor: Actor, webhook_id: UUID, busy: Collection[str], most: int, now: datetime
) -> list[Due]:
    """The first events that are due, in their order, and none behind one that is not; none of what is `busy`."""
    values = {
        "institution_id": actor.institution_id,
        "webhook_id": webhook_id,
        "busy": list(busy),
        "now": now,
        "most": most,
    }
    return [
        Due(row.position, row.subject, row.attempts, row.event_id, row.body.encode())
        for row in await tx.execute(DUE, values)
    ]


_due, _before = WebhookDeliveryRow.__table__, WebhookDeliveryRow.__table__.alias("before")
_event = selected(columns_of("CloudEvent", EVENT_FIELDS, None, ())).correlate(
    LedgerEntryRow.__table__, LedgerLinkRow.__table__
)
_waits_for_another = exists().where(
    _before.c.institution_id == _due.c.institution_id,
    _before.c.webhook_id == _due.c.webhook_id,
    _before.c.subject == _due.c.subject,
    _before.c.state == literal_text("waiting"),
    _before.c.position < _due.c.position,
    _before.c.next_attempt_at > bindparam("now", type_=DateTime(timezone=True)),
)
DUE = (
    select(
        _due.c.position,
        _due.c.subject,
        _due.c.attempts,
        EVENT_ID.label("event_id"),
        cast(json_row(_event), Text).label("body"),
    )
    .select_from(
        _due.join(
            HAPPENED,
            and_(
                LedgerLinkRow.institution_id == _due.c.institution_id,
                LedgerLinkRow.entry_id == _due.c.entry_id,
            ),
        )
    )
    .where(
        _due.c.institution_id == bindparam("institution_id", type_=Uuid),
        _due.c.webhook_id == bindparam("webhook_id", type_=Uuid),
        _due.c.state == literal_text("waiting"),
        _due.c.next_attempt_at <= bindparam("now", type_=DateTime(timezone=True)),
        not_(_due.c.subject == func.any(bindparam("busy", type_=ARRAY(Text)))),
        not_(_waits_for_another),
    )
    .order_by(_due.c.position)
    .limit(bindparam("most", type_=Integer))
)


async def hasten(tx: AsyncSession, actor: Actor, webhook_id: UUID, now: datetime) -> None:
    """Try at once what waits because nobody was there: somebody is."""
    await fetch_rows(tx, HASTEN, actor.institution_id, webhook_id, now)


HASTEN = """
    UPDATE webhook_delivery SET next_attempt_at = $3
    WHERE institution_id = $1 AND webhook_id = $2 AND state = 'waiting' AND last_error IS NOT NULL
        AND next_attempt_at > $3"""


async def mark(tx: AsyncSession, actor: Actor, webhook_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down what came of some events; not of those that are to be delivered anew since they were sent."""
    columns = zip(
        *(
            (
                one.due.position,
                one.due.attempts,
                one.next.state.value,
                one.next.at,
                one.answer.status,
                one.answer.error,
                one.answer.excerpt,
            )
            for one in outcomes
        ),
        strict=True,
    )
    await fetch_rows(tx, MARK, actor.institution_id, webhook_id, now, *(list(column) for column in columns))


MARK = """
    UPDATE webhook_delivery d
    SET state = one.state, attempts = d.attempts + 1, next_attempt_at = one.at, last_attempt_at = $3::timestamptz,
        delivered_at = CASE one.state WHEN 'delivered' THEN $3::timestamptz END,
        last_status = one.status, last_error = one.error, last_excerpt = one.excerpt
    FROM unnest($4::bigint[], $5::integer[], $6::text[], $7::timestamptz[], $8::integer[], $9::text[], $10::text[])
        AS one(position, attempts, state, at, status, error, excerpt)
    WHERE d.institution_id = $1 AND d.webhook_id = $2 AND d.position = one.position
        AND d.state = 'waiting' AND d.attempts = one.attempts"""
