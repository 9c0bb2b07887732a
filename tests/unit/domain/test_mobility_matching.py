"""What a round promises, tried out on thousands of small markets."""

import random
from collections import Counter
from dataclasses import replace
from itertools import permutations, product

import pytest

from app.domain.mobility import Cell, Market, Participant, Post, Wish, geography_of
from app.domain.mobility_matching import match, solve
from app.domain.mobility_order import Application, list_of, places, standings
from tests.unit.mobility import markets, with_wishes


def set_up(market, lots):
    """Geography, places and lists, as `match` takes them."""
    lists = {who.id: list_of(who) for who in market.participants}
    return geography_of(market), places(market, standings(market, lots)), lists


def nests_of(market):
    """By post: everything that bounds it, as (name, most)."""
    around = geography_of(market)
    most = {cell.id: cell.ceiling for cell in market.cells if cell.ceiling is not None}
    return {
        post.id: [(post.id, post.seats), *((cell, most[cell]) for cell in around.cells_around(post.id) if cell in most)]
        for post in market.posts
    }


def chosen(applications, place, nests):
    """The first of these in the order that can be held together: each is held where there is room for it."""
    held, holds = set(), Counter()
    for application in sorted(applications, key=place.__getitem__):
        around = nests[application.post]
        if all(holds[name] < most for name, most in around):
            held.add(application)
            holds.update(name for name, _ in around)
    return held


def is_stable(matching, lists, place, nests):
    """Whether all can be held together, and nobody would get what they prefer were they to ask for it."""
    held = set(matching)
    if chosen(held, place, nests) != held:
        return False
    for own, received in zip(lists.values(), matching, strict=True):
        for dearer in own[: own.index(received)]:
            if dearer in chosen(held | {dearer}, place, nests):
                return False
    return True


def untruthful(lists, who, place):
    """Every list that somebody could hand in, of posts in any order and number."""
    possible = [one for one in place if one.participant == who and one.rank is not None]
    for length in range(len(possible) + 1):
        for some in permutations(possible, length):
            yield lists | {who: (*some, lists[who][-1])}


def test_nobody_gains_by_another_list_than_the_true_one():
    tried = 0
    for market, lots in markets(1_200, seed="lies", people=3, bars=0, full=True):
        geography, place, everything = set_up(market, lots)
        chance = random.Random(repr(market))  # noqa: S311
        # what comes after the cut is worse than home, and may be asked for all the same
        lists = {who: (*own[: chance.randint(0, len(own) - 1)], own[-1]) for who, own in everything.items()}
        truth = match(geography, place, lists)
        for who, own in lists.items():
            better = set(own[: own.index(truth[who])])
            for said in untruthful(lists, who, place):
                assert match(geography, place, said)[who] not in better
                tried += 1
    assert tried > 40_000


def test_the_outcome_is_stable_and_for_everybody_the_best_of_all_that_are():
    several = 0
    for market, lots in markets(600, seed="stable"):
        geography, place, lists = set_up(market, lots)
        nests = nests_of(market)
        found = match(geography, place, lists)
        stable = [one for one in product(*lists.values()) if is_stable(one, lists, place, nests)]
        assert tuple(found[who] for who in lists) in stable
        several += len(stable) > 1
        for other in stable:
            for own, received in zip(lists.values(), other, strict=True):
                assert own.index(found[received.participant]) <= own.index(received)
    assert several > 10  # otherwise nothing would be said about the best


def test_more_points_never_hurt():
    better_off = 0
    for market, lots in markets(500, seed="points", bars=0):
        before = solve(market, lots).matching
        for who in market.participants:
            for wish in who.wishes:
                raised = tuple(replace(one, points=one.points + (one == wish)) for one in who.wishes)
                after = solve(with_wishes(market, who.id, raised), lots).matching[who.id]
                ranks = [one.rank or len(who.wishes) + 1 for one in (after, before[who.id])]
                assert ranks[0] <= ranks[1]
                better_off += ranks[0] < ranks[1]
    assert better_off > 10


def test_it_makes_no_difference_who_is_asked_first():
    for market, lots in markets(300, seed="turns", people=6, posts=5):
        geography, place, lists = set_up(market, lots)
        found = match(geography, place, lists)
        for seed in range(4):
            shuffled = random.Random(seed).sample(sorted(lists), len(lists))  # noqa: S311
            assert match(geography, place, {who: lists[who] for who in shuffled}) == found


def test_nobody_loses_their_home_and_no_post_or_cell_holds_too_many():
    for market, lots in markets(500, seed="home", people=7, posts=6, cells=5):
        solved = solve(market, lots)
        holds = Counter()
        for who in market.participants:
            received = solved.matching[who.id]
            assert received in list_of(who)  # which holds nothing they like less than their home
            holds.update(name for name, _ in nests_of(market)[received.post])
        assert all(holds[name] <= most for nests in nests_of(market).values() for name, most in nests)


# ── one by one

A, B, C = Post("a", None, 1, 1), Post("b", None, 1, 1), Post("c", None, 1, 2)
LOTS = {"i": 2, "j": 1}


def wishes(*posts, points=0):
    return tuple(Wish(rank, post, points) for rank, post in enumerate(posts, start=1))


def outcome(cells, posts, *participants, own_cell_first=False):
    """By participant, the post they get."""
    matching = solve(Market(tuple(cells), tuple(posts), participants, own_cell_first), LOTS).matching
    return {who: one.post for who, one in matching.items()}


def test_two_people_swap_their_posts():
    found = outcome((), (A, B), Participant("i", "a", wishes("b")), Participant("j", "b", wishes("a")))
    assert found == {"i": "b", "j": "a"}


@pytest.mark.parametrize(("points", "winner"), [(1, "i"), (0, "j"), (-1, "j")])
def test_points_go_before_the_lot_and_the_lot_decides_between_equals(points, winner):
    pools = Post("x", None, 1, None), Post("y", None, 1, None)
    found = outcome(
        (), (C, *pools), Participant("i", "x", wishes("c", points=points)), Participant("j", "y", wishes("c"))
    )
    assert [who for who, post in found.items() if post == "c"] == [winner]


def test_whose_dearest_wish_it_is_counts_for_nothing():
    full = replace(A, seats=0), replace(B, seats=0)
    homes = Post("x", None, 1, 1), Post("y", None, 1, 1)
    third = (Wish(1, "a", 0), Wish(2, "b", 0), Wish(3, "c", 2))
    people = Participant("i", "x", third), Participant("j", "y", wishes("c", points=1))
    assert outcome((), (*full, C, *homes), *people) == {"i": "c", "j": "y"}


def test_under_a_ceiling_the_more_urgent_post_goes_before_more_points():
    cells = [Cell("l", None, "province", 1)]
    posts = replace(A, cell="l"), replace(C, cell="l"), Post("x", None, 2, None)
    found = outcome(
        cells, posts, Participant("i", "x", wishes("a", points=0)), Participant("j", "x", wishes("c", points=9))
    )
    assert found == {"i": "a", "j": "x"}


def test_a_better_outsider_goes_before_an_insider_only_where_own_cells_are_not_first():
    cells = [Cell("l", None, "province", 2)]
    posts = Post("a", "l", 1, 1), Post("b", "l", 1, 1), Post("x", None, 1, 1)
    people = Participant("i", "a", wishes("b", points=1)), Participant("j", "x", wishes("b", points=9))
    assert outcome(cells, posts, *people) == {"i": "a", "j": "b"}
    assert outcome(cells, posts, *people, own_cell_first=True) == {"i": "b", "j": "x"}


def test_of_two_cells_in_common_the_deeper_goes_first():
    cells = Cell("l", None, "province", None), Cell("m", "l", "regency", None)
    posts = Post("a", "m", 1, 1), Post("b", "m", 1, 1), Post("x", "l", 1, 1)
    people = Participant("i", "a", wishes("b", points=1)), Participant("j", "x", wishes("b", points=9))
    assert outcome(cells, posts, *people, own_cell_first=True) == {"i": "b", "j": "x"}


def test_a_barred_wish_does_not_count():
    barred = (Wish(1, "b", 9, "NOT_RELEASED"), Wish(2, "c", 0))
    assert outcome((), (A, B, C), Participant("i", "a", barred)) == {"i": "c"}


def test_a_list_ends_at_home():
    who = Participant("i", "a", (Wish(1, "b", 9, "NOT_RELEASED"), Wish(2, "c", 0)))
    assert list_of(who) == (Application("i", "c", 2), Application("i", "a", None))
