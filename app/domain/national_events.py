"""What can happen to the nation as a whole: it is searched, and a search is made again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NationSearched:
    """A national actor ranked the candidates of all institutions; `digest` is the SHA-256 of what was answered.

    Whoever has the `seed` draws the same lots again. `question` is the same for whoever asked the same before.
    """

    search_id: UUID
    grounds: str
    question: str
    level: str
    government_affair: str | None
    on: str
    rule_set: str
    boxes: list[int]
    provinces: list[str] | None
    first: int
    considered: int
    eligible: int
    to_verify: int
    listed: int
    seed: str
    digest: str


@dataclass(frozen=True, slots=True)
class NationalSearchRecomputed:
    """A search was made again from what it had kept: the digest then and now."""

    search_id: UUID
    digest: str
    found: str


NationalEvent = NationSearched | NationalSearchRecomputed
