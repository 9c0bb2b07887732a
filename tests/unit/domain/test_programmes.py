"""Priority programmes: which version holds, and what it favours."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import programmes
from app.domain.errors import Invalid
from app.domain.programmes import Programme

ON = date(2026, 11, 20)


def a_programme(**but: Any) -> Programme:
    told = {"code": "sekolah", "version": 1, "affairs": ("education",), "weight": 50, "province": None}
    return Programme(**{**told, "since": date(2026, 1, 1), "until": date(2026, 12, 31), **but})


def test_the_strongest_programme_of_an_affair_counts_in_millionths() -> None:
    stronger = a_programme(code="gizi", affairs=("health", "education"), weight=80)
    found = programmes.affairs_in_force([a_programme(), stronger], ON, "14")
    assert found == {"education": 800_000, "health": 800_000}


def test_a_programme_of_a_province_holds_there_alone() -> None:
    here = [a_programme(province="14")]
    assert programmes.affairs_in_force(here, ON, "14") == {"education": 500_000}
    assert programmes.affairs_in_force(here, ON, "13") == {}
    assert programmes.affairs_in_force(here, ON, None) == {}


def test_a_version_replaces_those_before_it_from_its_own_first_day() -> None:
    versions = [a_programme(), a_programme(version=2, weight=100, since=date(2026, 12, 1))]
    assert programmes.affairs_in_force(versions, ON, None) == {"education": 500_000}
    assert programmes.affairs_in_force(versions, date(2026, 12, 1), None) == {"education": 1_000_000}


def test_a_version_can_end_a_programme_sooner() -> None:
    ended = a_programme(version=2, until=date(2026, 11, 19))
    assert programmes.affairs_in_force([a_programme(), ended], ON, None) == {}


@given(
    st.permutations([a_programme(version=n, weight=n, affairs=("education", "food")[: n % 2 + 1]) for n in range(1, 6)])
)
def test_the_order_of_programmes_decides_nothing(shuffled: list[Programme]) -> None:
    assert programmes.affairs_in_force(shuffled, ON, None) == {"education": 50_000, "food": 50_000}


def test_every_code_that_is_no_affair_is_named_with_its_place() -> None:
    with pytest.raises(Invalid) as refusal:
        programmes.must_be_affairs(["education", "magic", "education"], "/governmentAffairs")
    found = [(fault.code, fault.where) for fault in refusal.value.faults]
    assert found == [("programme.affair", "/governmentAffairs/1"), ("programme.repeated", "/governmentAffairs/2")]
