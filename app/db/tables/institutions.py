"""Institutions and their units."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, ForeignKeyConstraint, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned


class InstitutionRow(Base):
    """An employing government body. `as_of`, `rubric_code` and `rubric_version` say what its present map shows."""

    __tablename__ = "institution"
    __table_args__ = (ForeignKeyConstraint(["rubric_code", "rubric_version"], ["rubric.code", "rubric.version"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    """The name without differences of case and spacing."""
    siasn_id: Mapped[str | None]
    as_of: Mapped[date | None]
    rubric_code: Mapped[str | None]
    rubric_version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class OrgUnitRow(InstitutionOwned, Base):
    """A unit of an institution. `path` lists the ids from the root to the unit itself."""

    __tablename__ = "org_unit"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[str | None]
    path: Mapped[list[str]] = mapped_column(ARRAY(Text))
