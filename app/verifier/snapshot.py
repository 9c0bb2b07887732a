"""What was frozen before the run: cells, posts, participants and wishes, and whether they can be true together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.verifier.columns import EMPTY, NONE, Ints, Lots, Refs, compiled
from app.verifier.tables import MOST_COUNTED, Ids, Table

OUT_OF_ORDER, WRONG_RANK, OWN_HOME, TWICE = 1, 2, 3, 4
FAULTS = {
    OUT_OF_ORDER: ("order.wrong", "participant"),
    WRONG_RANK: ("wishes.rank", "rank"),
    OWN_HOME: ("wishes.home", "post"),
    TWICE: ("wishes.twice", "post"),
}
BLOCK = 64  # bytes that SHA-256 works on at once
NOT_RELEASED, NOT_ELIGIBLE = "NOT_RELEASED", "NOT_ELIGIBLE:"


@dataclass(frozen=True, slots=True)
class Cells:
    """A ceiling is EMPTY where there is none; a cell at the top is of depth 1."""

    ids: Ids
    parent: Refs
    ceiling: Ints
    depth: Refs


@dataclass(frozen=True, slots=True)
class Posts:
    """In their order; the smaller the urgency, the more urgent, and EMPTY is that of a pool."""

    ids: Ids
    cell: Refs
    seats: Ints
    urgency: Ints


@dataclass(frozen=True, slots=True)
class People:
    """In their order, each with the post that is home."""

    ids: Ids
    home: Refs


@dataclass(frozen=True, slots=True)
class Wishes:
    """Rows of `wishes.csv`: those of person i from `begins[i]` to `begins[i + 1]`."""

    begins: Ints
    person: Refs
    post: Refs
    points: Ints
    bar: Refs
    bars: tuple[str, ...]
    """What `bar` is an index of; nothing for a wish that counts."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the rules need beside the seed."""

    cells: Cells
    posts: Posts
    people: People
    wishes: Wishes


def read_snapshot(read: Callable[[str], Table]) -> Snapshot:
    """The four tables, each refused with its line where it cannot be true."""
    cell_table = read("cells.csv")
    cells = _cells(cell_table)
    post_table = read("posts.csv")
    posts = _posts(post_table, cells)
    people = _people(read("participants.csv"), posts)
    _must_hold_them(cell_table, cells, post_table, posts, people)
    return Snapshot(cells, posts, people, _wishes(read("wishes.csv"), posts, people))


def lots_of(people: People, seed: bytes) -> Lots:
    """The lot of everybody: HMAC as RFC 2104 writes it, in half the time of `hmac.digest`."""
    key, text, sha256 = seed.ljust(BLOCK, b"\0"), people.ids.text.tobytes(), hashlib.sha256
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    hashed = b"".join(
        sha256(outer + sha256(inner + text[begin:end]).digest()).digest()[:8]
        for begin, end in pairwise(people.ids.bounds.tolist())
    )
    return np.frombuffer(hashed, ">u8").astype(np.uint64)


def _cells(table: Table) -> Cells:
    ids = table.ids("cell")
    parent = table.refs("parent", ids, is_optional=True)
    ceiling = table.numbers("ceiling", low=0, high=MOST_COUNTED, is_optional=True)
    depth = np.zeros(table.rows, np.int32)
    if (bad := find_depths(parent, depth)) != NONE:
        raise table.refusal("cells.circle", bad, "cell")
    return Cells(ids, parent, ceiling, depth)


def _posts(table: Table, cells: Cells) -> Posts:
    return Posts(
        ids=table.ids("post"),
        cell=table.refs("cell", cells.ids, is_optional=True),
        seats=table.numbers("seats", low=0, high=MOST_COUNTED),
        urgency=table.numbers("urgency", low=1, is_optional=True),
    )


def _people(table: Table, posts: Posts) -> People:
    return People(table.ids("participant"), table.refs("home", posts.ids))


def _must_hold_them(cell_table: Table, cells: Cells, post_table: Table, posts: Posts, people: People) -> None:
    """Nobody may lose a home: there are seats and ceilings for all who are at home."""
    at_home = np.bincount(people.home, minlength=post_table.rows)
    for row in np.flatnonzero(at_home > posts.seats)[:1]:
        raise post_table.refusal("posts.seats", int(row), "seats", people=int(at_home[row]))
    for row in np.flatnonzero((posts.urgency == EMPTY) & (at_home != posts.seats))[:1]:
        raise post_table.refusal("posts.pool", int(row), "seats", people=int(at_home[row]))
    inside = count_inside(at_home, posts.cell, cells.parent)
    for row in np.flatnonzero((cells.ceiling != EMPTY) & (inside > cells.ceiling))[:1]:
        raise cell_table.refusal("cells.ceiling", int(row), "ceiling", people=int(inside[row]))


def _wishes(table: Table, posts: Posts, people: People) -> Wishes:
    person = table.refs("participant", people.ids)
    rank = table.numbers("rank", low=1)
    post = table.refs("post", posts.ids)
    points = table.numbers("points")
    bar, bars = table.words("bar")
    for index, word in enumerate(bars):
        if word not in ("", NOT_RELEASED) and (not word.startswith(NOT_ELIGIBLE) or word == NOT_ELIGIBLE):
            raise table.refusal("wishes.bar", int(np.argmax(bar == index)), "bar")
    for row in np.flatnonzero(posts.urgency[post] == EMPTY)[:1]:
        raise table.refusal("wishes.pool", int(row), "post")
    begins = np.zeros(len(people.ids) + 1, np.int64)
    bad, fault = find_begins(person, rank, post, people.home, len(posts.ids), begins)
    if bad != NONE:
        code, column = FAULTS[fault]
        raise table.refusal(code, bad, column)
    return Wishes(begins, person, post, points, bar, tuple(bars))


def count_inside(held: Ints, cell: Refs, parent: Refs) -> Ints:
    """How many people all posts inside each cell hold."""
    inside = np.zeros(len(parent), np.int64)
    add_up(held, cell, parent, inside)
    return inside


@compiled
def add_up(held: Ints, cell: Refs, parent: Refs, inside: Ints) -> None:
    """Add the people of every post to all cells around it."""
    for post in range(len(held)):
        here = cell[post]
        while here != NONE and held[post] != 0:
            inside[here] += held[post]
            here = parent[here]


@compiled
def find_depths(parent: Refs, depth: Refs) -> int:
    """Fill in how deep each cell lies; the first whose parents come in a circle, or NONE."""
    for cell in range(len(parent)):
        here, steps = cell, 0
        while here != NONE and depth[here] == 0:
            here, steps = parent[here], steps + 1
            if steps > len(parent):
                return cell
        deep = steps + (0 if here == NONE else depth[here])
        here = cell
        while here != NONE and depth[here] == 0:
            depth[here] = deep
            here, deep = parent[here], deep - 1
    return NONE


@compiled
def find_begins(person: Refs, rank: Ints, post: Refs, home: Refs, posts: int, begins: Ints) -> tuple[int, int]:
    """Fill in the first wish of everybody; the first row that is out of order or wishes what it may not, and why."""
    wished_by = np.full(posts, NONE, np.int32)
    before, last = NONE, 0
    for row in range(len(person)):
        who = person[row]
        if who < before:
            return row, OUT_OF_ORDER
        if who != before:
            begins[before + 1 : who + 1] = row
            before, last = who, 0
        if rank[row] != last + 1:
            return row, WRONG_RANK
        last += 1
        if post[row] == home[who]:
            return row, OWN_HOME
        if wished_by[post[row]] == who:
            return row, TWICE
        wished_by[post[row]] = who
    begins[before + 1 :] = len(person)
    return NONE, 0
