"""Affairs of units: what a unit works at is what was said of it, or of the nearest unit above it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import any_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import LateralFromClause

from app.db.database import fetch_rows
from app.db.staging import changed
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import UnitAffairRow
from app.domain.government_affairs import affairs_of_units

UNIT_AFFAIRS = """
    SELECT u.institution_id, u.id AS unit_id, nearest.government_affair
    FROM org_unit u
    JOIN LATERAL (
        SELECT a.government_affair FROM unit_affair a
        WHERE a.institution_id = u.institution_id AND a.unit_id = ANY (u.path)
        ORDER BY array_position(u.path, a.unit_id) DESC LIMIT 1
    ) nearest ON true"""
"""The affair of every unit that has one, its own or that of the nearest unit above, for use as a sub-select or CTE:

`WITH unit_affairs AS ({UNIT_AFFAIRS}) … JOIN unit_affairs a ON a.institution_id = … AND a.unit_id = …`. It asks for no
parameter: row-level security leaves the units of the own institution.
"""


def nearest_affair(name: str = "nearest_affair") -> LateralFromClause:
    """The same for the `org_unit` of a row, as a lateral sub-select of one row or none.

    `said_of` is the unit that it was said of.
    """
    row = UnitAffairRow
    said = select(row.government_affair, row.is_derived, row.unit_id.label("said_of"))
    said = said.where(row.institution_id == OrgUnitRow.institution_id, row.unit_id == any_(OrgUnitRow.path))
    nearest = said.order_by(func.array_position(OrgUnitRow.path, row.unit_id).desc()).limit(1)
    return nearest.correlate(OrgUnitRow.__table__).lateral(name)


async def derive_affairs(tx: AsyncSession, institution_id: UUID) -> int:
    """What names of units say, where nobody has said anything else; returns how many rows were written or removed."""
    units = await fetch_rows(tx, "SELECT id, name, path FROM org_unit WHERE institution_id = $1", institution_id)
    said = affairs_of_units((unit["id"], unit["name"], tuple(unit["path"])) for unit in units)
    values = {"institution_id": institution_id, "units": list(said), "affairs": list(said.values())}
    written = await changed(
        tx,
        """
        INSERT INTO unit_affair (institution_id, unit_id, government_affair, is_derived)
        SELECT :institution_id, said.unit_id, said.affair, true
        FROM unnest(CAST(:units AS text[]), CAST(:affairs AS text[])) AS said (unit_id, affair)
        ON CONFLICT (institution_id, unit_id) DO UPDATE SET government_affair = excluded.government_affair
        WHERE unit_affair.is_derived AND unit_affair.government_affair <> excluded.government_affair""",
        **values,
    )
    removed = await changed(
        tx,
        """
        DELETE FROM unit_affair
        WHERE institution_id = :institution_id AND is_derived AND unit_id <> ALL (CAST(:units AS text[]))""",
        institution_id=institution_id,
        units=list(said),
    )
    return written + removed
