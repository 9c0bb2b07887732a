"""Replays: the bytes cover everything that was found, and the order is total."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.replays import Considered, Standing

ONE = Considered(UUID(int=1), Standing.ELIGIBLE, (True, None), (5, None), None, 5, 9, "ab")
PEOPLE = st.builds(
    Considered,
    st.uuids(),
    st.sampled_from(Standing),
    st.just((True,)),
    st.just((1,)),
    st.none() | st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.just("lot"),
)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"candidate_id": UUID(int=2)},
        {"outcome": Standing.INELIGIBLE},
        {"verdicts": (True, False)},
        {"parts": (5, 0)},
        {"total": 5},
        {"lowest": 4},
        {"highest": 10},
        {"tie_break": None},
    ],
    ids=lambda one: next(iter(one)),
)
def test_whatever_is_found_otherwise_has_other_bytes(otherwise: dict[str, object]) -> None:
    assert replace(ONE, **otherwise).digest("{}") != ONE.digest("{}")
    assert ONE.digest("{}") != ONE.digest("{ }")


@given(st.lists(PEOPLE, unique_by=lambda one: one.candidate_id))
def test_who_has_a_position_stands_before_who_has_none_and_no_two_at_the_same_place(people: list[Considered]) -> None:
    in_order = sorted(people, key=lambda one: one.order)
    assert len({one.order for one in people}) == len(people)
    ranked = [one.outcome is Standing.ELIGIBLE and one.total is not None for one in in_order]
    assert ranked == sorted(ranked, reverse=True)
    totals = [one.total for one, has_position in zip(in_order, ranked, strict=True) if has_position]
    assert totals == sorted(totals, reverse=True)
