"""What remains of a chain or cycle when somebody withdraws: who still moves, who stays, which seat nobody takes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.mobility_moves import Kind

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Remains(Generic[M]):
    """The moves of a unit that are still made, and those that are not."""

    moving: tuple[M, ...]
    staying: tuple[M, ...]
    left_open: M | None
    """The move whose seat nobody takes, so that it is one for the next round; of a cycle there is none."""


def what_remains(kind: Kind, moves: Sequence[M], withdrawn: Collection[M]) -> Remains[M]:
    """Of a chain those before the first who withdraws still move and those behind keep their seat; of a cycle nobody.

    So nobody is without a seat, nobody has two, and as many seats are empty as before (mobility.md, section 10).
    """
    first = next((place for place, move in enumerate(moves) if move in withdrawn), None)
    if first is None:
        return Remains(tuple(moves), (), None)
    if kind is Kind.CYCLE:
        return Remains((), tuple(moves), None)
    return Remains(tuple(moves[:first]), tuple(moves[first:]), moves[first])
