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
    ForeignKey,
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
from app.db.classes import DataClass, General, Internal, Specific


class RubricRow(Base):
    """One version of a rubric, as it was written down. It never changes: the application can only publish further ones.

    Shipped rubrics belong to nobody; an institution reads them and its own.
    """

    __tablename__ = "rubric"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (CheckConstraint("(institution_id IS NULL) = (code NOT LIKE '%@%')", name="own_code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id", use_alter=True))
    title_id: Mapped[str]
    title_en: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class RubricLeafRow(Base):
    """A leaf of one of a rubric's trees, in the order of its placements' arrays (from 1). `weight` in points."""

    __tablename__ = "rubric_leaf"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (ForeignKeyConstraint(["rubric_code", "rubric_version"], ["rubric.code", "rubric.version"]),)

    rubric_code: Mapped[str] = mapped_column(primary_key=True)
    rubric_version: Mapped[int] = mapped_column(primary_key=True)
    variant: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
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


class Calculated:
    """What a calculation finds about a talent. Null values are unknown, never zero."""

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    as_of: Mapped[Internal[date]]
    rubric_code: Mapped[Internal[str]]
    rubric_version: Mapped[Internal[int]]
    variant: Mapped[Internal[int]] = mapped_column(SmallInteger)
    """Which of the rubric's trees: 0 for its own, else the number of the variant for the talent's target level."""
    performance: Mapped[General[int | None]] = mapped_column(BigInteger)
    potential: Mapped[General[int | None]] = mapped_column(BigInteger)
    performance_lowest: Mapped[General[int]] = mapped_column(BigInteger)
    performance_highest: Mapped[General[int]] = mapped_column(BigInteger)
    potential_lowest: Mapped[General[int]] = mapped_column(BigInteger)
    potential_highest: Mapped[General[int]] = mapped_column(BigInteger)
    performance_category: Mapped[General[str | None]]
    potential_category: Mapped[General[str | None]]
    box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    reachable: Mapped[General[list[int]]] = mapped_column(ARRAY(SmallInteger))
    """The boxes that some completion of the evidence leads to, ascending; the box itself where nothing is missing."""
    decided_box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    """The only reachable box, also in spite of missing evidence."""
    talent_value: Mapped[General[Decimal | None]] = mapped_column(Numeric(12, 8))
    """Points, exact."""
    missing: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    decides: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """Smallest sets of missing items, such as `a+b`, that leave one box whatever they turn out to be."""
    may_decide: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """Smallest sets of missing items that leave one box if they turn out well or badly enough."""
    lowest_rung: Mapped[General[str | None]]
    """The lowest rung of the evidence ladder among the rows used; null where no row was used."""
    oldest_evidence: Mapped[Specific[date | None]]
    """The day of a single row, which may be a sanction."""
    reasons: Mapped[Specific[list[str]]] = mapped_column(ARRAY(Text))
    """As everything about single leaves: who knows the rubric reads a sanction or a level off its score."""
    found: Mapped[Specific[list[str | None]]] = mapped_column(ARRAY(Text))
    scores: Mapped[Specific[list[int | None]]] = mapped_column(ARRAY(Integer))
    points: Mapped[Specific[list[int | None]]] = mapped_column(ARRAY(Integer))
    evidence_ids: Mapped[Specific[list[int | None]]] = mapped_column(ARRAY(BigInteger))
    evidence_days: Mapped[Specific[list[date | None]]] = mapped_column(ARRAY(Date))


class PlacementRow(Calculated, InstitutionOwned, Base):
    """Where the active rubric puts a talent by the evidence on record: the working map, made anew by every change."""

    __tablename__ = "placement"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["rubric_code", "rubric_version"], ["rubric.code", "rubric.version"]),
        CheckConstraint("box BETWEEN 1 AND 9", name="box"),
        CheckConstraint("(box IS NULL) = (performance IS NULL OR potential IS NULL)", name="box_needs_both_axes"),
        Index(None, "institution_id", "box"),
    )
