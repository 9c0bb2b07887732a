"""What we hold of people that SIASN tells about: their record, its rows as last told, and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.staging import CONTENT, SAME_THING, TABLES, TALENTS
from app.db.tables.evidence import stands
from app.domain.evidence import Kind

Values = Mapping[str, object]
RowId = tuple[UUID, str, str]
"""Of one row of SIASN: the talent, the history, and their id of it."""
_OF_SHEETS = frozenset({"sheet_number", "row_number", "unit_name"})
FIELDS = tuple(name for name in TALENTS.columns if name not in _OF_SHEETS)
"""The columns of a talent that are delivered."""


@dataclass(frozen=True, slots=True)
class HeldTalent:
    """Somebody on the books."""

    id: UUID
    values: Values


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A row as SIASN last told it; `kind` and `row_key` where it is one of evidence.

    `is_settled`: unless it should be evidence and is not, or its evidence does not stand.
    """

    digest: str
    kind: Kind | None
    row_key: UUID | None
    is_withdrawn: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class HeldEvidence:
    """A row of evidence. `is_corrected_by_files`: an import of files withdrew it."""

    row_key: UUID
    values: Values
    stands: bool
    submission_id: UUID | None
    overruled_by: UUID | None
    """The accepted submission that corrected it."""
    is_corrected_by_files: bool

    def is_about(self, kind: Kind, values: Values) -> bool:
        """Whether it speaks of the same thing as other values of the kind."""
        return all(self.values[name] == values.get(name) for name in SAME_THING[kind])


@dataclass(frozen=True, slots=True)
class HeldDecree:
    """A post that our decree gave somebody: their unit's id, its name, and since when."""

    unit_id: str
    post: str
    since: date | None
    is_as_told: bool
    """Whether SIASN names the same post."""


async def held_talents(tx: AsyncSession, institution_id: UUID, nips: Sequence[str]) -> dict[str, HeldTalent]:
    """Those of these people who are on the books, by NIP."""
    sql = f"SELECT id, {', '.join(FIELDS)} FROM talent WHERE institution_id = $1 AND nip = ANY ($2::text[])"  # noqa: S608
    rows = await fetch_rows(tx, sql, institution_id, nips)
    return {row["nip"]: HeldTalent(row["id"], {name: row[name] for name in FIELDS}) for row in rows}


async def known_numbers(tx: AsyncSession, institution_id: UUID, siasn_ids: Sequence[str]) -> dict[str, str]:
    """By SIASN's id of a person the NIP under which the institution has them on the books."""
    sql = "SELECT siasn_id, nip FROM talent WHERE institution_id = $1 AND siasn_id = ANY ($2::text[])"
    return dict(await fetch_rows(tx, sql, institution_id, siasn_ids))


async def talent_ids(tx: AsyncSession, institution_id: UUID, nips: Sequence[str]) -> dict[str, UUID]:
    """The ids of those of these people who are on the books, by NIP."""
    sql = "SELECT nip, id FROM talent WHERE institution_id = $1 AND nip = ANY ($2::text[])"
    return dict(await fetch_rows(tx, sql, institution_id, nips))


async def held_records(tx: AsyncSession, institution_id: UUID, talents: Sequence[UUID]) -> dict[RowId, HeldRecord]:
    """Every row that SIASN ever told of these people."""
    return {
        (talent, history, row_id): HeldRecord(digest, kind and Kind(kind), row_key, is_withdrawn, is_settled)
        for talent, history, row_id, digest, kind, row_key, is_withdrawn, is_settled in await fetch_rows(
            tx, RECORDS, institution_id, talents
        )
    }


_STANDING = " ".join(
    f"""WHEN '{kind.value}' THEN (
            SELECT {stands("e")} FROM "{table.name}" e
            WHERE e.institution_id = r.institution_id AND e.talent_id = r.talent_id AND e.row_key = r.row_key)"""  # noqa: S608 - our own names
    for kind, table in TABLES.items()
)
RECORDS = f"""
    SELECT r.talent_id, r.history, r.row_id, r.digest, r.kind, r.row_key, r.withdrawn_at IS NOT NULL,
           r.kind IS NULL OR r.withdrawn_at IS NOT NULL OR coalesce(CASE r.kind {_STANDING} END, false)
    FROM siasn_record r WHERE r.institution_id = $1 AND r.talent_id = ANY ($2::uuid[])"""  # noqa: S608
"""Whether the evidence of a row stands is looked up row by row: a join would be planned by what the tables held when
PostgreSQL last counted them."""


async def held_evidence(
    tx: AsyncSession, institution_id: UUID, kind: Kind, talents: Sequence[UUID]
) -> dict[UUID, list[HeldEvidence]]:
    """Every row of a kind about these people, by talent, in the order of delivery; those that do not stand included."""
    names = CONTENT[kind]
    sql = f"""
        SELECT e.talent_id, e.row_key, {stands("e")} AS stands, e.submission_id, e.withdrawn_by_submission,
               e.withdrawn_by IS NOT NULL AND NOT EXISTS (
                   SELECT FROM siasn_sync s
                   WHERE s.institution_id = e.institution_id AND s.import_id = e.withdrawn_by) AS by_files,
               {", ".join(f'e."{name}"' for name in names)}
        FROM "{TABLES[kind].name}" e WHERE e.institution_id = $1 AND e.talent_id = ANY ($2::uuid[]) ORDER BY e.id"""  # noqa: S608
    held: dict[UUID, list[HeldEvidence]] = {}
    for row in await fetch_rows(tx, sql, institution_id, talents):
        values = {name: row[name] for name in names}
        one = HeldEvidence(
            row["row_key"], values, row["stands"], row["submission_id"], row["withdrawn_by_submission"], row["by_files"]
        )
        held.setdefault(row["talent_id"], []).append(one)
    return held


async def held_bodies(
    tx: AsyncSession, institution_id: UUID, kinds: Sequence[Kind], talents: Sequence[UUID]
) -> list[tuple[UUID, str, str, str]]:
    """Rows of these kinds that stand as SIASN told them: talent, history, their id, the JSON that it told."""
    sql = """SELECT talent_id, history, row_id, body::text AS body FROM siasn_record
             WHERE institution_id = $1 AND talent_id = ANY ($2::uuid[]) AND kind = ANY ($3::text[])
             AND withdrawn_at IS NULL"""
    rows = await fetch_rows(tx, sql, institution_id, talents, [kind.value for kind in kinds])
    return [(row["talent_id"], row["history"], row["row_id"], row["body"]) for row in rows]


async def held_decrees(
    tx: AsyncSession, institution_id: UUID, told: Mapping[UUID, tuple[str | None, str | None]]
) -> dict[UUID, HeldDecree]:
    """Who of these people holds a post by our decree; `told` is the unit's id and the post that SIASN names."""
    if not told:
        return {}
    sql = """
        SELECT h.talent_id, p.unit_id, p.name, h.since,
               (told.unit_id, name_key(told.position)) IS NOT DISTINCT FROM (p.unit_id, p.name_key) AS is_as_told
        FROM unnest($2::uuid[], $3::text[], $4::text[]) AS told (talent_id, unit_id, position)
        JOIN post_holder h ON h.institution_id = $1 AND h.talent_id = told.talent_id AND h.vacancy_id IS NOT NULL
        JOIN post p ON p.institution_id = $1 AND p.id = h.post_id"""
    units, posts = zip(*told.values(), strict=True)
    rows = await fetch_rows(tx, sql, institution_id, list(told), units, posts)
    return {row["talent_id"]: HeldDecree(row["unit_id"], row["name"], row["since"], row["is_as_told"]) for row in rows}
