"""Placements in cycles, as committees, units and the talents themselves may read them."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.shapes import cycle_placements as shapes
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import NotFound
from app.domain.purposes import purpose_within
from app.services.contract import Command, StorableText, is_storable, named_cursor, page_size
from app.services.scopes import scope_of


class CyclePlacementFilter(Command):
    """Which placements of a cycle to list; what is not given does not restrict."""

    unit: StorableText | None = Field(None, max_length=100, description="Id of a unit; those below it are included.")
    position_level: PositionLevel | None = Field(None, strict=False)
    box: int | None = Field(None, ge=1, le=9, description="The published box.")
    assessed: bool | None = Field(None, description="Whether the talent stands in a box.")
    calibrated: bool | None = Field(None, description="Whether a committee decided the box.")
    missing: StorableText | None = Field(None, max_length=100, description="An item of completeness the talent lacks.")
    awaiting_review: bool | None = Field(None, description="Whether a human has to decide, and has not.")


async def cycle_placements_page(
    db: Database,
    actor: Actor,
    cycle_id: UUID,
    chosen: CyclePlacementFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A page of a cycle's placements, by name; a unit sees its own people once they may object."""
    actor.require(Permission.READ_CYCLES, Permission.READ_UNIT_TALENTS)
    conditions = (chosen or CyclePlacementFilter()).model_dump(exclude_none=True) | _reach(actor)
    cursor = named_cursor(after)
    return await db.page_as(
        actor, shapes.CYCLE_PLACEMENTS, wanted, page_size(first), cursor, cycle_id=cycle_id, **conditions
    )


async def cycle_placement_document(
    db: Database,
    actor: Actor,
    cycle_id: UUID,
    nip: str,
    wanted: Selection | None = None,
    *,
    just_decided: bool = False,
) -> Document:
    """Where a cycle places a talent and why. Talents see their own from the day they may object to it.

    Whoever has `just_decided` is answered with what they decided, also where the talent is restricted.
    """
    actor.require(Permission.READ_CYCLES, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT)
    document = None
    if is_storable(nip):
        conditions = {"cycle_id": cycle_id, "nip": nip, **({} if just_decided else _reach(actor))}
        purpose = purpose_within(actor.role, actor.purpose)
        document = await db.view_as(actor, purpose, shapes.CYCLE_PLACEMENT, wanted, **conditions)
    if document is None:
        raise NotFound("cycle.placement_not_found")
    return document


async def talent_cycle_placements_page(
    db: Database,
    actor: Actor,
    nip: str,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """A talent's placements in all cycles, newest cycle first; the talent's own as far as they may be seen."""
    actor.require(Permission.READ_CYCLES, Permission.READ_UNIT_TALENTS, Permission.READ_OWN_TALENT)
    if not is_storable(nip):
        raise NotFound("talent.not_found")
    cursor = named_cursor(after)
    return await db.page_as(
        actor, shapes.PLACEMENTS_OF_TALENT, wanted, page_size(first), cursor, nip=nip, **_reach(actor)
    )


def _reach(actor: Actor) -> dict[str, object]:
    """Committees see drafts; others only what may be objected to or is published, of their own people."""
    drafts = {} if actor.may(Permission.READ_CYCLES) else {"visible": True}
    return {**drafts, **scope_of(actor)}
