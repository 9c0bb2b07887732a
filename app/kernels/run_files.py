"""The nine files of a mobility round as bytes, some rows at a time, for whoever writes, digests or sends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.domain.mobility_run import RESULTS, SNAPSHOT
from app.kernels.columns import Flags, Ints
from app.kernels.compiled import compiled
from app.kernels.mobility import Solved
from app.kernels.mobility_answers import CODES, Results
from app.kernels.mobility_moves import Moves
from app.kernels.mobility_rounds import NONE, Labels, Lots, Names, Round

AT_ONCE = 2**15
"""Rows."""
COMMA, LINE_END, MINUS, ZERO, QUOTE, OPEN, CLOSE = b',\n-0"{}'
TEN = np.uint64(10)
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Words:
    """A column of text: one of the words, none where the number is -1."""

    words: Names
    number: Ints

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of whole numbers, some of which may be absent."""

    values: Ints | Lots
    is_there: Flags | None = None

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Lists:
    """A column of lists of whole numbers from 0, one after the other: where each begins, and where the last ends."""

    values: Ints
    begins: Ints

    def __len__(self) -> int:
        return len(self.begins) - 1


Column: TypeAlias = Words | Numbers | Lists


@dataclass(frozen=True, slots=True)
class Table:
    """A file: its columns, each as long as the file has rows."""

    columns: Mapping[str, Column]

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values())))

    def blocks(self, at_once: int = AT_ONCE) -> Iterator[bytes]:
        """The file in order: the header, then some rows at a time."""
        yield (",".join(self.columns) + "\n").encode()
        writers = [_writer(column) for column in self.columns.values()]
        for start in range(0, self.rows, at_once):
            yield _block(writers, slice(start, min(start + at_once, self.rows)))


# ── the tables


def snapshot_tables(round_: Round, labels: Labels) -> dict[str, Table]:
    """What is frozen before the run, by file."""
    columns: dict[str, Sequence[Column]] = {
        "cells.csv": (
            _each(labels.cells),
            Words(labels.cells, round_.parent),
            _each(labels.levels),
            _numbers(round_.ceiling),
        ),
        "posts.csv": (
            _each(labels.posts),
            Words(labels.cells, round_.cell),
            Numbers(round_.seats),
            _numbers(round_.urgency),
        ),
        "participants.csv": (_each(labels.participants), Words(labels.posts, round_.home)),
        "wishes.csv": (
            Words(labels.participants, round_.participants),
            Numbers(round_.ranks),
            Words(labels.posts, round_.post),
            Numbers(round_.points),
            Words(labels.bars, round_.bar),
        ),
    }
    return {name: _table(SNAPSHOT[name], columns[name]) for name in SNAPSHOT}


def result_tables(round_: Round, labels: Labels, solved: Solved, results: Results, moves: Moves) -> dict[str, Table]:
    """What a run found, by file."""
    shown = _Shown(round_, solved)
    columns: dict[str, Sequence[Column]] = {
        "outcomes.csv": _outcomes(round_, labels, solved),
        "answers.csv": _answers(round_, labels, results, shown),
        "post-results.csv": (
            _each(labels.posts),
            Numbers(round_.seats),
            Numbers(results.filled),
            Numbers(round_.seats - results.filled),
            Numbers(results.incumbents),
            shown.depth(results.last),
            shown.points(results.last),
            shown.lot(results.last),
        ),
        "cell-results.csv": (
            _each(labels.cells),
            _numbers(round_.ceiling),
            Numbers(results.before),
            Numbers(results.after),
            *shown.columns(results.last_inside),
        ),
        "moves.csv": (
            Numbers(moves.unit),
            Numbers(moves.step),
            Words(labels.participants, moves.participant),
            Words(labels.posts, round_.home[moves.participant]),
            Words(labels.posts, round_.post[solved.wish[moves.participant]]),
        ),
    }
    return {name: _table(RESULTS[name], columns[name]) for name in RESULTS}


def _outcomes(round_: Round, labels: Labels, solved: Solved) -> Sequence[Column]:
    moves = solved.wish != NONE
    came = round_.home.copy()
    came[moves] = round_.post[solved.wish[moves]]
    rank = np.zeros(len(came), np.int64)
    rank[moves] = round_.ranks[solved.wish[moves]]
    return _each(labels.participants), Words(labels.posts, came), Numbers(rank, moves)


def _answers(round_: Round, labels: Labels, results: Results, shown: _Shown) -> Sequence[Column]:
    codes = np.concatenate([np.array(CODES, np.bytes_), labels.bars])
    code = np.where(round_.bar == NONE, results.code, round_.bar + len(CODES))
    return (
        Words(labels.participants, round_.participants),
        Numbers(round_.ranks),
        Words(codes, code),
        Words(labels.cells, results.cell),
        *shown.columns(results.cutoff),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Applications as they are shown where they are the last that is in; by wish, absent where there is none."""

    round_: Round
    solved: Solved

    def columns(self, wish: Ints) -> Sequence[Column]:
        is_shown = wish != NONE
        urgency = np.zeros(len(wish), np.int64)
        urgency[is_shown] = self.round_.urgency[self.round_.post[wish[is_shown]]]
        return self.depth(wish), Numbers(urgency, is_shown), self.points(wish), self.lot(wish)

    def depth(self, wish: Ints) -> Column:
        return self._of(self.solved.depth, wish if self.round_.own_cell_first else np.full(len(wish), NONE))

    def points(self, wish: Ints) -> Column:
        return self._of(self.round_.points, wish)

    def lot(self, wish: Ints) -> Column:
        is_shown = wish != NONE
        whose = np.searchsorted(self.round_.begins, wish[is_shown], "right") - 1
        lot = np.zeros(len(wish), np.uint64)
        lot[is_shown] = self.round_.lot[whose]
        return Numbers(lot, is_shown)

    def _of(self, values: Ints, wish: Ints) -> Column:
        is_shown = wish != NONE
        shown = np.zeros(len(wish), np.int64)
        shown[is_shown] = values[wish[is_shown]]
        return Numbers(shown, is_shown)


def _table(names: Sequence[str], columns: Sequence[Column]) -> Table:
    return Table(dict(zip(names, columns, strict=True)))


def _each(words: Names) -> Words:
    return Words(words, np.arange(len(words)))


def _numbers(values: Ints) -> Numbers:
    """Numbers from 0, absent where -1."""
    return Numbers(values, values != NONE)


# ── bytes


@dataclass(frozen=True, slots=True)
class _Text:
    """The letters of each word in a row of their own, and which word each row of the file has."""

    letters: Bytes
    length: Ints
    number: Ints

    def widen(self, width: Ints, rows: slice) -> None:
        _widen_words(width, self.length, self.number[rows])

    def write(self, written: Bytes, cursor: Ints, following: int, rows: slice) -> None:
        _write_words(written, cursor, self.letters, self.length, self.number[rows], following)


@dataclass(frozen=True, slots=True)
class _Digits:
    """Whole numbers, written in tens."""

    values: Ints | Lots
    is_there: Flags

    def widen(self, width: Ints, rows: slice) -> None:
        _widen_numbers(width, *self._parts(rows))

    def write(self, written: Bytes, cursor: Ints, following: int, rows: slice) -> None:
        _write_numbers(written, cursor, *self._parts(rows), following)

    def _parts(self, rows: slice) -> tuple[Lots, Flags, Flags]:
        """Magnitude and sign, since a lot is larger than what has a sign; and whether there is a number."""
        values = self.values[rows]
        magnitude: Lots = (values if values.dtype == np.uint64 else np.abs(values)).astype(np.uint64)
        return magnitude, values < 0, self.is_there[rows]


@dataclass(frozen=True, slots=True)
class _Braces:
    """Lists, as PostgreSQL reads arrays."""

    values: Lots
    begins: Ints

    def widen(self, width: Ints, rows: slice) -> None:
        _widen_lists(width, self.values, self.begins[rows.start : rows.stop + 1])

    def write(self, written: Bytes, cursor: Ints, following: int, rows: slice) -> None:
        _write_lists(written, cursor, self.values, self.begins[rows.start : rows.stop + 1], following)


_Writer: TypeAlias = _Text | _Digits | _Braces


def _writer(column: Column) -> _Writer:
    if isinstance(column, Words):
        words = np.ascontiguousarray(column.words)
        letters = words.view(np.uint8).reshape(len(words), words.dtype.itemsize)
        return _Text(letters, (letters > 0).sum(axis=1), column.number)
    if isinstance(column, Lists):
        return _Braces(column.values.astype(np.uint64), column.begins)
    is_there = np.ones(len(column.values), np.bool_) if column.is_there is None else column.is_there
    return _Digits(column.values, is_there)


def _block(writers: Sequence[_Writer], rows: slice) -> bytes:
    """Some rows: each column is written where the one before it has ended."""
    width = np.full(rows.stop - rows.start, len(writers), np.int64)  # what follows each value
    for writer in writers:
        writer.widen(width, rows)
    end = np.cumsum(width)
    cursor, written = end - width, np.empty(end[-1], np.uint8)
    for nth, writer in enumerate(writers, start=1):
        writer.write(written, cursor, LINE_END if nth == len(writers) else COMMA, rows)
    return written.tobytes()


@compiled
def _widen_words(width: Ints, length: Ints, number: Ints) -> None:
    for row in range(len(width)):
        if number[row] >= 0:
            width[row] += length[number[row]]


@compiled
def _write_words(written: Bytes, cursor: Ints, letters: Bytes, length: Ints, number: Ints, following: int) -> None:
    for row in range(len(cursor)):
        at = cursor[row]
        if number[row] >= 0:
            for letter in range(length[number[row]]):
                written[at] = letters[number[row], letter]
                at += 1
        written[at] = following
        cursor[row] = at + 1


@compiled
def _widen_numbers(width: Ints, magnitude: Lots, is_negative: Flags, is_there: Flags) -> None:
    for row in range(len(width)):
        if is_there[row]:
            width[row] += _digits(magnitude[row]) + is_negative[row]


@compiled
def _digits(magnitude: np.uint64) -> int:
    digits = 1
    while magnitude >= TEN:
        magnitude //= TEN
        digits += 1
    return digits


@compiled
def _write_digits(written: Bytes, at: int, rest: np.uint64) -> int:
    """Where it ends."""
    end = at + _digits(rest)
    for digit in range(end - 1, at - 1, -1):
        written[digit] = ZERO + rest % TEN
        rest //= TEN
    return end


@compiled
def _write_numbers(
    written: Bytes, cursor: Ints, magnitude: Lots, is_negative: Flags, is_there: Flags, following: int
) -> None:
    for row in range(len(cursor)):
        at = cursor[row]
        if is_there[row]:
            if is_negative[row]:
                written[at] = MINUS
                at += 1
            at = _write_digits(written, at, magnitude[row])
        written[at] = following
        cursor[row] = at + 1


@compiled
def _widen_lists(width: Ints, values: Lots, begins: Ints) -> None:
    for row in range(len(width)):
        width[row] += 4 + max(begins[row + 1] - begins[row] - 1, 0)
        for nth in range(begins[row], begins[row + 1]):
            width[row] += _digits(values[nth])


@compiled
def _write_lists(written: Bytes, cursor: Ints, values: Lots, begins: Ints, following: int) -> None:
    for row in range(len(cursor)):
        at = cursor[row]
        written[at], written[at + 1] = QUOTE, OPEN
        at += 2
        for nth in range(begins[row], begins[row + 1]):
            if nth > begins[row]:
                written[at] = COMMA
                at += 1
            at = _write_digits(written, at, values[nth])
        written[at], written[at + 1], written[at + 2] = CLOSE, QUOTE, following
        cursor[row] = at + 3
