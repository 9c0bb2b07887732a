"""Posts: the day of retirement, and the rule that decides the age."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.careers import PositionLevel
from app.domain.posts import RetirementRule, retirement_age, retirement_on

RULES = (
    RetirementRule(level=None, words="guru besar", age=70),
    RetirementRule(level=None, words="guru", age=60),
    RetirementRule(level=PositionLevel.JF_AHLI_MUDA, words=None, age=58),
)


@pytest.mark.parametrize(
    ("born_on", "age", "retires_on"),
    [
        (date(1968, 3, 17), 58, date(2026, 4, 1)),
        (date(1968, 3, 1), 58, date(2026, 4, 1)),  # reached on the first: the month after is the next
        (date(1967, 12, 31), 58, date(2026, 1, 1)),
        (date(1968, 2, 29), 58, date(2026, 3, 1)),
        (date(1968, 2, 29), 60, date(2028, 3, 1)),
    ],
)
def test_retirement_is_the_first_of_the_month_after_the_age_is_reached(
    born_on: date, age: int, retires_on: date
) -> None:
    assert retirement_on(born_on, age) == retires_on


@given(st.dates(date(1940, 1, 1), date(2005, 12, 31)), st.integers(50, 70))
def test_nobody_works_more_than_a_month_beyond_the_age(born_on: date, age: int) -> None:
    reached = date(born_on.year + age, born_on.month, min(born_on.day, 28))
    assert 1 <= (retirement_on(born_on, age) - reached).days <= 31


@pytest.mark.parametrize(
    ("level", "name", "age"),
    [
        (PositionLevel.JF_AHLI_MUDA, "guru ahli muda", 60),
        (PositionLevel.JF_AHLI_MUDA, "guru besar", 70),
        (PositionLevel.JF_AHLI_MUDA, "perencana ahli muda", 58),
        (PositionLevel.JF_AHLI_MUDA, "gurunda", 58),  # words, not letters
        (PositionLevel.PENGAWAS, "kepala seksi guru", None),  # whoever looks after teachers is none; nothing fits
    ],
)
def test_the_first_rule_that_fits_says_the_age(level: PositionLevel, name: str, age: int | None) -> None:
    assert retirement_age(level, name, RULES) == age
