"""GraphQL: integration clients."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import clients
from app.services.clients import EditClient, RegisterClient, RotateClientSecret


@strawberry.type(description="A secret of a client: when it was made and when it ends, never what it is.")
class ClientSecret:
    id: UUID
    created_at: datetime.datetime
    created_by: str
    expires_at: datetime.datetime | None = strawberry.field(description="Null as long as nobody rotates it.")


@strawberry.type(description="A system of the institution that may ask for tokens.")
class Client:
    client_id: str
    name: str
    scopes: list[str]
    institutions: list[str] = strawberry.field(description="Whose cards and disclosures it may ask for.")
    data_sharing_agreement: str | None
    created_at: datetime.datetime
    created_by: str
    revoked_at: datetime.datetime | None
    revoked_by: str | None
    secrets: list[ClientSecret] = strawberry.field(description="Newest first.")


@strawberry.type(description="A client and its secret, which is shown this once.")
class ClientCredentials:
    client_secret: str
    client: Client


@strawberry.type
class ClientEdge:
    cursor: str
    node: Client


@strawberry.type(description="A page of clients, by name.")
class ClientConnection:
    edges: list[ClientEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="Beyond the own institution, and for disclosures, a data-sharing agreement is needed.")
class RegisterClientInput:
    name: str
    scopes: list[str]
    institutions: list[UUID] | None = None
    data_sharing_agreement: str | None = None


@strawberry.input(description="What to change; what is not given stays.")
class EditClientInput:
    name: str | None = None
    scopes: list[str] | None = None
    institutions: list[UUID] | None = None
    data_sharing_agreement: str | None = None


@strawberry.input(description="For how long the present secret still counts.")
class RotateClientSecretInput:
    overlap_hours: int = 24


@strawberry.type
class ClientQueries:
    @strawberry.field(description="One client of the own institution.")
    def client(self, client_id: str) -> Client | None:
        compiled()

    @strawberry.field(description="The clients of the own institution, by name.")
    def clients(self, first: int | None = None, after: str | None = None) -> ClientConnection | None:
        compiled()


@strawberry.type
class ClientChanges:
    @strawberry.field(description="Register a system of the institution.")
    def register_client(self, input: RegisterClientInput) -> ClientCredentials | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Change parts of a client.")
    def edit_client(self, client_id: str, input: EditClientInput) -> Client | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Make another secret for a client; the present one ends after the overlap.")
    def rotate_client_secret(self, client_id: str, input: RotateClientSecretInput) -> ClientCredentials | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Revoke a client for good.")
    def revoke_client(self, client_id: str) -> Client | None:
        compiled()


async def client(asked: Asked, client_id: str) -> Document:
    return await clients.client_document(asked.db, asked.actor, client_id, asked.wanted)


async def clients_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await clients.clients_page(asked.db, asked.actor, first, after, asked.wanted)


async def register_client(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002 - the argument's name in the schema
    given = {name: value for name, value in input.items() if value is not None}
    made = await clients.register_client(asked.db, asked.actor, RegisterClient.model_validate(given, by_alias=True))
    return await clients.credentials_document(asked.db, asked.actor, made, asked.wanted)


async def edit_client(asked: Asked, client_id: str, input: dict[str, Any]) -> Document:  # noqa: A002
    await clients.edit_client(asked.db, asked.actor, client_id, EditClient.model_validate(input, by_alias=True))
    return await client(asked, client_id)


async def rotate_client_secret(asked: Asked, client_id: str, input: dict[str, Any]) -> Document:  # noqa: A002
    command = RotateClientSecret.model_validate(input, by_alias=True)
    made = await clients.rotate_client_secret(asked.db, asked.actor, client_id, command)
    return await clients.credentials_document(asked.db, asked.actor, made, asked.wanted)


async def revoke_client(asked: Asked, client_id: str) -> Document:
    await clients.revoke_client(asked.db, asked.actor, client_id)
    return await client(asked, client_id)


ROOTS: dict[str, RootFunction] = {"client": client, "clients": clients_page}
CHANGES: dict[str, RootFunction] = {
    "registerClient": register_client,
    "editClient": edit_client,
    "rotateClientSecret": rotate_client_secret,
    "revokeClient": revoke_client,
}
SHOWN_ONCE = frozenset({"registerClient", "rotateClientSecret"})
"""Changes whose answer holds a secret; it is never kept."""
