"""Succession plans are calculated anew in the background wherever something that they rest on was changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.queue import Job, defer_once
from app.domain.actors import Actor, Role, as_service


async def recalculate_plans(tx: AsyncSession, actor: Actor) -> None:
    """Have the plans of the institution calculated anew where they need it, once the transaction is committed.

    Without any plan there is no job; several changes that nobody has looked at yet have one job together.
    """
    if await tx.scalar(HAS_PLANS, {"institution_id": actor.institution_id}):
        lock = f"succession plans of {actor.institution_id}"
        await defer_once(tx, as_service(actor), Job.RECALCULATE_PLANS, lock)


async def outdate_plans_of(tx: AsyncSession, institution_id: UUID) -> None:
    """The same of another institution, whose plans cannot be looked for: who left it may be in one."""
    service = Actor(institution_id, Role.OPERATOR, "service")
    await defer_once(tx, service, Job.RECALCULATE_PLANS, f"succession plans of {institution_id}")


HAS_PLANS = text("SELECT EXISTS (SELECT FROM succession_plan WHERE institution_id = :institution_id)")
