"""Talents: profiles with all histories, and lists of them."""

from __future__ import annotations

import json
from collections.abc import Collection

from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Selection, select_named
from app.db.shapes import talents as shapes
from app.db.shapes.placements import COMPLETENESS
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.services.contract import Command, StorableText, must_be_one_of, named_cursor, page_size
from app.services.placements import document_of_talent
from app.services.scopes import scope_of


class TalentFilter(Command):
    """Which talents to list; what is not given does not restrict."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    position_level: PositionLevel | None = Field(None, strict=False)
    box: int | None = Field(None, ge=1, le=9)
    assessed: bool | None = Field(None, description="Whether the talent stands in a box.")
    missing: str | None = Field(None, max_length=100, description="An item of completeness the talent lacks.")
    decided_by: StorableText | None = Field(
        None,
        max_length=400,
        description="Items of completeness joined by commas: who would be in one box once these are known.",
    )
    mapped: bool | None = Field(None, description="Whether the talent is on the map; those who are not have a reason.")


async def talent_document(db: Database, actor: Actor, nip: str, wanted: Selection | None = None) -> Document:
    """One profile with all its histories. Absent and foreign numbers are the same `NotFound`."""
    actor.require(Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT)
    return await document_of_talent(db, actor, shapes.TALENT, nip, wanted)


async def talents_page(
    db: Database,
    actor: Actor,
    chosen: TalentFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of talents by name; for a unit verifier of those of the own unit and the units below it."""
    actor.require(Permission.READ_TALENTS, Permission.READ_UNIT_TALENTS)
    conditions = (chosen or TalentFilter()).model_dump(exclude_none=True)
    if (item := conditions.get("missing")) is not None:
        await _must_be_items(db, actor, "missing", [item])
    if (items := conditions.get("decided_by")) is not None:
        await _must_be_items(db, actor, "decidedBy", items.split(","))
    cursor, scope = named_cursor(after), scope_of(actor)
    return await db.page_as(actor, shapes.TALENTS, wanted, page_size(first), cursor, **conditions, **scope)


async def _must_be_items(db: Database, actor: Actor, parameter: str, items: Collection[str]) -> None:
    """Items of the default rubric, or of the one that the institution's map is made with."""
    if set(items) <= set(shapes.ITEMS):
        return
    told = await db.document_as(actor, COMPLETENESS, select_named(COMPLETENESS, "items.item"))
    own = [] if told is None else [one["item"] for one in json.loads(told)["items"]]
    for item in items:
        must_be_one_of(own or shapes.ITEMS, parameter, item)
