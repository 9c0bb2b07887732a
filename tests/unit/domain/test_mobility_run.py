"""The lot that nobody can choose, and what a run is called by."""

import hashlib
import json
from dataclasses import replace

import pytest

from app.domain.errors import Invalid
from app.domain.mobility_lottery import Lottery, commitment_to, lot_of, must_keep_commitment, seed_of
from app.domain.mobility_run import DA_EN, RESULTS, SNAPSHOT, Rules, Written, run_paper

SECRET, VALUE = b"\x00\x01", "4, 8, 15"
SEED = hashlib.sha256(SECRET + VALUE.encode()).digest()
LOTTERY = Lottery(commitment_to(SECRET), "a draw on television", SECRET, VALUE, seed_of(SECRET, VALUE))
RULES = Rules("c", DA_EN, "points/1", own_cell_first=False)
FILES = {name: Written(hashlib.sha256(name.encode()).digest(), 3) for name in (*SNAPSHOT, *RESULTS)}


def paper(files=FILES, rules=RULES, lottery=LOTTERY):
    return json.loads(run_paper(files, rules, lottery))


def test_the_seed_is_made_of_secret_and_value_and_the_commitment_of_the_secret():
    assert (LOTTERY.seed, LOTTERY.commitment) == (SEED, hashlib.sha256(SECRET).digest())
    must_keep_commitment(LOTTERY)


def test_a_lot_is_the_beginning_of_a_code_that_only_the_seed_can_make():
    # HMAC-SHA256 worked out by hand from RFC 2104
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in SEED.ljust(64, b"\0")) + b"i").digest()
    whole = hashlib.sha256(bytes(byte ^ 0x5C for byte in SEED.ljust(64, b"\0")) + inner).digest()
    assert lot_of(SEED, "i") == int.from_bytes(whole[:8], "big")


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"secret": b"other"}, ["mobility.secret", "mobility.seed"]),
        ({"value": "16, 23, 42"}, ["mobility.seed"]),
        ({"commitment": bytes(32)}, ["mobility.secret"]),
    ],
)
def test_a_lottery_other_than_the_one_announced_is_refused(wrong, codes):
    with pytest.raises(Invalid) as refused:
        must_keep_commitment(replace(LOTTERY, **wrong))
    assert refused.value.code == "mobility.lottery"
    assert [fault.code for fault in refused.value.faults] == codes


def test_the_digests_are_those_that_the_published_format_describes():
    written = paper()
    lines = [f"{name} {FILES[name].sha256.hex()}" for name in SNAPSHOT]
    lines += ["daEn", "false", LOTTERY.commitment.hex(), "a draw on television"]
    snapshot = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
    assert written["snapshotDigest"] == snapshot
    identity = f"{snapshot}\npoints/1\n{written['solverVersion']}\n{SEED.hex()}\n"
    assert written["identity"] == hashlib.sha256(identity.encode()).hexdigest()
    assert written["files"]["moves.csv"] == {"sha256": FILES["moves.csv"].sha256.hex(), "rows": 3}


@pytest.mark.parametrize("name", SNAPSHOT)
def test_another_snapshot_is_another_run(name):
    changed = FILES | {name: Written(bytes(32), 3)}
    assert paper(changed)["identity"] != paper()["identity"]
    assert paper(changed)["resultDigest"] == paper()["resultDigest"]


@pytest.mark.parametrize("name", RESULTS)
def test_another_result_of_the_same_run_is_seen(name):
    changed = FILES | {name: Written(bytes(32), 3)}
    assert paper(changed)["identity"] == paper()["identity"]
    assert paper(changed)["resultDigest"] != paper()["resultDigest"]


@pytest.mark.parametrize(
    "changed",
    [
        {"rules": replace(RULES, own_cell_first=True)},
        {"rules": replace(RULES, version="points/2")},
        {"lottery": replace(LOTTERY, seed=bytes(32))},
        {"lottery": replace(LOTTERY, source="a newspaper")},
    ],
)
def test_other_rules_or_another_lot_are_another_run(changed):
    assert paper(**changed)["identity"] != paper()["identity"]
