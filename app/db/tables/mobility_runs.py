"""What is frozen of a mobility campaign, the work on it, its runs with their files, and rehearsals of it."""

from __future__ import annotations

from datetime import datetime
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
    SmallInteger,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import DataClass, General


class MobilityWorkRow(InstitutionOwned, Base):
    """Background work on a campaign, and how far it is. Its ticks are no changes of data: they need no ledger entry."""

    __tablename__ = "mobility_work"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "campaign_id"], ["mobility_campaign.institution_id", "mobility_campaign.id"]
        ),
        CheckConstraint("kind IN ('freeze', 'run', 'rehearsal')", name="kind"),
        CheckConstraint("state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="state"),
        Index(None, "institution_id", "campaign_id", "queued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str]
    stage: Mapped[str]
    """What is being done."""
    done: Mapped[int]
    total: Mapped[int]
    """Steps of the stage; 0 where nobody has counted them."""
    subject: Mapped[General[str]]
    queued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    heartbeat_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_early: Mapped[bool]
    """Of a freeze: that the term for corrections is cut short."""
    because: Mapped[str | None]
    """Why it is."""
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Why it failed: `{"code": …, "id": …, "en": …, "faults": [{"code": …, "where": …, "id": …, "en": …}]}`."""


class MobilitySnapshotRow(InstitutionOwned, Base):
    """That a campaign is frozen: what was counted, and the digest of it."""

    __tablename__ = "mobility_snapshot"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "campaign_id"], ["mobility_campaign.institution_id", "mobility_campaign.id"]
        ),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    frozen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    bars: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What the numbers of `MobilityFrozenParticipantRow.bars` stand for, from 1."""
    cells: Mapped[int]
    posts: Mapped[int]
    participants: Mapped[int]
    wishes: Mapped[int]


class MobilityFrozenCellRow(InstitutionOwned, Base):
    """A cell with the ceiling worked out: what was given, or headroom and the people at home inside."""

    __tablename__ = "mobility_frozen_cell"
    __columns_are__ = DataClass.INTERNAL

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None]
    level: Mapped[str]
    ceiling: Mapped[int | None]


class MobilityFrozenPostRow(InstitutionOwned, Base):
    """A post by its opaque id: the seats open to the round, those of people at home among them."""

    __tablename__ = "mobility_frozen_post"
    __columns_are__ = DataClass.INTERNAL

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    cell: Mapped[str | None]
    seats: Mapped[int]
    urgency: Mapped[int | None] = mapped_column(SmallInteger)
    """Null where it is only a home, which nobody may wish for."""


class MobilityFrozenParticipantRow(InstitutionOwned, Base):
    """Somebody by an opaque id, with the home and the applications in the order of their ranks."""

    __tablename__ = "mobility_frozen_participant"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (CheckConstraint("cardinality(posts) = cardinality(points)", name="lengths"),)

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    home: Mapped[UUID]
    posts: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """By rank, from 1."""
    points: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    bars: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    """0 where nothing bars it, else a place in `MobilitySnapshotRow.bars`."""


class MobilityRunRow(InstitutionOwned, Base):
    """What a run of a campaign rests on and what it came to; null until it succeeds."""

    __tablename__ = "mobility_run"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "id"], ["mobility_work.institution_id", "mobility_work.id"]),
        ForeignKeyConstraint(
            ["institution_id", "campaign_id"], ["mobility_campaign.institution_id", "mobility_campaign.id"]
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID]
    value: Mapped[str]
    seed: Mapped[str]
    is_first: Mapped[bool | None]
    """Whether its result is the campaign's; a later run proves that it comes out the same."""
    identity: Mapped[str | None]
    snapshot_digest: Mapped[str | None]
    result_digest: Mapped[str | None]
    participants: Mapped[int | None]
    wishes: Mapped[int | None]
    movers: Mapped[int | None]
    chains: Mapped[int | None]
    cycles: Mapped[int | None]
    longest: Mapped[int | None]
    """Moves of the longest chain or cycle."""
    codes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """How many wishes got each code."""
    own_cell_share: Mapped[int | None]
    """Of a million unbarred wishes, how many were refused by a cell that holds the person's own seat."""


class MobilityFileRow(InstitutionOwned, Base):
    """A file that a campaign publishes."""

    __tablename__ = "mobility_file"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "campaign_id"], ["mobility_campaign.institution_id", "mobility_campaign.id"]
        ),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    rows: Mapped[int | None]
    """Without the header; null of what is no table."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    parts: Mapped[int]


class MobilityFilePartRow(InstitutionOwned, Base):
    """Some rows of a published file, byte for byte."""

    __tablename__ = "mobility_file_part"
    __columns_are__ = DataClass.INTERNAL

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class MobilityRehearsalRow(InstitutionOwned, Base):
    """A rehearsal of a campaign: what was to be different in it, and on what it stood."""

    __tablename__ = "mobility_rehearsal"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "id"], ["mobility_work.institution_id", "mobility_work.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID]
    headroom: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """By cell."""
    release_percent: Mapped[int | None]
    """Of the release quota of each unit; null: as it is."""
    is_frozen: Mapped[bool | None]
    """Whether it stood on the frozen snapshot; null until it succeeds."""
    participants: Mapped[int | None]
    unassessed: Mapped[int | None]
    """How many of them had no points yet."""


class MobilityRehearsalVariantRow(InstitutionOwned, Base):
    """One of the rounds of a rehearsal: the campaign as laid down or as rehearsed, with `ownCellFirst` or without."""

    __tablename__ = "mobility_rehearsal_variant"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "rehearsal_id"], ["mobility_rehearsal.institution_id", "mobility_rehearsal.id"]
        ),
    )

    rehearsal_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_baseline: Mapped[bool] = mapped_column(primary_key=True)
    own_cell_first: Mapped[bool] = mapped_column(primary_key=True)
    movers: Mapped[int]
    by_rank: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """How many got their first wish, their second, and so on."""
    chains: Mapped[int]
    cycles: Mapped[int]
    lengths: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """How many chains and cycles have one move, two moves, and so on."""
    own_cell_refusals: Mapped[int]
    urgent: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """By class of urgency: `{"urgency": …, "seats": …, "emptyBefore": …, "emptyAfter": …}`."""


class MobilityRehearsalFlowRow(InstitutionOwned, Base):
    """How many people a region would lose and win in a round of a rehearsal."""

    __tablename__ = "mobility_rehearsal_flow"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "rehearsal_id", "is_baseline", "own_cell_first"],
            [
                "mobility_rehearsal_variant.institution_id",
                "mobility_rehearsal_variant.rehearsal_id",
                "mobility_rehearsal_variant.is_baseline",
                "mobility_rehearsal_variant.own_cell_first",
            ],
        ),
    )

    rehearsal_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_baseline: Mapped[bool] = mapped_column(primary_key=True)
    own_cell_first: Mapped[bool] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    """`province` or `institution`."""
    code: Mapped[str | None]
    """Of a province; null where an institution belongs to none."""
    name: Mapped[str | None]
    """Of an institution."""
    came: Mapped[int]
    went: Mapped[int]
