"""GraphQL: the feed of events."""

from __future__ import annotations

import datetime

import strawberry
from strawberry.scalars import JSON

from app.api.graphql.context import Asked, RootFunction, compiled
from app.db.documents import Document
from app.services import events
from app.services.events import EventFilter


@strawberry.type(description="Something that happened, as CloudEvents 1.0 tells it: ids and states, no contents.")
class CloudEvent:
    specversion: str = strawberry.field(description="The version of CloudEvents.")
    id: str = strawberry.field(description="The same however often and whichever way it is sent.")
    source: str = strawberry.field(description="The institution in which it happened.")
    type: str = strawberry.field(description="Such as `id.nusatalenta.cycleAdvanced.v1`.")
    subject: str = strawberry.field(description="What it is about, such as `talent/<id>`.")
    time: datetime.datetime = strawberry.field(description="When it was done.")
    datacontenttype: str = strawberry.field(description="Of `data`.")
    sequence: str = strawberry.field(description="Its place in the order of all events.")
    data: JSON = strawberry.field(description="Ids and states, by type of event.")


@strawberry.type(description="Events in the order in which they were committed.")
class EventPage:
    events: list[CloudEvent] = strawberry.field(description="The first committed first.")
    next_after: str = strawberry.field(description="Where to go on; the same again where there was nothing new.")


@strawberry.type
class EventQueries:
    @strawberry.field(description="The events of the own institution after a place.")
    def events(
        self,
        after: str | None = None,
        first: int | None = None,
        types: str | None = None,
        subject: str | None = None,
        wait: int | None = None,
    ) -> EventPage | None:
        compiled()


async def events_page(
    asked: Asked,
    after: str | None = None,
    first: int | None = None,
    types: str | None = None,
    subject: str | None = None,
    wait: int | None = None,
) -> Document:
    chosen = EventFilter(types=types, subject=subject)
    return await events.events_document(asked.db, asked.actor, chosen, first, after, wait, asked.wanted)


ROOTS: dict[str, RootFunction] = {"events": events_page}
