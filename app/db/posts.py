"""Posts as delivered: the staged position map becomes the registry, and mapped talents become holders, in sets.

A merge writes only what differs. Seats are held by those of whom Data ASN says the same unit and the same name of the
post; an appointment that the delivery is too old to know stays, and a seat that somebody left for another one is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.joined_sets import joined_as_sets
from app.db.post_seats import RESERVED
from app.db.staging import changed

MOST_NOTICED = 1_000  # rows of each kind that are named one by one; the figures count all
_FIRST = """
    SELECT DISTINCT ON (unit_id, name_key(name)) *, name_key(name) AS name_key FROM stage_post
    ORDER BY unit_id, name_key(name), sheet_number DESC, row_number"""
"""The staged rows that count: of several sheets the last, within a sheet the first row of a post."""
_DELIVERED = ("name", "level", "echelon", "job_class", "seats", "analysed_on", "critical_as_delivered", "is_delivered")


@dataclass(frozen=True, slots=True)
class Figures:
    """The seats of an institution: those of the posts that the latest position map names."""

    posts: int
    seats: int
    held: int
    """Holders, those beyond the seats of their post included."""
    reserved_seats: int
    """Taken over by mobility, and not held by the record yet."""
    vacant_seats: int
    beyond_seats: int
    """Holders beyond the seats of their post."""
    without_post: int
    """People on the talent map whose unit and post the position map does not name."""
    not_delivered: int
    """Posts that an earlier position map named and the latest does not."""
    empty_posts: Mapping[str, int]
    """Posts with seats of which none is taken, by level."""


async def repeated_posts(tx: AsyncSession) -> list[tuple[int, int, str, bool]]:
    """Rows whose post an earlier row of the same sheet has: sheet, row, name, and whether they say anything else."""
    rows = await fetch_rows(
        tx,
        """SELECT sheet_number, row_number, name, differs FROM (
               SELECT sheet_number, row_number, name, row_number() OVER w AS place,
                      said IS DISTINCT FROM first_value(said) OVER w AS differs
               FROM (SELECT sheet_number, row_number, unit_id, name, name_key(name) AS key,
                            row(level, echelon, job_class, seats, analysed_on, is_critical)::text AS said
                     FROM stage_post) spoken
               WINDOW w AS (PARTITION BY sheet_number, unit_id, key ORDER BY row_number)
           ) ranked WHERE place > 1 ORDER BY sheet_number, row_number""",
    )
    return [(row["sheet_number"], row["row_number"], row["name"], row["differs"]) for row in rows]


async def known_units(tx: AsyncSession, institution_id: UUID) -> frozenset[str]:
    """The ids of the institution's units."""
    rows = await fetch_rows(tx, "SELECT id FROM org_unit WHERE institution_id = $1", institution_id)
    return frozenset(row["id"] for row in rows)


async def merge_posts(tx: AsyncSession, institution_id: UUID) -> int:
    """Posts as delivered; those that are delivered no longer are kept as such. Returns how many were written.

    What the map says of a critical post counts when it says it anew: repeated, it overrules nobody.
    """
    assignments = ", ".join(f"{name} = excluded.{name}" for name in _DELIVERED)
    mine, theirs = (", ".join(f"{table}.{name}" for name in _DELIVERED) for table in ("post", "excluded"))
    written = await changed(
        tx,
        f"""
        INSERT INTO post (institution_id, unit_id, name_key, is_critical, {", ".join(_DELIVERED)})
        SELECT :institution_id, unit_id, name_key, is_critical, name, level, echelon, job_class, seats, analysed_on,
               is_critical, true
        FROM ({_FIRST}) delivered
        ON CONFLICT (institution_id, unit_id, name_key) DO UPDATE SET {assignments},
            is_critical = CASE WHEN post.critical_as_delivered = excluded.critical_as_delivered THEN post.is_critical
                               ELSE excluded.is_critical END
        WHERE ({mine}) IS DISTINCT FROM ({theirs})""",  # noqa: S608 - names of our own columns
        institution_id=institution_id,
    )
    gone = await changed(
        tx,
        """
        UPDATE post SET is_delivered = false
        WHERE institution_id = :institution_id AND is_delivered AND EXISTS (SELECT FROM stage_post)
        AND NOT EXISTS (
            SELECT FROM stage_post s WHERE s.unit_id = post.unit_id AND name_key(s.name) = post.name_key)""",
        institution_id=institution_id,
    )
    return written + gone


async def place_holders(
    tx: AsyncSession, institution_id: UUID, as_of: date, among: Sequence[UUID] | None = None
) -> int:
    """Whoever Data ASN says holds a post holds a seat of it, and nobody else but who was appointed after `as_of`.

    It is about everybody, or about the talents `among` whom it is put.

    Whoever left by a mobility case gets no seat back by a post that began before, and keeps one that it gave within the
    institution: the record lags, or names them no longer. Returns how many rows were written or removed.
    """
    async with joined_as_sets(tx):
        written = await changed(
            tx,
            """
            INSERT INTO post_holder AS held (institution_id, talent_id, post_id, since)
            SELECT t.institution_id, t.id, p.id, t.position_from
            FROM talent t
            JOIN post p ON p.institution_id = t.institution_id AND p.unit_id = t.unit_id
                AND p.name_key = name_key(t.position) AND p.is_delivered
            WHERE t.institution_id = :institution_id AND t.is_mapped
            AND (CAST(:among AS uuid[]) IS NULL OR t.id = ANY (CAST(:among AS uuid[]))) AND NOT EXISTS (
                SELECT FROM mobility_case c WHERE c.institution_id = t.institution_id AND c.talent_id = t.id
                    AND c.state = 'effective' AND (t.position_from < c.effective_on) IS NOT FALSE
                    AND (c.receiving_institution_id, c.post_id) <> (p.institution_id, p.id))
            ON CONFLICT (institution_id, talent_id) DO UPDATE SET
                post_id = excluded.post_id,
                since = excluded.since,
                vacancy_id = CASE WHEN held.post_id = excluded.post_id THEN held.vacancy_id END
            WHERE (held.vacancy_id IS NULL OR held.since <= :as_of)
            AND (held.post_id, held.since) IS DISTINCT FROM (excluded.post_id, excluded.since)""",
            institution_id=institution_id,
            as_of=as_of,
            among=None if among is None else list(among),
        )
        removed = await changed(
            tx,
            """
            DELETE FROM post_holder held WHERE held.institution_id = :institution_id
            AND (CAST(:among AS uuid[]) IS NULL OR held.talent_id = ANY (CAST(:among AS uuid[])))
            AND (held.vacancy_id IS NULL OR held.since <= :as_of)
            AND NOT EXISTS (
                SELECT FROM talent t
                JOIN post p ON p.institution_id = t.institution_id AND p.unit_id = t.unit_id
                    AND p.name_key = name_key(t.position) AND p.is_delivered
                WHERE t.institution_id = held.institution_id AND t.id = held.talent_id AND t.is_mapped
                    AND p.id = held.post_id)
            AND NOT EXISTS (
                SELECT FROM mobility_case c JOIN talent t ON t.institution_id = c.institution_id AND t.id = c.talent_id
                WHERE c.institution_id = held.institution_id AND c.talent_id = held.talent_id AND c.state = 'effective'
                    AND (c.receiving_institution_id, c.post_id) = (held.institution_id, held.post_id)
                    AND t.is_mapped AND (t.position_from < c.effective_on) IS NOT FALSE)""",
            institution_id=institution_id,
            as_of=as_of,
            among=None if among is None else list(among),
        )
    return written + removed


async def count_seats(tx: AsyncSession, institution_id: UUID) -> Figures:
    """How many seats there are, and how many are held."""
    [row] = await fetch_rows(
        tx,
        f"""
        WITH filled AS (
            SELECT p.id, p.level, p.seats, count(h.talent_id) AS holders, {RESERVED} AS reserved
            FROM post p
            LEFT JOIN post_holder h ON h.institution_id = p.institution_id AND h.post_id = p.id
            WHERE p.institution_id = $1 AND p.is_delivered
            GROUP BY p.institution_id, p.id
        )
        SELECT count(*) AS posts, coalesce(sum(seats), 0) AS seats, coalesce(sum(holders), 0) AS held,
            coalesce(sum(reserved), 0) AS reserved_seats,
            coalesce(sum(greatest(seats - holders - reserved, 0)), 0) AS vacant_seats,
            coalesce(sum(greatest(holders - seats, 0)), 0) AS beyond_seats,
            (SELECT count(*) FROM talent t WHERE t.institution_id = $1 AND t.is_mapped AND NOT EXISTS (
                SELECT FROM post_holder h WHERE h.institution_id = t.institution_id AND h.talent_id = t.id)
            ) AS without_post,
            (SELECT count(*) FROM post WHERE institution_id = $1 AND NOT is_delivered) AS not_delivered,
            (SELECT coalesce(array_agg(level ORDER BY level), '{{}}') FROM filled
                WHERE seats > 0 AND holders + reserved = 0) AS empty
        FROM filled""",  # noqa: S608 - our own names
        institution_id,
    )
    empty = {level: row["empty"].count(level) for level in sorted(set(row["empty"]))}
    numbers = {name: int(row[name]) for name in Figures.__dataclass_fields__ if name != "empty_posts"}
    return Figures(**numbers, empty_posts=empty)


async def crowded_posts(tx: AsyncSession, institution_id: UUID) -> list[tuple[int, int, int, int]]:
    """Delivered rows of posts with more holders than seats: sheet, row, seats, holders."""
    rows = await fetch_rows(
        tx,
        f"""
        SELECT s.sheet_number, s.row_number, p.seats, count(*) AS holders
        FROM ({_FIRST}) s
        JOIN post p ON p.institution_id = $1 AND p.unit_id = s.unit_id AND p.name_key = s.name_key
        JOIN post_holder h ON h.institution_id = p.institution_id AND h.post_id = p.id
        GROUP BY s.sheet_number, s.row_number, p.seats HAVING count(*) > p.seats
        ORDER BY s.sheet_number, s.row_number LIMIT {MOST_NOTICED}""",  # noqa: S608 - our own names
        institution_id,
    )
    return [(row["sheet_number"], row["row_number"], row["seats"], row["holders"]) for row in rows]


async def people_without_post(tx: AsyncSession, institution_id: UUID) -> list[tuple[int, int, str | None]]:
    """Delivered rows of mapped talents whose post the position map does not name: sheet, row, name of the post."""
    rows = await fetch_rows(
        tx,
        f"""
        SELECT DISTINCT ON (s.nip) s.sheet_number, s.row_number, s.position
        FROM stage_talent s
        JOIN talent t ON t.institution_id = $1 AND t.nip = s.nip AND t.is_mapped
        WHERE NOT EXISTS (
            SELECT FROM post_holder h WHERE h.institution_id = t.institution_id AND h.talent_id = t.id)
        ORDER BY s.nip, s.sheet_number DESC, s.row_number LIMIT {MOST_NOTICED}""",  # noqa: S608 - our own names
        institution_id,
    )
    return sorted((row["sheet_number"], row["row_number"], row["position"]) for row in rows)
