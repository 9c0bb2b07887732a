"""What documents about a search of the nation can contain: the best of all institutions, and never whose they are."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, bindparam, cast, literal_column, select, true
from sqlalchemy.dialects.postgresql import JSONB

from app.db.documents import Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.candidates import listed_in, part_of, sentence_of, word_of
from app.db.shapes.institutions import nationally
from app.db.shapes.placements import as_points
from app.db.shapes.rule_sets import FIELD, KIND
from app.db.shapes.rule_sets import LEVEL as LEVEL_OF_POST
from app.db.shapes.schemas import (
    DATE,
    ID,
    INTEGER,
    INTEGERS,
    NULLABLE_ID,
    NULLABLE_TEXT,
    NUMBER,
    TEXT,
)
from app.db.shapes.talents import LEVEL
from app.domain.requirements import Outcome

OUTCOME: JsonSchema = {"type": "string", "enum": [one.value for one in Outcome]}
NULLABLE_TEXTS: JsonSchema = {"type": ["array", "null"], "items": {"type": "string"}}
_search = select(literal_column("1").label("one")).subquery("search")
_found = cast(bindparam("found", "{}", type_=Text), JSONB)
"""What the search found, with the reasons that the rules give for each of the few on the list."""
_candidate = listed_in(part_of(_found, "candidates"), "candidate")
_of = _candidate.c.document
_verdict = listed_in(part_of(_of, "verdicts"), "verdict")
_part = listed_in(part_of(_of, "parts"), "part")
_rule_set = part_of(_found, "ruleSet")


def _number(json: ColumnElement[object], name: str) -> Value:
    return Value(cast(word_of(json, name), Integer), INTEGER)


def _points(json: ColumnElement[object], name: str) -> Value:
    return Value(as_points(cast(word_of(json, name), BigInteger)), NUMBER)


VERDICT: Fields = {
    "requirement": Value(word_of(_verdict.c.document, "requirement"), TEXT),
    "field": Value(word_of(_verdict.c.document, "field"), FIELD),
    "label": sentence_of(_verdict.c.document, "label"),
    "legalBasis": Value(word_of(_verdict.c.document, "legalBasis"), TEXT),
    "outcome": Value(word_of(_verdict.c.document, "outcome"), OUTCOME),
}
PART: Fields = {
    "criterion": Value(word_of(_part.c.document, "criterion"), TEXT),
    "kind": Value(word_of(_part.c.document, "kind"), KIND),
    "label": sentence_of(_part.c.document, "label"),
    "weight": _points(_part.c.document, "weight"),
    "points": _points(_part.c.document, "points"),
}
CANDIDATE: Fields = {
    "position": _number(_of, "position"),
    "candidateId": Value(word_of(_of, "candidateId"), ID),
    "cardId": Value(word_of(_of, "cardId"), NULLABLE_ID),
    "provinceCode": Value(word_of(_of, "provinceCode"), NULLABLE_TEXT),
    "level": Value(word_of(_of, "level"), LEVEL),
    "box": _number(_of, "box"),
    "verdicts": Items("NationalVerdict", VERDICT, _verdict, true(), (_verdict.c.place,)),
    "parts": Items("NationalPart", PART, _part, true(), (_part.c.place,)),
    "total": _points(_of, "total"),
    "tieBreak": Value(word_of(_of, "tieBreak"), TEXT),
}
NATIONAL_RANKING = Shape(
    "NationalRanking",
    _search,
    {
        "searchId": Value(word_of(_found, "searchId"), ID),
        "grounds": Value(word_of(_found, "grounds"), TEXT),
        "on": Value(word_of(_found, "on"), DATE),
        "level": Value(word_of(_found, "level"), LEVEL_OF_POST),
        "governmentAffair": Value(word_of(_found, "governmentAffair"), NULLABLE_TEXT),
        "standard": Value(part_of(_found, "standard"), INTEGERS),
        "ruleSet": Object(
            "RuleSetVersion",
            {"code": Value(word_of(_rule_set, "code"), TEXT), "version": _number(_rule_set, "version")},
        ),
        "boxes": Value(part_of(_found, "boxes"), INTEGERS),
        "provinces": Value(part_of(_found, "provinces"), NULLABLE_TEXTS),
        "eligible": _number(_found, "eligible"),
        "unranked": _number(_found, "unranked"),
        "seed": Value(word_of(_found, "seed"), TEXT),
        "digest": Value(word_of(_found, "digest"), TEXT),
        "candidates": Items("NationalCandidate", CANDIDATE, _candidate, true(), (_candidate.c.place,)),
    },
    rooted=nationally,
    conditions={"found": true()},
)
"""`unranked` of the `eligible` have no total: something that criteria rate is unknown of them."""
