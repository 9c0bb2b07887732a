"""What the worker does: one thin task per kind of deferred work; each calls one service function."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from procrastinate import JobContext

from app.db.database import Database
from app.db.queue import actor_of
from app.services import cycles, movements, rehearsals, succession_plans
from app.services.rehearsals import RehearseRubric

Described = Mapping[str, object]
"""An actor, as `app.db.queue` writes one."""
DATABASE = "database"  # its key in the context of a job


async def run_calculation(context: JobContext, actor: Described, calculation_id: str) -> None:
    """Carry out the calculation or recomputation of a cycle."""
    await cycles.run_calculation(_database(context), actor_of(actor), UUID(calculation_id))


async def run_movement(context: JobContext, actor: Described, calculation_id: str, earlier_cycle_id: str) -> None:
    """Compare two cycles."""
    await movements.run_movement(_database(context), actor_of(actor), UUID(calculation_id), UUID(earlier_cycle_id))


async def run_rehearsal(
    context: JobContext, actor: Described, calculation_id: str, code: str, version: int, cycle_id: str | None
) -> None:
    """Apply a rubric to a cohort."""
    command = RehearseRubric(code=code, version=version, cycle_id=UUID(cycle_id) if cycle_id else None)
    await rehearsals.run_rehearsal(_database(context), actor_of(actor), UUID(calculation_id), command)


async def recalculate_plans(context: JobContext, actor: Described) -> None:
    """Calculate the succession plans of an institution anew, where something that they rest on has changed."""
    await succession_plans.calculate_succession_plans(_database(context), actor_of(actor))


async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Give the jobs of workers that were killed to somebody else."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT):
        await jobs.retry_job(job)


async def forget_answers(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget what was answered under idempotency keys that have expired."""
    await _database(context).forget_answers()


SILENT = 30.0
"""Seconds without a sign of life after which a worker counts as dead."""
TASKS = (run_calculation, run_movement, run_rehearsal, recalculate_plans)


def _database(context: JobContext) -> Database:
    database = context.additional_context[DATABASE]
    if not isinstance(database, Database):
        raise TypeError("the worker gives every job its database")
    return database
