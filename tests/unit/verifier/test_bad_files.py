"""Files that are no run are refused with the file, the line and the reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.verifier.checking import files_of
from app.verifier.sentences import SENTENCES, Unusable
from app.verifier.tables import Table
from tests.unit.verifier import by_hand, oracle
from tests.unit.verifier.conftest import Check

BAD_TABLES = [
    ("cells.csv", "cell,parent", "cell,within", "line 1: the header must be cell,parent,level,ceiling."),
    ("cells.csv", "K,,province,", "K,K1,province,", "line 2: the parents of cell “K” come in a circle."),
    ("cells.csv", "K1,K,", "K1,K1,", "line 3: the parents of cell “K1” come in a circle."),
    ("cells.csv", "K1,K,", "K1,L,", "line 3: parent names “L”, which its table does not have."),
    ("cells.csv", "regency,2", "regency,1", "line 3: the ceiling 1 is below the 2 people whose home lies inside."),
    ("cells.csv", "K1,K,regency", "K,,regency", "line 3: “K” in cell is there already, in the line before."),
    ("cells.csv", "regency,2", "regency,02", "line 3: ceiling is “02”, must be a whole number from 0 to 2147483647"),
    ("cells.csv", "regency,2", "regency,-0", "line 3: ceiling is “-0”, must be a whole number"),
    ("cells.csv", "regency,2", "regency,2,", "line 3: there must be exactly 4 columns."),
    ("cells.csv", "province", '"province"', "line 2: quotes and carriage returns are not allowed."),
    ("cells.csv", "province,\n", "province,\r\n", "line 2: quotes and carriage returns are not allowed."),
    ("cells.csv", "regency", "\xff", "line 3: this is not UTF-8."),
    ("posts.csv", "b,K1,2,2", "b,K2,2,2", "line 3: cell names “K2”, which its table does not have."),
    ("posts.csv", "b,K1,2,2", "b,K1,0,2", "line 3: 0 seats, but 1 people are at home in this post."),
    ("posts.csv", "pool,,1,", "pool,,2,", "line 7: 2 seats for 1 people; the seats of a pool are exactly its people."),
    ("posts.csv", "b,K1,2,2", "b,K1,2,0", "line 3: urgency is “0”, must be a whole number from 1"),
    ("posts.csv", "b,K1,2,2", "b,K1,,2", "line 3: seats is empty."),
    ("posts.csv", "b,K1,2,2", "b b,K1,2,2", "line 3: post is “b b”, must be 1 to 36 of A–Z"),
    ("posts.csv", "b,K1,2,2", f"b{'b' * 36},K1,2,2", f"line 3: post is “b{'b' * 36}”, must be 1 to 36 of A–Z"),
    ("posts.csv", "c,,1,2\nd,,1,1\n", "d,,1,1\nc,,1,2\n", "line 5: “c” in post is out of order."),
    ("participants.csv", "P1,a", "P1,z", "line 2: home names “z”, which its table does not have."),
    ("participants.csv", "P2,b", "P1,b", "line 3: “P1” in participant is there already, in the line before."),
    ("wishes.csv", "P1,1,b,10,", "P9,1,b,10,", "line 2: participant names “P9”, which its table does not have."),
    ("wishes.csv", "P1,1,b,10,", "P1,2,b,10,", "line 2: rank “2”; ranks of a participant must be 1, 2, 3 and so on."),
    ("wishes.csv", "P4,2,c", "P4,1,c", "line 6: rank “1”; ranks of a participant must be 1, 2, 3 and so on."),
    ("wishes.csv", "P2,1,a", "P5,1,a", "line 4: “P3” in participant is out of order."),
    ("wishes.csv", "P1,1,b", "P1,1,a", "line 2: “a” is the participant's own home."),
    ("wishes.csv", "P4,2,c", "P4,2,d", "line 6: “d” is on the participant's list already."),
    ("wishes.csv", "P1,1,b", "P1,1,pool", "line 2: “pool” is a pool, for which nobody may wish."),
    ("wishes.csv", ",10,", f",{10**18},", f"line 2: points is “{10**18}”, must be a whole number from -9999"),
    ("wishes.csv", ",10,", ",1e1,", "line 2: points is “1e1”, must be a whole number"),
    ("wishes.csv", "NOT_RELEASED", "NOT_ELIGIBLE:", "line 3: bar is “NOT_ELIGIBLE:”, must be empty, NOT_RELEASED or"),
    ("outcomes.csv", "P1,a,\nP2,b,\n", "P2,b,\nP1,a,\n", "line 2: “P2” in participant is not whose turn it is"),
    ("outcomes.csv", "P1,a,\n", "", "line 2: “P2” in participant is not whose turn it is by the snapshot."),
    ("outcomes.csv", "P5,d,1\n", "", "ends at line 5 with 4 rows, by the snapshot there must be 5."),
    ("answers.csv", "P4,1,", "P4,2,", "line 5: “2” in rank is not whose turn it is by the snapshot."),
    ("answers.csv", "RECEIVED", "GRANTED", "line 7: the code “GRANTED” is unknown."),
    ("answers.csv", "12758215607428288578", str(2**64), f"line 5: lot is “{2**64}”, must be a whole number from 0"),
    ("moves.csv", "1,1,P5", "1,2,P5", "line 2: step “2”; units and their steps must count 1, 2, 3 without gaps."),
]


@pytest.mark.parametrize(("name", "stands", "bad", "reason"), BAD_TABLES, ids=range(len(BAD_TABLES)))
def test_a_bad_table_is_refused(tmp_path: Path, check: Check, name: str, stands: str, bad: str, reason: str) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    assert stands.encode() in files[name]
    files[name] = files[name].replace(stands.encode(), bad.encode("latin-1"), 1)
    with pytest.raises(Unusable) as refusal:
        check(oracle.write(tmp_path, files, oracle.run_json(files)).parent)
    assert refusal.value.said("en").startswith(f"{name}{' ' if reason.startswith('ends') else ', '}{reason}")


@pytest.mark.parametrize("name", oracle.HEADERS)
def test_a_table_cut_short_anywhere_is_refused_by_name(tmp_path: Path, check: Check, name: str) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    stated = oracle.run_json(files)
    oracle.write(tmp_path, files, stated)
    for length in range(len(files[name])):
        cut = files[name][:length]
        (tmp_path / name).write_bytes(cut)
        with pytest.raises(Unusable) as refusal:
            check(tmp_path)
        assert refusal.value.about["file"] == name
        line = cut.count(b"\n") + 1
        if line == 1:
            assert refusal.value.code == "table.header"
        elif cut.endswith(b"\n"):
            assert refusal.value.code == "file.rows"
        else:
            assert (refusal.value.code, refusal.value.about["line"]) == ("table.cut_short", line)


def test_a_byte_changed_in_a_table_is_refused_by_its_digest(tmp_path: Path, check: Check) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    stated = oracle.run_json(files)
    folder = oracle.write(
        tmp_path, files | {"wishes.csv": files["wishes.csv"].replace(b",50,", b",51,")}, stated
    ).parent
    with pytest.raises(Unusable) as refusal:
        check(folder)
    assert refusal.value.said("en") == (
        "The SHA-256 of wishes.csv is not the one run.json states: the file was changed."
    )


def test_a_table_that_is_not_there_is_named(tmp_path: Path, check: Check) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    folder = oracle.write(tmp_path, files, oracle.run_json(files)).parent
    (folder / "moves.csv").unlink()
    with pytest.raises(Unusable, match=r"moves\.csv cannot be read: No such file"):
        check(folder)


def edited(**changes: object) -> bytes:
    document = oracle.run_json(by_hand.files_of(by_hand.PLAIN)) | changes
    whole = {key: value for key, value in document.items() if value is not None}
    return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode() + b"\n"


LOTTERY = dict(oracle.run_json(by_hand.files_of(by_hand.PLAIN))["lottery"])  # type: ignore[call-overload]
FILES = dict(oracle.run_json(by_hand.files_of(by_hand.PLAIN))["files"])  # type: ignore[call-overload]
BAD_MANIFESTS = [
    (edited()[:-30], "line 1, column "),
    (b"[]\n", "run.json must hold one JSON object."),
    (b"9" * 5000 + b"\n", "run.json must hold one JSON object."),
    (b"\xff", "run.json, line 1: this is not UTF-8."),
    (edited().replace(b",", b", ", 1), "run.json is not in its one form"),
    (edited()[:-1], "run.json is not in its one form"),
    (edited(identity=None), "run.json: identity is missing."),
    (edited(note="x"), "run.json: note is unknown to this format."),
    (edited(format=2), "run.json: format must be 1."),
    (edited(profile="exchange"), "run.json: profile must be daEn."),
    (edited(ownCellFirst=0), "run.json: ownCellFirst must be bool."),
    (edited(identity="A" * 64), "run.json: identity must be [0-9a-f]{64}."),
    (edited(lottery=LOTTERY | {"secret": "abc"}), "run.json: lottery.secret must be ([0-9a-f]{2})+."),
    (edited(lottery=LOTTERY | {"source": "two\nlines"}), "run.json: lottery.source must be"),
    (edited(files=FILES | {"more.csv": {}}), "run.json: files.more.csv is unknown to this format."),
    (edited(files=FILES | {"moves.csv": {"sha256": "0" * 64, "rows": -1}}), "run.json: files.moves.csv.rows must be 0"),
    (edited(files=FILES | {"moves.csv": {"sha256": "0" * 64, "rows": True}}), "run.json: files.moves.csv.rows must be"),
]


@pytest.mark.parametrize(("content", "reason"), BAD_MANIFESTS, ids=range(len(BAD_MANIFESTS)))
def test_a_bad_manifest_is_refused(tmp_path: Path, check: Check, content: bytes, reason: str) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    path = oracle.write(tmp_path, files, oracle.run_json(files))
    path.write_bytes(content)
    with pytest.raises(Unusable) as refusal:
        check(tmp_path)
    assert reason in refusal.value.said("en")


def test_only_files_of_one_run_are_taken(tmp_path: Path) -> None:
    for named, code in (
        ([tmp_path / "notes.txt"], "file.foreign"),
        ([tmp_path / "moves.csv", tmp_path / "x" / "moves.csv"], "file.named_twice"),
    ):
        with pytest.raises(Unusable) as refusal:
            files_of(named)
        assert refusal.value.code == code


def test_tables_may_lie_elsewhere(tmp_path: Path) -> None:
    found = files_of([tmp_path / "moves" / "moves.csv", tmp_path / "run.json"])
    assert found["moves.csv"] == tmp_path / "moves" / "moves.csv"
    assert found["cells.csv"] == tmp_path / "cells.csv"


def test_more_different_values_than_expected_are_told_apart() -> None:
    words = [f"NOT_ELIGIBLE:{number % 5000}" for number in range(6000)]
    text = np.frombuffer("".join(f"{word}\n" for word in words).encode(), np.uint8).copy()
    places = np.flatnonzero(np.concatenate([[True], text == 10])).astype(np.uint32)
    numbers, different = Table("wishes.csv", ("bar",), text, places, 6000).words("bar")
    assert [different[number] for number in numbers] == words
    assert len(different) == 5000


def test_both_languages_say_the_same_of_the_same() -> None:
    def names(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    for code, (indonesian, english) in SENTENCES.items():
        assert names(indonesian) == names(english), code
