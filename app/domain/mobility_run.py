"""What a run is called by and what it hands out: names of files, digests, and the paper that lists them.

A run is a function of its snapshot, the versions of its rules and of what solves it, and its seed: the same identity,
the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.mobility_lottery import Lottery

FORMAT = 1
SOLVER_VERSION = "1"
"""Another one is due with every change that could change a result."""
DA_EN = "daEn"
"""Deferred acceptance with endowments and nested ceilings."""

SNAPSHOT: Mapping[str, tuple[str, ...]] = {
    "cells.csv": ("cell", "parent", "level", "ceiling"),
    "posts.csv": ("post", "cell", "seats", "urgency"),
    "participants.csv": ("participant", "home"),
    "wishes.csv": ("participant", "rank", "post", "points", "bar"),
}
"""The columns of what is frozen before a run, by file."""
RESULTS: Mapping[str, tuple[str, ...]] = {
    "outcomes.csv": ("participant", "post", "rank"),
    "answers.csv": ("participant", "rank", "code", "cell", "depth", "urgency", "points", "lot"),
    "post-results.csv": ("post", "seats", "filled", "empty", "incumbents", "depth", "points", "lot"),
    "cell-results.csv": ("cell", "ceiling", "before", "after", "depth", "urgency", "points", "lot"),
    "moves.csv": ("unit", "step", "participant", "from", "to"),
}
"""The columns of what a run found, by file."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that has been written."""

    sha256: bytes
    rows: int
    """Without the header."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a campaign has laid down for its run."""

    campaign: str
    profile: str
    version: str
    own_cell_first: bool


def snapshot_digest(files: Mapping[str, Written], rules: Rules, lottery: Lottery) -> bytes:
    """Of what is frozen, and of how it will be looked at and drawn: it can be published before the seed is known."""
    own_cell_first = "true" if rules.own_cell_first else "false"
    settings = (rules.profile, own_cell_first, lottery.commitment.hex(), lottery.source)
    return _digest((*_lines(files, SNAPSHOT), *settings))


def result_digest(files: Mapping[str, Written]) -> bytes:
    """Of what a run found."""
    return _digest(_lines(files, RESULTS))


def identity_of(snapshot: bytes, rules: Rules, lottery: Lottery) -> bytes:
    """What a run depends on: two of the same identity have found the same."""
    return _digest((snapshot.hex(), rules.version, SOLVER_VERSION, lottery.seed.hex()))


def _lines(files: Mapping[str, Written], names: Iterable[str]) -> Sequence[str]:
    return [f"{name} {files[name].sha256.hex()}" for name in names]


def _digest(lines: Iterable[str]) -> bytes:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).digest()


def run_paper(files: Mapping[str, Written], rules: Rules, lottery: Lottery) -> bytes:
    """`run.json`: what the run is, what it rests on, and the digests of its nine files."""
    snapshot = snapshot_digest(files, rules, lottery)
    paper = {
        "format": FORMAT,
        "campaign": rules.campaign,
        "profile": rules.profile,
        "rulesVersion": rules.version,
        "solverVersion": SOLVER_VERSION,
        "ownCellFirst": rules.own_cell_first,
        "lottery": {
            "commitment": lottery.commitment.hex(),
            "secret": lottery.secret.hex(),
            "source": lottery.source,
            "value": lottery.value,
            "seed": lottery.seed.hex(),
        },
        "snapshotDigest": snapshot.hex(),
        "identity": identity_of(snapshot, rules, lottery).hex(),
        "resultDigest": result_digest(files).hex(),
        "files": {name: {"sha256": one.sha256.hex(), "rows": one.rows} for name, one in files.items()},
    }
    return json.dumps(paper, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
