"""What one leaf of a rubric finds about one person: a score with its reason, or what the score can still become."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import islice, product

from app.domain.careers import PositionLevel
from app.domain.evidence import (
    ASPECTS,
    COMPLETE_REGISTERS,
    Entry,
    Kind,
    Record,
    completed_years,
    decisive_day,
    is_within,
    same_institution,
)
from app.domain.rubric import (
    MILLION,
    NONE,
    Bands,
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
    Rounding,
    Rubric,
    WorstSanction,
    YearsInLevel,
    points_of,
    score_of_band,
)

LEVELS = range(1, 6)  # of an assessment


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
    PARTS = "finding.parts"
    PARTS_MISSING = "finding.parts_missing"
    IMPORTED = "finding.imported"


@dataclass(frozen=True, slots=True)
class Possible:
    """The scores that are possible, ascending; one where it is known. Dense: everything from the first to the last."""

    scores: tuple[Fraction, ...]
    is_dense: bool = False

    @classmethod
    def among(cls, scores: Iterable[Fraction]) -> Possible:
        return cls(tuple(sorted(set(scores))))

    @property
    def lowest(self) -> Fraction:
        return self.scores[0]

    @property
    def highest(self) -> Fraction:
        return self.scores[-1]

    def rounded(self, rounding: Rounding | None) -> Possible:
        """What is possible after rounding."""
        return self if rounding is None else replace(self.among(map(rounding.of, self.scores)), is_dense=self.is_dense)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one leaf found: `score` 0–100 and `points` in millionths, both None when unknown."""

    leaf: Leaf
    reason: Reason
    possible: Possible
    found: str | None = None
    evidence: Entry | None = None
    on: date | None = None
    """The day that decided: of the row, or the latest of the rows counted."""
    lacking: frozenset[str] = frozenset()
    """The items of completeness that would have to be known."""

    @property
    def score(self) -> Fraction | None:
        return None if self.reason in UNKNOWN else self.possible.lowest

    @property
    def points(self) -> int | None:
        return None if (score := self.score) is None else points_of(self.leaf.weight, score)


UNKNOWN = frozenset(Reason) - {
    Reason.EVIDENCE,
    Reason.CHECKED_NONE,
    Reason.GIVEN,
    Reason.PARTS,
    Reason.IMPORTED,
}


def find(leaf: Leaf, rubric: Rubric, record: Record, as_of: date, institution: str) -> Finding:
    """What one leaf finds about a person; an unknown has a reason, and what is still possible instead of a score."""
    finding = _measured(leaf, rubric, record, as_of, institution)
    if finding.score is None and not finding.lacking and finding.reason is not Reason.NO_STANDARD:
        finding = replace(finding, lacking=lacking_items(rubric, leaf))
    return finding if leaf.rounding is None else replace(finding, possible=finding.possible.rounded(leaf.rounding))


def _measured(leaf: Leaf, rubric: Rubric, record: Record, as_of: date, institution: str) -> Finding:  # noqa: C901 - one case per measure
    match leaf.measure:
        case CategoryScore() as measure:
            return _category(leaf, measure, record, as_of)
        case CountInWindow() as measure:
            return _count(leaf, measure, record, as_of)
        case LevelRatio() as measure:
            return _level_ratio(leaf, measure, rubric, record, as_of)
        case LevelSum() as measure:
            return _level_sum(leaf, measure, rubric, record, as_of)
        case DirectValue() as measure:
            return _direct_value(leaf, measure, record, as_of)
        case YearsInLevel() as measure:
            return _years_in_level(leaf, measure, record, as_of)
        case Breadth() as measure:
            return _breadth(leaf, measure, record, as_of, institution)
        case WorstSanction() as measure:
            return _worst_sanction(leaf, measure, record, as_of)
        case Given(found=found, score=score):
            return Finding(leaf, Reason.GIVEN, Possible((score,)), found)
        case Mean(parts=parts):
            return _mean(leaf, [find(part, rubric, record, as_of, institution) for part in parts])


def lacking_items(rubric: Rubric, leaf: Leaf, *, evidence: bool = True, level: bool = False) -> frozenset[str]:
    """The items a leaf lacks: its own `evidence`, or (of an assessment without a standard) what tells the `level`."""
    items = frozenset({leaf.item} if evidence and leaf.item is not None else ())
    return items | level_item(rubric) if level else items


def level_item(rubric: Rubric) -> frozenset[str]:
    """The item that tells the level of somebody's post; none where the rubric asks for no history of posts."""
    leaves = (leaf for tree in rubric.trees for leaf in tree.leaves)
    items = (leaf.item for leaf in leaves if isinstance(leaf.measure, YearsInLevel) and leaf.item is not None)
    return frozenset(islice(items, 1))


def current_level(record: Record, as_of: date) -> PositionLevel | None:
    """The level of the latest definitive post up to the day; of the personnel record where no post is known."""
    held = [post for post in record.of(Kind.POSITION) if is_within(post.begins, as_of, None)]
    if not held:
        return record.level
    latest = max(held, key=lambda post: (post.begins, post.id))
    return PositionLevel(latest.code) if latest.code else record.level


# ── what is possible while something is unknown


def possible_categories(measure: CategoryScore) -> Possible:
    """Any category; "none" too where the register could turn out to be empty."""
    scores = measure.scores.items()
    return Possible.among(score for code, score in scores if code != NONE or measure.kind in COMPLETE_REGISTERS)


def possible_bands(bands: Bands) -> Possible:
    """Any band."""
    return Possible.among(score for _, score in bands)


def possible_ratio(measure: LevelRatio, rubric: Rubric, actual: int | None, standard: int | None) -> Possible:
    """Levels from 1 to 5, and the standards of all levels of posts, as far as they are unknown."""
    standards = {levels[measure.aspect] for levels in rubric.standards.values()} if standard is None else {standard}
    actuals = LEVELS if actual is None else (actual,)
    return Possible.among(Fraction(100 * min(a, s), s) for a, s in product(actuals, standards or LEVELS))


def possible_sum(measure: LevelSum, rubric: Rubric, levels: Collection[int | None], standard: int | None) -> Possible:
    """Blank levels from 1 to 5; `standard` is the sum to compare with, if known."""
    known = sum(level for level in levels if level is not None)
    blank = sum(level is None for level in levels)
    standards = (
        {sum_of_standards(measure, own) for own in rubric.standards.values()} if standard is None else {standard}
    )
    sums = range(known + blank, known + 5 * blank + 1)
    return Possible.among(min(Fraction(100), Fraction(100 * a, s)) for a, s in product(sums, standards))


def sum_of_standards(measure: LevelSum, standards: Collection[int]) -> int:
    """What the sum of levels is compared with."""
    return sum(standards) + measure.above * len(standards)


def possible_values(measure: DirectValue) -> Possible:
    """Anything on the scale."""
    return Possible((100 * measure.lowest / measure.highest, Fraction(100)), is_dense=True)


def possible_sanctions(measure: WorstSanction, if_finished: Fraction | None) -> Possible:
    """Anything; where only an end is unknown, being served or `if_finished`."""
    if if_finished is None:
        return Possible.among(measure.scores.values())
    return Possible.among((measure.scores["serving"], if_finished))


def possible_mean(weights: Collection[Fraction], parts: Collection[Possible]) -> Possible:
    """The means of everything that is possible for the parts."""
    total = sum(weights)
    shares = [weight / total for weight in weights]
    if any(part.is_dense for part in parts):
        lowest = sum((share * part.lowest for share, part in zip(shares, parts, strict=True)), Fraction(0))
        highest = sum((share * part.highest for share, part in zip(shares, parts, strict=True)), Fraction(0))
        return Possible((lowest, highest), is_dense=True)
    sums = {Fraction(0)}
    for share, part in zip(shares, parts, strict=True):
        sums = {known + share * score for known, score in product(sums, part.scores)}
    return Possible.among(sums)


# ── what is found


def _known(leaf: Leaf, score: Fraction, found: str, entry: Entry | None = None, on: date | None = None) -> Finding:
    return Finding(leaf, Reason.EVIDENCE, Possible((score,)), found, entry, on)


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
        usable = [row for row in rows if row.year == as_of.year - measure.years_back]
        chosen = max(usable, key=lambda row: row.id, default=None)
    else:
        usable = [row for row in rows if row.year is not None and row.year <= as_of.year]
        chosen = max(usable, key=lambda row: (row.year, row.id), default=None)
    if chosen is not None and chosen.code is not None and chosen.code in measure.scores:
        day = decisive_day(measure.kind, chosen, as_of)
        return _known(leaf, measure.scores[chosen.code], chosen.code, chosen, day)
    return _nothing(leaf, measure, record, bool(usable), bool(rows))


def _nothing(leaf: Leaf, measure: CategoryScore, record: Record, any_usable: bool, any_rows: bool) -> Finding:  # noqa: FBT001 - private; each is a plain fact
    """No row decides: none where the register was checked, unknown otherwise."""
    possible = possible_categories(measure)
    if measure.kind in COMPLETE_REGISTERS:
        if measure.kind not in record.checked:
            return Finding(leaf, Reason.NOT_CHECKED, possible)
        return Finding(leaf, Reason.CHECKED_NONE, Possible((measure.scores[NONE],)), NONE)
    if any_usable:
        return Finding(leaf, Reason.UNRECOGNISED, possible)
    return Finding(leaf, Reason.NOT_CURRENT if any_rows else Reason.NO_EVIDENCE, possible)


def _count(leaf: Leaf, measure: CountInWindow, record: Record, as_of: date) -> Finding:
    rows = record.of(measure.kind)
    if measure.kind in COMPLETE_REGISTERS and measure.kind not in record.checked:
        return Finding(leaf, Reason.NOT_CHECKED, possible_bands(measure.bands))
    if measure.kind not in COMPLETE_REGISTERS and not rows:
        return Finding(leaf, Reason.NO_EVIDENCE, possible_bands(measure.bands))
    counted = [
        row
        for row in rows
        if (measure.codes is None or row.code in measure.codes)
        and is_within(decisive_day(measure.kind, row, as_of), as_of, measure.window_years)
    ]
    score = score_of_band(measure.bands, len(counted))
    if not counted:
        return Finding(leaf, Reason.CHECKED_NONE, Possible((score,)), "0")
    latest = max(counted, key=lambda row: (row.begins, row.id))
    return _known(leaf, score, str(len(counted)), latest, latest.begins)


def _latest(rows: Collection[Entry], as_of: date, window_years: int | None) -> Entry | None:
    usable = [row for row in rows if is_within(row.begins, as_of, window_years)]
    return max(usable, key=lambda row: (row.begins, row.id), default=None)


def _absent(leaf: Leaf, rows: Collection[Entry], possible: Possible) -> Finding:
    return Finding(leaf, Reason.NOT_CURRENT if rows else Reason.NO_EVIDENCE, possible)


def _standards(rubric: Rubric, record: Record, as_of: date) -> tuple[int, ...] | None:
    level = current_level(record, as_of)
    return None if level is None else rubric.standards.get(level)


def _level_ratio(leaf: Leaf, measure: LevelRatio, rubric: Rubric, record: Record, as_of: date) -> Finding:
    standard = measure.scale
    if standard is None and (standards := _standards(rubric, record, as_of)) is not None:
        standard = standards[measure.aspect]
    rows = record.of(measure.kind)
    latest = _latest(rows, as_of, measure.window_years)
    actual = None if latest is None else latest.levels[measure.aspect]
    possible = possible_ratio(measure, rubric, actual, standard)
    if actual is not None and standard is not None:
        return _known(leaf, possible.lowest, f"{actual}/{standard}", latest, latest.begins if latest else None)
    lacking = lacking_items(rubric, leaf, evidence=actual is None, level=standard is None)
    return _unassessed(leaf, rows, latest, possible, lacking, has_standard=standard is not None)


def _unassessed(
    leaf: Leaf,
    rows: Collection[Entry],
    latest: Entry | None,
    possible: Possible,
    lacking: frozenset[str],
    *,
    has_standard: bool,
) -> Finding:
    """There is no assessment that counts, or no standard to hold it against, or it is blank where it is looked at."""
    if latest is None:
        return replace(_absent(leaf, rows, possible), lacking=lacking)
    reason = Reason.LEVEL_BLANK if has_standard else Reason.NO_STANDARD
    return Finding(leaf, reason, possible, evidence=latest, on=latest.begins, lacking=lacking)


def _level_sum(leaf: Leaf, measure: LevelSum, rubric: Rubric, record: Record, as_of: date) -> Finding:
    standards = _standards(rubric, record, as_of)
    standard = None if standards is None else sum_of_standards(measure, standards)
    rows = record.of(measure.kind)
    latest = _latest(rows, as_of, measure.window_years)
    levels = (None,) * len(ASPECTS[measure.kind]) if latest is None else latest.levels
    possible = possible_sum(measure, rubric, levels, standard)
    if None not in levels and standard is not None:
        actual = sum(level for level in levels if level is not None)
        return _known(leaf, possible.lowest, f"{actual}/{standard}", latest, latest.begins if latest else None)
    lacking = lacking_items(rubric, leaf, evidence=None in levels, level=standard is None)
    return _unassessed(leaf, rows, latest, possible, lacking, has_standard=standard is not None)


def _direct_value(leaf: Leaf, measure: DirectValue, record: Record, as_of: date) -> Finding:
    rows = [row for row in record.of(measure.kind) if row.code == measure.instrument]
    latest = _latest(rows, as_of, measure.window_years)
    if latest is None:
        return _absent(leaf, rows, possible_values(measure))
    value = Fraction(latest.value or 0, MILLION)
    if not measure.lowest <= value <= measure.highest:
        return Finding(leaf, Reason.UNRECOGNISED, possible_values(measure), evidence=latest, on=latest.begins)
    return _known(leaf, 100 * value / measure.highest, value_as_words(latest.value or 0), latest, latest.begins)


def value_as_words(millionths: int) -> str:
    """A number of millionths as a decimal number without trailing zeros."""
    whole, rest = divmod(millionths, MILLION)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


def _years_in_level(leaf: Leaf, measure: YearsInLevel, record: Record, as_of: date) -> Finding:
    posts, level = record.of(measure.kind), current_level(record, as_of)
    at_level = [post for post in posts if level is not None and post.code == level]
    held = [post for post in at_level if is_within(post.begins, as_of, None)]
    if not held:
        return _absent(leaf, posts, possible_bands(measure.bands))
    first = min(held, key=lambda post: (post.begins, post.id))
    years = completed_years(first.begins or as_of, as_of)
    return _known(leaf, score_of_band(measure.bands, years), str(years), first, first.begins)


def _breadth(leaf: Leaf, measure: Breadth, record: Record, as_of: date, institution: str) -> Finding:
    posts = record.of(measure.kind)
    held = [post for post in posts if is_within(post.begins, as_of, None)]
    if not held:
        return _absent(leaf, posts, Possible.among(measure.scores.values()))
    units = {post.unit for post in held if post.unit is not None}
    found = "cross_unit" if len(units) > 1 else "one_unit"
    if not all(same_institution(post.institution, institution) for post in held):
        found = "cross_institution"
    latest = max(held, key=lambda post: (post.begins, post.id))
    return _known(leaf, measure.scores[found], found, latest, latest.begins)


def _worst_sanction(leaf: Leaf, measure: WorstSanction, record: Record, as_of: date) -> Finding:
    if measure.kind not in record.checked:
        return Finding(leaf, Reason.NOT_CHECKED, possible_sanctions(measure, None))
    begun = [row for row in record.of(measure.kind) if is_within(row.begins, as_of, None)]
    if serving := [row for row in begun if row.ends is not None and row.ends >= as_of]:
        latest = max(serving, key=lambda row: (row.begins, row.id))
        return _known(leaf, measure.scores["serving"], "serving", latest, latest.begins)
    recent = [row for row in begun if row.code is not None and is_within(row.begins, as_of, measure.window_years)]
    worst = min(recent, key=lambda row: (measure.scores[row.code or NONE], -row.id), default=None)
    score = measure.scores[NONE if worst is None else worst.code or NONE]
    if open_ended := [row for row in begun if row.ends is None]:
        latest = max(open_ended, key=lambda row: (row.begins, row.id))
        possible = possible_sanctions(measure, score)
        return Finding(leaf, Reason.OPEN_ENDED, possible, evidence=latest, on=latest.begins)
    if worst is None:
        return Finding(leaf, Reason.CHECKED_NONE, Possible((score,)), NONE)
    return _known(leaf, score, worst.code or NONE, worst, worst.begins)


def _mean(leaf: Leaf, parts: Collection[Finding]) -> Finding:
    """Known if all parts are; the deciding day is the oldest one of the parts."""
    possible = possible_mean([part.leaf.weight for part in parts], [part.possible for part in parts])
    lacking = frozenset[str]().union(*(part.lacking for part in parts))
    if any(part.score is None for part in parts):
        return Finding(leaf, Reason.PARTS_MISSING, possible, lacking=lacking)
    found = " · ".join(part.found or "" for part in parts)
    oldest = min((part for part in parts if part.on is not None), key=lambda part: part.on or date.max, default=None)
    shown = (None, None) if oldest is None else (oldest.evidence, oldest.on)
    return Finding(leaf, Reason.PARTS, possible, found, *shown)
