"""What documents about the movement between two cycles can contain: the flow, its causes and margins, and who moved."""

from __future__ import annotations

from sqlalchemy import (
    FromClause,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    true,
)

from app.db.documents import Actor, Column, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.cycles import PHASE
from app.db.shapes.formats import instant
from app.db.shapes.institutions import rubric_of
from app.db.shapes.parents import OF_MOVEMENT
from app.db.shapes.schemas import BOOLEAN, DATE, ID, INSTANT, INTEGER, NULLABLE_INTEGER, NULLABLE_TEXT, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.tables.calibrations import CalibrationRow
from app.db.tables.cycles import CycleRow
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.movements import MovementRow, MovementRunRow, RehearsalMoverRow
from app.db.tables.talents import TalentRow
from app.domain.calibration import IN_FORCE
from app.domain.cycles import STATE_IN, PlacementState
from app.domain.movement import CAUSES

_run, _movement, _talent = MovementRunRow.__table__, MovementRow.__table__, TalentRow.__table__
_later, _earlier = (CycleRow.__table__.alias(name) for name in ("later", "earlier"))
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in PlacementState]}
CAUSE: JsonSchema = {"type": "string", "enum": [cause.value for cause in CAUSES]}

_of_run = and_(
    MovementRow.institution_id == MovementRunRow.institution_id,
    MovementRow.cycle_id == MovementRunRow.cycle_id,
    MovementRow.earlier_cycle_id == MovementRunRow.earlier_cycle_id,
)


def unit_then(unit_id: Column, name: Column) -> Object:
    """The unit of the day that is spoken of."""
    return Object("UnitThen", {"id": Value(unit_id, NULLABLE_TEXT), "name": Value(name, NULLABLE_TEXT)})


def in_unit(row: type[MovementRow | RehearsalMoverRow]) -> Condition:
    """Of the unit that the parameter `unit` names, or of one below it."""
    units = select(OrgUnitRow.id).where(
        OrgUnitRow.institution_id == row.institution_id,
        OrgUnitRow.id == row.unit_id,
        bindparam("unit", type_=Text) == any_(OrgUnitRow.path),
    )
    return exists(units.correlate(row.__table__))


# ── the flow

_from, _to = MovementRow.from_box, MovementRow.to_box
_COUNTED: dict[str, Condition] = {
    "stayed": _from == _to,
    "moved": MovementRow.cause.is_not(None),
    **{cause.value: MovementRow.cause == cause.value for cause in CAUSES},
    "entered": and_(_from.is_(None), _to.is_not(None)),
    "left": and_(_from.is_not(None), _to.is_(None)),
    "not_assessed": and_(_from.is_(None), _to.is_(None)),
}
_COUNTS = tuple(func.count().filter(condition).label(name) for name, condition in _COUNTED.items())


def _flow(counts: FromClause) -> Fields:
    """How many stayed and moved, what moved them, and who stands in the margins."""
    return {
        "stayed": Value(counts.c.stayed, INTEGER),
        "moved": Value(counts.c.moved, INTEGER),
        "byCause": Object("MoversByCause", {cause.value: Value(counts.c[cause.value], INTEGER) for cause in CAUSES}),
        "margins": Object(
            "MovementMargins",
            {
                "entered": Value(counts.c.entered, INTEGER),
                "left": Value(counts.c.left, INTEGER),
                "notAssessed": Value(counts.c.not_assessed, INTEGER),
            },
        ),
    }


_all = select(*_COUNTS).where(_of_run).correlate(_run).lateral("flow")
_by_unit = (
    select(MovementRow.unit_id, func.max(MovementRow.unit_name).label("unit_name"), *_COUNTS)
    .where(_of_run)
    .group_by(MovementRow.unit_id)
    .correlate(_run)
    .subquery("flow_of_unit")
)
_by_boxes = (
    select(_from, _to, func.count().label("people"))
    .where(_of_run)
    .group_by(_from, _to)
    .correlate(_run)
    .subquery("flow_of_boxes")
)


def matrix(counted: FromClause) -> Items:
    """All 81 cells from box to box; `counted` has `from_box`, `to_box` and `people`."""
    rows, columns = (
        func.generate_series(1, 9).table_valued(column("box", Integer), name=name).render_derived()
        for name in ("row", "column")
    )
    cell = and_(counted.c.from_box == rows.c.box, counted.c.to_box == columns.c.box)
    fields: Fields = {
        "fromBox": Value(rows.c.box, INTEGER),
        "toBox": Value(columns.c.box, INTEGER),
        "count": Value(func.coalesce(counted.c.people, 0), INTEGER),
    }
    return Items(
        "MovementCell",
        fields,
        rows.join(columns, true()).outerjoin(counted, cell),
        true(),
        (rows.c.box, columns.c.box),
    )


# ── whether it is still so

_calibrated_since = exists(
    select(CalibrationRow.id)
    .where(
        CalibrationRow.institution_id == MovementRunRow.institution_id,
        or_(
            CalibrationRow.cycle_id == MovementRunRow.cycle_id,
            CalibrationRow.cycle_id == MovementRunRow.earlier_cycle_id,
        ),
        or_(*(CalibrationRow.state == state.value for state in IN_FORCE)),
        func.greatest(CalibrationRow.moved_at, CalibrationRow.second_at) > MovementRunRow.calculated_at,
    )
    .correlate(_run)
)
_is_current = and_(
    MovementRunRow.inputs_digest.is_not_distinct_from(_later.c.inputs_digest),
    MovementRunRow.earlier_inputs_digest.is_not_distinct_from(_earlier.c.inputs_digest),
    ~_calibrated_since,
)


def _named(cycle: FromClause) -> Object:
    state = case({phase.value: state.value for phase, state in STATE_IN.items()}, value=cycle.c.phase)
    return Object(
        "MovementCycle",
        {
            "id": Value(cycle.c.id, ID),
            "name": Value(cycle.c.name, TEXT),
            "asOf": Value(cycle.c.as_of, DATE),
            "rubric": rubric_of(cycle.c.rubric_code, cycle.c.rubric_version),
            "phase": Value(cycle.c.phase, PHASE),
            "state": Value(state, STATE),
        },
    )


def _is(cycle: FromClause, cycle_id: Column) -> Condition:
    return and_(cycle.c.institution_id == MovementRunRow.institution_id, cycle.c.id == cycle_id)


MOVEMENT = Shape(
    "Movement",
    _run.join(_later, _is(_later, MovementRunRow.cycle_id))
    .join(_earlier, _is(_earlier, MovementRunRow.earlier_cycle_id))
    .join(_all, true()),
    {
        "cycle": _named(_later),
        "earlierCycle": _named(_earlier),
        "calculatedAt": Value(instant(MovementRunRow.calculated_at), INSTANT),
        "isCurrent": Value(_is_current, BOOLEAN),
        **_flow(_all),
        "matrix": matrix(_by_boxes),
        "units": Items(
            "UnitMovement",
            {"unit": unit_then(_by_unit.c.unit_id, _by_unit.c.unit_name), **_flow(_by_unit)},
            _by_unit,
            true(),
            (_by_unit.c.unit_id,),
        ),
    },
    rooted=lambda actor: MovementRunRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "cycle_id": MovementRunRow.cycle_id == bindparam("cycle_id", type_=Uuid),
        "earlier_cycle_id": MovementRunRow.earlier_cycle_id == bindparam("earlier_cycle_id", type_=Uuid),
    },
)


# ── who moved


def _mine(actor: Actor) -> Condition:
    return and_(MovementRow.institution_id == cast(actor.c.institution, Uuid), MovementRow.cause.is_not(None))


MOVER = Shape(
    "Mover",
    _movement.join(
        _talent,
        and_(TalentRow.institution_id == MovementRow.institution_id, TalentRow.id == MovementRow.talent_id),
    ),
    {
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "unit": unit_then(MovementRow.unit_id, MovementRow.unit_name),
        "fromBox": Value(MovementRow.from_box, INTEGER),
        "afterData": Value(MovementRow.boxes[1], NULLABLE_INTEGER),
        "afterRating": Value(MovementRow.boxes[2], NULLABLE_INTEGER),
        "afterRubric": Value(MovementRow.boxes[3], NULLABLE_INTEGER),
        "toBox": Value(MovementRow.to_box, INTEGER),
        "cause": Value(MovementRow.cause, CAUSE),
    },
    rooted=_mine,
    conditions={
        "cycle_id": MovementRow.cycle_id == bindparam("cycle_id", type_=Uuid),
        "earlier_cycle_id": MovementRow.earlier_cycle_id == bindparam("earlier_cycle_id", type_=Uuid),
        "cause": MovementRow.cause == bindparam("cause", type_=Text),
        "unit": in_unit(MovementRow),
        "from_box": MovementRow.from_box == bindparam("from_box", type_=Integer),
        "to_box": MovementRow.to_box == bindparam("to_box", type_=Integer),
        **SCOPES,
    },
)
MOVERS = Pages("Mover", MOVER, (TalentRow.name, MovementRow.id), parent=OF_MOVEMENT)
