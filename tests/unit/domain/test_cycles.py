"""A cycle passes its phases in order, once; what is settled stays; people have until the deadline they were told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import cycles
from app.domain.cycles import ALLOWED_IN, EDITABLE_IN, FOLLOWING, STATE_IN, Act, Phase, PlacementState, Plan, Share
from app.domain.errors import Conflict, Invalid

DAY = date(2026, 3, 10)
phases = st.sampled_from(Phase)


def code_of(refusal):
    return refusal.value.faults[0].code if refusal.value.faults else refusal.value.code


@given(phases, phases)
def test_a_cycle_moves_on_by_one_phase_and_never_back(phase, target):
    follows = list(Phase).index(target) == list(Phase).index(phase) + 1
    assert (FOLLOWING.get(phase) is target) is follows
    if follows:
        cycles.must_follow(phase, target)
    else:
        with pytest.raises(Conflict):
            cycles.must_follow(phase, target)


def test_a_refusal_says_where_the_cycle_is_and_where_it_would_have_to_be():
    with pytest.raises(Conflict) as refusal:
        cycles.must_allow(Act.CALIBRATE, Phase.OBJECTION)
    assert refusal.value.detail["id"] == (
        "Siklus berada pada tahap masa sanggah; tindakan ini hanya mungkin pada tahap kalibrasi."
    )


@pytest.mark.parametrize("act", Act)
def test_nothing_is_done_to_a_published_cycle(act):
    assert not {Phase.PUBLICATION, Phase.CLOSED} & set(ALLOWED_IN[act])


@pytest.mark.parametrize("part", EDITABLE_IN)
def test_what_is_settled_in_one_phase_is_settled_in_all_later_ones(part):
    editable = [phase in EDITABLE_IN[part] for phase in Phase]
    assert editable == sorted(editable, reverse=True)
    with pytest.raises(Conflict):
        cycles.must_be_editable(Phase.PUBLICATION, [part])


def test_the_rules_are_settled_before_anybody_is_moved():
    cycles.must_be_editable(Phase.CALCULATION, ["as_of", "rubric"])
    cycles.must_be_editable(Phase.CALIBRATION, ["name", "guideline", "objection_until"])
    for part in ("as_of", "rubric"):
        with pytest.raises(Conflict) as refusal:
            cycles.must_be_editable(Phase.CALIBRATION, [part])
        assert refusal.value.code == "cycle.locked"


def test_a_talent_sees_a_box_from_the_day_it_can_be_objected_to():
    seen = [phase for phase in Phase if STATE_IN[phase] is not PlacementState.DRAFT]
    assert seen == [Phase.OBJECTION, Phase.CONFIRMATION, Phase.PUBLICATION, Phase.CLOSED]
    assert STATE_IN[Phase.OBJECTION] is PlacementState.PROVISIONAL


days = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9))


@given(st.tuples(days, days, days))
def test_planned_days_are_in_order_or_refused(planned):
    known = [day for day in planned if day is not None]
    if known == sorted(known):
        cycles.must_be_in_order(Plan(*planned))
    else:
        with pytest.raises(Invalid) as refusal:
            cycles.must_be_in_order(Plan(*planned))
        assert code_of(refusal) == "plan.order"


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([Share((7, 8, 9), 20), Share((9,), 5)], "guideline.repeated"),
        ([Share((7, 7), 20)], "guideline.repeated"),
        ([Share((0,), 20)], "guideline.box"),
        ([Share((10,), 20)], "guideline.box"),
        ([Share((1,), 51), Share((2,), 50)], "guideline.total"),
    ],
)
def test_shares_that_contradict_each_other_are_refused(shares, code):
    with pytest.raises(Invalid) as refusal:
        cycles.must_be_disjoint(shares)
    assert code_of(refusal) == code


def test_shares_may_leave_boxes_open_or_name_them_all():
    cycles.must_be_disjoint([])
    cycles.must_be_disjoint([Share((7, 8, 9), 20), Share((5,), 80)])


@pytest.mark.parametrize("until", [None, date(2026, 3, 9)])
def test_objections_need_a_deadline_that_is_still_to_come(until):
    with pytest.raises(Conflict) as refusal:
        cycles.must_have_a_window(DAY, until)
    assert refusal.value.code == "objection.no_window"
    cycles.must_have_a_window(DAY, DAY)


def test_a_deadline_people_were_told_is_only_moved_back():
    cycles.must_not_shorten(Phase.OBJECTION, DAY, date(2026, 3, 11))
    cycles.must_not_shorten(Phase.CALIBRATION, DAY, date(2026, 3, 1))
    for shorter in (date(2026, 3, 9), None):
        with pytest.raises(Conflict):
            cycles.must_not_shorten(Phase.OBJECTION, DAY, shorter)


@pytest.mark.parametrize(
    ("unanswered", "today", "early", "code"),
    [
        (1, date(2026, 3, 11), False, "objection.unanswered"),
        (1, date(2026, 3, 10), True, "objection.unanswered"),
        (0, date(2026, 3, 10), False, "objection.window_open"),
        (0, date(2026, 3, 10), True, None),
        (0, date(2026, 3, 11), False, None),
    ],
)
def test_everybody_is_heard_before_confirmation(unanswered, today, early, code):
    if code is None:
        assert cycles.must_be_heard(unanswered, today, DAY, may_be_early=early) is (today <= DAY)
        return
    with pytest.raises(Conflict) as refusal:
        cycles.must_be_heard(unanswered, today, DAY, may_be_early=early)
    assert refusal.value.code == code
