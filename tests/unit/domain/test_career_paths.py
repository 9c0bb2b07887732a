"""Career paths: where somebody may go, what helps, and the day from which time alone is enough."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.migrations import RULE_SETS
from app.domain.candidates import LEVELS, Candidate, Employment, Target
from app.domain.career_paths import Remedy, find_path, without_narrowed
from app.domain.careers import PositionLevel
from app.domain.requirements import Comparison, Field, Outcome, Requirement
from app.domain.rule_set_document import parse_rule_set
from tests.unit.candidates import candidates, targets

SHIPPED = {
    written.rule_set.level: written.rule_set.requirements
    for written in (
        parse_rule_set(json.loads(path.read_text(encoding="utf-8"))) for path in RULE_SETS.glob("*-v2.json")
    )
}
MANAGERIAL = tuple(PositionLevel)[:5]
TODAY = date(2026, 3, 2)
PENGAWAS = Candidate(
    id=UUID(int=1),
    as_of=TODAY,
    employment=Employment.PNS,
    level=PositionLevel.PENGAWAS,
    level_since=date(2024, 6, 1),
    closed_days=(0,) * len(LEVELS),
    history_from=date(2024, 6, 1),
    service_from=date(2024, 6, 1),
    education_rank=3,
    born_on=date(1980, 1, 1),
    appraisals=(4, 4, 4, 4, 4),
    competencies=(3,) * 9,
    assessed_on=date(2025, 6, 1),
    are_sanctions_known=True,
)
ADMINISTRATOR = Target(on=TODAY, level=PositionLevel.ADMINISTRATOR, standard=(3,) * 9)
ASKED = tuple(one for one in SHIPPED[PositionLevel.ADMINISTRATOR] if one.field is not Field.VERIFIED)


def an_age_of_at_most(years: int) -> Requirement:
    return Requirement(
        code="age", field=Field.AGE, comparison=Comparison.AT_MOST, threshold=years, label_id="x", label_en="x",
        legal_basis="x",
    )  # fmt: skip


def test_who_lacks_nothing_but_time_learns_the_day() -> None:
    path = find_path(PENGAWAS, ADMINISTRATOR, ASKED)
    assert path.outcome is Outcome.NOT_MET
    assert {step.requirement.code: step.remedy for step in path.steps if step.remedy} == {"requiredPost": Remedy.WAIT}
    assert path.time_alone_from == date(2027, 6, 1)
    [item] = path.way.items
    assert item.detail["en"] == "Met by time alone, for an inauguration from 1 June 2027."
    then = find_path(PENGAWAS, replace(ADMINISTRATOR, on=date(2027, 6, 1)), ASKED)
    assert (then.outcome, then.time_alone_from) == (Outcome.MET, None)


def test_who_would_be_too_old_by_then_waits_for_nothing() -> None:
    """Turns 47 on 1 January 2027, five months before the three years are complete."""
    assert find_path(PENGAWAS, ADMINISTRATOR, (*ASKED, an_age_of_at_most(47))).time_alone_from == date(2027, 6, 1)
    assert find_path(PENGAWAS, ADMINISTRATOR, (*ASKED, an_age_of_at_most(46))).time_alone_from is None


def test_what_one_can_do_something_about_is_listed_and_what_nobody_can_change_ends_the_list() -> None:
    weaker = replace(PENGAWAS, competencies=(1,) * 9)
    path = find_path(weaker, ADMINISTRATOR, ASKED)
    assert path.time_alone_from is None
    assert [item.about for item in path.way.items] == ["competence", "timeAtLevels"]
    unschooled = find_path(replace(weaker, education_rank=2), ADMINISTRATOR, ASKED)
    assert (unschooled.way.items, unschooled.way.blocked) == ((), ("education",))
    remedies = {step.requirement.code: step.remedy for step in unschooled.steps if step.remedy}
    assert remedies == {"education": Remedy.NONE, "requiredPost": Remedy.WAIT, "competence": Remedy.ACT}


def test_what_is_unknown_stands_against_nobody() -> None:
    nothing_known = Candidate(id=UUID(int=1), as_of=TODAY)
    path = find_path(nothing_known, ADMINISTRATOR, SHIPPED[PositionLevel.ADMINISTRATOR])
    assert (path.outcome, path.time_alone_from) == (Outcome.NEEDS_VERIFICATION, None)
    assert not any(step.remedy for step in path.steps)


@settings(deadline=None)
@given(candidates, targets, st.sampled_from(MANAGERIAL))
def test_the_day_is_the_first_on_which_nothing_is_unmet(
    candidate: Candidate, target: Target, level: PositionLevel
) -> None:
    requirements = SHIPPED[level]
    path = find_path(candidate, target, requirements)
    unmet = {step.requirement.code for step in path.steps if step.finding.outcome is Outcome.NOT_MET}
    assert unmet == {step.requirement.code for step in path.steps if step.remedy}
    if (day := path.time_alone_from) is None:
        return
    assert path.outcome is Outcome.NOT_MET
    assert find_path(candidate, replace(target, on=day), requirements).outcome is not Outcome.NOT_MET
    before = find_path(candidate, replace(target, on=day - timedelta(1)), requirements)
    assert any(step.requirement.code in unmet and step.finding.outcome is not Outcome.MET for step in before.steps)


@settings(deadline=None)
@given(candidates, candidates, targets, st.sampled_from(MANAGERIAL))
def test_nothing_of_a_path_tells_of_sanctions_or_assessments_to_who_may_not_see_them(
    one: Candidate, other: Candidate, target: Target, level: PositionLevel
) -> None:
    twin = replace(
        one,
        are_sanctions_known=other.are_sanctions_known,
        sanctioned_until=other.sanctioned_until,
        sanctioned_on=other.sanctioned_on,
        competencies=other.competencies,
        assessed_on=other.assessed_on,
    )
    paths = [
        find_path(without_narrowed(somebody, sanctions=False, assessments=False), target, SHIPPED[level])
        for somebody in (one, twin)
    ]
    assert paths[0] == paths[1]
