"""The rubric on arrays: thousands of people at once, equal to `domain.placement.place` for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from app.domain import nine_box
from app.domain.finding import level_item
from app.domain.nine_box import BOXES, Axis
from app.domain.placement import reaches_middle
from app.domain.rubric import ANY_TREE, MILLION, CutPoints, Leaf, Rubric, Variant, points_of, tree_number
from app.kernels.columns import LEVELS, NO_DAY, UNKNOWN, Flags, Ints, People, Words, current_level
from app.kernels.found import UNKNOWN_REASONS, Batch, Found
from app.kernels.leaves import find

LOW, MIDDLE, HIGH = range(3)


@dataclass(frozen=True, slots=True)
class AxisScored:
    """One axis for everybody, in millionths; `value` and `category` are negative where unknown."""

    value: Ints
    lowest: Ints
    highest: Ints
    category: Ints
    reachable: Flags
    """Person by category."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What one tree of the rubric found about `who` (places in the batch), person by leaf. Negative is unknown."""

    who: Ints
    variant: int
    leaves: Sequence[Leaf]
    found_by_leaf: Sequence[Found]
    reasons: npt.NDArray[np.int8]
    found: Words
    scores: Ints
    points: Ints
    evidence_ids: Ints
    evidence_days: Ints
    axes: Mapping[Axis, AxisScored]
    cut_points: CutPoints
    box: Ints
    """0 where not assessed."""
    reachable: Flags
    """Person by box."""
    talent_value: Ints
    """In hundred-millionths of a point."""
    missing: Flags
    """Person by item of completeness."""
    lowest_rung: Ints
    oldest_evidence: Ints

    @property
    def decided_box(self) -> Ints:
        """The only reachable box; 0 where there are several."""
        is_decided = self.reachable.sum(axis=1) == 1
        return np.where(is_decided, self.reachable.argmax(axis=1) + 1, 0)


def score(rubric: Rubric, people: People, as_of: date) -> Iterator[Scored]:
    """Place a batch of people as of a day; one result per tree of the rubric that somebody in the batch needs."""
    level = current_level(people, as_of)
    number_of = np.array([*(tree_number(rubric, one) for one in LEVELS), tree_number(rubric, None)])[level]
    for variant in np.unique(number_of).tolist():
        who = np.flatnonzero(number_of == variant)
        own = people if len(who) == people.size else people.of(who)
        yield _score(rubric, variant, Batch(rubric, own, level[who], as_of), who)


def _score(rubric: Rubric, variant: int, batch: Batch, who: Ints) -> Scored:
    tree: Rubric | Variant = rubric.trees[max(variant, 0)]
    found = [find(leaf, batch) for leaf in tree.leaves]
    ends = [_ends(leaf, one) for leaf, one in zip(tree.leaves, found, strict=True)]
    points = np.stack(
        [np.where(UNKNOWN_REASONS[one.reason], UNKNOWN, lowest) for one, (lowest, _) in zip(found, ends, strict=True)],
        axis=1,
    )
    axes = {axis: _axis(axis, tree, found, ends, points) for axis in Axis}
    missing = _missing(rubric, found)
    if variant == ANY_TREE:
        axes = dict.fromkeys(Axis, _anything(len(who)))
        missing |= np.array([item in level_item(rubric) for item in rubric.items])
    days = np.stack([one.day for one in found], axis=1)
    rungs = np.stack([one.rung for one in found], axis=1)
    return Scored(
        who=who,
        variant=variant,
        leaves=tree.leaves,
        found_by_leaf=found,
        reasons=np.stack([one.reason for one in found], axis=1).astype(np.int8),
        found=np.stack([one.found for one in found], axis=1),
        scores=np.stack([_scores(one) for one in found], axis=1),
        points=points,
        evidence_ids=np.stack([one.evidence for one in found], axis=1),
        evidence_days=days,
        axes=axes,
        cut_points=tree.cut_points,
        box=boxes_of(axes[Axis.PERFORMANCE].category, axes[Axis.POTENTIAL].category),
        reachable=_reachable(axes),
        talent_value=_talent_value(rubric, axes),
        missing=missing,
        lowest_rung=_least(np.where(points == UNKNOWN, UNKNOWN, rungs), UNKNOWN),
        oldest_evidence=_least(np.where(points == UNKNOWN, NO_DAY, days), NO_DAY),
    )


def _scores(found: Found) -> Ints:
    table = np.array([round(possible.lowest * MILLION) for possible in found.sets], dtype=np.int64)
    return np.where(UNKNOWN_REASONS[found.reason], UNKNOWN, table[found.possible])


def _ends(leaf: Leaf, found: Found) -> tuple[Ints, Ints]:
    """The fewest and the most points that are possible, for everybody."""
    lowest = np.array([points_of(leaf.weight, possible.lowest) for possible in found.sets], dtype=np.int64)
    highest = np.array([points_of(leaf.weight, possible.highest) for possible in found.sets], dtype=np.int64)
    return lowest[found.possible], highest[found.possible]


def _axis(
    axis: Axis, tree: Rubric | Variant, found: Sequence[Found], ends: Sequence[tuple[Ints, Ints]], points: Ints
) -> AxisScored:
    places = [place for place, leaf in enumerate(tree.leaves) if leaf.axis is axis]
    own = [(tree.leaves[place], found[place]) for place in places]
    lowest, highest = (np.sum([ends[place][end] for place in places], axis=0) for end in (0, 1))
    is_known = np.logical_and.reduce([points[:, place] != UNKNOWN for place in places])
    value = np.where(is_known, lowest, UNKNOWN)
    cut_points = tree.cut_points[axis]
    first, last = np.searchsorted(cut_points, lowest, "right"), np.searchsorted(cut_points, highest, "right")
    reachable = np.stack([first == LOW, (first <= MIDDLE) & (last >= MIDDLE), last == HIGH], axis=1)
    leaps = np.flatnonzero((first == LOW) & (last == HIGH))
    if len(leaps):
        reachable[leaps, MIDDLE] = _reach_middle(own, leaps, cut_points)
    return AxisScored(value, lowest, highest, np.where(is_known, first, UNKNOWN), reachable)


def _anything(size: int) -> AxisScored:
    """Of people of whom not even the tree is known."""
    unknown, lowest = np.full(size, UNKNOWN), np.zeros(size, np.int64)
    return AxisScored(unknown, lowest, lowest + 100 * MILLION, unknown, np.ones((size, 3), dtype=bool))


def _reach_middle(own: Sequence[tuple[Leaf, Found]], who: Ints, cut_points: tuple[int, int]) -> Flags:
    """Who of those that can be low and can be high can also be between; see `domain.placement.reaches_middle`."""
    points = [
        [tuple(points_of(leaf.weight, score) for score in possible.scores) for possible in found.sets]
        for leaf, found in own
    ]
    is_sure = np.ones(len(who), dtype=bool)
    is_dense = np.zeros(len(who), dtype=bool)
    for (_, found), sets in zip(own, points, strict=True):
        widest = np.array([max((b - a for a, b in pairwise(one)), default=0) for one in sets])
        dense = np.array([possible.is_dense for possible in found.sets])
        is_dense |= dense[found.possible[who]]
        is_sure &= widest[found.possible[who]] <= cut_points[1] - cut_points[0]
    reach = is_sure | is_dense
    unsure = np.flatnonzero(~reach)
    if len(unsure):
        rows = np.stack([found.possible[who[unsure]] for _, found in own])
        different, number = np.unique(rows, axis=1, return_inverse=True)
        answers = [
            reaches_middle([sets[n] for sets, n in zip(points, column, strict=True)], cut_points)
            for column in different.T.tolist()
        ]
        reach[unsure] = np.array(answers)[number.reshape(-1)]
    return reach


def boxes_of(performance: Ints, potential: Ints) -> Ints:
    """The boxes of pairs of categories, which are negative where unknown; 0 where either is."""
    box = np.array(nine_box.BOX_OF)[performance, potential]
    return np.where((performance == UNKNOWN) | (potential == UNKNOWN), 0, box)


def _reachable(axes: Mapping[Axis, AxisScored]) -> Flags:
    performance, potential = axes[Axis.PERFORMANCE].reachable, axes[Axis.POTENTIAL].reachable
    reachable = np.zeros((len(performance), len(BOXES)), dtype=bool)
    for row, boxes in enumerate(nine_box.BOX_OF):
        for column, box in enumerate(boxes):
            reachable[:, box - 1] = performance[:, row] & potential[:, column]
    return reachable


def _talent_value(rubric: Rubric, axes: Mapping[Axis, AxisScored]) -> Ints:
    total = np.zeros(len(axes[Axis.PERFORMANCE].value), dtype=np.int64)
    is_known = np.ones(len(total), dtype=bool)
    for axis, weight in rubric.talent_value_weights.items():
        is_known &= axes[axis].value != UNKNOWN
        total += axes[axis].value * weight
    return np.where(is_known, total, UNKNOWN)


def _missing(rubric: Rubric, found: Sequence[Found]) -> Flags:
    missing = np.zeros((found[0].size, len(rubric.items)), dtype=bool)
    for one in found:
        lacks = np.array([[item in items for item in rubric.items] for items in one.lacks], dtype=bool)
        missing |= lacks[one.lacking]
    return missing


def _least(numbers: Ints, nothing: int) -> Ints:
    """The least number of each row that is not `nothing`."""
    most = np.iinfo(np.int64).max
    least = np.where(numbers == nothing, most, numbers).min(axis=1)
    return np.where(least == most, nothing, least)
