"""What documents about subscriptions to events and their deliveries can contain; never a secret."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, Uuid, and_, bindparam, cast, func, select

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value, literal_text
from app.db.shapes.formats import instant
from app.db.shapes.institutions import mine
from app.db.shapes.parents import OF_WEBHOOK
from app.db.shapes.schemas import (
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_INSTANT,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
    TEXTS,
)
from app.db.shapes.sentences import said
from app.db.tables.institutions import InstitutionRow
from app.db.tables.ledger import LedgerEntryRow
from app.db.tables.webhooks import WebhookCursorRow, WebhookDeliveryRow, WebhookRow, WebhookSecretRow
from app.domain.told_events import PREFIX, VERSION
from app.domain.webhooks import FAILURES, Because, DeliveryState, State

STATE: JsonSchema = {"type": "string", "enum": list(State)}
CAUSE: JsonSchema = {"type": ["string", "null"], "enum": [*Because, None]}
DELIVERY_STATE: JsonSchema = {"type": "string", "enum": list(DeliveryState)}
_webhook, _cursor = WebhookRow.__table__, WebhookCursorRow.__table__
_delivery, _entry = WebhookDeliveryRow.__table__, LedgerEntryRow.__table__


def _deliveries(state: DeliveryState) -> ColumnElement[int]:
    """How many deliveries of a subscription are in a state."""
    counted = _delivery.alias(state.value)
    return (
        select(func.count())
        .where(counted.c.institution_id == WebhookRow.institution_id, counted.c.webhook_id == WebhookRow.id)
        .where(counted.c.state == literal_text(state.value))
        .correlate(_webhook)
        .scalar_subquery()
    )


WEBHOOK_FIELDS: Fields = {
    "id": Value(WebhookRow.id, ID),
    "revision": Value(WebhookRow.revision, INTEGER),
    "url": Value(WebhookRow.url, TEXT),
    "types": Value(WebhookRow.types, TEXTS),
    "subjectTypes": Value(WebhookRow.subject_types, TEXTS),
    "description": Value(WebhookRow.description, NULLABLE_TEXT),
    "state": Value(WebhookRow.state, STATE),
    "cause": Value(WebhookRow.cause, CAUSE),
    "createdAt": Value(instant(WebhookRow.created_at), INSTANT),
    "createdBy": Value(WebhookRow.created_by, TEXT),
    "cursor": Value(cast(WebhookCursorRow.position, Text), TEXT),
    "validatedAt": Value(instant(WebhookCursorRow.validated_at), NULLABLE_INSTANT),
    "allowedRate": Value(WebhookCursorRow.allowed_rate, NULLABLE_INTEGER),
    "failingSince": Value(instant(WebhookCursorRow.failing_since), NULLABLE_INSTANT),
    "notBefore": Value(instant(WebhookCursorRow.not_before), NULLABLE_INSTANT),
    "lastError": Value(WebhookCursorRow.last_error, NULLABLE_TEXT),
    "detail": Object(
        "Sentence",
        said({code: code for code in FAILURES}, WebhookCursorRow.last_error).fields,
        on=WebhookCursorRow.last_error.is_not(None),
    ),
    "waiting": Value(_deliveries(DeliveryState.WAITING), INTEGER),
    "dead": Value(_deliveries(DeliveryState.DEAD), INTEGER),
    "secrets": Items(
        "WebhookSecret",
        {
            "id": Value(WebhookSecretRow.id, ID),
            "createdAt": Value(instant(WebhookSecretRow.created_at), INSTANT),
            "createdBy": Value(WebhookSecretRow.created_by, TEXT),
            "expiresAt": Value(instant(WebhookSecretRow.expires_at), NULLABLE_INSTANT),
        },
        WebhookSecretRow.__table__,
        and_(
            WebhookSecretRow.institution_id == WebhookRow.institution_id,
            WebhookSecretRow.webhook_id == WebhookRow.id,
        ),
        (WebhookSecretRow.created_at.desc(), WebhookSecretRow.id),
    ),
}
_with_cursor = _webhook.join(
    _cursor, and_(_cursor.c.institution_id == _webhook.c.institution_id, _cursor.c.webhook_id == _webhook.c.id)
)


def _owned(actor: Actor) -> Condition:
    return WebhookRow.institution_id == cast(actor.c.institution, Uuid)


WEBHOOK = Shape(
    "Webhook",
    _with_cursor,
    WEBHOOK_FIELDS,
    rooted=_owned,
    conditions={"id": WebhookRow.id == bindparam("id", type_=Uuid)},
)
WEBHOOKS = Shape(
    "Webhooks",
    InstitutionRow.__table__,
    {
        "webhooks": Items(
            "Webhook",
            WEBHOOK_FIELDS,
            _with_cursor,
            WebhookRow.institution_id == InstitutionRow.id,
            (WebhookRow.created_at, WebhookRow.id),
        )
    },
    rooted=mine,
    conditions={},
)


def _own_delivery(actor: Actor) -> Condition:
    return WebhookDeliveryRow.institution_id == cast(actor.c.institution, Uuid)


WEBHOOK_DELIVERY = Shape(
    "WebhookDelivery",
    _delivery.join(
        _entry, and_(_entry.c.institution_id == _delivery.c.institution_id, _entry.c.id == _delivery.c.entry_id)
    ),
    {
        "id": Value(WebhookDeliveryRow.id, ID),
        "webhookId": Value(WebhookDeliveryRow.webhook_id, ID),
        "position": Value(cast(WebhookDeliveryRow.position, Text), TEXT),
        "type": Value(literal_text(PREFIX).concat(_entry.c.type).concat(literal_text(VERSION)), TEXT),
        "subject": Value(WebhookDeliveryRow.subject, TEXT),
        "state": Value(WebhookDeliveryRow.state, DELIVERY_STATE),
        "attempts": Value(WebhookDeliveryRow.attempts, INTEGER),
        "nextAttemptAt": Value(instant(WebhookDeliveryRow.next_attempt_at), NULLABLE_INSTANT),
        "lastAttemptAt": Value(instant(WebhookDeliveryRow.last_attempt_at), NULLABLE_INSTANT),
        "deliveredAt": Value(instant(WebhookDeliveryRow.delivered_at), NULLABLE_INSTANT),
        "lastStatus": Value(WebhookDeliveryRow.last_status, NULLABLE_INTEGER),
        "lastError": Value(WebhookDeliveryRow.last_error, NULLABLE_TEXT),
        "lastExcerpt": Value(WebhookDeliveryRow.last_excerpt, NULLABLE_TEXT),
    },
    rooted=_own_delivery,
    conditions={
        "id": WebhookDeliveryRow.id == bindparam("id", type_=Uuid),
        "webhook_id": WebhookDeliveryRow.webhook_id == bindparam("webhook_id", type_=Uuid),
        "state": WebhookDeliveryRow.state == bindparam("state", type_=Text),
    },
)
WEBHOOK_DELIVERIES = Pages(
    "WebhookDelivery",
    WEBHOOK_DELIVERY,
    (WebhookDeliveryRow.position, WebhookDeliveryRow.id),
    descending=True,
    parent=OF_WEBHOOK,
)
