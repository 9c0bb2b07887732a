"""Posts of a mobility campaign: what is told of each, how many of its seats can be open, and the offers of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, and_, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.db.mobility_seats import open_seats, seats_of_cases
from app.db.post_standards import standard
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.mobility import MobilityOfferRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.tables.vacancies import VacancyRow
from app.db.unit_affairs import nearest_affair
from app.domain.mobility_offers import PostFacts
from app.domain.vacancies import RUNNING

_COPIED = (
    "post_name",
    "unit_id",
    "unit_name",
    "institution_name",
    "province_code",
    "position_level",
    "government_affair",
    "standard",
)


async def find_posts(tx: AsyncSession, posts: Sequence[UUID], campaign_id: UUID, on: date) -> dict[UUID, PostFacts]:
    """Those of the institution's posts that are there, as they stand on the day, by their id.

    They are locked, in the order of their ids: nobody offers the same seat twice, nor drafts a vacancy of it meanwhile.
    """
    locked = select(PostRow.id).where(PostRow.id.in_(posts)).order_by(PostRow.id).with_for_update(key_share=True)
    await tx.execute(locked)
    found = await tx.execute(_facts(campaign_id, on).where(PostRow.id.in_(posts)))
    return {row["id"]: PostFacts(**{**row, "standard": tuple(row["standard"])}) for row in found.mappings()}


def _facts(campaign_id: UUID, on: date) -> Select[Any]:
    affair = nearest_affair()
    told: list[ColumnElement[Any] | InstrumentedAttribute[Any]] = [
        *PLAIN,
        func.coalesce(PostRow.government_affair, affair.c.government_affair).label("government_affair"),
        standard.label("standard"),
        _staying(on).label("staying"),
        _vacancies().label("vacancies"),
        _elsewhere(campaign_id).label("elsewhere"),
        seats_of_cases().label("cases"),
    ]
    return (
        select(*told)
        .join(OrgUnitRow, and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id))
        .join(InstitutionRow, InstitutionRow.id == PostRow.institution_id)
        .outerjoin(affair, true())
    )


PLAIN: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    PostRow.id,
    PostRow.name.label("post_name"),
    PostRow.unit_id,
    OrgUnitRow.name.label("unit_name"),
    InstitutionRow.name.label("institution_name"),
    InstitutionRow.province_code,
    PostRow.level.label("position_level"),
    PostRow.is_delivered,
    PostRow.seats.label("funded"),
)
"""What is told of a post as it stands."""


def _staying(on: date) -> ScalarSelect[int]:
    """Holders who do not retire by the day, as far as is known."""
    held = PostHolderRow
    of_post = and_(held.institution_id == PostRow.institution_id, held.post_id == PostRow.id)
    stays = or_(held.retires_on.is_(None), held.retires_on > literal(on, Date))
    return select(func.count()).select_from(held).where(of_post, stays).correlate(PostRow).scalar_subquery()


def _vacancies() -> ScalarSelect[int]:
    """Vacancies of the post that run, each of which takes up a seat."""
    row = VacancyRow
    of_post = and_(row.institution_id == PostRow.institution_id, row.post_id == PostRow.id, row.state.in_(RUNNING))
    return select(func.count()).select_from(row).where(of_post).correlate(PostRow).scalar_subquery()


def _elsewhere(campaign_id: UUID) -> ScalarSelect[int]:
    """Seats of the post that are open in other campaigns."""
    row = MobilityOfferRow
    of_post = and_(row.institution_id == PostRow.institution_id, row.post_id == PostRow.id)
    return open_seats().where(of_post, row.campaign_id != campaign_id).correlate(PostRow).scalar_subquery()


def told_of(post: PostFacts) -> dict[str, object]:
    """What an offer tells of its post."""
    return {**{name: getattr(post, name) for name in _COPIED}, "standard": list(post.standard)}


async def put_offers(tx: AsyncSession, rows: Sequence[Mapping[str, object]]) -> None:
    """Offer these posts, all in one statement; what was offered or only a home before becomes what these say."""
    told = insert(MobilityOfferRow).values(list(rows))
    names = ("is_offered", "open_seats", "urgency", *_COPIED)
    changed = {name: told.excluded[name] for name in names}
    await tx.execute(
        told.on_conflict_do_update(index_elements=["institution_id", "campaign_id", "post_id"], set_=changed)
    )


async def put_home(tx: AsyncSession, row: Mapping[str, object]) -> UUID:
    """The id of the offer of a post that is somebody's home; one is made that nobody may wish for, if there is none."""
    key = [MobilityOfferRow.institution_id, MobilityOfferRow.campaign_id, MobilityOfferRow.post_id]
    await tx.execute(insert(MobilityOfferRow).values(row).on_conflict_do_nothing(index_elements=key))
    found = select(MobilityOfferRow.id).where(
        MobilityOfferRow.institution_id == row["institution_id"],
        MobilityOfferRow.campaign_id == row["campaign_id"],
        MobilityOfferRow.post_id == row["post_id"],
    )
    # held, so that nobody takes the offer back before the home counts
    return (await tx.scalars(found.with_for_update(key_share=True))).one()
