"""Integration clients: registered by an institution, edited, given new secrets, and revoked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

import orjson
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.secrets import hash_of, new_client_id, new_secret
from app.db.database import Database
from app.db.documents import Document, Pick, Selection
from app.db.ledger import record
from app.db.shapes import clients as shapes
from app.db.tables.clients import ClientRow, ClientSecretRow
from app.domain.actors import Actor, ClientScope, Permission
from app.domain.clients import MOST_OVERLAP, Secret, ends_after_rotation, must_have_agreement, must_not_be_revoked
from app.domain.errors import NotFound
from app.domain.events import ClientEdited, ClientRegistered, ClientRevoked, ClientSecretRotated
from app.services.contract import Command, must_say_something, page_size, text_cursor

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(must_say_something)
]
Scopes = Annotated[list[Annotated[ClientScope, Field(strict=False)]], Field(min_length=1, max_length=20)]
Institutions = Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=1000)]


class RegisterClient(Command):
    """A system that may ask for tokens, what they are for, and whose people it may ask for besides the own ones."""

    name: Line
    scopes: Scopes
    institutions: Institutions = Field(
        [], description="Whose cards and disclosures it may ask for; the own institution always counts."
    )
    data_sharing_agreement: Line | None = Field(
        None, description="Number; required for other institutions and for the scope `disclosures`."
    )


class EditClient(Command):
    """The parts to change; what is not given stays."""

    name: Line | None = None
    scopes: Scopes | None = None
    institutions: Institutions | None = None
    data_sharing_agreement: Line | None = None


class RotateClientSecret(Command):
    """Make another secret; the present one ends after some hours, in which the system is given the new one."""

    overlap_hours: int = Field(24, ge=0, le=int(MOST_OVERLAP / timedelta(hours=1)))


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What a system proves itself with. The secret is here and, as a hash, in the database: it is shown once."""

    client_id: str
    secret: str


# ── writes


async def register_client(db: Database, actor: Actor, command: RegisterClient) -> Credentials:
    """Register a client of the own institution. Refused without an agreement where it reaches other institutions."""
    actor.require(Permission.MANAGE_CLIENTS)
    made = Credentials(new_client_id(), new_secret())
    scopes = sorted({scope.value for scope in command.scopes})
    institutions = sorted({actor.institution_id, *command.institutions})
    agreement = command.data_sharing_agreement
    must_have_agreement(command.scopes, institutions, actor.institution_id, agreement)
    row = {
        "institution_id": actor.institution_id,
        "client_id": made.client_id,
        "name": command.name,
        "scopes": scopes,
        "institutions": institutions,
        "data_sharing_agreement": agreement,
        "created_at": db.now(),
        "created_by": actor.subject,
    }
    async with db.write_as(actor) as tx:
        await tx.execute(insert(ClientRow).values(row))
        await _add_secret(tx, db, actor, made)
        named = [str(one) for one in institutions]
        await record(tx, actor, ClientRegistered(made.client_id, command.name, scopes, named, agreement))
    return made


async def edit_client(db: Database, actor: Actor, client_id: str, command: EditClient) -> None:
    """Change parts of a client. Tokens it already has keep their scopes until they end."""
    actor.require(Permission.MANAGE_CLIENTS)
    async with db.write_as(actor) as tx:
        client = await _hold_client(tx, actor, client_id)
        changed = command.model_dump(exclude_none=True)
        if command.institutions is not None:
            changed["institutions"] = sorted({actor.institution_id, *command.institutions})
        if command.scopes is not None:
            changed["scopes"] = sorted({scope.value for scope in command.scopes})
        before = {name: getattr(client, name) for name in changed}
        for name, value in changed.items():
            setattr(client, name, value)
        scopes = [ClientScope(scope) for scope in client.scopes]
        must_have_agreement(scopes, client.institutions, actor.institution_id, client.data_sharing_agreement)
        if changed:
            await record(tx, actor, ClientEdited(client_id, _plain(before), _plain(changed)))


async def rotate_client_secret(db: Database, actor: Actor, client_id: str, command: RotateClientSecret) -> Credentials:
    """Give a client another secret. The newest one so far ends after the overlap, an older one at once."""
    actor.require(Permission.MANAGE_CLIENTS)
    made, now = Credentials(client_id, new_secret()), db.now()
    async with db.write_as(actor) as tx:
        await _hold_client(tx, actor, client_id)
        rows = list(
            await tx.scalars(
                select(ClientSecretRow)
                .where(ClientSecretRow.client_id == client_id)
                .where(or_(ClientSecretRow.expires_at.is_(None), ClientSecretRow.expires_at > now))
                .order_by(ClientSecretRow.created_at, ClientSecretRow.id)
            )
        )
        live = [Secret(row.id, row.expires_at) for row in rows]
        ends = ends_after_rotation(live, now, timedelta(hours=command.overlap_hours))
        for row in rows:
            row.expires_at = ends[row.id]
        secret_id = await _add_secret(tx, db, actor, made)
        told = {str(secret): end.isoformat() for secret, end in ends.items()}
        await record(tx, actor, ClientSecretRotated(client_id, secret_id, told))
    return made


async def revoke_client(db: Database, actor: Actor, client_id: str) -> None:
    """Revoke a client for good. It obtains no more tokens; the one it may have ends within minutes."""
    actor.require(Permission.MANAGE_CLIENTS)
    async with db.write_as(actor) as tx:
        client = await _hold_client(tx, actor, client_id, must_live=False)
        if client.revoked_at is None:
            client.revoked_at, client.revoked_by = db.now(), actor.subject
            await record(tx, actor, ClientRevoked(client_id))


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """Values as the ledger keeps them."""
    return {name: [str(one) for one in value] if isinstance(value, list) else value for name, value in values.items()}


async def _hold_client(tx: AsyncSession, actor: Actor, client_id: str, *, must_live: bool = True) -> ClientRow:
    """The client, which nobody else changes meanwhile."""
    client = await tx.get(ClientRow, (actor.institution_id, _known_id(client_id)), with_for_update=True)
    if client is None:
        raise NotFound("client.not_found")
    if must_live:
        must_not_be_revoked(client_id, client.revoked_at)
    return client


async def _add_secret(tx: AsyncSession, db: Database, actor: Actor, made: Credentials) -> UUID:
    secret_id = uuid4()
    await tx.execute(
        insert(ClientSecretRow).values(
            institution_id=actor.institution_id,
            id=secret_id,
            client_id=made.client_id,
            hash=hash_of(made.secret),
            created_at=db.now(),
            created_by=actor.subject,
        )
    )
    return secret_id


# ── reads


async def client_document(db: Database, actor: Actor, client_id: str, wanted: Selection | None = None) -> Document:
    """One client of the own institution, and when its secrets end."""
    actor.require(Permission.MANAGE_CLIENTS)
    document = await db.document_as(actor, shapes.CLIENT, wanted, client_id=_known_id(client_id))
    if document is None:
        raise NotFound("client.not_found")
    return document


async def clients_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The clients of the own institution by name, revoked ones included."""
    actor.require(Permission.MANAGE_CLIENTS)
    return await db.page_as(actor, shapes.CLIENTS, wanted, page_size(first), text_cursor(after))


SHOWN_ONCE: Selection = (Pick("clientSecret", "clientSecret"), Pick("client", "client"))


async def credentials_document(
    db: Database, actor: Actor, made: Credentials, wanted: Selection | None = None
) -> Document:
    """A secret beside its client. The only document that no statement makes: a secret is stored nowhere."""
    actor.require(Permission.MANAGE_CLIENTS)
    parts = []
    for pick in SHOWN_ONCE if wanted is None else wanted:
        match pick.name:
            case "clientSecret":
                part = orjson.dumps(made.secret)
            case "client":
                part = await client_document(db, actor, made.client_id, pick.below)
            case _:
                part = orjson.dumps("ClientCredentials")
        parts.append(orjson.dumps(pick.alias) + b":" + part)
    return b"{" + b",".join(parts) + b"}"


def _known_id(client_id: str) -> str:
    """The id; what cannot be one is the id of nothing."""
    if not client_id.isascii() or not client_id.isprintable():
        raise NotFound("client.not_found")
    return client_id
