"""Institutions and their units."""

from __future__ import annotations

from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import institutions as shapes
from app.db.tables.institutions import InstitutionRow
from app.domain.actors import Actor, Permission, Role
from app.domain.errors import Conflict, NotFound
from app.domain.events import InstitutionCreated
from app.domain.mobility_routes import kind_of
from app.services.contract import Command, page_size, text_cursor


class CreateInstitution(Command):
    """Register an institution by its official name."""

    name: str = Field(min_length=3, max_length=200)


async def create_institution(db: Database, actor: Actor, command: CreateInstitution) -> UUID:
    """Register an institution. Refused if one of that name exists, whatever its case and spacing."""
    actor.require(Permission.CREATE_INSTITUTION)
    founder = Actor(uuid4(), Role.OPERATOR, actor.subject)
    async with db.write_as(founder) as tx:
        await _found(tx, founder, command.name)
    return founder.institution_id


async def _found(tx: AsyncSession, founder: Actor, name: str) -> None:
    """The institution that the founder acts in comes to be; what it is where its name says so."""
    name = " ".join(name.split())
    kind = kind_of(name)
    told = {"id": founder.institution_id, "name": name, "kind": kind and kind.value}
    row = insert(InstitutionRow).values(name_key=func.name_key(name), **told)
    founded = await tx.scalar(row.on_conflict_do_nothing(index_elements=["name_key"]).returning(InstitutionRow.id))
    if founded is None:
        raise Conflict("institution.exists", name=name)
    await record(tx, founder, InstitutionCreated(founder.institution_id, name))


async def institution_document(db: Database, actor: Actor, wanted: Selection | None = None) -> Document:
    """The actor's own institution."""
    actor.require(Permission.READ_INSTITUTIONS)
    document = await db.document_as(actor, shapes.INSTITUTION, wanted)
    if document is None:
        raise NotFound("institution.not_found")
    return document


async def institutions_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """Institutions by name: one's own; for a national actor all of them, with the counts of their maps."""
    actor.require(Permission.READ_INSTITUTIONS)
    pages = shapes.REGISTER if actor.is_national else shapes.INSTITUTIONS
    return await db.page_as(actor, pages, wanted, page_size(first), text_cursor(after))


async def org_units_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The units of the own institution, superiors before their units."""
    actor.require(Permission.READ_TALENT_MAP)
    return await db.page_as(actor, shapes.ORG_UNITS, wanted, page_size(first), text_cursor(after))
