"""What documents about searches of the nation can contain: the best of all institutions, and never whose they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, part_of, sentence_of, word_of
from app.db.shapes.placements import as_points
from app.db.shapes.rule_sets import FIELD, KIND, rule_set_of
from app.db.shapes.rule_sets import LEVEL as LEVEL_OF_POST
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    INTEGERS,
    NULLABLE_INTEGER,
    NULLABLE_NUMBER,
    NULLABLE_TEXT,
    NUMBER,
    TEXT,
)
from app.db.shapes.talents import LEVEL
from app.db.tables.national import NationalSearchRecomputationRow, NationalSearchRow
from app.domain.requirements import Outcome

OUTCOME: JsonSchema = {"type": "string", "enum": [one.value for one in Outcome]}
NULLABLE_TEXTS: JsonSchema = {"type": ["array", "null"], "items": {"type": "string"}}
_search, _again = NationalSearchRow.__table__, NationalSearchRecomputationRow.__table__
_made_at, _made_again_at = instant(NationalSearchRow.made_at), instant(NationalSearchRecomputationRow.made_at)
_candidate = listed_in(NationalSearchRow.answer, "candidate")
_of = _candidate.c.document
_verdict = listed_in(part_of(NationalSearchRow.rules, "requirements"), "verdict")
_part = listed_in(part_of(NationalSearchRow.rules, "criteria"), "part")
_requirement = listed_in(part_of(NationalSearchRow.rules, "requirements"), "asked")
_criterion = listed_in(part_of(NationalSearchRow.rules, "criteria"), "rated")


def _owned(actor: Actor) -> Condition:
    return NationalSearchRow.institution_id == cast(actor.c.institution, Uuid)


def _number(json: ColumnElement[Any], name: str) -> Value:
    return Value(cast(word_of(json, name), Integer), INTEGER)


def _points(json: ColumnElement[Any], name: str, schema: JsonSchema) -> Value:
    return Value(as_points(cast(word_of(json, name), BigInteger)), schema)


def _whole_points(json: ColumnElement[str]) -> Value:
    """Rounded down: exact points are nearly one person's own, and would tell who of two answers is the same."""
    return Value(func.floor(as_points(cast(json, BigInteger))), NULLABLE_NUMBER)


def _at(json: ColumnElement[Any], place: ColumnElement[Any]) -> ColumnElement[str]:
    """The element of a list in the place of another list's element; places count from 1."""
    return json.op("->>", return_type=Text())(cast(place - literal_column("1"), Integer))


VERDICT: Fields = {
    "requirement": Value(word_of(_verdict.c.document, "requirement"), TEXT),
    "outcome": Value(_at(part_of(_of, "outcomes"), _verdict.c.place), OUTCOME),
}
PART: Fields = {
    "criterion": Value(word_of(_part.c.document, "criterion"), TEXT),
    "points": _whole_points(_at(part_of(_of, "parts"), _part.c.place)),
}
CANDIDATE: Fields = {
    "position": _number(_of, "position"),
    "candidateId": Value(word_of(_of, "candidateId"), ID),
    "isListed": Value(cast(word_of(_of, "isListed"), Boolean), BOOLEAN),
    "provinceCode": Value(word_of(_of, "provinceCode"), NULLABLE_TEXT),
    "level": Value(word_of(_of, "level"), LEVEL),
    "box": _number(_of, "box"),
    "verdicts": Items("NationalVerdict", VERDICT, _verdict, true(), (_verdict.c.place,)),
    "parts": Items("NationalPart", PART, _part, true(), (_part.c.place,)),
    "total": _whole_points(word_of(_of, "total")),
    "tieBreak": Value(word_of(_of, "tieBreak"), TEXT),
}
REQUIREMENT: Fields = {
    "requirement": Value(word_of(_requirement.c.document, "requirement"), TEXT),
    "field": Value(word_of(_requirement.c.document, "field"), FIELD),
    "label": sentence_of(_requirement.c.document, "label"),
    "legalBasis": Value(word_of(_requirement.c.document, "legalBasis"), TEXT),
    "ruledOut": Value(
        cast(
            part_of(NationalSearchRow.outcomes, "ruled_out_told").op("->>", return_type=Text())(
                word_of(_requirement.c.document, "requirement")
            ),
            Integer,
        ),
        NULLABLE_INTEGER,
    ),
}
CRITERION: Fields = {
    "criterion": Value(word_of(_criterion.c.document, "criterion"), TEXT),
    "kind": Value(word_of(_criterion.c.document, "kind"), KIND),
    "label": sentence_of(_criterion.c.document, "label"),
    "weight": _points(_criterion.c.document, "weight", NUMBER),
}
_is_of_search = and_(
    NationalSearchRecomputationRow.institution_id == NationalSearchRow.institution_id,
    NationalSearchRecomputationRow.search_id == NationalSearchRow.id,
)


def _earlier(rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - an alias of the table
    return and_(
        rows.c.institution_id == NationalSearchRow.institution_id,
        rows.c.question == NationalSearchRow.question,
        rows.c.made_at < NationalSearchRow.made_at,
    )


_before = _search.alias("before")
_newest = select(_before.c.id, _before.c.made_at).where(_earlier(_before)).correlate(_search)
_newest = _newest.order_by(_before.c.made_at.desc(), _before.c.id.desc()).limit(literal_column("20"))
_other = _newest.subquery("other")
EARLIER: Fields = {"id": Value(_other.c.id, ID), "madeAt": Value(instant(_other.c.made_at), INSTANT)}
_times_before = select(func.count()).select_from(_before).where(_earlier(_before)).correlate(_search).scalar_subquery()
RECOMPUTATION = Shape(
    "NationalRecomputation",
    _again.join(_search, _is_of_search),
    {
        "id": Value(NationalSearchRecomputationRow.id, ID),
        "searchId": Value(NationalSearchRecomputationRow.search_id, ID),
        "madeAt": Value(_made_again_at, INSTANT),
        "by": Value(NationalSearchRecomputationRow.subject, TEXT),
        "role": Value(NationalSearchRecomputationRow.role, TEXT),
        "digest": Value(NationalSearchRecomputationRow.digest, TEXT),
        "isSame": Value(NationalSearchRecomputationRow.digest == NationalSearchRow.digest, BOOLEAN),
    },
    rooted=lambda actor: NationalSearchRecomputationRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"id": NationalSearchRecomputationRow.id == bindparam("id", type_=Uuid)},
)
_outcomes = part_of(NationalSearchRow.outcomes)
FIELDS: Fields = {
    "id": Value(NationalSearchRow.id, ID),
    "madeAt": Value(_made_at, INSTANT),
    "by": Value(NationalSearchRow.subject, TEXT),
    "role": Value(NationalSearchRow.role, TEXT),
    "grounds": Value(NationalSearchRow.grounds, TEXT),
    "on": Value(NationalSearchRow.inauguration_on, DATE),
    "level": Value(NationalSearchRow.level, LEVEL_OF_POST),
    "governmentAffair": Value(NationalSearchRow.government_affair, NULLABLE_TEXT),
    "standard": Value(NationalSearchRow.standard, INTEGERS),
    "ruleSet": rule_set_of(NationalSearchRow.rule_set_code, NationalSearchRow.rule_set_version),
    "boxes": Value(NationalSearchRow.boxes, INTEGERS),
    "provinces": Value(NationalSearchRow.provinces, NULLABLE_TEXTS),
    "first": Value(NationalSearchRow.first, INTEGER),
    "considered": _number(_outcomes, "considered"),
    "eligible": _number(_outcomes, "eligible"),
    "unranked": _number(_outcomes, "unranked"),
    "toVerify": _number(_outcomes, "to_verify"),
    "notOnRecord": _number(_outcomes, "not_on_record"),
    "withGaps": _number(_outcomes, "with_gaps"),
    "seed": Value(func.encode(NationalSearchRow.seed, literal_column("'hex'")), TEXT),
    "digest": Value(NationalSearchRow.digest, TEXT),
    "earlierCount": Value(_times_before, INTEGER),
    "earlier": Items("NationalEarlier", EARLIER, _other, true(), (_other.c.made_at, _other.c.id)),
    "requirements": Items("NationalRequirement", REQUIREMENT, _requirement, true(), (_requirement.c.place,)),
    "criteria": Items("NationalCriterion", CRITERION, _criterion, true(), (_criterion.c.place,)),
    "candidates": Items("NationalCandidate", CANDIDATE, _candidate, true(), (_candidate.c.place,)),
}
"""`unranked` of the `eligible` have no total: something that criteria rate is unknown. `earlier` asked the same:
the newest 20 of `earlierCount`."""
_SUMMARY = (
    *("id", "madeAt", "by", "role", "grounds", "on", "level", "governmentAffair", "ruleSet", "boxes", "provinces"),
    *("first", "considered", "eligible", "toVerify", "digest"),
)
NATIONAL_RANKING = Shape(
    "NationalRanking",
    _search,
    FIELDS,
    rooted=_owned,
    conditions={"id": NationalSearchRow.id == bindparam("id", type_=Uuid)},
)
NATIONAL_RANKINGS = Pages(
    "NationalRanking",
    Shape("NationalRanking", _search, FIELDS, rooted=_owned, conditions={}, summary=_SUMMARY),
    (_made_at, NationalSearchRow.id),
    descending=True,
)
