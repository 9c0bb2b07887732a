"""The one strict order of all applications of a round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.verifier.columns import EMPTY, NONE, Ints, Lots, Refs, compiled
from app.verifier.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Order:
    """`place` of every wish in the order, NONE of barred ones; `wish` at every place. People at home go before all.

    `depth` of the common cell of home and post, at every place; EMPTY where it does not count.
    """

    place: Refs
    wish: Refs
    depth: Ints


def order_of(snapshot: Snapshot, lots: Lots, *, is_own_cell_first: bool) -> Order:
    """Deeper in a common cell (where that is set), more urgent, more points, smaller lot, lower rank."""
    wishes = snapshot.wishes
    counts = np.flatnonzero(np.array([not bar for bar in wishes.bars], np.bool_)[wishes.bar])
    person, post = wishes.person[counts], wishes.post[counts]
    turn = np.empty(len(lots), np.int64)
    turn[np.argsort(lots, kind="stable")] = np.arange(len(lots))
    rank = counts - wishes.begins[person]
    keys = [rank, turn[person], -wishes.points[counts], snapshot.posts.urgency[post]]
    depth = np.full(len(counts), EMPTY)
    if is_own_cell_first:
        depth = common_depth(*_cells_of(snapshot, person, post), snapshot.cells.parent, snapshot.cells.depth)
        keys.append(-depth)
    sort = _sorted(keys)
    wish = counts[sort].astype(np.int32)
    place = np.full(len(wishes.person), NONE, np.int32)
    place[wish] = np.arange(len(wish), dtype=np.int32)
    return Order(place, wish, depth[sort])


def _cells_of(snapshot: Snapshot, person: Refs, post: Refs) -> tuple[Refs, Refs]:
    return snapshot.posts.cell[snapshot.people.home[person]], snapshot.posts.cell[post]


def _sorted(keys: list[Ints]) -> Ints:
    """As `np.lexsort` (the last key decides first), by one sort where all keys fit into one number."""
    spans = [int(np.ptp(key)) + 1 if len(key) else 1 for key in keys]
    whole = 1
    for span in spans:
        whole *= span
    if whole >= 2**63:
        return np.lexsort(keys)
    packed = np.zeros(len(keys[0]), np.int64)
    for key, span in zip(reversed(keys), reversed(spans), strict=True):
        packed = packed * span + (key - (key.min() if len(key) else 0))
    return np.argsort(packed)  # no two are equal


@compiled
def common_depth(one: Refs, other: Refs, parent: Refs, depth: Refs) -> Ints:
    """How deep the smallest cell lies that holds both of two cells; 0 where none does."""
    out = np.zeros(len(one), np.int64)
    for row in range(len(one)):
        a, b = one[row], other[row]
        while a != b and a != NONE and b != NONE:
            if depth[a] >= depth[b]:
                a = parent[a]
            else:
                b = parent[b]
        if a == b and a != NONE:
            out[row] = depth[a]
    return out
