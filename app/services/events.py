"""The feed of events: what happened in an institution, in the order in which it was committed."""

from __future__ import annotations

import asyncio
import time

import orjson
from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Pick, Selection
from app.db.shapes import events as shapes
from app.domain.actors import Actor, Permission
from app.domain.errors import Fault, Invalid, refuse
from app.domain.told_events import types_matching, unknown_patterns
from app.services.contract import LARGEST_NUMBER, Command, StorableText, page_size

LONGEST_WAIT = 20
"""Seconds."""
BETWEEN_LOOKS = 0.5  # seconds
BEGINNING = "0"


class EventFilter(Command):
    """Which events to list; what is not given does not restrict."""

    types: str | None = Field(
        None, max_length=2000, description="Names of events between commas; `mobility*` for all so beginning."
    )
    subject: StorableText | None = Field(
        None, max_length=300, description="What they are about, such as `talent/<id>`."
    )


async def events_document(
    db: Database,
    actor: Actor,
    chosen: EventFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wait: int | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The events of the own institution after a place, the first committed first; `nextAfter` is where to go on.

    None is ever skipped or comes late: whoever goes on from `nextAfter` sees each event once. `wait` seconds, up to 20,
    are waited where there is none yet. Refused where the place does not exist yet.
    """
    actor.require(Permission.READ_EVENTS)
    chosen = chosen or EventFilter()
    asked = {
        "after": place_of(after or BEGINNING, "after"),
        "first": page_size(first),
        "types": _types(chosen.types),
        "subject": chosen.subject,
    }
    until = time.monotonic() + _patience(wait)
    while True:
        document = await db.document_as(actor, shapes.EVENT_PAGE, WITH_EVENTS if wanted is None else wanted, **asked)
        if document is None:
            refuse(Fault("events.place_unknown", "after"))
        if time.monotonic() >= until or _has_events(document, wanted):
            return document
        await asyncio.sleep(BETWEEN_LOOKS)


WITH_EVENTS: Selection = (Pick("events", "events"), Pick("nextAfter", "nextAfter"))


def place_of(after: str, where: str) -> int:
    """A place of the ledger as the feed tells it; `Invalid` at `where` for anything else."""
    if not (after.isascii() and after.isdigit() and len(after) < len(str(LARGEST_NUMBER))):
        refuse(Fault("events.place", where))
    return int(after)


def _types(named: str | None) -> list[str] | None:
    if named is None:
        return None
    patterns = [word.strip() for word in named.split(",")]
    if unknown := unknown_patterns(patterns):
        raise Invalid("request.invalid", faults=(Fault("event.unknown", "types", {"types": ", ".join(unknown)}),))
    return types_matching(patterns)


def _patience(wait: int | None) -> int:
    if wait is not None and not 0 <= wait <= LONGEST_WAIT:
        refuse(Fault("events.wait", "wait", {"highest": LONGEST_WAIT}))
    return wait or 0


def _has_events(document: Document, wanted: Selection | None) -> bool:
    """Whether there is one on the page; of a selection without the list, nothing is known and nothing waited for."""
    aliases = [pick.alias for pick in (wanted or WITH_EVENTS) if pick.name == "events"]
    return not aliases or bool(orjson.loads(document)[aliases[0]])
