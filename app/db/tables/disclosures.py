"""Disclosures: who asks for the person behind a card, and what the origin and the person say to it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import General, Internal


class DisclosureRow(InstitutionOwned, Base):
    """One request and its answers. It belongs to the origin; the institution that asks reads it.

    It asks through a function that looks up whose card it is and does not tell; more of it, it may not write.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["institution_id", "consent_id"], ["consent.institution_id", "consent.id"]),
        CheckConstraint("tier IN ('identified', 'dossier')", name="tier"),
        CheckConstraint("state IN ('requested', 'open', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("tier <> 'dossier' OR request_number IS NOT NULL", name="formal"),
        CheckConstraint(
            "state <> 'open' OR num_nonnulls(released_at, consent_id, opened_at, expires_at) = 4", name="both_agreed"
        ),
        CheckConstraint("(state IN ('refused', 'withdrawn')) = (closed_at IS NOT NULL)", name="closed"),
        Index(None, "receiving_institution_id", "requested_at", "id"),
        Index(None, "institution_id", "talent_id"),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    card_id: Mapped[Internal[UUID]]
    receiving_institution_id: Mapped[Internal[UUID]]
    receiving_institution: Mapped[Internal[str]]
    """Its name, which the origin could not look up."""
    tier: Mapped[Internal[str]]
    purpose: Mapped[Internal[str]]
    reason: Mapped[General[str]]
    request_number: Mapped[Internal[str | None]]
    """The number of the formal request for a dossier."""
    requested_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    requested_by: Mapped[General[str]]
    requested_role: Mapped[Internal[str]]
    state: Mapped[Internal[str]]
    released_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    released_by: Mapped[General[str | None]]
    release_comment: Mapped[General[str | None]]
    days: Mapped[Internal[int | None]] = mapped_column(SmallInteger)
    """For how many days the origin releases it."""
    consent_id: Mapped[Internal[UUID | None]]
    opened_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[General[str | None]]
    closed_role: Mapped[Internal[str | None]]
    closed_comment: Mapped[General[str | None]]
