"""A chain of appointments: every step takes an empty seat, everybody moves once, and what stays empty is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dominoes import Because, Board, Choice, preview
from app.domain.errors import Invalid

TODAY = date(2026, 3, 1)
HEAD, CHIEF, SECTION, CLERK = 1, 2, 3, 4


def post(number: int) -> UUID:
    return UUID(int=number)


def talent(number: int) -> UUID:
    return UUID(int=1000 + number)


def a_board(seats, held, successors=None, leaving=()) -> Board:
    """Posts by number with their seats, or a list of posts with one; who holds which, and who follows where."""
    funded = seats if isinstance(seats, dict) else dict.fromkeys(seats, 1)
    return Board(
        seats={post(one): number for one, number in funded.items()},
        post_of={talent(who): post(where) for who, where in held.items()},
        leaving=frozenset(talent(who) for who in leaving),
        successors={post(where): [talent(who) for who in people] for where, people in (successors or {}).items()},
    )


LADDER = [HEAD, CHIEF, SECTION, CLERK]


def choose(board: Board, *choices: tuple[int, int]):
    return preview(board, [Choice(post(where), talent(who)) for who, where in choices], TODAY)


def moves_of(seen) -> list[tuple[int, int | None, int]]:
    return [
        (one.talent_id.int - 1000, None if one.from_post is None else one.from_post.int, one.to_post.int)
        for one in seen.moves
    ]


def held_seats(board: Board, *choices: tuple[int, int]) -> list[str]:
    """The places of the choices whose seat is held."""
    with pytest.raises(Invalid) as refusal:
        choose(board, *choices)
    assert {fault.code for fault in refusal.value.faults} == {"domino.seat_held"}
    return [fault.where for fault in refusal.value.faults]


def test_one_choice_pulls_the_ladder_up_to_the_executors_seat():
    board = a_board(LADDER, {2: 2, 3: 3, 4: 4}, {2: [3], 3: [4]})
    seen = choose(board, (2, 1))
    assert moves_of(seen) == [(2, 2, 1), (3, 3, 2), (4, 4, 3)]
    assert [one.because for one in seen.moves] == [Because.CHOSEN, Because.PLANNED, Because.PLANNED]
    assert seen.empty == (post(CLERK),)


def test_a_seat_that_somebody_holds_is_not_given_away():
    assert held_seats(a_board(LADDER, {1: HEAD, 2: CHIEF}), (2, HEAD)) == ["/choices/0/postId"]
    assert held_seats(a_board({HEAD: 0, CHIEF: 1}, {2: CHIEF}), (2, HEAD)) == ["/choices/0/postId"]


def test_a_holder_who_will_have_left_by_the_day_leaves_the_seat_to_others():
    seen = choose(a_board(LADDER, {1: HEAD, 2: CHIEF}, {CHIEF: [3]}, leaving=[1]), (2, HEAD))
    assert moves_of(seen) == [(2, CHIEF, HEAD), (3, None, CHIEF)]


def test_who_will_have_left_by_the_day_follows_nowhere():
    seen = choose(a_board(LADDER, {2: CHIEF, 3: SECTION, 4: CLERK}, {CHIEF: [3, 4]}, leaving=[3]), (2, HEAD))
    assert (moves_of(seen), seen.passed_over) == ([(2, CHIEF, HEAD), (4, CLERK, CHIEF)], ())


def test_who_leaves_a_seat_anyway_opens_no_second_one_by_moving():
    seen = choose(a_board({HEAD: 1, CHIEF: 1}, {2: CHIEF, 3: CHIEF}, {CHIEF: [4]}, leaving=[2]), (2, HEAD))
    assert (moves_of(seen), seen.empty) == ([(2, CHIEF, HEAD)], ())


def test_choices_are_carried_out_in_the_order_that_frees_their_seats():
    seen = choose(a_board(LADDER, {2: CHIEF, 3: SECTION}), (3, CHIEF), (2, HEAD))
    assert moves_of(seen) == [(2, CHIEF, HEAD), (3, SECTION, CHIEF)]
    assert seen.empty == (post(SECTION),)


def test_two_for_one_seat_and_a_swap_without_a_free_seat_are_refused():
    assert held_seats(a_board(LADDER, {2: CHIEF, 3: SECTION}), (2, HEAD), (3, HEAD)) == ["/choices/1/postId"]
    swap = a_board(LADDER, {2: CHIEF, 3: SECTION})
    assert held_seats(swap, (2, SECTION), (3, CHIEF)) == ["/choices/0/postId", "/choices/1/postId"]


def test_a_chain_that_comes_back_to_a_post_it_has_filled_is_a_loop():
    """Of a post with two seats a second holder leaves for the seat that the first opened."""
    seen = choose(a_board({CHIEF: 2, SECTION: 1}, {1: CHIEF, 2: SECTION}, {SECTION: [1]}), (2, CHIEF))
    assert moves_of(seen) == [(2, SECTION, CHIEF), (1, CHIEF, SECTION)]
    assert [one.is_loop for one in seen.moves] == [False, True]
    assert seen.empty == (post(CHIEF),)


def test_nobody_is_used_twice_and_who_is_passed_over_is_told():
    board = a_board([1, 2, 3, 4], {3: 3, 4: 4}, {3: [5], 4: [5]})
    seen = choose(board, (3, 1), (4, 2))
    assert len({one.talent_id for one in seen.moves}) == len(seen.moves)
    assert seen.passed_over == ((post(4), talent(5)),)


@pytest.mark.parametrize(
    ("choices", "code"), [(((2, 1), (2, 3)), "domino.chosen_twice"), (((2, 2),), "domino.holds_post")]
)
def test_nobody_is_chosen_twice_or_for_their_own_post(choices, code):
    with pytest.raises(Invalid) as refusal:
        choose(a_board(LADDER, {2: CHIEF}), *choices)
    assert [fault.code for fault in refusal.value.faults] == [code]


@st.composite
def boards(draw):
    numbers = list(range(1, draw(st.integers(2, 6)) + 1))
    seats = {number: draw(st.integers(0, 2)) for number in numbers}
    one_of_them = st.sampled_from(numbers)
    held = draw(st.dictionaries(st.integers(1, 8), one_of_them, min_size=1))
    plans = draw(st.dictionaries(one_of_them, st.lists(st.integers(1, 8), unique=True, max_size=3)))
    leaving = draw(st.sets(st.sampled_from(sorted(held))))
    choices = draw(
        st.lists(st.tuples(st.integers(1, 8), one_of_them), min_size=1, max_size=3, unique_by=lambda one: one[0])
    )
    return a_board(seats, held, plans, leaving), [one for one in choices if held.get(one[0]) != one[1]]


@given(boards())
def test_each_step_takes_a_seat_that_is_empty_by_then_and_only_empty_ones_are_left_over(drawn):
    board, choices = drawn
    try:
        seen = choose(board, *choices)
    except Invalid as refusal:
        assert {fault.code for fault in refusal.faults} == {"domino.seat_held"}  # noqa: PT017 - or else it succeeds
        return
    after, leaving = dict(board.post_of), set(board.leaving)

    def held_in(where: UUID) -> int:
        return sum(one == where and who not in leaving for who, one in after.items())

    for one in seen.moves:
        assert after.get(one.talent_id) == one.from_post
        assert held_in(one.to_post) < board.seats[one.to_post]
        after[one.talent_id] = one.to_post
        leaving.discard(one.talent_id)
    moved = {one.talent_id for one in seen.moves}
    assert len(moved) == len(seen.moves)
    assert {(one.talent_id.int - 1000, one.to_post.int) for one in seen.moves if one.because is Because.CHOSEN} == set(
        choices
    )
    assert set(seen.empty) <= {one.from_post for one in seen.moves}
    assert all(held_in(one) < board.seats[one] for one in seen.empty)
    for one in seen.empty:
        assert all(who in moved | board.leaving or after.get(who) == one for who in board.successors.get(one, ()))
