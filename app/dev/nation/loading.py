"""A nation into a database: people staged by COPY in binary, made into the rows of every table in sets."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Final

import asyncpg
import numpy as np

from app.dev.nation import rows
from app.dev.nation.governments import Government, governments
from app.dev.nation.people import Columns, Numbers, invent
from app.domain.nine_box import BOXES
from app.services.import_report import Progress

BATCH: Final = 100_000
"""People staged at once."""
POOLS: Final = ("pool_candidate", "pool_measure")
SEARCHED: Final = (*POOLS, "talent_card")
"""What searches read, as it lies when autovacuum has seen it."""
TABLES: Final = ("person", "person_nip", "talent", "placement", "candidate", "consent", "talent_card", *POOLS)
COUNTED: Final = ("unassessed", *(f"box_{box}" for box in BOXES))
SUMS: Final = ("national_box_count", "national_pool_count", "national_count", "national_count_change")
CLUSTERED: Final = ["ALTER TABLE pool_measure CLUSTER ON ix_pool_measure_affair_levels"]
"""What an index that is made again has to be told again."""
KEEPING: Final = (
    ("candidate", "enter_pool"),
    ("pool_candidate", "measure_pool"),
    ("talent_card", "count_new_cards"),
)
"""The triggers that stay: they keep what is told of the nation."""
SERVER: Final = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "shared_buffers": "1GB",
    "autovacuum": "off",
}
"""The settings of a private server while it lays a nation: nobody follows its log, and nothing else is done by it."""
LAID: Final = datetime(2025, 12, 4, tzinfo=UTC)
"""When everything is said to have been recorded: the same nation has the same rows."""


class NationStandsError(RuntimeError):
    """The database already holds another nation, or part of one."""


async def lay(owner_url: str, population: int, progress: Progress) -> bool:
    """Fill the database with a nation of so many people, in one transaction; False where this nation stands already.

    Evidence is not invented: what the service calculates anew from evidence it would calculate from none.
    """
    nation = governments(population)
    connection = await asyncpg.connect(owner_url, timeout=60, command_timeout=None)
    try:
        if await _stands(connection, nation, population):
            return False
        async with connection.transaction():
            await connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
            await connection.execute("SET LOCAL work_mem = '256MB'")
            await _lay(connection, nation, population, progress)
        await connection.execute("CLUSTER pool_measure")
        await connection.execute(f"VACUUM ANALYZE {', '.join((*SEARCHED, *SUMS))}")
        await connection.execute(f"ANALYZE {', '.join(('institution', *TABLES))}")
    finally:
        await connection.close()
    return True


async def _stands(connection: asyncpg.Connection, nation: Sequence[Government], population: int) -> bool:
    """Whether exactly this nation is there."""
    ids = [one.id for one in nation]
    found = await connection.fetchval("SELECT count(*) FROM institution WHERE id = ANY ($1)", ids)
    if found == 0:
        return False
    people = await connection.fetchval(
        f"SELECT sum({' + '.join(COUNTED)}) FROM national_box_count WHERE institution_id = ANY ($1)",  # noqa: S608
        ids,
    )
    if (found, people) != (len(nation), population):
        raise NationStandsError("another nation is in this database: choose another DATA_DIR")
    return True


async def _lay(
    connection: asyncpg.Connection, nation: Sequence[Government], population: int, progress: Progress
) -> None:
    # the owner's rights are not limited while the transaction lasts; nobody else sees anything of it
    forced = await connection.fetch(
        "SELECT oid::regclass::text FROM pg_class WHERE oid = ANY ($1::text[]::regclass[]) AND relforcerowsecurity",
        [*TABLES, *rows.BESIDE],
    )
    for [table] in forced:
        await connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in (*TABLES, *rows.BESIDE):
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, trigger in KEEPING:
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    await rows.prepare(connection, nation, LAID)
    again = [*await _drop_constraints(connection), *await _drop_indexes(connection)]
    await _write_beside_the_log(connection)
    await _people(connection, nation, population, progress)
    for number, statement in enumerate(_in_order(again), 1):
        await connection.execute(statement)
        progress("indexing", number, len(again))
    for table in (*TABLES, *rows.BESIDE):
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for [table] in forced:
        await connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


async def _drop_constraints(connection: asyncpg.Connection) -> list[str]:
    """Take keys off the tables, and foreign keys that refer to them off all; how to put them on again."""
    found = await connection.fetch(
        """SELECT c.conrelid::regclass::text AS of, quote_ident(c.conname) AS name, pg_get_constraintdef(c.oid) AS means
           FROM pg_constraint c
           WHERE c.contype IN ('p', 'u') AND c.conrelid = ANY ($1::text[]::regclass[])
               OR c.contype = 'f' AND $1::text[]::regclass[]::oid[] && ARRAY[c.conrelid, c.confrelid]
           ORDER BY c.contype, 1, 2""",
        list(TABLES),
    )
    for one in found:  # foreign keys come first
        await connection.execute(f"ALTER TABLE {one['of']} DROP CONSTRAINT {one['name']}")
    return [f"ALTER TABLE {one['of']} ADD CONSTRAINT {one['name']} {one['means']}" for one in found]


async def _drop_indexes(connection: asyncpg.Connection) -> list[str]:
    found = await connection.fetch(
        """SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS means FROM pg_index i
           WHERE i.indrelid = ANY ($1::text[]::regclass[])
           AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1""",
        list(TABLES),
    )
    for one in found:
        await connection.execute(f"DROP INDEX {one['name']}")
    return [one["means"] for one in found] + CLUSTERED


def _in_order(statements: Sequence[str]) -> list[str]:
    """Foreign keys need the keys they refer to, and check faster by indexes."""
    return sorted(statements, key=lambda one: " FOREIGN KEY " in one)


async def _write_beside_the_log(connection: asyncpg.Connection) -> None:
    """Give the tables new files: under `wal_level = minimal` these are synchronised at the end instead of logged.

    What they hold already, which is little, is rewritten twice.
    """
    if await connection.fetchval("SHOW wal_level") != "minimal":
        return
    for table in TABLES:
        for kind in ("UNLOGGED", "LOGGED"):
            await connection.execute(f"ALTER TABLE {table} SET {kind}")


async def _people(
    connection: asyncpg.Connection, nation: Sequence[Government], population: int, progress: Progress
) -> None:
    """One batch is invented while the one before is stored."""
    numbers, done = Numbers(), 0
    batches = list(_batches(nation))
    taken = np.array([int(row[0]) for row in await connection.fetch("SELECT nip FROM person_nip")], np.int64)
    upcoming = asyncio.create_task(asyncio.to_thread(_invented, batches[0], population, numbers, taken))
    for number in range(len(batches)):
        staged = await upcoming
        if number + 1 < len(batches):
            upcoming = asyncio.create_task(
                asyncio.to_thread(_invented, batches[number + 1], population, numbers, taken)
            )
        await connection.copy_to_table("stage_person", source=_pieces(staged), columns=rows.STAGED, format="binary")
        for statement in rows.MADE:
            await connection.execute(statement)
        await connection.execute("TRUNCATE stage_person")
        done += sum(one.people for one in batches[number])
        progress("inventing", done, population)


def _batches(nation: Sequence[Government]) -> list[list[Government]]:
    batches: list[list[Government]] = [[]]
    for one in nation:
        if sum(other.people for other in batches[-1]) + one.people > BATCH and batches[-1]:
            batches.append([])
        batches[-1].append(one)
    return batches


def _invented(batch: Sequence[Government], population: int, numbers: Numbers, taken: np.ndarray) -> bytes:
    """The people of some institutions in PostgreSQL's binary COPY format."""
    invented = [invent(one, population, numbers) for one in batch]
    people: Columns = {name: np.concatenate([one[name] for one in invented]) for name in rows.STAGED}
    while (same := np.isin(people["nip"], taken)).any():  # somebody else's; serials count from 1
        people["nip"] = people["nip"] + np.where(same, 499, 0)
    return rows.encoded(people)


async def _pieces(staged: bytes) -> AsyncIterator[bytes]:
    size = 1 << 20
    for start in range(0, len(staged), size):
        yield staged[start : start + size]


def shown(began: float) -> Progress:
    """Progress on the terminal, a line every ten seconds; seconds since `began`."""
    last = began

    def show(what: str, done: int, everything: int) -> None:
        nonlocal last
        if done == everything or time.monotonic() - last > SILENCE:
            last = time.monotonic()
            print(f"{what} {done:,} of {everything:,} after {last - began:.0f} s", file=sys.stderr, flush=True)

    return show


SILENCE: Final = 10.0  # seconds
