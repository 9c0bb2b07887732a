"""Who gets what, found again by another road than the round's own.

Every post and every cell keeps a list of the applications that may come to it, in the order of applications, and a
limit that only ever moves forward: what stands behind it will never be taken there. Each person takes the first wish
that no limit refuses; where a post or else a cell has one too many, its limit moves forward over the last application
it holds, whose person goes on to the next wish. Nothing that was refused is ever looked at again, so the work is one
step for each wish and each list it stands in, beside one sort.

Why a refusal is final. It was made by a post or cell full of applications that all go before the refused one. What
comes later and goes after that one is itself the last of whatever it makes overfull; so the full one stays as good,
until a larger cell takes its last application away. That cell is then full, and all it holds goes before the one it
took, and so before the refused one. And only the smallest overfull one has a choice, because cells nest: one fewer in
it restores every larger one.
"""

from __future__ import annotations

import numpy as np

from app.verifier.columns import EMPTY, NONE, Flags, Ints, Refs, compiled
from app.verifier.order import Order
from app.verifier.snapshot import Snapshot

NO_CEILING = 2**62


class ImpossibleError(Exception):
    """A home was refused although everybody fits at home: the program itself is wrong."""


def solve(snapshot: Snapshot, order: Order) -> Ints:
    """The wish that comes true for each person; NONE stays at home."""
    cells, posts, wishes = snapshot.cells, snapshot.posts, snapshot.wishes
    room = np.concatenate([posts.seats, np.where(cells.ceiling == EMPTY, NO_CEILING, cells.ceiling)])
    post = wishes.post[order.wish]
    begins = np.zeros(len(room) + 1, np.int64)
    is_bound = room != NO_CEILING
    count_demand(post, posts.cell, cells.parent, is_bound, begins)
    lists = np.empty(begins[-1], np.int32)
    fill_lists(post, posts.cell, cells.parent, is_bound, begins[:-1].copy(), lists)
    taken = np.full(len(snapshot.people.ids), NONE, np.int64)
    people = (wishes.begins, snapshot.people.home, wishes.person, wishes.post)
    places = (posts.cell, cells.parent, room)
    if not settle(people, places, order.place, order.wish, begins, lists, taken):
        raise ImpossibleError
    return taken


@compiled
def count_demand(post: Refs, cell: Refs, parent: Refs, is_bound: Flags, begins: Ints) -> None:
    """Fill in where the list of each post, and then of each cell with a ceiling, begins and ends."""
    posts = len(cell)
    for place in range(len(post)):
        begins[post[place] + 1] += 1
        here = cell[post[place]]
        while here != NONE:
            if is_bound[posts + here]:
                begins[posts + here + 1] += 1
            here = parent[here]
    for index in range(1, len(begins)):
        begins[index] += begins[index - 1]


@compiled
def fill_lists(post: Refs, cell: Refs, parent: Refs, is_bound: Flags, free: Ints, lists: Refs) -> None:
    """Enter the places of all applications, in their order, into the lists they belong to."""
    posts = len(cell)
    for place in range(len(post)):
        lists[free[post[place]]] = place
        free[post[place]] += 1
        here = cell[post[place]]
        while here != NONE:
            if is_bound[posts + here]:
                lists[free[posts + here]] = place
                free[posts + here] += 1
            here = parent[here]


@compiled
def enter(post: int, by: int, cell: Refs, parent: Refs, held: Ints) -> None:
    """Count one person more, or fewer, at a post and in all cells around it."""
    held[post] += by
    here = cell[post]
    while here != NONE:
        held[len(cell) + here] += by
        here = parent[here]


@compiled
def is_open(place: int, post: int, cell: Refs, parent: Refs, limit: Ints) -> bool:
    """Whether no limit refuses the application at a place of the order."""
    if place >= limit[post]:
        return False
    here = cell[post]
    while here != NONE:
        if place >= limit[len(cell) + here]:
            return False
        here = parent[here]
    return True


@compiled
def smallest_overfull(post: int, cell: Refs, parent: Refs, room: Ints, held: Ints) -> int:
    """The post itself, or the first cell around it, that holds too many; or NONE."""
    if held[post] > room[post]:
        return post
    here = cell[post]
    while here != NONE:
        index: int = len(cell) + here
        if held[index] > room[index]:
            return index
        here = parent[here]
    return NONE


@compiled
def move_limit(full: int, begins: Ints, end: Ints, lists: Refs, is_taken: Flags, limit: Ints) -> int:
    """Refuse the last application that an overfull one holds; its place, or NONE where it holds only people at home."""
    end[full] -= 1
    while end[full] >= begins[full] and not is_taken[lists[end[full]]]:
        end[full] -= 1
    if end[full] < begins[full]:
        return NONE
    place: int = lists[end[full]]
    limit[full] = place
    is_taken[place] = False
    return place


@compiled
def settle(
    people: tuple[Ints, Refs, Refs, Refs],
    places: tuple[Refs, Refs, Ints],
    place: Refs,
    wish: Refs,
    begins: Ints,
    lists: Refs,
    taken: Ints,
) -> bool:
    """Let everybody take, and be moved on, until nothing is overfull. False if a home would be refused."""
    first_wish, home, person, post = people
    cell, parent, room = places
    held = np.zeros(len(room), np.int64)
    limit = np.full(len(room), len(wish))
    end = begins[1:].copy()  # of the part of each list that is not refused
    is_taken = np.zeros(len(wish), np.bool_)
    following = first_wish[:-1].copy()
    for first in range(len(home)):
        who = first
        while who != NONE:
            row = following[who]
            while row < first_wish[who + 1] and (
                place[row] == NONE or not is_open(place[row], post[row], cell, parent, limit)
            ):
                row += 1
            following[who] = row + 1
            if row < first_wish[who + 1]:
                taken[who], where = row, post[row]
                is_taken[place[row]] = True
            else:
                taken[who], where = NONE, home[who]
            enter(where, 1, cell, parent, held)
            full = smallest_overfull(where, cell, parent, room, held)
            if full == NONE:
                break
            out = move_limit(full, begins, end, lists, is_taken, limit)
            if out == NONE:
                return False
            enter(post[wish[out]], -1, cell, parent, held)
            who = person[wish[out]]
    return True
