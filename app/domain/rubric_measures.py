"""The leaves of a rubric as they are written down, and how each is measured: one reader per mode."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise, product

from app.domain.evidence import ASPECTS, CODES, COMPLETE_REGISTERS, YEARLY, Kind, Record
from app.domain.finding import Possible, find
from app.domain.nine_box import Axis
from app.domain.rubric import (
    NONE,
    Bands,
    Breadth,
    CategoryScore,
    CountInWindow,
    DirectValue,
    Given,
    Half,
    Leaf,
    LevelRatio,
    LevelSum,
    Mean,
    Measure,
    Pick,
    Rounding,
    Rubric,
    WorstSanction,
    YearsInLevel,
)
from app.domain.rubric_faults import Part, read_weights, shown

MOST_LEAVES = 50  # below an indicator
MOST_PARTS, DEEPEST = 20, 3  # of a mean; of means inside means
MOST_OUTCOMES = 2_000  # of a mean
LONGEST_WINDOW = 50  # years
MOST_BANDS, HIGHEST_EDGE = 50, 1_000
MOST_YEARS = 5  # back that a rubric looks one by one
HIGHEST_LEVEL, HIGHEST_VALUE = 5, 999
SHORT = 60  # characters
_INSTRUMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")

DATED = (Kind.AWARD, Kind.TEAM_ASSIGNMENT, Kind.TRAINING, Kind.POSITION, Kind.ACTING, Kind.SANCTION)
"""Kinds whose rows have a day, so that they can be counted in a window."""
STATED = tuple(kind for kind in CODES if kind is not Kind.SANCTION)
"""Kinds whose rows state a category by which they are scored; sanctions have a measure of their own."""

Fields = Mapping[str, Part]
Means = list[tuple[Part, Mean]]
"""The means of a rubric, inner ones first, with the part that lists what each is the mean of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a measure stands: its axis, component and indicator, and the codes of the leaf and its parts down to it."""

    axis: Axis
    component: str
    indicator: str
    items: frozenset[str]
    """All items of completeness of the rubric."""
    used: set[str]
    """Where the items are noted that some leaf needs."""
    means: Means
    """Where each mean is noted that is read."""
    path: tuple[str, ...] = ()
    item: str | None = None

    def leaf(self, code: str, weight: Fraction, measure: Measure, rounding: Rounding | None = None) -> Leaf:
        """The leaf, or the part of a mean, that stands here. A mean needs no item: its parts do."""
        item = None if isinstance(measure, Mean) else self.item
        return Leaf(self.axis, self.component, self.indicator, code, weight, item, measure, rounding)


def read_leaves(part: Part, wanted: Fraction | None, standing: Standing, taken: dict[str, str]) -> Iterator[Leaf]:
    """The leaves of an indicator of that weight; `taken` says where the codes of the tree's leaves stand."""
    required = ("code", "label", "weight", "item", "measure")
    found = [leaf.fields(required, ("round",)) for leaf in part.listed(1, MOST_LEAVES)]
    weights = read_weights(part, [fields["weight"] for fields in found], wanted)
    for fields, weight in zip(found, weights, strict=True):
        yield _leaf(fields, fields["code"].new_code(taken), weight or Fraction(0), standing)


def _leaf(fields: Fields, code: str, weight: Fraction, standing: Standing) -> Leaf:
    fields["label"].sentence()
    own = replace(standing, path=(*standing.path, code), item=_item(fields["item"], standing))
    if own.item is not None and _mode(fields["measure"]) == "mean":
        fields["item"].note("rubric.item_of_mean")
    return own.leaf(code, weight, _measure(fields["measure"], own), _rounding(fields["round"]))


def _item(part: Part, standing: Standing) -> str | None:
    if not part.is_there or part.value is None:
        return None
    item = part.code()
    if item and item not in standing.items:
        part.note("rubric.item_unlisted", item=item)
    standing.used.add(item)
    return item


def _rounding(part: Part) -> Rounding | None:
    if not part.is_there:
        return None
    fields = part.fields(("decimals", "half"))
    decimals, half = fields["decimals"].whole(0, 6), fields["half"].choice(tuple(Half))
    return Rounding(decimals or 0, half or Half.EVEN)


# ── one reader per mode


def _mode(part: Part) -> str | None:
    mode = part.value.get("mode") if isinstance(part.value, dict) else None
    return mode if isinstance(mode, str) and mode in MODES else None


def _measure(part: Part, standing: Standing) -> Measure:
    if (mode := _mode(part)) is None:
        if isinstance(part.value, dict):
            wrong = part.value.get("mode")
            part.below("mode", wrong).note("rubric.mode", mode=shown(wrong), modes=", ".join(MODES))
        else:
            part.fields(())
        return Given("", Fraction(0))
    required, optional, read = MODES[mode]
    return read(part.fields(("mode", *required), optional), standing)


def _category(fields: Fields, standing: Standing) -> Measure:
    kind = fields["evidence"].choice(STATED)
    pick = fields["pick"].choice(list(Pick) if kind is None else _picks(kind))
    if fields["windowYears"].is_there and (pick in (Pick.PREVIOUS_YEAR, Pick.LATEST_YEAR) or kind is Kind.EDUCATION):
        fields["windowYears"].note("rubric.window_unfit")
    for name in ("yearsBack", "yearWeights"):
        if fields[name].is_there and pick not in (None, Pick.PREVIOUS_YEAR):
            fields[name].note("rubric.years_unfit", field=name)
    measure = CategoryScore(
        kind or Kind.AWARD,
        pick or Pick.HIGHEST,
        _scores_of_kind(fields["scores"], kind),
        _window(fields["windowYears"]),
        fields["yearsBack"].whole(1, MOST_YEARS) or 1,
    )
    return _mean_of_years(fields, measure, standing) if fields["yearWeights"].is_there else measure


def _picks(kind: Kind) -> list[Pick]:
    return [Pick.PREVIOUS_YEAR, Pick.LATEST_YEAR] if kind in YEARLY else [Pick.HIGHEST]


def _scores_of_kind(part: Part, kind: Kind | None) -> Mapping[str, Fraction]:
    """The scores of a kind's categories.

    A complete register needs all of them, and one for having none: a row without a score would pass for none.
    """
    if kind is None:
        return _scores(
            part, [name for name in part.value if isinstance(name, str)] if isinstance(part.value, dict) else ()
        )
    every = (*CODES[kind], NONE)
    scores = _scores(part, every, every) if kind in COMPLETE_REGISTERS else _scores(part, CODES[kind])
    if part.value == {}:
        part.note("rubric.no_scores")
    return scores


def _scores(part: Part, known: Collection[str], required: Collection[str] = ()) -> Mapping[str, Fraction]:
    return {code: score.number(0, 100) or Fraction(0) for code, score in part.entries(known, required).items()}


def _mean_of_years(fields: Fields, measure: CategoryScore, standing: Standing) -> Mean:
    """The weights of the years before, the latest first, as a mean of a part for each year."""
    if fields["yearsBack"].is_there:
        fields["yearsBack"].note("rubric.years_twice")
    listed = fields["yearWeights"].listed(2, MOST_YEARS)
    weights = read_weights(fields["yearWeights"], listed, Fraction(100))
    return Mean(
        tuple(
            standing.leaf(f"{standing.path[-1]}.{back}", weight or Fraction(1), replace(measure, years_back=back))
            for back, weight in enumerate(weights, start=1)
        )
    )


def _window(part: Part) -> int | None:
    return part.whole(1, LONGEST_WINDOW) if part.is_there else None


def _count(fields: Fields, _standing: Standing) -> Measure:
    kind, codes = fields["evidence"].choice(DATED), None
    if fields["codes"].is_there:
        allowed = CODES[kind] if kind else [code for codes in CODES.values() for code in codes]
        codes = frozenset(part.one_of(allowed) for part in fields["codes"].listed(1, MOST_BANDS))
    return CountInWindow(kind or Kind.AWARD, _bands(fields["bands"]), _window(fields["windowYears"]), codes)


def _level_ratio(fields: Fields, _standing: Standing) -> Measure:
    kind = fields["evidence"].choice(list(ASPECTS))
    aspects = ASPECTS[kind or Kind.COMPETENCY_ASSESSMENT]
    aspect = fields["aspect"].one_of(aspects if kind else [aspect for own in ASPECTS.values() for aspect in own])
    scale = fields["scale"].whole(1, HIGHEST_LEVEL) if fields["scale"].is_there else None
    if kind is Kind.POTENTIAL_ASSESSMENT and not fields["scale"].is_there:
        fields["scale"].note("rubric.scale_needed")
    place = aspects.index(aspect) if aspect in aspects else 0
    return LevelRatio(kind or Kind.COMPETENCY_ASSESSMENT, place, scale, _window(fields["windowYears"]))


def _level_sum(fields: Fields, _standing: Standing) -> Measure:
    kind = fields["evidence"].choice([Kind.COMPETENCY_ASSESSMENT])
    above = fields["above"].whole(0, HIGHEST_LEVEL - 1) if fields["above"].is_there else 0
    return LevelSum(kind or Kind.COMPETENCY_ASSESSMENT, above or 0, _window(fields["windowYears"]))


def _direct_value(fields: Fields, _standing: Standing) -> Measure:
    instrument, lowest, highest = fields["instrument"], fields["lowest"], fields["highest"]
    if isinstance(instrument.value, str) and not _INSTRUMENT.fullmatch(instrument.value):
        instrument.note("rubric.instrument")
    name = instrument.text(SHORT)
    least, most = lowest.number(0, HIGHEST_VALUE), highest.number(0, HIGHEST_VALUE, is_open=True)
    if least is not None and most is not None and least >= most:
        highest.note("rubric.scale")
    return DirectValue(name, least or Fraction(0), most or Fraction(1), _window(fields["windowYears"]))


def _years_in_level(fields: Fields, _standing: Standing) -> Measure:
    return YearsInLevel(_bands(fields["bands"]))


def _breadth(fields: Fields, _standing: Standing) -> Measure:
    every = ("one_unit", "cross_unit", "cross_institution")
    return Breadth(_scores(fields["scores"], every, every))


def _worst_sanction(fields: Fields, _standing: Standing) -> Measure:
    every = (NONE, *CODES[Kind.SANCTION], "serving")
    return WorstSanction(_scores(fields["scores"], every, every), _window(fields["windowYears"]) or 1)


def _given(fields: Fields, _standing: Standing) -> Measure:
    return Given(fields["found"].text(SHORT), fields["score"].number(0, 100) or Fraction(0))


def _mean(fields: Fields, standing: Standing) -> Measure:
    """The mean of parts: each may be a mean of its own, but none may contain itself."""
    if len(standing.path) > DEEPEST:
        fields["parts"].note("rubric.too_deep", deepest=DEEPEST)
        return Mean(())
    required = ("code", "label", "item", "measure")
    found = [part.fields(required, ("weight", "round")) for part in fields["parts"].listed(1, MOST_PARTS)]
    weighted = [part["weight"] for part in found if part["weight"].is_there]
    weights: list[Fraction | None] = [Fraction(1)] * len(found)
    if len(weighted) == len(found):
        weights = read_weights(fields["parts"], weighted, Fraction(100))
    elif weighted:
        fields["parts"].note("rubric.part_weights")
    taken: dict[str, str] = {}
    parts = [_part_of_mean(part, weight, standing, taken) for part, weight in zip(found, weights, strict=True)]
    mean = Mean(tuple(parts))
    standing.means.append((fields["parts"], mean))
    return mean


def _part_of_mean(fields: Fields, weight: Fraction | None, standing: Standing, taken: dict[str, str]) -> Leaf:
    code = fields["code"].new_code(taken)
    if code and code in standing.path:
        fields["code"].note("rubric.circle", name=code, path=" → ".join((*standing.path, code)))
    return _leaf(fields, code, weight or Fraction(1), standing)


MODES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Fields, Standing], Measure]]] = {
    "category": (("evidence", "pick", "scores"), ("windowYears", "yearsBack", "yearWeights"), _category),
    "count": (("evidence", "bands"), ("windowYears", "codes"), _count),
    "levelRatio": (("evidence", "aspect"), ("scale", "windowYears"), _level_ratio),
    "levelSum": (("evidence",), ("above", "windowYears"), _level_sum),
    "directValue": (("instrument", "lowest", "highest"), ("windowYears",), _direct_value),
    "yearsInLevel": (("bands",), (), _years_in_level),
    "breadth": (("scores",), (), _breadth),
    "worstSanction": (("windowYears", "scores"), (), _worst_sanction),
    "given": (("found", "score"), (), _given),
    "mean": (("parts",), (), _mean),
}
"""Per mode the fields it must have, those it may have, and who reads them."""


def must_be_countable(means: Means, rubric: Rubric) -> None:
    """Note the first mean of which more is possible, while its parts are unknown, than can be looked at."""
    for part, mean in means:
        if _is_countless(mean, [find(one, rubric, Record(), date.max, "").possible for one in mean.parts]):
            part.note("rubric.outcomes", most=MOST_OUTCOMES)
            return


def _is_countless(mean: Mean, parts: Collection[Possible]) -> bool:
    sums = {Fraction(0)}
    for one, possible in zip(mean.parts, parts, strict=True):
        if len(sums) > MOST_OUTCOMES:
            break
        sums = {known + one.weight * score for known, score in product(sums, possible.scores)}
    return len(sums) > MOST_OUTCOMES and not any(possible.is_dense for possible in parts)


# ── bands


@dataclass(frozen=True, slots=True)
class Band:
    """A band as it is written: from its edge up to, not including, the next one's."""

    part: Part
    edge: int
    end: int | None
    score: Fraction


def _bands(part: Part) -> Bands:
    """Bands without gaps and overlaps from 0 on, in any order: `[edge, score]` or `{"from", "to", "score"}`."""
    found = [_band(one) for one in part.listed(1, MOST_BANDS)]
    bands = sorted((band for band in found if band is not None), key=lambda band: band.edge)
    if len(bands) == len(found) and bands:
        _must_cover(part, bands)
    return tuple((band.edge, band.score) for band in reversed(bands))


def _band(part: Part) -> Band | None:
    if isinstance(part.value, dict):
        fields = part.fields(("from", "score"), ("to",))
        edge, end, score = fields["from"], fields["to"], fields["score"]
    else:
        pair = part.listed(2, 2)
        if len(pair) != 2:
            return None
        (edge, score), end = pair, None
    lowest, points = edge.whole(0, HIGHEST_EDGE), score.number(0, 100)
    until = None if end is None or not end.is_there else end.whole(1, HIGHEST_EDGE)
    return None if lowest is None or points is None else Band(part, lowest, until, points)


def _must_cover(part: Part, bands: list[Band]) -> None:
    if bands[0].edge:
        part.note("rubric.bands_start", lowest=bands[0].edge)
    for band, following in pairwise(bands):
        if band.edge == following.edge:
            following.part.note("rubric.bands_repeated", edge=band.edge)
        elif band.end is not None and band.end < following.edge:
            following.part.note("rubric.bands_gap", first=band.end, last=following.edge)
        elif band.end is not None and band.end > following.edge:
            following.part.note("rubric.bands_overlap", first=following.edge, last=band.end)
    if bands[-1].end is not None:
        bands[-1].part.note("rubric.bands_end", last=bands[-1].end)
