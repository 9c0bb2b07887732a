"""Certificates of mobility campaigns: what became of a talent who took part, and why, as a document and as a page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from uuid import UUID

import orjson

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import mobility_certificates as shapes
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.services.scopes import own_scope

Certificate = Mapping[str, object]


async def mobility_certificate_document(
    db: Database, actor: Actor, campaign_id: UUID, wanted: Selection | None = None
) -> Document:
    """One's own certificate: the outcome, for each wish why, and how anybody can check it."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    return await _own(db, actor, campaign_id, wanted)


async def print_mobility_certificate(
    db: Database, actor: Actor, campaign_id: UUID, render: Callable[[Certificate], bytes]
) -> bytes:
    """One's own certificate as a page to print; `render` makes the page of it."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    document = await _own(db, actor, campaign_id, None)
    return await asyncio.to_thread(lambda: render(orjson.loads(document)))


async def _own(db: Database, actor: Actor, campaign_id: UUID, wanted: Selection | None) -> Document:
    asked = {"campaign_id": campaign_id, **own_scope(actor)}
    document = await db.document_as(actor, shapes.MOBILITY_CERTIFICATE, wanted, **asked)
    if document is None:
        raise NotFound("mobility_certificate.not_found")
    return document
