"""defer(): work for later, as a job row in your transaction; it exists exactly if what it belongs to does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.actors import Actor, ClientScope, Role
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


async def defer(tx: AsyncSession, actor: Actor, job: Job, **arguments: UUID | str | int | None) -> None:
    """Have a job done on behalf of somebody once the transaction is committed. Arguments are ids, never people's data.

    A job may be done twice, as after a crash: what it calls has to see to that.
    """
    await _defer(tx, actor, job, None, arguments)


async def defer_once(tx: AsyncSession, actor: Actor, job: Job, lock: str) -> None:
    """The same of a job under a lock: one at a time is done, and one that waits already is enough.

    It is begun after this transaction, and so sees what it changed.
    """
    await _defer(tx, actor, job, lock, {})


async def _defer(
    tx: AsyncSession, actor: Actor, job: Job, lock: str | None, arguments: Mapping[str, UUID | str | int | None]
) -> None:
    told = {name: str(value) if isinstance(value, UUID) else value for name, value in arguments.items()}
    values = {"job": job.value, "arguments": json.dumps({"actor": _described(actor), **told}), "lock": lock}
    await tx.execute(DEFER, values)


DEFER = text("""
    WITH waiting AS (
        SELECT FROM procrastinate_jobs WHERE lock = CAST(:lock AS text) AND task_name = :job AND status = 'todo'
        FOR SHARE)
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        'default', CAST(:job AS varchar), 0, CAST(:lock AS text), NULL, CAST(:arguments AS jsonb), NULL
    )::procrastinate_job_to_defer_v1])
    WHERE NOT EXISTS (SELECT FROM waiting)""")
"""Workers pass over a row that is locked, as the one that waits is until the transaction ends."""


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
