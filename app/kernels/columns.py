"""People and their evidence as columns: what the kernels work on, a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from app.domain.careers import PositionLevel
from app.domain.evidence import Kind, years_before

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

UNKNOWN = -1  # of scores, points, values, codes
NO_DAY = -(10**6)  # of days, which count from 1970-01-01
EPOCH = date(1970, 1, 1)
LEVELS = tuple(PositionLevel)
LEVEL_CODES = {level.value: code for code, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind as columns, sorted by person and id. `code` indexes `codes`; absent values are negative."""

    codes: tuple[str, ...]
    person: Ints
    id: Ints
    code: Ints
    begins: Ints
    ends: Ints
    year: Ints
    unit: Ints
    is_home: Flags
    value: Ints
    """Totals of instruments in millionths."""
    rung: Ints
    """Of the evidence ladder, counted from the lowest."""
    levels: Ints
    """One row per assessment, one column per aspect; 0 where blank."""

    def of(self, place: Ints) -> Rows:
        """The rows of the people who have a place (not negative) in another batch."""
        kept = place[self.person] >= 0
        columns = {name: getattr(self, name)[kept] for name in COLUMNS}
        return replace(self, **columns | {"person": place[columns["person"]]})


COLUMNS = ("person", "id", "code", "begins", "ends", "year", "unit", "is_home", "value", "rung", "levels")


@dataclass(frozen=True, slots=True)
class People:
    """A batch: how many, what is held about them, which registers were checked, and their levels on record."""

    size: int
    rows: Mapping[Kind, Rows]
    checked: Mapping[Kind, Flags]
    level: Ints

    def of(self, who: Ints) -> People:
        """Some of them, in the order given."""
        place = np.full(self.size, UNKNOWN)
        place[who] = np.arange(len(who))
        return People(
            size=len(who),
            rows={kind: rows.of(place) for kind, rows in self.rows.items()},
            checked={kind: flags[who] for kind, flags in self.checked.items()},
            level=self.level[who],
        )


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def up_to(day: Ints, as_of: date, window_years: int | None = None) -> Flags:
    """Which days lie in as-of − n years ≤ day ≤ as-of."""
    within: Flags = (day != NO_DAY) & (day <= day_number(as_of))
    if window_years is not None:
        within &= day >= day_number(years_before(as_of, window_years))
    return within


def last_of_each(person: Ints, key: Ints | None = None) -> tuple[Ints, Ints]:
    """Who has rows, and the position of each one's row with the greatest key, of equal ones the last.

    Rows are in the order of people; keys lie within ± 2^35.
    """
    order = np.arange(len(person)) if key is None else _in_order(person, key)
    in_order = person[order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = in_order[1:] != in_order[:-1]
    return in_order[is_last], order[is_last]


def first_of_each(person: Ints, key: Ints) -> tuple[Ints, Ints]:
    """Who has rows, and the position of each one's row with the least key, of equal ones the first."""
    order = _in_order(person, key)
    in_order = person[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = in_order[1:] != in_order[:-1]
    return in_order[is_first], order[is_first]


def _in_order(person: Ints, key: Ints) -> Ints:
    return np.argsort((person << 36) + key, kind="stable")


def current_level(people: People, as_of: date) -> Ints:
    """The level code of everybody's latest definitive post; of the record where there is none."""
    rows = people.rows[Kind.POSITION]
    level_of = np.array([LEVEL_CODES[code] for code in rows.codes] + [UNKNOWN])
    at = np.flatnonzero(up_to(rows.begins, as_of))
    who, last = last_of_each(rows.person[at], rows.begins[at])
    level = people.level.copy()
    stated = rows.code[at[last]] >= 0
    level[who[stated]] = level_of[rows.code[at[last][stated]]]
    return level


def completed_years(since: Ints, as_of: date) -> Ints:
    """Whole years up to a day."""
    days = since.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months).astype(np.int64) + 1
    before_anniversary = (month > as_of.month) | ((month == as_of.month) & (day > as_of.day))
    years: Ints = as_of.year - year - before_anniversary
    return years


def last_days(year: Ints) -> Ints:
    """31 December of each year."""
    next_years = (year - 1970 + 1).astype("datetime64[Y]").astype("datetime64[D]")
    days: Ints = next_years.astype(np.int64) - 1
    return days
