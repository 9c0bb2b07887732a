"""Frozen inputs: what a cycle's placements were made from, a batch at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.tables.cycles import CycleInputRow
from app.kernels import frozen
from app.kernels.columns import People


class Batch(NamedTuple):
    """Some talents of a cycle, and what was looked at for each of them, in the same order."""

    sequence: int
    talents: Sequence[UUID]
    people: People


async def _sequences(tx: AsyncSession, cycle_id: UUID) -> list[int]:
    """The numbers of a cycle's batches, in order."""
    numbers = select(CycleInputRow.sequence).where(CycleInputRow.cycle_id == cycle_id)
    return list(await tx.scalars(numbers.order_by(CycleInputRow.sequence)))


async def _load_batch(tx: AsyncSession, institution_id: UUID, cycle_id: UUID, sequence: int) -> Batch:
    """One batch; of a talent who is in several the latest counts, which is the one that the placement names."""
    [row] = await fetch_rows(tx, BATCH, institution_id, cycle_id, sequence)
    return Batch(sequence, row["talents"], await asyncio.to_thread(frozen.unpack, row["content"]))


BATCH = """SELECT talents, content FROM cycle_input WHERE institution_id = $1 AND cycle_id = $2 AND sequence = $3"""
