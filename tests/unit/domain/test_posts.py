"""Posts: the day of retirement, and the rule that decides the age."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ages import age_reached_on
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Invalid
from app.domain.posts import (
    RetirementRule,
    must_be_rulebook,
    must_take_effect_later,
    retirement_on,
    rule_of,
)


def a_rule(age: int, *, level: PositionLevel | None = None, words: str | None = None) -> RetirementRule:
    return RetirementRule(level=level, words=words, age=age, legal_basis="UU 20/2023")


RULES = (a_rule(70, words="guru besar"), a_rule(60, words="guru"), a_rule(58, level=PositionLevel.JF_AHLI_MUDA))


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
    rule = rule_of(level, name, RULES)
    assert (rule and rule.age) == age


@given(st.dates(date(1940, 1, 1), date(2005, 12, 31)), st.integers(50, 70))
def test_the_age_is_reached_in_the_month_before_retirement(born_on: date, age: int) -> None:
    reached, retires = age_reached_on(born_on, age), retirement_on(born_on, age)
    assert (retires - timedelta(1)).replace(day=1) == reached.replace(day=1)
    assert reached.year - born_on.year == age


TEACHER = a_rule(60, words="guru")
EVERY_LEVEL = tuple(a_rule(58, level=level) for level in PositionLevel)


def test_a_whole_rulebook_is_accepted() -> None:
    must_be_rulebook((a_rule(70, words="guru besar"), a_rule(60, words="guru"), *EVERY_LEVEL))


@pytest.mark.parametrize(
    ("rules", "code", "where"),
    [
        (EVERY_LEVEL[1:], "retirement.level_missing", "/rules"),
        ((*EVERY_LEVEL, EVERY_LEVEL[0]), "retirement.never_reached", "/rules/14"),
        (
            (a_rule(60, words="guru"), a_rule(70, words="guru besar"), *EVERY_LEVEL),
            "retirement.never_reached",
            "/rules/1",
        ),
        ((*EVERY_LEVEL, TEACHER), "retirement.names_first", "/rules/14/words"),
        ((a_rule(60), *EVERY_LEVEL), "retirement.one_of", "/rules/0"),
        ((a_rule(60, words="guru", level=PositionLevel.JPT_UTAMA), *EVERY_LEVEL[1:]), "retirement.one_of", "/rules/0"),
    ],
)
def test_a_rulebook_in_which_a_rule_decides_nothing_or_a_level_has_none_is_refused(
    rules: tuple[RetirementRule, ...], code: str, where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        must_be_rulebook(rules)
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [(code, where)]


def test_no_version_reaches_back_before_today_or_the_latest() -> None:
    today, newest = date(2026, 11, 22), date(2026, 12, 1)
    must_take_effect_later(date(2026, 12, 2), newest, today)
    for too_early in (date(2026, 12, 1), date(2026, 11, 21)):
        with pytest.raises(Conflict):
            must_take_effect_later(too_early, newest, today)


def test_a_slip_in_the_year_does_not_keep_out_every_later_version() -> None:
    today, newest = date(2026, 11, 22), date(2026, 1, 1)
    must_take_effect_later(date(2028, 11, 22), newest, today)
    with pytest.raises(Conflict, match=r"retirement\.too_late"):
        must_take_effect_later(date(2062, 1, 1), newest, today)
