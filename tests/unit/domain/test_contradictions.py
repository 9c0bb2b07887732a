"""Requirements that no person can meet together: which ones, and no others."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.candidates import Given
from app.domain.contradictions import contradictions
from app.domain.errors import Fault
from app.domain.requirements import Comparison, Field, Outcome, Requirement
from app.domain.verdicts import verdict
from tests.candidates import SOURCE, a_target, somebody_known


def asked(code: str, field: Field, comparison: Comparison, threshold: object, **but: Any) -> Requirement:
    words = {"label_id": "Syarat", "label_en": "Requirement", "legal_basis": "PP 11/2017", "source": SOURCE}
    return Requirement(code=code, field=field, comparison=comparison, threshold=threshold, **words, **but)  # type: ignore[arg-type]


def at_least(code: str, field: Field, threshold: object, **but: Any) -> Requirement:
    return asked(code, field, Comparison.AT_LEAST, threshold, **but)


def at_most(code: str, field: Field, threshold: object) -> Requirement:
    return asked(code, field, Comparison.AT_MOST, threshold)


def one_of(code: str, field: Field, *threshold: object) -> Requirement:
    return asked(code, field, Comparison.ONE_OF, threshold)


def at_levels(code: str, months: int, *levels: str) -> Requirement:
    return at_least(code, Field.TIME_AT_LEVELS, months, of=levels)


def found(requirements: Sequence[Requirement]) -> list[Fault]:
    return list(contradictions([(f"/requirements/{place}", one) for place, one in enumerate(requirements)]))


SANE = at_most("sane", Field.AGE, 56)
SETS: Mapping[str, tuple[Requirement, ...]] = {
    "b, c": (
        one_of("a", Field.BOX, 7, 8, 9),
        at_least("b", Field.AGE, 57),
        at_most("c", Field.AGE, 56),
    ),
    "b, c, d": (
        SANE,
        one_of("b", Field.BOX, 1, 2),
        one_of("c", Field.BOX, 2, 3),
        one_of("d", Field.BOX, 3, 1),
    ),
    "pppk, grade": (one_of("pppk", Field.EMPLOYMENT, "pppk"), at_least("grade", Field.GRADE, 41)),
    "low, high": (at_most("low", Field.GRADE, 33), at_least("high", Field.GRADE, 41)),
    "young, long": (at_most("young", Field.AGE, 40), at_least("long", Field.SERVICE, 360)),
    "experience, young": (at_least("experience", Field.RELATED_EXPERIENCE, 120), at_most("young", Field.AGE, 27)),
    "least, most": (at_least("least", Field.TIME_IN_POST, 60), at_most("most", Field.TIME_IN_POST, 24)),
    "here, there": (
        one_of("here", Field.LEVEL, "pengawas"),
        one_of("there", Field.LEVEL, "administrator", "pelaksana"),
    ),
    "first, then, young": (
        at_levels("first", 240, "pengawas"),
        SANE,
        at_levels("then", 180, "administrator"),
        at_most("young", Field.AGE, 50),
    ),
    "first, then": (at_levels("first", 360, "pengawas"), at_levels("then", 360, "administrator")),
    "appraised, young": (
        at_least("appraised", Field.APPRAISALS, "good", years=5),
        at_most("young", Field.AGE, 21),
    ),
}


@pytest.mark.parametrize("codes", SETS)
def test_requirements_that_nobody_can_meet_together_are_named(codes: str) -> None:
    [fault] = found(SETS[codes])
    places = [f"/requirements/{[one.code for one in SETS[codes]].index(code)}" for code in codes.split(", ")]
    assert (fault.code, fault.about) == ("requirement.contradiction", {"codes": codes, "where": ", ".join(places)})
    assert fault.where == places[-1]
    assert f"No person can meet {codes} together" in fault.detail["en"]


def test_every_contradiction_is_told_at_once() -> None:
    both = (*SETS["pppk, grade"], *SETS["young, long"])
    assert [fault.about["codes"] for fault in found(both)] == ["pppk, grade", "young, long"]


def test_what_somebody_can_meet_is_no_contradiction() -> None:
    assert found(()) == []
    assert not found(
        (
            SANE,
            at_least("long", Field.SERVICE, 12 * 38),
            at_least("old", Field.AGE, 56),
            at_most("most", Field.TIME_IN_POST, 60),
            at_least("least", Field.TIME_IN_POST, 60),
            at_levels("either", 300, "pengawas", "administrator"),
            at_levels("one", 300, "pengawas"),
        )
    )


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_what_somebody_meets_is_never_called_impossible(seed: int) -> None:
    """Of somebody who entered service at eighteen or later: whatever they meet is possible."""
    lot = Random(seed)  # noqa: S311 - to try things with
    known, _ = somebody_known(lot)
    begun = known.service_from or date(2000, 1, 1)
    person = known.__class__(
        **{name: getattr(known, name) for name in known.__slots__}
        | {"born_on": begun - timedelta(18 * 366), "id": UUID(int=1)}
    )
    target = a_target(lot)
    written = [
        at_most("most", Field.AGE, lot.randint(30, 70)),
        at_least("service", Field.SERVICE, lot.choice((60, 240, 480))),
        at_levels("a", lot.choice((60, 200)), "administrator", "pengawas"),
        at_levels("b", lot.choice((60, 200)), "jf_ahli_muda"),
        one_of("level", Field.LEVEL, "administrator", "pengawas"),
        at_least("grade", Field.GRADE, lot.choice((31, 41))),
        one_of("employment", Field.EMPLOYMENT, "pns"),
    ]
    met = [one for one in written if verdict(one, person, target, Given()).outcome is Outcome.MET]
    assert found(met) == []
