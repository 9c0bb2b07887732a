"""The worker: does deferred work and chains the ledger until it is stopped; the composition root of both."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy

from app.auth.sealing import Sealing
from app.db.database import Database, PoolSizes, open_database
from app.db.policies import APPLICATION_ROLE
from app.domain.errors import Unavailable
from app.jobs.logs import tell_of_jobs
from app.jobs.tasks import DATABASE, SEALING, SILENT, TASKS, forget_answers, forget_listings, retry_stalled_jobs
from app.observability import set_up_logs
from app.settings import Settings, sealing_of

GRACE = 8.0  # seconds that a running job has to end when the worker is stopped; then it is left to the next worker
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2)  # after 2, 4, 8 … seconds: eight minutes altogether
EVERY = "* * * * * */20"  # seconds last: how often jobs of dead workers are looked for
HOURLY = "7 * * * *"  # how often expired idempotency keys are forgotten
CHAIN_EVERY = 1.0  # seconds
LINKS_AT_ONCE = 1000
SOON = 2.0  # seconds to wait for a connection, also when the worker is stopped because the database is
PAUSE = 1.0  # seconds before the worker goes on after it lost its database
logger = structlog.get_logger("worker")


def work_until_stopped(settings: Settings, database_url: str) -> None:
    """Work until SIGTERM or Ctrl-C; running jobs get some seconds."""
    set_up_logs(settings.log_format)
    tell_of_jobs()
    asyncio.run(_work_until_signalled(settings, database_url, sealing_of(settings)))


async def _work_until_signalled(settings: Settings, database_url: str, sealing: Sealing) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await work(database_url, stopped, sealing, at_once=settings.worker_jobs)


async def work(database_url: str, stopped: asyncio.Event, sealing: Sealing, *, at_once: int = 2) -> None:
    """Work until `stopped` is set. A database that goes away meanwhile is waited for."""
    sizes = PoolSizes(
        documents=2, transactions=2 * at_once + 1
    )  # a job writes in one and tells how far it is in another
    async with open_database(database_url, sizes) as database, open_queue(database_url, at_once) as queue:
        logger.info("worker.started", jobs=at_once)
        chaining = asyncio.create_task(_keep_chaining(database))
        try:
            while not stopped.is_set():
                await _do_jobs(queue, {DATABASE: database, SEALING: sealing}, stopped, at_once)
        finally:
            chaining.cancel()
            await asyncio.gather(chaining, return_exceptions=True)
        logger.info("worker.stopped")


@asynccontextmanager
async def open_queue(database_url: str, at_once: int) -> AsyncIterator[App]:
    """The queue with every task in it, connected as the application's role."""
    connector = PsycopgConnector(
        conninfo=database_url,
        kwargs={"options": f"-c role={APPLICATION_ROLE}", "application_name": "nusatalenta worker"},
        min_size=1,
        max_size=at_once + 2,
        timeout=SOON,
    )
    queue = App(connector=connector)
    for task in TASKS:
        queue.task(name=task.__name__, pass_context=True, retry=AGAIN)(task)
    rescue = queue.task(name=retry_stalled_jobs.__name__, pass_context=True, queueing_lock="retry_stalled_jobs")
    queue.periodic(cron=EVERY)(rescue(retry_stalled_jobs))
    for forget in (forget_answers, forget_listings):
        clearing = queue.task(name=forget.__name__, pass_context=True, queueing_lock=forget.__name__)
        queue.periodic(cron=HOURLY)(clearing(forget))
    async with queue.open_async():
        yield queue


async def _do_jobs(queue: App, given: Mapping[str, object], stopped: asyncio.Event, at_once: int) -> None:
    """Do jobs until stopped, or until the database goes away."""
    doing = asyncio.create_task(
        queue.run_worker_async(
            concurrency=at_once,
            additional_context=dict(given),
            install_signal_handlers=False,
            shutdown_graceful_timeout=GRACE,
            stalled_worker_timeout=SILENT,
            delete_jobs="successful",
        )
    )
    waiting = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait((doing, waiting), return_when=asyncio.FIRST_COMPLETED)
    finally:
        doing.cancel()
        waiting.cancel()
        [failure, _] = await asyncio.gather(doing, waiting, return_exceptions=True)
    if not stopped.is_set():
        logger.warning("worker.interrupted", error=type(failure).__name__)
        await asyncio.sleep(PAUSE)


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
