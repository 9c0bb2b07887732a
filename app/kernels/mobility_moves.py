"""Who takes whose seat on arrays, equal to `domain.mobility_moves` for every chain and cycle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.kernels.columns import Flags, Ints
from app.kernels.compiled import compiled
from app.kernels.mobility import Solved
from app.kernels.mobility_rounds import NONE, Round


@dataclass(frozen=True, slots=True)
class Moves:
    """Every move once, unit by unit and step by step."""

    unit: Ints
    """From 1."""
    step: Ints
    """From 1, nearest the empty seat."""
    participant: Ints
    chains: int
    """How many units are chains; they come first, the others are cycles."""


def moves_of(round_: Round, solved: Solved) -> Moves:
    """The chains and then the cycles, each by the participant of its first move."""
    moving = np.flatnonzero(solved.wish != NONE)
    leaves, enters = round_.home[moving], round_.post[solved.wish[moving]]
    takes_from = _taken(leaves, enters, round_.seats - round_.at_home)
    is_first = takes_from == NONE
    follower = np.full(len(moving), NONE, np.int64)
    follower[takes_from[~is_first]] = np.flatnonzero(~is_first)
    unit, step, mover = _units(is_first, follower)
    return Moves(unit, step, moving[mover], int(is_first.sum()))


def _taken(leaves: Ints, enters: Ints, empty: Ints) -> Ints:
    """By move: the move that leaves the seat it takes; absent where the seat was empty."""
    posts = len(empty)
    coming, leaving = np.argsort(enters, kind="stable"), np.argsort(leaves, kind="stable")
    first_coming = np.concatenate([[0], np.cumsum(np.bincount(enters, minlength=posts))])
    first_leaving = np.concatenate([[0], np.cumsum(np.bincount(leaves, minlength=posts))])
    post = enters[coming]
    nth = np.arange(len(coming)) - first_coming[post] - empty[post]
    taken = np.full(len(coming), NONE, np.int64)
    takes = nth >= 0
    taken[coming[takes]] = leaving[first_leaving[post[takes]] + nth[takes]]
    return taken


@compiled
def _units(is_first: Flags, follower: Ints) -> tuple[Ints, Ints, Ints]:
    """Unit, step and move in the order of units; first those that begin with a move that follows none."""
    size = len(follower)
    unit, step, mover = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    is_done = np.zeros(size, np.bool_)
    units, done = 0, 0
    for is_chain in (True, False):
        for first in range(size):
            if is_done[first] or (is_chain and not is_first[first]):
                continue
            units += 1
            move, nth = first, 0
            while move >= 0 and not is_done[move]:
                is_done[move] = True
                nth += 1
                unit[done], step[done], mover[done] = units, nth, move
                done += 1
                move = follower[move]
    return unit, step, mover
