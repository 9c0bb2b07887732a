"""What would decide whom, for a whole batch; equal to `domain.next_evidence.deciding` for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.next_evidence import Items, Sums, sets_of, sums_of
from app.domain.nine_box import Axis
from app.domain.rubric import ANY_TREE, Leaf, Rubric, points_of
from app.kernels.columns import UNKNOWN, Flags, Ints
from app.kernels.found import Found
from app.kernels.scoring import Scored


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
    decided: list[tuple[frozenset[str], Flags, Flags]] = []
    smallest = []
    for wanted in sets_of(missing):
        items = frozenset(wanted)
        sure, maybe = np.ones(len(alike), dtype=bool), np.ones(len(alike), dtype=bool)
        for axis in Axis:
            surely, possibly = _decides(scored, axis, alike, items)
            sure, maybe = sure & surely, maybe & possibly
        is_new_sure, is_new_maybe = sure.copy(), maybe.copy()
        for smaller, was_sure, was_maybe in decided:
            if smaller < items:
                is_new_sure &= ~was_sure
                is_new_maybe &= ~was_maybe
        decided.append((items, sure, maybe))
        smallest.append((wanted, is_new_sure, is_new_maybe))
    return smallest


def _decides(scored: Scored, axis: Axis, alike: Ints, wanted: frozenset[str]) -> tuple[Flags, Flags]:
    told: list[tuple[tuple[int, ...], bool]] = []
    lowest, highest = scored.axes[axis].lowest[alike], scored.axes[axis].highest[alike]
    for leaf, found in zip(scored.leaves, scored.found_by_leaf, strict=True):
        lacks = found.lacks[found.lacking[alike[0]]]
        if leaf.axis is axis and lacks and lacks <= wanted:
            points = _possible_points(leaf, found, alike[0])
            told.append((points, found.sets[found.possible[alike[0]]].is_dense))
            lowest, highest = lowest - points[0], highest - points[-1]
    sums = sums_of(told)
    every = sums.values[-1] - sums.values[0] + 1 if sums.is_dense else len(sums.values)
    middle, high = scored.cut_points[axis]
    one, other = (middle - highest, middle - lowest), (high - highest, high - lowest)
    both = (np.maximum(one[0], other[0]), np.minimum(one[1], other[1]))
    still_open = _count(sums, *one) + _count(sums, *other) - _count(sums, *both)
    return still_open == 0, still_open < every


def _possible_points(leaf: Leaf, found: Found, person: int) -> tuple[int, ...]:
    return tuple(points_of(leaf.weight, score) for score in found.sets[found.possible[person]].scores)


def _count(sums: Sums, start: Ints, end: Ints) -> Ints:
    """How many of the sums lie from start up to but not including end."""
    if sums.is_dense:
        first, last = sums.values[0], sums.values[-1]
        count = np.minimum(end, last + 1) - np.maximum(start, first)
    else:
        count = np.searchsorted(sums.values, end) - np.searchsorted(sums.values, start)
    return np.asarray(np.maximum(0, count), dtype=np.int64)


def joined(sets: Sequence[Items]) -> list[str]:
    """Sets of items as they are stored: `a+b`."""
    return ["+".join(items) for items in sets]
