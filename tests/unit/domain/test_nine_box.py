import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import nine_box
from app.domain.nine_box import Category

LOW, MIDDLE, HIGH = Category
CUT_POINTS = (60_000_000, 80_000_000)
UNKNOWN = None

values = st.integers(0, 100_000_000)
cut_points = st.tuples(values, values).map(sorted).map(tuple)
categories = st.sampled_from(Category)


def box(performance, potential):
    """The box of two axis values in points; None is an unknown one."""
    return nine_box.box_of(*(
        None if points is UNKNOWN else nine_box.category_of(round(points * 1_000_000), CUT_POINTS)
        for points in (performance, potential)
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("performance", "potential", "number"),
    [
        (HIGH, LOW, 4), (HIGH, MIDDLE, 7), (HIGH, HIGH, 9),
        (MIDDLE, LOW, 2), (MIDDLE, MIDDLE, 5), (MIDDLE, HIGH, 8),
        (LOW, LOW, 1), (LOW, MIDDLE, 3), (LOW, HIGH, 6),
    ],
)  # fmt: skip
def test_boxes_have_their_national_numbers(performance, potential, number):
    assert nine_box.box_of(performance, potential) == number


@pytest.mark.parametrize(
    ("performance", "potential", "number"),
    [
        (80, 80, 9), (79.99, 80, 8), (80, 79.99, 7), (60, 60, 5), (100, 100, 9),
        (59.99, 80, 6), (80, 59.99, 4), (59.99, 60, 3), (60, 59.99, 2), (0, 0, 1),
    ],
)  # fmt: skip
def test_two_axis_values_lead_to_a_box(performance, potential, number):
    assert box(performance, potential) == number


@pytest.mark.parametrize(("performance", "potential"), [(UNKNOWN, 85), (85, UNKNOWN), (UNKNOWN, UNKNOWN), (UNKNOWN, 0)])
def test_an_unknown_axis_puts_nobody_in_a_box(performance, potential):
    assert box(performance, potential) is None


@pytest.mark.parametrize(
    ("value", "category"),
    [
        (0, LOW), (59_999_999, LOW), (60_000_000, MIDDLE), (79_999_999, MIDDLE),
        (80_000_000, HIGH), (100_000_000, HIGH),
    ],
)  # fmt: skip
def test_a_category_begins_exactly_at_its_lower_edge(value, category):
    assert nine_box.category_of(value, CUT_POINTS) is category


@given(values, values, cut_points)
def test_more_never_lowers_the_category(one, other, edges):
    lower, higher = sorted([one, other])
    order = nine_box.CATEGORIES.index
    assert order(nine_box.category_of(lower, edges)) <= order(nine_box.category_of(higher, edges))


@given(categories, categories, categories)
def test_more_potential_never_lowers_the_box(performance, one, other):
    lower, higher = sorted([one, other], key=nine_box.CATEGORIES.index)
    assert nine_box.box_of(performance, lower) <= nine_box.box_of(performance, higher)


@given(categories, categories, categories)
def test_more_performance_never_lowers_the_box(one, other, potential):
    lower, higher = sorted([one, other], key=nine_box.CATEGORIES.index)
    assert nine_box.box_of(lower, potential) <= nine_box.box_of(higher, potential)


def test_every_box_is_the_box_of_one_pair_of_categories():
    assert sorted(nine_box.box_of(one, other) for one in Category for other in Category) == list(nine_box.BOXES)
