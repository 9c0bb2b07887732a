"""What a history of posts could show: service of which nobody has said where it was spent, at most all of it.

Nothing is presumed: it is what somebody can submit, and how much of it would be enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from app.domain.candidates import FUNCTIONAL
from app.domain.careers import PositionLevel
from app.domain.durations import days_of, months_in
from app.domain.experience import (
    affairs_of,
    days_since,
    time_in_affair,
    time_unaccounted,
    with_time_at_level,
    with_time_in_affair,
)
from app.domain.fact_words import affairs_in_words
from app.domain.levers import Case, Item, Lever, once
from app.domain.messages import words_in_both
from app.domain.requirements import Field, Outcome, Requirement
from app.domain.rule_sets import CriterionKind
from app.domain.verdicts import Finding


def histories(case: Case, requirement: Requirement, found: Finding) -> Iterator[Lever]:
    """The history of posts, where time that is not on record could be enough."""
    if not is_unrecorded(found):
        return
    needed, target = cast("int", requirement.threshold), case.terms.target
    if requirement.field is Field.RELATED_EXPERIENCE:
        yield _in_affair(case, Field.RELATED_EXPERIENCE, needed)
        return
    levels = [PositionLevel(one) for one in requirement.of]
    level = next((one for one in levels if one not in FUNCTIONAL), levels[0])
    more = days_of(needed) - days_of(cast("int", found.about["months"]))
    values = {**found.about, "needed": needed, "label": words_in_both((requirement.label_id,), (requirement.label_en,))}
    code = "way.history_at_levels" if "most" in values else "way.history_at_levels_open"

    def submitted(one: Case) -> Case:
        return replace(one, candidate=with_time_at_level(one.candidate, level, target.government_affair, more))

    yield once(Field.TIME_AT_LEVELS, code, values, submitted)


def is_unrecorded(found: Finding) -> bool:
    """Whether a requirement is open because nobody has said where somebody worked for some of their service."""
    is_open = found.outcome is Outcome.NEEDS_VERIFICATION
    return is_open and found.missing[0] in ("missing.posts", "missing.affairs")


def unrecorded_experience(case: Case, full: int) -> Iterator[Lever]:
    """Experience in the affair of the post, up to so many months, where some of the service is not on record."""
    affair = case.terms.target.government_affair
    if affair is not None:
        known, most = _in_affair_at_most(case, affair)
        if months_in(known) < full and (most is None or months_in(most) > months_in(known)):
            yield _in_affair(case, CriterionKind.RELATED_EXPERIENCE, full)


def _in_affair(case: Case, about: str, months: int) -> Lever:
    """So many months in the affair of the post on record, or as many as there can be."""
    affair, on = cast("str", case.terms.target.government_affair), case.terms.target.on
    known, most = _in_affair_at_most(case, affair)
    values = {"months": months_in(known)} | ({} if most is None else {"most": months_in(most)})
    code = "way.history_in_affair_open" if most is None else "way.history_in_affair"

    def at(needed: int) -> Item:
        def submitted(one: Case) -> Case:
            return replace(one, candidate=with_time_in_affair(one.candidate, affair, on, days_of(needed)))

        return Item(about, code, {**values, "needed": needed}, submitted)

    return Lever(months_in(known), months if most is None else min(months, months_in(most)), at)


def _in_affair_at_most(case: Case, affair: str) -> tuple[int, int | None]:
    """Days in an affair on record, and with all that is not; never more than somebody has served."""
    on, service_from = case.terms.target.on, case.candidate.service_from
    known, more = time_in_affair(case.candidate, affair, on)
    return known, None if more is None else max(known, min(known + more, days_since(service_from, on)))


def unrecorded_programme(case: Case) -> Iterator[Lever]:
    """Work in an affair that the strongest programme favours, where some of the service is not on record."""
    target, programmes = case.terms.target, case.terms.target.affairs_of_programmes
    worked_in = affairs_of(case.candidate)
    strongest = max(programmes.values(), default=0)
    affairs = sorted(affair for affair, weight in programmes.items() if weight == strongest)
    if not affairs or any(one in worked_in for one in affairs) or time_unaccounted(case.candidate, target.on) == 0:
        return

    def submitted(one: Case) -> Case:
        return replace(one, candidate=with_time_in_affair(one.candidate, affairs[0], target.on, 1))

    values = {"affairs": affairs_in_words(affairs)}
    yield once(CriterionKind.PRIORITY_PROGRAMME, "way.history_in_programme", values, submitted)
