"""Staging: delivered rows are copied into temporary tables as they are read, and merged in sets.

A merge writes only what differs, so that delivering the same again changes nothing. All of it happens in the caller's
transaction; the temporary tables go with it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import copy_rows, fetch_rows
from app.db.joined_sets import joined_as_sets
from app.db.tables import evidence
from app.db.tables.imports import ImportRefusalRow
from app.db.tables.placements import PlacementRow
from app.db.tables.talents import TalentRow
from app.domain.evidence import Kind

TABLES: Mapping[Kind, Table] = {
    kind: row.__table__  # type: ignore[misc]
    for kind, row in (
        (Kind.PERFORMANCE_APPRAISAL, evidence.PerformanceAppraisalRow),
        (Kind.FEEDBACK_360, evidence.Feedback360Row),
        (Kind.AWARD, evidence.AwardRow),
        (Kind.TEAM_ASSIGNMENT, evidence.TeamAssignmentRow),
        (Kind.COMPETENCY_ASSESSMENT, evidence.CompetencyAssessmentRow),
        (Kind.POTENTIAL_ASSESSMENT, evidence.PotentialAssessmentRow),
        (Kind.ASSESSMENT_SCORE, evidence.AssessmentScoreRow),
        (Kind.TRAINING, evidence.TrainingRow),
        (Kind.POSITION, evidence.PositionRow),
        (Kind.EDUCATION, evidence.EducationRow),
        (Kind.SANCTION, evidence.SanctionRow),
    )
}
_KEYS = frozenset(
    {
        "institution_id",
        "id",
        "talent_id",
        "import_id",
        "submission_id",
        "rung",
        "withdrawn_by",
        "withdrawn_by_submission",
    }
)
CONTENT: Mapping[Kind, tuple[str, ...]] = {
    kind: tuple(column.name for column in table.columns if column.name not in _KEYS | {"row_key"})
    for kind, table in TABLES.items()
}
"""The columns in which a row of a kind says what it says."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A temporary table: which sheet (in the order of delivery) and row, and the layout's fields."""

    name: str
    columns: tuple[str, ...]
    definition: str

    async def open(self, tx: AsyncSession) -> None:
        """Make the table, or empty it."""
        await tx.execute(text(f"CREATE TEMP TABLE IF NOT EXISTS {self.name} ({self.definition}) ON COMMIT DROP"))
        await tx.execute(text(f"TRUNCATE {self.name}"))

    async def add(self, tx: AsyncSession, rows: Iterable[Sequence[object]]) -> None:
        """Copy rows (in the order of `columns`) into it."""
        await copy_rows(tx, self.name, self.columns, rows)

    def identity(self, values: Mapping[str, object]) -> list[object]:
        """What makes a row of evidence the one it is, for its `row_key`; rows without a later column keep their key."""
        return [
            value
            for name in self.columns
            if name not in _ADDRESS and ((value := values.get(name)) is not None or name not in _ADDED_LATER)
        ]


_ADDRESS = frozenset({"sheet_number", "row_number", "nip", "row_key"})
_ADDED_LATER = frozenset({"appraiser_nip"})


def _stage(name: str, columns: Sequence[tuple[str, str]]) -> Stage:
    return Stage(name, tuple(column for column, _ in columns), ", ".join(f'"{c}" {kind}' for c, kind in columns))


def _typed(table: Table, leave_out: frozenset[str]) -> list[tuple[str, str]]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return [(c.name, c.type.compile(dialect)) for c in table.columns if c.name not in leave_out]


_TALENT: Table = TalentRow.__table__  # type: ignore[assignment]
_ROW = [("sheet_number", "integer"), ("row_number", "bigint")]
UNITS = _stage("stage_unit", [*_ROW, ("id", "text"), ("name", "text"), ("parent_id", "text")])
TALENTS = _stage(
    "stage_talent", [*_ROW, *_typed(_TALENT, frozenset({"institution_id", "id", "person_id"})), ("unit_name", "text")]
)
POSTS = _stage(
    "stage_post",
    [
        *(*_ROW, ("unit_id", "text"), ("name", "text"), ("level", "text"), ("echelon", "text")),
        *(("job_class", "smallint"), ("seats", "smallint"), ("analysed_on", "date"), ("is_critical", "boolean")),
    ],
)
EVIDENCE: Mapping[Kind, Stage] = {
    kind: _stage(f"stage_{table.name}", [*_ROW, ("nip", "text"), *_typed(table, _KEYS)])
    for kind, table in TABLES.items()
}
PLACEMENTS = _stage(
    "stage_imported_placement",
    [
        *_ROW,
        ("nip", "text"),
        ("unit", "text"),
        ("calibrated_box", "smallint"),
        *_typed(PlacementRow.__table__, frozenset({"institution_id", "talent_id"})),  # type: ignore[arg-type]
    ],
)
REFUSALS = _stage("stage_refusal", _typed(ImportRefusalRow.__table__, frozenset({"institution_id", "import_id"})))  # type: ignore[arg-type]


async def merge_units(tx: AsyncSession, institution_id: UUID) -> int:
    """Units as delivered; a unit delivered twice keeps its last row. Returns how many were added or changed."""
    return await changed(
        tx,
        """
        INSERT INTO org_unit (institution_id, id, name, parent_id, path)
        SELECT DISTINCT ON (id) :institution_id, id, name, parent_id, ARRAY[id] FROM stage_unit
        ORDER BY id, sheet_number DESC, row_number DESC
        ON CONFLICT (institution_id, id) DO UPDATE SET name = excluded.name, parent_id = excluded.parent_id
        WHERE (org_unit.name, org_unit.parent_id) IS DISTINCT FROM (excluded.name, excluded.parent_id)""",
        institution_id=institution_id,
    )


async def lay_paths(tx: AsyncSession, institution_id: UUID) -> None:
    """The path of every unit from its root; a unit whose superior is unknown, or in a circle, begins its own."""
    await tx.execute(
        text("""
            WITH RECURSIVE tree AS (
                SELECT u.id, ARRAY[u.id] AS path FROM org_unit u
                WHERE u.institution_id = :institution_id AND NOT EXISTS (
                    SELECT FROM org_unit p
                    WHERE p.institution_id = u.institution_id AND p.id = u.parent_id AND p.id <> u.id)
                UNION ALL
                SELECT u.id, tree.path || u.id FROM tree
                JOIN org_unit u ON u.institution_id = :institution_id AND u.parent_id = tree.id
                WHERE u.id <> ALL (tree.path)
            )
            UPDATE org_unit SET path = coalesce(tree.path, ARRAY[org_unit.id])
            FROM org_unit o LEFT JOIN tree ON tree.id = o.id
            WHERE o.institution_id = :institution_id
            AND org_unit.institution_id = o.institution_id AND org_unit.id = o.id
            AND org_unit.path IS DISTINCT FROM coalesce(tree.path, ARRAY[org_unit.id])"""),
        {"institution_id": institution_id},
    )


async def repeated_talents(tx: AsyncSession) -> list[tuple[int, int, str, bool]]:
    """Rows whose NIP an earlier row of the same sheet has: sheet, row, NIP, and whether they say anything else."""
    others = ", ".join(f's."{name}"' for name in TALENTS.columns if name not in {"sheet_number", "row_number"})
    rows = await fetch_rows(
        tx,
        f"""SELECT sheet_number, row_number, nip, differs FROM (
                SELECT sheet_number, row_number, nip, row_number() OVER w AS place,
                       said IS DISTINCT FROM first_value(said) OVER w AS differs
                FROM (SELECT sheet_number, row_number, nip, row({others})::text AS said FROM stage_talent s) spoken
                WINDOW w AS (PARTITION BY sheet_number, nip ORDER BY row_number)
            ) ranked WHERE place > 1 ORDER BY sheet_number, row_number""",  # noqa: S608 - names of our own columns
    )
    return [(row["sheet_number"], row["row_number"], row["nip"], row["differs"]) for row in rows]


async def merge_talents(tx: AsyncSession, institution_id: UUID) -> int:
    """Talents by NIP: of several sheets the last counts, within a sheet the first row.

    Units that no hierarchy named are added without a superior.
    """
    fields = [name for name in TALENTS.columns if name not in {"sheet_number", "row_number", "unit_name"}]
    await changed(
        tx,
        """
        INSERT INTO org_unit (institution_id, id, name, path)
        SELECT DISTINCT ON (unit_id) :institution_id, unit_id, coalesce(unit_name, unit_id), ARRAY[unit_id]
        FROM stage_talent WHERE unit_id IS NOT NULL ORDER BY unit_id, sheet_number DESC, row_number
        ON CONFLICT DO NOTHING""",
        institution_id=institution_id,
    )
    names = ", ".join(f'"{name}"' for name in fields)
    assignments = ", ".join(f'"{name}" = excluded."{name}"' for name in fields if name != "nip")
    mine, theirs = (", ".join(f'{table}."{name}"' for name in fields) for table in ("talent", "excluded"))
    return await changed(
        tx,
        f"""
        WITH newest AS MATERIALIZED (
            SELECT DISTINCT ON (nip) * FROM stage_talent ORDER BY nip, sheet_number DESC, row_number
        ),
        known AS MATERIALIZED (SELECT * FROM identify_persons((SELECT array_agg(nip) FROM newest)))
        INSERT INTO talent (institution_id, person_id, {names})
        SELECT :institution_id, known.person_id, {", ".join(f'newest."{name}"' for name in fields)}
        FROM newest JOIN known USING (nip)
        ON CONFLICT (institution_id, nip) DO UPDATE SET {assignments}
        WHERE ({mine}) IS DISTINCT FROM ({theirs})""",  # noqa: S608 - names of our own columns
        institution_id=institution_id,
    )


# What makes two rows of a person speak of the same thing; other words about it in a later delivery are a correction.
SAME_THING: Mapping[Kind, tuple[str, ...]] = {
    Kind.PERFORMANCE_APPRAISAL: ("year",),
    Kind.FEEDBACK_360: ("year",),
    Kind.AWARD: ("name", "awarded_on"),
    Kind.TEAM_ASSIGNMENT: ("name", "since"),
    Kind.COMPETENCY_ASSESSMENT: ("assessed_on",),
    Kind.POTENTIAL_ASSESSMENT: ("assessed_on",),
    Kind.ASSESSMENT_SCORE: ("instrument", "assessed_on"),
    Kind.TRAINING: ("name", "finished_on"),
    Kind.POSITION: ("effective_from", "status"),
    Kind.EDUCATION: ("field", "school", "graduated_in"),
    Kind.SANCTION: ("starts_on",),
}


async def merge_evidence(
    tx: AsyncSession, institution_id: UUID, import_id: UUID, kind: Kind, among: Sequence[UUID] | None = None
) -> int:
    """What the sheets of a kind add, correct and bring back; returns how many rows changed.

    Rows held already are left alone. A held row about the same thing as a delivered one, and not delivered itself, has
    been corrected: it is withdrawn, kept, and comes back when it is delivered again. What an accepted submission
    corrected is overruled: delivered again, it neither comes back nor corrects anything. `among`: the talents whose
    rows are staged, so that what is held of all others is not looked through.
    """
    values = {"institution_id": institution_id, "import_id": import_id, "among": among and list(among)}
    of_some = among is not None
    await tx.execute(text(f"ANALYZE {EVIDENCE[kind].name}"))
    restored = await changed(tx, _bring_back(kind, of_some=of_some), **values)
    added = await changed(tx, _add(kind, of_some=of_some), **values)
    if not restored + added:
        return 0
    async with joined_as_sets(tx):
        corrected = await changed(tx, _correct(kind, of_some=of_some), **values)
    return restored + added + corrected


def _bring_back(kind: Kind, *, of_some: bool) -> str:
    return f"""
        WITH s AS MATERIALIZED ({_delivered(kind, of_some=of_some)})
        UPDATE {TABLES[kind].name} held SET withdrawn_by = NULL FROM s
        WHERE {_held(of_some=of_some)} AND held.withdrawn_by IS NOT NULL AND held.row_key = s.row_key"""  # noqa: S608


def _add(kind: Kind, *, of_some: bool) -> str:
    names = [f'"{name}"' for name in EVIDENCE[kind].columns if name not in {"sheet_number", "row_number", "nip"}]
    return f"""
        INSERT INTO {TABLES[kind].name} (institution_id, talent_id, import_id, {", ".join(names)})
        SELECT t.institution_id, t.id, :import_id, {", ".join(f"s.{name}" for name in names)}
        FROM {_staged(kind, of_some=of_some)} ORDER BY s.sheet_number, s.row_number
        ON CONFLICT (institution_id, talent_id, row_key) DO NOTHING"""  # noqa: S608 - our own names


def _correct(kind: Kind, *, of_some: bool) -> str:
    table = TABLES[kind].name
    same = " AND ".join(f'held."{column}" IS NOT DISTINCT FROM s."{column}"' for column in SAME_THING[kind])
    return f"""
        WITH overruled AS MATERIALIZED ({_overruled(table, ":institution_id", _among("talent_id", of_some=of_some))}),
        s AS MATERIALIZED ({_delivered(kind, of_some=of_some)})
        UPDATE {table} held SET withdrawn_by = :import_id FROM s
        WHERE {_held(of_some=of_some)} AND {evidence.stands("held")} AND {same} AND held.row_key <> s.row_key
        AND NOT EXISTS (SELECT FROM s o WHERE o.talent_id = held.talent_id AND o.row_key = held.row_key)
        AND NOT EXISTS (SELECT FROM overruled o WHERE o.talent_id = held.talent_id AND o.row_key = s.row_key)"""  # noqa: S608


def _delivered(kind: Kind, *, of_some: bool) -> str:
    """What the staged rows are about: whom, which row, and what makes two of them speak of the same thing."""
    said = ", ".join(f's."{column}"' for column in SAME_THING[kind])
    return f"SELECT t.id AS talent_id, s.row_key, {said} FROM {_staged(kind, of_some=of_some)}"  # noqa: S608 - our own names


def _staged(kind: Kind, *, of_some: bool) -> str:
    whom = _among("t.id", of_some=of_some)
    return f"{EVIDENCE[kind].name} s JOIN talent t ON t.institution_id = :institution_id AND t.nip = s.nip {whom}"


def _held(*, of_some: bool) -> str:
    """Held rows of those about whom something is delivered."""
    whom = _among("held.talent_id", of_some=of_some)
    return f"held.institution_id = :institution_id AND held.talent_id = s.talent_id {whom}"


def _among(column: str, *, of_some: bool) -> str:
    return f"AND {column} = ANY (CAST(:among AS uuid[]))" if of_some else ""


def _overruled(table: str, institution: str, of_whom: str = "") -> str:
    """The few rows that accepted submissions withdrew: looked for first, whatever the planner thinks of them."""
    return f"""SELECT talent_id, row_key FROM {table}
               WHERE institution_id = {institution} {of_whom} AND withdrawn_by_submission IS NOT NULL"""  # noqa: S608 - our own names


async def overruled_rows(tx: AsyncSession, institution_id: UUID, kind: Kind) -> list[tuple[int, int, str]]:
    """Staged rows that an accepted submission corrected before: sheet, row, NIP."""
    rows = await fetch_rows(
        tx,
        f"""WITH overruled AS MATERIALIZED ({_overruled(TABLES[kind].name, "$1")})
            SELECT s.sheet_number, s.row_number, s.nip
            FROM overruled o JOIN talent t ON t.institution_id = $1 AND t.id = o.talent_id
            JOIN {EVIDENCE[kind].name} s ON s.nip = t.nip AND s.row_key = o.row_key
            ORDER BY s.sheet_number, s.row_number""",  # noqa: S608 - our own names
        institution_id,
    )
    return [(row["sheet_number"], row["row_number"], row["nip"]) for row in rows]


async def mark_checked(tx: AsyncSession, institution_id: UUID, import_id: UUID, kinds: Sequence[Kind]) -> int:
    """Complete registers were delivered: for everybody on the books, no row of these kinds now means "none"."""
    return await changed(
        tx,
        """
        INSERT INTO evidence_check (institution_id, talent_id, kind, import_id)
        SELECT t.institution_id, t.id, k.kind, :import_id
        FROM talent t CROSS JOIN unnest(CAST(:kinds AS text[])) AS k (kind) WHERE t.institution_id = :institution_id
        ON CONFLICT DO NOTHING""",
        institution_id=institution_id,
        import_id=import_id,
        kinds=[kind.value for kind in kinds],
    )


async def keep_refusals(
    tx: AsyncSession, institution_id: UUID, import_id: UUID, rows: Iterable[Sequence[object]]
) -> None:
    """The refused rows of an import, in the order of `REFUSALS.columns`."""
    await REFUSALS.open(tx)
    await REFUSALS.add(tx, rows)
    names = ", ".join(f'"{name}"' for name in REFUSALS.columns)
    await changed(
        tx,
        f"""INSERT INTO import_refusal (institution_id, import_id, {names})
            SELECT :institution_id, :import_id, {names} FROM stage_refusal""",  # noqa: S608 - names of our own columns
        institution_id=institution_id,
        import_id=import_id,
    )


async def count_mapped(tx: AsyncSession, institution_id: UUID) -> tuple[int, dict[str, int]]:
    """How many people are on the map, and how many are not, by reason."""
    sql = "SELECT unmapped_because, count(*) FROM talent WHERE institution_id = $1 GROUP BY 1 ORDER BY 1"
    counts: dict[str | None, int] = dict(await fetch_rows(tx, sql, institution_id))
    return counts.get(None, 0), {reason: people for reason, people in counts.items() if reason is not None}


async def count_not_delivered(tx: AsyncSession, institution_id: UUID) -> int:
    """How many people on the books no delivered Data ASN names."""
    sql = """SELECT count(*) FROM talent t WHERE institution_id = $1
             AND NOT EXISTS (SELECT FROM stage_talent s WHERE s.nip = t.nip)"""
    return int((await fetch_rows(tx, sql, institution_id))[0][0])


async def known_nips(tx: AsyncSession, institution_id: UUID) -> array[int]:
    """The NIPs of everybody on the books as numbers in ascending order: 8 bytes each, also for a large institution."""
    sql = "SELECT coalesce(array_agg(nip::bigint ORDER BY nip), '{}') FROM talent WHERE institution_id = $1"
    return array("q", (await fetch_rows(tx, sql, institution_id))[0][0])


async def changed(tx: AsyncSession, sql: str, **values: Any) -> int:  # noqa: ANN401 - parameters of a statement
    """How many rows a statement wrote."""
    return int((await tx.execute(text(sql), values)).rowcount)  # type: ignore[attr-defined]
