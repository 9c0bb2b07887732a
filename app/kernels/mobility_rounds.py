"""A round of national mobility as columns, and what is wrong with them.

Everything is a number from 0 in the order of ids: cells, posts, participants, wishes. A wish is a row; the wishes of a
person stand together in the order of their ranks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.domain import mobility_faults as faults
from app.domain.errors import Fault
from app.kernels.columns import Flags, Ints
from app.kernels.compiled import compiled

Lots = npt.NDArray[np.uint64]
Names = npt.NDArray[np.bytes_]
NONE = -1


@dataclass(frozen=True, slots=True)
class Round:
    """A market without the names of anything; absent values are -1."""

    parent: Ints
    """By cell: the smallest cell around it."""
    ceiling: Ints
    cell: Ints
    """By post: the smallest cell it lies in."""
    seats: Ints
    urgency: Ints
    """By post: its class; absent of a pool."""
    home: Ints
    """By participant: a post."""
    lot: Lots
    begins: Ints
    """By participant: their first wish; and at the end how many there are."""
    post: Ints
    """By wish."""
    points: Ints
    bar: Ints
    """By wish: why it cannot count."""
    own_cell_first: bool

    @property
    def participants(self) -> Ints:
        """By wish: whose it is."""
        return np.repeat(np.arange(len(self.home)), np.diff(self.begins))

    @property
    def ranks(self) -> Ints:
        """By wish: from 1 in the list of its participant."""
        return np.arange(len(self.post)) - np.repeat(self.begins[:-1], np.diff(self.begins)) + 1

    @property
    def at_home(self) -> Ints:
        """By post: how many have their home there."""
        return np.bincount(self.home, minlength=len(self.seats))

    @property
    def stock(self) -> Ints:
        """By cell: how many have their home in it."""
        return _stock(self.at_home, self.around, len(self.parent))

    @property
    def around(self) -> Ints:
        """By post and then by cell: the place, in the same row of posts and cells, of the smallest cell around it."""
        smallest = np.concatenate([self.cell, self.parent])
        return np.where(smallest == NONE, NONE, smallest + len(self.cell))


@dataclass(frozen=True, slots=True)
class Labels:
    """How what a round is about is called; ids ascend, so that their order is that of the numbers."""

    cells: Names
    levels: Names
    """By cell."""
    posts: Names
    participants: Names
    bars: Names
    """What the numbers of `Round.bar` stand for."""

    def __post_init__(self) -> None:
        if any((ids[1:] <= ids[:-1]).any() for ids in (self.cells, self.posts, self.participants)):
            raise ValueError("ids have to ascend")


def must_be_sound(round_: Round, labels: Labels) -> None:
    """Refused with what is wrong, the first 500 faults: a run would promise what it cannot keep."""
    faults.refuse_where_faulty(faults_of(round_, labels))


def is_sound(round_: Round) -> bool:
    """Whether nothing is wrong."""
    if _in_circle(round_.parent).any():
        return False
    return not any(len(places) for places in (*_wrong_nests(round_), *_wrong_wishes(round_)))


def faults_of(round_: Round, labels: Labels) -> Iterator[Fault]:
    """What is wrong, as `domain.mobility_faults` says it, as far as columns can have it wrong: names are no columns."""
    circles = np.flatnonzero(_in_circle(round_.parent)).tolist()
    for cell in circles:
        yield faults.circle(_text(labels.cells[cell]), f"/cells/{cell}/parent")
    if not circles:  # otherwise nobody can say who is in such a cell
        yield from _faults_of_nests(round_, labels)
        yield from _faults_of_wishes(round_, labels)


def _text(label: bytes) -> str:
    return label.decode()


@compiled
def _in_circle(parent: Ints) -> Flags:
    """Which cells lie within themselves."""
    is_circle = np.zeros(len(parent), np.bool_)
    for cell in range(len(parent)):
        around = parent[cell]
        for _ in range(len(parent)):
            if around in (-1, cell):
                break
            around = parent[around]
        is_circle[cell] = around == cell
    return is_circle


def _wrong_nests(round_: Round) -> tuple[Ints, Ints]:
    """Cells with more people at home than their ceiling, and posts with more than their seats or pools with others."""
    stock, at_home = round_.stock, round_.at_home
    cells = (round_.ceiling != NONE) & (stock > round_.ceiling)
    posts = np.where(round_.urgency == NONE, round_.seats != at_home, round_.seats < at_home)
    return np.flatnonzero(cells), np.flatnonzero(posts)


def _faults_of_nests(round_: Round, labels: Labels) -> Iterator[Fault]:
    stock, at_home = round_.stock, round_.at_home
    cells, posts = _wrong_nests(round_)
    for cell in cells.tolist():
        name, where = _text(labels.cells[cell]), f"/cells/{cell}/ceiling"
        yield faults.ceiling_below_people(name, int(round_.ceiling[cell]), int(stock[cell]), where)
    for post in posts.tolist():
        of_seats = faults.pool_of_others if round_.urgency[post] == NONE else faults.seats_below_people
        name, where = _text(labels.posts[post]), f"/posts/{post}/seats"
        yield of_seats(name, int(round_.seats[post]), int(at_home[post]), where)


def _wrong_wishes(round_: Round) -> tuple[Ints, Ints, Ints]:
    """Wishes for a pool, for one's home, and for a post one has wished for before."""
    whose = round_.participants
    pools = np.flatnonzero(round_.urgency[round_.post] == NONE)
    homes = np.flatnonzero(round_.home[whose] == round_.post)
    pairs = whose * len(round_.seats) + round_.post
    order = np.argsort(pairs, kind="stable")
    again = np.sort(order[1:][pairs[order[1:]] == pairs[order[:-1]]])
    return pools, homes, again


def _faults_of_wishes(round_: Round, labels: Labels) -> Iterator[Fault]:
    whose, ranks = round_.participants, round_.ranks
    each = (faults.pool_wished, faults.home_wished, faults.wished_twice)
    for fault, wishes in zip(each, _wrong_wishes(round_), strict=True):
        for wish in wishes.tolist():
            where = f"/participants/{whose[wish]}/wishes/{ranks[wish] - 1}/post"
            yield fault(_text(labels.posts[round_.post[wish]]), where)


@compiled
def _stock(people: Ints, around: Ints, cells: int) -> Ints:
    """How many of the people at each post are in each cell."""
    stock = np.zeros(cells, np.int64)
    for post in range(len(people)):
        nest = around[post]
        while nest >= 0:
            stock[nest - len(people)] += people[post]
            nest = around[nest]
    return stock
