"""Two axis values → one of nine boxes (PermenPANRB 3/2020, appendix; numbering is a national constant)."""

from __future__ import annotations

from enum import StrEnum

BOXES = tuple(range(1, 10))


class Axis(StrEnum):
    """The two axes. Which of them is drawn as X differs between documents, so neither is called x or y here."""

    PERFORMANCE = "performance"
    POTENTIAL = "potential"


class Category(StrEnum):
    """A third of an axis: di bawah/sesuai/di atas ekspektasi (performance), rendah/menengah/tinggi (potential)."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


CATEGORIES = tuple(Category)
# Rows: performance low, middle, high; columns: potential low, middle, high.
BOX_OF = ((1, 3, 6), (2, 5, 8), (4, 7, 9))


def category_of(value: int, cut_points: tuple[int, int]) -> Category:
    """The category of an axis value; all three in millionths of a point, lower edges inclusive."""
    middle_from, high_from = cut_points
    if value >= high_from:
        return Category.HIGH
    return Category.MIDDLE if value >= middle_from else Category.LOW


def box_of(performance: Category | None, potential: Category | None) -> int | None:
    """The box 1–9; None ("not assessed") as long as either axis is unknown. A missing file puts nobody in box 1."""
    if performance is None or potential is None:
        return None
    return BOX_OF[CATEGORIES.index(performance)][CATEGORIES.index(potential)]
