"""Talents: a person's record in one institution. The person is national, and reached only through functions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned


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

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    person_id: Mapped[UUID]
    nip: Mapped[str]
    siasn_id: Mapped[str | None]
    name: Mapped[str]
    title_before: Mapped[str | None]
    title_after: Mapped[str | None]
    born_on: Mapped[date | None]
    sex: Mapped[str | None]
    employment_type_id: Mapped[str | None]
    employment_type: Mapped[str | None]
    legal_status_id: Mapped[str | None]
    legal_status: Mapped[str | None]
    employment_status: Mapped[str | None]
    candidate_from: Mapped[date | None]
    appointed_from: Mapped[date | None]
    grade_id: Mapped[str | None]
    grade: Mapped[str | None]
    grade_from: Mapped[date | None]
    service_years: Mapped[int | None]
    service_months: Mapped[int | None]
    position_type_id: Mapped[str | None]
    position_type: Mapped[str | None]
    position_id: Mapped[str | None]
    position: Mapped[str | None]
    position_from: Mapped[date | None]
    position_level: Mapped[str | None]
    echelon_id: Mapped[str | None]
    echelon: Mapped[str | None]
    education_level: Mapped[str | None]
    education: Mapped[str | None]
    graduated_in: Mapped[int | None]
    unit_id: Mapped[str | None]
    home_institution_id: Mapped[str | None]
    home_institution: Mapped[str | None]
    working_institution_id: Mapped[str | None]
    working_institution: Mapped[str | None]
    is_mapped: Mapped[bool]
    unmapped_because: Mapped[str | None]
