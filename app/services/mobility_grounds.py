"""Grounds: talents declare why they want to move, and the human resources office says whether documents show it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.db.ledger import record
from app.db.mobility_locks import campaign_stays
from app.db.mobility_withdrawals import assess_again
from app.db.tables.mobility import MobilityGroundRow, MobilityParticipationRow
from app.domain import mobility_campaigns
from app.domain.actors import Actor, Permission
from app.domain.errors import NotFound
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityGroundsDeclared, MobilityGroundVerified
from app.domain.mobility_formulas import Ground
from app.services import mobility_campaigns as campaigns
from app.services import mobility_participations
from app.services.contract import Command

CORRECTED_IN = (State.COLLECTING, State.CORRECTION)


class DeclareMobilityGrounds(Command):
    """All grounds that one declares; those that are not named are taken back. No story and no document is kept here."""

    grounds: Annotated[list[Annotated[Ground, Field(strict=False)]], Field(max_length=len(Ground))]


class VerifyMobilityGround(Command):
    """Whether documents show the ground; they are not kept here."""

    is_verified: bool


async def declare_mobility_grounds(
    db: Database, actor: Actor, campaign_id: UUID, participation_id: UUID, command: DeclareMobilityGrounds
) -> None:
    """Declare one's own grounds for moving, until the freeze. Each gives points once somebody has verified it."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    async with db.write_as(actor) as tx:
        await _open_campaign(tx, campaign_id)
        row = await mobility_participations._hold_own(tx, actor, campaign_id, participation_id)  # noqa: SLF001 - a service composes another's steps
        ground, declared = MobilityGroundRow, sorted({one.value for one in command.grounds})
        of_row = ground.participation_id == participation_id
        await tx.execute(delete(ground).where(of_row, ground.ground.not_in(declared)))
        if declared:
            told = [
                {
                    "institution_id": actor.institution_id,
                    "participation_id": participation_id,
                    "ground": code,
                    "declared_at": db.now(),
                }
                for code in declared
            ]
            await tx.execute(insert(ground).values(told).on_conflict_do_nothing())
        row.assessed_at = None
        await tx.flush()
        await assess_again(tx, actor.institution_id)
        await record(tx, actor, MobilityGroundsDeclared(campaign_id, row.talent_id, len(declared)))


async def verify_mobility_ground(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    participation_id: UUID,
    ground: str,
    command: VerifyMobilityGround,
) -> None:
    """Say whether documents show a ground that somebody of the own institution declared; never of oneself."""
    actor.require(Permission.VERIFY_EVIDENCE)
    async with db.write_as(actor) as tx:
        await _open_campaign(tx, campaign_id)
        row = await _hold(tx, actor, campaign_id, participation_id)
        told = {
            "is_verified": command.is_verified,
            "verified_at": db.now(),
            "verified_by": actor.subject,
            "verified_role": actor.role.value,
        }
        of_row = (MobilityGroundRow.participation_id == participation_id, MobilityGroundRow.ground == ground)
        seen = update(MobilityGroundRow).where(*of_row).values(told).returning(MobilityGroundRow.ground)
        is_known = ground in {one.value for one in Ground}
        if not is_known or await tx.scalar(seen) is None:
            raise NotFound("mobility_ground.not_found")
        row.assessed_at = None
        await tx.flush()
        await assess_again(tx, actor.institution_id)
        await record(tx, actor, MobilityGroundVerified(campaign_id, row.talent_id, command.is_verified))


async def _open_campaign(tx: AsyncSession, campaign_id: UUID) -> None:
    """What points rest on can be put right until the transaction ends."""
    await campaign_stays(tx, campaign_id)
    campaign = await campaigns._find(tx, campaign_id)  # noqa: SLF001
    mobility_campaigns.must_be_in(State(campaign.state), CORRECTED_IN)


async def _hold(tx: AsyncSession, actor: Actor, campaign_id: UUID, participation_id: UUID) -> MobilityParticipationRow:
    """Somebody's participation, locked; `NotFound` for one's own: nobody verifies themselves."""
    row = MobilityParticipationRow
    found = select(row).where(row.campaign_id == campaign_id, row.id == participation_id).with_for_update()
    held = await tx.scalar(found)
    if held is None or await mobility_participations._is_own(tx, actor, held.talent_id):  # noqa: SLF001
        raise NotFound("mobility_participation.not_found")
    return held
