"""Routes of approval, steps, papers and hold points of moves between institutions, and what remains of a unit."""

from __future__ import annotations

import json
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.migrations import ROOT
from app.domain import mobility_cases, mobility_routes
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.messages import SENTENCES
from app.domain.mobility_cases import (
    BEFORE,
    FOLLOWING,
    RUNNING,
    CancellationReason,
    DocumentState,
    Paper,
    Party,
    Place,
    State,
)
from app.domain.mobility_moves import Kind
from app.domain.mobility_routes import InstitutionKind, Missing, RouteCode, kind_of, missing_between, route_between
from app.domain.mobility_rulebooks import read_rulebook
from app.domain.mobility_units import what_remains

RULEBOOK = read_rulebook(json.loads((ROOT / "migrations/mobility_rules/se-bkn-3-2019-v1.json").read_text()))
TODAY = date(2026, 11, 22)


# ── routes


def place(kind: str | None, province: str | None = None, institution: str = "") -> mobility_routes.Place:
    return mobility_routes.Place(institution or f"{kind} {province}", kind and InstitutionKind(kind), province)


@pytest.mark.parametrize(
    ("origin", "receiving", "code", "decreed_by", "is_confirmed"),
    [
        (place("city", "14"), place("regency", "14"), "withinProvince", "governor", True),
        (place("province", "14"), place("city", "14"), "provinceAndRegency", "governor", True),
        (place("regency", "14"), place("province", "14"), "provinceAndRegency", "governor", True),
        (place("province", "14"), place("province", "64"), "acrossProvinces", "ministerOfHomeAffairs", False),
        (place("city", "14"), place("city", "64"), "acrossProvinces", "ministerOfHomeAffairs", False),
        (place("central"), place("city", "64"), "centralToRegion", "bknRegionalOffice", True),
        (place("city", "64"), place("central"), "regionToCentral", "bknRegionalOffice", False),
        (place("central", "31"), place("central", "31", "other"), "centralToCentral", "bkn", False),
        (place(None, None, "same"), place(None, None, "same"), "withinInstitution", "receivingAuthority", False),
    ],
)
def test_the_route_follows_from_both_institutions(
    origin: mobility_routes.Place, receiving: mobility_routes.Place, code: str, decreed_by: str, is_confirmed: bool
) -> None:
    route = RULEBOOK.routes[route_between(origin, receiving) or RouteCode.WITHIN_PROVINCE]
    assert (route.code, route.decreed_by, route.is_confirmed) == (code, decreed_by, is_confirmed)


def test_a_route_is_never_guessed() -> None:
    for origin, receiving in product((place("city"), place(None, "14"), place(None), place("city", "14")), repeat=2):
        missing = missing_between(origin, receiving)
        assert (route_between(origin, receiving) is None) == bool(missing)
    assert missing_between(place(None), place("city")) == (
        *(Missing.ORIGIN_KIND, Missing.ORIGIN_PROVINCE),
        Missing.RECEIVING_PROVINCE,
    )
    assert missing_between(place(None), place("central")) == (Missing.ORIGIN_KIND,)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Pemerintah Kota Dumai", "city"),
        ("PEMERINTAH KAB. SIAK", "regency"),
        ("Pemerintah Kabupaten Kotawaringin Barat", "regency"),
        ("Pemerintah Provinsi Riau", "province"),
        ("Pemerintah Daerah Istimewa Yogyakarta", "province"),
        ("Kementerian Pekerjaan Umum", "central"),
        ("Badan Kepegawaian Negara", "central"),
        ("Badan Kepegawaian Daerah", None),
        ("Kotak Contoh", None),
    ],
)
def test_a_name_says_what_an_institution_is_or_nothing(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


# ── steps


def test_every_step_leads_on_and_nothing_leaves_an_end() -> None:
    for target, befores in BEFORE.items():
        for state in State:
            if state in befores:
                mobility_cases.must_follow(state, target)
            else:
                with pytest.raises(Conflict, match=r"mobility_case\.state"):
                    mobility_cases.must_follow(state, target)
    ends = set(State) - set(RUNNING)
    assert ends == {State.REFUSED, State.EFFECTIVE, State.CANCELLED}
    assert {before for befores in BEFORE.values() for before in befores} | ends == set(State)
    within = RULEBOOK.routes[RouteCode.WITHIN_INSTITUTION]
    mobility_cases.must_follow(State.RELEASED, State.DECREED, within)
    with pytest.raises(Conflict, match=r"mobility_case\.not_considered"):
        mobility_cases.must_follow(State.RELEASED, State.SENT, within)
    assert all(after is not State.DRAFT for after in FOLLOWING.values())


def test_who_may_give_up_a_case() -> None:
    assert mobility_cases.reason_of(Party.TALENT, State.RELEASED, Party.BKN) is CancellationReason.TALENT_WITHDREW
    decreed = mobility_cases.reason_of(Party.BKN, State.DECREED, Party.BKN)
    assert decreed is CancellationReason.DECREE_WITHDRAWN
    for party in (Party.TALENT, Party.ORIGIN, Party.RECEIVING):
        with pytest.raises(Forbidden, match=r"mobility_case\.party"):
            mobility_cases.reason_of(party, State.DECREED, Party.BKN)
        with pytest.raises(Conflict, match=r"mobility_case\.state"):
            mobility_cases.reason_of(party, State.EFFECTIVE, Party.BKN)


# ── papers


def test_what_is_needed_before_a_step_is_needed_after_it() -> None:
    items = RULEBOOK.items.values()
    at_request, at_release, at_bkn = (
        {one.code for one in mobility_cases.lacking(items, {}, state)}
        for state in (State.REQUESTED, State.RELEASED, State.SENT)
    )
    assert at_request == {"receivingJobAnalysis"}
    assert at_request < at_release < at_bkn == set(RULEBOOK.items) - {"debtStatement"}
    done = dict.fromkeys(at_bkn, DocumentState.PRESENT) | {"rankDecree": DocumentState.NOT_NEEDED}
    mobility_cases.must_be_complete(items, done, State.SENT)
    with pytest.raises(Conflict) as refused:
        mobility_cases.must_be_complete(items, done | {"diplomas": DocumentState.MISSING}, State.SENT)
    assert [fault.where for fault in refused.value.faults] == ["diplomas"]


@pytest.mark.parametrize(
    ("paper", "where"),
    [
        (Paper(DocumentState.PRESENT, "1", None, None), ["/dated"]),
        (Paper(DocumentState.PRESENT, "1", date(2030, 1, 1), None), ["/dated"]),
        (Paper(DocumentState.NOT_NEEDED, "1", None, None), ["/because", "/number"]),
        (Paper(DocumentState.MISSING, None, None, "x"), ["/because"]),
        (Paper(DocumentState.PRESENT, "1", TODAY, None), []),
    ],
)
def test_a_document_says_where_it_is_or_why_not(paper: Paper, where: list[str]) -> None:
    if not where:
        return mobility_cases.must_say_enough(paper, TODAY)
    with pytest.raises(Invalid) as refused:
        mobility_cases.must_say_enough(paper, TODAY)
    assert [fault.where for fault in refused.value.faults] == where
    return None


# ── hold points


def test_nobody_leaves_before_the_next_seat_is_sure() -> None:
    states = {1: State.DECREED, 2: State.SENT, 3: State.DECREED}
    assert [mobility_cases.waiting_for(Place(Kind.CHAIN, step), states) for step in (1, 2, 3)] == [[], [], [2]]
    assert mobility_cases.waiting_for(Place(Kind.CYCLE, 1), states) == [2]
    assert mobility_cases.waiting_for(None, {}) == []
    with pytest.raises(Conflict, match=r"mobility_case\.held"):
        mobility_cases.must_not_be_held(Place(Kind.CHAIN, 3), states)


def test_what_rests_on_a_seat_that_somebody_took_over_does_not_fall() -> None:
    states = {1: State.SENT, 2: State.RELEASED, 3: State.CANCELLED}
    assert mobility_cases.falling_with(Place(Kind.CHAIN, 1), states) == [2]
    assert mobility_cases.falling_with(Place(Kind.CYCLE, 2), states) == [1]
    with pytest.raises(Conflict, match=r"mobility_case\.taken"):
        mobility_cases.falling_with(Place(Kind.CYCLE, 1), states | {2: State.EFFECTIVE})


def test_days_of_a_unit_fit_together() -> None:
    days = {1: date(2026, 12, 1), 3: date(2026, 12, 5), 2: None}
    mobility_cases.must_be_common(Place(Kind.CHAIN, 2), date(2026, 12, 3), days)
    for kind, day in ((Kind.CHAIN, 6), (Kind.CYCLE, 3)):
        with pytest.raises(Invalid):
            mobility_cases.must_be_common(Place(kind, 2), date(2026, 12, day), days)
    with pytest.raises(Invalid):
        mobility_cases.must_be_common(Place(Kind.CHAIN, 2), date(2026, 11, 30), days)


# ── what remains of a unit: people are 0, 1 …, who leave seats of the same number; a chain begins at the seat -1


def check(kind: Kind, length: int, withdrawn: set[int]) -> None:
    takes = {person: person - 1 for person in range(length)}
    if kind is Kind.CYCLE:
        takes[0] = length - 1
    left = what_remains(kind, range(length), withdrawn)
    assert sorted((*left.moving, *left.staying)) == list(range(length))
    assert not withdrawn & set(left.moving)
    seats = {person: takes[person] if person in left.moving else person for person in range(length)}
    assert len(set(seats.values())) == length  # nobody is without a seat, and nobody shares one
    known = set(range(length)) | ({-1} if kind is Kind.CHAIN else set())
    empty = known - set(seats.values())
    assert len(empty) == len(known) - length
    assert (left.left_open is not None) == (kind is Kind.CHAIN and bool(withdrawn))
    if left.left_open is not None:
        assert empty == {takes[left.left_open]}
    # as many move as can: no more of those who have not withdrawn could, with everybody in a seat of their own
    possible = [
        set(some)
        for size in range(length + 1)
        for some in combinations(set(range(length)) - withdrawn, size)
        if len({takes[one] if one in some else one for one in range(length)}) == length
    ]
    assert len(left.moving) == max(len(some) for some in possible)


def test_what_remains_is_as_much_as_possible_in_every_small_unit() -> None:
    for kind, length in product(Kind, range(1, 6)):
        for size in range(length + 1):
            for withdrawn in combinations(range(length), size):
                if not (kind is Kind.CYCLE and length == 1):
                    check(kind, length, set(withdrawn))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(Kind), st.integers(2, 9), st.data())
def test_nobody_loses_a_seat_when_somebody_withdraws(kind: Kind, length: int, data: st.DataObject) -> None:
    check(kind, length, data.draw(st.sets(st.integers(0, length - 1))))


def test_everything_of_a_case_has_its_words() -> None:
    for enum, chapter in (
        (State, "state"),
        (CancellationReason, "because"),
        (RouteCode, "route"),
        (Missing, "missing"),
    ):
        assert all(f"mobility_case.{chapter}.{one.value}" in SENTENCES for one in enum)
