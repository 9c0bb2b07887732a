"""A round of national mobility by chance, the same every time: few regions draw most wishes, others have room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.mobility import NOT_RELEASED
from app.kernels.columns import Ints
from app.kernels.mobility_rounds import NONE, Labels, Names, Round

NATION = 5_600_000
"""People, of whom some take part."""
PARTICIPANTS = 500_000
WISHES = 10
EMPTY_SEATS = 100_000
POSTS = 514_000
PROVINCES, REGENCIES = 38, 514
"""Nested cells: 552."""
POPULARITY = 0.8  # the n-th region attracts 1/n^0.8 as many wishes as the first
IN_POOL = 0.01
BARRED = 0.03
HEADROOM = 0.1  # of the people at home, in the less popular half of the regions
CLASSES = 3
POINTS = 1000
BARS = (NOT_RELEASED, "NOT_ELIGIBLE:time-in-post")
ALPHABET = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", np.uint8)
LETTERS = 10


@dataclass(frozen=True, slots=True)
class _Posts:
    cell: Ints
    seats: Ints
    urgency: Ints


def invent(participants: int, seed: int = 1) -> tuple[Round, Labels]:
    """A round without lots, in which posts and empty seats are as many to a participant as in the nation."""
    chance = np.random.default_rng([seed, participants])
    share = participants / PARTICIPANTS
    posts, empty = round(POSTS * share), round(EMPTY_SEATS * share)
    province = np.sort(chance.integers(0, PROVINCES, REGENCIES))
    regency = chance.integers(0, REGENCIES, posts)
    home = np.where(
        chance.random(participants) < IN_POOL,
        posts + chance.integers(0, PROVINCES, participants),
        chance.integers(0, posts, participants),
    )
    at_home = np.bincount(home, minlength=posts + PROVINCES)
    seats = at_home + np.bincount(chance.integers(0, posts, empty), minlength=posts + PROVINCES)
    cell = np.concatenate([PROVINCES + regency, np.arange(PROVINCES)])
    is_pool = np.arange(posts + PROVINCES) >= posts
    order = chance.permutation(posts + PROVINCES)  # ids say nothing
    place = np.argsort(order)
    urgency = np.where(is_pool, NONE, chance.integers(1, CLASSES + 1, posts + PROVINCES))
    there = _Posts(cell[order], seats[order], urgency[order])
    begins, post = _wishes(chance, place[home], there)
    round_ = Round(
        parent=np.concatenate([np.full(PROVINCES, NONE), province]),
        ceiling=_ceilings(at_home, cell, province),
        cell=there.cell,
        seats=there.seats,
        urgency=there.urgency,
        home=place[home],
        lot=np.zeros(participants, np.uint64),
        begins=begins,
        post=post,
        points=chance.integers(0, POINTS, len(post)),
        bar=np.where(chance.random(len(post)) < BARRED, chance.integers(0, len(BARS), len(post)), NONE),
        own_cell_first=False,
    )
    return round_, _labels(chance, round_)


def _wishes(chance: np.random.Generator, home: Ints, posts: _Posts) -> tuple[Ints, Ints]:
    """Ten posts with seats for nearly everybody, none twice and none their home."""
    popularity = np.concatenate([np.zeros(PROVINCES), np.arange(1, REGENCIES + 1) ** -POPULARITY])
    open_ = np.flatnonzero((posts.seats > 0) & (posts.urgency != NONE))
    cells = posts.cell[open_]
    weight = np.cumsum(popularity[cells] / np.bincount(cells, minlength=len(popularity))[cells])
    drawn = open_[np.searchsorted(weight, chance.random((len(home), WISHES + 4)) * weight[-1], "right")]
    is_good = drawn != home[:, None]
    for nth in range(1, drawn.shape[1]):
        is_good[:, nth] &= (drawn[:, :nth] != drawn[:, nth : nth + 1]).all(axis=1)
    is_good &= np.cumsum(is_good, axis=1) <= WISHES
    return np.concatenate([[0], np.cumsum(is_good.sum(axis=1))]), drawn[is_good]


def _ceilings(at_home: Ints, cell: Ints, province: Ints) -> Ints:
    """Present stock, and headroom where few want to go; of a province, for half of what its regencies have room for."""
    stock = np.bincount(cell, at_home, minlength=PROVINCES + REGENCIES).astype(np.int64)
    is_unpopular = np.arange(REGENCIES) >= REGENCIES // 2
    headroom = np.where(is_unpopular, np.ceil(stock[PROVINCES:] * HEADROOM), 0).astype(np.int64)
    of_province = np.bincount(province, headroom, minlength=PROVINCES).astype(np.int64) // 2
    stock[:PROVINCES] += np.bincount(province, stock[PROVINCES:], minlength=PROVINCES).astype(np.int64)
    ceilings: Ints = stock + np.concatenate([of_province, headroom])
    return ceilings


def _labels(chance: np.random.Generator, round_: Round) -> Labels:
    levels = ["province"] * PROVINCES + ["regency"] * REGENCIES
    return Labels(
        cells=_ids(chance, len(round_.parent)),
        levels=np.array(levels, np.bytes_),
        posts=_ids(chance, len(round_.seats)),
        participants=_ids(chance, len(round_.home)),
        bars=np.array(BARS, np.bytes_),
    )


def _ids(chance: np.random.Generator, number: int) -> Names:
    """Opaque ids, ascending."""
    numbers = np.unique(chance.integers(0, 32**LETTERS, number + number // 100 + 100))
    numbers = np.sort(chance.permutation(numbers)[:number])
    letters = ALPHABET[numbers[:, None] // 32 ** np.arange(LETTERS - 1, -1, -1) % 32]
    ids: Names = np.ascontiguousarray(letters).view(f"S{LETTERS}").ravel()
    return ids
