# ruff: noqa: S608 - statements of our own
"""The chain of the ledger: PostgreSQL and the domain agree on it, and whatever is done to it is found and named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from app.db.database import Database, open_database
from app.db.ledger import record
from app.db.whole_ledger import WholeLedger, open_ledger
from app.dev.installation import OWNER_ROLE
from app.domain.actors import Actor, Role
from app.domain.chain import Head
from app.domain.events import InstitutionEdited
from app.services.audit import Verdict, verify_ledger
from tests.conftest import as_superuser, url_of
from tests.factories import an_institution

AUDITOR = Actor(UUID(int=0), Role.OPERATOR, "test", other_roles=frozenset({Role.AUDITOR}))
ODD = (
    "Şükrü \u202e😀 \t\x01\\\" ''",
    "e\u0301 versus \u00e9",
    "",
    "12:ab,",
    "﷽" * 300,
    "\u2028 \x7f \ufeff",
)
NUMBERS = '[0, -0.0, 1.50, 1e3, 123456789012345678901234567890.000001, -7e-12, true, null, "1", {"b": 1, "aa": {}}]'


async def verified(database: str, head: Head | None = None) -> Verdict:
    """As the owner of the schema, like the command."""
    async with open_ledger(url_of(database, OWNER_ROLE)) as whole:
        return await verify_ledger(whole, AUDITOR, head, lambda *_: None)


async def write(db: Database, actor: Actor, subject: str = "somebody", payload: str = "{}") -> None:
    async with db.write_as(actor) as tx:
        await tx.execute(
            text("""INSERT INTO ledger_entry (institution_id, role, subject, purpose, type, payload, before, after)
                    VALUES (:office, 'x', :subject, :subject, 'x', CAST(:payload AS jsonb), CAST(:payload AS jsonb),
                            NULL)"""),
            {"office": actor.institution_id, "subject": subject, "payload": payload},
        )


@pytest_asyncio.fixture
async def own_db(own_database_name: str) -> AsyncIterator[Database]:
    async with open_database(url_of(own_database_name)) as database:
        yield database


async def links(database: str) -> list[asyncpg.Record]:
    return await as_superuser("SELECT * FROM ledger_link ORDER BY position", database)


async def test_postgresql_and_the_domain_agree_on_every_character(own_db: Database, own_database_name: str) -> None:
    actor = await an_institution(own_db)
    for subject in ODD:
        await write(own_db, actor, subject, json.dumps({subject: subject, "ключ": [subject]}))
    await write(own_db, actor, payload=NUMBERS)
    assert await own_db.chain_ledger(1000) == len(ODD) + 2
    verdict = await verified(own_database_name)
    assert (verdict.entries, verdict.findings, verdict.unchained) == (len(ODD) + 2, (), 0)
    assert verdict.head is not None
    assert await own_db.chain_ledger(1000) == 0


async def test_entries_are_chained_in_the_order_of_their_commits(own_db: Database, own_database_name: str) -> None:
    first, second = await an_institution(own_db), await an_institution(own_db)
    async with own_db.write_as(first) as slow:
        await record(slow, first, InstitutionEdited({"axis_x": "potential"}, {"axis_x": "performance"}))
        await write(own_db, second, "quick")
        assert await own_db.chain_ledger(1000) == 3  # the two institutions, and the quick one: nobody waited
        assert (await verified(own_database_name)).findings == ()
    assert await own_db.chain_ledger(1000) == 1
    *_, quick, last = await links(own_database_name)
    assert (last["institution_id"], last["position"]) == (first.institution_id, 4)
    assert last["entry_id"] < quick["entry_id"]
    assert (await verified(own_database_name)).findings == ()


async def test_what_is_rolled_back_is_never_waited_for(own_db: Database, own_database_name: str) -> None:
    actor = await an_institution(own_db)
    async with own_db.write_as(actor) as tx:
        await record(tx, actor, InstitutionEdited({"axis_x": "potential"}, {"axis_x": "performance"}))
        await tx.rollback()
    assert await own_db.chain_ledger(1000) == 1
    assert (await verified(own_database_name)).unchained == 0


async def test_several_who_chain_at_once_make_one_chain(own_db: Database, own_database_name: str) -> None:
    actor = await an_institution(own_db)

    async def chain() -> None:
        for _ in range(40):
            await own_db.chain_ledger(7)

    writing = [write(own_db, actor, f"writer {n}") for n in range(60)]
    await asyncio.gather(chain(), chain(), chain(), *writing)
    while await own_db.chain_ledger(7):
        pass
    verdict = await verified(own_database_name)
    assert (verdict.entries, verdict.findings, verdict.unchained) == (61, (), 0)


async def test_the_tail_that_is_not_chained_yet_is_reported(own_db: Database, own_database_name: str) -> None:
    actor = await an_institution(own_db)
    await own_db.chain_ledger(1)
    await write(own_db, actor)
    verdict = await verified(own_database_name)
    assert (verdict.entries, verdict.unchained, verdict.is_late, verdict.findings) == (1, 1, False, ())
    await as_superuser("UPDATE unchained_entry SET committed_at = now() - interval '9 s'", own_database_name)
    verdict = await verified(own_database_name)
    assert verdict.is_late
    assert 9 <= (verdict.oldest_unchained_seconds or 0) < 60


# ── whatever is done to it


@pytest_asyncio.fixture(scope="module")
async def chained(database_name: str, db: Database) -> AsyncIterator[asyncpg.Connection]:
    """A superuser whom no trigger stops, in a database with a chain of some length."""
    actor = await an_institution(db)
    for n in range(8):
        await write(db, actor, f"subject {n}")
    while await db.chain_ledger(1000):
        pass
    connection = await asyncpg.connect(url_of(database_name, "postgres"))
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


LAST = "(SELECT max(position) FROM ledger_link)"
THIRD = f"position = {LAST} - 3"
ENTRY_OF_THIRD = f"id = (SELECT entry_id FROM ledger_link WHERE {THIRD})"
COLUMNS = {
    "institution_id": "gen_random_uuid()",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "role": "'auditor'",
    "subject": "subject || ' '",
    "purpose": "NULL",
    "type": "'y'",
    "about_type": "''",
    "about_id": "''",
    "payload": "payload || '{\"a\": 1}'",
    "before": "NULL",
    "after": "'{}'",
    "request_id": "''",
    "transaction": "transaction || '0'",
}


@pytest.mark.parametrize(
    ("tampering", "findings"),
    [
        *(
            (f"UPDATE ledger_entry SET {column} = {value} WHERE {ENTRY_OF_THIRD}", [("entry_changed", -3)])
            for column, value in COLUMNS.items()
            if column != "institution_id"
        ),
        (f"DELETE FROM ledger_entry WHERE {ENTRY_OF_THIRD}", [("entry_removed", -3)]),
        (f"UPDATE ledger_link SET hash = repeat('0', 64) WHERE {THIRD}", [("link_changed", -3)]),
        (f"UPDATE ledger_link SET chained_at = now() WHERE {THIRD}", [("entry_changed", -3)]),
        (f"DELETE FROM ledger_link WHERE {THIRD}", [("link_removed", -3), ("entry_inserted", None)]),
        (
            f"""WITH gone AS (DELETE FROM ledger_link WHERE {THIRD} RETURNING entry_id)
                DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM gone)""",
            [("link_removed", -3)],
        ),
        (f"DELETE FROM ledger_link WHERE position = {LAST}", [("entry_inserted", None)]),
        (f"UPDATE ledger_link SET position = -1 WHERE {THIRD}", None),
        (
            f"UPDATE ledger_link SET entry_id = -entry_id WHERE {THIRD}",
            [("entry_removed", -3), ("entry_inserted", None)],
        ),
        (
            """INSERT INTO ledger_entry (institution_id, role, subject, type, payload, recorded_at)
               SELECT institution_id, 'x', 'forged', 'x', '{}', 'epoch' FROM ledger_link LIMIT 1""",
            [("entry_inserted", None)],
        ),
        (
            "INSERT INTO unchained_entry SELECT institution_id, -1, now() FROM ledger_link LIMIT 1",
            [("entry_removed", None)],
        ),
    ],
    ids=lambda value: " ".join(value.split())[:60] if isinstance(value, str) else "",
)
async def test_tampering_is_found_and_named(
    chained: asyncpg.Connection, tampering: str, findings: list[tuple[str, int | None]] | None
) -> None:
    last = await chained.fetchval(f"SELECT {LAST}")
    victim = await chained.fetchrow(f"SELECT institution_id, entry_id FROM ledger_link WHERE {THIRD}")
    verdict = await after(chained, tampering)
    if findings is None:
        assert verdict.findings
        return
    expected = [(damage, None if place is None else last + place) for damage, place in findings]
    assert [(one.damage, one.position) for one in verdict.findings] == expected
    named = [(one.institution_id, one.entry_id) for one in verdict.findings if one.damage == "entry_changed"]
    assert named == [tuple(victim)] * len(named)


async def after(connection: asyncpg.Connection, tampering: str, head: Head | None = None) -> Verdict:
    """What an audit says in the midst of it; then nothing has happened."""
    undone = connection.transaction()
    await undone.start()
    try:
        for statement in tampering.split(";"):
            assert not (await connection.execute(statement)).endswith(" 0")
        return await verify_ledger(WholeLedger(connection), AUDITOR, head, lambda *_: None)
    finally:
        await undone.rollback()


async def test_a_chain_cut_short_or_made_anew_is_known_by_a_head_kept_elsewhere(chained: asyncpg.Connection) -> None:
    kept = Head(*await chained.fetchrow(f"SELECT position, hash FROM ledger_link WHERE position = {LAST}"))
    assert (await after(chained, "SELECT 1", kept)).findings == ()
    cut = f"""WITH gone AS (DELETE FROM ledger_link WHERE position > {LAST} - 2 RETURNING entry_id)
        DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM gone)"""
    assert (await after(chained, cut)).findings == ()
    assert [one.damage for one in (await after(chained, cut, kept)).findings] == ["tail_removed"]
    anew = f"""UPDATE ledger_entry SET subject = 'innocent' WHERE {ENTRY_OF_THIRD};
        INSERT INTO unchained_entry SELECT institution_id, entry_id, now() FROM ledger_link;
        DELETE FROM ledger_link; SELECT chain_ledger(1000000)"""
    assert (await after(chained, anew)).findings == ()
    assert [one.damage for one in (await after(chained, anew, kept)).findings] == ["rewritten"]
