"""What it costs to carry out a published round: a case for every move of many institutions, with steps and papers."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg

from app.db.database import Database, open_database
from app.dev.benchmark.ground import Ground, say
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel
from app.services import institutions, mobility_campaigns, mobility_executions
from app.services.mobility_campaigns import DraftMobilityCampaign

INSTITUTIONS = 600
LENGTH = 5
"""Moves of each chain."""
# Somebody of every institution in turn, each with a post of their own that is offered: `n` is who leaves it, and who
# comes next in the chain takes it.
LAY = """
    INSERT INTO institution (id, name, name_key)
        SELECT md5('institution' || n)::uuid, 'Instansi ' || n, 'instansi ' || n FROM generate_series(0, {of} - 1) AS n;
    INSERT INTO org_unit (institution_id, id, name, path)
        SELECT md5('institution' || n)::uuid, 'U', 'Unit', '{{U}}' FROM generate_series(0, {of} - 1) AS n;
    INSERT INTO talent (institution_id, id, person_id, nip, name, is_mapped)
        SELECT md5('institution' || n % {of})::uuid, md5('talent' || n)::uuid, md5('person' || n)::uuid,
            to_char(n, 'FM000000000000000000'), 'Pegawai', true FROM generate_series(1, {moves}) AS n;
    INSERT INTO post (institution_id, id, unit_id, name, name_key, level, seats, is_critical, critical_as_delivered)
        SELECT md5('institution' || n % {of})::uuid, md5('post' || n)::uuid, 'U', 'Jabatan ' || n, 'jabatan ' || n,
            '{level}', 1, false, false FROM generate_series(1, {moves}) AS n;
    INSERT INTO mobility_offer (institution_id, id, campaign_id, post_id, is_offered, open_seats, urgency, post_name,
            unit_id, unit_name, institution_name, position_level, standard)
        SELECT md5('institution' || n % {of})::uuid, md5('offer' || n)::uuid, '{campaign}', md5('post' || n)::uuid,
            true, 1, 9, 'Jabatan ' || n, 'U', 'Unit', 'Instansi', '{level}', '{{}}'
        FROM generate_series(1, {moves}) AS n;
    INSERT INTO mobility_participation (institution_id, id, file_id, campaign_id, talent_id, consent_id, home_offer_id,
            joined_at, is_released, assessed_at)
        SELECT md5('institution' || n % {of})::uuid, md5('part' || n)::uuid, md5('file' || n)::uuid, '{campaign}',
            md5('talent' || n)::uuid, gen_random_uuid(), md5('offer' || n)::uuid, now(), true, now()
        FROM generate_series(1, {moves}) AS n;
    INSERT INTO mobility_work (institution_id, id, campaign_id, kind, state, stage, done, total, subject, queued_at,
            heartbeat_at, is_early)
        VALUES ('{organiser}', '{run}', '{campaign}', 'run', 'succeeded', 'done', 0, 0, 'x', now(), now(), false);
    INSERT INTO mobility_run (institution_id, id, campaign_id, value, seed, is_first, chains)
        VALUES ('{organiser}', '{run}', '{campaign}', 'x', 'x', true, {moves});
    INSERT INTO mobility_move (institution_id, run_id, unit, step, participant_id, from_post_id, to_post_id)
        SELECT '{organiser}', '{run}', (n - 1) / {length} + 1, (n - 1) % {length} + 1, md5('file' || n)::uuid,
            md5('offer' || n)::uuid, md5('offer' || n % {moves} + 1)::uuid FROM generate_series(1, {moves}) AS n;
    UPDATE mobility_campaign SET state = 'published' WHERE id = '{campaign}';
    ANALYZE"""


def measure_mobility_execution(ground: Ground, moves: int) -> None:
    """Print what opening the cases of so many moves takes."""
    installation = ground.database("execution")
    say(f"laying {moves:,} moves of {INSTITUTIONS} institutions")
    superuser = ground.server.url("execution", "postgres")
    seconds, rows = asyncio.run(_measure(installation.url, superuser, moves))
    told = ", ".join(f"{number:,} {name}" for name, number in rows.items())
    print(f"\nThe cases of {moves:,} moves of {INSTITUTIONS} institutions: {seconds:.1f} s ({told})")


async def _measure(url: str, superuser: str, moves: int) -> tuple[float, dict[str, int]]:
    async with open_database(url) as db:
        organiser, campaign_id = await _draft(db)
        connection = await asyncpg.connect(superuser)
        try:
            await _lay(connection, organiser.institution_id, campaign_id, moves)
            began = time.perf_counter()
            await mobility_executions.open_mobility_cases(db, organiser, campaign_id)
            seconds = time.perf_counter() - began
            tables = {"mobility_case": "cases", "mobility_case_document": "papers", "ledger_entry": "entries"}
            rows = {
                name: int(await connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own names
                for table, name in tables.items()
            }
        finally:
            await connection.close()
    return seconds, rows


async def _draft(db: Database) -> tuple[Actor, UUID]:
    operator, today = Actor(uuid4(), Role.OPERATOR, "benchmark"), db.today()
    made = await institutions.create_institution(db, operator, institutions.CreateInstitution(name="BKN"))
    organiser = Actor(made, Role.NATIONAL, "benchmark")
    draft = DraftMobilityCampaign(
        name="Mobilitas",
        legal_basis="PermenPANRB 3/2020",
        levels=[PositionLevel.PENGAWAS],
        collecting_until=today + timedelta(days=30),
        correction_until=today + timedelta(days=45),
        effective_on=today + timedelta(days=90),
        lottery_source="an invented value",
    )
    return organiser, await mobility_campaigns.draft_mobility_campaign(db, organiser, draft)


async def _lay(connection: asyncpg.Connection, organiser: UUID, campaign_id: UUID, moves: int) -> None:
    """Past every trigger: what is measured comes afterwards."""
    names = {"organiser": organiser, "campaign": campaign_id, "run": uuid4(), "level": PositionLevel.PENGAWAS.value}
    sql = LAY.format(of=INSTITUTIONS, moves=moves, length=LENGTH, **names)
    await connection.execute("SET session_replication_role = replica")
    for statement in sql.split(";"):
        await connection.execute(statement)
    await connection.execute("SET session_replication_role = DEFAULT")
