"""What becomes of a job that fails: why is noted without a word of what it worked on, and when it is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from app.db.database import Database
from app.db.failpoints import Failpoint, reached
from app.domain.errors import TalentError, Unavailable
from app.domain.jobs import MOST_ATTEMPTS, Failure
from app.jobs.tasks import DATABASE

LONGEST_WAIT = 256  # seconds


class Again(BaseRetryStrategy):
    """After 2, 4, 8 … seconds, eight and a half minutes altogether; at once where only the worker was stopped."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None where it was tried often enough."""
        if isinstance(exception, asyncio.CancelledError | JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if job.attempts + 1 >= MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** (job.attempts + 1), LONGEST_WAIT)})


async def attempt(call_next: Callable[[], Awaitable[object]], context: JobContext, worker: Worker) -> object:  # noqa: ARG001 - as it is called
    """Do a job, and where it fails, note why before the queue ends it or has it tried again."""
    reached(Failpoint.JOB_BEGUN)
    try:
        done = await call_next()
    except Exception as error:
        failure, cause = failure_of(error)
        database = context.additional_context[DATABASE]
        if isinstance(database, Database) and context.job.id is not None:
            with suppress(Unavailable):  # then the queue cannot end it either, and it counts as killed
                await database.note_job_failure(context.job.id, failure.value, cause)
        raise
    reached(Failpoint.JOB_DONE)
    return done


def failure_of(error: Exception) -> tuple[Failure, str | None]:
    """Why a job failed, and the code of the refusal where a rule refused it."""
    if isinstance(error, Unavailable):
        return Failure.UNAVAILABLE, None
    return (Failure.REFUSED, error.code) if isinstance(error, TalentError) else (Failure.INTERNAL, None)
