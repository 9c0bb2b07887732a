"""Imported talent maps: staged rows become the placements of a cycle that nobody calculated here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.calculated import COLUMNS
from app.db.database import fetch_rows
from app.domain.finding import Reason
from app.domain.placement import Placement
from app.domain.rubric import Rubric

STATED = ("nip", "unit", "calibrated_box")
"""What a row states beside what follows from its points."""
_CALCULATED = tuple(name for name in COLUMNS if name != "talent_id")


def columns_of(rubric: Rubric, as_of: date, placement: Placement, points: Sequence[int | None]) -> Mapping[str, object]:
    """A placement by points of indicators in the columns of calculated ones; its parts are those of variant -1 - n."""
    performance, potential = placement.performance, placement.potential
    nothing: list[None] = [None] * len(points)
    return {
        "as_of": as_of,
        "rubric_code": rubric.code,
        "rubric_version": rubric.version,
        "variant": -1 - placement.variant,
        "performance": performance.value,
        "potential": potential.value,
        "performance_lowest": performance.lowest,
        "performance_highest": performance.highest,
        "potential_lowest": potential.lowest,
        "potential_highest": potential.highest,
        "performance_category": performance.category,
        "potential_category": potential.category,
        "box": placement.box,
        "reachable": list(placement.reachable),
        "decided_box": placement.decided_box,
        "talent_value": placement.talent_value,
        "missing": list(placement.missing),
        "decides": [],
        "may_decide": [],
        "lowest_rung": None,
        "oldest_evidence": None,
        "reasons": [Reason.NO_EVIDENCE if told is None else Reason.IMPORTED for told in points],
        "found": nothing,
        "scores": nothing,
        "points": list(points),
        "evidence_ids": nothing,
        "evidence_days": nothing,
    }


async def drop_repeated(tx: AsyncSession) -> list[tuple[int, int, str]]:
    """Rows whose NIP an earlier row has are taken out of the stage: sheet, row, NIP."""
    rows = await fetch_rows(
        tx,
        """DELETE FROM stage_imported_placement s USING (
               SELECT ctid, row_number() OVER (PARTITION BY nip ORDER BY sheet_number, row_number) AS place
               FROM stage_imported_placement
           ) ranked
           WHERE s.ctid = ranked.ctid AND ranked.place > 1
           RETURNING s.sheet_number, s.row_number, s.nip""",
    )
    return sorted((row["sheet_number"], row["row_number"], row["nip"]) for row in rows)


async def keep_placements(tx: AsyncSession, institution_id: UUID, cycle_id: UUID, code: str, version: int) -> int:
    """The staged rows as placements of a cycle; returns how many.

    The unit is the one the map names; which of ours that is, is known if it is the talent's, or the only one so named.
    """
    await tx.execute(text("SELECT lay_indicators(:code, :version)"), {"code": code, "version": version})
    kept = await tx.execute(
        text(f"""
            INSERT INTO cycle_placement (institution_id, cycle_id, input_sequence, talent_id, calibrated_box,
                unit_id, unit_name, position_level, {", ".join(_CALCULATED)})
            SELECT t.institution_id, :cycle_id, 0, t.id, s.calibrated_box,
                coalesce(own.id, alone.id), s.unit, t.position_level, {", ".join(f"s.{name}" for name in _CALCULATED)}
            FROM stage_imported_placement s
            JOIN talent t ON t.institution_id = :institution_id AND t.nip = s.nip
            LEFT JOIN org_unit own
                ON own.institution_id = t.institution_id AND own.id = t.unit_id AND own.name = s.unit
            LEFT JOIN (
                SELECT name, min(id) AS id FROM org_unit WHERE institution_id = :institution_id
                GROUP BY name HAVING count(*) = 1
            ) alone ON alone.name = s.unit"""),  # noqa: S608 - names of our own columns
        {"institution_id": institution_id, "cycle_id": cycle_id},
    )
    return int(kept.rowcount)  # type: ignore[attr-defined]
