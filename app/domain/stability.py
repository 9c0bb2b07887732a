"""Rank stability: whether the first place holds when the weights are somewhat different.

Each criterion in use weighs 0.8, 1 and 1.2 times what the rule set says, in every combination. Beyond seven criteria
the seven heaviest vary (of equal weight the earlier), the others keep their weight: never more than 2,187 weightings.
Weights are counted in fifths, so that all of it is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from uuid import UUID

from app.domain.ranking import Placed
from app.domain.rule_sets import Criterion

STEPS = (4, 5, 6)
"""Fifths of a weight."""
UNCHANGED = 5
MOST_VARIED = 7


@dataclass(frozen=True, slots=True)
class Rival:
    """Somebody else who would be first under some weightings."""

    id: UUID
    firsts: int


@dataclass(frozen=True, slots=True)
class Stability:
    """Under how many of the weightings the first place stays as it is, and who else would have it."""

    weightings: int
    kept: int
    rivals: tuple[Rival, ...]
    """The most frequent first."""
    threshold: int
    """Percent of the weightings."""

    @property
    def is_tied(self) -> bool:
        """Whether the first are statistically tied: the order among them rests on the choice of weights."""
        return self.kept * 100 < self.threshold * self.weightings


def grid(criteria: Sequence[Criterion]) -> list[tuple[int, ...]]:
    """Every weighting that is tried: by criterion, fifths of its weight."""
    heaviest = sorted(range(len(criteria)), key=lambda place: (-criteria[place].weight, place))
    varied = set(heaviest[:MOST_VARIED])
    return list(product(*(STEPS if place in varied else (UNCHANGED,) for place in range(len(criteria)))))


def stability(criteria: Sequence[Criterion], ranked: Sequence[Placed], threshold: int) -> Stability | None:
    """How firmly the first place is held; None where nobody has it. Equal totals are decided by lot, as always."""
    if not ranked:
        return None
    weightings = grid(criteria)
    firsts = Counter(
        max(ranked, key=lambda one: (_weighted(one, weighting), _reversed(one.tie_break))).id
        for weighting in weightings
    )
    return stability_of(ranked[0].id, firsts, threshold)


def stability_of(first: UUID, firsts: Counter[UUID], threshold: int) -> Stability:
    """What comes of how often each of them was first."""
    rivals = sorted((Rival(one, times) for one, times in firsts.items() if one != first), key=_by_frequency)
    return Stability(firsts.total(), firsts[first], tuple(rivals), threshold)


def _by_frequency(rival: Rival) -> tuple[int, UUID]:
    return -rival.firsts, rival.id


def _weighted(one: Placed, weighting: Sequence[int]) -> int:
    return sum(part * fifths for part, fifths in zip(one.parts, weighting, strict=True))


def _reversed(lot: str) -> int:
    return -int(lot, 16)
