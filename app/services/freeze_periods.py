"""Freezes: the days before and after regional elections on which the head of the region replaces no official."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.shapes import freeze_periods as shapes
from app.db.tables.vacancies import FreezePeriodRow
from app.domain import vacancies
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.revisions import Expected, must_be_unchanged
from app.domain.vacancies import Freeze
from app.domain.vacancy_events import FreezeAdded, FreezeEdited, FreezeRemoved
from app.services.contract import Command, named_cursor, page_size
from app.services.cycles import Day, Name


class AddFreezePeriod(Command):
    """Days, both included, on which nobody is appointed without the Minister's permit, and the rule that says so."""

    since: Day
    until: Day
    reason: Name
    legal_basis: Name


class EditFreezePeriod(AddFreezePeriod):
    """The freeze as it is to be."""


class FreezePeriodFilter(Command):
    """Which freezes to list; what is not given does not restrict."""

    on: Day | None = None


# ── writes


async def add_freeze_period(db: Database, actor: Actor, command: AddFreezePeriod) -> UUID:
    """Put a freeze on record: it blocks decrees and inaugurations from now on, those under way too."""
    actor.require(Permission.EDIT_POSTS)
    _must_be_in_order(command)
    freeze_period_id = uuid4()
    async with db.write_as(actor) as tx:
        tx.add(FreezePeriodRow(institution_id=actor.institution_id, id=freeze_period_id, **command.model_dump()))
        await tx.flush()
        await record(tx, actor, FreezeAdded(freeze_period_id, command.since.isoformat(), command.until.isoformat()))
    return freeze_period_id


async def edit_freeze_period(
    db: Database, actor: Actor, freeze_period_id: UUID, command: EditFreezePeriod, *, expected: Expected | None = None
) -> None:
    """Write down a freeze anew, such as when the day of candidates' naming is moved."""
    actor.require(Permission.EDIT_POSTS)
    _must_be_in_order(command)
    async with db.write_as(actor) as tx:
        row = await _hold_freeze(tx, actor, freeze_period_id, expected)
        told = command.model_dump()
        changed = [name for name, value in told.items() if getattr(row, name) != value]
        before: dict[str, object] = {name: str(getattr(row, name)) for name in changed}
        for name in changed:
            setattr(row, name, told[name])
        if changed:
            await record(tx, actor, FreezeEdited(freeze_period_id, before, {name: str(told[name]) for name in changed}))


async def remove_freeze_period(
    db: Database, actor: Actor, freeze_period_id: UUID, *, expected: Expected | None = None
) -> None:
    """Take a freeze off the record."""
    actor.require(Permission.EDIT_POSTS)
    async with db.write_as(actor) as tx:
        await tx.delete(await _hold_freeze(tx, actor, freeze_period_id, expected))
        await record(tx, actor, FreezeRemoved(freeze_period_id))


def _must_be_in_order(command: AddFreezePeriod) -> None:
    vacancies.must_be_in_order({"since": command.since, "until": command.until})


async def _hold_freeze(
    tx: AsyncSession, actor: Actor, freeze_period_id: UUID, expected: Expected | None
) -> FreezePeriodRow:
    row = await tx.get(FreezePeriodRow, (actor.institution_id, freeze_period_id), with_for_update=True)
    if row is None:
        raise NotFound("freeze.not_found")
    must_be_unchanged(expected, row.revision)
    return row


async def _freezes_on(tx: AsyncSession, days: Collection[date]) -> list[Freeze]:
    """The institution's freezes that any of the days lies in, the earliest first."""
    row = FreezePeriodRow
    within = or_(*((row.since <= day) & (row.until >= day) for day in days))
    found = await tx.execute(
        select(row.since, row.until, row.reason, row.legal_basis).where(within).order_by(row.since, row.id)
    )
    return [Freeze(*one) for one in found]


# ── reads


async def freeze_period_document(
    db: Database, actor: Actor, freeze_period_id: UUID, wanted: Selection | None = None
) -> Document:
    """One freeze."""
    actor.require(Permission.READ_POSTS)
    document = await db.document_as(actor, shapes.FREEZE_PERIOD, wanted, id=freeze_period_id)
    if document is None:
        raise NotFound("freeze.not_found")
    return document


async def freeze_periods_page(
    db: Database,
    actor: Actor,
    chosen: FreezePeriodFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The freezes of the institution, the latest first."""
    actor.require(Permission.READ_POSTS)
    conditions = (chosen or FreezePeriodFilter()).model_dump(exclude_none=True)
    return await db.page_as(actor, shapes.FREEZE_PERIODS, wanted, page_size(first), named_cursor(after), **conditions)
