"""A member goes one way through the pool, ends by the date alone, and nobody decides on themselves."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import pools
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.pools import FOLLOWS, NOMINABLE, Member, Standing, State

DAY = date(2026, 5, 5)


@given(st.sampled_from([one for one in State if one is not State.EXPIRED]), st.integers(-1000, 1000))
def test_a_term_is_over_on_the_day_after_its_last(stored, days):
    state = Standing(stored, DAY + timedelta(days=days)).on(DAY)
    ends = stored in (State.CONFIRMED, State.SUSPENDED) and days < 0
    assert state is (State.EXPIRED if ends else stored)


@pytest.mark.parametrize("present", State)
@pytest.mark.parametrize("following", FOLLOWS)
def test_every_step_that_does_not_follow_is_refused_and_says_where_the_member_is(present, following):
    if present in FOLLOWS[following]:
        pools.must_follow(present, following)
        return
    with pytest.raises(Conflict) as refusal:
        pools.must_follow(present, following)
    assert refusal.value.about["state"] == present.words


def test_a_refusal_is_a_conflict_only_where_all_are_members_already():
    member, outside = (
        pools.may_be_nominated("/0", "1", 9, (9,), State.VERIFIED),
        pools.may_be_nominated("/1", "2", 5, (9,), None),
    )
    assert (member.code, outside.code) == ("pool.member_already", "pool.not_in_box")
    with pytest.raises(Conflict):
        pools.must_have_no_faults([member])
    with pytest.raises(Invalid):
        pools.must_have_no_faults([member, outside])


@given(st.one_of(st.none(), st.integers(1, 9)), st.one_of(st.none(), st.sampled_from(State)))
def test_only_people_of_the_boxes_who_are_not_on_the_way_can_be_nominated(box, present):
    fault = pools.may_be_nominated("/0", "1", box, (7, 8, 9), present)
    assert (fault is None) is (box in (7, 8, 9) and (present is None or present in NOMINABLE))


def test_everybody_who_cannot_be_confirmed_is_told_why():
    actor = Actor(uuid4(), Role.COMMITTEE_CHAIR, "chair", nip="1")

    def against(nip, present, box):
        fault = pools.against_confirming("/0", Member(nip, present, box), (8, 9), actor)
        return fault and fault.code

    assert against("2", State.VERIFIED, 8) is None
    assert against("1", State.VERIFIED, 8) == "pool.own_membership"
    assert {against("2", state, 8) for state in State if state is not State.VERIFIED} == {"pool.state"}
    assert {against("2", State.VERIFIED, box) for box in (None, 7)} == {"pool.not_in_box"}
    assert pools.against_confirming("/0", None, (8, 9), actor).code == "pool.member_not_found"


def test_nobody_verifies_their_own_nomination_or_decides_on_themselves():
    actor = Actor(uuid4(), Role.HR_OFFICER, "officer", nip="1")
    with pytest.raises(Forbidden):
        pools.must_be_another("officer", actor)
    with pytest.raises(Forbidden):
        pools.must_concern_another("1", actor)
    pools.must_be_another("colleague", actor)
    pools.must_concern_another("2", actor)
