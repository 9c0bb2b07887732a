"""Subscriptions to events: made, edited, given new secrets, paused, tried, replayed and ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

import orjson
from pydantic import Field, StringConstraints
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.destinations import LONGEST_ADDRESS, Destinations
from app.auth.sealing import Sealing
from app.auth.webhooks import new_webhook_secret
from app.db.database import Database
from app.db.documents import Document, Pick, Selection
from app.db.ledger import record
from app.db.queue import Job, defer_once
from app.db.shapes import webhooks as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.ledger import LedgerLinkRow
from app.db.tables.webhooks import WebhookCursorRow, WebhookDeliveryRow, WebhookRow, WebhookSecretRow
from app.domain.actors import Actor, Permission, as_service
from app.domain.clients import Secret, ends_after_rotation
from app.domain.errors import Conflict, Fault, NotFound, refuse
from app.domain.revisions import Expected, must_be_unchanged
from app.domain.told_events import ANY, SUBJECT_TYPES, unknown_patterns
from app.domain.webhook_events import (
    WebhookCreated,
    WebhookDeleted,
    WebhookEdited,
    WebhookMoved,
    WebhookRedelivered,
    WebhookReplayed,
    WebhookSecretRotated,
    WebhookTested,
)
from app.domain.webhooks import (
    MOST_OVERLAP,
    MOST_PATTERNS,
    Because,
    DeliveryState,
    State,
    must_be_active,
    must_be_resumable,
    must_have_room,
)
from app.services.contract import (
    LARGEST_NUMBER,
    Command,
    StorableText,
    must_be_one_of,
    page_size,
    place_cursor,
)
from app.services.events import place_of

Url = Annotated[
    StorableText, Field(min_length=1, max_length=LONGEST_ADDRESS, description="Where events are sent, by https.")
]
Patterns = Annotated[
    list[Annotated[StorableText, Field(min_length=1, max_length=100)]],
    Field(min_length=1, max_length=MOST_PATTERNS, description="Names of events; `mobility*` for all that begin so."),
]
SubjectTypes = Annotated[
    list[Annotated[StorableText, Field(min_length=1, max_length=100)]],
    Field(max_length=len(SUBJECT_TYPES), description="What they are about, such as `talent`; anything where empty."),
]
Line = Annotated[StorableText, StringConstraints(strip_whitespace=True, max_length=200)]
Place = Annotated[
    StorableText, Field(max_length=200, description="A `nextAfter` of the feed of events; `0` is the beginning.")
]


class CreateWebhook(Command):
    """Where which events are sent. What happened before is sent where `after` says from where on."""

    url: Url
    types: Patterns = Field([ANY])
    subject_types: SubjectTypes = Field([])
    description: Line | None = None
    after: Place | None = None


class EditWebhook(Command):
    """The parts to change; what is not given stays. Another address has to agree anew."""

    url: Url | None = None
    types: Patterns | None = None
    subject_types: SubjectTypes | None = None
    description: Line | None = None


class RotateWebhookSecret(Command):
    """Sign with another secret; the present one signs beside it for some hours."""

    overlap_hours: int = Field(24, ge=0, le=int(MOST_OVERLAP / timedelta(hours=1)))


class ReplayWebhook(Command):
    """From where on events are delivered again; each has the id that it had before."""

    after: Place


class DeliveryFilter(Command):
    """Which deliveries to list; what is not given does not restrict."""

    state: str | None = Field(None, max_length=20, description="`waiting`, `delivered` or `dead`.")


@dataclass(frozen=True, slots=True, repr=False)
class SecretShown:
    """A subscription and a secret of it, which is shown once."""

    webhook_id: UUID
    secret: str


# ── writes


async def create_webhook(
    db: Database, actor: Actor, sealing: Sealing, destinations: Destinations, command: CreateWebhook
) -> SecretShown:
    """Subscribe to events. Nothing is sent before the receiver has agreed to it."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    _must_be_known(command.types, command.subject_types)
    await destinations.must_be_reachable(command.url, "/url")
    made = SecretShown(uuid4(), new_webhook_secret())
    chosen = command.model_dump(exclude={"after"})
    async with db.write_as(actor) as tx:
        await _must_have_room(tx, actor)
        position = await _place(tx, command.after)
        mine = {"institution_id": actor.institution_id}
        signed = {"created_at": db.now(), "created_by": actor.subject}
        await tx.execute(insert(WebhookRow).values(**mine, id=made.webhook_id, state=State.PENDING, **chosen, **signed))
        await tx.execute(insert(WebhookCursorRow).values(**mine, webhook_id=made.webhook_id, position=position))
        await _add_secret(tx, db, actor, sealing, made)
        address = command.url.partition("?")[0]  # as `_told` says
        await record(tx, actor, WebhookCreated(made.webhook_id, address, command.types, command.subject_types))
        await _queue(tx, actor, made.webhook_id)
    return made


async def edit_webhook(
    db: Database,
    actor: Actor,
    destinations: Destinations,
    webhook_id: UUID,
    command: EditWebhook,
    *,
    expected: Expected | None = None,
) -> None:
    """Change parts of a subscription. After another address nothing is sent before the receiver there has agreed."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    _must_be_known(command.types or (), command.subject_types or ())
    if command.url is not None:
        await destinations.must_be_reachable(command.url, "/url")
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, webhook_id, expected)
        told = command.model_dump(exclude_none=True)
        changed = {name: value for name, value in told.items() if getattr(row, name) != value}
        before: dict[str, object] = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            await record(tx, actor, WebhookEdited(webhook_id, _told(before), _told(changed)))
        if "url" in changed and row.state == State.ACTIVE:
            await _move(tx, actor, row, State.PENDING, Because.MOVED)
        if "url" in changed:
            await _begin_anew(tx, row, db.now())


async def rotate_webhook_secret(
    db: Database, actor: Actor, sealing: Sealing, webhook_id: UUID, command: RotateWebhookSecret
) -> SecretShown:
    """Sign with another secret. The newest one so far signs beside it for the overlap, an older one no more."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    made, now = SecretShown(webhook_id, new_webhook_secret()), db.now()
    async with db.write_as(actor) as tx:
        await _hold(tx, actor, webhook_id, None)
        rows = await _live_secrets(tx, webhook_id, now)
        live = [Secret(row.id, row.expires_at) for row in rows]
        ends = ends_after_rotation(live, now, timedelta(hours=command.overlap_hours))
        for row in rows:
            row.expires_at = ends[row.id]
        secret_id = await _add_secret(tx, db, actor, sealing, made)
        latest = max(ends.values(), default=now)
        await record(tx, actor, WebhookSecretRotated(webhook_id, secret_id, latest.isoformat()))
    return made


async def pause_webhook(db: Database, actor: Actor, webhook_id: UUID, *, expected: Expected | None = None) -> None:
    """Send nothing until it is resumed; what happens meanwhile waits."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, webhook_id, expected)
        if row.state in (State.PENDING, State.ACTIVE):
            await _move(tx, actor, row, State.PAUSED, None)


async def resume_webhook(db: Database, actor: Actor, webhook_id: UUID, *, expected: Expected | None = None) -> None:
    """Go on where it was paused, once the receiver has agreed anew."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, webhook_id, expected)
        must_be_resumable(State(row.state))
        await _move(tx, actor, row, State.PENDING, None)
        await _begin_anew(tx, row, db.now())
        await _queue(tx, actor, webhook_id)


async def try_webhook(db: Database, actor: Actor, webhook_id: UUID) -> None:
    """Send an event that is about the subscription itself, through everything that every event passes."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, webhook_id, None)
        must_be_active(State(row.state))
        await record(tx, actor, WebhookTested(webhook_id))


async def replay_webhook(
    db: Database, actor: Actor, webhook_id: UUID, command: ReplayWebhook, *, expected: Expected | None = None
) -> None:
    """Deliver everything after a place again, dead letters included; what waits before it stays."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    async with db.write_as(actor) as tx:
        await _hold(tx, actor, webhook_id, expected)
        position = await _place(tx, command.after)
        cursor = WebhookCursorRow
        await tx.execute(update(cursor).where(cursor.webhook_id == webhook_id).values(position=position))
        await record(tx, actor, WebhookReplayed(webhook_id, position))
        await _queue(tx, actor, webhook_id)


async def redeliver_event(db: Database, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> None:
    """Try an event again that could not be delivered; it waits for its turn among those about the same thing."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    async with db.write_as(actor) as tx:
        await _hold(tx, actor, webhook_id, None)
        delivery = WebhookDeliveryRow
        row = await tx.scalar(
            select(delivery).where(delivery.webhook_id == webhook_id, delivery.id == delivery_id).with_for_update()
        )
        if row is None:
            raise NotFound("webhook.delivery_not_found")
        if row.state != DeliveryState.DEAD:
            raise Conflict("webhook.not_dead")
        row.state, row.attempts, row.next_attempt_at = DeliveryState.WAITING, 0, db.now()
        await record(tx, actor, WebhookRedelivered(webhook_id, row.position))
        await _queue(tx, actor, webhook_id)


async def delete_webhook(db: Database, actor: Actor, webhook_id: UUID, *, expected: Expected | None = None) -> None:
    """End a subscription; what is known of its deliveries goes with it."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    async with db.write_as(actor) as tx:
        await _hold(tx, actor, webhook_id, expected)
        await tx.execute(delete(WebhookRow).where(WebhookRow.id == webhook_id))
        await record(tx, actor, WebhookDeleted(webhook_id))


def _told(settings: Mapping[str, object]) -> dict[str, object]:
    """What the ledger keeps of settings: of an address nothing that may be a secret of the receiver's."""
    return {name: str(value).partition("?")[0] if name == "url" else value for name, value in settings.items()}


def _must_be_known(types: Collection[str], subject_types: Collection[str]) -> None:
    faults = []
    if unknown := unknown_patterns(types):
        faults.append(Fault("event.unknown", "/types", {"types": ", ".join(unknown)}))
    if strange := sorted(set(subject_types) - set(SUBJECT_TYPES)):
        about = {"types": ", ".join(strange), "allowed": ", ".join(SUBJECT_TYPES)}
        faults.append(Fault("event.subject_unknown", "/subjectTypes", about))
    if faults:
        refuse(*faults)


async def _must_have_room(tx: AsyncSession, actor: Actor) -> None:
    """Counted by one at a time: two who make the last one meet here."""
    await tx.get(InstitutionRow, actor.institution_id, with_for_update={"key_share": True})
    must_have_room(await tx.scalar(select(func.count()).select_from(WebhookRow)) or 0)


async def _place(tx: AsyncSession, after: str | None) -> int:
    """A place of the ledger; the last one where none is told. Refused where it does not exist yet."""
    last = await tx.scalar(select(func.max(LedgerLinkRow.position))) or 0
    if after is None:
        return last
    place = place_of(after, "/after")
    if place > last:
        refuse(Fault("events.place_unknown", "/after"))
    return place


async def _hold(tx: AsyncSession, actor: Actor, webhook_id: UUID, expected: Expected | None) -> WebhookRow:
    """The subscription, which nobody else changes meanwhile."""
    row = await tx.get(WebhookRow, (actor.institution_id, webhook_id), with_for_update=True)
    if row is None:
        raise NotFound("webhook.not_found")
    must_be_unchanged(expected, row.revision)
    return row


async def _move(tx: AsyncSession, actor: Actor, row: WebhookRow, state: State, because: Because | None) -> None:
    before, row.state, row.cause = row.state, state.value, because and because.value
    await record(tx, actor, WebhookMoved(row.id, before, row.state, row.cause))


async def _begin_anew(tx: AsyncSession, row: WebhookRow, now: datetime) -> None:
    """Forget what failed: whatever waits is tried as if it were the first time."""
    cursor, waiting = WebhookCursorRow, WebhookDeliveryRow
    fresh = {"not_before": None, "failures": 0, "failing_since": None, "validated_at": None, "allowed_rate": None}
    await tx.execute(update(cursor).where(cursor.webhook_id == row.id).values(fresh))
    await tx.execute(
        update(waiting)
        .where(waiting.webhook_id == row.id, waiting.state == DeliveryState.WAITING)
        .values(attempts=0, next_attempt_at=now)
    )


async def _queue(tx: AsyncSession, actor: Actor, webhook_id: UUID) -> None:
    """Have its deliveries made, under the lock that is its own (as `queue_webhook()` in PostgreSQL does)."""
    await defer_once(tx, as_service(actor), Job.DELIVER_WEBHOOK, f"webhook/{webhook_id}", webhook_id=webhook_id)


async def _live_secrets(tx: AsyncSession, webhook_id: UUID, now: datetime) -> list[WebhookSecretRow]:
    """The secrets that sign, the oldest first."""
    row = WebhookSecretRow
    found = await tx.scalars(
        select(row)
        .where(row.webhook_id == webhook_id, or_(row.expires_at.is_(None), row.expires_at > now))
        .order_by(row.created_at, row.id)
    )
    return list(found)


async def _add_secret(tx: AsyncSession, db: Database, actor: Actor, sealing: Sealing, made: SecretShown) -> UUID:
    secret_id = uuid4()
    await tx.execute(
        insert(WebhookSecretRow).values(
            institution_id=actor.institution_id,
            id=secret_id,
            webhook_id=made.webhook_id,
            sealed=sealing.seal(made.secret),
            created_at=db.now(),
            created_by=actor.subject,
        )
    )
    return secret_id


# ── reads


async def webhook_document(db: Database, actor: Actor, webhook_id: UUID, wanted: Selection | None = None) -> Document:
    """One subscription: where it stands, how far it is, and when its secrets end."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    document = await db.document_as(actor, shapes.WEBHOOK, wanted, id=webhook_id)
    if document is None:
        raise NotFound("webhook.not_found")
    return document


async def webhooks_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The subscriptions of the own institution, the oldest first."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    return await db.document_as(actor, shapes.WEBHOOKS, wanted) or b"null"


async def webhook_deliveries_page(
    db: Database,
    actor: Actor,
    webhook_id: UUID,
    chosen: DeliveryFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The deliveries of a subscription, the latest event first: those that wait, were made, or are dead."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    conditions = (chosen or DeliveryFilter()).model_dump(exclude_none=True)
    must_be_one_of(tuple(DeliveryState), "state", conditions.get("state"))
    keys = place_cursor(after, LARGEST_NUMBER)
    return await db.page_as(
        actor, shapes.WEBHOOK_DELIVERIES, wanted, page_size(first), keys, webhook_id=webhook_id, **conditions
    )


SHOWN_ONCE: Selection = (Pick("secret", "secret"), Pick("webhook", "webhook"))


async def webhook_secret_document(
    db: Database, actor: Actor, made: SecretShown, wanted: Selection | None = None
) -> Document:
    """A secret beside its subscription. No statement makes it: what is stored is sealed, and is shown this once."""
    actor.require(Permission.MANAGE_WEBHOOKS)
    parts = []
    for pick in SHOWN_ONCE if wanted is None else wanted:
        match pick.name:
            case "secret":
                part = orjson.dumps(made.secret)
            case "webhook":
                part = await webhook_document(db, actor, made.webhook_id, pick.below)
            case _:
                part = orjson.dumps("WebhookSecretShown")
        parts.append(orjson.dumps(pick.alias) + b":" + part)
    return b"{" + b",".join(parts) + b"}"
