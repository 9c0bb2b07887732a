"""What documents about rule sets can contain: versions, shipped or one's own, with the words of what they ask."""

from __future__ import annotations

import json
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
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array
from sqlalchemy.orm import aliased
from sqlalchemy.sql import column

from app.db.documents import Actor, Column, Condition, Items, JsonSchema, Object, Pages, Shape, Value, literal_text
from app.db.shapes.formats import instant
from app.db.shapes.schemas import BOOLEAN, INSTANT, INTEGER, NULLABLE_INTEGER, NUMBER, TEXT, TEXTS
from app.db.tables.rule_sets import RuleSetRow
from app.domain.candidates import GRADE_NAMES
from app.domain.careers import PositionLevel
from app.domain.requirements import Comparison, Field, Proof
from app.domain.rule_set_differences import Change, Subject
from app.domain.rule_set_document import WITHDRAWN
from app.domain.rule_sets import CriterionKind
from app.domain.sources import Confidence

DOCUMENT = {"type": "object"}
LEVEL: JsonSchema = {"type": "string", "enum": [level.value for level in PositionLevel]}
FIELD: JsonSchema = {"type": "string", "enum": [field.value for field in Field]}
COMPARISON: JsonSchema = {"type": "string", "enum": [comparison.value for comparison in Comparison]}
CONFIDENCE: JsonSchema = {"type": "string", "enum": [confidence.value for confidence in Confidence]}
NULLABLE_PROOF: JsonSchema = {"type": ["string", "null"], "enum": [*(proof.value for proof in Proof), None]}
SUBJECT: JsonSchema = {"type": "string", "enum": [subject.value for subject in Subject]}
CHANGE: JsonSchema = {"type": "string", "enum": [change.value for change in Change]}
KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in CriterionKind]}
_rule_set = RuleSetRow.__table__


def default_first(row: type[RuleSetRow]) -> tuple[ColumnElement[Any], ...]:
    """The order in which versions for a level are looked through for its default: one's own first, the newest first.

    Those that are not `is_for_level` are not among them.
    """
    return row.institution_id.is_(None), row.published_at.desc(), row.version.desc(), row.code.asc()


def rule_set_of(code: Column, version: Column, on: Condition | None = None) -> Object:
    """A rule set's code and version as an object; null where `on` does not hold."""
    return Object("RuleSetVersion", {"code": Value(code, TEXT), "version": Value(version, INTEGER)}, on=on)


def _named(code: Column, version: Column) -> ColumnElement[str]:
    """A name in whose order older versions come first."""
    return func.concat(code, "/", func.lpad(cast(version, Text), 10, "0"), type_=Text)


def _is_default() -> ColumnElement[bool]:
    other = aliased(RuleSetRow)
    first = select(_named(other.code, other.version)).where(other.level == RuleSetRow.level, other.is_for_level)
    default = first.order_by(*default_first(other)).limit(1).correlate(_rule_set).scalar_subquery()
    return default == _named(RuleSetRow.code, RuleSetRow.version)


def _shipped_or_own(actor: Actor) -> Condition:
    """Whoever is judged by a rule set may read it: everybody the shipped ones, an institution its own."""
    mine = RuleSetRow.institution_id == cast(actor.c.institution, Uuid)
    return and_(actor.c.institution.is_not(None), or_(RuleSetRow.institution_id.is_(None), mine))


def _written(told: Column, name: str) -> Any:  # noqa: ANN401 - a table-valued function has no type of its own
    elements = func.jsonb_array_elements(told)
    return elements.table_valued(column("told", JSONB), with_ordinality="place", name=name).render_derived()


_criterion = _written(RuleSetRow.document["criteria"], "criteria")


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


_grade_names = cast(literal_text(json.dumps(GRADE_NAMES)), JSONB)


def _thresholds(told: ColumnElement[Any]) -> ColumnElement[Any]:
    """As they are written; a grade, which is kept by its number, as everybody writes it."""
    grade = func.array_fill(
        _grade_names.op("->>", return_type=Text())(told["threshold"].astext), array([literal_column("1")])
    )
    return case((told["field"].astext == literal_text(Field.GRADE.value), grade), else_=_texts(told["threshold"]))


def _label(told: ColumnElement[Any]) -> Object:
    label = told["label"]
    return Object("Sentence", {name: Value(label[name].astext, TEXT) for name in ("id", "en")})


def source_of(told: ColumnElement[Any]) -> Object:
    """Where a rule was taken from; null in versions from before anybody had to say so."""
    source, note = told["source"], told["source"]["note"]
    words = {name: Value(note[name].astext, TEXT) for name in ("id", "en")}
    return Object(
        "RuleSource",
        {
            "document": Value(source["document"].astext, TEXT),
            "confidence": Value(source["confidence"].astext, CONFIDENCE),
            "note": Object("Sentence", words, on=func.jsonb_typeof(note) == literal_column("'object'")),
        },
        on=func.jsonb_typeof(source) == literal_column("'object'"),
    )


def requirements_of(written: Column) -> Items:
    """The requirements that a column holds, as they are written in a rule set."""
    rows = _written(written, "requirements")
    told = rows.c.told
    return Items(
        "Requirement",
        {
            "code": Value(told["code"].astext, TEXT),
            "label": _label(told),
            "field": Value(told["field"].astext, FIELD),
            "comparison": Value(told["comparison"].astext, COMPARISON),
            "thresholds": Value(_thresholds(told), TEXTS),
            "of": Value(_texts(told["of"]), TEXTS),
            "years": Value(cast(told["years"].astext, Integer), NULLABLE_INTEGER),
            "inField": Value(func.coalesce(told["inField"].as_boolean(), false()), BOOLEAN),
            "proof": Value(told["proof"].astext, NULLABLE_PROOF),
            "legalBasis": Value(told["legalBasis"].astext, TEXT),
            "source": source_of(told),
            "isActionable": Value(func.coalesce(told["isActionable"].as_boolean(), false()), BOOLEAN),
        },
        rows,
        true(),
        (rows.c.place,),
    )


REQUIREMENTS = requirements_of(RuleSetRow.document["requirements"])
CRITERIA = Items(
    "Criterion",
    {
        "code": Value(_criterion.c.told["code"].astext, TEXT),
        "label": _label(_criterion.c.told),
        "kind": Value(_criterion.c.told["kind"].astext, KIND),
        "weight": Value(cast(_criterion.c.told["weight"].astext, Numeric), NUMBER),
        "full": Value(cast(_criterion.c.told["full"].astext, Integer), NULLABLE_INTEGER),
        "years": Value(cast(_criterion.c.told["years"].astext, Integer), NULLABLE_INTEGER),
        "source": source_of(_criterion.c.told),
    },
    _criterion,
    true(),
    (_criterion.c.place,),
)


def _setting(name: str) -> Value:
    return Value(cast(RuleSetRow.document[name].astext, Integer), INTEGER)


_withdrawn = array([cast(name, Text) for name in map(literal_text, WITHDRAWN)])
_publishable: ColumnElement[Any] = RuleSetRow.document.op("-")(_withdrawn)
"""The document as it may be published again: without what older versions may say and newer ones may not."""
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
        "isForLevel": Value(RuleSetRow.is_for_level, BOOLEAN),
        "basedOn": rule_set_of(
            RuleSetRow.based_on_code, RuleSetRow.based_on_version, RuleSetRow.based_on_code.is_not(None)
        ),
        "publishedAt": Value(instant(RuleSetRow.published_at), INSTANT),
        "requirements": REQUIREMENTS,
        "criteria": CRITERIA,
        "seniorityShare": _setting("seniorityShare"),
        "stabilityThreshold": _setting("stabilityThreshold"),
        "shortlistSize": _setting("shortlistSize"),
        "document": Value(_publishable, DOCUMENT),
    },
    rooted=_shipped_or_own,
    conditions={
        "code": RuleSetRow.code == bindparam("code", type_=Text),
        "version": RuleSetRow.version == bindparam("version", type_=Integer),
        "level": RuleSetRow.level == bindparam("level", type_=Text),
    },
)
_found = cast(bindparam("found", "{}", type_=Text), JSONB)
"""Worked out by the domain from two versions, and put into the statement that looks who may read them."""


def _told(told: ColumnElement[Any], name: str) -> Any:  # noqa: ANN401 - a table-valued function has no type of its own
    several = func.jsonb_array_elements(told[name])
    return several.table_valued(column("told", JSONB), with_ordinality="place", name=name).render_derived()


_difference = _told(_found, "differences")
_changed = _told(_difference.c.told, "parts")
RULE_SET_DIFFERENCES = Shape(
    "RuleSetDifferences",
    _rule_set,
    {
        "code": Value(RuleSetRow.code, TEXT),
        "version": Value(RuleSetRow.version, INTEGER),
        "from": Object(
            "RuleSetVersion",
            {
                "code": Value(_found["from"]["code"].astext, TEXT),
                "version": Value(cast(_found["from"]["version"].astext, Integer), INTEGER),
            },
            on=func.jsonb_typeof(_found["from"]) == literal_column("'object'"),
        ),
        "differences": Items(
            "RuleSetDifference",
            {
                "subject": Value(_difference.c.told["subject"].astext, SUBJECT),
                "code": Value(_difference.c.told["code"].astext, TEXT),
                "change": Value(_difference.c.told["change"].astext, CHANGE),
                "label": Object(
                    "Sentence",
                    {name: Value(_difference.c.told["label"][name].astext, TEXT) for name in ("id", "en")},
                    on=func.jsonb_typeof(_difference.c.told["label"]) == literal_column("'object'"),
                ),
                "parts": Items(
                    "RuleSetPartChanged",
                    {
                        "name": Value(_changed.c.told["name"].astext, TEXT),
                        "before": Value(_changed.c.told["before"], TEXTS),
                        "after": Value(_changed.c.told["after"], TEXTS),
                    },
                    _changed,
                    true(),
                    (_changed.c.place,),
                ),
            },
            _difference,
            true(),
            (_difference.c.place,),
        ),
    },
    rooted=_shipped_or_own,
    conditions={"code": RULE_SET.conditions["code"], "version": RULE_SET.conditions["version"], "found": true()},
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
