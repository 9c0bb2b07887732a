"""GraphQL: consents of talents."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.domain import consents
from app.services import consents as service
from app.services.consents import GiveConsent

strawberry.enum(
    consents.Scope, name="ConsentScope", graphql_name_from="value", description="How much of somebody a consent covers."
)


@strawberry.type(
    description="What a talent agrees to, for which purpose and until when; for one institution where one is named."
)
class Consent:
    id: UUID
    scope: consents.Scope
    purpose: str
    receiving_institution_id: UUID | None
    given_at: datetime.datetime
    expires_at: datetime.datetime
    withdrawn_at: datetime.datetime | None
    is_in_force: bool


@strawberry.type
class ConsentEdge:
    cursor: str
    node: Consent


@strawberry.type(description="A page of one's own consents, newest first.")
class ConsentConnection:
    edges: list[ConsentEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(
    description="What to agree to, until when (at most 730 days ahead); `purpose`: talent-mobility unless told, or "
    "vacancy-selection."
)
class GiveConsentInput:
    scope: consents.Scope
    expires_at: datetime.datetime
    purpose: str = "talent-mobility"
    receiving_institution_id: UUID | None = None


@strawberry.type
class ConsentQueries:
    @strawberry.field(description="One of the own consents; null where there is none.")
    def consent(self, consent_id: UUID) -> Consent | None:
        compiled()

    @strawberry.field(description="The own consents, newest first; also those that ended or were withdrawn.")
    def consents(self, first: int | None = None, after: str | None = None) -> ConsentConnection | None:
        compiled()


@strawberry.type
class ConsentChanges:
    @strawberry.field(description="Agree to being listed without a name, or to being disclosed.")
    def give_consent(self, input: GiveConsentInput) -> Consent | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Withdraw a consent: the card vanishes, and disclosures that rest on it are closed.")
    def withdraw_consent(self, consent_id: UUID) -> Consent | None:
        compiled()


async def consent_document(asked: Asked, consent_id: UUID) -> Document:
    return await service.consent_document(asked.db, asked.actor, consent_id, asked.wanted)


async def consents_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await service.consents_page(asked.db, asked.actor, first, after, asked.wanted)


async def give_consent(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = GiveConsent.model_validate(input, by_alias=True)
    return await consent_document(asked, await service.give_consent(asked.db, asked.actor, command))


async def withdraw_consent(asked: Asked, consent_id: UUID) -> Document:
    await service.withdraw_consent(asked.db, asked.actor, consent_id)
    return await consent_document(asked, consent_id)


ROOTS: dict[str, RootFunction] = {"consent": consent_document, "consents": consents_page}
CHANGES: dict[str, RootFunction] = {"giveConsent": give_consent, "withdrawConsent": withdraw_consent}
