"""The worker does what was deferred, once or twice, goes on after crashes, and tells of it by ids alone."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from procrastinate.jobs import Job as Tried
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from app.db.database import Database, open_database
from app.db.queue import Job
from app.db.whole_ledger import open_ledger
from app.dev.installation import OWNER_ROLE
from app.domain.actors import Actor
from app.jobs.logs import tell_of_jobs
from app.jobs.worker import open_queue, work
from app.services import calculation, cycles
from app.services import jobs as service
from tests.conftest import SEALING, a_worker, as_superuser, url_of
from tests.cycles import a_cycle, some_talents
from tests.factories import an_institution, officer


async def until(answers: Callable[[], Awaitable[bool]], patience: float = 60) -> None:
    async with asyncio.timeout(patience):
        while not await answers():  # noqa: ASYNC110 - what changes is in the database
            await asyncio.sleep(0.02)


async def an_office(db: Database, folder: Path) -> tuple[Actor, UUID]:
    actor = officer(await an_institution(db))
    await some_talents(db, actor, folder, None)
    return actor, await a_cycle(db, actor)


async def state_of(db: Database, actor: Actor, calculation_id: UUID) -> str:
    told = json.loads(await calculation.calculation_document(db, actor, calculation_id))
    return str(told["state"])


async def jobs(database: str) -> list[tuple[str, str]]:
    """What was deferred for somebody; what workers do by the clock is not."""
    asked = "SELECT task_name, status FROM procrastinate_jobs WHERE args ? 'actor' ORDER BY id"
    rows = await as_superuser(asked, database)
    return [(row["task_name"], row["status"]) for row in rows]


async def test_what_is_deferred_is_done_and_its_job_is_kept_for_some_days(
    own_database_name: str, tmp_path: Path
) -> None:
    async with open_database(url_of(own_database_name)) as db, a_worker(own_database_name):
        actor, cycle_id = await an_office(db, tmp_path / "office")
        tell_of_jobs()
        with capture_logs() as logs:
            calculation_id = await cycles.start_calculation(db, actor, cycle_id)
            await until(lambda: is_done(db, actor, calculation_id))
            await until(lambda: are_ended(own_database_name))
            assert await jobs(own_database_name) == [("run_calculation", "succeeded")]
            await db.forget_jobs(timedelta(minutes=1))
            assert await jobs(own_database_name) == [("run_calculation", "succeeded")]
            await db.forget_jobs(timedelta(0))
            assert await jobs(own_database_name) == []
    told = [entry for entry in logs if entry["event"].startswith("job.")]
    assert [entry["event"] for entry in told] == ["job.started", "job.done"]
    assert {entry["calculation_id"] for entry in told} == {str(calculation_id)}
    assert {entry["job"] for entry in told} == {"run_calculation"}
    assert "officer" not in json.dumps(logs, default=str)


async def is_done(db: Database, actor: Actor, calculation_id: UUID) -> bool:
    return await state_of(db, actor, calculation_id) == "done"


async def are_ended(database: str) -> bool:
    return all(status not in ("todo", "doing") for _, status in await jobs(database))


async def test_the_ledger_is_chained_by_itself(own_database_name: str, tmp_path: Path) -> None:
    async with open_database(url_of(own_database_name)) as db, a_worker(own_database_name):
        await an_office(db, tmp_path / "office")
        await until(lambda: is_chained(own_database_name), 60)


async def is_chained(database: str) -> bool:
    async with open_ledger(url_of(database, OWNER_ROLE)) as whole:
        return await whole.count() > 0 and [one async for one in whole.unchained()] == []


async def test_the_job_of_a_killed_worker_is_done_by_another(own_database_name: str, tmp_path: Path) -> None:
    async with open_database(url_of(own_database_name)) as db:
        actor, cycle_id = await an_office(db, tmp_path / "office")
        calculation_id = await cycles.start_calculation(db, actor, cycle_id)
        await as_superuser(
            """WITH dead AS (
                   INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '31 s') RETURNING id)
               UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead""",
            own_database_name,
        )
        await as_superuser(
            "UPDATE calculation SET state = 'running', heartbeat_at = now() - interval '61 s'", own_database_name
        )
        assert await state_of(db, actor, calculation_id) == "interrupted"
        stopped = asyncio.Event()
        working = asyncio.create_task(work(url_of(own_database_name), stopped, SEALING))
        await until(lambda: is_done(db, actor, calculation_id))
        stopped.set()
        await working


async def test_a_worker_that_is_stopped_leaves_its_job_to_the_next_one(
    own_database_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.worker.GRACE", 0.05)
    begun, halfway = asyncio.Event(), calculation._calculate_batch

    async def forever(*_: object) -> None:
        begun.set()
        await asyncio.sleep(3600)

    async with open_database(url_of(own_database_name)) as db:
        actor, cycle_id = await an_office(db, tmp_path / "office")
        calculation_id = await cycles.start_calculation(db, actor, cycle_id)
        monkeypatch.setattr(calculation, "_calculate_batch", forever)
        stopped = asyncio.Event()
        working = asyncio.create_task(work(url_of(own_database_name), stopped, SEALING))
        await asyncio.wait_for(begun.wait(), 60)
        stopped.set()
        await asyncio.wait_for(working, 60)
        assert await state_of(db, actor, calculation_id) == "queued"
        assert await jobs(own_database_name) == [("run_calculation", "todo")]
        monkeypatch.setattr(calculation, "_calculate_batch", halfway)
        await as_superuser("UPDATE procrastinate_jobs SET scheduled_at = NULL", own_database_name)
        stopped = asyncio.Event()
        working = asyncio.create_task(work(url_of(own_database_name), stopped, SEALING))
        await until(lambda: is_done(db, actor, calculation_id))
        stopped.set()
        await working


async def test_a_worker_goes_on_after_its_connections_were_cut(own_database_name: str, tmp_path: Path) -> None:
    async with open_database(url_of(own_database_name)) as db, a_worker(own_database_name):
        actor, cycle_id = await an_office(db, tmp_path / "office")
        await as_superuser(
            f"""SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{own_database_name}'
                AND application_name = 'nusatalenta worker'""",  # noqa: S608 - our own name
        )
        calculation_id = await cycles.start_calculation(db, actor, cycle_id)
        await until(lambda: is_done(db, actor, calculation_id), 30)


async def test_work_that_loses_its_connection_in_the_middle_is_done_once_it_is_back(
    own_database_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halfway, cut = calculation._calculate_batch, []

    async def cut_once(tx: AsyncSession, *rest: Any) -> None:
        await halfway(tx, *rest)
        if not cut:
            pid = await tx.scalar(text("SELECT pg_backend_pid()"))
            cut.append(await as_superuser(f"SELECT pg_terminate_backend({pid})"))

    async with open_database(url_of(own_database_name)) as db, a_worker(own_database_name):
        actor, cycle_id = await an_office(db, tmp_path / "office")
        monkeypatch.setattr(calculation, "_calculate_batch", cut_once)
        calculation_id = await cycles.start_calculation(db, actor, cycle_id)
        await until(lambda: is_done(db, actor, calculation_id), 30)
        [job] = json.loads(await service.jobs_page(db, actor))["edges"]
    assert cut
    assert (job["node"]["attempts"], job["node"]["lastFailure"]["code"]) == (2, "job.unavailable")


async def test_what_fails_is_tried_again_later_but_not_for_ever(database_name: str) -> None:
    async with open_queue(url_of(database_name), 1) as queue:
        for job in Job:
            strategy = queue.tasks[job.value].retry_strategy
            assert strategy is not None
            about = {"id": 1, "queue": "default", "lock": None, "queueing_lock": None, "task_name": job.value}
            tries = [Tried(**about, attempts=count) for count in range(9)]
            again = [strategy.get_retry_decision(exception=OSError(), job=one) for one in tries]
            moments = [one.retry_at for one in again if one is not None]
            assert (moments, again[-1]) == (sorted(moments), None)
            assert len(moments) == 8


def test_nothing_of_the_queue_reaches_the_log_but_ids() -> None:
    tell_of_jobs()
    job = {"id": 7, "task_name": "run_calculation", "attempts": 1, "call_string": "x(actor='budi')"}
    job["task_kwargs"] = {"actor": {"subject": "budi", "request_id": "r"}, "calculation_id": "c", "code": "x"}
    with capture_logs() as logs:
        logging.getLogger("procrastinate.worker").error("budi failed", extra={"action": "job_error", "job": job})
        logging.getLogger("procrastinate.periodic").info("deferred budi", extra={"action": "periodic_task_deferred"})
    assert logs == [
        {
            "event": "job.failed",
            "log_level": "error",
            "job": "run_calculation",
            "job_id": 7,
            "attempt": 1,
            "request": "r",
            "calculation_id": "c",
        }
    ]
