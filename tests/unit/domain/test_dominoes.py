"""A chain of appointments: seats are conserved, everybody moves once, and what stays empty has a cover or is told."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.careers import PositionLevel
from app.domain.dominoes import Because, Board, Choice, Cover, Post, distance_between, preview
from app.domain.errors import Invalid
from app.domain.succession import SHIPPED

HEAD, CHIEF, SECTION, CLERK = (
    PositionLevel.JPT_PRATAMA,
    PositionLevel.ADMINISTRATOR,
    PositionLevel.PENGAWAS,
    PositionLevel.PELAKSANA,
)


def post(number: int, level: PositionLevel, *path: str, seats: int = 1) -> Post:
    return Post(UUID(int=number), level, ("root", *path), seats)


def talent(number: int) -> UUID:
    return UUID(int=1000 + number)


def a_board(posts, held, successors=None) -> Board:
    return Board(
        posts={one.id: one for one in posts},
        post_of={talent(who): UUID(int=where) for who, where in held.items()},
        successors={UUID(int=where): [talent(who) for who in people] for where, people in (successors or {}).items()},
        cover=SHIPPED.cover,
    )


LADDER = [post(1, HEAD, "a"), post(2, CHIEF, "a", "b"), post(3, SECTION, "a", "b", "c"), post(4, CLERK, "a", "b", "c")]


def choose(board: Board, *choices: tuple[int, int]):
    return preview(board, [Choice(UUID(int=where), talent(who)) for who, where in choices])


def moves_of(seen) -> list[tuple[int, int | None, int]]:
    return [
        (one.talent_id.int - 1000, None if one.from_post is None else one.from_post.int, one.to_post.int)
        for one in seen.moves
    ]


def test_one_choice_pulls_the_ladder_up_to_the_executors_seat():
    board = a_board(LADDER, {2: 2, 3: 3, 4: 4}, {2: [3], 3: [4]})
    seen = choose(board, (2, 1))
    assert moves_of(seen) == [(2, 2, 1), (3, 3, 2), (4, 4, 3)]
    assert [one.because for one in seen.moves] == [Because.CHOSEN, Because.PLANNED, Because.PLANNED]
    [end] = seen.ends
    assert (end.post_id, end.cover, end.talent_id) == (UUID(int=4), Cover.NOT_NEEDED, None)


def test_a_seat_without_a_plan_is_covered_by_the_nearest_of_the_same_or_the_next_level():
    far, near = post(5, CHIEF, "z"), post(6, SECTION, "a", "b", "d")
    board = a_board([*LADDER, far, near], {2: 2, 5: 5, 6: 6})
    [end] = choose(board, (2, 1)).ends
    assert (end.has_plan, end.cover, end.talent_id, end.distance) == (False, Cover.ACTING, talent(6), 1)


def test_among_equally_near_ones_the_preferred_level_acts():
    same, lower = post(5, CHIEF, "a", "x"), post(6, SECTION, "a", "y")
    board = a_board([*LADDER, same, lower], {2: 2, 5: 5, 6: 6})
    [end] = choose(board, (2, 1)).ends
    assert (end.talent_id, end.distance) == (talent(5), 2)


def test_a_seat_that_nobody_can_cover_is_told():
    """Not even by the new head: officials of the same or the next lower level act."""
    [end] = choose(a_board(LADDER[:2], {2: 2}), (2, 1)).ends
    assert (end.cover, end.talent_id, end.distance) == (Cover.NOBODY, None, None)


def test_a_swap_is_a_loop_and_opens_nothing():
    board = a_board(LADDER, {1: 2, 2: 3}, {3: [1]})
    seen = choose(board, (2, 2))
    assert moves_of(seen) == [(2, 3, 2), (1, 2, 3)]
    assert [one.is_loop for one in seen.moves] == [False, True]
    assert seen.ends == ()


def test_nobody_is_used_twice_and_who_is_passed_over_is_told():
    twins = [post(1, HEAD), post(2, HEAD), post(3, CHIEF), post(4, CHIEF)]
    board = a_board(twins, {3: 3, 4: 4, 5: 1}, {3: [5], 4: [5]})
    seen = choose(board, (3, 2), (4, 2))
    assert len({one.talent_id for one in seen.moves}) == len(seen.moves)
    assert seen.passed_over == ((UUID(int=4), talent(5)),)


def test_who_would_act_in_two_posts_is_told():
    posts = [post(1, HEAD), post(2, HEAD), post(3, CHIEF, "a"), post(4, CHIEF, "a"), post(5, SECTION, "a")]
    seen = choose(a_board(posts, {3: 3, 4: 4, 5: 5}), (3, 1), (4, 2))
    assert [one.talent_id for one in seen.ends] == [talent(5), talent(5)]
    assert seen.covering_twice == (talent(5),)


def test_a_choice_may_fill_the_seat_that_another_opens():
    seen = choose(a_board(LADDER, {2: 2, 3: 3}, {2: [3]}), (2, 1), (3, 2))
    assert moves_of(seen) == [(2, 2, 1), (3, 3, 2)]
    assert [one.post_id.int for one in seen.ends] == [3]


@pytest.mark.parametrize(
    ("choices", "code"), [(((2, 1), (2, 3)), "domino.chosen_twice"), (((2, 2),), "domino.holds_post")]
)
def test_nobody_is_chosen_twice_or_for_their_own_post(choices, code):
    with pytest.raises(Invalid) as refusal:
        choose(a_board(LADDER, {2: 2}), *choices)
    assert [fault.code for fault in refusal.value.faults] == [code]


@st.composite
def boards(draw):
    levels, paths = st.sampled_from([HEAD, CHIEF, SECTION, CLERK]), st.lists(st.sampled_from("ab"), max_size=2)
    numbered = range(1, draw(st.integers(2, 6)))
    posts = [post(number, draw(levels), *draw(paths), seats=draw(st.integers(0, 2))) for number in numbered]
    numbers = st.sampled_from([one.id.int for one in posts])
    held = draw(st.dictionaries(st.integers(1, 8), numbers, min_size=1))
    plans = draw(st.dictionaries(numbers, st.lists(st.integers(1, 8), unique=True, max_size=3)))
    who = draw(st.sampled_from(sorted(held)))
    where = draw(numbers.filter(lambda number: number != held[who] or len(posts) == 1))
    return a_board(posts, held, plans), who, where


@given(boards())
def test_seats_are_conserved_and_only_empty_ones_are_left_over(drawn):
    board, who, where = drawn
    if board.post_of[talent(who)] == UUID(int=where):
        return
    seen = choose(board, (who, where))
    after = dict(board.post_of)
    for one in seen.moves:
        assert after.get(one.talent_id) == one.from_post
        after[one.talent_id] = one.to_post
    assert len({one.talent_id for one in seen.moves}) == len(seen.moves)
    holders = Counter(after.values())
    opened = {one.from_post for one in seen.moves}
    assert {end.post_id for end in seen.ends} <= {one for one in opened if one is not None}
    assert all(holders[end.post_id] < board.posts[end.post_id].seats for end in seen.ends)
    for end in seen.ends:
        moved = {one.talent_id for one in seen.moves}
        assert all(one in moved or after.get(one) == end.post_id for one in board.successors.get(end.post_id, ()))


def test_units_of_different_trees_have_no_distance():
    assert distance_between(("a",), ("b",)) is None
    assert distance_between(("a", "b", "c"), ("a", "d")) == 3
