"""GraphQL: subscriptions to events, and their deliveries."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import webhooks as words
from app.domain.revisions import exactly
from app.services import webhooks
from app.services.webhooks import CreateWebhook, DeliveryFilter, EditWebhook, ReplayWebhook, RotateWebhookSecret

strawberry.enum(words.State, name="WebhookState", graphql_name_from="value", description="Where a subscription stands.")
strawberry.enum(
    words.Because,
    name="WebhookCause",
    graphql_name_from="value",
    description="Why the service itself put a subscription into its state.",
)
strawberry.enum(
    words.DeliveryState,
    name="WebhookDeliveryState",
    graphql_name_from="value",
    description="Where the delivery of an event stands.",
)


@strawberry.type(description="A secret of a subscription: when it was made and when it ends, never what it is.")
class WebhookSecret:
    id: UUID
    created_at: datetime.datetime
    created_by: str
    expires_at: datetime.datetime | None = strawberry.field(description="Null as long as nobody rotates it.")


@strawberry.type(description="Where which events are sent.")
class Webhook:
    id: UUID
    revision: int
    url: str
    types: list[str] = strawberry.field(description="Names of events, beginnings of them before `*`, or `*`.")
    subject_types: list[str] = strawberry.field(description="What they are about; anything where empty.")
    description: str | None
    state: words.State
    cause: words.Because | None = strawberry.field(description="Why the service itself put it into its state.")
    created_at: datetime.datetime
    created_by: str
    cursor: str = strawberry.field(description="Every event up to this place has its delivery.")
    validated_at: datetime.datetime | None = strawberry.field(description="When its receiver agreed last.")
    allowed_rate: int | None = strawberry.field(description="Requests a minute that its receiver wants at most.")
    failing_since: datetime.datetime | None = strawberry.field(description="Null where the last request succeeded.")
    not_before: datetime.datetime | None = strawberry.field(description="Until when nothing is sent.")
    last_error: str | None = strawberry.field(description="What was wrong last; null where the last request succeeded.")
    detail: Sentence | None = strawberry.field(description="What that means, and what to do.")
    waiting: int = strawberry.field(description="Events that are to be sent.")
    dead: int = strawberry.field(description="Events that could not be delivered.")
    secrets: list[WebhookSecret] = strawberry.field(description="Newest first.")


@strawberry.type(description="The subscriptions of an institution.")
class Webhooks:
    webhooks: list[Webhook] = strawberry.field(description="The oldest first.")


@strawberry.type(description="A subscription and a secret of it, which is shown this once.")
class WebhookSecretShown:
    secret: str
    webhook: Webhook


@strawberry.type(description="One event on its way to one subscription.")
class WebhookDelivery:
    id: UUID
    webhook_id: UUID
    position: str = strawberry.field(description="The place of the event in the ledger.")
    type: str = strawberry.field(description="Such as `id.nusatalenta.cycleAdvanced.v1`.")
    subject: str = strawberry.field(description="What it is about, in whose order it is sent.")
    state: words.DeliveryState
    attempts: int
    next_attempt_at: datetime.datetime | None
    last_attempt_at: datetime.datetime | None
    delivered_at: datetime.datetime | None
    last_status: int | None = strawberry.field(description="What the receiver answered.")
    last_error: str | None = strawberry.field(description="Why it did not answer.")
    last_excerpt: str | None = strawberry.field(description="The beginning of what it said when it did not accept.")


@strawberry.type
class WebhookDeliveryEdge:
    cursor: str
    node: WebhookDelivery


@strawberry.type(description="A page of deliveries, the latest event first.")
class WebhookDeliveryConnection:
    edges: list[WebhookDeliveryEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="Where which events are sent; without `after`, those that happen from now on.")
class CreateWebhookInput:
    url: str
    types: list[str] | None = None
    subject_types: list[str] | None = None
    description: str | None = None
    after: str | None = None


@strawberry.input(description="What to change; what is not given stays.")
class EditWebhookInput:
    url: str | None = None
    types: list[str] | None = None
    subject_types: list[str] | None = None
    description: str | None = None


@strawberry.input(description="For how long the present secret signs beside the new one.")
class RotateWebhookSecretInput:
    overlap_hours: int = 24


@strawberry.type
class WebhookQueries:
    @strawberry.field(description="One subscription of the own institution.")
    def webhook(self, webhook_id: UUID) -> Webhook | None:
        compiled()

    @strawberry.field(description="The subscriptions of the own institution.")
    def webhooks(self) -> Webhooks | None:
        compiled()

    @strawberry.field(description="The deliveries of a subscription, the latest event first.")
    def webhook_deliveries(
        self,
        webhook_id: UUID,
        state: words.DeliveryState | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> WebhookDeliveryConnection | None:
        compiled()


@strawberry.type
class WebhookChanges:
    @strawberry.field(description="Subscribe to events; the receiver is asked first.")
    def create_webhook(self, input: CreateWebhookInput) -> WebhookSecretShown | None:  # noqa: A002
        compiled()

    @strawberry.field(
        description="Change parts of a subscription; another address is asked before it is sent anything."
    )
    def edit_webhook(self, webhook_id: UUID, revision: int, input: EditWebhookInput) -> Webhook | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Sign with another secret; the present one signs beside it for the overlap.")
    def rotate_webhook_secret(self, webhook_id: UUID, input: RotateWebhookSecretInput) -> WebhookSecretShown | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Send nothing until it is resumed.")
    def pause_webhook(self, webhook_id: UUID, revision: int) -> Webhook | None:
        compiled()

    @strawberry.field(description="Go on where it was paused, once the receiver has agreed anew.")
    def resume_webhook(self, webhook_id: UUID, revision: int) -> Webhook | None:
        compiled()

    @strawberry.field(description="Send an event about the subscription itself.")
    def try_webhook(self, webhook_id: UUID) -> Webhook | None:
        compiled()

    @strawberry.field(description="Deliver everything after a place again.")
    def replay_webhook(self, webhook_id: UUID, revision: int, after: str) -> Webhook | None:
        compiled()

    @strawberry.field(description="Try an event again that could not be delivered.")
    def redeliver_event(self, webhook_id: UUID, delivery_id: UUID) -> Webhook | None:
        compiled()

    @strawberry.field(description="End a subscription.")
    def delete_webhook(self, webhook_id: UUID, revision: int) -> Webhooks | None:
        compiled()


async def webhook(asked: Asked, webhook_id: UUID) -> Document:
    return await webhooks.webhook_document(asked.db, asked.actor, webhook_id, asked.wanted)


async def listed(asked: Asked) -> Document:
    return await webhooks.webhooks_document(asked.db, asked.actor, asked.wanted)


async def webhook_deliveries(
    asked: Asked,
    webhook_id: UUID,
    state: words.DeliveryState | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Document:
    chosen = DeliveryFilter(state=state and words.DeliveryState(state).value)
    return await webhooks.webhook_deliveries_page(asked.db, asked.actor, webhook_id, chosen, first, after, asked.wanted)


async def create_webhook(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002 - the argument's name in the schema
    given = {name: value for name, value in input.items() if value is not None}
    command = CreateWebhook.model_validate(given, by_alias=True)
    made = await webhooks.create_webhook(asked.db, asked.actor, asked.sealing, asked.destinations, command)
    return await webhooks.webhook_secret_document(asked.db, asked.actor, made, asked.wanted)


async def edit_webhook(asked: Asked, webhook_id: UUID, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditWebhook.model_validate(input, by_alias=True)
    await webhooks.edit_webhook(
        asked.db, asked.actor, asked.destinations, webhook_id, command, expected=exactly(revision)
    )
    return await webhook(asked, webhook_id)


async def rotate_webhook_secret(asked: Asked, webhook_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RotateWebhookSecret.model_validate(input, by_alias=True)
    made = await webhooks.rotate_webhook_secret(asked.db, asked.actor, asked.sealing, webhook_id, command)
    return await webhooks.webhook_secret_document(asked.db, asked.actor, made, asked.wanted)


async def pause_webhook(asked: Asked, webhook_id: UUID, revision: int) -> Document:
    await webhooks.pause_webhook(asked.db, asked.actor, webhook_id, expected=exactly(revision))
    return await webhook(asked, webhook_id)


async def resume_webhook(asked: Asked, webhook_id: UUID, revision: int) -> Document:
    await webhooks.resume_webhook(asked.db, asked.actor, webhook_id, expected=exactly(revision))
    return await webhook(asked, webhook_id)


async def try_webhook(asked: Asked, webhook_id: UUID) -> Document:
    await webhooks.try_webhook(asked.db, asked.actor, webhook_id)
    return await webhook(asked, webhook_id)


async def replay_webhook(asked: Asked, webhook_id: UUID, revision: int, after: str) -> Document:
    command = ReplayWebhook.model_validate({"after": after})
    await webhooks.replay_webhook(asked.db, asked.actor, webhook_id, command, expected=exactly(revision))
    return await webhook(asked, webhook_id)


async def redeliver_event(asked: Asked, webhook_id: UUID, delivery_id: UUID) -> Document:
    await webhooks.redeliver_event(asked.db, asked.actor, webhook_id, delivery_id)
    return await webhook(asked, webhook_id)


async def delete_webhook(asked: Asked, webhook_id: UUID, revision: int) -> Document:
    await webhooks.delete_webhook(asked.db, asked.actor, webhook_id, expected=exactly(revision))
    return await listed(asked)


ROOTS: dict[str, RootFunction] = {
    "webhook": webhook,
    "webhooks": listed,
    "webhookDeliveries": webhook_deliveries,
}
CHANGES: dict[str, RootFunction] = {
    "createWebhook": create_webhook,
    "editWebhook": edit_webhook,
    "rotateWebhookSecret": rotate_webhook_secret,
    "pauseWebhook": pause_webhook,
    "resumeWebhook": resume_webhook,
    "tryWebhook": try_webhook,
    "replayWebhook": replay_webhook,
    "redeliverEvent": redeliver_event,
    "deleteWebhook": delete_webhook,
}
SHOWN_ONCE = frozenset({"createWebhook", "rotateWebhookSecret"})
"""Changes whose answer holds a secret; it is never kept."""
