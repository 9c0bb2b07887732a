"""Rankings of a vacancy: what was found about everybody considered, frozen with the facts it was found from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, InstitutionOwned, TalentOwned
from app.db.classes import DataClass, General, Internal, Specific


class RankingRow(InstitutionOwned, Base):
    """One run over everybody on the map. It never changes; what changed since asks for another run."""

    __tablename__ = "ranking"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["vacancy.institution_id", "vacancy.id"]),
        ForeignKeyConstraint(["rule_set_code", "rule_set_version"], ["rule_set.code", "rule_set.version"]),
        Index(None, "institution_id", "vacancy_id", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    vacancy_id: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[str]
    rule_set_code: Mapped[str]
    rule_set_version: Mapped[int]
    as_of: Mapped[date]
    """The day of the map whose facts were used."""
    target: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """As `domain.candidates.Target`."""
    criteria: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The codes of the criteria in use, in the order of the parts."""
    requirements: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The codes of the requirements, in the order of the verdicts."""
    considered: Mapped[int]
    eligible: Mapped[int]
    to_verify: Mapped[int]
    ineligible: Mapped[int]
    holders: Mapped[int]
    """How many hold a seat of this very post: they are no candidates for another one of it."""
    findings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Stability of the first place, the effect of seniority, and the autopsy, as `domain` found them."""
    digest: Mapped[str]
    """SHA-256, in hexadecimal, over inputs and outcomes of everybody in the order of their ids."""


class RankingCandidateRow(TalentOwned, Base):
    """What a run found about one person."""

    __tablename__ = "ranking_candidate"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "ranking_id"], ["ranking.institution_id", "ranking.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("outcome IN ('eligible', 'needsVerification', 'ineligible')", name="outcome"),
        UniqueConstraint("institution_id", "ranking_id", "ordinal"),
        Index(None, "institution_id", "talent_id"),
    )

    ranking_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    candidate_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    """As `domain.ranking.candidate_id`: the only name of a masked candidate, and what ties are decided by."""
    ordinal: Mapped[General[int]]
    """In lists, from 1: by position, then eligible without one, to be verified, ineligible; by `highest` and id."""
    talent_id: Mapped[General[UUID]]
    outcome: Mapped[General[str]]
    verdicts: Mapped[Specific[list[bool | None]]] = mapped_column(ARRAY(Boolean))
    """Per requirement: met, not met, or null: to be verified."""
    parts: Mapped[General[list[int | None]]] = mapped_column(ARRAY(BigInteger))
    """Per criterion in use, millionths of a point; null: unknown."""
    total: Mapped[General[int | None]] = mapped_column(BigInteger)
    lowest: Mapped[General[int]] = mapped_column(BigInteger)
    highest: Mapped[General[int]] = mapped_column(BigInteger)
    """What the total can be once what is unknown is known."""
    tie_break: Mapped[Internal[str | None]]
    position: Mapped[General[int | None]] = mapped_column(Integer)
    """From 1, among eligible people whose total is known."""
    facts: Mapped[Specific[dict[str, Any]]] = mapped_column(JSON)
    """The frozen `Candidate` and `Given`, byte for byte as the digest covers them."""
    lacking: Mapped[General[list[str]]] = mapped_column(ARRAY(Text))
    """Codes of the requirements not met or to be verified; who reads them is told of those they may know about."""
    digest: Mapped[Internal[bytes]] = mapped_column(LargeBinary)
    """SHA-256 over the facts and what was found from them, all but the place in the order."""


class RankingRecomputationRow(InstitutionOwned, Base):
    """A run was made again from its frozen facts, and compared."""

    __tablename__ = "ranking_recomputation"
    __columns_are__ = DataClass.INTERNAL
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "ranking_id"], ["ranking.institution_id", "ranking.id"]),
        Index(None, "institution_id", "ranking_id", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ranking_id: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[str]
    digest: Mapped[str]
    """Of what was found this time."""
    people: Mapped[int]
    """About how many something is different."""
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Of the first of them: the opaque id and what is different."""


class CandidateVerificationRow(InstitutionOwned, Base):
    """What somebody who saw a document says about one requirement of a vacancy; the latest word counts, all stay."""

    __tablename__ = "candidate_verification"
    __table_args__ = (
        UniqueConstraint("id"),
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["vacancy.institution_id", "vacancy.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
    )

    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    vacancy_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    requirement: Mapped[Internal[str]] = mapped_column(primary_key=True)
    version: Mapped[Internal[int]] = mapped_column(primary_key=True)
    """From 1, in the order in which they were said."""
    is_met: Mapped[Specific[bool]]
    document_seen: Mapped[Specific[str]]
    """What was seen, such as a certificate and its number."""
    verified_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[Internal[str]]


class TechnicalScoreRow(InstitutionOwned, Base):
    """The result of a technical test or interview for one vacancy; the latest counts, all stay."""

    __tablename__ = "technical_score"
    __table_args__ = (
        UniqueConstraint("id"),
        ForeignKeyConstraint(["institution_id", "vacancy_id"], ["vacancy.institution_id", "vacancy.id"]),
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        CheckConstraint("score BETWEEN 0 AND 100000000", name="score"),
    )

    id: Mapped[Internal[UUID]] = mapped_column(server_default=text("gen_random_uuid()"))
    vacancy_id: Mapped[Internal[UUID]] = mapped_column(primary_key=True)
    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    version: Mapped[Internal[int]] = mapped_column(primary_key=True)
    """From 1, in the order in which they were given."""
    score: Mapped[General[int]]
    """Millionths of a point, 0–100."""
    source: Mapped[Internal[str]]
    given_at: Mapped[Internal[datetime]] = mapped_column(DateTime(timezone=True))
    subject: Mapped[General[str]]
    role: Mapped[Internal[str]]
