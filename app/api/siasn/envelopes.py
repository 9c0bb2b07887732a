"""Answers as SIASN gives them: what was found, nothing, and every refusal in the envelope its clients look into."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.db.documents import Document
from app.domain.errors import TalentError, TooManyRequests, Unauthenticated
from app.siasn import wire

JSON = "application/json"
NOTHING = wire.nothing()
INVALID_CREDENTIALS = "siasn.application_token"
SSO_TOKEN = "siasn.sso_token"  # noqa: S105 - the code of a refusal
MISMATCH = "siasn.sso_mismatch"
UNAUTHENTICATED = {
    INVALID_CREDENTIALS: {
        "code": "900901",
        "type": "Status report",
        "message": "Invalid Credentials",
        "description": "Access failure for API: the access token is missing, unknown or expired.",
    },
    SSO_TOKEN: {"message": "invalid or expired jwt"},
    MISMATCH: {"code": 0, "data": "Token SSO mismatch"},
}
"""The bodies of the three refusals of tokens, which clients tell apart by their texts."""
SOON = "5"  # seconds
STATUS = {"too_many": 429, "unavailable": 503}


def answer(document: Document) -> Response:
    """A finished body, as it is."""
    return Response(document, media_type=JSON)


def not_found() -> Response:
    """The same bytes for what is not there, what is not held and what is not theirs to see."""
    return Response(NOTHING, 404, media_type=JSON)


def refused(_request: Request, error: TalentError, status: int | None = None) -> Response:
    """A refusal in SIASN's envelope; whatever asks for what cannot be, asks for nothing that is there."""
    if isinstance(error, Unauthenticated):
        body: object = UNAUTHENTICATED.get(error.code, UNAUTHENTICATED[INVALID_CREDENTIALS])
        return Response(orjson.dumps(body), 401, {"www-authenticate": "Bearer"}, JSON)
    status = STATUS.get(error.kind, 404) if status is None else status
    if status == 404:
        return not_found()
    headers = {}
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(error.about["seconds"])
    elif status == 503:
        headers["retry-after"] = SOON
    return Response(orjson.dumps({"code": 0, "data": error.detail["id"]}), status, headers, JSON)
