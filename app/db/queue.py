"""defer(): work for later, as a job row in your transaction; it exists exactly if what it belongs to does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Text, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.actors import Actor, ClientScope, Role
from app.domain.errors import NotFound
from app.domain.jobs import State
from app.domain.purposes import Purpose


class Job(StrEnum):
    """The work that can be deferred; each is a task of the same name (`app.jobs.tasks`)."""

    RUN_CALCULATION = "run_calculation"
    RUN_MOVEMENT = "run_movement"
    RUN_REHEARSAL = "run_rehearsal"
    RECALCULATE_PLANS = "recalculate_plans"
    ASSESS_MOBILITY = "assess_mobility"
    FREEZE_MOBILITY = "freeze_mobility"
    RUN_MOBILITY = "run_mobility"
    REHEARSE_MOBILITY = "rehearse_mobility"
    VERIFY_MOBILITY = "verify_mobility"
    SYNC_SIASN = "sync_siasn"
    PUSH_PLACEMENTS = "push_placements"
    DELIVER_WEBHOOK = "deliver_webhook"


class Queue(StrEnum):
    """Lanes of workers: each does its own work, however long the others take."""

    DEFAULT = "default"
    WEBHOOKS = "webhooks"
    """Waiting for the receivers of others."""


async def defer(tx: AsyncSession, actor: Actor, job: Job, **arguments: UUID | str | int | None) -> None:
    """Have a job done on behalf of somebody once the transaction is committed. Arguments are ids, never people's data.

    A job may be done twice, as after a crash: what it calls has to see to that.
    """
    await _defer(tx, actor, job, None, arguments)


async def defer_once(tx: AsyncSession, actor: Actor, job: Job, lock: str, **arguments: UUID | str | int | None) -> None:
    """The same of a job under a lock: one at a time is done, and one that waits already is enough.

    It is begun after this transaction, and so sees what it changed.
    """
    await _defer(tx, actor, job, lock, arguments)


async def _defer(
    tx: AsyncSession, actor: Actor, job: Job, lock: str | None, arguments: Mapping[str, UUID | str | int | None]
) -> None:
    told = {name: str(value) if isinstance(value, UUID) else value for name, value in arguments.items()}
    queue = Queue.WEBHOOKS if job is Job.DELIVER_WEBHOOK else Queue.DEFAULT
    values = {"job": job.value, "arguments": json.dumps({"actor": _described(actor), **told}), "lock": lock}
    await tx.execute(DEFER, {**values, "queue": queue.value})


DEFER = text("""
    WITH waiting AS (
        SELECT FROM procrastinate_jobs WHERE lock = CAST(:lock AS text) AND task_name = :job AND status = 'todo'
        FOR SHARE)
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS varchar), CAST(:job AS varchar), 0, CAST(:lock AS text), NULL, CAST(:arguments AS jsonb), NULL
    )::procrastinate_job_to_defer_v1])
    WHERE NOT EXISTS (SELECT FROM waiting)""")
"""Workers pass over a row that is locked, as the one that waits is until the transaction ends."""


@dataclass(frozen=True, slots=True)
class Held:
    """A job that nobody takes, ends or begins anew until the transaction is over; `about` are the ids it was given."""

    id: int
    kind: str
    state: State
    about: Mapping[str, str]


async def hold_job(tx: AsyncSession, job_id: int) -> Held:
    """A job of the institution that the transaction is in; `NotFound` for every other one."""
    row = (await tx.execute(HOLD, {"job": job_id})).one_or_none()
    if row is None:
        raise NotFound("job.not_found")
    about = {name: value for name, value in row.args.items() if name.endswith("_id") and _is_id(value)}
    is_new = row.status == "todo" and row.attempts == 0
    return Held(job_id, row.task_name, State.WAITING if is_new else STATES.get(row.status, State.CANCELLED), about)


async def begin_anew(tx: AsyncSession, job_id: int) -> None:
    """Have a held job done as if it had never been tried; workers hear of it."""
    queue = await tx.scalar(BEGIN_ANEW, {"job": job_id})
    await tx.execute(TELL_WORKERS, {"queue": queue, "notice": json.dumps({"type": "job_inserted", "job_id": job_id})})


async def drop(tx: AsyncSession, job_id: int) -> None:
    """Have a held job never done."""
    await tx.execute(DROP, {"job": job_id})


HOLD = text("""
    SELECT task_name, status::text AS status, attempts, args FROM procrastinate_jobs
    WHERE id = :job AND args -> 'actor' ->> 'institution_id' = current_institution()::text
    FOR UPDATE""").columns(column("task_name", Text), column("status", Text), column("attempts"), column("args", JSONB))
BEGIN_ANEW = text("""
    UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL, worker_id = NULL
    WHERE id = :job RETURNING queue_name""")
TELL_WORKERS = text("SELECT pg_notify('procrastinate_queue_v1#' || CAST(:queue AS text), :notice)")
DROP = text("UPDATE procrastinate_jobs SET status = 'cancelled', scheduled_at = NULL WHERE id = :job")
STATES = {"todo": State.RETRYING, "doing": State.RUNNING, "succeeded": State.DONE, "failed": State.FAILED}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _is_id(value: object) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _described(actor: Actor) -> dict[str, object]:
    """Who acts, without an employee number: no job acts as a talent."""
    return {
        "institution_id": str(actor.institution_id),
        "role": actor.role.value,
        "subject": actor.subject,
        "request_id": actor.request_id,
        "unit_id": actor.unit_id,
        "other_roles": sorted(role.value for role in actor.other_roles),
        "scopes": sorted(scope.value for scope in actor.scopes),
        "purpose": actor.purpose.value if actor.purpose else None,
    }


def actor_of(described: Mapping[str, Any]) -> Actor:
    """The actor that a job was deferred for."""
    return Actor(
        institution_id=UUID(described["institution_id"]),
        role=Role(described["role"]),
        subject=described["subject"],
        request_id=described["request_id"],
        unit_id=described["unit_id"],
        other_roles=frozenset(Role(role) for role in described["other_roles"]),
        scopes=frozenset(ClientScope(scope) for scope in described["scopes"]),
        purpose=Purpose(described["purpose"]) if described["purpose"] else None,
    )
