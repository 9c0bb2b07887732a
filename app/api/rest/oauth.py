"""REST: tokens for integration clients (RFC 6749, section 4.4), and what is needed to ask for and verify them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.access import client_tokens, count_stranger, database
from app.api.client_credentials import FORM, JSON, LONGEST_FORM, RefusedError, authenticated, basic, issued, refused
from app.auth.client_tokens import ALGORITHM
from app.domain.actors import ClientScope
from app.domain.clients import KnownClient, granted_scopes

router = APIRouter(tags=["oauth"])
TOKEN, KEYS = "/oauth/token", "/oauth/jwks"
GRANT = "client_credentials"
FETCHED_AGAIN = {"cache-control": "public, max-age=3600"}
logger = structlog.get_logger("oauth")


class _Asked(NamedTuple):
    client_id: str
    secret: str
    scope: str | None


TEXT: Mapping[str, str] = {"type": "string"}
TOKEN_SCHEMA = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": TEXT,
        "token_type": {"type": "string", "const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": TEXT,
    },
}
ERROR_SCHEMA = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {
        "error": {
            "type": "string",
            "enum": ["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"],
        },
        "error_description": TEXT,
    },
}
FORM_SCHEMA = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": GRANT},
        "scope": {"type": "string", "description": "A part of the client's scopes; all of them unless told."},
        "client_id": {"type": "string", "description": "Unless HTTP Basic says it."},
        "client_secret": {"type": "string", "description": "Unless HTTP Basic says it."},
    },
}


def _answers(description: str, schema: Mapping[str, object]) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema}}}


@router.post(
    TOKEN,
    operation_id="obtainToken",
    response_class=Response,
    responses={
        200: _answers("A token. It is not taken back: it counts until it ends.", TOKEN_SCHEMA),
        400: _answers("The request is not as it should be.", ERROR_SCHEMA),
        401: _answers("The client is not known, or its secret is wrong.", ERROR_SCHEMA),
    },
    openapi_extra={"requestBody": {"required": True, "content": {FORM: {"schema": FORM_SCHEMA}}}},
)
async def obtain_token(request: Request) -> Response:
    """Obtain a short-lived access token with a client's id and secret, by HTTP Basic or in the form."""
    count_stranger(request)
    try:
        asked = _asked(request, await request.body())
        client = await authenticated(request, asked.client_id, asked.secret)
        scopes = granted_scopes(client.scopes, asked.scope)
    except RefusedError as refusal:
        return refused(refusal.error)
    if scopes is None:
        return refused("invalid_scope")
    return _token(request, client, scopes)


def _asked(request: Request, body: bytes) -> _Asked:
    """What the form and the header say; each parameter once, and one way of authentication."""
    form = _form(request, body)
    grant = form.get("grant_type")
    if grant is None:
        raise RefusedError("invalid_request")
    if grant != GRANT:
        raise RefusedError("unsupported_grant_type")
    given = request.headers.get("authorization")
    if given is None:
        return _Asked(form.get("client_id", ""), form.get("client_secret", ""), form.get("scope"))
    client_id, secret = basic(given)
    if "client_secret" in form or form.get("client_id", client_id) != client_id:
        raise RefusedError("invalid_request")
    return _Asked(client_id, secret, form.get("scope"))


def _form(request: Request, body: bytes) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM or len(body) > LONGEST_FORM:
        raise RefusedError("invalid_request")
    try:
        pairs = parse_qsl(body.decode(), errors="strict", max_num_fields=20)
    except ValueError as error:
        raise RefusedError("invalid_request") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise RefusedError("invalid_request")
    return form


def _token(request: Request, client: KnownClient, scopes: frozenset[ClientScope]) -> Response:
    tokens = client_tokens(request)
    token = tokens.issue(client.client_id, client.institution_id, scopes, database(request).now())
    body = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(tokens.lifetime.total_seconds()),
        "scope": " ".join(sorted(scopes)),
    }
    logger.info("token.issued", client=client.client_id, scope=body["scope"], id=request.scope.get("request_id"))
    return issued(body)


@router.get(KEYS, operation_id="publishedKeys", response_class=Response, responses={200: _answers("A JWK set.", {})})
async def published_keys(request: Request) -> Response:
    """The key that the tokens of this installation are signed with (RFC 7517)."""
    return Response(orjson.dumps(client_tokens(request).key_set()), headers=FETCHED_AGAIN, media_type=JSON)


@router.get(
    "/.well-known/oauth-authorization-server",
    operation_id="authorizationServer",
    response_class=Response,
    responses={200: _answers("What clients need to know.", {})},
)
async def authorization_server(request: Request) -> Response:
    """Where clients obtain tokens, and how (RFC 8414)."""
    issuer = client_tokens(request).issuer
    told = {
        "issuer": issuer,
        "token_endpoint": issuer + TOKEN,
        "jwks_uri": issuer + KEYS,
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in ClientScope],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "access_token_signing_alg_values_supported": [ALGORITHM],
    }
    return Response(orjson.dumps(told), headers=FETCHED_AGAIN, media_type=JSON)
