"""Keys under which somebody writes at most once, and the answers that are given again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Index, LargeBinary, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import General, Internal, Specific


class IdempotencyKeyRow(InstitutionOwned, Base):
    """One request: claimed before the work, committed together with what it writes, answered afterwards.

    It belongs to the request `request_id`; another one takes it over where that one came to nothing. The body may
    hold people, whoever they are: only the same subject is ever shown it, and it is forgotten after a day.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (Index(None, "institution_id", "expires_at"),)

    subject: Mapped[General[str]] = mapped_column(primary_key=True)
    key: Mapped[Internal[str]] = mapped_column(primary_key=True)
    fingerprint: Mapped[Internal[bytes]] = mapped_column(LargeBinary)
    """SHA-256 over what was asked for."""
    request_id: Mapped[Internal[str]]
    claimed_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    committed_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    """Stands only if the transaction of the work does."""
    answered_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    status: Mapped[Internal[int | None]] = mapped_column(SmallInteger)
    """Null in an answered row: the work was committed, and its answer is lost."""
    headers: Mapped[Internal[dict[str, str] | None]] = mapped_column(JSONB)
    body: Mapped[Specific[bytes | None]] = mapped_column(LargeBinary)
    """Null beside a status: the answer must not be kept."""
