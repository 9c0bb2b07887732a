"""Rule sets: how posts of a level are filled, version by version."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.classes import DataClass


class RuleSetRow(Base):
    """One version of a rule set as it was written down; it never changes.

    Shipped rule sets belong to nobody; an institution reads them and its own, whose codes end in `@` and its id.
    """

    __tablename__ = "rule_set"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("(institution_id IS NULL) = (code NOT LIKE '%@%')", name="own_code"),
        CheckConstraint("code LIKE '%@' || left(institution_id::text, 8)", name="code_of_institution"),
        ForeignKeyConstraint(["based_on_code", "based_on_version"], ["rule_set.code", "rule_set.version"]),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    level: Mapped[str]
    title_id: Mapped[str]
    title_en: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    based_on_code: Mapped[str | None]
    based_on_version: Mapped[int | None]
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    is_for_level: Mapped[bool] = mapped_column(server_default=true())
    """Whether posts of the level are filled by it unless somebody says; if not, only where it is named."""
