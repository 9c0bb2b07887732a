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
from app.db.classes import General, Internal, Specific


class SuccessionPolicyRow(InstitutionOwned, Base):
    """One version of an institution's own policy; the newest is in force, and the shipped one where there is none."""

    __tablename__ = "succession_policy"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("term_months BETWEEN 1 AND 120", name="term"),
        CheckConstraint("soon_months BETWEEN 1 AND 60", name="soon"),
    )

    version: Mapped[Internal[int]] = mapped_column(primary_key=True, autoincrement=False)
    institution_boxes: Mapped[Internal[list[int]]] = mapped_column(ARRAY(SmallInteger))
    national_boxes: Mapped[Internal[list[int]]] = mapped_column(ARRAY(SmallInteger))
    term_months: Mapped[Internal[int]] = mapped_column(SmallInteger)
    """How long a confirmation holds."""
    soon_months: Mapped[Internal[int]] = mapped_column(SmallInteger)
    """Within how many months somebody has to be ready to be so in one to two years."""
    cover: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    """By level of a post: the levels whose holders may act in it."""
    merit_weights: Mapped[Internal[dict[str, Any]]] = mapped_column(JSONB)
    legal_basis: Mapped[Internal[str]]
    published_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    published_by: Mapped[General[str]]


class PoolMemberRow(Contested, InstitutionOwned, Base):
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
    policy_version: Mapped[Internal[int]] = mapped_column(Integer)
    """By which version of the policy somebody was nominated; 0 is the shipped one."""
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


class SuccessionPlanRow(Contested, InstitutionOwned, Base):
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
    policy_version: Mapped[Internal[int]] = mapped_column(Integer)


class SuccessorRow(InstitutionOwned, Base):
    """What the latest calculation of a plan found about somebody; who `is_named` is a successor, others are proposed.

    Eligibility and readiness are judged by the rule set and kept with the plan; whether somebody is complete, willing
    and in the pool is read where it stands.
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
    requirements_not_met: Mapped[Specific[list[str]]] = mapped_column(ARRAY(Text))
    """Codes of requirements; one of them may tell of a sanction."""
    requirements_unverified: Mapped[Specific[list[str]]] = mapped_column(ARRAY(Text))
