"""Succession: the policy, members of pools with their steps, who is willing, and plans with their successors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass, General, Internal, Specific


class PolicyColumns:
    """The values of a policy of succession; what they mean is written in `domain.succession.Policy`."""

    institution_boxes: Mapped[Internal[list[int]]] = mapped_column(ARRAY(SmallInteger))
    national_boxes: Mapped[Internal[list[int]]] = mapped_column(ARRAY(SmallInteger))
    term_months: Mapped[Internal[int]] = mapped_column(SmallInteger)
    soon_months: Mapped[Internal[int]] = mapped_column(SmallInteger)
    acting_months: Mapped[Internal[int]] = mapped_column(SmallInteger)
    cover: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    levels_ahead: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    merit_weights: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    merit_aspect_weight: Mapped[Internal[int]] = mapped_column(SmallInteger)
    sources: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    """By value: its legal basis, and how sure it is that it says so."""
    legal_basis: Mapped[Internal[str]]
    published_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))


class ShippedSuccessionPolicyRow(PolicyColumns, Base):
    """One version of what is shipped; the highest holds in institutions that have published none of their own."""

    __tablename__ = "shipped_succession_policy"
    __columns_are__ = DataClass.INTERNAL

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)


class SuccessionPolicyRow(PolicyColumns, InstitutionOwned, Base):
    """One version of an institution's own policy; the newest is in force."""

    __tablename__ = "succession_policy"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("term_months BETWEEN 1 AND 120", name="term"),
        CheckConstraint("soon_months BETWEEN 1 AND 60", name="soon"),
        CheckConstraint("acting_months BETWEEN 1 AND 24", name="acting"),
        CheckConstraint("merit_aspect_weight BETWEEN 1 AND 100", name="aspect"),
    )

    version: Mapped[Internal[int]] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    published_by: Mapped[General[str]]


class ByPolicy:
    """Something that was decided by a version of the policy: of the shipped one or of the institution's own."""

    policy_code: Mapped[Internal[str]] = mapped_column(Text)
    policy_version: Mapped[Internal[int]] = mapped_column(Integer)


class PoolMemberRow(ByPolicy, Contested, InstitutionOwned, Base):
    """Somebody in a pool of a level. A confirmation ends by its date alone: no row changes on that day."""

    __tablename__ = "pool_member"
    __table_args__ = (
        UniqueConstraint("institution_id", "level", "talent_id"),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("level IN ('institution', 'national')", name="level"),
        CheckConstraint(
            "state IN ('nominated', 'verified', 'confirmed', 'refused', 'returned', 'suspended')", name="state"
        ),
        CheckConstraint("state NOT IN ('confirmed', 'suspended') OR expires_on IS NOT NULL", name="term"),
        Index(None, "institution_id", "talent_id"),
    )

    id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    level: Mapped[General[str]]
    talent_id: Mapped[General[UUID]]
    state: Mapped[General[str]]
    nominated_box: Mapped[General[int]] = mapped_column(SmallInteger)
    nominated_by: Mapped[General[str]]
    """Who nominated last: somebody else verifies."""
    expires_on: Mapped[General[date | None]]
    """The last day of the confirmation."""


class PoolMemberStepRow(InstitutionOwned, Base):
    """One step of a member: who moved them to which state, when and why."""

    __tablename__ = "pool_member_step"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "member_id"], ["pool_member.institution_id", "pool_member.id"]),
    )

    member_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    ordinal: Mapped[Internal[int]] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[General[str]]
    step_reason: Mapped[Specific[str | None]]
    """Of a suspension it may tell of a sanction."""
    entered_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))
    role: Mapped[Internal[str]]
    subject: Mapped[General[str]]


class SuccessionWillingnessRow(InstitutionOwned, Base):
    """Whether somebody is willing to succeed, as they say it themselves; without a row, or after `until`, unknown."""

    __tablename__ = "succession_willingness"
    __table_args__ = (ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),)

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    is_willing: Mapped[General[bool]]
    until: Mapped[General[date | None]]
    for_posts: Mapped[General[list[UUID] | None]] = mapped_column(ARRAY(Uuid))
    """Of which posts it is said; of every post where null."""
    declared_at: Mapped[General[datetime]] = mapped_column(DateTime(timezone=True))


class SuccessionPlanRow(ByPolicy, Contested, InstitutionOwned, Base):
    """The plan of one post."""

    __tablename__ = "succession_plan"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "post_id"], ["post.institution_id", "post.id"]),
        ForeignKeyConstraint(["rule_set_code", "rule_set_version"], ["rule_set.code", "rule_set.version"]),
    )

    post_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    note: Mapped[Internal[str | None]]
    edited_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    edited_by: Mapped[General[str]]
    calculated_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    as_of: Mapped[Internal[date]]
    """The day that eligibility was judged on."""
    rule_set_code: Mapped[Internal[str]]
    rule_set_version: Mapped[Internal[int]] = mapped_column(Integer)


class SuccessorRow(InstitutionOwned, Base):
    """What the latest calculation of a plan found about somebody; who `is_named` is a successor, others are proposed.

    Eligibility and readiness are judged by the rule set and kept with the plan, together with what they rest on: they
    are read as of today only while facts, post and rule set are the same and no day has changed anything
    (`app.db.shapes.bench_strength.is_current`). Whether somebody is complete, willing and in the pool is read where it
    stands.
    """

    __tablename__ = "successor"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "post_id"], ["succession_plan.institution_id", "succession_plan.post_id"]
        ),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("is_named OR (set_readiness IS NULL AND reason IS NULL)", name="named"),
        CheckConstraint("is_named = (ordinal IS NOT NULL)", name="ordinal"),
        CheckConstraint("readiness IN ('ready_now', 'in_1_to_2_years', 'later')", name="readiness"),
        CheckConstraint("set_readiness IN ('ready_now', 'in_1_to_2_years', 'later')", name="set_readiness"),
        Index(None, "institution_id", "talent_id"),
    )

    post_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    is_named: Mapped[General[bool]]
    ordinal: Mapped[General[int | None]] = mapped_column(Integer)
    """The place in the order that the committee gave."""
    readiness: Mapped[General[str]]
    """As it was computed."""
    set_readiness: Mapped[General[str | None]]
    """As the committee set it otherwise."""
    reason: Mapped[General[str | None]]
    is_eligible: Mapped[General[bool | None]]
    """On the day of the calculation; null where something needs verification."""
    ready_from: Mapped[General[date | None]]
    """The first day on which time and what can be done about the rest leave nothing in the way."""
    stands_until: Mapped[General[date | None]]
    """The last day on which time alone changes nothing of what was found; null of whom nothing is on record."""
    judged_facts: Mapped[Internal[str | None]]
    """The digest of the facts that were judged."""
    judged_post: Mapped[Internal[str | None]]
    """The digest of what the post asked for, and of the rule set."""
    requirements_not_met: Mapped[Specific[list[str]]] = mapped_column(ARRAY(Text))
    """Codes of requirements; one of them may tell of a sanction."""
    requirements_unverified: Mapped[Specific[list[str]]] = mapped_column(ARRAY(Text))
