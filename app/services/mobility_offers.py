"""Offers: institutions offer posts of their registry in a campaign, one or many at once, until wishes close."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import mobility_posts
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.locks import waiting_shortly
from app.db.mobility_locks import campaign_stays
from app.db.shapes import mobility_offers as shapes
from app.db.tables.mobility import MobilityCampaignRow, MobilityOfferRow, MobilityParticipationRow
from app.domain import mobility_campaigns, mobility_offers
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.errors import Conflict, Fault, Invalid, NotFound
from app.domain.government_affairs import AFFAIRS
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityOfferWithdrawn, MobilityPostsOffered
from app.domain.mobility_offers import Offering, Pool, PostFacts
from app.domain.provinces import PROVINCES
from app.domain.revisions import ABSENT, Expected, must_be_unchanged
from app.services import mobility_campaigns as campaigns
from app.services.contract import Command, StorableText, id_cursor, must_be_one_of, page_size

MOST_AT_ONCE = 2_000
OFFERED_IN = (State.ANNOUNCED, State.COLLECTING)
Seats = Annotated[int, Field(ge=0, le=1_000)]


class OfferPost(Command):
    """How many seats to open beside those that leavers free; not told, as many as are empty on the effective day."""

    seats: Seats | None = None


class OfferedPost(Command):
    """One of several posts to offer."""

    post_id: UUID = Field(strict=False)
    seats: Seats | None = Field(None, description="As many as are empty on the effective day, where not told.")


class OfferPosts(Command):
    """Posts to offer together: all of them, or none where anything stands against one."""

    offers: list[OfferedPost] = Field(min_length=1, max_length=MOST_AT_ONCE)


class MobilityOfferFilter(Command):
    """Which offers to list; what is not given does not restrict."""

    province: StorableText | None = Field(None, max_length=2, description="Code of a province.")
    level: PositionLevel | None = Field(None, strict=False)
    affair: StorableText | None = Field(None, max_length=60, description="Code of a government affair.")
    institution: UUID | None = Field(None, strict=False, description="Id of the institution whose post it is.")


# ── writes


async def offer_post(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    post_id: UUID,
    command: OfferPost,
    *,
    expected: Expected | None = None,
) -> UUID:
    """Offer a post of the own registry in a campaign, or change how many of its seats are open; the post's id."""
    actor.require(Permission.OFFER_POSTS)
    async with db.write_as(actor) as tx:
        campaign = await _open_campaign(tx, campaign_id)
        row = await _find_offer(tx, campaign_id, post_id)
        must_be_unchanged(expected, ABSENT if row is None or not row.is_offered else row.revision)
        await _offer(tx, actor, campaign, [Offering(post_id, command.seats, "")])
    return post_id


async def offer_posts(db: Database, actor: Actor, campaign_id: UUID, command: OfferPosts) -> UUID:
    """Offer several posts of the own registry in a campaign; refused as a whole, with everything that is wrong."""
    actor.require(Permission.OFFER_POSTS)
    asked = [Offering(one.post_id, one.seats, f"/offers/{place}") for place, one in enumerate(command.offers)]
    async with db.write_as(actor) as tx:
        await _offer(tx, actor, await _open_campaign(tx, campaign_id), asked)
    return campaign_id


async def withdraw_offer(
    db: Database, actor: Actor, campaign_id: UUID, post_id: UUID, *, expected: Expected | None = None
) -> None:
    """Take an offer back before wishes close. Wishes for it count no longer; a home of somebody stays a home."""
    actor.require(Permission.OFFER_POSTS)
    async with db.write_as(actor) as tx:
        await _open_campaign(tx, campaign_id)
        row = await _find_offer(tx, campaign_id, post_id)
        if row is None or not row.is_offered:
            raise NotFound("mobility_offer.not_found")
        must_be_unchanged(expected, row.revision)
        at_home = MobilityParticipationRow.home_offer_id == row.id
        if await tx.scalar(select(MobilityParticipationRow.id).where(at_home).limit(1)) is None:
            await tx.execute(delete(MobilityOfferRow).where(MobilityOfferRow.id == row.id))
        else:
            row.is_offered, row.open_seats = False, 0
        await record(tx, actor, MobilityOfferWithdrawn(campaign_id, post_id))


# ── private steps


async def _open_campaign(tx: AsyncSession, campaign_id: UUID) -> MobilityCampaignRow:
    """The campaign, in which posts are offered until the transaction ends."""
    await campaign_stays(tx, campaign_id)
    campaign = await campaigns._find(tx, campaign_id)  # noqa: SLF001 - a service composes another's steps
    mobility_campaigns.must_be_in(State(campaign.state), OFFERED_IN)
    return campaign


async def _find_offer(tx: AsyncSession, campaign_id: UUID, post_id: UUID) -> MobilityOfferRow | None:
    row = MobilityOfferRow
    found = select(row).where(row.campaign_id == campaign_id, row.post_id == post_id)
    return await tx.scalar(found.with_for_update())


async def _offer(tx: AsyncSession, actor: Actor, campaign: MobilityCampaignRow, asked: Sequence[Offering]) -> None:
    """Offer these posts, all at once."""
    async with waiting_shortly(tx, "institution.busy"):
        found = await mobility_posts.find_posts(tx, [one.post_id for one in asked], campaign.id, campaign.effective_on)
    pool = _pool_of(campaign)
    faults = mobility_offers.faults_of_repetition(asked)
    for one in asked:
        faults += mobility_offers.faults_of_offering(one, found.get(one.post_id), pool)
    if faults:
        _refuse(asked, faults)
    rows = [_row_of(actor, campaign, one.seats, found[one.post_id]) for one in asked]
    await mobility_posts.put_offers(tx, rows)
    told = {str(row["post_id"]): int(str(row["open_seats"])) for row in rows}
    lines = sorted(f"{post} {seats}\n" for post, seats in told.items())
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    await record(tx, actor, MobilityPostsOffered(campaign.id, len(rows), sum(told.values()), digest))


def _refuse(asked: Sequence[Offering], faults: Sequence[Fault]) -> None:
    """A post that the address names is not found; what a body names is invalid."""
    [first, *others] = faults
    if first.code == "offer.post_unknown" and asked[0].where == "" and not others:
        raise NotFound("post.not_found")
    raise Invalid("request.invalid", faults=tuple(faults[:MOST_FAULTS]))


MOST_FAULTS = 100
"""How many are named at once."""


def _pool_of(campaign: MobilityCampaignRow) -> Pool:
    return Pool(provinces=campaign.province_codes, levels=campaign.levels, affairs=campaign.government_affairs)


def _row_of(actor: Actor, campaign: MobilityCampaignRow, seats: int | None, post: PostFacts) -> dict[str, object]:
    return {
        "institution_id": actor.institution_id,
        "id": uuid4(),
        "campaign_id": campaign.id,
        "post_id": post.id,
        "is_offered": True,
        "open_seats": post.empty if seats is None else seats,
        "urgency": campaigns._urgency(campaign, post.government_affair, post.province_code),  # noqa: SLF001
        **mobility_posts.told_of(post),
    }


async def _home_of(tx: AsyncSession, actor: Actor, campaign: MobilityCampaignRow, post_id: UUID) -> UUID:
    """The offer of a post as somebody's home; refused where the post is not of the labour pool."""
    post = (await mobility_posts.find_posts(tx, [post_id], campaign.id, campaign.effective_on))[post_id]
    faults = [one for one in mobility_offers.faults_of_pool(post, _pool_of(campaign), "") if one.code != "offer.affair"]
    if faults:
        raise Conflict("participation.pool", faults=tuple(faults))
    row = _row_of(actor, campaign, 0, post)
    return await mobility_posts.put_home(tx, {**row, "is_offered": False})


# ── reads


async def mobility_offers_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    chosen: MobilityOfferFilter | None = None,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """The posts that are on offer in a campaign, of all institutions."""
    actor.require(Permission.READ_MOBILITY)
    conditions = (chosen or MobilityOfferFilter()).model_dump(exclude_none=True)
    must_be_one_of(tuple(AFFAIRS), "affair", conditions.get("affair"))
    must_be_one_of(tuple(PROVINCES), "province", conditions.get("province"))
    conditions = {"campaign": campaign_id, **conditions}
    return await db.page_as(actor, shapes.MOBILITY_OFFERS, wanted, page_size(first), id_cursor(after), **conditions)


async def mobility_offer_document(
    db: Database, actor: Actor, campaign_id: UUID, post_id: UUID, wanted: Selection | None = None
) -> Document:
    """The offer of a post of the own registry."""
    actor.require(Permission.READ_MOBILITY)
    asked = {"campaign": campaign_id, "post": post_id}
    document = await db.document_as(actor, shapes.MOBILITY_OFFER, wanted, **asked)
    if document is None:
        raise NotFound("mobility_offer.not_found")
    return document


async def mobility_offering_document(
    db: Database, actor: Actor, campaign_id: UUID, wanted: Selection | None = None
) -> Document:
    """How many posts and seats the own institution offers in a campaign."""
    actor.require(Permission.READ_MOBILITY)
    document = await db.document_as(actor, shapes.MOBILITY_OFFERING, wanted, campaign=campaign_id)
    if document is None:
        raise NotFound("mobility_campaign.not_found")
    return document
