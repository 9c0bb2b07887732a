"""A round of national mobility as it is frozen: nested cells, posts with seats, and people with a home and wishes.

Everybody who takes part holds a seat already, their home, and cannot lose it: the market has endowments (Abdulkadiroğlu
and Sönmez, Journal of Economic Theory 1999; Pereyra, Games and Economic Behavior 2013). Ceilings bound how many people
the posts of a cell hold, and cells nest. They bound the stock and never the inflow: somebody who stays after all would
free an inflow that others have been refused already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOT_RELEASED = "NOT_RELEASED"
"""Bars a wish: the unit has not released this person."""
NOT_ELIGIBLE = "NOT_ELIGIBLE:"
"""Bars a wish: a rule is not met, whose code follows."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Posts that share a ceiling, and the cells within it."""

    id: str
    parent: str | None
    """The smallest cell around it; None at the top."""
    level: str
    """What it is: an occupation, a province, a regency, a unit."""
    ceiling: int | None
    """How many people of the round its posts may hold; None: no bound."""


@dataclass(frozen=True, slots=True)
class Post:
    """Seats that are alike."""

    id: str
    cell: str | None
    """The smallest cell it lies in."""
    seats: int
    """Funded, less those held by people who stay outside the round."""
    urgency: int | None
    """The class it is in, 1 is the most urgent. None: a pool, home of people without a post; nobody may wish for it."""

    @property
    def is_pool(self) -> bool:
        return self.urgency is None


@dataclass(frozen=True, slots=True)
class Wish:
    """A post that somebody prefers to their home."""

    rank: int
    """1 is the dearest."""
    post: str
    points: int
    bar: str | None = None
    """Why it cannot count: NOT_RELEASED, or NOT_ELIGIBLE and a rule; decided before the run."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part: whatever happens they have their home, or a post they prefer to it."""

    id: str
    home: str
    """The post they hold, or their pool."""
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Market:
    """Everything that a run depends on, but for the lots."""

    cells: tuple[Cell, ...]
    posts: tuple[Post, ...]
    participants: tuple[Participant, ...]
    own_cell_first: bool = False
    """Whether those within the smallest cell around home and wish go before people from farther away."""


@dataclass(frozen=True, slots=True)
class Geography:
    """Which cells hold a post."""

    posts: Mapping[str, Post]
    cells: Mapping[str, Cell]
    _around: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def cells_around(self, post: str) -> tuple[str, ...]:
        """The cells that hold a post, the smallest first."""
        if post not in self._around:
            cells, cell = [], self.posts[post].cell
            while cell is not None:
                cells.append(cell)
                cell = self.cells[cell].parent
            self._around[post] = tuple(cells)
        return self._around[post]

    def common_depth(self, one: str, other: str) -> int:
        """How deep the smallest cell lies that holds both posts: 1 at the top, 0 where there is none."""
        return len(set(self.cells_around(one)) & set(self.cells_around(other)))


def geography_of(market: Market) -> Geography:
    """The posts and cells of a market by their ids."""
    return Geography({post.id: post for post in market.posts}, {cell.id: cell for cell in market.cells})
