"""Waiting for what somebody else holds, but not for long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.errors import Conflict

SHORTLY = "3s"
BUSY = frozenset({"55P03", "40P01", "40001"})
"""As PostgreSQL says it: not available in time; one of two that wait for each other gives up; changed meanwhile."""


@asynccontextmanager
async def waiting_shortly(tx: AsyncSession, code: str) -> AsyncIterator[None]:
    """Rows locked inside are waited for only shortly; then the answer is a `Conflict` with the code.

    So it is where the other one waits for rows that are held here: the same request may succeed later.
    """
    await tx.execute(text(f"SET LOCAL lock_timeout = '{SHORTLY}'"))
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in BUSY:
            raise Conflict(code) from error
        raise
    await tx.execute(text("SET LOCAL lock_timeout = DEFAULT"))
