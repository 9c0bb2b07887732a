"""Autopsies of rankings: what keeps people out, requirement by requirement, and what the least relaxation is.

All of it follows from patterns: which verdicts together were found about how many people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.domain.requirements import FORMS, Comparison, Requirement

Pattern = tuple[bool | None, ...]
"""Per requirement: met, not met, or to be verified."""
MOST_DROPPED = 4
"""Beyond that, one would rather ask for another rule set."""
ORDERED = (Comparison.AT_LEAST, Comparison.AT_MOST)


@dataclass(frozen=True, slots=True)
class Removal:
    """What one requirement does."""

    requirement: str
    removed: int
    """Do not meet it."""
    alone: int
    """Do not meet it, and nothing else keeps them out (but what is to be verified)."""
    to_verify: int
    """It is to be verified about them."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Without these requirements there would be candidates."""

    requirements: tuple[str, ...]
    eligible: int
    """Who would be eligible at once."""
    to_verify: int
    """Who would be, once everything that is to be verified is found to be met."""


@dataclass(frozen=True, slots=True)
class Autopsy:
    """What keeps people out."""

    considered: int
    eligible: int
    only_to_verify: int
    """Meet everything that is decided, and something is to be verified."""
    removals: tuple[Removal, ...]
    """In the order of the requirements."""
    relaxation: Relaxation | None
    """The fewest requirements that would have to go for so many candidates; None where there are enough, or no way."""


@dataclass(frozen=True, slots=True)
class NearestThreshold:
    """The value of one threshold, the nearest to the present one, with which so many people are candidates."""

    requirement: str
    value: int
    candidates: int
    """Who is eligible, or may turn out to be."""


def perform(requirements: Sequence[str], patterns: Mapping[Pattern, int], wanted: int = 1) -> Autopsy:
    """What keeps people out, and what would let at least so many in.

    `requirements` are codes in the order of the patterns. Candidates are those who are eligible or may turn out to be.
    """
    eligible, open_ones = _passing(patterns, frozenset())
    return Autopsy(
        considered=sum(patterns.values()),
        eligible=eligible,
        only_to_verify=open_ones,
        removals=tuple(_removal(code, place, patterns) for place, code in enumerate(requirements)),
        relaxation=None if eligible + open_ones >= wanted else _smallest(requirements, patterns, wanted),
    )


def _removal(code: str, place: int, patterns: Mapping[Pattern, int]) -> Removal:
    removing = [(pattern, people) for pattern, people in patterns.items() if pattern[place] is False]
    return Removal(
        requirement=code,
        removed=sum(people for _, people in removing),
        alone=sum(people for pattern, people in removing if pattern.count(False) == 1),
        to_verify=sum(people for pattern, people in patterns.items() if pattern[place] is None),
    )


def _passing(patterns: Mapping[Pattern, int], dropped: frozenset[int]) -> tuple[int, int]:
    """Who is eligible without some requirements, and who may turn out to be."""
    eligible = open_ones = 0
    for pattern, people in patterns.items():
        kept = [outcome for place, outcome in enumerate(pattern) if place not in dropped]
        if False not in kept:
            eligible, open_ones = (eligible, open_ones + people) if None in kept else (eligible + people, open_ones)
    return eligible, open_ones


def _smallest(requirements: Sequence[str], patterns: Mapping[Pattern, int], wanted: int) -> Relaxation | None:
    """Of the smallest sets that suffice the one that lets in most, the eligible before those to verify."""
    removing = sorted({place for pattern in patterns for place, outcome in enumerate(pattern) if outcome is False})
    for size in range(1, MOST_DROPPED + 1):
        found = [(_passing(patterns, frozenset(dropped)), dropped) for dropped in combinations(removing, size)]
        enough = [one for one in found if sum(one[0]) >= wanted]
        if enough:
            (eligible, open_ones), dropped = max(enough, key=lambda one: (one[0], [-place for place in one[1]]))
            return Relaxation(tuple(requirements[place] for place in dropped), eligible, open_ones)
    return None


def weaker_thresholds(requirement: Requirement) -> Sequence[int]:
    """What a number could be instead so that more people meet it, the nearest first; nothing where it is no number."""
    threshold, numbers = requirement.threshold, FORMS[requirement.field].numbers
    if not isinstance(threshold, int) or requirement.comparison not in ORDERED:
        return ()
    if requirement.comparison is Comparison.AT_LEAST:
        return [one for one in reversed(numbers) if one < threshold]
    return [one for one in numbers if one > threshold]
