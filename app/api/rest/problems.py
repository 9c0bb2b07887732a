"""Refusals as RFC 9457 problem documents: the one place that knows HTTP statuses."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api.languages import preferred
from app.domain.errors import Fault, InProgress, Invalid, NotFound, TalentError, TooLarge, TooManyRequests, Unavailable
from app.domain.messages import Sentence
from app.services.field_faults import faults_of

logger = structlog.get_logger("problems")
AGAIN_AFTER = 5
"""Seconds after which it is worth asking again for what is out of reach."""
STATUS: Mapping[str, int] = {
    "invalid": 422,
    "malformed": 400,
    "too_large": 413,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "precondition_required": 428,
    "precondition_failed": 412,
    "too_many": 429,
    "unavailable": 503,
}
TITLES: Mapping[int, Sentence] = {
    400: {"id": "Permintaan tidak terbaca", "en": "Unreadable request"},
    401: {"id": "Perlu masuk", "en": "Not signed in"},
    403: {"id": "Tidak berwenang", "en": "Not allowed"},
    404: {"id": "Tidak ditemukan", "en": "Not found"},
    405: {"id": "Metode tidak tersedia", "en": "Method not available"},
    408: {"id": "Permintaan tidak lengkap pada waktunya", "en": "Request not complete in time"},
    409: {"id": "Bertentangan dengan keadaan sekarang", "en": "Conflict with the present state"},
    412: {"id": "Sudah berubah", "en": "Changed meanwhile"},
    413: {"id": "Terlalu besar", "en": "Too large"},
    422: {"id": "Tidak dapat diterima", "en": "Not acceptable as it is"},
    428: {"id": "Perlu menyebut yang sudah dibaca", "en": "Say what you have read"},
    429: {"id": "Terlalu banyak permintaan", "en": "Too many requests"},
    500: {"id": "Kesalahan di pihak kami", "en": "Our mistake"},
    503: {"id": "Belum siap", "en": "Not ready"},
}
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "translations", "requestId"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what programs should look at."},
        "detail": {"type": "string", "description": "What is wrong and what to do, in the language asked for."},
        "translations": {"$ref": "#/components/schemas/Sentence"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "where": {"type": "string", "description": "A JSON pointer, a parameter or a heading."},
                    "detail": {"$ref": "#/components/schemas/Sentence"},
                },
            },
        },
        "requestId": {"type": "string"},
    },
}
_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
HEADERS: Mapping[str, object] = {
    "RateLimit-Policy": {
        "description": 'The quotas that hold for this request: `"default";q=600;w=60` is 600 requests in 60 seconds.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What is left of them: `"default";r=599;t=1`, and in how many seconds all of it is back.',
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "In how many seconds the same request would be granted, or is worth another attempt.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
"""Every answer to somebody who is signed in has the first two."""
RESPONSES: Mapping[str, object] = {
    "Problem": {"description": "A problem.", "content": _CONTENT},
    "TooManyRequests": {
        "description": "Too many requests in too short a time.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS},
        "content": _CONTENT,
    },
}
SENTENCE_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "required": ["id", "en"],
    "properties": {"id": {"type": "string"}, "en": {"type": "string"}},
}


def problem(request: Request, error: TalentError, status: int | None = None) -> Response:
    """A refusal as a response."""
    status = STATUS[error.kind] if status is None else status
    detail, language = error.detail, preferred(request.headers.get("accept-language", ""))
    body: dict[str, object] = {
        "type": f"urn:nusatalenta:problem:{error.code}",
        "title": TITLES[status][language],
        "status": status,
        "code": error.code,
        "detail": detail[language],
        "translations": detail,
        "requestId": request.scope.get("request_id", ""),
    }
    if error.faults:
        body["errors"] = [{"code": f.code, "where": f.where, "detail": f.detail} for f in error.faults]
    headers = {"content-language": language, "vary": "Accept-Language"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests | InProgress):
        headers["retry-after"] = str(error.about["seconds"])
    elif status == STATUS[Unavailable.kind]:
        headers["retry-after"] = str(AGAIN_AFTER)
    return Response(orjson.dumps(body), status, headers, "application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every failure of this application with a problem document."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, TalentError)  # noqa: S101 - registered for this class
        if isinstance(error, Unavailable):
            why, request_id = type(error.__cause__).__name__, request.scope.get("request_id", "")
            logger.warning("unavailable", code=error.code, failure=why, request_id=request_id)
        return problem(request, error)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError | ValidationError)  # noqa: S101 - registered for these
        return problem(request, Invalid("request.invalid", faults=faults_of(error.errors())))

    async def by_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
        if isinstance(error.__cause__, TalentError):  # ours, met while the framework read the body
            return problem(request, error.__cause__)
        if error.status_code == 404:
            return problem(request, NotFound("route.not_found"))
        if error.status_code == 405:
            answer = problem(request, Invalid("route.method"), 405)
            answer.headers.update(error.headers or {})  # Allow
            return answer
        if error.status_code == 413:
            return problem(request, TooLarge("request.too_large", limit="?"))
        fault = Fault("request.unreadable", "")
        return problem(request, Invalid("request.invalid", faults=(fault,)), 400)

    app.add_exception_handler(TalentError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(ValidationError, malformed)
    app.add_exception_handler(HTTPException, by_framework)
