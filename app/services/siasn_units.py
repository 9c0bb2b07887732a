"""Unit trees as SIASN tells them (`ref-unor`): taken over but for what would be stored wrong, which is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import staging, unit_affairs
from app.db.database import fetch_rows
from app.db.tables.institutions import InstitutionRow
from app.domain.trees import on_circles
from app.siasn import wire
from app.siasn.replies import Row

Units = dict[str, tuple[str, str | None]]
"""By id: name, and the id of the unit above."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Units that can be taken over, and what is wrong with others."""

    units: Units
    faults: list[dict[str, object]]


async def _plan(tx: AsyncSession, institution: InstitutionRow, rows: Sequence[Row]) -> Tree:
    """Which units are to be as SIASN tells them; those that would stand below themselves keep the unit above them.

    Units of another institution, and those without an id or a name, are left out. One whose superior's id can be none
    keeps the unit above it too.
    """
    told: Units = {}
    faults: list[dict[str, object]] = []
    held = await _held(tx, institution)
    for row in rows:
        unit, parent = wire.identity(row.get("Id")), wire.identity(row.get("DiatasanId"))
        name, owner = wire.text(row.get("NamaUnor")), wire.text(row.get("InstansiId"))
        if unit is None or name is None:
            faults.append(_faulty(row, unit, "Id" if unit is None else "NamaUnor"))
        elif None not in (institution.siasn_id, owner) and owner != institution.siasn_id:
            faults.append({"unit": unit, "code": "siasn.other_institution", "about": "InstansiId"})
        elif parent is None and not wire.is_absent(row.get("DiatasanId")):
            faults.append(_faulty(row, unit, "DiatasanId"))
            told[unit] = (name, held.get(unit, ("", None))[1])
        else:
            told[unit] = (name, parent)
    parents = {unit: parent for unit, (_, parent) in {**held, **told}.items() if parent is not None}
    for unit in sorted(on_circles(parents)):
        if unit in told:
            faults.append({"unit": unit, "code": "siasn.unit_circle", "about": "DiatasanId"})
            told[unit] = (told[unit][0], held.get(unit, ("", None))[1])
    # what was held before may close another circle with what is told now: then nothing is above the unit
    parents = {unit: parent for unit, (_, parent) in {**held, **told}.items() if parent is not None}
    for unit in on_circles(parents) & told.keys():
        told[unit] = (told[unit][0], None)
    return Tree(told, faults)


def _faulty(row: Row, unit: str | None, key: str) -> dict[str, object]:
    """What a unit needs and does not say, or says so that it cannot be kept; `unit` by the beginning of its id then."""
    said = wire.text(row.get("Id"))
    begins = said if said is None or len(said) <= wire.LONGEST_ID else f"{said[: wire.LONGEST_ID]}…"
    code = "siasn.missing" if wire.is_absent(row.get(key)) else "siasn.unreadable"
    return {"unit": unit or begins, "code": code, "about": key}


async def _take(tx: AsyncSession, institution: InstitutionRow, tree: Tree, *, dry_run: bool) -> int:
    """Merge the units as an import does; returns how many are added or changed, in a dry run how many would be."""
    if dry_run:
        held = await _held(tx, institution)
        return sum(held.get(unit) != told for unit, told in tree.units.items())
    await staging.UNITS.open(tx)
    rows = [(0, n, unit, name, parent) for n, (unit, (name, parent)) in enumerate(tree.units.items())]
    await staging.UNITS.add(tx, rows)
    changed = await staging.merge_units(tx, institution.id)
    if changed:
        await staging.lay_paths(tx, institution.id)
        await unit_affairs.derive_affairs(tx, institution.id)
    return changed


async def _held(tx: AsyncSession, institution: InstitutionRow) -> Mapping[str, tuple[str, str | None]]:
    sql = "SELECT id, name, parent_id FROM org_unit WHERE institution_id = $1"
    return {row["id"]: (row["name"], row["parent_id"]) for row in await fetch_rows(tx, sql, institution.id)}
