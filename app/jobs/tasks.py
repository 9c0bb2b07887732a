"""What the worker does: one thin task per kind of deferred work; each calls one service function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from procrastinate import JobContext

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.db.database import Database
from app.db.queue import actor_of
from app.jobs.shares import Shares
from app.services import (
    cycles,
    mobility_assessments,
    mobility_rehearsals,
    mobility_runs,
    mobility_verifications,
    movements,
    rehearsals,
    siasn_pushes,
    siasn_runs,
    succession_plans,
    webhook_deliveries,
)
from app.services.rehearsals import RehearseRubric

Described = Mapping[str, object]
"""An actor, as `app.db.queue` writes one."""
DATABASE, SEALING, DESTINATIONS = "database", "sealing", "destinations"  # their keys in the context of a job
SHARES = "shares"
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """How long what is over is known: jobs, delivered events, events that nobody took, and the people of syncs."""

    jobs: timedelta = timedelta(days=14)
    deliveries: timedelta = timedelta(days=30)
    dead_letters: timedelta = timedelta(days=90)
    syncs: timedelta = timedelta(days=180)


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


async def deliver_webhook(context: JobContext, actor: Described, webhook_id: str) -> None:
    """One turn of a subscription to events."""
    somebody, shares = actor_of(actor), context.additional_context[SHARES]
    if not isinstance(shares, Shares):
        raise TypeError("the worker says who may take how much of a lane")
    with shares.taken_by(somebody.institution_id) as may_begin:
        if may_begin:  # else within two seconds, as whatever is due
            await webhook_deliveries.deliver_webhook(
                _database(context), somebody, _sealing(context), _destinations(context), UUID(webhook_id)
            )


async def sync_siasn(context: JobContext, actor: Described, sync_id: str) -> None:
    """Carry out a sync with SIASN."""
    await siasn_runs.run_siasn_sync(
        _database(context), actor_of(actor), _sealing(context), _destinations(context), UUID(sync_id)
    )


async def push_placements(context: JobContext, actor: Described, push_id: str) -> None:
    """Hand the placements of a cycle over to SIASN."""
    await siasn_pushes.run_siasn_push(
        _database(context), actor_of(actor), _sealing(context), _destinations(context), UUID(push_id)
    )


async def forget_answers(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget what was answered under idempotency keys that have expired."""
    await _database(context).forget_answers()


async def forget_listings(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget who wanted to move, where the consent to be listed has ended."""
    await _database(context).forget_mobility_listings()


async def forget_deliveries(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget which events were delivered, or given up, long ago, and secrets of subscriptions that ended."""
    kept = _kept(context)
    await _database(context).forget_webhook_deliveries(kept.deliveries, kept.dead_letters)


async def forget_syncs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget what became of whom in syncs with SIASN that ended long ago."""
    await _database(context).forget_siasn_people(_kept(context).syncs)


async def forget_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the schedule's
    """Forget jobs that ended some days ago."""
    await _database(context).forget_jobs(_kept(context).jobs)


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
    deliver_webhook,
    sync_siasn,
    push_placements,
)


FORGETTING = (forget_answers, forget_deliveries, forget_jobs, forget_listings, forget_syncs)


def _database(context: JobContext) -> Database:
    database = context.additional_context[DATABASE]
    if not isinstance(database, Database):
        raise TypeError("the worker gives every job its database")
    return database


def _kept(context: JobContext) -> Kept:
    kept = context.additional_context[KEPT]
    if not isinstance(kept, Kept):
        raise TypeError("the worker tells how long what is over is kept")
    return kept


def _sealing(context: JobContext) -> Sealing:
    sealing = context.additional_context[SEALING]
    if not isinstance(sealing, Sealing):
        raise TypeError("the worker gives every job what opens secrets")
    return sealing


def _destinations(context: JobContext) -> Destinations:
    destinations = context.additional_context[DESTINATIONS]
    if not isinstance(destinations, Destinations):
        raise TypeError("the worker tells every job whom it may speak to")
    return destinations
