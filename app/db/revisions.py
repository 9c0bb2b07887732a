"""Revisions of the schema, by the names of the files of migrations: which came before the one of this release."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


@lru_cache(None)
def earlier_revisions() -> frozenset[str]:
    """All but the newest. One that is in no file is of a later release, which this one still works on."""
    names = sorted("_".join(path.stem.split("_")[:2]) for path in VERSIONS.glob("2*.py"))
    return frozenset(names[:-1])
