"""Talents: a person's record in one institution. The person is national, and reached only through functions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import General


class TalentRow(InstitutionOwned, Base):
    """One employment. Those whom the talent map leaves out are not `is_mapped` and have a reason."""

    __tablename__ = "talent"
    __table_args__ = (
        UniqueConstraint("institution_id", "nip"),
        UniqueConstraint("institution_id", "person_id"),
        ForeignKeyConstraint(["institution_id", "unit_id"], ["org_unit.institution_id", "org_unit.id"]),
        Index(None, "institution_id", "name", "id"),
        Index(None, "institution_id", "unit_id"),
    )

    id: Mapped[General[UUID]] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    person_id: Mapped[General[UUID]]
    nip: Mapped[General[str]]
    siasn_id: Mapped[General[str | None]]
    name: Mapped[General[str]]
    title_before: Mapped[General[str | None]]
    title_after: Mapped[General[str | None]]
    born_on: Mapped[General[date | None]]
    sex: Mapped[General[str | None]]
    employment_type_id: Mapped[General[str | None]]
    employment_type: Mapped[General[str | None]]
    legal_status_id: Mapped[General[str | None]]
    legal_status: Mapped[General[str | None]]
    employment_status: Mapped[General[str | None]]
    candidate_from: Mapped[General[date | None]]
    appointed_from: Mapped[General[date | None]]
    grade_id: Mapped[General[str | None]]
    grade: Mapped[General[str | None]]
    grade_from: Mapped[General[date | None]]
    service_years: Mapped[General[int | None]]
    service_months: Mapped[General[int | None]]
    position_type_id: Mapped[General[str | None]]
    position_type: Mapped[General[str | None]]
    position_id: Mapped[General[str | None]]
    position: Mapped[General[str | None]]
    position_from: Mapped[General[date | None]]
    position_level: Mapped[General[str | None]]
    echelon_id: Mapped[General[str | None]]
    echelon: Mapped[General[str | None]]
    education_level: Mapped[General[str | None]]
    education: Mapped[General[str | None]]
    graduated_in: Mapped[General[int | None]]
    unit_id: Mapped[General[str | None]]
    home_institution_id: Mapped[General[str | None]]
    home_institution: Mapped[General[str | None]]
    working_institution_id: Mapped[General[str | None]]
    working_institution: Mapped[General[str | None]]
    is_mapped: Mapped[General[bool]]
    unmapped_because: Mapped[General[str | None]]
