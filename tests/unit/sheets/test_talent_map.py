"""Talent maps as sheets: written and read again they say the same, and what does not follow is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.nine_box import Axis
from app.domain.placement import Placement
from app.domain.rubric import MILLION, Rubric
from app.domain.talent_map import Indicator, place_by_points
from app.sheets import talent_map
from app.sheets.layouts import RefusedCell
from app.sheets.reading import Sheet
from app.sheets.talent_map import MapLayout, MapRow
from tests.unit.strategies import BKN_411, OF_INSTITUTIONS

NIP = "199101092019212095"


def layout_of(rubric: Rubric) -> MapLayout:
    """The layout with the codes of indicators as their labels."""
    indicators = []
    for variant, tree in enumerate(rubric.trees):
        leaves: dict[tuple[Axis, str, str], list[int]] = {}
        for ordinal, leaf in enumerate(tree.leaves, start=1):
            leaves.setdefault((leaf.axis, leaf.component, leaf.indicator), []).append(ordinal)
        for (axis, component, code), ordinals in leaves.items():
            weight = sum(tree.leaves[ordinal - 1].weight for ordinal in ordinals)
            items = tuple(item for ordinal in ordinals if (item := tree.leaves[ordinal - 1].item))
            indicators.append(
                Indicator(variant, axis, component, code, code, int(weight * MILLION), tuple(ordinals), items)
            )
    return MapLayout(rubric, tuple(indicators))


LAYOUT = layout_of(BKN_411)
LAYOUTS = [layout_of(rubric) for rubric in OF_INSTITUTIONS]


def row_of(layout: MapLayout, variant: int, points: list[int | None], calibrated: int | None = None) -> MapRow:
    """Somebody with these points, and everything that follows from them."""
    tree = layout.tree(variant)
    placement = place_by_points(layout.rubric, variant, tree, points)
    value = placement.talent_value
    axes = {Axis.PERFORMANCE: placement.performance, Axis.POTENTIAL: placement.potential}
    return MapRow(
        nip=NIP,
        name="SITI",
        position=None,
        unit="BIDANG",
        variant=variant,
        points={indicator.key: told for indicator, told in zip(tree, points, strict=True)},
        values={axis: found.value for axis, found in axes.items()},
        categories={axis: found.category for axis, found in axes.items()},
        box=placement.box,
        calibrated_box=calibrated,
        talent_value=None if value is None else Decimal(value.numerator) / Decimal(value.denominator),
    )


def sheet_of(headings: list[str], cells: list[Any]) -> Sheet:
    return Sheet("peta.xlsx", "Peta", tuple(headings), 1, lambda: (row for row in [(1, headings), (2, cells)]))


def as_written(layout: MapLayout, axis_x: Axis, row: MapRow) -> dict[str, Any]:
    """A row by its headings, as a spreadsheet would hand it back."""
    headings = [heading.label for heading in talent_map.headings(layout, axis_x)]
    cells = talent_map.cells_of(layout, axis_x, row)
    return {
        heading: float(cell) if isinstance(cell, Decimal | int) else cell
        for heading, cell in zip(headings, cells, strict=True)
    }


def read(layout: MapLayout, written: dict[str, Any]) -> Any:
    recognised = talent_map.recognise(sheet_of(list(written), list(written.values())), layout)
    assert recognised is not None
    [(_, cells)] = recognised.sheet.rows()
    return recognised.read(cells)


@given(st.data(), st.sampled_from(LAYOUTS), st.sampled_from(Axis))
@settings(max_examples=200, deadline=None)
def test_a_map_is_read_as_it_was_written(data: st.DataObject, layout: MapLayout, axis_x: Axis) -> None:
    variant = data.draw(st.integers(0, len(layout.rubric.trees) - 1))
    points = [
        data.draw(st.one_of(st.integers(0, one.weight), st.sampled_from([0, one.weight]), st.none()))
        for one in layout.tree(variant)
    ]
    row = row_of(layout, variant, points)
    row = replace(row, calibrated_box=None if row.box is None else data.draw(st.sampled_from([None, 1, 9])))
    told = read(layout, as_written(layout, axis_x, row))
    assert not isinstance(told, RefusedCell), told
    assert (told["nip"], told["unit"], told["points"]) == (NIP, "BIDANG", points)
    assert told["placement"] == place_by_points(layout.rubric, variant, layout.tree(variant), points)
    assert told["calibrated_box"] == row.calibrated_box


def a_row(**but: Any) -> dict[str, Any]:
    """The worked example A of the facts (71.00, 83.85, box 8), some cells of it otherwise."""
    points = [48, 3.75, 11.25, 8, 19, 6.25, 8.8, 15.8, 9, 10, 15]
    row = as_written(LAYOUT, Axis.POTENTIAL, row_of(LAYOUT, 0, [round(one * MILLION) for one in points]))
    assert (row["KOTAK"], row["NILAI TALENTA"]) == (8.0, 77.425)
    assert (row["X - POTENSIAL (NILAI)"], row["Y - KINERJA (NILAI)"]) == (83.85, 71.0)
    assert (row["X - POTENSIAL (KATEGORI)"], row["Y - KINERJA (KATEGORI)"]) == ("Tinggi", "Sesuai ekspektasi")
    return row | but


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"NIP": "123"}, "nip.length"),
        ({"NIP": None}, "cell.missing"),
        ({"X - EDUCATION": 8.0}, "talent_map.sum"),
        ({"X - EDUCATION": 9.000001}, "talent_map.sum"),
        ({"X - EDUCATION": None}, "talent_map.sum_unknown"),
        ({"X - EDUCATION": 10.5}, "points.range"),
        ({"X - EDUCATION": -1.0}, "points.range"),
        ({"X - EDUCATION": 9.00000012}, "points.range"),
        ({"X - EDUCATION": "sembilan"}, "points.invalid"),
        ({"X - EDUCATION": True}, "points.invalid"),
        ({"X - EDUCATION": float("nan")}, "points.invalid"),
        ({"X - POTENSIAL (NILAI)": 83.9}, "talent_map.sum"),
        ({"X - POTENSIAL (NILAI)": None}, "talent_map.sum_missing"),
        ({"X - POTENSIAL (KATEGORI)": "Menengah"}, "talent_map.follows"),
        ({"Y - KINERJA (KATEGORI)": None}, "talent_map.follows"),
        ({"Y - KINERJA (KATEGORI)": "Tinggi"}, "value.unknown"),
        ({"KOTAK": 9.0}, "talent_map.follows"),
        ({"KOTAK": None}, "talent_map.follows"),
        ({"KOTAK": 10.0}, "number.range"),
        ({"NILAI TALENTA": 77.5}, "talent_map.follows"),
        ({"NILAI TALENTA": None}, "talent_map.follows"),
    ],
)
def test_what_does_not_follow_is_refused(cells: dict[str, Any], code: str) -> None:
    [column] = cells
    told = read(LAYOUT, a_row(**cells))
    assert isinstance(told, RefusedCell)
    assert told.code == code
    expected = {"talent_map.sum": "X - POTENSIAL (NILAI)", "talent_map.sum_unknown": "X - POTENSIAL (NILAI)"}
    assert told.column == expected.get(code, column)


@pytest.mark.parametrize(
    "cells",
    [
        {"NILAI TALENTA": 77.43},
        {"NILAI TALENTA": "77,425"},
        {"X - POTENSIAL (NILAI)": 83.85000000000001},
        {"KOTAK KALIBRASI": 9},
    ],
)
def test_what_is_only_written_otherwise_is_accepted(cells: dict[str, Any]) -> None:
    told = read(LAYOUT, a_row(**cells))
    assert isinstance(told["placement"], Placement)
    assert told["placement"].box == 8


def test_somebody_unknown_is_in_no_box_and_cannot_be_calibrated() -> None:
    empty = as_written(LAYOUT, Axis.POTENTIAL, row_of(LAYOUT, 0, [None] * 11))
    assert set(empty.values()) == {NIP, "SITI", "BIDANG", None}
    told = read(LAYOUT, empty)
    assert (told["placement"].box, told["placement"].reachable) == (None, tuple(range(1, 10)))
    refused = read(LAYOUT, empty | {"KOTAK KALIBRASI": 5})
    assert (refused.column, refused.code) == ("KOTAK KALIBRASI", "talent_map.no_calibration")


def test_headings_decide_which_axis_is_x_not_the_letters() -> None:
    swapped = {
        {"X": "Y", "Y": "X"}.get(heading[0], "") + heading[1:] if heading[1:4] == " - " else heading: cell
        for heading, cell in a_row().items()
    }
    assert "Y - POTENSIAL (NILAI)" in swapped
    assert read(LAYOUT, swapped)["placement"] == read(LAYOUT, a_row())["placement"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda row: {h: c for h, c in row.items() if h != "X - EDUCATION"}, "heading.missing"),
        (lambda row: {h: c for h, c in row.items() if h != "KOTAK"}, "heading.missing"),
        (lambda row: row | {"X - KESEHATAN": 1}, "talent_map.indicator"),
        (lambda row: row | {"x -  education": 1}, "heading.repeated"),
        (lambda row: row | {"Y - EDUCATION": 1}, "talent_map.indicator"),
    ],
)
def test_other_columns_are_refused_with_the_sheet(change: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(LAYOUT, change(a_row()))
    assert refused.value.code == code


@pytest.mark.parametrize("missing", ["NIP", "X - POTENSIAL (NILAI)", "Y - KINERJA (NILAI)"])
def test_a_sheet_that_names_no_axis_is_no_talent_map(missing: str) -> None:
    row = {heading: cell for heading, cell in a_row().items() if heading != missing}
    assert talent_map.recognise(sheet_of(list(row), list(row.values())), LAYOUT) is None


def test_two_indicators_of_one_name_are_told_apart() -> None:
    one = LAYOUT.indicators[0]
    twice = MapLayout(BKN_411, (one, replace(one, code="other")))
    assert list(twice.columns.values()) == ["PERFORMANCEAPPRAISAL", "PERFORMANCEAPPRAISAL (2)"]
