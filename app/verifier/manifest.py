"""The manifest `run.json`: what a run says of itself, and whether its digests follow from files and lottery."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.verifier.sentences import Finding, Unusable

NAME = "run.json"
SNAPSHOT = {
    "cells.csv": ("cell", "parent", "level", "ceiling"),
    "posts.csv": ("post", "cell", "seats", "urgency"),
    "participants.csv": ("participant", "home"),
    "wishes.csv": ("participant", "rank", "post", "points", "bar"),
}
RESULTS = {
    "outcomes.csv": ("participant", "post", "rank"),
    "answers.csv": ("participant", "rank", "code", "cell", "depth", "urgency", "points", "lot"),
    "post-results.csv": ("post", "seats", "filled", "empty", "incumbents", "depth", "points", "lot"),
    "cell-results.csv": ("cell", "ceiling", "before", "after", "depth", "urgency", "points", "lot"),
    "moves.csv": ("unit", "step", "participant", "from", "to"),
}
TABLES = SNAPSHOT | RESULTS
"""The files of a run and their columns, in the order the digests take them."""
FORMAT = 1
PROFILES = ("daEn",)
DIGEST = "[0-9a-f]{64}"
ID = "[A-Za-z0-9_-]{1,36}"
LINE = "[^\n\r]+"
KEYS = {
    "": (
        *("format", "campaign", "profile", "rulesVersion", "solverVersion", "ownCellFirst", "lottery"),
        *("snapshotDigest", "identity", "resultDigest", "files"),
    ),
    "lottery": ("commitment", "secret", "source", "value", "seed"),
}

Kind = TypeVar("Kind", bound=object)
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Lottery:
    """A committed secret and a value that was public later make the seed."""

    commitment: str
    secret: bytes
    source: str
    value: str
    stated_seed: str

    @property
    def seed(self) -> bytes:
        return hashlib.sha256(self.secret + self.value.encode()).digest()


@dataclass(frozen=True, slots=True)
class StatedFile:
    """What `run.json` says of a table."""

    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything `run.json` says."""

    profile: str
    rules_version: str
    solver_version: str
    is_own_cell_first: bool
    lottery: Lottery
    snapshot_digest: str
    identity: str
    result_digest: str
    files: dict[str, StatedFile]

    def untrue(self) -> list[Finding]:
        """What it says of the lottery, the digests and the identity and what does not follow from the rest."""
        lottery, seed = self.lottery, self.lottery.seed.hex()
        snapshot = (*self._files_of(SNAPSHOT), self.profile, str(self.is_own_cell_first).lower())
        snapshot_digest = digest_of(*snapshot, lottery.commitment, lottery.source)
        follows = {
            "lottery.commitment": (lottery.commitment, hashlib.sha256(lottery.secret).hexdigest()),
            "lottery.seed": (lottery.stated_seed, seed),
            "snapshotDigest": (self.snapshot_digest, snapshot_digest),
            "identity": (self.identity, digest_of(snapshot_digest, self.rules_version, self.solver_version, seed)),
            "resultDigest": (self.result_digest, digest_of(*self._files_of(RESULTS))),
        }
        return [
            Finding(f"manifest.{key}", {"stated": stated, "expected": expected})
            for key, (stated, expected) in follows.items()
            if stated != expected
        ]

    def _files_of(self, names: dict[str, tuple[str, ...]]) -> list[str]:
        return [f"{name} {self.files[name].sha256}" for name in names]


def digest_of(*lines: str) -> str:
    """The SHA-256 of these lines."""
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """What `run.json` says; refused where it is not written exactly as the format wants it."""
    whole = _parsed(path)
    lottery, files = _taken(whole, "lottery", dict), _taken(whole, "files", dict)
    for within, keys in KEYS.items():
        _must_have(lottery if within else whole, within, keys)
    _must_have(files, "files", tuple(TABLES))
    if _taken(whole, "format", int) != FORMAT:
        raise _refusal("format", str(FORMAT))
    if _text(whole, "profile", LINE) not in PROFILES:
        raise _refusal("profile", ", ".join(PROFILES))
    _text(whole, "campaign", ID)
    return Manifest(
        profile=_text(whole, "profile", LINE),
        rules_version=_text(whole, "rulesVersion", LINE),
        solver_version=_text(whole, "solverVersion", LINE),
        is_own_cell_first=_taken(whole, "ownCellFirst", bool),
        lottery=_lottery(lottery),
        snapshot_digest=_text(whole, "snapshotDigest", DIGEST),
        identity=_text(whole, "identity", DIGEST),
        result_digest=_text(whole, "resultDigest", DIGEST),
        files={name: _stated_file(files, name) for name in TABLES},
    )


def _parsed(path: Path) -> Json:
    try:
        written = path.read_bytes()
    except OSError as error:
        raise Unusable("file.unreadable", file=NAME, why=error.strerror) from error
    try:
        text = written.decode()
        whole = json.loads(text)
    except UnicodeDecodeError as error:
        raise Unusable("file.not_utf8", file=NAME, line=1 + written[: error.start].count(b"\n")) from error
    except json.JSONDecodeError as error:
        raise Unusable("manifest.not_json", file=NAME, line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists in lists
        raise Unusable("manifest.not_an_object", file=NAME) from error
    if not isinstance(whole, dict):
        raise Unusable("manifest.not_an_object", file=NAME)
    if text != json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n":
        raise Unusable("manifest.not_canonical", file=NAME)
    return whole


def _must_have(found: Json, within: str, keys: tuple[str, ...]) -> None:
    for key in (*keys, *found):
        if (key in keys) != (key in found):
            code = "manifest.key_missing" if key in keys else "manifest.key_unknown"
            raise Unusable(code, file=NAME, key=f"{within}.{key}" if within else key)


def _lottery(found: Json) -> Lottery:
    return Lottery(
        commitment=_text(found, "commitment", DIGEST, "lottery."),
        secret=bytes.fromhex(_text(found, "secret", "([0-9a-f]{2})+", "lottery.")),
        source=_text(found, "source", LINE, "lottery."),
        value=_text(found, "value", LINE, "lottery."),
        stated_seed=_text(found, "seed", DIGEST, "lottery."),
    )


def _stated_file(files: Json, name: str) -> StatedFile:
    stated, within = _taken(files, name, dict, "files."), f"files.{name}"
    _must_have(stated, within, ("sha256", "rows"))
    rows = _taken(stated, "rows", int, f"{within}.")
    if rows < 0:
        raise _refusal(f"{within}.rows", "0, 1, 2 …")
    return StatedFile(_text(stated, "sha256", DIGEST, f"{within}."), rows)


def _taken(found: Json, key: str, kind: type[Kind], within: str = "") -> Kind:
    value = found.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _refusal(within + key, kind.__name__)
    return value


def _text(found: Json, key: str, pattern: str, within: str = "") -> str:
    value = _taken(found, key, str, within)
    if not re.fullmatch(pattern, value):
        raise _refusal(within + key, pattern)
    return value


def _refusal(key: str, wanted: str) -> Unusable:
    return Unusable("manifest.value", file=NAME, key=key, wanted=wanted)
