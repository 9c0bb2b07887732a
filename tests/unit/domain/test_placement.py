"""While evidence is missing, what is still possible is said exactly: no box too few, and none too many."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.domain import nine_box
from app.domain.careers import PositionLevel
from app.domain.evidence import ASPECTS, COMPLETE_REGISTERS, Entry, Kind, Record
from app.domain.finding import current_level
from app.domain.next_evidence import deciding, sums_of
from app.domain.nine_box import Axis
from app.domain.placement import place, reachable_categories
from app.domain.rubric import CategoryScore, Leaf, Pick, Rubric
from tests.unit.strategies import BKN_411, INSTITUTION, PREDICATES, as_of_days, records

AS_OF = date(2025, 12, 4)
MILLION = 10**6
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LEVELS = st.integers(1, 5)


def axes(placement):
    return {Axis.PERFORMANCE: placement.performance, Axis.POTENTIAL: placement.potential}


def numbered(record):
    return max((row.id for rows in record.entries.values() for row in rows), default=0) + 1


@st.composite
def completions(draw, record, as_of, unknown):
    """The same record with something known where leaves of the `unknown` kinds lack it; nothing known changes."""
    entries, number, checked = dict(record.entries), numbered(record), record.checked | (unknown & COMPLETE_REGISTERS)

    def add(kind, **fields):
        entries[kind] = (*entries.get(kind, ()), Entry(id=number, **fields))

    if Kind.PERFORMANCE_APPRAISAL in unknown:
        add(Kind.PERFORMANCE_APPRAISAL, code=draw(st.sampled_from(PREDICATES)), year=as_of.year - 1)
    if Kind.FEEDBACK_360 in unknown:
        add(Kind.FEEDBACK_360, code=draw(st.sampled_from(PREDICATES)), year=as_of.year)
    if Kind.EDUCATION in unknown:
        add(Kind.EDUCATION, code=draw(st.sampled_from(["slta", "d3", "s1", "s2", "s3"])))
    if Kind.TRAINING in unknown:
        for _ in range(draw(st.integers(0, 9))):
            add(Kind.TRAINING, code=draw(st.sampled_from(["technical", "structural"])), begins=as_of)
    for kind in (Kind.COMPETENCY_ASSESSMENT, Kind.POTENTIAL_ASSESSMENT):
        if kind in unknown:
            entries[kind] = assessed(draw, kind, entries.get(kind, ()), as_of, number)
    if Kind.SANCTION in unknown:
        ends = st.sampled_from([as_of - timedelta(days=1), as_of, as_of + timedelta(days=90)])
        entries[Kind.SANCTION] = tuple(
            replace(row, ends=max(row.begins, draw(ends)) if row.begins else draw(ends)) if row.ends is None else row
            for row in entries.get(Kind.SANCTION, ())
        )
    return Record(entries, checked, record.level)


def assessed(draw, kind, rows, as_of, number):
    """Blank levels of the assessment that counts are filled in; where there is none, there is one now."""
    usable = [row for row in rows if row.begins is not None and row.begins <= as_of]
    if not usable:
        levels = tuple(draw(LEVELS) for _ in ASPECTS[kind])
        return (*rows, Entry(id=number, begins=as_of, levels=levels))
    latest = max(usable, key=lambda row: (row.begins, row.id))
    filled = replace(latest, levels=tuple(level or draw(LEVELS) for level in latest.levels))
    return tuple(filled if row is latest else row for row in rows)


@SLOW
@given(data=st.data(), as_of=as_of_days)
def test_what_becomes_known_only_narrows_what_is_possible(data, as_of):
    record = data.draw(records(as_of))
    assume(current_level(record, as_of) is not None)
    before = place(BKN_411, record, as_of, INSTITUTION)
    lacking = sorted({finding.leaf.measure.kind for finding in before.because if finding.score is None})
    assume(lacking)
    told = frozenset(data.draw(st.sets(st.sampled_from(lacking), min_size=1)))
    after = place(BKN_411, data.draw(completions(record, as_of, told)), as_of, INSTITUTION)
    for axis, narrower in axes(after).items():
        wider = axes(before)[axis]
        assert wider.lowest <= narrower.lowest <= narrower.highest <= wider.highest
        assert narrower.reachable <= wider.reachable
    assert set(after.reachable) <= set(before.reachable)
    assert after.box is None or after.box in before.reachable


@SLOW
@given(data=st.data(), as_of=as_of_days)
def test_somebody_whose_evidence_is_complete_can_be_in_one_box_only(data, as_of):
    placement = place(BKN_411, data.draw(records(as_of)), as_of, INSTITUTION)
    if placement.box is not None:
        assert placement.reachable == (placement.box,)
        assert placement.decided_box == placement.box
        for placed in axes(placement).values():
            assert placed.lowest == placed.value == placed.highest
    assert placement.reachable
    assert placement.decided_box in (None, *placement.reachable)


points = st.lists(st.integers(0, 60), min_size=1, max_size=4, unique=True).map(sorted)


@given(leaves=st.lists(points, min_size=1, max_size=4), cuts=st.tuples(st.integers(1, 99), st.integers(1, 99)))
def test_reachable_categories_are_those_of_all_combinations(leaves, cuts):
    edges = tuple(sorted(cuts))
    assume(edges[0] < edges[1])
    every = {nine_box.category_of(sum(combination), edges) for combination in product(*leaves)}
    assert reachable_categories(leaves, edges) == every


def test_a_leap_over_the_middle_does_not_reach_it():
    assert reachable_categories([(0, 50)], (20, 40)) == {nine_box.Category.LOW, nine_box.Category.HIGH}


def test_an_unknown_level_ranges_over_its_scale_and_not_from_zero():
    placement = place(BKN_411, Record(checked=COMPLETE_REGISTERS, level=PositionLevel.PENGAWAS), AS_OF, INSTITUTION)
    competence = [one for one in placement.because if one.leaf.indicator == "competencyAssessment"]
    assert {finding.possible.scores for finding in competence} == {(Fraction(50), Fraction(100))}


def test_of_somebody_at_the_lowest_standard_the_competence_points_are_known_before_the_assessment():
    placement = place(BKN_411, Record(checked=COMPLETE_REGISTERS, level=PositionLevel.PELAKSANA), AS_OF, INSTITUTION)
    competence = [one for one in placement.because if one.leaf.indicator == "competencyAssessment"]
    assert {finding.possible.scores for finding in competence} == {(Fraction(100),)}
    assert {finding.score for finding in competence} == {None}


# ── which evidence decides

KINDS = (Kind.PERFORMANCE_APPRAISAL, Kind.FEEDBACK_360, Kind.EDUCATION)
CODES = ("a", "b", "c")


def leaf(axis, kind, weight, scores):
    pick = {Kind.PERFORMANCE_APPRAISAL: Pick.PREVIOUS_YEAR, Kind.FEEDBACK_360: Pick.LATEST_YEAR}
    measure = CategoryScore(kind, pick.get(kind, Pick.HIGHEST), dict(zip(CODES, map(Fraction, scores), strict=True)))
    return Leaf(axis, "component", "indicator", f"{axis}.{kind}", Fraction(weight), kind.value, measure)


@st.composite
def small_rubrics(draw):
    """Performance by one kind of evidence, potential by two others; any scores, any cut points."""
    scores = st.lists(st.integers(0, 100), min_size=3, max_size=3)
    cuts = st.lists(st.integers(1, 99), min_size=2, max_size=2, unique=True).map(sorted)
    share = draw(st.integers(1, 99))
    leaves = (
        leaf(Axis.PERFORMANCE, KINDS[0], 100, draw(scores)),
        leaf(Axis.POTENTIAL, KINDS[1], share, draw(scores)),
        leaf(Axis.POTENTIAL, KINDS[2], 100 - share, draw(scores)),
    )
    edges = {axis: tuple(cut * MILLION for cut in draw(cuts)) for axis in Axis}
    items = tuple(kind.value for kind in KINDS)
    return Rubric("small", 1, leaves, edges, dict.fromkeys(Axis, 50), {}, items)


def holding(codes):
    years = {Kind.PERFORMANCE_APPRAISAL: AS_OF.year - 1, Kind.FEEDBACK_360: AS_OF.year}
    return Record({kind: (Entry(1, code, year=years.get(kind)),) for kind, code in codes.items()})


@given(rules=small_rubrics(), known=st.dictionaries(st.sampled_from(KINDS), st.sampled_from(CODES)))
def test_a_set_of_items_decides_surely_if_every_outcome_leaves_one_box_and_possibly_if_some_does(rules, known):
    placement = place(rules, holding(known), AS_OF, INSTITUTION)
    found = deciding(rules, placement)
    missing = [kind for kind in KINDS if kind not in known]
    for size in range(1, len(missing) + 1):
        for wanted in (told for told in product(*[[None, kind] for kind in missing]) if sum(map(bool, told)) == size):
            kinds = [kind for kind in wanted if kind is not None]
            left = [
                len(place(rules, holding(known | dict(zip(kinds, codes, strict=True))), AS_OF, INSTITUTION).reachable)
                for codes in product(CODES, repeat=len(kinds))
            ]
            items = {kind.value for kind in kinds}
            undecided = placement.decided_box is None
            assert any(set(one) <= items for one in found.surely) is (undecided and set(left) == {1})
            assert any(set(one) <= items for one in found.possibly) is (undecided and 1 in left)


@SLOW
@given(data=st.data(), as_of=as_of_days)
def test_deciding_sets_are_the_smallest_and_consist_of_what_is_missing(data, as_of):
    placement = place(BKN_411, data.draw(records(as_of)), as_of, INSTITUTION)
    found = deciding(BKN_411, placement)
    for sets in (found.surely, found.possibly):
        assert {item for one in sets for item in one} <= set(placement.missing)
        assert not [(one, other) for one in sets for other in sets if set(one) < set(other)]
    assert all(any(set(maybe) <= set(sure) for maybe in found.possibly) for sure in found.surely)
    if placement.decided_box is not None:
        assert found == deciding(BKN_411, replace(placement, missing=()))


def test_weights_under_which_almost_everything_is_possible_are_no_endless_calculation():
    weights = [Fraction(2) + Fraction(n, 97) for n in range(17)]
    leaves = [(tuple(round(weight * level * MILLION / 5) for level in range(1, 6)), False) for weight in weights]
    sums = sums_of(leaves)
    assert sums.is_dense
    assert sums.values == (sum(one[0][0] for one in leaves), sum(one[0][-1] for one in leaves))


@pytest.mark.parametrize("level", [PositionLevel.PELAKSANA, PositionLevel.ADMINISTRATOR])
def test_the_potential_assessment_alone_decides_where_the_standard_leaves_competence_no_room(level):
    rows = {
        Kind.PERFORMANCE_APPRAISAL: (Entry(1, "good", year=2024),),
        Kind.FEEDBACK_360: (Entry(1, "good", year=2024),),
        Kind.EDUCATION: (Entry(1, "s1"),),
        Kind.POSITION: (Entry(1, level.value, date(2018, 4, 1)),),
    }
    placement = place(BKN_411, Record(rows, COMPLETE_REGISTERS), AS_OF, INSTITUTION)
    alone, both = ("potentialAssessment",), ("competencyAssessment", "potentialAssessment")
    assert deciding(BKN_411, placement).surely == ((alone,) if level is PositionLevel.PELAKSANA else (both,))
