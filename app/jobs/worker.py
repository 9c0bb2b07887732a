"""The worker: does deferred work and chains the ledger until it is stopped; the composition root of both."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog
import uvloop
from procrastinate import App, PsycopgConnector

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.db.database import Database, PoolSizes, open_database
from app.db.policies import APPLICATION_ROLE
from app.db.queue import Queue
from app.domain.actors import Actor, Role
from app.domain.errors import TalentError, Unavailable
from app.domain.jobs import MOST_ATTEMPTS
from app.jobs.attempts import Again, attempt
from app.jobs.logs import tell_of_jobs
from app.jobs.shares import Shares
from app.jobs.tasks import DATABASE, DESTINATIONS, FORGETTING, KEPT, SEALING, SHARES, TASKS, Kept
from app.memory import settle
from app.observability import set_up_logs
from app.services import siasn_pushes, siasn_schedules
from app.settings import Settings, arm_failpoint, destinations_of, sealing_of

GRACE = 8.0  # seconds that a running job has to end when the worker is stopped; then it is left to the next worker
HOURLY = "7 * * * *"  # how often what has expired is forgotten
SIGNS = 3  # of life that a worker gives in the time after which it counts as dead
CHAIN_EVERY = 1.0  # seconds
WAKE_EVERY = 2.0  # seconds
LOOK_EVERY = 1.0  # seconds after which a job is found that waited for another one of the same lock
SYNC_EVERY = 30.0  # seconds between two looks for syncs that are due
LINKS_AT_ONCE = 1000
SOON = 2.0  # seconds to wait for a connection, also when the worker is stopped because the database is
PAUSE = 1.0  # seconds before the worker goes on after it lost its database
logger = structlog.get_logger("worker")


def work_until_stopped(settings: Settings, database_url: str) -> None:
    """Work until SIGTERM or Ctrl-C; running jobs get some seconds."""
    arm_failpoint(settings)
    set_up_logs(settings.log_format)
    tell_of_jobs()
    settle()
    uvloop.run(_work_until_signalled(settings, database_url))


async def _work_until_signalled(settings: Settings, database_url: str) -> None:
    sealing, destinations = sealing_of(settings), destinations_of(settings)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    kept = Kept(
        jobs=timedelta(days=settings.job_days),
        deliveries=timedelta(days=settings.delivery_days),
        dead_letters=timedelta(days=settings.dead_letter_days),
        syncs=timedelta(days=settings.siasn_sync_days),
    )
    manner = Manner(settings.worker_jobs, settings.webhook_jobs, settings.worker_silence_seconds, kept)
    await work(database_url, stopped, sealing, destinations, manner)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a worker works: how many jobs at once, and how many turns of subscriptions beside them.

    After so many seconds of silence another worker counts as dead.
    """

    at_once: int = 2
    webhooks: int = 16
    silence: float = 30.0
    kept: Kept = field(default_factory=Kept)


async def work(
    database_url: str,
    stopped: asyncio.Event,
    sealing: Sealing,
    destinations: Destinations | None = None,
    manner: Manner | None = None,
) -> None:
    """Work until `stopped` is set. A database that goes away meanwhile is waited for."""
    manner = manner or Manner()
    # a job writes in one transaction and tells how far it is in another; a turn waits for its receiver without any
    sizes = PoolSizes(documents=3, transactions=2 * manner.at_once + 1 + manner.webhooks // 4)
    async with open_database(database_url, sizes) as database, open_queue(database_url, manner.at_once) as queue:
        given = {
            DATABASE: database,
            SEALING: sealing,
            DESTINATIONS: destinations or Destinations(),
            KEPT: manner.kept,
            SHARES: Shares(manner.webhooks),
        }
        logger.info("worker.started", jobs=manner.at_once, webhooks=manner.webhooks)
        beside = [
            asyncio.create_task(_keep_chaining(database)),
            asyncio.create_task(_keep_rescuing(database, manner)),
            asyncio.create_task(_keep_waking(database)),
            asyncio.create_task(_keep_syncing(database)),
        ]
        try:
            while not stopped.is_set():
                await _do_jobs(queue, given, stopped, manner)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
        logger.info("worker.stopped")


@asynccontextmanager
async def open_queue(database_url: str, at_once: int) -> AsyncIterator[App]:
    """The queue with every task in it, connected as the application's role."""
    connector = PsycopgConnector(
        conninfo=database_url,
        kwargs={"options": f"-c role={APPLICATION_ROLE}", "application_name": "nusatalenta worker"},
        min_size=1,
        max_size=at_once + 4,  # each lane listens on one of its own
        timeout=SOON,
    )
    queue = App(connector=connector)
    for task in TASKS:
        queue.task(name=task.__name__, pass_context=True, retry=Again())(task)
    for forget in FORGETTING:
        clearing = queue.task(name=forget.__name__, pass_context=True, queueing_lock=forget.__name__)
        queue.periodic(cron=HOURLY)(clearing(forget))
    async with queue.open_async():
        yield queue


async def _do_jobs(queue: App, given: Mapping[str, object], stopped: asyncio.Event, manner: Manner) -> None:
    """Do jobs until stopped, or until the database goes away. Slow receivers of events hold up no other work."""
    lanes = [
        asyncio.create_task(
            queue.run_worker_async(
                queues=[lane.value],
                concurrency=at_once,
                fetch_job_polling_interval=LOOK_EVERY,
                additional_context=dict(given),
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE,
                update_heartbeat_interval=manner.silence / SIGNS,
                stalled_worker_timeout=manner.silence,
                worker_middleware=[attempt],
            )
        )
        for lane, at_once in ((Queue.DEFAULT, manner.at_once), (Queue.WEBHOOKS, manner.webhooks))
    ]
    waiting = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait((*lanes, waiting), return_when=asyncio.FIRST_COMPLETED)
    finally:
        failure = next((lane.exception() for lane in lanes if lane.done() and not lane.cancelled()), None)
        for task in (*lanes, waiting):
            task.cancel()
        await asyncio.gather(*lanes, waiting, return_exceptions=True)
    if not stopped.is_set():
        logger.warning("worker.interrupted", error=type(failure).__name__)
        await asyncio.sleep(PAUSE)


async def _keep_rescuing(database: Database, manner: Manner) -> None:
    """Give the jobs of dead workers to the living; several workers take turns at it, one at a time."""
    while True:
        try:
            if rescued := await database.rescue_jobs(manner.silence, MOST_ATTEMPTS):
                logger.warning("jobs.rescued", jobs=rescued)
        except Unavailable:
            logger.warning("rescue.unavailable")
        except Exception:
            logger.exception("rescue.failed")
        await asyncio.sleep(manner.silence / SIGNS)


async def _keep_chaining(database: Database) -> None:
    """Chain what was committed to the ledger; several workers take turns at it, one at a time."""
    while True:
        try:
            chained = await database.chain_ledger(LINKS_AT_ONCE)
        except Unavailable:
            logger.warning("chain.unavailable")
            chained = 0
        except Exception:
            logger.exception("chain.failed")
            chained = 0
        if chained < LINKS_AT_ONCE:
            await asyncio.sleep(CHAIN_EVERY)


async def _keep_waking(database: Database) -> None:
    """Queue deliveries that are due without anything new having happened, such as another attempt."""
    while True:
        try:
            await database.queue_due_webhooks()
        except Unavailable:
            logger.warning("webhooks.unavailable")
        except Exception:
            logger.exception("webhooks.not_queued")
        await asyncio.sleep(WAKE_EVERY)


async def _keep_syncing(database: Database) -> None:
    """Start syncs with SIASN that are due, pause those whose job is over, and end such handings over."""
    while True:
        try:
            for institution_id in await database.due_siasn_syncs():
                await _sync_one(database, institution_id)
            for institution_id in await database.left_siasn_pushes():
                await siasn_pushes.end_left_siasn_pushes(database, _service(institution_id))
        except Unavailable:
            logger.warning("syncs.unavailable")
        except Exception:
            logger.exception("syncs.not_started")
        await asyncio.sleep(SYNC_EVERY)


async def _sync_one(database: Database, institution_id: UUID) -> None:
    try:
        await siasn_schedules.keep_siasn_synced(database, _service(institution_id))
    except TalentError as error:
        logger.warning("sync.not_started", code=error.code)


def _service(institution_id: UUID) -> Actor:
    return Actor(institution_id, Role.OPERATOR, "service")
