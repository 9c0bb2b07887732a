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

from app.domain.errors import Fault, Invalid, NotFound, TalentError, TooLarge
from app.domain.messages import Sentence
from app.services.contract import faults_of

STATUS: Mapping[str, int] = {
    "invalid": 422,
    "too_large": 413,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "unavailable": 503,
}
TITLES: Mapping[int, Sentence] = {
    400: {"id": "Permintaan tidak terbaca", "en": "Unreadable request"},
    401: {"id": "Perlu masuk", "en": "Not signed in"},
    403: {"id": "Tidak berwenang", "en": "Not allowed"},
    404: {"id": "Tidak ditemukan", "en": "Not found"},
    405: {"id": "Metode tidak tersedia", "en": "Method not available"},
    409: {"id": "Bertentangan dengan keadaan sekarang", "en": "Conflict with the present state"},
    413: {"id": "Terlalu besar", "en": "Too large"},
    422: {"id": "Tidak dapat diterima", "en": "Not acceptable as it is"},
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
SENTENCE_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "required": ["id", "en"],
    "properties": {"id": {"type": "string"}, "en": {"type": "string"}},
}

logger = structlog.get_logger()


def problem(request: Request, error: TalentError, status: int | None = None) -> Response:
    """A refusal as a response."""
    status = STATUS[error.kind] if status is None else status
    detail, language = error.detail, _language(request)
    body: dict[str, object] = {
        "type": f"urn:nusatalenta:problem:{error.code}",
        "title": TITLES[status][language],  # type: ignore[literal-required]
        "status": status,
        "code": error.code,
        "detail": detail[language],  # type: ignore[literal-required]
        "translations": detail,
        "requestId": request.scope.get("request_id", ""),
    }
    if error.faults:
        body["errors"] = [{"code": f.code, "where": f.where, "detail": f.detail} for f in error.faults]
    headers = {"content-language": language, "vary": "Accept-Language"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(orjson.dumps(body), status, headers, "application/problem+json")


def _language(request: Request) -> str:
    """Indonesian, unless English is asked for first."""
    first = request.headers.get("accept-language", "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "id"


def install(app: FastAPI) -> None:
    """Answer every failure of this application with a problem document."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, TalentError)  # noqa: S101 - registered for this class
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
        fault = Fault("field.invalid", "", {"problem": str(error.detail)})
        return problem(request, Invalid("request.invalid", faults=(fault,)), 400)

    async def unexpected(request: Request, error: Exception) -> Response:
        logger.error("request.failed", request_id=request.scope.get("request_id"), exc_info=error)
        answer = problem(request, Invalid("internal"), 500)
        answer.headers["x-request-id"] = request.scope.get("request_id", "")  # it is sent outside the middleware
        return answer

    app.add_exception_handler(TalentError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(ValidationError, malformed)
    app.add_exception_handler(HTTPException, by_framework)
    app.add_exception_handler(Exception, unexpected)
