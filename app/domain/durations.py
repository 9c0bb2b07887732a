"""How long: months by the calendar between two days, and months in days that were added up.

Days that were added up are counted in one way everywhere: a year is 365 of them and a month the twelfth part, so that
whoever reaches an anniversary has the whole year, leap days or not.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

DAYS_OF_A_YEAR = 365
MONTHS_OF_A_YEAR = 12


def months_in(days: int) -> int:
    """Whole months in so many days."""
    return days * MONTHS_OF_A_YEAR // DAYS_OF_A_YEAR


def days_of(months: int) -> int:
    """The fewest days that make so many months."""
    return -(-months * DAYS_OF_A_YEAR // MONTHS_OF_A_YEAR)


def months_before(day: date, months: int) -> date:
    """The same day of a month so many months earlier; the last of that month where it is shorter."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day of a month so many months later; the last of that month where it is shorter."""
    year, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_passed(since: date, months: int) -> date:
    """The first day on which so many months have passed: `months_before` leads from it back to `since`, or later.

    It is the same day later, or the first of the next month where there is no such day.
    """
    day = months_after(since, months)
    return day if months_before(day, months) >= since else day + timedelta(1)
