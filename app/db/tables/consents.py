"""Consents: what talents agree to, for which purpose and until when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import General, Internal


class ConsentRow(InstitutionOwned, Base):
    """One consent; what it says never changes, its withdrawal is filled in."""

    __tablename__ = "consent"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("scope IN ('card', 'identified', 'dossier')", name="scope"),
        CheckConstraint("expires_at > given_at AND expires_at <= given_at + interval '2 years'", name="expiry"),
        Index(None, "institution_id", "talent_id"),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    scope: Mapped[General[str]]
    purpose: Mapped[General[str]]
    receiving_institution_id: Mapped[Internal[UUID | None]]
    """For which institution alone; null for any."""
    given_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
