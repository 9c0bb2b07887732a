"""Quotas: never more is granted than was promised, and what the answer says of the quota is true."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from app.api.limits import FEWEST_SWEPT, Meter, Quota, address_of, headers_of


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


quotas = st.builds(Quota, st.just("q"), st.integers(1, 1_000), st.sampled_from([1, 60, 3_600]))
attempts = st.lists(st.tuples(st.floats(0, 90), st.integers(1, 30)), max_size=60)


@given(quotas, attempts)
def test_no_client_gets_more_than_a_full_quota_and_what_came_back_meanwhile(
    quota: Quota, tried: list[tuple[float, int]]
) -> None:
    clock = Clock()
    meter, began, granted = Meter(quota, clock), clock.now, 0
    for waited, units in tried:
        clock.now += waited
        granted += units if meter.take("somebody", units).is_granted else 0
        assert granted <= quota.amount + (clock.now - began) * quota.amount / quota.seconds + 0.01


@given(quotas, attempts, st.integers(1, 40))
def test_who_waits_as_long_as_told_is_granted_what_was_refused(
    quota: Quota, tried: list[tuple[float, int]], units: int
) -> None:
    clock = Clock()
    meter = Meter(quota, clock)
    for waited, before in tried:
        clock.now += waited
        meter.take("somebody", before)
    units = min(units, quota.amount)
    if (taken := meter.take("somebody", units)).retry_after:
        clock.now += taken.retry_after
        assert meter.take("somebody", units).is_granted


@given(quotas, attempts)
def test_what_is_said_to_remain_can_be_taken_and_no_more(quota: Quota, tried: list[tuple[float, int]]) -> None:
    clock = Clock()
    meter = Meter(quota, clock)
    for waited, units in tried:
        clock.now += waited
        taken = meter.take("somebody", units)
        assert not meter.take("somebody", taken.remaining + 1).is_granted
    remaining = meter.take("somebody").remaining
    assert remaining == 0 or meter.take("somebody", remaining).is_granted


def test_a_refusal_takes_nothing_and_clients_have_quotas_of_their_own() -> None:
    clock = Clock()
    meter = Meter(Quota("q", 2, 60), clock)
    assert [meter.take("a").is_granted for _ in range(4)] == [True, True, False, False]
    assert meter.take("b").is_granted
    clock.now += 30  # one unit is back
    assert [meter.take("a").is_granted for _ in range(2)] == [True, False]


def test_clients_whose_quota_is_not_full_again_are_remembered_among_many() -> None:
    clock = Clock()
    meter = Meter(Quota("q", 1, 60), clock)
    assert meter.take("early").is_granted
    clock.now += 30
    assert all(meter.take(n).is_granted for n in range(2 * FEWEST_SWEPT))
    assert not meter.take("early").is_granted
    clock.now += 30
    assert meter.take("early").is_granted
    assert not meter.take(7).is_granted


def test_headers_say_the_policy_and_what_is_left() -> None:
    meter = Meter(Quota("default", 600, 60), Clock())
    meter.take("a", 100)
    notes = {"default": (meter.quota, meter.take("a"))}
    assert headers_of(notes) == [
        (b"ratelimit-policy", b'"default";q=600;w=60'),
        (b"ratelimit", b'"default";r=499;t=11'),
    ]
    assert headers_of({}) == []


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_whoever_has_one_address_of_a_network_has_them_all(one: str, other: str, is_same: bool) -> None:
    def asking(host: str) -> Request:
        return Request({"type": "http", "client": (host, 1)})

    assert (address_of(asking(one)) == address_of(asking(other))) is is_same
