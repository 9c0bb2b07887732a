"""What leaves the house as rows: talent maps and work plans, streamed in the transaction that records them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import cast
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.data_subjects import PROCESSED
from app.db.database import fetch_rows
from app.db.tables.data_requests import holds
from app.domain.data_requests import Kind
from app.domain.nine_box import Axis
from app.domain.rubric import MILLION
from app.domain.talent_map import Indicator

CHUNK = 1_000  # rows fetched at once


async def stream_rows(tx: AsyncSession, sql: str, *values: object) -> AsyncIterator[Sequence[asyncpg.Record]]:
    """The rows of a query, some at a time."""
    raw = await (await tx.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection", raw.driver_connection)
    cursor = await connection.cursor(sql, *values)
    while rows := await cursor.fetch(CHUNK):
        yield rows


async def load_indicators(tx: AsyncSession, code: str, version: int) -> tuple[Indicator, ...]:
    """The indicators of all trees of a rubric, in their order."""
    rows = await fetch_rows(tx, "SELECT * FROM rubric_indicators($1, $2) ORDER BY variant, ordinal", code, version)
    return tuple(
        Indicator(
            variant=row["variant"],
            axis=Axis(row["axis"]),
            component=row["component"],
            code=row["indicator"],
            label=row["label_id"],
            weight=int(row["weight"] * MILLION),
            leaves=tuple(row["leaves"]),
            items=tuple(row["items"]),
        )
        for row in rows
    )


def talent_map(institution: UUID, cycle: UUID | None) -> tuple[str, Sequence[object]]:
    """Everybody on the working map, or on that of a cycle, by unit and name: the query and its values.

    Who must not be processed is left out, also of a cycle from before.
    """
    table, unit, calibrated = ("placement", "u.name", "NULL::smallint")
    if cycle is not None:
        table, unit, calibrated = ("cycle_placement", "p.unit_name", "p.calibrated_box")
    sql = f"""
        SELECT t.nip, t.name, t.position, {unit} AS unit, p.variant, p.points, p.performance, p.potential,
               p.performance_category, p.potential_category, p.box, {calibrated} AS calibrated_box, p.talent_value
        FROM {table} p
        JOIN talent t ON t.institution_id = p.institution_id AND t.id = p.talent_id
        LEFT JOIN org_unit u ON u.institution_id = p.institution_id AND u.id = t.unit_id
        WHERE p.institution_id = $1 {"AND p.cycle_id = $2" if cycle else ""} AND {PROCESSED}
        ORDER BY u.path NULLS LAST, t.name, t.nip"""  # noqa: S608 - names of our own tables and columns
    return sql, (institution,) if cycle is None else (institution, cycle)


UNDECIDED = """
    FROM placement p
    JOIN talent t ON t.institution_id = p.institution_id AND t.id = p.talent_id
    LEFT JOIN org_unit u ON u.institution_id = p.institution_id AND u.id = t.unit_id
    WHERE p.institution_id = $1 AND p.decided_box IS NULL AND ($2::text IS NULL OR $2 = ANY (u.path))"""
UNITS_OF_WORK_PLAN = f"SELECT count(DISTINCT t.unit_id) {UNDECIDED}"
WORK_PLAN = f"""
    SELECT t.nip, t.name, t.position, t.unit_id, u.name AS unit, p.missing, p.decides, p.may_decide, p.reachable
    {UNDECIDED}
    ORDER BY u.path NULLS LAST, t.name, t.nip"""
RANKING = f"""
    SELECT c.candidate_id, c.position, c.outcome, c.verdicts, c.parts, c.total, c.lowest, c.highest, c.tie_break,
           t.nip, t.name, t.position AS post, u.name AS unit
    FROM ranking_candidate c
    JOIN talent t ON t.institution_id = c.institution_id AND t.id = c.talent_id
    LEFT JOIN org_unit u ON u.institution_id = t.institution_id AND u.id = t.unit_id
    WHERE c.institution_id = $1 AND c.ranking_id = $2 AND NOT {holds(Kind.RESTRICTION, "c")}
    ORDER BY c.ordinal"""  # noqa: S608 - our own words
"""Everybody in a ranking, in its order; who must not be processed is left out."""
