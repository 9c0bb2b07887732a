"""The ledger: one append-only row per change, and the chain that its entries are links of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Internal


class LedgerEntryRow(InstitutionOwned, Base):
    """What happened: who, when, why, what about whom. `transaction` is PostgreSQL's (xid8, kept as text here).

    The application may write every column but those with a default of the server.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (Index(None, "institution_id", "about_id", "id"),)

    id: Mapped[Internal[int]] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    recorded_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True), server_default=func.now())
    role: Mapped[General[str]]
    subject: Mapped[General[str]]
    purpose: Mapped[General[str | None]]
    """Why somebody looked, where they said so."""
    type: Mapped[Internal[str]]
    about_type: Mapped[Internal[str | None]]
    about_id: Mapped[General[str | None]]
    """What the event is about, such as `talent` and the talent's id."""
    payload: Mapped[General[dict[str, Any]]] = mapped_column(JSONB)
    before: Mapped[General[dict[str, Any] | None]] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[General[dict[str, Any] | None]] = mapped_column(JSONB(none_as_null=True))
    """What an event changed, value by value; null where nothing was there before, or is afterwards."""
    request_id: Mapped[Internal[str | None]]
    transaction: Mapped[Internal[str]] = mapped_column(index=True, server_default=text("pg_current_xact_id()::text"))


class LedgerLinkRow(InstitutionOwned, Base):
    """The place of an entry in the chain, which runs through all institutions; only `chain_ledger()` writes it."""

    __tablename__ = "ledger_link"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "entry_id"], ["ledger_entry.institution_id", "ledger_entry.id"]),
        UniqueConstraint("position"),
        Index(None, "institution_id", "position"),
    )

    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]
    """SHA-256 over the entry, this place and the hash before it (docs/ledger.md)."""
    chained_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
