"""Numbers and days of the rules, as statements of national searches have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ColumnElement, Integer, bindparam, literal_column

from app.db.tables.national import EPOCH
from app.domain.ages import last_birthday
from app.domain.durations import months_before
from app.domain.evidence import years_before


def integer(number: int) -> ColumnElement[int]:
    """A number of the rules, which stands in the statement: with parameters it takes a sixth longer."""
    return literal_column(str(number), Integer())


def bigint(number: int) -> ColumnElement[int]:
    """The same of eight bytes."""
    return literal_column(f"{number}::bigint", BigInteger())


class Back(StrEnum):
    """How a day lies before that of the post."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    BIRTHDAYS = "birthdays"
    """The last birthday of those who have so many years."""


_LIMITS: Mapping[Back, Callable[[date, int], date]] = {
    Back.DAYS: lambda on, days: on - timedelta(days),
    Back.MONTHS: months_before,
    Back.YEARS: years_before,
    Back.BIRTHDAYS: last_birthday,
}


def days_back(by: Back, number: int) -> ColumnElement[int]:
    """A day before that of the post, by its name: posts of other days are asked for by the same statement."""
    return bindparam(f"{by}_{number}", type_=Integer())


def days_named(names: Iterable[str], on: date) -> dict[str, int]:
    """The days that rules have named, as measures have them, of a post on this day."""
    named = ((name, *name.rpartition("_")) for name in names)
    return {name: day_number(_LIMITS[Back(by)](on, int(number))) for name, by, _, number in named if by in tuple(Back)}


def day_number(day: date) -> int:
    """A day as measures have it."""
    return (day - EPOCH).days
