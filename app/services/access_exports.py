"""Access exports: everything held about one person, as JSON or as a page to print, each of them recorded."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import orjson

from app.db.database import Database
from app.db.documents import Document
from app.db.ledger import record
from app.db.shapes.access_exports import ACCESS_EXPORT
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.privacy_events import DataExported
from app.domain.purposes import Purpose
from app.services.contract import is_storable

Held = Mapping[str, object]
JSON, PAGE = "json", "page"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the head of an export says of this installation: whom to turn to, and where the same is to be printed."""

    contact: str | None
    page: str


async def export_own_data(db: Database, actor: Actor, notice: Notice) -> Document:
    """Everything that is held about oneself (UU 27/2022 art. 7 and 13)."""
    actor.require(Permission.EXERCISE_RIGHTS)
    document = await _own(db, actor, notice)
    await _record(db, actor, JSON, document, document)
    return document


async def export_data_of_talent(db: Database, actor: Actor, nip: str, notice: Notice) -> Document:
    """Everything that is held about a talent who asks for it; the look leaves a receipt."""
    actor.require(Permission.ANSWER_DATA_REQUESTS)
    document = await _of_talent(db, actor, nip, notice)
    await _record(db, actor, JSON, document, document)
    return document


async def print_own_data(db: Database, actor: Actor, notice: Notice, render: Callable[[Held], bytes]) -> bytes:
    """Everything that is held about oneself as a page to print; `render` makes the page of it."""
    actor.require(Permission.EXERCISE_RIGHTS)
    return await _printed(db, actor, await _own(db, actor, notice), render)


async def print_data_of_talent(
    db: Database, actor: Actor, nip: str, notice: Notice, render: Callable[[Held], bytes]
) -> bytes:
    """Everything that is held about a talent who asks for it as a page to print; the look leaves a receipt."""
    actor.require(Permission.ANSWER_DATA_REQUESTS)
    return await _printed(db, actor, await _of_talent(db, actor, nip, notice), render)


async def _own(db: Database, actor: Actor, notice: Notice) -> Document:
    document = None
    if actor.nip and is_storable(actor.nip):
        document = await db.document_as(actor, ACCESS_EXPORT, None, nip=actor.nip, **_told(notice))
    return _found(document)


async def _of_talent(db: Database, actor: Actor, nip: str, notice: Notice) -> Document:
    document = None
    if is_storable(nip):
        purpose = Purpose.DATA_SUBJECT_REQUEST
        document = await db.view_as(actor, purpose, ACCESS_EXPORT, None, nip=nip, **_told(notice))
    return _found(document)


def _told(notice: Notice) -> dict[str, object]:
    return {"contact": notice.contact or "", "page": notice.page}


def _found(document: Document | None) -> Document:
    if document is None:
        raise NotFound("talent.not_found")
    return document


async def _printed(db: Database, actor: Actor, document: Document, render: Callable[[Held], bytes]) -> bytes:
    page = await asyncio.to_thread(lambda: render(orjson.loads(document)))
    await _record(db, actor, PAGE, document, page)
    return page


async def _record(db: Database, actor: Actor, what: str, document: Document, handed_out: bytes) -> None:
    """Who took what, by its digest; nothing of what it says."""
    profile = cast("dict[str, str]", orjson.loads(document)["profile"])
    event = DataExported(UUID(profile["id"]), what, hashlib.sha256(handed_out).hexdigest())
    async with db.write_as(actor) as tx:
        await record(tx, actor, event)
