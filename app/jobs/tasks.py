"""What the worker does: one thin task per kind of deferred work; each calls one service function."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from procrastinate import JobContext

from app.db.database import Database
from app.db.queue import actor_of
from app.services import (
    cycles,
    mobility_assessments,
    mobility_rehearsals,
    mobility_runs,
    mobility_verifications,
    movements,
    rehearsals,
    succession_plans,
)
from app.services.rehearsals import RehearseRubric

Described = Mapping[str, object]
"""An actor, as `app.db.queue` writes one."""
DATABASE, SEALING = "database", "sealing"  # their keys in the context of a job


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


async def verify_mobility(context: JobContext, actor: Described) -> None:
    """Check the runs and files of an institution that wait to be checked."""
    await mobility_verifications.verify_mobility(_database(context), actor_of(actor))


async def assess_mobility(context: JobContext, actor: Described) -> None:
    """Assess the participants of an institution anew in every campaign whose wishes are closed."""
    await mobility_assessments.assess_mobility_anew(_database(context), actor_of(actor))


async def freeze_mobility(context: JobContext, actor: Described, work_id: str) -> None:
    """Freeze a mobility campaign."""
    await mobility_runs.run_mobility_freeze(_database(context), actor_of(actor), UUID(work_id))


async def run_mobility(context: JobContext, actor: Described, work_id: str) -> None:
    """Run a frozen mobility campaign."""
    await mobility_runs.run_mobility(_database(context), actor_of(actor), UUID(work_id))


async def rehearse_mobility(context: JobContext, actor: Described, work_id: str) -> None:
    """Rehearse a mobility campaign under other settings."""
    await mobility_rehearsals.run_mobility_rehearsal(_database(context), actor_of(actor), UUID(work_id))


async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Give the jobs of workers that were killed to somebody else."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT):
        await jobs.retry_job(job)


async def forget_answers(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget what was answered under idempotency keys that have expired."""
    await _database(context).forget_answers()


async def forget_listings(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget who wanted to move, where the consent to be listed has ended."""
    await _database(context).forget_mobility_listings()


SILENT = 30.0
"""Seconds without a sign of life after which a worker counts as dead."""
TASKS = (
    run_calculation,
    run_movement,
    run_rehearsal,
    recalculate_plans,
    assess_mobility,
    verify_mobility,
    freeze_mobility,
    run_mobility,
    rehearse_mobility,
)


def _database(context: JobContext) -> Database:
    database = context.additional_context[DATABASE]
    if not isinstance(database, Database):
        raise TypeError("the worker gives every job its database")
    return database
