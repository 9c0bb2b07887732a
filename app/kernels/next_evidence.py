"""What would decide whom, for a whole batch; equal to `domain.next_evidence.deciding` for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.domain.finding import Possible
from app.domain.next_evidence import Items, sets_of
from app.domain.nine_box import Axis
from app.domain.placement import MOST_SUMS
from app.domain.rubric import ANY_TREE, Leaf, Rubric, points_of
from app.kernels.columns import UNKNOWN, Flags, Ints
from app.kernels.scoring import Scored

Points = tuple[tuple[int, ...], bool]
"""The points that a leaf can be worth, ascending, and whether everything between them is possible as well."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """Per person of a `Scored` the smallest deciding sets of missing items."""

    surely: Sequence[Sequence[Items]]
    possibly: Sequence[Sequence[Items]]


def deciding(rubric: Rubric, scored: Scored) -> Deciding:
    """People who lack the same things in the same way are looked at together."""
    surely: list[list[Items]] = [[] for _ in scored.who]
    possibly: list[list[Items]] = [[] for _ in scored.who]
    undecided = np.flatnonzero(scored.decided_box == 0)
    if not len(undecided) or scored.variant == ANY_TREE:
        return Deciding(surely, possibly)
    is_unknown = scored.points[undecided] == UNKNOWN
    possible = np.stack([found.possible[undecided] for found in scored.found_by_leaf], axis=1)
    lacking = np.stack([found.lacking[undecided] for found in scored.found_by_leaf], axis=1)
    pattern = np.where(np.hstack([is_unknown, is_unknown]), np.hstack([possible, lacking]), UNKNOWN)
    patterns, number = np.unique(pattern, axis=0, return_inverse=True)
    number = number.reshape(-1)
    for place in range(len(patterns)):
        alike = undecided[number == place]
        for wanted, sure, maybe in _of_pattern(rubric, scored, alike):
            for person in alike[sure].tolist():
                surely[person].append(wanted)
            for person in alike[maybe].tolist():
                possibly[person].append(wanted)
    return Deciding(surely, possibly)


def _of_pattern(rubric: Rubric, scored: Scored, alike: Ints) -> Sequence[tuple[Items, Flags, Flags]]:
    """Per set of items: for whom of those alike it is a smallest set that surely, and possibly, decides."""
    first = alike[0]
    missing = [item for item, lacks in zip(rubric.items, scored.missing[first], strict=True) if lacks]
    axes = [OpenAxis(scored, axis, alike) for axis in Axis]
    decided: list[tuple[frozenset[str], Flags, Flags]] = []
    smallest = []
    for wanted in sets_of(missing):
        items = frozenset(wanted)
        sure, maybe = np.ones(len(alike), dtype=bool), np.ones(len(alike), dtype=bool)
        for axis in axes:
            surely, possibly = axis.decides(items)
            sure, maybe = sure & surely, maybe & possibly
        is_new_sure, is_new_maybe = sure.copy(), maybe.copy()
        for smaller, was_sure, was_maybe in decided:
            if smaller < items:
                is_new_sure &= ~was_sure
                is_new_maybe &= ~was_maybe
        if sure.any() or maybe.any():
            decided.append((items, sure, maybe))
        smallest.append((wanted, is_new_sure, is_new_maybe))
    return smallest


class OpenAxis:
    """One axis of people who lack the same: what some missing items would leave open. Most sets tell the same of it."""

    def __init__(self, scored: Scored, axis: Axis, alike: Ints) -> None:
        self._lowest, self._highest = scored.axes[axis].lowest[alike], scored.axes[axis].highest[alike]
        self._cut_points = scored.cut_points[axis]
        self._lacks: list[tuple[frozenset[str], Points]] = []
        for leaf, found in zip(scored.leaves, scored.found_by_leaf, strict=True):
            lacks = found.lacks[found.lacking[alike[0]]]
            if leaf.axis is axis and lacks:
                self._lacks.append((lacks, _possible_points(leaf, found.sets[found.possible[alike[0]]])))
        self._known: dict[tuple[Points, ...], tuple[Flags, Flags]] = {}

    def decides(self, wanted: frozenset[str]) -> tuple[Flags, Flags]:
        """For whom one category is left for all, and for some, of what the wanted items can turn out to be."""
        told = tuple(points for lacks, points in self._lacks if lacks <= wanted)
        if told not in self._known:
            self._known[told] = self._decides(told)
        return self._known[told]

    def _decides(self, told: tuple[Points, ...]) -> tuple[Flags, Flags]:
        lowest = self._lowest - sum(points[0] for points, _ in told)
        highest = self._highest - sum(points[-1] for points, _ in told)
        sums, is_dense = _sums_of(told)
        every = sums[-1] - sums[0] + 1 if is_dense else len(sums)
        middle, high = self._cut_points
        one, other = (middle - highest, middle - lowest), (high - highest, high - lowest)
        both = (np.maximum(one[0], other[0]), np.minimum(one[1], other[1]))
        count = _count_in_dense if is_dense else _count_among
        still_open = count(sums, *one) + count(sums, *other) - count(sums, *both)
        return still_open == 0, still_open < every


def _possible_points(leaf: Leaf, possible: Possible) -> Points:
    return tuple(points_of(leaf.weight, score) for score in possible.scores), possible.is_dense


@lru_cache(maxsize=128)
def _sums_of(leaves: tuple[Points, ...]) -> tuple[Ints, bool]:
    """As `domain.next_evidence.sums_of`: what leaves can add up to; the ends alone where that is dense."""
    ends = np.array([sum(points[end] for points, _ in leaves) for end in (0, -1)], dtype=np.int64)
    if any(is_dense for _, is_dense in leaves):
        return ends, True
    sums = np.zeros(1, dtype=np.int64)
    for points, _ in leaves:
        sums = np.unique(np.add.outer(sums, points))
        if len(sums) > MOST_SUMS:
            return ends, True
    return sums, False


def _count_in_dense(ends: Ints, start: Ints, end: Ints) -> Ints:
    """How many of the numbers between the ends lie from start up to but not including end."""
    first, last = ends
    return np.asarray(np.maximum(0, np.minimum(end, last + 1) - np.maximum(start, first)), dtype=np.int64)


def _count_among(sums: Ints, start: Ints, end: Ints) -> Ints:
    """How many of the sums lie from start up to but not including end."""
    return np.asarray(np.maximum(0, np.searchsorted(sums, end) - np.searchsorted(sums, start)), dtype=np.int64)


def joined(sets: Sequence[Items]) -> list[str]:
    """Sets of items as they are stored: `a+b`."""
    return ["+".join(items) for items in sets]
