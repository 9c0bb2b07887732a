"""Cycles: their phases, the inputs frozen in them, where they place everybody, and the calculations under way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General, Internal, Specific
from app.db.tables.placements import Calculated


class CycleRow(Contested, InstitutionOwned, Base):
    """One mapping of the institution's people as of a day by one version of a rubric."""

    __tablename__ = "cycle"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        UniqueConstraint("institution_id", "name"),
        ForeignKeyConstraint(["rubric_code", "rubric_version"], ["rubric.code", "rubric.version"]),
        Index(None, "institution_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    as_of: Mapped[date]
    rubric_code: Mapped[str]
    rubric_version: Mapped[int]
    phase: Mapped[str]
    calibration_until: Mapped[date | None]
    objection_until: Mapped[date | None]
    confirmation_until: Mapped[date | None]
    guideline: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Advisory shares: `[{"boxes": [7, 8, 9], "share": 20}, …]`, in per cent of the assessed."""
    origin: Mapped[str] = mapped_column(server_default="calculated")
    inputs_digest: Mapped[str | None]
    """SHA-256 over the digests of all frozen inputs in their sequence; null before the first calculation."""
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[General[str | None]]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CyclePhaseRow(InstitutionOwned, Base):
    """When a cycle entered a phase, and who moved it there."""

    __tablename__ = "cycle_phase"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),)

    cycle_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    phase: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[General[str]]


class CycleInputRow(InstitutionOwned, Base):
    """What the rubric looked at for a batch of talents, as it was then; of a talent the highest sequence counts."""

    __tablename__ = "cycle_input"
    __table_args__ = (ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),)

    cycle_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    sequence: Mapped[Internal[int]] = mapped_column(primary_key=True)
    talents: Mapped[General[list[UUID]]] = mapped_column(ARRAY(Uuid))
    """In the order of `content` (`kernels.frozen`)."""
    content: Mapped[Specific[bytes]] = mapped_column(LargeBinary)
    digest: Mapped[Internal[str]]
    """SHA-256 over the talents' ids and the content."""


class CyclePlacementRow(Calculated, InstitutionOwned, Base):
    """Where a cycle places a talent: calculated from frozen inputs, and perhaps moved by the committee.

    The published box is the calibrated one where there is one, else the calculated one. Unit and level are those of
    the day of calculation, so that the past stays readable when people move.
    """

    __tablename__ = "cycle_placement"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("box BETWEEN 1 AND 9", name="box"),
        CheckConstraint("calibrated_box BETWEEN 1 AND 9", name="calibrated_box"),
        CheckConstraint("calibrated_box IS NULL OR box IS NOT NULL", name="only_the_assessed_are_moved"),
        Index(None, "institution_id", "cycle_id", "calibrated_box", "box"),
        UniqueConstraint("institution_id", "id"),
        Index(None, "institution_id", "talent_id"),
    )

    cycle_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    """Tells placements of a talent in several cycles apart where lists go on after one."""
    input_sequence: Mapped[Internal[int]] = mapped_column(Integer)
    calibrated_box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    unit_id: Mapped[General[str | None]]
    unit_name: Mapped[General[str | None]]
    position_level: Mapped[General[str | None]]


class CalculationRow(InstitutionOwned, Base):
    """One run of a calculation, and how far it is. Its ticks are no changes of data: they need no ledger entry."""

    __tablename__ = "calculation"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
        Index(None, "institution_id", "cycle_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    cycle_id: Mapped[UUID | None]
    rubric_code: Mapped[str]
    rubric_version: Mapped[int]
    state: Mapped[str]
    done: Mapped[int]
    total: Mapped[int]
    """People to go through; 0 as long as nobody has counted them."""
    subject: Mapped[General[str]]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    heartbeat_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    result: Mapped[General[dict[str, Any] | None]] = mapped_column(JSONB)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Why it failed: `{"code": …, "id": …, "en": …}`."""
