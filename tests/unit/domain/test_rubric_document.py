"""A rubric as it is written down: what the shipped ones say, and that everything wrong is found and said."""

import json
import math
from copy import deepcopy
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import rubric_document
from app.domain.careers import PositionLevel
from app.domain.errors import Invalid
from app.domain.evidence import ASPECTS, CODES, COMPETENCIES, POTENTIAL_ASPECTS, Kind
from app.domain.nine_box import Axis
from app.domain.rubric import Half, LevelRatio, Mean, Rounding
from app.sheets import layouts
from tests.unit.domain.test_worked_examples import FIXTURES
from tests.unit.strategies import BKN_411, BKN_411_DOCUMENT, RUBRICS

PATHS = [*sorted(RUBRICS.glob("*.json")), *sorted(FIXTURES.glob("*.json"))]

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
    assert (fault.code, fault.about) == ("rubric.weights", {"total": "100.1", "wanted": "100"})


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


def test_the_order_of_bands_in_the_document_does_not_matter(document):
    for component in document["axes"][1]["components"]:
        for indicator in component["indicators"]:
            for leaf in indicator["leaves"]:
                leaf["measure"].get("bands", []).reverse()
    assert rubric_document.parse_rubric(document) == BKN_411


# ── what other rubrics can say


def leaf(document, axis=0, component=0, indicator=0):
    """The first leaf below an indicator."""
    return document["axes"][axis]["components"][component]["indicators"][indicator]["leaves"][0]


def wrong(document):
    """Code by pointer of everything that is wrong."""
    return {where: fault.code for where, fault in faults(document).items()}


def parsed_leaf(document):
    """The first leaf of a document that is right."""
    return rubric_document.parse_rubric(document).leaves[0]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_what_is_shipped_and_what_other_institutions_use_can_be_read(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    rubric = rubric_document.parse_rubric(document)
    leaves = rubric_document.leaf_documents(document)
    assert [[leaf["code"] for leaf in tree] for tree in leaves] == [
        [one.code for one in tree.leaves] for tree in rubric.trees
    ]
    for tree in rubric.trees:
        assert {axis: sum(one.weight for one in tree.leaves if one.axis is axis) for axis in Axis} == dict.fromkeys(
            Axis, 100
        )


def test_the_second_version_differs_in_the_validity_of_assessments_and_the_item_of_acting_assignments():
    first, second = (json.loads((RUBRICS / f"bkn-411-2025-v{n}.json").read_text()) for n in (1, 2))
    first["version"] = 2
    for component in first["axes"][1]["components"]:
        for indicator in component["indicators"]:
            for one in indicator["leaves"]:
                if one["measure"]["mode"] == "levelRatio":
                    one["measure"]["windowYears"] = 3
                if one["code"] == "acting":
                    one["item"] = "positionHistory"
    assert first == second


def test_an_edge_beyond_a_number_begins_a_millionth_later(document):
    document["cutPoints"]["potential"] = [{"from": 46, "edge": ">="}, {"from": 72, "edge": ">"}]
    assert rubric_document.parse_rubric(document).cut_points[Axis.POTENTIAL] == (46_000_000, 72_000_001)


def test_year_weights_are_a_weighted_mean_over_the_years_before(document):
    leaf(document)["measure"]["yearWeights"] = [50, 30.5, 19.5]
    found = parsed_leaf(document)
    assert (found.item, isinstance(found.measure, Mean)) == (None, True)
    parts = [(part.measure.years_back, part.weight, part.item) for part in found.measure.parts]
    item = "performanceAppraisal"
    assert parts == [(1, 50, item), (2, Fraction("30.5"), item), (3, Fraction("19.5"), item)]


def test_the_year_that_decides_can_be_an_earlier_one(document):
    leaf(document)["measure"]["yearsBack"] = 2
    assert parsed_leaf(document).measure.years_back == 2


def test_a_score_can_be_rounded(document):
    leaf(document)["round"] = {"decimals": 1, "half": "halfUp"}
    assert parsed_leaf(document).rounding == Rounding(1, Half.UP)


def test_bands_can_be_written_from_and_to(document):
    training = document["axes"][1]["components"][0]["indicators"][1]["leaves"][0]["measure"]
    training["bands"] = [
        {"from": 0, "to": 1, "score": 0}, {"from": 4, "to": 6, "score": 50}, {"from": 1, "to": 4, "score": 25},
        {"from": 6, "to": 8, "score": 75}, {"from": 8, "score": 100},
    ]  # fmt: skip
    assert rubric_document.parse_rubric(document) == BKN_411


def test_the_categories_that_rows_can_state_are_those_that_files_bring():
    roles = [f"{role}_{scope}" for role in ("lead", "member") for scope in ("cross_institution", "internal")]
    brought = {
        Kind.PERFORMANCE_APPRAISAL: layouts.PREDICATES.values(),
        Kind.WORK_RESULT: layouts.RATINGS.values(),
        Kind.FEEDBACK_360: layouts.PREDICATES.values(),
        Kind.AWARD: layouts.AWARDS.values(),
        Kind.TEAM_ASSIGNMENT: roles,
        Kind.TRAINING: layouts.TRAININGS.values(),
        Kind.POSITION: layouts.LEVELS.values(),
        Kind.ACTING: set(layouts.STATUSES.values()) - {layouts.DEFINITIVE},
        Kind.EDUCATION: layouts.DIPLOMAS.values(),
        Kind.SANCTION: layouts.SEVERITIES.values(),
    }
    assert {kind: set(codes) for kind, codes in CODES.items()} == {kind: set(codes) for kind, codes in brought.items()}
    assert set(Kind) - set(CODES) == {*ASPECTS, Kind.ASSESSMENT_SCORE}


# ── what is wrong is said where it is wrong

LEAF = "/axes/0/components/0/indicators/0/leaves/0"
MEASURE = f"{LEAF}/measure"
AWARDS = "/axes/0/components/1/indicators/0/leaves/0/measure"
TRAINING = "/axes/1/components/0/indicators/1/leaves/0/measure"
TENURE = "/axes/1/components/0/indicators/2/leaves/0/measure"
BREADTH = "/axes/1/components/0/indicators/2/leaves/1/measure"
COMPETENCE = "/axes/1/components/0/indicators/0/leaves/0/measure"
POTENTIAL = "/axes/1/components/1/indicators/0/leaves/0/measure"
SANCTIONS = "/axes/1/components/3/indicators/0/leaves/0/measure"


def part(code, **but):
    given = {"mode": "given", "found": "x", "score": 50}
    return {"code": code, "label": {"id": "x", "en": "x"}, "item": None, "measure": given, **but}


def mean(*parts):
    return {"mode": "mean", "parts": list(parts)}


def direct(**but):
    return {"mode": "directValue", "instrument": "potkom", "lowest": 0, "highest": 100, **but}


HOLES = [{"from": 0, "to": 2, "score": 60}, {"from": 3, "to": 5, "score": 80}, {"from": 5, "score": 100}]
OVERLAPPING = [{"from": 0, "to": 4, "score": 60}, {"from": 3, "to": 5, "score": 80}, {"from": 5, "score": 100}]
CIRCLE = mean(part("a", measure=mean(part("performanceAppraisal"))))
DEEP = mean(part("a", measure=mean(part("b", measure=mean(part("c", measure=mean(part("d"))))))))
SOME_WEIGHTS = mean(part("a", weight=50), part("b"))
POWERS = (0.003, 0.018, 0.108, 0.648, 3.888, 23.328)  # of six: each choice of five levels has a sum of its own
COUNTLESS = mean(
    *(
        part(f"p{n}", weight=power, measure={"mode": "levelRatio", "evidence": "potentialAssessment",
             "aspect": "problem_solving", "scale": 5})
        for n, power in enumerate(POWERS)
    ),
    part("rest", weight=72.007),
)  # fmt: skip
VARIANT = {"targetLevels": ["administrator"], "axes": BKN_411_DOCUMENT["axes"], "cutPoints": {"performance": [60, 80]}}

# a value put at a pointer, and what is wrong then: code by pointer
WRONG = [
    ("/code", "Bkn 411", {"/code": "rubric.rubric_code"}),
    ("/code", 411, {"/code": "rubric.not_text"}),
    ("/version", 0, {"/version": "rubric.range"}),
    ("/version", 2**31, {"/version": "rubric.range"}),
    ("/version", True, {"/version": "rubric.not_number"}),
    ("/version", 1.5, {"/version": "rubric.not_whole"}),
    ("/title", {"id": "x"}, {"/title/en": "rubric.missing_field"}),
    ("/title/id", "  ", {"/title/id": "rubric.text_length"}),
    ("/title/id", "x" * 201, {"/title/id": "rubric.text_length"}),
    ("/title/id", "a\x00b", {"/title/id": "rubric.text_characters"}),
    ("/title/id", "a\ud800b", {"/title/id": "rubric.text_characters"}),
    ("/source", None, {"/source": "rubric.not_text"}),
    ("/notes", [], {"/notes": "rubric.list_length"}),
    ("/colour", "red", {"/colour": "rubric.unknown_field"}),
    ("/a~1b", "red", {"/a~1b": "rubric.unknown_field"}),
    ("/mapping", [], {"/mapping": "rubric.not_object"}),
    ("/mapping/activeStatuses", [], {"/mapping/activeStatuses": "rubric.list_length"}),
    ("/mapping/activeStatuses/0", 1, {"/mapping/activeStatuses/0": "rubric.status"}),
    # weights
    ("/axes/0/components/0/weight", 59.9, {"/axes/0/components": "rubric.weights",
                                           "/axes/0/components/0/indicators": "rubric.weights"}),
    (f"{LEAF}/weight", -60, {f"{LEAF}/weight": "rubric.open_range"}),
    (f"{LEAF}/weight", 0, {f"{LEAF}/weight": "rubric.open_range"}),
    (f"{LEAF}/weight", math.nan, {f"{LEAF}/weight": "rubric.open_range"}),
    (f"{LEAF}/weight", math.inf, {f"{LEAF}/weight": "rubric.open_range"}),
    (f"{LEAF}/weight", 10**5000, {f"{LEAF}/weight": "rubric.open_range"}),
    (f"{LEAF}/weight", True, {f"{LEAF}/weight": "rubric.not_number"}),
    (f"{LEAF}/weight", "60", {f"{LEAF}/weight": "rubric.not_number"}),
    (f"{LEAF}/weight", 59.9999999, {f"{LEAF}/weight": "rubric.decimals"}),
    ("/talentValueWeights/potential", 49, {"/talentValueWeights": "rubric.weights"}),
    ("/talentValueWeights/potential", 50.5, {"/talentValueWeights/potential": "rubric.not_whole"}),
    # the tree
    ("/axes", [], {"/axes": "rubric.list_length", **{f"/items/{n}": "rubric.item_unused" for n in range(10)}}),
    ("/axes/1/code", "performance", {"/axes/1/code": "rubric.axes"}),
    ("/axes/1/code", "height", {"/axes/1/code": "rubric.value_unknown"}),
    ("/axes/0/components/1/indicators", [], {"/axes/0/components/1/indicators": "rubric.list_length",
                                              **{f"/items/{n}": "rubric.item_unused" for n in (3, 7, 8)}}),
    ("/axes/0/components/0/code", "x" * 61, {"/axes/0/components/0/code": "rubric.code"}),
    ("/axes/0/components/1/code", "mainPerformance", {"/axes/0/components/1/code": "rubric.repeated"}),
    (f"{LEAF}/code", "education", {"/axes/1/components/2/indicators/0/leaves/0/code": "rubric.repeated"}),
    (f"{LEAF}/components", [], {f"{LEAF}/components": "rubric.unknown_field"}),
    (f"{LEAF}/round", {"decimals": 7, "half": "halfUp"}, {f"{LEAF}/round/decimals": "rubric.range"}),
    (f"{LEAF}/round", {"decimals": -1, "half": "up"}, {f"{LEAF}/round/decimals": "rubric.range",
                                                      f"{LEAF}/round/half": "rubric.value_unknown"}),
    # items
    (f"{LEAF}/item", "appraisal", {f"{LEAF}/item": "rubric.item_unlisted", "/items/2": "rubric.item_unused"}),
    (f"{LEAF}/item", "a+b", {f"{LEAF}/item": "rubric.code", "/items/2": "rubric.item_unused"}),
    ("/items/1", "competencyAssessment", {"/items/1": "rubric.repeated", **{
        f"/axes/1/components/1/indicators/0/leaves/{n}/item": "rubric.item_unlisted" for n in range(8)}}),
    # cut points
    ("/cutPoints/potential", [80, 60], {"/cutPoints/potential": "rubric.cut_points"}),
    ("/cutPoints/potential", [60, 60], {"/cutPoints/potential": "rubric.cut_points"}),
    ("/cutPoints/potential", [60], {"/cutPoints/potential": "rubric.list_length"}),
    ("/cutPoints/potential", [60, 100.1], {"/cutPoints/potential/1": "rubric.range"}),
    ("/cutPoints/potential", [-1, 80], {"/cutPoints/potential/0": "rubric.range"}),
    ("/cutPoints/potential", [60, {"from": 80, "edge": "≥"}], {"/cutPoints/potential/1/edge": "rubric.value_unknown"}),
    ("/cutPoints/potential", [60, {"from": 80}], {"/cutPoints/potential/1/edge": "rubric.missing_field"}),
    ("/cutPoints/potential", [60, math.nan], {"/cutPoints/potential/1": "rubric.range"}),
    ("/cutPoints", {}, {f"/cutPoints/{axis}": "rubric.missing_field" for axis in ("performance", "potential")}),
    # standards
    ("/standards", {}, {"/standards": "rubric.no_standards"}),
    ("/standards/pengawas/integrity", 6, {"/standards/pengawas/integrity": "rubric.range"}),
    ("/standards/pengawas/integrity", 0, {"/standards/pengawas/integrity": "rubric.range"}),
    ("/standards/pengawas", {}, {f"/standards/pengawas/{name}": "rubric.missing_field" for name in COMPETENCIES}),
    ("/standards/eselon_2", {}, {"/standards/eselon_2": "rubric.unknown_field"}),
    # measures
    (MEASURE, None, {MEASURE: "rubric.not_object"}),
    (f"{MEASURE}/mode", "astrology", {f"{MEASURE}/mode": "rubric.mode"}),
    (f"{MEASURE}/mode", ["category"], {f"{MEASURE}/mode": "rubric.mode"}),
    (f"{MEASURE}/evidence", "horoscope", {f"{MEASURE}/evidence": "rubric.value_unknown"}),
    (f"{MEASURE}/evidence", "sanction", {f"{MEASURE}/evidence": "rubric.value_unknown"}),
    (f"{MEASURE}/pick", "highest", {f"{MEASURE}/pick": "rubric.value_unknown"}),
    (f"{MEASURE}/scores/excellent", 100, {f"{MEASURE}/scores/excellent": "rubric.unknown_field"}),
    (f"{MEASURE}/scores/none", 0, {f"{MEASURE}/scores/none": "rubric.unknown_field"}),
    (f"{MEASURE}/scores/good", 100.5, {f"{MEASURE}/scores/good": "rubric.range"}),
    (f"{MEASURE}/scores", {}, {f"{MEASURE}/scores": "rubric.no_scores"}),
    (f"{MEASURE}/windowYears", 3, {f"{MEASURE}/windowYears": "rubric.window_unfit"}),
    (f"{MEASURE}/yearsBack", 6, {f"{MEASURE}/yearsBack": "rubric.range"}),
    (f"{MEASURE}/yearWeights", [60, 39], {f"{MEASURE}/yearWeights": "rubric.weights"}),
    (f"{MEASURE}/yearWeights", [100], {f"{MEASURE}/yearWeights": "rubric.list_length"}),
    (f"{AWARDS}/yearWeights", [60, 40], {f"{AWARDS}/yearWeights": "rubric.years_unfit"}),
    (f"{AWARDS}/windowYears", -5, {f"{AWARDS}/windowYears": "rubric.range"}),
    (f"{AWARDS}/windowYears", 0, {f"{AWARDS}/windowYears": "rubric.range"}),
    (f"{AWARDS}/scores", {"international": 100, "national": 75, "cross_institution": 50},
        {f"{AWARDS}/scores/{code}": "rubric.missing_field" for code in ("institution", "none")}),
    (f"{AWARDS}/windowYears", 2.5, {f"{AWARDS}/windowYears": "rubric.not_whole"}),
    (f"{TRAINING}/evidence", "education", {f"{TRAINING}/evidence": "rubric.value_unknown"}),
    (f"{TRAINING}/codes", ["seminar"], {f"{TRAINING}/codes/0": "rubric.value_unknown"}),
    (f"{TRAINING}/bands", [[1, 100]], {f"{TRAINING}/bands": "rubric.bands_start"}),
    (f"{TRAINING}/bands", [], {f"{TRAINING}/bands": "rubric.list_length"}),
    (f"{TRAINING}/bands", [[0, 0], [1, 50], [1, 100]], {f"{TRAINING}/bands/2": "rubric.bands_repeated"}),
    (f"{TRAINING}/bands", [[0, 0], [1]], {f"{TRAINING}/bands/1": "rubric.list_length"}),
    (f"{TRAINING}/bands", [[0, 0], [1.5, 50]], {f"{TRAINING}/bands/1/0": "rubric.not_whole"}),
    (f"{TRAINING}/bands", [[0, 0], [1, 101]], {f"{TRAINING}/bands/1/1": "rubric.range"}),
    (f"{TENURE}/bands", HOLES, {f"{TENURE}/bands/1": "rubric.bands_gap"}),
    (f"{TENURE}/bands", OVERLAPPING, {f"{TENURE}/bands/1": "rubric.bands_overlap"}),
    (f"{TENURE}/bands", [{"from": 0, "to": 5, "score": 60}], {f"{TENURE}/bands/0": "rubric.bands_end"}),
    (f"{BREADTH}/scores", {"one_unit": 60}, {f"{BREADTH}/scores/{code}": "rubric.missing_field"
                                             for code in ("cross_unit", "cross_institution")}),
    (f"{SANCTIONS}/windowYears", None, {f"{SANCTIONS}/windowYears": "rubric.not_number"}),
    (f"{SANCTIONS}/scores/serving", -1, {f"{SANCTIONS}/scores/serving": "rubric.range"}),
    (f"{COMPETENCE}/aspect", "height", {f"{COMPETENCE}/aspect": "rubric.value_unknown"}),
    (f"{COMPETENCE}/aspect", "problem_solving", {f"{COMPETENCE}/aspect": "rubric.value_unknown"}),
    (f"{POTENTIAL}/scale", 6, {f"{POTENTIAL}/scale": "rubric.range"}),
    (POTENTIAL, {"mode": "levelRatio", "evidence": "potentialAssessment", "aspect": "problem_solving"},
        {f"{POTENTIAL}/scale": "rubric.scale_needed"}),
    (POTENTIAL, {"mode": "levelSum", "evidence": "potentialAssessment"},
        {f"{POTENTIAL}/evidence": "rubric.value_unknown"}),
    (COMPETENCE, {"mode": "levelSum", "evidence": "competencyAssessment", "above": 5},
        {f"{COMPETENCE}/above": "rubric.range"}),
    (COMPETENCE, direct(instrument="Tes Potensi"), {f"{COMPETENCE}/instrument": "rubric.instrument"}),
    (COMPETENCE, direct(lowest=100), {f"{COMPETENCE}/highest": "rubric.scale"}),
    (COMPETENCE, direct(highest=1000), {f"{COMPETENCE}/highest": "rubric.open_range"}),
    # variants
    ("/variants", [], {"/variants": "rubric.list_length"}),
    ("/variants", [VARIANT], {"/variants/0/cutPoints/potential": "rubric.missing_field"}),
    ("/variants", [VARIANT | {"targetLevels": ["pelaksana"], "cutPoints": BKN_411_DOCUMENT["cutPoints"]}],
        {"/variants/0/targetLevels/0": "rubric.value_unknown"}),
    ("/variants", [VARIANT | {"targetLevels": ["administrator"] * 2, "cutPoints": BKN_411_DOCUMENT["cutPoints"]}],
        {"/variants/0/targetLevels/1": "rubric.repeated"}),
]  # fmt: skip
WRONG_MEANS = [
    (mean(), {f"{MEASURE}/parts": "rubric.list_length"}),
    (SOME_WEIGHTS, {f"{MEASURE}/parts": "rubric.part_weights"}),
    (mean(part("a", weight=50), part("b", weight=49.9)), {f"{MEASURE}/parts": "rubric.weights"}),
    (mean(part("a"), part("a")), {f"{MEASURE}/parts/1/code": "rubric.repeated"}),
    (mean(part("performanceAppraisal")), {f"{MEASURE}/parts/0/code": "rubric.circle"}),
    (CIRCLE, {f"{MEASURE}/parts/0/measure/parts/0/code": "rubric.circle"}),
    (DEEP, {f"{MEASURE}/parts/0/measure/parts/0/measure/parts/0/measure/parts": "rubric.too_deep"}),
]


@pytest.mark.parametrize(("pointer", "value", "expected"), WRONG, ids=[f"{n}{row[0]}" for n, row in enumerate(WRONG)])
def test_what_is_wrong_is_said_where_it_is_wrong(document, pointer, value, expected):
    put(document, pointer, value)
    assert wrong(document) == expected


@pytest.mark.parametrize(("measure", "expected"), WRONG_MEANS)
def test_what_is_wrong_with_a_mean_is_said_where_it_is_wrong(document, measure, expected):
    put(document, MEASURE, measure)
    assert wrong(document) == {f"{LEAF}/item": "rubric.item_of_mean", **expected}


def test_a_mean_with_more_outcomes_than_can_be_looked_at_is_refused(document):
    put(document, MEASURE, COUNTLESS)
    put(document, f"{LEAF}/item", None)
    document["items"].remove("performanceAppraisal")
    assert wrong(document) == {f"{MEASURE}/parts": "rubric.outcomes"}
    put(document, MEASURE, mean(*({name: one[name] for name in one if name != "weight"} for one in COUNTLESS["parts"])))
    assert rubric_document.parse_rubric(document)


def put(document, pointer, value):
    """Put a value at a JSON pointer whose parent is there."""
    *path, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for step in path:
        document = document[int(step) if isinstance(document, list) else step]
    document[int(last) if isinstance(document, list) else last] = value


def test_everything_wrong_is_said_at_once(document):
    for pointer, value, _ in WRONG[:3] + [row for row in WRONG if row[0].startswith(("/cut", "/standards/p", AWARDS))]:
        put(document, pointer, value)
    assert len(wrong(document)) >= 6


def test_a_level_has_one_variant(document):
    variant = VARIANT | {"cutPoints": document["cutPoints"]}
    document["variants"] = [variant, deepcopy(variant)]
    assert wrong(document) == {"/variants/1/targetLevels/0": "rubric.repeated"}


def test_a_number_may_be_written_with_a_point(document):
    document["version"] = 7.0
    assert rubric_document.parse_rubric(document).version == 7


def test_a_document_that_contains_itself_is_refused(document):
    document["axes"][0]["components"].append(document)
    parts = [part("a")]
    parts[0]["measure"] = {"mode": "mean", "parts": parts}
    leaf(document)["measure"] = parts[0]["measure"]
    assert wrong(document)[f"{MEASURE}/parts/0/measure/parts/0/code"] == "rubric.circle"


# ── whatever is read, is read or refused

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 120)
    | st.sampled_from([10**400, -(10**400), math.nan, math.inf, -math.inf, 1e308, 99.9, 1e-9])
    | st.floats()
    | st.sampled_from([kind.value for kind in Kind] + ["category", "mean", "none", "potential", "\x00", "\ud800", ""])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["code", "weight", "measure", "parts", "mode", "axes", "~/"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@cache
def places():
    """Every part of every document we have: which document, and the path to the part."""

    def below(value, path):
        yield path
        if isinstance(value, dict | list):
            for step, part in value.items() if isinstance(value, dict) else enumerate(value):
                yield from below(part, (*path, step))

    documents = [json.loads(path.read_text(encoding="utf-8")) for path in PATHS]
    return documents, [(n, path) for n, document in enumerate(documents) for path in below(document, ()) if path]


@st.composite
def mutated(draw):
    """A right document of which one part was replaced, removed, doubled or given a field too many."""
    documents, paths = places()
    n, path = draw(st.sampled_from(paths))
    document = deepcopy(documents[n])
    *above, last = path
    holder = document
    for step in above:
        holder = holder[step]
    change = draw(st.sampled_from(["replace", "remove", "double", "extend"]))
    if change == "replace":
        holder[last] = draw(JSON)
    elif change == "remove":
        del holder[last]
    elif isinstance(holder, list) and change == "double":
        holder.insert(last, deepcopy(holder[last]))
    elif isinstance(holder[last], dict):
        holder[last][draw(st.text(max_size=3))] = draw(JSON)
    return document


def must_be_read_or_refused(document):
    refused = None
    try:
        rubric_document.parse_rubric(document)
    except Invalid as refusal:
        refused = refusal
    if refused is not None:
        assert refused.code == "rubric.invalid"
        assert refused.faults
    for fault in refused.faults if refused else ():
        assert fault.detail["id"]
        assert fault.detail["en"]
        assert resolves(document, fault.where)


def resolves(document, pointer):
    """Whether a pointer leads to a part of the document, or to where a part is missing."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for place, step in enumerate(steps, start=1):
        key = int(step) if isinstance(document, list) else step
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return place == len(steps)
    return True


often = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(JSON)
def test_any_json_is_read_or_refused(document):
    must_be_read_or_refused(document)


@often
@given(mutated())
def test_any_document_with_one_part_changed_is_read_or_refused(document):
    must_be_read_or_refused(document)
