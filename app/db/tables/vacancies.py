"""Vacancies with the days of every step, periods in which nobody is appointed, and priority programmes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General, Internal


class VacancyRow(Contested, InstitutionOwned, Base):
    """A seat that is, or will be, empty, from the day that is foreseeable to the day somebody holds it again."""

    __tablename__ = "vacancy"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "post_id"], ["post.institution_id", "post.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["rule_set_code", "rule_set_version"], ["rule_set.code", "rule_set.version"]),
        CheckConstraint(
            "state IN ('draft', 'open', 'shortlisted', 'decided', 'recommended', 'decreed', 'effective', 'cancelled')",
            name="state",
        ),
        CheckConstraint("(rule_set_code IS NULL) = (rule_set_version IS NULL)", name="rule_set"),
        Index(None, "institution_id", "post_id"),
        Index(None, "institution_id", "state"),
        Index(
            None,
            "institution_id",
            "talent_id",
            unique=True,
            postgresql_where=text("state IN ('decided', 'recommended', 'decreed')"),
        ),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    post_id: Mapped[Internal[UUID]]
    state: Mapped[Internal[str]]
    foreseeable_from: Mapped[Internal[date]]
    """The day from which it was foreseeable: the vacancy's clock starts here."""
    vacant_from: Mapped[Internal[date]]
    inauguration_on: Mapped[Internal[date]]
    """The planned day; ages and times are counted on it."""
    rule_set_code: Mapped[Internal[str | None]]
    rule_set_version: Mapped[Internal[int | None]] = mapped_column(Integer)
    seed: Mapped[Internal[bytes]] = mapped_column(LargeBinary)
    """Decides ties; drawn with the vacancy, and secret until the shortlist is proposed."""
    seed_commitment: Mapped[Internal[str]]
    """SHA-256 of the seed, in hexadecimal, public from the beginning."""
    is_masked: Mapped[Internal[bool]]
    """Whether committees see candidates without name, sex, age and photo until the shortlist is proposed."""
    talent_id: Mapped[General[UUID | None]]
    """Whom the appointing authority chose."""
    recommendation_number: Mapped[Internal[str | None]]
    recommended_on: Mapped[Internal[date | None]]
    decree_number: Mapped[Internal[str | None]]
    decreed_on: Mapped[Internal[date | None]]
    effective_on: Mapped[Internal[date | None]]
    permit_number: Mapped[Internal[str | None]]
    """The Minister's approval to appoint during a freeze."""
    cancellation_code: Mapped[Internal[str | None]]
    cancelled_because: Mapped[Internal[str | None]]


class VacancyStepRow(InstitutionOwned, Base):
    """When a vacancy entered a state, and who moved it."""

    __tablename__ = "vacancy_step"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (ForeignKeyConstraint(["institution_id", "vacancy_id"], ["vacancy.institution_id", "vacancy.id"]),)

    vacancy_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    role: Mapped[General[str]]
    subject: Mapped[General[str]]


class FreezePeriodRow(Contested, InstitutionOwned, Base):
    """Days on which the head of the region may not replace officials without approval (UU 10/2016 art. 71)."""

    __tablename__ = "freeze_period"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (CheckConstraint("until >= since", name="in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str]
    legal_basis: Mapped[str]


class PriorityProgrammeRow(InstitutionOwned, Base):
    """One version of a priority programme: whoever works in its affairs is favoured by its weight while it runs."""

    __tablename__ = "priority_programme"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("until >= since", name="in_order"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    government_affairs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    weight: Mapped[int] = mapped_column(SmallInteger)
    """Percent of what the criterion of a rule set gives at most."""
    province_code: Mapped[str | None]
    """Where it applies; everywhere where null."""
    since: Mapped[date]
    until: Mapped[date]
    legal_basis: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
