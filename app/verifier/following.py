"""What follows from the outcomes of a run: answers, cut-offs, results of posts and cells, chains and cycles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.verifier.columns import EMPTY, NONE, Flags, Ints, Lots, Refs, compiled
from app.verifier.order import Order
from app.verifier.snapshot import Snapshot, count_inside

CODES = ("RECEIVED", "NOT_NEEDED", "INCUMBENT_STAYED", "BELOW_CUTOFF", "CEILING", "CEILING_OWN_CELL")
RECEIVED, NOT_NEEDED, INCUMBENT_STAYED, BELOW_CUTOFF, CEILING, CEILING_OWN_CELL = range(6)
ENVIED, WASTED = -1, -2
"""What no stable outcome has: a refusal in favour of who goes after, and one that nothing in the way explains."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The last application that is in, for each row: its columns, EMPTY (and not `known`) where none is shown."""

    depth: Ints
    urgency: Ints
    points: Ints
    lot: Lots
    known: Flags


@dataclass(frozen=True, slots=True)
class Answers:
    """A code counts on after CODES with the bars of the snapshot."""

    code: Refs
    cell: Refs
    shown: Shown


@dataclass(frozen=True, slots=True)
class Moves:
    """The first `chains` units are chains, the others cycles."""

    unit: Ints
    step: Ints
    person: Refs
    chains: int


@dataclass(frozen=True, slots=True)
class Following:
    """Everything a run publishes beside its outcomes."""

    where: Refs
    filled: Ints
    incumbents: Ints
    post_shown: Shown
    before: Ints
    after: Ints
    cell_shown: Shown
    answers: Answers
    moves: Moves


def what_follows(snapshot: Snapshot, lots: Lots, order: Order, taken: Ints) -> Following:
    """From the wish that came true for each person (NONE: stays at home)."""
    posts, cells, people, wishes = snapshot.posts, snapshot.cells, snapshot.people, snapshot.wishes
    is_moving = taken != NONE
    where = np.where(is_moving, wishes.post[taken] if len(wishes.post) else people.home, people.home).astype(np.int32)
    filled = np.bincount(where, minlength=len(posts.ids))
    after = count_inside(filled, posts.cell, cells.parent)
    last = np.full(len(posts.ids) + len(cells.ids), NONE, np.int32)
    find_last(order.place[taken[is_moving]], where[is_moving], posts.cell, cells.parent, last)
    is_full = np.concatenate([filled == posts.seats, (cells.ceiling != EMPTY) & (after == cells.ceiling)])
    incumbents = np.bincount(where[~is_moving], minlength=len(posts.ids))
    last_of_post, last_of_cell = last[: len(posts.ids)], last[len(posts.ids) :]
    at_home = np.bincount(people.home, minlength=len(posts.ids))
    return Following(
        where=where,
        filled=filled,
        incumbents=incumbents,
        post_shown=_shown(snapshot, lots, order, last_of_post),
        before=count_inside(at_home, posts.cell, cells.parent),
        after=after,
        cell_shown=_shown(snapshot, lots, order, np.where(is_full[len(posts.ids) :], last_of_cell, NONE)),
        answers=_answers(snapshot, lots, order, (taken, where), (is_full, last)),
        moves=_moves(people.home, where, posts.seats - at_home),
    )


def _answers(
    snapshot: Snapshot, lots: Lots, order: Order, ends: tuple[Ints, Refs], state: tuple[Flags, Refs]
) -> Answers:
    wishes, cells, posts = snapshot.wishes, snapshot.cells, snapshot.posts
    code = (wishes.bar + len(CODES)).astype(np.int32)
    cell, shown = np.full(len(code), NONE, np.int32), np.full(len(code), NONE, np.int32)
    places = (posts.cell, cells.parent, cells.depth)
    explain((wishes.person, wishes.post, order.place), ends, places, state, code, cell, shown)
    return Answers(code, cell, _shown(snapshot, lots, order, shown))


def _shown(snapshot: Snapshot, lots: Lots, order: Order, places: Refs) -> Shown:
    """The columns of the applications at these places of the order."""
    known = places != NONE
    wish = order.wish[places[known]]
    depth, urgency, points = np.full((3, len(places)), EMPTY)
    lot = np.zeros(len(places), np.uint64)
    depth[known] = order.depth[places[known]]
    urgency[known] = snapshot.posts.urgency[snapshot.wishes.post[wish]]
    points[known] = snapshot.wishes.points[wish]
    lot[known] = lots[snapshot.wishes.person[wish]]
    return Shown(depth, urgency, points, lot, known)


@compiled
def find_last(place: Refs, post: Refs, cell: Refs, parent: Refs, last: Refs) -> None:
    """Fill in the last application from elsewhere that each post, and then each cell, holds."""
    for index in range(len(place)):
        last[post[index]] = max(last[post[index]], place[index])
        here = cell[post[index]]
        while here != NONE:
            last[len(cell) + here] = max(last[len(cell) + here], place[index])
            here = parent[here]


@compiled
def is_inside(cell: int, outer: int, parent: Refs, depth: Refs) -> bool:
    """Whether a cell is another or lies in it."""
    while cell != NONE and depth[cell] > depth[outer]:
        cell = parent[cell]
    return cell == outer


@compiled
def find_ceiling(
    place: int, post: int, own: int, cell: Refs, parent: Refs, depth: Refs, is_full: Flags, last: Refs
) -> tuple[int, int]:
    """The cell that refuses an application at a post with an empty seat, and the code; `own` is its person's cell."""
    posts = len(cell)
    with_own = NONE
    here = cell[post]
    while here != NONE:
        if is_full[posts + here] and last[posts + here] < place:
            if not is_inside(own, here, parent, depth):
                return here, CEILING
            if with_own == NONE:
                with_own = here
        here = parent[here]
    return with_own, WASTED if with_own == NONE else CEILING_OWN_CELL


@compiled
def explain(
    wishes: tuple[Refs, Refs, Refs],
    ends: tuple[Ints, Refs],
    places: tuple[Refs, Refs, Refs],
    state: tuple[Flags, Refs],
    code: Refs,
    cells: Refs,
    shown: Refs,
) -> None:
    """Fill in the code of every wish that is not barred, its cell, and the place of the application to be shown."""
    person, post, place = wishes
    taken, where = ends
    cell, parent, depth = places
    is_full, last = state
    for row in range(len(person)):
        who, target = person[row], post[row]
        if place[row] == NONE:
            continue
        if taken[who] == row:
            code[row] = RECEIVED
        elif taken[who] != NONE and row > taken[who]:
            code[row] = NOT_NEEDED
        elif not is_full[target]:
            found, code[row] = find_ceiling(place[row], target, cell[where[who]], cell, parent, depth, is_full, last)
            cells[row] = found
            if found != NONE:
                shown[row] = last[len(cell) + found]
        elif last[target] == NONE:
            code[row] = INCUMBENT_STAYED
        elif last[target] < place[row]:
            code[row], shown[row] = BELOW_CUTOFF, last[target]
        else:
            code[row] = ENVIED


def _moves(home: Refs, where: Refs, empty: Ints) -> Moves:
    """Chains, then cycles, each by the participant of its first step."""
    movers = np.flatnonzero(home != where)
    takes_over = np.full(len(home), NONE, np.int64)
    leads = np.zeros(len(home), np.bool_)
    leaving = movers[np.argsort(home[movers], kind="stable")]
    coming = movers[np.argsort(where[movers], kind="stable")]
    hand_over(coming, leaving, home, where, empty.copy(), takes_over, leads)
    unit, step = np.empty(len(movers), np.int64), np.empty(len(movers), np.int64)
    person = np.empty(len(movers), np.int32)
    number_units(movers, takes_over, leads, unit, step, person)
    return Moves(unit, step, person, int(np.count_nonzero(leads)))


@compiled
def hand_over(
    coming: Ints, leaving: Ints, home: Refs, where: Refs, empty: Ints, takes_over: Ints, leads: Flags
) -> None:
    """Fill in who takes over the seat that each leaves, and who takes a seat that was empty before."""
    at = 0
    for index in range(len(coming)):
        who, post = coming[index], where[coming[index]]
        if empty[post] > 0:
            empty[post] -= 1
            leads[who] = True
            continue
        while at < len(leaving) and home[leaving[at]] < post:
            at += 1
        if at < len(leaving) and home[leaving[at]] == post:  # always, where nothing is overfull
            takes_over[leaving[at]] = who
            at += 1


@compiled
def number_units(movers: Ints, takes_over: Ints, leads: Flags, unit: Ints, step: Ints, person: Refs) -> None:
    """Follow every chain from who takes an empty seat, then every cycle from its first person."""
    is_done = np.zeros(len(leads), np.bool_)
    units, row = 0, 0
    for are_chains in (True, False):
        for first in movers:
            if is_done[first] or leads[first] != are_chains:
                continue
            units += 1
            who, steps = first, 0
            while who != NONE and not is_done[who]:
                is_done[who] = True
                steps += 1
                unit[row], step[row], person[row] = units, steps, who
                row += 1
                who = takes_over[who]
