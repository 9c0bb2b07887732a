"""Connections that stay in hand between documents.

A pool's ordinary round of acquire, reset and release costs as much as a small document. Documents leave nothing behind
on a connection (each is one autocommitted statement whose settings are local to it), so a lane just keeps its own.
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

PATIENCE = 10.0  # seconds to wait for a connection


class Lanes:
    """As many statements at once as the pool has connections; more wait for a free lane."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._free: asyncio.LifoQueue[Any] = asyncio.LifoQueue()
        for _ in range(pool.get_max_size()):
            self._free.put_nowait(None)

    async def fetchval(self, sql: str, *values: object) -> object:
        """The first value of a statement. After any failure the connection goes back to the pool to be looked at."""
        async with asyncio.timeout(PATIENCE):  # wait_for() of Python 3.11 can swallow the end of a request's time
            connection = await self._free.get()
        try:
            if connection is None or _is_gone(connection):
                connection = await self._exchange(connection)
            try:
                return await connection.fetchval(sql, *values)
            except asyncpg.InternalClientError:  # the server hung up a moment ago: nothing was sent, so once more
                connection = await self._exchange(connection)
                return await connection.fetchval(sql, *values)
        except BaseException:
            broken, connection = connection, None
            if broken is not None:
                await self._pool.release(broken)
            raise
        finally:
            self._free.put_nowait(connection)

    async def close(self) -> None:
        """Give all connections back, so that the pool can close."""
        while not self._free.empty():
            if (connection := self._free.get_nowait()) is not None:
                await self._pool.release(connection)

    async def _exchange(self, closed: Any) -> Any:  # noqa: ANN401 - a pool's proxy of a connection
        if closed is not None:
            await self._pool.release(closed)
        return await self._pool.acquire(timeout=PATIENCE)


def _is_gone(connection: Any) -> bool:  # noqa: ANN401 - a pool's proxy of a connection
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # the pool took it back when the server hung up
        return True
