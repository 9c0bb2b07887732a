"""Evidence of a batch of talents as columns for the kernels: one statement per kind, one array per column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.tables.evidence import stands
from app.domain.evidence import ASPECTS, COMPLETE_REGISTERS, Kind
from app.domain.ladder import Rung
from app.domain.rubric import MILLION
from app.kernels.columns import LEVEL_CODES, NO_DAY, UNKNOWN, Flags, Ints, People, Rows

RUNGS = ", ".join(f"'{rung.value}'" for rung in Rung)


class Source:
    """Where the rows of a kind are, and which columns say what. Absent parts are SQL's NULL.

    They are found talent by talent: joined freely, a table that has grown since PostgreSQL last counted it is read
    once for each of them.
    """

    def __init__(
        self,
        table: str,
        code: str = "NULL::text",
        begins: str = "NULL::date",
        ends: str = "NULL::date",
        *,
        year: str = "NULL::int",
        unit: str = "NULL::text",
        institution: str = "NULL::text",
        value: str = "-1",
        condition: str = "true",
        levels: tuple[str, ...] = (),
    ) -> None:
        levels_sql = "".join(f", array_agg(coalesce(e.{level}, 0) ORDER BY t.n, e.id)" for level in levels)
        self.sql = f"""
            SELECT array_agg(t.n - 1 ORDER BY t.n, e.id), array_agg(e.id ORDER BY t.n, e.id),
                   array_agg({code} ORDER BY t.n, e.id),
                   array_agg(coalesce({begins} - date '1970-01-01', {NO_DAY}) ORDER BY t.n, e.id),
                   array_agg(coalesce({ends} - date '1970-01-01', {NO_DAY}) ORDER BY t.n, e.id),
                   array_agg(coalesce({year}, {UNKNOWN}) ORDER BY t.n, e.id),
                   array_agg({unit} ORDER BY t.n, e.id),
                   array_agg({institution} IS NULL OR name_key({institution}) = name_key($3) ORDER BY t.n, e.id),
                   array_agg({value} ORDER BY t.n, e.id),
                   array_agg(array_position(ARRAY[{RUNGS}], e.rung) - 1 ORDER BY t.n, e.id)
                   {levels_sql}
            FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n) CROSS JOIN LATERAL (
                SELECT * FROM {table} e
                WHERE e.institution_id = $2 AND e.talent_id = t.id AND {stands("e")} AND {condition} OFFSET 0) e"""  # noqa: S608 - our own names


SOURCES: Mapping[Kind, Source] = {
    Kind.PERFORMANCE_APPRAISAL: Source("performance_appraisal", "e.predicate", year="e.year"),
    Kind.WORK_RESULT: Source("performance_appraisal", "e.work_result_rating", year="e.year"),
    Kind.FEEDBACK_360: Source("feedback_360", "e.predicate", year="e.year"),
    Kind.AWARD: Source("award", "e.level", "e.awarded_on"),
    Kind.TEAM_ASSIGNMENT: Source("team_assignment", "e.role", "e.since", "e.until"),
    Kind.COMPETENCY_ASSESSMENT: Source(
        "competency_assessment", begins="e.assessed_on", levels=ASPECTS[Kind.COMPETENCY_ASSESSMENT]
    ),
    Kind.POTENTIAL_ASSESSMENT: Source(
        "potential_assessment", begins="e.assessed_on", levels=ASPECTS[Kind.POTENTIAL_ASSESSMENT]
    ),
    Kind.ASSESSMENT_SCORE: Source(
        "assessment_score", "e.instrument", "e.assessed_on", value=f"(e.value * {MILLION})::bigint"
    ),
    Kind.TRAINING: Source("training", "e.kind", "e.finished_on"),
    Kind.POSITION: Source(
        "position",
        "e.level",
        "e.effective_from",
        unit="e.unit_id",
        institution="e.institution",
        condition="e.status = 'definitive'",
    ),
    Kind.ACTING: Source("position", "e.status", "e.effective_from", condition="e.status <> 'definitive'"),
    Kind.EDUCATION: Source("education", "e.level"),
    Kind.SANCTION: Source("disciplinary_sanction", "e.severity", "e.starts_on", "e.ends_on"),
}


async def load_people(tx: AsyncSession, institution_id: UUID, talents: Sequence[UUID], institution: str) -> People:
    """Everything the kernels need to know about these talents; `institution` is the name that counts as home."""
    rows = {
        kind: await _load_rows(tx, source, talents, institution_id, institution) for kind, source in SOURCES.items()
    }
    record = await fetch_rows(
        tx,
        """SELECT array_agg(e.position_level ORDER BY t.n) FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)
           CROSS JOIN LATERAL (
               SELECT position_level FROM talent e WHERE e.institution_id = $2 AND e.id = t.id OFFSET 0) e""",
        talents,
        institution_id,
    )
    levels = [LEVEL_CODES.get(level, UNKNOWN) for level in record[0][0]]
    return People(
        size=len(talents),
        rows=rows,
        checked=await _load_checks(tx, talents, institution_id),
        level=np.array(levels, dtype=np.int64),
    )


async def _load_rows(
    tx: AsyncSession, source: Source, talents: Sequence[UUID], institution_id: UUID, institution: str
) -> Rows:
    record = (await fetch_rows(tx, source.sql, talents, institution_id, institution))[0]
    columns: list[list[Any]] = [list(column or ()) for column in record]
    person, id_, code, begins, ends, year, unit, is_home, value, rung, *levels = columns
    codes, numbers = _numbered(code)
    return Rows(
        codes=codes,
        person=_ints(person),
        id=_ints(id_),
        code=numbers,
        begins=_ints(begins),
        ends=_ints(ends),
        year=_ints(year),
        unit=_numbered(unit)[1],
        is_home=np.array(is_home, dtype=bool),
        value=_ints(value),
        rung=_ints(rung),
        levels=np.array(levels, dtype=np.int64).T.reshape(len(person), len(levels)),
    )


async def _load_checks(tx: AsyncSession, talents: Sequence[UUID], institution_id: UUID) -> Mapping[Kind, Flags]:
    sql = """SELECT e.kind, array_agg(t.n - 1) FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n) CROSS JOIN LATERAL (
                 SELECT kind FROM evidence_check e WHERE e.institution_id = $2 AND e.talent_id = t.id OFFSET 0) e
             GROUP BY e.kind"""
    checked = {kind: np.zeros(len(talents), dtype=bool) for kind in COMPLETE_REGISTERS}
    for kind, who in await fetch_rows(tx, sql, talents, institution_id):
        checked[Kind(kind)][who] = True
    return checked


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _numbered(words: Sequence[str | None]) -> tuple[tuple[str, ...], Ints]:
    """Words as numbers into the tuple of different words; absent ones as UNKNOWN."""
    number_of: dict[str, int] = {}
    numbers = [UNKNOWN if word is None else number_of.setdefault(word, len(number_of)) for word in words]
    return tuple(number_of), _ints(numbers)
