"""Evidence: eleven kinds of rows about a talent, and which complete registers were checked for whom.

`id` grows in the order of delivery. `row_key` is the digest of all columns of a row, so that equal rows are held once.
A row comes from an import or from an accepted submission, and is withdrawn by either.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Identity,
    Numeric,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.db.base import Base, TalentOwned
from app.db.classes import General, Internal, Restricted, Specific


class Evidence(TalentOwned):
    """What every row of evidence has."""

    @declared_attr.directive
    def __table_args__(cls) -> tuple[object, ...]:  # noqa: N805 - SQLAlchemy's declared_attr
        return (
            UniqueConstraint("institution_id", "talent_id", "row_key"),
            ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
            ForeignKeyConstraint(["institution_id", "import_id"], ["import.institution_id", "import.id"]),
            ForeignKeyConstraint(["institution_id", "withdrawn_by"], ["import.institution_id", "import.id"]),
            ForeignKeyConstraint(["institution_id", "submission_id"], ["submission.institution_id", "submission.id"]),
            ForeignKeyConstraint(
                ["institution_id", "withdrawn_by_submission"], ["submission.institution_id", "submission.id"]
            ),
            CheckConstraint("num_nonnulls(import_id, submission_id) = 1", name="one_origin"),
        )

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    id: Mapped[Internal[int]] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    import_id: Mapped[Internal[UUID | None]]
    submission_id: Mapped[Internal[UUID | None]]
    """The submission that became this row."""
    row_key: Mapped[Internal[UUID]]
    rung: Mapped[General[str]] = mapped_column(server_default="verifiedByHr")
    """How well founded it is (`domain.ladder.Rung`); what the HR office imports is verified by it."""
    withdrawn_by: Mapped[Internal[UUID | None]]
    """The import that corrected the row: it is kept, and counts for nothing."""
    withdrawn_by_submission: Mapped[Internal[UUID | None]]
    """The accepted submission that corrected the row; an import does not bring it back."""


def stands(rows: str) -> str:
    """The condition, in SQL, that a row of evidence counts: nothing has withdrawn it."""
    return f"({rows}.withdrawn_by IS NULL AND {rows}.withdrawn_by_submission IS NULL)"


class PerformanceAppraisalRow(Evidence, Base):
    """One yearly appraisal (SKP) as e-Kinerja delivered it; the predicate is never recomputed."""

    __tablename__ = "performance_appraisal"

    year: Mapped[General[int]] = mapped_column(SmallInteger)
    work_result_rating: Mapped[General[str | None]]
    behaviour_rating: Mapped[General[str | None]]
    predicate: Mapped[General[str]]
    appraiser_nip: Mapped[General[str | None]]


class Feedback360Row(Evidence, Base):
    """The predicate of a year's 360 feedback."""

    __tablename__ = "feedback_360"

    year: Mapped[General[int]] = mapped_column(SmallInteger)
    predicate: Mapped[General[str]]


class AwardRow(Evidence, Base):
    """An award and its level."""

    __tablename__ = "award"

    name: Mapped[General[str]]
    level: Mapped[General[str]]
    awarded_on: Mapped[General[date]]


class TeamAssignmentRow(Evidence, Base):
    """Work in a team; without `until` it is still running. `role` combines role and scope."""

    __tablename__ = "team_assignment"

    name: Mapped[General[str]]
    role: Mapped[General[str]]
    since: Mapped[General[date]]
    until: Mapped[General[date | None]]


class CompetencyAssessmentRow(Evidence, Base):
    """Levels 1–5 of the nine competencies of PermenPANRB 38/2017; null where the report left one blank."""

    __tablename__ = "competency_assessment"

    assessed_on: Mapped[General[date]]
    method: Mapped[General[str | None]]
    integrity: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    teamwork: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    communication: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    results_orientation: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    public_service: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    developing_self_and_others: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    managing_change: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    decision_making: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    nation_binding: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)


class PotentialAssessmentRow(Evidence, Base):
    """Levels 1–5 of the eight potential aspects of PermenPANRB 3/2020; null where the report left one blank."""

    __tablename__ = "potential_assessment"

    assessed_on: Mapped[General[date]]
    method: Mapped[General[str | None]]
    intellectual_ability: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    interpersonal_ability: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    self_awareness: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    critical_and_strategic_thinking: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    problem_solving: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    emotional_intelligence: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    fast_learning_and_self_development: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)
    motivation_and_commitment: Mapped[Restricted[int | None]] = mapped_column(SmallInteger)


class AssessmentScoreRow(Evidence, Base):
    """The total of an instrument (`instrument`, such as `potkom`) that an assessment centre states, in its own unit."""

    __tablename__ = "assessment_score"

    assessed_on: Mapped[General[date]]
    instrument: Mapped[General[str]]
    value: Mapped[Restricted[Decimal]] = mapped_column(Numeric(9, 6))


class TrainingRow(Evidence, Base):
    """A finished training; `hours` are lesson hours (JP)."""

    __tablename__ = "training"

    name: Mapped[General[str]]
    kind: Mapped[General[str]]
    hours: Mapped[General[int | None]]
    finished_on: Mapped[General[date]]


class PositionRow(Evidence, Base):
    """A post held: definitive, or acting (`status` other than `definitive`)."""

    __tablename__ = "position"

    position_type: Mapped[General[str | None]]
    name: Mapped[General[str]]
    level: Mapped[General[str]]
    unit_id: Mapped[General[str | None]]
    institution: Mapped[General[str | None]]
    effective_from: Mapped[General[date]]
    status: Mapped[General[str]]


class EducationRow(Evidence, Base):
    """A diploma. `level` is null where the delivered label (`level_label`) is none the rubric knows."""

    __tablename__ = "education"

    level: Mapped[General[str | None]]
    level_label: Mapped[General[str]]
    field: Mapped[General[str | None]]
    school: Mapped[General[str | None]]
    graduated_in: Mapped[General[int | None]] = mapped_column(SmallInteger)


class SanctionRow(Evidence, Base):
    """A disciplinary sanction (PP 94/2021); a missing end leaves it unknown whether it is being served."""

    __tablename__ = "disciplinary_sanction"

    severity: Mapped[Specific[str]]
    kind: Mapped[Specific[str | None]]
    starts_on: Mapped[Specific[date]]
    ends_on: Mapped[Specific[date | None]]


class EvidenceCheckRow(TalentOwned, Base):
    """A complete register was delivered while this talent was on the books: no row now means "checked, none"."""

    __tablename__ = "evidence_check"
    __table_args__ = (
        ForeignKeyConstraint(["institution_id", "talent_id"], ["talent.institution_id", "talent.id"]),
        ForeignKeyConstraint(["institution_id", "import_id"], ["import.institution_id", "import.id"]),
    )

    talent_id: Mapped[General[UUID]] = mapped_column(primary_key=True)
    kind: Mapped[General[str]] = mapped_column(primary_key=True)
    import_id: Mapped[Internal[UUID]]
