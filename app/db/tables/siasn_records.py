"""What SIASN told: its rows about a person in its own words, but for what is never to be kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, TalentOwned
from app.db.classes import General, Internal, Specific


class SiasnRecordRow(TalentOwned, Base):
    """One row of one history (`rw-jabatan`), or of `data-utama`, as SIASN last told it.

    A row that a successful reply with other rows no longer has is withdrawn, never deleted. `kind` and `row_key` name
    the row of evidence that it stands in for; null where nothing of ours is made of it.
    """

    __tablename__ = "siasn_record"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("(kind IS NULL) = (row_key IS NULL)", name="kind_and_row_key"),
        Index(None, "institution_id", "talent_id", "kind", "row_key"),
        Index(None, "institution_id", "row_id"),
    )

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    history: Mapped[Internal[str]] = mapped_column(primary_key=True)
    """The endpoint's last word but the employee number: `data-utama`, `rw-jabatan`, `nilaiipasn` …"""
    row_id: Mapped[Internal[str]] = mapped_column(primary_key=True)
    """SIASN's id of the row; text of up to 42 characters, never a UUID for sure."""
    body: Mapped[Specific[dict[str, Any]]] = mapped_column(JSONB)
    """The keys that may be kept, spelt as SIASN spells them."""
    digest: Mapped[Internal[str]]
    """SHA-256 of the body, by which a change is known."""
    fetched_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    kind: Mapped[Internal[str | None]]
    row_key: Mapped[Internal[UUID | None]]
