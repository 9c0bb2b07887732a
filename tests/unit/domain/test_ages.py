"""Ages: eligibility, points and retirement count the same day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ages import age_on, age_reached_on, last_birthday
from app.domain.posts import retirement_on

near_leap_days = st.builds(
    lambda year, days: date(year, 2, 27) + timedelta(days), st.integers(1940, 2005), st.integers(0, 3)
)
births = near_leap_days | st.dates(date(1940, 1, 1), date(2005, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(1968, 2, 29), date(2025, 2, 27), 56),
        (date(1968, 2, 29), date(2025, 2, 28), 57),
        (date(1968, 2, 29), date(2028, 2, 28), 59),
        (date(1968, 2, 29), date(2028, 2, 29), 60),
        (date(1969, 2, 28), date(2028, 2, 28), 59),
    ],
)
def test_who_was_born_on_29_february_is_a_year_older_on_the_28th_of_other_years(
    born_on: date, day: date, age: int
) -> None:
    assert age_on(born_on, day) == age


@given(births, st.integers(40, 80))
def test_an_age_is_reached_on_one_day_however_it_is_asked(born_on: date, age: int) -> None:
    reached = age_reached_on(born_on, age)
    before = reached - timedelta(1)
    assert [age_on(born_on, day) for day in (before, reached)] == [age - 1, age]
    assert [born_on <= last_birthday(day, age) for day in (before, reached)] == [False, True]
    assert age_on(born_on, retirement_on(born_on, age) - timedelta(1)) == age
