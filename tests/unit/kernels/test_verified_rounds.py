"""What the arrays hand out stands before the verifier, which shares nothing with them."""

from dataclasses import replace

import pytest

from app.dev.benchmark.mobility import Clock, run_round
from app.dev.benchmark.mobility_market import invent
from app.verifier.checking import files_of, verify
from tests.unit.mobility import columns_of, markets


def findings(folder):
    return verify(files_of([folder / "run.json"]), lambda *_: None, is_fast=False).findings


def test_small_rounds_are_verified(tmp_path):
    for market, lots in markets(25, seed="verified", people=9, posts=6, cells=4):
        run_round(*columns_of(market, lots), tmp_path, Clock())
        assert findings(tmp_path) == ()


@pytest.mark.parametrize("own_cell_first", [False, True])
def test_an_invented_round_is_verified_and_the_same_every_time(tmp_path, own_cell_first):
    files = []
    for _ in range(2):
        round_, labels = invent(1_000)
        run_round(replace(round_, own_cell_first=own_cell_first), labels, tmp_path, Clock())
        files.append({path.name: path.read_bytes() for path in tmp_path.iterdir()})
    assert files[0] == files[1]
    assert findings(tmp_path) == ()
