"""How often somebody's own seat keeps them from an empty one: small markets by chance, solved by the plain rules."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from app.domain.mobility import Cell, Market, Participant, Post, Wish, geography_of
from app.domain.mobility_answers import Code, results_of
from app.domain.mobility_matching import solve

MARKETS = 2_000
PEOPLE, POSTS, CELLS = 5, 5, 2
EMPTY_SEATS, WISHES = 2, 3


def own_cell_shares(*, own_cell_first: bool) -> tuple[float, float]:
    """The part of markets in which the person's own seat keeps somebody from one that stays empty.

    First whatever seat that is; then only where it is their home, and not another one that they have come to.
    """
    any_seat = home = 0
    for number in range(MARKETS):
        chance = random.Random(number)
        market = replace(_market(chance), own_cell_first=own_cell_first)
        lots = {who.id: chance.getrandbits(64) for who in market.participants}
        solved = solve(market, lots)
        refused = {one.participant for one in results_of(solved).answers if one.code == Code.CEILING_OWN_CELL}
        any_seat += bool(refused)
        home += any(solved.matching[who].rank is None for who in refused)
    return any_seat / MARKETS, home / MARKETS


def _market(chance: random.Random) -> Market:
    """A few posts in two cells, whose ceilings are the people there; everybody has some wishes."""
    names = [f"post-{number}" for number in range(POSTS)]
    homes = [chance.choice(names) for _ in range(PEOPLE)]
    seats = Counter(homes) + Counter(chance.choice(names) for _ in range(EMPTY_SEATS))
    posts = tuple(Post(name, f"cell-{number % CELLS}", seats[name], 1) for number, name in enumerate(names))
    around = geography_of(Market((), posts, ())).posts
    stock = Counter(around[home].cell for home in homes)
    cells = tuple(Cell(name, None, "regency", stock[name]) for name in (f"cell-{one}" for one in range(CELLS)))
    people = tuple(
        Participant(f"person-{number}", home, _wishes(chance, [name for name in names if name != home]))
        for number, home in enumerate(homes)
    )
    return Market(cells, posts, people)


def _wishes(chance: random.Random, posts: list[str]) -> tuple[Wish, ...]:
    chosen = chance.sample(posts, chance.randint(1, WISHES))
    return tuple(Wish(rank, post, chance.randrange(100)) for rank, post in enumerate(chosen, start=1))
