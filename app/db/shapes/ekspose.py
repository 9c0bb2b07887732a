"""What the ekspose pack of an institution can contain. Counts can be null: withheld from the public."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    and_,
    case,
    column,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import array

from app.db.documents import Field, Fields, Items, JsonSchema, Object, Shape, Value, literal_text
from app.db.post_seats import vacant
from app.db.shapes.bench_strength import succession_coverage
from app.db.shapes.institutions import INSTITUTION, mine
from app.db.shapes.movements import MOVEMENT
from app.db.shapes.placements import COMPLETENESS, NINE_BOX, OF_TALENT
from app.db.shapes.schemas import INTEGER, NULLABLE_INTEGER, NULLABLE_NUMBER, TEXT
from app.db.shapes.standing import AXIS, INDEX_VALUES, REFERENCE_ITEMS
from app.db.shapes.talents import LEVEL
from app.db.tables.cycles import CycleRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.movements import MovementRunRow
from app.db.tables.placements import PlacementRow
from app.db.tables.posts import PostRow
from app.db.tables.talents import TalentRow
from app.domain.careers import PositionLevel
from app.domain.cycles import STATE_IN, Origin, PlacementState
from app.domain.messages import sentence
from app.domain.nine_box import BOXES
from app.domain.recommendations import BOXES_OF_POOL, Pool
from app.domain.standing import Audience

_institution, _placement, _talent = InstitutionRow.__table__, PlacementRow.__table__, TalentRow.__table__
AUDIENCE: JsonSchema = {"type": "string", "enum": [audience.value for audience in Audience]}
NEVER_WITHHELD = ("box", "fromBox", "toBox")
OWN_TYPES = {
    "BoxCount": "EksposeBoxCount",
    "ItemCount": "EksposeItemCount",
    "UnitCompleteness": "EksposeUnit",
    "Movement": "EksposeMovement",
    "MoversByCause": "EksposeMoversByCause",
    "MovementMargins": "EksposeMovementMargins",
    "MovementCell": "EksposeMovementCell",
}
"""Of the parts of other documents that have counts."""


def _withholdable(name: str, field: Field) -> Field:
    """A part of another document, its counts null where they are withheld."""
    if isinstance(field, Value):
        is_count = field.schema is INTEGER and name not in NEVER_WITHHELD
        return replace(field, schema=NULLABLE_INTEGER) if is_count else field
    fields = {below: _withholdable(below, one) for below, one in field.fields.items()}
    return replace(field, type=OWN_TYPES.get(field.type, field.type), fields=fields)


# ── coverage and pools

_is_decided = and_(PlacementRow.box.is_(None), PlacementRow.decided_box.is_not(None))


def _in_pool(pool: Pool) -> ColumnElement[Any]:
    return func.count().filter(PlacementRow.box == func.any(array(sorted(BOXES_OF_POOL[pool])))).label(pool.value)


_coverage = (
    select(
        func.count().label("mapped"),
        func.count(PlacementRow.box).label("assessed"),
        func.count().filter(_is_decided).label("decided"),
        *map(_in_pool, Pool),
    )
    .where(PlacementRow.institution_id == InstitutionRow.id)
    .correlate(_institution)
    .lateral("coverage")
)

# ── boxes by position level

_levels = (
    select(
        TalentRow.position_level.label("level"),
        func.count().label("total"),
        func.count(PlacementRow.box).label("assessed"),
        func.count().filter(_is_decided).label("decided"),
        array([func.count().filter(PlacementRow.box == box) for box in BOXES]).label("counts"),
    )
    .select_from(_talent.join(_placement, OF_TALENT))
    .where(PlacementRow.institution_id == InstitutionRow.id)
    .group_by(TalentRow.position_level)
    .correlate(_institution)
    .subquery("levels")
)
_number = func.generate_series(1, 9).table_valued(column("number", Integer), name="box_of_level").render_derived()
_place = func.array_position(array([level.value for level in PositionLevel]), _levels.c.level)
_boxes_of_level = Items(
    "EksposeBoxCount",
    {
        "box": Value(_number.c.number, INTEGER),
        "count": Value(type_coerce(_levels.c.counts, ARRAY(Integer))[_number.c.number], NULLABLE_INTEGER),
    },
    _number,
    true(),
    (_number.c.number,),
)

# ── movement between the two cycles published last


def _published(nth: int) -> ColumnElement[Any]:
    phases = [phase.value for phase, state in STATE_IN.items() if state is PlacementState.PUBLISHED]
    return (
        select(CycleRow.id)
        .where(
            CycleRow.institution_id == InstitutionRow.id,
            CycleRow.phase.in_(map(literal_text, phases)),
            CycleRow.origin == literal_text(Origin.CALCULATED),
        )
        .order_by(CycleRow.as_of.desc(), CycleRow.created_at.desc(), CycleRow.id)
        .limit(literal_column("1"))
        .offset(literal_column(str(nth)))
        .correlate(_institution)
        .scalar_subquery()
    )


_movement = Object(
    "Movement",
    {name: field for name, field in MOVEMENT.fields.items() if name != "units"},
    MOVEMENT.source,
    and_(
        MovementRunRow.institution_id == InstitutionRow.id,
        MovementRunRow.cycle_id == _published(0),
        MovementRunRow.earlier_cycle_id == _published(1),
    ),
)
_not_kept = sentence("ekspose.posts_not_kept")
_empty_seats = select(func.coalesce(func.sum(vacant), 0)).where(
    PostRow.institution_id == InstitutionRow.id, PostRow.is_delivered
)
_vacancies = case(
    (InstitutionRow.posts_as_of.is_not(None), _empty_seats.correlate(_institution).scalar_subquery()),
)
"""Funded seats that are empty; null where no position map was ever imported."""

EKSPOSE_FIELDS: Fields = {
    "audience": Value(literal_text(Audience.INSTITUTION), AUDIENCE),
    "institution": Object("Institution", INSTITUTION.fields),
    "axisX": Value(InstitutionRow.axis_x, AXIS),
    "coverage": Object(
        "EksposeCoverage",
        {
            "mapped": Value(_coverage.c.mapped, NULLABLE_INTEGER),
            "assessed": Value(_coverage.c.assessed, NULLABLE_INTEGER),
            "decided": Value(_coverage.c.decided, NULLABLE_INTEGER),
            "notAssessed": Value(_coverage.c.mapped - _coverage.c.assessed - _coverage.c.decided, NULLABLE_INTEGER),
        },
    ),
    "boxes": _withholdable("boxes", NINE_BOX.fields["boxes"]),
    "levels": Items(
        "EksposeLevel",
        {
            "positionLevel": Value(_levels.c.level, LEVEL),
            "total": Value(_levels.c.total, NULLABLE_INTEGER),
            "boxes": _boxes_of_level,
            "decided": Value(_levels.c.decided, NULLABLE_INTEGER),
            "notAssessed": Value(_levels.c.total - _levels.c.assessed - _levels.c.decided, NULLABLE_INTEGER),
        },
        _levels,
        true(),
        (_place,),
    ),
    "items": _withholdable("items", COMPLETENESS.fields["items"]),
    "units": _withholdable("units", COMPLETENESS.fields["units"]),
    "pools": Object("PoolSizes", {pool.value: Value(_coverage.c[pool.value], NULLABLE_INTEGER) for pool in Pool}),
    "movement": _withholdable("movement", _movement),
    "indices": INDEX_VALUES,
    "references": REFERENCE_ITEMS,
    "vacancies": Value(_vacancies, NULLABLE_INTEGER),
    "successionCoverage": Value(succession_coverage, NULLABLE_NUMBER),
    "postsNotKept": Object(
        "Sentence",
        {"id": Value(literal_text(_not_kept["id"]), TEXT), "en": Value(literal_text(_not_kept["en"]), TEXT)},
        on=InstitutionRow.posts_as_of.is_(None),
    ),
}
EKSPOSE = Shape("Ekspose", NINE_BOX.source.join(_coverage, true()), EKSPOSE_FIELDS, rooted=mine, conditions={})
