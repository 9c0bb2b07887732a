"""Withdrawals: whoever does not take part (any more) is deleted before the freeze, with wishes and applications."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.data_subjects import RESTRICTED
from app.db.database import fetch_rows
from app.db.ledger import record
from app.db.mobility_locks import campaign_stays
from app.db.queue import Job, defer_once
from app.db.tables.data_requests import holds
from app.domain.actors import Actor, Role
from app.domain.data_requests import Kind
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityLeft

WITHDRAWN_IN = (State.ANNOUNCED, State.COLLECTING, State.CORRECTION, State.CANCELLED)
"""The states in which nothing rests on somebody's part in a campaign yet, or any more."""


async def end_participations(tx: AsyncSession, actor: Actor) -> int:
    """Take out of campaigns who can take part no longer; how often that was.

    Their consent was withdrawn or has run out, they left the map or the post that is their home, or they asked since
    not to be processed or not to be decided on by a machine. From the freeze on nobody is taken out: a move can still
    be refused as a case.
    """
    campaigns = await fetch_rows(tx, CAMPAIGNS, actor.institution_id, [state.value for state in WITHDRAWN_IN])
    for row in campaigns:
        await campaign_stays(tx, row["campaign_id"])
    ended = await fetch_rows(tx, ENDED, actor.institution_id, [state.value for state in WITHDRAWN_IN])
    await delete_participations(tx, actor, ended)
    return len(ended)


async def delete_participations(tx: AsyncSession, actor: Actor, rows: Sequence[asyncpg.Record]) -> None:
    """Delete these (`id`, `campaign_id`, `talent_id`, `home_offer_id`), and the homes that nobody needs any more.

    What remains is the consent, and that somebody took part and left in the ledger, without the id of the campaign's
    files. Where wishes are closed, places in the order of release move up: what was found is found anew.
    """
    if not rows:
        return
    homes = sorted({row["home_offer_id"] for row in rows})
    await fetch_rows(tx, DELETE, actor.institution_id, [row["id"] for row in rows])
    await fetch_rows(tx, HOLD_HOMES, actor.institution_id, homes)
    await fetch_rows(tx, DELETE_HOMES, actor.institution_id, homes)
    for row in rows:
        await record(tx, actor, MobilityLeft(row["campaign_id"], row["talent_id"]))
    await assess_again(tx, actor.institution_id)


async def assess_again(tx: AsyncSession, institution_id: UUID) -> None:
    """Have the institution's people assessed anew, once the transaction is committed, where wishes are closed.

    To be called wherever something changed that the assessment rests on. Until it is done nobody counts as assessed,
    and nothing can be frozen. Without anybody who takes part there is no job; several changes have one together.
    """
    if await fetch_rows(tx, CLOSED_WISHES, institution_id):
        await fetch_rows(tx, UNASSESS, institution_id)
        await _defer(tx, institution_id)


async def assess_everybody(tx: AsyncSession, campaign_id: UUID) -> None:
    """The same in every institution whose people take part in a campaign; for its organiser, as wishes close."""
    for row in await fetch_rows(tx, "SELECT mobility_participating($1) AS id", campaign_id):
        await _defer(tx, row["id"])


async def _defer(tx: AsyncSession, institution_id: UUID) -> None:
    service = Actor(institution_id, Role.OPERATOR, "service")
    await defer_once(tx, service, Job.ASSESS_MOBILITY, f"mobility of {institution_id}")


CAMPAIGNS = """
    SELECT DISTINCT p.campaign_id FROM mobility_participation p JOIN mobility_campaign c ON c.id = p.campaign_id
    WHERE p.institution_id = $1 AND c.state = ANY ($2::text[]) ORDER BY p.campaign_id"""
OBJECTED = holds(Kind.AUTOMATED_PROCESSING, "t", "id", since="p.joined_at")
"""Whoever takes part after they objected has said so by their own consent: the later word counts."""
ENDED = f"""
    SELECT p.id, p.campaign_id, p.talent_id, p.home_offer_id
    FROM mobility_participation p
    JOIN mobility_campaign c ON c.id = p.campaign_id AND c.state = ANY ($2::text[])
    JOIN talent t ON t.institution_id = $1 AND t.id = p.talent_id
    JOIN consent n ON n.institution_id = $1 AND n.id = p.consent_id
    JOIN mobility_offer f ON f.institution_id = $1 AND f.id = p.home_offer_id
    WHERE p.institution_id = $1 AND (
        n.withdrawn_at IS NOT NULL OR n.expires_at <= now() OR NOT t.is_mapped OR {RESTRICTED} OR {OBJECTED}
        OR NOT EXISTS (SELECT FROM post_holder h
                       WHERE h.institution_id = $1 AND h.talent_id = p.talent_id AND h.post_id = f.post_id))
    ORDER BY p.id FOR UPDATE OF p"""  # noqa: S608 - our own words
DELETE = "DELETE FROM mobility_participation WHERE institution_id = $1 AND id = ANY ($2::uuid[])"
HOLD_HOMES = """
    SELECT id FROM mobility_offer WHERE institution_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE"""
DELETE_HOMES = """
    DELETE FROM mobility_offer f WHERE f.institution_id = $1 AND f.id = ANY ($2::uuid[]) AND NOT f.is_offered
    AND NOT EXISTS (SELECT FROM mobility_participation p WHERE p.institution_id = $1 AND p.home_offer_id = f.id)"""
CLOSED_WISHES = """
    SELECT FROM mobility_participation p JOIN mobility_campaign c ON c.id = p.campaign_id AND c.state = 'correction'
    WHERE p.institution_id = $1 LIMIT 1"""
UNASSESS = """
    UPDATE mobility_participation p SET assessed_at = NULL
    FROM mobility_campaign c WHERE p.institution_id = $1 AND c.id = p.campaign_id AND c.state = 'correction'
    AND p.assessed_at IS NOT NULL"""
