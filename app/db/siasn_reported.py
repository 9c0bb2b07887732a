"""What a sync found, person by person, as rows of a workbook."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.exported import stream_rows

_PEOPLE = """
    FROM siasn_sync_person p LEFT JOIN talent t ON t.institution_id = p.institution_id AND t.nip = p.nip"""
_OF_SYNC = "WHERE p.institution_id = $1 AND p.sync_id = $2"
CHANGES = f"""
    SELECT p.nip, t.name, c.change ->> 'endpoint' AS endpoint, c.change ->> 'change' AS change,
           c.change ->> 'rowId' AS row_id, f.field ->> 'field' AS field, f.field ->> 'ours' AS ours,
           f.field ->> 'theirs' AS theirs
    {_PEOPLE}
    CROSS JOIN LATERAL jsonb_array_elements(
        p.changes || CASE WHEN $3::boolean THEN p.narrowed_changes ELSE '[]' END)
        WITH ORDINALITY AS c (change, place)
    LEFT JOIN LATERAL jsonb_array_elements(c.change -> 'fields') WITH ORDINALITY AS f (field, place) ON true
    {_OF_SYNC} ORDER BY p.ordinal, c.place, f.place"""
CONFLICTS = """
    SELECT t.nip, t.name, c.reason, c.standing, c.decision, c.note,
           CASE WHEN $3::boolean THEN f.field ->> 'field' END AS field,
           CASE WHEN $3::boolean THEN f.field ->> 'ours' END AS ours,
           CASE WHEN $3::boolean THEN f.field ->> 'theirs' END AS theirs
    FROM siasn_conflict c JOIN talent t ON t.institution_id = c.institution_id AND t.id = c.talent_id
    LEFT JOIN LATERAL jsonb_array_elements(c.differences) WITH ORDINALITY AS f (field, place) ON true
    WHERE c.institution_id = $1 AND c.sync_id = $2 ORDER BY t.nip, c.topic, f.place"""
FAILURES = f"""
    SELECT p.nip, t.name, e.told ->> 'endpoint' AS endpoint, (e.told ->> 'status')::integer AS status,
           e.told ->> 'answer' AS code
    {_PEOPLE}
    CROSS JOIN LATERAL jsonb_array_elements(p.endpoints) WITH ORDINALITY AS e (told, place)
    {_OF_SYNC} AND $3::boolean IS NOT NULL AND p.failures > 0
    AND e.told ->> 'answer' NOT IN ('found', 'nothing', 'answered')
    ORDER BY p.ordinal, e.place"""
UNMAPPED = f"""
    SELECT p.nip, t.name, u.told ->> 'endpoint' AS endpoint, u.told ->> 'rowId' AS row_id, u.told ->> 'key' AS key,
           u.told ->> 'value' AS value, u.told ->> 'code' AS code
    {_PEOPLE}
    CROSS JOIN LATERAL jsonb_array_elements(p.unmapped) WITH ORDINALITY AS u (told, place)
    {_OF_SYNC} AND $3::boolean ORDER BY p.ordinal, u.place"""


async def stream(
    tx: AsyncSession, sql: str, institution_id: UUID, sync_id: UUID, *, sees_all: bool
) -> AsyncIterator[Sequence[asyncpg.Record]]:
    """The rows of one of these for a sync; without `sees_all` what is narrowed is left out."""
    async for rows in stream_rows(tx, sql, institution_id, sync_id, sees_all):
        yield rows
