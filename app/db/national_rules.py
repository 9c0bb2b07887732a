"""Rules as a search of the nation asks them: what is surely met, surely not met, and the total, each in few steps.

`requirements` and `ranking_points` find three values and a range. A search needs to know less, of far more people: one
condition that is true of whoever surely meets a requirement, one that is true of whoever surely does not, and the
points of whom all is known. Both say the same; a test holds them to the plain rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    SmallInteger,
    Text,
    and_,
    any_,
    bindparam,
    case,
    false,
    func,
    literal,
    not_,
    or_,
)
from sqlalchemy.types import TypeEngine

from app.db.fact_columns import Columns, Number, days_since, days_unaccounted, matched_levels, time_in_affair
from app.db.ranking_points import part_columns
from app.db.requirements import compile_requirement
from app.domain.candidates import FUNCTIONAL, LEVELS, Target
from app.domain.durations import DAYS_OF_A_YEAR, MONTHS_OF_A_YEAR, days_of
from app.domain.evidence import COMPETENCIES, years_before
from app.domain.ranking import WHOLE
from app.domain.requirements import Field, Requirement
from app.domain.rule_sets import USUAL_YEARS, Criterion, CriterionKind
from app.domain.verdicts import HIGHEST, LOWEST

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Decided:
    """Of whom a requirement is surely met, and of whom surely not; of everybody else it is to be verified."""

    met: Condition
    not_met: Condition


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts by name, as of a table whose arrays are whole."""

    c: Mapping[str, Any]

    @property
    def columns(self) -> Columns:
        return cast("Columns", self.c)

    def ask(self, requirement: Requirement, target: Target) -> ColumnElement[bool | None]:
        """All that a requirement can find."""
        return compile_requirement(requirement, target, None, cast("FromClause", self))


def decided(requirement: Requirement, target: Target, facts: Facts) -> Decided:
    """A requirement put to the facts of a row."""
    if (shorter := _SHORTER.get(requirement.field)) is not None:
        return shorter(requirement, target, facts)
    found = facts.ask(requirement, target)
    return Decided(cast("Condition", found), cast("Condition", not_(found)))


def known_total(criteria: tuple[Criterion, ...], target: Target, facts: Facts) -> Number:
    """The sum of the parts in millionths; null where one of them is unknown."""
    nothing: Number = literal(0, BigInteger)
    return sum((_known_points(one, target, facts) for one in criteria), nothing)


# ── requirements


def _time_at_levels(requirement: Requirement, target: Target, facts: Facts) -> Decided:
    running = case((facts.c["level"].is_not(None), days_since(facts.c["level_since"], target.on)), else_=_whole(0))
    needed = _whole(days_of(cast("int", requirement.threshold)))
    if requirement.is_in_field:  # who has been long enough at the other levels is not asked for the field
        found = facts.ask(requirement, target)
        others = [str(one.value) for one in LEVELS if one not in FUNCTIONAL and one.value in requirement.of]
        is_met = or_(_time_at(others, running, facts) >= needed, found.is_(True))
        return Decided(is_met, cast("Condition", not_(found)))
    known = _time_at(requirement.of, running, facts)
    unaccounted = days_unaccounted(facts.columns, target.on, facts.c["closed_total"] + running)
    return Decided(known >= needed, known + unaccounted < needed)


def _time_at(levels: Sequence[str], running: Number, facts: Facts) -> Number:
    closed = [
        func.coalesce(facts.c["closed_days"][place], _whole(0))
        for place, level in enumerate(LEVELS, start=1)
        if level.value in levels
    ]
    is_there = facts.c["level"] == any_(_bound(list(levels), ARRAY(Text())))
    return reduce(add, [*closed, case((is_there, running), else_=_whole(0))])


def _related_experience(requirement: Requirement, target: Target, facts: Facts) -> Decided:
    if target.government_affair is None:
        return Decided(false(), false())
    known, unaccounted = time_in_affair(facts.columns, target.government_affair, target.on)
    needed = _whole(days_of(cast("int", requirement.threshold)))
    return Decided(known >= needed, known + unaccounted < needed)


def _competence(requirement: Requirement, target: Target, facts: Facts) -> Decided:
    asked = _whole(cast("int", requirement.threshold) * sum(target.standard))
    since = None if requirement.years is None else years_before(target.on, requirement.years)
    lowest, highest = (_matched(target, facts, blank, since=since) for blank in (LOWEST, HIGHEST))
    return Decided(lowest * _whole(100) >= asked, highest * _whole(100) < asked)


_SHORTER: Mapping[Field, Callable[[Requirement, Target, Facts], Decided]] = {
    Field.TIME_AT_LEVELS: _time_at_levels,
    Field.RELATED_EXPERIENCE: _related_experience,
    Field.COMPETENCE: _competence,
}
"""The fields of which less than everything is much shorter."""


# ── criteria


def _known_points(criterion: Criterion, target: Target, facts: Facts) -> Number:
    if (found := _KNOWN.get(criterion.kind)) is None:
        return part_columns(criterion, facts.columns, target, None).points
    return found(criterion, target, facts)


def _score(name: str) -> Callable[[Criterion, Target, Facts], Number]:
    def known(criterion: Criterion, _target: Target, facts: Facts) -> Number:
        return _share(criterion, facts.c[name], WHOLE)

    return known


def _training(criterion: Criterion, _target: Target, facts: Facts) -> Number:
    years = range(1, (criterion.years or USUAL_YEARS) + 1)
    return _share(criterion, reduce(add, [facts.c["training_hours"][back] for back in years]), _full(criterion))


def _experience(criterion: Criterion, target: Target, facts: Facts) -> Number:
    if target.government_affair is None:
        return part_columns(criterion, facts.columns, target, None).points
    full = _full(criterion)
    days, _ = time_in_affair(facts.columns, target.government_affair, target.on)
    months = func.least(days * _whole(MONTHS_OF_A_YEAR) // _whole(DAYS_OF_A_YEAR), _whole(full), type_=Integer)
    points = _long(criterion.weight) * months // _long(full)
    return case((or_(facts.c["affair_days"].is_not(None), months == _whole(full)), points))


def _fit(criterion: Criterion, target: Target, facts: Facts) -> Number:
    lowest, highest = (_levels(target, facts, blank) for blank in (LOWEST, HIGHEST))
    return case((lowest == highest, _long(criterion.weight) * lowest // _long(sum(target.standard))))


_KNOWN: Mapping[CriterionKind, Callable[[Criterion, Target, Facts], Number]] = {
    CriterionKind.TALENT_VALUE: _score("talent_value"),
    CriterionKind.PERFORMANCE: _score("performance"),
    CriterionKind.POTENTIAL: _score("potential"),
    CriterionKind.TRAINING: _training,
    CriterionKind.RELATED_EXPERIENCE: _experience,
    CriterionKind.COMPETENCE_FIT: _fit,
}


def _share(criterion: Criterion, value: Number, whole: int) -> Number:
    """`least` and `greatest` pass over what is unknown, and would make nothing of it."""
    counted = func.least(func.greatest(value, _whole(0)), _whole(whole), type_=BigInteger)
    return case((value.is_not(None), _long(criterion.weight) * counted // _long(whole)))


# ── steps


def _matched(target: Target, facts: Facts, blank: int, *, since: date | None) -> Number:
    """The levels as far as the standard asks for them; one assessed before a day is a `blank`, as one never was."""
    found = _levels(target, facts, blank)
    if since is None:
        return found
    nothing = sum(min(blank, asked) for asked in target.standard)
    return case((facts.c["assessed_on"] >= _bound(since, Date()), found), else_=_whole(nothing))


def _levels(target: Target, facts: Facts, blank: int) -> Number:
    """The same of a standard that asks the same of each competency is kept."""
    asked = set(target.standard)
    if len(asked) == 1:
        kept = {LOWEST: "matched", HIGHEST: "matched_at_most"}[blank]
        return cast("Number", facts.c[f"{kept}_{asked.pop()}"])
    levels = [facts.c["competencies"][place] for place in range(1, len(COMPETENCIES) + 1)]
    return matched_levels(levels, target.standard, blank)


def _full(criterion: Criterion) -> int:
    if criterion.full is None:  # a rule set is not published without it
        raise ValueError(criterion.code)
    return criterion.full


def levels_needed(requirement: Requirement) -> list[int] | None:
    """The places of the levels of which whoever meets a requirement has held one; None where it asks for none."""
    if requirement.field is Field.TIME_AT_LEVELS and asks_for_time(requirement):
        wanted = requirement.of
    elif requirement.field is Field.LEVEL:
        wanted = cast("tuple[str, ...]", requirement.threshold)
    else:
        return None
    return [place for place, level in enumerate(LEVELS, start=1) if level.value in wanted]


def asks_for_time(requirement: Requirement) -> bool:
    """Whether somebody who has none at all cannot meet it on the record."""
    return cast("int", requirement.threshold) > 0


def all_of(conditions: list[Condition]) -> Condition:
    """True where all are; of no conditions it is true."""
    return and_(*conditions) if conditions else literal(value=True)


def _bound(value: object, of_type: TypeEngine[Any]) -> ColumnElement[Any]:
    return bindparam(None, value, type_=of_type)


def _whole(number: int) -> ColumnElement[int]:
    return _bound(number, Integer())


def _long(number: int) -> ColumnElement[int]:
    return _bound(number, BigInteger())


def small(numbers: list[int]) -> ColumnElement[Any]:
    """An array of small numbers."""
    return _bound(numbers, ARRAY(SmallInteger()))
