"""What documents about demand and supply over the nation can contain: counts, and never whose they are."""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    true,
)

from app.db.documents import Column, Condition, Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.formats import today
from app.db.shapes.institutions import mine
from app.db.shapes.programmes import is_in_force
from app.db.shapes.schemas import DATE, INTEGER, NULLABLE_INTEGER, NULLABLE_TEXT, TEXT, TEXTS
from app.db.shapes.talents import LEVEL
from app.db.tables.institutions import InstitutionRow
from app.db.tables.vacancies import PriorityProgrammeRow
from app.domain.mobility_demand import ALL, Group
from app.domain.suppression import SMALLEST_TOLD

GROUP: JsonSchema = {"type": "string", "enum": [group.value for group in Group]}
_institution, _programme = InstitutionRow.__table__, PriorityProgrammeRow.__table__
_months = bindparam("horizon", 12, type_=Integer)
_until = cast(today + func.make_interval(literal_column("0"), _months), Date)
_grouped_by = bindparam("grouped_by", Group.POSITION_LEVEL.value, type_=Text)
_all: ColumnElement[str] = literal_column(f"'{ALL}'")
COUNTS = ("wanting_in", "wanting_out", "empty_seats", "freed_seats")


def _counted(name: str) -> FromClause:
    numbers = (column(count, Integer) for count in COUNTS)
    told = func.mobility_demand(_grouped_by, _until)
    return told.table_valued(column("province", Text), column("value", Text), *numbers, name=name).render_derived()


def _people(counted: FromClause) -> Fields:
    wanting_in, empty, freed = (counted.c[name] for name in ("wanting_in", "empty_seats", "freed_seats"))
    return {
        "wantingIn": Value(wanting_in, NULLABLE_INTEGER),
        "wantingOut": Value(counted.c.wanting_out, NULLABLE_INTEGER),
        "emptySeats": Value(empty, INTEGER),
        "foreseeableSeats": Value(freed, NULLABLE_INTEGER),
        "netPressure": Value(wanting_in - empty - freed, NULLABLE_INTEGER),
    }


def _of(counted: FromClause, province: Column, *, each_value: bool) -> Condition:
    value = counted.c.value
    return and_(counted.c.province == province, value != _all if each_value else value == _all)


def _known(code: Column) -> Column:
    return func.nullif(code, literal_column("''"), type_=Text)


def _groups(counted: FromClause, on: Condition) -> Items:
    fields: Fields = {"code": Value(_known(counted.c.value), NULLABLE_TEXT), **_people(counted)}
    return Items("MobilityDemandGroup", fields, counted, on, (counted.c.value,))


_nation, _value, _province, _cell = (_counted(name) for name in ("nation", "of_value", "of_province", "of_cell"))
_unmet = (
    func.mobility_unmet_posts()
    .table_valued(
        *(column(name, Text) for name in ("province", "position_level", "government_affair")),
        column("people", Integer),
        name="unmet",
    )
    .render_derived()
)
_UNMET: Fields = {
    "provinceCode": Value(_unmet.c.province, NULLABLE_TEXT),
    "positionLevel": Value(_unmet.c.position_level, LEVEL),
    "governmentAffair": Value(_unmet.c.government_affair, TEXT),
    "atLeast": Value(_unmet.c.people, INTEGER),
}
_UNMET_ORDER = (_unmet.c.people.desc(), _unmet.c.province, _unmet.c.position_level, _unmet.c.government_affair)
_HEAD: Fields = {"asOf": Value(today, DATE), "horizonMonths": Value(_months, INTEGER), "until": Value(_until, DATE)}
_ASKED = {"horizon": true(), "grouped_by": true()}
MOBILITY_DEMAND = Shape(
    "MobilityDemand",
    _institution,
    {
        **_HEAD,
        "groupedBy": Value(_grouped_by, GROUP),
        "smallestTold": Value(literal_column(str(SMALLEST_TOLD)), INTEGER),
        "total": Object("MobilityDemandTotal", _people(_nation), _nation, _of(_nation, _all, each_value=False)),
        "groups": _groups(_value, _of(_value, _all, each_value=True)),
        "provinces": Items(
            "MobilityDemandProvince",
            {
                "provinceCode": Value(_known(_province.c.province), NULLABLE_TEXT),
                **_people(_province),
                "groups": _groups(_cell, _of(_cell, _province.c.province, each_value=True)),
            },
            _province,
            and_(_province.c.province != _all, _province.c.value == _all),
            (_province.c.province,),
        ),
        "unmetPosts": Items("UnmetPost", _UNMET, _unmet, true(), _UNMET_ORDER),
    },
    rooted=mine,
    conditions=_ASKED,
)
"""By province and group; counts can be null: withheld. The service tells it from `numbers`."""


@cache
def numbers() -> Shape:
    """The same as bare numbers, each row a list: province, value, and the four counts; with the own programmes.

    For the service alone, which withholds what nobody may be told.
    """
    counted = _counted("counted")
    row: Fields = {name: Value(counted.c[name], INTEGER) for name in COUNTS}
    place: Fields = {name: Value(counted.c[name], TEXT) for name in ("province", "value")}
    programme: Fields = {
        "code": Value(PriorityProgrammeRow.code, TEXT),
        "affairs": Value(PriorityProgrammeRow.government_affairs, TEXTS),
        "province": Value(PriorityProgrammeRow.province_code, NULLABLE_TEXT),
    }
    own = and_(PriorityProgrammeRow.institution_id == InstitutionRow.id, is_in_force)
    fields: Fields = {
        **_HEAD,
        "rows": Items("Row", {**place, **row}, counted, true(), (counted.c.province, counted.c.value)),
        "programmes": Items("Programme", programme, _programme, own, (PriorityProgrammeRow.code,)),
        "unmetPosts": Items("UnmetPost", _UNMET, _unmet, true(), _UNMET_ORDER),
    }
    return Shape(MOBILITY_DEMAND.type, _institution, fields, rooted=mine, conditions=_ASKED)
