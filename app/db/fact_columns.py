"""What facts come to, in SQL: the expressions that requirements and criteria share, as plain Python has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    SmallInteger,
    SQLColumnExpression,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    type_coerce,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.db.documents import DIALECT
from app.domain.durations import MONTHS_OF_A_YEAR
from app.domain.nip import YEARS, YOUNGEST

Columns = ReadOnlyColumnCollection[str, ColumnElement[Any]]
"""Of the table `candidate`, or of an alias or a query with its columns."""
Column = SQLColumnExpression[Any]
Number = ColumnElement[int]


def time_in_affair(columns: Columns, affair: str, on: date) -> tuple[Number, Number]:
    """As `domain.experience`: the days known, and how many more it may have been; null where nothing limits it."""
    recorded = cast(columns["affair_days"].op("->>")(affair), Integer)
    running = case((columns["government_affair"] == affair, days_since(columns["affair_since"], on)), else_=0)
    return func.coalesce(recorded, 0) + running, time_unaccounted(columns, on)


def time_unaccounted(columns: Columns, on: date) -> Number:
    """Days in service before the posts on record begin, and in posts whose affair nobody has said."""
    is_placed = and_(columns["government_affair"].is_not(None), columns["affair_since"].is_not(None))
    present = case((is_placed, 0), else_=days_since(columns["post_since"], on))
    unplaced = func.coalesce(columns["unplaced_days"], 0) + present
    history = case((columns["affair_days"].is_not(None), columns["history_from"]))
    return days_unaccounted(columns, on, days_since(history, on) - unplaced)


def days_unaccounted(columns: Columns, on: date, accounted: Number) -> Number:
    """Days in service about which nothing is on record; null where nobody knows since when somebody serves."""
    days = days_between(columns["service_from"], on) - accounted
    return case((columns["service_from"].is_not(None), func.greatest(days, 0)))


def days_between(since: ColumnElement[Any], on: date) -> Number:
    """Below nothing before the first of them, and null where it is not known."""
    return type_coerce(literal(on) - since, Integer)


def days_since(since: ColumnElement[Any], on: date) -> Number:
    """None before the first of them, and none where it is not known."""
    return func.coalesce(func.greatest(days_between(since, on), 0), 0)


def matched_levels(levels: Sequence[ColumnElement[Any]], standard: Sequence[int], blank: int) -> Number:
    """The sum of the levels, each as far as the standard asks for it."""
    matched: Number = literal(0, Integer)
    for level, needed in zip(levels, standard, strict=True):
        known = func.coalesce(level, literal(blank, SmallInteger))
        matched = matched + func.least(known, literal(needed, SmallInteger), type_=Integer)
    return matched


# ── what records and numbers say, as `domain.nip` reads them; of rows with the columns of the table `talent`


def day_of_birth(columns: Columns, on: Column) -> ColumnElement[date | None]:
    """As `domain.nip.day_of_birth`."""
    born = func.coalesce(columns["born_on"], birth_date_of_number(columns["nip"]), type_=Date)
    return case((and_(born >= _FIRST, born <= years_earlier(on, YOUNGEST)), born))


def birth_date_of_number(nip: Column) -> ColumnElement[date | None]:
    """The date that the first eight digits are; null where they are none."""
    day = _first_of_month(func.left(nip, _words(6))) + (
        cast(func.substr(nip, _words(7), _words(2)), Integer) - _words(1)
    )
    is_date = func.to_char(day, _words("YYYYMMDD")) == func.left(nip, _words(8))
    is_near = and_(
        func.left(nip, _words(4)).between(*_EDGES),
        func.substr(nip, _words(5), _words(2)).between(*_MONTHS),
        func.substr(nip, _words(7), _words(2)).between(_words("01"), _words("31")),
    )
    return case((is_near, case((is_date, day))))


def month_of_entry(nip: Column, born_on: Column, on: Column) -> ColumnElement[date | None]:
    """As `domain.nip.month_of_entry`."""
    entered = _first_of_month(func.substr(nip, _words(9), _words(6)))
    is_month = and_(
        func.substr(nip, _words(9), _words(4)).between(*_EDGES),
        func.substr(nip, _words(13), _words(2)).between(*_MONTHS),
    )
    month_of_birth = cast(func.date_trunc(_words("month"), born_on), Date)
    is_possible = and_(month_of_birth <= years_earlier(entered, YOUNGEST), entered <= on)
    return case((is_month, case((is_possible, entered))))


def years_earlier(day: Column, years: int) -> ColumnElement[date]:
    """The same day so many years before; the last of February for the 29th where there is none."""
    return cast(day - literal_column(f"interval '{years} years'"), Date)


def written(expression: ColumnElement[Any]) -> str:
    """An expression as a piece of SQL, for statements that are written by hand."""
    return str(expression.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))


def _first_of_month(digits: ColumnElement[Any]) -> ColumnElement[date]:
    return func.to_date(digits, _words("YYYYMM"), type_=Date)


def _words(value: str | int) -> ColumnElement[Any]:
    """A value of our own as it stands in the statement."""
    return literal_column(f"'{value}'" if isinstance(value, str) else str(value))


_EDGES = (_words(str(YEARS[0])), _words(str(YEARS[-1])))
_MONTHS = (_words("01"), _words(str(MONTHS_OF_A_YEAR)))
_FIRST: ColumnElement[date] = literal_column(f"date '{YEARS[0]}-01-01'")
