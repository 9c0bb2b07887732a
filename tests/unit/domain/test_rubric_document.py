from copy import deepcopy
from fractions import Fraction

import pytest

from app.domain import rubric_document
from app.domain.careers import PositionLevel
from app.domain.errors import Invalid
from app.domain.evidence import COMPETENCIES, POTENTIAL_ASPECTS, Kind
from app.domain.nine_box import Axis
from app.domain.rubric import LevelRatio
from tests.unit.strategies import BKN_411, BKN_411_DOCUMENT

LEVELS_OF_INDICATORS = [
    (a, c, i)
    for a, axis in enumerate(BKN_411_DOCUMENT["axes"])
    for c, component in enumerate(axis["components"])
    for i, _ in enumerate(component["indicators"])
]


def a_tenth_more(number):
    """A weight as JSON writes it."""
    return float(Fraction(number) + Fraction(1, 10))


@pytest.fixture
def document():
    return deepcopy(BKN_411_DOCUMENT)


def faults(document):
    with pytest.raises(Invalid) as refusal:
        rubric_document.parse_rubric(document)
    assert refusal.value.code == "rubric.invalid"
    return {fault.where: fault for fault in refusal.value.faults}


def test_the_shipped_rubric_is_version_one_of_the_decree():
    assert (BKN_411.code, BKN_411.version) == ("bkn-411-2025", 1)


@pytest.mark.parametrize("axis", Axis)
def test_the_leaves_of_an_axis_weigh_a_hundred_points(axis):
    assert sum(leaf.weight for leaf in BKN_411.leaves if leaf.axis is axis) == 100


def test_every_leaf_has_a_code_of_its_own():
    assert len({leaf.code for leaf in BKN_411.leaves}) == len(BKN_411.leaves)


@pytest.mark.parametrize("axis", Axis)
def test_categories_begin_at_60_and_80_points(axis):
    assert BKN_411.cut_points[axis] == (60_000_000, 80_000_000)


def test_both_axes_have_half_of_the_talent_value():
    assert BKN_411.talent_value_weights == {Axis.PERFORMANCE: 50, Axis.POTENTIAL: 50}


def test_the_ten_items_of_completeness_are_what_the_leaves_need():
    assert sorted(BKN_411.items) == sorted({leaf.item for leaf in BKN_411.leaves} - {None})
    assert len(BKN_411.items) == 10


@pytest.mark.parametrize(
    ("kind", "aspects", "heavier"),
    [
        (Kind.COMPETENCY_ASSESSMENT, COMPETENCIES, {"managing_change": 3, "public_service": 3}),
        (Kind.POTENTIAL_ASSESSMENT, POTENTIAL_ASPECTS, {"fast_learning_and_self_development": 4}),
    ],
)
def test_each_level_of_an_assessment_has_its_weight(kind, aspects, heavier):
    usual = 2 if kind is Kind.COMPETENCY_ASSESSMENT else 3
    weights = {
        aspects[leaf.measure.aspect]: leaf.weight
        for leaf in BKN_411.leaves
        if isinstance(leaf.measure, LevelRatio) and leaf.measure.kind is kind
    }
    assert weights == dict.fromkeys(aspects, usual) | heavier


@pytest.mark.parametrize(
    ("level", "usual", "but"),
    [
        ("jpt_utama", 5, {}),
        ("jpt_madya", 5, {}),
        ("jpt_pratama", 4, {}),
        ("administrator", 3, {}),
        ("pengawas", 2, {}),
        ("pelaksana", 1, {}),
        ("jf_ahli_utama", 4, {"integrity": 5, "nation_binding": 5}),
        ("jf_ahli_madya", 4, {}),
        ("jf_ahli_muda", 3, {}),
        ("jf_ahli_pertama", 2, {}),
        ("jf_penyelia", 3, {}),
        ("jf_mahir", 2, {}),
        ("jf_terampil", 1, {"integrity": 2, "teamwork": 2, "nation_binding": 2}),
        ("jf_pemula", 1, {}),
    ],
)
def test_each_position_level_has_its_standard(level, usual, but):
    standards = dict(zip(COMPETENCIES, BKN_411.standards[PositionLevel(level)], strict=True))
    assert standards == dict.fromkeys(COMPETENCIES, usual) | but


def test_every_position_level_has_a_standard():
    assert set(BKN_411.standards) == set(PositionLevel)


def test_active_are_the_codes_the_document_names():
    assert rubric_document.active_statuses(BKN_411_DOCUMENT) == {"01", "71"}


@pytest.mark.parametrize("axis", [0, 1])
def test_components_that_do_not_add_up_to_a_hundred_are_refused(document, axis):
    component = document["axes"][axis]["components"][0]
    component["weight"] = a_tenth_more(component["weight"])
    fault = faults(document)[f"/axes/{axis}/components"]
    assert (fault.code, fault.about) == ("rubric.weights", {"total": 100.1, "wanted": 100.0})


@pytest.mark.parametrize(("a", "c", "i"), LEVELS_OF_INDICATORS)
def test_indicators_that_do_not_add_up_to_their_component_are_refused(document, a, c, i):
    indicator = document["axes"][a]["components"][c]["indicators"][i]
    indicator["weight"] = a_tenth_more(indicator["weight"])
    where = f"/axes/{a}/components/{c}/indicators"
    assert set(faults(document)) == {where, f"{where}/{i}/leaves"}


@pytest.mark.parametrize(("a", "c", "i"), LEVELS_OF_INDICATORS)
def test_leaves_that_do_not_add_up_to_their_indicator_are_refused(document, a, c, i):
    leaf = document["axes"][a]["components"][c]["indicators"][i]["leaves"][-1]
    leaf["weight"] = a_tenth_more(leaf["weight"])
    assert set(faults(document)) == {f"/axes/{a}/components/{c}/indicators/{i}/leaves"}


def test_weights_with_decimals_are_added_exactly(document):
    leaves = document["axes"][1]["components"][0]["indicators"][0]["leaves"]
    for leaf, weight in zip(leaves, [2.1, 2.1, 2.1, 2.1, 2.4, 2.3, 2.3, 2.3, 2.3], strict=True):
        leaf["weight"] = weight
    assert sum(leaf["weight"] for leaf in leaves) != 20  # in binary floating point
    assert rubric_document.parse_rubric(document)


def test_the_refusal_of_weights_says_what_they_add_up_to(document):
    document["axes"][0]["components"][0]["weight"] = 60.1
    assert "100.1" in faults(document)["/axes/0/components"].detail["en"]


def test_a_measure_nobody_knows_is_refused(document):
    document["axes"][0]["components"][0]["indicators"][0]["leaves"][0]["measure"]["mode"] = "astrology"
    (fault,) = faults(document).values()
    assert (fault.code, fault.about) == ("rubric.mode", {"mode": "astrology"})


def test_the_order_of_bands_in_the_document_does_not_matter(document):
    for component in document["axes"][1]["components"]:
        for indicator in component["indicators"]:
            for leaf in indicator["leaves"]:
                leaf["measure"].get("bands", []).reverse()
    assert rubric_document.parse_rubric(document) == BKN_411
