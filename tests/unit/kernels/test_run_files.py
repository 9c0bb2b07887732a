"""The files of a round: the bytes that the published format describes, and what the plain rules found."""

import numpy as np
import pytest

from app.domain.mobility_answers import results_of
from app.domain.mobility_matching import solve
from app.domain.mobility_moves import units_of
from app.kernels import mobility, mobility_answers, mobility_moves
from app.kernels.run_files import Lists, Numbers, Table, Words, result_tables, snapshot_tables
from tests.unit.mobility import columns_of, markets


def written(market, lots, at_once=10):
    round_, labels = columns_of(market, lots)
    solved = mobility.solve(round_)
    results, moves = mobility_answers.results_of(round_, solved), mobility_moves.moves_of(round_, solved)
    tables = snapshot_tables(round_, labels) | result_tables(round_, labels, solved, results, moves)
    return {name: b"".join(table.blocks(at_once)).decode() for name, table in tables.items()}


def expected(market, lots):
    """The same by the plain rules, row by row."""
    solved = solve(market, lots)
    results = results_of(solved)

    def cutoff(last, *, with_urgency=True):
        if last is None:
            return ("", "", "") if not with_urgency else ("", "", "", "")
        standing = solved.standing[last]
        return tuple(value for name, value in standing._asdict().items() if with_urgency or name != "urgency")

    people = market.participants
    moves = [
        (unit, step, move.participant, move.home, move.post)
        for unit, one in enumerate(units_of(solved), start=1)
        for step, move in enumerate(one.moves, start=1)
    ]
    rows = {
        "cells.csv": [("cell", "parent", "level", "ceiling")]
        + [(cell.id, cell.parent, cell.level, cell.ceiling) for cell in market.cells],
        "posts.csv": [("post", "cell", "seats", "urgency")]
        + [(post.id, post.cell, post.seats, post.urgency) for post in market.posts],
        "participants.csv": [("participant", "home")] + [(who.id, who.home) for who in people],
        "wishes.csv": [("participant", "rank", "post", "points", "bar")]
        + [(who.id, wish.rank, wish.post, wish.points, wish.bar) for who in people for wish in who.wishes],
        "outcomes.csv": [("participant", "post", "rank")]
        + [(who.id, solved.matching[who.id].post, solved.matching[who.id].rank) for who in people],
        "answers.csv": [("participant", "rank", "code", "cell", "depth", "urgency", "points", "lot")]
        + [(one.participant, one.rank, one.code, one.cell, *cutoff(one.cutoff)) for one in results.answers],
        "post-results.csv": [("post", "seats", "filled", "empty", "incumbents", "depth", "points", "lot")]
        + [
            (one.post, one.seats, one.filled, one.empty, one.incumbents, *cutoff(one.last, with_urgency=False))
            for one in results.posts.values()
        ],
        "cell-results.csv": [("cell", "ceiling", "before", "after", "depth", "urgency", "points", "lot")]
        + [(one.cell, one.ceiling, one.before, one.after, *cutoff(one.last)) for one in results.cells.values()],
        "moves.csv": [("unit", "step", "participant", "from", "to"), *moves],
    }
    return {
        name: "".join(",".join("" if value is None else str(value) for value in row) + "\n" for row in table)
        for name, table in rows.items()
    }


def test_every_byte_is_what_the_plain_rules_would_write():
    for market, lots in markets(60, seed="files", people=7, posts=6, cells=4):
        assert written(market, lots) == expected(market, lots)


@pytest.mark.parametrize("at_once", [1, 2, 7, 1_000])
def test_it_makes_no_difference_how_many_rows_are_made_at_once(at_once):
    [(market, lots)] = markets(1, seed="blocks", people=40, posts=12, cells=4)
    assert written(market, lots, at_once) == written(market, lots)


def test_numbers_and_words_are_written_in_full_and_absent_ones_not_at_all():
    numbers = np.array([0, -1, 10, -(10**18) + 1, 10**18 - 1, 7])
    table = Table(
        {
            "number": Numbers(numbers, np.array([True, True, True, True, True, False])),
            "lot": Numbers(np.array([0, 9, 10, 2**63, 2**64 - 1, 99], np.uint64)),
            "word": Words(np.array(["a", "longer-than-a"], "S36"), np.array([0, 1, -1, 0, 1, -1])),
        }
    )
    assert b"".join(table.blocks()).decode().splitlines() == [
        "number,lot,word",
        "0,0,a",
        "-1,9,longer-than-a",
        "10,10,",
        "-999999999999999999,9223372036854775808,a",
        "999999999999999999,18446744073709551615,longer-than-a",
        ",99,",
    ]


def test_a_file_without_rows_is_its_header():
    assert list(
        Table({"a": Numbers(np.array([], np.int64)), "b": Words(np.array([], "S1"), np.array([], int))}).blocks()
    ) == [b"a,b\n"]


@pytest.mark.parametrize("at_once", [1, 2, 10])
def test_a_column_of_lists_is_written_as_arrays_are_read(at_once):
    lists = Lists(np.array([7, 0, 120, 3]), np.array([0, 2, 2, 3, 4]))
    table = Table({"codes": lists, "number": Numbers(np.arange(4))})
    assert b"".join(table.blocks(at_once)) == b'codes,number\n"{7,0}",0\n"{}",1\n"{120}",2\n"{3}",3\n'
