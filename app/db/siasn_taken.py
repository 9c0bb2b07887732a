"""What SIASN told is taken over in sets: its rows kept, evidence that it no longer vouches for withdrawn, and reports.

All of it happens in the caller's transaction; the temporary tables go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.staging import TABLES, Stage, changed
from app.db.tables.evidence import stands
from app.domain.evidence import Kind

RECORDS = Stage(
    "stage_siasn_record",
    ("talent_id", "history", "row_id", "body", "digest", "kind", "row_key"),
    "talent_id uuid, history text, row_id text, body jsonb, digest text, kind text, row_key uuid",
)
GONE = Stage("stage_siasn_gone", ("talent_id", "history", "row_id"), "talent_id uuid, history text, row_id text")
UNVOUCHED = Stage("stage_siasn_unvouched", ("talent_id", "kind", "row_key"), "talent_id uuid, kind text, row_key uuid")
PEOPLE = Stage(
    "stage_siasn_person",
    ("ordinal", "outcome", "endpoints", "changes", "narrowed_changes", "unmapped", "unread", "failures", "conflicts"),
    "ordinal integer, outcome text, endpoints jsonb, changes jsonb, narrowed_changes jsonb, unmapped jsonb, "
    "unread smallint, failures smallint, conflicts smallint",
)
CONFLICTS = Stage(
    "stage_siasn_conflict",
    ("talent_id", "topic", "kind", "row_key", "reason", "differences", "digest"),
    "talent_id uuid, topic text, kind text, row_key uuid, reason text, differences jsonb, digest text",
)
Rows = Iterable[Sequence[object]]


async def learn_of_talents(tx: AsyncSession) -> None:
    """Let PostgreSQL know how many talents there are, where it has hardly seen any: people come a few at a time."""
    await fetch_rows(tx, "SELECT learn_of_talents()")


async def keep_records(tx: AsyncSession, institution_id: UUID, rows: Rows, now: datetime) -> int:
    """Keep rows (in the order of `RECORDS.columns`) as SIASN tells them now; returns how many were written."""
    await RECORDS.open(tx)
    await RECORDS.add(tx, rows)
    return await changed(
        tx,
        """
        INSERT INTO siasn_record
            (institution_id, talent_id, history, row_id, body, digest, fetched_at, withdrawn_at, kind, row_key)
        SELECT :institution_id, talent_id, history, row_id, body, digest, :now, NULL, kind, row_key
        FROM stage_siasn_record
        ON CONFLICT (institution_id, talent_id, history, row_id) DO UPDATE SET
            body = excluded.body, digest = excluded.digest, fetched_at = excluded.fetched_at, withdrawn_at = NULL,
            kind = excluded.kind, row_key = excluded.row_key""",
        institution_id=institution_id,
        now=now,
    )


async def withdraw_records(tx: AsyncSession, institution_id: UUID, rows: Rows, now: datetime) -> int:
    """Rows (in the order of `GONE.columns`) that SIASN tells no more are kept as withdrawn."""
    await GONE.open(tx)
    await GONE.add(tx, rows)
    return await changed(
        tx,
        """
        UPDATE siasn_record r SET withdrawn_at = :now FROM stage_siasn_gone g
        WHERE r.institution_id = :institution_id AND r.talent_id = g.talent_id AND r.history = g.history
        AND r.row_id = g.row_id AND r.withdrawn_at IS NULL""",
        institution_id=institution_id,
        now=now,
    )


async def withdraw_evidence(tx: AsyncSession, institution_id: UUID, import_id: UUID, rows: Rows) -> int:
    """Withdraw evidence (in the order of `UNVOUCHED.columns`) that only SIASN vouched for; returns how much went.

    It stays where a submission or files brought it, and where another row of SIASN says the same.
    """
    await UNVOUCHED.open(tx)
    await UNVOUCHED.add(tx, rows)
    withdrawn = 0
    for row in await fetch_rows(tx, "SELECT DISTINCT kind FROM stage_siasn_unvouched"):
        kind = Kind(row["kind"])
        withdrawn += await changed(
            tx,
            f"""
            UPDATE "{TABLES[kind].name}" held SET withdrawn_by = :import_id FROM stage_siasn_unvouched u
            WHERE held.institution_id = :institution_id AND held.talent_id = u.talent_id AND u.kind = :kind
            AND held.row_key = u.row_key AND {stands("held")} AND held.submission_id IS NULL
            AND EXISTS (SELECT FROM siasn_sync s
                        WHERE s.institution_id = :institution_id AND s.import_id = held.import_id)
            AND NOT EXISTS (SELECT FROM siasn_record r
                            WHERE r.institution_id = :institution_id AND r.talent_id = u.talent_id AND r.kind = :kind
                            AND r.row_key = u.row_key AND r.withdrawn_at IS NULL)""",  # noqa: S608 - our own names
            institution_id=institution_id,
            import_id=import_id,
            kind=kind.value,
        )
    return withdrawn


async def mark_asked(
    tx: AsyncSession, institution_id: UUID, import_id: UUID, asked: Sequence[tuple[UUID, Kind]]
) -> set[UUID]:
    """SIASN's registers of these kinds were asked for these people: no row there now means "none".

    Returns of whom that was not known.
    """
    rows = await fetch_rows(
        tx,
        """
        INSERT INTO evidence_check (institution_id, talent_id, kind, import_id)
        SELECT $1, told.talent_id, told.kind, $2 FROM unnest($3::uuid[], $4::text[]) AS told (talent_id, kind)
        ON CONFLICT DO NOTHING RETURNING talent_id""",
        institution_id,
        import_id,
        [talent for talent, _ in asked],
        [kind.value for _, kind in asked],
    )
    return {row["talent_id"] for row in rows}


async def unmark_asked(tx: AsyncSession, institution_id: UUID, left_open: Sequence[tuple[UUID, Kind]]) -> set[UUID]:
    """A register of these kinds names something about these people that cannot be read: "none" is no longer known.

    Returns of whom it was.
    """
    rows = await fetch_rows(
        tx,
        """
        DELETE FROM evidence_check c USING unnest($2::uuid[], $3::text[]) AS told (talent_id, kind)
        WHERE c.institution_id = $1 AND c.talent_id = told.talent_id AND c.kind = told.kind
        RETURNING c.talent_id""",
        institution_id,
        [talent for talent, _ in left_open],
        [kind.value for _, kind in left_open],
    )
    return {row["talent_id"] for row in rows}


async def keep_conflicts(
    tx: AsyncSession,
    institution_id: UUID,
    sync_id: UUID,
    answered: Sequence[tuple[UUID, str]],
    rows: Rows,
    now: datetime,
) -> list[UUID]:
    """Queue contradictions (in the order of `CONFLICTS.columns`); `answered` are talents with what was told of them.

    What was asked about the same difference stands, also as decided. What waits and is found no more, or otherwise,
    is superseded, but only in what was told: of a history that was not asked for, or failed, nobody knows more. Returns
    the talents of those that are new, one by one.
    """
    await CONFLICTS.open(tx)
    await CONFLICTS.add(tx, rows)
    talents, topics = zip(*answered, strict=True) if answered else ((), ())
    values = {"institution_id": institution_id, "talents": list(talents), "topics": list(topics)}
    await changed(
        tx,
        """
        UPDATE siasn_conflict c SET standing = 'superseded'
        FROM unnest(CAST(:talents AS uuid[]), CAST(:topics AS text[])) AS told (talent_id, topic)
        WHERE c.institution_id = :institution_id AND c.talent_id = told.talent_id
        AND split_part(c.topic, ':', 1) = told.topic AND c.standing IN ('open', 'asked') AND NOT EXISTS (
            SELECT FROM stage_siasn_conflict s
            WHERE s.talent_id = c.talent_id AND s.topic = c.topic AND s.digest = c.digest)""",
        **values,
    )
    found = await fetch_rows(
        tx,
        """
        INSERT INTO siasn_conflict (institution_id, id, talent_id, sync_id, topic, kind, row_key, reason, differences,
                                    digest, found_at, standing)
        SELECT $1, gen_random_uuid(), s.talent_id, $2, s.topic, s.kind, s.row_key, s.reason, s.differences,
               s.digest, $3, 'open'
        FROM stage_siasn_conflict s
        WHERE s.digest IS DISTINCT FROM (
            SELECT CASE WHEN c.standing <> 'superseded' THEN c.digest END FROM siasn_conflict c
            WHERE c.institution_id = $1 AND c.talent_id = s.talent_id AND c.topic = s.topic
            ORDER BY c.found_at DESC, c.id LIMIT 1)
        RETURNING talent_id""",
        institution_id,
        sync_id,
        now,
    )
    return [row["talent_id"] for row in found]


async def keep_findings(tx: AsyncSession, institution_id: UUID, sync_id: UUID, rows: Rows, now: datetime) -> None:
    """What became of people (in the order of `PEOPLE.columns`)."""
    await PEOPLE.open(tx)
    await PEOPLE.add(tx, rows)
    assignments = ", ".join(f"{name} = s.{name}" for name in PEOPLE.columns if name != "ordinal")
    await changed(
        tx,
        f"""
        UPDATE siasn_sync_person p SET done_at = :now, {assignments} FROM stage_siasn_person s
        WHERE p.institution_id = :institution_id AND p.sync_id = :sync_id AND p.ordinal = s.ordinal""",  # noqa: S608
        institution_id=institution_id,
        sync_id=sync_id,
        now=now,
    )


async def forget_decrees(tx: AsyncSession, institution_id: UUID, talents: Sequence[UUID], on: date) -> int:
    """Posts given by decree count as any other, so that what is on record decides who holds them from now on."""
    return await changed(
        tx,
        """
        UPDATE post_holder SET vacancy_id = NULL, since = least(since, :on)
        WHERE institution_id = :institution_id AND talent_id = ANY (CAST(:talents AS uuid[])) AND vacancy_id IS NOT NULL
        """,
        institution_id=institution_id,
        talents=list(talents),
        on=on,
    )


async def give_way(
    tx: AsyncSession,
    institution_id: UUID,
    import_id: UUID,
    kind: Kind,
    talent_id: UUID,
    row_key: UUID | None,
    overruled_by: UUID | None,
) -> None:
    """A row that was overruled may come back by the next merge; the submission's row that overruled it is withdrawn."""
    table = TABLES[kind].name
    values = {"institution_id": institution_id, "import_id": import_id, "talent_id": talent_id}
    await changed(
        tx,
        f"""
        UPDATE "{table}" SET withdrawn_by = :import_id, withdrawn_by_submission = NULL
        WHERE institution_id = :institution_id AND talent_id = :talent_id AND row_key = :row_key""",  # noqa: S608
        **values,
        row_key=row_key,
    )
    if overruled_by is not None:
        await changed(
            tx,
            f"""
            UPDATE "{table}" SET withdrawn_by = :import_id
            WHERE institution_id = :institution_id AND talent_id = :talent_id AND submission_id = :submission_id""",  # noqa: S608
            **values,
            submission_id=overruled_by,
        )
