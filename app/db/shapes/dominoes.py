"""What is told of dominoes and of people in several plans: worked out by the domain, no column stands behind it.

The fields are those of a document all the same: they say its schema, and what of it is wanted.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, bindparam, cast, false, select, true
from sqlalchemy.dialects.postgresql import JSONB

from app.db.documents import NOTHING, Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.found_json import listed_in, part_of, word_of
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import BOOLEAN, DATE, ID, INTEGER, TEXT
from app.db.shapes.talents import LEVEL
from app.db.tables.institutions import InstitutionRow
from app.domain.dominoes import Because, Cover
from app.domain.requirements import Outcome

_NO_ROWS = select(NOTHING).where(false()).subquery("no_rows")
BECAUSE: JsonSchema = {"type": "string", "enum": [one.value for one in Because]}
OUTCOMES = [one.value for one in Outcome]
COVER: JsonSchema = {"type": "string", "enum": [one.value for one in Cover]}
_POST: Fields = {
    "id": Value(NOTHING, ID),
    "name": Value(NOTHING, TEXT),
    "level": Value(NOTHING, LEVEL),
    "unitId": Value(NOTHING, TEXT),
}
_TALENT: Fields = {"id": Value(NOTHING, ID), "nip": Value(NOTHING, TEXT), "name": Value(NOTHING, TEXT)}


def _or_none(kind: str, fields: Fields) -> Object:
    return Object(kind, fields, _NO_ROWS)


def _list_of(kind: str, fields: Fields) -> Items:
    return Items(kind, fields, _NO_ROWS, false(), ())


POST, TALENT = Object("DominoPost", _POST), _or_none("DominoTalent", _TALENT)
"""A talent is null where their processing is restricted."""
DOMINOES: Fields = {
    "moves": _list_of(
        "DominoMove",
        {
            "talentId": Value(NOTHING, ID),
            "talent": TALENT,
            "fromPost": _or_none("DominoPost", _POST),
            "toPost": POST,
            "because": Value(NOTHING, BECAUSE),
            "isLoop": Value(NOTHING, BOOLEAN),
        },
    ),
    "on": Value(NOTHING, DATE),
    "leaving": _list_of("DominoLeaving", {"post": POST, "talent": TALENT}),
    "ends": _list_of(
        "DominoEnd",
        {
            "post": POST,
            "hasPlan": Value(NOTHING, BOOLEAN),
            "cover": Value(NOTHING, COVER),
            "official": TALENT,
            "distance": Value(NOTHING, {"type": ["integer", "null"]}),
            "outcome": Value(NOTHING, {"type": ["string", "null"], "enum": [*OUTCOMES, None]}),
        },
    ),
    "passedOver": _list_of("DominoPassedOver", {"post": POST, "talent": TALENT}),
    "coveringTwice": _list_of("DominoTalent", _TALENT),
    "hasLoop": Value(NOTHING, BOOLEAN),
    "isCovered": Value(NOTHING, BOOLEAN),
}
"""The chain that choices open."""

# ── one name, many plans

_found = cast(bindparam("found", "{}", type_=Text), JSONB)
"""Worked out by the domain over all plans, and put into the statement."""
_person = listed_in(part_of(_found, "people"), "person")
_planned = listed_in(part_of(_person.c.document, "posts"), "planned")


def _number(name: str) -> Value:
    return Value(cast(word_of(_found, name), Integer), INTEGER)


def _words(told: ColumnElement[Any], **schemas: JsonSchema) -> Fields:
    return {name: Value(word_of(told, name), schema) for name, schema in schemas.items()}


SUCCESSION_OVERLAPS = Shape(
    "SuccessionOverlaps",
    InstitutionRow.__table__,
    {
        **{name: _number(name) for name in ("plans", "named", "namedOneEach", "covered", "coveredOneEach")},
        "people": Items(
            "OverlappingSuccessor",
            {
                "talent": Object(
                    "DominoTalent", _words(part_of(_person.c.document, "talent"), id=ID, nip=TEXT, name=TEXT)
                ),
                "posts": Items(
                    "DominoPost",
                    _words(_planned.c.document, id=ID, name=TEXT, level=LEVEL, unitId=TEXT),
                    _planned,
                    true(),
                    (_planned.c.place,),
                ),
            },
            _person,
            true(),
            (_person.c.place,),
        ),
    },
    rooted=mine,
    conditions={"found": true()},
)
"""Who is named ready now in several plans, and how many plans hold where each person fills one post only."""
