"""Shortlists as rules: everybody who could be better is proposed, or passed over with a reason, alone or together."""

from __future__ import annotations

from contextlib import nullcontext
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import shortlists
from app.domain.errors import Forbidden, Invalid
from app.domain.replays import Standing
from app.domain.shortlists import (
    Considered,
    Group,
    Passing,
    PassingReason,
    PassingTogether,
    Proposal,
    could_be_better,
)

TEAM = PassingReason.TEAM
TOGETHER = tuple(PassingTogether(group, TEAM, None) for group in Group)


def people_of(lot: Random, count: int) -> dict[UUID, Considered]:
    """So many people, the first of whom have positions in the order of their points."""
    ranked = sorted((lot.randrange(100) for _ in range(lot.randrange(1, count))), reverse=True)
    found = [_somebody(n, Standing.ELIGIBLE, n + 1, points, points) for n, points in enumerate(ranked)]
    for n in range(len(ranked), count):
        lowest = lot.randrange(100)
        standing = lot.choice((Standing.ELIGIBLE, Standing.NEEDS_VERIFICATION))
        found.append(_somebody(n, standing, None, lowest, lowest + lot.randrange(30)))
    return {one.candidate_id: one for one in found}


def _somebody(number: int, standing: Standing, position: int | None, lowest: int, highest: int) -> Considered:
    return Considered(
        candidate_id=UUID(int=number),
        standing=standing,
        position=position,
        lowest=lowest,
        highest=highest,
        verdicts=(),
    )


@given(st.randoms(use_true_random=False), st.integers(2, 12))
@settings(max_examples=100, deadline=None)
def test_nobody_who_could_be_better_is_passed_over_in_silence(lot: Random, count: int) -> None:
    people = people_of(lot, count)
    eligible = [one for one in people.values() if one.standing is Standing.ELIGIBLE]
    proposed = sorted(lot.sample(eligible, min(3, len(eligible))), key=lambda one: (-one.highest, one.position or 0))
    places = tuple(one.candidate_id for one in proposed)
    better = [
        one
        for one in people.values()
        if one.candidate_id not in places and any(could_be_better(one, people[other]) for other in places)
    ]
    own = lot.sample(better, lot.randint(0, len(better)))
    told = tuple(Passing(one.candidate_id, TEAM, None) for one in own)
    groups = {one.group for one in better if one not in own} - {None}
    together = tuple(one for one in TOGETHER if one.group in groups)
    silent = [one for one in better if one not in own and one.group is None]
    if silent:
        with pytest.raises(Invalid) as refusal:
            shortlists.must_be_sound(Proposal(places, told, together), people, (), 3)
        assert {fault.code for fault in refusal.value.faults} == {"shortlist.reason_owed"}
        told += tuple(Passing(one.candidate_id, TEAM, None) for one in silent)
    counts = shortlists.must_be_sound(Proposal(places, told, together), people, (), 3)
    assert sum(counts.values()) + len(told) == len(better)
    if together:
        with pytest.raises(Invalid) as refusal:
            shortlists.must_be_sound(Proposal(places, told), people, (), 3)
        assert len(refusal.value.faults) == len(together)


@given(st.randoms(use_true_random=False), st.integers(2, 12))
@settings(max_examples=100, deadline=None)
def test_nobody_is_proposed_before_somebody_who_is_surely_better(lot: Random, count: int) -> None:
    people = people_of(lot, count)
    eligible = [one for one in people.values() if one.standing is Standing.ELIGIBLE]
    proposed = lot.sample(eligible, min(3, len(eligible)))
    owed = [
        one for one in people.values() if one not in proposed and any(could_be_better(one, other) for other in proposed)
    ]
    told = tuple(Passing(one.candidate_id, TEAM, None) for one in owed)
    turned = {
        f"/candidates/{place}"
        for place, one in enumerate(proposed)
        for other in proposed[place + 1 :]
        if other.lowest > one.highest or (one.position and other.position and other.position < one.position)
    }
    proposal = Proposal(tuple(one.candidate_id for one in proposed), told)
    with pytest.raises(Invalid) if turned else nullcontext() as refusal:
        shortlists.must_be_sound(proposal, people, (), 3)
    assert ({one.where for one in refusal.value.faults} if refusal else set()) == turned


def test_a_hundred_thousand_to_verify_need_one_reason() -> None:
    people = {one.candidate_id: one for one in (_somebody(0, Standing.ELIGIBLE, 1, 50, 50),)}
    for n in range(1, 100_001):
        people[UUID(int=n)] = _somebody(n, Standing.NEEDS_VERIFICATION, None, 0, 100)
    reason = PassingTogether(Group.TO_VERIFY, PassingReason.UNKNOWN_POINTS, None)
    proposal = Proposal((UUID(int=0),), (), (reason,))
    assert shortlists.must_be_sound(proposal, people, (), 3) == {Group.TO_VERIFY: 100_000}


@pytest.mark.parametrize(
    ("together", "faults"),
    [
        ((TOGETHER[1],), {"shortlist.nobody_in_group", "shortlist.group_reason_owed"}),
        ((TOGETHER[0], TOGETHER[0]), {"shortlist.group_repeated"}),
        ((PassingTogether(Group.TO_VERIFY, PassingReason.OTHER, None),), {"shortlist.words_needed"}),
    ],
)
def test_a_common_reason_is_for_a_group_that_is_owed_one(
    together: tuple[PassingTogether, ...], faults: set[str]
) -> None:
    first, waiting = _somebody(0, Standing.ELIGIBLE, 1, 50, 50), _somebody(1, Standing.NEEDS_VERIFICATION, None, 0, 60)
    people = {one.candidate_id: one for one in (first, waiting)}
    with pytest.raises(Invalid) as refusal:
        shortlists.must_be_sound(Proposal((first.candidate_id,), (), together), people, (), 3)
    assert {fault.code for fault in refusal.value.faults} == faults


def test_nobody_takes_a_step_about_themselves() -> None:
    shortlists.must_not_be_oneself(None, ["198008212005011001"])
    with pytest.raises(Forbidden):
        shortlists.must_not_be_oneself("198008212005011001", ["198008212005011001"])
