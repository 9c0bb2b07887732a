"""The execution of a campaign: every move of its published run becomes a case, chain by chain and cycle by cycle."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, true

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.mobility_runs import MobilityRunRow
from app.domain.actors import Actor, Permission
from app.domain.errors import Conflict
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityCasesOpened
from app.domain.revisions import Expected
from app.services import mobility_campaigns


async def open_mobility_cases(
    db: Database, actor: Actor, campaign_id: UUID, *, expected: Expected | None = None
) -> None:
    """Begin to carry out a published campaign: a case for every move, all planned for the campaign's common day.

    Each goes the way of approvals of its own institutions. Nobody leaves before the seat ahead, or a whole cycle, is
    decreed; where somebody withdraws, those behind in a chain keep their seat, and a cycle falls.
    """
    actor.require(Permission.ORGANISE_MOBILITY)
    async with db.write_as(actor) as tx:
        campaign = await mobility_campaigns._hold(tx, actor, campaign_id, expected)  # noqa: SLF001 - a service composes another's steps
        if State(campaign.state) is State.PUBLISHED:
            run = MobilityRunRow
            found = select(run.id).where(run.campaign_id == campaign_id, run.is_first.is_(true()))
            run_id = await tx.scalar(found)
            if run_id is None:
                raise Conflict("mobility_case.no_run")
            told = (campaign.legal_basis, db.now(), actor.subject, actor.role.value)
            opened = await tx.scalar(select(func.open_mobility_cases(campaign_id, run_id, *told)))
            await record(tx, actor, MobilityCasesOpened(campaign_id, run_id, opened or 0))
        await mobility_campaigns._enter(tx, db, actor, campaign, State.EXECUTING)  # noqa: SLF001
