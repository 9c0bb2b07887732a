"""GraphQL: what a talent may declare; the limits are those of the commands in `services.submission_contents`."""

from __future__ import annotations

import datetime

import strawberry

from app.domain.careers import PositionLevel


@strawberry.input(description="A yearly appraisal (SKP).")
class PerformanceAppraisalInput:
    year: int
    work_result_rating: str | None = None
    behaviour_rating: str | None = None
    predicate: str
    appraiser_nip: str | None = None


@strawberry.input(description="The predicate of a year's 360 feedback.")
class Feedback360Input:
    year: int
    predicate: str


@strawberry.input(description="An award and its level.")
class AwardInput:
    name: str
    level: str
    awarded_on: datetime.date


@strawberry.input(description="Work in a team; without `until` it is still running.")
class TeamAssignmentInput:
    name: str
    role: str
    since: datetime.date
    until: datetime.date | None = None


@strawberry.input(description="Levels 1–5 of the nine managerial and socio-cultural competencies.")
class CompetencyAssessmentInput:
    assessed_on: datetime.date
    method: str | None = None
    integrity: int | None = None
    teamwork: int | None = None
    communication: int | None = None
    results_orientation: int | None = None
    public_service: int | None = None
    developing_self_and_others: int | None = None
    managing_change: int | None = None
    decision_making: int | None = None
    nation_binding: int | None = None


@strawberry.input(description="Levels 1–5 of the eight aspects of potential.")
class PotentialAssessmentInput:
    assessed_on: datetime.date
    method: str | None = None
    intellectual_ability: int | None = None
    interpersonal_ability: int | None = None
    self_awareness: int | None = None
    critical_and_strategic_thinking: int | None = None
    problem_solving: int | None = None
    emotional_intelligence: int | None = None
    fast_learning_and_self_development: int | None = None
    motivation_and_commitment: int | None = None


@strawberry.input(description="A finished training; `hours` are lesson hours (JP).")
class TrainingInput:
    name: str
    kind: str
    hours: int | None = None
    finished_on: datetime.date


@strawberry.input(description="A post held, definitive or acting.")
class PositionHeldInput:
    type: str | None = None
    name: str
    level: PositionLevel
    unit_id: str | None = None
    institution: str | None = None
    effective_from: datetime.date
    status: str


@strawberry.input(description="A diploma.")
class EducationInput:
    level: str
    field: str | None = None
    school: str | None = None
    graduated_in: int | None = None


@strawberry.input(name="EvidenceContent", description="What is declared: exactly one of these.")
class EvidenceContentInput:
    performance_appraisal: PerformanceAppraisalInput | None = None
    feedback360: Feedback360Input | None = None
    award: AwardInput | None = None
    team_assignment: TeamAssignmentInput | None = None
    competency_assessment: CompetencyAssessmentInput | None = None
    potential_assessment: PotentialAssessmentInput | None = None
    training: TrainingInput | None = None
    position: PositionHeldInput | None = None
    education: EducationInput | None = None
