"""Whoever stands in another box than in the earlier cycle was moved there by exactly one cause."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.cycles import Phase
from app.domain.errors import Conflict
from app.domain.evidence import Kind
from app.domain.movement import (
    CAUSES,
    Cause,
    Compared,
    Mapped,
    boxes_between,
    cause_of,
    is_rating,
    must_be_comparable,
)
from app.domain.nine_box import BOXES, Axis
from app.domain.rubric import CategoryScore, Given, Leaf, Mean, Pick
from tests.unit.kernels.test_scoring import complete
from tests.unit.strategies import BKN_411, INSTITUTION, people

EARLIER = date(2025, 12, 4)
LENIENT = replace(BKN_411, cut_points=dict.fromkeys(Axis, (30_000_000, 40_000_000)))
SKP, AWARD = (
    Mapped(BKN_411, complete(1), EARLIER).record.of(kind)[0] for kind in (Kind.PERFORMANCE_APPRAISAL, Kind.AWARD)
)


def with_rows(mapped, **rows):
    """The same person with other evidence of some kinds."""
    entries = {**mapped.record.entries, **{Kind[name.upper()]: found for name, found in rows.items()}}
    return replace(mapped, record=replace(mapped.record, entries=entries))


def way(earlier, later):
    return boxes_between(earlier, later, INSTITUTION)


somebody = Mapped(BKN_411, complete(1), EARLIER)
"""Box 5: 78.5 points for performance, 70.25 for potential."""
better_skp = with_rows(somebody, performance_appraisal=(replace(SKP, code="very_good"),))


def test_evidence_that_is_no_rating_moves_by_data():
    world_champion = with_rows(somebody, award=(replace(AWARD, code="international"),))
    assert way(somebody, world_champion) == (5, 7, 7, 7, 7)
    assert cause_of(way(somebody, world_champion)) is Cause.DATA


def test_a_later_day_alone_moves_by_data():
    years_later = replace(somebody, as_of=date(2029, 5, 7))  # award and team lie before their windows
    later = with_rows(years_later, performance_appraisal=(replace(SKP, year=2028),))
    assert way(somebody, later) == (5, 3, 3, 3, 3)
    assert cause_of(way(somebody, later)) is Cause.DATA


def test_another_appraisal_moves_by_rating():
    assert way(somebody, better_skp) == (5, 5, 7, 7, 7)
    assert cause_of(way(somebody, better_skp)) is Cause.RATING


def test_another_rubric_moves_by_rubric():
    later = replace(somebody, rubric=LENIENT)
    assert way(somebody, later) == (5, 5, 5, 9, 9)
    assert cause_of(way(somebody, later)) is Cause.RUBRIC


def test_a_committee_moves_by_calibration():
    later = replace(somebody, calibrated_box=8)
    assert way(somebody, later) == (5, 5, 5, 5, 8)
    assert cause_of(way(somebody, later)) is Cause.CALIBRATION


def test_who_was_calibrated_earlier_moves_by_calibration_whatever_else_changed():
    earlier = replace(somebody, calibrated_box=8)
    later = replace(better_skp, rubric=LENIENT)
    assert way(earlier, later) == (8, 8, 8, 8, 9)
    assert cause_of(way(earlier, later)) is Cause.CALIBRATION


def test_the_first_change_of_the_box_gets_the_move():
    later = replace(with_rows(better_skp, award=(replace(AWARD, code="international"),)), rubric=LENIENT)
    assert cause_of(way(somebody, later)) is Cause.DATA


def test_a_box_that_can_no_longer_be_told_is_another_one():
    assert cause_of((5, None, 5, 7, 7)) is Cause.DATA


def test_who_moves_and_returns_has_not_moved():
    assert cause_of((5, 7, 7, 5, 5)) is None


@pytest.mark.parametrize(("first", "last"), [(5, 5), (None, 9), (5, None), (None, None)])
def test_only_between_two_boxes_somebody_moves(first, last):
    assert cause_of((first, 1, 2, 3, last)) is None


def a_leaf(measure):
    return Leaf(Axis.PERFORMANCE, "c", "i", "l", Fraction(1), None, measure)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (CategoryScore(Kind.PERFORMANCE_APPRAISAL, Pick.LATEST_YEAR, {}), True),
        (CategoryScore(Kind.WORK_RESULT, Pick.LATEST_YEAR, {}), True),
        (CategoryScore(Kind.FEEDBACK_360, Pick.LATEST_YEAR, {}), True),
        (CategoryScore(Kind.AWARD, Pick.HIGHEST, {}), False),
        (Given("fits", Fraction(100)), False),
        (Mean((a_leaf(CategoryScore(Kind.AWARD, Pick.HIGHEST, {})),)), False),
        (
            Mean(
                (
                    a_leaf(CategoryScore(Kind.AWARD, Pick.HIGHEST, {})),
                    a_leaf(CategoryScore(Kind.FEEDBACK_360, Pick.LATEST_YEAR, {})),
                )
            ),
            True,
        ),
    ],
)
def test_a_leaf_is_a_rating_if_any_part_of_it_is(measure, expected):
    assert is_rating(a_leaf(measure)) is expected


_calibrated = st.sampled_from([None, None, *BOXES])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    then=people(), now=people(), rubric=st.sampled_from([BKN_411, LENIENT]), boxes=st.tuples(_calibrated, _calibrated)
)
def test_under_one_rubric_nobody_moves_by_rubric(then, now, rubric, boxes):
    earlier, later = (
        Mapped(rubric, record, as_of, box) for (as_of, record), box in zip((then, now), boxes, strict=True)
    )
    found = way(earlier, later)
    assert found[2] == found[3]
    assert cause_of(found) is not Cause.RUBRIC


@given(st.lists(st.tuples(*[st.sampled_from([None, 1, 5, 9])] * (len(CAUSES) + 1))))
def test_the_causes_add_up_to_the_movers(ways):
    movers = [one for one in ways if None not in (one[0], one[-1]) and one[0] != one[-1]]
    by_cause = Counter(cause for one in ways if (cause := cause_of(one)) is not None)
    assert by_cause.total() == len(movers)


@pytest.mark.parametrize(
    ("earlier", "later", "code"),
    [
        ({}, {}, None),
        ({"phase": Phase.CLOSED}, {"phase": Phase.PUBLICATION}, None),
        ({"phase": Phase.CALCULATION}, {}, "cycle.phase"),
        ({}, {"phase": Phase.OPEN}, "cycle.phase"),
        ({"is_imported": True}, {}, "cycle.imported"),
        ({}, {"is_imported": True}, "cycle.imported"),
        ({"as_of": date(2025, 12, 5)}, {}, "movement.order"),
    ],
)
def test_two_cycles_are_comparable_once_both_are_calculated_here_and_in_order(earlier, later, code):
    usual = Compared("Pemetaan", EARLIER, Phase.CALIBRATION, is_imported=False)
    both = replace(usual, **earlier), replace(usual, **later)
    if code is None:
        must_be_comparable(*both)
    else:
        with pytest.raises(Conflict) as refusal:
            must_be_comparable(*both)
        assert refusal.value.code == code
