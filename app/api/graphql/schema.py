"""The schema (Strawberry), and the door that answers operations with compiled documents."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
import strawberry
from graphql import FieldNode, GraphQLError, GraphQLObjectType, GraphQLSchema, execute_sync
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from pydantic import ValidationError
from pydantic.alias_generators import to_snake
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html
from strawberry.printer import print_schema

from app.api.access import admit, background, database
from app.api.graphql import (
    calibrations,
    cycle_placements,
    cycles,
    development_plans,
    ekspose,
    institutions,
    movements,
    objections,
    placements,
    rehearsals,
    rubrics,
    standing,
    submissions,
    talents,
)
from app.api.graphql.context import Asked, RootFunction
from app.api.graphql.errors import as_errors
from app.api.graphql.selection import INTROSPECTION, Operation, Root, read_operation
from app.api.routes import BareRoute
from app.db.documents import TYPENAME, Document
from app.domain.errors import Fault, Invalid, NotFound, TooLarge
from app.services.contract import faults_of

OPERATIONS_KEPT = 500
LONGEST_DOCUMENT = 32_768  # characters; kept texts are bounded by it
ROOTS: Mapping[str, RootFunction] = {
    **institutions.ROOTS,
    **talents.ROOTS,
    **placements.ROOTS,
    **rubrics.ROOTS,
    **submissions.ROOTS,
    **cycles.ROOTS,
    **cycle_placements.ROOTS,
    **calibrations.ROOTS,
    **objections.ROOTS,
    **standing.ROOTS,
    **ekspose.ROOTS,
    **movements.ROOTS,
    **rehearsals.ROOTS,
    **development_plans.ROOTS,
}
CHANGES: Mapping[str, RootFunction] = {
    **rubrics.CHANGES,
    **submissions.CHANGES,
    **cycles.CHANGES,
    **calibrations.CHANGES,
    **objections.CHANGES,
    **standing.CHANGES,
    **movements.CHANGES,
    **rehearsals.CHANGES,
}


@strawberry.type
class Query(
    institutions.InstitutionQueries,
    talents.TalentQueries,
    placements.PlacementQueries,
    rubrics.RubricQueries,
    submissions.SubmissionQueries,
    cycles.CycleQueries,
    cycle_placements.CyclePlacementQueries,
    calibrations.CalibrationQueries,
    objections.ObjectionQueries,
    standing.StandingQueries,
    ekspose.EksposeQueries,
    movements.MovementQueries,
    rehearsals.RehearsalQueries,
    development_plans.DevelopmentPlanQueries,
):
    pass


@strawberry.type
class Mutation(
    rubrics.RubricChanges,
    submissions.SubmissionChanges,
    cycles.CycleChanges,
    calibrations.CalibrationChanges,
    objections.ObjectionChanges,
    standing.StandingChanges,
    movements.MovementChanges,
    rehearsals.RehearsalChanges,
):
    pass


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)
_schema: GraphQLSchema = SCHEMA._schema  # noqa: SLF001 - Strawberry names no public way to the schema it builds


def sdl() -> str:
    """The schema definition as it is committed in openapi/schema.graphql."""
    return print_schema(SCHEMA) + "\n"


def routes(*, with_ide: bool) -> list[BareRoute]:
    """POST /graphql; GraphiQL at the same address in development."""
    found = [BareRoute("/graphql", answer, methods=["POST"])]
    return [*found, BareRoute("/graphql", ide, methods=["GET"])] if with_ide else found


async def ide(_request: Request) -> Response:
    return HTMLResponse(get_graphql_ide_html(graphql_ide="graphiql"))


async def answer(request: Request) -> Response:
    """Execute one operation: every root is one document, one statement; changes are made one after the other."""
    somebody, db, later = await admit(request), database(request), background(request)
    text, name, given = _body(await request.body())
    try:
        operation = _operation(text, name)
        variables = _variables(operation, given)
        roots = operation.roots({} if variables is None else variables.coerced)
    except GraphQLError as error:
        return _response(orjson.dumps({"errors": as_errors(error)}))
    introspective = [root.name in INTROSPECTION for root in roots]
    if any(introspective):
        return _introspected(operation, given, is_mixed=not all(introspective))
    answers = [_document(Asked(db, somebody, root.wanted, later), operation, root, variables) for root in roots]
    if operation.changes or len(answers) == 1:
        outcomes = [await one for one in answers]
    else:
        outcomes = await asyncio.gather(*answers)
    return _response(_joined(roots, outcomes, request.scope.get("request_id", "")))


@lru_cache(OPERATIONS_KEPT)
def _operation(text: str, name: str | None) -> Operation:
    return read_operation(_schema, text, name)


def _body(body: bytes) -> tuple[str, str | None, dict[str, Any]]:
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid("request.not_json") from error
    fields = request if isinstance(request, dict) else {}
    text, name, variables = fields.get("query"), fields.get("operationName"), fields.get("variables") or {}
    if not isinstance(text, str):
        raise Invalid("request.invalid", faults=(Fault("field.missing" if text is None else "field.text", "/query"),))
    if len(text) > LONGEST_DOCUMENT:
        raise TooLarge("graphql.too_long", limit=LONGEST_DOCUMENT)
    if not isinstance(name, str | None):
        raise Invalid("request.invalid", faults=(Fault("field.text", "/operationName"),))
    if not isinstance(variables, dict):
        raise Invalid("request.invalid", faults=(Fault("field.object", "/variables"),))
    return text, name or None, variables


def _variables(operation: Operation, given: dict[str, Any]) -> VariableValues | None:
    definitions = operation.node.variable_definitions
    if not definitions:
        return None
    values = get_variable_values(_schema, definitions, given, max_errors=10)
    if isinstance(values, list):
        raise values[0]
    return values


async def _document(
    asked: Asked, operation: Operation, root: Root, variables: VariableValues | None
) -> Document | Exception:
    """The document of one root, or the error that stands in its place. For a query an absent thing is no error."""
    kind = _schema.mutation_type if operation.changes else _schema.query_type
    if root.name == TYPENAME:
        return f'"{kind}"'.encode()
    functions = CHANGES if operation.changes else ROOTS
    try:
        return await functions[root.name](asked, **_arguments(kind, root.node, variables))
    except NotFound as error:
        return error if operation.changes else b"null"
    except ValidationError as error:
        return Invalid("request.invalid", faults=faults_of(error.errors()))
    except Exception as error:  # noqa: BLE001 - one failing root must not take the others with it; it is logged and masked
        return error


def _arguments(kind: GraphQLObjectType | None, node: FieldNode, variables: VariableValues | None) -> dict[str, Any]:
    """The arguments of a root under their names in Python; what is inside an input keeps its name in the schema."""
    if not node.arguments:
        return {}
    values = get_argument_values(kind.fields[node.name.value], node, variables)  # type: ignore[union-attr]
    return {to_snake(name): value for name, value in values.items()}


def _joined(roots: Sequence[Root], outcomes: Sequence[Document | Exception], request_id: str) -> bytes:
    """`{"data": …}` around finished documents; a failed root is null and has its error."""
    errors: list[dict[str, Any]] = []
    parts: list[bytes] = []
    for root, outcome in zip(roots, outcomes, strict=True):
        if isinstance(outcome, Exception):
            errors += as_errors(outcome, [root.alias], request_id)
        document = b"null" if isinstance(outcome, Exception) else outcome
        parts.append(b'"' + root.alias.encode() + b'":' + document)
    data = b'"data":{' + b",".join(parts) + b"}"
    return b"{" + (b'"errors":' + orjson.dumps(errors) + b"," if errors else b"") + data + b"}"


def _introspected(operation: Operation, variables: dict[str, Any], *, is_mixed: bool) -> Response:
    if is_mixed:
        error = GraphQLError("Ask for __schema and __type in an operation of their own.")
        return _response(orjson.dumps({"errors": as_errors(error)}))
    name = operation.node.name.value if operation.node.name else None
    result = execute_sync(_schema, operation.document, variable_values=variables, operation_name=name)
    return _response(orjson.dumps(result.formatted))


def _response(body: bytes) -> Response:
    return Response(body, media_type="application/json")
