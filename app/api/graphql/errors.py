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
from app.domain.messages import Sentence, sentence

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
    """What is wrong with a document and where; the library's words, which are English, stand apart."""
    problem = error.message if reader.may_have_hints else HINT.sub("", error.message)
    locations = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    where = sentence("graphql.place", **locations[0]) if locations else sentence("graphql.no_place")
    said = sentence("graphql.invalid", where=where)
    detail = Sentence(id=said["id"], en=f"{said['en']} {problem}")
    extensions = {"code": "graphql.invalid", "detail": detail, "problem": problem}
    return {"message": detail[reader.language], "locations": locations, "extensions": extensions}
