"""Rankings: what each criterion gives somebody, what that comes to, and who is before whom.

Points are integers (millionths), rounded down for each criterion: the parts of a total add up to it exactly. What is
unknown is neither nothing nor everything; it leaves a total between its lowest and its highest.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.ages import age_on
from app.domain.candidates import Candidate, Given, Target
from app.domain.durations import months_in
from app.domain.errors import Conflict
from app.domain.evidence import COMPETENCIES
from app.domain.experience import affairs_of, time_in_affair, time_unaccounted
from app.domain.fact_words import affairs_in_words, points_in_words
from app.domain.messages import Sentence, sentence
from app.domain.rubric import MILLION
from app.domain.rule_sets import SENIORITY, USUAL_YEARS, Criterion, CriterionKind, RuleSet
from app.domain.verdicts import HIGHEST, LOWEST, matched_levels

WHOLE = 100 * MILLION
"""Of scores, which are millionths of 100 points."""
NOTHING_GIVEN = Given()
SEED_BYTES = 32
"""Of what is drawn to decide ties by lot: as much as the SHA-256 that it keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one criterion gives: `points` in millionths, None where unknown; then they lie between the other two."""

    criterion: str
    """Its code."""
    points: int | None
    lowest: int
    highest: int
    numerator: int | None
    """What was found, in the unit of the kind and at most the denominator; None where unknown."""
    denominator: int
    """What earns the whole weight."""
    because: str
    """The code of a sentence that says why."""
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def detail(self) -> Sentence:
        """Why, in both languages."""
        return sentence(self.because, **self.about)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of parts; `points` is None where a part is unknown."""

    points: int | None
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a criterion found, out of `whole`: at least `lowest`, at most `highest`."""

    lowest: int
    highest: int
    whole: int
    because: str
    about: Mapping[str, object] = field(default_factory=dict)


# ── parts and totals


def criteria_in_use(
    rule_set: RuleSet, *, has_technical_scores: bool, has_programmes: bool, has_affair: bool = True
) -> tuple[Criterion, ...]:
    """The criteria that tell people apart; the others are left out, and those in use keep their weights.

    Out of use are the technical score where nobody has one, priority programmes where none is in force, and related
    experience where nobody has said what the post works at.
    """
    unused = {
        kind
        for kind, is_used in (
            (CriterionKind.TECHNICAL_SCORE, has_technical_scores),
            (CriterionKind.PRIORITY_PROGRAMME, has_programmes),
            (CriterionKind.RELATED_EXPERIENCE, has_affair),
        )
        if not is_used
    }
    return tuple(one for one in rule_set.criteria if one.kind not in unused)


def keeps_seniority_small(rule_set: RuleSet, in_use: Sequence[Criterion]) -> bool:
    """Whether seniority weighs no more than its share of what is in use, where other criteria are not."""
    seniority = sum(one.weight for one in in_use if one.kind in SENIORITY)
    return seniority * 100 <= rule_set.seniority_share * sum(one.weight for one in in_use)


def must_keep_seniority_small(rule_set: RuleSet, in_use: Sequence[Criterion]) -> None:
    """Refused with `ranking.seniority` where seniority would decide because other criteria are out of use."""
    if not keeps_seniority_small(rule_set, in_use):
        unused = [one.code for one in rule_set.criteria if one not in in_use]
        raise Conflict("ranking.seniority", share=rule_set.seniority_share, unused=", ".join(unused))


def points_of(criterion: Criterion, candidate: Candidate, target: Target, given: Given) -> Part:
    """What a criterion gives somebody who is looked at for a post."""
    found = KINDS[criterion.kind](criterion, candidate, target, given)
    lowest, highest = (criterion.weight * one // found.whole for one in (found.lowest, found.highest))
    is_known = found.lowest == found.highest
    return Part(
        criterion=criterion.code,
        points=lowest if is_known else None,
        lowest=lowest,
        highest=highest,
        numerator=found.lowest if is_known else None,
        denominator=found.whole,
        because=found.because,
        about=found.about,
    )


def points_on_facts(criterion: Criterion, candidate: Candidate, target: Target) -> int | None:
    """The points of `points_of` where nothing was recorded for the vacancy, alone."""
    found = KINDS[criterion.kind](criterion, candidate, target, NOTHING_GIVEN)
    return criterion.weight * found.lowest // found.whole if found.lowest == found.highest else None


def total_of(parts: Iterable[Part]) -> Total:
    """What parts come to."""
    known = list(parts)
    points = [part.points for part in known if part.points is not None]
    lowest, highest = sum(part.lowest for part in known), sum(part.highest for part in known)
    return Total(sum(points) if len(points) == len(known) else None, lowest, highest)


def _score(value: int | None) -> Found:
    if value is None:
        return Found(0, WHOLE, WHOLE, "part.no_score")
    known = min(max(value, 0), WHOLE)
    return Found(known, known, WHOLE, "part.score", {"score": points_in_words(known)})


def _talent_value(_criterion: Criterion, candidate: Candidate, _target: Target, _given: Given) -> Found:
    return _score(candidate.talent_value)


def _performance(_criterion: Criterion, candidate: Candidate, _target: Target, _given: Given) -> Found:
    return _score(candidate.performance)


def _potential(_criterion: Criterion, candidate: Candidate, _target: Target, _given: Given) -> Found:
    return _score(candidate.potential)


def _technical_score(_criterion: Criterion, _candidate: Candidate, _target: Target, given: Given) -> Found:
    return _score(given.technical_score)


def _competence_fit(_criterion: Criterion, candidate: Candidate, target: Target, _given: Given) -> Found:
    """Job-person match: levels as far as the standard asks for them; one that nobody assessed is 1 to 5."""
    levels = candidate.competencies or (None,) * len(COMPETENCIES)
    lowest, highest = (matched_levels(levels, target.standard, blank) for blank in (LOWEST, HIGHEST))
    whole = sum(target.standard)
    if lowest == highest:
        return Found(lowest, highest, whole, "part.fit", {"matched": lowest, "asked": whole})
    missing = sum(level is None for level in levels)
    return Found(lowest, highest, whole, "part.no_fit", {"missing": missing, "asked": whole})


def _related_experience(criterion: Criterion, candidate: Candidate, target: Target, _given: Given) -> Found:
    """What the history of posts has on record counts, as for the rubric; service outside it is said, and may be added.

    Unknown is who has no history at all.
    """
    full = _full(criterion)
    if target.government_affair is None:
        return Found(0, full, full, "part.no_affair")
    known, more = time_in_affair(candidate, target.government_affair, target.on)
    months = min(months_in(known), full)
    if candidate.affair_days is None and months < full:
        return Found(months, full, full, "part.no_history")
    if months == full or more == 0:
        return Found(months, months, full, "part.months", {"months": months_in(known), "full": full})
    about = {"months": months, "full": full}
    if more is None:
        return Found(months, months, full, "part.months_since_unknown", about)
    return Found(months, months, full, "part.months_on_record", {**about, "open": months_in(more)})


def _training(criterion: Criterion, candidate: Candidate, _target: Target, _given: Given) -> Found:
    years, full = criterion.years or USUAL_YEARS, _full(criterion)
    hours, is_open = hours_on_record(candidate, years)
    known = min(hours, full)
    if is_open and known < full:
        return Found(known, full, full, "part.no_hours", {"years": years})
    return Found(known, known, full, "part.hours", {"hours": hours, "full": full, "years": years})


def hours_on_record(candidate: Candidate, years: int) -> tuple[int, bool]:
    """Lesson hours of so many years as far as they are known, and whether those of a year are not."""
    looked_at = (candidate.training_hours or (None,) * years)[:years]
    return sum(hours or 0 for hours in looked_at), None in looked_at


def _priority_programme(_criterion: Criterion, candidate: Candidate, target: Target, _given: Given) -> Found:
    """The strongest programme that favours an affair in which somebody works or has worked, by the posts on record."""
    programmes = target.affairs_of_programmes
    known, strongest = _strongest(programmes, affairs_of(candidate)), _strongest(programmes, programmes)
    if candidate.affair_days is None and known != strongest:
        return Found(known, strongest, MILLION, "part.no_history")
    affairs = sorted(affair for affair in affairs_of(candidate) if programmes.get(affair, 0) == known > 0)
    if not affairs:
        is_settled = time_unaccounted(candidate, target.on) == 0
        return Found(0, 0, MILLION, "part.no_programme" if is_settled else "part.no_programme_on_record")
    percent = known * 100 // MILLION
    return Found(known, known, MILLION, "part.programme", {"affairs": affairs_in_words(affairs), "percent": percent})


def _strongest(programmes: Mapping[str, int], affairs: Collection[str]) -> int:
    return max((weight for affair, weight in programmes.items() if affair in affairs), default=0)


def _time_at_level(criterion: Criterion, candidate: Candidate, target: Target, _given: Given) -> Found:
    since = candidate.level_since
    months = None if since is None else months_in(max(0, (target.on - since).days))
    return _counted(months, _full(criterion), "part.months", "part.no_time_at_level")


def _service(criterion: Criterion, candidate: Candidate, target: Target, _given: Given) -> Found:
    since = candidate.service_from
    months = None if since is None else months_in(max(0, (target.on - since).days))
    return _counted(months, _full(criterion), "part.months", "part.no_service")


def _age(criterion: Criterion, candidate: Candidate, target: Target, _given: Given) -> Found:
    years = None if candidate.born_on is None else max(0, age_on(candidate.born_on, target.on))
    return _counted(years, _full(criterion), "part.years", "part.no_age")


def _counted(value: int | None, full: int, because: str, unknown: str) -> Found:
    if value is None:
        return Found(0, full, full, unknown, {"full": full})
    known = min(value, full)
    return Found(known, known, full, because, {because.removeprefix("part."): value, "full": full})


def _full(criterion: Criterion) -> int:
    if criterion.full is None:  # a rule set is not published without it
        raise ValueError(criterion.code)
    return criterion.full


KINDS: Mapping[CriterionKind, Callable[[Criterion, Candidate, Target, Given], Found]] = {
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


# ── order


@dataclass(frozen=True, slots=True)
class Rated:
    """Somebody with what each criterion in use gives them, all of it known."""

    id: UUID
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody's place in the order, from 1."""

    id: UUID
    parts: tuple[int, ...]
    total: int
    tie_break: str
    position: int


def candidate_id(seed: bytes, talent_id: UUID) -> UUID:
    """The opaque id that means somebody in one vacancy and nowhere else, known to nobody without the vacancy's seed.

    The first 16 bytes of HMAC-SHA256 of the talent's id under the seed: the seed is committed to when the vacancy is
    drafted, so that with the ids the lots of everybody are settled then, and nobody draws them once more.
    """
    return UUID(bytes=hmac.digest(seed, talent_id.bytes, hashlib.sha256)[:16])


def tie_break(seed: bytes, candidate_id: UUID) -> str:
    """What decides between equal totals, the lesser first: HMAC-SHA256 of the opaque id under the vacancy's seed."""
    return hmac.digest(seed, candidate_id.bytes, hashlib.sha256).hex()


def rank(rated: Iterable[Rated], seed: bytes) -> tuple[Placed, ...]:
    """Everybody in order: the higher total first, of equal ones the lesser tie break; blind to the order given."""
    drawn = [(one, tie_break(seed, one.id)) for one in rated]
    drawn.sort(key=lambda pair: (-pair[0].total, pair[1]))
    return tuple(
        Placed(one.id, one.parts, one.total, lot, position) for position, (one, lot) in enumerate(drawn, start=1)
    )


@dataclass(frozen=True, slots=True)
class SeniorityEffect:
    """What would be otherwise without the criteria of seniority."""

    weight: int
    """Of these criteria together, in millionths of a point."""
    ranked: int
    moved: int
    """How many of the ranked would have another position."""
    changes_first: bool
    changes_shortlist: bool
    """Whether others would be among the first that fit on the shortlist."""


def seniority_effect(criteria: Sequence[Criterion], ranked: Sequence[Placed], shortlist_size: int) -> SeniorityEffect:
    """How much of an order rests on seniority: the same people in the order that the other criteria make."""
    is_senior = [one.kind in SENIORITY for one in criteria]
    without = sorted(ranked, key=lambda one: (-_without(one.parts, is_senior), one.tie_break))
    first = [one.id for one in ranked[:shortlist_size]]
    then = [one.id for one in without[:shortlist_size]]
    return SeniorityEffect(
        weight=sum(one.weight for one, senior in zip(criteria, is_senior, strict=True) if senior),
        ranked=len(ranked),
        moved=sum(one.id != other.id for one, other in zip(ranked, without, strict=True)),
        changes_first=first[:1] != then[:1],
        changes_shortlist=set(first) != set(then),
    )


def _without(parts: Sequence[int], left_out: Sequence[bool]) -> int:
    return sum(part for part, out in zip(parts, left_out, strict=True) if not out)
