"""Movement between two cycles: who stands in another box, and which of the changes in between moved them there.

From the box published in the earlier cycle to the one published in the later, the things that can change are replaced
one after the other, always in this order:

1. data: all evidence except ratings, and the day of mapping;
2. rating: the leaves of the rubric that look at an appraisal, its rating of work results, or 360 feedback, be it in one
   part of a mean only;
3. rubric;
4. calibration.

After `data` the earlier rubric looks at the later evidence as of the later day, and at the ratings as the earlier cycle
did. The tree of the rubric is the one for the later level; a leaf of it that is a rating is measured on the earlier
evidence as of the earlier day, which comes to the points of the earlier cycle. After `rating` it looks at the later
evidence alone; after `rubric` stands the later cycle's calculated box. A box that the earlier cycle's committee decided
stands until calibration itself is replaced, so that whoever was moved there moves away by `calibration`.

The first replacement after which the box is another one gets the move; a box that can no longer be told is another one.
Each mover therefore has exactly one cause, and the four causes add up to the movers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.cycles import Phase, must_be_in
from app.domain.errors import Conflict
from app.domain.evidence import Kind, Record
from app.domain.finding import Finding, current_level, find
from app.domain.nine_box import Axis, box_of, category_of
from app.domain.placement import axis_value, place
from app.domain.rubric import ANY_TREE, Given, Leaf, Mean, Rubric, tree_number

COMPARABLE_IN = tuple(Phase)[tuple(Phase).index(Phase.CALIBRATION) :]
"""The phases in which everybody of a cycle has been placed; until its publication a comparison is a draft as well."""
RATINGS = frozenset({Kind.PERFORMANCE_APPRAISAL, Kind.WORK_RESULT, Kind.FEEDBACK_360})


class Cause(StrEnum):
    """What moved somebody, in the order in which the changes are replaced."""

    DATA = "data"
    RATING = "rating"
    RUBRIC = "rubric"
    CALIBRATION = "calibration"


CAUSES = tuple(Cause)
Boxes = tuple[int | None, ...]
"""The published box of the earlier cycle, then the box after each cause; None where there is none."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Somebody in one cycle: what was looked at, by which rubric as of which day, and what the committee decided."""

    rubric: Rubric
    record: Record
    as_of: date
    calibrated_box: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A cycle that is to be compared with another one."""

    name: str
    as_of: date
    phase: Phase
    is_imported: bool


def must_be_comparable(earlier: Compared, later: Compared) -> None:
    """Both are calculated here, and the earlier one looks at an earlier day, or at the same."""
    for cycle in (later, earlier):
        if cycle.is_imported:
            raise Conflict("cycle.imported")
        must_be_in(cycle.phase, COMPARABLE_IN)
    if earlier.as_of > later.as_of:
        raise Conflict("movement.order", earlier=earlier.name, later=later.name)


def is_rating(leaf: Leaf) -> bool:
    """Whether a leaf, or one part of it, looks at ratings by other people."""
    match leaf.measure:
        case Mean(parts=parts):
            return any(is_rating(part) for part in parts)
        case Given():
            return False
        case measure:
            return measure.kind in RATINGS


def boxes_between(earlier: Mapped, later: Mapped, institution: str) -> Boxes:
    """The way from the earlier cycle's published box to the later one's, one replacement at a time."""
    calculated = place(later.rubric, later.record, later.as_of, institution).box
    if (held := earlier.calibrated_box) is not None:
        steps: Boxes = (held,) * len(CAUSES)
    else:
        steps = (
            place(earlier.rubric, earlier.record, earlier.as_of, institution).box,
            _box_with_earlier_ratings(earlier, later, institution),
            place(earlier.rubric, later.record, later.as_of, institution).box,
            calculated,
        )
    return (*steps, calculated if later.calibrated_box is None else later.calibrated_box)


def _box_with_earlier_ratings(earlier: Mapped, later: Mapped, institution: str) -> int | None:
    """Where the earlier rubric puts the later evidence, if the ratings had stayed as they were."""
    rubric = earlier.rubric
    variant = tree_number(rubric, current_level(later.record, later.as_of))
    if variant == ANY_TREE:
        return None
    tree = rubric.trees[variant]

    def measured(leaf: Leaf) -> Finding:
        source = earlier if is_rating(leaf) else later
        return find(leaf, rubric, source.record, source.as_of, institution)

    findings = [measured(leaf) for leaf in tree.leaves]
    values = {axis: axis_value(one for one in findings if one.leaf.axis is axis) for axis in Axis}
    performance, potential = (
        None if (value := values[axis]) is None else category_of(value, tree.cut_points[axis])
        for axis in (Axis.PERFORMANCE, Axis.POTENTIAL)
    )
    return box_of(performance, potential)


def cause_of(boxes: Sequence[int | None]) -> Cause | None:
    """What moved somebody; None for who stands where they stood, and for who is not assessed in both cycles."""
    first, last = boxes[0], boxes[-1]
    if first is None or last is None or first == last:
        return None
    return next(cause for cause, box in zip(CAUSES, boxes[1:], strict=True) if box != first)
