"""What can happen to members of succession pools and to succession plans."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TalentsNominated:
    """People were nominated for a pool together; `digest` is the SHA-256 over their ids in order."""

    level: str
    talents: int
    digest: str


@dataclass(frozen=True, slots=True)
class PoolMemberMoved:
    """A member of a pool entered another state."""

    member_id: UUID
    talent_id: UUID
    state_before: str | None
    state: str


@dataclass(frozen=True, slots=True)
class PoolMembersConfirmed:
    """Members of a pool were confirmed together until a day; `digest` is the SHA-256 over their ids in order."""

    level: str
    members: int
    until: str
    digest: str


@dataclass(frozen=True, slots=True)
class WillingnessDeclared:
    """Somebody said whether they are willing to succeed."""

    talent_id: UUID
    willing_before: bool | None
    willing: bool
    until: str | None


@dataclass(frozen=True, slots=True)
class SuccessionPlanEdited:
    """The successors of a post were named; `reasoned` of them against the pool or the computed readiness."""

    post_id: UUID
    successors: int
    reasoned: int


@dataclass(frozen=True, slots=True)
class SuccessionPlanCalculated:
    """Who is ready for a post was calculated as of a day; `successors` is the SHA-256 over the result."""

    post_id: UUID
    rule_set: str
    as_of: str
    ready_now: int
    considered: int
    successors: str


@dataclass(frozen=True, slots=True)
class SuccessionPolicyPublished:
    """A version of the institution's own policy came into force."""

    version_before: int
    version: int


SuccessionEvent = (
    TalentsNominated
    | PoolMemberMoved
    | PoolMembersConfirmed
    | WillingnessDeclared
    | SuccessionPlanEdited
    | SuccessionPlanCalculated
    | SuccessionPolicyPublished
)
