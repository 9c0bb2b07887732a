"""Whoever writes something of a campaign, in whichever institution, and whoever moves it on, wait for each other."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.locks import waiting_shortly

_KEY = "hashtextextended('mobility campaign ' || CAST(CAST(:campaign AS uuid) AS text), 0)"
_STAYS = text(f"SELECT pg_advisory_xact_lock_shared({_KEY})")
_MOVES = text(f"SELECT pg_advisory_xact_lock({_KEY})")


async def campaign_stays(tx: AsyncSession, campaign_id: UUID) -> None:
    """Nobody moves the campaign on until the transaction ends; to be called before its state is looked at.

    The campaign may be another institution's: its row cannot be locked, so that this is a lock of its own. Many hold it
    at the same time.
    """
    async with waiting_shortly(tx, "mobility_campaign.busy"):
        await tx.execute(_STAYS, {"campaign": campaign_id})


async def campaign_moves(tx: AsyncSession, campaign_id: UUID) -> None:
    """Nobody writes anything of the campaign until the transaction ends; for whoever moves it on."""
    await tx.execute(_MOVES, {"campaign": campaign_id})
