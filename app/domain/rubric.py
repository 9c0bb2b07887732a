"""A rubric: a weighted tree over evidence, as data with a version (BKN Decree 411/2025 is the default).

`finding` measures one leaf of the tree on one person, `placement` adds the leaves up. Points are integer millionths, so
the parts of an axis add up to its value exactly and cut points compare integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.domain.careers import PositionLevel, target_of
from app.domain.evidence import Kind
from app.domain.nine_box import Axis

MILLION = 1_000_000
NONE = "none"  # the category of a register that was checked and holds nothing


class Pick(StrEnum):
    """Which row of a kind decides."""

    PREVIOUS_YEAR = "previousYear"
    LATEST_YEAR = "latestYear"
    HIGHEST = "highest"


Bands = tuple[tuple[int, Fraction], ...]
"""Lower edges (inclusive) with their scores, highest edge first; the last edge is 0."""


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """The score of the category that one row states; with `NONE` among the scores, an empty register has one too."""

    kind: Kind
    pick: Pick
    scores: Mapping[str, Fraction]
    window_years: int | None = None
    years_back: int = 1
    """Of `PREVIOUS_YEAR`: the row of as-of − n years decides."""


@dataclass(frozen=True, slots=True)
class CountInWindow:
    """How many rows (of some codes, or all) lie in the window, scored by bands."""

    kind: Kind
    bands: Bands
    window_years: int | None
    codes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class LevelRatio:
    """One level of the latest assessment: min(actual, standard) ÷ standard, or ÷ `scale` where there is no standard."""

    kind: Kind
    aspect: int
    scale: int | None = None
    window_years: int | None = None
    """How long an assessment is valid."""


@dataclass(frozen=True, slots=True)
class LevelSum:
    """The sum of all levels of the latest assessment ÷ the sum of the standards `above` levels higher, at most 1."""

    kind: Kind
    above: int = 0
    window_years: int | None = None


@dataclass(frozen=True, slots=True)
class DirectValue:
    """The total of an instrument as it was stated, on a scale from `lowest` to `highest`; score = value ÷ highest."""

    instrument: str
    lowest: Fraction
    highest: Fraction
    window_years: int | None = None
    kind: Kind = Kind.ASSESSMENT_SCORE


@dataclass(frozen=True, slots=True)
class YearsInLevel:
    """Completed years since the first definitive post at the present level, scored by bands."""

    bands: Bands
    kind: Kind = Kind.POSITION


@dataclass(frozen=True, slots=True)
class Breadth:
    """In how many units, or another institution, definitive posts were held."""

    scores: Mapping[str, Fraction]  # one_unit, cross_unit, cross_institution
    kind: Kind = Kind.POSITION


@dataclass(frozen=True, slots=True)
class WorstSanction:
    """The worst sanction begun in the window; one still being served beats everything; an open end is unknown."""

    scores: Mapping[str, Fraction]  # none, light, medium, heavy, serving
    window_years: int
    kind: Kind = Kind.SANCTION


@dataclass(frozen=True, slots=True)
class Given:
    """A score that follows from the purpose of the mapping, not from evidence about the person."""

    found: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the scores of several parts, weighted by their weights."""

    parts: tuple[Leaf, ...]


Measure = (
    CategoryScore
    | CountInWindow
    | LevelRatio
    | LevelSum
    | DirectValue
    | YearsInLevel
    | Breadth
    | WorstSanction
    | Given
    | Mean
)


class Half(StrEnum):
    """Where a half is rounded to."""

    EVEN = "halfEven"
    UP = "halfUp"


@dataclass(frozen=True, slots=True)
class Rounding:
    """How an institution rounds a score (0–100) before it is weighted: part of its rule."""

    decimals: int
    half: Half

    def of(self, score: Fraction) -> Fraction:
        """The rounded score, exact."""
        unit = 10**self.decimals
        scaled = score * unit
        return Fraction(round(scaled) if self.half is Half.EVEN else (scaled + Fraction(1, 2)) // 1, unit)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The smallest part of a rubric that has points, or a part of a mean.

    `weight` is in points of the axis, which has 100; of a part of a mean it counts relative to the other parts.
    """

    axis: Axis
    component: str
    indicator: str
    code: str
    weight: Fraction
    item: str | None
    """The item of completeness this leaf needs; None where it needs none, or its parts do."""
    measure: Measure
    rounding: Rounding | None = None


def kinds_of(measure: Measure) -> frozenset[Kind]:
    """The kinds of evidence that a measure looks at."""
    if isinstance(measure, Given):
        return frozenset()
    if isinstance(measure, Mean):
        return frozenset[Kind]().union(*(kinds_of(part.measure) for part in measure.parts))
    return frozenset({measure.kind})


CutPoints = Mapping[Axis, tuple[int, int]]
"""From which axis value, in millionths, the middle and the high category begin (an edge `>` is one millionth more)."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another tree and other cut points for talents whose target, the level above their own, is one of these."""

    target_levels: frozenset[PositionLevel]
    leaves: tuple[Leaf, ...]
    cut_points: CutPoints


@dataclass(frozen=True, slots=True)
class Rubric:
    """One version of a rubric. Standards per position level and competency."""

    code: str
    version: int
    leaves: tuple[Leaf, ...]
    cut_points: CutPoints
    talent_value_weights: Mapping[Axis, int]
    standards: Mapping[PositionLevel, tuple[int, ...]]
    items: tuple[str, ...]
    variants: tuple[Variant, ...] = ()

    @property
    def trees(self) -> tuple[Rubric | Variant, ...]:
        """What people are scored by: the rubric's own tree, then its variants."""
        return (self, *self.variants)


ANY_TREE = -1


def tree_number(rubric: Rubric, level: PositionLevel | None) -> int:
    """Which of the rubric's trees holds for somebody of that level, 0 where no variant does.

    ANY_TREE where that cannot be said: the level is unknown and there are variants.
    """
    if level is None:
        return ANY_TREE if rubric.variants else 0
    target = target_of(level)
    return next((n for n, variant in enumerate(rubric.variants, start=1) if target in variant.target_levels), 0)


def points_of(weight: Fraction, score: Fraction) -> int:
    """Weight × score ÷ 100 in millionths, rounded half to even."""
    return round(weight * score * MILLION / 100)


def score_of_band(bands: Bands, number: int) -> Fraction:
    """The score of the highest band whose lower edge the number reaches."""
    return next(score for edge, score in bands if number >= edge)
