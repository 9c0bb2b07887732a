"""Seats that mobility takes up: those that are reserved, those that cases are to fill, and those open in campaigns."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.db.post_seats import reserved
from app.db.tables.mobility import MobilityCampaignRow, MobilityOfferRow
from app.db.tables.mobility_cases import MobilityCaseRow
from app.db.tables.posts import PostRow
from app.domain.mobility_campaigns import State as Campaign
from app.domain.mobility_cases import RUNNING
from app.domain.mobility_moves import Kind

_CARRIED_OUT = (Campaign.EXECUTING.value, Campaign.CLOSED.value, Campaign.CANCELLED.value)


async def promised_seats(tx: AsyncSession, institution_id: UUID, post_id: UUID) -> int:
    """Empty seats that are open in campaigns, and that cases which still run are to fill."""
    asked = select(func.count()).where(*_at(institution_id, post_id), _is_filling())
    offer = MobilityOfferRow
    offered = open_seats().where(offer.institution_id == institution_id, offer.post_id == post_id)
    return (await tx.scalar(asked) or 0) + (await tx.scalar(offered) or 0)


def seats_of_cases() -> ColumnElement[int]:
    """Of posts that a statement looks at: both the reserved seats and those that cases are to fill."""
    filled = select(func.count()).where(*_at(PostRow.institution_id, PostRow.id), _is_filling())
    return reserved + filled.correlate(PostRow).scalar_subquery()


def open_seats() -> Select[int]:
    """How many seats are open in campaigns; once these are carried out, their cases say who takes which."""
    row, campaign = MobilityOfferRow, MobilityCampaignRow
    return (
        select(func.coalesce(func.sum(row.open_seats), 0))
        .join(campaign, campaign.id == row.campaign_id)
        .where(campaign.state.not_in(_CARRIED_OUT))
    )


Id = UUID | InstrumentedAttribute[UUID]


def _is_filling() -> ColumnElement[bool]:
    """Those inside a chain fill what somebody leaves."""
    row = MobilityCaseRow
    fills = or_(row.campaign_id.is_(None), and_(row.unit_kind == Kind.CHAIN.value, row.step == 1))
    return and_(row.state.in_([state.value for state in RUNNING]), fills)


def _at(institution_id: Id, post_id: Id) -> tuple[ColumnElement[bool], ...]:
    return (MobilityCaseRow.receiving_institution_id == institution_id, MobilityCaseRow.post_id == post_id)
