"""Who may organise mobility campaigns: BKN, and whom it allows, such as governors' offices."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import mobility_organisers as shapes
from app.db.tables.institutions import InstitutionRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Forbidden, NotFound
from app.domain.mobility_events import MobilityOrganiserSet
from app.services.contract import Command, page_size, text_cursor


class SetMobilityOrganiser(Command):
    """Whether an institution may organise campaigns."""

    may_organise: bool = Field(description="Campaigns that run already go on either way.")


# ── writes


async def set_mobility_organiser(db: Database, actor: Actor, organiser_id: UUID, command: SetMobilityOrganiser) -> None:
    """Allow an institution to organise campaigns, or no longer: a governor's office, or BKN itself.

    `NotFound` for an institution that is neither the own one nor has said in which province it is.
    """
    actor.require(Permission.ADMIT_MOBILITY_ORGANISERS)
    async with db.write_as(actor) as tx:
        told = {"organiser": organiser_id, "may": command.may_organise}
        before = await tx.scalar(text("SELECT set_mobility_organiser(:organiser, :may)"), told)
        if before is None:
            raise NotFound("mobility_organiser.not_found")
        if before != command.may_organise:
            await record(tx, actor, MobilityOrganiserSet(organiser_id, before, command.may_organise))


async def _must_organise(tx: AsyncSession, actor: Actor) -> str | None:
    """The one province that the actor may organise for; None: any. `Forbidden` for who may not organise at all."""
    if actor.is_national:
        return None
    row = InstitutionRow
    mine = select(row.organises_mobility, row.province_code).where(row.id == actor.institution_id)
    found = (await tx.execute(mine)).one_or_none()
    if found is None or not found.organises_mobility:
        raise Forbidden("mobility_organiser.not_allowed")
    return None if found.province_code is None else str(found.province_code)


# ── reads


async def mobility_organiser_document(
    db: Database, actor: Actor, organiser_id: UUID, wanted: Selection | None = None
) -> Document:
    """Whether an institution may organise campaigns, and for which province; of others only that they may is told."""
    actor.require(Permission.READ_MOBILITY)
    found = await db.document_as(actor, shapes.MOBILITY_ORGANISER, wanted, id=organiser_id)
    if found is None:
        raise NotFound("mobility_organiser.not_found")
    return found


async def mobility_organisers_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The institutions that may organise campaigns, by name."""
    actor.require(Permission.READ_MOBILITY)
    chosen = {"may_organise": True}
    return await db.page_as(actor, shapes.MOBILITY_ORGANISERS, wanted, page_size(first), text_cursor(after), **chosen)
