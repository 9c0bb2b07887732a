"""GraphQL: what rows of evidence say, on record or submitted."""

from __future__ import annotations

import datetime

import strawberry

from app.domain.careers import PositionLevel

strawberry.enum(PositionLevel, graphql_name_from="value", description="The level of a post.")


@strawberry.type(description="What a row of `PerformanceAppraisal` says.")
class PerformanceAppraisalContent:
    year: int
    work_result_rating: str | None
    behaviour_rating: str | None
    predicate: str
    appraiser_nip: str | None


@strawberry.type(description="What a row of `Feedback360` says.")
class Feedback360Content:
    year: int
    predicate: str


@strawberry.type(description="What a row of `Award` says.")
class AwardContent:
    name: str
    level: str
    awarded_on: datetime.date


@strawberry.type(description="What a row of `TeamAssignment` says.")
class TeamAssignmentContent:
    name: str
    role: str
    since: datetime.date
    until: datetime.date | None


@strawberry.type(description="What a row of `CompetencyAssessment` says.")
class CompetencyAssessmentContent:
    assessed_on: datetime.date
    method: str | None
    integrity: int | None
    teamwork: int | None
    communication: int | None
    results_orientation: int | None
    public_service: int | None
    developing_self_and_others: int | None
    managing_change: int | None
    decision_making: int | None
    nation_binding: int | None


@strawberry.type(description="What a row of `PotentialAssessment` says.")
class PotentialAssessmentContent:
    assessed_on: datetime.date
    method: str | None
    intellectual_ability: int | None
    interpersonal_ability: int | None
    self_awareness: int | None
    critical_and_strategic_thinking: int | None
    problem_solving: int | None
    emotional_intelligence: int | None
    fast_learning_and_self_development: int | None
    motivation_and_commitment: int | None


@strawberry.type(description="What a row of `Training` says.")
class TrainingContent:
    name: str
    kind: str
    hours: int | None
    finished_on: datetime.date


@strawberry.type(description="What a row of `PositionHeld` says.")
class PositionHeldContent:
    name: str
    type: str | None
    level: PositionLevel | None
    unit_id: str | None
    institution: str | None
    effective_from: datetime.date
    status: str


@strawberry.type(description="What a row of `Education` says.")
class EducationContent:
    level: str | None
    level_label: str
    field: str | None
    school: str | None
    graduated_in: int | None
