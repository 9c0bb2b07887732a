"""Ages: the day somebody reaches one. Eligibility, points and retirement count by the same rule.

Who was born on 29 February reaches an age on the 28th in other years. No regulation that the rules rest on says it, nor
does the Civil Code (KUH Perdata): this reading is unsure. It is taken because retirement (PP 11/2017) goes by the month
of birth, and by it the first day of the month after is 1 March.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from app.domain.durations import MONTHS_OF_A_YEAR, months_after


def age_reached_on(born_on: date, age: int) -> date:
    """The birthday; of who was born on 29 February the 28th in other years."""
    return months_after(born_on, age * MONTHS_OF_A_YEAR)


def age_on(born_on: date, day: date) -> int:
    """Completed years of age on a day."""
    years = day.year - born_on.year
    return years if age_reached_on(born_on, years) <= day else years - 1


def last_birthday(day: date, age: int) -> date:
    """The last day somebody can be born on who has reached the age on this day."""
    year = day.year - age
    last_of_month, last_of_that_month = (monthrange(one, day.month)[1] for one in (day.year, year))
    return date(year, day.month, last_of_that_month if day.day == last_of_month else min(day.day, last_of_that_month))
