"""Who may ask us as they ask SIASN: accounts of people with a client, their tokens, and grants across institutions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Internal


class SiasnAccountRow(InstitutionOwned, Base):
    """A person of the institution who signs in for one of its clients; `hash` is that of the present secret.

    `generation` counts the secrets: a token had with an earlier one counts no more.
    """

    __tablename__ = "siasn_account"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "client_id"], ["client.institution_id", "client.client_id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        Index(
            "ix_siasn_account_live",
            *("institution_id", "client_id", "talent_id"),
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(None, "institution_id", "created_at", "id"),
        Index(None, "institution_id", "talent_id"),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    client_id: Mapped[Internal[str]]
    talent_id: Mapped[General[UUID]]
    hash: Mapped[Internal[bytes]] = mapped_column(LargeBinary)
    """SHA-256 of 256 random bits, which stand nowhere."""
    generation: Mapped[Internal[int]] = mapped_column(SmallInteger)
    created_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[General[str]]
    secret_made_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[General[str | None]]


class SiasnSignInRow(InstitutionOwned, Base):
    """How signing in to an account went: wrong secrets in a row, until when it is locked, when it last succeeded.

    Here, so that every process of the installation counts on. Refusals and locks are entries of the ledger besides.
    """

    __tablename__ = "siasn_sign_in"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "account_id"], ["siasn_account.institution_id", "siasn_account.id"]),
    )

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    succeeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SiasnTokenRow(InstitutionOwned, Base):
    """A token that was issued to an account beforehand; it counts until it ends or is revoked."""

    __tablename__ = "siasn_token"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "account_id"], ["siasn_account.institution_id", "siasn_account.id"]),
        Index(None, "institution_id", "account_id", "issued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    issued_by: Mapped[General[str]]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[General[str | None]]


class DataSharingGrantRow(InstitutionOwned, Base):
    """What an institution lets a client of another one read of its people, on what grounds and until when.

    It belongs to the origin; the institution that receives reads it. Without `histories` it is all of them but
    `rw-hukdis`, which counts only where it is named.
    """

    __tablename__ = "data_sharing_grant"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("receiving_institution_id <> institution_id", name="across"),
        CheckConstraint("expires_at > granted_at", name="expiry"),
        CheckConstraint("cardinality(histories) > 0", name="histories"),
        Index(None, "institution_id", "granted_at", "id"),
        Index(None, "receiving_institution_id", "client_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin: Mapped[str]
    """Its name, which the institution that receives could not look up."""
    receiving_institution_id: Mapped[UUID]
    receiving_institution: Mapped[str]
    """Its name, which the origin could not look up."""
    client_id: Mapped[str]
    agreement: Mapped[str]
    """Number of the data-sharing agreement."""
    basis: Mapped[str]
    histories: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    granted_by: Mapped[General[str]]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[General[str | None]]
