"""Points that add up, unknowns that stay between their ends, and one order whatever the order given."""

import hashlib
import hmac
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.candidates import Candidate, Given, Target
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict
from app.domain.ranking import (
    WHOLE,
    Rated,
    criteria_in_use,
    keeps_seniority_small,
    must_keep_seniority_small,
    points_of,
    rank,
    seniority_effect,
    total_of,
)
from app.domain.rubric import MILLION
from app.domain.rule_sets import Criterion, CriterionKind
from tests.unit.candidates import a_rule_set, candidates, criteria_of, givens, targets

AS_OF = date(2026, 6, 30)
SEED = bytes(range(32))
WHO = UUID(int=7)
POST = Target(on=AS_OF, level=PositionLevel.JPT_PRATAMA, government_affair="health", standard=(4,) * 9)


def a_criterion(kind, weight=20, full=None):
    return Criterion(
        code=kind.value, kind=kind, weight=weight * MILLION, full=full, label_id=kind.value, label_en=kind.value
    )


def a_candidate(**facts):
    return Candidate(id=WHO, as_of=AS_OF, **facts)


def points(kind, candidate, target=POST, full=None, technical=None):
    part = points_of(a_criterion(kind, full=full), candidate, target, Given(technical_score=technical))
    return part.points, part.lowest, part.highest


# ── parts


@given(criteria_of(), candidates, targets, givens)
def test_parts_add_up_to_the_total_and_say_why(criteria, candidate, target, given_):
    parts = [points_of(one, candidate, target, given_) for one in criteria]
    total = total_of(parts)
    assert total.lowest == sum(part.lowest for part in parts)
    assert total.highest == sum(part.highest for part in parts) <= WHOLE
    assert (total.points is None) == any(part.points is None for part in parts)
    assert total.points in (None, sum(part.points or 0 for part in parts))
    for part, criterion in zip(parts, criteria, strict=True):
        assert 0 <= part.lowest <= part.highest <= criterion.weight
        assert part.points in (None, part.lowest)
        assert all(part.detail.values())
        if part.numerator is not None:
            assert part.points == criterion.weight * part.numerator // part.denominator


RAISED = {
    CriterionKind.TALENT_VALUE: "talent_value",
    CriterionKind.PERFORMANCE: "performance",
    CriterionKind.POTENTIAL: "potential",
}


@given(criteria_of((*RAISED, CriterionKind.TRAINING)), candidates, targets, st.integers(1, 10**8))
def test_more_of_what_is_rated_never_gives_less(criteria, candidate, target, more):
    better = replace(
        candidate,
        **{name: value + more for name in RAISED.values() if (value := getattr(candidate, name)) is not None},
        competencies=candidate.competencies and tuple(level and min(level + 1, 5) for level in candidate.competencies),
        training_hours=candidate.training_hours and tuple(known and known + more for known in candidate.training_hours),
    )
    before, after = (total_of(points_of(one, who, target, Given()) for one in criteria) for who in (candidate, better))
    assert after.lowest >= before.lowest
    assert after.highest >= before.highest


@given(candidates, targets, st.sampled_from(list(CriterionKind)), st.data())
def test_what_becomes_known_lies_between_what_was_possible(candidate, target, kind, data):
    fact = {
        CriterionKind.TALENT_VALUE: "talent_value",
        CriterionKind.TRAINING: "training_hours",
        CriterionKind.COMPETENCE_FIT: "competencies",
        CriterionKind.PRIORITY_PROGRAMME: "unplaced_days",
    }.get(kind)
    if fact is None:
        return
    value = {
        "competencies": data.draw(st.tuples(*[st.integers(1, 5)] * 9)),
        "training_hours": data.draw(st.tuples(*[st.integers(0, 90)] * 5)),
        "unplaced_days": candidate.unplaced_days,
    }.get(fact, data.draw(st.integers(0, WHOLE)))
    criterion = a_criterion(kind, full=60)
    unknown = replace(candidate, **{fact: None})
    before, after = (
        points_of(criterion, one, target, Given()) for one in (unknown, replace(candidate, **{fact: value}))
    )
    assert before.lowest <= after.lowest <= after.highest <= max(before.highest, after.lowest)


def test_a_competency_counts_as_far_as_the_standard_asks_for_it():
    strong_and_weak = a_candidate(competencies=(5,) * 8 + (2,))
    assert points(CriterionKind.COMPETENCE_FIT, strong_and_weak) == (20 * MILLION * 34 // 36,) * 3
    one_blank = a_candidate(competencies=(5,) * 8 + (None,))
    assert points(CriterionKind.COMPETENCE_FIT, one_blank) == (None, 20 * MILLION * 33 // 36, 20 * MILLION)
    assert points(CriterionKind.COMPETENCE_FIT, a_candidate()) == (None, 20 * MILLION * 9 // 36, 20 * MILLION)


def test_experience_counts_posts_that_ended_and_the_one_that_runs_until_the_day():
    known = {"service_from": date(2006, 7, 1), "history_from": date(2006, 7, 1), "unplaced_days": 0}
    eight_years = a_candidate(
        **known, government_affair="health", affair_since=date(2023, 6, 30), affair_days={"health": 5 * 365}
    )
    assert points(CriterionKind.RELATED_EXPERIENCE, eight_years, full=120) == (20 * MILLION * 96 // 120,) * 3
    later = replace(POST, on=date(2028, 6, 30))
    assert points(CriterionKind.RELATED_EXPERIENCE, eight_years, later, full=120) == (20 * MILLION,) * 3


def test_experience_is_what_the_history_has_on_record_and_unknown_without_one():
    early = {"service_from": date(2000, 1, 1), "history_from": date(2020, 1, 1), "unplaced_days": 0}
    worked = a_candidate(**early, affair_days={}, government_affair="health", affair_since=date(2025, 6, 30))
    assert points(CriterionKind.RELATED_EXPERIENCE, worked, full=120) == (2 * MILLION,) * 3
    unheard_of = replace(worked, affair_days=None)
    assert points(CriterionKind.RELATED_EXPERIENCE, unheard_of, full=120) == (None, 2 * MILLION, 20 * MILLION)
    old = replace(unheard_of, affair_since=date(2010, 1, 1))
    assert points(CriterionKind.RELATED_EXPERIENCE, old, full=120) == (20 * MILLION,) * 3


def test_the_strongest_programme_of_somebody_counts_once():
    target = replace(POST, affairs_of_programmes={"health": 500_000, "education": MILLION})
    settled = {"service_from": date(2006, 7, 1), "history_from": date(2006, 7, 1), "unplaced_days": 0}
    health = a_candidate(**settled, affair_days={}, government_affair="health", affair_since=date(2006, 7, 1))
    once_a_teacher = replace(health, affair_days={"education": 30})
    assert points(CriterionKind.PRIORITY_PROGRAMME, health, target) == (10 * MILLION,) * 3
    assert points(CriterionKind.PRIORITY_PROGRAMME, once_a_teacher, target) == (20 * MILLION,) * 3
    unheard_of = replace(health, affair_days=None)
    assert points(CriterionKind.PRIORITY_PROGRAMME, unheard_of, target) == (None, 10 * MILLION, 20 * MILLION)


def test_that_somebody_never_worked_for_a_programme_is_said_only_of_whom_all_service_is_on_record():
    target = replace(POST, affairs_of_programmes={"education": MILLION})
    settled = {"service_from": date(2006, 7, 1), "history_from": date(2006, 7, 1), "unplaced_days": 0}
    health = a_candidate(**settled, affair_days={}, government_affair="health", affair_since=date(2006, 7, 1))

    def said(**facts):
        part = points_of(a_criterion(CriterionKind.PRIORITY_PROGRAMME), replace(health, **facts), target, Given())
        return part.points, part.because

    assert said() == (0, "part.no_programme")
    for open_fact in ({"history_from": date(2020, 1, 1)}, {"unplaced_days": 90}, {"service_from": None}):
        assert said(**open_fact) == (0, "part.no_programme_on_record")


@pytest.mark.parametrize(
    ("kind", "facts", "full", "expected"),
    [
        (CriterionKind.TECHNICAL_SCORE, {}, None, 15 * MILLION),
        (CriterionKind.TALENT_VALUE, {"talent_value": 80_500_000}, None, 16_100_000),
        (CriterionKind.TRAINING, {"training_hours": (0, 0, 0, None, 61)}, 60, 0),
        (CriterionKind.TRAINING, {"training_hours": (0, 31, 30, 0, 0)}, 60, 20 * MILLION),
        (CriterionKind.TRAINING, {"training_hours": (61, None, None, None, None)}, 60, 20 * MILLION),
        (CriterionKind.TIME_AT_LEVEL, {"level_since": date(2025, 6, 30)}, 36, 20 * MILLION * 12 // 36),
        (CriterionKind.SERVICE, {"service_from": date(2026, 7, 1)}, 36, 0),
        (CriterionKind.AGE, {"born_on": date(1986, 7, 1)}, 50, 20 * MILLION * 39 // 50),
    ],
)
def test_each_kind_has_its_unit(kind, facts, full, expected):
    assert points(kind, a_candidate(**facts), full=full, technical=75 * MILLION) == (expected,) * 3


def test_criteria_that_tell_nobody_apart_are_out_of_use_and_the_others_keep_their_weights():
    criteria = tuple(a_criterion(kind, full=60) for kind in CriterionKind)
    rule_set = a_rule_set(criteria)
    used = criteria_in_use(rule_set, has_technical_scores=False, has_programmes=False, has_affair=False)
    unused = {CriterionKind.TECHNICAL_SCORE, CriterionKind.PRIORITY_PROGRAMME, CriterionKind.RELATED_EXPERIENCE}
    assert used == tuple(one for one in criteria if one.kind not in unused)
    assert criteria_in_use(rule_set, has_technical_scores=True, has_programmes=True) == criteria


def test_what_is_left_of_the_criteria_is_no_more_senior_than_the_rule_set_allows():
    kinds = (CriterionKind.TECHNICAL_SCORE, CriterionKind.TALENT_VALUE, CriterionKind.SERVICE)
    weighed = tuple(a_criterion(kind, weight, full=60) for kind, weight in zip(kinds, (40, 40, 20), strict=True))
    for used, share, is_small in (
        (weighed, 20, True),
        (weighed[1:], 33, False),  # a third of what is left
        (weighed[1:], 34, True),
        (weighed[2:], 99, False),
        ((), 0, True),
    ):
        assert keeps_seniority_small(a_rule_set(weighed, seniority_share=share), used) is is_small
    with pytest.raises(Conflict) as refused:
        must_keep_seniority_small(a_rule_set(weighed, seniority_share=20), weighed[2:])
    assert refused.value.about == {"share": 20, "unused": "technicalScore, talentValue"}


# ── order

people = st.lists(
    st.builds(
        Rated, st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number)), st.tuples(*[st.integers(0, 3)] * 3)
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)


@given(people, st.randoms(use_true_random=False), st.binary(min_size=32, max_size=32))
def test_the_order_is_total_and_blind_to_the_order_given(rated, chance, seed):
    ranked = rank(rated, seed)
    shuffled = list(rated)
    chance.shuffle(shuffled)
    assert rank(shuffled, seed) == ranked
    assert [one.position for one in ranked] == list(range(1, len(rated) + 1))
    keys = [(-one.total, one.tie_break) for one in ranked]
    assert keys == sorted(set(keys))


def test_a_tie_is_broken_by_the_seed_and_the_opaque_id_alone():
    rated = [Rated(UUID(int=number), (5, 5)) for number in range(1, 40)]
    ranked = rank(rated, SEED)
    assert {one.tie_break for one in ranked} == {
        hmac.new(SEED, one.id.bytes, hashlib.sha256).hexdigest() for one in rated
    }
    assert [one.id for one in ranked] != [one.id for one in rank(rated, SEED[::-1])]


@given(people)
def test_seniority_without_weight_changes_nothing(rated):
    criteria = [a_criterion(kind) for kind in (CriterionKind.TALENT_VALUE, CriterionKind.AGE, CriterionKind.POTENTIAL)]
    without_age = [replace(one, parts=(one.parts[0], 0, one.parts[2])) for one in rated]
    effect = seniority_effect(criteria, rank(without_age, SEED), 3)
    assert (effect.moved, effect.changes_first, effect.changes_shortlist) == (0, False, False)


def test_the_effect_of_seniority_is_how_many_would_stand_elsewhere():
    criteria = [a_criterion(CriterionKind.TALENT_VALUE, 80), a_criterion(CriterionKind.SERVICE, 20, 240)]
    parts = [(50, 20), (60, 0), (40, 19), (45, 0)]
    ranked = rank([Rated(UUID(int=number), one) for number, one in enumerate(parts, start=1)], SEED)
    assert [one.id.int for one in ranked] == [1, 2, 3, 4]
    effect = seniority_effect(criteria, ranked, 3)
    assert (effect.weight, effect.ranked, effect.moved) == (20 * MILLION, 4, 4)
    assert effect.changes_first
    assert effect.changes_shortlist
    assert not seniority_effect(criteria, ranked, 4).changes_shortlist
