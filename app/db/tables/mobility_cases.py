"""Mobility cases: who moves from one institution to another, every step of it, and the papers it takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General, Internal
from app.domain.mobility_cases import RUNNING, State

_RUNNING = ", ".join(f"'{state.value}'" for state in RUNNING)
_STATES = ", ".join(f"'{state.value}'" for state in State)


class MobilityRulebookRow(Base):
    """A version of the routes of approval and of the checklist; it never changes, and a case keeps to its own."""

    __tablename__ = "mobility_rulebook"
    __columns_are__ = DataClass.INTERNAL

    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    effective_from: Mapped[date] = mapped_column(unique=True)
    legal_basis: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class MobilityCaseRow(Contested, InstitutionOwned, Base):
    """One move. It belongs to the origin; the receiving institution, BKN and who organises it see their part.

    Each party takes its own steps and no other: a trigger of the table sees to it, and another keeps every step.
    """

    __tablename__ = "mobility_case"
    __table_args__ = (
        UniqueConstraint("id"),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["receiving_institution_id", "post_id"], ["post.institution_id", "post.id"]),
        ForeignKeyConstraint(["campaign_id"], ["mobility_campaign.id"]),
        ForeignKeyConstraint(["institution_id", "disclosure_id"], ["disclosure.institution_id", "disclosure.id"]),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("unit_kind IN ('chain', 'cycle')", name="unit_kind"),
        CheckConstraint("decree_party IN ('receiving', 'bkn')", name="decree_party"),
        CheckConstraint("num_nonnulls(campaign_id, run_id, unit_kind, unit, step) IN (0, 5)", name="unit"),
        CheckConstraint("campaign_id IS NOT NULL OR receiving_institution_id <> institution_id", name="between"),
        CheckConstraint(
            "num_nonnulls(talent_nip, talent_name) IN (0, 2)"
            " AND (talent_nip IS NULL OR num_nonnulls(agreed_at, released_on) = 2)",
            name="named",
        ),
        CheckConstraint("(state = 'cancelled') = (cancellation_code IS NOT NULL)", name="cancelled"),
        CheckConstraint("state NOT IN ('decreeIssued', 'effective') OR effective_on IS NOT NULL", name="decreed"),
        Index(None, "institution_id", "talent_id"),
        Index(None, "receiving_institution_id", "post_id"),
        Index(None, "campaign_id", "unit"),
        Index(
            "uq_mobility_case_asked",
            "institution_id",
            "talent_id",
            "receiving_institution_id",
            unique=True,
            postgresql_where=text(f"campaign_id IS NULL AND state IN ({_RUNNING})"),
        ),
        Index(
            "uq_mobility_case_decreed",
            "institution_id",
            "talent_id",
            unique=True,
            postgresql_where=text("state = 'decreeIssued'"),
        ),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]]
    receiving_institution_id: Mapped[Internal[UUID]]
    post_id: Mapped[Internal[UUID]]
    """Of the receiving institution; the next three are copies, for those who cannot read its posts."""
    post_name: Mapped[Internal[str]]
    unit_name: Mapped[Internal[str]]
    post_level: Mapped[Internal[str]]
    campaign_id: Mapped[Internal[UUID | None]]
    """Null of a direct request, as are the next four."""
    run_id: Mapped[Internal[UUID | None]]
    unit_kind: Mapped[Internal[str | None]]
    unit: Mapped[Internal[int | None]]
    """The chain or cycle, from 1 in a run."""
    step: Mapped[Internal[int | None]]
    """From 1, nearest the seat that was empty."""
    card_id: Mapped[Internal[UUID | None]]
    """By what somebody was found: a card, or an open disclosure."""
    disclosure_id: Mapped[Internal[UUID | None]]
    rulebook_version: Mapped[Internal[int]] = mapped_column(SmallInteger, ForeignKey("mobility_rulebook.version"))
    route: Mapped[Internal[str | None]]
    """Settled when it is sent to BKN; until then it follows from what is known of both institutions."""
    decree_party: Mapped[Internal[str | None]]
    """Who puts the decree on record by the route."""
    state: Mapped[Internal[str]]
    reason: Mapped[General[str]]
    planned_on: Mapped[Internal[date]]
    effective_on: Mapped[Internal[date | None]]
    permit_number: Mapped[Internal[str | None]]
    """The Minister's approval to appoint during a freeze of the receiving institution."""
    agreed_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    """When the talent agreed; of a campaign by taking part."""
    released_on: Mapped[Internal[date | None]]
    submitted_on: Mapped[Internal[date | None]]
    talent_nip: Mapped[General[str | None]]
    """Told to others once the origin has released and the talent has agreed; taken back with the case."""
    talent_name: Mapped[General[str | None]]
    asked: Mapped[Internal[dict[str, Any] | None]] = mapped_column(JSONB(none_as_null=True))
    """What the post asked at the request: its rule set and target; null where no rule set is for its level."""
    checks: Mapped[Internal[list[dict[str, Any]]]] = mapped_column(JSONB, server_default="[]")
    """When somebody was put to it, by which step, and the digest of what was found."""
    seat_left_open: Mapped[Internal[bool]] = mapped_column(server_default=text("false"))
    """Whether nobody takes the seat of a chain's step that was given up: it is one for the next round."""
    has_left: Mapped[Internal[bool]] = mapped_column(server_default=text("false"))
    """Whether the seat held before was left: once, when the case takes effect."""
    cancellation_code: Mapped[Internal[str | None]]
    fell_with: Mapped[Internal[int | None]]
    """The step of the unit whose end was the end of this one."""
    number: Mapped[Internal[str | None]]
    """Of the paper of the last step, as are the next two and who took it; `mobility_case_step` keeps them all."""
    dated: Mapped[Internal[date | None]]
    because: Mapped[General[str | None]]
    moved_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    moved_by: Mapped[General[str]]
    moved_role: Mapped[Internal[str]]
    moved_institution_id: Mapped[Internal[UUID]]


class ReservedSeatRow(InstitutionOwned, Base):
    """A seat that somebody of another institution took over, until the record says that they hold one here.

    Written by the owner's functions alone: when a case takes effect, when a holder is put on record, and when who took
    it over moves on.
    """

    __tablename__ = "reserved_seat"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        UniqueConstraint("case_id"),
        ForeignKeyConstraint(["institution_id", "post_id"], ["post.institution_id", "post.id"]),
        ForeignKeyConstraint(["case_id"], ["mobility_case.id"]),
    )

    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[date]


class MobilityCaseStepRow(InstitutionOwned, Base):
    """A step of a case as it was taken. A trigger writes it, and nobody changes it."""

    __tablename__ = "mobility_case_step"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "case_id"], ["mobility_case.institution_id", "mobility_case.id"]),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    role: Mapped[str]
    subject: Mapped[General[str]]
    of_institution_id: Mapped[UUID]
    number: Mapped[str | None]
    dated: Mapped[date | None]
    because: Mapped[General[str | None]]


class MobilityCaseDocumentRow(Base):
    """A document of a case's checklist: where to find it. The document itself is not kept.

    A campaign has fifteen times as many as moves, written by the function that makes their cases: nothing is looked up
    for each of them, so that no foreign key leads from here.
    """

    __tablename__ = "mobility_case_document"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("side IN ('origin', 'receiving')", name="side"),
        CheckConstraint(
            "CASE state WHEN 'missing' THEN num_nonnulls(number, dated, because) = 0"
            " WHEN 'present' THEN num_nonnulls(number, dated) = 2 AND because IS NULL"
            " WHEN 'notNeeded' THEN num_nonnulls(number, dated) = 0 AND because IS NOT NULL ELSE false END",
            name="state",
        ),
    )

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    side: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="missing")
    number: Mapped[str | None]
    dated: Mapped[date | None]
    because: Mapped[General[str | None]]
    kept_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    kept_by: Mapped[General[str | None]]
