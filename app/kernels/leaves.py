"""What one leaf of a rubric finds about everybody in a batch; equal to `domain.finding.find` for each of them.

Every leaf knows few different sets of possible scores (a known score is a set of one). The domain's own exact
arithmetic works each of them out once; what is left to do here is to find the deciding row of each person among rows
sorted by person and id, and to say which set that leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import numpy as np

from app.domain.evidence import COMPLETE_REGISTERS, Kind
from app.domain.finding import (
    Possible,
    Reason,
    lacking_items,
    possible_bands,
    possible_categories,
    possible_mean,
    possible_ratio,
    possible_sanctions,
    possible_sum,
    possible_values,
    sum_of_standards,
    value_as_words,
)
from app.domain.rubric import (
    MILLION,
    NONE,
    Breadth,
    CategoryScore,
    CountInWindow,
    DirectValue,
    Given,
    Leaf,
    LevelRatio,
    LevelSum,
    Mean,
    Pick,
    WorstSanction,
    YearsInLevel,
    score_of_band,
)
from app.kernels.columns import (
    LEVEL_CODES,
    LEVELS,
    NO_DAY,
    UNKNOWN,
    Flags,
    Ints,
    Rows,
    completed_years,
    day_number,
    first_of_each,
    last_days,
    last_of_each,
    up_to,
)
from app.kernels.found import UNKNOWN_REASONS, Batch, Found, Outcomes


def find(leaf: Leaf, batch: Batch) -> Found:
    """What a leaf finds about everybody."""
    found = _measured(leaf, batch)
    if leaf.rounding is not None:
        found.sets = [possible.rounded(leaf.rounding) for possible in found.sets]
    return found


def _measured(leaf: Leaf, batch: Batch) -> Found:  # noqa: C901 - one case per measure
    match leaf.measure:
        case CategoryScore() as measure:
            return _category(leaf, measure, batch)
        case CountInWindow() as measure:
            return _count(leaf, measure, batch)
        case LevelRatio() as measure:
            return _level_ratio(leaf, measure, batch)
        case LevelSum() as measure:
            return _level_sum(leaf, measure, batch)
        case DirectValue() as measure:
            return _direct_value(leaf, measure, batch)
        case YearsInLevel() as measure:
            return _years_in_level(leaf, measure, batch)
        case Breadth() as measure:
            return _breadth(leaf, measure, batch)
        case WorstSanction() as measure:
            return _worst_sanction(leaf, measure, batch)
        case Given(found=words, score=given):
            result = Found(batch.people.size)
            everybody = np.arange(batch.people.size)
            result.give(everybody, np.zeros(batch.people.size, np.int64), [words], [given], Reason.GIVEN)
            return result
        case Mean(parts=parts):
            return _mean([part.weight for part in parts], [find(part, batch) for part in parts])


def _nobody(leaf: Leaf, batch: Batch, possible: Possible) -> Found:
    """Nobody is known yet: everybody lacks the leaf's item, and everything is possible."""
    result = Found(batch.people.size)
    result.possible[:] = result.number(possible)
    result.lack(np.arange(batch.people.size), lacking_items(batch.rubric, leaf))
    return result


def _mark_unknown(result: Found, rows: Rows, *, usable: Flags | None = None) -> None:
    """Rows that do not decide still tell why nothing is known."""
    result.because(rows.person, Reason.NOT_CURRENT)
    if usable is not None:
        result.because(rows.person[usable], Reason.UNRECOGNISED)


def _category(leaf: Leaf, measure: CategoryScore, batch: Batch) -> Found:
    people, as_of = batch.people, batch.as_of
    result, rows = _nobody(leaf, batch, possible_categories(measure)), people.rows[measure.kind]
    labels, scores = list(measure.scores), list(measure.scores.values())
    outcome_of = np.array([labels.index(c) if c in labels else UNKNOWN for c in rows.codes] + [UNKNOWN])
    outcome = outcome_of[rows.code]
    days = _decisive_days(measure.kind, rows, as_of) if measure.pick is Pick.HIGHEST else last_days(rows.year)
    key: Ints | None = None
    if measure.pick is Pick.HIGHEST:
        rank = np.array([round(score * MILLION) for score in scores] + [UNKNOWN])[outcome]
        usable = up_to(days, as_of, measure.window_years)
        if measure.kind is Kind.EDUCATION:
            usable = np.ones(len(rows.id), dtype=bool)
        deciding, key = usable & (outcome != UNKNOWN), rank
    elif measure.pick is Pick.PREVIOUS_YEAR:
        usable = deciding = rows.year == as_of.year - measure.years_back
    else:
        usable = deciding = (rows.year >= 0) & (rows.year <= as_of.year)
        key = rows.year
    if measure.kind in COMPLETE_REGISTERS:
        checked = people.checked[measure.kind]
        result.because(~checked, Reason.NOT_CHECKED)
        none = np.flatnonzero(checked)
        result.give(none, np.full(len(none), labels.index(NONE)), labels, scores, Reason.CHECKED_NONE)
    else:
        _mark_unknown(result, rows, usable=usable)
    at = np.flatnonzero(deciding)
    who, last = last_of_each(rows.person[at], None if key is None else key[at])
    chosen = at[last]
    known = outcome[chosen] != UNKNOWN
    who, chosen = who[known], chosen[known]
    result.give(who, outcome[chosen], labels, scores)
    result.show(who, rows, chosen, days)
    return result


def _decisive_days(kind: Kind, rows: Rows, as_of: date) -> Ints:
    """The days that a window looks at; see `domain.evidence.decisive_day`."""
    if kind is not Kind.TEAM_ASSIGNMENT:
        return rows.begins
    running = np.where(up_to(rows.begins, as_of), day_number(as_of), rows.begins)
    days: Ints = np.where(rows.ends == NO_DAY, running, rows.ends)
    return days


def _count(leaf: Leaf, measure: CountInWindow, batch: Batch) -> Found:
    people = batch.people
    result, rows = _nobody(leaf, batch, possible_bands(measure.bands)), people.rows[measure.kind]
    counted = up_to(_decisive_days(measure.kind, rows, batch.as_of), batch.as_of, measure.window_years)
    if measure.codes is not None:
        counted &= np.array([code in measure.codes for code in rows.codes] + [False])[rows.code]
    at = np.flatnonzero(counted)
    count = np.bincount(rows.person[at], minlength=people.size)
    numbers = range(int(count.max(initial=0)) + 1)
    labels, scores = [str(n) for n in numbers], [score_of_band(measure.bands, n) for n in numbers]
    if measure.kind in COMPLETE_REGISTERS:
        known = people.checked[measure.kind]
        result.because(~known, Reason.NOT_CHECKED)
    else:
        known = np.bincount(rows.person, minlength=people.size) > 0
    none, some = np.flatnonzero(known & (count == 0)), np.flatnonzero(known & (count > 0))
    result.give(none, count[none], labels, scores, Reason.CHECKED_NONE)
    result.give(some, count[some], labels, scores)
    who, last = last_of_each(rows.person[at], rows.begins[at])
    shown = known[who]
    result.show(who[shown], rows, at[last][shown], rows.begins)
    return result


def _latest_assessment(result: Found, kind: Kind, batch: Batch, window_years: int | None) -> tuple[Ints, Ints]:
    """Who has an assessment that counts, and which row it is."""
    rows = batch.people.rows[kind]
    _mark_unknown(result, rows)
    if (kind, window_years) not in batch.latest:
        at = np.flatnonzero(up_to(rows.begins, batch.as_of, window_years))
        who, last = last_of_each(rows.person[at], rows.begins[at])
        batch.latest[kind, window_years] = who, at[last]
    who, chosen = batch.latest[kind, window_years]
    result.show(who, rows, chosen, rows.begins)
    return who, chosen


def _level_ratio(leaf: Leaf, measure: LevelRatio, batch: Batch) -> Found:
    rubric, size = batch.rubric, batch.people.size
    result, rows = Found(size), batch.people.rows[measure.kind]
    who, chosen = _latest_assessment(result, measure.kind, batch, measure.window_years)
    actual = np.zeros(size, np.int64)
    actual[who] = rows.levels[chosen, measure.aspect]
    if measure.scale is None:
        by_level = [rubric.standards[one][measure.aspect] if one in rubric.standards else 0 for one in LEVELS]
        standard = np.array([*by_level, 0])[batch.level]
    else:
        standard = np.full(size, measure.scale)
    outcomes = Outcomes.of(actual, standard)
    possible = [possible_ratio(measure, rubric, a or None, s or None) for a, s in outcomes.different]
    labels = [f"{a}/{s}" for a, s in outcomes.different]
    _assess(leaf, result, batch, who, (actual > 0, standard > 0), (outcomes.number, possible, labels))
    return result


def _level_sum(leaf: Leaf, measure: LevelSum, batch: Batch) -> Found:
    rubric, size = batch.rubric, batch.people.size
    result, rows = Found(size), batch.people.rows[measure.kind]
    who, chosen = _latest_assessment(result, measure.kind, batch, measure.window_years)
    actual, blank = np.zeros(size, np.int64), np.full(size, rows.levels.shape[1])
    actual[who], blank[who] = rows.levels[chosen].sum(axis=1), (rows.levels[chosen] == 0).sum(axis=1)
    sums = [sum_of_standards(measure, rubric.standards[one]) if one in rubric.standards else 0 for one in LEVELS]
    standard = np.array([*sums, 0])[batch.level]
    outcomes = Outcomes.of(actual, blank, standard)
    possible = [possible_sum(measure, rubric, (a, *(None,) * b), s or None) for a, b, s in outcomes.different]
    labels = [f"{a}/{s}" for a, _, s in outcomes.different]
    _assess(leaf, result, batch, who, (blank == 0, standard > 0), (outcomes.number, possible, labels))
    return result


def _assess(
    leaf: Leaf,
    result: Found,
    batch: Batch,
    who: Ints,
    has: tuple[Flags, Flags],
    outcome: tuple[Ints, Sequence[Possible], Sequence[str]],
) -> None:
    """Levels held against standards: known where `has` says both are, else what is blank or without a standard."""
    (has_levels, has_standard), (number, possible, labels) = has, outcome
    known = np.flatnonzero(has_levels & has_standard)
    result.possible = np.array([result.number(one) for one in possible], dtype=np.int64)[number]
    result.because(who[~has_standard[who]], Reason.NO_STANDARD)
    result.because(who[has_standard[who] & ~has_levels[who]], Reason.LEVEL_BLANK)
    result.because(known, Reason.EVIDENCE)
    result.found[known] = np.array(labels, dtype=object)[number[known]]
    for evidence, level in ((True, False), (False, True), (True, True)):
        lacks = (has_levels != evidence) & (has_standard != level)
        result.lack(lacks, lacking_items(batch.rubric, leaf, evidence=evidence, level=level))


def _direct_value(leaf: Leaf, measure: DirectValue, batch: Batch) -> Found:
    result, rows = _nobody(leaf, batch, possible_values(measure)), batch.people.rows[measure.kind]
    is_this = np.array([code == measure.instrument for code in rows.codes] + [False])[rows.code]
    result.because(rows.person[is_this], Reason.NOT_CURRENT)
    at = np.flatnonzero(is_this & up_to(rows.begins, batch.as_of, measure.window_years))
    who, last = last_of_each(rows.person[at], rows.begins[at])
    chosen = at[last]
    result.show(who, rows, chosen, rows.begins)
    result.because(who, Reason.UNRECOGNISED)
    value = rows.value[chosen]
    within = (value >= round(measure.lowest * MILLION)) & (value <= round(measure.highest * MILLION))
    values, number = np.unique(value[within], return_inverse=True)
    scores = [100 * Fraction(one, MILLION) / measure.highest for one in values.tolist()]
    result.give(who[within], number, [value_as_words(one) for one in values.tolist()], scores)
    return result


def _years_in_level(leaf: Leaf, measure: YearsInLevel, batch: Batch) -> Found:
    result, rows = _nobody(leaf, batch, possible_bands(measure.bands)), batch.people.rows[measure.kind]
    _mark_unknown(result, rows)
    level_of = np.array([LEVEL_CODES[code] for code in rows.codes] + [UNKNOWN])
    stated = level_of[rows.code]
    is_at_level = (stated != UNKNOWN) & (stated == batch.level[rows.person])
    at = np.flatnonzero(up_to(rows.begins, batch.as_of) & is_at_level)
    who, first = first_of_each(rows.person[at], rows.begins[at])
    chosen = at[first]
    years = completed_years(rows.begins[chosen], batch.as_of)
    numbers = range(int(years.max(initial=0)) + 1)
    result.give(who, years, [str(n) for n in numbers], [score_of_band(measure.bands, n) for n in numbers])
    result.show(who, rows, chosen, rows.begins)
    return result


def _breadth(leaf: Leaf, measure: Breadth, batch: Batch) -> Found:
    people = batch.people
    result, rows = _nobody(leaf, batch, Possible.among(measure.scores.values())), people.rows[measure.kind]
    _mark_unknown(result, rows)
    labels = ["one_unit", "cross_unit", "cross_institution"]
    held = up_to(rows.begins, batch.as_of)
    named = held & (rows.unit >= 0)
    pairs = np.unique(np.stack([rows.person[named], rows.unit[named]]), axis=1)
    units = np.bincount(pairs[0], minlength=people.size)
    abroad = np.bincount(rows.person[held & ~rows.is_home], minlength=people.size)
    at = np.flatnonzero(held)
    who, last = last_of_each(rows.person[at], rows.begins[at])
    outcome = np.where(abroad[who] > 0, 2, np.where(units[who] > 1, 1, 0))
    result.give(who, outcome, labels, [measure.scores[label] for label in labels])
    result.show(who, rows, at[last], rows.begins)
    return result


def _worst_sanction(leaf: Leaf, measure: WorstSanction, batch: Batch) -> Found:
    people, as_of = batch.people, batch.as_of
    result, rows = _nobody(leaf, batch, possible_sanctions(measure, None)), people.rows[measure.kind]
    checked = people.checked[measure.kind]
    result.because(~checked, Reason.NOT_CHECKED)
    labels, scores = list(measure.scores), list(measure.scores.values())
    outcome = np.array([labels.index(code) for code in rows.codes] + [UNKNOWN])[rows.code]
    severity = np.array([-round(score * MILLION) for score in scores] + [0])[outcome]
    begun = up_to(rows.begins, as_of) & checked[rows.person]
    none = np.flatnonzero(checked)
    result.give(none, np.full(len(none), labels.index(NONE)), labels, scores, Reason.CHECKED_NONE)

    recent = np.flatnonzero(begun & (outcome != UNKNOWN) & up_to(rows.begins, as_of, measure.window_years))
    who, last = last_of_each(rows.person[recent], severity[recent])
    worst = np.full(people.size, labels.index(NONE))
    worst[who] = outcome[recent[last]]
    result.give(who, worst[who], labels, scores)
    result.show(who, rows, recent[last], rows.begins)

    open_ended = np.flatnonzero(begun & (rows.ends == NO_DAY))
    who, last = last_of_each(rows.person[open_ended], rows.begins[open_ended])
    if_finished = np.array([result.number(possible_sanctions(measure, score)) for score in scores])
    result.because(who, Reason.OPEN_ENDED)
    result.possible[who], result.found[who] = if_finished[worst[who]], None
    result.lack(who, lacking_items(batch.rubric, leaf))
    result.show(who, rows, open_ended[last], rows.begins)

    serving = np.flatnonzero(begun & (rows.ends != NO_DAY) & (rows.ends >= day_number(as_of)))
    who, last = last_of_each(rows.person[serving], rows.begins[serving])
    result.give(who, np.full(len(who), labels.index("serving")), labels, scores)
    result.show(who, rows, serving[last], rows.begins)
    return result


def _mean(weights: Sequence[Fraction], parts: Sequence[Found]) -> Found:
    """Each different combination of what is possible for the parts is worked out once."""
    result = Found(parts[0].size)
    combinations, number = np.unique(np.stack([part.possible for part in parts]), axis=1, return_inverse=True)
    means = [
        result.number(possible_mean(weights, [part.sets[n] for part, n in zip(parts, column, strict=True)]))
        for column in combinations.T.tolist()
    ]
    result.possible = np.array(means, dtype=np.int64)[number.reshape(-1)]
    is_known = np.logical_and.reduce([~UNKNOWN_REASONS[part.reason] for part in parts])
    result.because(~is_known, Reason.PARTS_MISSING)
    known = np.flatnonzero(is_known)
    result.because(known, Reason.PARTS)
    words = zip(*(part.found[known] for part in parts), strict=True)
    result.found[known] = [" · ".join(word or "" for word in own) for own in words]
    lacks, number = np.unique(np.stack([part.lacking for part in parts]), axis=1, return_inverse=True)
    number = number.reshape(-1)
    for column, own in enumerate(lacks.T.tolist()):
        items = frozenset[str]().union(*(part.lacks[n] for part, n in zip(parts, own, strict=True)))
        result.lack(number == column, items)
    days = np.stack([np.where(part.day == NO_DAY, LATEST_DAY, part.day) for part in parts])[:, known]
    first, everybody = days.argmin(axis=0), np.arange(len(known))
    for name, columns in (("evidence", [part.evidence for part in parts]), ("day", [part.day for part in parts])):
        getattr(result, name)[known] = np.stack(columns)[:, known][first, everybody]
    rungs = np.stack([np.where(part.rung == UNKNOWN, LATEST_DAY, part.rung) for part in parts]).min(axis=0)
    result.rung = np.where(rungs == LATEST_DAY, UNKNOWN, rungs)
    return result


LATEST_DAY = 10**9  # later than any
