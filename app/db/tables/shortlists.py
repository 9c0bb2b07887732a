"""Shortlists: whom the committee proposes, whom it passed over and why, and what the appointing authority decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import General, Internal


class ShortlistRow(InstitutionOwned, Base):
    """The committee's proposal for a vacancy, from one of its rankings."""

    __tablename__ = "shortlist"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["vacancy.institution_id", "vacancy.id"]),
        ForeignKeyConstraint(["institution_id", "ranking_id"], ["ranking.institution_id", "ranking.id"]),
    )

    vacancy_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    ranking_id: Mapped[Internal[UUID]]
    proposed_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[Internal[str]]
    comment: Mapped[General[str | None]]


class ShortlistEntryRow(InstitutionOwned, Base):
    """Somebody proposed (`place` from 1), or passed over although ranked better (`place` null, with a reason)."""

    __tablename__ = "shortlist_entry"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["shortlist.institution_id", "shortlist.vacancy_id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        UniqueConstraint("institution_id", "vacancy_id", "place"),
        CheckConstraint("(place IS NULL) = (reason_code IS NOT NULL)", name="place_or_reason"),
    )

    vacancy_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    candidate_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    position: Mapped[General[int | None]]
    """In the ranking; null where points are unknown."""
    place: Mapped[General[int | None]] = mapped_column(SmallInteger)
    reason_code: Mapped[General[str | None]]
    reason: Mapped[General[str | None]]


class VacancyDecisionRow(InstitutionOwned, Base):
    """Whom the appointing authority chose from the shortlist; passing over a better place needs a reason."""

    __tablename__ = "vacancy_decision"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["shortlist.institution_id", "shortlist.vacancy_id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("place = 1 OR reason_code IS NOT NULL", name="reason"),
        CheckConstraint("decided_by IN ('appointingAuthority', 'president')", name="decided_by"),
    )

    vacancy_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    place: Mapped[General[int]] = mapped_column(SmallInteger)
    reason_code: Mapped[General[str | None]]
    reason: Mapped[General[str | None]]
    decided_by: Mapped[General[str]]
    """The appointing authority itself, or the President through it."""
    decided_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[Internal[str]]
