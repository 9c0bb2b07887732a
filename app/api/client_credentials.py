"""How a client proves who it is where tokens are had, and how it is refused (RFC 6749, sections 2.3.1 and 5.2)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import unquote_plus

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import database
from app.auth.secrets import matches
from app.domain.clients import KnownClient
from app.domain.messages import sentence

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 8 * 1024  # bytes
NOT_STORED = {"cache-control": "no-store", "pragma": "no-cache"}
STATUS: Mapping[str, int] = {"invalid_client": 401}


class RefusedError(Exception):
    """An error of RFC 6749, section 5.2."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def basic(header: str) -> tuple[str, str]:
    """Id and secret, each form-encoded before they were joined; `RefusedError` for any other header."""
    scheme, _, encoded = header.partition(" ")
    try:
        client_id, separator, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        credentials = unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
    except ValueError as error:
        raise RefusedError("invalid_client") from error
    if scheme.lower() != "basic" or not separator:
        raise RefusedError("invalid_client")
    return credentials


async def authenticated(request: Request, client_id: str, secret: str) -> KnownClient:
    """The client, if the secret is one of its own. A client that nobody knows costs the same statement and compare."""
    is_possible = client_id.isascii() and client_id.isprintable()
    client = await database(request).find_client(client_id if is_possible else "")
    is_proven = matches(secret, client.hashes if client else ())
    if client is None or not is_proven:
        raise RefusedError("invalid_client")
    return client


def issued(body: Mapping[str, object]) -> Response:
    """An answer that holds a token: nobody keeps it."""
    return Response(orjson.dumps(body), headers=NOT_STORED, media_type=JSON)


def refused(error: str, status: int | None = None) -> Response:
    """The refusal as the standard has it; the sentence is for whoever reads logs of the client."""
    status = STATUS.get(error, 400) if status is None else status
    body = {"error": error, "error_description": sentence(f"oauth.{error}")["en"]}
    is_challenged = error == "invalid_client" and status == 401
    challenge = {"www-authenticate": 'Basic realm="nusatalenta", charset="UTF-8"'} if is_challenged else {}
    return Response(orjson.dumps(body), status, NOT_STORED | challenge, JSON)
