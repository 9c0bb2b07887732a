"""Shares of a lane: whoever has many jobs leaves room for those who have few."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from uuid import UUID

from app.jobs.shares import Shares

ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))


def test_nobody_takes_more_places_than_they_leave_and_who_holds_none_finds_one() -> None:
    shares = Shares(8)
    with ExitStack() as held:
        begun = {who: [held.enter_context(shares.taken_by(who)) for _ in range(20)] for who in (ONE, TWO, THREE)}
        assert [sum(begun[who]) for who in (ONE, TWO, THREE)] == [4, 2, 1]
    assert [any(begun) for begun in begun.values()] == [True] * 3
    with shares.taken_by(TWO) as may_begin:  # what was held is given back
        assert may_begin


def test_a_share_is_given_back_by_what_fails() -> None:
    shares = Shares(4)
    for _ in range(9):
        with suppress(ZeroDivisionError), shares.taken_by(ONE) as may_begin:
            assert may_begin
            1 / 0  # noqa: B018 - it fails
