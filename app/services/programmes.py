"""Priority programmes: published version by version, and which government affairs they favour on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import programmes as shapes
from app.db.tables.institutions import InstitutionRow
from app.db.tables.vacancies import PriorityProgrammeRow
from app.domain import programmes, vacancies
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict, NotFound
from app.domain.government_affairs import AFFAIRS
from app.domain.programmes import Programme
from app.domain.vacancy_events import ProgrammePublished
from app.services.contract import Command, StorableText, is_storable, page_size, text_cursor
from app.services.cycles import LATEST_VERSION, Day, Name
from app.services.standing import Province

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,59}$")]


class PublishPriorityProgramme(Command):
    """A new programme, or the next version of one; it replaces those before it from its own first day on."""

    code: Code = Field(description="Of a new programme, or of the one whose next version this is.")
    name: Name
    government_affairs: Annotated[list[StorableText], Field(min_length=1, max_length=len(AFFAIRS))] = Field(
        description="Codes of the government affairs that it favours."
    )
    weight: int = Field(ge=1, le=100, description="Percent of what the criterion of a rule set gives at most.")
    province_code: Province | None = Field(None, description="Where it applies; everywhere where null.")
    since: Day
    until: Day
    legal_basis: Name


class PriorityProgrammeFilter(Command):
    """Which versions to list; what is not given does not restrict."""

    code: StorableText | None = None
    in_force: bool | None = Field(None, strict=False)


# ── writes


async def publish_priority_programme(db: Database, actor: Actor, command: PublishPriorityProgramme) -> tuple[str, int]:
    """Publish a programme, or the next version of one; a version is never edited. Answers with code and version."""
    actor.require(Permission.EDIT_POSTS)
    programmes.must_be_affairs(command.government_affairs, "/governmentAffairs")
    vacancies.must_be_in_order({"since": command.since, "until": command.until})
    row = PriorityProgrammeRow
    async with db.write_as(actor) as tx:
        newest = await tx.scalar(select(func.max(row.version)).where(row.code == command.code)) or 0
        told = {**command.model_dump(), "version": newest + 1, "created_at": db.now()}
        made = insert(row).values(institution_id=actor.institution_id, **told).on_conflict_do_nothing()
        version = await tx.scalar(made.returning(row.version))
        if version is None:  # somebody was quicker
            raise Conflict("programme.overtaken", programme=command.code)
        since, until = command.since.isoformat(), command.until.isoformat()
        await record(tx, actor, ProgrammePublished(command.code, version, command.weight, since, until))
    return command.code, version


async def _affairs_of_programmes(tx: AsyncSession, institution_id: UUID, on: date) -> Mapping[str, int]:
    """The affairs that programmes in force favour on a day, with the strongest weight in millionths of a whole."""
    row = PriorityProgrammeRow
    province = await tx.scalar(select(InstitutionRow.province_code).where(InstitutionRow.id == institution_id))
    begun = await tx.scalars(select(row).where(row.institution_id == institution_id, row.since <= on))
    return programmes.affairs_in_force(map(_programme_of, begun), on, province)


def _programme_of(row: PriorityProgrammeRow) -> Programme:
    return Programme(
        code=row.code,
        version=row.version,
        affairs=tuple(row.government_affairs),
        weight=row.weight,
        province=row.province_code,
        since=row.since,
        until=row.until,
    )


# ── reads


async def priority_programme_document(
    db: Database, actor: Actor, code: str, version: int, wanted: Selection | None = None
) -> Document:
    """One version of a programme, and whether it holds today."""
    actor.require(Permission.READ_POSTS)
    found = None
    if is_storable(code) and 0 < version <= LATEST_VERSION:
        found = await db.document_as(actor, shapes.PRIORITY_PROGRAMME, wanted, code=code, version=version)
    if found is None:
        raise NotFound("programme.not_found")
    return found


async def priority_programmes_page(
    db: Database,
    actor: Actor,
    chosen: PriorityProgrammeFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Every version of the institution's priority programmes, by code, the older first."""
    actor.require(Permission.READ_POSTS)
    conditions = (chosen or PriorityProgrammeFilter()).model_dump(exclude_none=True)
    cursor = text_cursor(after)
    return await db.page_as(actor, shapes.PRIORITY_PROGRAMMES, wanted, page_size(first), cursor, **conditions)
