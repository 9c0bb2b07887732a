"""A talent map as it is exchanged: the points of indicators, and everything that follows from them by the rubric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain import nine_box
from app.domain.evidence import Kind
from app.domain.nine_box import Axis
from app.domain.placement import AxisPlacement, Placement, reachable_boxes, reachable_categories, talent_value
from app.domain.rubric import CutPoints, Rubric, kinds_of

Points = Sequence[int | None]
"""Millionths, one for each indicator of a tree in its order; None where unknown."""
IndicatorKey = tuple[Axis, str, str]
"""Axis, component and code: what makes an indicator the same in another tree."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of one of a rubric's trees; `weight` is the most points it can have, in millionths."""

    variant: int
    axis: Axis
    component: str
    code: str
    label: str
    weight: int
    leaves: tuple[int, ...]
    """The ordinals of its leaves, from 1."""
    items: tuple[str, ...]
    """The items of completeness its leaves need."""

    @property
    def key(self) -> IndicatorKey:
        return self.axis, self.component, self.code


def kinds_of_indicator(rubric: Rubric, indicator: Indicator) -> frozenset[Kind]:
    """The kinds of evidence that an indicator rests on."""
    leaves = rubric.trees[indicator.variant].leaves
    return frozenset[Kind]().union(*(kinds_of(leaves[ordinal - 1].measure) for ordinal in indicator.leaves))


def points_of_indicators(indicators: Sequence[Indicator], leaves: Points) -> list[int | None]:
    """The points of each indicator of a tree from those of its leaves; unknown as long as one leaf is."""
    told = []
    for indicator in indicators:
        parts = [points for leaf in indicator.leaves if (points := leaves[leaf - 1]) is not None]
        told.append(sum(parts) if len(parts) == len(indicator.leaves) else None)
    return told


def place_by_points(rubric: Rubric, variant: int, indicators: Sequence[Indicator], points: Points) -> Placement:
    """Where the points of a tree's indicators put somebody; it has no findings of leaves.

    An unknown indicator can be anything from nothing to its whole weight: what its leaves can be is not told.
    """
    cut_points, known = rubric.trees[variant].cut_points, dict(zip(indicators, points, strict=True))
    performance, potential = (_axis(axis, known, cut_points) for axis in (Axis.PERFORMANCE, Axis.POTENTIAL))
    lacking = {item for indicator, told in known.items() if told is None for item in indicator.items}
    return Placement(
        because=(),
        variant=variant,
        performance=performance,
        potential=potential,
        box=nine_box.box_of(performance.category, potential.category),
        reachable=reachable_boxes(performance.reachable, potential.reachable),
        talent_value=talent_value(rubric, {Axis.PERFORMANCE: performance.value, Axis.POTENTIAL: potential.value}),
        missing=tuple(item for item in rubric.items if item in lacking),
    )


def _axis(axis: Axis, points: Mapping[Indicator, int | None], cut_points: CutPoints) -> AxisPlacement:
    possible = [
        (0, indicator.weight) if told is None else (told,)
        for indicator, told in points.items()
        if indicator.axis is axis
    ]
    lowest, highest = sum(ends[0] for ends in possible), sum(ends[-1] for ends in possible)
    value = lowest if all(len(ends) == 1 for ends in possible) else None
    category = None if value is None else nine_box.category_of(value, cut_points[axis])
    reachable = reachable_categories(possible, cut_points[axis], is_dense=True)
    return AxisPlacement(value, lowest, highest, category, reachable)
