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


@dataclass(frozen=True, slots=True)
class RetirementExceptionKept:
    """It was said at which age holders of posts retire whose name begins with these words."""

    exception_id: UUID
    words: str
    age_before: int | None
    age: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class RetirementExceptionRemoved:
    """The national rules say again at which age holders of such posts retire."""

    exception_id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class RetirementRulesPublished:
    """A version of the national rules of retirement was published."""

    version: int
    effective_from: str
    legal_basis: str


PostEvent = PostEdited | UnitAffairSet | RetirementExceptionKept | RetirementExceptionRemoved | RetirementRulesPublished
