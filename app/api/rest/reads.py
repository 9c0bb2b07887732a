"""REST reads: a service function and a shape become a bare route and its page in the OpenAPI document.

Bare Starlette routes, because validation by signature would cost more than the read itself.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import admit, database
from app.api.rest import conditions
from app.api.rest.etags import REVISION, unless_known
from app.api.routes import BareRoute
from app.db.database import Database
from app.db.documents import Document, Pages, Pick, Selection, Shape, schema_of, select_named
from app.domain.actors import Actor
from app.domain.errors import Fault, Invalid, NotFound
from app.domain.purposes import Purpose
from app.services.contract import Command
from app.services.field_faults import faults_of

JSON = "application/json"
Parameter = Mapping[str, object]
Filter = TypeVar("Filter", bound=Command)
_whole, _flag = TypeAdapter(int), TypeAdapter(bool)


@dataclass(frozen=True, slots=True)
class Read:
    """One read: its path below /v1, what answers it, and what the OpenAPI document says of it."""

    path: str
    answer: Callable[[Database, Actor, Request], Awaitable[Document]]
    service: Callable[..., Awaitable[Document]]
    """The service function; its name in camelCase is the operation id."""
    contents: Shape | Pages
    tag: str
    parameters: Sequence[Parameter] = ()

    @property
    def operation_id(self) -> str:
        first, *others = self.service.__name__.split("_")
        return first + "".join(word.capitalize() for word in others)

    def route(self, prefix: str) -> BareRoute:
        """The route that answers it."""
        known = frozenset(str(parameter["name"]) for parameter in self.parameters if parameter["in"] == "query")

        @functools.wraps(self.answer)
        async def endpoint(request: Request) -> Response:
            somebody = await admit(request)  # before anything else is looked at
            _must_be_known(request, known)
            document = await self.answer(database(request), somebody, request)
            if isinstance(self.contents, Pages):
                return Response(document, media_type=JSON)
            return unless_known(request, document, is_contested=REVISION in self.contents.fields)

        return BareRoute(prefix + self.path, endpoint, methods=["GET"], name=self.operation_id)

    def operation(self) -> dict[str, object]:
        """Its operation in the OpenAPI document."""
        is_page = isinstance(self.contents, Pages)
        summary, _, description = (self.service.__doc__ or "").partition("\n")
        return {
            "operationId": self.operation_id,
            "tags": [self.tag],
            "summary": summary,
            **({"description": " ".join(description.split())} if description.strip() else {}),
            "security": [{"bearer": []}],
            "parameters": [*self.parameters, *(() if is_page else (conditions.KNOWN,))],
            "responses": {
                "200": {
                    "description": "The document.",
                    **({} if is_page else {"headers": conditions.TAGGED}),
                    "content": {JSON: {"schema": schema_of_document(self.contents)}},
                },
                **({} if is_page else {"304": conditions.NOT_MODIFIED}),
            },
        }


def _must_be_known(request: Request, known: frozenset[str]) -> None:
    """A misspelt filter would silently answer with everybody."""
    if strange := [name for name in request.query_params if name not in known]:
        raise Invalid("request.invalid", faults=tuple(Fault("field.unexpected", name) for name in strange))


def schema_of_document(contents: Shape | Pages) -> Mapping[str, object]:
    """The JSON Schema of a document or a page of documents."""
    if isinstance(contents, Shape):
        return schema_of(contents.fields)
    cursor = {"type": ["string", "null"]}
    return {
        "type": "object",
        "properties": {
            "edges": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"cursor": {"type": "string"}, "node": schema_of(contents.node.fields)},
                },
            },
            "totalCount": {"type": "integer", "description": "Only if asked for."},
            "pageInfo": {
                "type": "object",
                "properties": {
                    "hasNextPage": {"type": "boolean"},
                    "hasPreviousPage": {"type": "boolean"},
                    "startCursor": cursor,
                    "endCursor": cursor,
                },
            },
        },
    }


def answers(shape: Shape, description: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The answer of an operation as OpenAPI describes it: a document."""
    return {status: {"description": description, "content": {JSON: {"schema": schema_of(shape.fields)}}}}


def query(name: str, description: str, schema: Mapping[str, object]) -> Parameter:
    """A query parameter as OpenAPI describes it."""
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def in_path(name: str, description: str, schema: Mapping[str, object]) -> Parameter:
    """A path parameter as OpenAPI describes it."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


NIP = in_path("nip", "Employee number, 18 digits.", {"type": "string"})
PURPOSE: Parameter = {
    "name": "X-Purpose",
    "in": "header",
    "required": False,
    "description": "Why somebody looks; the person sees it in the receipt of the look.",
    "schema": {"type": "string", "enum": [purpose.value for purpose in Purpose]},
}
FIELDS = query("fields", "Names of the fields to send, such as `nip,name,placement.box`.", {"type": "string"})
PAGE = (
    query("first", "How many to send, 1 to 200; 50 unless told.", {"type": "integer", "minimum": 1, "maximum": 200}),
    query("after", "The cursor after which to go on.", {"type": "string"}),
    FIELDS,
    query("count", "Whether to send `totalCount`.", {"type": "boolean"}),
)
"""What every list takes; `page_of` reads the last two."""


def first_of(request: Request) -> int | None:
    """The parameter `first`."""
    first: int | None = parsed(request, "first", _whole)
    return first


def after_of(request: Request) -> str | None:
    """The parameter `after`."""
    return request.query_params.get("after")


def id_of(request: Request, name: str, absent: str) -> UUID:
    """An id in the path; what is none, is the id of nothing: `NotFound` with the code `absent`."""
    try:
        return UUID(request.path_params[name])
    except ValueError as error:
        raise NotFound(absent) from error


def version_of(request: Request) -> int:
    """The number `version` in the path; one that no version has, where it is none."""
    version = request.path_params["version"]
    return int(version) if version.isascii() and version.isdigit() and len(version) < LONGEST_NUMBER else NO_VERSION


LONGEST_NUMBER = 20  # digits
NO_VERSION = 0


def select_fields(request: Request, shape: Shape) -> Selection | None:
    """The selection of `fields=…` for one document; of what is contested the revision comes along, for its ETag."""
    chosen = _chosen(request, shape)
    if chosen is None or REVISION not in shape.fields or any(pick.name == REVISION for pick in chosen):
        return chosen
    return (*chosen, Pick(REVISION, REVISION))


def _chosen(request: Request, shape: Shape) -> Selection | None:
    """What `fields=…` names; `Invalid` says the first field that the document does not have."""
    if (names := request.query_params.get("fields")) is None:
        return None
    try:
        return select_named(shape, names) or None
    except KeyError as error:
        fault = Fault("field.unknown", "fields", {"field": error.args[0]})
        raise Invalid("request.invalid", faults=(fault,)) from error


def select_page(nodes: Selection | None, *, counted: bool = False) -> Selection | None:
    """A page of which `fields=` narrows the documents; cursors and page information come along, a total if wanted."""
    if nodes is None and not counted:
        return None
    edges = Pick("edges", "edges", (Pick("cursor", "cursor"), Pick("node", "node", nodes)))
    parts: Selection = (edges, Pick("pageInfo", "pageInfo"))
    return (*parts, Pick("totalCount", "totalCount")) if counted else parts


def page_of(request: Request, pages: Pages) -> Selection | None:
    """What of a page is wanted, from `fields` and `count`."""
    counted = parsed(request, "count", _flag)
    return select_page(_chosen(request, pages.node), counted=bool(counted))


def filter_of(request: Request, kind: type[Filter], parameters: Iterable[Parameter]) -> Filter:
    """Which of a list are wanted, from the query's parameters of these names; `Invalid` names those that do not fit."""
    names = {parameter["name"] for parameter in parameters}
    given = {name: value for name, value in request.query_params.items() if name in names}
    try:
        return kind.model_validate_strings(given, by_alias=True)
    except ValidationError as error:
        raise Invalid("request.invalid", faults=faults_of(error.errors())) from error


def parsed(request: Request, name: str, adapter: TypeAdapter[Any]) -> Any:  # noqa: ANN401 - what the adapter makes
    """A query parameter as the adapter reads it; None where it is not given."""
    if (text := request.query_params.get(name)) is None:
        return None
    try:
        return adapter.validate_strings(text)
    except ValidationError as error:
        faults = tuple(Fault(fault.code, name, fault.about) for fault in faults_of(error.errors()))
        raise Invalid("request.invalid", faults=faults) from error
