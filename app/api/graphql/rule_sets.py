"""GraphQL: rule sets, and publishing versions of one's own."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import requirements, sources
from app.domain import rule_sets as rules
from app.domain.careers import PositionLevel
from app.domain.rule_set_differences import Change, Subject
from app.services import rule_sets
from app.services.rule_sets import EarlierVersion, PublishRuleSet, RuleSetFilter

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


strawberry.enum(sources.Confidence, graphql_name_from="value", description="How sure it is that a source says so.")
strawberry.enum(requirements.Proof, graphql_name_from="value", description="A document that somebody has to see.")


@strawberry.type(
    description="Where a rule was taken from, and how sure that is; `note` says what the document does not."
)
class RuleSource:
    document: str
    confidence: sources.Confidence
    note: Sentence | None


@strawberry.type(
    description="""A requirement of a rule set: `field` compared with the `thresholds`; `of` narrows the field.

    `inField`: functional posts count only in the field of the vacant post. `proof`: the document that shows it.
    `source` is null in versions from before anybody had to say it."""
)
class Requirement:
    code: str
    label: Sentence
    field: requirements.Field
    comparison: requirements.Comparison
    thresholds: list[str]
    of: list[str]
    years: int | None
    in_field: bool
    proof: requirements.Proof | None
    legal_basis: str
    source: RuleSource | None
    is_actionable: bool


@strawberry.type(
    description="A criterion: `weight` in points, `full` is what earns all of it, `years` how far back it looks."
)
class Criterion:
    code: str
    label: Sentence
    kind: rules.CriterionKind
    weight: float
    full: int | None
    years: int | None
    source: RuleSource | None


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
    is_for_level: bool
    based_on: RuleSetVersion | None
    published_at: datetime.datetime
    requirements: list[Requirement]
    criteria: list[Criterion]
    seniority_share: int
    stability_threshold: int
    shortlist_size: int
    document: JSON


strawberry.enum(Subject, name="RuleSetSubject", graphql_name_from="value", description="What a difference is about.")
strawberry.enum(Change, name="RuleSetChange", graphql_name_from="value", description="What happened to it.")


@strawberry.type(description="A part of a rule that says something else; empty where a version does not have it.")
class RuleSetPartChanged:
    name: str
    before: list[str]
    after: list[str]


@strawberry.type(description="A requirement, criterion or setting that is not the same in both; `label` as it is now.")
class RuleSetDifference:
    subject: Subject
    code: str
    change: Change
    label: Sentence | None
    parts: list[RuleSetPartChanged]


@strawberry.type(description="In what a version of a rule set differs from an earlier one.")
class RuleSetDifferences:
    code: str
    version: int
    from_: RuleSetVersion | None = strawberry.field(name="from", description="The version it is compared with.")
    differences: list[RuleSetDifference]


@strawberry.type
class RuleSetEdge:
    cursor: str
    node: RuleSet


@strawberry.type
class RuleSetConnection:
    edges: list[RuleSetEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(name="RuleSetFilter", description="Which versions to list; what is not given does not restrict.")
class RuleSetFilterInput:
    level: PositionLevel | None = None


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
        description="In what a version differs from another one; from what it was made from unless told. `fromCode` "
        "where the code is another one."
    )
    def rule_set_differences(
        self,
        code: str,
        version: int,
        earlier: Annotated[int | None, strawberry.argument(name="from")] = None,
        from_code: str | None = None,
    ) -> RuleSetDifferences | None:
        compiled()

    @strawberry.field(
        description="The shipped rule sets and the institution's own, by code; those of a level, if told."
    )
    def rule_sets(
        self,
        first: int | None = None,
        after: str | None = None,
        chosen: Annotated[RuleSetFilterInput | None, strawberry.argument(name="filter")] = None,
    ) -> RuleSetConnection | None:
        compiled()


@strawberry.type
class RuleSetChanges:
    @strawberry.field(
        description="Publish a rule set as the next version of one's own; `name` begins its code. Posts of its level "
        "are filled by it from then on, unless it is not `forLevel`: then only where a vacancy names it."
    )
    def publish_rule_set(
        self, based_on: RuleSetVersionInput, document: JSON, *, name: str | None = None, for_level: bool = True
    ) -> RuleSet | None:
        compiled()


async def rule_set(asked: Asked, code: str, version: int) -> Document:
    return await rule_sets.rule_set_document(asked.db, asked.actor, code, version, asked.wanted)


async def rule_set_differences(
    asked: Asked,
    code: str,
    version: int,
    from_code: str | None = None,
    **given: Any,  # noqa: ANN401 - `from` cannot be the name of a parameter
) -> Document:
    earlier = EarlierVersion.model_validate({"from": given.get("from"), "fromCode": from_code}, by_alias=True)
    return await rule_sets.rule_set_differences_document(asked.db, asked.actor, code, version, earlier, asked.wanted)


async def rule_sets_page(
    asked: Asked,
    first: int | None = None,
    after: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the argument's name in the schema
) -> Document:
    chosen = RuleSetFilter.model_validate(filter or {}, by_alias=True)
    return await rule_sets.rule_sets_page(asked.db, asked.actor, chosen, first, after, asked.wanted)


async def publish_rule_set(asked: Asked, **given: Any) -> Document:  # noqa: ANN401 - the arguments of the schema
    command = PublishRuleSet.model_validate(given)
    return await rule_set(asked, *await rule_sets.publish_rule_set(asked.db, asked.actor, command))


ROOTS: dict[str, RootFunction] = {
    "ruleSet": rule_set,
    "ruleSetDifferences": rule_set_differences,
    "ruleSets": rule_sets_page,
}
CHANGES: dict[str, RootFunction] = {"publishRuleSet": publish_rule_set}
