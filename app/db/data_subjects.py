"""Whom calculations leave out because they may not be processed, and about whom a human has to decide."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.tables.data_requests import holds
from app.domain.data_requests import Kind

MAPPED = """
    SELECT {} FROM talent t
    WHERE t.institution_id = $1 AND t.is_mapped AND ($2::uuid[] IS NULL OR t.id = ANY ($2))"""
RESTRICTED = holds(Kind.RESTRICTION, "t", "id")
OBJECTING = holds(Kind.AUTOMATED_PROCESSING, "t", "id")
PROCESSED = f"NOT {holds(Kind.RESTRICTION, 'p')}"
"""Of placements `p`, past ones included: their talents may be processed."""


async def mapped_talents(tx: AsyncSession, institution_id: UUID, among: Sequence[UUID] | None = None) -> list[UUID]:
    """The ids of everybody on the map who may be processed, in order; or of those `among` these."""
    sql = f"{MAPPED.format('t.id')} AND NOT {RESTRICTED} ORDER BY t.id"
    return [row["id"] for row in await fetch_rows(tx, sql, institution_id, among)]


async def count_manual_decisions(tx: AsyncSession, institution_id: UUID, among: Sequence[UUID] | None = None) -> int:
    """How many of them object to automated processing: about these a human decides."""
    sql = f"{MAPPED.format('count(*)')} AND NOT {RESTRICTED} AND {OBJECTING}"
    [[count]] = await fetch_rows(tx, sql, institution_id, among)
    return int(count)


async def count_restricted(tx: AsyncSession, institution_id: UUID) -> int:
    """How many of those on the map are left out because their processing is restricted."""
    [[count]] = await fetch_rows(tx, f"{MAPPED.format('count(*)')} AND {RESTRICTED}", institution_id, None)
    return int(count)


async def is_restricted(tx: AsyncSession, institution_id: UUID, talent_id: UUID) -> bool:
    """Whether somebody may not be processed for the time being."""
    sql = f"SELECT {RESTRICTED} FROM talent t WHERE t.institution_id = $1 AND t.id = $2"  # noqa: S608 - our own words
    [[answer]] = await fetch_rows(tx, sql, institution_id, talent_id)
    return bool(answer)


async def count_awaiting_review(tx: AsyncSession, institution_id: UUID, cycle_id: UUID) -> int:
    """How many of a cycle object to automated processing, and neither moved nor reviewed them any human."""
    [[count]] = await fetch_rows(tx, AWAITING_REVIEW, institution_id, cycle_id)
    return int(count)


AWAITING_REVIEW = f"""
    SELECT count(*) FROM cycle_placement p
    WHERE p.institution_id = $1 AND p.cycle_id = $2 AND p.calibrated_box IS NULL
    AND {holds(Kind.AUTOMATED_PROCESSING, "p")}
    AND NOT EXISTS (
        SELECT FROM placement_review v
        WHERE v.institution_id = p.institution_id AND v.cycle_id = p.cycle_id AND v.talent_id = p.talent_id
        AND v.box IS NOT DISTINCT FROM p.box)"""  # noqa: S608 - our own words
