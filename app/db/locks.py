"""Waiting for what somebody else holds, but not for long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.errors import Conflict

SHORTLY = "3s"
LOCK_NOT_AVAILABLE = "55P03"  # as PostgreSQL says it


@asynccontextmanager
async def waiting_shortly(tx: AsyncSession, code: str) -> AsyncIterator[None]:
    """Rows locked inside are waited for only shortly; then the answer is a `Conflict` with the code."""
    await tx.execute(text(f"SET LOCAL lock_timeout = '{SHORTLY}'"))
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise Conflict(code) from error
        raise
    await tx.execute(text("SET LOCAL lock_timeout = DEFAULT"))
