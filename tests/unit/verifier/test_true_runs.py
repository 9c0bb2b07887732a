"""Runs that are as the document says are verified, whoever solved them."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app import verifier
from app.dev.benchmark.mobility import Clock, run_round
from app.kernels.mobility_rounds import Labels, Round
from tests.unit.verifier import by_hand, oracle
from tests.unit.verifier.conftest import Check
from tests.unit.verifier.oracle import Market, Wish

MODES = pytest.mark.parametrize("is_fast", [False, True], ids=["full", "fast"])


@MODES
def test_a_round_worked_out_by_hand_is_verified(tmp_path: Path, check: Check, *, is_fast: bool) -> None:
    for own_cell_first, tables in ((False, by_hand.PLAIN), (True, by_hand.OWN_CELL_FIRST)):
        files = by_hand.files_of(tables)
        folder = oracle.write(tmp_path, files, oracle.run_json(files, own_cell_first=own_cell_first)).parent
        assert check(folder, is_fast=is_fast).told("en")[0].startswith("NOTHING WRONG" if is_fast else "VERIFIED")


@MODES
def test_the_best_of_all_stable_outcomes_is_verified(tmp_path: Path, check: Check, *, is_fast: bool) -> None:
    seen = set()
    for seed in range(60):
        market = oracle.a_market(seed)
        tables = oracle.snapshot_of(market) | oracle.results_of(market, oracle.best(market))
        seen |= {row[2] for row in tables["answers.csv"]}
        verdict = check(oracle.publish(tmp_path, market, tables).parent, is_fast=is_fast)
        assert not verdict.findings, (seed, verdict.told("en"))
    assert len(seen) == 8, "the markets show every code"


def test_seats_are_handed_on_in_the_order_of_participants(tmp_path: Path, check: Check) -> None:
    free = {"m": ("", 3, 1), "n": ("", 2, 1), "o": ("", 3, 1), "x": ("", 1, 1), "y": ("", 1, 1)}
    market = Market(
        posts=free,
        people={
            **dict.fromkeys(("A1", "A2"), ("m", (Wish("n"),))),
            **dict.fromkeys(("B1", "B2", "B3"), ("o", (Wish("m"),))),
            "Z1": ("x", (Wish("y"),)),
            "Z2": ("y", (Wish("x"),)),
        },
    )
    tables = oracle.snapshot_of(market) | oracle.results_of(market, oracle.best(market))
    assert oracle.written("moves.csv", tables["moves.csv"]).decode().splitlines()[1:] == [
        *("1,1,A1,m,n", "1,2,B2,o,m"),
        *("2,1,A2,m,n", "2,2,B3,o,m"),
        "3,1,B1,o,m",
        *("4,1,Z1,x,y", "4,2,Z2,y,x"),
    ]
    assert not check(oracle.publish(tmp_path, market, tables).parent).findings


def test_the_own_seat_is_that_of_the_outcome(tmp_path: Path, check: Check) -> None:
    """Somebody from outside fills the cell at the second wish, and so keeps the first one empty."""
    market = Market(
        posts={"a": ("K", 1, 2), "b": ("K", 1, 1), "h": ("", 2, 1)},
        people={"I": ("h", (Wish("a", 1), Wish("b", 1))), "J": ("h", (Wish("b", 0),))},
        cells={"K": ("", 1)},
    )
    tables = oracle.snapshot_of(market) | oracle.results_of(market, oracle.best(market))
    shown = f"1,1,{oracle.lot('I')}"
    assert oracle.written("answers.csv", tables["answers.csv"]).decode().splitlines()[1:] == [
        f"I,1,CEILING_OWN_CELL,K,,{shown}",
        "I,2,RECEIVED,,,,,",
        f"J,1,BELOW_CUTOFF,,,{shown}",
    ]
    assert not check(oracle.publish(tmp_path, market, tables).parent).findings


def test_the_verifier_agrees_with_the_solver_in_everything(tmp_path: Path, check: Check) -> None:
    for seed in range(40):
        market = oracle.a_market(seed, most_people=4 if seed % 2 else 60)
        run_round(*columns_of(market), tmp_path, Clock())
        for is_fast in (False, True):
            verdict = check(tmp_path, is_fast=is_fast)
            assert not verdict.findings, (seed, verdict.told("en"))


def columns_of(market: Market) -> tuple[Round, Labels]:
    """A market as the solver takes it."""
    cells, posts, people = sorted(market.cells), sorted(market.posts), sorted(market.people)
    wishes = [wish for person in people for wish in market.people[person][1]]
    bars = sorted({wish.bar for wish in wishes} - {""})

    def index(ids: list[str], wanted: list[str]) -> np.ndarray:
        return np.array([ids.index(one) if one else -1 for one in wanted], np.int64)

    def numbers(values: list[int | None]) -> np.ndarray:
        return np.array([-1 if value is None else value for value in values], np.int64)

    round_ = Round(
        parent=index(cells, [market.cells[cell][0] for cell in cells]),
        ceiling=numbers([market.cells[cell][1] for cell in cells]),
        cell=index(cells, [market.posts[post][0] for post in posts]),
        seats=numbers([market.posts[post][1] for post in posts]),
        urgency=numbers([market.posts[post][2] for post in posts]),
        home=index(posts, [market.people[person][0] for person in people]),
        lot=np.zeros(len(people), np.uint64),
        begins=np.cumsum([0, *(len(market.people[person][1]) for person in people)]),
        post=index(posts, [wish.post for wish in wishes]),
        points=np.array([wish.points for wish in wishes], np.int64),
        bar=index(bars, [wish.bar for wish in wishes]),
        own_cell_first=market.own_cell_first,
    )
    names = [np.array(ids, np.bytes_) for ids in (cells, ["province"] * len(cells), posts, people, bars)]
    return round_, Labels(*names)


def test_a_round_in_which_nobody_wishes_anything_is_verified(tmp_path: Path, check: Check) -> None:
    for market in (Market({"a": ("", 1, 1)}, {"I": ("a", ())}), Market({}, {})):
        tables = oracle.snapshot_of(market) | oracle.results_of(market, dict.fromkeys(market.people))
        for is_fast in (False, True):
            assert not check(oracle.publish(tmp_path, market, tables).parent, is_fast=is_fast).findings


def test_points_beyond_what_one_number_holds_keep_their_order(tmp_path: Path, check: Check) -> None:
    """Too wide for the one packed key, so they are sorted by the other road."""
    most = 10**18 - 1
    market = Market(
        posts={"a": ("", 1, most), "b": ("", 1, 1), "h": ("", 3, 1)},
        people={name: ("h", (Wish("a", points), Wish("b", -points))) for name, points in (("I", most), ("J", -most))},
    )
    tables = oracle.snapshot_of(market) | oracle.results_of(market, oracle.best(market))
    assert not check(oracle.publish(tmp_path, market, tables).parent).findings


def test_the_verifier_knows_nothing_but_the_standard_library_and_arrays() -> None:
    for path in Path(verifier.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                top = str(name).partition(".")[0]
                is_own = str(name).startswith("app.verifier")
                assert is_own or top in {"numpy", "numba"} or top in sys.stdlib_module_names, f"{path.name}: {name}"


def test_a_market_of_the_oracle_has_one_best_stable_outcome() -> None:
    """What everything here rests on: some markets have several stable outcomes, and one is best for all."""
    several = 0
    for seed in range(60):
        market = replace(oracle.a_market(seed), own_cell_first=False)
        every, best = oracle.stable(market), oracle.best(market)
        several += len(every) > 1
        assert all(oracle.better(best[who], one[who]) for one in every for who in best)
    assert several > 3
