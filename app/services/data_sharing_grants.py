"""Grants of data sharing: which client of another institution may read which histories of the own people.

The appointing authority gives them, as it releases single people: to share is a decision about people that the
institution answers for (UU 27/2022 art. 51-52). The administrator, who sees no people, may take one back at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import LEGAL_TIME, Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import data_sharing_grants as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.siasn_accounts import DataSharingGrantRow
from app.domain.actors import Actor, Permission
from app.domain.data_sharing import must_be_grantable
from app.domain.errors import Fault, NotFound, refuse
from app.domain.siasn_events import DataShared, DataSharingEnded
from app.services.contract import (
    Command,
    Comment,
    StorableText,
    WrittenDay,
    must_say_something,
    named_cursor,
    page_size,
)
from app.siasn.wire import HISTORIES

Number = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=100), AfterValidator(must_say_something)
]
History = Annotated[StorableText, Field(max_length=100)]


class GrantDataSharing(Command):
    """Let a client of another institution read histories of the own people, as SIASN would tell them."""

    client_id: Annotated[StorableText, Field(min_length=1, max_length=100)] = Field(
        description="Id of the client, as the other institution tells it."
    )
    agreement: Number = Field(description="Number of the data-sharing agreement.")
    basis: Comment = Field(description="What the sharing rests on, and what it is for.")
    histories: Annotated[list[History], Field(min_length=1, max_length=50)] | None = Field(
        None, description="Such as `data-utama`, `rw-jabatan`; all of them but `rw-hukdis` where nothing is named."
    )
    until: WrittenDay = Field(description="The last day on which it counts; two years from now at the latest.")


# ── writes


async def grant_data_sharing(db: Database, actor: Actor, command: GrantDataSharing) -> UUID:
    """Let a client of another institution read histories of the own people until a day, as the appointing authority.

    Refused for a client that does not read as SIASN is read, and for one of the own institution, which may anyhow.
    """
    actor.require(Permission.RELEASE_DISCLOSURE)
    must_be_grantable(command.histories, HISTORIES, command.until, db.today())
    grant_id, expires_at = uuid4(), datetime.combine(command.until + timedelta(days=1), time.min, LEGAL_TIME)
    histories = None if command.histories is None else sorted(set(command.histories))
    async with db.write_as(actor) as tx:
        reader = await _reader(tx, actor, command.client_id)
        receiving_id, receiving = UUID(reader["id"]), reader["name"]
        own = select(InstitutionRow.name).where(InstitutionRow.id == actor.institution_id)
        row = DataSharingGrantRow(
            institution_id=actor.institution_id,
            id=grant_id,
            origin=await tx.scalar(own),
            receiving_institution_id=receiving_id,
            receiving_institution=receiving,
            client_id=command.client_id,
            agreement=command.agreement,
            basis=command.basis,
            histories=histories,
            granted_at=db.now(),
            granted_by=actor.subject,
            expires_at=expires_at,
        )
        tx.add(row)
        told = (receiving_id, receiving, command.client_id, command.agreement, histories, expires_at.isoformat())
        await record(tx, actor, DataShared(grant_id, *told))
    return grant_id


async def revoke_data_sharing_grant(db: Database, actor: Actor, grant_id: UUID) -> None:
    """Take a grant back: nothing is read by it any more. The appointing authority may, and the administrator."""
    actor.require(Permission.MANAGE_SIASN, Permission.RELEASE_DISCLOSURE)
    async with db.write_as(actor) as tx:
        row = await tx.get(DataSharingGrantRow, (actor.institution_id, grant_id), with_for_update=True)
        if row is None:
            raise NotFound("data_sharing.not_found")
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = db.now(), actor.subject
            await record(tx, actor, DataSharingEnded(grant_id))


async def _reader(tx: AsyncSession, actor: Actor, client_id: str) -> Mapping[str, str]:
    """Whose client it is that is to read."""
    found = await tx.scalar(select(func.siasn_reader(client_id)))
    reader: Mapping[str, str] | None = json.loads(found) if isinstance(found, str) else found
    if reader is None or UUID(reader["id"]) == actor.institution_id:
        refuse(Fault("data_sharing.client", "/clientId"))
    return reader


# ── reads


async def data_sharing_grant_document(
    db: Database, actor: Actor, grant_id: UUID, wanted: Selection | None = None
) -> Document:
    """One grant that the own institution gave or received."""
    actor.require(Permission.MANAGE_SIASN, Permission.RELEASE_DISCLOSURE)
    document = await db.document_as(actor, shapes.DATA_SHARING_GRANT, wanted, id=grant_id)
    if document is None:
        raise NotFound("data_sharing.not_found")
    return document


async def data_sharing_grants_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The grants that the own institution gave or received, newest first."""
    actor.require(Permission.MANAGE_SIASN, Permission.RELEASE_DISCLOSURE)
    return await db.page_as(actor, shapes.DATA_SHARING_GRANTS, wanted, page_size(first), named_cursor(after))
