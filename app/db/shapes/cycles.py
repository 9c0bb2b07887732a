"""What documents about cycles can contain: their plan and phases, their map, and how appraisers differ."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB, array

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.calculations import CALCULATION
from app.db.shapes.formats import instant
from app.db.shapes.institutions import rubric_of
from app.db.shapes.schemas import DATE, ID, INSTANT, INTEGER, INTEGERS, NULLABLE_DATE, NULLABLE_TEXT, TEXT
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.cycles import CalculationRow, CyclePhaseRow, CyclePlacementRow, CycleRow
from app.db.tables.objections import ObjectionRow
from app.domain import calibration, objections
from app.domain.cycles import Origin, Phase
from app.domain.nine_box import BOXES

_cycle, _placement = CycleRow.__table__, CyclePlacementRow.__table__
PHASE: JsonSchema = {"type": "string", "enum": [phase.value for phase in Phase]}
ORIGIN: JsonSchema = {"type": "string", "enum": [origin.value for origin in Origin]}
published_box: ColumnElement[int | None] = func.coalesce(CyclePlacementRow.calibrated_box, CyclePlacementRow.box)


OfCycle = CyclePhaseRow | CyclePlacementRow | CalculationRow | CalibrationRow | ObjectionRow


def of_cycle(row: type[OfCycle]) -> Condition:
    """The rows of a cycle."""
    return and_(row.institution_id == CycleRow.institution_id, row.cycle_id == CycleRow.id)


# ── the map of a cycle

_tally = (
    select(
        func.count().label("total"),
        func.count(published_box).label("assessed"),
        array([func.count().filter(published_box == box) for box in BOXES]).label("published"),
        array([func.count().filter(CyclePlacementRow.box == box) for box in BOXES]).label("computed"),
    )
    .where(of_cycle(CyclePlacementRow))
    .correlate(_cycle)
    .lateral("tally")
)
_number = func.generate_series(1, 9).table_valued(column("number", Integer), name="box").render_derived()
_share = (
    func.jsonb_array_elements(CycleRow.guideline)
    .table_valued(column("told", JSONB), with_ordinality="place", name="share")
    .render_derived()
)
_box_of_share = (
    func.jsonb_array_elements_text(_share.c.told["boxes"]).table_valued("number", name="box_of_share").render_derived()
)


def _counted(counts: ColumnElement[object], number: ColumnElement[int]) -> ColumnElement[int]:
    return type_coerce(counts, ARRAY(Integer))[number]


_in_share = cast(
    select(func.coalesce(func.sum(_counted(_tally.c.published, cast(_box_of_share.c.number, Integer))), 0))
    .select_from(_box_of_share)
    .correlate(_share, _tally)
    .scalar_subquery(),
    Integer,
)
_percent = cast(_share.c.told["share"].astext, Integer)
_expected = cast(func.round(cast(_tally.c.assessed * _percent, Numeric) / 100), Integer)

MAP: Fields = {
    "asOf": Value(CycleRow.as_of, DATE),
    "rubric": rubric_of(CycleRow.rubric_code, CycleRow.rubric_version),
    "total": Value(_tally.c.total, INTEGER),
    "assessed": Value(_tally.c.assessed, INTEGER),
    "notAssessed": Value(_tally.c.total - _tally.c.assessed, INTEGER),
    "boxes": Items(
        "CycleBoxCount",
        {
            "box": Value(_number.c.number, INTEGER),
            "count": Value(_counted(_tally.c.published, _number.c.number), INTEGER),
            "computed": Value(_counted(_tally.c.computed, _number.c.number), INTEGER),
        },
        _number,
        true(),
        (_number.c.number,),
    ),
    "guideline": Items(
        "GuidelineCount",
        {
            "boxes": Value(_share.c.told["boxes"], INTEGERS),
            "share": Value(_percent, INTEGER),
            "expected": Value(_expected, INTEGER),
            "count": Value(_in_share, INTEGER),
            "over": Value(func.greatest(_in_share - _expected, 0), INTEGER),
            "under": Value(func.greatest(_expected - _in_share, 0), INTEGER),
        },
        _share,
        true(),
        (_share.c.place,),
    ),
}


def owned(actor: Actor) -> Condition:
    """Cycles of the actor's institution."""
    return CycleRow.institution_id == cast(actor.c.institution, Uuid)


BY_ID = {"id": CycleRow.id == bindparam("id", type_=Uuid)}
CYCLE_NINE_BOX = Shape("CycleNineBox", _cycle.join(_tally, true()), MAP, rooted=owned, conditions=BY_ID)


# ── the cycle

_confirmed = _cycle.alias("confirmed")
_latest = (
    select(CalculationRow.id)
    .where(of_cycle(CalculationRow))
    .order_by(CalculationRow.started_at.desc(), CalculationRow.id)
    .limit(1)
    .correlate(_cycle)
    .scalar_subquery()
)


def _states(row: type[CalibrationRow | ObjectionRow], counted: dict[str, tuple[str, ...]], name: str) -> FromClause:
    """How many rows of a cycle are in some states: one column of counts by each name."""
    counts = [
        func.count().filter(row.state == func.any(array(list(states)))).label(label)
        for label, states in counted.items()
    ]
    return select(*counts).where(of_cycle(row)).correlate(_cycle).subquery(name)


_calibrations = _states(
    CalibrationRow,
    {
        "awaiting": (calibration.State.AWAITING_SECOND_PERSON.value,),
        "in_force": tuple(state.value for state in calibration.IN_FORCE),
        "stale": (calibration.State.STALE.value,),
    },
    "calibrations",
)
_objections = _states(ObjectionRow, {state.value: (state.value,) for state in objections.State}, "objections")

CYCLE_FIELDS: Fields = {
    "id": Value(CycleRow.id, ID),
    "revision": Value(CycleRow.revision, INTEGER),
    "name": Value(CycleRow.name, TEXT),
    "asOf": Value(CycleRow.as_of, DATE),
    "rubric": rubric_of(CycleRow.rubric_code, CycleRow.rubric_version),
    "phase": Value(CycleRow.phase, PHASE),
    "origin": Value(CycleRow.origin, ORIGIN),
    "plan": Object(
        "CyclePlan",
        {
            "calibrationUntil": Value(CycleRow.calibration_until, NULLABLE_DATE),
            "objectionUntil": Value(CycleRow.objection_until, NULLABLE_DATE),
            "confirmationUntil": Value(CycleRow.confirmation_until, NULLABLE_DATE),
        },
    ),
    "createdAt": Value(instant(CycleRow.created_at), INSTANT),
    "inputsDigest": Value(CycleRow.inputs_digest, NULLABLE_TEXT),
    "phases": Items(
        "CyclePhase",
        {
            "phase": Value(CyclePhaseRow.phase, PHASE),
            "enteredAt": Value(instant(CyclePhaseRow.entered_at), INSTANT),
            "by": Value(CyclePhaseRow.subject, TEXT),
            "role": Value(CyclePhaseRow.role, TEXT),
        },
        CyclePhaseRow.__table__,
        of_cycle(CyclePhaseRow),
        (CyclePhaseRow.ordinal,),
    ),
    "confirmation": Object(
        "CycleConfirmation",
        {"at": Value(instant(_confirmed.c.confirmed_at), INSTANT), "by": Value(_confirmed.c.confirmed_by, TEXT)},
        _confirmed,
        and_(
            _confirmed.c.institution_id == CycleRow.institution_id,
            _confirmed.c.id == CycleRow.id,
            _confirmed.c.confirmed_at.is_not(None),
        ),
    ),
    "calculation": Object(
        "Calculation",
        CALCULATION.fields,
        CALCULATION.source,
        and_(of_cycle(CalculationRow), CalculationRow.id == _latest),
    ),
    "calibrations": Object(
        "CalibrationCounts",
        {
            "awaitingSecondPerson": Value(_calibrations.c.awaiting, INTEGER),
            "inForce": Value(_calibrations.c.in_force, INTEGER),
            "stale": Value(_calibrations.c.stale, INTEGER),
        },
        _calibrations,
    ),
    "objections": Object(
        "ObjectionCounts",
        {state.value: Value(_objections.c[state.value], INTEGER) for state in objections.State},
        _objections,
    ),
    "nineBox": Object("CycleNineBox", MAP, _tally),
}
CYCLE = Shape("Cycle", _cycle, CYCLE_FIELDS, rooted=owned, conditions=BY_ID)
_SUMMARY = ("id", "revision", "name", "asOf", "rubric", "phase", "origin", "plan", "createdAt", "confirmation")
_listed = Shape(
    "Cycle",
    _cycle,
    CYCLE_FIELDS,
    rooted=owned,
    conditions={"phase": CycleRow.phase == bindparam("phase", type_=Text)},
    summary=_SUMMARY,
)
CYCLES = Pages("Cycle", _listed, (instant(CycleRow.created_at), CycleRow.id), descending=True)
