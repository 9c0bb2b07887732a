"""What can happen to the nation as a whole: it is searched."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NationSearched:
    """A national actor ranked the candidates of all institutions; `digest` is the SHA-256 of what was answered.

    Whoever has the `seed` draws the same lots again.
    """

    search_id: UUID
    grounds: str
    level: str
    government_affair: str | None
    on: str
    rule_set: str
    boxes: list[int]
    provinces: list[str] | None
    first: int
    eligible: int
    listed: int
    seed: str
    digest: str


NationalEvent = NationSearched  # a union as soon as there are two
