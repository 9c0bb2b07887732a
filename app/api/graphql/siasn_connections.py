"""GraphQL: the connection of an institution to SIASN."""

from __future__ import annotations

import datetime
from typing import Any

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.placements import Sentence
from app.db.documents import Document
from app.domain import siasn_connections as words
from app.domain.revisions import exactly
from app.services import siasn_connections, siasn_trials
from app.services.siasn_connections import KeepSiasnConnection, ReplaceSiasnSsoToken

strawberry.enum(
    words.TokenState,
    name="SiasnTokenState",
    graphql_name_from="value",
    description="How an SSO token issued by hand stands: `soon` is within two weeks.",
)
strawberry.enum(words.Step, name="SiasnStep", graphql_name_from="value", description="What a trial does.")
strawberry.enum(words.Outcome, name="SiasnOutcome", graphql_name_from="value", description="What came of a step.")


@strawberry.type(description="A header that goes with every call.")
class SiasnHeader:
    name: str
    value: str


@strawberry.type(description="An SSO token issued by hand: when it was given and when it ends, never what it is.")
class SiasnSsoToken:
    replaced_at: datetime.datetime
    replaced_by: str
    lapses_at: datetime.datetime | None = strawberry.field(description="As it says itself, unverified.")
    days_left: int | None
    state: words.TokenState
    warning: Sentence | None = strawberry.field(description="Null as long as there is nothing to be done.")


@strawberry.type(description="One step of a trial, and why it failed.")
class SiasnTrialStep:
    step: words.Step
    outcome: words.Outcome
    code: str | None
    status: int | None = strawberry.field(description="Of HTTP, where there was an answer.")
    detail: Sentence | None


@strawberry.type(description="The last trial of a connection.")
class SiasnTrial:
    tried_at: datetime.datetime
    tried_by: str
    succeeded: bool
    steps: list[SiasnTrialStep]


@strawberry.type(description="How an institution reaches SIASN. Secrets are never told, only that they are there.")
class SiasnConnection:
    revision: int
    api_base: str
    reference_base: str | None
    application_token_url: str | None
    sso_token_url: str | None
    consumer_key: str | None
    has_consumer_secret: bool
    sso_client_id: str | None
    sso_username: str | None = strawberry.field(description="The NIP of the civil servant whose rights count.")
    has_sso_password: bool
    sso_token: SiasnSsoToken | None
    headers: list[SiasnHeader]
    secret_headers: list[str] = strawberry.field(description="Their names.")
    use_application_token: bool
    use_sso_token: bool
    gap_seconds: float = strawberry.field(description="From an answer to the next request; 0 is no limit.")
    concurrency: int
    timeout_seconds: float
    token_timeout_seconds: float
    max_age_hours: int = strawberry.field(description="Who was asked for since then is fresh.")
    sync_every_hours: int | None = strawberry.field(
        description="How often an incremental sync of everybody starts by itself; null is never."
    )
    histories: list[str]
    pushes_placements: bool
    edited_at: datetime.datetime
    edited_by: str
    trial: SiasnTrial | None


@strawberry.input(description="A header and its value.")
class SiasnHeaderInput:
    name: str
    value: str


@strawberry.input(
    description="The whole connection. A secret that is not given stays as it is; an empty text takes it away. "
    "`secretHeaders` take the place of those that are kept."
)
class KeepSiasnConnectionInput:
    api_base: str
    reference_base: str | None = None
    application_token_url: str | None = None
    sso_token_url: str | None = None
    consumer_key: str | None = None
    consumer_secret: str | None = None
    sso_client_id: str | None = None
    sso_username: str | None = None
    sso_password: str | None = None
    sso_token: str | None = None
    headers: list[SiasnHeaderInput] | None = None
    secret_headers: list[SiasnHeaderInput] | None = None
    use_application_token: bool | None = None
    use_sso_token: bool | None = None
    gap_seconds: float | None = None
    concurrency: int | None = None
    timeout_seconds: float | None = None
    token_timeout_seconds: float | None = None
    max_age_hours: int | None = None
    sync_every_hours: int | None = None
    histories: list[str] | None = None
    pushes_placements: bool | None = None


@strawberry.input(description="Another SSO token issued by hand.")
class ReplaceSiasnSsoTokenInput:
    sso_token: str


@strawberry.type
class SiasnConnectionQueries:
    @strawberry.field(description="How the own institution reaches SIASN; null where it does not.")
    def siasn_connection(self) -> SiasnConnection | None:
        compiled()


@strawberry.type
class SiasnConnectionChanges:
    @strawberry.field(description="Connect the institution to SIASN, or change how; `revision` of a new one is 0.")
    def keep_siasn_connection(self, revision: int, input: KeepSiasnConnectionInput) -> SiasnConnection | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Replace the SSO token issued by hand; work under way goes on with it.")
    def replace_siasn_sso_token(self, input: ReplaceSiasnSsoTokenInput) -> SiasnConnection | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Ask for both tokens and one page of units, and say which layer failed.")
    def try_siasn_connection(self) -> SiasnConnection | None:
        compiled()

    @strawberry.field(description="Cut the connection and forget its secrets; answers with null.")
    def remove_siasn_connection(self, revision: int) -> SiasnConnection | None:
        compiled()


async def siasn_connection(asked: Asked) -> Document:
    return await siasn_connections.siasn_connection_document(asked.db, asked.actor, asked.wanted)


async def keep_siasn_connection(asked: Asked, revision: int, input: dict[str, Any]) -> Document:  # noqa: A002
    given = {name: value for name, value in input.items() if value is not None}
    await siasn_connections.keep_siasn_connection(
        asked.db,
        asked.actor,
        asked.sealing,
        asked.destinations,
        KeepSiasnConnection.model_validate(given, by_alias=True),
        expected=exactly(revision),
    )
    return await siasn_connection(asked)


async def replace_siasn_sso_token(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = ReplaceSiasnSsoToken.model_validate(input, by_alias=True)
    await siasn_connections.replace_siasn_sso_token(asked.db, asked.actor, asked.sealing, command)
    return await siasn_connection(asked)


async def try_siasn_connection(asked: Asked) -> Document:
    await siasn_trials.try_siasn_connection(asked.db, asked.actor, asked.sealing, asked.destinations)
    return await siasn_connection(asked)


async def remove_siasn_connection(asked: Asked, revision: int) -> Document:
    await siasn_connections.remove_siasn_connection(asked.db, asked.actor, expected=exactly(revision))
    return b"null"


ROOTS: dict[str, RootFunction] = {"siasnConnection": siasn_connection}
CHANGES: dict[str, RootFunction] = {
    "keepSiasnConnection": keep_siasn_connection,
    "replaceSiasnSsoToken": replace_siasn_sso_token,
    "trySiasnConnection": try_siasn_connection,
    "removeSiasnConnection": remove_siasn_connection,
}
