"""Waiting for what somebody else holds: whoever gives up is told to try again, whatever PostgreSQL calls it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from app.db.database import Database
from app.db.locks import waiting_shortly
from app.domain.errors import Conflict
from tests.factories import an_institution


async def test_of_two_who_wait_for_each_other_one_is_told_to_try_again(db: Database) -> None:
    actor, both = await an_institution(db), asyncio.Barrier(2)

    async def hold(*numbers: int) -> None:
        async with db.write_as(actor) as tx, waiting_shortly(tx, "institution.busy"):
            for number in numbers:
                await tx.execute(text("SELECT pg_advisory_xact_lock(20261122, :number)"), {"number": number})
                if number == numbers[0]:
                    await both.wait()

    answers = await asyncio.gather(hold(1, 2), hold(2, 1), return_exceptions=True)
    [refusal] = [one for one in answers if one is not None]
    assert isinstance(refusal, Conflict), refusal
    assert refusal.code == "institution.busy"


async def test_what_was_changed_meanwhile_is_to_be_tried_again(db: Database) -> None:
    actor = await an_institution(db)
    with pytest.raises(Conflict, match=r"institution\.busy"):
        async with db.write_as(actor) as tx, waiting_shortly(tx, "institution.busy"):
            await tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'changed' USING ERRCODE = '40001'; END $$"))
