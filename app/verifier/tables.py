"""One CSV table of a run: its bytes, where its values are, and its columns, each refused where it is not as written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.verifier import scanning
from app.verifier.columns import EMPTY, NONE, Bytes, Flags, Ints, Lots, Places, Refs
from app.verifier.sentences import Unusable

FAULTS = {
    scanning.CUT_SHORT: "table.cut_short",
    scanning.WRONG_COLUMNS: "table.columns",
    scanning.FORBIDDEN: "table.character",
}
HIGHEST = 10**18 - 1
MOST_COUNTED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a table in its order, side by side, and slots to find them by."""

    text: Bytes
    bounds: Ints
    slots: Refs

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def name(self, index: int) -> str:
        """The id at an index; nothing for NONE."""
        return "" if index == NONE else self.bytes_of(index).decode()

    def bytes_of(self, index: int) -> bytes:
        return self.text[self.bounds[index] : self.bounds[index + 1]].tobytes()


@dataclass(frozen=True, slots=True)
class Table:
    """The values of one file; the first row stands in line 2."""

    name: str
    columns: tuple[str, ...]
    text: Bytes
    places: Places
    rows: int

    def refusal(self, code: str, row: int, column: str | None = None, **about: object) -> Unusable:
        """Why the file cannot be used, with its line and, of a column, its value."""
        if column is not None:
            about |= {"column": column, "value": self.value(row, column)}
        return Unusable(code, file=self.name, line=row + 2, **about)

    def value(self, row: int, column: str) -> str:
        at = row * len(self.columns) + self.columns.index(column)
        return self.text[int(self.places[at]) : int(self.places[at + 1]) - 1].tobytes().decode()

    def _from(self, column: str) -> tuple[Places, int]:
        return self.places[self.columns.index(column) :], len(self.columns)

    def must_be_there(self, column: str) -> None:
        """Refuse an empty value."""
        if (bad := scanning.blank(*self._from(column), self.rows)) != NONE:
            raise self.refusal("value.empty", bad, column)

    def numbers(self, column: str, low: int = -HIGHEST, high: int = HIGHEST, *, is_optional: bool = False) -> Ints:
        """Whole numbers between two bounds, EMPTY where there is none."""
        if not is_optional:
            self.must_be_there(column)
        out = np.full(self.rows, EMPTY)
        if (bad := scanning.numbers(self.text, *self._from(column), low, high, out)) != NONE:
            raise self.refusal("value.number", bad, column, low=low, high=high)
        return out

    def lots(self, column: str) -> tuple[Lots, Flags]:
        """Lots, and which are there."""
        out, known = np.zeros(self.rows, np.uint64), np.zeros(self.rows, np.bool_)
        if (bad := scanning.lots(self.text, *self._from(column), out, known)) != NONE:
            raise self.refusal("value.number", bad, column, low=0, high=2**64 - 1)
        return out, known

    def ids(self, column: str) -> Ids:
        """The ids this table names, which stand in bytewise order and once each."""
        begin, step = self._from(column)
        bounds = np.zeros(self.rows + 1, np.int64)
        if (bad := scanning.measure_ids(self.text, begin, step, bounds)) != NONE:
            raise self.refusal("value.id", bad, column)
        text = np.empty(bounds[-1], np.uint8)
        scanning.copy_ids(self.text, begin, step, bounds, text)
        bad, is_twice = scanning.first_not_ascending(text, bounds)
        if bad != NONE:
            raise self.refusal("order.twice" if is_twice else "order.wrong", bad, column)
        slots = _slots(self.rows)
        scanning.fill_slots(text, bounds, slots)
        return Ids(text, bounds, slots)

    def refs(self, column: str, ids: Ids, *, is_optional: bool = False) -> Refs:
        """Indices of ids another table names, NONE where there is none."""
        if not is_optional:
            self.must_be_there(column)
        out = np.full(self.rows, NONE, np.int32)
        bad = scanning.refer(self.text, *self._from(column), ids.text, ids.bounds, ids.slots, out)
        if bad != NONE:
            raise self.refusal("value.unknown", bad, column)
        return out

    def words(self, column: str) -> tuple[Refs, list[str]]:
        """Each value as an index of the list of different values."""
        out = np.empty(self.rows, np.int32)
        size = 1 << 12
        while True:
            firsts = np.empty(size, np.int64)
            found = scanning.number_words(self.text, *self._from(column), _slots(size), firsts, out)
            if found != NONE:
                return out, [self.value(int(row), column) for row in firsts[:found]]
            size *= 16


def _slots(values: int) -> Refs:
    """At least twice as many as there are values, a power of two."""
    return np.full(1 << (2 * values + 1).bit_length(), NONE, np.int32)


def read_table(path: Path, columns: Sequence[str], rows: int, sha256: str) -> Table:
    """One table of a run. It must have these columns, so many rows, and this SHA-256."""
    text = _bytes_of(path)
    header = (",".join(columns) + "\n").encode()
    if text[: len(header)].tobytes() != header:
        raise Unusable("table.header", file=path.name, line=1, header=header.decode().strip())
    kind = np.uint32 if len(text) < 2**32 else np.int64
    places: Places = np.empty(min(rows * len(columns), len(text)) + 1, kind)
    lines, bad, fault, is_plain = scanning.divide(text, len(header), len(columns), places)
    if bad != NONE:
        raise Unusable(FAULTS[fault], file=path.name, line=bad + 2, columns=len(columns))
    if lines != rows:
        raise Unusable("file.rows", file=path.name, rows=lines, stated=rows)
    if hashlib.sha256(text.data).hexdigest() != sha256:
        raise Unusable("file.digest", file=path.name)
    if not is_plain:
        _must_be_utf8(path.name, text)
    return Table(path.name, tuple(columns), text, places, lines)


def _bytes_of(path: Path) -> Bytes:
    try:
        return np.fromfile(path, np.uint8)
    except OSError as error:
        raise Unusable("file.unreadable", file=path.name, why=error.strerror) from error


def _must_be_utf8(name: str, text: Bytes) -> None:
    try:
        text.tobytes().decode()
    except UnicodeDecodeError as error:
        line = 1 + int(np.count_nonzero(text[: error.start] == scanning.LINE_END))
        raise Unusable("file.not_utf8", file=name, line=line) from error
