"""Parts, totals and tie breaks in SQL, over the columns of candidates: what `domain.ranking` finds in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
)

from app.db.fact_columns import Columns, Number, days_between, matched_levels, time_in_affair
from app.domain.candidates import Target
from app.domain.durations import DAYS_OF_A_YEAR, MONTHS_OF_A_YEAR
from app.domain.evidence import COMPETENCIES
from app.domain.ranking import WHOLE
from app.domain.rubric import MILLION
from app.domain.rule_sets import USUAL_YEARS, Criterion, CriterionKind
from app.domain.verdicts import HIGHEST, LOWEST

LONGEST_MONTH = 31  # days
_BLOCK = 64
"""Bytes of a block of SHA-256, to which HMAC pads its key (RFC 2104)."""
_INNER, _OUTER = 0x36, 0x5C


@dataclass(frozen=True, slots=True)
class PartColumns:
    """What one criterion gives each candidate; `points` is null where unknown."""

    points: Number
    lowest: Number
    highest: Number


@dataclass(frozen=True, slots=True)
class _Found:
    """What a criterion found out of `whole`; `highest` is None where it is always the same as `lowest`."""

    lowest: Number
    highest: Number
    whole: int


def part_columns(criterion: Criterion, columns: Columns, target: Target, technical_score: Number | None) -> PartColumns:
    """A criterion as columns; `technical_score` is that of the candidate in this vacancy, None where nobody has one."""
    found = KINDS[criterion.kind](criterion, columns, target, technical_score)
    lowest, highest = (
        cast(criterion.weight, BigInteger) * cast(one, BigInteger) // found.whole
        for one in (found.lowest, found.highest)
    )
    return PartColumns(case((found.lowest == found.highest, lowest)), lowest, highest)


def total_columns(parts: Iterable[PartColumns]) -> PartColumns:
    """The sums of parts; the total is null where one of them is."""
    known = list(parts)
    nothing: Number = literal(0, BigInteger)
    return PartColumns(
        sum((part.points for part in known), nothing),
        sum((part.lowest for part in known), nothing),
        sum((part.highest for part in known), nothing),
    )


def candidate_id_column(talent_id: ColumnElement[Any], seed: bytes) -> ColumnElement[UUID]:
    """As `domain.ranking.candidate_id`."""
    return cast(func.left(tie_break_column(talent_id, seed), 2 * len(UUID(int=0).bytes)), Uuid)


def tie_break_column(of_id: ColumnElement[Any], seed: bytes) -> ColumnElement[str]:
    """HMAC-SHA256 of the id's bytes under the seed, in hexadecimal (RFC 2104, of the server's own SHA-256)."""
    key = seed.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (_INNER, _OUTER))
    message = literal(inner, LargeBinary).op("||")(func.uuid_send(of_id))
    digest = func.sha256(literal(outer, LargeBinary).op("||")(func.sha256(message)))
    return func.encode(digest, "hex", type_=Text)


# ── kinds


def _known(value: Number, whole: int) -> _Found:
    """A fact that is a number, or unknown: then it may be anything up to the whole."""
    counted = func.least(func.greatest(value, 0), whole)
    return _Found(case((value.is_(None), 0), else_=counted), case((value.is_(None), whole), else_=counted), whole)


def _talent_value(_criterion: Criterion, columns: Columns, _target: Target, _score: Number | None) -> _Found:
    return _known(columns["talent_value"], WHOLE)


def _performance(_criterion: Criterion, columns: Columns, _target: Target, _score: Number | None) -> _Found:
    return _known(columns["performance"], WHOLE)


def _potential(_criterion: Criterion, columns: Columns, _target: Target, _score: Number | None) -> _Found:
    return _known(columns["potential"], WHOLE)


def _technical_score(_criterion: Criterion, _columns: Columns, _target: Target, score: Number | None) -> _Found:
    return _known(cast(null(), BigInteger) if score is None else score, WHOLE)


def _competence_fit(_criterion: Criterion, columns: Columns, target: Target, _score: Number | None) -> _Found:
    levels = [cast(columns["competencies"][place], Integer) for place in range(1, len(COMPETENCIES) + 1)]
    lowest, highest = (matched_levels(levels, target.standard, blank) for blank in (LOWEST, HIGHEST))
    return _Found(lowest, highest, sum(target.standard))


def _related_experience(criterion: Criterion, columns: Columns, target: Target, _score: Number | None) -> _Found:
    full, affair = _full(criterion), target.government_affair
    if affair is None:
        return _Found(literal(0, Integer), literal(full, Integer), full)
    known, _ = time_in_affair(columns, affair, target.on)
    months = func.least(_months(known), full)
    return _Found(months, case((columns["affair_days"].is_(None), full), else_=months), full)


def _training(criterion: Criterion, columns: Columns, _target: Target, _score: Number | None) -> _Found:
    full, none = _full(criterion), literal(0, Integer)
    years = [columns["training_hours"][back] for back in range(1, (criterion.years or USUAL_YEARS) + 1)]
    known = func.least(sum((func.coalesce(hours, 0) for hours in years), none), full)
    is_open = or_(*(hours.is_(None) for hours in years))
    return _Found(known, case((is_open, full), else_=known), full)


def _priority_programme(_criterion: Criterion, columns: Columns, target: Target, _score: Number | None) -> _Found:
    """Affairs from the most favoured to the least: the first in which somebody works or has worked decides."""
    programmes = sorted(target.affairs_of_programmes.items(), key=lambda pair: -pair[1])
    works_in = [
        (
            func.coalesce((columns["government_affair"] == affair) | columns["affair_days"].op("?")(affair), False),
            weight,
        )
        for affair, weight in programmes
    ]
    known: Number = case(*works_in, else_=0) if works_in else literal(0, Integer)
    strongest = max(target.affairs_of_programmes.values(), default=0)
    return _Found(known, case((columns["affair_days"].is_(None), strongest), else_=known), MILLION)


def _time_at_level(criterion: Criterion, columns: Columns, target: Target, _score: Number | None) -> _Found:
    return _known(_months(days_between(columns["level_since"], target.on)), _full(criterion))


def _service(criterion: Criterion, columns: Columns, target: Target, _score: Number | None) -> _Found:
    return _known(_months(days_between(columns["service_from"], target.on)), _full(criterion))


def _age(criterion: Criterion, columns: Columns, target: Target, _score: Number | None) -> _Found:
    """As `domain.ages.age_on`: on the last day of a month all birthdays of that month have been."""
    born, on = columns["born_on"], target.on
    month_and_day = extract("month", born) * 100 + extract("day", born)
    last = LONGEST_MONTH if (on + timedelta(1)).day == 1 else on.day
    before = case((month_and_day > on.month * 100 + last, 1), else_=0)
    return _known(cast(on.year - extract("year", born) - before, Integer), _full(criterion))


KINDS: Mapping[CriterionKind, Callable[[Criterion, Columns, Target, Number | None], _Found]] = {
    CriterionKind.TALENT_VALUE: _talent_value,
    CriterionKind.PERFORMANCE: _performance,
    CriterionKind.POTENTIAL: _potential,
    CriterionKind.COMPETENCE_FIT: _competence_fit,
    CriterionKind.RELATED_EXPERIENCE: _related_experience,
    CriterionKind.TRAINING: _training,
    CriterionKind.PRIORITY_PROGRAMME: _priority_programme,
    CriterionKind.TECHNICAL_SCORE: _technical_score,
    CriterionKind.TIME_AT_LEVEL: _time_at_level,
    CriterionKind.SERVICE: _service,
    CriterionKind.AGE: _age,
}
"""How each kind is found."""


# ── steps


def _months(days: Number) -> Number:
    """Null where the days are: `greatest` would make nothing of what is unknown."""
    return case((days > 0, days * MONTHS_OF_A_YEAR // DAYS_OF_A_YEAR), (days <= 0, 0))


def _full(criterion: Criterion) -> int:
    if criterion.full is None:  # a rule set is not published without it
        raise ValueError(criterion.code)
    return criterion.full
