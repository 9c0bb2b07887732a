"""What one leaf found for a whole batch: a reason, a set of possible scores and a deciding row for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np

from app.domain.evidence import Kind
from app.domain.finding import UNKNOWN as UNKNOWN_FINDINGS
from app.domain.finding import Possible, Reason
from app.domain.rubric import Rubric
from app.kernels.columns import NO_DAY, UNKNOWN, Flags, Ints, People, Rows, Words

REASONS = tuple(Reason)
UNKNOWN_REASONS = np.array([reason in UNKNOWN_FINDINGS for reason in REASONS])


@dataclass(frozen=True, slots=True)
class Batch:
    """Who is scored, by what, as of when."""

    rubric: Rubric
    people: People
    level: Ints
    as_of: date
    latest: dict[tuple[Kind, int | None], tuple[Ints, Ints]] = field(default_factory=dict)
    """Of the kinds that several leaves look at: who has a row that counts, and which one."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The different combinations of small numbers (not negative) among people, and which one each of them has."""

    different: Sequence[Sequence[int]]
    number: Ints

    @classmethod
    def of(cls, *columns: Ints) -> Outcomes:
        sizes = tuple(int(column.max(initial=0)) + 1 for column in columns)
        codes = np.ravel_multi_index(columns, sizes)
        is_met = np.bincount(codes, minlength=int(np.prod(sizes))) > 0
        met = np.flatnonzero(is_met)
        different = np.stack(np.unravel_index(met, sizes), axis=1).tolist()
        return cls(different, (np.cumsum(is_met) - 1)[codes])


@dataclass(slots=True)
class Found:
    """What one leaf found, for everybody; starts with nobody known."""

    size: int
    sets: list[Possible] = field(default_factory=list)
    lacks: list[frozenset[str]] = field(default_factory=list)
    _numbers: dict[Possible, int] = field(default_factory=dict)
    reason: Ints = field(init=False)
    possible: Ints = field(init=False)
    """Which of the sets."""
    lacking: Ints = field(init=False)
    """Which of the lacks."""
    evidence: Ints = field(init=False)
    day: Ints = field(init=False)
    rung: Ints = field(init=False)
    found: Words = field(init=False)

    def __post_init__(self) -> None:
        self.reason = np.full(self.size, REASONS.index(Reason.NO_EVIDENCE))
        self.possible, self.lacking = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
        self.evidence, self.day = np.full(self.size, UNKNOWN), np.full(self.size, NO_DAY)
        self.rung = np.full(self.size, UNKNOWN)
        self.found = np.full(self.size, None, dtype=object)
        self.lacks.append(frozenset())

    def because(self, who: Ints | Flags, reason: Reason) -> None:
        self.reason[who] = REASONS.index(reason)

    def show(self, who: Ints, rows: Rows, chosen: Ints, days: Ints) -> None:
        """The row that decided, for each of `who`."""
        self.evidence[who], self.day[who], self.rung[who] = rows.id[chosen], days[chosen], rows.rung[chosen]

    def number(self, possible: Possible) -> int:
        """The number of a set of scores."""
        if possible not in self._numbers:
            self._numbers[possible] = len(self.sets)
            self.sets.append(possible)
        return self._numbers[possible]

    def lack(self, who: Ints | Flags, items: frozenset[str]) -> None:
        """Each of `who` lacks these items."""
        if items not in self.lacks:
            self.lacks.append(items)
        self.lacking[who] = self.lacks.index(items)

    def give(
        self,
        who: Ints,
        outcome: Ints,
        labels: Sequence[str],
        scores: Sequence[Fraction],
        reason: Reason = Reason.EVIDENCE,
    ) -> None:
        """Each of `who` has the outcome of that number."""
        numbers = np.array([self.number(Possible((score,))) for score in scores], dtype=np.int64)
        self.because(who, reason)
        self.lack(who, frozenset())
        self.possible[who] = numbers[outcome]
        self.found[who] = np.array(labels, dtype=object)[outcome]
