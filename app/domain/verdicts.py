"""What a requirement finds about a person: met, not met or to be verified, from which facts, and when time alone helps.

Facts are intervals. A time is at least what is on record and at most that and whatever is unaccounted for; a competency
that nobody assessed lies between 1 and 5. Only what holds for the whole interval is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from app.domain.ages import age_on, age_reached_on, last_birthday
from app.domain.candidates import (
    EDUCATION_RANKS,
    FUNCTIONAL,
    LEADERSHIP_RANKS,
    LEVELS,
    PREDICATE_RANKS,
    SEVERITIES,
    Candidate,
    Given,
    LeadershipTraining,
    Target,
)
from app.domain.durations import days_of, months_before, months_in, months_passed
from app.domain.evidence import COMPETENCIES, years_before
from app.domain.experience import days_since, days_unaccounted, is_in_field, time_in_affair, time_in_field
from app.domain.fact_words import (
    education_in_words,
    grade_in_words,
    items_in_words,
    label,
    leadership_in_words,
    points_in_words,
    predicate_in_words,
)
from app.domain.messages import Sentence, day_in_words, sentence
from app.domain.requirements import Comparison, Field, Outcome, Requirement
from app.domain.rubric import MILLION

LOWEST, HIGHEST = 1, 5
"""What a level that nobody assessed can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one requirement found about one person."""

    code: str
    """Of the requirement."""
    outcome: Outcome
    found: str
    """The code of a sentence that says the fact."""
    about: Mapping[str, object] = field(default_factory=dict)
    """The values of the fact."""
    missing: tuple[str, ...] = ()
    """The facts that would have to be known to decide, by the codes of sentences."""
    met_on: date | None = None
    """The first day on which it is met if nothing but time goes on; None where it is met, or time does not help."""
    is_verified: bool = False
    """Whether somebody who saw a document decided it, because the evidence does not."""

    @property
    def detail(self) -> Sentence:
        """The fact in both languages."""
        return sentence(self.found, **self.about)


@dataclass(frozen=True, slots=True)
class Fact:
    """What the evidence says about a requirement: True, False, or None where it does not decide."""

    is_met: bool | None
    found: str
    about: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    met_on: date | None = None


def verdict(requirement: Requirement, candidate: Candidate, target: Target, given: Given) -> Finding:
    """What a requirement finds; a verification decides only what the evidence leaves open."""
    fact = RULES[requirement.field](requirement, candidate, target)
    word = given.verified.get(requirement.code) if fact.is_met is None else None
    is_met = fact.is_met if word is None else word
    is_seen = word is not None and requirement.field is Field.VERIFIED
    return Finding(
        code=requirement.code,
        outcome=outcome_of(is_met),
        found=SEEN[word] if is_seen else fact.found,
        about={"document": _document(requirement)} if is_seen else fact.about,
        missing=fact.missing if is_met is None else (),
        met_on=None if is_met else fact.met_on,
        is_verified=word is not None,
    )


SEEN: Mapping[bool | None, str] = {True: "fact.document_seen", False: "fact.document_against"}
"""What is told of a document that somebody saw, by whether it shows that the requirement is met."""


def outcome_on_facts(requirement: Requirement, candidate: Candidate, target: Target) -> Outcome:
    """The outcome of `verdict` where nobody has seen a document, alone."""
    return outcome_of(RULES[requirement.field](requirement, candidate, target).is_met)


def outcome_of(is_met: bool | None) -> Outcome:  # noqa: FBT001 - SQL's three values
    """The outcome that SQL calls true, false or null."""
    if is_met is None:
        return Outcome.NEEDS_VERIFICATION
    return Outcome.MET if is_met else Outcome.NOT_MET


def overall(outcomes: tuple[Outcome, ...]) -> Outcome:
    """What the requirements find together: one that is not met decides; else one that needs verification."""
    for decisive in (Outcome.NOT_MET, Outcome.NEEDS_VERIFICATION):
        if decisive in outcomes:
            return decisive
    return Outcome.MET


# ── facts that are one value


def _employment(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    return _one_of(requirement, candidate.employment, "fact.employment", "missing.employment")


def _level(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    return _one_of(requirement, candidate.level, "fact.level", "missing.level")


def _box(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    return _one_of(requirement, candidate.box, "fact.box", "missing.box")


def _one_of(requirement: Requirement, value: str | int | None, found: str, missing: str) -> Fact:
    if value is None:
        return _unknown(missing)
    is_met = value in cast("tuple[str | int, ...]", requirement.threshold)
    return Fact(is_met, found, {"value": value if isinstance(value, int) else label(requirement.field, value)})


def _education(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    rank = candidate.education_rank
    if rank is None:
        return _unknown("missing.education")
    is_met = rank >= EDUCATION_RANKS[_word(requirement)]
    return Fact(is_met, "fact.education", {"value": education_in_words(rank)})


def _grade(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    if candidate.grade is None:
        return _unknown("missing.grade")
    is_met = _compared(requirement, candidate.grade)
    return Fact(is_met, "fact.grade", {"value": grade_in_words(candidate.grade)})


def _leadership(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    rank = candidate.leadership
    if rank is None:
        return _unknown("missing.leadership")
    needed = LEADERSHIP_RANKS[LeadershipTraining(_word(requirement))]
    return Fact(rank >= needed, "fact.leadership", {"value": leadership_in_words(rank)})


def _talent_value(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    if candidate.talent_value is None:
        return _unknown("missing.talent_value")
    is_met = candidate.talent_value >= _number(requirement) * MILLION
    return Fact(is_met, "fact.talent_value", {"points": points_in_words(candidate.talent_value)})


def _completeness(_requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    if candidate.missing:
        return Fact(False, "fact.incomplete", {"items": items_in_words(candidate.missing)})  # noqa: FBT003
    return Fact(True, "fact.complete")  # noqa: FBT003


def _verified(requirement: Requirement, _candidate: Candidate, _target: Target) -> Fact:
    proof = requirement.proof
    return Fact(None, "fact.document", missing=("missing.document" if proof is None else f"proof.{proof}",))


def _document(requirement: Requirement) -> Sentence:
    """Which document was seen, where the rule set says which."""
    return sentence("fact.some_document" if requirement.proof is None else f"proof.{requirement.proof}")


# ── days and years


def _age(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    born, years = candidate.born_on, _number(requirement)
    if born is None:
        return _unknown("missing.born_on")
    about = {"years": age_on(born, target.on), "on": day_in_words(target.on)}
    if requirement.comparison is Comparison.AT_MOST:
        return Fact(born > last_birthday(target.on, years + 1), "fact.age", about)
    return Fact(born <= last_birthday(target.on, years), "fact.age", about, met_on=age_reached_on(born, years))


def _time_in_post(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    return _since(requirement, candidate.post_since, target.on, "missing.post_since")


def _service(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    return _since(requirement, candidate.service_from, target.on, "missing.service_from")


def _since(requirement: Requirement, since: date | None, on: date, missing: str) -> Fact:
    """Months by the calendar since one day."""
    if since is None:
        return _unknown(missing)
    months = _number(requirement)
    about = {"since": day_in_words(since), "months": months_in(max(0, (on - since).days))}
    if requirement.comparison is Comparison.AT_MOST:
        return Fact(since > months_before(on, months + 1), "fact.since", about)
    return Fact(since <= months_before(on, months), "fact.since", about, met_on=months_passed(since, months))


# ── times that are added up


def _time_at_levels(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    closed = candidate.closed_days or (0,) * len(LEVELS)
    since = None if candidate.level is None else candidate.level_since
    running = days_since(since, target.on)
    held = {level: days for level, days in zip(LEVELS, closed, strict=True) if level.value in requirement.of}
    counts = candidate.level in held
    if candidate.level is not None and counts:
        held[candidate.level] += running
    known, maybe, is_running = sum(held.values()), 0, counts and since is not None
    if requirement.is_in_field:
        functional = [level for level in FUNCTIONAL if level in held]
        times = [time_in_field(candidate, target, level, held[level]) for level in functional]
        known += sum(in_field - held[level] for level, (in_field, _) in zip(functional, times, strict=True))
        maybe = sum(unsaid for _, unsaid in times)
        grows = candidate.post_since is not None and is_in_field(candidate, target) is True
        is_running &= candidate.level not in functional or grows
    unaccounted = days_unaccounted(candidate.service_from, target.on, sum(closed) + running)
    return _added_up(
        requirement,
        target.on,
        known=known,
        unaccounted=None if unaccounted is None else unaccounted + maybe,
        is_running=is_running,
        missing="missing.posts" if not maybe else "missing.field",
        of="_in_field" if requirement.is_in_field else "",
    )


def _related_experience(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    affair, on = target.government_affair, target.on
    if affair is None:
        unaccounted = days_unaccounted(candidate.service_from, on, 0)
        missing = "missing.affair_of_post"
        return _added_up(requirement, on, known=0, unaccounted=unaccounted, is_running=False, missing=missing)
    known, unaccounted = time_in_affair(candidate, affair, on)
    return _added_up(
        requirement,
        on,
        known=known,
        unaccounted=unaccounted,
        is_running=candidate.government_affair == affair and candidate.affair_since is not None,
        missing="missing.affairs",
    )


def _added_up(
    requirement: Requirement,
    on: date,
    *,
    known: int,
    unaccounted: int | None,
    is_running: bool,
    missing: str,
    of: str = "",
) -> Fact:
    """`of` is how the sentences go on that say what is counted."""
    needed = days_of(_number(requirement))
    met_on = on + timedelta(needed - known) if is_running and known < needed else None
    if unaccounted is None:
        about = {"months": months_in(known)}
        return Fact(known >= needed or None, f"fact.months{of}_open", about, (missing, "missing.service_from"), met_on)
    about = {"months": months_in(known), "most": months_in(known + unaccounted)}
    is_met = True if known >= needed else None if known + unaccounted >= needed else False
    return Fact(is_met, f"fact.months{of}", about, (missing,), met_on)


# ── appraisals, competence, sanctions


def _appraisals(requirement: Requirement, candidate: Candidate, _target: Target) -> Fact:
    years = requirement.years or 1
    looked_at = (*candidate.appraisals, *(None,) * years)[:years]
    needed = PREDICATE_RANKS[_word(requirement)]
    known = [rank for rank in looked_at if rank is not None]
    if not known:
        return _unknown("missing.appraisals")
    about: dict[str, object] = {"years": years, "known": len(known), "value": predicate_in_words(min(known))}
    is_met = False if min(known) < needed else None if len(known) < years else True
    if (last := candidate.appraised_to) is None:
        return Fact(is_met, "fact.appraisals", about, ("missing.appraisals",))
    looked_for = str(last) if years == 1 else f"{last - years + 1}–{last}"
    about |= {"of": looked_for, "as_of": day_in_words(candidate.as_of)}
    return Fact(is_met, "fact.appraisals_of", about, ("missing.appraisals",))


def _competence(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    """Everything is unknown of an assessment that is out of date on the day, or has no day."""
    assessed, levels = candidate.assessed_on, candidate.competencies
    is_stale = requirement.years is not None and (
        assessed is None or assessed < years_before(target.on, requirement.years)
    )
    if levels is None or is_stale:
        levels = (None,) * len(COMPETENCIES)
    lowest, highest = (matched_levels(levels, target.standard, blank) for blank in (LOWEST, HIGHEST))
    whole, percent = sum(target.standard), _number(requirement)
    about = {"percent": _percents(lowest * 100 // whole, highest * 100 // whole)}
    is_met = True if lowest * 100 >= percent * whole else False if highest * 100 < percent * whole else None
    missing = "missing.assessment_in_date" if is_stale and assessed is not None else "missing.assessment"
    return Fact(is_met, "fact.competence", about, (missing,))


def _percents(lowest: int, highest: int) -> Sentence | int:
    """One number where both are the same, or what lies between them."""
    return lowest if lowest == highest else sentence("fact.between", lowest=lowest, highest=highest)


def matched_levels(levels: Sequence[int | None], standard: Sequence[int], blank: int) -> int:
    """The sum of the levels, each as far as the standard asks for it; `blank` is what nobody assessed."""
    pairs = zip(levels, standard, strict=True)
    return sum(min(blank if level is None else level, needed) for level, needed in pairs)


def _sanction_free(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    """A sanction that is on record counts whether or not the register was checked; its absence only if it was."""
    if requirement.threshold is not None:
        return _no_recent_sanction(requirement, candidate, target)
    until = candidate.sanctioned_until
    if until == date.max:
        return Fact(None, "fact.sanction_open_ended", missing=("missing.end_of_sanction",))
    if until is not None and until >= target.on:
        about = {"until": day_in_words(until)}
        met_on = until + timedelta(1) if candidate.are_sanctions_known else None
        return Fact(False, "fact.sanction", about, met_on=met_on)  # noqa: FBT003
    return _no_sanction(candidate)


def _no_recent_sanction(requirement: Requirement, candidate: Candidate, target: Target) -> Fact:
    months = _number(requirement)
    began = [
        day
        for severity, day in zip(SEVERITIES, candidate.sanctioned_on, strict=True)
        if severity in requirement.of and day is not None
    ]
    if began and max(began) > months_before(target.on, months):
        met_on = months_passed(max(began), months) if candidate.are_sanctions_known else None
        return Fact(False, "fact.sanction_began", {"on": day_in_words(max(began))}, met_on=met_on)  # noqa: FBT003
    return _no_sanction(candidate)


def _no_sanction(candidate: Candidate) -> Fact:
    if candidate.are_sanctions_known:
        return Fact(True, "fact.no_sanction")  # noqa: FBT003
    return _unknown("missing.sanctions")


# ── steps


def _unknown(missing: str) -> Fact:
    return Fact(None, "fact.unknown", missing=(missing,))


def _compared(requirement: Requirement, value: int) -> bool:
    threshold = _number(requirement)
    return value <= threshold if requirement.comparison is Comparison.AT_MOST else value >= threshold


def _number(requirement: Requirement) -> int:
    return cast("int", requirement.threshold)


def _word(requirement: Requirement) -> str:
    return cast("str", requirement.threshold)


RULES: Mapping[Field, Callable[[Requirement, Candidate, Target], Fact]] = {
    Field.EMPLOYMENT: _employment,
    Field.LEVEL: _level,
    Field.EDUCATION: _education,
    Field.GRADE: _grade,
    Field.TIME_AT_LEVELS: _time_at_levels,
    Field.TIME_IN_POST: _time_in_post,
    Field.RELATED_EXPERIENCE: _related_experience,
    Field.SERVICE: _service,
    Field.AGE: _age,
    Field.APPRAISALS: _appraisals,
    Field.COMPETENCE: _competence,
    Field.SANCTION_FREE: _sanction_free,
    Field.LEADERSHIP_TRAINING: _leadership,
    Field.BOX: _box,
    Field.TALENT_VALUE: _talent_value,
    Field.COMPLETENESS: _completeness,
    Field.VERIFIED: _verified,
}
"""How each field is looked at."""
