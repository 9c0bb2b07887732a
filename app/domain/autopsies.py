"""Autopsies of rankings: what keeps people out, requirement by requirement, and what the least relaxation is.

All of it follows from patterns: which verdicts together were found about how many people. A pattern is kept as two
sets of bits, what is not met and what is open, so that fifty requirements take no longer than ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import cast

from app.domain.candidates import EDUCATION_RANKS, LEADERSHIP_RANKS, PREDICATE_RANKS
from app.domain.fact_words import threshold_in_words
from app.domain.messages import Sentence, sentence
from app.domain.requirements import FORMS, Comparison, Field, Requirement

Pattern = tuple[bool | None, ...]
"""Per requirement: met, not met, or to be verified."""
MOST_DROPPED = 3
"""Requirements that are left out together: every combination up to it is looked at, none beyond it.

Who would have to give up more would rather ask for another rule set.
"""


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
    """The fewest requirements that would have to go for so many candidates.

    None where there are enough, or where no `MOST_DROPPED` of them suffice.
    """


@dataclass(frozen=True, slots=True)
class NearestThreshold:
    """Another value of one threshold, the nearest to the present one that is weak enough."""

    requirement: Requirement
    instead: int | str
    candidates: int
    """Who is eligible, or may turn out to be, with it and with those settled before it."""

    @property
    def detail(self) -> Sentence:
        """With what instead of what there are how many."""
        asked, present = self.requirement, cast("int | str", self.requirement.threshold)
        return sentence(
            "relaxation.threshold",
            label=Sentence(id=asked.label_id, en=asked.label_en),
            instead=threshold_in_words(asked, self.instead),
            present=threshold_in_words(asked, present),
            candidates=self.candidates,
        )


Bits = tuple[int, int]
"""A pattern as two sets of places: what is not met, and what is open."""


def perform(requirements: Sequence[str], patterns: Mapping[Pattern, int], wanted: int = 1) -> Autopsy:
    """What keeps people out, and what would let at least so many in.

    `requirements` are codes in the order of the patterns. Candidates are those who are eligible or may turn out to be.
    """
    few = {pattern: people for pattern, people in patterns.items() if pattern.count(False) <= MOST_DROPPED}
    people: Counter[Bits] = Counter()
    for pattern, count in few.items():
        people[_bits(pattern)] += count
    eligible = people[0, 0]
    open_ones = sum(count for (unmet, _), count in people.items() if not unmet) - eligible
    return Autopsy(
        considered=sum(patterns.values()),
        eligible=eligible,
        only_to_verify=open_ones,
        removals=tuple(_removals(requirements, patterns)),
        relaxation=None if eligible + open_ones >= wanted else _smallest(requirements, people, wanted),
    )


def _bits(pattern: Pattern) -> Bits:
    unmet = open_ones = 0
    for outcome in reversed(pattern):
        unmet, open_ones = unmet << 1 | (outcome is False), open_ones << 1 | (outcome is None)
    return unmet, open_ones


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _removals(requirements: Sequence[str], patterns: Mapping[Pattern, int]) -> Iterator[Removal]:
    counts = patterns.values()
    alone: Counter[int] = Counter()
    for pattern, people in patterns.items():
        if pattern.count(False) == 1:
            alone[pattern.index(False)] += people
    outcomes = zip(*patterns, strict=True) if patterns else [()] * len(requirements)
    for place, (code, found) in enumerate(zip(requirements, outcomes, strict=True)):
        yield Removal(
            requirement=code,
            removed=sum(people for outcome, people in zip(found, counts, strict=True) if outcome is False),
            alone=alone[place],
            to_verify=sum(people for outcome, people in zip(found, counts, strict=True) if outcome is None),
        )


def _smallest(requirements: Sequence[str], people: Mapping[Bits, int], wanted: int) -> Relaxation | None:
    """Of the smallest sets that suffice the one that lets in most, the eligible before those to verify."""
    passing, eligible = _few(people, lambda bits: bits[0]), _few(people, lambda bits: bits[0] | bits[1])
    removing = sorted({place for unmet in passing for place in _places(unmet)})
    for size in range(1, MOST_DROPPED + 1):
        best: tuple[tuple[int, int], list[int], tuple[int, ...]] | None = None
        for dropped in combinations(removing, size):
            masks = [sum(1 << place for place in some) for some in _subsets(dropped)]
            through = sum(passing[mask] for mask in masks)
            if through < wanted:
                continue
            met = sum(eligible[mask] for mask in masks)
            found = ((met, through - met), [-place for place in dropped], dropped)
            best = found if best is None else max(best, found)
        if best is not None:
            (met, open_ones), _, dropped = best
            return Relaxation(tuple(requirements[place] for place in dropped), met, open_ones)
    return None


def _few(people: Mapping[Bits, int], of: Callable[[Bits], int]) -> Counter[int]:
    """How many people have these bits, of those with no more than can be left out."""
    counted: Counter[int] = Counter()
    for bits, count in people.items():
        if (mask := of(bits)).bit_count() <= MOST_DROPPED:
            counted[mask] += count
    return counted


def _subsets(places: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return (some for size in range(len(places) + 1) for some in combinations(places, size))


ORDERS: Mapping[Field, Mapping[str, int]] = {
    Field.EDUCATION: EDUCATION_RANKS,
    Field.LEADERSHIP_TRAINING: {one.value: rank for one, rank in LEADERSHIP_RANKS.items()},
    Field.APPRAISALS: PREDICATE_RANKS,
}
"""Thresholds that are words in an order."""


def weaker_thresholds(requirement: Requirement) -> Sequence[int | str]:
    """What a threshold could be instead so that more people meet it, the nearest first; nothing where it has no order.

    Of the months without a sanction, fewer are weaker.
    """
    threshold, numbers = requirement.threshold, FORMS[requirement.field].numbers
    if isinstance(threshold, str):
        order = ORDERS[requirement.field]
        by_rank = {rank: word for word, rank in order.items() if rank < order[threshold]}
        return [by_rank[rank] for rank in sorted(by_rank, reverse=True)]
    if not isinstance(threshold, int):
        return ()
    if requirement.comparison is Comparison.AT_MOST:
        return [one for one in numbers if one > threshold]
    return [one for one in reversed(numbers) if one < threshold]
