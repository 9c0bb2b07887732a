"""The whole ledger with its chain, of all institutions, as the owner of the schema reads it for an audit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from uuid import UUID

import asyncpg

from app.domain.chain import Entry, Link

AT_ONCE = 1000  # rows in memory


@dataclass(frozen=True, slots=True)
class Unchained:
    """An entry without a link; `seconds` since it was committed, None where it does not wait for a link either."""

    institution_id: UUID
    entry_id: int
    is_there: bool
    seconds: float | None


class WholeLedger:
    """One snapshot of everything. Make one with `open_ledger`."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def count(self) -> int:
        """How many links there are."""
        return int(await self._connection.fetchval("SELECT count(*) FROM ledger_link"))

    async def links(self) -> AsyncIterator[tuple[Link, Entry | None]]:
        """Every link by position, with the entry that it points at, if there is one."""
        async for row in self._connection.cursor(LINKS, prefetch=AT_ONCE):
            link, entry = Link(*row[: len(LINK)]), row[len(LINK) :]
            yield link, None if entry[0] is None else Entry(*entry)

    async def unchained(self) -> AsyncIterator[Unchained]:
        """Every entry that has no link, and what waits for a link without being there."""
        async for row in self._connection.cursor(UNCHAINED, prefetch=AT_ONCE):
            yield Unchained(*row)


@asynccontextmanager
async def open_ledger(owner_url: str) -> AsyncIterator[WholeLedger]:
    """Look at the ledger as it is now; needs the owner of the schema, whom its policies show every institution."""
    connection = await asyncpg.connect(owner_url, server_settings={"timezone": "UTC", "jit": "off"})
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield WholeLedger(connection)
    finally:
        await connection.close()


LINK = tuple(field.name for field in fields(Link))
JSON = ("payload", "before", "after")
_ENTRY = ", ".join(f"e.{one.name}::text" if one.name in JSON else f"e.{one.name}" for one in fields(Entry))
LINKS = f"""
    SELECT {", ".join(f"l.{name}" for name in LINK)}, {_ENTRY}
    FROM ledger_link l LEFT JOIN ledger_entry e ON e.institution_id = l.institution_id AND e.id = l.entry_id
    ORDER BY l.position"""  # noqa: S608 - names of our own columns
UNCHAINED = """
    SELECT coalesce(e.institution_id, u.institution_id), coalesce(e.id, u.entry_id), e.id IS NOT NULL,
        extract(epoch FROM clock_timestamp() - u.committed_at)::float8
    FROM ledger_entry e
    FULL JOIN unchained_entry u ON u.institution_id = e.institution_id AND u.entry_id = e.id
    WHERE NOT EXISTS (SELECT FROM ledger_link l WHERE l.institution_id = e.institution_id AND l.entry_id = e.id)"""
