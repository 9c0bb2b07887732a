"""The rubric of BKN 411/2025: the worked example, the meaning of each row of evidence, and what always holds."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import finding, placement, rubric
from app.domain.careers import PositionLevel
from app.domain.evidence import COMPETENCIES, COMPLETE_REGISTERS, POTENTIAL_ASPECTS, Entry, Kind, Record, years_before
from app.domain.finding import Reason
from app.domain.nine_box import Axis, Category
from tests.unit import strategies
from tests.unit.strategies import BKN_411, INSTITUTION

AS_OF = date(2025, 12, 4)
DAY = timedelta(days=1)
TOMORROW = AS_OF + DAY
LONG_AGO = date(1999, 1, 1)
EDGE_OF_2_YEARS, EDGE_OF_3_YEARS, EDGE_OF_5_YEARS = (years_before(AS_OF, years) for years in (2, 3, 5))
RIAU = "Pemerintah Provinsi Riau"


def place(record, as_of=AS_OF, rules=BKN_411):
    return placement.place(rules, record, as_of, INSTITUTION)


def holding(kind, *rows, checked=COMPLETE_REGISTERS, level=None):
    """Somebody about whom only rows of one kind are held, all registers being checked."""
    return Record({kind: rows}, checked, level)


def find(leaf, record, as_of=AS_OF, rules=BKN_411):
    """What the leaf of that code finds."""
    (finding,) = (finding for finding in place(record, as_of, rules).because if finding.leaf.code == leaf)
    return finding


def score(leaf, kind, *rows, **but):
    return find(leaf, holding(kind, *rows, **but)).score


def reason(leaf, kind, *rows, **but):
    return find(leaf, holding(kind, *rows, **but)).reason


def trainings(*codes, on=AS_OF):
    return [Entry(number, code, on) for number, code in enumerate(codes, start=1)]


def levels(usual, aspects=COMPETENCIES, **but):
    return tuple(but.get(aspect, usual) for aspect in aspects)


# The worked example

EXAMPLE_A = Record(
    {
        Kind.PERFORMANCE_APPRAISAL: (Entry(1, "good", year=2024),),
        Kind.AWARD: (Entry(2, "institution", date(2023, 8, 17)),),
        Kind.TEAM_ASSIGNMENT: (Entry(3, "lead_internal", date(2024, 1, 1), date(2024, 12, 31)),),
        Kind.FEEDBACK_360: (Entry(4, "good", year=2024),),
        Kind.COMPETENCY_ASSESSMENT: (Entry(5, begins=date(2025, 3, 1), levels=levels(3, managing_change=2)),),
        Kind.TRAINING: tuple(trainings(*["technical"] * 4, "structural", "certification", on=date(2024, 5, 6))),
        Kind.POSITION: (
            Entry(20, "administrator", date(2019, 1, 2), unit="U1"),
            Entry(21, "administrator", date(2022, 1, 2), unit="U2", institution=INSTITUTION),
        ),
        Kind.ACTING: (Entry(22, "acting_higher", date(2021, 2, 1)),),
        Kind.POTENTIAL_ASSESSMENT: (
            Entry(
                23,
                begins=date(2025, 3, 1),
                levels=levels(3, POTENTIAL_ASPECTS, fast_learning_and_self_development=4),
            ),
        ),
        Kind.EDUCATION: (Entry(24, "s2"),),
    },
    COMPLETE_REGISTERS,
)
POINTS_OF_EXAMPLE_A = {
    "performanceAppraisal": 48_000_000,
    "awards": 3_750_000,
    "teamAssignments": 11_250_000,
    "feedback360": 8_000_000,
    "competency.integrity": 2_000_000,
    "competency.teamwork": 2_000_000,
    "competency.communication": 2_000_000,
    "competency.resultsOrientation": 2_000_000,
    "competency.publicService": 3_000_000,
    "competency.developingSelfAndOthers": 2_000_000,
    "competency.managingChange": 2_000_000,
    "competency.decisionMaking": 2_000_000,
    "competency.nationBinding": 2_000_000,
    "trainingCount": 3_750_000,
    "structuralTrainingCount": 2_500_000,
    "yearsInLevel": 4_000_000,
    "breadth": 2_400_000,
    "acting": 2_400_000,
    "potential.intellectualAbility": 1_800_000,
    "potential.interpersonalAbility": 1_800_000,
    "potential.selfAwareness": 1_800_000,
    "potential.criticalAndStrategicThinking": 1_800_000,
    "potential.problemSolving": 1_800_000,
    "potential.emotionalIntelligence": 1_800_000,
    "potential.fastLearningAndSelfDevelopment": 3_200_000,
    "potential.motivationAndCommitment": 1_800_000,
    "education": 9_000_000,
    "fieldFit": 10_000_000,
    "discipline": 15_000_000,
}


def test_the_parts_of_the_worked_example_have_the_points_of_the_reference():
    assert {finding.leaf.code: finding.points for finding in place(EXAMPLE_A).because} == POINTS_OF_EXAMPLE_A


def test_the_worked_example_has_71_points_of_performance():
    assert place(EXAMPLE_A).performance.value == 71_000_000


def test_the_worked_example_has_83_85_points_of_potential():
    assert place(EXAMPLE_A).potential.value == 83_850_000


def test_the_worked_example_is_as_expected_with_high_potential_in_box_8():
    placement = place(EXAMPLE_A)
    found = (placement.performance.category, placement.potential.category, placement.box)
    assert found == (Category.MIDDLE, Category.HIGH, 8)


def test_the_worked_example_has_the_talent_value_77_425():
    assert place(EXAMPLE_A).talent_value == Fraction("77.425")


def test_the_worked_example_lacks_nothing():
    assert place(EXAMPLE_A).missing == ()


# Performance appraisal (SKP)

PREDICATES = [("very_good", 100), ("good", 80), ("needs_improvement", 60), ("poor", 40), ("very_poor", 20)]


@pytest.mark.parametrize(("predicate", "points"), PREDICATES)
def test_each_predicate_of_an_appraisal_has_its_score(predicate, points):
    assert score("performanceAppraisal", Kind.PERFORMANCE_APPRAISAL, Entry(1, predicate, year=2024)) == points


def test_only_the_appraisal_of_the_previous_year_decides():
    rows = [Entry(1, "very_good", year=2023), Entry(2, "poor", year=2024), Entry(3, "very_good", year=2025)]
    assert score("performanceAppraisal", Kind.PERFORMANCE_APPRAISAL, *rows) == 40


@pytest.mark.parametrize("year", [2022, 2023, 2025, 2026])
def test_an_appraisal_of_any_other_year_leaves_performance_unknown(year):
    record = holding(Kind.PERFORMANCE_APPRAISAL, Entry(1, "very_good", year=year))
    found = find("performanceAppraisal", record)
    assert (found.score, found.reason) == (None, Reason.NOT_CURRENT)


def test_on_the_first_of_january_the_previous_year_is_the_one_that_has_just_ended():
    record = holding(Kind.PERFORMANCE_APPRAISAL, Entry(1, "good", year=2025))
    assert find("performanceAppraisal", record, date(2026, 1, 1)).score == 80


def test_the_appraisal_delivered_last_corrects_an_earlier_one_of_the_same_year():
    rows = [Entry(7, "good", year=2024), Entry(3, "very_good", year=2024)]
    assert find("performanceAppraisal", holding(Kind.PERFORMANCE_APPRAISAL, *rows)).evidence.id == 7


# 360 feedback


@pytest.mark.parametrize(("predicate", "points"), PREDICATES)
def test_each_predicate_of_360_feedback_has_its_score(predicate, points):
    assert score("feedback360", Kind.FEEDBACK_360, Entry(1, predicate, year=2024)) == points


def test_the_360_feedback_of_the_greatest_year_that_is_not_later_decides():
    rows = [Entry(1, "very_good", year=2026), Entry(2, "good", year=2025), Entry(3, "poor", year=2024)]
    assert score("feedback360", Kind.FEEDBACK_360, *rows) == 80


def test_360_feedback_counts_however_old_it_is():
    assert score("feedback360", Kind.FEEDBACK_360, Entry(1, "poor", year=2004)) == 40


def test_360_feedback_of_a_later_year_is_not_used():
    assert reason("feedback360", Kind.FEEDBACK_360, Entry(1, "good", year=2026)) is Reason.NOT_CURRENT


def test_the_360_feedback_delivered_last_corrects_an_earlier_one_of_the_same_year():
    assert score("feedback360", Kind.FEEDBACK_360, Entry(5, "good", year=2024), Entry(4, "poor", year=2024)) == 80


# Awards


@pytest.mark.parametrize(
    ("level", "points"), [("international", 100), ("national", 75), ("cross_institution", 50), ("institution", 25)]
)
def test_each_level_of_an_award_has_its_score(level, points):
    assert score("awards", Kind.AWARD, Entry(1, level, AS_OF)) == points


def test_the_highest_award_counts():
    rows = [Entry(1, "institution", AS_OF), Entry(2, "national", date(2022, 1, 1)), Entry(3, "institution", AS_OF)]
    assert score("awards", Kind.AWARD, *rows) == 75


@pytest.mark.parametrize(
    ("day", "points"), [(EDGE_OF_5_YEARS, 75), (EDGE_OF_5_YEARS - DAY, 0), (AS_OF, 75), (TOMORROW, 0)]
)
def test_awards_count_for_five_years(day, points):
    assert score("awards", Kind.AWARD, Entry(1, "national", day)) == points


def test_the_award_delivered_last_is_shown_among_equals():
    rows = [Entry(9, "national", date(2022, 1, 1)), Entry(2, "national", AS_OF)]
    assert find("awards", holding(Kind.AWARD, *rows)).evidence.id == 9


# Team assignments


@pytest.mark.parametrize(
    ("role", "points"),
    [("lead_cross_institution", 100), ("lead_internal", 75), ("member_cross_institution", 50), ("member_internal", 25)],
)
def test_each_role_in_a_team_has_its_score(role, points):
    assert score("teamAssignments", Kind.TEAM_ASSIGNMENT, Entry(1, role, LONG_AGO, AS_OF)) == points


@pytest.mark.parametrize(("ended", "points"), [(EDGE_OF_2_YEARS, 75), (EDGE_OF_2_YEARS - DAY, 0)])
def test_a_team_counts_for_two_years_after_its_end(ended, points):
    assert score("teamAssignments", Kind.TEAM_ASSIGNMENT, Entry(1, "lead_internal", LONG_AGO, ended)) == points


def test_a_running_team_counts_however_long_ago_it_began():
    assert score("teamAssignments", Kind.TEAM_ASSIGNMENT, Entry(1, "lead_internal", LONG_AGO)) == 75


def test_a_team_that_is_still_to_begin_does_not_count():
    to_begin = Entry(1, "lead_internal", AS_OF + timedelta(days=1))
    assert score("teamAssignments", Kind.TEAM_ASSIGNMENT, to_begin) == 0


def test_a_running_team_is_shown_as_of_the_day_of_mapping():
    assert find("teamAssignments", holding(Kind.TEAM_ASSIGNMENT, Entry(1, "lead_internal", LONG_AGO))).on == AS_OF


def test_the_highest_role_in_a_team_counts():
    rows = [Entry(1, "lead_internal", LONG_AGO, AS_OF), Entry(2, "member_internal", LONG_AGO)]
    assert score("teamAssignments", Kind.TEAM_ASSIGNMENT, *rows) == 75


# Training


@pytest.mark.parametrize(
    ("count", "points"), [(0, 0), (1, 25), (3, 25), (4, 50), (5, 50), (6, 75), (7, 75), (8, 100), (9, 100)]
)
def test_the_number_of_trainings_has_bands(count, points):
    assert score("trainingCount", Kind.TRAINING, *trainings(*["technical"] * count)) == points


def test_trainings_of_all_kinds_are_counted():
    rows = trainings("technical", "functional", "structural", "certification")
    assert find("trainingCount", holding(Kind.TRAINING, *rows)).found == "4"


@pytest.mark.parametrize(("count", "points"), [(0, 0), (1, 50), (2, 50), (3, 100), (4, 100)])
@pytest.mark.parametrize("code", ["structural", "certification"])
def test_the_number_of_structural_trainings_and_certificates_has_bands(code, count, points):
    assert score("structuralTrainingCount", Kind.TRAINING, *trainings(*[code] * count)) == points


def test_structural_trainings_and_certificates_are_counted_together_and_no_others():
    rows = trainings("technical", "functional", "structural", "certification", "structural")
    assert find("structuralTrainingCount", holding(Kind.TRAINING, *rows)).found == "3"


@pytest.mark.parametrize("leaf", ["trainingCount", "structuralTrainingCount"])
@pytest.mark.parametrize(
    ("day", "found"), [(EDGE_OF_3_YEARS, "1"), (EDGE_OF_3_YEARS - DAY, "0"), (AS_OF, "1"), (TOMORROW, "0")]
)
def test_trainings_count_for_three_years_in_both_halves(leaf, day, found):
    assert find(leaf, holding(Kind.TRAINING, Entry(1, "structural", day))).found == found


def test_the_latest_training_counted_is_shown():
    rows = [Entry(1, "structural", date(2024, 1, 1)), Entry(2, "technical", date(2023, 1, 1))]
    assert find("trainingCount", holding(Kind.TRAINING, *rows)).on == date(2024, 1, 1)


# Tenure in the level


@pytest.mark.parametrize(
    ("since", "points"),
    [
        (EDGE_OF_5_YEARS, 100),
        (EDGE_OF_5_YEARS + DAY, 80),
        (EDGE_OF_3_YEARS, 80),
        (EDGE_OF_3_YEARS + DAY, 60),
        (AS_OF, 60),
    ],
)
def test_completed_years_in_the_level_have_bands(since, points):
    assert score("yearsInLevel", Kind.POSITION, Entry(1, "administrator", since)) == points


def test_years_at_another_level_do_not_count():
    rows = [Entry(1, "pengawas", LONG_AGO), Entry(2, "administrator", date(2024, 1, 1))]
    assert find("yearsInLevel", holding(Kind.POSITION, *rows)).found == "1"


def test_years_in_the_level_count_from_the_first_post_at_the_level_despite_an_interruption():
    rows = [
        Entry(1, "administrator", date(2015, 1, 1)),
        Entry(2, "pengawas", date(2018, 1, 1)),
        Entry(3, "administrator", date(2025, 1, 1)),
    ]
    assert find("yearsInLevel", holding(Kind.POSITION, *rows)).found == "10"


def test_a_future_post_does_not_change_the_level_yet():
    rows = [Entry(1, "pengawas", date(2015, 1, 1)), Entry(2, "administrator", TOMORROW)]
    assert find("yearsInLevel", holding(Kind.POSITION, *rows)).found == "10"


def test_of_two_posts_of_one_day_the_one_delivered_last_is_the_current_one():
    rows = [Entry(8, "pengawas", date(2024, 1, 1)), Entry(5, "administrator", date(2024, 1, 1))]
    assert finding.current_level(holding(Kind.POSITION, *rows), AS_OF) is PositionLevel.PENGAWAS


def test_acting_at_a_higher_level_does_not_change_the_level():
    record = Record(
        {
            Kind.POSITION: (Entry(1, "pengawas", LONG_AGO),),
            Kind.ACTING: (Entry(2, "acting_higher", AS_OF),),
        }
    )
    assert finding.current_level(record, AS_OF) is PositionLevel.PENGAWAS


def test_the_post_history_counts_before_the_personnel_record():
    record = holding(Kind.POSITION, Entry(1, "pengawas", AS_OF), level=PositionLevel.ADMINISTRATOR)
    assert finding.current_level(record, AS_OF) is PositionLevel.PENGAWAS


@pytest.mark.parametrize("rows", [[], [Entry(1, "pengawas", TOMORROW)]])
def test_where_the_post_history_is_silent_the_personnel_record_says_the_level(rows):
    record = holding(Kind.POSITION, *rows, level=PositionLevel.ADMINISTRATOR)
    assert finding.current_level(record, AS_OF) is PositionLevel.ADMINISTRATOR


def test_without_a_post_the_years_in_the_level_of_the_personnel_record_are_unknown():
    assert reason("yearsInLevel", Kind.POSITION, level=PositionLevel.ADMINISTRATOR) is Reason.NO_EVIDENCE


def test_years_at_a_level_that_no_post_states_are_unknown():
    record = holding(Kind.POSITION, Entry(1, None, LONG_AGO), level=PositionLevel.ADMINISTRATOR)
    assert find("yearsInLevel", record).score is None


# Diversity of placements


@pytest.mark.parametrize(
    ("rows", "points"),
    [
        ([Entry(1, "pengawas", LONG_AGO, unit="U1")], 60),
        ([Entry(1, "pengawas", LONG_AGO, unit="U1"), Entry(2, "administrator", AS_OF, unit="U1")], 60),
        ([Entry(1, "pengawas", LONG_AGO, unit="U1"), Entry(2, "pengawas", AS_OF)], 60),
        ([Entry(1, "pengawas", LONG_AGO)], 60),
        ([Entry(1, "pengawas", LONG_AGO, unit="U1"), Entry(2, "pengawas", AS_OF, unit="U2")], 80),
        ([Entry(1, "pengawas", LONG_AGO, unit="U1", institution=RIAU), Entry(2, "pengawas", AS_OF, unit="U2")], 100),
        ([Entry(1, "pengawas", LONG_AGO, unit="U1", institution=RIAU)], 100),
    ],
    ids=["one", "one twice", "one and a blank", "a blank", "two", "two, one elsewhere", "one elsewhere"],
)
def test_units_and_institutions_of_definitive_posts_have_scores(rows, points):
    assert score("breadth", Kind.POSITION, *rows) == points


def test_another_spelling_of_the_institution_is_not_another_institution():
    assert score("breadth", Kind.POSITION, Entry(1, "pengawas", AS_OF, institution=" PEMERINTAH  KOTA DUMAI")) == 60


def test_a_future_post_elsewhere_does_not_count():
    rows = [Entry(1, "pengawas", AS_OF, unit="U1"), Entry(2, "pengawas", TOMORROW, unit="U2", institution=RIAU)]
    assert score("breadth", Kind.POSITION, *rows) == 60


def test_acting_in_another_unit_does_not_count():
    record = Record(
        {
            Kind.POSITION: (Entry(1, "pengawas", LONG_AGO, unit="U1"),),
            Kind.ACTING: (Entry(2, "acting_higher", AS_OF, unit="U2"),),
        }
    )
    assert find("breadth", record).found == "one_unit"


# Acting


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("acting_regional_head", 100),
        ("acting_higher", 80),
        ("acting_same", 60),
        ("acting_daily_higher", 40),
        ("acting_daily_same", 20),
    ],
)
def test_each_acting_assignment_has_its_score(code, points):
    assert score("acting", Kind.ACTING, Entry(1, code, AS_OF)) == points


def test_the_highest_acting_assignment_counts():
    rows = [Entry(1, "acting_same", LONG_AGO), Entry(2, "acting_daily_same", AS_OF)]
    assert score("acting", Kind.ACTING, *rows) == 60


@pytest.mark.parametrize(("day", "points"), [(LONG_AGO, 80), (AS_OF, 80), (TOMORROW, 0)])
def test_acting_counts_however_long_ago_but_not_in_the_future(day, points):
    assert score("acting", Kind.ACTING, Entry(1, "acting_higher", day)) == points


# Assessments


def assessed(usual, on=AS_OF, number=1, **but):
    return Entry(number, begins=on, levels=levels(usual, **but))


def competence(*rows, level=PositionLevel.ADMINISTRATOR):
    return find("competency.integrity", holding(Kind.COMPETENCY_ASSESSMENT, *rows, level=level))


@pytest.mark.parametrize(
    ("actual", "points"),
    [(1, Fraction(100, 3)), (2, Fraction(200, 3)), (3, 100), (4, 100), (5, 100)],
)
def test_a_level_counts_up_to_the_standard(actual, points):
    assert competence(assessed(actual)).score == points


def test_the_standard_is_that_of_the_current_level():
    assert competence(assessed(2), level=PositionLevel.JPT_PRATAMA).found == "2/4"


def test_the_standard_may_differ_between_competencies():
    record = holding(Kind.COMPETENCY_ASSESSMENT, assessed(2), level=PositionLevel.JF_TERAMPIL)
    assert [find(f"competency.{one}", record).found for one in ("teamwork", "communication")] == ["2/2", "2/1"]


def test_the_latest_assessment_decides_even_when_it_is_worse():
    rows = [assessed(3, LONG_AGO, 2), assessed(1, date(2024, 1, 1), 1)]
    assert competence(*rows).found == "1/3"


def test_of_two_assessments_of_one_day_the_one_delivered_last_decides():
    assert competence(assessed(2, number=6), assessed(1, number=5)).found == "2/3"


def test_a_future_assessment_does_not_decide():
    assert competence(assessed(2, LONG_AGO, 1), assessed(3, TOMORROW, 2)).found == "2/3"


@pytest.mark.parametrize("level", range(1, 6))
def test_a_potential_aspect_counts_by_fifths(level):
    row = Entry(1, begins=AS_OF, levels=levels(level, POTENTIAL_ASPECTS))
    assert score("potential.selfAwareness", Kind.POTENTIAL_ASSESSMENT, row) == 20 * level


# Education and field of study


@pytest.mark.parametrize(
    ("diploma", "points"), [("slta", 60), ("d3", 70), ("d4", 80), ("s1", 80), ("s2", 90), ("s3", 100)]
)
def test_each_diploma_has_its_score(diploma, points):
    assert score("education", Kind.EDUCATION, Entry(1, diploma)) == points


def test_the_highest_diploma_counts():
    assert score("education", Kind.EDUCATION, Entry(1, "s2"), Entry(2, "slta"), Entry(3, "s1")) == 90


def test_an_unrecognised_diploma_alone_leaves_education_unknown():
    found = find("education", holding(Kind.EDUCATION, Entry(1, None)))
    assert (found.score, found.reason) == (None, Reason.UNRECOGNISED)


def test_an_unrecognised_diploma_beside_a_known_one_is_ignored():
    assert score("education", Kind.EDUCATION, Entry(1, "d3"), Entry(2, None)) == 70


def test_the_field_of_study_fits_the_current_post():
    found = find("fieldFit", Record())
    assert (found.score, found.reason) == (100, Reason.GIVEN)


# Discipline


def discipline(*rows):
    return find("discipline", holding(Kind.SANCTION, *rows))


def sanction(severity, begins, ends, number=1):
    return Entry(number, severity, begins, ends)


FINISHED = date(2023, 6, 1), date(2023, 12, 1)


@pytest.mark.parametrize(("severity", "points"), [("light", 75), ("medium", 50), ("heavy", 25)])
def test_a_finished_sanction_inside_the_window_has_the_score_of_its_severity(severity, points):
    assert discipline(sanction(severity, *FINISHED)).score == points


def test_the_worst_sanction_inside_the_window_counts():
    rows = [sanction("medium", *FINISHED, 1), sanction("heavy", *FINISHED, 2), sanction("light", *FINISHED, 3)]
    assert discipline(*rows).score == 25


def test_the_sanction_delivered_last_is_shown_among_equals():
    assert discipline(sanction("light", *FINISHED, 9), sanction("light", *FINISHED, 2)).evidence.id == 9


@pytest.mark.parametrize(("begins", "points"), [(EDGE_OF_5_YEARS, 25), (EDGE_OF_5_YEARS - DAY, 100)])
def test_a_finished_sanction_counts_for_five_years_after_it_began(begins, points):
    assert discipline(sanction("heavy", begins, date(2021, 6, 1))).score == points


@pytest.mark.parametrize(
    ("begins", "ends"), [(LONG_AGO, AS_OF), (AS_OF, AS_OF), (date(2025, 1, 1), TOMORROW), (LONG_AGO, TOMORROW)]
)
def test_serving_a_sanction_has_no_points(begins, ends):
    assert discipline(sanction("light", begins, ends)).score == 0


def test_serving_a_light_sanction_beats_a_heavy_one_that_is_finished():
    assert discipline(sanction("light", AS_OF, TOMORROW, 1), sanction("heavy", *FINISHED, 2)).found == "serving"


def test_a_sanction_that_ended_yesterday_is_no_longer_served():
    assert discipline(sanction("medium", *FINISHED[:1], AS_OF - DAY)).found == "medium"


@pytest.mark.parametrize("ends", [None, TOMORROW + DAY])
def test_a_sanction_that_begins_tomorrow_does_not_count(ends):
    assert discipline(sanction("heavy", TOMORROW, ends)).score == 100


@pytest.mark.parametrize("begins", [AS_OF, date(2023, 1, 1), LONG_AGO])
def test_a_sanction_without_an_end_leaves_discipline_unknown_however_old_it_is(begins):
    found = discipline(sanction("light", begins, None))
    assert (found.score, found.reason) == (None, Reason.OPEN_ENDED)


def test_a_sanction_without_an_end_beats_the_finished_ones():
    assert discipline(sanction("light", LONG_AGO, None, 1), sanction("heavy", *FINISHED, 2)).reason is Reason.OPEN_ENDED


def test_serving_a_sanction_beats_one_without_an_end():
    assert discipline(sanction("heavy", LONG_AGO, None, 1), sanction("light", AS_OF, TOMORROW, 2)).score == 0


def test_somebody_never_sanctioned_has_all_points():
    found = discipline()
    assert (found.score, found.reason) == (100, Reason.CHECKED_NONE)


# Unknown is not none

REGISTERS = [
    ("awards", Kind.AWARD, 0),
    ("teamAssignments", Kind.TEAM_ASSIGNMENT, 0),
    ("trainingCount", Kind.TRAINING, 0),
    ("structuralTrainingCount", Kind.TRAINING, 0),
    ("acting", Kind.ACTING, 0),
    ("discipline", Kind.SANCTION, 100),
]


@pytest.mark.parametrize(("leaf", "kind", "points"), REGISTERS)
def test_a_checked_register_without_a_row_has_the_score_of_none(leaf, kind, points):
    found = find(leaf, Record(checked=frozenset({kind})))
    assert (found.score, found.reason) == (points, Reason.CHECKED_NONE)


@pytest.mark.parametrize(("leaf", "kind"), [(leaf, kind) for leaf, kind, _ in REGISTERS])
def test_a_register_that_was_not_delivered_is_unknown(leaf, kind):
    found = find(leaf, Record(checked=COMPLETE_REGISTERS - {kind}))
    assert (found.score, found.reason) == (None, Reason.NOT_CHECKED)


OTHERS = [
    ("performanceAppraisal", Kind.PERFORMANCE_APPRAISAL),
    ("feedback360", Kind.FEEDBACK_360),
    ("education", Kind.EDUCATION),
    ("yearsInLevel", Kind.POSITION),
    ("breadth", Kind.POSITION),
    ("competency.integrity", Kind.COMPETENCY_ASSESSMENT),
    ("potential.selfAwareness", Kind.POTENTIAL_ASSESSMENT),
]


@pytest.mark.parametrize(("leaf", "kind"), OTHERS)
def test_no_row_of_any_other_kind_is_unknown(leaf, kind):
    found = find(leaf, Record(checked=COMPLETE_REGISTERS))
    assert (found.score, found.reason) == (None, Reason.NO_EVIDENCE)


@pytest.mark.parametrize(("leaf", "kind"), [one for one in OTHERS if "Assessment" in one[1] or one[1] is Kind.POSITION])
def test_rows_of_the_future_alone_are_unknown(leaf, kind):
    row = Entry(1, "pengawas" if kind is Kind.POSITION else None, TOMORROW, levels=(3,) * 9)
    assert find(leaf, holding(kind, row, level=PositionLevel.PENGAWAS)).reason is Reason.NOT_CURRENT


def test_a_predicate_the_rubric_does_not_know_is_unknown():
    assert reason("feedback360", Kind.FEEDBACK_360, Entry(1, "excellent", year=2024)) is Reason.UNRECOGNISED


def test_without_a_level_of_the_post_the_standard_is_unknown():
    found = competence(assessed(3), level=None)
    assert (found.score, found.reason) == (None, Reason.NO_STANDARD)


def test_a_level_the_rubric_has_no_standard_for_is_unknown():
    rules = replace(BKN_411, standards={})
    record = holding(Kind.COMPETENCY_ASSESSMENT, assessed(3), level=PositionLevel.PENGAWAS)
    assert find("competency.integrity", record, rules=rules).reason is Reason.NO_STANDARD


def test_a_blank_level_is_unknown():
    found = competence(assessed(3, integrity=None))
    assert (found.score, found.reason) == (None, Reason.LEVEL_BLANK)


def test_a_blank_level_does_not_fall_back_to_an_older_assessment():
    rows = [assessed(3, LONG_AGO, 1), assessed(3, AS_OF, 2, integrity=None)]
    assert competence(*rows).reason is Reason.LEVEL_BLANK


def test_an_unknown_finding_has_no_points():
    assert {finding.points for finding in place(Record()).because if finding.score is None} == {None}


# What is missing


def test_somebody_about_whom_nothing_is_held_lacks_all_ten_items_in_the_order_of_the_rubric():
    assert place(Record()).missing == BKN_411.items


def test_checked_registers_are_not_missing():
    assert place(Record(checked=COMPLETE_REGISTERS)).missing == (
        "competencyAssessment",
        "potentialAssessment",
        "performanceAppraisal",
        "feedback360",
        "education",
        "positionHistory",
    )


def without(kind):
    rest = {own: rows for own, rows in EXAMPLE_A.entries.items() if own is not kind}
    return replace(EXAMPLE_A, entries=rest, checked=EXAMPLE_A.checked - {kind}, level=PositionLevel.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (Kind.COMPETENCY_ASSESSMENT, ("competencyAssessment",)),
        (Kind.POTENTIAL_ASSESSMENT, ("potentialAssessment",)),
        (Kind.PERFORMANCE_APPRAISAL, ("performanceAppraisal",)),
        (Kind.FEEDBACK_360, ("feedback360",)),
        (Kind.EDUCATION, ("education",)),
        (Kind.POSITION, ("positionHistory",)),
        (Kind.TRAINING, ("training",)),
        (Kind.AWARD, ("awards",)),
        (Kind.TEAM_ASSIGNMENT, ("teamAssignments",)),
        (Kind.SANCTION, ("discipline",)),
    ],
)
def test_evidence_of_one_kind_that_is_not_there_is_one_missing_item(kind, missing):
    assert place(without(kind)).missing == missing


@pytest.mark.parametrize("kind", [Kind.COMPETENCY_ASSESSMENT, Kind.PERFORMANCE_APPRAISAL, Kind.AWARD, Kind.ACTING])
def test_whoever_lacks_evidence_is_not_assessed(kind):
    assert place(without(kind)).box is None


def test_an_assessment_without_a_standard_is_not_missing():
    record = holding(Kind.COMPETENCY_ASSESSMENT, assessed(3))
    assert "competencyAssessment" not in place(record).missing


def test_an_assessment_with_a_blank_level_is_missing():
    record = holding(Kind.COMPETENCY_ASSESSMENT, assessed(3, integrity=None), level=PositionLevel.PENGAWAS)
    assert "competencyAssessment" in place(record).missing


def test_a_sanction_without_an_end_is_missing_evidence():
    assert "discipline" in place(holding(Kind.SANCTION, sanction("light", AS_OF, None))).missing


def test_an_axis_with_complete_evidence_is_known_while_the_other_is_not():
    placement = place(without(Kind.EDUCATION))
    assert (placement.performance.value, placement.potential.value, placement.talent_value) == (71_000_000, None, None)


# Arithmetic


@pytest.mark.parametrize(
    ("weight", "points", "millionths"),
    [
        (2, Fraction(100, 3), 666_667),
        (2, Fraction(200, 3), 1_333_333),
        (3, Fraction(200, 3), 2_000_000),
        (60, 80, 48_000_000),
        (1, Fraction("0.00005"), 0),
        (1, Fraction("0.00015"), 2),
        (1, Fraction("0.00025"), 2),
        (1, Fraction("0.000250001"), 3),
    ],
)
def test_points_are_rounded_half_to_even_to_millionths(weight, points, millionths):
    assert rubric.points_of(Fraction(weight), Fraction(points)) == millionths


def test_a_leaf_is_rounded_before_the_axis_is_summed():
    """Seven leaves of 2 × 1/3 and two of 3 × 1/3: rounding only the sum would give 6.666667."""
    row = assessed(1)
    placement = place(holding(Kind.COMPETENCY_ASSESSMENT, row, level=PositionLevel.ADMINISTRATOR))
    points = [finding.points for finding in placement.because if finding.leaf.item == "competencyAssessment"]
    assert sum(points) == 6_666_669


@pytest.mark.parametrize(("number", "points"), [(0, 60), (2, 60), (3, 80), (4, 80), (5, 100), (40, 100)])
def test_a_band_begins_at_its_lower_edge(number, points):
    bands = ((5, Fraction(100)), (3, Fraction(80)), (0, Fraction(60)))
    assert rubric.score_of_band(bands, number) == points


# What always holds

thoroughly = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def own(placement, axis):
    return [finding for finding in placement.because if finding.leaf.axis is axis]


@thoroughly
@given(strategies.people())
def test_an_axis_is_the_exact_sum_of_its_parts_and_unknown_if_and_only_if_one_of_them_is(person):
    as_of, record = person
    placement = place(record, as_of)
    for axis, value in ((Axis.PERFORMANCE, placement.performance.value), (Axis.POTENTIAL, placement.potential.value)):
        points = [finding.points for finding in own(placement, axis)]
        assert value == (None if None in points else sum(points))


@thoroughly
@given(strategies.people())
def test_points_lie_between_nothing_and_the_weight(person):
    as_of, record = person
    known = [finding for finding in place(record, as_of).because if finding.points is not None]
    assert all(0 <= finding.points <= finding.leaf.weight * rubric.MILLION for finding in known)


@thoroughly
@given(strategies.people())
def test_the_talent_value_is_the_mean_of_both_axes_and_unknown_when_one_is(person):
    as_of, record = person
    placement = place(record, as_of)
    values = (placement.performance.value, placement.potential.value)
    assert placement.talent_value == (None if None in values else Fraction(sum(values), 2 * rubric.MILLION))


@given(st.integers(0, 100_000_000), st.integers(0, 100_000_000), st.integers(0, 100))
def test_the_talent_value_follows_the_weights_of_the_rubric(performance, potential, weight):
    rules = replace(BKN_411, talent_value_weights={Axis.PERFORMANCE: weight, Axis.POTENTIAL: 100 - weight})
    value = placement.talent_value(rules, {Axis.PERFORMANCE: performance, Axis.POTENTIAL: potential})
    assert value * 10**8 == weight * performance + (100 - weight) * potential


@thoroughly
@given(strategies.people(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_held_does_not_matter(person, chance):
    as_of, record = person
    shuffled = {kind: tuple(chance.sample(rows, len(rows))) for kind, rows in record.entries.items()}
    assert place(replace(record, entries=shuffled), as_of) == place(record, as_of)


@thoroughly
@given(strategies.people(), st.sampled_from(strategies.AWARDS))
def test_one_more_award_never_lowers_performance(person, level):
    as_of, record = person
    awards = (*record.of(Kind.AWARD), Entry(10**6, level, as_of))
    more = replace(record, entries={**record.entries, Kind.AWARD: awards})
    before, after = place(record, as_of).performance.value, place(more, as_of).performance.value
    assert before is None or after >= before


@thoroughly
@given(strategies.people(), st.sampled_from(strategies.SEVERITIES))
def test_one_more_sanction_never_raises_the_score_of_discipline(person, severity):
    as_of, record = person
    record = replace(record, checked=COMPLETE_REGISTERS)
    sanctions = (*record.of(Kind.SANCTION), Entry(10**6, severity, as_of - DAY, as_of - DAY))
    more = replace(record, entries={**record.entries, Kind.SANCTION: sanctions})
    before, after = find("discipline", record, as_of).score, find("discipline", more, as_of).score
    assert after == before if before is None else after <= before


@thoroughly
@given(strategies.people())
def test_rows_after_the_day_of_mapping_change_no_score(person):
    as_of, record = person
    later = Entry(10**6, begins=as_of + DAY, ends=as_of + 3 * DAY, unit="U9", institution=RIAU)
    dated = {
        Kind.AWARD: replace(later, code="international"),
        Kind.TEAM_ASSIGNMENT: replace(later, code="lead_cross_institution"),
        Kind.COMPETENCY_ASSESSMENT: replace(later, levels=(5,) * 9),
        Kind.POTENTIAL_ASSESSMENT: replace(later, levels=(5,) * 8),
        Kind.TRAINING: replace(later, code="structural"),
        Kind.POSITION: replace(later, code="jpt_utama"),
        Kind.ACTING: replace(later, code="acting_regional_head"),
        Kind.SANCTION: replace(later, code="heavy"),
    }
    more = {**record.entries, **{kind: (*record.of(kind), row) for kind, row in dated.items()}}
    scores = [
        [finding.score for finding in place(one, as_of).because] for one in (record, replace(record, entries=more))
    ]
    assert scores[0] == scores[1]


@thoroughly
@given(strategies.people())
def test_an_item_is_missing_only_when_a_part_that_needs_it_is_unknown(person):
    as_of, record = person
    placement = place(record, as_of)
    unknown = {finding.leaf.item for finding in placement.because if finding.score is None}
    assert set(placement.missing) <= unknown
