"""What documents about rehearsals of another rubric can contain: counts before and after, and who would move."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    select,
    true,
)

from app.db.documents import Actor, Column, Condition, Fields, Items, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.institutions import rubric_of
from app.db.shapes.movements import in_unit, matrix, unit_then
from app.db.shapes.parents import OF_REHEARSAL
from app.db.shapes.placements import as_points
from app.db.shapes.schemas import (
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_ID,
    NULLABLE_INTEGER,
    NULLABLE_NUMBER,
    TEXT,
)
from app.db.shapes.scopes import SCOPES
from app.db.tables.movements import RehearsalCountRow, RehearsalMoverRow, RehearsalRow
from app.db.tables.talents import TalentRow

_rehearsal, _mover, _talent = RehearsalRow.__table__, RehearsalMoverRow.__table__, TalentRow.__table__
_before, _after = RehearsalCountRow.from_box, RehearsalCountRow.to_box
_of_rehearsal = and_(
    RehearsalCountRow.institution_id == RehearsalRow.institution_id,
    RehearsalCountRow.rehearsal_id == RehearsalRow.id,
)


def _people(condition: Condition | None = None) -> ColumnElement[int]:
    people = func.sum(RehearsalCountRow.people)
    return cast(func.coalesce(people if condition is None else people.filter(condition), 0), Integer)


_COUNTED: dict[str, Condition] = {
    "stayed": _before == _after,
    "moved": _before != _after,
    "newlyAssessed": and_(_before.is_(None), _after.is_not(None)),
    "noLongerAssessed": and_(_before.is_not(None), _after.is_(None)),
    "notAssessed": and_(_before.is_(None), _after.is_(None)),
}
_COUNTS = (_people().label("people"), *(_people(condition).label(name) for name, condition in _COUNTED.items()))


def _flow(counts: FromClause) -> Fields:
    """How many there are, and what would become of them."""
    return {name: Value(counts.c[name], INTEGER) for name in ("people", *_COUNTED)}


_all = select(*_COUNTS).where(_of_rehearsal).correlate(_rehearsal).lateral("flow")
_by_unit = (
    select(RehearsalCountRow.unit_id, func.max(RehearsalCountRow.unit_name).label("unit_name"), *_COUNTS)
    .where(_of_rehearsal)
    .group_by(RehearsalCountRow.unit_id)
    .correlate(_rehearsal)
    .subquery("flow_of_unit")
)
_by_boxes = (
    select(_before, _after, _people().label("people"))
    .where(_of_rehearsal)
    .group_by(_before, _after)
    .correlate(_rehearsal)
    .subquery("flow_of_boxes")
)
_number = func.generate_series(1, 9).table_valued(column("box", Integer), name="number").render_derived()


def _in_box(box: Column) -> ColumnElement[int]:
    counted = select(_people(box == _number.c.box)).where(_of_rehearsal)
    return counted.correlate(_rehearsal, _number).scalar_subquery()


REHEARSAL_FIELDS: Fields = {
    "id": Value(RehearsalRow.id, ID),
    "cycleId": Value(RehearsalRow.cycle_id, NULLABLE_ID),
    "asOf": Value(RehearsalRow.as_of, DATE),
    "rehearsedAt": Value(instant(RehearsalRow.rehearsed_at), INSTANT),
    "rubric": rubric_of(RehearsalRow.rubric_code, RehearsalRow.rubric_version),
    "draftRevision": Value(RehearsalRow.draft_revision, NULLABLE_INTEGER),
    "presentRubric": rubric_of(RehearsalRow.present_code, RehearsalRow.present_version),
    **_flow(_all),
    "boxes": Items(
        "RehearsedBox",
        {
            "box": Value(_number.c.box, INTEGER),
            "before": Value(_in_box(_before), INTEGER),
            "after": Value(_in_box(_after), INTEGER),
        },
        _number,
        true(),
        (_number.c.box,),
    ),
    "matrix": matrix(_by_boxes),
    "units": Items(
        "UnitRehearsal",
        {"unit": unit_then(_by_unit.c.unit_id, _by_unit.c.unit_name), **_flow(_by_unit)},
        _by_unit,
        true(),
        (_by_unit.c.unit_id,),
    ),
}


def _owned(actor: Actor) -> Condition:
    return RehearsalRow.institution_id == cast(actor.c.institution, Uuid)


_source = _rehearsal.join(_all, true())
REHEARSAL = Shape(
    "Rehearsal",
    _source,
    REHEARSAL_FIELDS,
    rooted=_owned,
    conditions={"id": RehearsalRow.id == bindparam("id", type_=Uuid)},
)
_SUMMARY = (
    "id",
    "cycleId",
    "asOf",
    "rehearsedAt",
    "rubric",
    "draftRevision",
    "presentRubric",
    "people",
    "stayed",
    "moved",
)
_listed = Shape("Rehearsal", _source, REHEARSAL_FIELDS, rooted=_owned, conditions={}, summary=_SUMMARY)
REHEARSALS = Pages("Rehearsal", _listed, (instant(RehearsalRow.rehearsed_at), RehearsalRow.id), descending=True)


def _points(performance: Column, potential: Column) -> Object:
    return Object(
        "AxisPoints",
        {
            "performance": Value(as_points(performance), NULLABLE_NUMBER),
            "potential": Value(as_points(potential), NULLABLE_NUMBER),
        },
    )


REHEARSAL_MOVER = Shape(
    "RehearsalMover",
    _mover.join(
        _talent,
        and_(
            TalentRow.institution_id == RehearsalMoverRow.institution_id,
            TalentRow.id == RehearsalMoverRow.talent_id,
        ),
    ),
    {
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "unit": unit_then(RehearsalMoverRow.unit_id, RehearsalMoverRow.unit_name),
        "fromBox": Value(RehearsalMoverRow.from_box, NULLABLE_INTEGER),
        "toBox": Value(RehearsalMoverRow.to_box, NULLABLE_INTEGER),
        "before": _points(RehearsalMoverRow.performance_before, RehearsalMoverRow.potential_before),
        "after": _points(RehearsalMoverRow.performance_after, RehearsalMoverRow.potential_after),
    },
    rooted=lambda actor: RehearsalMoverRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "rehearsal_id": RehearsalMoverRow.rehearsal_id == bindparam("rehearsal_id", type_=Uuid),
        "unit": in_unit(RehearsalMoverRow),
        "from_box": RehearsalMoverRow.from_box == bindparam("from_box", type_=Integer),
        "to_box": RehearsalMoverRow.to_box == bindparam("to_box", type_=Integer),
        **SCOPES,
    },
)
REHEARSAL_MOVERS = Pages("RehearsalMover", REHEARSAL_MOVER, (TalentRow.name, RehearsalMoverRow.id), parent=OF_REHEARSAL)
