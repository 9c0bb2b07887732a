"""Talents: profiles with all histories, and lists of them."""

from __future__ import annotations

from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import talents as shapes
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import Fault, Invalid
from app.services.contract import Command, StorableText, named_cursor, page_size
from app.services.placements import document_of_talent


class TalentFilter(Command):
    """Which talents to list; what is not given does not restrict."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    position_level: PositionLevel | None = Field(None, strict=False)
    box: int | None = Field(None, ge=1, le=9)
    assessed: bool | None = Field(None, description="Whether the talent stands in a box.")
    missing: str | None = Field(None, max_length=100, description="An item of completeness the talent lacks.")
    mapped: bool | None = Field(None, description="Whether the talent is on the map; those who are not have a reason.")


async def talent_document(db: Database, actor: Actor, nip: str, wanted: Selection | None = None) -> Document:
    """One profile with all its histories. Absent and foreign numbers are the same `NotFound`."""
    actor.require(Permission.READ_TALENTS, Permission.READ_OWN_TALENT)
    return await document_of_talent(db, actor, shapes.TALENT, nip, wanted)


async def talents_page(
    db: Database,
    actor: Actor,
    chosen: TalentFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of talents by name."""
    actor.require(Permission.READ_TALENTS)
    conditions = (chosen or TalentFilter()).model_dump(exclude_none=True)
    if conditions.get("missing", shapes.ITEMS[0]) not in shapes.ITEMS:
        about = {"column": "missing", "allowed": ", ".join(shapes.ITEMS)}
        raise Invalid("request.invalid", faults=(Fault("value.unknown", "missing", about),))
    return await db.page_as(actor, shapes.TALENTS, wanted, page_size(first), named_cursor(after), **conditions)
