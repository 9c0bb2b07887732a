"""Who comes to the provinces and who leaves them in a round, by position level, as it may be told to everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain import suppression


@dataclass(frozen=True, slots=True)
class Flow:
    """How many people came to posts of a level in a province, and how many left such posts."""

    province_code: str | None
    position_level: str
    entered: int
    went: int


Region = dict[str, object]
"""`provinceCode`, `positionLevel` (null: all levels), `entered` and `left` (null: withheld)."""


def regions_told(flows: Iterable[Flow]) -> list[Region]:
    """The same by province and level and by province alone, without counts that would point at single people."""
    flows = list(flows)
    provinces = sorted({flow.province_code for flow in flows}, key=lambda code: code or "")
    levels = sorted({flow.position_level for flow in flows})
    if not flows:
        return []
    entered, went = (
        suppression.tell(_table(counts, provinces, levels))
        for counts in (_counted((flow, flow.entered) for flow in flows), _counted((flow, flow.went) for flow in flows))
    )
    told: list[Region] = []
    for row, province in enumerate(provinces):
        told.append(_region(province, None, entered.rows[row], went.rows[row]))
        for column, level in enumerate(levels):
            here = entered.cells[row][column], went.cells[row][column]
            if here != (0, 0):
                told.append(_region(province, level, *here))
    return told


Counts = Counter[tuple[str | None, str]]


def _counted(flows: Iterable[tuple[Flow, int]]) -> Counts:
    counts: Counts = Counter()
    for flow, people in flows:
        counts[flow.province_code, flow.position_level] += people
    return counts


def _table(counts: Counts, provinces: Sequence[str | None], levels: Sequence[str]) -> list[list[int]]:
    return [[counts[province, level] for level in levels] for province in provinces]


def _region(province: str | None, level: str | None, entered: int | None, went: int | None) -> Region:
    return {"provinceCode": province, "positionLevel": level, "entered": entered, "left": went}
