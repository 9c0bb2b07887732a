"""Releases: the appointing authority publishes how many people a unit lets go in a campaign, and in what order."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.mobility_locks import campaign_stays
from app.db.shapes import mobility_releases as shapes
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.mobility import MobilityReleaseRow
from app.domain import mobility_campaigns, mobility_releases
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound, PreconditionFailed
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityReleaseRemoved, MobilityReleaseSet
from app.domain.mobility_releases import Criterion
from app.domain.revisions import ABSENT, FIRST, Expected, must_be_unchanged
from app.services import mobility_campaigns as campaigns
from app.services.contract import Command, is_storable, named_cursor, page_size

LARGEST_QUOTA = 10_000
RELEASED_IN = (State.ANNOUNCED, State.COLLECTING)
Criteria = Annotated[list[Annotated[Criterion, Field(strict=False)]], Field(min_length=1, max_length=len(Criterion))]


class SetMobilityRelease(Command):
    """How many people a unit, and those below it that say nothing of their own, lets go, and in what order."""

    quota: int = Field(ge=0, le=LARGEST_QUOTA)
    criteria: Criteria = Field(description="What decides who goes first, the decisive one first.")


# ── writes


async def set_mobility_release(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    unit_id: str,
    command: SetMobilityRelease,
    *,
    expected: Expected | None = None,
) -> str:
    """Publish how many people a unit lets go, or change it before wishes close; everybody reads it."""
    actor.require(Permission.RELEASE_FOR_MOBILITY)
    mobility_releases.must_be_different(command.criteria)
    criteria = [one.value for one in command.criteria]
    async with db.write_as(actor) as tx:
        key = await _hold_unit(tx, actor, campaign_id, unit_id)
        row = await tx.get(MobilityReleaseRow, key, with_for_update=True)
        must_be_unchanged(expected, ABSENT if row is None else row.revision)
        before = None if row is None else row.quota
        if row is None:
            ids = {"institution_id": actor.institution_id, "campaign_id": campaign_id, "unit_id": unit_id}
            made = (
                insert(MobilityReleaseRow)
                .values(**ids, quota=command.quota, criteria=criteria)
                .on_conflict_do_nothing()
            )
            if await tx.scalar(made.returning(MobilityReleaseRow.unit_id)) is None:  # somebody was quicker
                raise PreconditionFailed("precondition.failed", revision=FIRST)
        else:
            row.quota, row.criteria = command.quota, criteria
        await record(tx, actor, MobilityReleaseSet(campaign_id, unit_id, before, command.quota, criteria))
    return unit_id


async def remove_mobility_release(
    db: Database, actor: Actor, campaign_id: UUID, unit_id: str, *, expected: Expected | None = None
) -> None:
    """Take back what a unit lets go: then the nearest unit above it that says something counts, else nobody leaves."""
    actor.require(Permission.RELEASE_FOR_MOBILITY)
    async with db.write_as(actor) as tx:
        key = await _hold_unit(tx, actor, campaign_id, unit_id)
        row = await tx.get(MobilityReleaseRow, key, with_for_update=True)
        if row is None:
            raise NotFound("mobility_release.not_found")
        must_be_unchanged(expected, row.revision)
        await tx.execute(
            delete(MobilityReleaseRow).where(
                MobilityReleaseRow.campaign_id == campaign_id, MobilityReleaseRow.unit_id == unit_id
            )
        )
        await record(tx, actor, MobilityReleaseRemoved(campaign_id, unit_id, row.quota))


async def _hold_unit(tx: AsyncSession, actor: Actor, campaign_id: UUID, unit_id: str) -> tuple[UUID, UUID, str]:
    """The key of what a unit of the own institution lets go in a campaign that nobody moves on meanwhile."""
    await campaign_stays(tx, campaign_id)
    campaign = await campaigns._find(tx, campaign_id)  # noqa: SLF001 - a service composes another's steps
    mobility_campaigns.must_be_in(State(campaign.state), RELEASED_IN)
    unit = await tx.get(OrgUnitRow, (actor.institution_id, unit_id)) if is_storable(unit_id) else None
    if unit is None:
        raise NotFound("unit.not_found")
    return actor.institution_id, campaign_id, unit_id


# ── reads


async def mobility_releases_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """How many people each unit lets go in a campaign, of all institutions; where nothing is said, nobody leaves."""
    actor.require(Permission.READ_MOBILITY)
    cursor = named_cursor(after)
    return await db.page_as(actor, shapes.MOBILITY_RELEASES, wanted, page_size(first), cursor, campaign=campaign_id)


async def mobility_release_document(
    db: Database, actor: Actor, campaign_id: UUID, unit_id: str, wanted: Selection | None = None
) -> Document:
    """What a unit of the own institution lets go in a campaign."""
    actor.require(Permission.READ_MOBILITY)
    found = None
    if is_storable(unit_id):
        asked = {"campaign": campaign_id, "unit": unit_id}
        found = await db.document_as(actor, shapes.MOBILITY_RELEASE, wanted, **asked)
    if found is None:
        raise NotFound("mobility_release.not_found")
    return found
