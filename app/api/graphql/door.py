"""The door that answers operations with compiled documents: what is asked is weighed before anything is executed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from graphql import FieldNode, GraphQLError, GraphQLObjectType, execute_sync
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from pydantic import ValidationError
from pydantic.alias_generators import to_snake
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html

from app.api.access import actor, admit, count_write, database, destinations, doors, sealing, sso_tokens
from app.api.graphql.context import Asked
from app.api.graphql.cost import cost_of
from app.api.graphql.errors import Reader, as_errors
from app.api.graphql.schema import CHANGES, COMPILED_SCHEMA, ROOTS, SHOWN_ONCE
from app.api.graphql.selection import INTROSPECTION, Operation, Root, read_operation
from app.api.graphql.trusted import LONGEST_DOCUMENT, PREFIX, Documents, hash_of
from app.api.idempotency import key_of, once
from app.api.languages import preferred
from app.api.limits import client_of, take
from app.api.routes import BareRoute
from app.db.documents import TYPENAME, Document
from app.domain.actors import Actor, Role
from app.domain.errors import (
    Fault,
    Forbidden,
    Invalid,
    NotFound,
    TalentError,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from app.services.field_faults import faults_of

OPERATIONS_KEPT = 500
IDE_POLICY = (
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; script-src https://unpkg.com 'unsafe-inline'; "
    "style-src https://unpkg.com 'unsafe-inline'; font-src https://unpkg.com data:; img-src data:"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What this installation lets be asked."""

    most_cost: int
    """Of one operation."""
    has_introspection: bool
    """Whether the schema can be asked for, and GraphiQL is there."""
    documents: Documents = field(default_factory=dict)
    documents_only: bool = False
    """Whether people may send the registered documents only; systems say what they need."""


@dataclass(frozen=True, slots=True)
class Message:
    """The body of a request: the text of a document or the hash of a registered one."""

    text: str | None
    hash: str | None
    name: str | None
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation that may be executed, with its variables, and what it costs."""

    operation: Operation
    roots: tuple[Root, ...]
    variables: VariableValues | None
    cost: int


class GraphQLDoor:
    """POST /graphql, and GraphiQL at the same address."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def routes(self) -> list[BareRoute]:
        found = [BareRoute("/graphql", self.answer, methods=["POST"])]
        return [*found, BareRoute("/graphql", ide, methods=["GET"])] if self._rules.has_introspection else found

    async def answer(self, request: Request) -> Response:
        """Execute one operation: every root is one document, one statement; changes are made one after the other."""
        somebody = await admit(request)
        message = _message(await request.body())
        request_id = request.scope.get("request_id", "")
        language = preferred(request.headers.get("accept-language", ""))
        reader = Reader(language, request_id, self._rules.has_introspection)
        extensions: dict[str, Any] = {}
        try:
            plan = self._plan(message, somebody)
            extensions["cost"] = {"requested": plan.cost, "limit": self._rules.most_cost}
            extensions["cost"]["remaining"] = self._weigh(request, somebody, plan)
        except (GraphQLError, TalentError) as error:
            return _refusal(error, reader, extensions)
        if any(root.name in INTROSPECTION for root in plan.roots):
            return _introspected(plan, message.variables, extensions)
        outcomes: Sequence[Document | Exception] = ()

        async def work() -> Response:
            nonlocal outcomes
            outcomes = await _outcomes(request, actor(request), plan)
            answer = _response(_joined(plan.roots, outcomes, reader, extensions))
            if any(root.name in SHOWN_ONCE for root in plan.roots):
                answer.headers["cache-control"] = "no-store"
            return answer

        key = key_of(request) if plan.operation.changes else None
        if key is None:
            return await work()
        return await once(request, somebody, key, work, is_kept=lambda _: not any(map(_is_failure, outcomes)))

    def _plan(self, message: Message, somebody: Actor) -> Plan:
        operation = _operation(self._text(message, somebody), message.name)
        variables = _variables(operation, message.variables)
        coerced = {} if variables is None else variables.coerced
        roots = operation.roots(coerced)
        introspective = [root.name in INTROSPECTION for root in roots]
        if any(introspective) and not self._rules.has_introspection:
            raise Invalid("graphql.no_introspection")
        if any(introspective) and not all(introspective):
            raise Invalid("graphql.mixed_introspection")
        cost = cost_of(_kind_of(operation), roots, coerced, are_changes=operation.changes)
        return Plan(operation, roots, variables, cost)

    def _text(self, message: Message, somebody: Actor) -> str:
        """The document that is asked for, if this person may ask for it."""
        documents = self._rules.documents
        if message.text is None:
            text = documents.get(message.hash or "")
            if text is None:
                raise Invalid("graphql.unknown_document")
            return text
        is_person = somebody.role is not Role.CLIENT
        if self._rules.documents_only and is_person and hash_of(message.text) not in documents:
            raise Invalid("graphql.not_trusted")
        return message.text

    def _weigh(self, request: Request, somebody: Actor, plan: Plan) -> int:
        """Take the cost from the client's budget; what is left of it. Refused where it is too much."""
        if plan.cost > self._rules.most_cost:
            raise Invalid("graphql.too_costly", requested=plan.cost, limit=self._rules.most_cost)
        taken = take(request, doors(request).meters.costs, client_of(somebody), plan.cost)
        if plan.operation.changes:
            count_write(request, somebody, len(plan.roots))
        return taken.remaining


def _is_failure(outcome: Document | Exception) -> bool:
    """Whether it says nothing of what was asked for, so that the same may be tried again."""
    if isinstance(outcome, TalentError):
        return isinstance(outcome, Unavailable | Forbidden | TooManyRequests)
    return isinstance(outcome, Exception)


async def ide(_request: Request) -> Response:
    return HTMLResponse(get_graphql_ide_html(graphql_ide="graphiql"), headers={"content-security-policy": IDE_POLICY})


@lru_cache(OPERATIONS_KEPT)
def _operation(text: str, name: str | None) -> Operation:
    return read_operation(COMPILED_SCHEMA, text, name)


def _message(body: bytes) -> Message:
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid("request.not_json") from error
    fields = request if isinstance(request, dict) else {}
    text, name, variables = fields.get("query"), fields.get("operationName"), fields.get("variables") or {}
    known = _hash(fields)
    if not isinstance(text, str | None) or (text is None and known is None):
        raise Invalid("request.invalid", faults=(Fault("field.missing" if text is None else "field.text", "/query"),))
    if text is not None and len(text) > LONGEST_DOCUMENT:
        raise TooLarge("graphql.too_long", limit=LONGEST_DOCUMENT)
    if not isinstance(name, str | None):
        raise Invalid("request.invalid", faults=(Fault("field.text", "/operationName"),))
    if not isinstance(variables, dict):
        raise Invalid("request.invalid", faults=(Fault("field.object", "/variables"),))
    return Message(text, known, name or None, variables)


def _hash(fields: Mapping[str, Any]) -> str | None:
    """Of a registered document, by `documentId` or as Apollo's clients say it."""
    match fields:
        case {"documentId": str(given)}:
            return given.removeprefix(PREFIX).lower()
        case {"documentId": given} if given is not None:
            raise Invalid("request.invalid", faults=(Fault("field.text", "/documentId"),))
        case {"extensions": {"persistedQuery": {"sha256Hash": str(given)}}}:
            return given.lower()
    return None


def _variables(operation: Operation, given: dict[str, Any]) -> VariableValues | None:
    definitions = operation.node.variable_definitions
    if not definitions:
        return None
    values = get_variable_values(COMPILED_SCHEMA, definitions, given, max_errors=10)
    if isinstance(values, list):
        raise values[0]
    return values


def _kind_of(operation: Operation) -> GraphQLObjectType:
    """The query or the mutation type."""
    kind = COMPILED_SCHEMA.mutation_type if operation.changes else COMPILED_SCHEMA.query_type
    assert kind is not None  # noqa: S101 - the schema has both
    return kind


async def _outcomes(request: Request, somebody: Actor, plan: Plan) -> Sequence[Document | Exception]:
    db, functions = database(request), CHANGES if plan.operation.changes else ROOTS
    kind = _kind_of(plan.operation)

    async def outcome(root: Root) -> Document | Exception:
        """The document of one root, or the error that stands in its place. For a query an absent thing is no error."""
        if root.name == TYPENAME:
            return f'"{kind}"'.encode()
        try:
            asked = Asked(db, somebody, root.wanted, sealing(request), destinations(request), sso_tokens(request))
            return await functions[root.name](asked, **_arguments(kind, root.node, plan.variables))
        except NotFound as error:
            return error if plan.operation.changes else b"null"
        except ValidationError as error:
            return Invalid("request.invalid", faults=faults_of(error.errors()))
        except Exception as error:  # noqa: BLE001 - one failing root must not take the others with it; it is logged and masked
            return error

    if plan.operation.changes or len(plan.roots) == 1:
        return [await outcome(root) for root in plan.roots]
    return await asyncio.gather(*(outcome(root) for root in plan.roots))


def _arguments(kind: GraphQLObjectType, node: FieldNode, variables: VariableValues | None) -> dict[str, Any]:
    """The arguments of a root under their names in Python; what is inside an input keeps its name in the schema."""
    if not node.arguments:
        return {}
    values = get_argument_values(kind.fields[node.name.value], node, variables)
    return {to_snake(name): value for name, value in values.items()}


def _joined(
    roots: Sequence[Root], outcomes: Sequence[Document | Exception], reader: Reader, extensions: Mapping[str, Any]
) -> bytes:
    """`{"data": …}` around finished documents; a failed root is null and has its error."""
    errors: list[dict[str, Any]] = []
    parts: list[bytes] = []
    for root, outcome in zip(roots, outcomes, strict=True):
        if isinstance(outcome, Exception):
            errors += as_errors(outcome, reader, [root.alias])
        document = b"null" if isinstance(outcome, Exception) else outcome
        parts.append(b'"' + root.alias.encode() + b'":' + document)
    data = b'"data":{' + b",".join(parts) + b'},"extensions":' + orjson.dumps(extensions)
    return b"{" + (b'"errors":' + orjson.dumps(errors) + b"," if errors else b"") + data + b"}"


def _introspected(plan: Plan, variables: dict[str, Any], extensions: Mapping[str, Any]) -> Response:
    node = plan.operation.node
    name = node.name.value if node.name else None
    result = execute_sync(COMPILED_SCHEMA, plan.operation.document, variable_values=variables, operation_name=name)
    return _response(orjson.dumps({**result.formatted, "extensions": extensions}))


def _refusal(error: Exception, reader: Reader, extensions: Mapping[str, Any]) -> Response:
    """Of an operation that is not executed; 429 where the client's quota is used up."""
    body = {"errors": as_errors(error, reader), **({"extensions": extensions} if extensions else {})}
    answer = _response(orjson.dumps(body))
    if isinstance(error, TooManyRequests):
        answer.status_code = 429
        answer.headers["retry-after"] = str(error.about["seconds"])
    return answer


def _response(body: bytes) -> Response:
    return Response(body, media_type="application/json")
