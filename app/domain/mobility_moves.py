"""Who takes whose seat: chains that begin at an empty seat, and cycles; each is carried out as one.

A chain leaves a seat at its end for the one taken at its beginning (Blum, Roth and Rothblum, Journal of Economic Theory
1997): a round makes no seat and loses none, and only people who come from a pool fill one for good.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.mobility_matching import Solved


class Kind(StrEnum):
    """How a unit of moves begins and ends."""

    CHAIN = "chain"
    """At an empty seat; whoever is nearer to it can move without those behind."""
    CYCLE = "cycle"
    """With itself: all move, or nobody."""


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody leaves a seat and takes another one."""

    participant: str
    home: str
    post: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Moves that hang together: each takes the seat that the one before leaves."""

    kind: Kind
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Conservation:
    """Empty seats of posts, pools left out, and who came from pools: no seat is made and none is lost."""

    empty_before: int
    empty_after: int
    entered: int
    """People who left a pool."""

    @property
    def holds(self) -> bool:
        return self.empty_after == self.empty_before - self.entered


def units_of(solved: Solved) -> tuple[Unit, ...]:
    """Every move once: the chains and then the cycles, each by the participant of its first move."""
    moves = _moves(solved)
    beginning, next_of = _hands(solved, moves)
    chains = [_followed(moves, next_of, participant) for participant in sorted(beginning)]
    done = {move.participant for chain in chains for move in chain}
    cycles = []
    for participant in moves:
        if participant not in done:
            cycles.append(_followed(moves, next_of, participant))
            done.update(move.participant for move in cycles[-1])
    return (*(Unit(Kind.CHAIN, one) for one in chains), *(Unit(Kind.CYCLE, one) for one in cycles))


def _moves(solved: Solved) -> dict[str, Move]:
    """Those who get another post, by id and in the order of ids."""
    home = {who.id: who.home for who in solved.market.participants}
    matched = sorted(solved.matching.items())
    return {who: Move(who, home[who], one.post) for who, one in matched if one.rank is not None}


def _hands(solved: Solved, moves: Mapping[str, Move]) -> tuple[list[str], dict[str, str]]:
    """Who takes a seat that was empty; and by who leaves a seat, who takes it.

    At each post the first by participant take the empty seats, the others those of who leaves, by participant too.
    """
    coming, leaving = defaultdict(list), defaultdict(list)
    at_home = Counter(who.home for who in solved.market.participants)
    for move in moves.values():
        coming[move.post].append(move.participant)
        leaving[move.home].append(move.participant)
    beginning: list[str] = []
    next_of: dict[str, str] = {}
    for post, those in coming.items():
        empty = solved.geography.posts[post].seats - at_home[post]
        beginning += those[:empty]
        next_of.update(zip(leaving[post], those[empty:], strict=False))
    return beginning, next_of


def _followed(moves: Mapping[str, Move], next_of: Mapping[str, str], begins: str) -> tuple[Move, ...]:
    """The moves from one on: who takes the seat just left, until nobody does or the first comes again."""
    followed = [moves[begins]]
    while (then := next_of.get(followed[-1].participant)) not in (None, begins):
        followed.append(moves[then])
    return tuple(followed)


def conservation_of(solved: Solved) -> Conservation:
    """Empty seats before and after, counted apart from each other."""
    posts = [post for post in solved.market.posts if not post.is_pool]
    seats = sum(post.seats for post in posts)
    in_post = {post.id for post in posts}
    before = sum(who.home in in_post for who in solved.market.participants)
    after = sum(one.post in in_post for one in solved.matching.values())
    from_pools = [solved.matching[who.id] for who in solved.market.participants if who.home not in in_post]
    entered = sum(one.rank is not None for one in from_pools)
    return Conservation(seats - before, seats - after, entered)
