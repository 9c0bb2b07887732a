"""Accounts of the facade: secrets and tokens with which people use an institution's clients as they use SIASN's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

import orjson
from pydantic import Field
from sqlalchemy import any_, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.secrets import hash_of, new_secret
from app.auth.sso_tokens import SsoTokens
from app.db.database import Database
from app.db.documents import Document, Pick, Selection
from app.db.ledger import record
from app.db.shapes import siasn_accounts as shapes
from app.db.tables.clients import ClientRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.siasn_accounts import SiasnAccountRow, SiasnSignInRow, SiasnTokenRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor, ClientScope, Permission
from app.domain.errors import Conflict, Fault, NotFound, Unauthenticated, refuse
from app.domain.siasn_accounts import (
    LONGEST_TOKEN,
    UNTRIED,
    Attempts,
    KnownAccount,
    SignedIn,
    must_not_be_revoked,
)
from app.domain.siasn_events import (
    SiasnAccountLocked,
    SiasnAccountRegistered,
    SiasnAccountRevoked,
    SiasnAccountUnlocked,
    SiasnSecretRotated,
    SiasnSignInEdited,
    SiasnSignInRefused,
    SiasnTokenIssued,
    SiasnTokenRevoked,
)
from app.services.contract import Command, StorableText, named_cursor, page_size

Given = Annotated[StorableText, Field(min_length=1, max_length=100)]


class RegisterSiasnAccount(Command):
    """A person of the institution who may sign in for one of its clients."""

    client_id: Given = Field(description="A client of the institution with the scope `siasn:read`.")
    nip: Given = Field(description="Employee number, 18 digits; it becomes the user name.")


class IssueSiasnToken(Command):
    """Issue a token beforehand, for a system that is configured with one and asks for none itself."""

    days: int = Field(90, ge=1, le=LONGEST_TOKEN, description="For how many days it counts.")


class EditSiasnSignIn(Command):
    """Say whether people may sign in by number and secret; tokens issued beforehand count either way."""

    password_grant: bool


@dataclass(frozen=True, slots=True, repr=False)
class ShownOnce:
    """A secret or token beside its account; it stands here and is not kept."""

    account_id: UUID
    secret: str


# ── writes


async def register_siasn_account(db: Database, actor: Actor, command: RegisterSiasnAccount) -> ShownOnce:
    """Let a person sign in for a client, with a secret that is made for them.

    Refused for somebody whom the institution does not know, for a client without the scope `siasn:read`, and where
    there is such an account already.
    """
    actor.require(Permission.MANAGE_SIASN)
    made, now = ShownOnce(uuid4(), new_secret()), db.now()
    async with db.write_as(actor) as tx:
        talent_id = await _talent_of(tx, actor, command)
        account = insert_or(SiasnAccountRow).values(
            institution_id=actor.institution_id,
            id=made.account_id,
            client_id=command.client_id,
            talent_id=talent_id,
            hash=hash_of(made.secret),
            generation=1,
            created_at=now,
            created_by=actor.subject,
            secret_made_at=now,
        )
        kept = account.on_conflict_do_nothing().returning(SiasnAccountRow.id)
        if await tx.scalar(kept) is None:
            raise Conflict("siasn_account.exists")
        attempts = {"institution_id": actor.institution_id, "account_id": made.account_id}
        await tx.execute(insert(SiasnSignInRow).values(attempts))
        await record(tx, actor, SiasnAccountRegistered(made.account_id, talent_id, command.client_id))
    return made


async def rotate_siasn_secret(db: Database, actor: Actor, account_id: UUID) -> ShownOnce:
    """Give an account another secret; the one before ends at once, its tokens within half a minute."""
    actor.require(Permission.MANAGE_SIASN)
    made = ShownOnce(account_id, new_secret())
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, account_id)
        row.hash, row.generation, row.secret_made_at = hash_of(made.secret), row.generation + 1, db.now()
        await record(tx, actor, SiasnSecretRotated(account_id))
    return made


async def unlock_siasn_account(db: Database, actor: Actor, account_id: UUID) -> None:
    """Open an account that wrong secrets have locked, before it opens by itself."""
    actor.require(Permission.MANAGE_SIASN)
    async with db.write_as(actor) as tx:
        await _hold(tx, actor, account_id)
        await _keep_attempts(tx, actor, account_id, UNTRIED)
        await record(tx, actor, SiasnAccountUnlocked(account_id))


async def revoke_siasn_account(db: Database, actor: Actor, account_id: UUID) -> None:
    """End an account for good; every token it has ends within half a minute."""
    actor.require(Permission.MANAGE_SIASN)
    async with db.write_as(actor) as tx:
        row = await _hold(tx, actor, account_id, must_live=False)
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = db.now(), actor.subject
            await record(tx, actor, SiasnAccountRevoked(account_id))


async def issue_siasn_token(
    db: Database, actor: Actor, sso: SsoTokens, account_id: UUID, command: IssueSiasnToken
) -> ShownOnce:
    """Issue a token to an account beforehand; it counts for the days that are said, unless it is revoked."""
    actor.require(Permission.MANAGE_SIASN)
    token_id, now = uuid4(), db.now()
    expires_at = now + timedelta(days=command.days)
    async with db.write_as(actor) as tx:
        account = await _hold(tx, actor, account_id)
        token = {"issued_at": now, "issued_by": actor.subject, "expires_at": expires_at}
        key = {"institution_id": actor.institution_id, "id": token_id, "account_id": account_id}
        await tx.execute(insert(SiasnTokenRow).values(**key, **token))
        await record(tx, actor, SiasnTokenIssued(account_id, token_id, expires_at.isoformat()))
        who = SignedIn(actor.institution_id, account.client_id, account_id, account.generation, token_id)
    return ShownOnce(account_id, sso.issue(who, now, expires_at))


async def revoke_siasn_token(db: Database, actor: Actor, account_id: UUID, token_id: UUID) -> None:
    """End a token that was issued beforehand; it counts no more within half a minute."""
    actor.require(Permission.MANAGE_SIASN)
    async with db.write_as(actor) as tx:
        row = await tx.get(SiasnTokenRow, (actor.institution_id, token_id), with_for_update=True)
        if row is None or row.account_id != account_id:
            raise NotFound("siasn_token.not_found")
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = db.now(), actor.subject
            await record(tx, actor, SiasnTokenRevoked(account_id, token_id))


async def edit_siasn_sign_in(db: Database, actor: Actor, command: EditSiasnSignIn) -> None:
    """Allow signing in by number and secret, or forbid it: then tokens that were had so end within half a minute."""
    actor.require(Permission.MANAGE_SIASN)
    async with db.write_as(actor) as tx:
        row = await tx.get(InstitutionRow, actor.institution_id, with_for_update=True)
        if row is None:
            raise NotFound("institution.not_found")
        before, row.siasn_password_grant = row.siasn_password_grant, command.password_grant
        if before != command.password_grant:
            changed: dict[str, object] = {"passwordGrant": command.password_grant}
            await record(tx, actor, SiasnSignInEdited({"passwordGrant": before}, changed))


async def sign_in_to_siasn(
    db: Database, actor: Actor, client_id: str, account: KnownAccount | None, *, is_proven: bool
) -> SignedIn:
    """Sign in whoever has proven to be an account's person; `Unauthenticated` for all others, and while it is locked.

    Wrong secrets are counted under a lock that all processes share, and refusals stand in the ledger. Where there is no
    account, the same is done and nothing found.
    """
    actor.require(Permission.MANAGE_SIASN)
    now, account_id = db.now(), uuid4() if account is None else account.id
    async with db.write_as(actor) as tx:
        before = await _hold_attempts(tx, actor, account_id)
        is_locked = before.is_locked(now)
        if account is not None and is_proven and not is_locked:
            await _keep_attempts(tx, actor, account_id, UNTRIED, succeeded_at=now)
            return SignedIn(actor.institution_id, client_id, account.id, account.generation)
        after = before.after_failure(now)
        await _keep_attempts(tx, actor, account_id, after)
        reason = "locked" if is_locked else "unknown_account" if account is None else "wrong_secret"
        await record(tx, actor, SiasnSignInRefused(client_id, None if account is None else account.id, reason))
        if account is not None and not is_locked and after.locked_until is not None:
            told = after.locked_until.isoformat()
            await record(tx, actor, SiasnAccountLocked(account.id, after.failures, told))
    raise Unauthenticated("siasn.sign_in")


async def _talent_of(tx: AsyncSession, actor: Actor, command: RegisterSiasnAccount) -> UUID:
    """The person, once person and client are what an account takes."""
    person = select(TalentRow.id).where(TalentRow.institution_id == actor.institution_id, TalentRow.nip == command.nip)
    client = select(ClientRow.client_id).where(
        ClientRow.institution_id == actor.institution_id,
        ClientRow.client_id == command.client_id,
        ClientRow.revoked_at.is_(None),
        literal(ClientScope.SIASN_READ.value) == any_(ClientRow.scopes),
    )
    talent_id = await tx.scalar(person)
    missing = [] if talent_id is not None else [Fault("siasn_account.no_person", "/nip")]
    if await tx.scalar(client) is None:
        missing.append(Fault("siasn_account.no_client", "/clientId"))
    if talent_id is None or missing:
        refuse(*missing)
    return talent_id


async def _hold(tx: AsyncSession, actor: Actor, account_id: UUID, *, must_live: bool = True) -> SiasnAccountRow:
    """The account, which nobody else changes meanwhile."""
    row = await tx.get(SiasnAccountRow, (actor.institution_id, account_id), with_for_update=True)
    if row is None:
        raise NotFound("siasn_account.not_found")
    if must_live:
        must_not_be_revoked(row.revoked_at)
    return row


async def _hold_attempts(tx: AsyncSession, actor: Actor, account_id: UUID) -> Attempts:
    """How signing in went so far; whoever else tries waits."""
    row = await tx.get(SiasnSignInRow, (actor.institution_id, account_id), with_for_update=True)
    return UNTRIED if row is None else Attempts(row.failures, row.locked_until)


async def _keep_attempts(
    tx: AsyncSession, actor: Actor, account_id: UUID, attempts: Attempts, **besides: object
) -> None:
    mine = SiasnSignInRow.institution_id == actor.institution_id, SiasnSignInRow.account_id == account_id
    kept = {"failures": attempts.failures, "locked_until": attempts.locked_until, **besides}
    await tx.execute(update(SiasnSignInRow).where(*mine).values(kept))


# ── reads


async def siasn_account_document(
    db: Database, actor: Actor, account_id: UUID, wanted: Selection | None = None
) -> Document:
    """One account of the own institution, with the tokens issued to it beforehand."""
    actor.require(Permission.MANAGE_SIASN)
    document = await db.document_as(actor, shapes.SIASN_ACCOUNT, wanted, id=account_id)
    if document is None:
        raise NotFound("siasn_account.not_found")
    return document


async def siasn_accounts_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The accounts of the own institution, newest first, revoked ones included."""
    actor.require(Permission.MANAGE_SIASN)
    return await db.page_as(actor, shapes.SIASN_ACCOUNTS, wanted, page_size(first), named_cursor(after))


async def siasn_sign_in_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """How people sign in to the clients of the own institution."""
    actor.require(Permission.MANAGE_SIASN)
    document = await db.document_as(actor, shapes.SIASN_SIGN_IN, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def siasn_credentials_document(
    db: Database, actor: Actor, made: ShownOnce, wanted: Selection | None = None
) -> Document:
    """A secret or token beside its account; made by no statement, since it is stored nowhere."""
    actor.require(Permission.MANAGE_SIASN)
    parts = []
    for pick in SHOWN_ONCE if wanted is None else wanted:
        match pick.name:
            case "secret":
                part = orjson.dumps(made.secret)
            case "account":
                part = await siasn_account_document(db, actor, made.account_id, pick.below)
            case _:
                part = orjson.dumps("SiasnCredentials")
        parts.append(orjson.dumps(pick.alias) + b":" + part)
    return b"{" + b",".join(parts) + b"}"


SHOWN_ONCE: Selection = (Pick("secret", "secret"), Pick("account", "account"))
