"""What documents about talents can contain: the profile, its histories, and what lists can be filtered by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal_column,
    not_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.db.classes import highest_of, rule_for
from app.db.documents import Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value
from app.db.inaugurations import is_news
from app.db.shapes.placements import BY_NIP, OF_TALENT, PROCESSING, owned, placement_fields
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INTEGER,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    NUMBER,
    RUNG,
    TEXT,
    TEXTS,
)
from app.db.shapes.scopes import SCOPES, is_restricted, of_unit
from app.db.tables import evidence as rows
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.placements import PlacementRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.careers import PositionLevel
from app.domain.evidence import COMPETENCIES, POTENTIAL_ASPECTS

Column = InstrumentedAttribute[Any]

ITEMS = (
    "competencyAssessment",
    "potentialAssessment",
    "performanceAppraisal",
    "feedback360",
    "education",
    "positionHistory",
    "training",
    "awards",
    "teamAssignments",
    "discipline",
)
LEVEL: JsonSchema = {"type": ["string", "null"], "enum": [*(level.value for level in PositionLevel), None]}


def _history(type_name: str, row: type[rows.Evidence], newest_first: Column, fields: Fields) -> Items:
    """The rows that stand, newest first; as a whole for those only who may see the highest class among its columns."""
    table: Table = row.__table__  # type: ignore[attr-defined]
    of_talent = and_(
        table.c.institution_id == TalentRow.institution_id,
        table.c.talent_id == TalentRow.id,
        literal_column(rows.stands(f'"{table.name}"'), Boolean),
    )
    fields = {**fields, "rung": Value(row.rung, RUNG)}
    needs = rule_for(highest_of(table.columns))
    return Items(type_name, fields, table, of_talent, (newest_first.desc(), table.c.id.desc()), needs=needs)


def _levels(row: type[Any], aspects: tuple[str, ...]) -> Fields:
    """One field per aspect, 1–5, null where the report left it blank."""
    return {camel(aspect): Value(getattr(row, aspect), NULLABLE_INTEGER) for aspect in aspects}


def camel(name: str) -> str:
    """snake_case as it is written in JSON."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


HISTORIES: Fields = {
    "performanceAppraisals": _history(
        "PerformanceAppraisal",
        rows.PerformanceAppraisalRow,
        rows.PerformanceAppraisalRow.year,
        {
            "id": Value(rows.PerformanceAppraisalRow.id, INTEGER),
            "year": Value(rows.PerformanceAppraisalRow.year, INTEGER),
            "workResultRating": Value(rows.PerformanceAppraisalRow.work_result_rating, NULLABLE_TEXT),
            "behaviourRating": Value(rows.PerformanceAppraisalRow.behaviour_rating, NULLABLE_TEXT),
            "predicate": Value(rows.PerformanceAppraisalRow.predicate, TEXT),
            "appraiserNip": Value(rows.PerformanceAppraisalRow.appraiser_nip, NULLABLE_TEXT),
        },
    ),
    "feedback360": _history(
        "Feedback360",
        rows.Feedback360Row,
        rows.Feedback360Row.year,
        {
            "id": Value(rows.Feedback360Row.id, INTEGER),
            "year": Value(rows.Feedback360Row.year, INTEGER),
            "predicate": Value(rows.Feedback360Row.predicate, TEXT),
        },
    ),
    "awards": _history(
        "Award",
        rows.AwardRow,
        rows.AwardRow.awarded_on,
        {
            "id": Value(rows.AwardRow.id, INTEGER),
            "name": Value(rows.AwardRow.name, TEXT),
            "level": Value(rows.AwardRow.level, TEXT),
            "awardedOn": Value(rows.AwardRow.awarded_on, DATE),
        },
    ),
    "teamAssignments": _history(
        "TeamAssignment",
        rows.TeamAssignmentRow,
        rows.TeamAssignmentRow.since,
        {
            "id": Value(rows.TeamAssignmentRow.id, INTEGER),
            "name": Value(rows.TeamAssignmentRow.name, TEXT),
            "role": Value(rows.TeamAssignmentRow.role, TEXT),
            "since": Value(rows.TeamAssignmentRow.since, DATE),
            "until": Value(rows.TeamAssignmentRow.until, NULLABLE_DATE),
        },
    ),
    "competencyAssessments": _history(
        "CompetencyAssessment",
        rows.CompetencyAssessmentRow,
        rows.CompetencyAssessmentRow.assessed_on,
        {
            "id": Value(rows.CompetencyAssessmentRow.id, INTEGER),
            "assessedOn": Value(rows.CompetencyAssessmentRow.assessed_on, DATE),
            "method": Value(rows.CompetencyAssessmentRow.method, NULLABLE_TEXT),
            **_levels(rows.CompetencyAssessmentRow, COMPETENCIES),
        },
    ),
    "potentialAssessments": _history(
        "PotentialAssessment",
        rows.PotentialAssessmentRow,
        rows.PotentialAssessmentRow.assessed_on,
        {
            "id": Value(rows.PotentialAssessmentRow.id, INTEGER),
            "assessedOn": Value(rows.PotentialAssessmentRow.assessed_on, DATE),
            "method": Value(rows.PotentialAssessmentRow.method, NULLABLE_TEXT),
            **_levels(rows.PotentialAssessmentRow, POTENTIAL_ASPECTS),
        },
    ),
    "assessmentScores": _history(
        "AssessmentScore",
        rows.AssessmentScoreRow,
        rows.AssessmentScoreRow.assessed_on,
        {
            "id": Value(rows.AssessmentScoreRow.id, INTEGER),
            "assessedOn": Value(rows.AssessmentScoreRow.assessed_on, DATE),
            "instrument": Value(rows.AssessmentScoreRow.instrument, TEXT),
            "value": Value(func.trim_scale(rows.AssessmentScoreRow.value), NUMBER),
        },
    ),
    "trainings": _history(
        "Training",
        rows.TrainingRow,
        rows.TrainingRow.finished_on,
        {
            "id": Value(rows.TrainingRow.id, INTEGER),
            "name": Value(rows.TrainingRow.name, TEXT),
            "kind": Value(rows.TrainingRow.kind, TEXT),
            "hours": Value(rows.TrainingRow.hours, NULLABLE_INTEGER),
            "finishedOn": Value(rows.TrainingRow.finished_on, DATE),
        },
    ),
    "positions": _history(
        "PositionHeld",
        rows.PositionRow,
        rows.PositionRow.effective_from,
        {
            "id": Value(rows.PositionRow.id, INTEGER),
            "name": Value(rows.PositionRow.name, TEXT),
            "type": Value(rows.PositionRow.position_type, NULLABLE_TEXT),
            "level": Value(rows.PositionRow.level, LEVEL),
            "unitId": Value(rows.PositionRow.unit_id, NULLABLE_TEXT),
            "institution": Value(rows.PositionRow.institution, NULLABLE_TEXT),
            "effectiveFrom": Value(rows.PositionRow.effective_from, DATE),
            "status": Value(rows.PositionRow.status, TEXT),
        },
    ),
    "educations": _history(
        "Education",
        rows.EducationRow,
        rows.EducationRow.graduated_in,
        {
            "id": Value(rows.EducationRow.id, INTEGER),
            "level": Value(rows.EducationRow.level, NULLABLE_TEXT),
            "levelLabel": Value(rows.EducationRow.level_label, TEXT),
            "field": Value(rows.EducationRow.field, NULLABLE_TEXT),
            "school": Value(rows.EducationRow.school, NULLABLE_TEXT),
            "graduatedIn": Value(rows.EducationRow.graduated_in, NULLABLE_INTEGER),
        },
    ),
    "disciplinarySanctions": _history(
        "DisciplinarySanction",
        rows.SanctionRow,
        rows.SanctionRow.starts_on,
        {
            "id": Value(rows.SanctionRow.id, INTEGER),
            "severity": Value(rows.SanctionRow.severity, TEXT),
            "kind": Value(rows.SanctionRow.kind, NULLABLE_TEXT),
            "startsOn": Value(rows.SanctionRow.starts_on, DATE),
            "endsOn": Value(rows.SanctionRow.ends_on, NULLABLE_DATE),
        },
    ),
}

CURRENT_POSITION: Fields = {
    "name": Value(TalentRow.position, NULLABLE_TEXT),
    "type": Value(TalentRow.position_type, NULLABLE_TEXT),
    "level": Value(TalentRow.position_level, LEVEL),
    "echelon": Value(TalentRow.echelon, NULLABLE_TEXT),
    "effectiveFrom": Value(TalentRow.position_from, NULLABLE_DATE),
}

_post = and_(PostRow.institution_id == PostHolderRow.institution_id, PostRow.id == PostHolderRow.post_id)
INAUGURATION = Object(
    "Inauguration",
    {
        "vacancyId": Value(PostHolderRow.vacancy_id, ID),
        "postId": Value(PostRow.id, ID),
        "name": Value(PostRow.name, TEXT),
        "level": Value(PostRow.level, LEVEL),
        "unitId": Value(PostRow.unit_id, TEXT),
        "since": Value(PostHolderRow.since, NULLABLE_DATE),
    },
    PostHolderRow.__table__.join(PostRow.__table__, _post),
    and_(
        PostHolderRow.institution_id == TalentRow.institution_id,
        PostHolderRow.talent_id == TalentRow.id,
        literal_column(is_news("post_holder", "post", "talent"), Boolean),
    ),
)
"""The post that somebody was inaugurated in, until an import of Data ASN names it; null where `position` says it."""

TALENT_FIELDS: Fields = {
    "id": Value(TalentRow.id, ID),
    "nip": Value(TalentRow.nip, TEXT),
    "name": Value(TalentRow.name, TEXT),
    "titleBefore": Value(TalentRow.title_before, NULLABLE_TEXT),
    "titleAfter": Value(TalentRow.title_after, NULLABLE_TEXT),
    "bornOn": Value(TalentRow.born_on, NULLABLE_DATE),
    "sex": Value(TalentRow.sex, NULLABLE_TEXT),
    "employmentType": Value(TalentRow.employment_type, NULLABLE_TEXT),
    "legalStatus": Value(TalentRow.legal_status, NULLABLE_TEXT),
    "candidateFrom": Value(TalentRow.candidate_from, NULLABLE_DATE),
    "appointedFrom": Value(TalentRow.appointed_from, NULLABLE_DATE),
    "serviceYears": Value(TalentRow.service_years, NULLABLE_INTEGER),
    "serviceMonths": Value(TalentRow.service_months, NULLABLE_INTEGER),
    "grade": Object(
        "Grade",
        {
            "id": Value(TalentRow.grade_id, NULLABLE_TEXT),
            "name": Value(TalentRow.grade, NULLABLE_TEXT),
            "effectiveFrom": Value(TalentRow.grade_from, NULLABLE_DATE),
        },
    ),
    "position": Object("CurrentPosition", CURRENT_POSITION),
    "inauguration": INAUGURATION,
    "unit": Object(
        "Unit",
        {
            "id": Value(OrgUnitRow.id, TEXT),
            "name": Value(OrgUnitRow.name, TEXT),
            "path": Value(OrgUnitRow.path, TEXTS),
        },
        OrgUnitRow.__table__,
        and_(OrgUnitRow.institution_id == TalentRow.institution_id, OrgUnitRow.id == TalentRow.unit_id),
    ),
    "homeInstitution": Value(TalentRow.home_institution, NULLABLE_TEXT),
    "workingInstitution": Value(TalentRow.working_institution, NULLABLE_TEXT),
    "isMapped": Value(TalentRow.is_mapped, BOOLEAN),
    "unmappedBecause": Value(TalentRow.unmapped_because, NULLABLE_TEXT),
    "processing": PROCESSING,
    "placement": Object(
        "Placement", placement_fields(PlacementRow, with_trace=False), PlacementRow.__table__, OF_TALENT
    ),
    **HISTORIES,
    "withheld": WITHHELD,
}

TALENT = Shape("Talent", TalentRow.__table__, TALENT_FIELDS, rooted=owned, conditions=BY_NIP)


def _placed(condition: ColumnElement[bool]) -> Condition:
    return exists(select(PlacementRow.talent_id).where(OF_TALENT, condition).correlate(TalentRow.__table__))


_smallest = func.unnest(PlacementRow.decides).table_valued("items", name="smallest").render_derived()
_assessed = bindparam("assessed", type_=Boolean)
FILTERS: dict[str, Condition] = {
    "unit": of_unit("unit"),
    "position_level": TalentRow.position_level == bindparam("position_level", type_=Text),
    "box": _placed(PlacementRow.box == bindparam("box", type_=Integer)),
    "assessed": and_(_placed(PlacementRow.box.is_not(None)) == _assessed, not_(is_restricted)),
    "missing": _placed(bindparam("missing", type_=Text) == any_(PlacementRow.missing)),
    "decided_by": _placed(
        exists(
            select(_smallest.c["items"]).where(
                func.string_to_array(_smallest.c["items"], "+").op("<@")(
                    func.string_to_array(bindparam("decided_by", type_=Text), ",")
                )
            )
        )
    ),
    "mapped": TalentRow.is_mapped == bindparam("mapped", type_=Boolean),
}
_SUMMARY = (
    "id",
    "nip",
    "name",
    "titleBefore",
    "titleAfter",
    "position",
    "inauguration",
    "unit",
    "grade",
    "isMapped",
    "unmappedBecause",
    "processing",
    "placement",
)
# A list sends a summary unless its reader asks for more; everything of a profile can be asked for.
LISTED = Shape(
    "Talent", TalentRow.__table__, TALENT_FIELDS, rooted=owned, conditions={**FILTERS, **SCOPES}, summary=_SUMMARY
)
DOSSIER = frozenset({*HISTORIES, "placement.trace"})
TALENTS = Pages("Talent", LISTED, (TalentRow.name, TalentRow.id), opened_by=DOSSIER)
