"""Statements about all people of an institution, planned for as many as they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

SETTINGS = {"enable_nestloop": "off", "work_mem": "'128MB'"}


@asynccontextmanager
async def joined_as_sets(tx: AsyncSession) -> AsyncIterator[None]:
    """What is executed within joins sets, sorted in memory.

    Rows that the transaction wrote are in no statistics yet: taken for a few, they would be looked through once for
    each person. Every table of such a statement has to be narrowed to the institution, or the whole of it is read.
    """
    for name, value in SETTINGS.items():
        await tx.execute(text(f"SET LOCAL {name} = {value}"))
    yield
    for name in SETTINGS:
        await tx.execute(text(f"SET LOCAL {name} = DEFAULT"))
