"""Forgeries whose digests all fit: the full check rejects every one, the fast check all that are not stable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.verifier.manifest import RESULTS
from app.verifier.sentences import Unusable
from tests.unit.verifier import by_hand, oracle
from tests.unit.verifier.conftest import Check
from tests.unit.verifier.oracle import Market, Outcome

OTHERS = {
    "code": (*("RECEIVED", "NOT_NEEDED", "INCUMBENT_STAYED", "BELOW_CUTOFF", "CEILING", "CEILING_OWN_CELL"), ""),
    "cell": ("", "K", "K1"),
    "post": ("a", "e", "pool"),
    "participant": ("P1", "P4"),
}
OTHERS["code"] += ("NOT_RELEASED", "NOT_ELIGIBLE:grade", "NOT_ELIGIBLE:other")
OTHERS |= {"from": OTHERS["post"], "to": OTHERS["post"]}
NUMBERS = ("", "0")
BOTH = pytest.mark.parametrize(
    ("tables", "own_cell_first"), [(by_hand.PLAIN, False), (by_hand.OWN_CELL_FIRST, True)], ids=["plain", "own cell"]
)


@BOTH
def test_every_other_value_anywhere_in_the_result_is_rejected(
    tmp_path: Path, check: Check, tables: dict[str, str], *, own_cell_first: bool
) -> None:
    files = by_hand.files_of(tables)
    oracle.write(tmp_path, files, oracle.run_json(files, own_cell_first=own_cell_first))
    tried = 0
    for name, forged in forgeries(files):
        oracle.write(tmp_path, {name: forged}, oracle.run_json(files | {name: forged}, own_cell_first=own_cell_first))
        assert is_refused(check, tmp_path), (name, forged.decode())
        (tmp_path / name).write_bytes(files[name])
        tried += 1
    assert tried > 250


def forgeries(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each table of the result with one other value in one place."""
    for name, columns in RESULTS.items():
        rows = [row.split(",") for row in files[name].decode().splitlines()]
        for row in rows[1:]:
            for place, column in enumerate(columns):
                stands = row[place]
                for value in sorted({*OTHERS.get(column, NUMBERS), longer(stands)} - {stands}):
                    row[place] = value
                    yield name, "".join(f"{','.join(one)}\n" for one in rows).encode()
                row[place] = stands


def longer(value: str) -> str:
    return str(int(value) + 1) if value.isdecimal() else f"{value}0"


def test_a_row_left_out_or_told_twice_is_rejected(tmp_path: Path, check: Check) -> None:
    files = by_hand.files_of(by_hand.OWN_CELL_FIRST)
    for name in RESULTS:
        header, *rows = files[name].decode().splitlines(keepends=True)
        for row in range(len(rows)):
            for changed in (rows[:row] + rows[row + 1 :], [*rows[: row + 1], *rows[row:]]):
                forged = files | {name: "".join((header, *changed)).encode()}
                folder = oracle.write(tmp_path, forged, oracle.run_json(forged, own_cell_first=True)).parent
                assert is_refused(check, folder), (name, row)


def is_refused(check: Check, folder: Path, *, is_fast: bool = False) -> bool:
    try:
        return bool(check(folder, is_fast=is_fast).findings)
    except Unusable:
        return True


def test_the_full_check_rejects_every_other_outcome_of_one_person(tmp_path: Path, check: Check) -> None:
    """Even where everything else was made to follow from it; the fast check sees all but what is stable as well."""
    passed = tried = 0
    for seed in range(30):
        market = oracle.a_market(seed)
        best = oracle.best(market)
        snapshot = oracle.snapshot_of(market)
        for forged in one_changed(market, best):
            folder = oracle.publish(tmp_path, market, snapshot | oracle.results_of(market, forged)).parent
            assert is_refused(check, folder), (seed, forged)
            is_stable = is_feasible(market, forged) and oracle.is_stable(market, forged)
            assert is_refused(check, folder, is_fast=True) != is_stable, (seed, forged)
            tried, passed = tried + 1, passed + is_stable
    assert tried > 90
    assert passed > 0, "the fast check cannot see everything, and says so"


def one_changed(market: Market, outcome: Outcome) -> list[Outcome]:
    return [
        outcome | {person: rank}
        for person, (_, wishes) in market.people.items()
        for rank in (None, *range(1, len(wishes) + 1))
        if rank != outcome[person]
    ]


def is_feasible(market: Market, outcome: Outcome) -> bool:
    is_free = all(rank in oracle.options(market, person) for person, rank in outcome.items())
    return is_free and len(oracle.chosen(market, list(outcome.items()))) == len(outcome)


def test_another_stable_outcome_is_rejected_by_the_full_check_alone(tmp_path: Path, check: Check) -> None:
    """Two people who would rather have each other's seat, which two others want who would rather have theirs."""
    tried = 0
    for seed in range(60):
        market = oracle.a_market(seed)
        best = oracle.best(market)
        for worse in [one for one in oracle.stable(market) if one != best]:
            tables = oracle.snapshot_of(market) | oracle.results_of(market, worse)
            folder = oracle.publish(tmp_path, market, tables).parent
            assert check(folder).findings
            assert not check(folder, is_fast=True).findings
            tried += 1
    assert tried > 3


BAD_OUTCOMES = {
    "P1,a,\n=P1,c,\n": "outcomes.csv, line 2: P1 gets “c”, neither the home nor a wish of that rank that counts.",
    "P1,a,\n=P1,b,2\n": "outcomes.csv, line 2: P1 gets “b”, neither the home nor a wish of that rank that counts.",
    "P2,b,\n=P2,a,1\n": "outcomes.csv, line 3: P2 gets “a”, neither the home nor a wish of that rank that counts.",
    "P3,c,\n=P3,a,1\n": "Post a: 2 people on 1 seats.",
    "P3,c,\n=P3,a,1 \n": "Cell K1: 3 people, its ceiling is 2.",
    "P4,pool,\nP5,d,1\n=P4,d,1\nP5,e,\n": (
        "wishes.csv, line 7: P5 is refused at “d”, where somebody is in who goes after."
    ),
    "P5,d,1\n=P5,e,\n": (
        "wishes.csv, line 7: P5 is refused at “d”, where a seat is empty and no full cell is in the way."
    ),
}


@pytest.mark.parametrize("change", BAD_OUTCOMES)
def test_the_fast_check_says_what_no_outcome_may_be(tmp_path: Path, check: Check, change: str) -> None:
    stands, forged = change.replace(" ", "").split("=")
    files = by_hand.files_of(by_hand.PLAIN)
    files["outcomes.csv"] = files["outcomes.csv"].replace(stands.encode(), forged.encode())
    folder = oracle.write(tmp_path, files, oracle.run_json(files)).parent
    assert BAD_OUTCOMES[change] in check(folder, is_fast=True).told("en")


def test_differences_are_counted_and_the_first_named(tmp_path: Path, check: Check) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    files["answers.csv"] = files["answers.csv"].replace(b"CEILING_OWN_CELL,K1", b"CEILING,K").replace(b",9,", b",8,")
    told = check(oracle.write(tmp_path, files, oracle.run_json(files)).parent)
    assert told.told("en") == [
        "REJECTED: this result is not what the rules give.",
        "answers.csv: 2 of 7 rows are not what the rules give.",
        "answers.csv, line 2 (P1): code is “CEILING”, must be “CEILING_OWN_CELL”.",
        "answers.csv, line 2 (P1): cell is “K”, must be “K1”.",
        "answers.csv, line 5 (P4): points is “8”, must be “9”.",
    ]
    assert told.told("id")[1:3] == [
        "answers.csv: 2 dari 7 baris berbeda dari yang dihasilkan aturan.",
        "answers.csv, baris 2 (P1): kolom code berisi “CEILING”, seharusnya “CEILING_OWN_CELL”.",
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"commitment": "0" * 64}, "manifest.lottery.commitment"),
        ({"seed": "0" * 64}, "manifest.lottery.seed"),
        ({"secret": "00"}, "manifest.lottery.commitment"),
        ({"value": "0422-1987"}, "manifest.lottery.seed"),
    ],
)
def test_a_lottery_that_does_not_follow_is_rejected(
    tmp_path: Path, check: Check, changed: dict[str, str], code: str
) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    folder = oracle.write(tmp_path, files, oracle.run_json(files, **changed)).parent
    for is_fast in (False, True):
        assert code in {finding.code for finding in check(folder, is_fast=is_fast).findings}


@pytest.mark.parametrize("key", ["snapshotDigest", "identity", "resultDigest"])
def test_a_digest_that_does_not_follow_is_rejected(tmp_path: Path, check: Check, key: str) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    folder = oracle.write(tmp_path, files, oracle.run_json(files) | {key: "0" * 64}).parent
    for is_fast in (False, True):
        assert [finding.code for finding in check(folder, is_fast=is_fast).findings] == [f"manifest.{key}"]


def test_the_other_rule_for_insiders_is_another_run(tmp_path: Path, check: Check) -> None:
    """The result of one setting under the name of the other."""
    files = by_hand.files_of(by_hand.PLAIN)
    folder = oracle.write(tmp_path, files, oracle.run_json(files, own_cell_first=True)).parent
    assert check(folder).findings
