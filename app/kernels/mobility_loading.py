"""A round of national mobility from what PostgreSQL copies out in its binary format, block by block, into columns.

Ids are UUIDs in their own order, which is that of their text, bytewise. Nothing but the columns stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.kernels.columns import Ints
from app.kernels.compiled import compiled
from app.kernels.mobility_rounds import NONE, Labels, Names, Round

Bytes = npt.NDArray[np.uint8]
Halves = npt.NDArray[np.uint64]
HEADER = 19
"""Bytes before the first row: the signature, flags and the length of an extension that there is none of."""
END = 2
"""Bytes after the last row."""
COLUMNS = 5
NO_ELEMENTS, WITH_ELEMENTS = 12, 20
"""Bytes of an array before its elements: without any, and of one dimension."""
EIGHT, SHIFT = np.uint64(8), np.uint64(48)
AT_ONCE = 2**22
"""Bytes that are read together."""
POSTS = np.dtype(
    {
        "names": ["high", "low", "cell", "seats", "urgency"],
        "formats": [">u8", ">u8", ">i4", ">i4", ">i4"],
        "offsets": [6, 14, 26, 34, 42],
        "itemsize": 46,
    }
)
"""A row of (id uuid, cell integer, seats integer, urgency integer), none of them null: each follows its length."""


class CellColumns(NamedTuple):
    """A cell as it was frozen."""

    id: str
    parent: str | None
    level: str
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to load."""

    participants: int
    wishes: int


class Ids(NamedTuple):
    """UUIDs as two halves each, ascending; and where those begin that share their first sixteen bits."""

    high: Halves
    low: Halves
    begins: Ints


_Into = tuple[Halves, Ints, Ints, Ints, Ints]
"""People, their homes, where their wishes begin, the wishes (post, points, bar), and how many of both were read."""


class UnknownPostError(LookupError):
    """A home or a wish is a post that the round does not have."""


def read_posts(body: bytes) -> npt.NDArray[np.void]:
    """The rows of POSTS, which are sorted by id."""
    return np.frombuffer(body, POSTS, offset=HEADER, count=(len(body) - HEADER - END) // POSTS.itemsize)


class RoundReader:
    """Reads participants as rows of (id uuid, home uuid, posts uuid[], points integer[], bars smallint[]) by id."""

    def __init__(self, cells: Sequence[CellColumns], posts: npt.NDArray[np.void], size: Size) -> None:
        self._cells, self._posts = cells, posts
        self._ids = _ids_of(posts)
        self._people = np.empty((size.participants, 2), np.uint64)
        self._home = np.empty(size.participants, np.int64)
        self._begins = np.zeros(size.participants + 1, np.int64)
        self._wishes = np.empty((size.wishes, 3), np.int64)
        self._read = np.zeros(2, np.int64)  # participants, wishes
        self._pending: list[bytes] = []
        self._waiting, self._skip = 0, HEADER

    def feed(self, block: bytes) -> None:
        """Some more of what is copied out; rows may begin in one block and end in another."""
        self._pending.append(block)
        self._waiting += len(block)
        if self._waiting >= AT_ONCE:
            self._work()

    def _work(self) -> None:
        body = b"".join(self._pending)
        at = _read_people(
            np.frombuffer(body, np.uint8),
            min(self._skip, len(body)),
            self._ids,
            (self._people, self._home, self._begins, self._wishes, self._read),
        )
        if at < 0:
            raise UnknownPostError
        self._skip = 0
        self._pending = [body[at:]]
        self._waiting = len(body) - at

    def finish(self, bars: Sequence[str], *, own_cell_first: bool) -> tuple[Round, Labels]:
        """The round without lots, and what everything in it is called."""
        self._work()
        people, wishes = (int(count) for count in self._read)
        if (people, wishes) != (len(self._home), len(self._wishes)):
            raise EOFError
        labels = Labels(
            cells=_names(cell.id for cell in self._cells),
            levels=_names(cell.level for cell in self._cells),
            posts=_texts_of(self._ids.high, self._ids.low),
            participants=_texts_of(self._people[:, 0], self._people[:, 1]),
            bars=_names(bars),
        )
        place = {cell.id: number for number, cell in enumerate(self._cells)}
        columns = [(place.get(c.parent or "", NONE), NONE if c.ceiling is None else c.ceiling) for c in self._cells]
        nests = np.array(columns, np.int64).reshape(-1, 2)
        return Round(
            parent=nests[:, 0].copy(),
            ceiling=nests[:, 1].copy(),
            cell=self._posts["cell"].astype(np.int64),
            seats=self._posts["seats"].astype(np.int64),
            urgency=self._posts["urgency"].astype(np.int64),
            home=self._home,
            lot=np.zeros(people, np.uint64),
            begins=self._begins,
            post=self._wishes[:, 0].copy(),
            points=self._wishes[:, 1].copy(),
            bar=self._wishes[:, 2] - 1,
            own_cell_first=own_cell_first,
        ), labels


# ── rows


@compiled
def _read_people(body: Bytes, at: int, posts: Ids, into: _Into) -> int:
    """Read whole rows; where the next one begins, negative where a post is unknown."""
    people, home, begins, wishes, read = into
    while _is_whole(body, at):
        who, wish = read[0], read[1]
        people[who, 0], people[who, 1] = _number(body, at + 6, 8), _number(body, at + 14, 8)
        home[who] = _place_of(_number(body, at + 26, 8), _number(body, at + 34, 8), posts)
        if home[who] < 0:
            return -1
        at += 42
        for column, size in ((0, 16), (1, 4), (2, 2)):
            length = _length(body, at)
            count = _length(body, at + 16) if length > NO_ELEMENTS else 0
            element = at + 4 + WITH_ELEMENTS
            for nth in range(count):
                if column == 0:
                    place = _place_of(_number(body, element + 4, 8), _number(body, element + 12, 8), posts)
                    if place < 0:
                        return -1
                    wishes[wish + nth, 0] = place
                elif column == 1:
                    wishes[wish + nth, 1] = np.int64(np.int32(np.uint32(_number(body, element + 4, 4))))
                else:
                    wishes[wish + nth, 2] = np.int64(_number(body, element + 4, 2))
                element += 4 + size
            if column == 0:
                begins[who + 1] = wish + count
            at += 4 + length
        read[0], read[1] = who + 1, begins[who + 1]
    return at


@compiled
def _is_whole(body: Bytes, at: int) -> bool:
    """Whether a row stands there to its end."""
    if at + 2 > len(body) or _number(body, at, 2) != COLUMNS:
        return False
    at += 2
    for _ in range(COLUMNS):
        if at + 4 > len(body):
            return False
        at += 4 + _length(body, at)
    return at <= len(body)


@compiled
def _length(body: Bytes, at: int) -> int:
    """How many bytes or elements follow, in four bytes."""
    length = 0
    for byte in range(at, at + 4):
        length = length * 256 + int(body[byte])
    return length


@compiled
def _number(body: Bytes, at: int, size: int) -> np.uint64:
    """What stands there, the highest byte first."""
    value = np.uint64(0)
    for byte in range(at, at + size):
        value = (value << EIGHT) | np.uint64(body[byte])
    return value


@compiled
def _place_of(high: np.uint64, low: np.uint64, ids: Ids) -> int:
    """The number of an id, negative where it is none of them."""
    first = high >> SHIFT
    lowest, highest = ids.begins[first], ids.begins[first + np.uint64(1)]
    while lowest < highest:
        middle = (lowest + highest) // 2
        if ids.high[middle] < high or (ids.high[middle] == high and ids.low[middle] < low):
            lowest = middle + 1
        else:
            highest = middle
    if lowest < len(ids.high) and ids.high[lowest] == high and ids.low[lowest] == low:
        return int(lowest)
    return -1


# ── ids


def _ids_of(posts: npt.NDArray[np.void]) -> Ids:
    high, low = posts["high"].astype(np.uint64), posts["low"].astype(np.uint64)
    first = (high >> SHIFT).astype(np.int64)
    return Ids(high, low, np.searchsorted(first, np.arange(2**16 + 1)))


def _texts_of(high: Halves, low: Halves) -> Names:
    """UUIDs as they are written: groups of 8, 4, 4, 4 and 12 digits."""
    body = np.stack([high, low], axis=1).astype(">u8").tobytes()
    digits = np.frombuffer(body.hex().encode(), np.uint8).reshape(-1, 32)
    texts = np.full((len(digits), 36), ord("-"), np.uint8)
    for begin, end, written in ((0, 8, 0), (8, 12, 9), (12, 16, 14), (16, 20, 19), (20, 32, 24)):
        texts[:, written : written + end - begin] = digits[:, begin:end]
    names: Names = texts.view("S36").ravel()
    return names


def _names(words: Iterable[str]) -> Names:
    return np.array([word.encode() for word in words], np.bytes_)
