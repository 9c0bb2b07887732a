"""What can happen to subscriptions to events."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WebhookCreated:
    """An institution subscribed to events; the secret stands nowhere."""

    webhook_id: UUID
    url: str
    types: list[str]
    subject_types: list[str]


@dataclass(frozen=True, slots=True)
class WebhookEdited:
    """Parts of a subscription were edited; both hold contents by name."""

    webhook_id: UUID
    before: dict[str, object]
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class WebhookMoved:
    """A subscription was validated, paused, resumed or disabled; `cause` says why the service did it, if it did."""

    webhook_id: UUID
    state_before: str
    state: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class WebhookSecretRotated:
    """A subscription signs with another secret; the one before it signs beside it until `ends`."""

    webhook_id: UUID
    secret_id: UUID
    ends: str


@dataclass(frozen=True, slots=True)
class WebhookSecretsForgotten:
    """So many secrets of a subscription that sign nothing any more were forgotten."""

    webhook_id: UUID
    secrets: int


@dataclass(frozen=True, slots=True)
class WebhookReplayed:
    """Everything after a place of the ledger is delivered to a subscription again."""

    webhook_id: UUID
    after: int


@dataclass(frozen=True, slots=True)
class WebhookRedelivered:
    """An event that could not be delivered is tried again."""

    webhook_id: UUID
    position: int


@dataclass(frozen=True, slots=True)
class WebhookTested:
    """Somebody asked for an event to try a subscription with: this one."""

    webhook_id: UUID


@dataclass(frozen=True, slots=True)
class WebhookDeleted:
    """An institution ended a subscription."""

    webhook_id: UUID


WebhookEvent = (
    WebhookCreated
    | WebhookEdited
    | WebhookMoved
    | WebhookSecretRotated
    | WebhookSecretsForgotten
    | WebhookReplayed
    | WebhookRedelivered
    | WebhookTested
    | WebhookDeleted
)
