"""The ekspose pack as a page to print: plain HTML without scripts, everything drawn as SVG inside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.messages import Sentence, sentence
from app.domain.movement import CAUSES
from app.domain.nine_box import BOX_OF, BOXES, CATEGORIES, Axis
from app.domain.recommendations import BOXES_OF_POOL, Pool
from app.domain.standing import Audience
from app.services.ekspose_data import Ekspose, IndexValue

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
WITHHELD = "•"
INDONESIAN = str.maketrans(",.", ".,")  # thousands and decimals
CHART_WIDTH, CHART_HEIGHT = 620, 150  # of the history of an index, in the units of its drawing


def render(pack: Ekspose) -> bytes:
    """The page as HTML in UTF-8; whatever the pack says is escaped."""
    return PAGE.render(pack=pack, grid=_grid(Axis(pack["axisX"])), histories=_histories(pack["indices"])).encode()


def _grid(axis_x: Axis) -> list[tuple[str, list[int]]]:
    """The boxes as they are drawn, the highest of Y on top: the category of each row, and its boxes."""
    by_performance = [list(row) for row in BOX_OF]
    rows = by_performance if axis_x is Axis.POTENTIAL else [list(column) for column in zip(*BOX_OF, strict=True)]
    return [(category.value, row) for category, row in zip(reversed(CATEGORIES), reversed(rows), strict=True)]


def _histories(values: Sequence[IndexValue]) -> list[tuple[str, list[Mapping[str, object]]]]:
    """Each index with its years as points of a line, scaled to the values there are."""
    histories = []
    for index, of_index in groupby(values, key=lambda one: one["index"]):
        years = list(of_index)
        lowest, highest = min(one["value"] for one in years), max(one["value"] for one in years)
        step, span = CHART_WIDTH / len(years), (highest - lowest) or 1
        points: list[Mapping[str, object]] = [
            {
                **one,
                "x": round((number + 0.5) * step, 1),
                "y": round(CHART_HEIGHT - 50 - (one["value"] - lowest) / span * (CHART_HEIGHT - 95), 1),
            }
            for number, one in enumerate(years)
        ]
        histories.append((index, points))
    return histories


def _day(written: str | None) -> str:
    """A day as it is written in Indonesian."""
    if written is None:
        return "–"
    day = date.fromisoformat(written)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _number(value: float | None) -> str:
    """A number as it is written in Indonesian; a dot in its middle where it is withheld."""
    if value is None:
        return WITHHELD
    return (f"{value:,}" if isinstance(value, int) else f"{value:,.2f}").translate(INDONESIAN)


def _percent(value: float) -> str:
    return f"{value:.1f} %".translate(INDONESIAN)


def _share(part: int | None, whole: int | None) -> float | None:
    """Per cent; None where it is not to be told, or of nobody."""
    return None if part is None or not whole else 100 * part / whole


def _label(kind: str, name: str | None) -> Sentence:
    return sentence(f"label.{kind}.{name or 'unknown'}")


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {"day": _day, "number": _number, "percent": _percent}
_environment.globals |= {
    "boxes": BOXES,
    "categories": [category.value for category in CATEGORIES],
    "causes": [cause.value for cause in CAUSES],
    "chart": (CHART_WIDTH, CHART_HEIGHT),
    "is_public": lambda pack: pack["audience"] == Audience.PUBLIC.value,
    "label": _label,
    "pool": BOXES_OF_POOL[Pool.INSTITUTION],
    "roman": ROMAN,
    "say": sentence,
    "share": _share,
}
PAGE = _environment.get_template("ekspose.html")
