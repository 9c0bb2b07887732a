"""The ekspose pack: what an institution walks into its readiness review with, for itself and for the public."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

import orjson
from pydantic import Field

from app.db.database import Database
from app.db.documents import TYPENAME, Document, Items, Object, Selection, Value
from app.db.documents import Fields as ShapeFields
from app.db.shapes import ekspose as shapes
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.standing import Audience
from app.services.contract import Command
from app.services.ekspose_data import Ekspose, withhold

Json = Mapping[str, object]


class ChooseAudience(Command):
    """For whom: the institution itself, or the public, from whom small counts are withheld."""

    audience: Audience = Field(Audience.INSTITUTION, strict=False)


async def ekspose_document(
    db: Database, actor: Actor, command: ChooseAudience, wanted: Selection | None = None
) -> Document:
    """The ekspose pack of the own institution: coverage, boxes, completeness, movement, indices, references.

    For the public, counts of one to four people are null, and so are those that would give them away.
    """
    actor.require(Permission.READ_TALENT_MAP, Permission.EXPORT)
    if command.audience is Audience.INSTITUTION:
        return await _whole(db, actor, wanted)
    pack = await _pack(db, actor, command.audience)
    return orjson.dumps(_chosen(cast("Json", pack), shapes.EKSPOSE.type, shapes.EKSPOSE.fields, wanted))


async def _pack(db: Database, actor: Actor, audience: Audience) -> Ekspose:
    """The pack as data; the public's is worked out off the event loop."""
    pack = cast("Ekspose", orjson.loads(await _whole(db, actor, None)))
    if audience is Audience.PUBLIC:
        await asyncio.to_thread(withhold, pack)
    return pack


async def _whole(db: Database, actor: Actor, wanted: Selection | None) -> Document:
    document = await db.document_as(actor, shapes.EKSPOSE, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


def _chosen(document: Json, kind: str, fields: ShapeFields, selection: Selection | None) -> Json:
    """What a selection wants of a document that had to be whole for its counts to be withheld."""
    if selection is None:
        return document
    chosen: dict[str, object] = {}
    for pick in selection:
        if pick.name == TYPENAME:
            chosen[pick.alias] = kind
            continue
        told = document[pick.name]
        match fields[pick.name]:
            case Object(type=below, fields=parts) if told is not None:
                chosen[pick.alias] = _chosen(cast("Json", told), below, parts, pick.below)
            case Items(type=below, fields=parts):
                chosen[pick.alias] = [_chosen(one, below, parts, pick.below) for one in cast("list[Json]", told)]
            case Value() | Object():
                chosen[pick.alias] = told
    return chosen
