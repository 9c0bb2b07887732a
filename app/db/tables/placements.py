"""Rubrics and where they place people: values in millionths of a point, one array element per leaf of the rubric."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned


class RubricRow(Base):
    """One version of a rubric, as it was written down. It never changes."""

    __tablename__ = "rubric"

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title_id: Mapped[str]
    title_en: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class RubricLeafRow(Base):
    """A leaf of a rubric, in the order of its placements' arrays (from 1). `weight` in points."""

    __tablename__ = "rubric_leaf"
    __table_args__ = (ForeignKeyConstraint(["rubric_code", "rubric_version"], ["rubric.code", "rubric.version"]),)

    rubric_code: Mapped[str] = mapped_column(primary_key=True)
    rubric_version: Mapped[int] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    axis: Mapped[str]
    component: Mapped[str]
    indicator: Mapped[str]
    leaf: Mapped[str]
    label_id: Mapped[str]
    label_en: Mapped[str]
    weight: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    item: Mapped[str | None]
    kind: Mapped[str | None]


class PlacementRow(InstitutionOwned, Base):
    """Where a rubric puts a talent, with what each leaf found. Null values are unknown, never zero."""

    __tablename__ = "placement"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["rubric_code", "rubric_version"], ["rubric.code", "rubric.version"]),
        CheckConstraint("box BETWEEN 1 AND 9", name="box"),
        CheckConstraint("(box IS NULL) = (performance IS NULL OR potential IS NULL)", name="box_needs_both_axes"),
        Index(None, "institution_id", "box"),
    )

    talent_id: Mapped[UUID] = mapped_column(primary_key=True)
    as_of: Mapped[date]
    rubric_code: Mapped[str]
    rubric_version: Mapped[int]
    performance: Mapped[int | None] = mapped_column(BigInteger)
    potential: Mapped[int | None] = mapped_column(BigInteger)
    performance_category: Mapped[str | None]
    potential_category: Mapped[str | None]
    box: Mapped[int | None] = mapped_column(SmallInteger)
    talent_value: Mapped[Decimal | None] = mapped_column(Numeric(12, 8))
    """Points, exact."""
    missing: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    found: Mapped[list[str | None]] = mapped_column(ARRAY(Text))
    scores: Mapped[list[int | None]] = mapped_column(ARRAY(Integer))
    points: Mapped[list[int | None]] = mapped_column(ARRAY(Integer))
    evidence_ids: Mapped[list[int | None]] = mapped_column(ARRAY(BigInteger))
    evidence_days: Mapped[list[date | None]] = mapped_column(ARRAY(Date))


class NationalBoxCountRow(Base):
    """How many people of an institution stand in a box (0: not assessed). Aggregates for national actors."""

    __tablename__ = "national_box_count"

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    box: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    people: Mapped[int]
