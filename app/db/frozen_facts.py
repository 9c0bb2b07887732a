"""Frozen facts: what a run of a ranking knew about somebody and asked of everybody, as it is stored and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.candidates import FIELDS, Candidate, Given, Target, candidate_of
from app.domain.careers import PositionLevel

Json = Mapping[str, Any]


def read_facts(told: str) -> tuple[Candidate, Given]:
    """Somebody as the run knew them; what was unknown may be left out. ValueError or KeyError for anything else."""
    stored = json.loads(told)
    named = {"id": stored["id"]} if "id" in stored else {}  # runs of before have it among the facts
    candidate = candidate_of({**dict.fromkeys(FIELDS), **stored["candidate"], **named})
    return candidate, Given(verified=stored["verified"], technical_score=stored.get("technicalScore"))


def read_target(stored: Json) -> Target:
    """The post that people were put to."""
    return Target(
        on=date.fromisoformat(stored["on"]),
        level=PositionLevel(stored["level"]),
        government_affair=stored["governmentAffair"],
        job_family=stored["jobFamily"],
        standard=tuple(stored["standard"]),
        affairs_of_programmes=stored["affairsOfProgrammes"],
    )


def write_target(target: Target) -> dict[str, object]:
    """A target as JSON; read again, it is the same."""
    return {
        "on": target.on.isoformat(),
        "level": target.level.value,
        "governmentAffair": target.government_affair,
        "jobFamily": target.job_family,
        "standard": list(target.standard),
        "affairsOfProgrammes": dict(target.affairs_of_programmes),
    }
