"""Rules as a search of the nation asks them: what is surely met, surely not met, and the total, each in few steps.

`requirements` and `ranking_points` find three values and a range. A search needs to know less, of far more people: one
condition that is true of whoever surely meets a requirement, one that is true of whoever surely does not, and the
points of whom all is known. What most rules ask it finds in measures, numbers of which none is null; the rest in the
facts that they are made of. Both say the same; a test holds them to the plain rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, or_
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    and_,
    case,
    false,
    func,
    not_,
    true,
)

from app.db.fact_columns import Columns, Number
from app.db.national_numbers import Back, bigint, day_number, days_back, integer
from app.db.ranking_points import part_columns
from app.db.requirements import compile_requirement
from app.db.tables.national import ALWAYS, NEVER
from app.domain.candidates import (
    EDUCATION_RANKS,
    FUNCTIONAL,
    LEADERSHIP_RANKS,
    LEVELS,
    PREDICATE_RANKS,
    YEARS_OF_APPRAISALS,
    Employment,
    LeadershipTraining,
    Target,
)
from app.domain.careers import PositionLevel
from app.domain.durations import DAYS_OF_A_YEAR, MONTHS_OF_A_YEAR, days_of
from app.domain.ranking import WHOLE
from app.domain.requirements import Comparison, Field, Requirement
from app.domain.rubric import MILLION
from app.domain.rule_sets import USUAL_YEARS, Criterion, CriterionKind
from app.domain.verdicts import HIGHEST, LOWEST, matched_levels

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Decided:
    """Of whom a requirement is surely met, and of whom surely not; of everybody else it is to be verified."""

    met: Condition
    not_met: Condition


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of somebody, by name, as of a table whose arrays are whole."""

    c: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody as a rule is put to them: the post, their measures, and the facts that these are made of."""

    target: Target
    measures: Mapping[str, ColumnElement[Any]]
    facts: Facts

    def __getitem__(self, measure: str) -> ColumnElement[Any]:
        return self.measures[measure]

    @property
    def on(self) -> ColumnElement[int]:
        return days_back(Back.DAYS, 0)

    @property
    def asks_alike(self) -> bool:
        """Whether the post asks the same of each competency, for which the sums are kept."""
        return len(set(self.target.standard)) == 1

    def days_since(self, measure: str) -> Number:
        """None before the first of them, and none where it is not known."""
        return cast("Number", func.greatest(self.on - self[measure], integer(0), type_=Integer))


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a criterion in millionths, of those of whom `known` is true."""

    given: Number
    known: Condition


def decided(requirement: Requirement, asked: Asked) -> Decided:
    """A requirement put to somebody."""
    if (measured := _MEASURED.get(requirement.field)) and (found := measured(requirement, asked)) is not None:
        return found
    told = compile_requirement(requirement, asked.target, None, cast("FromClause", asked.facts))
    return Decided(cast("Condition", told), cast("Condition", not_(told)))


def known_total(criteria: tuple[Criterion, ...], asked: Asked) -> Number:
    """The sum of the parts in millionths; null where one of them is unknown."""
    parts = [_points(one, asked) for one in criteria]
    total = reduce(add, [one.given for one in parts], bigint(0))
    return case((all_of([one.known for one in parts]), total))


# ── requirements: None for what only facts answer

Found = Decided | None


def _bits(name: str, words: Sequence[str]) -> Callable[[Requirement, Asked], Found]:
    """One of words, each of which is a bit; none is set where it is unknown."""

    def found(requirement: Requirement, asked: Asked) -> Found:
        is_one = asked[name].op("&")(integer(bits_of(cast("Sequence[str]", requirement.threshold), words)))
        return Decided(is_one != integer(0), and_(is_one == integer(0), asked[name] != integer(0)))

    return found


def _at_least(number: ColumnElement[Any], needed: ColumnElement[Any]) -> Decided:
    """A number, below nothing where it is unknown."""
    return Decided(number >= needed, and_(number < needed, number >= integer(0)))


def _education(requirement: Requirement, asked: Asked) -> Found:
    return _at_least(asked["education_rank"], integer(EDUCATION_RANKS[_word(requirement)]))


def _leadership(requirement: Requirement, asked: Asked) -> Found:
    return _at_least(asked["leadership"], integer(LEADERSHIP_RANKS[LeadershipTraining(_word(requirement))]))


def _grade(requirement: Requirement, asked: Asked) -> Found:
    grade, number = asked["grade"], _number(requirement)
    if requirement.comparison is Comparison.AT_MOST:
        return Decided(grade.between(integer(0), integer(number)), grade > integer(number))
    return _at_least(grade, integer(number))


def _talent_value(requirement: Requirement, asked: Asked) -> Found:
    return _at_least(asked["talent_value"], integer(_number(requirement) * MILLION))


def _box(requirement: Requirement, asked: Asked) -> Found:
    is_one = asked["box"].in_([integer(one) for one in cast("tuple[int, ...]", requirement.threshold)])
    return Decided(is_one, not_(is_one))


def _age(requirement: Requirement, asked: Asked) -> Found:
    years = _number(requirement)
    is_at_most = requirement.comparison is Comparison.AT_MOST
    limit = days_back(Back.BIRTHDAYS, years + 1 if is_at_most else years)
    return _began(asked["born_on"], limit, is_at_most=is_at_most)


def _since(name: str) -> Callable[[Requirement, Asked], Found]:
    """Months by the calendar since one day."""

    def found(requirement: Requirement, asked: Asked) -> Found:
        months = _number(requirement)
        is_at_most = requirement.comparison is Comparison.AT_MOST
        limit = days_back(Back.MONTHS, months + 1 if is_at_most else months)
        return _began(asked[name], limit, is_at_most=is_at_most)

    return found


def _began(day: ColumnElement[Any], limit: ColumnElement[int], *, is_at_most: bool) -> Decided:
    """At most so long ago, or at least; not known to be, where it is not known when."""
    after = and_(day > limit, day < integer(NEVER))
    before = and_(day <= limit, day > integer(ALWAYS))
    return Decided(after, before) if is_at_most else Decided(before, after)


def _time_at_levels(requirement: Requirement, asked: Asked) -> Found:
    """Of a functional level only what is in the field, where that is asked for; as `experience.time_in_field`."""
    functional = [one for one in FUNCTIONAL if requirement.is_in_field and one.value in requirement.of]
    running = asked.days_since("level_since")
    others = bits_of(requirement.of, LEVELS) & ~bits_of(functional, LEVELS)
    closed = [asked[f"closed_days_{place}"] for place, _ in enumerate(LEVELS, 1) if others >> place - 1 & 1]
    known, accounted = _sum([*closed, _if_at(others, asked, running)]), asked["closed_total"] + running
    if not functional:
        return _lasted(requirement, asked, known, accounted)
    if asked.target.job_family is not None:
        return None
    in_field, unsaid = _in_field(functional, asked, running)
    return _lasted(requirement, asked, known + in_field, accounted, unsaid)


def _in_field(functional: Sequence[PositionLevel], asked: Asked, running: Number) -> tuple[Number, Number]:
    """Days at functional levels in the affair of the post, and those of which nobody has said it."""
    bits, affair = bits_of(functional, LEVELS), asked.target.government_affair
    is_known = asked["level_since"] < integer(NEVER)
    present = case((is_known, _if_at(bits, asked, asked.days_since("post_since"))), else_=integer(0))
    ended = _ended(functional, asked, running - present)
    if affair is None:
        return integer(0), ended + present
    places = [FUNCTIONAL.index(one) + 1 for one in functional]
    said, unsaid = (
        _sum([func.coalesce(asked[name][place], integer(0), type_=Integer) for place in places])
        for name in ("field_days", "unsaid_days")
    )
    in_field = said + case((asked["is_there"], present), else_=integer(0))
    open_days = case((asked["knows_fields"], unsaid), else_=ended)
    return in_field, open_days + case((asked["has_affair"], integer(0)), else_=present)


def _ended(functional: Sequence[PositionLevel], asked: Asked, before: Number) -> Number:
    """Days at functional levels before the present post; `before` are those at its level since that began."""
    days = [
        asked[f"closed_days_{LEVELS.index(one) + 1}"] + _if_at(bits_of([one], LEVELS), asked, before)
        for one in functional
    ]
    is_any = asked["levels"].op("&")(integer(bits_of(functional, LEVELS))) != integer(0)
    return case((is_any, _sum([func.greatest(one, integer(0), type_=Integer) for one in days])), else_=integer(0))


def _if_at(bits: int, asked: Asked, days: Number) -> Number:
    """Days at the present level, if it is one of these."""
    return case((asked["level"].op("&")(integer(bits)) != integer(0), days), else_=integer(0))


def _related_experience(requirement: Requirement, asked: Asked) -> Found:
    if asked.target.government_affair is None:
        return Decided(false(), false())
    unplaced = asked["unplaced_days"] + asked.days_since("unplaced_since")
    return _lasted(requirement, asked, _time_in_affair(asked), asked.days_since("history_from") - unplaced)


def _time_in_affair(asked: Asked) -> Number:
    return cast("Number", asked["affair_days"] + asked.days_since("affair_since"))


def _lasted(
    requirement: Requirement, asked: Asked, known: Number, accounted: Number, unsaid: Number | None = None
) -> Decided:
    """So many days are known; of others nobody has said, or has accounted for them since somebody serves."""
    needed = integer(days_of(_number(requirement)))
    unaccounted = func.greatest(asked.on - asked["service_from"] - accounted, integer(0), type_=Integer)
    most = known + unaccounted if unsaid is None else known + unaccounted + unsaid
    return Decided(known >= needed, and_(known < needed, most < needed))


def _appraisals(requirement: Requirement, asked: Asked) -> Found:
    years, needed = requirement.years or 1, integer(PREDICATE_RANKS[_word(requirement)])
    worst = asked[f"worst_{min(years, YEARS_OF_APPRAISALS)}"]
    return Decided(and_(worst >= needed, asked["appraised"] >= integer(years)), worst < needed)


def _competence(requirement: Requirement, asked: Asked) -> Found:
    if not asked.asks_alike:
        return None
    standard, hundred = asked.target.standard, 100
    needed = -(-_number(requirement) * sum(standard) // hundred)  # rounded up
    if needed <= matched_levels((None,) * len(standard), standard, LOWEST):
        return Decided(true(), false())
    lowest, highest = (_levels(asked, blank) for blank in (LOWEST, HIGHEST))
    counts: Condition = true()
    if requirement.years is not None:
        counts = asked["assessed_on"].between(days_back(Back.YEARS, requirement.years), integer(NEVER - 1))
    return Decided(and_(counts, lowest >= integer(needed)), and_(counts, highest < integer(needed)))


def _sanction_free(requirement: Requirement, asked: Asked) -> Found:
    if requirement.threshold is not None:
        return None
    until = asked["sanctioned_until"]
    return Decided(
        and_(until < asked.on, asked["are_sanctions_known"]),
        and_(until >= asked.on, until != integer(day_number(date.max))),
    )


_MEASURED: Mapping[Field, Callable[[Requirement, Asked], Found]] = {
    Field.EMPLOYMENT: _bits("employment", tuple(Employment)),
    Field.LEVEL: _bits("level", LEVELS),
    Field.EDUCATION: _education,
    Field.GRADE: _grade,
    Field.TIME_AT_LEVELS: _time_at_levels,
    Field.TIME_IN_POST: _since("post_since"),
    Field.RELATED_EXPERIENCE: _related_experience,
    Field.SERVICE: _since("service_from"),
    Field.AGE: _age,
    Field.APPRAISALS: _appraisals,
    Field.COMPETENCE: _competence,
    Field.SANCTION_FREE: _sanction_free,
    Field.LEADERSHIP_TRAINING: _leadership,
    Field.BOX: _box,
    Field.TALENT_VALUE: _talent_value,
}
"""The fields that measures answer."""


# ── criteria


def _points(criterion: Criterion, asked: Asked) -> Points:
    if (measured := _KNOWN.get(criterion.kind)) and (found := measured(criterion, asked)) is not None:
        return found
    points = part_columns(criterion, cast("Columns", asked.facts.c), asked.target, None).points
    return Points(points, points.is_not(None))


def _score(name: str) -> Callable[[Criterion, Asked], Points | None]:
    def found(criterion: Criterion, asked: Asked) -> Points:
        return _share(criterion, asked[name], WHOLE)

    return found


def _training(criterion: Criterion, asked: Asked) -> Points:
    return _share(criterion, asked[f"training_{criterion.years or USUAL_YEARS}"], _full(criterion))


def _experience(criterion: Criterion, asked: Asked) -> Points | None:
    if asked.target.government_affair is None:
        return None
    full = _full(criterion)
    months = _time_in_affair(asked) * integer(MONTHS_OF_A_YEAR) // integer(DAYS_OF_A_YEAR)
    known = asked["knows_affairs"] | (months >= integer(full))
    return Points(_part(criterion, func.least(months, integer(full), type_=Integer), full), known)


def _fit(criterion: Criterion, asked: Asked) -> Points | None:
    if not asked.asks_alike:
        return None
    lowest, highest = (_levels(asked, blank) for blank in (LOWEST, HIGHEST))
    return Points(_part(criterion, lowest, sum(asked.target.standard)), lowest == highest)


_KNOWN: Mapping[CriterionKind, Callable[[Criterion, Asked], Points | None]] = {
    CriterionKind.TALENT_VALUE: _score("talent_value"),
    CriterionKind.PERFORMANCE: _score("performance"),
    CriterionKind.POTENTIAL: _score("potential"),
    CriterionKind.TRAINING: _training,
    CriterionKind.RELATED_EXPERIENCE: _experience,
    CriterionKind.COMPETENCE_FIT: _fit,
}


def _share(criterion: Criterion, value: ColumnElement[Any], whole: int) -> Points:
    """Of a number that is below nothing where it is unknown."""
    return Points(_part(criterion, func.least(value, integer(whole), type_=Integer), whole), value >= integer(0))


def _part(criterion: Criterion, value: ColumnElement[Any], whole: int) -> Number:
    return bigint(criterion.weight) * value // bigint(whole)


# ── steps


def _levels(asked: Asked, blank: int) -> ColumnElement[Any]:
    """The levels as far as the standard asks for them, where one that is not known is a blank."""
    kept = {LOWEST: "matched", HIGHEST: "matched_at_most"}[blank]
    return asked[f"{kept}_{asked.target.standard[0]}"]


def _sum(numbers: Sequence[Number]) -> Number:
    return reduce(add, numbers)


def _full(criterion: Criterion) -> int:
    if criterion.full is None:  # a rule set is not published without it
        raise ValueError(criterion.code)
    return criterion.full


def levels_needed(requirement: Requirement) -> int | None:
    """The levels, as bits, of which whoever meets a requirement has held one; None where it asks for none."""
    if requirement.field is Field.TIME_AT_LEVELS and asks_for_time(requirement):
        return bits_of(requirement.of, LEVELS)
    if requirement.field is Field.LEVEL:
        return bits_of(cast("tuple[str, ...]", requirement.threshold), LEVELS)
    return None


def asks_for_time(requirement: Requirement) -> bool:
    """Whether somebody who has none at all cannot meet it on the record."""
    return _number(requirement) > 0


def bits_of(chosen: Iterable[str], words: Sequence[str]) -> int:
    """A bit for each of the words that is chosen, the first word being the lowest."""
    return reduce(or_, (1 << words.index(one) for one in chosen), 0)


def all_of(conditions: list[Condition]) -> Condition:
    """True where all are; of no conditions it is true."""
    return and_(true(), *conditions)


def _number(requirement: Requirement) -> int:
    return cast("int", requirement.threshold)


def _word(requirement: Requirement) -> str:
    return cast("str", requirement.threshold)
