"""GraphQL: talents."""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.api.graphql import evidence
from app.api.graphql.context import WITHHELD, Asked, RootFunction, compiled
from app.api.graphql.placements import Placement
from app.db.documents import Document
from app.domain import data_requests
from app.domain.careers import PositionLevel
from app.domain.ladder import Rung
from app.services import talents

strawberry.enum(
    data_requests.Processing, graphql_name_from="value", description="Whether somebody's data are processed at present."
)


@strawberry.type
class Grade:
    id: str | None
    name: str | None
    effective_from: datetime.date | None


@strawberry.type(description="The post on the personnel record.")
class CurrentPosition:
    name: str | None
    type: str | None
    level: PositionLevel | None
    echelon: str | None
    effective_from: datetime.date | None


@strawberry.type(description="A unit; `path` lists the ids from the root to it.")
class Unit:
    id: str
    name: str
    path: list[str]


@strawberry.type(description="A yearly appraisal (SKP).")
class PerformanceAppraisal(evidence.PerformanceAppraisalContent):
    id: int
    rung: Rung


@strawberry.type
class Feedback360(evidence.Feedback360Content):
    id: int
    rung: Rung


@strawberry.type
class Award(evidence.AwardContent):
    id: int
    rung: Rung


@strawberry.type(description="Work in a team; without `until` it is still running.")
class TeamAssignment(evidence.TeamAssignmentContent):
    id: int
    rung: Rung


@strawberry.type(description="Levels 1–5 of the nine managerial and socio-cultural competencies.")
class CompetencyAssessment(evidence.CompetencyAssessmentContent):
    id: int
    rung: Rung


@strawberry.type(description="Levels 1–5 of the eight aspects of potential.")
class PotentialAssessment(evidence.PotentialAssessmentContent):
    id: int
    rung: Rung


@strawberry.type(description="The total of an instrument, such as `potkom`, as the assessment centre states it.")
class AssessmentScore:
    id: int
    assessed_on: datetime.date
    instrument: str
    value: float
    rung: Rung


@strawberry.type(description="A finished training; `hours` are lesson hours (JP).")
class Training(evidence.TrainingContent):
    id: int
    rung: Rung


@strawberry.type(description="A post held, definitive or acting.")
class PositionHeld(evidence.PositionHeldContent):
    id: int
    rung: Rung


@strawberry.type(description="A diploma; `level` is null where the delivered label is unknown to the rubric.")
class Education(evidence.EducationContent):
    id: int
    rung: Rung


@strawberry.type(description="A disciplinary sanction (PP 94/2021).")
class DisciplinarySanction:
    id: int
    rung: Rung
    severity: str
    kind: str | None
    starts_on: datetime.date
    ends_on: datetime.date | None


@strawberry.type(
    description="The post that somebody was inaugurated in here, as long as Data ASN does not name it: until then "
    "`position` and `unit` say the one before."
)
class Inauguration:
    vacancy_id: UUID
    post_id: UUID
    name: str
    level: PositionLevel | None
    unit_id: str
    since: datetime.date | None


@strawberry.type(description="A person's record in one institution: who, where, and all histories, newest first.")
class Talent:
    id: UUID
    nip: str
    name: str
    title_before: str | None
    title_after: str | None
    born_on: datetime.date | None
    sex: str | None
    employment_type: str | None
    legal_status: str | None
    candidate_from: datetime.date | None
    appointed_from: datetime.date | None
    service_years: int | None
    service_months: int | None
    grade: Grade
    position: CurrentPosition
    inauguration: Inauguration | None
    unit: Unit | None
    home_institution: str | None
    working_institution: str | None
    is_mapped: bool
    unmapped_because: str | None
    processing: data_requests.Processing
    placement: Placement | None
    performance_appraisals: list[PerformanceAppraisal]
    feedback360: list[Feedback360]
    awards: list[Award]
    team_assignments: list[TeamAssignment]
    competency_assessments: list[CompetencyAssessment] | None
    potential_assessments: list[PotentialAssessment] | None
    assessment_scores: list[AssessmentScore] | None
    trainings: list[Training]
    positions: list[PositionHeld]
    educations: list[Education]
    disciplinary_sanctions: list[DisciplinarySanction] | None
    withheld: list[str] = strawberry.field(description=WITHHELD)


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class TalentEdge:
    cursor: str
    node: Talent


@strawberry.type(description="A page of talents by name.")
class TalentConnection:
    edges: list[TalentEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="TalentFilter", description="Which talents to list; what is not given does not restrict.")
class TalentFilterInput:
    unit: str | None = strawberry.field(default=None, description="Id of a unit; the units below it are included.")
    position_level: PositionLevel | None = None
    box: int | None = None
    assessed: bool | None = strawberry.field(default=None, description="Whether the talent stands in a box.")
    missing: str | None = strawberry.field(default=None, description="An item of completeness the talent lacks.")
    decided_by: str | None = strawberry.field(
        default=None, description="Items joined by commas: who would be in one box once these are known."
    )
    mapped: bool | None = None


@strawberry.type
class TalentQueries:
    @strawberry.field(description="One profile by employee number; null where the institution has no such talent.")
    def talent(self, nip: str) -> Talent | None:
        compiled()

    @strawberry.field(description="Talents by name, at most 200 at a time.")
    def talents(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[TalentFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> TalentConnection | None:
        compiled()


async def talent(asked: Asked, nip: str) -> Document:
    return await talents.talent_document(asked.db, asked.actor, nip, asked.wanted)


async def talents_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = talents.TalentFilter.model_validate(filter or {}, by_alias=True)
    return await talents.talents_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


ROOTS: dict[str, RootFunction] = {"talent": talent, "talents": talents_page}
