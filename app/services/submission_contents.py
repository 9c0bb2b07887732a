"""What talents may declare about themselves: a row of evidence, under the rules that hold for imported rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.db.staging import EVIDENCE
from app.domain import nip
from app.domain.careers import PositionLevel
from app.domain.errors import Fault, Invalid, refuse
from app.domain.evidence import ASPECTS, Kind
from app.domain.ladder import SUBMITTABLE
from app.services.contract import Command
from app.sheets import cells
from app.sheets.layouts import AWARDS, DIPLOMAS, PREDICATES, RATINGS, STATUSES, TRAININGS, row_key

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100  # as in imported rows


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these codes."""

    codes: tuple[str, ...]

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.codes))


def _as_stored(words: str) -> str:
    """One line, composed, as imports store it: what reads the same is the same row."""
    try:
        line = cells.text(words)
    except cells.CellFault:
        line = None
    if line is None:
        raise PydanticCustomError("field.line", "nothing is written, or a character that cannot be stored")
    return line


def _as_day(written: object) -> object:
    """JSON writes a day as text, and nothing else stands for one."""
    if not isinstance(written, str):
        return written
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or day.isoformat() != written:
        raise PydanticCustomError("field.date", "not a day that exists, written yyyy-mm-dd")
    return day


def _as_nip(digits: str) -> str:
    try:
        return nip.parse_nip(digits)
    except Invalid as error:
        raise PydanticCustomError("field.nip", "no number of an employee") from error


Line = Annotated[str, Field(max_length=500), AfterValidator(_as_stored)]
Code = Annotated[str, Field(max_length=100), AfterValidator(_as_stored)]
Day = Annotated[date, BeforeValidator(_as_day), Field(ge=date(EARLIEST_YEAR, 1, 1), le=date(LATEST_YEAR, 12, 31))]
Nip = Annotated[str, AfterValidator(_as_nip)]
Year = Annotated[int, Field(ge=EARLIEST_YEAR, le=LATEST_YEAR)]
Level = Annotated[int, Field(ge=1, le=5)]
Predicate = Annotated[str, OneOf(tuple(PREDICATES.values()))]
Rating = Annotated[str, OneOf(tuple(RATINGS.values()))]
TEAM_ROLES = ("lead_cross_institution", "lead_internal", "member_cross_institution", "member_internal")


class Content(Command):
    """What a row of evidence of one kind says."""

    def columns(self) -> dict[str, object]:
        """The values by column."""
        return self.model_dump()


class PerformanceAppraisal(Content):
    """A yearly appraisal (SKP)."""

    year: Year
    work_result_rating: Rating | None = None
    behaviour_rating: Rating | None = None
    predicate: Predicate
    appraiser_nip: Nip | None = None


class Feedback360(Content):
    """The predicate of a year's 360 feedback."""

    year: Year
    predicate: Predicate


class Award(Content):
    """An award and its level."""

    name: Line
    level: Annotated[str, OneOf(tuple(AWARDS.values()))]
    awarded_on: Day


class TeamAssignment(Content):
    """Work in a team; without `until` it is still running."""

    name: Line
    role: Annotated[str, OneOf(TEAM_ROLES)]
    since: Day
    until: Day | None = None


class CompetencyAssessment(Content):
    """Levels 1–5 of the nine managerial and socio-cultural competencies; blank where the report leaves one blank."""

    assessed_on: Day
    method: Line | None = None
    integrity: Level | None = None
    teamwork: Level | None = None
    communication: Level | None = None
    results_orientation: Level | None = None
    public_service: Level | None = None
    developing_self_and_others: Level | None = None
    managing_change: Level | None = None
    decision_making: Level | None = None
    nation_binding: Level | None = None


class PotentialAssessment(Content):
    """Levels 1–5 of the eight aspects of potential; blank where the report leaves one blank."""

    assessed_on: Day
    method: Line | None = None
    intellectual_ability: Level | None = None
    interpersonal_ability: Level | None = None
    self_awareness: Level | None = None
    critical_and_strategic_thinking: Level | None = None
    problem_solving: Level | None = None
    emotional_intelligence: Level | None = None
    fast_learning_and_self_development: Level | None = None
    motivation_and_commitment: Level | None = None


class Training(Content):
    """A finished training; `hours` are lesson hours (JP)."""

    name: Line
    kind: Annotated[str, OneOf(tuple(TRAININGS.values()))]
    hours: int | None = Field(None, ge=0, le=10_000)
    finished_on: Day


class PositionHeld(Content):
    """A post held, definitive or acting (`status`)."""

    position_type: Line | None = Field(None, alias="type")
    name: Line
    level: Annotated[PositionLevel, Field(strict=False)]
    unit_id: Code | None = None
    institution: Line | None = None
    effective_from: Day
    status: Annotated[str, OneOf(tuple(STATUSES.values()))]


class Education(Content):
    """A diploma."""

    level: Annotated[str, OneOf(tuple(DIPLOMAS.values()))]
    field: Line | None = None
    school: Line | None = None
    graduated_in: Year | None = None

    def columns(self) -> dict[str, object]:
        """The values by column; the label is the one that imports know the level by."""
        return {**self.model_dump(), "level_label": DIPLOMA_LABELS[self.level]}


DIPLOMA_LABELS = {code: label for label, code in DIPLOMAS.items()}
YEARS = ("year", "graduated_in")


class EvidenceContent(Command):
    """What is declared: exactly one of these."""

    performance_appraisal: PerformanceAppraisal | None = None
    feedback360: Feedback360 | None = None
    award: Award | None = None
    team_assignment: TeamAssignment | None = None
    competency_assessment: CompetencyAssessment | None = None
    potential_assessment: PotentialAssessment | None = None
    training: Training | None = None
    position: PositionHeld | None = None
    education: Education | None = None

    def by_kind(self) -> dict[Kind, Content]:
        """What is filled in."""
        parts = ((kind, getattr(self, name)) for kind, name in NAMES.items())
        return {kind: part for kind, part in parts if part is not None}


NAMES = {Kind(str(field.alias)): name for name, field in EvidenceContent.model_fields.items()}


@dataclass(frozen=True, slots=True)
class Declared:
    """A row of evidence as a talent declares it: JSON by column, and the key that an equal imported row would have."""

    kind: Kind
    values: dict[str, object]
    row_key: UUID


def declared(content: EvidenceContent, today: date) -> Declared:
    """What a content declares; `Invalid` for none or several kinds, for days to come, for an end before it began."""
    parts = content.by_kind()
    if len(parts) != 1:
        about = {"allowed": ", ".join(SUBMITTABLE)}
        refuse(Fault("evidence.one_kind", "/content", about))
    [(kind, part)] = parts.items()
    columns = part.columns()
    if faults := _faults(kind, part, today):
        refuse(*faults)
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}
    return Declared(kind, values, row_key(EVIDENCE[kind].identity(columns)))


def _faults(kind: Kind, part: Content, today: date) -> list[Fault]:
    """What no single value shows: days and years to come, and a team that ended before it began."""
    faults = []
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        is_to_come = value > today if isinstance(value, date) else name in YEARS and (value or 0) > today.year
        if is_to_come:
            faults.append(Fault("evidence.future", f"/content/{kind.value}/{field.alias}"))
    if kind in ASPECTS and all(getattr(part, aspect) is None for aspect in ASPECTS[kind]):
        faults.append(Fault("evidence.no_levels", f"/content/{kind.value}"))
    if isinstance(part, TeamAssignment) and part.until is not None and part.until < part.since:
        faults.append(Fault("date.order", "/content/teamAssignment/until", {"column": "until"}))
    return faults
