"""Movement on arrays says of everybody in two cycles what the domain says of each person alone."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import movement as one_by_one
from app.domain.careers import PositionLevel
from app.domain.evidence import Kind, Record
from app.domain.movement import CAUSES
from app.domain.nine_box import BOXES, Axis
from app.domain.placement import place
from app.domain.rubric import CategoryScore, Leaf, Mean, Pick, Variant
from app.kernels import columns, movement
from tests.unit.kernels.test_scoring import ints
from tests.unit.kernels.test_scoring import people as as_people
from tests.unit.strategies import BKN_411, INSTITUTION, as_of_days, records

SCORES = {"very_good": Fraction(100), "good": Fraction(80), "none": Fraction(0), "national": Fraction(75)}


def _leaf(code, measure, weight=Fraction(15)):
    return Leaf(Axis.PERFORMANCE, "c", "i", code, weight, None, measure)


# a rating and a register in one mean, and leaves of other weights for some targets
MIXED = _leaf(
    "mixed",
    Mean(
        (
            _leaf("skp", CategoryScore(Kind.PERFORMANCE_APPRAISAL, Pick.LATEST_YEAR, SCORES), Fraction(2)),
            _leaf("award", CategoryScore(Kind.AWARD, Pick.HIGHEST, SCORES, 5), Fraction(1)),
        )
    ),
)
WITH_VARIANTS = replace(
    BKN_411,
    leaves=(MIXED, *BKN_411.leaves),
    variants=(
        Variant(
            frozenset({PositionLevel.ADMINISTRATOR, PositionLevel.JF_AHLI_MADYA, PositionLevel.PENGAWAS}),
            tuple(replace(leaf, weight=leaf.weight / 2) for leaf in BKN_411.leaves),
            {Axis.PERFORMANCE: (20_000_000, 35_000_000), Axis.POTENTIAL: (25_000_000, 37_000_000)},
        ),
    ),
)
LENIENT = replace(BKN_411, cut_points=dict.fromkeys(Axis, (30000000, 60000000)))
RUBRICS = st.sampled_from([BKN_411, WITH_VARIANTS, LENIENT])
_calibrated = st.sampled_from([None, None, None, *BOXES])


@st.composite
def cycles(draw, size):
    """One cycle: everybody's evidence and decided box, by a rubric as of a day."""
    as_of, rubric = draw(as_of_days), draw(RUBRICS)
    return [
        one_by_one.Mapped(rubric, draw(records(as_of, first_id=1 + 1000 * person)), as_of, draw(_calibrated))
        for person in range(size)
    ]


@st.composite
def two_cycles(draw):
    size = draw(st.integers(1, 4))
    return draw(cycles(size)), draw(cycles(size))


def as_arrays(mapped):
    """One cycle as the kernel takes it."""
    boxes = [place(one.rubric, one.record, one.as_of, INSTITUTION).box for one in mapped]
    return movement.Mapped(
        rubric=mapped[0].rubric,
        people=as_people(tuple(one.record for one in mapped)),
        as_of=mapped[0].as_of,
        box=ints(box or 0 for box in boxes),
        calibrated_box=ints(one.calibrated_box or 0 for one in mapped),
    )


def by_arrays(earlier, later):
    boxes = movement.boxes_between(as_arrays(earlier), as_arrays(later))
    causes = [None if number == columns.UNKNOWN else CAUSES[number] for number in movement.causes_of(boxes).tolist()]
    return [(tuple(box or None for box in way), cause) for way, cause in zip(boxes.tolist(), causes, strict=True)]


def by_domain(earlier, later):
    ways = [one_by_one.boxes_between(*both, INSTITUTION) for both in zip(earlier, later, strict=True)]
    return [(way, one_by_one.cause_of(way)) for way in ways]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(both=two_cycles())
def test_two_cycles_are_compared_as_their_people_are_one_by_one(both):
    assert by_arrays(*both) == by_domain(*both)


@pytest.mark.parametrize("calibrated", [None, 3])
def test_somebody_without_any_evidence_is_compared_as_one_by_one(calibrated):
    both = [one_by_one.Mapped(BKN_411, Record(), day, calibrated) for day in (date(2024, 2, 29), date(2025, 2, 28))]
    assert by_arrays(both[:1], both[1:]) == by_domain(both[:1], both[1:])
