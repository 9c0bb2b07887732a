"""What documents about the policy of succession can contain, and its values where other documents need them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    SmallInteger,
    Text,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import InstrumentedAttribute

from app.db.documents import Column, Items, Shape, Value, literal_text
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import INTEGER, INTEGERS, NULLABLE_TEXT, TEXT, TEXTS
from app.db.shapes.sentences import said
from app.db.shapes.talents import LEVEL
from app.db.tables.institutions import InstitutionRow
from app.db.tables.succession import SuccessionPolicyRow
from app.domain.careers import PositionLevel
from app.domain.recommendations import Pool
from app.domain.succession import SHIPPED, MeritItem

_institution, _policy = InstitutionRow.__table__, SuccessionPolicyRow.__table__
_COVER = {level.value: [able.value for able in others] for level, others in SHIPPED.cover.items()}
_WEIGHTS = {item.value: weight for item, weight in SHIPPED.merit_weights.items()}


def _json(value: object) -> ColumnElement[Any]:
    return cast(literal_text(json.dumps(value)), JSONB)


def _boxes(pool: Pool) -> ColumnElement[Any]:
    return array(sorted(SHIPPED.boxes[pool]), type_=SmallInteger)


_SHIPPED: dict[InstrumentedAttribute[Any], ColumnElement[Any]] = {
    SuccessionPolicyRow.version: literal_column(str(SHIPPED.version), Integer),
    SuccessionPolicyRow.institution_boxes: _boxes(Pool.INSTITUTION),
    SuccessionPolicyRow.national_boxes: _boxes(Pool.NATIONAL),
    SuccessionPolicyRow.term_months: literal_column(str(SHIPPED.term_months), SmallInteger),
    SuccessionPolicyRow.soon_months: literal_column(str(SHIPPED.soon_months), SmallInteger),
    SuccessionPolicyRow.cover: _json(_COVER),
    SuccessionPolicyRow.merit_weights: _json(_WEIGHTS),
    SuccessionPolicyRow.legal_basis: literal_text(SHIPPED.legal_basis),
}
"""What holds where an institution has published no version of its own."""


def in_force(value: InstrumentedAttribute[Any], institution_id: Column, around: FromClause) -> ColumnElement[Any]:
    """A value of the policy that is in force in the institution of the row `around`."""
    own = _policy.alias("policy_in_force")
    newest = select(own.c[value.key]).where(own.c.institution_id == institution_id)
    newest = newest.order_by(own.c.version.desc()).limit(literal_column("1")).correlate(around)
    return func.coalesce(newest.scalar_subquery(), _SHIPPED[value])


def boxes_of(level: Column, institution_id: Column, around: FromClause) -> ColumnElement[list[int]]:
    """The boxes of the pool of a level."""
    columns = {
        Pool.INSTITUTION.value: SuccessionPolicyRow.institution_boxes,
        Pool.NATIONAL.value: SuccessionPolicyRow.national_boxes,
    }
    return case(
        {literal_text(name): in_force(value, institution_id, around) for name, value in columns.items()},
        value=level,
    )


def able_to_act(level: Column, institution_id: Column, around: FromClause) -> Any:  # noqa: ANN401 - a function with rows
    """The levels whose holders may act in a post of the level, preferred first: `level` and `place`."""
    levels = in_force(SuccessionPolicyRow.cover, institution_id, around).op("->")(level)
    return (
        func.jsonb_array_elements_text(levels)
        .table_valued(column("level", Text), with_ordinality="place", name="able")
        .render_derived()
    )


# ── the document


def _of_mine(value: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return in_force(value, InstitutionRow.id, _institution)


_newest = _policy.alias("newest")
_version = _of_mine(SuccessionPolicyRow.version)
_published_by = (
    select(_newest.c.published_by)
    .where(_newest.c.institution_id == InstitutionRow.id, _newest.c.version == _version)
    .correlate(_institution)
    .scalar_subquery()
)
_acted = (
    func.jsonb_each(_of_mine(SuccessionPolicyRow.cover))
    .table_valued(column("level", Text), column("able", JSONB), name="acted")
    .render_derived()
)
_able = (
    func.jsonb_array_elements_text(_acted.c.able)
    .table_valued("level", with_ordinality="place", name="able")
    .render_derived()
)
_levels_able = select(func.array_agg(_able.c.level)).select_from(_able).correlate(_acted).scalar_subquery()
_weighed = (
    func.jsonb_each_text(_of_mine(SuccessionPolicyRow.merit_weights))
    .table_valued(column("item", Text), column("weight", Text), name="weighed")
    .render_derived()
)
_ladder = array([level.value for level in PositionLevel])
ITEM_SENTENCES = {item.value: item.sentence_code for item in MeritItem}
MERIT_ITEM = {"type": "string", "enum": [item.value for item in MeritItem]}

SUCCESSION_POLICY = Shape(
    "SuccessionPolicy",
    _institution,
    {
        "version": Value(_version, INTEGER),
        "institutionBoxes": Value(_of_mine(SuccessionPolicyRow.institution_boxes), INTEGERS),
        "nationalBoxes": Value(_of_mine(SuccessionPolicyRow.national_boxes), INTEGERS),
        "termMonths": Value(_of_mine(SuccessionPolicyRow.term_months), INTEGER),
        "soonMonths": Value(_of_mine(SuccessionPolicyRow.soon_months), INTEGER),
        "cover": Items(
            "CoverRule",
            {"level": Value(_acted.c.level, LEVEL), "actedBy": Value(_levels_able, TEXTS)},
            _acted,
            true(),
            (func.array_position(_ladder, _acted.c.level),),
        ),
        "meritWeights": Items(
            "MeritWeight",
            {
                "item": Value(_weighed.c.item, MERIT_ITEM),
                "label": said(ITEM_SENTENCES, _weighed.c.item),
                "weight": Value(cast(_weighed.c.weight, Integer), INTEGER),
            },
            _weighed,
            true(),
            (func.array_position(array(list(ITEM_SENTENCES)), _weighed.c.item),),
        ),
        "legalBasis": Value(_of_mine(SuccessionPolicyRow.legal_basis), TEXT),
        "publishedBy": Value(_published_by, NULLABLE_TEXT),
    },
    rooted=mine,
    conditions={},
)
