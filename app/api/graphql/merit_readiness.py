"""GraphQL: what the merit rules ask of talent management, and what is there of it."""

from __future__ import annotations

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.succession_policies import PolicyVersion
from app.db.documents import Document
from app.domain import succession
from app.services import succession_plans as service

strawberry.enum(succession.MeritOutcome, graphql_name_from="value", description="What is found of an item.")


@strawberry.type(
    description="One item of what the merit rules ask; `evidence` is the address where it can be seen, `lacking` what "
    "is to be done where it is not met, or not known."
)
class MeritItem:
    item: succession.MeritItem
    label: Sentence
    outcome: succession.MeritOutcome
    found: int
    needed: int | None
    weight: int
    evidence: str
    lacking: Sentence | None


@strawberry.type(
    description="What the merit rules ask of talent management (aspect 3): `share` per cent of the weights are met, "
    "`highestShare` if all that is unknown were. `heldByOthers` is asked as well, and nothing of it is on record."
)
class MeritReadiness:
    aspect_weight: int
    share: float
    highest_share: float
    is_ready: bool
    policy: PolicyVersion
    legal_basis: str
    held_by_others: list[Sentence]
    items: list[MeritItem]


@strawberry.type
class MeritReadinessQueries:
    @strawberry.field(description="What the merit rules ask before open selection may be left out.")
    def merit_readiness(self) -> MeritReadiness | None:
        compiled()


async def merit_readiness(asked: Asked) -> Document:
    return await service.merit_readiness_document(asked.db, asked.actor, asked.wanted)


ROOTS: dict[str, RootFunction] = {"meritReadiness": merit_readiness}
