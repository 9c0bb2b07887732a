"""GraphQL: the policy of succession, version by version."""

from __future__ import annotations

import datetime
from typing import Any

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import sources, succession
from app.domain.careers import PositionLevel
from app.services import succession_policies as service
from app.services.succession_policies import PublishSuccessionPolicy

strawberry.enum(
    succession.MeritItem, name="MeritItemCode", graphql_name_from="value", description="What the merit rules ask for."
)
strawberry.enum(
    succession.PolicyCode, graphql_name_from="value", description="Whose policy it is: the shipped one or one's own."
)
strawberry.enum(succession.PolicyPart, graphql_name_from="value", description="The values of a policy.")


@strawberry.type(description="Whose holders may act in posts of a level, preferred first.")
class CoverRule:
    level: PositionLevel | None
    acted_by: list[str]


@strawberry.type(description="How much an item of what the merit rules ask weighs.")
class MeritWeight:
    item: succession.MeritItem
    label: Sentence
    weight: int


@strawberry.type(description="The levels that holders of a level may be appointed to, the highest first.")
class LevelsAhead:
    level: PositionLevel | None
    ahead: list[str]


@strawberry.type(description="Where a value of a policy comes from, and how sure it is.")
class PolicySource:
    about: succession.PolicyPart
    legal_basis: str
    confidence: sources.Confidence


@strawberry.type(description="A version of a policy of succession.")
class PolicyVersion:
    code: succession.PolicyCode
    version: int


@strawberry.type(description="How succession is planned; nobody of the institution published what is shipped.")
class SuccessionPolicy:
    code: succession.PolicyCode
    version: int
    is_in_force: bool
    institution_boxes: list[int]
    national_boxes: list[int]
    term_months: int
    soon_months: int
    acting_months: int
    cover: list[CoverRule]
    levels_ahead: list[LevelsAhead]
    merit_weights: list[MeritWeight]
    merit_aspect_weight: int
    sources: list[PolicySource]
    legal_basis: str
    published_at: datetime.datetime
    published_by: str | None


@strawberry.type
class SuccessionPolicyEdge:
    cursor: str
    node: SuccessionPolicy


@strawberry.type(description="Versions of the policy, the institution's own first, older ones before newer ones.")
class SuccessionPolicyConnection:
    edges: list[SuccessionPolicyEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="Whose holders may act in posts of a level.")
class CoverRuleInput:
    level: PositionLevel
    acted_by: list[PositionLevel]


@strawberry.input(description="How much an item weighs.")
class MeritWeightInput:
    item: succession.MeritItem
    weight: int


@strawberry.input(description="The levels that holders of a level may be appointed to, the highest first.")
class LevelsAheadInput:
    level: PositionLevel
    ahead: list[PositionLevel]


@strawberry.input(description="Where a value comes from, and how sure it is.")
class PolicySourceInput:
    about: succession.PolicyPart
    legal_basis: str
    confidence: sources.Confidence


@strawberry.input(description="The next version of the own policy; the weights name every item and make 100.")
class PublishSuccessionPolicyInput:
    institution_boxes: list[int]
    national_boxes: list[int]
    term_months: int
    soon_months: int
    cover: list[CoverRuleInput]
    merit_weights: list[MeritWeightInput]
    legal_basis: str
    acting_months: int | None = None
    levels_ahead: list[LevelsAheadInput] | None = None
    merit_aspect_weight: int | None = None
    sources: list[PolicySourceInput] = strawberry.field(default_factory=list)


@strawberry.type
class SuccessionPolicyQueries:
    @strawberry.field(description="The policy of succession that is in force.")
    def succession_policy(self) -> SuccessionPolicy | None:
        compiled()

    @strawberry.field(description="One version of the policy; null where there is none.")
    def succession_policy_version(self, code: str, version: int) -> SuccessionPolicy | None:
        compiled()

    @strawberry.field(description="Every version of the policy, the own ones first.")
    def succession_policies(
        self, first: int | None = None, after: str | None = None
    ) -> SuccessionPolicyConnection | None:
        compiled()


@strawberry.type
class SuccessionPolicyChanges:
    @strawberry.field(description="Put the next version of the own policy into force.")
    def publish_succession_policy(self, input: PublishSuccessionPolicyInput) -> SuccessionPolicy | None:  # noqa: A002
        compiled()


async def succession_policy(asked: Asked) -> Document:
    return await service.succession_policy_document(asked.db, asked.actor, asked.wanted)


async def succession_policy_version(asked: Asked, code: str, version: int) -> Document:
    return await service.succession_policy_version_document(asked.db, asked.actor, code, version, asked.wanted)


async def succession_policies(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await service.succession_policies_page(asked.db, asked.actor, first, after, asked.wanted)


async def publish_succession_policy(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = PublishSuccessionPolicy.model_validate(input, by_alias=True)
    await service.publish_succession_policy(asked.db, asked.actor, command)
    return await succession_policy(asked)


ROOTS: dict[str, RootFunction] = {
    "successionPolicy": succession_policy,
    "successionPolicyVersion": succession_policy_version,
    "successionPolicies": succession_policies,
}
CHANGES: dict[str, RootFunction] = {"publishSuccessionPolicy": publish_succession_policy}
