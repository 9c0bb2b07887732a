"""Points of a formula: parts that sum exactly, unknown parts of their own, and what no formula may look at."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.mobility_formula_document import SHIPPED_DOCUMENT, parse_formula
from app.domain.mobility_formulas import Facts, Ground, Service, part_document, points_of, total_of
from tests.candidates import a_candidate, a_target

SHIPPED = parse_formula(SHIPPED_DOCUMENT, "nasional", 1)
ON = date(2027, 1, 1)
POST = replace(a_target(Random(1)), on=ON, government_affair="education", standard=(3,) * 9)  # noqa: S311 - to try things with
SOMEBODY = replace(
    a_candidate(Random(1)),  # noqa: S311 - to try things with
    box=8,
    competencies=(3, 3, 3, 3, 3, 3, 2, 2, 2),
    appraised_to=2025,
    appraisals=(4, 4, 4, 4, 4),
    government_affair="education",
    affair_since=date(2024, 1, 1),
    affair_days={"education": 365},
)
MALUKU = Service(date(2010, 1, 1), date(2012, 1, 1), "81", None)


def points(**but):
    facts = Facts(candidate=replace(SOMEBODY, **but.pop("candidate", {})), **but)
    return {part.block: part.points for part in points_of(SHIPPED, facts, POST)}


def test_every_block_gives_what_it_says():
    grounds = {Ground.FAMILY: True, Ground.HEALTH: None}
    assert points(grounds=grounds, services=[MALUKU, replace(MALUKU, province="31")]) == {
        "kotak": 250,
        "kesesuaian": 264,  # 24 of 27 levels are 88 per cent, rounded down
        "kinerja": 80,
        "pengalaman": 60,  # four years
        "daerah-khusus": 40,
        "keluarga": 50,
        "kesehatan": None,  # claimed, and nobody has looked
    }


def test_what_is_unknown_is_no_number_and_counts_nothing():
    unknown = {"box": None, "competencies": None, "appraisals": (), "affair_days": None, "government_affair": None}
    facts = Facts(candidate=replace(SOMEBODY, **unknown))
    parts = points_of(SHIPPED, facts, POST)
    assert {part.block: part.points for part in parts} == {
        **dict.fromkeys(("kotak", "kesesuaian", "kinerja", "pengalaman", "daerah-khusus")),
        "keluarga": 0,
        "kesehatan": 0,
    }
    assert total_of(parts) == 0
    assert all(part_document(part)["because"]["id"] for part in parts)


def test_a_day_in_two_hard_posts_counts_once_and_service_ends_with_the_day_of_the_move():
    twice = [
        MALUKU,
        replace(MALUKU, since=date(2011, 1, 1), province="91"),
        replace(MALUKU, since=date(2026, 6, 1), until=None),
    ]
    assert points(services=twice)["daerah-khusus"] == 40
    assert points(services=[replace(MALUKU, until=None)])["daerah-khusus"] == 100


lots = st.integers(0, 2**32).map(Random)


@given(
    lots.map(a_candidate),
    lots.map(a_target),
    st.dictionaries(st.sampled_from(Ground), st.sampled_from([True, False, None])),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_parts_stay_within_their_blocks_and_sum_to_the_total(candidate, post, grounds):
    parts = points_of(SHIPPED, Facts(candidate=candidate, grounds=grounds, services=None), post)
    assert [part.block for part in parts] == [block.code for block in SHIPPED.blocks]
    assert all(part.points is None or 0 <= part.points <= part.most for part in parts)
    assert total_of(parts) == sum(part.points for part in parts if part.points is not None) <= SHIPPED.most
    assert all(part.detail["id"] and part.detail["en"] for part in parts)


@pytest.mark.parametrize(
    ("block", "where", "code"),
    [
        ({"kind": "service"}, "/kind", "mobility_formula.tenure"),
        ({"kind": ["service"]}, "/kind", "mobility_formula.value_unknown"),
        ({"kind": "firstWish"}, "/kind", "mobility_formula.wishes"),
        ({"code": "pilihan-pertama"}, "/code", "mobility_formula.wishes"),
        ({"kind": "religion"}, "/kind", "requirement.protected_field"),
        ({"label": {"id": "Putra daerah", "en": "Local"}}, "/label/id", "requirement.protected_field"),
        ({"most": 1.5}, "/most", "mobility_formula.not_whole"),
        ({"scale": {"1": 1}}, "/scale", "mobility_formula.unfit"),
        ({"kind": "hardship", "perYear": 5, "areas": {}}, "/areas", "mobility_formula.no_areas"),
        (
            {"kind": "hardship", "perYear": 5, "areas": {"provinces": ["99"]}},
            "/areas/provinces/0",
            "mobility_formula.value_unknown",
        ),
        ({"kind": "hardship"}, "/perYear", "mobility_formula.missing_field"),
    ],
)
def test_a_formula_is_refused_where_it_is_wrong(block, where, code):
    document = deepcopy(SHIPPED_DOCUMENT)
    fit = {"code": "fit", "kind": "competenceFit", "most": 10, "label": {"id": "Cocok", "en": "Fit"}}
    document["blocks"] = [fit | block]
    with pytest.raises(Invalid) as refused:
        parse_formula(document, "contoh", 1)
    assert (f"/blocks/0{where}", code) in {(fault.where, fault.code) for fault in refused.value.faults}
    assert all(fault.detail["id"] for fault in refused.value.faults)
