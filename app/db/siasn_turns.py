"""Turns: whom a sync asks about, in which order, and who of them is still to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.staging import changed

_CHOSEN = """
    SELECT t.nip FROM talent t LEFT JOIN org_unit u ON u.institution_id = t.institution_id AND u.id = t.unit_id
    WHERE t.institution_id = :institution_id AND CAST(:nips AS text[]) IS NULL
    AND (CAST(:unit AS text) IS NULL OR :unit = ANY (u.path))
    UNION SELECT unnest(CAST(:nips AS text[]))"""


async def lay_turns(
    tx: AsyncSession,
    institution_id: UUID,
    sync_id: UUID,
    unit: str | None,
    nips: Sequence[str] | None,
    histories: Sequence[str],
    fresh_since: datetime | None,
) -> int:
    """Give everybody on the books, of a unit and those below it, or on a list their turn; returns how many they are.

    Whoever was asked about with success since a moment has none, if that sync asked for all of these histories too.
    """
    return await changed(
        tx,
        f"""
        INSERT INTO siasn_sync_person (institution_id, sync_id, ordinal, nip)
        SELECT :institution_id, :sync_id, row_number() OVER (ORDER BY c.nip), c.nip FROM ({_CHOSEN}) c
        WHERE CAST(:fresh_since AS timestamptz) IS NULL OR NOT EXISTS (
            SELECT FROM siasn_sync_person p
            JOIN siasn_sync s ON s.institution_id = p.institution_id AND s.id = p.sync_id AND NOT s.is_dry_run
            WHERE p.institution_id = :institution_id AND p.nip = c.nip AND p.done_at >= :fresh_since
            AND p.outcome <> 'failed' AND p.failures = 0 AND s.histories @> CAST(:histories AS text[]))""",  # noqa: S608 - our own words
        institution_id=institution_id,
        sync_id=sync_id,
        unit=unit,
        nips=None if nips is None else list(nips),
        histories=list(histories),
        fresh_since=fresh_since,
    )


async def turns_after(
    tx: AsyncSession, institution_id: UUID, sync_id: UUID, position: int
) -> list[tuple[int, str, bool]]:
    """Who is still to come: ordinal, NIP, and whether our record says that they work part-time."""
    sql = """
        SELECT p.ordinal, p.nip, coalesce(t.employment_type ~* 'paruh *waktu', false)
        FROM siasn_sync_person p LEFT JOIN talent t ON t.institution_id = p.institution_id AND t.nip = p.nip
        WHERE p.institution_id = $1 AND p.sync_id = $2 AND p.ordinal > $3 ORDER BY p.ordinal"""
    return [tuple(row) for row in await fetch_rows(tx, sql, institution_id, sync_id, position)]
