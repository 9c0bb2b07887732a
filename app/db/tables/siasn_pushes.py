"""Placements handed over to SIASN, and the receipt of each person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Internal


class SiasnPushRow(InstitutionOwned, Base):
    """One handing over of a confirmed cycle. Its ticks are no changes of data; its begin and end are in the ledger."""

    __tablename__ = "siasn_push"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
        Index(
            None,
            "institution_id",
            "cycle_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index(None, "institution_id", "queued_at", "id"),
        UniqueConstraint("institution_id", "id", "cycle_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cycle_id: Mapped[UUID]
    state: Mapped[str]
    repeats_unknown: Mapped[bool]
    """Whether somebody has said that what may have arrived is to be sent again."""
    subject: Mapped[General[str]]
    queued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    heartbeat_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    run_id: Mapped[UUID | None]
    """Whoever carries it out: another one who has taken it up since sends nobody any more."""
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Why it ended early: `{"code": …, "id": …, "en": …}`."""


class SiasnReceiptRow(InstitutionOwned, Base):
    """What was handed over of one person, as it was sent, and what SIASN said to it.

    Of a person and a cycle one row at most was accepted or is on its way.
    """

    __tablename__ = "siasn_receipt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "push_id", "cycle_id"],
            ["siasn_push.institution_id", "siasn_push.id", "siasn_push.cycle_id"],
        ),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("box BETWEEN 1 AND 9", name="box"),
        Index(
            None,
            "institution_id",
            "cycle_id",
            "talent_id",
            unique=True,
            postgresql_where=text("outcome IN ('sending', 'accepted')"),
        ),
        UniqueConstraint("institution_id", "id"),
        Index(None, "institution_id", "talent_id"),
    )

    push_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    """Tells receipts of a talent apart where lists go on after one."""
    cycle_id: Mapped[Internal[UUID]]
    outcome: Mapped[Internal[str]]
    code: Mapped[Internal[str | None]]
    """Why it was not sent, or why nobody knows what came of it."""
    box: Mapped[General[int]] = mapped_column(SmallInteger)
    x: Mapped[General[str | None]]
    y: Mapped[General[str | None]]
    total: Mapped[General[str | None]]
    """In points with two decimals, as text: as they are sent."""
    siasn_id: Mapped[General[str | None]]
    """SIASN's id of what it has taken."""
    message: Mapped[General[str | None]]
    """SIASN's words, without numbers of people."""
    sent_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
