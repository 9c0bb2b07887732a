"""Counterfactuals: the fewest things somebody can do, or wait for, that would make them eligible, or first.

Nothing is guessed: what is claimed is put to the same rules again. Where two things are not enough, everything that it
takes is named. Of a value that has to grow it is the smallest one that suffices; of several, each beside the others.
Time makes nobody first, as it passes for others too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import cast

from app.domain.candidates import (
    EDUCATION_RANKS,
    LEADERSHIP_RANKS,
    PREDICATE_RANKS,
    LeadershipTraining,
)
from app.domain.evidence import COMPETENCIES
from app.domain.fact_words import (
    education_in_words,
    items_in_words,
    leadership_in_words,
    predicate_in_words,
)
from app.domain.levers import Case, Item, Lever, once
from app.domain.masks import topic_of
from app.domain.messages import day_in_words, words_in_both
from app.domain.ranking import Placed, hours_on_record
from app.domain.replays import Standing
from app.domain.requirements import Field, Outcome, Requirement
from app.domain.rubric import MILLION
from app.domain.rule_sets import USUAL_YEARS, CriterionKind
from app.domain.unrecorded import histories, is_unrecorded, unrecorded_experience, unrecorded_programme
from app.domain.verdicts import Finding

MOST_TRIED = 2
"""Things that are tried together in every combination."""
HIGHEST_SCORE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a goal is reached: it is already, or by the items together, or not by what somebody can do."""

    is_reached: bool
    items: tuple[Item, ...] = ()
    blocked: tuple[str, ...] = ()
    """Codes of the requirements that neither anything they can do nor time will meet."""
    total: int | None = None
    """What they would have with the items, where the goal is to be first."""


Goal = Callable[[Case], bool]


def way_to_eligibility(case: Case) -> Way:
    """What would make somebody eligible."""
    levers = [*_of_requirements(case), *_time(case)]
    return _way(case, levers, lambda one: one.considered.outcome is Standing.ELIGIBLE)


def way_to_first(case: Case, first: Placed | None) -> Way:
    """What would make somebody the first; `first` is who is now, whose total and lot stay as they are."""
    if first is not None and first.id == case.candidate.id:
        return Way(is_reached=True, total=first.total)
    levers = [*_of_requirements(case), *_of_criteria(case)]
    way = _way(case, levers, lambda one: _is_before(one, first))
    return replace(way, total=applied(case, way.items).considered.total) if way.items or way.is_reached else way


def applied(case: Case, items: Sequence[Item]) -> Case:
    """Somebody as they would be with the items."""
    for item in items:
        case = item.apply(case)
    return case


def _is_before(case: Case, first: Placed | None) -> bool:
    found = case.considered
    if found.outcome is not Standing.ELIGIBLE or found.total is None:
        return False
    return first is None or (-found.total, found.tie_break or "") < (-first.total, first.tie_break)


# ── the search


def _way(case: Case, levers: Sequence[Lever], goal: Goal) -> Way:
    if goal(case):
        return Way(is_reached=True)
    for size in range(1, MOST_TRIED + 1):
        for some in combinations(levers, size):
            if goal(_at_best(case, some)):
                return Way(is_reached=False, items=tuple(_smallest(case, some, goal)))
    if needed := _needed(case, levers, goal):
        return Way(is_reached=False, items=tuple(_smallest(case, needed, goal)))
    return Way(is_reached=False, blocked=tuple(_blocked(case, levers)))


def _needed(case: Case, levers: Sequence[Lever], goal: Goal) -> list[Lever]:
    """Of everything together whatever cannot be left out; nothing where not even everything is enough."""
    kept = list(levers)
    if not goal(_at_best(case, kept)):
        return []
    for lever in levers:
        others = [one for one in kept if one is not lever]
        if goal(_at_best(case, others)):
            kept = others
    return kept


def _at_best(case: Case, levers: Sequence[Lever]) -> Case:
    return applied(case, [lever.at(lever.highest) for lever in levers])


def _smallest(case: Case, levers: Sequence[Lever], goal: Goal) -> list[Item]:
    """Each as small as it can be beside the others, which are settled one after the other, the last first."""
    items = [lever.at(lever.highest) for lever in levers]
    for place, lever in reversed(list(enumerate(levers))):
        low, high = lever.lowest, lever.highest
        while low < high:
            middle = (low + high) // 2
            items[place] = lever.at(middle)
            if goal(applied(case, items)):
                high = middle
            else:
                low = middle + 1
        items[place] = lever.at(high)
    return items


def _blocked(case: Case, levers: Sequence[Lever]) -> Iterator[str]:
    """What is not met even with everything together."""
    for requirement, found in _at_best(case, levers).findings:
        if found.outcome is not Outcome.MET and found.met_on is None:
            yield requirement.code


# ── what can be done about requirements


def _of_requirements(case: Case) -> list[Lever]:
    open_ones = [(one, found) for one, found in case.findings if found.outcome is not Outcome.MET]
    levers = [lever for one, found in open_ones for lever in REMEDIES.get(one.field, _none)(case, one, found)]
    shown = [
        one
        for one, found in open_ones
        if found.outcome is Outcome.NEEDS_VERIFICATION
        and not (one.field is Field.COMPETENCE and one.is_actionable)
        and not is_unrecorded(found)
    ]
    return [*levers, *_documents(shown)]


def _documents(requirements: Sequence[Requirement]) -> Iterator[Lever]:
    """All documents together are one thing to bring."""
    if not requirements:
        return
    words = {one.code: True for one in requirements}
    values = {"labels": words_in_both((one.label_id for one in requirements), (one.label_en for one in requirements))}

    def shown(case: Case) -> Case:
        return _given(case, verified={**case.given.verified, **words})

    yield once(Field.VERIFIED, "way.documents", values, shown, *map(topic_of, requirements))


def _assessment(case: Case, requirement: Requirement, _found: Finding) -> Iterator[Lever]:
    if requirement.is_actionable:
        yield _assessed(case)


def _assessed(case: Case) -> Lever:
    """Another assessment: competency after competency is raised to its standard, nothing falls behind what was."""
    standard, known = case.terms.target.standard, case.candidate.competencies or (None,) * len(COMPETENCIES)
    least = [level or 1 for level in known]
    whole = sum(standard)
    matched = sum(map(min, least, standard))

    def at(total: int) -> Item:
        levels = tuple(_raised(least, standard, total))
        values = {"matched": total, "asked": whole, "percent": total * 100 // whole}
        day = max(case.candidate.as_of, case.terms.target.on)
        return Item(
            Field.COMPETENCE,
            "way.assessment",
            values,
            lambda one: _facts(one, competencies=levels, assessed_on=day),
        )

    return Lever(matched, whole, at)


def _raised(levels: Sequence[int], standard: Sequence[int], total: int) -> Iterator[int]:
    missing = total - sum(map(min, levels, standard))
    for level, needed in zip(levels, standard, strict=True):
        more = min(missing, max(needed - level, 0))
        missing -= more
        yield level + more


def _leadership(_case: Case, requirement: Requirement, found: Finding) -> Iterator[Lever]:
    if requirement.is_actionable and found.outcome is Outcome.NOT_MET:
        training = LeadershipTraining(_word(requirement))
        values = {"training": leadership_in_words(LEADERSHIP_RANKS[training])}
        rank = LEADERSHIP_RANKS[training]
        yield once(Field.LEADERSHIP_TRAINING, "way.leadership", values, lambda case: _facts(case, leadership=rank))


def _completeness(case: Case, requirement: Requirement, _found: Finding) -> Iterator[Lever]:
    if requirement.is_actionable:
        values = {"items": items_in_words(case.candidate.missing)}
        yield once(Field.COMPLETENESS, "way.complete", values, lambda one: _facts(one, missing=()))


def _appraisal(case: Case, requirement: Requirement, found: Finding) -> Iterator[Lever]:
    """One more year; a worse one before drops out of the years that are looked at, or it does not help."""
    if not requirement.is_actionable or found.outcome is not Outcome.NOT_MET or not case.candidate.appraisals:
        return
    rank, last = PREDICATE_RANKS[_word(requirement)], case.candidate.appraised_to
    years = (rank, *case.candidate.appraisals[:-1])
    values = {"predicate": predicate_in_words(rank), "year": case.candidate.as_of.year if last is None else last + 1}
    year = None if last is None else last + 1
    yield once(Field.APPRAISALS, "way.appraisal", values, lambda one: _facts(one, appraisals=years, appraised_to=year))


def _education(_case: Case, requirement: Requirement, found: Finding) -> Iterator[Lever]:
    if requirement.is_actionable and found.outcome is Outcome.NOT_MET:
        rank = EDUCATION_RANKS[_word(requirement)]
        values = {"diploma": education_in_words(rank)}
        yield once(Field.EDUCATION, "way.education", values, lambda case: _facts(case, education_rank=rank))


def _talent_value(_case: Case, requirement: Requirement, found: Finding) -> Iterator[Lever]:
    if requirement.is_actionable and found.outcome is Outcome.NOT_MET:
        points = cast("int", requirement.threshold)
        values = {"points": points}
        yield once(
            Field.TALENT_VALUE, "way.talent_value", values, lambda case: _facts(case, talent_value=points * MILLION)
        )


def _none(_case: Case, _requirement: Requirement, _found: Finding) -> Iterator[Lever]:
    return iter(())


REMEDIES: Mapping[Field, Callable[[Case, Requirement, Finding], Iterator[Lever]]] = {
    Field.COMPETENCE: _assessment,
    Field.LEADERSHIP_TRAINING: _leadership,
    Field.COMPLETENESS: _completeness,
    Field.APPRAISALS: _appraisal,
    Field.EDUCATION: _education,
    Field.TALENT_VALUE: _talent_value,
    Field.TIME_AT_LEVELS: histories,
    Field.RELATED_EXPERIENCE: histories,
}
"""What helps, by what a requirement looks at; nothing helps elsewhere but documents and time."""


def _time(case: Case) -> Iterator[Lever]:
    """Waiting until the last of what time meets is met."""
    days = {found.met_on: one.field for one, found in case.findings if found.met_on is not None}
    if days:
        day = max(days)
        yield once(days[day], "way.wait", {"day": day_in_words(day)}, lambda one: _later(one, day), *days.values())


# ── what can be done for points


def _of_criteria(case: Case) -> Iterator[Lever]:
    kinds = {one.kind: one for one in case.terms.criteria}
    if CriterionKind.COMPETENCE_FIT in kinds and not _has_remedy(case, Field.COMPETENCE):
        yield _assessed(case)
    if (training := kinds.get(CriterionKind.TRAINING)) is not None and training.full is not None:
        years = training.years or USUAL_YEARS
        known, _ = hours_on_record(case.candidate, years)
        yield Lever(known, max(training.full, known), lambda hours: _hours(hours, years))
    if CriterionKind.TECHNICAL_SCORE in kinds:
        held = -(-(case.given.technical_score or 0) // MILLION)
        yield Lever(held, HIGHEST_SCORE, _score)
    if (experience := kinds.get(CriterionKind.RELATED_EXPERIENCE)) is not None and experience.full is not None:
        yield from unrecorded_experience(case, experience.full)
    if CriterionKind.PRIORITY_PROGRAMME in kinds:
        yield from unrecorded_programme(case)


def _has_remedy(case: Case, asked: Field) -> bool:
    return any(
        one.field is asked and one.is_actionable and found.outcome is not Outcome.MET for one, found in case.findings
    )


def _hours(hours: int, years: int) -> Item:
    within = (hours, *(0,) * (years - 1))
    values = {"hours": hours, "years": years}
    return Item(CriterionKind.TRAINING, "way.hours", values, lambda case: _facts(case, training_hours=within))


def _score(score: int) -> Item:
    return Item(
        CriterionKind.TECHNICAL_SCORE,
        "way.score",
        {"score": score},
        lambda case: _given(case, technical_score=score * MILLION),
    )


# ── steps


def _word(requirement: Requirement) -> str:
    return cast("str", requirement.threshold)


def _facts(case: Case, **facts: object) -> Case:
    return replace(case, candidate=replace(case.candidate, **facts))  # type: ignore[arg-type]


def _given(case: Case, **given: object) -> Case:
    return replace(case, given=replace(case.given, **given))  # type: ignore[arg-type]


def _later(case: Case, day: date) -> Case:
    return replace(case, terms=replace(case.terms, target=replace(case.terms.target, on=day)))
