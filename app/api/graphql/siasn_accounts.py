"""GraphQL: accounts of the SIASN facade."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.api.graphql.context import Asked, RootFunction, compiled
from app.api.graphql.talents import PageInfo
from app.db.documents import Document
from app.services import siasn_accounts
from app.services.siasn_accounts import EditSiasnSignIn, IssueSiasnToken, RegisterSiasnAccount


@strawberry.type(description="A token issued beforehand: when it was made and when it ends, never what it is.")
class SiasnToken:
    id: UUID
    issued_at: datetime.datetime
    issued_by: str
    expires_at: datetime.datetime
    revoked_at: datetime.datetime | None
    revoked_by: str | None


@strawberry.type(description="A person who may sign in for a client, as at SIASN's single sign-on.")
class SiasnAccount:
    id: UUID
    client_id: str
    nip: str = strawberry.field(description="The user name.")
    created_at: datetime.datetime
    created_by: str
    secret_made_at: datetime.datetime
    signed_in_at: datetime.datetime | None = strawberry.field(description="The last time by number and secret.")
    failures: int = strawberry.field(description="Wrong secrets in a row.")
    locked_until: datetime.datetime | None = strawberry.field(description="Null while it is not locked.")
    revoked_at: datetime.datetime | None
    revoked_by: str | None
    tokens: list[SiasnToken] = strawberry.field(description="Newest first.")


@strawberry.type(description="A secret or a token beside its account; it is shown this once.")
class SiasnCredentials:
    secret: str
    account: SiasnAccount


@strawberry.type(description="How people sign in to the institution's clients.")
class SiasnSignIn:
    password_grant: bool = strawberry.field(description="Whether by number and secret.")


@strawberry.type
class SiasnAccountEdge:
    cursor: str
    node: SiasnAccount


@strawberry.type(description="A page of accounts, newest first.")
class SiasnAccountConnection:
    edges: list[SiasnAccountEdge]
    page_info: PageInfo
    total_count: int


@strawberry.input(description="A client of the institution with the scope `siasn:read`, and one of its people.")
class RegisterSiasnAccountInput:
    client_id: str
    nip: str


@strawberry.input(description="For how many days the token counts.")
class IssueSiasnTokenInput:
    days: int = 90


@strawberry.input(description="Whether people may sign in by number and secret.")
class EditSiasnSignInInput:
    password_grant: bool


@strawberry.type
class SiasnAccountQueries:
    @strawberry.field(description="One account of the own institution.")
    def siasn_account(self, account_id: UUID) -> SiasnAccount | None:
        compiled()

    @strawberry.field(description="The accounts of the own institution, newest first.")
    def siasn_accounts(self, first: int | None = None, after: str | None = None) -> SiasnAccountConnection | None:
        compiled()

    @strawberry.field(description="How people sign in to the clients of the own institution.")
    def siasn_sign_in(self) -> SiasnSignIn | None:
        compiled()


@strawberry.type
class SiasnAccountChanges:
    @strawberry.field(description="Let a person sign in for a client.")
    def register_siasn_account(self, input: RegisterSiasnAccountInput) -> SiasnCredentials | None:  # noqa: A002
        compiled()

    @strawberry.field(description="Make another secret; the one before ends at once, its tokens within half a minute.")
    def rotate_siasn_secret(self, account_id: UUID) -> SiasnCredentials | None:
        compiled()

    @strawberry.field(description="Issue a token beforehand, for a system that is configured with one.")
    def issue_siasn_token(self, account_id: UUID, input: IssueSiasnTokenInput) -> SiasnCredentials | None:  # noqa: A002
        compiled()

    @strawberry.field(description="End a token that was issued beforehand.")
    def revoke_siasn_token(self, account_id: UUID, token_id: UUID) -> SiasnAccount | None:
        compiled()

    @strawberry.field(description="End an account for good, and with it all its tokens.")
    def revoke_siasn_account(self, account_id: UUID) -> SiasnAccount | None:
        compiled()

    @strawberry.field(description="Open an account that wrong secrets have locked.")
    def unlock_siasn_account(self, account_id: UUID) -> SiasnAccount | None:
        compiled()

    @strawberry.field(description="Allow or forbid signing in by number and secret.")
    def edit_siasn_sign_in(self, input: EditSiasnSignInInput) -> SiasnSignIn | None:  # noqa: A002
        compiled()


async def siasn_account(asked: Asked, account_id: UUID) -> Document:
    return await siasn_accounts.siasn_account_document(asked.db, asked.actor, account_id, asked.wanted)


async def siasn_accounts_page(asked: Asked, first: int | None = None, after: str | None = None) -> Document:
    return await siasn_accounts.siasn_accounts_page(asked.db, asked.actor, first, after, asked.wanted)


async def siasn_sign_in(asked: Asked) -> Document:
    return await siasn_accounts.siasn_sign_in_document(asked.db, asked.actor, asked.wanted)


async def register_siasn_account(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002 - the argument's name in the schema
    command = RegisterSiasnAccount.model_validate(input, by_alias=True)
    made = await siasn_accounts.register_siasn_account(asked.db, asked.actor, command)
    return await siasn_accounts.siasn_credentials_document(asked.db, asked.actor, made, asked.wanted)


async def rotate_siasn_secret(asked: Asked, account_id: UUID) -> Document:
    made = await siasn_accounts.rotate_siasn_secret(asked.db, asked.actor, account_id)
    return await siasn_accounts.siasn_credentials_document(asked.db, asked.actor, made, asked.wanted)


async def issue_siasn_token(asked: Asked, account_id: UUID, input: dict[str, Any]) -> Document:  # noqa: A002
    command = IssueSiasnToken.model_validate(input, by_alias=True)
    made = await siasn_accounts.issue_siasn_token(asked.db, asked.actor, asked.sso_tokens, account_id, command)
    return await siasn_accounts.siasn_credentials_document(asked.db, asked.actor, made, asked.wanted)


async def revoke_siasn_token(asked: Asked, account_id: UUID, token_id: UUID) -> Document:
    await siasn_accounts.revoke_siasn_token(asked.db, asked.actor, account_id, token_id)
    return await siasn_account(asked, account_id)


async def revoke_siasn_account(asked: Asked, account_id: UUID) -> Document:
    await siasn_accounts.revoke_siasn_account(asked.db, asked.actor, account_id)
    return await siasn_account(asked, account_id)


async def unlock_siasn_account(asked: Asked, account_id: UUID) -> Document:
    await siasn_accounts.unlock_siasn_account(asked.db, asked.actor, account_id)
    return await siasn_account(asked, account_id)


async def edit_siasn_sign_in(asked: Asked, input: dict[str, Any]) -> Document:  # noqa: A002
    command = EditSiasnSignIn.model_validate(input, by_alias=True)
    await siasn_accounts.edit_siasn_sign_in(asked.db, asked.actor, command)
    return await siasn_sign_in(asked)


ROOTS: dict[str, RootFunction] = {
    "siasnAccount": siasn_account,
    "siasnAccounts": siasn_accounts_page,
    "siasnSignIn": siasn_sign_in,
}
CHANGES: dict[str, RootFunction] = {
    "registerSiasnAccount": register_siasn_account,
    "rotateSiasnSecret": rotate_siasn_secret,
    "issueSiasnToken": issue_siasn_token,
    "revokeSiasnToken": revoke_siasn_token,
    "revokeSiasnAccount": revoke_siasn_account,
    "unlockSiasnAccount": unlock_siasn_account,
    "editSiasnSignIn": edit_siasn_sign_in,
}
SHOWN_ONCE = frozenset({"registerSiasnAccount", "rotateSiasnSecret", "issueSiasnToken"})
"""Changes whose answer holds a secret; it is never kept."""
