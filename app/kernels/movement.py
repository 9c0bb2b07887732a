"""Movement on arrays: the way between two cycles for everybody in both, equal to `domain.movement` for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.domain.movement import is_rating
from app.domain.nine_box import Axis
from app.domain.rubric import ANY_TREE, Leaf, Rubric, Variant, points_of, tree_number
from app.kernels.columns import LEVELS, UNKNOWN, Ints, People, current_level
from app.kernels.found import UNKNOWN_REASONS, Batch, Found
from app.kernels.leaves import find
from app.kernels.scoring import boxes_of


@dataclass(frozen=True, slots=True)
class Mapped:
    """People in one cycle: what was looked at, by which rubric, what it came to and what the committee decided.

    Boxes are 0 where there is none.
    """

    rubric: Rubric
    people: People
    as_of: date
    box: Ints
    calibrated_box: Ints


def boxes_between(earlier: Mapped, later: Mapped) -> Ints:
    """Person by step, from one published box to the other; the same people stand in the same order in both cycles."""
    is_held = earlier.calibrated_box > 0
    steps = [earlier.box, *_boxes_by_earlier_rubric(earlier, later), later.box]
    published = np.where(later.calibrated_box > 0, later.calibrated_box, later.box)
    return np.stack([*(np.where(is_held, earlier.calibrated_box, box) for box in steps), published], axis=1)


def causes_of(boxes: Ints) -> Ints:
    """The place in CAUSES of what moved each of them; negative for who did not move from one box to another."""
    first, last = boxes[:, 0], boxes[:, -1]
    has_moved = (first > 0) & (last > 0) & (first != last)
    return np.where(has_moved, (boxes[:, 1:] != first[:, None]).argmax(axis=1), UNKNOWN)


def _boxes_by_earlier_rubric(earlier: Mapped, later: Mapped) -> tuple[Ints, Ints]:
    """Where the earlier rubric puts the later evidence: with the earlier cycle's ratings, and with the later one's."""
    rubric, size = earlier.rubric, later.people.size
    with_earlier, with_later = np.zeros(size, np.int64), np.zeros(size, np.int64)
    level = current_level(later.people, later.as_of)
    earlier_level = current_level(earlier.people, earlier.as_of)
    number_of = np.array([*(tree_number(rubric, one) for one in LEVELS), tree_number(rubric, None)])[level]
    for variant in np.unique(number_of[number_of != ANY_TREE]).tolist():
        who, tree = np.flatnonzero(number_of == variant), rubric.trees[variant]
        now = Batch(rubric, later.people.of(who), level[who], later.as_of)
        then = Batch(rubric, earlier.people.of(who), earlier_level[who], earlier.as_of)
        found = [find(leaf, now) for leaf in tree.leaves]
        held = [find(leaf, then) if is_rating(leaf) else one for leaf, one in zip(tree.leaves, found, strict=True)]
        with_earlier[who], with_later[who] = _boxes_of(tree, held), _boxes_of(tree, found)
    return with_earlier, with_later


def _boxes_of(tree: Rubric | Variant, found: Sequence[Found]) -> Ints:
    """The boxes that findings add up to; 0 where a part of either axis is unknown."""
    category: dict[Axis, Ints] = {}
    for axis in Axis:
        points = np.stack(
            [_points(leaf, one) for leaf, one in zip(tree.leaves, found, strict=True) if leaf.axis is axis]
        )
        is_known = (points != UNKNOWN).all(axis=0)
        category[axis] = np.where(
            is_known, np.searchsorted(tree.cut_points[axis], points.sum(axis=0), "right"), UNKNOWN
        )
    return boxes_of(category[Axis.PERFORMANCE], category[Axis.POTENTIAL])


def _points(leaf: Leaf, found: Found) -> Ints:
    """The points of everybody's score, which is the only possible one where it is known."""
    points = np.array([points_of(leaf.weight, possible.lowest) for possible in found.sets], dtype=np.int64)
    return np.where(UNKNOWN_REASONS[found.reason], UNKNOWN, points[found.possible])
