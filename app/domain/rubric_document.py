"""A rubric as it is written down (JSON) → a `Rubric`; everything wrong with it is reported with its JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import cast

from app.domain.careers import PositionLevel
from app.domain.errors import Fault, Invalid
from app.domain.evidence import ASPECTS, Kind
from app.domain.nine_box import Axis
from app.domain.rubric import (
    MILLION,
    Bands,
    Breadth,
    CategoryScore,
    CountInWindow,
    Given,
    Leaf,
    LevelRatio,
    Measure,
    Pick,
    Rubric,
    WorstSanction,
    YearsInLevel,
)

Json = Mapping[str, object]


def parse_rubric(document: Json) -> Rubric:
    """The rubric a document describes; `Invalid("rubric.invalid")` with a fault per weight that does not add up."""
    faults = tuple(_weights_that_do_not_add_up(document))
    if faults:
        raise Invalid("rubric.invalid", faults=faults)
    cut_points = {Axis(axis): _cut_points(edges) for axis, edges in _object(document["cutPoints"]).items()}
    standards = {
        PositionLevel(level): tuple(_whole(_object(levels)[name]) for name in ASPECTS[Kind.COMPETENCY_ASSESSMENT])
        for level, levels in _object(document["standards"]).items()
    }
    return Rubric(
        code=str(document["code"]),
        version=_whole(document["version"]),
        leaves=tuple(_leaves(document)),
        cut_points=cut_points,
        talent_value_weights={Axis(a): _whole(w) for a, w in _object(document["talentValueWeights"]).items()},
        standards=standards,
        items=tuple(str(item) for item in _list(document["items"])),
    )


def active_statuses(document: Json) -> frozenset[str]:
    """The SIASN codes of kedudukan hukum that a mapping under this rubric counts as active."""
    return frozenset(str(code) for code in _list(_object(document["mapping"])["activeStatuses"]))


def _leaves(document: Json) -> Iterator[Leaf]:
    for axis in _objects(document["axes"]):
        for component in _objects(axis["components"]):
            for indicator in _objects(component["indicators"]):
                for leaf in _objects(indicator["leaves"]):
                    yield Leaf(
                        axis=Axis(str(axis["code"])),
                        component=str(component["code"]),
                        indicator=str(indicator["code"]),
                        code=str(leaf["code"]),
                        weight=_number(leaf["weight"]),
                        item=None if leaf["item"] is None else str(leaf["item"]),
                        measure=_measure(_object(leaf["measure"])),
                    )


def _measure(measure: Json) -> Measure:
    match measure["mode"]:
        case "category":
            window = measure.get("windowYears")
            return CategoryScore(
                Kind(str(measure["evidence"])),
                Pick(str(measure["pick"])),
                _scores(measure),
                None if window is None else _whole(window),
            )
        case "count":
            codes = measure.get("codes")
            return CountInWindow(
                Kind(str(measure["evidence"])),
                _bands(measure),
                _whole(measure["windowYears"]),
                None if codes is None else frozenset(str(code) for code in _list(codes)),
            )
        case "levelRatio":
            kind, scale = Kind(str(measure["evidence"])), measure.get("scale")
            return LevelRatio(
                kind, ASPECTS[kind].index(str(measure["aspect"])), None if scale is None else _whole(scale)
            )
        case "yearsInLevel":
            return YearsInLevel(_bands(measure))
        case "breadth":
            return Breadth(_scores(measure))
        case "worstSanction":
            return WorstSanction(_scores(measure), _whole(measure["windowYears"]))
        case "given":
            return Given(str(measure["found"]), _number(measure["score"]))
        case mode:
            raise Invalid("rubric.invalid", faults=(Fault("rubric.mode", "/axes", {"mode": mode}),))


def _weights_that_do_not_add_up(document: Json) -> Iterator[Fault]:
    """Children's weights must sum to their parent's; an axis has 100 points."""

    def compare(children: Sequence[Json], wanted: Fraction, where: str) -> Iterator[Fault]:
        total = sum((_number(child["weight"]) for child in children), Fraction(0))
        if total != wanted:
            yield Fault("rubric.weights", where, {"total": float(total), "wanted": float(wanted)})

    for a, axis in enumerate(_objects(document["axes"])):
        components = _objects(axis["components"])
        yield from compare(components, Fraction(100), f"/axes/{a}/components")
        for c, component in enumerate(components):
            indicators, where = _objects(component["indicators"]), f"/axes/{a}/components/{c}/indicators"
            yield from compare(indicators, _number(component["weight"]), where)
            for i, indicator in enumerate(indicators):
                leaves = _objects(indicator["leaves"])
                yield from compare(leaves, _number(indicator["weight"]), f"{where}/{i}/leaves")


def _cut_points(edges: object) -> tuple[int, int]:
    middle, high = (int(_number(edge) * MILLION) for edge in _list(edges))
    return middle, high


def _scores(measure: Json) -> Mapping[str, Fraction]:
    return {category: _number(score) for category, score in _object(measure["scores"]).items()}


def _bands(measure: Json) -> Bands:
    pairs = [cast("Sequence[object]", pair) for pair in _list(measure["bands"])]
    return tuple(sorted(((_whole(edge), _number(score)) for edge, score in pairs), reverse=True))


def _object(value: object) -> Json:
    return cast("Json", value)


def _objects(value: object) -> Sequence[Json]:
    return cast("Sequence[Json]", value)


def _list(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value)


def _whole(value: object) -> int:
    return int(cast("int", value))


def _number(value: object) -> Fraction:
    """Exact: a JSON number is read by its decimal digits."""
    return Fraction(str(value))
