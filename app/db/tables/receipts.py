"""View receipts: one append-only row for every look at a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.classes import General, Internal


class ViewReceiptRow(Base):
    """Who looked at what of whom, when and why. It belongs to the institution of the person who was looked at.

    Written by the statement that read the person, under the same policy: it needs no foreign keys, whose locks would
    make readers wait for each other.
    """

    __tablename__ = "view_receipt"

    institution_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    id: Mapped[Internal[int]] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    seen_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True), server_default=func.now())
    role: Mapped[General[str]]
    subject: Mapped[General[str]]
    purpose: Mapped[General[str]]
    document: Mapped[General[str]]
    """What was looked at: the type of the document, such as `Talent`."""
    viewer_institution: Mapped[General[str | None]]
    """The name of the institution that looked; null for the own one."""
    disclosure_id: Mapped[Internal[UUID | None]]
    """The disclosure that allowed another institution to look."""
    request_id: Mapped[Internal[str | None]]
