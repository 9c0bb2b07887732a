"""Eligibility once more: what was found at the ranking, what is found now, and whether a step may be taken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import Conflict, Fault
from app.domain.masks import told_of, topic_of
from app.domain.messages import Sentence, day_in_words, sentence
from app.domain.requirements import Outcome, Requirement
from app.domain.verdicts import Finding


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One requirement about one person: found at the ranking, and found now."""

    requirement: Requirement
    before: Finding | None
    """None where nobody can read any more what the ranking rested on."""
    now: Finding


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody whom a step is about, where the command names them, and everything that was looked at."""

    where: str
    findings: tuple[LookedAt, ...]


def must_be_eligible_now(
    people: Sequence[Concerned], on: date, withheld: Collection[StrEnum], *, is_masked: bool
) -> None:
    """Refused with `vacancy.no_longer_eligible` unless everybody meets every requirement, looked at for a day.

    Each requirement that is not met, or not known to be met, is named with what was found then and now: of who
    `is_masked` for who is told, only the outcomes. Of the topics `withheld` it says only that there is one.
    """
    faults = [
        _changed(one.where, looked_at, withheld, is_masked=is_masked)
        for one in people
        for looked_at in one.findings
        if looked_at.now.outcome is not Outcome.MET
    ]
    if faults:
        raise Conflict("vacancy.no_longer_eligible", faults=tuple(faults), on=day_in_words(on))


def _changed(where: str, looked_at: LookedAt, withheld: Collection[StrEnum], *, is_masked: bool) -> Fault:
    requirement, before = looked_at.requirement, looked_at.before
    if topic_of(requirement) in withheld:
        return Fault("eligibility.changed_withheld", where)
    about = {
        "requirement": Sentence(id=requirement.label_id, en=requirement.label_en),
        "before": sentence("eligibility.unreadable") if before is None else told_of(before, is_masked=is_masked),
        "now": told_of(looked_at.now, is_masked=is_masked),
    }
    return Fault("eligibility.changed", where, about)


def digest_of(**looked_at: object) -> str:
    """SHA-256, in hexadecimal, over everything that a check rests on and what it found."""
    told = json.dumps(looked_at, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(told.encode()).hexdigest()
