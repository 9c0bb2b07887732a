"""Movements between two cycles, and rehearsals of another rubric: who stands where before and after."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Internal


class MovementRunRow(InstitutionOwned, Base):
    """When the movement between two cycles was worked out, and from which inputs: by their digests it may be old."""

    __tablename__ = "movement_run"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
        ForeignKeyConstraint(["institution_id", "earlier_cycle_id"], ["cycle.institution_id", "cycle.id"]),
        ForeignKeyConstraint(["institution_id", "calculation_id"], ["calculation.institution_id", "calculation.id"]),
        CheckConstraint("cycle_id <> earlier_cycle_id", name="two_cycles"),
    )

    cycle_id: Mapped[UUID] = mapped_column(primary_key=True)
    earlier_cycle_id: Mapped[UUID] = mapped_column(primary_key=True)
    calculation_id: Mapped[UUID]
    calculated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    inputs_digest: Mapped[str]
    earlier_inputs_digest: Mapped[str]


class MovementRow(InstitutionOwned, Base):
    """The way of a talent from one published box to the other; null where there is none.

    `boxes` are those after data, rating and rubric were replaced (`domain.movement`), empty for who is not assessed in
    both cycles. The unit is that of the later cycle, of who left that of the earlier.
    """

    __tablename__ = "movement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "cycle_id", "earlier_cycle_id"],
            ["movement_run.institution_id", "movement_run.cycle_id", "movement_run.earlier_cycle_id"],
        ),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        UniqueConstraint("institution_id", "id"),
        Index(None, "institution_id", "cycle_id", "earlier_cycle_id", "cause"),
    )

    cycle_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    earlier_cycle_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    """Tells lists where to go on."""
    from_box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    to_box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    boxes: Mapped[General[list[int | None]]] = mapped_column(ARRAY(SmallInteger))
    cause: Mapped[General[str | None]]
    unit_id: Mapped[General[str | None]]
    unit_name: Mapped[General[str | None]]


class RehearsalRow(InstitutionOwned, Base):
    """Another rubric applied to a cohort: a cycle's frozen inputs, or the evidence on record. It places nobody."""

    __tablename__ = "rehearsal"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "id"], ["calculation.institution_id", "calculation.id"]),
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """That of its calculation."""
    cycle_id: Mapped[UUID | None]
    as_of: Mapped[date]
    rehearsed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    rubric_code: Mapped[str]
    rubric_version: Mapped[int]
    draft_revision: Mapped[int | None]
    """Of the draft that was rehearsed; null for a published version."""
    present_code: Mapped[str]
    """Of the rubric by which the cohort is placed at present."""
    present_version: Mapped[int]


class RehearsalCountRow(InstitutionOwned, Base):
    """How many people of a unit go from one box to another, or stay; null where not assessed."""

    __tablename__ = "rehearsal_count"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "rehearsal_id"], ["rehearsal.institution_id", "rehearsal.id"]),
    )

    rehearsal_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str | None]
    unit_name: Mapped[str | None]
    from_box: Mapped[int | None] = mapped_column(SmallInteger)
    to_box: Mapped[int | None] = mapped_column(SmallInteger)
    people: Mapped[int]


class RehearsalMoverRow(InstitutionOwned, Base):
    """Somebody whom the rubric would put into another box, or into one at all, or into none any more."""

    __tablename__ = "rehearsal_mover"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "rehearsal_id"], ["rehearsal.institution_id", "rehearsal.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("from_box IS DISTINCT FROM to_box", name="moves"),
        UniqueConstraint("institution_id", "id"),
    )

    rehearsal_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    """Tells lists where to go on."""
    unit_id: Mapped[General[str | None]]
    unit_name: Mapped[General[str | None]]
    from_box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    to_box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    performance_before: Mapped[General[int | None]] = mapped_column(BigInteger)
    potential_before: Mapped[General[int | None]] = mapped_column(BigInteger)
    performance_after: Mapped[General[int | None]] = mapped_column(BigInteger)
    potential_after: Mapped[General[int | None]] = mapped_column(BigInteger)
