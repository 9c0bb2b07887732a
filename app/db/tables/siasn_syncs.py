"""Syncs with SIASN: how far each is, what became of each person, and contradictions that wait for a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General, Internal, Specific


class SiasnSyncRow(InstitutionOwned, Base):
    """One sync, and how far it is. Its ticks are no changes of data: they need no ledger entry.

    `position` is the ordinal of the last person who was taken over, committed with what was taken over.
    """

    __tablename__ = "siasn_sync"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "import_id"], ["import.institution_id", "import.id"]),
        CheckConstraint("state IN ('queued', 'running', 'paused', 'cancelled', 'succeeded')", name="state"),
        CheckConstraint("mode IN ('full', 'incremental')", name="mode"),
        CheckConstraint("(counts IS NULL) = (forgotten_at IS NULL)", name="counts"),
        Index(
            "ix_siasn_sync_finished_at",
            "finished_at",
            postgresql_where=text("finished_at IS NOT NULL AND forgotten_at IS NULL"),
        ),
        Index(None, "institution_id", "requested_at", "id"),
        Index(
            "uq_siasn_sync_open",
            "institution_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running', 'paused')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str]
    """Of whom: `everybody`, `unit` or `nips`."""
    unit_id: Mapped[str | None]
    mode: Mapped[str]
    histories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_dry_run: Mapped[bool]
    max_age_hours: Mapped[int | None]
    """Incremental: whom somebody has asked about within so many hours is left out."""
    state: Mapped[str]
    problem: Mapped[str | None]
    """Why it stopped by itself, as a code."""
    subject: Mapped[General[str]]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    heartbeat_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    run_id: Mapped[UUID | None]
    """Whoever carries it out: another one who has taken it up since may store nothing any more."""
    import_id: Mapped[UUID | None]
    """The origin of the evidence that it brings."""
    position: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int]
    working_ms: Mapped[int] = mapped_column(server_default=text("0"))
    """How long it has been at work altogether."""
    units_taken: Mapped[bool] = mapped_column(server_default=text("false"))
    units_changed: Mapped[int] = mapped_column(server_default=text("0"))
    unit_faults: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Units that were not taken: their id, a code, and what it is about."""
    counts: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    """How many people came of what, since nothing else of them is known any more."""
    forgotten_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SiasnSyncPersonRow(InstitutionOwned, Base):
    """What became of one person in a sync. Without an outcome it is still their turn to come."""

    __tablename__ = "siasn_sync_person"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "sync_id"], ["siasn_sync.institution_id", "siasn_sync.id"]),
        UniqueConstraint("institution_id", "sync_id", "ordinal"),
        Index(None, "institution_id", "nip", "done_at"),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    sync_id: Mapped[Internal[UUID]]
    ordinal: Mapped[Internal[int]]
    nip: Mapped[General[str]]
    outcome: Mapped[General[str | None]]
    done_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    endpoints: Mapped[Internal[list[dict[str, Any]]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Of each endpoint that was asked: its name, what it answered, when, and with how many rows."""
    changes: Mapped[General[list[dict[str, Any]]]] = mapped_column(JSONB, server_default=text("'[]'"))
    narrowed_changes: Mapped[Specific[list[dict[str, Any]]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """The same of sanctions and assessments."""
    unmapped: Mapped[Specific[list[dict[str, Any]]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """What nobody could read: where, and which code or name."""
    unread: Mapped[Internal[int]] = mapped_column(SmallInteger, server_default=text("0"))
    """How much of it there is."""
    failures: Mapped[Internal[int]] = mapped_column(SmallInteger, server_default=text("0"))
    conflicts: Mapped[Internal[int]] = mapped_column(SmallInteger, server_default=text("0"))
    """Those found for the first time by this sync."""


class SiasnConflictRow(Contested, InstitutionOwned, Base):
    """A value of theirs that contradicts a verified one of ours.

    `digest` is the SHA-256 of both sides: the same difference is not asked again until one of them changes.
    """

    __tablename__ = "siasn_conflict"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["institution_id", "sync_id"], ["siasn_sync.institution_id", "siasn_sync.id"]),
        CheckConstraint("reason IN ('submission', 'decree', 'import')", name="reason"),
        CheckConstraint("standing IN ('open', 'asked', 'decided', 'superseded')", name="standing"),
        CheckConstraint("decision IN ('keepOurs', 'takeTheirs', 'ask')", name="decision"),
        Index(None, "institution_id", "found_at", "id"),
        Index(
            "uq_siasn_conflict_waiting",
            "institution_id",
            "talent_id",
            "topic",
            unique=True,
            postgresql_where=text("standing IN ('open', 'asked')"),
        ),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    sync_id: Mapped[Internal[UUID]]
    topic: Mapped[Internal[str]]
    """What it is about: `rw-diklat:<their id of the row>`, or `post`."""
    kind: Mapped[Internal[str | None]]
    """The kind of evidence; null where it is about the post that somebody holds."""
    row_key: Mapped[Internal[UUID | None]]
    """What their row would be as evidence."""
    reason: Mapped[Internal[str]]
    differences: Mapped[Specific[list[dict[str, Any]]]] = mapped_column(JSONB)
    """Field by field what each side says, as text."""
    digest: Mapped[Internal[str]]
    found_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    standing: Mapped[Internal[str]]
    decision: Mapped[Internal[str | None]]
    asked_whom: Mapped[General[str | None]]
    note: Mapped[General[str | None]]
    decided_by: Mapped[General[str | None]]
    decided_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
