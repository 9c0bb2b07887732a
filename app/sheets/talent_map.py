"""The talent map as a sheet, in the manner of SIMATA: what its headings are, and how rows of such a sheet are read.

One axis is called X and the other Y, which of them differs between offices: the headings of the values name the axis,
as in `X - POTENSIAL (NILAI)`, and decide whatever the letter. Points of indicators stand under `X - …` and `Y - …`.
An empty cell is unknown, never nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import cast

from app.domain import evidence
from app.domain.errors import Invalid
from app.domain.messages import sentence
from app.domain.nine_box import CATEGORIES, Axis, Category
from app.domain.placement import AxisPlacement, Placement
from app.domain.rubric import MILLION, Rubric
from app.domain.talent_map import Indicator, IndicatorKey, kinds_of_indicator, place_by_points
from app.sheets import cells
from app.sheets.cells import Cell, CellFault
from app.sheets.layouts import Column, Layout, Parser, RecognisedSheet, RowFault, Values, folded
from app.sheets.reading import Sheet
from app.sheets.writing import Heading, Kind

NAME = "peta talenta"
LETTERS = ("X", "Y")
VALUE, CATEGORY = "NILAI", "KATEGORI"
_AXIS_COLUMN = re.compile(r"\s*([XY])\s*-\s*(.*\S)\s*", re.IGNORECASE)
_NOISE = Decimal("1e-9")  # what sums of doubles leave behind


@dataclass(frozen=True)
class MapLayout:
    """The columns of the maps made by one rubric."""

    rubric: Rubric
    indicators: tuple[Indicator, ...]
    """Of all its trees, in their order."""

    def resting_on(self, *kinds: evidence.Kind) -> set[IndicatorKey]:
        """The keys of the indicators that rest on evidence of one of the kinds in one of the trees."""
        return {one.key for one in self.indicators if kinds_of_indicator(self.rubric, one).intersection(kinds)}

    def tree(self, variant: int) -> list[Indicator]:
        return [indicator for indicator in self.indicators if indicator.variant == variant]

    @cached_property
    def columns(self) -> dict[IndicatorKey, str]:
        """Each indicator once, whichever trees it is in, with its label in capitals; two of a name are numbered."""
        named: dict[IndicatorKey, str] = {}
        for indicator in self.indicators:
            if indicator.key not in named:
                label = indicator.label.upper()
                same = sum(key[0] is indicator.axis and other.startswith(label) for key, other in named.items())
                named[indicator.key] = label if not same else f"{label} ({same + 1})"
        return named

    @property
    def has_variants(self) -> bool:
        return len(self.rubric.trees) > 1

    def fields(self, axis: Axis) -> list[tuple[str, IndicatorKey]]:
        """The indicators of an axis: the field that each fills, and its key."""
        return [(f"part {number}", key) for number, key in enumerate(self.columns) if key[0] is axis]


def name_of(axis: Axis) -> str:
    """What an axis is called in headings."""
    return sentence(f"label.axis.{axis}")["id"].upper()


def label_of(axis: Axis, category: Category) -> str:
    """What a third of an axis is called in cells."""
    return sentence(f"label.{axis}.{category}")["id"]


# ── written


def headings(layout: MapLayout, axis_x: Axis) -> list[Heading]:
    """The columns as they are written: indicators of X and of Y, the values of both, and what follows from them."""
    lettered = list(zip(LETTERS, sorted(Axis, key=lambda axis: axis is not axis_x), strict=True))
    return [
        Heading("NIP", 21),
        Heading("NAMA", 32),
        Heading("JABATAN", 40),
        Heading("UNIT", 40),
        *([Heading("VARIAN", 9, Kind.WHOLE)] if layout.has_variants else []),
        *(
            Heading(f"{letter} - {layout.columns[key]}", 16, Kind.POINTS)
            for letter, axis in lettered
            for _, key in layout.fields(axis)
        ),
        *(Heading(f"{letter} - {name_of(axis)} ({VALUE})", 16, Kind.POINTS) for letter, axis in lettered),
        *(Heading(f"{letter} - {name_of(axis)} ({CATEGORY})", 20) for letter, axis in lettered),
        Heading("KOTAK", 9, Kind.WHOLE),
        Heading("KOTAK KALIBRASI", 12, Kind.WHOLE),
        Heading("NILAI TALENTA", 14, Kind.VALUE),
    ]


@dataclass(frozen=True, slots=True)
class MapRow:
    """Somebody on a map: points of indicators by their keys, values in millionths; None is unknown."""

    nip: str
    name: str
    position: str | None
    unit: str | None
    variant: int
    points: Mapping[IndicatorKey, int | None]
    values: Mapping[Axis, int | None]
    categories: Mapping[Axis, str | None]
    box: int | None
    calibrated_box: int | None
    talent_value: Decimal | None


def cells_of(layout: MapLayout, axis_x: Axis, row: MapRow) -> list[str | int | Decimal | None]:
    """A row as it is written below `headings`."""
    axes = sorted(Axis, key=lambda axis: axis is not axis_x)
    categories = {axis: row.categories[axis] for axis in axes}
    return [
        *(row.nip, row.name, row.position, row.unit),
        *([row.variant] if layout.has_variants else []),
        *(_as_points(row.points.get(key)) for axis in axes for _, key in layout.fields(axis)),
        *(_as_points(row.values[axis]) for axis in axes),
        *(None if (told := categories[axis]) is None else label_of(axis, Category(told)) for axis in axes),
        *(row.box, row.calibrated_box, row.talent_value),
    ]


def _as_points(millionths: int | None) -> Decimal | None:
    return None if millionths is None else Decimal(millionths) / MILLION


# ── read


def recognise(sheet: Sheet, layout: MapLayout) -> RecognisedSheet | None:
    """The sheet as a talent map; None if it is none: it has to name NIP and the values of both axes.

    Refused with `talent_map.indicator` for a column that is no indicator of the rubric, with `heading.missing` for one
    that is not there, with `heading.repeated` for one that stands twice.
    """
    if (axes := _axes_of(sheet)) is None:
        return None
    wanted = _columns(layout, axes)
    by_heading = {folded(column.heading): column for column in (*wanted.columns, *wanted.optional)}
    present = [folded(heading) for heading in sheet.headings]
    for heading, name in zip(sheet.headings, present, strict=True):
        if _AXIS_COLUMN.fullmatch(heading) and name not in by_heading:
            rubric = f"{layout.rubric.code}/{layout.rubric.version}"
            raise Invalid("talent_map.indicator", file=sheet.file, sheet=sheet.name, column=heading, rubric=rubric)
        if name in by_heading and present.count(name) > 1:
            raise Invalid("heading.repeated", file=sheet.file, sheet=sheet.name, column=heading)
    if missing := [column.heading for column in wanted.columns if folded(column.heading) not in present]:
        named = ", ".join(missing)
        raise Invalid("heading.missing", file=sheet.file, sheet=sheet.name, column=named, layout=NAME)
    positions = tuple((place, by_heading[name]) for place, name in enumerate(present) if name in by_heading)
    return RecognisedSheet(sheet, wanted, positions)


def _axes_of(sheet: Sheet) -> dict[Axis, str] | None:
    """Which letter each axis has on a sheet; None if it is no talent map."""
    present = {folded(heading) for heading in sheet.headings}
    axes = {
        axis: letter
        for letter in LETTERS
        for axis in Axis
        if folded(f"{letter} - {name_of(axis)} ({VALUE})") in present
    }
    return axes if folded("NIP") in present and set(axes.values()) == set(LETTERS) else None


def _columns(layout: MapLayout, axes: Mapping[Axis, str]) -> Layout:
    parts = [
        Column(f"{letter} - {layout.columns[key]}", field, _points, required=False)
        for axis, letter in axes.items()
        for field, key in layout.fields(axis)
    ]
    totals = [
        column
        for axis, letter in axes.items()
        for column in (
            Column(f"{letter} - {name_of(axis)} ({VALUE})", f"value {axis}", _points, required=False),
            Column(f"{letter} - {name_of(axis)} ({CATEGORY})", f"category {axis}", _category(axis), required=False),
        )
    ]
    box = partial(cells.whole, lowest=1, highest=9)
    variant = Column("VARIAN", "variant", partial(cells.whole, lowest=0, highest=len(layout.rubric.trees) - 1))
    return Layout(
        NAME,
        (
            Column("NIP", "nip", cells.nip),
            *([variant] if layout.has_variants else []),
            *parts,
            *totals,
            Column("KOTAK", "box", box, required=False),
            Column("NILAI TALENTA", "talent_value", partial(_number, decimals=8), required=False),
        ),
        optional=(
            Column("UNIT", "unit", cells.text, required=False),
            Column("KOTAK KALIBRASI", "calibrated_box", box, required=False),
        ),
        check=partial(_check, layout),
    )


def _category(axis: Axis) -> Parser:
    return partial(cells.choice, allowed={label_of(axis, category).upper(): category.value for category in CATEGORIES})


def _points(cell: Cell) -> int | None:
    """Points as millionths; refused with `points.invalid` or `points.range`."""
    return None if (number := _number(cell, decimals=6)) is None else int(number * MILLION)


def _number(cell: Cell, decimals: int) -> Decimal | None:
    """A number from 0 to 100 with so many decimals, also with a decimal comma."""
    if isinstance(cell, str):
        written = cells.text(cell)
        if written is None:
            return None
        if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,15})?", written, re.ASCII):
            raise CellFault("points.invalid")
        number = Decimal(written.replace(",", "."))
    elif cell is None:
        return None
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) <= MILLION:
        number = Decimal(repr(cell))
    else:
        raise CellFault("points.invalid")
    rounded = round(number, decimals)
    if not 0 <= rounded <= 100 or abs(number - rounded) > _NOISE:
        raise CellFault("points.range", highest=100, decimals=decimals)
    return rounded


# ── what has to hold for a row


def _check(layout: MapLayout, row: Values) -> None:
    """Everything a row states follows from its points; what it comes to is the row's `placement`, in its `points`."""
    variant = int(str(row.get("variant") or 0))
    tree = layout.tree(variant)
    weights = {indicator.key: indicator.weight for indicator in tree}
    told: dict[IndicatorKey, int | None] = {}
    for axis in Axis:
        for field, key in layout.fields(axis):
            told[key] = points = cast("int | None", row[field])
            if points is not None and key not in weights:
                raise RowFault("talent_map.other_tree", field, variant=variant)
            if points is not None and points > weights[key]:
                raise RowFault("points.range", field, highest=_written(weights[key]), decimals=6)
    placement = place_by_points(layout.rubric, variant, tree, [told[indicator.key] for indicator in tree])
    _must_add_up(row, Axis.PERFORMANCE, placement.performance)
    _must_add_up(row, Axis.POTENTIAL, placement.potential)
    _must_follow(row, placement)
    row["placement"], row["points"] = placement, [told[indicator.key] for indicator in tree]


def _must_add_up(row: Values, axis: Axis, found: AxisPlacement) -> None:
    field, stated = f"value {axis}", row[f"value {axis}"]
    if found.value is None:
        if stated is not None:
            raise RowFault("talent_map.sum_unknown", field)
    elif stated is None:
        raise RowFault("talent_map.sum_missing", field, sum=_written(found.value))
    elif stated != found.value:
        raise RowFault("talent_map.sum", field, sum=_written(found.value))
    if row[f"category {axis}"] != found.category:
        expected = None if found.category is None else label_of(axis, found.category)
        raise RowFault("talent_map.follows", f"category {axis}", expected=_or_empty(expected))


def _must_follow(row: Values, placement: Placement) -> None:
    if row["box"] != placement.box:
        raise RowFault("talent_map.follows", "box", expected=_or_empty(placement.box))
    if row.get("calibrated_box") is not None and placement.box is None:
        raise RowFault("talent_map.no_calibration", "calibrated_box")
    exact, stated = placement.talent_value, row["talent_value"]
    expected = None if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator)
    if stated is None or expected is None:
        if stated is not expected:
            raise RowFault("talent_map.follows", "talent_value", expected=_or_empty(expected))
    elif abs(Decimal(str(stated)) - expected) * 2 > _last_decimal(Decimal(str(stated))):
        raise RowFault("talent_map.follows", "talent_value", expected=expected)


def _last_decimal(written: Decimal) -> Decimal:
    """The value of one in the last decimal that was written: a talent value may be rounded there."""
    exponent = written.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def _written(millionths: int) -> str:
    return f"{Decimal(millionths) / MILLION:f}"


def _or_empty(expected: object) -> str:
    return "–" if expected is None else str(expected)
