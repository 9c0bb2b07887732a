"""Candidates: facts that requirements and criteria are put to, a row for each placed talent, made in sets."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned
from app.db.classes import General, Internal, Restricted, Specific


class CandidateRow(InstitutionOwned, Base):
    """The columns are the fields of `domain.candidates.Candidate`; what they mean is written there."""

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("id"),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
    )

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    as_of: Mapped[Internal[date]]
    employment: Mapped[General[str | None]]
    level: Mapped[General[str | None]]
    level_since: Mapped[General[date | None]]
    post_since: Mapped[General[date | None]]
    closed_days: Mapped[General[list[int] | None]] = mapped_column(ARRAY(Integer))
    history_from: Mapped[General[date | None]]
    service_from: Mapped[General[date | None]]
    job_family: Mapped[General[str | None]]
    government_affair: Mapped[General[str | None]]
    affair_days: Mapped[General[dict[str, Any] | None]] = mapped_column(JSONB)
    affair_since: Mapped[General[date | None]]
    unplaced_days: Mapped[General[int | None]]
    functional_days: Mapped[General[dict[str, Any] | None]] = mapped_column(JSONB)
    education_rank: Mapped[General[int | None]] = mapped_column(SmallInteger)
    grade: Mapped[General[int | None]] = mapped_column(SmallInteger)
    born_on: Mapped[General[date | None]]
    appraised_to: Mapped[General[int | None]] = mapped_column(SmallInteger)
    appraisals: Mapped[General[list[int | None]]] = mapped_column(ARRAY(SmallInteger))
    competencies: Mapped[Restricted[list[int | None] | None]] = mapped_column(ARRAY(SmallInteger))
    assessed_on: Mapped[General[date | None]]
    are_sanctions_known: Mapped[Specific[bool]]
    sanctioned_until: Mapped[Specific[date | None]]
    sanctioned_on: Mapped[Specific[list[date | None]]] = mapped_column(ARRAY(Date))
    leadership: Mapped[General[int | None]] = mapped_column(SmallInteger)
    training_hours: Mapped[General[list[int | None] | None]] = mapped_column(ARRAY(Integer))
    box: Mapped[General[int | None]] = mapped_column(SmallInteger)
    performance: Mapped[General[int | None]] = mapped_column(BigInteger)
    potential: Mapped[General[int | None]] = mapped_column(BigInteger)
    talent_value: Mapped[General[int | None]] = mapped_column(BigInteger)
    missing: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
