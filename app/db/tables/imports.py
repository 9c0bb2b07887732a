"""Imports: what was delivered, when, by whom, and every refused row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Specific


class ImportRow(InstitutionOwned, Base):
    """One import. `digest` is the SHA-256 over the contents of the files; `report` counts rows per sheet."""

    __tablename__ = "import"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (Index(None, "institution_id", "started_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    as_of: Mapped[date]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    digest: Mapped[str]
    report: Mapped[Specific[dict[str, Any]]] = mapped_column(JSONB)


class ImportRefusalRow(InstitutionOwned, Base):
    """One refused row and its first offending cell, with the sentence in both languages."""

    __tablename__ = "import_refusal"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (ForeignKeyConstraint(["institution_id", "import_id"], ["import.institution_id", "import.id"]),)

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str]
    sheet: Mapped[str]
    row: Mapped[int]
    column: Mapped[str]
    value: Mapped[Specific[str | None]]
    code: Mapped[str]
    detail_id: Mapped[General[str]]
    detail_en: Mapped[General[str]]
