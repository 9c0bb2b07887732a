"""Where a rubric puts one person: both axes, the box, and what is still possible while evidence is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise, product

from app.domain import nine_box
from app.domain.evidence import Record
from app.domain.finding import Finding, current_level, find, level_item
from app.domain.nine_box import CATEGORIES, Axis, Category
from app.domain.rubric import ANY_TREE, MILLION, CutPoints, Rubric, points_of, tree_number

MOST_SUMS = 20_000  # told apart
Points = Sequence[int]
"""What one leaf can contribute, in millionths, ascending; one number where it is known."""


@dataclass(frozen=True, slots=True)
class AxisPlacement:
    """One axis: its value if known, and from where to where it can still be; in millionths."""

    value: int | None
    lowest: int
    highest: int
    category: Category | None
    reachable: frozenset[Category]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a rubric puts one person on a day, with the finding of every leaf as its reasons."""

    because: tuple[Finding, ...]
    variant: int
    """Which tree; ANY_TREE where that is unknown: the findings are those of the first, and every box is possible."""
    performance: AxisPlacement
    potential: AxisPlacement
    box: int | None
    reachable: tuple[int, ...]
    """The boxes that some completion of the evidence leads to, ascending."""
    talent_value: Fraction | None
    """Points; exact."""
    missing: tuple[str, ...]
    """Items of completeness whose evidence is unknown, in the rubric's order."""

    @property
    def decided_box(self) -> int | None:
        """The only reachable box, in spite of missing evidence."""
        return self.reachable[0] if len(self.reachable) == 1 else None


def place(rubric: Rubric, record: Record, as_of: date, institution: str) -> Placement:
    """Place one person as of a day; `institution` is the name of the one that maps."""
    variant = tree_number(rubric, current_level(record, as_of))
    tree = rubric.trees[max(variant, 0)]
    findings = tuple(find(leaf, rubric, record, as_of, institution) for leaf in tree.leaves)
    performance = _axis(findings, Axis.PERFORMANCE, tree.cut_points)
    potential = _axis(findings, Axis.POTENTIAL, tree.cut_points)
    lacking = frozenset[str]().union(*(finding.lacking for finding in findings))
    if variant == ANY_TREE:
        performance = potential = ANYTHING
        lacking |= level_item(rubric)
    return Placement(
        because=findings,
        variant=variant,
        performance=performance,
        potential=potential,
        box=nine_box.box_of(performance.category, potential.category),
        reachable=reachable_boxes(performance.reachable, potential.reachable),
        talent_value=talent_value(rubric, {Axis.PERFORMANCE: performance.value, Axis.POTENTIAL: potential.value}),
        missing=tuple(item for item in rubric.items if item in lacking),
    )


ANYTHING = AxisPlacement(None, 0, 100 * MILLION, None, frozenset(Category))


def _axis(every: Collection[Finding], axis: Axis, cut_points: CutPoints) -> AxisPlacement:
    findings = [finding for finding in every if finding.leaf.axis is axis]
    value = axis_value(findings)
    leaves = [possible_points(finding) for finding in findings]
    is_dense = any(finding.possible.is_dense for finding in findings)
    lowest, highest = sum(points[0] for points in leaves), sum(points[-1] for points in leaves)
    reachable = reachable_categories(leaves, cut_points[axis], is_dense=is_dense)
    category = None if value is None else nine_box.category_of(value, cut_points[axis])
    return AxisPlacement(value, lowest, highest, category, reachable)


def possible_points(finding: Finding) -> Points:
    """The points that the possible scores of a leaf are worth, ascending."""
    return tuple(points_of(finding.leaf.weight, score) for score in finding.possible.scores)


def axis_value(findings: Iterable[Finding]) -> int | None:
    """The sum of an axis's points in millionths; None as long as one part is unknown."""
    total = 0
    for finding in findings:
        if (points := finding.points) is None:
            return None
        total += points
    return total


def reachable_categories(
    leaves: Collection[Points], cut_points: tuple[int, int], *, is_dense: bool = False
) -> frozenset[Category]:
    """The categories that some choice of possible points leads to.

    Between two neighbouring categories nothing can be skipped; from low to high the middle can, if every way there
    leaps over it.
    """
    lowest, highest = sum(points[0] for points in leaves), sum(points[-1] for points in leaves)
    ends = {nine_box.category_of(lowest, cut_points), nine_box.category_of(highest, cut_points)}
    if ends == {Category.LOW, Category.HIGH} and (is_dense or reaches_middle(leaves, cut_points)):
        return frozenset(Category)
    return frozenset(ends)


def reaches_middle(leaves: Collection[Points], cut_points: tuple[int, int]) -> bool:
    """Whether some sum lies in the middle category, where the lowest lies below it and the highest above.

    Going from the lowest to the highest sum one leaf and one step at a time, no leap over the middle is possible if
    each step is at most as wide as the middle; otherwise all sums are looked at, unless they are so many that some lies
    anywhere.
    """
    middle, high = cut_points
    steps = (later - earlier for points in leaves for earlier, later in pairwise(points))
    if max(steps, default=0) <= high - middle:
        return True
    sums = {0}
    for points in leaves:
        sums = {known + more for known, more in product(sums, points)}
        if len(sums) > MOST_SUMS:
            return True
    return any(middle <= total < high for total in sums)


def reachable_boxes(performance: Collection[Category], potential: Collection[Category]) -> tuple[int, ...]:
    """The boxes of all pairs of reachable categories, ascending."""
    pairs = product(performance, potential)
    return tuple(sorted(nine_box.BOX_OF[CATEGORIES.index(one)][CATEGORIES.index(other)] for one, other in pairs))


def talent_value(rubric: Rubric, values: Mapping[Axis, int | None]) -> Fraction | None:
    """The weighted mean of both axes in points; None while either is unknown."""
    total = Fraction(0)
    for axis, weight in rubric.talent_value_weights.items():
        if (value := values[axis]) is None:
            return None
        total += Fraction(value * weight, 100 * MILLION)
    return total
