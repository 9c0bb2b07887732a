"""Shortlists: whom the committee proposes, whom it passed over and why, and what the appointing authority decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Integer, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Internal, Specific


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


class PassedOverGroupRow(InstitutionOwned, Base):
    """Everybody of a group who could be ranked better and is passed over with one reason for all of them."""

    __tablename__ = "passed_over_group"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["shortlist.institution_id", "shortlist.vacancy_id"]),
        CheckConstraint("who IN ('toVerify', 'unknownPoints')", name="who"),
        CheckConstraint("people > 0", name="people"),
    )

    vacancy_id: Mapped[UUID] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int] = mapped_column(Integer)
    """How many they are, those with an entry of their own left out."""
    reason_code: Mapped[str]
    reason: Mapped[str | None]


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


class DecisionCheckRow(InstitutionOwned, Base):
    """What was looked at once more about somebody before a step was taken. The application adds rows and changes none.

    The requirements are those of the vacancy's rule set; the facts are those on record at that moment.
    """

    __tablename__ = "decision_check"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["vacancy.institution_id", "vacancy.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("state IN ('shortlisted', 'decided', 'decreed', 'effective')", name="state"),
    )

    vacancy_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    state: Mapped[Internal[str]] = mapped_column(primary_key=True)
    """That the step led to."""
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    candidate_id: Mapped[Internal[UUID]]
    checked_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    day: Mapped[Internal[date]]
    """The day that ages, times and sanctions were looked at for."""
    as_of: Mapped[Internal[date]]
    """The day of the map whose facts were used."""
    facts: Mapped[Specific[dict[str, Any]]] = mapped_column(JSONB)
    """The target, the facts about the person and the words of those who saw documents."""
    findings: Mapped[Specific[list[dict[str, Any]]]] = mapped_column(JSONB)
    """Of each requirement: its field and label, what was found, and whether a document decided. All are met."""
    digest: Mapped[Internal[str]]
    """SHA-256, in hexadecimal, over all of it."""
