"""The command `verify-run`: what it prints, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.verifier import __main__ as command
from app.verifier.columns import compiled
from tests.unit.verifier import by_hand, oracle


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(command, "PATIENCE", float("inf"))  # the first use compiles
    files = by_hand.files_of(by_hand.PLAIN)
    return oracle.write(tmp_path, files, oracle.run_json(files))


def test_a_true_run_ends_with_0(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(run)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("VERIFIED: solved again by an independent program;")
    assert "5 participants, 7 wishes; 1 move in 1 chains and 0 cycles;" in said.out
    assert "seats empty outside pools: 2 before, 2 after; 1 refusals because the own seat counts." in said.out
    assert said.err == ""


def test_the_fast_check_says_what_it_cannot_see(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--fast", "--language", "id", str(run)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("TIDAK ADA YANG SALAH menurut pemeriksaan cepat")
    assert "Yang tidak terlihat oleh pemeriksaan cepat: apakah ada hasil lain" in said


def test_a_forged_run_ends_with_1(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = by_hand.files_of(by_hand.PLAIN)
    files["moves.csv"] = files["moves.csv"].replace(b"1,1,P5,e,d\n", b"")
    oracle.write(run.parent, files, oracle.run_json(files))
    assert command.main(["--json", str(run)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "rejected"
    assert told["findings"] == [
        {
            "code": "moves.count",
            "about": {"file": "moves.csv", "rows": 0, "expected": 1},
            "id": "moves.csv: ada 0 perpindahan, seharusnya 1.",
            "en": "moves.csv: there are 0 moves, must be 1.",
        }
    ]


def test_files_that_are_no_run_end_with_2(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run.parent / "cells.csv").write_text("cell,parent,level,ceiling\nK,,prov")
    assert command.main(["--json", str(run.parent)]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["findings"][0]["about"] == {"file": "cells.csv", "line": 2, "columns": 4}
    assert (
        said.err
        == "The files cannot be checked.\ncells.csv, line 2: the file ends within the line; it was cut short.\n"
    )


def test_what_takes_long_says_how_far_it_is(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PATIENCE", 0.0)
    assert command.main([str(run)]) == 0
    steps = capsys.readouterr().err.splitlines()
    assert steps[3] == "4/14 reading wishes.csv …"
    assert steps[-1] == "14/14 comparing …"
    assert len(steps) == 14


def test_it_is_one_of_our_commands(run: Path) -> None:
    for arguments, code, said in (([str(run)], 0, "VERIFIED"), (["--help"], 0, "2 when the files"), ([], 2, "FILE")):
        ended = CliRunner().invoke(app, ["verify-run", *arguments])
        assert ended.exit_code == code
        assert said in ended.output


def test_what_cannot_be_kept_is_compiled_all_the_same() -> None:
    made: dict[str, Callable[[int], int]] = {}
    exec("def double(number):\n    return 2 * number", made)  # noqa: S102 - a function without a file to write beside
    assert compiled(made["double"])(21) == 42


def test_it_runs_without_the_service(run: Path) -> None:
    """As a program of its own, that loads nothing of ours but itself."""
    program = (
        "import sys; from app.verifier.__main__ import main; ended = main(sys.argv[1:]);"
        "print(*(name for name in sys.modules if name.startswith('app.'))); sys.exit(ended)"
    )
    ended = subprocess.run([sys.executable, "-c", program, run], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert all(name.startswith("app.verifier") for name in ended.stdout.splitlines()[-1].split())
