"""What documents about rule sets can contain: versions, shipped or one's own, with the words of what they ask."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import aliased
from sqlalchemy.sql import column

from app.db.documents import Actor, Column, Condition, Items, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import BOOLEAN, INSTANT, INTEGER, INTEGERS, NULLABLE_INTEGER, NUMBER, TEXT, TEXTS
from app.db.tables.rule_sets import RuleSetRow
from app.domain.careers import PositionLevel
from app.domain.requirements import Comparison, Field
from app.domain.rule_sets import CriterionKind

DOCUMENT = {"type": "object"}
LEVEL: JsonSchema = {"type": "string", "enum": [level.value for level in PositionLevel]}
FIELD: JsonSchema = {"type": "string", "enum": [field.value for field in Field]}
COMPARISON: JsonSchema = {"type": "string", "enum": [comparison.value for comparison in Comparison]}
KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in CriterionKind]}
_rule_set = RuleSetRow.__table__


def default_first(row: type[RuleSetRow]) -> tuple[ColumnElement[Any], ...]:
    """The order in which versions for a level are looked through for its default: one's own first, the newest first."""
    return row.institution_id.is_(None), row.published_at.desc(), row.version.desc(), row.code.asc()


def rule_set_of(code: Column, version: Column, on: Condition | None = None) -> Object:
    """A rule set's code and version as an object; null where `on` does not hold."""
    return Object("RuleSetVersion", {"code": Value(code, TEXT), "version": Value(version, INTEGER)}, on=on)


def _named(code: Column, version: Column) -> ColumnElement[str]:
    """A name in whose order older versions come first."""
    return func.concat(code, "/", func.lpad(cast(version, Text), 10, "0"), type_=Text)


def _is_default() -> ColumnElement[bool]:
    other = aliased(RuleSetRow)
    first = select(_named(other.code, other.version)).where(other.level == RuleSetRow.level)
    default = first.order_by(*default_first(other)).limit(1).correlate(_rule_set).scalar_subquery()
    return default == _named(RuleSetRow.code, RuleSetRow.version)


def _shipped_or_own(actor: Actor) -> Condition:
    """Whoever is judged by a rule set may read it: everybody the shipped ones, an institution its own."""
    mine = RuleSetRow.institution_id == cast(actor.c.institution, Uuid)
    return and_(actor.c.institution.is_not(None), or_(RuleSetRow.institution_id.is_(None), mine))


def _written(part: str) -> Any:  # noqa: ANN401 - a table-valued function has no type of its own
    told = func.jsonb_array_elements(RuleSetRow.document[part])
    return told.table_valued(column("told", JSONB), with_ordinality="place", name=part).render_derived()


_requirement, _criterion = _written("requirements"), _written("criteria")


def _texts(told: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is written as one value, as several, or not at all, as a list of texts."""
    one = (
        func.jsonb_array_elements_text(told).table_valued("value", with_ordinality="place", name="one").render_derived()
    )
    several = func.array(select(cast(one.c.value, Text)).order_by(one.c.place).scalar_subquery(), type_=ARRAY(Text))
    nothing = literal_column("'{}'::text[]", ARRAY(Text))
    alone = func.array_append(nothing, told.op("#>>")(nothing), type_=ARRAY(Text))
    kind = func.jsonb_typeof(told)
    return case((kind.is_(None), nothing), (kind == "array", several), else_=alone)


def _label(told: ColumnElement[Any]) -> Object:
    label = told["label"]
    return Object("Sentence", {name: Value(label[name].astext, TEXT) for name in ("id", "en")})


REQUIREMENTS = Items(
    "Requirement",
    {
        "code": Value(_requirement.c.told["code"].astext, TEXT),
        "label": _label(_requirement.c.told),
        "field": Value(_requirement.c.told["field"].astext, FIELD),
        "comparison": Value(_requirement.c.told["comparison"].astext, COMPARISON),
        "thresholds": Value(_texts(_requirement.c.told["threshold"]), TEXTS),
        "of": Value(_texts(_requirement.c.told["of"]), TEXTS),
        "years": Value(cast(_requirement.c.told["years"].astext, Integer), NULLABLE_INTEGER),
        "legalBasis": Value(_requirement.c.told["legalBasis"].astext, TEXT),
        "isActionable": Value(_requirement.c.told["isActionable"].as_boolean(), BOOLEAN),
    },
    _requirement,
    true(),
    (_requirement.c.place,),
)
CRITERIA = Items(
    "Criterion",
    {
        "code": Value(_criterion.c.told["code"].astext, TEXT),
        "label": _label(_criterion.c.told),
        "kind": Value(_criterion.c.told["kind"].astext, KIND),
        "weight": Value(cast(_criterion.c.told["weight"].astext, Numeric), NUMBER),
        "full": Value(cast(_criterion.c.told["full"].astext, Integer), NULLABLE_INTEGER),
    },
    _criterion,
    true(),
    (_criterion.c.place,),
)


def _setting(name: str) -> Value:
    return Value(cast(RuleSetRow.document[name].astext, Integer), INTEGER)


RULE_SET = Shape(
    "RuleSet",
    _rule_set,
    {
        "code": Value(RuleSetRow.code, TEXT),
        "version": Value(RuleSetRow.version, INTEGER),
        "level": Value(RuleSetRow.level, LEVEL),
        "title": Object("Sentence", {"id": Value(RuleSetRow.title_id, TEXT), "en": Value(RuleSetRow.title_en, TEXT)}),
        "isOwn": Value(RuleSetRow.institution_id.is_not(None), BOOLEAN),
        "isDefault": Value(_is_default(), BOOLEAN),
        "basedOn": rule_set_of(
            RuleSetRow.based_on_code, RuleSetRow.based_on_version, RuleSetRow.based_on_code.is_not(None)
        ),
        "publishedAt": Value(instant(RuleSetRow.published_at), INSTANT),
        "requirements": REQUIREMENTS,
        "criteria": CRITERIA,
        "seniorityShare": _setting("seniorityShare"),
        "stabilityThreshold": _setting("stabilityThreshold"),
        "shortlistSize": _setting("shortlistSize"),
        "poolBoxes": Value(cast(_texts(RuleSetRow.document["poolBoxes"]), ARRAY(Integer)), INTEGERS),
        "document": Value(RuleSetRow.document, DOCUMENT),
    },
    rooted=_shipped_or_own,
    conditions={
        "code": RuleSetRow.code == bindparam("code", type_=Text),
        "version": RuleSetRow.version == bindparam("version", type_=Integer),
        "level": RuleSetRow.level == bindparam("level", type_=Text),
    },
)
LISTED_RULE_SET = Shape(
    "RuleSet",
    _rule_set,
    RULE_SET.fields,
    rooted=_shipped_or_own,
    conditions=RULE_SET.conditions,
    summary=("code", "version", "level", "title", "isOwn", "isDefault", "basedOn", "publishedAt"),
)
RULE_SETS = Pages("RuleSet", LISTED_RULE_SET, (RuleSetRow.code, _named(RuleSetRow.code, RuleSetRow.version)))
