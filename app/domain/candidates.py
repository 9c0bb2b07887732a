"""What is known about somebody who may fill a post: facts, each of which may be unknown, that rules are put to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.careers import PositionLevel
from app.domain.evidence import COMPETENCIES

LEVELS = tuple(PositionLevel)
"""The order of `Candidate.closed_days`."""
FUNCTIONAL = tuple(one for one in PositionLevel if one.value.startswith("jf_"))
"""The levels of functional posts, which have a field."""
UNSAID = "?"
"""Stands for the affair that nobody has said."""
EDUCATION_RANKS: Mapping[str, int] = {"slta": 1, "d3": 2, "d4": 3, "s1": 3, "s2": 4, "s3": 5}
PREDICATE_RANKS: Mapping[str, int] = {"very_poor": 1, "poor": 2, "needs_improvement": 3, "good": 4, "very_good": 5}
SEVERITIES = ("light", "medium", "heavy")
"""The order of `Candidate.sanctioned_on`."""
BLOCKING = ("medium", "heavy")
"""The severities of a sanction that is served; a light one (reprimand, statement) has no term (PP 94/2021 art. 8)."""
GRADES = tuple(10 * group + step for group in (1, 2, 3, 4) for step in range(1, 6 if group == 4 else 5))
"""SIASN's golongan ids of civil servants, ascending: 11 (I/a) to 45 (IV/e)."""
GRADE_NAMES: Mapping[int, str] = {
    grade: f"{('I', 'II', 'III', 'IV')[grade // 10 - 1]}/{'abcde'[grade % 10 - 1]}" for grade in GRADES
}
"""As everybody writes them."""
YEARS_OF_APPRAISALS = 5
"""How many years back `Candidate.appraisals` reaches."""
YEARS_OF_TRAINING = 5
"""How many years back `Candidate.training_hours` reaches."""


class Employment(StrEnum):
    """On what somebody is employed (UU 20/2023)."""

    PNS = "pns"
    PPPK = "pppk"


class LeadershipTraining(StrEnum):
    """Leadership training in ascending order; each includes those before it (PIM IV, III, II and I of old)."""

    PKP = "pkp"
    PKA = "pka"
    PKN_II = "pkn_ii"
    PKN_I = "pkn_i"


LEADERSHIP_RANKS: Mapping[LeadershipTraining, int] = {one: rank for rank, one in enumerate(LeadershipTraining, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The facts about one person on a day (`as_of`, the day of the map). None is unknown, never zero or none.

    Times at levels and in affairs count definitive posts. What runs until today runs on: a rule counts it until the day
    it asks about.
    """

    id: UUID
    """Drawn by lot; nothing follows from it."""
    as_of: date
    employment: Employment | None = None
    """By Data ASN; by the employee number only where that is silent."""
    level: PositionLevel | None = None
    """Of the present post: as Data ASN says, else of the latest post on record."""
    level_since: date | None = None
    """Since when, without a break, at this level; None where Data ASN and the posts on record disagree about it."""
    post_since: date | None = None
    closed_days: tuple[int, ...] | None = None
    """Days at each of `LEVELS` in spells that ended; None where no definitive post is on record."""
    history_from: date | None = None
    """The first day that the posts on record cover."""
    service_from: date | None = None
    """First day in service: TMT CPNS, of PPPK the appointment, else the month in the employee number.

    What lies between it and `history_from` is unaccounted for.
    """
    job_family: str | None = None
    """Of the present post, as the institution names families; what `Target.job_family` is compared with."""
    government_affair: str | None = None
    """Of the present post."""
    affair_days: Mapping[str, int] | None = None
    """Days in each government affair in posts that ended."""
    affair_since: date | None = None
    """Since when in the present affair."""
    unplaced_days: int | None = None
    """Days in posts on record whose affair nobody has said."""
    functional_days: Mapping[str, Mapping[str, int]] | None = None
    """Days in functional posts that ended, by level and by government affair; under `UNSAID` where nobody has said it.

    None where nobody has looked, or no post is on record.
    """
    education_rank: int | None = None
    """As in `EDUCATION_RANKS`: the highest diploma."""
    grade: int | None = None
    """SIASN's golongan id of a civil servant, 11 (I/a) to 45 (IV/e); PPPK have another ladder."""
    born_on: date | None = None
    appraised_to: int | None = None
    """The year of the first of `appraisals`: the last that was over on `as_of`, for later ones nobody has any."""
    appraisals: tuple[int | None, ...] = ()
    """As in `PREDICATE_RANKS`, year by year backwards."""
    competencies: tuple[int | None, ...] | None = None
    """Levels 1–5 of the nine competencies, by the latest assessment."""
    assessed_on: date | None = None
    are_sanctions_known: bool = False
    sanctioned_until: date | None = None
    """The last day of any of `BLOCKING` on record, one still to begin included; `date.max` where one has no end."""
    sanctioned_on: tuple[date | None, ...] = (None, None, None)
    """The day the latest sanction of each of `SEVERITIES` began."""
    leadership: int | None = None
    """As in `LEADERSHIP_RANKS`; 0: checked, none. None also where structural trainings have names that say no level."""
    training_hours: tuple[int | None, ...] | None = None
    """Lesson hours finished in each of the `YEARS_OF_TRAINING` before `as_of`, the latest first; 0: checked, none.

    A year is unknown where a training in it says no hours, all of them where nobody has checked the register.
    """
    box: int | None = None
    performance: int | None = None
    potential: int | None = None
    """Millionths of a point, as the placement has them."""
    talent_value: int | None = None
    """Millionths of a point."""
    missing: tuple[str, ...] = ()
    """Items of completeness without evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The post that somebody is looked for, on the planned day of inauguration (`on`)."""

    on: date
    level: PositionLevel
    government_affair: str | None = None
    job_family: str | None = None
    standard: tuple[int, ...]
    """The level 1–5 that the post asks of each of the nine competencies."""
    affairs_of_programmes: Mapping[str, int] = field(default_factory=dict)
    """The affairs that priority programmes in force favour, with their weight in millionths of a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a committee's secretariat recorded about somebody for one vacancy."""

    verified: Mapping[str, bool] = field(default_factory=dict)
    """By code of the requirement: whether documents showed that it is met."""
    technical_score: int | None = None
    """Millionths of a point, 0–100."""


NUMBER_OF_COMPETENCIES = len(COMPETENCIES)

FIELDS = tuple(one.name for one in fields(Candidate))
"""The names of the facts."""
_DAYS = frozenset(name for name in FIELDS if name.endswith(("_on", "_since", "_from", "_until")) or name == "as_of")


def candidate_from(values: Mapping[str, object]) -> Candidate:
    """The candidate of plain values by the names of the facts, as a row of the database has them."""
    return Candidate(**{name: _typed(name, values[name]) for name in FIELDS})  # type: ignore[arg-type]


def facts_of(candidate: Candidate) -> dict[str, object]:
    """The facts as JSON has them."""
    return {name: _json(getattr(candidate, name)) for name in FIELDS}


def candidate_of(facts: Mapping[str, object]) -> Candidate:
    """The candidate whose facts JSON has."""
    return candidate_from({name: _read(name, facts[name]) for name in FIELDS})


_PLAIN = frozenset({int, str, bool, type(None)})
"""What JSON has as it is; most facts are."""


def _typed(name: str, value: object) -> object:
    match name, value:
        case "employment", str():
            return Employment(value)
        case "level", str():
            return PositionLevel(value)
        case _, list():
            return tuple(value)
    return value


def _json(value: object) -> object:
    if type(value) in _PLAIN:
        return value
    match value:
        case date():
            return value.isoformat()
        case UUID() | StrEnum():
            return str(value)
        case tuple():
            return [_json(one) for one in value]
        case Mapping():
            return {key: _json(one) for key, one in value.items()}
    return value


def _read(name: str, value: object) -> object:
    match name, value:
        case "id", str():
            return UUID(value)
        case "training_hours", int():  # of three years together, as it was stored before
            return [value, 0, 0, None, None]
        case "sanctioned_on", list():
            return [None if one is None else date.fromisoformat(one) for one in value]
        case _, "infinity":  # as PostgreSQL writes a sanction without an end
            return date.max
        case _, str() if name in _DAYS:
            return date.fromisoformat(value)
    return value
