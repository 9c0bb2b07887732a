"""Institutions and their units."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Contested, InstitutionOwned
from app.db.classes import DataClass


class InstitutionRow(Contested, Base):
    """An employing government body. `as_of`, `rubric_code` and `rubric_version` say what its present map shows.

    `active_rubric_code` and `active_rubric_version` say which rubric it has activated; null where it has none.
    """

    __tablename__ = "institution"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["rubric_code", "rubric_version"], ["rubric.code", "rubric.version"]),
        ForeignKeyConstraint(["active_rubric_code", "active_rubric_version"], ["rubric.code", "rubric.version"]),
        CheckConstraint("axis_x IN ('performance', 'potential')", name="axis_x"),
        CheckConstraint("province_code ~ '^[1-9][0-9]$'", name="province_code"),
        CheckConstraint("kind IN ('central', 'province', 'regency', 'city')", name="kind"),
        CheckConstraint("workload_analysis_years BETWEEN 1 AND 20", name="workload_analysis_years"),
        CheckConstraint("foresight_months BETWEEN 1 AND 120", name="foresight_months"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    """The name without differences of case and spacing."""
    siasn_id: Mapped[str | None]
    as_of: Mapped[date | None]
    rubric_code: Mapped[str | None]
    rubric_version: Mapped[int | None]
    active_rubric_code: Mapped[str | None]
    active_rubric_version: Mapped[int | None]
    axis_x: Mapped[str] = mapped_column(server_default="potential")
    """Which axis is X wherever one is drawn or exported as such: `performance` or `potential`."""
    province_code: Mapped[str | None]
    """Where it is, by the codes of `app.domain.provinces`."""
    kind: Mapped[str | None]
    """What it is in the state: `central`, `province`, `regency` or `city`; null where nobody has said it."""
    workload_analysis_years: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    """How old a workload analysis (ABK) may be before it is out of date, and SIASN refuses it."""
    foresight_months: Mapped[int] = mapped_column(SmallInteger, server_default="12")
    """How long before somebody retires their seat counts as one that will be empty: its clock starts there."""
    retirement_version: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("retirement_version.version"), server_default="1"
    )
    """The version of the national rules by which retirements were worked out last."""
    organises_mobility: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it may organise mobility campaigns: somebody whose reach is national allows it, as to a governor."""
    siasn_password_grant: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether people sign in to its clients by number and secret, as to SIASN; tokens issued before count anyhow."""
    posts_as_of: Mapped[date | None]
    """The day of the latest position map; null before the first."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class OrgUnitRow(InstitutionOwned, Base):
    """A unit of an institution. `path` lists the ids from the root to the unit itself."""

    __tablename__ = "org_unit"
    __columns_are__ = DataClass.INTERNAL

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[str | None]
    path: Mapped[list[str]] = mapped_column(ARRAY(Text))
