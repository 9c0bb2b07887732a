"""Who wants to move, and the counts of demand and supply that are kept from it and from the registries of posts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General, Internal, Specific


class MobilityListingRow(InstitutionOwned, Base):
    """A talent is listed as one who wants to move, as long as the consent lasts. Withdrawn, it is deleted.

    Where they stand is kept beside it by triggers, so that what a change adds to the counts and takes from them is
    known from the row alone.
    """

    __tablename__ = "mobility_listing"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["institution_id", "consent_id"], ["consent.institution_id", "consent.id"]),
        CheckConstraint("horizon_months BETWEEN 0 AND 60", name="horizon_months"),
        Index(None, "expires_at"),
        Index("ix_mobility_listing_institution_id_consent_id", "institution_id", "consent_id"),
    )

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    consent_id: Mapped[Internal[UUID]]
    listed_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    """With the consent."""
    provinces_wanted: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    provinces_excluded: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    institutions_wanted: Mapped[General[list[UUID]]] = mapped_column(ARRAY(Uuid))
    institutions_excluded: Mapped[General[list[UUID]]] = mapped_column(ARRAY(Uuid))
    """They do not see the card."""
    horizon_months: Mapped[General[int]] = mapped_column(SmallInteger)
    moves: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """`lateral`, `promotion`."""
    levels: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """Of posts wished for: as named, or what the moves come to from the level held."""
    government_affairs: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """Of posts wished for; none: any."""
    grounds: Mapped[Specific[list[str]]] = mapped_column(ARRAY(Text))
    """Codes alone, and never shown to anybody else: one of them says that there is something about health."""
    destinations: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """The provinces that it comes to, all but the excluded where none was named; blank: of an institution in none."""
    home_province: Mapped[General[str]]
    """Of the institution; blank where it is in none."""
    home_level: Mapped[General[str | None]]
    home_affair: Mapped[General[str | None]]
    job_family: Mapped[General[str | None]]


class MobilityPostSeatRow(Base):
    """What a post was last counted for. The application reaches it through functions alone, as the other two."""

    __tablename__ = "mobility_post_seat"
    __columns_are__ = DataClass.INTERNAL

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    province: Mapped[str]
    level: Mapped[str]
    government_affair: Mapped[str]
    job_family: Mapped[str]
    empty: Mapped[int]
    free_on: Mapped[list[date]] = mapped_column(ARRAY(Date))
    """The days on which its holders retire and free a seat; they are the first of a month."""


class MobilityCountRow(Base):
    """Counts of the nation, by province and by a value of one dimension.

    People who want to come and to go, seats that are empty, and those that will be by `MobilityForesightRow.until`.
    Blank is unknown or not said; `*` stands for all, of people who want to come, as somebody counts once among all.
    """

    __tablename__ = "mobility_count"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        Index(
            "ix_mobility_count_asked",
            "province",
            "value",
            postgresql_where=text("dimension = 'post' AND wanting_in >= 5 AND empty_seats <= 0"),
        ),
    )

    dimension: Mapped[str] = mapped_column(primary_key=True)
    """`positionLevel`, `governmentAffair`, `jobFamily`, or `post`: level and affair, with a slash between them."""
    province: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    wanting_in: Mapped[int]
    wanting_out: Mapped[int]
    empty_seats: Mapped[int]
    freed_seats: Mapped[int]


class MobilityFreedSeatRow(Base):
    """How many seats holders free on a day, as they retire."""

    __tablename__ = "mobility_freed_seat"
    __columns_are__ = DataClass.INTERNAL

    dimension: Mapped[str] = mapped_column(primary_key=True)
    free_on: Mapped[date] = mapped_column(Date, primary_key=True)
    province: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class MobilityForesightRow(Base):
    """The one day until which seats that will be free are summed up: what most ask for, a year ahead."""

    __tablename__ = "mobility_foresight"
    __columns_are__ = DataClass.INTERNAL

    until: Mapped[date] = mapped_column(Date, primary_key=True)


class MobilityCountChangeRow(Base):
    """What has changed in the counts and is not added to them yet: rows are only ever added and folded.

    Kinds: `in`, `out`, `empty` and `freed`. `free_on` is of a seat that will be; of all else the beginning of time.
    """

    __tablename__ = "mobility_count_change"
    __columns_are__ = DataClass.INTERNAL

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dimension: Mapped[str]
    free_on: Mapped[date] = mapped_column(Date)
    kind: Mapped[str]
    province: Mapped[str]
    value: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
