"""What runs of mobility campaigns came to, by opaque ids, and checks of runs from their published files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General

LOT = Numeric(20, 0)


class MobilityResultRow(InstitutionOwned, Base):
    """What a run came to as a whole, beside its own row; everybody reads it once the campaign is published."""

    __tablename__ = "mobility_result"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "run_id"], ["mobility_run.institution_id", "mobility_run.id"]),
    )

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    solver_version: Mapped[str]
    with_wishes: Mapped[int]
    """Those who wished for anything."""
    first_wishes: Mapped[int]
    """Those whose first wish came true."""
    seats: Mapped[int]
    """Of all posts, those that nobody may wish for left out; so are the next two."""
    held_before: Mapped[int]
    held_after: Mapped[int]
    entered: Mapped[int]
    """People who left a post that nobody may wish for, whose seat is not open to the round."""
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What the numbers of `MobilityOutcomeRow.codes` stand for, from 1."""
    lengths: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """How many chains and cycles there are of each length."""
    regions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Who came and went by province and position level, as it may be told: null where few people are withheld."""


class MobilityOutcomeRow(Base):
    """Where a participant is after a run, and what became of each wish.

    There are as many as people in a round: nothing is looked up for each of them, so that no foreign key leads from
    here, nor from posts and moves.
    """

    __tablename__ = "mobility_outcome"
    __columns_are__ = DataClass.INTERNAL

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID]
    rank: Mapped[int | None]
    """Of the wish that came true; null of who stays."""
    lot: Mapped[Decimal] = mapped_column(LOT)
    codes: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    """By rank, from 1: a place in `MobilityResultRow.codes`."""
    cells: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """By rank: the number of the full cell in the way, 0 where none is."""


class MobilityPostResultRow(Base):
    """What became of a post, and the last who came in."""

    __tablename__ = "mobility_post_result"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (Index("ix_mobility_post_result_post_id", "post_id"),)

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    seats: Mapped[int]
    filled: Mapped[int]
    empty: Mapped[int]
    incumbents: Mapped[int]
    """Those who stay at their home."""
    depth: Mapped[int | None]
    points: Mapped[int | None] = mapped_column(BigInteger)
    lot: Mapped[Decimal | None] = mapped_column(LOT)


class MobilityCellResultRow(InstitutionOwned, Base):
    """What became of a cell, and the last application in a full one."""

    __tablename__ = "mobility_cell_result"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "run_id"], ["mobility_run.institution_id", "mobility_run.id"]),
        UniqueConstraint("institution_id", "run_id", "number"),
    )

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    cell_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, server_default=text("gen_random_uuid()"))
    """By which a page finds it: cells of other runs may be called the same."""
    number: Mapped[int]
    """Of the run's cells in the order of their ids, from 1."""
    ceiling: Mapped[int | None]
    before: Mapped[int]
    after: Mapped[int]
    depth: Mapped[int | None]
    urgency: Mapped[int | None]
    points: Mapped[int | None] = mapped_column(BigInteger)
    lot: Mapped[Decimal | None] = mapped_column(LOT)


class MobilityMoveRow(Base):
    """A step of a chain or a cycle, the one nearest the vacancy first."""

    __tablename__ = "mobility_move"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        Index("ix_mobility_move_to_post_id", "to_post_id"),
        Index("ix_mobility_move_participant_id", "participant_id"),
    )

    institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    participant_id: Mapped[UUID]
    from_post_id: Mapped[UUID]
    to_post_id: Mapped[UUID]


class MobilityFlowRow(InstitutionOwned, Base):
    """How many came to an institution's posts of a level and left them in a run; it reads its own when published."""

    __tablename__ = "mobility_flow"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "run_id"], ["mobility_run.institution_id", "mobility_run.id"]),
    )

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    of_institution_id: Mapped[UUID] = mapped_column(primary_key=True)
    position_level: Mapped[str] = mapped_column(primary_key=True)
    institution_name: Mapped[str]
    province_code: Mapped[str | None]
    entered: Mapped[int]
    went: Mapped[int]


class MobilityVerificationRow(InstitutionOwned, Base):
    """A check of a run from its files; of a published run everybody reads what it came to."""

    __tablename__ = "mobility_verification"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        CheckConstraint("(run_id IS NULL) <> (files_digest IS NULL)", name="one_of"),
        CheckConstraint("state IN ('queued', 'done', 'failed')", name="state"),
        CheckConstraint("verdict IN ('verified', 'rejected', 'unusable')", name="verdict"),
        CheckConstraint("(state = 'done') = (verdict IS NOT NULL)", name="done"),
        Index("ix_mobility_verification_run_id", "run_id"),
        Index(
            "uq_mobility_verification_of_run",
            "institution_id",
            "run_id",
            "is_fast",
            unique=True,
            postgresql_where=text("run_id IS NOT NULL AND state <> 'failed'"),
        ),
        Index(
            "uq_mobility_verification_of_files",
            "institution_id",
            "files_digest",
            "is_fast",
            unique=True,
            postgresql_where=text("files_digest IS NOT NULL AND state <> 'failed'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID | None]
    """Whose published files are checked; null where files were handed in."""
    files_digest: Mapped[str | None]
    """Of what was handed in, SHA-256 in hexadecimal."""
    is_fast: Mapped[bool]
    state: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    verdict: Mapped[str | None]
    identity: Mapped[str | None]
    """Of the run, as its paper says it."""
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    """Code and sentence of what is wrong, in both languages."""


class MobilityVerificationFileRow(InstitutionOwned, Base):
    """A file that was handed in to be checked, kept until it is."""

    __tablename__ = "mobility_verification_file"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "verification_id"],
            ["mobility_verification.institution_id", "mobility_verification.id"],
            ondelete="CASCADE",
        ),
    )

    verification_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
