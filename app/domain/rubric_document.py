"""A rubric as it is written down (JSON) → a `Rubric`; everything wrong with it is reported with its JSON pointer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import cast

from app.domain.careers import PositionLevel, target_of
from app.domain.errors import Fault, Invalid
from app.domain.evidence import COMPETENCIES
from app.domain.nine_box import Axis
from app.domain.rubric import MILLION, CutPoints, Leaf, Rubric, Variant
from app.domain.rubric_faults import LARGEST_VERSION, LONGEST_LABEL, Part, plain, read_weights, shown
from app.domain.rubric_measures import Standing, must_be_countable, read_leaves

Json = Mapping[str, object]

DEFAULT_RUBRIC = "bkn-411-2025"
"""The code whose newest version holds where an institution has activated none."""

MOST = 50  # of what stands in a list
MOST_LEAVES = 200  # of a tree
LONGEST_NOTE = 2_000  # characters
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}(@[0-9a-f]{8})?")
_STATUS = re.compile(r"[0-9]{2}")
_TARGETS = tuple(level for level in PositionLevel if level in {target_of(one) for one in PositionLevel})


def parse_rubric(document: object) -> Rubric:
    """The rubric a document describes; `Invalid("rubric.invalid")` with every fault of the document at once."""
    faults: list[Fault] = []
    rubric = _rubric(Part(document, "", faults))
    if faults:
        raise Invalid("rubric.invalid", faults=tuple(faults))
    return rubric


def known_rubric(document: Json) -> Rubric:
    """As `parse_rubric`, for documents that were accepted before: one that was read lately is not read again."""
    return _known(json.dumps(document))


@lru_cache(maxsize=64)
def _known(written: str) -> Rubric:
    return parse_rubric(json.loads(written))


def active_statuses(document: Json) -> frozenset[str]:
    """The SIASN codes of kedudukan hukum that a mapping under this rubric counts as active."""
    mapping = cast("Mapping[str, Sequence[str]]", document["mapping"])
    return frozenset(mapping["activeStatuses"])


def leaf_documents(document: Json) -> list[list[Json]]:
    """The leaves of each tree as they are written down, in the order of `Rubric.trees` and of their leaves."""
    variants = cast("Sequence[Json]", document.get("variants", ()))
    return [
        [
            leaf
            for axis in _below(tree, "axes")
            for component in _below(axis, "components")
            for indicator in _below(component, "indicators")
            for leaf in _below(indicator, "leaves")
        ]
        for tree in (document, *variants)
    ]


def _below(branch: Json, name: str) -> Sequence[Json]:
    return cast("Sequence[Json]", branch[name])


def _rubric(part: Part) -> Rubric:
    required = ("code", "version", "title", "source", "mapping", "cutPoints", "talentValueWeights", "items", "axes")
    fields = part.fields((*required, "standards"), ("notes", "variants"))
    fields["title"].sentence()
    fields["source"].text(LONGEST_NOTE)
    for note in fields["notes"].listed(1, MOST):
        note.sentence(LONGEST_NOTE)
    _must_name_statuses(fields["mapping"])
    taken: dict[str, str] = {}
    listed = fields["items"].listed(1, MOST)
    items = tuple(item.new_code(taken) for item in listed)
    ground = Standing(Axis.PERFORMANCE, "", "", frozenset(items), set(), [])
    leaves, cut_points = _tree(fields, ground)
    variants = _variants(fields["variants"], ground)
    for item in listed:
        if isinstance(item.value, str) and item.value not in ground.used:
            item.note("rubric.item_unused")
    rubric = Rubric(
        code=_rubric_code(fields["code"]),
        version=fields["version"].whole(1, LARGEST_VERSION) or 1,
        leaves=leaves,
        cut_points=cut_points,
        talent_value_weights=_talent_value_weights(fields["talentValueWeights"]),
        standards=_standards(fields["standards"]),
        items=items,
        variants=variants,
    )
    if not part.faults:
        must_be_countable(ground.means, rubric)
    return rubric


def _rubric_code(part: Part) -> str:
    if isinstance(part.value, str) and not _CODE.fullmatch(part.value):
        part.note("rubric.rubric_code")
        return ""
    return part.text(LONGEST_LABEL)


def _must_name_statuses(mapping: Part) -> None:
    for status in mapping.fields(("activeStatuses",))["activeStatuses"].listed(1, MOST):
        if not (isinstance(status.value, str) and _STATUS.fullmatch(status.value)):
            status.note("rubric.status")


# ── trees


def _tree(fields: Mapping[str, Part], ground: Standing) -> tuple[tuple[Leaf, ...], CutPoints]:
    """The leaves of a rubric's own tree or of a variant's, and the cut points."""
    leaves = tuple(_leaves(fields["axes"], ground))
    if len(leaves) > MOST_LEAVES:
        fields["axes"].note("rubric.list_length", fewest=len(Axis), most=MOST_LEAVES, length=len(leaves))
    cut_points = fields["cutPoints"].fields([axis.value for axis in Axis])
    return leaves, {axis: _edges(cut_points[axis.value]) for axis in Axis}


def _leaves(part: Part, ground: Standing) -> Iterator[Leaf]:
    axes, codes = list[Axis](), dict[str, str]()
    for place in part.listed(len(Axis), len(Axis)):
        fields = place.fields(("code", "label", "components"))
        fields["label"].sentence()
        axis = fields["code"].choice(tuple(Axis))
        if axis in axes:
            fields["code"].note("rubric.axes")
        axes.append(axis or Axis.PERFORMANCE)
        for component, indicators, weight in _branches(fields["components"], "indicators", Fraction(100)):
            for indicator, leaves, own in _branches(indicators, "leaves", weight):
                standing = replace(ground, axis=axes[-1], component=component, indicator=indicator)
                yield from read_leaves(leaves, own, standing, codes)


def _branches(part: Part, below: str, wanted: Fraction | None) -> Iterator[tuple[str, Part, Fraction | None]]:
    """Components or indicators, whose weights add up to `wanted`: the code, what stands below, and the weight."""
    found = [child.fields(("code", "label", "weight", below)) for child in part.listed(1, MOST)]
    weights = read_weights(part, [fields["weight"] for fields in found], wanted)
    taken: dict[str, str] = {}
    for fields, weight in zip(found, weights, strict=True):
        fields["label"].sentence()
        yield fields["code"].new_code(taken), fields[below], weight


def _edges(part: Part) -> tuple[int, int]:
    """Where the middle and the high category begin, in millionths."""
    match [_edge(edge) for edge in part.listed(2, 2)]:
        case [int(middle), int(high)]:
            if middle >= high:
                part.note("rubric.cut_points")
            return middle, high
    return 0, 1


def _edge(part: Part) -> int | None:
    """A number of points (≥), or `{"from": 72, "edge": ">"}`: a category that begins beyond, a millionth later."""
    number, beyond = part, 0
    if isinstance(part.value, dict):
        fields = part.fields(("from", "edge"))
        number = fields["from"]
        beyond = int(fields["edge"].one_of((">=", ">")) == ">")
    points = number.number(0, 100)
    return None if points is None else int(points * MILLION) + beyond


def _variants(part: Part, ground: Standing) -> tuple[Variant, ...]:
    """Other trees for talents whose target is one of some levels; no level has two."""
    taken: dict[str, str] = {}
    variants = []
    for one in part.listed(1, MOST):
        fields = one.fields(("targetLevels", "axes", "cutPoints"))
        levels = [_target(level, taken) for level in fields["targetLevels"].listed(1, len(_TARGETS))]
        leaves, cut_points = _tree(fields, ground)
        variants.append(Variant(frozenset(level for level in levels if level), leaves, cut_points))
    return tuple(variants)


def _target(part: Part, taken: dict[str, str]) -> PositionLevel | None:
    level = part.choice(_TARGETS)
    if level is not None and level in taken:
        part.note("rubric.repeated", name=shown(level.value), other=taken[level])
    if level is not None:
        taken.setdefault(level, part.where)
    return level


# ── what holds for all trees


def _talent_value_weights(part: Part) -> Mapping[Axis, int]:
    fields = part.fields([axis.value for axis in Axis])
    weights = {axis: fields[axis.value].whole(0, 100) for axis in Axis}
    known = [weight for weight in weights.values() if weight is not None]
    if len(known) == len(Axis) and sum(known) != 100:
        part.note("rubric.weights", total=plain(Fraction(sum(known))), wanted="100")
    return {axis: weight or 0 for axis, weight in weights.items()}


def _standards(part: Part) -> Mapping[PositionLevel, tuple[int, ...]]:
    """Per level of posts the level that each competency should have."""
    if part.value == {}:
        part.note("rubric.no_standards")
    standards = {}
    for level, aspects in part.entries([level.value for level in PositionLevel]).items():
        levels = aspects.fields(COMPETENCIES)
        standards[PositionLevel(level)] = tuple(levels[name].whole(1, 5) or 1 for name in COMPETENCIES)
    return standards
