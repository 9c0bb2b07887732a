"""GraphQL: the national rules of retirement, version by version, and an institution's exceptions from them."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.domain.careers import PositionLevel
from app.domain.revisions import exactly
from app.services import retirement_rules as service
from app.services.retirement_rules import KeepRetirementException, PublishRetirementRules


@strawberry.type(
    description="At which age holders of posts of a `level`, or of a name that begins with `words`, retire (BUP)."
)
class RetirementRule:
    level: PositionLevel | None
    words: str | None
    age: int
    legal_basis: str


@strawberry.type(description="A version of the national rules of retirement; of its rules the first that fits decides.")
class RetirementRules:
    version: int
    effective_from: datetime.date
    legal_basis: str
    published_at: datetime.datetime
    is_in_force: bool
    rules: list[RetirementRule]


@strawberry.type(description="Every version of the national rules of retirement, the newest first.")
class RetirementRulebooks:
    versions: list[RetirementRules]


@strawberry.type(
    description="What an institution says of posts whose name begins with `words` instead of the national rules; "
    "`posts` counts those that are so named."
)
class RetirementException:
    id: UUID
    revision: int
    words: str
    age: int
    legal_basis: str
    posts: int


@strawberry.type(description="The exceptions of an institution from the national rules of retirement.")
class RetirementExceptions:
    exceptions: list[RetirementException]


@strawberry.input(description="A rule for a `level`, or for posts whose name begins with `words`.")
class WrittenRetirementRuleInput:
    level: PositionLevel | None = None
    words: str | None = None
    age: int
    legal_basis: str


@strawberry.input(description="The next version of the national rules, whole: names first, then every level.")
class PublishRetirementRulesInput:
    effective_from: datetime.date
    legal_basis: str
    rules: list[WrittenRetirementRuleInput]


@strawberry.input(description="What the institution says of posts whose name begins with `words`.")
class KeepRetirementExceptionInput:
    words: str
    age: int
    legal_basis: str


@strawberry.type
class RetirementRuleQueries:
    @strawberry.field(description="Every version of the national rules of retirement, the newest first.")
    def retirement_rulebooks(self) -> RetirementRulebooks | None:
        compiled()

    @strawberry.field(description="One version of the national rules of retirement; null where there is none.")
    def retirement_rules(self, version: int) -> RetirementRules | None:
        compiled()

    @strawberry.field(description="What the institution says of posts of certain names instead.")
    def retirement_exceptions(self) -> RetirementExceptions | None:
        compiled()


@strawberry.type
class RetirementRuleChanges:
    @strawberry.field(description="Publish the next version of the national rules; a version is never edited.")
    def publish_retirement_rules(
        self,
        input: PublishRetirementRulesInput,  # noqa: A002
    ) -> RetirementRules | None:
        compiled()

    @strawberry.field(
        description="Say at which age holders of posts of a name retire, or change it; `revision` of a new one is 0."
    )
    def keep_retirement_exception(
        self,
        exception_id: UUID,
        revision: int,
        input: KeepRetirementExceptionInput,  # noqa: A002
    ) -> RetirementException | None:
        compiled()

    @strawberry.field(description="Take an exception back; answers with those that are left.")
    def remove_retirement_exception(self, exception_id: UUID, revision: int) -> RetirementExceptions | None:
        compiled()


async def retirement_rulebooks(asked: Asked) -> Document:
    return await service.retirement_rulebooks_document(asked.db, asked.actor, asked.wanted)


async def retirement_rules(asked: Asked, version: int) -> Document:
    return await service.retirement_rules_document(asked.db, asked.actor, version, asked.wanted)


async def retirement_exceptions(asked: Asked) -> Document:
    return await service.retirement_exceptions_document(asked.db, asked.actor, asked.wanted)


async def publish_retirement_rules(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = PublishRetirementRules.model_validate(input, by_alias=True)
    return await retirement_rules(asked, await service.publish_retirement_rules(asked.db, asked.actor, command))


async def keep_retirement_exception(
    asked: Asked,
    exception_id: UUID,
    revision: int,
    input: dict[str, Any],  # noqa: A002
) -> Document:
    command = KeepRetirementException.model_validate(input, by_alias=True)
    await service.keep_retirement_exception(asked.db, asked.actor, exception_id, command, expected=exactly(revision))
    return await service.retirement_exception_document(asked.db, asked.actor, exception_id, asked.wanted)


async def remove_retirement_exception(asked: Asked, exception_id: UUID, revision: int) -> Document:
    await service.remove_retirement_exception(asked.db, asked.actor, exception_id, expected=exactly(revision))
    return await retirement_exceptions(asked)


ROOTS: dict[str, RootFunction] = {
    "retirementRulebooks": retirement_rulebooks,
    "retirementRules": retirement_rules,
    "retirementExceptions": retirement_exceptions,
}
CHANGES: dict[str, RootFunction] = {
    "publishRetirementRules": publish_retirement_rules,
    "keepRetirementException": keep_retirement_exception,
    "removeRetirementException": remove_retirement_exception,
}
