"""Small cells: nothing that is withheld can be worked out from what is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.suppression import Told, is_small, sum_told, tell

Grid = list[list[int | None]]


def with_totals(cells: list[list[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def grid_of(told: Told) -> Grid:
    return [*([*row, total] for row, total in zip(told.cells, told.rows, strict=True)), [*told.columns, told.total]]


def completions(grid: Grid, most: int) -> Iterator[list[list[int]]]:
    """Every table of numbers up to `most` that fits what is told, totals included; by trying them all."""
    height, width = len(grid) - 1, len(grid[0]) - 1
    rows = []
    for line in grid[:height]:
        choices = (range(most + 1) if count is None else (count,) for count in line[:width])
        rows.append([row for row in product(*choices) if line[width] is None or sum(row) == line[width]])
    for cells in product(*rows):
        full = with_totals([list(row) for row in cells])
        if all(told is None or told == count for told, count in zip(grid[height], full[height], strict=True)):
            yield full


def must_leave_a_choice(grid: Grid, most: int) -> None:
    """For every withheld count at least two numbers fit what is told."""
    open_places = {(row, column) for row, line in enumerate(grid) for column, count in enumerate(line) if count is None}
    first: list[list[int]] | None = None
    for full in completions(grid, most):
        first = first or full
        open_places = {(row, column) for row, column in open_places if full[row][column] == first[row][column]}
        if not open_places:
            return
    assert not open_places, grid


SMALL = st.one_of(st.integers(0, 6), st.sampled_from([0, 1, 2, 4, 5, 7]))
TABLES = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda size: st.lists(st.lists(SMALL, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_what_is_told_is_true_and_never_small(cells: list[list[int]]) -> None:
    for told, true in zip(grid_of(tell(cells)), with_totals(cells), strict=True):
        for count, real in zip(told, true, strict=True):
            assert count is None or (count == real and not is_small(real))


@given(TABLES)
@settings(max_examples=100, deadline=None)
def test_no_withheld_count_can_be_worked_out(cells: list[list[int]]) -> None:
    must_leave_a_choice(grid_of(tell(cells)), max(map(max, cells)) + 1)


@given(TABLES)
@settings(max_examples=50, deadline=None)
def test_neither_can_one_whose_row_totals_are_known(cells: list[list[int]]) -> None:
    """As for one of several things counted about the same people: rows of too few are withheld as a whole."""
    totals = tell([[sum(row)] for row in cells]).rows
    also = {(row, column) for row, total in enumerate(totals) if total is None for column in range(len(cells[0]) + 1)}
    told = tell(cells, also=also, known={(row, len(cells[0])) for row in range(len(cells))})
    assert told.rows == totals
    must_leave_a_choice(grid_of(told), max(map(max, cells)) + 1)


def test_large_counts_and_nothings_are_told() -> None:
    cells = [[5, 0, 120], [0, 0, 9]]
    assert grid_of(tell(cells)) == with_totals(cells)


def test_the_total_would_tell_the_one_that_is_missing() -> None:
    """A single small count takes the smallest of its neighbours with it, and their totals stay."""
    told = tell([[3, 20, 60], [40, 30, 50]])
    assert told.cells == ((None, None, 60), (None, None, 50))
    assert (told.rows, told.columns, told.total) == ((83, 120), (43, 50, 110), 203)


def test_a_nothing_is_withheld_only_where_nobody_else_could_be() -> None:
    assert tell([[2, 0, 30]]).cells == ((None, 0, None),)
    assert tell([[1, 1, 1, 1, 1, 0]]).cells == ((None, None, None, None, None, 0),)


def test_everything_about_a_handful_of_people_is_withheld() -> None:
    told = tell([[3]])
    assert grid_of(told) == [[None, None], [None, None]]


@pytest.mark.parametrize(("counts", "told"), [([5, 0, 7], 12), ([5, None], None), ([], 0)])
def test_a_sum_is_told_if_all_its_parts_are(counts: list[int | None], told: int | None) -> None:
    assert sum_told(counts) == told
