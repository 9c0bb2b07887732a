"""GraphQL: grants of data sharing."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import data_sharing_grants
from app.services.data_sharing_grants import GrantDataSharing


@strawberry.type(description="What an institution lets a client of another one read of its people.")
class DataSharingGrant:
    id: UUID
    origin: str = strawberry.field(description="Name of the institution whose people they are.")
    receiving_institution: str
    client_id: str
    agreement: str = strawberry.field(description="Number of the data-sharing agreement.")
    basis: str
    histories: list[str] | None = strawberry.field(description="Null for all of them but `rw-hukdis`.")
    granted_at: datetime.datetime
    granted_by: str | None = strawberry.field(description="Told to the origin alone.")
    expires_at: datetime.datetime
    revoked_at: datetime.datetime | None
    revoked_by: str | None = strawberry.field(description="Told to the origin alone.")
    is_open: bool = strawberry.field(description="Whether anything is read by it today.")


@strawberry.type
class DataSharingGrantEdge:
    cursor: str
    node: DataSharingGrant


@strawberry.type(description="A page of grants, newest first.")
class DataSharingGrantConnection:
    edges: list[DataSharingGrantEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="Without `histories` all of them but `rw-hukdis`, which counts only where it is named.")
class GrantDataSharingInput:
    client_id: str
    agreement: str
    basis: str
    histories: list[str] | None = None
    until: datetime.date


@strawberry.type
class DataSharingGrantQueries:
    @strawberry.field(description="One grant that the own institution gave or received.")
    def data_sharing_grant(self, grant_id: UUID) -> DataSharingGrant | None:
        compiled()

    @strawberry.field(description="The grants that the own institution gave or received, newest first.")
    def data_sharing_grants(
        self, first: int | None = None, after: str | None = None
    ) -> DataSharingGrantConnection | None:
        compiled()


@strawberry.type
class DataSharingGrantChanges:
    @strawberry.field(description="Let a client of another institution read histories of the own people.")
    def grant_data_sharing(self, input: GrantDataSharingInput) -> DataSharingGrant | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Take a grant back: nothing is read by it any more.")
    def revoke_data_sharing_grant(self, grant_id: UUID) -> DataSharingGrant | None:
        compiled()


async def data_sharing_grant(asked: Asked, grant_id: UUID) -> Document:
    return await data_sharing_grants.data_sharing_grant_document(asked.db, asked.actor, grant_id, asked.wanted)


async def data_sharing_grants_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await data_sharing_grants.data_sharing_grants_page(asked.db, asked.actor, first, after, asked.wanted)


async def grant_data_sharing(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002 - the argument's name in the schema
    command = GrantDataSharing.model_validate(input, by_alias=True)
    grant_id = await data_sharing_grants.grant_data_sharing(asked.db, asked.actor, command)
    return await data_sharing_grant(asked, grant_id)


async def revoke_data_sharing_grant(asked: Asked, grant_id: UUID) -> Document:
    await data_sharing_grants.revoke_data_sharing_grant(asked.db, asked.actor, grant_id)
    return await data_sharing_grant(asked, grant_id)


ROOTS: dict[str, RootFunction] = {
    "dataSharingGrant": data_sharing_grant,
    "dataSharingGrants": data_sharing_grants_page,
}
CHANGES: dict[str, RootFunction] = {
    "grantDataSharing": grant_data_sharing,
    "revokeDataSharingGrant": revoke_data_sharing_grant,
}
