"""What a run answers on arrays, equal to `domain.mobility_answers` for every wish, post and cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.domain.mobility_answers import Code
from app.kernels.columns import Ints
from app.kernels.compiled import compiled
from app.kernels.mobility import Solved
from app.kernels.mobility_rounds import NONE, Round

CODES = tuple(Code)
RECEIVED, NOT_NEEDED, INCUMBENT_STAYED, BELOW_CUTOFF, CEILING, CEILING_OWN_CELL = range(len(CODES))
Small = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Results:
    """Applications are shown as wishes; absent values are -1."""

    code: Small
    """By wish: the place in CODES; absent where the wish is barred."""
    cell: Ints
    """By wish: the full one that is in the way."""
    cutoff: Ints
    """By wish: the last that is in where this one is not."""
    filled: Ints
    """By post."""
    incumbents: Ints
    last: Ints
    """By post: who came in last in the order."""
    before: Ints
    """By cell: how many people it held."""
    after: Ints
    last_inside: Ints
    """By cell: who is not at their home and last in the order, of a full one."""


def results_of(round_: Round, solved: Solved) -> Results:
    """Everything a run answers."""
    posts = len(round_.seats)
    came = np.where(solved.wish == NONE, round_.home, round_.post[solved.wish] if len(round_.post) else NONE)
    holds, last = _held(came, solved.wish, solved.place, solved.around)
    stays = solved.wish == NONE
    is_full = holds == np.concatenate([round_.seats, round_.ceiling])
    last_shown = np.where(is_full | (np.arange(len(holds)) < posts), last, NONE)
    code, in_way = _answers(
        round_.begins, round_.post, round_.bar, came, solved.wish, solved.around, is_full, last_shown
    )
    return Results(
        code=code,
        cell=np.where(in_way >= posts, in_way - posts, NONE),
        cutoff=np.where(in_way == NONE, NONE, last_shown[in_way]),
        filled=holds[:posts],
        incumbents=np.bincount(round_.home[stays], minlength=posts),
        last=last_shown[:posts],
        before=round_.stock,
        after=holds[posts:],
        last_inside=last_shown[posts:],
    )


@compiled
def _held(came: Ints, wish: Ints, place: npt.NDArray[np.int32], around: Ints) -> tuple[Ints, Ints]:
    """By post and cell: how many it holds, and the last who is not at home."""
    holds, last = np.zeros(len(around), np.int64), np.full(len(around), -1, np.int64)
    for who in range(len(came)):
        nest = came[who]
        while nest >= 0:
            holds[nest] += 1
            if wish[who] >= 0 and (last[nest] < 0 or place[wish[who]] > place[last[nest]]):
                last[nest] = wish[who]
            nest = around[nest]
    return holds, last


@compiled
def _answers(
    begins: Ints,
    post: Ints,
    bar: Ints,
    came: Ints,
    received: Ints,
    around: Ints,
    is_full: npt.NDArray[np.bool_],
    last: Ints,
) -> tuple[Small, Ints]:
    """By wish: its code, and the post or cell that is in the way."""
    code, in_way = np.full(len(post), -1, np.int8), np.full(len(post), -1, np.int64)
    for who in range(len(came)):
        for wish in range(begins[who], begins[who + 1]):
            if bar[wish] >= 0:
                continue
            if 0 <= received[who] <= wish:
                code[wish] = RECEIVED if received[who] == wish else NOT_NEEDED
                continue
            nest = post[wish]
            while not is_full[nest]:
                nest = around[nest]
            in_way[wish] = nest
            if nest == post[wish]:
                code[wish] = INCUMBENT_STAYED if last[nest] < 0 else BELOW_CUTOFF
            else:
                own = came[who]
                while own >= 0 and own != nest:
                    own = around[own]
                code[wish] = CEILING_OWN_CELL if own == nest else CEILING
    return code, in_way
