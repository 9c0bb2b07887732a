"""Drafts of rubrics: what an institution edits until it activates it. Published versions are in `placements`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General


class RubricDraftRow(Contested, InstitutionOwned, Base):
    """A version of an institution's own rubric before it is activated; then it becomes a row of `rubric`."""

    __tablename__ = "rubric_draft"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (CheckConstraint("code LIKE '%@' || left(institution_id::text, 8)", name="own_code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title_id: Mapped[str]
    title_en: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    copied_from_code: Mapped[str]
    copied_from_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[General[str]]
    edited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    edited_by: Mapped[General[str]]
