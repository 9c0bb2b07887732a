"""Objections: what a talent objects to, and the written answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKeyConstraint, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import General, Internal


class ObjectionRow(Contested, InstitutionOwned, Base):
    """One objection to one's own placement; boxes as published before and after the answer."""

    __tablename__ = "objection"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "cycle_id"], ["cycle.institution_id", "cycle.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("(state = 'open') = (answer IS NULL)", name="answered_in_writing"),
        Index(None, "institution_id", "cycle_id", "raised_at", "id"),
        Index(
            "uq_objection_open",
            "institution_id",
            "cycle_id",
            "talent_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    cycle_id: Mapped[Internal[UUID]]
    talent_id: Mapped[General[UUID]]
    text: Mapped[General[str]]
    items: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """The items of completeness it is about."""
    state: Mapped[Internal[str]]
    raised_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    box_before: Mapped[General[int | None]] = mapped_column(SmallInteger)
    box_after: Mapped[General[int | None]] = mapped_column(SmallInteger)
    answer: Mapped[General[str | None]]
    answered_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[General[str | None]]
    answered_role: Mapped[General[str | None]]
