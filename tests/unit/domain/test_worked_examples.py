"""The worked examples of real institutions come out to the digit, each by its own rubric as data."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain import placement
from app.domain.careers import PositionLevel
from app.domain.evidence import COMPLETE_REGISTERS, Entry, Kind, Record
from app.domain.nine_box import Axis, Category
from app.domain.rubric_document import parse_rubric
from tests.unit.domain.test_rubric import EXAMPLE_A, POINTS_OF_EXAMPLE_A
from tests.unit.strategies import RUBRICS

AS_OF = date(2025, 12, 4)
RECENT = date(2024, 5, 6)
INSTITUTION = "Kementerian Pekerjaan Umum"
DUMAI = "Pemerintah Kota Dumai"
FIXTURES = Path(__file__).parents[2] / "data" / "rubrics"


def shipped(name):
    return parse_rubric(json.loads((RUBRICS / f"{name}.json").read_text(encoding="utf-8")))


def fixture(name):
    return parse_rubric(json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8")))


def place(rules, record, institution=INSTITUTION):
    return placement.place(rules, record, AS_OF, institution)


def points(placed):
    return {finding.leaf.code: finding.points for finding in placed.because}


def value(placed, axis):
    return getattr(placed, axis.value).value


def category(placed, axis):
    return getattr(placed, axis.value).category


def four_decimals(points):
    return str(round(Decimal(points.numerator) / points.denominator, 4))


def score(instrument, words, number=1, on=RECENT):
    return Entry(number, instrument, on, value=int(Decimal(words) * 10**6))


# A: BKN 411/2025


def test_a_valid_assessment_leaves_example_a_as_it_was():
    placed = place(shipped("bkn-411-2025-v2"), EXAMPLE_A, DUMAI)
    assert points(placed) == POINTS_OF_EXAMPLE_A
    assert (placed.box, placed.talent_value) == (8, Fraction("77.425"))


@pytest.mark.parametrize("day", [date(2022, 12, 3), date(2020, 1, 1)])
def test_an_assessment_older_than_three_years_is_unknown_in_the_second_version(day):
    (assessment,) = EXAMPLE_A.of(Kind.COMPETENCY_ASSESSMENT)
    old = {Kind.COMPETENCY_ASSESSMENT: (replace(assessment, begins=day),)}
    record = replace(EXAMPLE_A, entries={**EXAMPLE_A.entries, **old})
    assert place(shipped("bkn-411-2025-v1"), record, DUMAI).box == 8
    later = place(shipped("bkn-411-2025-v2"), record, DUMAI)
    assert (later.box, later.missing) == (None, ("competencyAssessment",))


def test_acting_assignments_that_nobody_has_delivered_are_missing_in_the_second_version():
    record = replace(
        EXAMPLE_A, checked=COMPLETE_REGISTERS - {Kind.ACTING}, entries={**EXAMPLE_A.entries, Kind.ACTING: ()}
    )
    assert [place(shipped(f"bkn-411-2025-v{n}"), record).missing for n in (1, 2)] == [(), ("positionHistory",)]


# B: Kementerian PU, Ditjen Bina Konstruksi


def of_the_ministry(predicate, potkom, posts, acting=(), sanctions=()):
    return Record(
        {
            Kind.PERFORMANCE_APPRAISAL: (Entry(1, predicate, year=2024),),
            Kind.ASSESSMENT_SCORE: (score("potkom", potkom),),
            Kind.EDUCATION: (Entry(1, "s2"),),
            Kind.TRAINING: (Entry(1, "technical", RECENT),),
            Kind.POSITION: posts,
            Kind.ACTING: acting,
            Kind.SANCTION: sanctions,
        },
        COMPLETE_REGISTERS,
    )


FIRST = of_the_ministry(
    "good",
    "93.47",
    (
        Entry(1, "administrator", date(2015, 1, 2), unit="U1", institution="Kementerian Perhubungan"),
        Entry(2, "administrator", date(2022, 1, 2), unit="U2", institution=INSTITUTION),
    ),
)
SECOND = of_the_ministry(
    "very_good",
    "76.04",
    (Entry(1, "administrator", date(2022, 1, 2), unit="U1"), Entry(2, "administrator", date(2023, 1, 2), unit="U2")),
    sanctions=(Entry(1, "medium", date(2022, 3, 1), date(2022, 9, 1)),),
)


@pytest.mark.parametrize(
    ("record", "performance", "potential", "shown", "talent_value", "box"),
    [
        (FIRST, 80_000_000, 93_588_833, "93.5888", "86.7944", 9),
        (SECOND, 100_000_000, 74_092_667, "74.0927", "87.0463", 7),
    ],
)
def test_example_b_comes_out_to_the_digit(record, performance, potential, shown, talent_value, box):
    placed = place(shipped("pu-djbk-v1"), record)
    assert (value(placed, Axis.PERFORMANCE), value(placed, Axis.POTENTIAL)) == (performance, potential)
    assert four_decimals(Fraction(potential, 10**6)) == shown
    assert four_decimals(placed.talent_value) == talent_value
    assert placed.box == box


def test_the_experience_of_example_b_is_the_mean_of_its_three_parts():
    found = {one.leaf.code: one for one in place(shipped("pu-djbk-v1"), FIRST).because}["positionExperience"]
    assert (found.score, found.found) == (Fraction(200, 3), "10 · cross_institution · none")


def test_a_higher_talent_value_can_be_in_a_lower_box():
    first, second = (place(shipped("pu-djbk-v1"), record) for record in (FIRST, SECOND))
    assert second.talent_value > first.talent_value
    assert second.box < first.box


# C: in the style of Banjarmasin


def in_banjarmasin(potential_test="80", levels=(3,) * 6 + (4,) * 3, considerations=("60", "60", "60")):
    """Standards of 3: Σ 27, one level above 36; a track record whose seven items have the mean 70."""
    posts = tuple(Entry(n, "administrator", date(2015 + n, 1, 2), unit=f"U{n}") for n in range(1, 4))
    totals = {"potential-test": potential_test, "rank": "70", "lesson-hours": "80"}
    totals |= dict(zip(("role", "certificate", "attendance"), considerations, strict=True))
    totals |= {"innovation": "80", "preference": "80"}
    return Record(
        {
            Kind.PERFORMANCE_APPRAISAL: (Entry(1, "good", year=2024),),
            Kind.ASSESSMENT_SCORE: tuple(score(name, words, n) for n, (name, words) in enumerate(totals.items())),
            Kind.COMPETENCY_ASSESSMENT: (Entry(1, begins=RECENT, levels=levels),),
            Kind.EDUCATION: (Entry(1, "s1"),),
            Kind.POSITION: posts,
            Kind.TRAINING: (Entry(1, "technical", RECENT),),
            Kind.AWARD: (Entry(1, "cross_institution", RECENT),),
        },
        COMPLETE_REGISTERS,
    )


def test_example_c_is_74_4_and_high():
    placed = place(fixture("banjarmasin"), in_banjarmasin())
    found = {one.leaf.code: one.points for one in placed.because if one.leaf.axis is Axis.POTENTIAL}
    assert found == {
        "potential": 16_000_000,
        "competence": 24_900_000,  # 30 ÷ 36 rounded to 0.83 first
        "trackRecord": 24_500_000,
        "considerations": 9_000_000,
    }
    assert value(placed, Axis.POTENTIAL) == 74_400_000
    assert category(placed, Axis.POTENTIAL) is Category.HIGH


@pytest.mark.parametrize(
    ("potential_test", "wanted", "where"),
    [("68", 72_000_000, Category.MIDDLE), ("68.000005", 72_000_001, Category.HIGH)],
)
def test_exactly_72_is_in_the_middle_and_anything_more_is_high(potential_test, wanted, where):
    placed = place(fixture("banjarmasin"), in_banjarmasin(potential_test))
    assert (value(placed, Axis.POTENTIAL), category(placed, Axis.POTENTIAL)) == (wanted, where)


def test_the_points_of_an_appraisal_are_35_of_45():
    placed = place(fixture("banjarmasin"), in_banjarmasin())
    assert points(placed)["performanceAppraisal"] == 35_000_000


# D: rating of work results as the category


@pytest.mark.parametrize(
    ("rating", "where"), [("above", Category.HIGH), ("as_expected", Category.MIDDLE), ("below", Category.LOW)]
)
def test_the_rating_of_work_results_is_the_category_of_performance(rating, where):
    record = Record({Kind.WORK_RESULT: (Entry(1, rating, year=2024),)})
    assert category(place(fixture("rating-direct"), record), Axis.PERFORMANCE) is where


@pytest.mark.parametrize(
    ("skills", "wanted", "where"),
    [
        (("90", "90", "90"), 90_000_000, Category.HIGH),
        (("90", "90", "89.99"), 89_998_333, Category.MIDDLE),
        (("66", "66", "66"), 78_000_000, Category.MIDDLE),
        (("66", "66", "65.99"), 77_998_333, Category.LOW),
    ],
)
def test_potential_is_the_mean_of_a_total_and_of_a_mean_of_totals(skills, wanted, where):
    names = ("managerial-jpm", "digital-literacy", "emerging-skill")
    totals = [score("potential-jpm", "90", 1), *map(score, names, skills, (2, 3, 4))]
    placed = place(fixture("rating-direct"), Record({Kind.ASSESSMENT_SCORE: tuple(totals)}))
    assert (value(placed, Axis.POTENTIAL), category(placed, Axis.POTENTIAL)) == (wanted, where)


# E: another tree per target level, and two years of appraisals


def in_manado(level):
    return Record(
        {
            Kind.PERFORMANCE_APPRAISAL: (Entry(1, "very_good", year=2024), Entry(2, "good", year=2023)),
            Kind.AWARD: (),
            Kind.COMPETENCY_ASSESSMENT: (Entry(1, begins=RECENT, levels=(2,) * 9),),
            Kind.EDUCATION: (Entry(1, "s1"),),
        },
        COMPLETE_REGISTERS,
        level,
    )


@pytest.mark.parametrize(
    ("level", "variant", "performance", "potential", "box"),
    [
        # the target is jpt_pratama: 80 × 92 % and 75 × 2/3 + 25 × 80 %
        (PositionLevel.ADMINISTRATOR, 1, 73_600_000, 70_000_000, 5),
        # the target is administrator: 90 × 92 % and 50 × 100 % + 50 × 80 %, by cut points of its own
        (PositionLevel.PENGAWAS, 2, 82_800_000, 90_000_000, 8),
        # a target without a tree of its own: 70 × 92 % and 60 × 1/2 + 40 × 80 %
        (PositionLevel.JPT_PRATAMA, 0, 64_400_000, 62_000_000, 1),
    ],
)
def test_each_target_level_has_its_weights(level, variant, performance, potential, box):
    placed = place(fixture("manado"), in_manado(level))
    assert placed.variant == variant
    assert (value(placed, Axis.PERFORMANCE), value(placed, Axis.POTENTIAL)) == (performance, potential)
    assert placed.box == box


def test_the_years_of_an_appraisal_have_their_weights():
    found = {one.leaf.code: one for one in place(fixture("manado"), in_manado(PositionLevel.PENGAWAS)).because}
    assert found["performanceAppraisal"].score == Fraction(60 * 100 + 40 * 80, 100)


def test_an_appraisal_of_the_year_before_alone_leaves_performance_unknown_and_missing():
    record = in_manado(PositionLevel.PENGAWAS)
    alone = {Kind.PERFORMANCE_APPRAISAL: record.of(Kind.PERFORMANCE_APPRAISAL)[1:]}
    placed = place(fixture("manado"), replace(record, entries={**record.entries, **alone}))
    assert (value(placed, Axis.PERFORMANCE), placed.missing) == (None, ("performanceAppraisal",))
