"""GraphQL: rule sets, and publishing versions of one's own."""

from __future__ import annotations

import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import requirements
from app.domain import rule_sets as rules
from app.domain.careers import PositionLevel
from app.services import rule_sets
from app.services.rule_sets import PublishRuleSet

strawberry.enum(
    requirements.Outcome, name="RequirementOutcome", graphql_name_from="value", description="What requirements find."
)
strawberry.enum(
    requirements.Field, name="RequirementField", graphql_name_from="value", description="What a requirement looks at."
)
strawberry.enum(
    requirements.Comparison, graphql_name_from="value", description="How a fact is compared with the threshold."
)
strawberry.enum(rules.CriterionKind, graphql_name_from="value", description="What a criterion rates.")


@strawberry.type(description="A version of a rule set.")
class RuleSetVersion:
    code: str
    version: int


@strawberry.type(
    description="A requirement of a rule set: `field` compared with the `thresholds`; `of` narrows the field."
)
class Requirement:
    code: str
    label: Sentence
    field: requirements.Field
    comparison: requirements.Comparison
    thresholds: list[str]
    of: list[str]
    years: int | None
    legal_basis: str
    is_actionable: bool


@strawberry.type(description="A criterion of a rule set; `weight` in points, `full` is what earns all of it.")
class Criterion:
    code: str
    label: Sentence
    kind: rules.CriterionKind
    weight: float
    full: int | None


@strawberry.type(
    description="How posts of a level are filled: a version, which never changes. `document` is all of it."
)
class RuleSet:
    code: str
    version: int
    level: PositionLevel
    title: Sentence
    is_own: bool
    is_default: bool
    based_on: RuleSetVersion | None
    published_at: datetime.datetime
    requirements: list[Requirement]
    criteria: list[Criterion]
    seniority_share: int
    stability_threshold: int
    shortlist_size: int
    pool_boxes: list[int]
    document: JSON


@strawberry.type
class RuleSetEdge:
    cursor: str
    node: RuleSet


@strawberry.type
class RuleSetConnection:
    edges: list[RuleSetEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="A version of a rule set.")
class RuleSetVersionInput:
    code: str
    version: int


@strawberry.type
class RuleSetQueries:
    @strawberry.field(description="One version of a rule set.")
    def rule_set(self, code: str, version: int) -> RuleSet | None:
        compiled()

    @strawberry.field(
        description="The shipped rule sets and the institution's own, by code; those of a level, if told."
    )
    def rule_sets(
        self, level: str | None = None, first: int | None = None, after: str | None = None
    ) -> RuleSetConnection | None:
        compiled()


@strawberry.type
class RuleSetChanges:
    @strawberry.field(description="Publish a rule set as the next version of one's own; `name` begins its code.")
    def publish_rule_set(
        self, based_on: RuleSetVersionInput, document: JSON, name: str | None = None
    ) -> RuleSet | None:
        compiled()


async def rule_set(asked: Asked, code: str, version: int) -> Document:
    return await rule_sets.rule_set_document(asked.db, asked.actor, code, version, asked.wanted)


async def rule_sets_page(
    asked: Asked, level: str | None = None, first: int | None = None, after: str | None = None
) -> Document:
    return await rule_sets.rule_sets_page(asked.db, asked.actor, level, first, after, asked.wanted)


async def publish_rule_set(asked: Asked, **given: Any) -> Document:  # noqa: ANN401 - the arguments of the schema
    command = PublishRuleSet.model_validate(given)
    return await rule_set(asked, *await rule_sets.publish_rule_set(asked.db, asked.actor, command))


ROOTS: dict[str, RootFunction] = {"ruleSet": rule_set, "ruleSets": rule_sets_page}
CHANGES: dict[str, RootFunction] = {"publishRuleSet": publish_rule_set}
