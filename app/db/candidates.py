"""Facts of candidates: made anew in sets wherever people are placed, and loaded for the rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.candidate_facts import FACTS, select_facts
from app.db.database import fetch_rows
from app.db.joined_sets import joined_as_sets
from app.db.mobility_withdrawals import assess_again
from app.domain.candidates import FIELDS, Candidate, candidate_from


async def refresh_candidates(
    tx: AsyncSession, institution_id: UUID, as_of: date, among: Sequence[UUID] | None = None
) -> int:
    """Find the facts of everybody who is placed, or of some, in the evidence that stands; how many rows changed.

    Only rows that differ are written, and their ids stay. Who has no placement (any more) has no row. Whoever takes
    part in a mobility campaign whose wishes are closed is assessed again.
    """
    of_some = among is not None
    values = {
        "institution_id": institution_id,
        "as_of": as_of,
        **({"talents": list(among)} if among is not None else {}),
    }
    async with nullcontext() if among is not None and len(among) <= FEW else joined_as_sets(tx):
        written = await tx.execute(text(WRITE[of_some]), values)
        del values["as_of"]
        removed = await tx.execute(text(REMOVE[of_some]), values)
    changed = int(written.rowcount + removed.rowcount)  # type: ignore[attr-defined]
    if changed:
        await assess_again(tx, institution_id)
    return changed


async def load_candidates(
    tx: AsyncSession, institution_id: UUID, talents: Sequence[UUID] | None = None
) -> list[tuple[UUID, Candidate]]:
    """The facts of these talents, or of everybody, with the id of the talent; in the order of the candidates' ids."""
    rows = await fetch_rows(tx, LOAD, institution_id, None if talents is None else list(talents))
    return [(row["talent_id"], candidate_from({name: _plain(name, row[name]) for name in FIELDS})) for row in rows]


async def find_candidate_of_case(tx: AsyncSession, case_id: UUID) -> Candidate | None:
    """The facts of who moves, for a party of the mobility case that may look at them; None where nobody knows any."""
    rows = await fetch_rows(tx, OF_CASE, case_id)
    return candidate_from({name: _plain(name, rows[0][name]) for name in FIELDS}) if rows else None


def _plain(name: str, value: object) -> object:
    return json.loads(value) if name in JSON_FACTS and isinstance(value, str) else value


JSON_FACTS = frozenset({"affair_days", "functional_days"})


def _write(*, of_some: bool) -> str:
    """What differs is found by a join: a conflict would lock every row that stays as it is."""
    kept, found = (", ".join(f"{table}.{name}" for name in FACTS) for table in ("kept", "facts"))
    assignments = ", ".join(f"{name} = excluded.{name}" for name in FACTS if name != "talent_id")
    return f"""
        INSERT INTO candidate (institution_id, {", ".join(FACTS)})
        SELECT :institution_id, facts.* FROM ({select_facts(of_some=of_some)}) facts
        LEFT JOIN candidate kept ON kept.institution_id = :institution_id AND kept.talent_id = facts.talent_id
        WHERE kept.talent_id IS NULL OR ({kept}) IS DISTINCT FROM ({found})
        ON CONFLICT (institution_id, talent_id) DO UPDATE SET {assignments}"""  # noqa: S608 - names of our own columns


def _remove(*, of_some: bool) -> str:
    of_whom = "AND c.talent_id = ANY (CAST(:talents AS uuid[]))" if of_some else ""
    return f"""
        DELETE FROM candidate c WHERE c.institution_id = :institution_id {of_whom}
        AND NOT EXISTS (SELECT FROM placement p
                        WHERE p.institution_id = c.institution_id AND p.talent_id = c.talent_id)"""  # noqa: S608


FEW = 100
"""People up to whom rows are looked up one by one."""
WRITE = {of_some: _write(of_some=of_some) for of_some in (False, True)}
REMOVE = {of_some: _remove(of_some=of_some) for of_some in (False, True)}
LOAD = f"""
    SELECT talent_id, {", ".join(FIELDS)} FROM candidate
    WHERE institution_id = $1 AND ($2::uuid[] IS NULL OR talent_id = ANY ($2)) ORDER BY id"""  # noqa: S608
OF_CASE = f"SELECT {', '.join(FIELDS)} FROM mobility_case_facts($1)"  # noqa: S608 - names of our own columns
