"""What facts come to, in SQL: the expressions that requirements and criteria share, as plain Python has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, SmallInteger, and_, case, cast, func, literal, type_coerce
from sqlalchemy.sql.base import ReadOnlyColumnCollection

Columns = ReadOnlyColumnCollection[str, ColumnElement[Any]]
"""Of the table `candidate`, or of an alias or a query with its columns."""
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
