"""Subscriptions to events, their secrets, and how far their deliveries are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General

_MOMENT = DateTime(timezone=True)


def _of_webhook() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["institution_id", "webhook_id"], ["webhook.institution_id", "webhook.id"], ondelete="CASCADE"
    )


class WebhookRow(Contested, InstitutionOwned, Base):
    """A subscription: which events are sent where."""

    __tablename__ = "webhook"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'active', 'paused', 'disabled')", name="state"),
        Index(None, "state", "institution_id", "id", postgresql_where=text("state IN ('pending', 'active')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str]
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Names of events, beginnings of them before `*`, or `*`."""
    subject_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Of what kind the thing is that an event is about; of any kind where there are none."""
    description: Mapped[str | None]
    state: Mapped[str]
    cause: Mapped[str | None]
    """Why the service itself put it into its state."""
    created_at: Mapped[datetime] = mapped_column(_MOMENT)
    created_by: Mapped[General[str]]


class WebhookSecretRow(InstitutionOwned, Base):
    """One secret of a subscription, sealed; it signs until `expires_at`, or as long as nobody rotates it."""

    __tablename__ = "webhook_secret"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (_of_webhook(), Index(None, "institution_id", "webhook_id", "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(_MOMENT)
    created_by: Mapped[General[str]]
    expires_at: Mapped[datetime | None] = mapped_column(_MOMENT)


class WebhookCursorRow(InstitutionOwned, Base):
    """How far a subscription is: every event up to `position` that it asked for has a delivery."""

    __tablename__ = "webhook_cursor"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (_of_webhook(),)

    webhook_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    not_before: Mapped[datetime | None] = mapped_column(_MOMENT)
    """When something may be sent again at all, where the receiver asked for time or nobody was there."""
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    """Requests in a row to which nobody answered, or that came too soon."""
    failing_since: Mapped[datetime | None] = mapped_column(_MOMENT)
    """When the first of the requests failed since the last one that did not."""
    validated_at: Mapped[datetime | None] = mapped_column(_MOMENT)
    """When the receiver said last that it wants to be sent events."""
    allowed_rate: Mapped[int | None]
    """Requests a minute that it asked for at most."""
    last_error: Mapped[str | None]
    """Why it could not be sent anything when it was tried last; none since something was."""


class WebhookDeliveryRow(InstitutionOwned, Base):
    """One event on its way to one subscription."""

    __tablename__ = "webhook_delivery"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        _of_webhook(),
        ForeignKeyConstraint(["institution_id", "entry_id"], ["ledger_entry.institution_id", "ledger_entry.id"]),
        UniqueConstraint("institution_id", "id"),
        CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name="state"),
        Index(
            "ix_webhook_delivery_waiting",
            *("institution_id", "webhook_id", "subject", "position"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_webhook_delivery_due", "next_attempt_at", postgresql_where=text("state = 'waiting'")),
        Index(
            "ix_webhook_delivery_dead",
            *("institution_id", "webhook_id", "position"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index("ix_webhook_delivery_delivered", "delivered_at", postgresql_where=text("state = 'delivered'")),
    )

    webhook_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """Of the event in the ledger."""
    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    entry_id: Mapped[int] = mapped_column(BigInteger)
    subject: Mapped[General[str]]
    """What the event is about, such as `talent/<id>`: in whose order it is delivered."""
    state: Mapped[str]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(_MOMENT)
    last_attempt_at: Mapped[datetime | None] = mapped_column(_MOMENT)
    delivered_at: Mapped[datetime | None] = mapped_column(_MOMENT)
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    """Why there was no status."""
    last_excerpt: Mapped[str | None]
    """The beginning of what a receiver said that did not accept."""
