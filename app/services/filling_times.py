"""Filling times: how long vacancies take from the day they are foreseeable, and how often the promise is kept."""

from __future__ import annotations

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import filling_times as shapes
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound


async def filling_times_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """Counts and medians of the institution's vacancies, over all and by level of posts; null where none got so far."""
    actor.require(Permission.READ_POSTS)
    document = await db.document_as(actor, shapes.FILLING_TIMES, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document
