"""What data subjects may ask for: the states a request passes, its clock, and what a correction has to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import data_requests
from app.domain.data_requests import IN_EFFECT, Act, Kind, Outcome, State
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.messages import SENTENCES

KINDS, STATES, ACTS = st.sampled_from(Kind), st.sampled_from(State), st.sampled_from(Act)
STEPS = st.lists(st.tuples(ACTS, st.sampled_from(Outcome)), max_size=8)


def passed(kind: Kind, steps: list[tuple[Act, Outcome]]) -> list[State]:
    """The states of a request to which all this is tried in turn."""
    states = [State.OPEN]
    for act, outcome in steps:
        try:
            states.append(data_requests.after(act, kind, states[-1], outcome))
        except Conflict:
            continue
    return states


@given(KINDS, STEPS)
def test_a_request_is_answered_once_and_never_open_again(kind: Kind, steps: list[tuple[Act, Outcome]]) -> None:
    states = passed(kind, steps)
    assert State.OPEN not in states[1:]
    assert len(states) <= 3  # answered, and perhaps taken back or lifted
    assert len(set(states)) == len(states)


@given(KINDS, STEPS, ACTS, st.sampled_from(Outcome))
def test_nothing_comes_of_a_settled_request(
    kind: Kind, steps: list[tuple[Act, Outcome]], act: Act, outcome: Outcome
) -> None:
    states = passed(kind, steps)
    if states[-1] is not State.OPEN and not data_requests.is_in_effect(kind, states[-1]):
        with pytest.raises(Conflict):
            data_requests.after(act, kind, states[-1], outcome)


@given(KINDS, STEPS)
def test_what_took_effect_and_ended_does_not_take_effect_again(kind: Kind, steps: list[tuple[Act, Outcome]]) -> None:
    effects = [data_requests.is_in_effect(kind, state) for state in passed(kind, steps)]
    assert sum(not before and now for before, now in pairwise(effects)) <= 1


def test_an_objection_holds_from_the_beginning_and_a_restriction_once_it_is_granted() -> None:
    assert data_requests.is_in_effect(Kind.AUTOMATED_PROCESSING, State.OPEN)
    assert not data_requests.is_in_effect(Kind.RESTRICTION, State.OPEN)
    for kind in IN_EFFECT:
        assert data_requests.is_in_effect(kind, State.GRANTED)
        assert data_requests.is_in_effect(kind, State.PARTLY)
        for over in (State.REFUSED, State.WITHDRAWN, State.LIFTED):
            assert not data_requests.is_in_effect(kind, over)
    others = set(Kind) - set(IN_EFFECT)
    assert others == {Kind.ACCESS, Kind.CORRECTION}
    assert not any(data_requests.is_in_effect(kind, state) for kind in others for state in State)


@pytest.mark.parametrize(
    ("act", "kind", "state", "code"),
    [
        (Act.ANSWER, Kind.ACCESS, State.REFUSED, "data_request.answered"),
        (Act.WITHDRAW, Kind.ACCESS, State.GRANTED, "data_request.settled"),
        (Act.WITHDRAW, Kind.RESTRICTION, State.GRANTED, "data_request.settled"),
        (Act.LIFT, Kind.RESTRICTION, State.OPEN, "data_request.not_restricted"),
        (Act.LIFT, Kind.AUTOMATED_PROCESSING, State.GRANTED, "data_request.not_restricted"),
    ],
)
def test_a_refusal_says_what_cannot_be_done(act: Act, kind: Kind, state: State, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        data_requests.after(act, kind, state, Outcome.GRANTED)
    assert refusal.value.code == code
    assert SENTENCES[f"data_request.state.{state.value}"][0] in refusal.value.detail["id"]


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-9))])))
def test_a_request_is_due_after_three_times_twenty_four_hours_of_the_clock(raised_at: datetime) -> None:
    if raised_at.replace(tzinfo=None) > datetime.max - timedelta(days=5):  # noqa: DTZ901 - the end of the calendar
        return
    assert (data_requests.due_at(raised_at) - raised_at).total_seconds() == 3 * 24 * 60 * 60


def test_only_a_correction_says_what_should_be_there() -> None:
    data_requests.must_say_what(Kind.CORRECTION, "/educations/0/level", "S-3")
    data_requests.must_say_what(Kind.ACCESS, None, None)
    for kind, about, should_say, wrong in (
        (Kind.CORRECTION, None, None, ["/about", "/shouldSay"]),
        (Kind.CORRECTION, "education", None, ["/shouldSay"]),
        (Kind.RESTRICTION, "education", None, ["/about"]),
    ):
        with pytest.raises(Invalid) as refusal:
            data_requests.must_say_what(kind, about, should_say)
        assert [fault.where for fault in refusal.value.faults] == wrong


@pytest.mark.parametrize("about", ["/profile/name", "/profile", "/educations/0/level", "/profile/a~1b~0", "education"])
def test_a_correction_is_about_a_part_of_the_export_or_an_item(about: str) -> None:
    data_requests.must_point_somewhere(about, ("profile", "educations"), ("education",))


@pytest.mark.parametrize("about", ["/religion", "profile/name", "/profile/~2", "religion", "/", ""])
def test_a_correction_about_nothing_that_is_held_is_refused(about: str) -> None:
    with pytest.raises(Invalid, match=r"request\.invalid"):
        data_requests.must_point_somewhere(about, ("profile",), ("education",))


def test_nobody_answers_their_own_request() -> None:
    data_requests.must_be_answered_by_another(None, "198001012005011001")
    with pytest.raises(Forbidden):
        data_requests.must_be_answered_by_another("198001012005011001", "198001012005011001")
