"""The life of a vacancy as rules: order of states, freezes, working days, seats."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import seats, vacancies
from app.domain.errors import Conflict, Invalid
from app.domain.seats import Leaving, Seats
from app.domain.vacancies import FOLLOWING, RUNNING, Freeze, State, working_days

TODAY = date(2026, 11, 20)
DAYS = st.dates(date(1945, 8, 17), date(2100, 1, 1))
ELECTION = Freeze(date(2030, 3, 22), date(2031, 2, 20), "Pilkada", "UU 10/2016 pasal 71")


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_vacancy_moves_on_by_one_state_or_is_cancelled(before: State, target: State) -> None:
    allowed = FOLLOWING.get(before) is target or (target is State.CANCELLED and before in RUNNING)
    if allowed:
        vacancies.must_follow(before, target)
        return
    with pytest.raises(Conflict) as refusal:
        vacancies.must_follow(before, target)
    assert refusal.value.code == "vacancy.state"
    assert refusal.value.about["state"] == vacancies.words_of(before)


def test_a_refusal_says_where_a_vacancy_would_have_to_be() -> None:
    with pytest.raises(Conflict) as refusal:
        vacancies.must_follow(State.OPEN, State.DECREED)
    assert "recommended by BKN" in refusal.value.detail["en"]
    assert "direkomendasikan BKN" in refusal.value.detail["id"]


@given(DAYS, st.integers(0, 400))
def test_working_days_are_those_that_somebody_counting_them_finds(since: date, days: int) -> None:
    until = since + timedelta(days=days)
    counted = sum((since + timedelta(days=n)).isoweekday() <= 5 for n in range(1, days + 1))
    assert working_days(since, until) == counted
    assert working_days(until, since) == 0


def test_from_monday_to_the_next_there_are_five_working_days() -> None:
    assert working_days(date(2026, 11, 16), date(2026, 11, 23)) == vacancies.PROMISED_DAYS


@pytest.mark.parametrize(
    ("day", "permit", "is_refused"),
    [
        (date(2030, 3, 21), None, False),
        (date(2030, 3, 22), None, True),
        (date(2031, 2, 20), None, True),
        (date(2031, 2, 21), None, False),
        (date(2030, 8, 1), "100.2.2.6/1234/SJ", False),
    ],
)
def test_a_freeze_holds_from_its_first_day_to_its_last_unless_there_is_a_permit(
    day: date, permit: str | None, is_refused: bool
) -> None:
    if not is_refused:
        vacancies.must_not_be_frozen([day], [ELECTION], permit)
        return
    with pytest.raises(Conflict) as refusal:
        vacancies.must_not_be_frozen([TODAY, day], [ELECTION], permit)
    assert "UU 10/2016 pasal 71" in refusal.value.detail["id"]


def test_days_out_of_order_are_refused_where_the_later_one_was_sent() -> None:
    days = {"recommendedOn": TODAY, "decreedOn": None, "effectiveOn": TODAY - timedelta(days=1)}
    with pytest.raises(Invalid) as refusal:
        vacancies.must_be_in_order(days)
    assert [fault.where for fault in refusal.value.faults] == ["/effectiveOn"]


# ── seats


def test_the_clock_of_a_vacancy_is_that_of_the_seat_it_is_about() -> None:
    soon = Leaving(date(2027, 2, 1), date(2026, 2, 1))
    three = Seats(funded=3, holders=2, empty_since=[date(2025, 12, 4)], leaving=[soon])
    asked = date(2027, 3, 1)
    assert seats.foreseeable_from(three, asked, TODAY, running=0) == date(2025, 12, 4)
    assert seats.foreseeable_from(three, asked, TODAY, running=1) == date(2026, 2, 1)
    with pytest.raises(Conflict) as refusal:
        seats.foreseeable_from(three, asked, TODAY, running=2)
    assert refusal.value.about == {"seats": 3, "held": 1, "running": 2}


@pytest.mark.parametrize(
    "leaving",
    [
        Leaving(date(2027, 4, 1), date(2026, 4, 1)),  # holds the seat until then
        Leaving(date(2027, 2, 1), date(2026, 12, 1)),  # nobody looks so far ahead yet
    ],
)
def test_a_seat_that_nobody_leaves_in_time_is_not_vacant(leaving: Leaving) -> None:
    with pytest.raises(Conflict, match=r"vacancy\.no_seat"):
        seats.foreseeable_from(Seats(1, 1, [], [leaving]), date(2027, 3, 1), TODAY, running=0)


def test_who_leaves_a_post_with_more_holders_than_seats_leaves_no_seat() -> None:
    gone = Leaving(TODAY, TODAY)
    with pytest.raises(Conflict, match=r"vacancy\.no_seat"):
        seats.foreseeable_from(Seats(1, 2, [], [gone]), TODAY, TODAY, running=0)
    assert seats.foreseeable_from(Seats(1, 2, [], [gone, gone]), TODAY, TODAY, running=0) == TODAY


def test_the_clock_starts_when_a_vacancy_is_spoken_of_if_that_is_earlier() -> None:
    empty = Seats(1, 0, [TODAY], [])
    assert seats.foreseeable_from(empty, date(2026, 10, 1), TODAY, running=0) == date(2026, 10, 1)
