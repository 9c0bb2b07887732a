"""Rank stability on arrays: the first of every weighting at once, equal to `domain.stability`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from app.domain.ranking import Placed
from app.domain.rule_sets import Criterion
from app.domain.stability import STEPS, UNCHANGED, Stability, grid, stability_of
from app.kernels.columns import Flags, Ints

AT_ONCE = 2**20
"""Totals that are held at the same time."""


def stability(criteria: Sequence[Criterion], ranked: Sequence[Placed], threshold: int) -> Stability | None:
    """How firmly the first place is held; None where nobody has it."""
    if not ranked:
        return None
    parts = np.array([one.parts for one in ranked], np.int64).reshape(len(ranked), len(criteria))
    weightings = np.array(grid(criteria), np.int64)
    near = np.flatnonzero(_may_be_first(parts, weightings))
    by_lot = near[np.argsort(np.array([ranked[place].tie_break for place in near.tolist()]), kind="stable")]
    by_lot = by_lot[_first_of_equal(parts[by_lot])]
    first = by_lot[_first_of_each(parts[by_lot], weightings)]
    firsts = Counter(ranked[place].id for place in first.tolist())
    return stability_of(ranked[0].id, firsts, threshold)


def _may_be_first(parts: Ints, weightings: Ints) -> Flags:
    """Who is not behind the first under every weighting, each criterion weighed as suits them best."""
    ahead = parts - parts[0]
    varies = (weightings != UNCHANGED).any(axis=0)
    best = np.where(varies, np.where(ahead > 0, STEPS[-1], STEPS[0]), UNCHANGED)
    may: Flags = (ahead * best).sum(axis=1) >= 0
    return may


def _first_of_equal(parts: Ints) -> Ints:
    """The first of those with the same parts, in order: under no weighting is another of them first."""
    places: Ints = np.sort(np.unique(parts, axis=0, return_index=True)[1])
    return places


def _first_of_each(parts: Ints, weightings: Ints) -> Ints:
    """The row with the highest total under each weighting, the earliest of equal ones."""
    size = max(1, AT_ONCE // len(parts))
    slices = [weightings[start : start + size] for start in range(0, len(weightings), size)]
    firsts: Ints = np.concatenate([(some @ parts.T).argmax(axis=1) for some in slices])
    return firsts
