"""Cells nest or are refused with everything by which they do not; a post lies in one smallest cell."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.mobility_cells import CellIndex, CellLevel, Growth, Place, WrittenCell, must_nest, proposal

HERE, THERE, CENTRAL = (UUID(int=number) for number in (1, 2, 3))
PROVINCES = {HERE: "61", THERE: "32", CENTRAL: None}
NAMES = ("position_level", "government_affair", "province_code", "of_institution_id", "of_unit_id")


def a_cell(id_, level, parent=None, *, headroom=None, ceiling=None, **place):
    return WrittenCell(
        id=id_, parent_id=parent, level=CellLevel(level), place=Place(**place), headroom=headroom, ceiling=ceiling
    )


def found(*cells):
    try:
        must_nest(cells, PROVINCES, [f"/cells/{place}" for place in range(len(cells))])
    except Invalid as refusal:
        return {(fault.where, fault.code) for fault in refusal.faults if fault.detail["id"] and fault.detail["en"]}
    return set()


EDUCATION = a_cell("e", "occupation", government_affair="education")
BARAT = a_cell("b", "province", "e", province_code="61", headroom=0)
OFFICE = a_cell("o", "institution", "b", of_institution_id=HERE)
UNIT = a_cell("u", "unit", "o", of_unit_id="U1")


def test_cells_that_nest_are_sound():
    health = a_cell("h", "occupation", government_affair="health")
    assert found(EDUCATION, BARAT, OFFICE, UNIT, health, a_cell("hb", "province", "h", province_code="61")) == set()


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ([BARAT], {("/cells/0/parentId", "mobility.no_cell")}),
        (
            [a_cell("x", "province", "y", province_code="61"), a_cell("y", "province", "x", province_code="32")],
            {("/cells/0/parentId", "mobility.circle"), ("/cells/1/parentId", "mobility.circle")},
        ),
        ([EDUCATION, EDUCATION], {("/cells/1/id", "mobility.repeated")}),
        ([a_cell("x", "province")], {("/cells/0", "mobility_cell.own_level")}),
        (
            [a_cell("x", "province", province_code="61", of_institution_id=HERE)],
            {("/cells/0", "mobility_cell.other_level")},
        ),
        ([a_cell("x", "unit", of_unit_id="U1")], {("/cells/0", "mobility_cell.unit_alone")}),
        (
            [a_cell("p", "province", province_code="61"), a_cell("o", "occupation", "p", government_affair="health")],
            {("/cells/1/level", "mobility_cell.level_order")},
        ),
        (
            [EDUCATION, a_cell("x", "occupation", "e", government_affair="education")],
            {("/cells/1", "mobility_cell.not_narrower")},
        ),
        ([EDUCATION, BARAT, a_cell("x", "province", "b", province_code="32")], {("/cells/2", "mobility_cell.outside")}),
        (
            [a_cell("p", "province", province_code="61"), a_cell("o", "institution", "p", of_institution_id=THERE)],
            {("/cells/1", "mobility_cell.outside")},
        ),
        (
            [a_cell("o", "institution", of_institution_id=UUID(int=9))],
            {("/cells/0/institutionId", "mobility_cell.no_institution")},
        ),
        (
            [a_cell("x", "province", province_code="61", headroom=1, ceiling=2)],
            {("/cells/0", "mobility_cell.two_bounds")},
        ),
        ([EDUCATION, a_cell("p", "province", province_code="61")], {("/cells/1", "mobility_cell.cross")}),
        (
            [a_cell("p", "province", province_code="61"), a_cell("o", "institution", of_institution_id=HERE)],
            {("/cells/1", "mobility_cell.inside")},
        ),
        ([EDUCATION, a_cell("x", "occupation", government_affair="education")], {("/cells/1", "mobility_cell.same")}),
        (
            [
                a_cell("l", "occupation", position_level="pengawas"),
                EDUCATION,
                BARAT,
                a_cell("x", "province", province_code="61"),
            ],
            {("/cells/1", "mobility_cell.cross"), ("/cells/3", "mobility_cell.cross")},
        ),
    ],
)
def test_what_does_not_nest_is_named(cells, faults):
    assert found(*cells) == faults


def test_crossing_cells_are_named_exactly():
    with pytest.raises(Invalid) as refused:
        must_nest([EDUCATION, a_cell("p", "province", province_code="61")], PROVINCES, ["/kept/e", "/cells/0"])
    [fault] = refused.value.faults
    assert (fault.where, fault.about) == ("/cells/0", {"cell": "p", "other": "e"})


def posts():
    values = (
        ("pengawas", "administrator"),
        ("education", "health", None),
        ("61", "32", None),
        (HERE, THERE, CENTRAL),
        ("U1", "U2"),
    )
    told = (Place(**dict(zip(NAMES, one, strict=True))) for one in product(*values))
    return [post for post in told if PROVINCES[post.of_institution_id] == post.province_code]


POSTS = posts()


def conditions(cell, family):
    around = {} if cell.parent_id is None else conditions(family[cell.parent_id], family)
    return around | {name: value for name in NAMES if (value := getattr(cell.place, name)) is not None}


def held(cell, family):
    asked = conditions(cell, family)
    return {post for post in POSTS if all(getattr(post, name) == value for name, value in asked.items())}


@st.composite
def some_cells(draw):
    """A few cells, which now and then nest."""
    cells = []
    for number in range(draw(st.integers(1, 5))):
        level = draw(st.sampled_from(CellLevel))
        place = {
            CellLevel.OCCUPATION: {"government_affair": draw(st.sampled_from(["education", "health"]))},
            CellLevel.PROVINCE: {"province_code": draw(st.sampled_from(["61", "32"]))},
            CellLevel.INSTITUTION: {"of_institution_id": draw(st.sampled_from([HERE, THERE, CENTRAL]))},
            CellLevel.UNIT: {"of_unit_id": draw(st.sampled_from(["U1", "U2"]))},
        }[level]
        parent = draw(st.sampled_from([None, *(cell.id for cell in cells)]))
        cells.append(a_cell(f"c{number}", level, parent, **place))
    return cells


@given(some_cells())
@hypothesis_settings(max_examples=150, deadline=None)
def test_sound_cells_hold_sets_that_nest_and_the_smallest_is_found(cells):
    if found(*cells):
        return
    family = {cell.id: cell for cell in cells}
    sets = {cell.id: held(cell, family) for cell in cells}
    for one, other in product(cells, cells):
        common = sets[one.id] & sets[other.id]
        assert not common or common in (sets[one.id], sets[other.id])
    index = CellIndex(cells)
    for post in POSTS:
        around = [cell for cell in cells if post in sets[cell.id]]
        smallest = min(around, key=lambda cell: len(conditions(cell, family)) * -1, default=None)
        assert index.cell_of(post) == (smallest and smallest.id)


def test_ten_thousand_cells_are_looked_through_in_one_go():
    provinces = {UUID(int=number): str(11 + number % 80) for number in range(9_000)}
    cells = proposal(sorted(set(provinces.values())), provinces, [])
    assert len(cells) == 9_080
    must_nest(cells, provinces, [""] * len(cells))


def test_a_proposal_grows_only_where_it_is_wanted():
    cells = proposal(["32", "61"], {HERE: "61"}, ["education", "health"], [Growth("education", 5, ("61",))])
    assert {cell.id: cell.headroom for cell in cells} == {
        "education": None, "education-32": 0, "education-61": 5, "health": None, "health-32": 0, "health-61": 0,
    }  # fmt: skip
    assert found(*cells) == set()
    nobody = proposal(["32", "61"], {HERE: "61", THERE: "32"}, ["education"])
    assert found(*nobody) == set()
    assert {cell.headroom for cell in nobody} == {0}
