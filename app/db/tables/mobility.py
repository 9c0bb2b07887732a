"""Mobility campaigns: what the organiser lays down, which posts are offered, who takes part and what they wish for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General, Internal, Specific


class MobilityFormulaRow(InstitutionOwned, Base):
    """One version of a points formula of an organiser; everybody reads it, and it never changes."""

    __tablename__ = "mobility_formula"
    __columns_are__ = DataClass.INTERNAL

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class MobilityCampaignRow(Contested, InstitutionOwned, Base):
    """A campaign of the institution that organises it; everybody else reads it once it is announced."""

    __tablename__ = "mobility_campaign"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        UniqueConstraint("id"),
        ForeignKeyConstraint(
            ["institution_id", "formula_code", "formula_version"],
            ["mobility_formula.institution_id", "mobility_formula.code", "mobility_formula.version"],
        ),
        CheckConstraint(
            "state IN ('draft', 'announced', 'collecting', 'correction', 'frozen', 'run', 'published', 'executing',"
            " 'closed', 'cancelled')",
            name="state",
        ),
        CheckConstraint("profile IN ('daEn')", name="profile"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    legal_basis: Mapped[str]
    profile: Mapped[str]
    """How it is run: `daEn`, deferred acceptance with endowments and nested ceilings."""
    state: Mapped[str]
    province_codes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Of which provinces institutions take part; null: of all."""
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The labour pool: position levels of those who may take part and of the posts that may be offered."""
    government_affairs: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """The same of posts by what they work at; null: any."""
    requirements: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What whoever takes part must meet at the post wished for, as requirements are written in rule sets."""
    formula_code: Mapped[str]
    formula_version: Mapped[int]
    own_cell_first: Mapped[bool]
    """Whether applications inside one's smallest common cell rank above outsiders'."""
    urgency_of_programmes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """By code of a priority programme the urgency class, from 1, of posts in its affairs; others have the last."""
    urgency_of_affairs: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """The same by affair and province, worked out at the announcement: others do not read the organiser's programmes.

    Each is `{affair, province, urgency}`, as `domain.mobility_campaigns.Urgency`; `province` null is everywhere.
    """
    collecting_until: Mapped[date]
    """The last day of wishes."""
    correction_until: Mapped[date]
    """The last day on which what points rest on can be corrected."""
    effective_on: Mapped[date]
    """The planned common day on which moves take effect."""
    lottery_source: Mapped[str]
    """Where the public value will come from, and when: named before wishes close."""
    lottery_commitment: Mapped[str]
    """SHA-256 of the secret, in hexadecimal."""
    lottery_value: Mapped[str | None]
    """What the source gave after the freeze."""
    snapshot_digest: Mapped[str | None]
    """Of what was frozen, in hexadecimal."""
    cancelled_because: Mapped[str | None]


class MobilitySecretRow(InstitutionOwned, Base):
    """The secret of a campaign's lottery. Only the organiser's rows; told with the run and never before."""

    __tablename__ = "mobility_secret"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "campaign_id"], ["mobility_campaign.institution_id", "mobility_campaign.id"]
        ),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)


class MobilityCampaignStepRow(InstitutionOwned, Base):
    """When a campaign entered a state, and who moved it."""

    __tablename__ = "mobility_campaign_step"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "campaign_id"], ["mobility_campaign.institution_id", "mobility_campaign.id"]
        ),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    role: Mapped[General[str]]
    subject: Mapped[General[str]]
    is_early: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the term of the state before was not over yet."""
    because: Mapped[str | None]
    """Why it was ended early, or cancelled."""


class MobilityCellRow(InstitutionOwned, Base):
    """A cell of a campaign: the posts that meet all of what it says, within those of its parent. Cells nest."""

    __tablename__ = "mobility_cell"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "campaign_id"], ["mobility_campaign.institution_id", "mobility_campaign.id"]
        ),
        CheckConstraint("num_nonnulls(headroom, ceiling) <= 1", name="bound"),
        CheckConstraint("headroom >= 0", name="headroom"),
        CheckConstraint("ceiling >= 0", name="ceiling"),
        Index("ix_mobility_cell_campaign_id_parent_id", "campaign_id", "parent_id"),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    parent_id: Mapped[str | None]
    level: Mapped[str]
    """What it is: `occupation`, `province`, `institution` or `unit`, from the widest to the narrowest."""
    position_level: Mapped[str | None]
    government_affair: Mapped[str | None]
    province_code: Mapped[str | None]
    of_institution_id: Mapped[UUID | None]
    of_unit_id: Mapped[str | None]
    headroom: Mapped[int | None]
    """By how many people of the round it may grow beyond those whose home lies inside at the freeze."""
    ceiling: Mapped[int | None]
    """How many people of the round it may hold. Neither: no bound."""
    key: Mapped[str] = mapped_column(Computed("((campaign_id)::text || '/'::text) || id", persisted=True), unique=True)
    """What tells it from the cells of all campaigns, for pages."""


class MobilityOfferRow(Contested, InstitutionOwned, Base):
    """A post of the round. Offered: its empty seats and those that leavers free are open; else it is only a home.

    What is told of the post is a copy: others may read it without reading posts.
    """

    __tablename__ = "mobility_offer"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["campaign_id"], ["mobility_campaign.id"]),
        UniqueConstraint("id"),
        UniqueConstraint("institution_id", "campaign_id", "post_id"),
        ForeignKeyConstraint(["institution_id", "post_id"], ["post.institution_id", "post.id"]),
        CheckConstraint("open_seats >= 0", name="open_seats"),
        CheckConstraint("urgency >= 1", name="urgency"),
        CheckConstraint("is_offered OR open_seats = 0", name="offered"),
        Index("ix_mobility_offer_campaign_id_id", "campaign_id", "id"),
        Index(None, "position_level", "government_affair", postgresql_where=text("is_offered")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Drawn by lot, for this campaign alone."""
    campaign_id: Mapped[UUID]
    post_id: Mapped[UUID]
    is_offered: Mapped[bool]
    """False: only the home of somebody who takes part; nobody may wish for it."""
    open_seats: Mapped[int] = mapped_column(SmallInteger)
    """Empty seats, or ones that will be on the effective day, that are open to the round."""
    urgency: Mapped[int] = mapped_column(SmallInteger)
    """The class by priority programmes; 1 is the most urgent."""
    post_name: Mapped[str]
    unit_id: Mapped[str]
    unit_name: Mapped[str]
    institution_name: Mapped[str]
    province_code: Mapped[str | None]
    position_level: Mapped[str]
    government_affair: Mapped[str | None]
    standard: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    """The levels 1–5 that it asks of the nine competencies."""


class MobilityReleaseRow(Contested, InstitutionOwned, Base):
    """How many people a unit lets go in a campaign and in what order, published before the run."""

    __tablename__ = "mobility_release"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["campaign_id"], ["mobility_campaign.id"]),
        ForeignKeyConstraint(["institution_id", "unit_id"], ["org_unit.institution_id", "org_unit.id"]),
        UniqueConstraint("id"),
        CheckConstraint("quota >= 0", name="quota"),
    )

    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    """Told in lists alone."""

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(primary_key=True)
    quota: Mapped[int] = mapped_column(SmallInteger)
    criteria: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What decides who goes first, in this order: `yearsInPost`, `hardship`, `replacementRisk`."""


class MobilityParticipationRow(Contested, InstitutionOwned, Base):
    """A talent takes part in a campaign, by consent. Withdrawn before the freeze, it is deleted with its wishes."""

    __tablename__ = "mobility_participation"
    __table_args__ = (
        ForeignKeyConstraint(["campaign_id"], ["mobility_campaign.id"]),
        UniqueConstraint("institution_id", "campaign_id", "talent_id"),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["institution_id", "consent_id"], ["consent.institution_id", "consent.id"]),
        ForeignKeyConstraint(
            ["institution_id", "home_offer_id"], ["mobility_offer.institution_id", "mobility_offer.id"]
        ),
        Index("ix_mobility_participation_campaign_id_id", "campaign_id", "id"),
        Index("uq_mobility_participation_file_id", "file_id", unique=True),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    """For this campaign alone. The human resources office knows it, for grounds and corrections."""
    file_id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    """The participant of published files: drawn by lot, and told to nobody else."""
    campaign_id: Mapped[Internal[UUID]]
    talent_id: Mapped[General[UUID]]
    consent_id: Mapped[Internal[UUID]]
    home_offer_id: Mapped[General[UUID]]
    joined_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    wished_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    """When the wishes were written down last; null: never."""
    is_released: Mapped[Internal[bool | None]]
    """By the release quota and order of the unit; null until it is worked out."""
    release_place: Mapped[Internal[int | None]]
    """In the unit's order, from 1."""
    assessed_at: Mapped[Internal[datetime | None]] = mapped_column(DateTime(timezone=True))
    """When points and bars were worked out last; null: since then wishes or evidence have changed, or never."""


class MobilityWishRow(InstitutionOwned, Base):
    """A wish as it was written: one offer, or a wildcard that stands for offers in a published order."""

    __tablename__ = "mobility_wish"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "participation_id"],
            ["mobility_participation.institution_id", "mobility_participation.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("(offer_id IS NULL) <> (wildcard IS NULL)", name="one_of"),
    )

    participation_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    place: Mapped[General[int]] = mapped_column(primary_key=True)
    """From 1, the dearest first; as many as somebody likes."""
    offer_id: Mapped[General[UUID | None]]
    wildcard: Mapped[General[dict[str, Any] | None]] = mapped_column(JSONB)


class MobilityApplicationRow(InstitutionOwned, Base):
    """Somebody at one post, wildcards expanded, with points and what bars it: worked out, and shown before the run."""

    __tablename__ = "mobility_application"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("institution_id", "participation_id", "offer_id"),
        ForeignKeyConstraint(
            ["institution_id", "participation_id"],
            ["mobility_participation.institution_id", "mobility_participation.id"],
            ondelete="CASCADE",
        ),
    )

    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    """Told in lists alone."""
    participation_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    rank: Mapped[General[int]] = mapped_column(primary_key=True)
    """From 1 without gaps: what the run calls the rank of a wish."""
    wish_place: Mapped[General[int]]
    """The wish that it comes from."""
    offer_id: Mapped[General[UUID]]
    points: Mapped[General[int]]
    parts: Mapped[General[list[dict[str, Any]]]] = mapped_column(JSONB)
    """The parts that sum to the points, each with its code, points and what it rests on."""
    bar: Mapped[General[str | None]] = mapped_column(server_default=text("NULL"))
    """Why it cannot count: `NOT_RELEASED`, or `NOT_ELIGIBLE:` and a rule; else null."""
    because: Mapped[General[list[dict[str, Any]]]] = mapped_column(JSONB)
    """The verdict of each requirement with its reason."""


class MobilityGroundRow(InstitutionOwned, Base):
    """A ground that a talent declares for moving, and whether the human resources office verified it.

    Only that there is one: what it is about, and any document of it, stay where they are. Some tell of health.
    """

    __tablename__ = "mobility_ground"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "participation_id"],
            ["mobility_participation.institution_id", "mobility_participation.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "num_nonnulls(is_verified, verified_at, verified_by, verified_role) IN (0, 4)", name="verified"
        ),
    )

    participation_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    ground: Mapped[Specific[str]] = mapped_column(primary_key=True)
    """One that the points formula of the campaign knows."""
    declared_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    is_verified: Mapped[General[bool | None]]
    """Null until somebody has looked; only a verified one gives points."""
    verified_at: Mapped[General[datetime | None]] = mapped_column(DateTime(timezone=True))
    verified_by: Mapped[General[str | None]]
    verified_role: Mapped[General[str | None]]
