"""The registry of posts: what each asks and how many seats are funded, who holds them, and what units work at."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General, Internal


class PostRow(Contested, InstitutionOwned, Base):
    """A post in a unit. Seats beyond its holders are vacant."""

    __tablename__ = "post"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        UniqueConstraint("institution_id", "unit_id", "name_key"),
        ForeignKeyConstraint(["institution_id", "unit_id"], ["org_unit.institution_id", "org_unit.id"]),
        CheckConstraint("seats >= 0", name="seats"),
        CheckConstraint("job_class BETWEEN 1 AND 17", name="job_class"),
        CheckConstraint("cardinality(standard) = 9", name="standard"),
        Index(None, "institution_id", "level"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    unit_id: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    """The name without differences of case and spacing."""
    level: Mapped[str]
    echelon: Mapped[str | None]
    job_class: Mapped[int | None] = mapped_column(SmallInteger)
    seats: Mapped[int] = mapped_column(SmallInteger)
    """Funded seats (kebutuhan)."""
    analysed_on: Mapped[date | None]
    """The day of the workload analysis (ABK)."""
    is_critical: Mapped[bool]
    critical_as_delivered: Mapped[bool]
    """What the position map last said: only another word of it overrules what was said here."""
    is_target: Mapped[bool] = mapped_column(server_default=text("false"))
    job_family: Mapped[str | None]
    government_affair: Mapped[str | None]
    """A code of `domain.government_affairs`; where null, that of the unit."""
    standard: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    """The levels 1–5 that it asks of the nine competencies; where null, those of its level."""
    retirement_age: Mapped[int | None] = mapped_column(SmallInteger)
    """Where a special rule applies to its holders; else by the rules."""
    retirement_basis: Mapped[str | None]
    """The legal basis of `retirement_age`."""
    is_delivered: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether the latest position map names it."""
    empty_since: Mapped[date | None]
    """The day of the first delivery that found a funded seat without a holder, and all since; null where none is."""
    clock_from: Mapped[date | None]
    """Since when a seat is empty or was foreseeably so, as a holder retires or was chosen for another post.

    It runs on when who was to leave has gone.
    """


class RetirementVersionRow(Base):
    """A version of the national rules of retirement: it replaces those before it from a day on, and never changes."""

    __tablename__ = "retirement_version"
    __columns_are__ = DataClass.INTERNAL

    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    effective_from: Mapped[date] = mapped_column(unique=True)
    legal_basis: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RetirementRuleRow(Base):
    """At which age holders of posts retire (BUP): by level, or of posts whose name begins with certain words."""

    __tablename__ = "retirement_rule"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("(level IS NULL) <> (words IS NULL)", name="one_of"),
        CheckConstraint("age BETWEEN 40 AND 80", name="age"),
    )

    version: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("retirement_version.version"), primary_key=True, autoincrement=False
    )
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """Of several rules that fit a post the lowest counts: names before levels."""
    level: Mapped[str | None]
    words: Mapped[str | None]
    """In small letters, as `name_key` makes them."""
    age: Mapped[int] = mapped_column(SmallInteger)
    legal_basis: Mapped[str]


class RetirementExceptionRow(Contested, InstitutionOwned, Base):
    """What an institution says of posts whose name begins with certain words: it goes before the national rules."""

    __tablename__ = "retirement_exception"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        UniqueConstraint("institution_id", "words"),
        CheckConstraint("age BETWEEN 40 AND 80", name="age"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[str]
    """As `name_key` makes them; of several that fit a post the longest count."""
    age: Mapped[int] = mapped_column(SmallInteger)
    legal_basis: Mapped[str]


class PostHolderRow(InstitutionOwned, Base):
    """Who holds a seat of a post: as the latest Data ASN says, or a later appointment."""

    __tablename__ = "post_holder"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["institution_id", "post_id"], ["post.institution_id", "post.id"]),
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["vacancy.institution_id", "vacancy.id"]),
        Index(None, "institution_id", "post_id"),
        Index(None, "institution_id", "retires_on"),
    )

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    post_id: Mapped[Internal[UUID]]
    since: Mapped[General[date | None]]
    reaches_age_on: Mapped[General[date | None]]
    """When the age is reached at which holders of the post retire."""
    retires_on: Mapped[General[date | None]]
    """Worked out by `app.db.retirements`; null where the day of birth or the age for such a post is unknown."""
    vacancy_id: Mapped[Internal[UUID | None]]
    """The vacancy that the appointment came from; null where Data ASN says it."""


class UnitAffairRow(Contested, InstitutionOwned, Base):
    """The government affair (urusan pemerintahan) that a unit works at; units below it take it over."""

    __tablename__ = "unit_affair"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (ForeignKeyConstraint(["institution_id", "unit_id"], ["org_unit.institution_id", "org_unit.id"]),)

    unit_id: Mapped[str] = mapped_column(primary_key=True)
    government_affair: Mapped[str]
    is_derived: Mapped[bool]
    """Whether it was read off the unit's name at an import; what somebody said is never overwritten."""
