"""What a run found as it is kept: the answers of a participant in one row, and the whole in counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.kernels.columns import Ints
from app.kernels.mobility_moves import Moves
from app.kernels.mobility_rounds import NONE, Round
from app.kernels.run_files import Column, Lists, Numbers, Table, Words

Length = dict[str, object]
"""`isChain`, `moves` and `units`: how many there are of that length."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A run in counts; of seats and posts those that nobody may wish for are left out."""

    with_wishes: int
    first_wishes: int
    seats: int
    held_before: int
    held_after: int
    entered: int
    """People who left a post that nobody may wish for."""
    codes: list[str]
    """What the numbers of `kept_tables` stand for, from 1."""
    lengths: list[Length]
    """Chains come before cycles."""


def kept_tables(round_: Round, tables: Mapping[str, Table]) -> dict[str, Table]:
    """Results by file, but the answers beside the outcomes.

    Codes and the cells in the way are numbered from 1; 0 where no cell is. Their cut-offs are those of the post and of
    the cell, and not kept again.
    """
    answers, outcomes, cells = (tables[name].columns for name in ("answers.csv", "outcomes.csv", "cell-results.csv"))
    listed: dict[str, Column] = {
        "lot": Numbers(round_.lot),
        "codes": Lists(_words(answers["code"]).number + 1, round_.begins),
        "cells": Lists(_words(answers["cell"]).number + 1, round_.begins),
    }
    numbered = {"number": Numbers(np.arange(1, len(round_.ceiling) + 1))}
    return {
        "outcomes.csv": Table({**outcomes, **listed}),
        "post-results.csv": tables["post-results.csv"],
        "cell-results.csv": Table({**cells, **numbered}),
        "moves.csv": tables["moves.csv"],
    }


def whole_of(round_: Round, moves: Moves, tables: Mapping[str, Table]) -> Whole:
    """The counts, each apart from the others, so that one can be held against the others."""
    outcomes, code = tables["outcomes.csv"].columns, _words(tables["answers.csv"].columns["code"])
    is_offered, came, rank = round_.urgency != NONE, _words(outcomes["post"]).number, outcomes["rank"]
    if not isinstance(rank, Numbers):
        raise TypeError("ranks are numbers")
    return Whole(
        with_wishes=int((np.diff(round_.begins) > 0).sum()),
        first_wishes=int((rank.values == 1).sum()),
        seats=int(round_.seats[is_offered].sum()),
        held_before=int(is_offered[round_.home].sum()),
        held_after=int(is_offered[came].sum()),
        entered=int((~is_offered[round_.home[moves.participant]]).sum()),
        codes=code.words.astype(str).tolist(),
        lengths=_lengths(moves),
    )


def _lengths(moves: Moves) -> list[Length]:
    by_unit: Ints = np.bincount(moves.unit)[1:]
    return [
        {"isChain": is_chain, "moves": length, "units": units}
        for is_chain, of_kind in ((True, by_unit[: moves.chains]), (False, by_unit[moves.chains :]))
        for length, units in zip(*(found.tolist() for found in np.unique(of_kind, return_counts=True)), strict=True)
    ]


def _words(column: object) -> Words:
    if not isinstance(column, Words):
        raise TypeError("people, posts, cells and codes are called by words")
    return column
