"""Posts: when their holders retire, how they stand with their holders, and what becomes of workload analyses.

What the rules say of one post and one holder, `app.db.retirements` finds for all in SQL; a test holds both equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.ages import age_reached_on
from app.domain.careers import PositionLevel
from app.domain.durations import months_after
from app.domain.errors import Conflict, Fault, refuse
from app.domain.messages import sentence

HORIZONS = (1, 3, 5, 10)
"""The years that forecasts look ahead."""
MOST_MONTHS_AHEAD = 24
"""How long before it takes effect a version of the retirement rules can be published."""


class RetirementUnknown(StrEnum):
    """Why nobody can say when somebody retires."""

    NO_BIRTH_DATE = "noBirthDate"
    NO_AGE = "noAge"
    """No rule says at which age holders of such a post retire."""


class RetirementSource(StrEnum):
    """What says at which age holders of a post retire; of several the first."""

    POST = "post"
    """The institution says it of this post."""
    TITLE = "title"
    """The institution says it of posts whose name begins so."""
    NAME = "name"
    """The national rules say it of posts whose name begins so."""
    LEVEL = "level"
    """The national rules say it of the level."""


class BirthDateSource(StrEnum):
    """Where a date of birth is from."""

    RECORD = "record"
    """Data ASN, which may have been corrected since the number was given."""
    EMPLOYEE_NUMBER = "employeeNumber"
    """The NIP, where Data ASN is silent."""


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
    """The position map says no day of it, or one still to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementRule:
    """At which age holders of posts of a level, or of a name that begins with certain words, retire (BUP)."""

    level: PositionLevel | None
    words: str | None
    age: int
    legal_basis: str


def rule_of(level: PositionLevel, name_key: str, rules: Iterable[RetirementRule]) -> RetirementRule | None:
    """The first rule that fits a post; None where none does."""
    fitting = (
        rule for rule in rules if rule.level is level or (rule.words is not None and _begins(name_key, rule.words))
    )
    return next(fitting, None)


def retirement_on(born_on: date, age: int) -> date:
    """The first day of the month after somebody reaches the age, on whichever day of a month that is."""
    return months_after(age_reached_on(born_on, age).replace(day=1), 1)


def must_be_rulebook(rules: Sequence[RetirementRule]) -> None:
    """Refused with every rule that says nothing, or that none but an earlier one can decide, and every level left out.

    Names stand before levels: the first rule that fits decides.
    """
    faults = (*_faults_of_rules(rules), *_levels_left_out(rules))
    if faults:
        refuse(*faults)


def must_take_effect_later(effective_from: date, newest: date, today: date) -> None:
    """A version replaces those before it from a day of its own on, none that has passed nor any far ahead.

    What was forecast under an earlier version stays what it was. As a later version begins later, a slip in the year
    would keep out every other one until then.
    """
    if effective_from > months_after(today, MOST_MONTHS_AHEAD):
        raise Conflict("retirement.too_late")
    if effective_from < today or effective_from <= newest:
        raise Conflict("retirement.too_early")


def _faults_of_rules(rules: Sequence[RetirementRule]) -> Iterator[Fault]:
    for place, rule in enumerate(rules):
        where = f"/rules/{place}"
        if (rule.level is None) == (rule.words is None):
            yield Fault("retirement.one_of", where, {})
        elif rule.level is None and any(earlier.level is not None for earlier in rules[:place]):
            yield Fault("retirement.names_first", f"{where}/words", {})
        elif any(_decides_first(earlier, rule) for earlier in rules[:place]):
            yield Fault("retirement.never_reached", where, {})


def _decides_first(earlier: RetirementRule, rule: RetirementRule) -> bool:
    if rule.words is None:
        return earlier.level is rule.level
    return earlier.words is not None and _begins(rule.words, earlier.words)


def _levels_left_out(rules: Sequence[RetirementRule]) -> Iterator[Fault]:
    told = {rule.level for rule in rules}
    for level in PositionLevel:
        if level not in told:
            yield Fault("retirement.level_missing", "/rules", {"level": sentence(f"label.level.{level.value}")})


def _begins(name: str, words: str) -> bool:
    """Whether a name begins with these words, and not only with their letters."""
    return f"{name} ".startswith(f"{words} ")
