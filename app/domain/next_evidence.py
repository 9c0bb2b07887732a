"""Which missing evidence would decide somebody's box: surely, whatever it turns out to be, or if it turns out so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from app.domain.finding import Finding
from app.domain.nine_box import Axis
from app.domain.placement import MOST_SUMS, Placement, possible_points
from app.domain.rubric import ANY_TREE, Rubric

LARGEST_SET = 3  # items; beyond that only all of them together are looked at

Items = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deciding:
    """The smallest sets of missing items that decide, in the order of size and of the rubric's items."""

    surely: tuple[Items, ...]
    """One box is left whatever they turn out to be, and whatever else stays unknown."""
    possibly: tuple[Items, ...]
    """One box is left for some of what they can turn out to be."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What some leaves can add up to, ascending, in millionths. Dense: everything from the first to the last."""

    values: tuple[int, ...]
    is_dense: bool = False


def sets_of(items: Sequence[str]) -> Iterator[Items]:
    """The sets of items that are looked at, smaller ones first."""
    for size in range(1, min(LARGEST_SET, len(items)) + 1):
        yield from combinations(items, size)
    if len(items) > LARGEST_SET:
        yield tuple(items)


def sums_of(leaves: Collection[tuple[Sequence[int], bool]]) -> Sums:
    """What leaves, each with its possible points and whether they are dense, can add up to.

    Where weights are so uneven that almost everything is possible, everything is taken to be: then fewer sets decide
    surely and more possibly than an endless calculation would find.
    """
    ends = (sum(points[0] for points, _ in leaves), sum(points[-1] for points, _ in leaves))
    if any(is_dense for _, is_dense in leaves):
        return Sums(ends, is_dense=True)
    sums = {0}
    for points, _ in leaves:
        sums = {known + more for known, more in product(sums, points)}
        if len(sums) > MOST_SUMS:
            return Sums(ends, is_dense=True)
    return Sums(tuple(sorted(sums)))


def deciding(rubric: Rubric, placement: Placement) -> Deciding:
    """What would decide somebody who can still be in several boxes. An item that both axes need is taken as two.

    Nothing is said of somebody of whom not even the tree of the rubric is known.
    """
    if placement.decided_box is not None or placement.variant == ANY_TREE:
        return Deciding((), ())
    cut_points = rubric.trees[placement.variant].cut_points
    surely: list[Items] = []
    possibly: list[Items] = []
    for wanted in sets_of(placement.missing):
        sure, maybe = True, True
        for axis in Axis:
            findings = [finding for finding in placement.because if finding.leaf.axis is axis]
            surely_here, possibly_here = _decides(findings, frozenset(wanted), cut_points[axis])
            sure, maybe = sure and surely_here, maybe and possibly_here
        if sure and not _has_smaller(surely, wanted):
            surely.append(wanted)
        if maybe and not _has_smaller(possibly, wanted):
            possibly.append(wanted)
    return Deciding(tuple(surely), tuple(possibly))


def _decides(findings: Collection[Finding], wanted: frozenset[str], cut_points: tuple[int, int]) -> tuple[bool, bool]:
    """Whether the axis has one category left for all, and for some, of what the wanted items can turn out to be."""
    told = [one for one in findings if one.score is None and one.lacking and one.lacking <= wanted]
    rest = [possible_points(one) for one in findings if one not in told]
    lowest, highest = sum(points[0] for points in rest), sum(points[-1] for points in rest)
    sums = sums_of([(possible_points(one), one.possible.is_dense) for one in told])
    # between lowest and highest lies a cut point for exactly these sums
    spans = [(cut - highest, cut - lowest) for cut in cut_points]
    open_sums = _count_in_any(sums, spans)
    every = sums.values[-1] - sums.values[0] + 1 if sums.is_dense else len(sums.values)
    return open_sums == 0, open_sums < every


def _count_in_any(sums: Sums, spans: Sequence[tuple[int, int]]) -> int:
    """How many sums lie in one of two spans, each from its first number up to but not including its second."""
    (one, until_one), (other, until_other) = spans
    if sums.is_dense:
        first, last = sums.values[0], sums.values[-1]

        def count(start: int, end: int) -> int:
            return max(0, min(end, last + 1) - max(start, first))

        both = count(max(one, other), min(until_one, until_other))
        return count(one, until_one) + count(other, until_other) - both
    return sum(one <= value < until_one or other <= value < until_other for value in sums.values)


def _has_smaller(found: Collection[Items], wanted: Items) -> bool:
    return any(set(smaller) <= set(wanted) for smaller in found)
