"""What documents about career paths can contain: kinds of posts ahead of somebody, and what stands in the way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, Text, bindparam, cast, true
from sqlalchemy.dialects.postgresql import JSONB

from app.db.classes import Rule
from app.db.documents import Fields, Items, JsonSchema, Object, Shape, Value, literal_text
from app.db.shapes.candidates import STANDING
from app.db.shapes.found_json import listed_in, part_of, sentence_of, sentences_of, word_of
from app.db.shapes.placements import BY_NIP, owned
from app.db.shapes.rule_sets import FIELD, source_of
from app.db.shapes.rule_sets import LEVEL as LEVEL_AHEAD
from app.db.shapes.schemas import BOOLEAN, DATE, ID, INTEGER, INTEGERS, NULLABLE_DATE, NULLABLE_TEXT, TEXT, TEXTS
from app.db.shapes.talents import LEVEL
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.actors import Permission
from app.domain.career_paths import Remedy
from app.domain.requirements import Outcome

OUTCOME: JsonSchema = {"type": "string", "enum": [one.value for one in Outcome]}
REMEDY: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in Remedy), None]}

_found = cast(bindparam("found", "{}", type_=Text), JSONB)
"""Worked out by the domain for this one person, and put into the statement that leaves the receipt."""


def _number(json: ColumnElement[Any], name: str) -> Value:
    return Value(cast(word_of(json, name), Integer), INTEGER)


def _flag(json: ColumnElement[Any], name: str) -> Value:
    return Value(cast(word_of(json, name), Boolean), BOOLEAN)


_path = listed_in(part_of(_found, "paths"), "path")
_at = _path.c.document
_step = listed_in(part_of(_at, "steps"), "step")
_opening = listed_in(part_of(_at, "openings"), "opening")
_of = _opening.c.document
_post = listed_in(part_of(_of, "posts"), "post_ahead")
_item = listed_in(part_of(_at, "items"), "item")
_affair = part_of(_of, "governmentAffair")

_is_held = word_of(_post.c.document, "isEmpty") == literal_text("false")
_none_is_empty = word_of(_of, "emptyNow") == literal_text("0")


def _unless(is_held: ColumnElement[bool]) -> tuple[Rule, ...]:
    """From when a seat is empty that somebody still holds is their retirement day: for who may read about people."""
    return (Rule(frozenset({Permission.READ_TALENTS}), is_held),)


STEP: Fields = {
    "requirement": Value(word_of(_step.c.document, "requirement"), TEXT),
    "field": Value(word_of(_step.c.document, "field"), FIELD),
    "label": sentence_of(_step.c.document, "label"),
    "legalBasis": Value(word_of(_step.c.document, "legalBasis"), TEXT),
    "source": source_of(_step.c.document),
    "isWithheld": _flag(_step.c.document, "isWithheld"),
    "outcome": Value(word_of(_step.c.document, "outcome"), OUTCOME),
    "found": sentence_of(_step.c.document, "fact"),
    "missing": sentences_of(_step.c.document, "missing"),
    "remedy": Value(word_of(_step.c.document, "remedy"), REMEDY),
    "metOn": Value(word_of(_step.c.document, "metOn"), NULLABLE_DATE),
}
ITEM: Fields = {
    "about": Value(word_of(_item.c.document, "about"), TEXT),
    "detail": sentence_of(_item.c.document, "detail"),
}
POST: Fields = {
    "id": Value(word_of(_post.c.document, "id"), ID),
    "name": Value(word_of(_post.c.document, "name"), TEXT),
    "unitId": Value(word_of(_post.c.document, "unitId"), TEXT),
    "unit": Value(word_of(_post.c.document, "unit"), TEXT),
    "isEmpty": _flag(_post.c.document, "isEmpty"),
    "vacantFrom": Value(word_of(_post.c.document, "vacantFrom"), NULLABLE_DATE, _unless(_is_held)),
}
OPENING: Fields = {
    "governmentAffair": Object(
        "CareerAffair",
        {"code": Value(word_of(_affair, "code"), TEXT), "label": sentence_of(_affair, "label")},
        on=word_of(_affair, "code").is_not(None),
    ),
    "jobFamily": Value(word_of(_of, "jobFamily"), NULLABLE_TEXT),
    "emptyNow": _number(_of, "emptyNow"),
    "emptyIn3Years": _number(_of, "emptyIn3Years"),
    "emptyIn5Years": _number(_of, "emptyIn5Years"),
    "firstVacantOn": Value(word_of(_of, "firstVacantOn"), NULLABLE_DATE, _unless(_none_is_empty)),
    "posts": Items("CareerPost", POST, _post, true(), (_post.c.place,)),
}
PATH: Fields = {
    "level": Value(word_of(_at, "level"), LEVEL_AHEAD),
    "standard": Value(part_of(_at, "standard"), INTEGERS),
    "ruleSet": Object(
        "RuleSetVersion",
        {
            "code": Value(word_of(part_of(_at, "ruleSet"), "code"), TEXT),
            "version": _number(part_of(_at, "ruleSet"), "version"),
        },
    ),
    "outcome": Value(word_of(_at, "outcome"), STANDING),
    "items": Items("CounterfactualItem", ITEM, _item, true(), (_item.c.place,)),
    "blocked": Value(part_of(_at, "blocked"), TEXTS),
    "timeAloneFrom": Value(word_of(_at, "timeAloneFrom"), NULLABLE_DATE),
    "steps": Items("CareerStep", STEP, _step, true(), (_step.c.place,)),
    "openings": Items("CareerOpening", OPENING, _opening, true(), (_opening.c.place,)),
}
CAREER_PATHS = Shape(
    "CareerPaths",
    TalentRow.__table__,
    {
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "level": Value(word_of(_found, "level"), LEVEL),
        "asOf": Value(word_of(_found, "asOf"), NULLABLE_DATE),
        "on": Value(word_of(_found, "on"), DATE),
        "paths": Items("CareerPath", PATH, _path, true(), (_path.c.place,)),
        "withheld": WITHHELD,
    },
    rooted=owned,
    conditions={**BY_NIP, "found": true()},
)
