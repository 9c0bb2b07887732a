"""Refusals and mistakes as GraphQL errors: `extensions.code` is stable, the unexpected is masked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import GraphQLError

from app.api.graphql.selection import GraphQLErrorGroup
from app.api.languages import Language
from app.domain.errors import TalentError, TooManyRequests
from app.domain.messages import sentence

HINT = re.compile(r" Did you mean .*", re.DOTALL)
logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told: in which language, under which number, and whether names of the schema may be suggested."""

    language: Language
    request_id: str
    may_have_hints: bool


def as_errors(error: Exception, reader: Reader, path: list[str | int] | None = None) -> list[dict[str, Any]]:
    """What to put under `errors`."""
    where = {} if path is None else {"path": path}
    match error:
        case GraphQLErrorGroup(errors=errors):
            return [_of_document(one, reader) for one in errors]
        case GraphQLError():
            return [_of_document(error, reader) | where]
        case TalentError():
            faults = [{"code": f.code, "where": f.where, "detail": f.detail} for f in error.faults]
            extensions: dict[str, Any] = {"code": error.code, "detail": error.detail}
            if faults:
                extensions["errors"] = faults
            if isinstance(error, TooManyRequests):
                extensions["retryAfter"] = error.about["seconds"]
            return [{"message": error.detail[reader.language], "extensions": extensions, **where}]
        case _:
            logger.error("graphql.failed", request_id=reader.request_id, exc_info=error)
            masked = sentence("internal")
            extensions = {"code": "internal", "detail": masked, "requestId": reader.request_id}
            return [{"message": masked[reader.language], "extensions": extensions, **where}]


def _of_document(error: GraphQLError, reader: Reader) -> dict[str, Any]:
    """What is wrong with a document is said in the words of the schema, which are English."""
    problem = error.message if reader.may_have_hints else HINT.sub("", error.message)
    detail = sentence("graphql.invalid", problem=problem)
    locations = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    extensions = {"code": "graphql.invalid", "detail": detail}
    return {"message": detail[reader.language], "locations": locations, "extensions": extensions}
