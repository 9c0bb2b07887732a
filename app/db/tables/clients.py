"""Integration clients of institutions, and the hashes of their secrets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General


class ClientRow(InstitutionOwned, Base):
    """A system of an institution that may ask for tokens.

    Its id is unique in the nation: when it asks, nothing else is known of it.
    """

    __tablename__ = "client"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (UniqueConstraint("client_id"), Index(None, "institution_id", "name", "client_id"))

    client_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    institutions: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Whose cards and disclosures it may ask for."""
    data_sharing_agreement: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[General[str]]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[General[str | None]]


class ClientSecretRow(InstitutionOwned, Base):
    """One secret of a client; it lives until `expires_at`, or as long as nobody rotates it."""

    __tablename__ = "client_secret"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "client_id"], ["client.institution_id", "client.client_id"]),
        Index(None, "institution_id", "client_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of 256 random bits, which stand nowhere."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[General[str]]
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
