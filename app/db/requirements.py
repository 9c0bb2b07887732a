"""Requirements as SQL over the facts of candidates: true, false, or null where somebody has to verify it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    SmallInteger,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    not_,
    null,
    or_,
    true,
)
from sqlalchemy import cast as as_type
from sqlalchemy.types import TypeEngine

from app.db.fact_columns import days_since, days_unaccounted, matched_levels, time_in_affair
from app.db.tables.candidates import CandidateRow
from app.domain.ages import last_birthday
from app.domain.candidates import (
    EDUCATION_RANKS,
    FUNCTIONAL,
    LEADERSHIP_RANKS,
    LEVELS,
    NUMBER_OF_COMPETENCIES,
    PREDICATE_RANKS,
    SEVERITIES,
    UNSAID,
    LeadershipTraining,
    Target,
)
from app.domain.careers import PositionLevel
from app.domain.durations import days_of, months_before
from app.domain.evidence import years_before
from app.domain.requirements import Comparison, Field, Requirement
from app.domain.rubric import MILLION
from app.domain.verdicts import HIGHEST, LOWEST

Outcome = ColumnElement[bool]
"""True, false, or null."""


@dataclass(frozen=True, slots=True)
class Question:
    """A requirement put to the facts of a row for a target."""

    requirement: Requirement
    target: Target
    facts: FromClause

    def fact(self, name: str) -> ColumnElement[Any]:
        """The column of a fact."""
        return self.facts.c[name]

    @property
    def number(self) -> int:
        return cast("int", self.requirement.threshold)

    @property
    def word(self) -> str:
        return cast("str", self.requirement.threshold)

    @property
    def on(self) -> date:
        return self.target.on

    @property
    def is_at_most(self) -> bool:
        return self.requirement.comparison is Comparison.AT_MOST


def compile_requirement(
    requirement: Requirement,
    target: Target,
    verified: ColumnElement[Any] | None = None,
    facts: FromClause = CandidateRow.__table__,
) -> ColumnElement[bool | None]:
    """What the requirement finds about the candidate of a row: true, false, or null.

    `verified` is a JSON object (jsonb) of the row with what was verified, by code of the requirement: it decides where
    the evidence does not. `facts` is the table, or anything with its columns, that holds the facts.
    """
    found = cast("ColumnElement[bool | None]", COMPILERS[requirement.field](Question(requirement, target, facts)))
    if verified is None:
        return found
    word = verified.op("->>", return_type=Text())(_bound(requirement.code, Text()))
    return func.coalesce(found, as_type(word, Boolean), type_=Boolean)


# ── facts that are one value


def _one_of(name: str, of_type: TypeEngine[Any]) -> Callable[[Question], Outcome]:
    def compiled(question: Question) -> Outcome:
        allowed = cast("tuple[str | int, ...]", question.requirement.threshold)
        return or_(false(), *(question.fact(name) == _bound(one, of_type) for one in allowed))

    return compiled


def _education(question: Question) -> Outcome:
    return question.fact("education_rank") >= _small(EDUCATION_RANKS[question.word])


def _grade(question: Question) -> Outcome:
    grade, threshold = question.fact("grade"), _small(question.number)
    return grade <= threshold if question.is_at_most else grade >= threshold


def _leadership(question: Question) -> Outcome:
    return question.fact("leadership") >= _small(LEADERSHIP_RANKS[LeadershipTraining(question.word)])


def _talent_value(question: Question) -> Outcome:
    return question.fact("talent_value") >= question.number * MILLION


def _completeness(question: Question) -> Outcome:
    return func.cardinality(question.fact("missing")) == _whole(0)


def _verified(_question: Question) -> Outcome:
    return as_type(null(), Boolean)


# ── days and years


def _age(question: Question) -> Outcome:
    born = question.fact("born_on")
    if question.is_at_most:
        return born > _day(last_birthday(question.on, question.number + 1))
    return born <= _day(last_birthday(question.on, question.number))


def _since(name: str) -> Callable[[Question], Outcome]:
    """Months by the calendar since one day."""

    def compiled(question: Question) -> Outcome:
        since = question.fact(name)
        if question.is_at_most:
            return since > _day(months_before(question.on, question.number + 1))
        return since <= _day(months_before(question.on, question.number))

    return compiled


# ── times that are added up


def _time_at_levels(question: Question) -> Outcome:
    days = [func.coalesce(question.fact("closed_days")[place], _whole(0)) for place in _places(LEVELS)]
    level, since = question.fact("level"), question.fact("level_since")
    running = case((level.is_not(None), days_since(since, question.on)), else_=_whole(0))
    held = {
        name: closed + case((level == _bound(name.value, Text()), running), else_=_whole(0))
        for name, closed in zip(LEVELS, days, strict=True)
        if name.value in question.requirement.of
    }
    unaccounted = days_unaccounted(question.facts.c, question.on, _sum([*days, running]))
    if not question.requirement.is_in_field:
        return _added_up(question, _sum([*held.values()]), unaccounted)
    times = [_in_field(question, name, held[name]) for name in FUNCTIONAL if name in held]
    others = [time for name, time in held.items() if name not in FUNCTIONAL]
    known, maybe = _sum([*others, *(time for time, _ in times)]), [unsaid for _, unsaid in times]
    return _added_up(question, known, _sum([unaccounted, *maybe]))


def _in_field(
    question: Question, level: PositionLevel, held: ColumnElement[int]
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """As `experience.time_in_field`."""
    affair, said = question.target.government_affair, question.fact("functional_days")
    is_present = and_(
        func.coalesce(question.fact("level") == _bound(level.value, Text()), false()),
        question.fact("level_since").is_not(None),
    )
    present = case((is_present, days_since(question.fact("post_since"), question.on)), else_=_whole(0))
    is_true, is_unsaid = _of_present_post(question)
    ended: ColumnElement[int] = func.greatest(held - present, _whole(0))
    if affair is None:
        known, unsaid = _whole(0), ended
    else:
        known = _days_said(said, level, affair)
        unsaid = case((said.is_(None), ended), else_=_days_said(said, level, UNSAID))
    nothing = _whole(0)
    return known + case((is_true, present), else_=nothing), unsaid + case((is_unsaid, present), else_=nothing)


def _of_present_post(question: Question) -> tuple[Outcome, Outcome]:
    """As `experience.is_in_field`: whether it is, and whether nobody has said."""
    pairs = (
        (question.fact("government_affair"), question.target.government_affair),
        (question.fact("job_family"), question.target.job_family),
    )
    same = [func.coalesce(own == _bound(asked, Text()), false()) for own, asked in pairs if asked is not None]
    is_same = or_(false(), *same)
    (affair, asked_affair), (family, asked_family) = pairs
    is_other_affair = false() if asked_affair is None else affair.is_not(None)
    is_other_family = true() if asked_family is None else family.is_not(None)
    return is_same, and_(not_(is_same), not_(and_(is_other_affair, is_other_family)))


def _days_said(said: ColumnElement[Any], level: PositionLevel, affair: str) -> ColumnElement[int]:
    of_level = said.op("->")(_bound(level.value, Text()))
    return func.coalesce(as_type(of_level.op("->>")(_bound(affair, Text())), Integer), _whole(0))


def _related_experience(question: Question) -> Outcome:
    affair, columns = question.target.government_affair, question.facts.c
    if affair is None:
        return _added_up(question, _whole(0), days_unaccounted(columns, question.on, _whole(0)))
    return _added_up(question, *time_in_affair(columns, affair, question.on))


def _added_up(question: Question, known: ColumnElement[int], unaccounted: ColumnElement[int]) -> Outcome:
    needed = _whole(days_of(question.number))
    return case((known >= needed, true()), (known + unaccounted < needed, false()), else_=null())


# ── appraisals, competence, sanctions


def _appraisals(question: Question) -> Outcome:
    needed = _small(PREDICATE_RANKS[question.word])
    years = range(1, (question.requirement.years or 1) + 1)
    return and_(true(), *(question.fact("appraisals")[year] >= needed for year in years))


def _competence(question: Question) -> Outcome:
    """As `verdicts`: everything is unknown of an assessment that is out of date on the day, or has no day."""
    standard, years = question.target.standard, question.requirement.years
    levels = [question.fact("competencies")[place] for place in _places(range(NUMBER_OF_COMPETENCIES))]
    if years is not None:
        is_in_date = question.fact("assessed_on") >= _day(years_before(question.on, years))
        levels = [case((is_in_date, level)) for level in levels]
    lowest, highest = (matched_levels(levels, standard, blank) for blank in (LOWEST, HIGHEST))
    asked = _whole(question.number * sum(standard))
    hundred = _whole(100)
    return case((lowest * hundred >= asked, true()), (highest * hundred < asked, false()), else_=null())


def _sanction_free(question: Question) -> Outcome:
    none = case((question.fact("are_sanctions_known"), true()), else_=null())
    if question.requirement.threshold is not None:
        limit = _day(months_before(question.on, question.number))
        began = [question.fact("sanctioned_on")[SEVERITIES.index(one) + 1] for one in question.requirement.of]
        return case((or_(false(), *(day > limit for day in began)), false()), else_=none)
    until = question.fact("sanctioned_until")
    return case((until == _day(date.max), null()), (until >= _day(question.on), false()), else_=none)


# ── steps


def _sum(numbers: list[ColumnElement[int]]) -> ColumnElement[int]:
    return reduce(add, numbers)


def _places(of: tuple[object, ...] | range) -> range:
    """The places in an array of SQL."""
    return range(1, len(of) + 1)


def _bound(value: object, of_type: TypeEngine[Any]) -> ColumnElement[Any]:
    return bindparam(None, value, type_=of_type)


def _whole(number: int) -> ColumnElement[int]:
    return _bound(number, Integer())


def _small(number: int) -> ColumnElement[int]:
    return _bound(number, SmallInteger())


def _day(day: date) -> ColumnElement[date]:
    return _bound(day, Date())


COMPILERS: Mapping[Field, Callable[[Question], Outcome]] = {
    Field.EMPLOYMENT: _one_of("employment", Text()),
    Field.LEVEL: _one_of("level", Text()),
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
    Field.BOX: _one_of("box", SmallInteger()),
    Field.TALENT_VALUE: _talent_value,
    Field.COMPLETENESS: _completeness,
    Field.VERIFIED: _verified,
}
"""How each field is asked; the fields of `verdicts.RULES`."""
