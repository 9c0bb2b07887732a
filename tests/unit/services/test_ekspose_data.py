"""The public's pack: whatever it withholds stays unknown, however its tables are put together."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.nine_box import BOXES
from app.domain.suppression import is_small
from app.services.ekspose_data import withhold

Cells = tuple[tuple[int, ...], ...]
COLUMNS = (5, 7, 8)  # boxes that anybody stands in
ITEMS = ("awards", "discipline")


def box_pack(cells: Cells) -> dict[str, Any]:
    """A pack of people by level: in three of the boxes, decided, neither; nothing is known of their evidence."""
    levels = []
    for *boxes, decided, rest in cells:
        counts = dict(zip(COLUMNS, boxes, strict=True))
        told = [{"box": box, "count": counts.get(box, 0)} for box in BOXES]
        levels.append({"boxes": told, "decided": decided, "notAssessed": rest, "total": sum((*boxes, decided, rest))})
    columns = [sum(column) for column in zip(*cells, strict=True)]
    boxes = [{"box": box, "count": dict(zip(COLUMNS, columns, strict=False)).get(box, 0)} for box in BOXES]
    return {
        "audience": "institution",
        "coverage": {
            "mapped": sum(columns),
            "assessed": sum(columns[:3]),
            "decided": columns[3],
            "notAssessed": columns[4],
        },
        "boxes": boxes,
        "levels": levels,
        "pools": {"institution": columns[1] + columns[2], "national": 0},
        "items": [{"item": "awards", "have": sum(columns), "missing": 0}],
        "units": [],
        "movement": None,
    }


def figures(pack: dict[str, Any]) -> dict[tuple[Any, ...], int | None]:
    """Every count by where it stands."""

    def below(told: Any, where: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], int | None]]:
        parts = told.items() if isinstance(told, dict) else enumerate(told)
        for name, value in parts:
            if isinstance(value, dict | list):
                yield from below(value, (*where, name))
            elif name not in ("box", "audience", "item", "unit"):
                yield (*where, name), value

    return dict(below({name: part for name, part in pack.items() if part is not None}, ()))


def public(pack: dict[str, Any]) -> dict[tuple[Any, ...], int | None]:
    told = copy.deepcopy(pack)
    withhold(told)  # type: ignore[arg-type]
    return figures(told)


def moved(cells: Cells) -> Iterator[Cells]:
    """All tables that differ by one person or two, there or elsewhere."""

    def one(table: Cells) -> Iterator[Cells]:
        places = list(product(range(len(table)), range(len(table[0]))))
        for row, column in places:
            yield tuple(
                tuple(count + ((n, m) == (row, column)) for m, count in enumerate(counts))
                for n, counts in enumerate(table)
            )
        for here, there in permutations(places, 2):
            if table[here[0]][here[1]]:
                rows = [list(row) for row in table]
                rows[here[0]][here[1]] -= 1
                rows[there[0]][there[1]] += 1
                yield tuple(map(tuple, rows))

    for once in one(cells):
        yield once
        yield from one(once)


def must_stay_unknown(
    true: dict[tuple[Any, ...], int | None], told: dict[tuple[Any, ...], int | None], others: Any
) -> None:
    """What is told is true and not small; for what is not, another table fits everything that is told."""
    assert {where: count for where, count in told.items() if count is not None} == {
        where: true[where] for where, count in told.items() if count is not None
    }
    assert not any(is_small(count) for count in told.values() if count is not None)
    unknown = {where for where, count in told.items() if count is None}
    for other in others:
        if not unknown:
            return
        if any(count is not None and count != other[where] for where, count in told.items()):
            continue
        unknown -= {where for where in unknown if other[where] != true[where]}
    assert not unknown


COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9])
TABLES = st.lists(st.tuples(*[COUNTS] * 5), min_size=1, max_size=2).map(tuple).filter(lambda rows: all(map(any, rows)))


@given(TABLES)
@example(((0, 0, 0, 0, 5), (0, 0, 1, 0, 4)))
@settings(max_examples=80, deadline=None)
def test_nothing_withheld_about_boxes_can_be_worked_out(cells: Cells) -> None:
    pack = box_pack(cells)
    nobodys = {box - 1 for box in BOXES if box not in COLUMNS}
    told = {
        where: count
        for where, count in public(pack).items()
        if where[0] not in ("items", "pools") and not (where[-1] == "count" and where[-2] in nobodys)
    }
    must_stay_unknown(figures(pack), told, (figures(box_pack(other)) for other in moved(cells)))


@given(TABLES)
@settings(max_examples=30, deadline=None)
def test_a_small_pool_does_not_show_by_what_is_left(cells: Cells) -> None:
    told = public(box_pack(cells))
    rest = [told["boxes", box - 1, "count"] for box in BOXES if box not in (7, 8, 9)]
    if is_small(sum(row[1] + row[2] for row in cells)):
        assert told["pools", "institution"] is None
        assert None in rest or told["coverage", "assessed"] is None


def unit_pack(cells: Cells) -> dict[str, Any]:
    """A pack of units with two items of evidence; the last row belongs to no unit."""
    pack = box_pack(((0, 0, 0, 0, sum(have + missing for have, missing, *_ in cells)),))
    items = [[row[2 * n : 2 * n + 2] for row in cells] for n in range(len(ITEMS))]
    pack["items"] = [
        {"item": name, "have": sum(have for have, _ in rows), "missing": sum(missing for _, missing in rows)}
        for name, rows in zip(ITEMS, items, strict=True)
    ]
    pack["units"] = [
        {
            "total": row[0] + row[1],
            "items": [{"item": name, "have": row[2 * n], "missing": row[2 * n + 1]} for n, name in enumerate(ITEMS)],
        }
        for row in cells[:-1]
    ]
    return pack


def regrouped(cells: Cells) -> Iterator[Cells]:
    """All tables in which one or two people have an item more or less, or change places with the next unit."""
    for once in _regrouped(cells):
        yield once
        yield from _regrouped(once)


def _regrouped(cells: Cells) -> Iterator[Cells]:
    """One step: within a unit, a whole person to another unit, or one more."""
    for row, kinds in product(range(len(cells)), product((0, 1), repeat=len(ITEMS))):
        columns = [2 * item + kind for item, kind in enumerate(kinds)]
        yield tuple(
            tuple(count + (n == row and column in columns) for column, count in enumerate(counts))
            for n, counts in enumerate(cells)
        )
    for row, item, step in product(range(len(cells)), range(len(ITEMS)), (1, -1)):
        have, missing = cells[row][2 * item] + step, cells[row][2 * item + 1] - step
        if min(have, missing) >= 0:
            changed = [*cells[row]]
            changed[2 * item : 2 * item + 2] = [have, missing]
            yield tuple(tuple(changed) if n == row else one for n, one in enumerate(cells))
    for here, there in permutations(range(len(cells)), 2):
        for kinds in product((0, 1), repeat=len(ITEMS)):
            columns = [2 * item + kind for item, kind in enumerate(kinds)]
            if all(cells[here][column] for column in columns):
                rows = [list(row) for row in cells]
                for column in columns:
                    rows[here][column] -= 1
                    rows[there][column] += 1
                yield tuple(map(tuple, rows))


@st.composite
def units(draw: st.DrawFn) -> Cells:
    totals = draw(st.lists(st.sampled_from([0, 2, 4, 5, 6, 8]), min_size=2, max_size=4).filter(any))
    rows = []
    for total in totals:
        haves = [draw(st.integers(0, total)) for _ in ITEMS]
        rows.append(tuple(count for have in haves for count in (have, total - have)))
    return tuple(rows)


@given(units())
@settings(max_examples=20, deadline=None)
def test_nothing_withheld_about_units_can_be_worked_out(cells: Cells) -> None:
    pack = unit_pack(cells)
    must_stay_unknown(figures(pack), public(pack), (figures(unit_pack(other)) for other in regrouped(cells)))


def test_a_movement_is_told_without_its_flow_and_small_causes() -> None:
    pack = box_pack(((0, 0, 0, 0, 9),))
    pack["movement"] = {
        "stayed": 30,
        "moved": 18,
        "byCause": {"data": 12, "rating": 2, "rubric": 0, "calibration": 4},
        "margins": {"entered": 7, "left": 1, "notAssessed": 60},
        "matrix": [{"fromBox": 1, "toBox": 1, "count": 3}],
    }
    withhold(pack)  # type: ignore[arg-type]
    assert pack["movement"] == {
        "stayed": 30,
        "moved": None,
        "byCause": {"data": 12, "rating": None, "rubric": 0, "calibration": None},
        "margins": {"entered": None, "left": None, "notAssessed": None},
        "matrix": [],
    }
