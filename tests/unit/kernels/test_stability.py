"""The first place under every weighting: on arrays as in plain Python, and as one would work it out by hand."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain import stability as plain
from app.domain.ranking import Rated, rank
from app.domain.rubric import MILLION
from app.domain.rule_sets import Criterion, CriterionKind
from app.kernels import stability as arrays

SEED = bytes(32)
_small, _large = st.integers(0, 9), st.integers(0, 40 * MILLION)


def criteria_of(*weights):
    return [
        Criterion(code=f"c{place}", kind=CriterionKind.TALENT_VALUE, weight=weight, full=None, label_id="", label_en="")
        for place, weight in enumerate(weights)
    ]


def people_of(*parts):
    return rank([Rated(UUID(int=number), one) for number, one in enumerate(parts, start=1)], SEED)


@st.composite
def runs(draw):
    size = draw(st.integers(1, 4))
    weights = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    value = draw(st.sampled_from([_small, _large]))
    parts = draw(st.lists(st.tuples(*[value] * size), max_size=9))
    return criteria_of(*weights), people_of(*parts)


@given(runs(), st.integers(0, 100))
def test_arrays_find_what_plain_python_finds(run, threshold):
    assert arrays.stability(*run, threshold) == plain.stability(*run, threshold)


def test_a_lead_that_rests_on_one_criterion_is_lost_where_that_weighs_less():
    criteria, ranked = criteria_of(60, 40), people_of((60, 20), (40, 38))
    found = arrays.stability(criteria, ranked, 80)
    # 4, 5 or 6 fifths of each: the second is first wherever the second criterion weighs 10/9 of the first, or more
    assert (found.weightings, found.kept) == (9, 6)
    assert [(one.id.int, one.firsts) for one in found.rivals] == [(2, 3)]
    assert found.is_tied
    assert [one.id.int for one in found.rivals] == [2]


def test_a_clear_lead_is_kept_under_every_weighting():
    criteria, ranked = criteria_of(50, 50), people_of((50, 50), (20, 20))
    found = arrays.stability(criteria, ranked, 100)
    assert (found.kept, found.rivals, found.is_tied) == (9, (), False)


def test_nobody_ranked_is_nothing_to_be_stable():
    assert arrays.stability(criteria_of(100), (), 80) is None


def test_beyond_seven_criteria_the_seven_heaviest_vary():
    criteria = criteria_of(5, *[10] * 7, 3)
    weightings = plain.grid(criteria)
    assert len(weightings) == 3**7
    assert {(one[0], one[8]) for one in weightings} == {(5, 5)}
    assert len(set(weightings)) == len(weightings)
