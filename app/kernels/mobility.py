"""Who gets which post on arrays, equal to `domain.mobility_matching` for everybody.

Time is O(A · d · log A) for A wishes and cells d deep, memory O(A · d).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.kernels.columns import Ints
from app.kernels.compiled import compiled
from app.kernels.mobility_rounds import NONE, Round, is_sound

Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Solved:
    """The outcome of a round, and the order it rests on."""

    place: Places
    """By wish: its place in the order of applications, those at their homes left out; absent where it cannot count."""
    depth: Ints
    """By wish: of the smallest cell around home and post; 0 throughout where that does not count."""
    wish: Ints
    """By participant: the wish that came true; absent of who stays at home."""
    around: Ints
    """As `Round.around`."""


class _Nests(NamedTuple):
    """By post and then by cell: what it may hold, and what it holds during a run."""

    around: Ints
    """The smallest cell around it."""
    most: Ints
    holds: Ints
    """How many."""
    heap: Places
    """The places of what each bounded one has come to hold, the last application of each at its top."""
    room: Ints
    """Where the heap of each begins, and at the end the length of all."""
    size: Ints
    """Of its heap."""


class _Lists(NamedTuple):
    """What everybody proposes, in turn."""

    begins: Ints
    post: Ints
    home: Ints
    place: Places
    order: Ints
    """By place: the wish."""
    whose: Places
    """By place: the participant."""


def solve(round_: Round) -> Solved:
    """The outcome of a round in which nothing is wrong."""
    if not is_sound(round_):
        raise ValueError("must_be_sound says what is wrong")
    around = round_.around
    depth = _depths(round_, around)
    place, order = _order(round_, depth)
    whose = round_.participants[order].astype(np.int32)
    held = _match(_Lists(round_.begins, round_.post, round_.home, place, order, whose), _empty_nests(round_, around))
    wish = np.where(held == NONE, NONE, order[held] if len(order) else NONE)
    return Solved(place, depth, wish, around)


# ── the order of applications


def _depths(round_: Round, around: Ints) -> Ints:
    if not round_.own_cell_first:
        return np.zeros(len(round_.post), np.int64)
    return _common_depths(round_.home, round_.begins, round_.post, around)


@compiled
def _common_depths(home: Ints, begins: Ints, post: Ints, around: Ints) -> Ints:
    depth = np.zeros(len(post), np.int64)
    for who in range(len(home)):
        for wish in range(begins[who], begins[who + 1]):
            theirs = around[post[wish]]
            while theirs >= 0 and not _is_around(theirs, home[who], around):
                theirs = around[theirs]
            while theirs >= 0:
                depth[wish] += 1
                theirs = around[theirs]
    return depth


@compiled
def _is_around(cell: int, inner: int, around: Ints) -> bool:
    """Whether a cell holds a post or another cell."""
    while inner >= 0 and inner != cell:
        inner = around[inner]
    return inner == cell


def _order(round_: Round, depth: Ints) -> tuple[Places, Ints]:
    """The place of each wish that can count, and the wish of each place."""
    counts = np.flatnonzero(round_.bar == NONE)
    by_lot = np.empty(len(round_.home), np.int64)
    by_lot[np.argsort(round_.lot, kind="stable")] = np.arange(len(round_.home))
    keys = [by_lot[round_.participants[counts]], -round_.points[counts], round_.urgency[round_.post[counts]]]
    if round_.own_cell_first:
        keys.append(-depth[counts])
    order = counts[np.lexsort(keys)]  # equal ones are of one participant, and stay in the order of their ranks
    place = np.full(len(round_.post), NONE, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place, order


# ── deferred acceptance


def _empty_nests(round_: Round, around: Ints) -> _Nests:
    """Those without a bound need no heap."""
    most = np.concatenate([round_.seats, round_.ceiling])
    is_bounded = most != NONE
    wishes = np.zeros(len(most), np.int64)
    _count(wishes, round_.post[round_.bar == NONE], around)
    room = np.concatenate([[0], np.cumsum(np.where(is_bounded, wishes, 0))])
    return _Nests(
        around=around,
        most=np.where(is_bounded, most, np.iinfo(np.int64).max),
        holds=np.zeros(len(most), np.int64),
        heap=np.empty(room[-1], np.int32),
        room=room,
        size=np.zeros(len(most), np.int64),
    )


@compiled
def _count(wishes: Ints, post: Ints, around: Ints) -> None:
    for nest in post:
        while nest >= 0:
            wishes[nest] += 1
            nest = around[nest]  # noqa: PLW2901


@compiled
def _match(lists: _Lists, nests: _Nests) -> Places:
    """By participant: the place of the wish they hold at the end, absent at home.

    Everybody proposes in turn; at each step one at most has to go, who proposes next.
    """
    held = np.full(len(lists.home), NONE, np.int32)
    following = lists.begins[:-1].copy()
    for first in range(len(held)):
        who = first
        while who >= 0:
            mine, post = _proposed(who, lists, following)
            full = _first_full(post, nests)
            evicted = NONE
            if full >= 0:
                last = _last_held(full, held, lists.whose, nests)
                if mine > last:
                    continue  # the same person goes on
                evicted = lists.whose[last]
                held[evicted] = NONE
                _add(-1, lists.post[lists.order[last]], nests)
            _add(1, post, nests)
            if mine >= 0:
                held[who] = mine
                _push(mine, post, nests)
            who = evicted
    return held


@compiled
def _proposed(who: int, lists: _Lists, following: Ints) -> tuple[int, int]:
    """The place and the post of what somebody proposes next: a wish that can count, or their home."""
    while following[who] < lists.begins[who + 1]:
        wish = following[who]
        following[who] += 1
        if lists.place[wish] >= 0:
            return lists.place[wish], lists.post[wish]
    return NONE, lists.home[who]


@compiled
def _first_full(nest: int, nests: _Nests) -> int:
    """The smallest without room for one more: if one of its own goes, every larger one has room again."""
    while nest >= 0 and nests.holds[nest] < nests.most[nest]:
        nest = nests.around[nest]
    return nest


@compiled
def _add(change: int, nest: int, nests: _Nests) -> None:
    while nest >= 0:
        nests.holds[nest] += change
        nest = nests.around[nest]


@compiled
def _last_held(nest: int, held: Places, whose: Places, nests: _Nests) -> int:
    """The last application in the order that a nest holds; absent where it holds only people at their homes.

    What is held no longer is thrown away here: nobody holds again what they have been refused.
    """
    begin = nests.room[nest]
    while nests.size[nest] > 0:
        last = nests.heap[begin]
        if held[whose[last]] == last:
            return int(last)
        nests.size[nest] -= 1
        _sink(nests.heap[begin + nests.size[nest]], nests.heap[begin : begin + nests.size[nest]])
    return NONE


@compiled
def _push(mine: int, nest: int, nests: _Nests) -> None:
    """Into the heap of each bounded nest around."""
    while nest >= 0:
        begin = nests.room[nest]
        if nests.room[nest + 1] > begin:
            nests.size[nest] += 1
            _rise(mine, nests.heap[begin : begin + nests.size[nest]])
        nest = nests.around[nest]


@compiled
def _rise(mine: int, heap: Places) -> None:
    """From the last place of a heap to where it belongs."""
    child = len(heap) - 1
    while child > 0 and heap[(child - 1) // 2] < mine:
        heap[child] = heap[(child - 1) // 2]
        child = (child - 1) // 2
    heap[child] = mine


@compiled
def _sink(mine: int, heap: Places) -> None:
    """From the top of a heap, which is free, to where it belongs."""
    parent, child = 0, 1
    while child < len(heap):
        if child + 1 < len(heap) and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= mine:
            break
        heap[parent] = heap[child]
        parent, child = child, 2 * child + 1
    if len(heap):
        heap[parent] = mine
