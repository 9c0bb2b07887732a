"""When a receiver is sent something, is tried again, and is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.webhooks import (
    DELAYS,
    FAILING_FOR,
    LONGEST_WAIT,
    Answer,
    DeliveryState,
    Permit,
    follows,
    has_failed_too_long,
    permit_of,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@given(st.integers(100, 599) | st.none(), st.integers(1, 20), st.floats(0, 1), st.integers(0, 10**6))
def test_an_event_is_delivered_dead_or_tried_later(
    status: int | None, attempts: int, chance: float, asked: int
) -> None:
    wanted = timedelta(seconds=asked)
    found = follows(Answer(status, retry_after=wanted), attempts, NOW, chance)
    if status is not None and 200 <= status < 300:
        assert (found.state, found.at) == (DeliveryState.DELIVERED, None)
    elif attempts > len(DELAYS):
        assert (found.state, found.at) == (DeliveryState.DEAD, None)
    else:
        assert found.state is DeliveryState.WAITING
        assert found.at is not None
        delay = DELAYS[attempts - 1]
        assert max(delay, min(wanted, LONGEST_WAIT)) <= found.at - NOW <= max(delay * 1.2, min(wanted, LONGEST_WAIT))


def test_attempts_go_on_for_more_than_three_days_and_outlast_the_patience_with_who_is_away() -> None:
    assert timedelta(days=3) < sum(DELAYS, timedelta()) < timedelta(days=4)
    assert sum(DELAYS, timedelta()) > FAILING_FOR
    assert sorted(DELAYS) == list(DELAYS)
    assert has_failed_too_long(NOW - FAILING_FOR, NOW)
    assert not has_failed_too_long(None, NOW)


@pytest.mark.parametrize(
    ("origin", "rate", "permit"),
    [
        ("talenta.example.go.id", "120", Permit(120)),
        ("*", "*", Permit(None)),
        (" * ", None, Permit(None)),
        (None, "*", None),
        ("other.example", "*", None),
        ("*", "0", None),
        ("*", "many", None),
        ("*", "-1", None),
        ("*", "9" * 30, None),
    ],
)
def test_only_a_receiver_that_says_so_wants_events(origin: str | None, rate: str | None, permit: Permit | None) -> None:
    assert permit_of("talenta.example.go.id", origin, rate) == permit
