"""The commands that figures of the README come from: each still measures something, however small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEW = ("--people", "100")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("read", *FEW, "--seconds", "0.1", "--connections", "2"), ("REST", "GraphQL, same fields", "of one asyncpg")),
        (("ranking", *FEW), ("of the ceiling", "100", "Medians of 8 vacancies")),
    ],
    ids=["read", "ranking"],
)
def test_a_benchmark_measures_to_the_end(command: tuple[str, ...], told: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app", "bench", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert [words for words in told if words not in ended.stdout] == []
