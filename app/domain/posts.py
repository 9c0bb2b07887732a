"""Posts: when their holders retire, how they stand with their holders, and what becomes of workload analyses.

What the rules say of one post and one holder, `app.db.retirements` finds for all in SQL; a test holds both equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.careers import PositionLevel

HORIZONS = (1, 3, 5, 10)
"""The years that forecasts look ahead."""


class RetirementUnknown(StrEnum):
    """Why nobody can say when somebody retires."""

    NO_BIRTH_DATE = "noBirthDate"
    NO_AGE = "noAge"
    """No rule says at which age holders of such a post retire."""


class ClockState(StrEnum):
    """How a post stands that somebody may have to be found for."""

    EMPTY = "empty"
    """A funded seat has no holder."""
    FORESEEABLE = "foreseeable"
    """A holder retires within the time that the institution looks ahead."""
    HELD = "held"
    """Neither, as far as is known."""


class AnalysisState(StrEnum):
    """Whether a workload analysis (ABK) still counts; SIASN refuses one that is out of date."""

    CURRENT = "current"
    STALE = "stale"
    UNKNOWN = "unknown"
    """The position map says no day of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementRule:
    """At which age holders of posts of a level, or of a name that begins with certain words, retire (BUP)."""

    level: PositionLevel | None
    words: str | None
    age: int


def retirement_age(level: PositionLevel, name_key: str, rules: Iterable[RetirementRule]) -> int | None:
    """The age of the first rule that fits a post; None where none does."""
    fitting = (
        rule.age
        for rule in rules
        if rule.level is level or (rule.words is not None and f"{name_key} ".startswith(f"{rule.words} "))
    )
    return next(fitting, None)


def retirement_on(born_on: date, age: int) -> date:
    """The first day of the month after somebody reaches the age; who was born on 29 February does on the 28th."""
    months = (born_on.year + age) * 12 + born_on.month
    return date(months // 12, months % 12 + 1, 1)
