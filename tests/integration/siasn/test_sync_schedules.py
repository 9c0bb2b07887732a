"""Syncs that start by themselves, that stand still because their job is over, and whose worker was killed."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from app.db.database import Database, open_database
from app.db.failpoints import Failpoint
from app.dev.kills.processes import WORKER, Process
from app.dev.siasn_simulator.faults import Fails
from app.domain.actors import Actor, Role
from app.services import siasn_schedules, siasn_syncs
from app.services.siasn_syncs import MoveSiasnSync, StartSiasnSync
from app.settings import Settings, sealing_of
from tests.conftest import a_worker, as_superuser, url_of
from tests.factories import an_institution, name_of, officer, rows_of
from tests.jobs import end_jobs
from tests.siasn import a_siasn
from tests.siasn_syncs import carry_out, connect, people, report, sync, told


def service(actor: Actor) -> Actor:
    return Actor(actor.institution_id, Role.OPERATOR, "service")


async def syncs(db: Database, actor: Actor) -> list[dict[str, object]]:
    """All syncs, newest first."""
    return [edge["node"] for edge in json.loads(await siasn_syncs.siasn_syncs_page(db, officer(actor)))["edges"]]


async def test_a_sync_starts_by_itself_as_often_as_the_connection_says(db: Database) -> None:
    actor, silent = await an_institution(db), await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, silent, siasn.addresses)
        await connect(db, actor, siasn.addresses, histories=[], sync_every_hours=24)
        due = await db.due_siasn_syncs()
        assert (actor.institution_id in due, silent.institution_id in due) == (True, False)
        assert await siasn_schedules.keep_siasn_synced(db, service(silent)) is None
        started = await asyncio.gather(*(siasn_schedules.keep_siasn_synced(db, service(actor)) for _ in range(3)))
        [first] = [one for one in started if one is not None]
        assert await siasn_schedules.keep_siasn_synced(db, service(actor)) is None  # one is under way
        await carry_out(db, service(actor), first)
        [one] = await syncs(db, actor)
        assert (one["mode"], one["scope"], one["by"]) == ("incremental", "everybody", "service")
        assert await siasn_schedules.keep_siasn_synced(db, service(actor)) is None
        assert actor.institution_id not in await db.due_siasn_syncs()
        async with db.write_as(actor) as tx:
            connection = await tx.connection()
            await connection.exec_driver_sql("UPDATE siasn_sync SET requested_at = requested_at - interval '25 h'")
        second = await siasn_schedules.keep_siasn_synced(db, service(actor))
        assert second is not None
        await siasn_syncs.move_siasn_sync(db, hr, second, MoveSiasnSync(state="cancelled"))
        assert (
            await siasn_schedules.keep_siasn_synced(db, service(actor)) is None
        )  # cancelled, and not begun anew at once


async def test_a_sync_whose_job_failed_for_good_says_so_and_goes_on(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        sync_id = await siasn_syncs.start_siasn_sync(db, hr, StartSiasnSync(nips=siasn.nips))
        await siasn_schedules.keep_siasn_synced(db, service(actor))
        assert (await told(db, hr, sync_id))["state"] == "queued"
        await end_jobs(db, actor)
        assert actor.institution_id in await db.due_siasn_syncs()
        await siasn_schedules.keep_siasn_synced(db, service(actor))
        stopped = await told(db, hr, sync_id)
        assert (stopped["state"], stopped["problem"]["code"]) == ("paused", "siasn.job_over")
        assert "job" in stopped["problem"]["detail"]["en"]
        await carry_out(db, hr, sync_id)  # somebody has the job tried again
        done = await told(db, hr, sync_id)
        assert (done["state"], done["problem"], done["added"]) == ("succeeded", None, 2)


async def test_who_was_found_how_long_ago_is_forgotten_and_how_many_is_not(db: Database, database_name: str) -> None:
    actor, year = await an_institution(db), timedelta(days=365)
    hr = officer(actor)
    with a_siasn(people=3, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-jabatan"])
        siasn.fails(Fails.HTML, "rw-jabatan", nip=siasn.nips[0])
        old = await sync(db, hr, nips=siasn.nips)
        paused = await siasn_syncs.start_siasn_sync(db, hr, StartSiasnSync(nips=siasn.nips))
        await siasn_syncs.move_siasn_sync(db, hr, paused, MoveSiasnSync(state="paused"))
        whole = await told(db, hr, old)
        await db.forget_siasn_people(year)
        assert await told(db, hr, old) == whole
        await as_superuser(
            f"""UPDATE siasn_sync SET finished_at = finished_at - interval '366 days', requested_at = 'epoch'
                WHERE institution_id = '{actor.institution_id}'""",  # noqa: S608 - our id
            database_name,
        )
        await db.forget_siasn_people(year)
        after = await told(db, hr, old)
        assert after.pop("forgottenAt") is not None
        changing = ("forgottenAt", "requestedAt", "finishedAt")
        assert {name: after[name] for name in whole if name not in changing} == {
            name: value for name, value in whole.items() if name not in changing
        }
        assert (after["done"], after["added"], after["withFailures"]) == (3, 3, 1)
        assert await people(db, hr, old) == []
        assert (await report(db, hr, old))["sync"]["added"] == 3
        assert len(await people(db, hr, paused)) == 3, "who is still to come is known"


async def test_a_sync_whose_worker_was_killed_is_carried_on_by_another(own_database_name: str, tmp_path: Path) -> None:
    environment = {"ENVIRONMENT": "development", "DATA_DIR": str(tmp_path), "WORKER_SILENCE_SECONDS": "3"}
    sealing = sealing_of(Settings(environment="development", data_dir=tmp_path))
    url = url_of(own_database_name)
    workers = [Process(WORKER, name, url, tmp_path, environment) for name in ("killed", "another")]
    async with open_database(url) as db:
        actor = await an_institution(db)
        hr = officer(actor)
        with a_siasn(people=4, institution=await name_of(db, actor)) as siasn:
            await connect(
                db, actor, siasn.addresses, sealing, histories=["rw-kursus"], concurrency=1, timeout_seconds=60
            )
            nips = sorted(siasn.nips)
            siasn.fails(Fails.SLOW, "data-utama", nip=nips[2], seconds=60)
            sync_id = await siasn_syncs.start_siasn_sync(db, hr, StartSiasnSync(nips=nips))
            try:
                workers[0].start(f"{Failpoint.SYNC_CHUNK_APPLIED}:1")
                async with asyncio.timeout(60):
                    while not workers[0].is_dead():  # noqa: ASYNC110 - another process
                        await asyncio.sleep(0.1)
                cut = await told(db, hr, sync_id)
                assert (cut["state"], cut["done"]) == ("running", 2)
                before = await talents(db, hr)
                siasn.simulator.faults.clear()
                silent = "UPDATE siasn_sync SET heartbeat_at = heartbeat_at - interval '61 s'"
                await as_superuser(silent, own_database_name)
                workers[1].start(None)
                async with asyncio.timeout(60):
                    while (await told(db, hr, sync_id))["state"] != "succeeded":  # noqa: ASYNC110 - another process
                        await asyncio.sleep(0.1)
            finally:
                for worker in workers:
                    worker.kill()
            done = await told(db, hr, sync_id)
            assert (done["done"], done["added"]) == (4, 4)
            assert (await talents(db, hr))[:2] == before
            assert [siasn.asked.nips[nip] for nip in nips[:2]] == [2, 2]  # profile and history, once
            entries = "SELECT count(*) AS n FROM ledger_entry WHERE type = 'siasnPeopleTaken'"
            [row] = await as_superuser(entries, own_database_name)
            assert row["n"] == 2


async def talents(db: Database, actor: Actor) -> list[tuple[UUID, str]]:
    return [tuple(row) for row in await rows_of(db, actor, "SELECT id, nip FROM talent ORDER BY nip")]


async def test_a_worker_starts_what_is_due_and_carries_it_out(own_database_name: str) -> None:
    async with open_database(url_of(own_database_name)) as db:
        actor = await an_institution(db)
        with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
            await connect(db, actor, siasn.addresses, histories=[], sync_every_hours=1)
            async with a_worker(own_database_name), asyncio.timeout(30):
                while [one["state"] for one in await syncs(db, actor)] != ["succeeded"]:  # noqa: ASYNC110 - it is told by a database
                    await asyncio.sleep(0.1)
