"""The rubric on arrays: thousands of people at once, equal to `domain.rubric.place` for each of them.

Every leaf has few possible scores, so its points are worked out once by the domain's own exact arithmetic and looked up
for everybody. What is left to do here is to find the deciding row of each person among rows sorted by person and id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from app.domain import nine_box
from app.domain.careers import PositionLevel
from app.domain.evidence import COMPLETE_REGISTERS, Kind, years_before
from app.domain.nine_box import Axis
from app.domain.rubric import (
    MILLION,
    NONE,
    Breadth,
    CategoryScore,
    CountInWindow,
    Given,
    Leaf,
    LevelRatio,
    Pick,
    Reason,
    Rubric,
    WorstSanction,
    YearsInLevel,
    lacking_item,
    points_of,
)

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNKNOWN = -1  # of scores, points, values, codes
NO_DAY = -(10**6)  # of days, which count from 1970-01-01
EPOCH = date(1970, 1, 1)
REASONS = tuple(Reason)
LEVELS = tuple(PositionLevel)
LEVEL_CODES = {level.value: code for code, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind as columns, sorted by person and id. `code` indexes `codes`; absent values are negative."""

    codes: tuple[str, ...]
    person: Ints
    id: Ints
    code: Ints
    begins: Ints
    ends: Ints
    year: Ints
    unit: Ints
    is_home: Flags
    levels: Ints  # one row per assessment, one column per aspect; 0 where blank


@dataclass(frozen=True, slots=True)
class People:
    """A batch: how many, what is held about them, which registers were checked, and their levels on record."""

    size: int
    rows: Mapping[Kind, Rows]
    checked: Mapping[Kind, Flags]
    level: Ints


@dataclass(frozen=True, slots=True)
class Scored:
    """What the rubric found, person by leaf, and where it places people. Negative numbers are unknown."""

    reasons: npt.NDArray[np.int8]
    found: npt.NDArray[np.object_]
    scores: Ints
    points: Ints
    evidence_ids: Ints
    evidence_days: Ints
    values: Mapping[Axis, Ints]
    categories: Mapping[Axis, Ints]
    box: Ints
    """0 where not assessed."""
    talent_value: Ints
    """In hundred-millionths of a point."""
    missing: Flags
    """Person by item of completeness."""


@dataclass(slots=True)
class _Leaf:
    """What one leaf found, for everybody; starts with nobody known."""

    size: int
    reason: Ints = field(init=False)
    score: Ints = field(init=False)
    points: Ints = field(init=False)
    evidence: Ints = field(init=False)
    day: Ints = field(init=False)
    found: npt.NDArray[np.object_] = field(init=False)

    def __post_init__(self) -> None:
        self.reason = np.full(self.size, REASONS.index(Reason.NO_EVIDENCE))
        self.score, self.points = np.full(self.size, UNKNOWN), np.full(self.size, UNKNOWN)
        self.evidence, self.day = np.full(self.size, UNKNOWN), np.full(self.size, NO_DAY)
        self.found = np.full(self.size, None, dtype=object)

    def because(self, who: Ints | Flags, reason: Reason) -> None:
        self.reason[who] = REASONS.index(reason)

    def show(self, who: Ints, rows: Rows, chosen: Ints, days: Ints) -> None:
        """The row that decided, for each of `who`."""
        self.evidence[who], self.day[who] = rows.id[chosen], days[chosen]

    def give(self, who: Ints, outcome: Ints, outcomes: Outcomes, reason: Reason = Reason.EVIDENCE) -> None:
        """Each of `who` has the outcome of that number."""
        self.because(who, reason)
        self.score[who], self.points[who] = outcomes.scores[outcome], outcomes.points[outcome]
        self.found[who] = outcomes.labels[outcome]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The possible outcomes of a leaf, by number: label, score and points in millionths."""

    labels: npt.NDArray[np.object_]
    scores: Ints
    points: Ints

    @classmethod
    def of(cls, leaf: Leaf, labels: Sequence[str | None], scores: Sequence[Fraction]) -> Outcomes:
        """By the domain's exact arithmetic."""
        return cls(
            np.array(labels, dtype=object),
            np.array([round(score * MILLION) for score in scores], dtype=np.int64),
            np.array([points_of(leaf.weight, score) for score in scores], dtype=np.int64),
        )


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def score(rubric: Rubric, people: People, as_of: date) -> Scored:
    """Place a batch of people as of a day."""
    level = _current_level(people, as_of)
    leaves = [_find(leaf, rubric, people, level, as_of) for leaf in rubric.leaves]
    points = np.stack([leaf.points for leaf in leaves], axis=1)
    values = {axis: _axis_value(rubric, points, axis) for axis in Axis}
    categories = {axis: _category_of(values[axis], rubric.cut_points[axis]) for axis in Axis}
    return Scored(
        reasons=np.stack([leaf.reason for leaf in leaves], axis=1).astype(np.int8),
        found=np.stack([leaf.found for leaf in leaves], axis=1),
        scores=np.stack([leaf.score for leaf in leaves], axis=1),
        points=points,
        evidence_ids=np.stack([leaf.evidence for leaf in leaves], axis=1),
        evidence_days=np.stack([leaf.day for leaf in leaves], axis=1),
        values=values,
        categories=categories,
        box=_box(categories),
        talent_value=_talent_value(rubric, values),
        missing=_missing(rubric, leaves),
    )


def _find(leaf: Leaf, rubric: Rubric, people: People, level: Ints, as_of: date) -> _Leaf:
    match leaf.measure:
        case CategoryScore() as measure:
            return _category(leaf, measure, people, as_of)
        case CountInWindow() as measure:
            return _count(leaf, measure, people, as_of)
        case LevelRatio() as measure:
            return _level_ratio(leaf, measure, rubric, people, level, as_of)
        case YearsInLevel() as measure:
            return _years_in_level(leaf, measure, people, level, as_of)
        case Breadth() as measure:
            return _breadth(leaf, measure, people, as_of)
        case WorstSanction() as measure:
            return _worst_sanction(leaf, measure, people, as_of)
        case Given(found=found, score=given):
            result = _Leaf(people.size)
            everybody = np.arange(people.size)
            result.give(everybody, np.zeros(people.size, np.int64), Outcomes.of(leaf, [found], [given]), Reason.GIVEN)
            return result


def _last_of_each(person: Ints, *keys: Ints) -> tuple[Ints, Ints]:
    """Who has rows, and for each of them the position of the row with the greatest keys (the first key weighs most)."""
    order = np.lexsort((*reversed(keys), person))
    in_order = person[order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = in_order[1:] != in_order[:-1]
    return in_order[is_last], order[is_last]


def _up_to(day: Ints, as_of: date, window_years: int | None = None) -> Flags:
    within: Flags = (day != NO_DAY) & (day <= day_number(as_of))
    if window_years is not None:
        within &= day >= day_number(years_before(as_of, window_years))
    return within


def _mark_unknown(result: _Leaf, rows: Rows, *, usable: Flags | None = None) -> None:
    """Rows that do not decide still tell why nothing is known."""
    result.because(np.unique(rows.person), Reason.NOT_CURRENT)
    if usable is not None:
        result.because(np.unique(rows.person[usable]), Reason.UNRECOGNISED)


def _category(leaf: Leaf, measure: CategoryScore, people: People, as_of: date) -> _Leaf:
    result, rows = _Leaf(people.size), people.rows[measure.kind]
    labels, scores = list(measure.scores), list(measure.scores.values())
    outcome_of = np.array([labels.index(c) if c in labels else UNKNOWN for c in rows.codes] + [UNKNOWN])
    outcome, days = outcome_of[rows.code], rows.begins
    if measure.kind is Kind.TEAM_ASSIGNMENT:
        running = np.where(_up_to(rows.begins, as_of), day_number(as_of), rows.begins)
        days = np.where(rows.ends == NO_DAY, running, rows.ends)
    elif measure.pick is not Pick.HIGHEST:
        days = _last_days(rows.year)
    keys: tuple[Ints, ...]
    if measure.pick is Pick.HIGHEST:
        rank = np.array([round(score * MILLION) for score in scores] + [UNKNOWN])[outcome]
        usable = _up_to(days, as_of, measure.window_years)
        if measure.kind is Kind.EDUCATION:
            usable = np.ones(len(rows.id), dtype=bool)
        deciding, keys = usable & (outcome != UNKNOWN), (rank, rows.id)
    elif measure.pick is Pick.PREVIOUS_YEAR:
        usable = deciding = rows.year == as_of.year - 1
        keys = (rows.id,)
    else:
        usable = deciding = (rows.year >= 0) & (rows.year <= as_of.year)
        keys = (rows.year, rows.id)
    outcomes = Outcomes.of(leaf, labels, scores)
    if measure.kind in COMPLETE_REGISTERS:
        checked = people.checked[measure.kind]
        result.because(~checked, Reason.NOT_CHECKED)
        none = np.flatnonzero(checked)
        result.give(none, np.full(len(none), labels.index(NONE)), outcomes, Reason.CHECKED_NONE)
    else:
        _mark_unknown(result, rows, usable=usable)
    at = np.flatnonzero(deciding)
    who, last = _last_of_each(rows.person[at], *(key[at] for key in keys))
    chosen = at[last]
    known = outcome[chosen] != UNKNOWN
    who, chosen = who[known], chosen[known]
    result.give(who, outcome[chosen], outcomes)
    result.show(who, rows, chosen, days)
    return result


def _count(leaf: Leaf, measure: CountInWindow, people: People, as_of: date) -> _Leaf:
    result, rows = _Leaf(people.size), people.rows[measure.kind]
    counted = _up_to(rows.begins, as_of, measure.window_years)
    if measure.codes is not None:
        counted &= np.array([code in measure.codes for code in rows.codes] + [False])[rows.code]
    at = np.flatnonzero(counted)
    count = np.bincount(rows.person[at], minlength=people.size)
    numbers = range(int(count.max(initial=0)) + 1)
    scores = [next(score for edge, score in measure.bands if number >= edge) for number in numbers]
    outcomes = Outcomes.of(leaf, [str(number) for number in numbers], scores)
    checked = people.checked[measure.kind]
    result.because(~checked, Reason.NOT_CHECKED)
    none, some = np.flatnonzero(checked & (count == 0)), np.flatnonzero(checked & (count > 0))
    result.give(none, count[none], outcomes, Reason.CHECKED_NONE)
    result.give(some, count[some], outcomes)
    who, last = _last_of_each(rows.person[at], rows.begins[at], rows.id[at])
    shown = checked[who]
    result.show(who[shown], rows, at[last][shown], rows.begins)
    return result


def _level_ratio(leaf: Leaf, measure: LevelRatio, rubric: Rubric, people: People, level: Ints, as_of: date) -> _Leaf:
    result, rows = _Leaf(people.size), people.rows[measure.kind]
    _mark_unknown(result, rows)
    at = np.flatnonzero(_up_to(rows.begins, as_of))
    who, last = _last_of_each(rows.person[at], rows.begins[at], rows.id[at])
    chosen = at[last]
    result.show(who, rows, chosen, rows.begins)
    actual = rows.levels[chosen, measure.aspect]
    if measure.scale is None:
        by_level = [rubric.standards[one][measure.aspect] if one in rubric.standards else 0 for one in LEVELS]
        standard = np.array([*by_level, 0])[level[who]]
    else:
        standard = np.full(len(who), measure.scale)
    result.because(who[standard == 0], Reason.NO_STANDARD)
    result.because(who[(standard > 0) & (actual == 0)], Reason.LEVEL_BLANK)
    known = (standard > 0) & (actual > 0)
    grid = [(a, s) for a in range(1, 6) for s in range(1, 6)]
    outcomes = Outcomes.of(leaf, [f"{a}/{s}" for a, s in grid], [Fraction(100 * min(a, s), s) for a, s in grid])
    result.give(who[known], (actual[known] - 1) * 5 + standard[known] - 1, outcomes)
    return result


def _current_level(people: People, as_of: date) -> Ints:
    """The level code of everybody's latest definitive post; of the record where there is none."""
    rows = people.rows[Kind.POSITION]
    level_of = np.array([LEVEL_CODES[code] for code in rows.codes] + [UNKNOWN])
    at = np.flatnonzero(_up_to(rows.begins, as_of))
    who, last = _last_of_each(rows.person[at], rows.begins[at], rows.id[at])
    level = people.level.copy()
    stated = rows.code[at[last]] >= 0
    level[who[stated]] = level_of[rows.code[at[last][stated]]]
    return level


def _years_in_level(leaf: Leaf, measure: YearsInLevel, people: People, level: Ints, as_of: date) -> _Leaf:
    result, rows = _Leaf(people.size), people.rows[measure.kind]
    _mark_unknown(result, rows)
    level_of = np.array([LEVEL_CODES[code] for code in rows.codes] + [UNKNOWN])
    stated = level_of[rows.code]
    at = np.flatnonzero(_up_to(rows.begins, as_of) & (stated != UNKNOWN) & (stated == level[rows.person]))
    who, first = _last_of_each(rows.person[at], -rows.begins[at], -rows.id[at])
    chosen = at[first]
    years = _completed_years(rows.begins[chosen], as_of)
    numbers = range(int(years.max(initial=0)) + 1)
    scores = [next(score for edge, score in measure.bands if number >= edge) for number in numbers]
    result.give(who, years, Outcomes.of(leaf, [str(number) for number in numbers], scores))
    result.show(who, rows, chosen, rows.begins)
    return result


def _completed_years(since: Ints, as_of: date) -> Ints:
    days = since.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months).astype(np.int64) + 1
    before_anniversary = (month > as_of.month) | ((month == as_of.month) & (day > as_of.day))
    years: Ints = as_of.year - year - before_anniversary
    return years


def _last_days(year: Ints) -> Ints:
    """31 December of each year."""
    next_years = (year - 1970 + 1).astype("datetime64[Y]").astype("datetime64[D]")
    days: Ints = next_years.astype(np.int64) - 1
    return days


def _breadth(leaf: Leaf, measure: Breadth, people: People, as_of: date) -> _Leaf:
    result, rows = _Leaf(people.size), people.rows[measure.kind]
    _mark_unknown(result, rows)
    labels = ["one_unit", "cross_unit", "cross_institution"]
    held = _up_to(rows.begins, as_of)
    named = held & (rows.unit >= 0)
    pairs = np.unique(np.stack([rows.person[named], rows.unit[named]]), axis=1)
    units = np.bincount(pairs[0], minlength=people.size)
    abroad = np.bincount(rows.person[held & ~rows.is_home], minlength=people.size)
    at = np.flatnonzero(held)
    who, last = _last_of_each(rows.person[at], rows.begins[at], rows.id[at])
    outcome = np.where(abroad[who] > 0, 2, np.where(units[who] > 1, 1, 0))
    result.give(who, outcome, Outcomes.of(leaf, labels, [measure.scores[label] for label in labels]))
    result.show(who, rows, at[last], rows.begins)
    return result


def _worst_sanction(leaf: Leaf, measure: WorstSanction, people: People, as_of: date) -> _Leaf:
    result, rows = _Leaf(people.size), people.rows[measure.kind]
    checked, labels = people.checked[measure.kind], list(measure.scores)
    outcomes = Outcomes.of(leaf, labels, list(measure.scores.values()))
    outcome = np.array([labels.index(code) for code in rows.codes] + [UNKNOWN])[rows.code]
    result.because(~checked, Reason.NOT_CHECKED)
    none = np.flatnonzero(checked)
    result.give(none, np.full(len(none), labels.index(NONE)), outcomes, Reason.CHECKED_NONE)
    begun = _up_to(rows.begins, as_of) & checked[rows.person]
    # each later step overrules the earlier ones: recent, open-ended, being served
    recent = np.flatnonzero(begun & (outcome != UNKNOWN) & _up_to(rows.begins, as_of, measure.window_years))
    mildness = outcomes.scores[outcome]
    who, last = _last_of_each(rows.person[recent], -mildness[recent], rows.id[recent])
    result.give(who, outcome[recent[last]], outcomes)
    result.show(who, rows, recent[last], rows.begins)
    open_ended = np.flatnonzero(begun & (rows.ends == NO_DAY))
    who, last = _last_of_each(rows.person[open_ended], rows.begins[open_ended], rows.id[open_ended])
    result.because(who, Reason.OPEN_ENDED)
    result.score[who], result.points[who], result.found[who] = UNKNOWN, UNKNOWN, None
    result.show(who, rows, open_ended[last], rows.begins)
    serving = np.flatnonzero(begun & (rows.ends != NO_DAY) & (rows.ends >= day_number(as_of)))
    who, last = _last_of_each(rows.person[serving], rows.begins[serving], rows.id[serving])
    result.give(who, np.full(len(who), labels.index("serving")), outcomes)
    result.show(who, rows, serving[last], rows.begins)
    return result


def _axis_value(rubric: Rubric, points: Ints, axis: Axis) -> Ints:
    own = points[:, [leaf.axis is axis for leaf in rubric.leaves]]
    return np.where((own == UNKNOWN).any(axis=1), UNKNOWN, own.sum(axis=1))


def _category_of(value: Ints, cut_points: tuple[int, int]) -> Ints:
    """0 low, 1 middle, 2 high; lower edges inclusive."""
    middle_from, high_from = cut_points
    return np.where(value == UNKNOWN, UNKNOWN, (value >= middle_from).astype(np.int64) + (value >= high_from))


def _box(categories: Mapping[Axis, Ints]) -> Ints:
    performance, potential = categories[Axis.PERFORMANCE], categories[Axis.POTENTIAL]
    boxes = np.array(nine_box.BOX_OF)[performance, potential]
    return np.where((performance == UNKNOWN) | (potential == UNKNOWN), 0, boxes)


def _talent_value(rubric: Rubric, values: Mapping[Axis, Ints]) -> Ints:
    size = len(next(iter(values.values())))
    total, unknown = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    for axis, weight in rubric.talent_value_weights.items():
        total += values[axis] * weight
        unknown |= values[axis] == UNKNOWN
    return np.where(unknown, UNKNOWN, total)


def _missing(rubric: Rubric, leaves: Sequence[_Leaf]) -> Flags:
    no_standard = REASONS.index(Reason.NO_STANDARD)
    missing = np.zeros((leaves[0].size, len(rubric.items)), dtype=bool)
    for leaf, found in zip(rubric.leaves, leaves, strict=True):
        unknown, without = found.score == UNKNOWN, found.reason == no_standard
        for who, item in (
            (unknown & ~without, leaf.item),
            (unknown & without, lacking_item(rubric, leaf, Reason.NO_STANDARD)),
        ):
            if item is not None:
                missing[:, rubric.items.index(item)] |= who
    return missing
