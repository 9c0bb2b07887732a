"""Both tokens as SIASN's clients ask for them: the system's at `/oauth2/token`, the person's at the single sign-on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import count_stranger, database, sso_tokens
from app.api.client_credentials import FORM, LONGEST_FORM, RefusedError, authenticated, basic, issued, refused
from app.api.siasn.access import READ_HERE, facade
from app.api.siasn.envelopes import JSON, SOON
from app.api.siasn.reads import FacadeRoute
from app.auth.secrets import matches
from app.auth.sso_tokens import REALM
from app.domain.actors import Actor, ClientScope, Role
from app.domain.clients import KnownClient
from app.domain.errors import TalentError, TooManyRequests, Unauthenticated
from app.domain.siasn_accounts import SignedIn
from app.services import siasn_accounts
from app.services.contract import is_storable

APPLICATION, SSO = "/oauth2/token", f"{REALM}/protocol/openid-connect/token"
MOST_FIELDS = 50
METHOD_NOT_ALLOWED = 405
logger = structlog.get_logger("oauth")
Fields = Mapping[str, str]


def routes() -> list[FacadeRoute]:
    """Where tokens are had; some clients ask with a slash at the end."""
    asked = ((APPLICATION, obtain_application_token), (SSO, obtain_sso_token))
    return [
        FacadeRoute(path + end, answer, ["POST"], name=f"siasn:{path}", refused=_failed)
        for path, answer in asked
        for end in ("", "/")
    ]


async def obtain_application_token(request: Request) -> Response:
    """A token for a client with the scope `siasn:read`, with its id and secret by HTTP Basic, in a form or in JSON."""
    count_stranger(request)
    try:
        client = await _client(request, _fields(request, await request.body()))
    except RefusedError as refusal:
        return refused(refusal.error)
    scopes, tokens = client.scopes & READ_HERE, facade(request).applications
    token = tokens.issue(client.client_id, client.institution_id, scopes, database(request).now())
    logger.info("token.issued", client=client.client_id, id=request.scope.get("request_id"))
    return issued(_told(token, tokens.lifetime, " ".join(sorted(scopes))))


async def _client(request: Request, fields: Fields) -> KnownClient:
    _must_be_grant(fields, "client_credentials")
    given = request.headers.get("authorization")
    proof = (fields.get("client_id", ""), fields.get("client_secret", "")) if given is None else basic(given)
    client = await authenticated(request, *proof)
    if ClientScope.SIASN_READ not in client.scopes:
        raise RefusedError("unauthorized_client")
    return client


async def obtain_sso_token(request: Request) -> Response:
    """A token for a person, with their employee number and the secret that was issued to them for a client."""
    count_stranger(request)
    try:
        who = await _signed_in(request, _fields(request, await request.body()))
    except RefusedError as refusal:
        return refused(refusal.error)
    except Unauthenticated:
        return refused("invalid_grant", 401)
    tokens, now = sso_tokens(request), database(request).now()
    token = tokens.issue(who, now, now + tokens.lifetime)
    about = {"client": who.client_id, "account": str(who.account_id)}
    logger.info("sso_token.issued", **about, id=request.scope.get("request_id"))
    return issued(_told(token, tokens.lifetime, "profile"))


async def _signed_in(request: Request, fields: Fields) -> SignedIn:
    _must_be_grant(fields, "password")
    client_id, nip, secret = (fields.get(name, "") for name in ("client_id", "username", "password"))
    db = database(request)
    offer = await db.find_sign_in(client_id, nip)
    if offer is None or not offer.has_password_grant:
        raise RefusedError("invalid_client" if offer is None else "unauthorized_client")
    account = offer.account
    is_proven = matches(secret, () if account is None else (account.hash,))
    service = Actor(offer.institution_id, Role.OPERATOR, "service", request_id=request.scope.get("request_id"))
    return await siasn_accounts.sign_in_to_siasn(db, service, client_id, account, is_proven=is_proven)


def _told(token: str, lifetime: timedelta, scope: str) -> dict[str, object]:
    seconds = int(lifetime.total_seconds())
    return {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": scope}


def _must_be_grant(fields: Fields, grant: str) -> None:
    said = fields.get("grant_type")
    if said != grant:
        raise RefusedError("invalid_request" if not said else "unsupported_grant_type")


def _fields(request: Request, body: bytes) -> Fields:
    """What a form or a JSON object says in text, unknown names included; `RefusedError` for what is neither."""
    if len(body) > LONGEST_FORM:
        raise RefusedError("invalid_request")
    media_type = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    try:
        given: Any = (
            orjson.loads(body)
            if media_type == JSON
            else dict(parse_qsl(body.decode(), errors="strict", max_num_fields=MOST_FIELDS))
        )
    except ValueError as error:
        raise RefusedError("invalid_request") from error
    if not isinstance(given, dict):
        raise RefusedError("invalid_request")
    fields = {name: value for name, value in given.items() if isinstance(value, str)}
    if not all(map(is_storable, fields.values())):
        raise RefusedError("invalid_request")
    return fields


def _failed(_request: Request, error: TalentError, status: int | None = None) -> Response:
    """What is no fault of the request, said in the same words."""
    if isinstance(error, TooManyRequests):
        answer = refused("temporarily_unavailable", 429)
        answer.headers["retry-after"] = str(error.about["seconds"])
    elif error.kind == "unavailable":
        answer = refused("temporarily_unavailable", 503)
        answer.headers["retry-after"] = SOON
    elif error.kind == "too_large" or status == METHOD_NOT_ALLOWED:
        answer = refused("invalid_request", status)
    else:
        answer = refused("server_error", status or 500)
    return answer
