"""Workers that are killed for real, at places where it hurts: their work is done by the next one, once and whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from app.db.database import Database, open_database
from app.db.failpoints import Failpoint
from app.db.queue import Job, defer
from app.dev.kills.processes import WORKER, Process
from app.domain.actors import Actor
from app.domain.jobs import MOST_ATTEMPTS
from app.domain.mobility_campaigns import State
from app.services import calculation, cycles, jobs, mobility_runs
from app.services.mobility_runs import FreezeMobilityCampaign, StartMobilityRun
from tests.conftest import as_superuser, url_of
from tests.cycles import a_cycle, some_talents
from tests.factories import a_placed_talent, an_institution, officer, rows_of
from tests.mobility import EARLY, a_campaign, advanced, national
from tests.mobility_results import VALUE, Round, _hall

SILENCE = 3
Start = Callable[[str, str | None], Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Begin a real worker on a database, to be killed at a failpoint."""
    told = {"ENVIRONMENT": "development", "DATA_DIR": str(tmp_path), "WORKER_SILENCE_SECONDS": str(SILENCE)}
    begun: list[Process] = []

    def begin(database: str, failpoint: str | None) -> Process:
        process = Process(WORKER, f"worker-{len(begun)}", url_of(database), tmp_path, told)
        begun.append(process)
        process.start(failpoint)
        return process

    yield begin
    for process in begun:
        process.kill()


async def until(is_so: Callable[[], bool | Awaitable[bool]], patience: float = 40) -> None:
    async with asyncio.timeout(patience):
        while not (found if isinstance(found := is_so(), bool) else await found):  # noqa: ASYNC110 - it is elsewhere
            await asyncio.sleep(0.02)


async def newest_job(db: Database, actor: Actor) -> dict[str, object]:
    [edge] = json.loads(await jobs.jobs_page(db, officer(actor), first=1))["edges"]
    told: dict[str, object] = edge["node"]
    return told


async def no_sign_of_life(database: str) -> None:
    """As if a minute had passed since: work under way is taken over after that."""
    for table in ("calculation", "mobility_work"):
        await as_superuser(f"UPDATE {table} SET heartbeat_at = heartbeat_at - interval '61 s'", database)  # noqa: S608


async def of_type(database: str, kind: str) -> int:
    [row] = await as_superuser(f"SELECT count(*) AS n FROM ledger_entry WHERE type = '{kind}'", database)  # noqa: S608
    return int(row["n"])


@pytest.mark.parametrize(
    "where", [Failpoint.JOB_BEGUN, Failpoint.LEDGER_RECORDED, Failpoint.WRITE_COMMITTED, Failpoint.JOB_DONE]
)
async def test_a_calculation_whose_worker_was_killed_is_done_once(
    where: Failpoint, own_database_name: str, tmp_path: Path, start: Start
) -> None:
    async with open_database(url_of(own_database_name)) as db:
        actor = officer(await an_institution(db))
        await some_talents(db, actor, tmp_path / "office", None)
        calculation_id = await cycles.start_calculation(db, actor, await a_cycle(db, actor))
        killed = start(own_database_name, f"{where}:1")
        await until(killed.is_dead)
        assert (await newest_job(db, actor))["state"] == "running"
        await no_sign_of_life(own_database_name)
        start(own_database_name, None)

        async def is_done() -> bool:
            return (await newest_job(db, actor))["state"] == "done"

        await until(is_done)
        told = json.loads(await calculation.calculation_document(db, actor, calculation_id))
        assert (told["state"], told["error"]) == ("done", None)
        job = await newest_job(db, actor)
        assert (job["attempts"], job["lastFailure"]["code"]) == (2, "job.killed")  # type: ignore[index]
    assert await of_type(own_database_name, "cycleCalculated") == 1


async def test_a_round_whose_workers_were_killed_is_frozen_and_run_once(
    own_database_name: str, tmp_path: Path, start: Start
) -> None:
    async with open_database(url_of(own_database_name)) as db:
        organiser, campaign_id = await a_collected_round(db, own_database_name, tmp_path / "office")

        async def is_succeeded(document: Callable[[], Awaitable[bytes]]) -> bool:
            told = json.loads(await document())
            assert told["error"] is None
            return bool(told["state"] == "succeeded")

        async def through_a_kill(where: Failpoint, document: Callable[[], Awaitable[bytes]]) -> None:
            killed = start(own_database_name, f"{where}:1")
            await until(killed.is_dead)
            await no_sign_of_life(own_database_name)
            another = start(own_database_name, None)
            await until(lambda: is_succeeded(document))
            another.kill()

        await as_superuser("DELETE FROM procrastinate_jobs", own_database_name)
        freeze = FreezeMobilityCampaign(is_early=True, because=EARLY)
        await mobility_runs.freeze_mobility_campaign(db, organiser, campaign_id, freeze)
        await through_a_kill(
            Failpoint.LEDGER_RECORDED, lambda: mobility_runs.mobility_freeze_document(db, organiser, campaign_id)
        )
        run_id = await mobility_runs.start_mobility_run(db, organiser, campaign_id, StartMobilityRun(value=VALUE))
        await through_a_kill(Failpoint.JOB_DONE, lambda: mobility_runs.mobility_run_document(db, organiser, run_id))
    for kind in ("mobilityCampaignFrozen", "mobilityRunFinished"):
        assert await of_type(own_database_name, kind) == 1


async def a_collected_round(db: Database, database: str, folder: Path) -> tuple[Actor, UUID]:
    """A campaign with one wish, which can be frozen."""
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, folder)
    organiser = national(actor)
    campaign_id = await a_campaign(db, organiser)
    await advanced(db, organiser, campaign_id, State.COLLECTING)
    [talent] = await rows_of(db, actor, "SELECT id FROM talent WHERE nip = $1", nip)
    async with _hall(database, Round(organiser, actor, actor, campaign_id)) as hall:
        await hall.offers("Rumah", 0, actor)
        await hall.offers("Cemara", 1, actor)
        await hall.wishes("Ani", "Rumah", [("Cemara", 55, None)], talent["id"])
    await advanced(db, organiser, campaign_id, State.CORRECTION)
    return organiser, campaign_id


async def test_a_job_that_kills_its_workers_ends_and_stops_no_other(own_database_name: str, start: Start) -> None:
    async with open_database(url_of(own_database_name)) as db:
        poisoned, other = officer(await an_institution(db)), officer(await an_institution(db))
        async with db.write_as(poisoned) as tx:
            await defer(tx, poisoned, Job.VERIFY_MOBILITY)
        await as_superuser(f"UPDATE procrastinate_jobs SET attempts = {MOST_ATTEMPTS - 1}", own_database_name)  # noqa: S608
        killed = start(own_database_name, f"{Failpoint.JOB_BEGUN}:1")
        await until(killed.is_dead)
        async with db.write_as(other) as tx:
            await defer(tx, other, Job.VERIFY_MOBILITY)
        start(own_database_name, None)

        async def are_over() -> bool:
            states = [(await newest_job(db, one))["state"] for one in (poisoned, other)]
            return states == ["failed", "done"]

        await until(are_over)
        assert (await newest_job(db, poisoned))["lastFailure"]["code"] == "job.killed"  # type: ignore[index]


async def test_a_job_is_taken_away_only_from_the_dead_and_by_one_at_a_time(own_database_name: str) -> None:
    async with open_database(url_of(own_database_name)) as db:
        actor = officer(await an_institution(db))
        for _ in range(3):
            async with db.write_as(actor) as tx:
                await defer(tx, actor, Job.VERIFY_MOBILITY)
        await as_superuser(
            """WITH workers AS (
                   INSERT INTO procrastinate_workers (last_heartbeat)
                   VALUES (now()), (now() - interval '31 s') RETURNING id)
               UPDATE procrastinate_jobs j SET status = 'doing', worker_id = given.worker
               FROM (SELECT id AS job, (SELECT array_agg(id ORDER BY id) FROM workers)[1 + n % 2] AS worker
                     FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM procrastinate_jobs) numbered) given
               WHERE j.id = given.job""",
            own_database_name,
        )
        rescued = await asyncio.gather(*(db.rescue_jobs(30, MOST_ATTEMPTS) for _ in range(4)))
        assert sum(rescued) == 2
        assert await db.rescue_jobs(30, MOST_ATTEMPTS) == 0
        assert [(one.state, one.jobs) for one in await db.count_jobs()] == [("retrying", 2), ("running", 1)]
