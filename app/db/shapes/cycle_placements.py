"""What documents about placements in cycles can contain."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    not_,
    or_,
    select,
)

from app.db.documents import Actor, Column, Condition, Fields, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes import parents
from app.db.shapes.cycles import PHASE, of_cycle, published_box
from app.db.shapes.formats import instant
from app.db.shapes.placements import PROCESSING, placement_fields
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.scopes import SCOPES, objects_to_automation
from app.db.shapes.sentences import said
from app.db.shapes.talents import LEVEL
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.cycles import CyclePlacementRow, CycleRow
from app.db.tables.data_requests import PlacementReviewRow
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.talents import TalentRow
from app.domain.calibration import IN_FORCE, ReasonCode
from app.domain.cycles import STATE_IN, PlacementState

_cycle, _placement, _talent = CycleRow.__table__, CyclePlacementRow.__table__, TalentRow.__table__
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in PlacementState]}
REASONS = {reason.value: reason.sentence_code for reason in ReasonCode}
REASON: JsonSchema = {"type": "string", "enum": list(REASONS)}
_state: ColumnElement[str] = case({phase.value: state.value for phase, state in STATE_IN.items()}, value=CycleRow.phase)


def reason_of(code: Column) -> Object:
    """A calibration's reason and its sentence."""
    return Object("CalibrationReason", {"code": Value(code, REASON), "detail": said(REASONS, code)})


_of_review = and_(
    PlacementReviewRow.institution_id == CyclePlacementRow.institution_id,
    PlacementReviewRow.cycle_id == CyclePlacementRow.cycle_id,
    PlacementReviewRow.talent_id == CyclePlacementRow.talent_id,
    PlacementReviewRow.box.is_not_distinct_from(published_box),
)
awaits_review: ColumnElement[bool] = and_(
    objects_to_automation,
    CyclePlacementRow.calibrated_box.is_(None),
    not_(exists(select(PlacementReviewRow.talent_id).where(_of_review).correlate(_placement))),
)
"""A human has to decide and has not: neither moved the talent nor let the published box stand."""
_CALCULATED = placement_fields(CyclePlacementRow, with_trace=True)
CYCLE_PLACEMENT_FIELDS: Fields = {
    "nip": Value(TalentRow.nip, TEXT),
    "name": Value(TalentRow.name, TEXT),
    "cycle": Object(
        "CycleName",
        {
            "id": Value(CycleRow.id, ID),
            "name": Value(CycleRow.name, TEXT),
            "asOf": Value(CycleRow.as_of, DATE),
            "phase": Value(CycleRow.phase, PHASE),
            "objectionUntil": Value(CycleRow.objection_until, NULLABLE_DATE),
        },
    ),
    "state": Value(_state, STATE),
    "unit": Object(
        "UnitThen",
        {
            "id": Value(CyclePlacementRow.unit_id, NULLABLE_TEXT),
            "name": Value(CyclePlacementRow.unit_name, NULLABLE_TEXT),
        },
    ),
    "positionLevel": Value(CyclePlacementRow.position_level, LEVEL),
    "computedBox": Value(CyclePlacementRow.box, NULLABLE_INTEGER),
    "calibratedBox": Value(CyclePlacementRow.calibrated_box, NULLABLE_INTEGER),
    "publishedBox": Value(published_box, NULLABLE_INTEGER),
    **{name: field for name, field in _CALCULATED.items() if name != "box"},
    "calibration": Object(
        "CalibrationInForce",
        {
            "id": Value(CalibrationRow.id, ID),
            "fromBox": Value(CalibrationRow.from_box, INTEGER),
            "toBox": Value(CalibrationRow.to_box, INTEGER),
            "reason": reason_of(CalibrationRow.reason),
            "movedAt": Value(instant(CalibrationRow.moved_at), INSTANT),
        },
        CalibrationRow.__table__,
        and_(
            CalibrationRow.institution_id == CyclePlacementRow.institution_id,
            CalibrationRow.cycle_id == CyclePlacementRow.cycle_id,
            CalibrationRow.talent_id == CyclePlacementRow.talent_id,
            or_(*(CalibrationRow.state == state.value for state in IN_FORCE)),
        ),
    ),
    "processing": PROCESSING,
    "awaitingReview": Value(awaits_review, BOOLEAN),
    "review": Object(
        "PlacementReview",
        {
            "comment": Value(PlacementReviewRow.comment, TEXT),
            "by": Value(PlacementReviewRow.subject, TEXT),
            "role": Value(PlacementReviewRow.role, TEXT),
            "at": Value(instant(PlacementReviewRow.reviewed_at), INSTANT),
        },
        PlacementReviewRow.__table__,
        _of_review,
    ),
}

_source = _placement.join(_cycle, of_cycle(CyclePlacementRow)).join(
    _talent,
    and_(
        TalentRow.institution_id == CyclePlacementRow.institution_id,
        TalentRow.id == CyclePlacementRow.talent_id,
    ),
)


def owned(actor: Actor) -> Condition:
    """Placements of the actor's institution."""
    return CyclePlacementRow.institution_id == cast(actor.c.institution, Uuid)


_is_visible = or_(
    *(CycleRow.phase == phase.value for phase, state in STATE_IN.items() if state is not PlacementState.DRAFT)
)
CONDITIONS: dict[str, Condition] = {
    "cycle_id": CyclePlacementRow.cycle_id == bindparam("cycle_id", type_=Uuid),
    "nip": TalentRow.nip == bindparam("nip", type_=Text),
    "visible": _is_visible,
    **SCOPES,
}
FILTERS: dict[str, Condition] = {
    "unit": exists(
        select(OrgUnitRow.id)
        .where(
            OrgUnitRow.institution_id == CyclePlacementRow.institution_id,
            OrgUnitRow.id == CyclePlacementRow.unit_id,
            bindparam("unit", type_=Text) == any_(OrgUnitRow.path),
        )
        .correlate(_placement)
    ),
    "position_level": CyclePlacementRow.position_level == bindparam("position_level", type_=Text),
    "box": published_box == bindparam("box", type_=Integer),
    "assessed": CyclePlacementRow.box.is_not(None) == bindparam("assessed", type_=Boolean),
    "calibrated": CyclePlacementRow.calibrated_box.is_not(None) == bindparam("calibrated", type_=Boolean),
    "missing": bindparam("missing", type_=Text) == any_(CyclePlacementRow.missing),
    "awaiting_review": awaits_review == bindparam("awaiting_review", type_=Boolean),
}
CYCLE_PLACEMENT = Shape("CyclePlacement", _source, CYCLE_PLACEMENT_FIELDS, rooted=owned, conditions=CONDITIONS)
_SUMMARY = (
    "nip",
    "name",
    "state",
    "unit",
    "positionLevel",
    "computedBox",
    "calibratedBox",
    "publishedBox",
    "decidedBox",
    "talentValue",
    "missing",
    "manualDecision",
    "processing",
)
LISTED = Shape(
    "CyclePlacement",
    _source,
    CYCLE_PLACEMENT_FIELDS,
    rooted=owned,
    conditions={**CONDITIONS, **FILTERS},
    summary=_SUMMARY,
)
CYCLE_PLACEMENTS = Pages(
    "CyclePlacement",
    LISTED,
    (TalentRow.name, CyclePlacementRow.id),
    opened_by=frozenset({"trace"}),
    parent=parents.OF_CYCLE,
)
OF_TALENT = Shape(
    "CyclePlacement",
    _source,
    CYCLE_PLACEMENT_FIELDS,
    rooted=owned,
    conditions=CONDITIONS,
    summary=("cycle", *_SUMMARY),
)
PLACEMENTS_OF_TALENT = Pages(
    "CyclePlacement",
    OF_TALENT,
    (instant(CycleRow.created_at), CyclePlacementRow.id),
    descending=True,
    of_one=True,
    parent=parents.OF_TALENT,
)
