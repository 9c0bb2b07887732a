"""The ekspose pack as data: what its tables, its page and the public's version of it are made from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypedDict

from app.domain.messages import Sentence
from app.domain.movement import CAUSES
from app.domain.nine_box import BOXES
from app.domain.recommendations import BOXES_OF_POOL, Pool
from app.domain.standing import Audience
from app.domain.suppression import Place, is_small, sum_told, tell

Count = int | None


class RubricVersion(TypedDict):
    """A version of a rubric; null before the first mapping."""

    code: str | None
    version: int | None


class Institution(TypedDict):
    """Whose pack it is."""

    id: str
    name: str
    asOf: str | None
    rubric: RubricVersion


class Coverage(TypedDict):
    """Of those mapped: in a box, decided in spite of missing evidence, neither."""

    mapped: Count
    assessed: Count
    decided: Count
    notAssessed: Count


class BoxCount(TypedDict):
    """People in a box."""

    box: int
    count: Count


class Level(TypedDict):
    """People of a position level, by box."""

    positionLevel: str | None
    total: Count
    boxes: list[BoxCount]
    decided: Count
    notAssessed: Count


class ItemCount(TypedDict):
    """How many have an item of evidence, and how many lack it."""

    item: str
    have: Count
    missing: Count


class UnitName(TypedDict):
    """A unit."""

    id: str
    name: str


class Unit(TypedDict):
    """Completeness of a unit's own people."""

    unit: UnitName
    total: Count
    items: list[ItemCount]


class MovementCycle(TypedDict):
    """One of the two cycles."""

    name: str
    asOf: str


class MovementCell(TypedDict):
    """How many went from one box to another."""

    fromBox: int
    toBox: int
    count: Count


class Movement(TypedDict):
    """How people moved between the two cycles published last."""

    cycle: MovementCycle
    earlierCycle: MovementCycle
    stayed: Count
    moved: Count
    byCause: dict[str, Count]
    margins: dict[str, Count]
    matrix: list[MovementCell]


class IndexValue(TypedDict):
    """The value of an index in a year."""

    index: str
    year: int
    value: float
    grade: str
    source: str | None


class Reference(TypedDict):
    """A regulation or a committee."""

    kind: str
    name: str
    title: str
    dated: str | None
    text: str | None


class Ekspose(TypedDict):
    """The whole pack."""

    audience: str
    institution: Institution
    axisX: str
    coverage: Coverage
    boxes: list[BoxCount]
    levels: list[Level]
    items: list[ItemCount]
    units: list[Unit]
    pools: dict[str, Count]
    movement: Movement | None
    indices: list[IndexValue]
    references: list[Reference]
    vacancies: Count
    successionCoverage: float | None
    postsNotKept: Sentence | None
    """Null once a position map was imported."""


def withhold(pack: Ekspose) -> None:
    """Make the pack one for the public: small counts, and those that would give them away, become null."""
    pack["audience"] = Audience.PUBLIC.value
    if pack["levels"]:
        _withhold_boxes(pack)
        _withhold_completeness(pack)
    if pack["movement"] is not None:
        _withhold_movement(pack["movement"])


def _whole(counts: Sequence[Count]) -> list[int]:
    """Counts of a pack from which nothing has been withheld yet."""
    return [count for count in counts if count is not None]


# ── boxes by level


def _withhold_boxes(pack: Ekspose) -> None:
    """First who is assessed at each level and in all, then their boxes: of those levels whose number is told."""
    coverage, levels, width = pack["coverage"], pack["levels"], len(BOXES)
    boxes = [_whole([box["count"] for box in level["boxes"]]) for level in levels]
    parts = [
        [sum(row), *_whole([level["decided"], level["notAssessed"]])] for row, level in zip(boxes, levels, strict=True)
    ]
    told = tell(parts, known={(len(levels), 0)})
    coverage["assessed"], coverage["decided"], coverage["notAssessed"] = told.columns
    coverage["mapped"] = told.total
    for level, (_, decided, not_assessed), total in zip(levels, told.cells, told.rows, strict=True):
        level["decided"], level["notAssessed"], level["total"] = decided, not_assessed, total
    if told.columns[0] is None or any(is_small(size) for size in _whole(list(pack["pools"].values()))):
        nobody: list[Count] = [0] * width  # where nobody is assessed, every box is known to be empty
        _tell_boxes(pack, [nobody if assessed == 0 else [None] * width for assessed, *_ in told.cells], [None] * width)
    else:
        hidden = [row for row, (assessed, *_) in enumerate(told.cells) if assessed is None]
        shown = tell(
            boxes,
            also={(row, column) for row in hidden for column in range(width + 1)},
            known={(row, width) for row in range(len(levels))},
        )
        _tell_boxes(pack, shown.cells, shown.columns)


def _tell_boxes(pack: Ekspose, by_level: Sequence[Sequence[Count]], totals: Sequence[Count]) -> None:
    for told, boxes in ((totals, pack["boxes"]), *zip(by_level, (one["boxes"] for one in pack["levels"]), strict=True)):
        for box, count in zip(boxes, told, strict=True):
            box["count"] = count
    pack["pools"] = {pool.value: _pool(pool, totals, pack["coverage"]["assessed"]) for pool in Pool}


def _pool(pool: Pool, boxes: Sequence[Count], assessed: Count) -> Count:
    """The size of a pool where it can be worked out: from its own boxes, or from all others."""
    inside = sum_told([boxes[BOXES.index(box)] for box in BOXES_OF_POOL[pool]])
    outside = sum_told([boxes[BOXES.index(box)] for box in BOXES if box not in BOXES_OF_POOL[pool]])
    return inside if inside is not None or outside is None or assessed is None else assessed - outside


# ── completeness


def _withhold_completeness(pack: Ekspose) -> None:
    """Items are counted about the same people: who is too few in a unit is withheld there for every item."""
    units, items = pack["units"], pack["items"]
    totals = tell([[total] for total in _totals_of_rows(pack)], known=()).rows
    hidden = {row for row, total in enumerate(totals) if total is None}
    for unit, total in zip(units, totals, strict=False):
        unit["total"] = total
    for number, item in enumerate(items):
        cells = [_whole([unit["items"][number]["have"], unit["items"][number]["missing"]]) for unit in units]
        cells += _without_unit(cells, _whole([item["have"], item["missing"]]))
        told = tell(cells, also=_hidden_of_item(cells, hidden), known={(row, 2) for row in range(len(cells))})
        for unit, (have, missing) in zip(units, told.cells, strict=False):
            unit["items"][number]["have"], unit["items"][number]["missing"] = have, missing
        item["have"], item["missing"] = told.columns


def _totals_of_rows(pack: Ekspose) -> list[int]:
    """Of the units, and of those without a unit if there are any."""
    first = pack["items"][0]
    cells = [_whole([unit["items"][0]["have"], unit["items"][0]["missing"]]) for unit in pack["units"]]
    return [sum(row) for row in [*cells, *_without_unit(cells, _whole([first["have"], first["missing"]]))]]


def _without_unit(cells: Sequence[Sequence[int]], everybody: Sequence[int]) -> list[list[int]]:
    """The row of those who belong to no unit: nobody is shown it, everybody can work it out."""
    rest = [whole - sum(row[column] for row in cells) for column, whole in enumerate(everybody)]
    return [rest] if any(rest) else []


def _hidden_of_item(cells: Sequence[Sequence[int]], rows: Collection[int]) -> set[Place]:
    """As the total of a row is known, a small count is withheld with the other."""
    small = {(row, column) for row, counts in enumerate(cells) if any(map(is_small, counts)) for column in (0, 1)}
    return small | {(row, column) for row in rows for column in (0, 1, 2)}


# ── movement


def _withhold_movement(movement: Movement) -> None:
    """The flow from box to box is not told at all: most of its 81 counts are small."""
    movement["matrix"] = []
    causes = [movement["byCause"][cause.value] for cause in CAUSES]
    stayed, *told = tell([_whole([movement["stayed"], *causes])]).columns
    movement["stayed"], movement["moved"] = stayed, sum_told(told)
    movement["byCause"] = {cause.value: count for cause, count in zip(CAUSES, told, strict=True)}
    if any(map(is_small, _whole(list(movement["margins"].values())))):
        movement["margins"] = dict.fromkeys(movement["margins"])
