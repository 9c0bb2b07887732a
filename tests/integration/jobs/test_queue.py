"""A job is deferred in the transaction of what it belongs to, through a function whose form is pinned."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.db.database import Database
from app.db.policies import APPLICATION_ROLE
from app.db.queue import Job, _described, actor_of, defer
from app.domain.actors import Actor, ClientScope, Role
from app.domain.purposes import Purpose
from app.jobs.worker import open_queue
from tests.conftest import as_superuser, url_of

NOT_TAKEN_ALONG = {"nip", "idempotency_key", "permissions"}
"""No job acts as a talent or repeats a request; permissions are worked out from the roles."""


async def jobs_of(database: str, actor: Actor) -> list[asyncpg.Record]:
    return await as_superuser(
        f"""SELECT * FROM procrastinate_jobs WHERE args -> 'actor' ->> 'institution_id' = '{actor.institution_id}'""",  # noqa: S608
        database,
    )


async def test_a_job_exists_exactly_if_its_transaction_is_committed(db: Database, database_name: str) -> None:
    actor = Actor(uuid4(), Role.HR_OFFICER, "officer", request_id="r")
    async with db.write_as(actor) as tx:
        await defer(tx, actor, Job.RUN_CALCULATION, calculation_id=uuid4())
        await tx.rollback()
    assert await jobs_of(database_name, actor) == []
    async with db.write_as(actor) as tx:
        await defer(tx, actor, Job.RUN_MOVEMENT, calculation_id=UUID(int=1), earlier_cycle_id=None)
        assert await jobs_of(database_name, actor) == []
    [job] = await jobs_of(database_name, actor)
    assert (job["task_name"], job["queue_name"], job["status"]) == ("run_movement", "default", "todo")
    told = json.loads(job["args"])
    assert (told["calculation_id"], told["earlier_cycle_id"]) == (str(UUID(int=1)), None)
    assert actor_of(told["actor"]) == actor


def test_a_job_acts_as_whoever_deferred_it() -> None:
    actor = Actor(
        uuid4(),
        Role.CLIENT,
        "system",
        request_id="r",
        unit_id="U1",
        other_roles=frozenset({Role.AUDITOR}),
        scopes=frozenset(ClientScope),
        purpose=Purpose.TALENT_MANAGEMENT,
    )
    again = actor_of(json.loads(json.dumps(_described(actor))))
    assert (again, again.permissions) == (actor, actor.permissions)
    assert {field.name for field in fields(Actor)} == {*_described(actor), *NOT_TAKEN_ALONG}
    talent = replace(actor, nip="198001012005011001")
    assert "198001012005011001" not in json.dumps(_described(talent))


async def test_every_job_that_can_be_deferred_has_a_task_of_its_name(database_name: str) -> None:
    async with open_queue(url_of(database_name), 1) as queue:
        assert {job.value for job in Job} <= set(queue.tasks)


async def test_the_function_that_defers_has_the_form_it_is_called_with(database_name: str) -> None:
    [function] = await as_superuser(
        "SELECT pg_get_function_arguments('procrastinate_defer_jobs_v1'::regproc) AS takes", database_name
    )
    assert function["takes"] == "jobs procrastinate_job_to_defer_v1[]"
    parts = await as_superuser(
        """SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute
           WHERE attrelid = 'procrastinate_job_to_defer_v1'::regclass ORDER BY attnum""",
        database_name,
    )
    assert [tuple(part) for part in parts] == [
        ("queue_name", "character varying"),
        ("task_name", "character varying"),
        ("priority", "integer"),
        ("lock", "text"),
        ("queueing_lock", "text"),
        ("args", "jsonb"),
        ("scheduled_at", "timestamp with time zone"),
    ]


@pytest.mark.parametrize("url", [url_of, lambda name: url_of(name, "postgres")], ids=["application", "superuser"])
async def test_the_worker_is_the_application_whoever_lets_it_in(url, database_name: str) -> None:
    async with open_queue(url(database_name), 1) as queue:
        row = await queue.connector.execute_query_one_async("SELECT current_user AS it")
        assert row == {"it": APPLICATION_ROLE}
