"""As many posts as possible are filled at once; readiness tells time from what cannot be helped; policies add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.candidates import Given
from app.domain.careers import PositionLevel
from app.domain.errors import Invalid
from app.domain.requirements import Comparison, Field, Outcome, Requirement
from app.domain.succession import (
    LOOKED_AHEAD,
    MeritItem,
    PolicyPart,
    Readiness,
    faults_of_naming,
    fill,
    find_readiness,
    judged,
    must_be_consistent,
    stands_until,
)
from app.domain.verdicts import Finding, verdict
from tests.unit.candidates import candidates, targets
from tests.unit.domain.test_career_paths import SHIPPED

TODAY = date(2026, 3, 1)
MET, NOT_MET, OPEN = Outcome.MET, Outcome.NOT_MET, Outcome.NEEDS_VERIFICATION
posts = st.lists(st.sets(st.integers(0, 4), max_size=5), max_size=5)


# ── one name, many plans


def named(number: int) -> UUID:
    return UUID(int=number)


def by_brute_force(people_of: Mapping[UUID, list[UUID]]) -> int:
    """The most posts that any choice of at most one person for each fills without using anybody twice."""
    choices = product(*([None, *people] for people in people_of.values()))
    filled = ([one for one in choice if one is not None] for choice in choices)
    return max((len(one) for one in filled if len(set(one)) == len(one)), default=0)


@given(posts)
def test_as_many_posts_are_filled_as_any_choice_could_fill(wanted):
    people_of = {named(100 + place): [named(one) for one in people] for place, people in enumerate(wanted)}
    filled = fill(people_of)
    assert len(set(filled.values())) == len(filled)
    assert all(person in people_of[post] for post, person in filled.items())
    assert len(filled) == by_brute_force(people_of)


def test_one_name_in_three_plans_fills_one_post():
    star = named(1)
    assert len(fill({named(10): [star], named(11): [star], named(12): [star]})) == 1


def test_a_long_chain_of_second_choices_is_resolved_without_recursion():
    length = 5_000
    people_of = {named(10_000 + n): [named(n), named(n + 1)] for n in range(length)}
    people_of[named(99_999)] = [named(0)]
    assert len(fill(people_of)) == length + 1


# ── readiness


def a_requirement(code: str, *, is_actionable: bool = False, field: Field = Field.SERVICE) -> Requirement:
    return Requirement(
        code=code,
        field=field,
        comparison=Comparison.AT_LEAST,
        threshold=12,
        label_id=code,
        label_en=code,
        legal_basis="PP 11/2017",
        is_actionable=is_actionable,
    )


def met_from(code: str, first: date | None, until: date = date.max) -> tuple[str, date | None, date]:
    """A fact that a requirement meets from a day (None: never) up to another one."""
    return code, first, until


def found(requirements, facts, soon_months=24):
    def findings_on(day, _codes):
        told = {}
        for code, first, until in facts:
            is_met = first is not None and first <= day <= until
            met_on = first if first is not None and first > day else None
            told[code] = Finding(code=code, outcome=MET if is_met else NOT_MET, found="x", met_on=met_on)
        return told

    return find_readiness(requirements, findings_on, TODAY, soon_months)


SERVICE, AGE = a_requirement("service"), a_requirement("age")
TRAINING = a_requirement("training", is_actionable=True)


def test_who_meets_everything_is_ready_now():
    finding = found([SERVICE, TRAINING], [met_from("service", TODAY), met_from("training", TODAY)])
    assert (finding.readiness, finding.is_eligible, finding.ready_from) == (Readiness.READY_NOW, True, TODAY)


def test_who_lacks_time_alone_is_ready_on_the_day_it_is_reached():
    day = date(2027, 9, 17)
    finding = found([SERVICE], [met_from("service", day)])
    assert (finding.readiness, finding.ready_from) == (Readiness.IN_1_TO_2_YEARS, day)
    assert (finding.is_eligible, finding.not_met) == (False, ("service",))


def test_a_day_beyond_the_horizon_is_later():
    last = date(2028, 3, 1)
    assert found([SERVICE], [met_from("service", last)]).readiness is Readiness.IN_1_TO_2_YEARS
    assert found([SERVICE], [met_from("service", last + timedelta(days=1))]).readiness is Readiness.LATER


def test_a_training_can_be_made_up_for_and_an_age_cannot():
    assert found([TRAINING], [met_from("training", None)]).readiness is Readiness.IN_1_TO_2_YEARS
    assert found([SERVICE], [met_from("service", None)]).readiness is Readiness.LATER


def test_who_is_too_old_by_the_time_the_years_are_reached_is_not_ready():
    day = date(2027, 6, 1)
    facts = [met_from("service", day), met_from("age", date.min, day - timedelta(days=1))]
    assert found([SERVICE, AGE], facts).readiness is Readiness.LATER
    facts = [met_from("service", day), met_from("age", date.min, day)]
    assert found([SERVICE, AGE], facts).readiness is Readiness.IN_1_TO_2_YEARS


@pytest.mark.parametrize(("requirement", "readiness"), [(SERVICE, "later"), (TRAINING, "in_1_to_2_years")])
def test_what_has_to_be_verified_is_neither_eligible_nor_excluded_and_promises_no_day(requirement, readiness):
    unknown = {requirement.code: Finding(code=requirement.code, outcome=OPEN, found="x")}
    finding = find_readiness([requirement], lambda _day, _codes: unknown, TODAY, 24)
    assert (finding.is_eligible, finding.not_met, finding.unverified) == (None, (), (requirement.code,))
    assert finding.readiness == readiness


def test_what_only_a_document_shows_is_left_to_the_vacancy():
    assert judged([SERVICE, a_requirement("health", field=Field.VERIFIED)]) == (SERVICE,)


@pytest.mark.parametrize(
    ("is_confirmed", "chosen", "reason", "codes"),
    [
        (True, None, None, []),
        (True, Readiness.LATER, None, []),
        (True, Readiness.READY_NOW, None, ["plan.readiness_without_reason"]),
        (False, None, None, ["plan.not_in_pool"]),
        (False, Readiness.READY_NOW, "Memimpin dua program strategis.", []),
    ],
)
def test_what_departs_from_pool_or_computation_needs_a_reason(is_confirmed, chosen, reason, codes):
    faults = faults_of_naming(
        "/successors/0", "1", is_confirmed=is_confirmed, computed=Readiness.LATER, chosen=chosen, reason=reason
    )
    assert [fault.code for fault in faults] == codes


# ── how long a finding stands


@settings(deadline=None, max_examples=60)
@given(candidates, targets, st.sampled_from(sorted(SHIPPED, key=str)), st.integers(0, LOOKED_AHEAD))
def test_until_that_day_every_requirement_finds_the_same_and_on_the_next_one_does_not(one, target, level, days):
    requirements = judged(SHIPPED[level])

    codes = [one.code for one in requirements]

    def findings_on(day, asked):
        return {
            req.code: verdict(req, one, replace(target, on=day), Given()) for req in requirements if req.code in asked
        }

    def outcomes(day):
        return {code: finding.outcome for code, finding in findings_on(day, codes).items()}

    today = target.on
    last = stands_until(findings_on, findings_on(today, codes), today)
    assert today <= last <= today + timedelta(LOOKED_AHEAD)
    day = today + timedelta(days)
    if day <= last:
        assert outcomes(day) == outcomes(today)
    if last < today + timedelta(LOOKED_AHEAD):
        assert outcomes(last + timedelta(1)) != outcomes(today)


# ── the policy

POOLS, NOTHING = ([7, 8, 9], [9]), {PolicyPart.COVER: [], PolicyPart.LEVELS_AHEAD: []}
WEIGHTS = dict.fromkeys(MeritItem, 10) | {MeritItem.PLANS: 40}
CHIEF, SECTION = PositionLevel.ADMINISTRATOR, PositionLevel.PENGAWAS


@pytest.mark.parametrize(
    ("pools", "weights", "ladders", "code"),
    [
        (([7, 8, 8], [8]), WEIGHTS, NOTHING, "policy.boxes_repeated"),
        (([8, 9], [7, 9]), WEIGHTS, NOTHING, "policy.boxes_wider"),
        (POOLS, {**WEIGHTS, MeritItem.POOL: 21}, NOTHING, "policy.weights"),
        (POOLS, {MeritItem.POOL: 100}, NOTHING, "policy.weights"),
        (POOLS, WEIGHTS, {PolicyPart.COVER: [(CHIEF, [CHIEF, CHIEF])]}, "policy.level_repeated"),
        (POOLS, WEIGHTS, {PolicyPart.COVER: [(CHIEF, [CHIEF]), (CHIEF, [SECTION])]}, "policy.level_repeated"),
    ],
)
def test_a_policy_that_does_not_add_up_is_refused(pools, weights, ladders, code):
    must_be_consistent(POOLS, list(WEIGHTS.items()), {PolicyPart.COVER: [(CHIEF, [CHIEF, SECTION])]})
    with pytest.raises(Invalid) as refusal:
        must_be_consistent(pools, list(weights.items()), ladders)
    assert [fault.code for fault in refusal.value.faults] == [code]
