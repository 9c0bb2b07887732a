"""The dominoes of an appointment: which seats it opens one after the other, and who covers each."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.errors import Fault, refuse
from app.domain.messages import day_in_words


class Because(StrEnum):
    """Why somebody moves."""

    CHOSEN = "chosen"
    PLANNED = "planned"
    """The first available successor of the plan."""


class Substitute(StrEnum):
    """How somebody stands in for the holder of a post."""

    ACTING = "acting"
    """Plt: a seat is empty."""
    ACTING_DAILY = "acting_daily"
    """Plh: every seat is held, and the holder is away."""


class Cover(StrEnum):
    """How a seat is covered that stays empty at the end of a chain."""

    ACTING = "acting"
    """Somebody can act (Plt/Plh) from the day that is looked at."""
    NOBODY = "nobody"
    NOT_NEEDED = "notNeeded"
    """A post that nobody acts in: an executor's, or a functional one."""


@dataclass(frozen=True, slots=True)
class Board:
    """The posts with their funded seats, who holds which, and who would follow where."""

    seats: Mapping[UUID, int]
    """By post."""
    post_of: Mapping[UUID, UUID]
    """By talent: the post they hold."""
    leaving: frozenset[UUID]
    """Who will have left the seat they hold by the day that is looked at, because they retire or by a decree."""
    successors: Mapping[UUID, Sequence[UUID]]
    """By post with a plan: those available today, first choice first; who is `leaving` does not follow."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody chosen for a post."""

    post_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody takes a seat; `from_post` is what they held."""

    talent_id: UUID
    from_post: UUID | None
    to_post: UUID
    because: Because
    is_loop: bool
    """Whether the seat they leave is in a post that the same chain has just filled."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an appointment sets off. Moves in their order: each takes a seat that is empty by then."""

    moves: tuple[Move, ...]
    empty: tuple[UUID, ...]
    """Posts of which a seat stays empty when all have moved."""
    passed_over: tuple[tuple[UUID, UUID], ...]
    """(Post, talent): who would have followed there but has moved already."""


@dataclass(slots=True)
class _Chain:
    """The state of a preview under way."""

    board: Board
    post_of: dict[UUID, UUID]
    holders: Counter[UUID]
    """By post: who will still hold a seat on the day."""
    moves: list[Move] = field(default_factory=list)
    moved: set[UUID] = field(default_factory=set)
    filled: set[UUID] = field(default_factory=set)
    passed_over: list[tuple[UUID, UUID]] = field(default_factory=list)

    def move(self, talent_id: UUID, to_post: UUID, because: Because) -> UUID | None:
        """Seat somebody elsewhere; the post that they leave."""
        left = self.post_of.get(talent_id)
        if left is not None and talent_id not in self.board.leaving:
            self.holders[left] -= 1
        self.post_of[talent_id] = to_post
        self.holders[to_post] += 1
        self.moves.append(Move(talent_id, left, to_post, because, left in self.filled))
        self.moved.add(talent_id)
        self.filled.add(to_post)
        return left

    def has_empty_seat(self, post_id: UUID) -> bool:
        return self.holders[post_id] < self.board.seats[post_id]

    def next_for(self, post_id: UUID) -> UUID | None:
        """The first available successor who has not moved yet, is not there already and will not have left."""
        for talent_id in self.board.successors.get(post_id, ()):
            if talent_id in self.moved:
                self.passed_over.append((post_id, talent_id))
            elif talent_id not in self.board.leaving and self.post_of.get(talent_id) != post_id:
                return talent_id
        return None


def preview(board: Board, choices: Sequence[Choice], on: date) -> Preview:
    """The chain that choices open on a day, up to seats without an available successor. Everybody moves at most once.

    The steps are those of inaugurations (`services.seats`): one after the other, each into a seat that nobody holds on
    the day. A choice waits for the others that free its seat; refused with `domino.seat_held` where none does.
    """
    must_be_possible(board, choices)
    stays = Counter(post for talent_id, post in board.post_of.items() if talent_id not in board.leaving)
    chain = _Chain(board, dict(board.post_of), stays)
    opened: deque[UUID | None] = deque(_carry_out(chain, choices, on))
    empty: list[UUID] = []
    while opened:
        post_id = opened.popleft()
        if post_id is None or not chain.has_empty_seat(post_id):
            continue  # whoever held no post opens none, and a choice may have filled the seat
        if (talent_id := chain.next_for(post_id)) is None:
            if post_id not in empty:
                empty.append(post_id)
        else:
            opened.append(chain.move(talent_id, post_id, Because.PLANNED))
    left_over = tuple(post_id for post_id in empty if chain.has_empty_seat(post_id))
    return Preview(tuple(chain.moves), left_over, tuple(dict.fromkeys(chain.passed_over)))


def _carry_out(chain: _Chain, choices: Sequence[Choice], on: date) -> Iterator[UUID | None]:
    """The posts that the choices open, in the order in which they can be carried out."""
    waiting = list(enumerate(choices))
    while waiting:
        possible = [one for one in waiting if chain.has_empty_seat(one[1].post_id)]
        if not possible:
            about = {"day": day_in_words(on)}
            faults = tuple(Fault("domino.seat_held", f"/choices/{place}/postId", about) for place, _ in waiting)
            refuse(*faults)
        waiting.remove(possible[0])
        yield chain.move(possible[0][1].talent_id, possible[0][1].post_id, Because.CHOSEN)


def must_be_possible(board: Board, choices: Sequence[Choice]) -> None:
    """Refused where somebody is chosen twice, or for the post they hold."""
    faults = []
    for place, choice in enumerate(choices):
        if any(earlier.talent_id == choice.talent_id for earlier in choices[:place]):
            faults.append(Fault("domino.chosen_twice", f"/choices/{place}"))
        if board.post_of.get(choice.talent_id) == choice.post_id:
            faults.append(Fault("domino.holds_post", f"/choices/{place}"))
    if faults:
        refuse(*faults)
