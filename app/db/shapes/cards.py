"""What documents about cards can contain: codes and bands, and never whose they are."""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    true,
    type_coerce,
)

from app.db.documents import Fields, Items, Object, Pages, Shape, Value
from app.db.shapes.institutions import nationally
from app.db.shapes.mobility_listings import LEVELS, MOVES
from app.db.shapes.schemas import BOOLEAN, ID, INTEGER, INTEGERS, NULLABLE_INTEGER, NULLABLE_TEXT, TEXTS
from app.db.shapes.talents import LEVEL
from app.domain.suppression import SMALLEST_TOLD

# a view of the owner of the schema, which leaves out the columns that say whose a card is
_card = table(
    "listed_card",
    column("id", Uuid),
    *(column(name, Text) for name in ("province_code", "position_level", "position_type", "education_level")),
    *(column(name, SmallInteger) for name in ("service_years_from", "box", "performance_from", "potential_from")),
    column("talent_value_from", SmallInteger),
    column("wish_horizon_from", SmallInteger),
    column("wish_is_anywhere", Boolean),
    *(column(f"wish_{name}", ARRAY(Text)) for name in ("provinces", "levels", "affairs", "moves")),
)
_WISH = Object(
    "TalentCardWish",
    {
        "isAnywhere": Value(_card.c.wish_is_anywhere, BOOLEAN),
        "provinceCodes": Value(func.array_remove(_card.c.wish_provinces, literal_column("''")), TEXTS),
        "positionLevels": Value(_card.c.wish_levels, LEVELS),
        "governmentAffairs": Value(_card.c.wish_affairs, TEXTS),
        "moves": Value(_card.c.wish_moves, MOVES),
        "horizonMonthsFrom": Value(_card.c.wish_horizon_from, INTEGER),
    },
    on=_card.c.wish_horizon_from.is_not(None),
)
CARD = Shape(
    "TalentCard",
    _card,
    {
        "id": Value(_card.c.id, ID),
        "provinceCode": Value(_card.c.province_code, NULLABLE_TEXT),
        "positionLevel": Value(_card.c.position_level, LEVEL),
        "positionType": Value(_card.c.position_type, NULLABLE_TEXT),
        "educationLevel": Value(_card.c.education_level, NULLABLE_TEXT),
        "serviceYearsFrom": Value(_card.c.service_years_from, NULLABLE_INTEGER),
        "box": Value(_card.c.box, NULLABLE_INTEGER),
        "performanceFrom": Value(_card.c.performance_from, NULLABLE_INTEGER),
        "potentialFrom": Value(_card.c.potential_from, NULLABLE_INTEGER),
        "talentValueFrom": Value(_card.c.talent_value_from, NULLABLE_INTEGER),
        "mobilityWish": _WISH,
    },
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions={
        "position_level": _card.c.position_level == bindparam("position_level", type_=Text),
        "box": _card.c.box == bindparam("box", type_=Integer),
        "province": _card.c.province_code == bindparam("province", type_=Text),
        "wished_province": bindparam("wished_province", type_=Text) == any_(_card.c.wish_provinces),
        "wished_level": bindparam("wished_level", type_=Text) == any_(_card.c.wish_levels),
        "wished_affair": bindparam("wished_affair", type_=Text) == any_(_card.c.wish_affairs),
    },
)
CARDS = Pages("TalentCard", CARD, (_card.c.id,))


# ── the nation

_counted = table(
    "national_card_count",
    column("province_code", Text),
    column("position_level", Text),
    column("counts", ARRAY(Integer)),
)
_cell = (
    func.unnest(_counted.c.counts)
    .table_valued(column("people", Integer), with_ordinality="place", name="cell")
    .render_derived()
)
_number = func.generate_series(0, 9).table_valued(column("number", Integer), name="box").render_derived()


def _people_in(box: ColumnElement[int]) -> ColumnElement[int]:
    return type_coerce(_counted.c.counts, ARRAY(Integer))[box + 1]


_everybody = select(func.coalesce(func.sum(_cell.c.people), 0).label("total")).select_from(_counted.join(_cell, true()))
_here = select(literal_column("1").label("one")).subquery("here")
_nation = _everybody.subquery("nation")
CARD_COUNTS = Shape(
    "TalentCardCounts",
    _nation,
    {
        "total": Value(_nation.c.total, NULLABLE_INTEGER),
        "smallestTold": Value(literal_column(str(SMALLEST_TOLD)), INTEGER),
        "rows": Items(
            "TalentCardCount",
            {
                "provinceCode": Value(_counted.c.province_code, NULLABLE_TEXT),
                "positionLevel": Value(_counted.c.position_level, LEVEL),
                "boxes": Items(
                    "TalentCardBoxCount",
                    {
                        "box": Value(func.nullif(_number.c.number, 0), NULLABLE_INTEGER),
                        "people": Value(_people_in(_number.c.number), NULLABLE_INTEGER),
                    },
                    _number,
                    true(),
                    (_number.c.number,),
                ),
            },
            _counted,
            true(),
            (_counted.c.province_code, _counted.c.position_level),
        ),
    },
    rooted=nationally,
    conditions={},
)
"""Everybody on a map, by province, level and box (null: not assessed). Counts can be null: withheld."""


_state = table("national_count_state", column("version", Uuid))
_version: Fields = {"version": Value(_state.c.version, NULLABLE_TEXT)}


@cache
def counts_state() -> Shape:
    """As long as the version is the same, the counts are; none where they are just changing. For the service alone."""
    return Shape("TalentCardCountsState", _state, _version, rooted=nationally, conditions={})


@cache
def numbers() -> Shape:
    """The same counts as bare numbers, a list for each province and level: not assessed, then box by box.

    For the service alone, which withholds what nobody may be told.
    """
    rows: Fields = {
        "provinceCode": Value(_counted.c.province_code, NULLABLE_TEXT),
        "positionLevel": Value(_counted.c.position_level, LEVEL),
        "people": Value(_counted.c.counts, INTEGERS),
    }
    order = (_counted.c.province_code, _counted.c.position_level)
    listed = Items("TalentCardCount", rows, _counted, true(), order)
    return Shape(CARD_COUNTS.type, _here, {"rows": listed}, rooted=nationally, conditions={})
