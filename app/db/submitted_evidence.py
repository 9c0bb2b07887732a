"""Submissions as rows of evidence: what is on record about the same thing, and what an accepted one becomes.

PostgreSQL itself reads the declared values into the columns of their table, for both.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.staging import CONTENT, SAME_THING, TABLES
from app.db.tables.evidence import stands
from app.domain.evidence import Kind
from app.domain.ladder import Held


async def held_rows(tx: AsyncSession, institution_id: UUID, submission_id: UUID, kind: Kind) -> list[Held]:
    """The rows that count about the same thing as a submission, and the one it corrects."""
    table = TABLES[kind].name
    same = " AND ".join(f'held."{column}" IS NOT DISTINCT FROM told."{column}"' for column in SAME_THING[kind])
    rows = await fetch_rows(
        tx,
        f"""SELECT held.id, held.row_key, {same} AS is_same_thing
            FROM submission s CROSS JOIN jsonb_populate_record(NULL::"{table}", s.content) told
            JOIN "{table}" held ON held.institution_id = s.institution_id AND held.talent_id = s.talent_id
            WHERE s.institution_id = $1 AND s.id = $2 AND {stands("held")} AND (held.id = s.corrects OR {same})
            ORDER BY held.id""",  # noqa: S608 - our own names
        institution_id,
        submission_id,
    )
    return [Held(row["id"], row["row_key"], row["is_same_thing"]) for row in rows]


async def become_evidence(tx: AsyncSession, institution_id: UUID, submission_id: UUID, kind: Kind) -> int:
    """Make a submission a row of evidence on its rung, and withdraw the row it corrects; the id of the new row.

    An equal row that was withdrawn comes back instead.
    """
    table = f'"{TABLES[kind].name}"'
    names = [f'"{name}"' for name in CONTENT[kind]]
    of_submission = "s.institution_id = :institution_id AND s.id = :submission_id"
    known = {"institution_id": institution_id, "submission_id": submission_id}
    await tx.execute(
        text(f"""
            UPDATE {table} held SET withdrawn_by_submission = s.id FROM submission s
            WHERE {of_submission} AND held.institution_id = s.institution_id AND held.talent_id = s.talent_id
            AND held.id = s.corrects"""),  # noqa: S608 - our own names
        known,
    )
    evidence_id = await tx.scalar(
        text(f"""
            INSERT INTO {table} (institution_id, talent_id, submission_id, row_key, rung, {", ".join(names)})
            SELECT s.institution_id, s.talent_id, s.id, s.row_key, s.rung, {", ".join(f"told.{name}" for name in names)}
            FROM submission s CROSS JOIN jsonb_populate_record(NULL::{table}, s.content) told WHERE {of_submission}
            ON CONFLICT (institution_id, talent_id, row_key)
            DO UPDATE SET withdrawn_by = NULL, withdrawn_by_submission = NULL, rung = excluded.rung
            RETURNING id"""),  # noqa: S608 - our own names
        known,
    )
    return int(evidence_id or 0)
