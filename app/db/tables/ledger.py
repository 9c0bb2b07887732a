"""The ledger: one append-only row per change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned


class LedgerEntryRow(InstitutionOwned, Base):
    """What happened: who, when, what. `transaction` is PostgreSQL's transaction id (xid8, kept as text here)."""

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    role: Mapped[str]
    subject: Mapped[str]
    type: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    transaction: Mapped[str] = mapped_column(index=True, server_default=text("pg_current_xact_id()::text"))
