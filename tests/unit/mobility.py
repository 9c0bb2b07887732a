"""Small markets by chance, and a market as columns: what the tests of mobility rounds are made of."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np

from app.domain.mobility import NOT_RELEASED, Cell, Market, Participant, Post, Wish, geography_of
from app.kernels.mobility_rounds import NONE, Labels, Round

BARS = (NOT_RELEASED, "NOT_ELIGIBLE:rank")


def a_market(chance, people=4, posts=4, cells=3, bars=0.1, full=False):
    """A sound market: nested cells, tight ceilings, few points, now and then a pool and a barred wish.

    In a full one there are as many people and posts as may be, and everybody wishes for every post.
    """
    tree = [
        Cell(f"c{n:03}", f"c{chance.randrange(n):03}" if n and chance.random() < 0.6 else None, "province", None)
        for n in range(chance.randint(0, cells))
    ]
    names = [f"p{n:03}" for n in range(posts if full else chance.randint(2, posts))]
    homes = [chance.choice(names) for _ in range(people if full else chance.randint(1, people))]
    at_home = Counter(homes)
    pool = names[0] if chance.random() < 0.3 else None
    places = tuple(
        Post(
            name,
            chance.choice(tree).id if tree and chance.random() < 0.9 else None,
            at_home[name] + (0 if name == pool else chance.choice([0, 0, 1, 1, 2])),
            None if name == pool else chance.randint(1, 2),
        )
        for name in names
    )
    around = geography_of(Market(tuple(tree), places, ()))
    stock = Counter(cell for home in homes for cell in around.cells_around(home))
    tree = [
        replace(cell, ceiling=None if chance.random() < 0.2 else stock[cell.id] + chance.choice([0, 0, 1]))
        for cell in tree
    ]
    participants = tuple(
        Participant(
            f"i{n:03}", home, some_wishes(chance, [one for one in names if one not in (home, pool)], bars, full)
        )
        for n, home in enumerate(homes)
    )
    return Market(tuple(tree), places, participants, own_cell_first=chance.random() < 0.5)


def some_wishes(chance, posts, bars, full):
    chosen = chance.sample(posts, len(posts) if full else chance.randint(0, len(posts)))
    return tuple(
        Wish(rank, post, chance.randint(-1, 2), chance.choice(BARS) if chance.random() < bars else None)
        for rank, post in enumerate(chosen, start=1)
    )


def some_lots(chance, market):
    """Small ones, so that some are equal."""
    return {who.id: chance.randint(0, 3) for who in market.participants}


def with_wishes(market, who, wishes):
    """The same market, in which somebody hands in another list."""
    changed = tuple(replace(one, wishes=wishes) if one.id == who else one for one in market.participants)
    return replace(market, participants=changed)


def columns_of(market, lots):
    """A market as the arrays solve it."""
    cell_of = {cell.id: n for n, cell in enumerate(market.cells)} | {None: NONE}
    post_of = {post.id: n for n, post in enumerate(market.posts)}
    wishes = [wish for who in market.participants for wish in who.wishes]
    bars = sorted({wish.bar for wish in wishes} - {None})
    bar_of = {bar: n for n, bar in enumerate(bars)} | {None: NONE}

    def ints(values):
        return np.array([NONE if value is None else value for value in values], np.int64)

    round_ = Round(
        parent=ints(cell_of[cell.parent] for cell in market.cells),
        ceiling=ints(cell.ceiling for cell in market.cells),
        cell=ints(cell_of[post.cell] for post in market.posts),
        seats=ints(post.seats for post in market.posts),
        urgency=ints(post.urgency for post in market.posts),
        home=ints(post_of[who.home] for who in market.participants),
        lot=np.array([lots[who.id] for who in market.participants], np.uint64),
        begins=ints(np.cumsum([0, *(len(who.wishes) for who in market.participants)])),
        post=ints(post_of[wish.post] for wish in wishes),
        points=ints(wish.points for wish in wishes),
        bar=ints(bar_of[wish.bar] for wish in wishes),
        own_cell_first=market.own_cell_first,
    )
    labels = Labels(
        cells=np.array([cell.id for cell in market.cells], "S36"),
        levels=np.array([cell.level for cell in market.cells], "S36"),
        posts=np.array([post.id for post in market.posts], "S36"),
        participants=np.array([who.id for who in market.participants], "S36"),
        bars=np.array(bars, "S80"),
    )
    return round_, labels


def markets(number, seed=0, **sizes):
    """So many markets and their lots, the same every time."""
    for n in range(number):
        chance = random.Random(f"{seed}/{n}")  # noqa: S311 - the same markets every time
        market = a_market(chance, **sizes)
        yield market, some_lots(chance, market)
