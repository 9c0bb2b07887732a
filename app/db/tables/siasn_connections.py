"""How institutions reach SIASN: addresses in the clear, secrets sealed, and what came of the last trial."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Float, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General


class SiasnConnectionRow(Contested, InstitutionOwned, Base):
    """The one connection of an institution. What is sealed is opened by nothing but `app.auth.sealing`."""

    __tablename__ = "siasn_connection"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("gap_seconds >= 0", name="gap_seconds"),
        CheckConstraint("concurrency BETWEEN 1 AND 16", name="concurrency"),
        CheckConstraint("sync_every_hours BETWEEN 1 AND 168", name="sync_every_hours"),
    )

    api_base: Mapped[str]
    reference_base: Mapped[str | None]
    application_token_url: Mapped[str | None]
    sso_token_url: Mapped[str | None]
    consumer_key: Mapped[str | None]
    consumer_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    sso_client_id: Mapped[str | None]
    sso_username: Mapped[General[str | None]]
    """The NIP of the civil servant whose rights count."""
    sso_password: Mapped[bytes | None] = mapped_column(LargeBinary)
    sso_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    sso_token_lapses_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """As the token says, unverified; null where it says nothing."""
    sso_token_replaced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sso_token_replaced_by: Mapped[General[str | None]]
    headers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """`[{"name": …, "value": …}, …]`"""
    secret_headers: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The same as JSON, sealed."""
    secret_header_names: Mapped[list[str]] = mapped_column(ARRAY(Text))
    use_application_token: Mapped[bool]
    use_sso_token: Mapped[bool]
    gap_seconds: Mapped[float] = mapped_column(Float(53))
    concurrency: Mapped[int] = mapped_column(SmallInteger)
    timeout_seconds: Mapped[float] = mapped_column(Float(53))
    token_timeout_seconds: Mapped[float] = mapped_column(Float(53))
    max_age_hours: Mapped[int]
    sync_every_hours: Mapped[int | None] = mapped_column(SmallInteger)
    """How often a sync is started by itself; null: never."""
    histories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    pushes_placements: Mapped[bool]
    edited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    edited_by: Mapped[General[str]]


class SiasnTrialRow(InstitutionOwned, Base):
    """The last trial of a connection, step by step. It changes no setting."""

    __tablename__ = "siasn_trial"
    __columns_are__ = DataClass.INTERNAL

    tried_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    tried_by: Mapped[General[str]]
    succeeded: Mapped[bool]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """`[{"step": "ssoToken", "outcome": "failed", "code": "siasn.timeout", "status": null}, …]`"""
