"""What can happen to members of succession pools and to succession plans."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PoolMemberMoved:
    """A member of a pool entered another state."""

    member_id: UUID
    talent_id: UUID
    state_before: str | None
    state: str


SuccessionEvent = PoolMemberMoved  # a union as soon as there are two
