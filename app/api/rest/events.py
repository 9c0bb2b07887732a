"""REST: the feed of events."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter
from starlette.requests import Request

from app.api.rest.reads import FIELDS, Read, after_of, filter_of, first_of, parsed, query, select_fields
from app.db.database import Database
from app.db.documents import Document, schema_of
from app.db.shapes import events as shapes
from app.db.shapes.events import EVENT_FIELDS
from app.domain.actors import Actor
from app.domain.told_events import TOLD, Told, type_of
from app.services import events
from app.services.events import LONGEST_WAIT, EventFilter

_whole = TypeAdapter(int)


async def events_document(db: Database, actor: Actor, request: Request) -> Document:
    chosen = filter_of(request, EventFilter, FILTERS)
    wait: int | None = parsed(request, "wait", _whole)
    wanted = select_fields(request, shapes.EVENT_PAGE)
    return await events.events_document(db, actor, chosen, first_of(request), after_of(request), wait, wanted)


FILTERS = (
    query("types", "Names of events between commas; `mobility*` for all that begin so.", {"type": "string"}),
    query("subject", "What they are about, such as `talent/<id>`.", {"type": "string"}),
)
FEED = (
    query("after", "The `nextAfter` of the page before; the beginning unless told.", {"type": "string"}),
    query("first", "How many to send, 1 to 200; 50 unless told.", {"type": "integer", "minimum": 1, "maximum": 200}),
    query(
        "wait",
        "Seconds to wait where there is no event yet.",
        {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT},
    ),
)
CLOUD_EVENT = {**schema_of(EVENT_FIELDS), "required": list(EVENT_FIELDS)}
SCHEMAS_OF_KINDS: Mapping[str, Mapping[str, object]] = {
    "UUID": {"type": "string", "format": "uuid"},
    "UUID | None": {"type": ["string", "null"], "format": "uuid"},
    "str": {"type": "string"},
    "str | None": {"type": ["string", "null"]},
    "int": {"type": "integer"},
}
ACCEPTED = {"description": "Accepted; whatever else is answered, the event is sent again."}


def sent_events() -> dict[str, object]:
    """The section `webhooks` of the OpenAPI document: what a receiver is sent, by type of event."""
    return {type_of(name): {"post": _sent(name, told)} for name, told in TOLD.items()}


def _sent(name: str, told: Told) -> dict[str, object]:
    data = {"type": "object", "properties": {field: SCHEMAS_OF_KINDS[kind] for field, kind in told.kinds.items()}}
    named = {"type": {"const": type_of(name)}, "data": data}
    schema = {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, {"properties": named}]}
    return {
        "operationId": name,
        "tags": ["events"],
        "summary": told.says,
        "requestBody": {"required": True, "content": {"application/cloudevents+json": {"schema": schema}}},
        "responses": {"2XX": ACCEPTED, "410": {"description": "The receiver is gone: it is sent nothing more."}},
    }


READS = (
    Read("/events", events_document, events.events_document, shapes.EVENT_PAGE, "events", (*FEED, *FILTERS, FIELDS)),
)
