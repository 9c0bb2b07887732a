"""What is told of dominoes and of people in several plans: worked out by the domain, no column stands behind it.

The fields are those of a document all the same: they say its schema, and what of it is wanted.
"""

from __future__ import annotations

from sqlalchemy import false, select

from app.db.documents import NOTHING, Fields, Items, JsonSchema, Object, Value
from app.db.shapes.schemas import BOOLEAN, ID, INTEGER, TEXT
from app.db.shapes.talents import LEVEL
from app.domain.dominoes import Because, Cover

_NO_ROWS = select(NOTHING).where(false()).subquery("no_rows")
BECAUSE: JsonSchema = {"type": "string", "enum": [one.value for one in Because]}
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
    "ends": _list_of(
        "DominoEnd",
        {
            "post": POST,
            "hasPlan": Value(NOTHING, BOOLEAN),
            "cover": Value(NOTHING, COVER),
            "official": TALENT,
            "distance": Value(NOTHING, {"type": ["integer", "null"]}),
        },
    ),
    "passedOver": _list_of("DominoPassedOver", {"post": POST, "talent": TALENT}),
    "coveringTwice": _list_of("DominoTalent", _TALENT),
    "hasLoop": Value(NOTHING, BOOLEAN),
    "isCovered": Value(NOTHING, BOOLEAN),
}
"""The chain that choices open."""
OVERLAPS: Fields = {
    "plans": Value(NOTHING, INTEGER),
    "named": Value(NOTHING, INTEGER),
    "namedOneEach": Value(NOTHING, INTEGER),
    "covered": Value(NOTHING, INTEGER),
    "coveredOneEach": Value(NOTHING, INTEGER),
    "people": _list_of(
        "OverlappingSuccessor",
        {"talent": Object("DominoTalent", _TALENT), "posts": _list_of("DominoPost", _POST)},
    ),
}
"""Who is named ready now in several plans, and how many plans hold where each person fills one post only."""
