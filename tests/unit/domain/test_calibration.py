"""Large moves need a second person, however they are cut; nobody decides on themselves; no evidence, no move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import calibration, objections
from app.domain.calibration import IN_FORCE, Move, Mover, ReasonCode, State, steps_between
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.messages import sentence
from app.domain.nine_box import BOX_OF

boxes = st.integers(1, 9)
NEIGHBOURS = {
    frozenset({BOX_OF[row][column], BOX_OF[row + down][column + right]})
    for row in range(3)
    for column in range(3)
    for down, right in ((0, 1), (1, 0))
    if row + down < 3 and column + right < 3
}


@given(boxes, boxes, boxes)
def test_steps_are_a_distance(one, other, third):
    assert (steps_between(one, other) == 0) is (one == other)
    assert steps_between(one, other) == steps_between(other, one)
    assert steps_between(one, third) <= steps_between(one, other) + steps_between(other, third)
    assert (steps_between(one, other) == 1) is (frozenset({one, other}) in NEIGHBOURS)


@given(boxes, boxes)
def test_a_move_of_more_than_one_box_or_into_the_pool_needs_a_second_person(from_box, to_box):
    alone = frozenset({from_box, to_box}) in NEIGHBOURS and to_box not in {7, 8, 9}
    if from_box != to_box:
        assert Move(from_box, from_box, to_box).needs_second_person is not alone


@given(boxes, boxes, boxes)
def test_small_moves_one_after_the_other_do_not_get_round_the_second_person(computed, between, to_box):
    if steps_between(computed, to_box) > 1:
        assert Move(computed, between, to_box).first_state is State.AWAITING_SECOND_PERSON


def test_a_move_down_by_one_box_takes_effect_at_once():
    assert Move(5, 5, 3).first_state is State.EFFECTIVE
    assert Move(5, 5, 8).first_state is State.AWAITING_SECOND_PERSON  # one step, but into the pool
    assert Move(1, 1, 5).first_state is State.AWAITING_SECOND_PERSON  # a step on either axis


@pytest.mark.parametrize(("computed", "published"), [(None, None), (None, 5)])
def test_somebody_without_evidence_cannot_be_moved_into_a_box(computed, published):
    with pytest.raises(Conflict) as refusal:
        calibration.must_be_a_move(computed, published, 5)
    assert refusal.value.code == "calibration.not_assessed"


def test_a_move_leads_somewhere():
    with pytest.raises(Invalid):
        calibration.must_be_a_move(5, 3, 3)
    assert calibration.must_be_a_move(5, 3, 5) == Move(5, 3, 5)  # back to the rubric's box


def test_nobody_decides_on_their_own_box():
    with pytest.raises(Forbidden):
        calibration.must_concern_another(Mover("a", "198008212005011001"), "198008212005011001")
    calibration.must_concern_another(Mover("a", None), "198008212005011001")


def test_four_eyes_are_those_of_two_people():
    first, second = Mover("a", None), Mover("b", None)
    calibration.must_be_a_second_person("a", second)
    calibration.must_be_the_first_person("a", first)
    with pytest.raises(Forbidden):
        calibration.must_be_a_second_person("a", first)
    with pytest.raises(Forbidden):
        calibration.must_be_the_first_person("a", second)


@pytest.mark.parametrize("state", [state for state in State if state is not State.AWAITING_SECOND_PERSON])
def test_a_move_is_settled_once(state):
    with pytest.raises(Conflict):
        calibration.must_await(state)


def test_only_decided_moves_are_in_force():
    assert set(IN_FORCE) == {State.EFFECTIVE, State.CONFIRMED}


@pytest.mark.parametrize("reason", ReasonCode)
def test_every_reason_is_said_in_both_languages(reason):
    assert all(sentence(reason.sentence_code).values())


def test_who_moved_somebody_does_not_answer_the_objection():
    with pytest.raises(Forbidden):
        objections.must_be_impartial("a", frozenset({"a", "b"}))
    objections.must_be_impartial("c", frozenset({"a", "b"}))
