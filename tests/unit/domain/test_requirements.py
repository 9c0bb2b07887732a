"""Requirements as they are written down: what is refused, with its pointer, and what nobody could meet."""

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Fault, Invalid
from app.domain.requirements import (
    PROTECTED,
    Comparison,
    Field,
    Requirement,
    must_be_possible,
    parse_requirement,
    requirement_document,
)
from tests.candidates import a_requirement, every_kind_of_requirement

AGE = {
    "code": "age",
    "field": "age",
    "comparison": "atMost",
    "threshold": 56,
    "label": {"id": "Usia paling tinggi 56 tahun", "en": "At most 56 years old"},
    "legalBasis": "PP 11/2017 art. 107",
}
ENDLESS = 10**5_000
AT_LEVELS = {"field": "timeAtLevels", "comparison": "atLeast", "threshold": 24}
APPRAISED = {"field": "appraisals", "comparison": "atLeast", "threshold": "good"}
BOXES = {"field": "box", "comparison": "oneOf"}


def faults_of(document: object) -> list[tuple[str, str]]:
    faults: list[Fault] = []
    assert (parse_requirement(document, "/requirements/3", faults) is None) == bool(faults)
    assert all(fault.detail["en"] for fault in faults)
    return [(fault.where.removeprefix("/requirements/3"), fault.code.removeprefix("requirement.")) for fault in faults]


def parsed(**but: Any) -> Requirement:
    requirement = parse_requirement(AGE | but, "", [])
    assert requirement is not None
    return requirement


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(every_kind_of_requirement()))
@settings(max_examples=300, deadline=None)
def test_a_requirement_survives_being_written_down(seed: int, kind: tuple[Field, Comparison]) -> None:
    requirement = a_requirement(Random(seed), *kind)  # noqa: S311 - to try things with
    faults: list[Fault] = []
    assert (parse_requirement(requirement_document(requirement), "", faults), faults) == (requirement, [])


@pytest.mark.parametrize("word", sorted(word for words in PROTECTED.values() for word in words))
def test_what_is_protected_is_never_required(word: str) -> None:
    assert ("/field", "protected_field") in faults_of(AGE | {"field": word})
    assert ("/code", "protected_field") in faults_of(AGE | {"code": word})


@pytest.mark.parametrize("field", ["Jenis Kelamin", "marital_status", "Tempat-Lahir", "AGAMA"])
def test_spelling_hides_nothing_protected(field: str) -> None:
    assert faults_of(AGE | {"field": field}) == [("/field", "protected_field")]


@pytest.mark.parametrize("field", ["tenure", "", 7, None, ["age"], {}, True])
def test_an_unknown_field_is_named(field: object) -> None:
    assert faults_of(AGE | {"field": field}) == [("/field", "unknown_field")]


@pytest.mark.parametrize(
    ("threshold", "code"),
    [
        (True, "not_number"),
        ("56", "not_number"),
        (None, "not_number"),
        ([56], "not_number"),
        (float("nan"), "range"),
        (float("inf"), "range"),
        (-1, "range"),
        (10, "range"),
        pytest.param(ENDLESS, "range", id="endless"),
        (56.5, "not_whole"),
    ],
)
def test_a_threshold_is_a_whole_number_that_somebody_can_have(threshold: object, code: str) -> None:
    assert faults_of(AGE | {"threshold": threshold}) == [("/threshold", code)]


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        ({"comparison": "oneOf"}, [("/comparison", "value_unknown")]),
        ({"years": 2}, [("/years", "unfit")]),
        ({"of": ["pengawas"]}, [("/of", "unfit")]),
        ({"isActionable": "yes"}, [("/isActionable", "not_boolean")]),
        ({"weight": 1}, [("/weight", "unknown_field")]),
        ({"field": "grade", "comparison": "atLeast", "threshold": 35}, [("/threshold", "unknown_grade")]),
        (AT_LEVELS | {"threshold": -24, "of": ["pengawas"]}, [("/threshold", "range")]),
        (AT_LEVELS, [("/of", "missing_field")]),
        (AT_LEVELS | {"of": []}, [("/of", "list_length")]),
        (APPRAISED, [("/years", "missing_field")]),
        (APPRAISED | {"threshold": 4, "years": 6}, [("/threshold", "not_text"), ("/years", "range")]),
        (BOXES | {"threshold": [7, 7, "8"]}, [("/threshold/2", "not_number"), ("/threshold", "listed_twice")]),
        ({"field": "verified", "comparison": "isTrue"}, [("/threshold", "unfit")]),
        ({"label": {"id": " "}}, [("/label/en", "missing_field"), ("/label/id", "text_length")]),
        ({"legalBasis": 7, "threshold": 17}, [("/legalBasis", "not_text"), ("/threshold", "range")]),
    ],
)
def test_every_fault_is_told_where_it_is(but: Mapping[str, object], expected: list[tuple[str, str]]) -> None:
    assert faults_of(AGE | but) == expected


@pytest.mark.parametrize("document", [None, 3, "age", [], [AGE]])
def test_a_requirement_is_an_object(document: object) -> None:
    assert ("", "not_object") in faults_of(document)


# ── what nobody can meet

SANE = parsed()
SETS: Mapping[str, tuple[Requirement, ...]] = {
    "b, c": (
        parsed(code="a", field="box", comparison="oneOf", threshold=[7, 8, 9]),
        parsed(code="b", comparison="atLeast", threshold=57),
        parsed(code="c"),
    ),
    "b, c, d": (
        SANE,
        parsed(code="b", field="box", comparison="oneOf", threshold=[1, 2]),
        parsed(code="c", field="box", comparison="oneOf", threshold=[2, 3]),
        parsed(code="d", field="box", comparison="oneOf", threshold=[3, 1]),
    ),
    "pppk, grade": (
        parsed(code="pppk", field="employment", comparison="oneOf", threshold=["pppk"]),
        parsed(code="grade", field="grade", comparison="atLeast", threshold=41),
    ),
    "young, long": (
        parsed(code="young", threshold=30),
        parsed(code="long", field="service", comparison="atLeast", threshold=240),
    ),
    "least, most": (
        parsed(code="least", field="timeInPost", comparison="atLeast", threshold=60),
        parsed(code="most", field="timeInPost", comparison="atMost", threshold=24),
    ),
}


@pytest.mark.parametrize("codes", SETS)
def test_requirements_that_nobody_can_meet_together_are_named(codes: str) -> None:
    with pytest.raises(Invalid) as refusal:
        must_be_possible(SETS[codes])
    [fault] = refusal.value.faults
    places = [f"/requirements/{[one.code for one in SETS[codes]].index(code)}" for code in codes.split(", ")]
    assert (fault.about, fault.where) == ({"codes": codes, "where": ", ".join(places)}, places[-1])
    assert f"No person can meet {codes} together" in refusal.value.detail["en"]


def test_what_somebody_can_meet_is_no_contradiction() -> None:
    possible = (
        SANE,
        parsed(code="long", field="service", comparison="atLeast", threshold=12 * 38),
        parsed(code="young", comparison="atLeast", threshold=56),
        parsed(code="most", field="timeInPost", comparison="atMost", threshold=60),
        parsed(code="least", field="timeInPost", comparison="atLeast", threshold=60),
    )
    must_be_possible(possible)
    must_be_possible(())
