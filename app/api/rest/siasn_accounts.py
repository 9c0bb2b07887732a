"""REST: accounts of the SIASN facade, for those who connect an institution's systems."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.access import actor as who_asks
from app.api.access import database, sso_tokens
from app.api.client_credentials import NOT_STORED
from app.api.rest.reads import (
    FIELDS,
    JSON,
    PAGE,
    Read,
    after_of,
    answers,
    first_of,
    id_of,
    in_path,
    page_of,
    select_fields,
)
from app.api.routes import SignedInRoute
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import siasn_accounts as shapes
from app.domain.actors import Actor
from app.services import siasn_accounts
from app.services.siasn_accounts import EditSiasnSignIn, IssueSiasnToken, RegisterSiasnAccount, ShownOnce

TAG = "siasn accounts"
router = APIRouter(prefix="/v1", tags=[TAG], route_class=SignedInRoute)
AccountId = Annotated[UUID, Path(alias="accountId", description="Id of an account.")]
TokenId = Annotated[UUID, Path(alias="tokenId", description="Id of a token issued beforehand.")]
ACCOUNT_ID = in_path("accountId", "Id of an account.", {"type": "string", "format": "uuid"})


def _shown_once(description: str) -> dict[int | str, dict[str, Any]]:
    schema = {
        "type": "object",
        "required": ["secret", "account"],
        "properties": {"secret": {"type": "string"}, "account": schema_of(shapes.SIASN_ACCOUNT.fields)},
    }
    return {201: {"description": description, "content": {JSON: {"schema": schema}}}}


@router.post(
    "/siasn-accounts",
    operation_id="registerSiasnAccount",
    status_code=201,
    response_class=Response,
    responses=_shown_once("The account and its secret, which is shown this once."),
)
async def register_siasn_account(request: Request, command: RegisterSiasnAccount) -> Response:
    """Let a person sign in for a client, as at SIASN's single sign-on: by employee number and the secret made here."""
    made = await siasn_accounts.register_siasn_account(database(request), who_asks(request), command)
    return await _told(request, made)


@router.post(
    "/siasn-accounts/{accountId}/secrets",
    operation_id="rotateSiasnSecret",
    status_code=201,
    response_class=Response,
    responses=_shown_once("The account and its new secret, which is shown this once."),
)
async def rotate_siasn_secret(request: Request, account_id: AccountId) -> Response:
    """Make another secret; the one before ends at once, its tokens within half a minute."""
    made = await siasn_accounts.rotate_siasn_secret(database(request), who_asks(request), account_id)
    return await _told(request, made)


@router.post(
    "/siasn-accounts/{accountId}/tokens",
    operation_id="issueSiasnToken",
    status_code=201,
    response_class=Response,
    responses=_shown_once("The account and the token (`secret`), which is shown this once."),
)
async def issue_siasn_token(request: Request, account_id: AccountId, command: IssueSiasnToken) -> Response:
    """Issue a token beforehand, for a system that is configured with one; it ends on its day or when it is revoked."""
    db, sso = database(request), sso_tokens(request)
    made = await siasn_accounts.issue_siasn_token(db, who_asks(request), sso, account_id, command)
    return await _told(request, made)


@router.put(
    "/siasn-accounts/{accountId}/tokens/{tokenId}/revocation",
    operation_id="revokeSiasnToken",
    response_class=Response,
    responses=answers(shapes.SIASN_ACCOUNT, "The account."),
)
async def revoke_siasn_token(request: Request, account_id: AccountId, token_id: TokenId) -> Response:
    """End a token that was issued beforehand, within half a minute."""
    await siasn_accounts.revoke_siasn_token(database(request), who_asks(request), account_id, token_id)
    return await _answer(request, account_id)


@router.put(
    "/siasn-accounts/{accountId}/revocation",
    operation_id="revokeSiasnAccount",
    response_class=Response,
    responses=answers(shapes.SIASN_ACCOUNT, "The revoked account."),
)
async def revoke_siasn_account(request: Request, account_id: AccountId) -> Response:
    """End an account for good, and with it all its tokens, within half a minute."""
    await siasn_accounts.revoke_siasn_account(database(request), who_asks(request), account_id)
    return await _answer(request, account_id)


@router.delete(
    "/siasn-accounts/{accountId}/lock",
    operation_id="unlockSiasnAccount",
    response_class=Response,
    responses=answers(shapes.SIASN_ACCOUNT, "The account."),
)
async def unlock_siasn_account(request: Request, account_id: AccountId) -> Response:
    """Open an account that wrong secrets have locked, before it opens by itself."""
    await siasn_accounts.unlock_siasn_account(database(request), who_asks(request), account_id)
    return await _answer(request, account_id)


@router.put(
    "/siasn-sign-in",
    operation_id="editSiasnSignIn",
    response_class=Response,
    responses=answers(shapes.SIASN_SIGN_IN, "How people sign in."),
)
async def edit_siasn_sign_in(request: Request, command: EditSiasnSignIn) -> Response:
    """Allow or forbid signing in by number and secret; tokens issued beforehand count either way."""
    db, somebody = database(request), who_asks(request)
    await siasn_accounts.edit_siasn_sign_in(db, somebody, command)
    return Response(await siasn_accounts.siasn_sign_in_document(db, somebody), media_type=JSON)


async def _told(request: Request, made: ShownOnce) -> Response:
    document = await siasn_accounts.siasn_credentials_document(database(request), who_asks(request), made)
    return Response(document, 201, {"location": f"/v1/siasn-accounts/{made.account_id}", **NOT_STORED}, JSON)


async def _answer(request: Request, account_id: UUID) -> Response:
    document = await siasn_accounts.siasn_account_document(database(request), who_asks(request), account_id)
    return Response(document, media_type=JSON)


async def siasn_account(db: Database, actor: Actor, request: Request) -> Document:
    account_id = id_of(request, "accountId", "siasn_account.not_found")
    wanted = select_fields(request, shapes.SIASN_ACCOUNT)
    return await siasn_accounts.siasn_account_document(db, actor, account_id, wanted)


async def siasn_accounts_page(db: Database, actor: Actor, request: Request) -> Document:
    return await siasn_accounts.siasn_accounts_page(
        db, actor, first_of(request), after_of(request), page_of(request, shapes.SIASN_ACCOUNTS)
    )


async def siasn_sign_in(db: Database, actor: Actor, request: Request) -> Document:
    return await siasn_accounts.siasn_sign_in_document(db, actor, select_fields(request, shapes.SIASN_SIGN_IN))


READS = (
    Read(
        "/siasn-accounts",
        siasn_accounts_page,
        siasn_accounts.siasn_accounts_page,
        shapes.SIASN_ACCOUNTS,
        TAG,
        PAGE,
    ),
    Read(
        "/siasn-accounts/{accountId}",
        siasn_account,
        siasn_accounts.siasn_account_document,
        shapes.SIASN_ACCOUNT,
        TAG,
        (ACCOUNT_ID, FIELDS),
    ),
    Read(
        "/siasn-sign-in",
        siasn_sign_in,
        siasn_accounts.siasn_sign_in_document,
        shapes.SIASN_SIGN_IN,
        TAG,
        (FIELDS,),
    ),
)
