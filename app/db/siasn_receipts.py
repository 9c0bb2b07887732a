"""Receipts of placements handed to SIASN, laid down in one set for everybody of a cycle who is still to be sent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.tables.data_requests import holds
from app.domain.data_requests import Kind

_POINTS = "to_char(round({} / 1000000.0, 2), 'FM9999990.00')"
LAY = f"""
    WITH placed AS (
        SELECT p.institution_id, p.cycle_id, p.talent_id, coalesce(p.calibrated_box, p.box) AS box, t.siasn_id,
            CASE WHEN i.axis_x = 'performance' THEN p.performance ELSE p.potential END AS x,
            CASE WHEN i.axis_x = 'performance' THEN p.potential ELSE p.performance END AS y,
            {holds(Kind.RESTRICTION, "p")} AS is_restricted
        FROM cycle_placement p
        JOIN talent t ON t.institution_id = p.institution_id AND t.id = p.talent_id
        JOIN institution i ON i.id = p.institution_id
        WHERE p.institution_id = $1 AND p.cycle_id = $2 AND coalesce(p.calibrated_box, p.box) IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM siasn_receipt r
            WHERE r.institution_id = p.institution_id AND r.cycle_id = p.cycle_id AND r.talent_id = p.talent_id
            AND (r.outcome = 'accepted' OR (r.outcome IN ('sending', 'unknown') AND NOT $4)))
    ), judged AS (
        SELECT *, CASE WHEN is_restricted THEN 'siasn_push.restricted'
            WHEN coalesce(siasn_id, '') = '' THEN 'siasn_push.no_siasn_id'
            WHEN x IS NULL OR y IS NULL THEN 'siasn_push.no_values' END AS code
        FROM placed
    ), laid AS (
        INSERT INTO siasn_receipt (institution_id, push_id, talent_id, cycle_id, outcome, code, box, x, y, total)
        SELECT institution_id, $3, talent_id, cycle_id, CASE WHEN code IS NULL THEN 'waiting' ELSE 'notSent' END, code,
            box, {_POINTS.format("x")}, {_POINTS.format("y")}, {_POINTS.format("(x + y)")}
        FROM judged
        RETURNING outcome
    )
    SELECT count(*) FROM laid WHERE outcome = 'waiting'"""  # noqa: S608 - our own words


async def lay_receipts(
    tx: AsyncSession, institution_id: UUID, cycle_id: UUID, push_id: UUID, *, repeats_unknown: bool
) -> int:
    """A receipt for everybody with a box whom SIASN has not accepted in this cycle; how many of them wait to be sent.

    Those whom something keeps from being sent have one that says what. Whose answer was lost is left out, unless
    somebody wants it repeated.
    """
    [[count]] = await fetch_rows(tx, LAY, institution_id, cycle_id, push_id, repeats_unknown)
    return int(count)
