"""The standing of an institution: index values by year, and the regulations and committees its mapping rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass


class IndexValueRow(InstitutionOwned, Base):
    """The value of an index in a year, with its grade, as its publisher states them."""

    __tablename__ = "index_value"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (CheckConstraint("code IN ('nspk', 'merit')", name="code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    value: Mapped[Decimal] = mapped_column(Numeric(9, 4))
    grade: Mapped[str]
    source: Mapped[str | None]


class RegulationReferenceRow(Contested, InstitutionOwned, Base):
    """A regulation that the mapping rests on, or the committee that decides."""

    __tablename__ = "regulation_reference"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (CheckConstraint("kind IN ('regulation', 'committee')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    """Number or name, such as `Perwako Dumai 11/2023`."""
    title: Mapped[str]
    dated: Mapped[date | None]
    text: Mapped[str | None]
    """An address, or what else helps to find it."""
