"""What can happen to posts and to what units work at."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PostEdited:
    """Parts of a post were edited; both hold contents by name."""

    post_id: UUID
    before: dict[str, object]
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class UnitAffairSet:
    """It was said which government affair a unit works at."""

    unit_id: str
    affair_before: str | None
    affair: str


PostEvent = PostEdited | UnitAffairSet
