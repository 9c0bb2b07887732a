"""The dominoes of an appointment: which seats it opens one after the other, and who covers each."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.domain.careers import PositionLevel
from app.domain.errors import Fault, Invalid


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
    """Somebody can act (Plt/Plh) from tomorrow on."""
    NOBODY = "nobody"
    NOT_NEEDED = "notNeeded"
    """A post that nobody acts in: an executor's, or a functional one."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post: its unit as the ids from the root down, and how many seats are funded."""

    id: UUID
    level: PositionLevel
    path: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class Board:
    """The posts, who holds which, and who would follow where."""

    posts: Mapping[UUID, Post]
    post_of: Mapping[UUID, UUID]
    """By talent: the post they hold."""
    successors: Mapping[UUID, Sequence[UUID]]
    """By post with a plan: those available today, first choice first."""
    cover: Mapping[PositionLevel, Sequence[PositionLevel]]
    """By level of a post: the levels whose holders may act in it."""
    unavailable: frozenset[UUID] = frozenset()
    """Who may not be processed at present, and so does not act."""


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
class End:
    """A seat that stays empty when all have moved, and its cover; `distance` counts the steps between the units."""

    post_id: UUID
    has_plan: bool
    cover: Cover
    talent_id: UUID | None = None
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an appointment sets off. Moves in their order; then the seats that stay empty."""

    moves: tuple[Move, ...]
    ends: tuple[End, ...]
    passed_over: tuple[tuple[UUID, UUID], ...]
    """(Post, talent): who would have followed there but has moved already."""
    covering_twice: tuple[UUID, ...]
    """Who would have to act in more than one post."""


@dataclass(slots=True)
class _Chain:
    """The state of a preview under way."""

    board: Board
    post_of: dict[UUID, UUID]
    holders: dict[UUID, int]
    moves: list[Move] = field(default_factory=list)
    moved: set[UUID] = field(default_factory=set)
    filled: set[UUID] = field(default_factory=set)
    passed_over: list[tuple[UUID, UUID]] = field(default_factory=list)

    def move(self, talent_id: UUID, to_post: UUID, because: Because) -> UUID | None:
        """Seat somebody elsewhere; the post that they leave."""
        left = self.post_of.get(talent_id)
        self.post_of[talent_id] = to_post
        self.holders[to_post] = self.holders.get(to_post, 0) + 1
        if left is not None:
            self.holders[left] -= 1
        self.moves.append(Move(talent_id, left, to_post, because, left in self.filled))
        self.moved.add(talent_id)
        self.filled.add(to_post)
        return left

    def has_empty_seat(self, post_id: UUID) -> bool:
        return self.holders.get(post_id, 0) < self.board.posts[post_id].seats

    def next_for(self, post_id: UUID) -> UUID | None:
        """The first available successor who has not moved yet and is not there already."""
        for talent_id in self.board.successors.get(post_id, ()):
            if talent_id in self.moved:
                self.passed_over.append((post_id, talent_id))
            elif self.post_of.get(talent_id) != post_id:
                return talent_id
        return None


def preview(board: Board, choices: Sequence[Choice]) -> Preview:
    """The chain that choices open, up to seats without an available successor. Everybody moves at most once."""
    must_be_possible(board, choices)
    holders: dict[UUID, int] = {}
    for held in board.post_of.values():
        holders[held] = holders.get(held, 0) + 1
    chain = _Chain(board, dict(board.post_of), holders)
    opened: deque[UUID | None] = deque(chain.move(one.talent_id, one.post_id, Because.CHOSEN) for one in choices)
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
    ends = tuple(_end(board, chain.post_of, post_id) for post_id in empty if chain.has_empty_seat(post_id))
    acting = [end.talent_id for end in ends if end.talent_id is not None]
    twice = tuple(dict.fromkeys(one for one in acting if acting.count(one) > 1))
    return Preview(tuple(chain.moves), ends, tuple(dict.fromkeys(chain.passed_over)), twice)


def must_be_possible(board: Board, choices: Sequence[Choice]) -> None:
    """Refused where somebody is chosen twice, or for the post they hold."""
    faults = []
    for place, choice in enumerate(choices):
        if any(earlier.talent_id == choice.talent_id for earlier in choices[:place]):
            faults.append(Fault("domino.chosen_twice", f"/choices/{place}"))
        if board.post_of.get(choice.talent_id) == choice.post_id:
            faults.append(Fault("domino.holds_post", f"/choices/{place}"))
    if faults:
        raise Invalid("request.invalid", faults=tuple(faults))


def _end(board: Board, post_of: Mapping[UUID, UUID], post_id: UUID) -> End:
    post, has_plan = board.posts[post_id], post_id in board.successors
    if post.level not in board.cover:
        return End(post_id, has_plan, Cover.NOT_NEEDED)
    nearest = nearest_cover(board, post_of, post)
    if nearest is None:
        return End(post_id, has_plan, Cover.NOBODY)
    return End(post_id, has_plan, Cover.ACTING, *nearest)


def nearest_cover(board: Board, post_of: Mapping[UUID, UUID], post: Post) -> tuple[UUID, int] | None:
    """Who may act in a post from tomorrow on, and how far away they are: of those in its unit tree the nearest.

    Among equally near ones whose level is preferred, and then by the opaque id.
    """
    levels, able = board.cover[post.level], []
    for talent_id, own_id in post_of.items():
        own = board.posts[own_id]
        distance = distance_between(post.path, own.path)
        is_able = own_id != post.id and own.level in levels and talent_id not in board.unavailable
        if is_able and distance is not None:
            able.append((distance, levels.index(own.level), talent_id))
    return None if not able else (min(able)[2], min(able)[0])


def distance_between(one: Sequence[str], other: Sequence[str]) -> int | None:
    """The steps up and down between two units of one tree; None where they have no unit in common."""
    common = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        common += 1
    return None if common == 0 else len(one) + len(other) - 2 * common
