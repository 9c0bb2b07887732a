"""Small cells: which counts of a table are withheld when it leaves the institution, so that nobody can be told from it.

Counts of one to four people are withheld. As rows and columns add up to their totals, more counts are withheld until
none of the withheld ones can be worked out: for each there are at least two numbers that fit everything that is told.

The table is looked at with its totals as one more row and column, totals counted negative, so that every row and column
adds up to nothing. A count can be another one exactly if some of the withheld ones can rise and fall around a closed
way through it, alternately along rows and columns, without any falling below nothing. Where there is no such way, the
one that costs the fewest people is withheld as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import product

SMALLEST_TOLD = 5
"""People; fewer are told only where there are none."""
DEAREST = 10**12  # the price of withholding a nothing: more than any number of people

Place = tuple[int, int]
Node = tuple[bool, int]
"""A row (True) or a column (False), and its number."""


@dataclass(frozen=True, slots=True)
class Told:
    """A table as it may be told; None where a count is withheld."""

    cells: tuple[tuple[int | None, ...], ...]
    rows: tuple[int | None, ...]
    """The totals of the rows."""
    columns: tuple[int | None, ...]
    """The totals of the columns."""
    total: int | None


def is_small(count: int) -> bool:
    """Whether a count would point at single people."""
    return 0 < count < SMALLEST_TOLD


def tell(cells: Sequence[Sequence[int]], *, also: Collection[Place] = (), known: Collection[Place] = ()) -> Told:
    """What may be told of a table of counts, of one row and one column at least, and of its totals.

    Totals have the places beyond the last row and column. Those in `also` are withheld in any case; those in `known`
    are told elsewhere, so that withholding them would protect nobody: they are told unless they are small themselves,
    and so is the total of everything.
    """
    grid = _Grid.of(cells)
    hidden = {place for place in grid.places if is_small(grid.count(place))} | set(also)
    hidden = _protected(grid, hidden, {*known, (len(cells), len(cells[0]))} - hidden)
    told = [
        [None if (row, column) in hidden else count for column, count in enumerate(line)]
        for row, line in enumerate(grid.counts)
    ]
    return Told(
        cells=tuple(tuple(line[:-1]) for line in told[:-1]),
        rows=tuple(line[-1] for line in told[:-1]),
        columns=tuple(told[-1][:-1]),
        total=told[-1][-1],
    )


def sum_told(counts: Sequence[int | None]) -> int | None:
    """The sum of counts, unless one of them is withheld."""
    told = [count for count in counts if count is not None]
    return sum(told) if len(told) == len(counts) else None


Steps = Mapping[Node, Sequence[tuple[Place, Node]]]
"""The ways on: from a row by a count that can rise in it, from a column by one that can fall."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table with its totals as the last row and column."""

    counts: tuple[tuple[int, ...], ...]
    steps: Steps

    @classmethod
    def of(cls, cells: Sequence[Sequence[int]]) -> _Grid:
        rows = [(*row, sum(row)) for row in cells]
        counts = (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))
        steps: dict[Node, list[tuple[Place, Node]]] = {}
        for row, column in product(range(len(counts)), range(len(counts[0]))):
            is_negative = (row == len(counts) - 1) is not (column == len(counts[0]) - 1)
            # the part a total has in a sum grows when it loses people, of which there must be some
            if counts[row][column] or not is_negative:
                steps.setdefault((True, row), []).append(((row, column), (False, column)))
            if counts[row][column] or is_negative:
                steps.setdefault((False, column), []).append(((row, column), (True, row)))
        return cls(counts, steps)

    @property
    def places(self) -> Iterator[Place]:
        return product(range(len(self.counts)), range(len(self.counts[0])))

    def count(self, place: Place) -> int:
        return self.counts[place[0]][place[1]]

    def ways_of(self, place: Place) -> Iterator[tuple[Node, Node]]:
        """From where to where a way past a place has to lead, for its count to rise and for it to fall."""
        row, column = (True, place[0]), (False, place[1])
        for start, end in ((column, row), (row, column)):
            if (place, start) in self.steps.get(end, ()):
                yield start, end


def _protected(grid: _Grid, hidden: set[Place], known: Collection[Place]) -> set[Place]:
    """What is hidden, and what has to be hidden with it; hiding what is known from elsewhere would be of no use.

    A nothing that can be worked out all the same is told: nobody stands behind it, and it says nothing new.
    """
    hidden, waiting = set(hidden), deque(place for place in sorted(hidden) if grid.count(place))
    prices = {place: grid.count(place) or DEAREST for place in grid.places if place not in known}
    prices |= dict.fromkeys(hidden, 0)
    while waiting:
        place = waiting.popleft()
        if _can_differ(grid, place, hidden):
            continue
        ways = [_cheapest_way(grid, start, end, place, prices) for start, end in grid.ways_of(place)]
        possible = [way for way in ways if way is not None]
        more = min(possible, key=lambda way: sum(prices[one] for one in way), default=set(prices)) - hidden
        hidden |= more
        prices |= dict.fromkeys(more, 0)
        waiting.extend(place for place in sorted(more) if grid.count(place))
    return {place for place in hidden if grid.count(place) or _can_differ(grid, place, hidden)}


def _can_differ(grid: _Grid, place: Place, hidden: Collection[Place]) -> bool:
    return any(_is_joined(grid, start, end, place, hidden) for start, end in grid.ways_of(place))


def _is_joined(grid: _Grid, start: Node, end: Node, place: Place, hidden: Collection[Place]) -> bool:
    """Whether hidden places lead from one row or column to another, past a place."""
    met, ways = {start}, [iter(grid.steps.get(start, ()))]
    while ways:
        node = next((to for step, to in ways[-1] if to not in met and step in hidden and step != place), None)
        if node is None:
            ways.pop()
        elif node == end or _is_next(grid, node, end, place, hidden):
            return True
        else:
            met.add(node)
            ways.append(iter(grid.steps.get(node, ())))
    return False


def _is_next(grid: _Grid, node: Node, end: Node, place: Place, hidden: Collection[Place]) -> bool:
    """Whether one step leads to the end: looked for first, as from a column it would be one of many."""
    step = (node[1], end[1]) if node[0] else (end[1], node[1])
    is_step = node[0] is not end[0] and step in hidden and step != place
    is_negative = (step[0] == len(grid.counts) - 1) is not (step[1] == len(grid.counts[0]) - 1)
    return is_step and (grid.count(step) > 0 or is_negative is not node[0])


def _cheapest_way(grid: _Grid, start: Node, end: Node, place: Place, prices: Mapping[Place, int]) -> set[Place] | None:
    """The places between a row and a column, past a place, that cost fewest people; None where no way leads there."""
    came: dict[Node, tuple[Place, Node] | None] = {}
    open_ends: list[tuple[int, Node, tuple[Place, Node] | None]] = [(0, start, None)]
    while open_ends:
        price, node, last = heappop(open_ends)
        if node in came:
            continue
        came[node] = last
        if node == end:
            return set(_back(came, end))
        for step, to in grid.steps.get(node, ()):
            if to not in came and step in prices and step != place:
                heappush(open_ends, (price + prices[step], to, (step, node)))
    return None


def _back(came: Mapping[Node, tuple[Place, Node] | None], end: Node) -> Iterator[Place]:
    node = end
    while (last := came[node]) is not None:
        step, node = last
        yield step
