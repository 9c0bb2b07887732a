"""What a run answers: to every wish one code and the cut-off, of every post and every cell what it came to.

All of it follows from the final matching alone, whatever the way to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.mobility import Participant, Wish
from app.domain.mobility_matching import Solved
from app.domain.mobility_order import Application


class Code(StrEnum):
    """What became of a wish. One that is barred is answered by its bar instead."""

    RECEIVED = "RECEIVED"
    NOT_NEEDED = "NOT_NEEDED"
    """One dearer came true."""
    INCUMBENT_STAYED = "INCUMBENT_STAYED"
    """Every seat stayed with who held it."""
    BELOW_CUTOFF = "BELOW_CUTOFF"
    """Every seat is taken, the last by somebody who goes before."""
    CEILING = "CEILING"
    """A seat stayed empty, and a cell around it is full of people who go before."""
    CEILING_OWN_CELL = "CEILING_OWN_CELL"
    """The same, and the person's own seat counts in every full cell around it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish, and why."""

    participant: str
    rank: int
    code: str
    """A Code, or the bar of the wish."""
    cell: str | None = None
    """The full one that is in the way."""
    cutoff: Application | None = None
    """The last that is in where this one is not; None where only people at their home are, or nothing is in the way."""


@dataclass(frozen=True, slots=True)
class PostResult:
    """What became of a post."""

    post: str
    seats: int
    filled: int
    incumbents: int
    """Those who stay at their home."""
    last: Application | None
    """Who came in last in the order, also where a seat is left; None where nobody did."""

    @property
    def empty(self) -> int:
        return self.seats - self.filled

    @property
    def is_full(self) -> bool:
        return self.filled == self.seats


@dataclass(frozen=True, slots=True)
class CellResult:
    """What became of a cell."""

    cell: str
    ceiling: int | None
    before: int
    after: int
    last: Application | None
    """Who is not at their home and last in the order, of a full cell."""

    @property
    def is_full(self) -> bool:
        return self.after == self.ceiling


@dataclass(frozen=True, slots=True)
class Results:
    """The answers in the order of wishes, and the results of posts and cells by id."""

    answers: tuple[Answer, ...]
    posts: Mapping[str, PostResult]
    cells: Mapping[str, CellResult]


def results_of(solved: Solved) -> Results:
    """Everything a run answers."""
    posts, cells = _post_results(solved), _cell_results(solved)
    answers = (_answer(solved, posts, cells, who, wish) for who in solved.market.participants for wish in who.wishes)
    return Results(tuple(answers), posts, cells)


def _post_results(solved: Solved) -> dict[str, PostResult]:
    at = defaultdict(list)
    for application in solved.matching.values():
        at[application.post].append(application)
    return {
        post.id: PostResult(
            post=post.id,
            seats=post.seats,
            filled=len(at[post.id]),
            incumbents=sum(one.rank is None for one in at[post.id]),
            last=_last(solved, at[post.id]),
        )
        for post in solved.market.posts
    }


def _cell_results(solved: Solved) -> dict[str, CellResult]:
    before, inside = Counter[str](), defaultdict(list)
    for who in solved.market.participants:
        before.update(solved.geography.cells_around(who.home))
    for application in solved.matching.values():
        for cell in solved.geography.cells_around(application.post):
            inside[cell].append(application)
    return {
        cell.id: CellResult(
            cell=cell.id,
            ceiling=cell.ceiling,
            before=before[cell.id],
            after=len(inside[cell.id]),
            last=_last(solved, inside[cell.id]) if len(inside[cell.id]) == cell.ceiling else None,
        )
        for cell in solved.market.cells
    }


def _last(solved: Solved, held: Iterable[Application]) -> Application | None:
    came_in = [one for one in held if one.rank is not None]
    return max(came_in, key=solved.place.__getitem__, default=None)


def _answer(
    solved: Solved,
    posts: Mapping[str, PostResult],
    cells: Mapping[str, CellResult],
    who: Participant,
    wish: Wish,
) -> Answer:
    received = solved.matching[who.id]
    if wish.bar is not None:
        return Answer(who.id, wish.rank, wish.bar)
    if received.rank is not None and received.rank <= wish.rank:
        code = Code.RECEIVED if received.rank == wish.rank else Code.NOT_NEEDED
        return Answer(who.id, wish.rank, code)
    post = posts[wish.post]
    if post.is_full:
        code = Code.INCUMBENT_STAYED if post.last is None else Code.BELOW_CUTOFF
        return Answer(who.id, wish.rank, code, cutoff=post.last)
    full = next(cells[cell] for cell in solved.geography.cells_around(wish.post) if cells[cell].is_full)
    is_own = full.cell in solved.geography.cells_around(received.post)
    return Answer(who.id, wish.rank, Code.CEILING_OWN_CELL if is_own else Code.CEILING, full.cell, full.last)


def count_of(answers: Iterable[Answer]) -> Counter[str]:
    """How often each code was given."""
    return Counter(answer.code for answer in answers)
