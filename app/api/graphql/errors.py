"""Refusals and mistakes as GraphQL errors: `extensions.code` is stable, the unexpected is masked."""

from __future__ import annotations

from typing import Any

import structlog
from graphql import GraphQLError

from app.api.graphql.selection import GraphQLErrorGroup
from app.domain.errors import TalentError
from app.domain.messages import sentence

logger = structlog.get_logger()


def as_errors(error: Exception, path: list[str | int] | None = None, request_id: str = "") -> list[dict[str, Any]]:
    """What to put under `errors`."""
    where = {} if path is None else {"path": path}
    match error:
        case GraphQLErrorGroup(errors=errors):
            return [_of_document(one) for one in errors]
        case GraphQLError():
            return [_of_document(error) | where]
        case TalentError():
            faults = [{"code": f.code, "where": f.where, "detail": f.detail} for f in error.faults]
            extensions = {"code": error.code, "detail": error.detail, **({"errors": faults} if faults else {})}
            return [{"message": error.detail["en"], "extensions": extensions, **where}]
        case _:
            logger.error("graphql.failed", request_id=request_id, exc_info=error)
            masked = sentence("internal")
            extensions = {"code": "internal", "detail": masked, "requestId": request_id}
            return [{"message": masked["en"], "extensions": extensions, **where}]


def _of_document(error: GraphQLError) -> dict[str, Any]:
    locations = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    return {"message": error.message, "locations": locations, "extensions": {"code": "graphql.invalid"}}
