"""What each requirement removes, and the least that would have to go for somebody to remain."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.autopsies import MOST_DROPPED, NearestThreshold, Relaxation, perform, weaker_thresholds
from app.domain.requirements import Comparison, Field, Requirement

CODES = ("age", "post", "fit")
PATTERNS = {
    (False, True, True): 4,
    (False, False, True): 10,
    (True, False, None): 3,
    (False, True, None): 2,
}


def test_each_requirement_is_told_what_it_removes_alone_and_together():
    found = perform(CODES, PATTERNS)
    assert (found.considered, found.eligible, found.only_to_verify) == (19, 0, 0)
    assert [(one.requirement, one.removed, one.alone, one.to_verify) for one in found.removals] == [
        ("age", 16, 6, 0),
        ("post", 13, 3, 0),
        ("fit", 0, 0, 5),
    ]
    assert found.relaxation == Relaxation(("age",), eligible=4, to_verify=2)


def test_enough_candidates_need_no_relaxation_and_more_need_more():
    assert perform(CODES, {(True, True, None): 1}).relaxation is None
    assert perform(CODES, PATTERNS, wanted=7).relaxation == Relaxation(("age", "post"), eligible=14, to_verify=5)
    assert perform(CODES, PATTERNS, wanted=20).relaxation is None


outcomes = st.sampled_from([True, False, None])


@given(st.dictionaries(st.tuples(*[outcomes] * 4), st.integers(1, 9), max_size=12), st.integers(1, 12))
def test_a_relaxation_lets_enough_in_and_no_smaller_one_does(patterns, wanted):
    codes = ("a", "b", "c", "d")
    found = perform(codes, patterns, wanted)

    def remaining(dropped):
        kept = [place for place, code in enumerate(codes) if code not in dropped]
        return sum(people for pattern, people in patterns.items() if all(pattern[place] is not False for place in kept))

    assert found.eligible + found.only_to_verify == remaining(())
    if found.relaxation is not None:
        dropped = found.relaxation.requirements
        assert found.relaxation.eligible + found.relaxation.to_verify == remaining(dropped) >= wanted
        assert all(remaining(fewer) < wanted for fewer in combinations(codes, len(dropped) - 1))
    elif remaining(()) < wanted:
        assert all(remaining(some) < wanted for some in combinations(codes, MOST_DROPPED))


def asked(field, comparison, threshold):
    return Requirement(
        code="one",
        field=field,
        comparison=comparison,
        threshold=threshold,
        label_id="Golongan",
        label_en="Grade",
        legal_basis="x",
    )


def test_weaker_thresholds_begin_with_the_nearest():
    assert list(weaker_thresholds(asked(Field.RELATED_EXPERIENCE, Comparison.AT_LEAST, 4))) == [3, 2, 1]
    assert list(weaker_thresholds(asked(Field.AGE, Comparison.AT_MOST, 67))) == [68, 69, 70]
    assert list(weaker_thresholds(asked(Field.SANCTION_FREE, Comparison.IS_TRUE, 3))) == [2, 1]
    assert list(weaker_thresholds(asked(Field.SANCTION_FREE, Comparison.IS_TRUE, None))) == []
    assert list(weaker_thresholds(asked(Field.EDUCATION, Comparison.AT_LEAST, "s2"))) == ["s1", "d3", "slta"]
    assert list(weaker_thresholds(asked(Field.LEADERSHIP_TRAINING, Comparison.AT_LEAST, "pkn_ii"))) == ["pka", "pkp"]
    assert list(weaker_thresholds(asked(Field.APPRAISALS, Comparison.AT_LEAST, "needs_improvement"))) == [
        "poor",
        "very_poor",
    ]
    assert list(weaker_thresholds(asked(Field.BOX, Comparison.ONE_OF, (8, 9)))) == []


def test_a_threshold_that_would_do_is_said_in_words():
    grade = NearestThreshold(asked(Field.GRADE, Comparison.AT_LEAST, 42), 41, 4)
    assert grade.detail == {
        "id": "Golongan: bila IV/a, bukan IV/b, ada 4 calon.",
        "en": "Grade: with IV/a instead of IV/b there are 4 candidates.",
    }
    good = NearestThreshold(asked(Field.APPRAISALS, Comparison.AT_LEAST, "good"), "needs_improvement", 7)
    assert "Butuh Perbaikan, bukan Baik, ada 7 calon" in good.detail["id"]


def test_three_requirements_that_have_to_go_together_are_found_among_fifty():
    codes = [f"r{place}" for place in range(50)]
    patterns = {tuple(place not in (3, 17, 49) for place in range(50)): 5}
    patterns |= {tuple(place % 7 != shift for place in range(50)): 100 for shift in range(7)}
    assert perform(codes, patterns).relaxation == Relaxation(("r3", "r17", "r49"), eligible=5, to_verify=0)
    assert perform(codes, patterns, wanted=6).relaxation is None
