"""A rubric: a weighted tree over evidence, and what it finds about one person.

A rubric is data with a version (BKN Decree 411/2025 is the default); this module gives it meaning. Points are integer
millionths, so the parts of an axis add up to its value exactly and cut points compare integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.domain import nine_box
from app.domain.careers import PositionLevel
from app.domain.evidence import (
    COMPLETE_REGISTERS,
    Entry,
    Kind,
    Record,
    completed_years,
    decisive_day,
    is_within,
    same_institution,
)
from app.domain.nine_box import Axis

MILLION = 1_000_000
NONE = "none"  # the category of a register that was checked and holds nothing


class Reason(StrEnum):
    """Why a leaf has its score, or has none. The sentences are in `messages`."""

    EVIDENCE = "finding.evidence"
    CHECKED_NONE = "finding.checked_none"
    GIVEN = "finding.given"
    NO_EVIDENCE = "finding.no_evidence"
    NOT_CHECKED = "finding.not_checked"
    NOT_CURRENT = "finding.not_current"
    UNRECOGNISED = "finding.unrecognised"
    NO_STANDARD = "finding.no_standard"
    LEVEL_BLANK = "finding.level_blank"
    OPEN_ENDED = "finding.open_ended"


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


@dataclass(frozen=True, slots=True)
class CountInWindow:
    """How many rows (of some codes, or all) lie in the window, scored by bands."""

    kind: Kind
    bands: Bands
    window_years: int
    codes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class LevelRatio:
    """One level of the latest assessment: min(actual, standard) ÷ standard, or ÷ `scale` where there is no standard."""

    kind: Kind
    aspect: int
    scale: int | None = None


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


Measure = CategoryScore | CountInWindow | LevelRatio | YearsInLevel | Breadth | WorstSanction | Given


@dataclass(frozen=True, slots=True)
class Leaf:
    """The smallest weighted part of a rubric. `weight` is in points of the axis, which has 100."""

    axis: Axis
    component: str
    indicator: str
    code: str
    weight: Fraction
    item: str | None
    """The item of completeness this leaf needs; None where it needs none."""
    measure: Measure


@dataclass(frozen=True, slots=True)
class Rubric:
    """One version of a rubric. Cut points in millionths of a point; standards per position level and competency."""

    code: str
    version: int
    leaves: tuple[Leaf, ...]
    cut_points: Mapping[Axis, tuple[int, int]]
    talent_value_weights: Mapping[Axis, int]
    standards: Mapping[PositionLevel, tuple[int, ...]]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one leaf found: `score` 0–100 and `points` in millionths, both None when unknown."""

    leaf: Leaf
    reason: Reason
    found: str | None = None
    score: Fraction | None = None
    evidence: Entry | None = None
    on: date | None = None
    """The day that decided: of the row, or the latest of the rows counted."""

    @property
    def points(self) -> int | None:
        return None if self.score is None else points_of(self.leaf.weight, self.score)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a rubric puts one person on a day, with the finding of every leaf as its reasons."""

    because: tuple[Finding, ...]
    performance: int | None
    potential: int | None
    performance_category: nine_box.Category | None
    potential_category: nine_box.Category | None
    box: int | None
    talent_value: Fraction | None
    """Points; exact."""
    missing: tuple[str, ...]
    """Items of completeness whose evidence is unknown, in the rubric's order."""


def lacking_item(rubric: Rubric, leaf: Leaf, reason: Reason) -> str | None:
    """The item whose evidence is missing: of an assessment without a standard, what would tell the level."""
    if reason is not Reason.NO_STANDARD:
        return leaf.item
    return next((other.item for other in rubric.leaves if isinstance(other.measure, YearsInLevel)), leaf.item)


def points_of(weight: Fraction, score: Fraction) -> int:
    """Weight × score ÷ 100 in millionths, rounded half to even."""
    return round(weight * score * MILLION / 100)


def score_of_band(bands: Bands, number: int) -> Fraction:
    """The score of the highest band whose lower edge the number reaches."""
    return next(score for edge, score in bands if number >= edge)


def place(rubric: Rubric, record: Record, as_of: date, institution: str) -> Placement:
    """Place one person as of a day; `institution` is the name of the one that maps."""
    findings = tuple(find(leaf, rubric, record, as_of, institution) for leaf in rubric.leaves)
    values = {axis: axis_value(findings, axis) for axis in Axis}
    categories = {
        axis: None if value is None else nine_box.category_of(value, rubric.cut_points[axis])
        for axis, value in values.items()
    }
    lacking = {lacking_item(rubric, finding.leaf, finding.reason) for finding in findings if finding.score is None}
    return Placement(
        because=findings,
        performance=values[Axis.PERFORMANCE],
        potential=values[Axis.POTENTIAL],
        performance_category=categories[Axis.PERFORMANCE],
        potential_category=categories[Axis.POTENTIAL],
        box=nine_box.box_of(categories[Axis.PERFORMANCE], categories[Axis.POTENTIAL]),
        talent_value=talent_value(rubric, values),
        missing=tuple(item for item in rubric.items if item in lacking),
    )


def axis_value(findings: Iterable[Finding], axis: Axis) -> int | None:
    """The sum of an axis's points in millionths; None as long as one part is unknown."""
    total = 0
    for finding in findings:
        if finding.leaf.axis is axis:
            if (points := finding.points) is None:
                return None
            total += points
    return total


def talent_value(rubric: Rubric, values: Mapping[Axis, int | None]) -> Fraction | None:
    """The weighted mean of both axes in points; None while either is unknown."""
    total = Fraction(0)
    for axis, weight in rubric.talent_value_weights.items():
        if (value := values[axis]) is None:
            return None
        total += Fraction(value * weight, 100 * MILLION)
    return total


def current_level(record: Record, as_of: date) -> PositionLevel | None:
    """The level of the latest definitive post up to the day; of the personnel record where no post is known."""
    held = [post for post in record.of(Kind.POSITION) if is_within(post.begins, as_of, None)]
    if not held:
        return record.level
    latest = max(held, key=lambda post: (post.begins, post.id))
    return PositionLevel(latest.code) if latest.code else record.level


def find(leaf: Leaf, rubric: Rubric, record: Record, as_of: date, institution: str) -> Finding:
    """What one leaf finds about a person; an unknown has a reason and no score."""
    match leaf.measure:
        case CategoryScore() as measure:
            return _category(leaf, measure, record, as_of)
        case CountInWindow() as measure:
            return _count(leaf, measure, record, as_of)
        case LevelRatio() as measure:
            return _level(leaf, measure, rubric, record, as_of)
        case YearsInLevel() as measure:
            return _years_in_level(leaf, measure, record, as_of)
        case Breadth() as measure:
            return _breadth(leaf, measure, record, as_of, institution)
        case WorstSanction() as measure:
            return _worst_sanction(leaf, measure, record, as_of)
        case Given(found=found, score=score):
            return Finding(leaf, Reason.GIVEN, found, score)


def _category(leaf: Leaf, measure: CategoryScore, record: Record, as_of: date) -> Finding:
    rows = record.of(measure.kind)
    if measure.pick is Pick.HIGHEST:
        usable = [
            row
            for row in rows
            if measure.kind is Kind.EDUCATION
            or is_within(decisive_day(measure.kind, row, as_of), as_of, measure.window_years)
        ]
        scored = [row for row in usable if row.code in measure.scores]
        chosen = max(scored, key=lambda row: (measure.scores[row.code or NONE], row.id), default=None)
    elif measure.pick is Pick.PREVIOUS_YEAR:
        usable = [row for row in rows if row.year == as_of.year - 1]
        chosen = max(usable, key=lambda row: row.id, default=None)
    else:
        usable = [row for row in rows if row.year is not None and row.year <= as_of.year]
        chosen = max(usable, key=lambda row: (row.year, row.id), default=None)
    if chosen is not None and chosen.code is not None and chosen.code in measure.scores:
        day = decisive_day(measure.kind, chosen, as_of)
        return Finding(leaf, Reason.EVIDENCE, chosen.code, measure.scores[chosen.code], chosen, day)
    return _nothing(leaf, measure, record, bool(usable), bool(rows))


def _nothing(leaf: Leaf, measure: CategoryScore, record: Record, any_usable: bool, any_rows: bool) -> Finding:  # noqa: FBT001 - private; each is a plain fact
    """No row decides: none where the register was checked, unknown otherwise."""
    if measure.kind in COMPLETE_REGISTERS:
        if measure.kind not in record.checked:
            return Finding(leaf, Reason.NOT_CHECKED)
        return Finding(leaf, Reason.CHECKED_NONE, NONE, measure.scores[NONE])
    if any_usable:
        return Finding(leaf, Reason.UNRECOGNISED)
    return Finding(leaf, Reason.NOT_CURRENT if any_rows else Reason.NO_EVIDENCE)


def _count(leaf: Leaf, measure: CountInWindow, record: Record, as_of: date) -> Finding:
    if measure.kind not in record.checked:
        return Finding(leaf, Reason.NOT_CHECKED)
    counted = [
        row
        for row in record.of(measure.kind)
        if (measure.codes is None or row.code in measure.codes)
        and is_within(decisive_day(measure.kind, row, as_of), as_of, measure.window_years)
    ]
    score = score_of_band(measure.bands, len(counted))
    if not counted:
        return Finding(leaf, Reason.CHECKED_NONE, "0", score)
    latest = max(counted, key=lambda row: (row.begins, row.id))
    return Finding(leaf, Reason.EVIDENCE, str(len(counted)), score, latest, latest.begins)


def _level(leaf: Leaf, measure: LevelRatio, rubric: Rubric, record: Record, as_of: date) -> Finding:
    rows = record.of(measure.kind)
    usable = [row for row in rows if is_within(row.begins, as_of, None)]
    if not usable:
        return Finding(leaf, Reason.NOT_CURRENT if rows else Reason.NO_EVIDENCE)
    latest = max(usable, key=lambda row: (row.begins, row.id))
    actual = latest.levels[measure.aspect]
    standard = measure.scale
    if standard is None:
        level = current_level(record, as_of)
        if level is None or level not in rubric.standards:
            return Finding(leaf, Reason.NO_STANDARD, evidence=latest, on=latest.begins)
        standard = rubric.standards[level][measure.aspect]
    if actual is None:
        return Finding(leaf, Reason.LEVEL_BLANK, evidence=latest, on=latest.begins)
    score = Fraction(100 * min(actual, standard), standard)
    return Finding(leaf, Reason.EVIDENCE, f"{actual}/{standard}", score, latest, latest.begins)


def _years_in_level(leaf: Leaf, measure: YearsInLevel, record: Record, as_of: date) -> Finding:
    posts, level = record.of(measure.kind), current_level(record, as_of)
    at_level = [post for post in posts if level is not None and post.code == level]
    held = [post for post in at_level if is_within(post.begins, as_of, None)]
    if not held:
        return Finding(leaf, Reason.NOT_CURRENT if posts else Reason.NO_EVIDENCE)
    first = min(held, key=lambda post: (post.begins, post.id))
    years = completed_years(first.begins or as_of, as_of)
    return Finding(leaf, Reason.EVIDENCE, str(years), score_of_band(measure.bands, years), first, first.begins)


def _breadth(leaf: Leaf, measure: Breadth, record: Record, as_of: date, institution: str) -> Finding:
    posts = record.of(measure.kind)
    held = [post for post in posts if is_within(post.begins, as_of, None)]
    if not held:
        return Finding(leaf, Reason.NOT_CURRENT if posts else Reason.NO_EVIDENCE)
    units = {post.unit for post in held if post.unit is not None}
    found = "cross_unit" if len(units) > 1 else "one_unit"
    if not all(same_institution(post.institution, institution) for post in held):
        found = "cross_institution"
    latest = max(held, key=lambda post: (post.begins, post.id))
    return Finding(leaf, Reason.EVIDENCE, found, measure.scores[found], latest, latest.begins)


def _worst_sanction(leaf: Leaf, measure: WorstSanction, record: Record, as_of: date) -> Finding:
    if measure.kind not in record.checked:
        return Finding(leaf, Reason.NOT_CHECKED)
    begun = [row for row in record.of(measure.kind) if is_within(row.begins, as_of, None)]
    if serving := [row for row in begun if row.ends is not None and row.ends >= as_of]:
        latest = max(serving, key=lambda row: (row.begins, row.id))
        return Finding(leaf, Reason.EVIDENCE, "serving", measure.scores["serving"], latest, latest.begins)
    if open_ended := [row for row in begun if row.ends is None]:
        latest = max(open_ended, key=lambda row: (row.begins, row.id))
        return Finding(leaf, Reason.OPEN_ENDED, evidence=latest, on=latest.begins)
    recent = [row for row in begun if row.code is not None and is_within(row.begins, as_of, measure.window_years)]
    if not recent:
        return Finding(leaf, Reason.CHECKED_NONE, NONE, measure.scores[NONE])
    worst = min(recent, key=lambda row: (measure.scores[row.code or NONE], -row.id))
    return Finding(leaf, Reason.EVIDENCE, worst.code, measure.scores[worst.code or NONE], worst, worst.begins)
