"""Everything wrong with a market is said at once, each fault where it is."""

from dataclasses import replace

import pytest

from app.domain.errors import Fault, Invalid
from app.domain.mobility import Cell, Market, Participant, Post, Wish
from app.domain.mobility_faults import MOST_FAULTS, faults_of, must_be_sound

L, M = Cell("l", None, "province", 2), Cell("m", "l", "regency", 1)
A, B, POOL = Post("a", "m", 1, 1), Post("b", "l", 1, 2), Post("pool", None, 1, None)
WHO, J = Participant("i", "a", (Wish(1, "b", 3),)), Participant("j", "pool", (Wish(1, "a", 1), Wish(2, "b", 2)))
SOUND = Market((L, M), (A, B, POOL), (WHO, J))


def found(**changes):
    return {(fault.where, fault.code) for fault in faults_of(replace(SOUND, **changes))}


def test_a_sound_market_has_no_fault():
    assert list(faults_of(SOUND)) == []
    must_be_sound(SOUND)


@pytest.mark.parametrize(
    ("cells", "where", "code"),
    [
        ((L, replace(M, ceiling=0)), "/cells/1/ceiling", "mobility.ceiling"),
        ((replace(L, ceiling=0), M), "/cells/0/ceiling", "mobility.ceiling"),
        ((L, replace(M, ceiling=-1)), "/cells/1/ceiling", "mobility.number"),
        ((L, replace(M, parent="n")), "/cells/1/parent", "mobility.no_cell"),
        ((replace(L, parent="m"), M), "/cells/0/parent", "mobility.circle"),
        ((L, replace(M, parent="m")), "/cells/1/parent", "mobility.circle"),
        ((L, M, M), "/cells/2/id", "mobility.repeated"),
        ((L, M, Cell("o", None, "sector", 9), replace(M, parent="o")), "/cells/3", "mobility.cross"),
        ((L, M, Cell("a,b", None, "sector", 9)), "/cells/2/id", "mobility.id"),
        ((L, replace(M, level="kabupaten/kota")), "/cells/1/level", "mobility.level"),
    ],
)
def test_cells_that_cannot_be_are_named(cells, where, code):
    assert (where, code) in found(cells=cells)


@pytest.mark.parametrize(
    ("post", "where", "code"),
    [
        (replace(A, seats=0), "/posts/0/seats", "mobility.seats"),
        (replace(A, seats=-1), "/posts/0/seats", "mobility.number"),
        (replace(A, urgency=0), "/posts/0/urgency", "mobility.number"),
        (replace(A, cell="n"), "/posts/0/cell", "mobility.no_cell"),
        (replace(A, id="b"), "/posts/1", "mobility.cross"),
        (replace(A, id="b", cell="l"), "/posts/1/id", "mobility.repeated"),
        (replace(A, id=""), "/posts/0/id", "mobility.id"),
    ],
)
def test_posts_that_cannot_be_are_named(post, where, code):
    assert (where, code) in found(posts=(post, B, POOL))


def test_a_pool_has_the_seats_of_its_people():
    assert found(posts=(A, B, replace(POOL, seats=2))) == {("/posts/2/seats", "mobility.pool_seats")}


@pytest.mark.parametrize(
    ("who", "where", "code"),
    [
        (replace(WHO, home="n"), "/home", "mobility.no_post"),
        (replace(WHO, id="j"), "", "mobility.repeated"),
        (replace(WHO, wishes=(Wish(1, "n", 0),)), "/wishes/0/post", "mobility.no_post"),
        (replace(WHO, wishes=(Wish(1, "a", 0),)), "/wishes/0/post", "mobility.home_wished"),
        (replace(WHO, wishes=(Wish(1, "pool", 0),)), "/wishes/0/post", "mobility.pool_wished"),
        (replace(WHO, wishes=(Wish(1, "b", 0), Wish(2, "b", 0))), "/wishes/1/post", "mobility.wished_twice"),
        (replace(WHO, wishes=(Wish(2, "b", 0),)), "/wishes/0/rank", "mobility.rank"),
        (replace(WHO, wishes=(Wish(1, "b", 10**18),)), "/wishes/0/points", "mobility.number"),
        (replace(WHO, wishes=(Wish(1, "b", 0, "NOT_ELIGIBLE:"),)), "/wishes/0/bar", "mobility.bar"),
        (replace(WHO, wishes=(Wish(1, "b", 0, "not wanted"),)), "/wishes/0/bar", "mobility.bar"),
    ],
)
def test_people_who_cannot_be_are_named(who, where, code):
    people = (J, who) if code == "mobility.repeated" else (who, J)
    place = "/participants/1/id" if code == "mobility.repeated" else f"/participants/0{where}"
    assert (place, code) in found(participants=people)


def test_everything_is_said_at_once_with_what_it_is_about():
    wrong = Market((replace(M, ceiling=0),), (replace(A, seats=0), POOL), (WHO, J))
    assert list(faults_of(wrong)) == [
        Fault("mobility.no_cell", "/cells/0/parent", {"cell": "l"}),
        Fault("mobility.ceiling", "/cells/0/ceiling", {"cell": "m", "ceiling": 0, "people": 1}),
        Fault("mobility.seats", "/posts/0/seats", {"post": "a", "seats": 0, "people": 1}),
        Fault("mobility.no_post", "/participants/0/wishes/0/post", {"post": "b"}),
        Fault("mobility.no_post", "/participants/1/wishes/1/post", {"post": "b"}),
    ]
    with pytest.raises(Invalid) as refused:
        must_be_sound(wrong)
    assert refused.value.code == "mobility.market"
    assert len(refused.value.faults) == 5
    assert all(fault.detail["id"] != fault.detail["en"] for fault in refused.value.faults)


def test_a_refusal_stays_short():
    with pytest.raises(Invalid) as refused:
        must_be_sound(replace(SOUND, participants=(J,) * 1_000))
    assert len(refused.value.faults) == MOST_FAULTS
