"""What is said to help helps, what is said to be enough is no more than that, and what stands in the way is named."""

from dataclasses import replace
from datetime import date
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.candidates import Candidate, Given, Target
from app.domain.careers import PositionLevel
from app.domain.counterfactuals import applied, way_to_eligibility, way_to_first
from app.domain.levers import Case
from app.domain.ranking import Rated, rank
from app.domain.replays import Standing, Terms
from app.domain.requirements import Comparison, Field, Requirement
from app.domain.rubric import MILLION
from app.domain.rule_sets import Criterion, CriterionKind
from tests.candidates import a_candidate, a_requirement, a_target, every_kind_of_requirement
from tests.unit.candidates import criteria_of

ON = date(2026, 9, 1)
SEED = bytes(32)
POST = Target(on=ON, level=PositionLevel.ADMINISTRATOR, government_affair="health", standard=(3,) * 9)
SOMEBODY = Candidate(
    id=UUID(int=1),
    as_of=date(2026, 6, 30),
    employment="pns",
    level=PositionLevel.PENGAWAS,
    level_since=date(2024, 3, 1),
    service_from=date(2010, 1, 1),
    history_from=date(2010, 1, 1),
    closed_days=(0,) * 14,
    competencies=(3, 3, 3, 3, 3, 3, 1, 1, 1),
    assessed_on=date(2025, 4, 3),
    appraised_to=2025,
    appraisals=(4, 3, 4, 4, 4),
    are_sanctions_known=True,
    training_hours=(10, 0, 0, None, None),
    talent_value=80 * MILLION,
)


def asked(code, field, threshold=None, comparison=Comparison.AT_LEAST, *, is_actionable=True, **but):
    return Requirement(
        code=code,
        field=field,
        comparison=comparison,
        threshold=threshold,
        label_id=f"Syarat {code}",
        label_en=f"Requirement {code}",
        legal_basis="PP 11/2017",
        is_actionable=is_actionable,
        **but,
    )


FIT = asked("fit", Field.COMPETENCE, 90)
HEALTH = asked("health", Field.VERIFIED, comparison=Comparison.IS_TRUE)
INTEGRITY = asked("integrity", Field.VERIFIED, comparison=Comparison.IS_TRUE)
PENGAWAS = asked("post", Field.TIME_AT_LEVELS, 36, of=("pengawas",), is_actionable=False)
STATUS = asked("status", Field.EMPLOYMENT, ("pppk",), Comparison.ONE_OF, is_actionable=False)
GOOD = asked("good", Field.APPRAISALS, "good", years=2)


def a_case(*requirements, candidate=SOMEBODY, criteria=()):
    return Case(Terms(POST, requirements, criteria, SEED), candidate, Given())


def told(way):
    return [(item.about, item.detail["en"]) for item in way.items]


def test_a_new_assessment_and_the_documents_are_two_things():
    way = way_to_eligibility(a_case(FIT, HEALTH, INTEGRITY))
    assert told(way) == [
        (
            "competence",
            (
                "A new assessment of competencies that meets at least 25 of the 27 levels of the standard "
                "(JPM 92 percent)."
            ),
        ),
        ("verified", "Documents that show: Requirement health; Requirement integrity."),
    ]


def test_time_alone_helps_from_a_day():
    newcomer = replace(SOMEBODY, service_from=date(2024, 3, 1), history_from=date(2024, 3, 1))
    way = way_to_eligibility(a_case(PENGAWAS, candidate=newcomer))
    assert told(way) == [("timeAtLevels", "Met by time alone, for an inauguration from 1 March 2027.")]


def test_one_more_good_year_helps_where_the_worse_one_drops_out():
    assert told(way_to_eligibility(a_case(GOOD))) == [
        ("appraisals", "A performance predicate of good or better for the year 2026.")
    ]
    lately = replace(SOMEBODY, appraisals=(3, 4, 4, 4, 4))
    assert way_to_eligibility(a_case(GOOD, candidate=lately)).blocked == ("good",)


def test_what_nobody_can_change_is_named():
    way = way_to_eligibility(a_case(STATUS, FIT, HEALTH))
    assert (way.items, way.blocked) == ((), ("status",))


def test_where_two_things_are_not_enough_all_that_it_takes_is_said():
    idle = replace(SOMEBODY, appraisals=(2, 4, 4, 4, 4), leadership=0)
    trained = asked("trained", Field.LEADERSHIP_TRAINING, "pka")
    idle_twice = asked("good", Field.APPRAISALS, "good", years=1)
    way = way_to_eligibility(a_case(FIT, HEALTH, trained, idle_twice, candidate=idle))
    assert [item.about for item in way.items] == ["competence", "leadershipTraining", "appraisals", "verified"]
    assert way.blocked == ()
    assert applied(a_case(FIT, HEALTH, trained, idle_twice, candidate=idle), way.items).considered.outcome == "eligible"


def test_who_is_there_already_needs_nothing():
    way = way_to_eligibility(a_case(asked("known", Field.EMPLOYMENT, ("pns",), Comparison.ONE_OF)))
    assert way.is_reached
    assert way.items == ()


CRITERIA = tuple(
    Criterion(code=kind, kind=kind, weight=weight * MILLION, full=full, label_id=kind, label_en=kind)
    for kind, weight, full in (
        (CriterionKind.TALENT_VALUE, 50, None),
        (CriterionKind.TRAINING, 30, 60),
        (CriterionKind.COMPETENCE_FIT, 20, None),
    )
)


def first_with(points):
    [placed] = rank([Rated(UUID(int=9), (points,))], SEED)
    return placed


def test_the_fewest_hours_that_make_somebody_first_are_named():
    case = a_case(criteria=CRITERIA)  # 40 of 50, 5 of 30, 15.55 of 20
    way = way_to_first(case, first_with(70 * MILLION))
    assert told(way) == [("training", "At least 29 lesson hours of training in 3 years.")]
    assert way.total > 70 * MILLION
    assert way.total - 30 * MILLION // 60 <= 70 * MILLION


def test_whoever_cannot_catch_up_is_promised_nothing():
    way = way_to_first(a_case(criteria=CRITERIA), first_with(95 * MILLION))
    assert (way.is_reached, way.items, way.total) == (False, (), None)


EXPERIENCE = Criterion(
    code="experience",
    kind=CriterionKind.RELATED_EXPERIENCE,
    weight=10 * MILLION,
    full=100,
    label_id="Pengalaman",
    label_en="Experience",
)
UNRECORDED = replace(SOMEBODY, history_from=date(2020, 9, 1), affair_days={})


def test_who_is_second_for_want_of_a_history_is_told_what_it_could_do():
    way = way_to_first(a_case(criteria=(EXPERIENCE,), candidate=UNRECORDED), first_with(2_530_000))
    assert told(way) == [
        (
            "relatedExperience",
            (
                "Submit the history of posts: service that is not on record could add experience in the affair of this "
                "post. 26 months are enough if it shows them; 0 are on record, at most 128 there could be."
            ),
        )
    ]
    assert way.total == 2_600_000


def test_a_history_is_not_said_to_show_more_than_the_service_that_is_not_on_record():
    latecomer = replace(UNRECORDED, service_from=date(2020, 3, 1))  # 6 months
    case = a_case(criteria=(EXPERIENCE,), candidate=latecomer)
    assert [item.values["needed"] for item in way_to_first(case, first_with(550_000)).items] == [6]
    assert way_to_first(case, first_with(650_000)).items == ()
    settled = replace(UNRECORDED, service_from=UNRECORDED.history_from)
    assert way_to_first(a_case(criteria=(EXPERIENCE,), candidate=settled), first_with(550_000)).items == ()


def test_time_at_levels_that_nobody_recorded_asks_for_the_history_and_not_for_documents():
    way = way_to_eligibility(a_case(PENGAWAS))
    assert told(way) == [
        (
            "timeAtLevels",
            (
                "Submit the history of posts: service that is not on record could meet Requirement post. 36 months are "
                "enough if it shows them; 30 are on record, at most 200 there could be."
            ),
        )
    ]
    assert applied(a_case(PENGAWAS), way.items).considered.outcome is Standing.ELIGIBLE


def test_a_history_could_show_the_affair_of_a_programme():
    favoured = replace(POST, affairs_of_programmes={"education": MILLION})
    programme = replace(EXPERIENCE, code="programme", kind=CriterionKind.PRIORITY_PROGRAMME, full=None)
    case = Case(Terms(favoured, (), (programme,), SEED), UNRECORDED, Given())
    way = way_to_first(case, first_with(9 * MILLION))
    assert ([item.about for item in way.items], way.total) == (["priorityProgramme"], 10 * MILLION)


POINTS = (
    CriterionKind.TALENT_VALUE,
    CriterionKind.TRAINING,
    CriterionKind.COMPETENCE_FIT,
    CriterionKind.RELATED_EXPERIENCE,
    CriterionKind.PRIORITY_PROGRAMME,
)


@st.composite
def cases(draw):
    lot = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - to try things with
    kinds = lot.sample(every_kind_of_requirement(), lot.randint(1, 3))
    requirements = [
        replace(a_requirement(lot, *kind), code=f"r{place}", is_actionable=lot.random() < 0.8)
        for place, kind in enumerate(kinds)
    ]
    criteria = draw(criteria_of(POINTS))
    terms = Terms(a_target(lot), requirements, criteria, SEED)
    return Case(terms, a_candidate(lot), Given())


@given(cases(), st.integers(0, 100 * MILLION))
@settings(deadline=None)
def test_what_is_claimed_is_so(case, points):
    eligible = way_to_eligibility(case)
    if eligible.items:
        assert case.considered.outcome is not Standing.ELIGIBLE
        assert applied(case, eligible.items).considered.outcome is Standing.ELIGIBLE
        assert len(eligible.items) == 1 or all(
            applied(case, [item]).considered.outcome is not Standing.ELIGIBLE for item in eligible.items
        )
    first = first_with(points)
    way = way_to_first(case, first)
    if way.items:
        found = applied(case, way.items).considered
        assert found.outcome is Standing.ELIGIBLE
        assert found.total == way.total
        assert (-found.total, found.tie_break) < (-first.total, first.tie_break)
    assert all(item.detail["id"] and item.detail["en"] for item in (*eligible.items, *way.items))
    assert eligible.is_reached or eligible.items or eligible.blocked


@given(cases())
@settings(deadline=None)
def test_nothing_that_is_said_to_be_needed_can_be_left_out(case):
    items = way_to_eligibility(case).items
    for one in items:
        without = applied(case, [other for other in items if other is not one])
        assert without.considered.outcome is not Standing.ELIGIBLE
