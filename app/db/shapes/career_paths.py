"""What documents about career paths can contain: kinds of posts ahead of somebody, and what stands in the way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, Text, bindparam, cast, true
from sqlalchemy.dialects.postgresql import JSONB

from app.db.documents import Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.candidates import STANDING, listed_in, part_of, sentence_of, sentences_of, word_of
from app.db.shapes.placements import BY_NIP, owned
from app.db.shapes.rule_sets import FIELD
from app.db.shapes.rule_sets import LEVEL as LEVEL_AHEAD
from app.db.shapes.schemas import BOOLEAN, DATE, ID, INTEGER, INTEGERS, NULLABLE_DATE, TEXT, TEXTS
from app.db.shapes.talents import LEVEL
from app.db.tables.talents import TalentRow
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
_action = listed_in(part_of(_at, "toDo"), "action")
_affair = part_of(_of, "governmentAffair")

STEP: Fields = {
    "requirement": Value(word_of(_step.c.document, "requirement"), TEXT),
    "field": Value(word_of(_step.c.document, "field"), FIELD),
    "label": sentence_of(_step.c.document, "label"),
    "legalBasis": Value(word_of(_step.c.document, "legalBasis"), TEXT),
    "isWithheld": _flag(_step.c.document, "isWithheld"),
    "outcome": Value(word_of(_step.c.document, "outcome"), OUTCOME),
    "found": sentence_of(_step.c.document, "fact"),
    "missing": sentences_of(_step.c.document, "missing"),
    "remedy": Value(word_of(_step.c.document, "remedy"), REMEDY),
    "metOn": Value(word_of(_step.c.document, "metOn"), NULLABLE_DATE),
}
ACTION: Fields = {
    "about": Value(word_of(_action.c.document, "about"), TEXT),
    "detail": sentence_of(_action.c.document, "detail"),
}
POST: Fields = {
    "id": Value(word_of(_post.c.document, "id"), ID),
    "name": Value(word_of(_post.c.document, "name"), TEXT),
    "unitId": Value(word_of(_post.c.document, "unitId"), TEXT),
    "unit": Value(word_of(_post.c.document, "unit"), TEXT),
    "isEmpty": _flag(_post.c.document, "isEmpty"),
    "vacantFrom": Value(word_of(_post.c.document, "vacantFrom"), DATE),
}
OPENING: Fields = {
    "governmentAffair": Object(
        "CareerAffair",
        {"code": Value(word_of(_affair, "code"), TEXT), "label": sentence_of(_affair, "label")},
        on=word_of(_affair, "code").is_not(None),
    ),
    "emptyNow": _number(_of, "emptyNow"),
    "emptyIn3Years": _number(_of, "emptyIn3Years"),
    "emptyIn5Years": _number(_of, "emptyIn5Years"),
    "firstVacantOn": Value(word_of(_of, "firstVacantOn"), DATE),
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
    "toDo": Items("CareerAction", ACTION, _action, true(), (_action.c.place,)),
    "blockedBy": Value(part_of(_at, "blockedBy"), TEXTS),
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
    },
    rooted=owned,
    conditions={**BY_NIP, "found": true()},
)
