"""Participations: talents take part in a campaign by consent, write down their wishes and grounds, and withdraw."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BeforeValidator, Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import data_subjects
from app.db.database import LEGAL_TIME, Database, fetch_rows
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.mobility_assessments import write_wildcard
from app.db.mobility_locks import campaign_stays
from app.db.mobility_withdrawals import WITHDRAWN_IN, delete_participations
from app.db.shapes import mobility_participations as shapes
from app.db.shapes.scopes import SCOPES
from app.db.tables.candidates import CandidateRow
from app.db.tables.consents import ConsentRow
from app.db.tables.mobility import MobilityCampaignRow, MobilityOfferRow, MobilityParticipationRow
from app.db.tables.posts import PostHolderRow
from app.db.tables.talents import TalentRow
from app.domain import mobility_campaigns, mobility_participations, mobility_wishes
from app.domain.actors import Actor, Permission
from app.domain.careers import PositionLevel
from app.domain.consents import Scope, must_end_in_time
from app.domain.errors import Conflict, NotFound
from app.domain.government_affairs import AFFAIRS
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityJoined, MobilityWishesSet
from app.domain.mobility_participations import Standing
from app.domain.mobility_wishes import MOST_WISHES, Wildcard, Wish
from app.domain.purposes import Purpose
from app.domain.revisions import Expected, must_be_unchanged
from app.services import consents, mobility_offers
from app.services import mobility_campaigns as campaigns
from app.services.consents import GiveConsent
from app.services.contract import (
    Command,
    id_cursor,
    must_be_one_of,
    must_be_written_out,
    page_size,
    place_cursor,
)
from app.services.scopes import own_scope
from app.services.standing import Province

TAKING_PART_IN = (State.COLLECTING,)
SCOPES_OF_CONSENT = (Scope.IDENTIFIED, Scope.DOSSIER)


class NewConsent(Command):
    """A consent that is given with the participation, for talent mobility."""

    scope: Scope = Field(strict=False, description="`identified` or `dossier`.")
    expires_at: Annotated[AwareDatetime, BeforeValidator(must_be_written_out)] = Field(
        strict=False, description="Its last moment: not before the campaign takes effect, at most 730 days ahead."
    )


class JoinMobilityCampaign(Command):
    """Take part. Without a word about consent, one that was given before and lasts long enough counts."""

    consent_id: UUID | None = Field(None, strict=False, description="One of the own consents.")
    consent: NewConsent | None = Field(None, description="A consent to give now, in place of one given before.")


class WishWildcard(Command):
    """Any post on offer that has all of what is named; at least one thing is."""

    province: Province | None = None
    level: PositionLevel | None = Field(None, strict=False)
    affair: Annotated[str, Field(max_length=60)] | None = Field(None, description="Code of a government affair.")
    institution_id: UUID | None = Field(None, strict=False)


class MobilityWish(Command):
    """One wish: an offer, or a wildcard that stands for offers in their published order."""

    offer_id: UUID | None = Field(None, strict=False)
    wildcard: WishWildcard | None = None


class SetMobilityWishes(Command):
    """The whole list, the dearest first: it takes the place of the one before."""

    wishes: Annotated[list[MobilityWish], Field(max_length=MOST_WISHES)]


# ── writes


async def join_mobility_campaign(db: Database, actor: Actor, campaign_id: UUID, command: JoinMobilityCampaign) -> UUID:
    """Take part in a campaign that collects wishes, by a consent that lasts until it takes effect.

    Refused for who is not of the labour pool: a civil servant (PNS) who holds a post of its levels and provinces.
    """
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    async with db.write_as(actor) as tx:
        campaign = await _open_campaign(tx, db, campaign_id)
        talent_id, post_id = await _must_be_of_pool(tx, actor)
        home = await mobility_offers._home_of(tx, actor, campaign, post_id)  # noqa: SLF001 - a service composes another's steps
        consent_id = await _consent_of(tx, db, actor, campaign, talent_id, command)
        row = {
            "institution_id": actor.institution_id,
            "id": uuid4(),
            "campaign_id": campaign_id,
            "talent_id": talent_id,
            "consent_id": consent_id,
            "home_offer_id": home,
            "joined_at": db.now(),
        }
        joined = insert(MobilityParticipationRow).values(row).on_conflict_do_nothing()
        participation_id: UUID | None = await tx.scalar(joined.returning(MobilityParticipationRow.id))
        if participation_id is None:
            raise Conflict("participation.exists")
        await record(tx, actor, MobilityJoined(campaign_id, talent_id, consent_id))
    return participation_id


async def _open_campaign(tx: AsyncSession, db: Database, campaign_id: UUID) -> MobilityCampaignRow:
    """A campaign in which wishes are written down, until the transaction ends."""
    await campaign_stays(tx, campaign_id)
    campaign = await campaigns._find(tx, campaign_id)  # noqa: SLF001
    mobility_campaigns.must_be_in(State(campaign.state), TAKING_PART_IN)
    mobility_participations.must_be_in_time(db.today(), campaign.collecting_until)
    return campaign


async def _must_be_of_pool(tx: AsyncSession, actor: Actor) -> tuple[UUID, UUID]:
    """The own talent and the post held; refused for who holds none, is no PNS, or may not be processed."""
    own = select(TalentRow).where(SCOPES["own_nip"]).with_for_update(key_share=True)
    talent = await tx.scalar(own, own_scope(actor))
    if talent is None:
        raise NotFound("talent.not_found")
    held = await tx.scalar(select(PostHolderRow.post_id).where(PostHolderRow.talent_id == talent.id))
    employment = await tx.scalar(select(CandidateRow.employment).where(CandidateRow.talent_id == talent.id))
    standing = Standing(
        is_mapped=talent.is_mapped,
        is_restricted=await data_subjects.is_restricted(tx, actor.institution_id, talent.id),
        employment=employment,
        holds_post=held is not None,
    )
    mobility_participations.must_be_able(standing)
    if held is None:
        raise Conflict("participation.no_post")
    return talent.id, held


async def _consent_of(
    tx: AsyncSession,
    db: Database,
    actor: Actor,
    campaign: MobilityCampaignRow,
    talent_id: UUID,
    command: JoinMobilityCampaign,
) -> UUID:
    """The consent that the participation rests on: the one named, one given now, or the one that lasts longest."""
    until = _end_of(campaign.effective_on)
    if command.consent is not None:
        told, where = command.consent, "/consent/expiresAt"
        mobility_participations.must_cover(told.scope, "/consent/scope")
        mobility_participations.must_last(told.expires_at, campaign.effective_on, until, where)
        must_end_in_time(db.now(), told.expires_at, where)
        given = GiveConsent(scope=told.scope, expires_at=told.expires_at)
        return await consents._give(tx, db, actor, talent_id, given)  # noqa: SLF001
    row = ConsentRow
    usable = (
        select(row)
        .where(row.talent_id == talent_id, row.purpose == Purpose.TALENT_MOBILITY.value)
        .where(row.scope.in_([scope.value for scope in SCOPES_OF_CONSENT]), row.receiving_institution_id.is_(None))
        .where(row.withdrawn_at.is_(None))
        .order_by(row.expires_at.desc(), row.id)
        .with_for_update(key_share=True)
    )
    if command.consent_id is not None:
        usable = usable.where(row.id == command.consent_id)
    found = (await tx.scalars(usable.limit(1))).one_or_none()
    if found is None:
        raise Conflict("participation.consent_needed")
    mobility_participations.must_last(found.expires_at, campaign.effective_on, until, "/consentId")
    return found.id


def _end_of(day: date) -> datetime:
    """The moment at which a legal day is over."""
    return datetime.combine(day + timedelta(1), time(), LEGAL_TIME)


async def set_mobility_wishes(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    participation_id: UUID,
    command: SetMobilityWishes,
    *,
    expected: Expected | None = None,
) -> None:
    """Write down all wishes anew, in strict order, as many as one likes; refused with everything that is wrong.

    An offer of the campaign is wished for once, the own home never: whoever gets none of their wishes stays there.
    """
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    wishes = [_wish_of(place, one) for place, one in enumerate(command.wishes, start=1)]
    for place, one in enumerate(command.wishes):
        affair = None if one.wildcard is None else one.wildcard.affair
        must_be_one_of(tuple(AFFAIRS), f"/wishes/{place}/wildcard/affair", affair)
    async with db.write_as(actor) as tx:
        await _open_campaign(tx, db, campaign_id)
        row = await _hold_own(tx, actor, campaign_id, participation_id)
        must_be_unchanged(expected, row.revision)
        named = [one.offer_id for one in wishes if one.offer_id is not None]
        offered = await _offered(tx, campaign_id, named)
        mobility_wishes.must_be_wishes(wishes, offered, row.home_offer_id)
        wildcards = [one.wildcard for one in wishes if one.wildcard is not None]
        mobility_wishes.must_not_be_too_many(len(named) + await _count(tx, campaign_id, wildcards))
        await _replace(tx, actor, participation_id, wishes)
        row.wished_at, row.assessed_at = db.now(), None
        await record(tx, actor, MobilityWishesSet(campaign_id, row.talent_id, len(wishes)))


def _wish_of(place: int, one: MobilityWish) -> Wish:
    if one.wildcard is None:
        return Wish(place, one.offer_id, None)
    told = one.wildcard
    level = None if told.level is None else told.level.value
    wildcard = Wildcard(province=told.province, level=level, affair=told.affair, institution_id=told.institution_id)
    return Wish(place, one.offer_id, wildcard)


async def _hold_own(
    tx: AsyncSession, actor: Actor, campaign_id: UUID, participation_id: UUID
) -> MobilityParticipationRow:
    """The own participation, locked until the transaction ends."""
    row = MobilityParticipationRow
    found = (
        select(row)
        .join(TalentRow, TalentRow.id == row.talent_id)
        .where(row.campaign_id == campaign_id, row.id == participation_id, SCOPES["own_nip"])
        .with_for_update(of=row)
    )
    held = await tx.scalar(found, own_scope(actor))
    if held is None:
        raise NotFound("mobility_participation.not_found")
    return held


async def _is_own(tx: AsyncSession, actor: Actor, talent_id: UUID) -> bool:
    """Whether the talent is the actor."""
    own = select(TalentRow.id).where(TalentRow.id == talent_id, SCOPES["own_nip"])
    return await tx.scalar(own, own_scope(actor)) is not None


async def _offered(tx: AsyncSession, campaign_id: UUID, named: Sequence[UUID]) -> set[UUID]:
    """Which of these are on offer in the campaign."""
    row = MobilityOfferRow
    found = select(row.id).where(row.campaign_id == campaign_id, row.is_offered, row.id.in_(named))
    return set(await tx.scalars(found)) if named else set()


async def _count(tx: AsyncSession, campaign_id: UUID, wildcards: Sequence[Wildcard]) -> int:
    """For how many offers the wildcards stand today, each for itself."""
    if not wildcards:
        return 0
    told = [json.dumps(write_wildcard(one)) for one in wildcards]
    [[count]] = await fetch_rows(tx, COUNT, campaign_id, told)
    return int(count)


async def _replace(tx: AsyncSession, actor: Actor, participation_id: UUID, wishes: Sequence[Wish]) -> None:
    await fetch_rows(tx, FORGET_WISHES, actor.institution_id, participation_id)
    await fetch_rows(tx, FORGET_APPLICATIONS, actor.institution_id, participation_id)
    places, offers = [one.place for one in wishes], [one.offer_id for one in wishes]
    told = [None if one.wildcard is None else json.dumps(write_wildcard(one.wildcard)) for one in wishes]
    await fetch_rows(tx, WRITE_WISHES, actor.institution_id, participation_id, places, offers, told)


async def withdraw_from_mobility(
    db: Database, actor: Actor, campaign_id: UUID, participation_id: UUID, *, expected: Expected | None = None
) -> None:
    """Take part no longer: participation, wishes, grounds and applications are deleted, and a home nobody needs.

    Refused from the freeze on: the round rests on everybody in it. A move that came out of it can be refused as a case.
    """
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    async with db.write_as(actor) as tx:
        await campaign_stays(tx, campaign_id)
        campaign = await campaigns._find(tx, campaign_id)  # noqa: SLF001
        row = await _hold_own(tx, actor, campaign_id, participation_id)
        must_be_unchanged(expected, row.revision)
        if State(campaign.state) not in WITHDRAWN_IN:
            raise Conflict("participation.frozen")
        await delete_participations(tx, actor, await fetch_rows(tx, ONE, actor.institution_id, row.id))


COUNT = """
    SELECT count(*) FROM unnest($2::jsonb[]) AS told (wildcard)
    JOIN mobility_offer o ON o.campaign_id = $1 AND o.is_offered
        AND coalesce(told.wildcard ->> 'province' = o.province_code, NOT told.wildcard ? 'province')
        AND coalesce(told.wildcard ->> 'level' = o.position_level, NOT told.wildcard ? 'level')
        AND coalesce(told.wildcard ->> 'affair' = o.government_affair, NOT told.wildcard ? 'affair')
        AND coalesce((told.wildcard ->> 'institutionId')::uuid = o.institution_id,
                     NOT told.wildcard ? 'institutionId')"""
FORGET_WISHES = "DELETE FROM mobility_wish WHERE institution_id = $1 AND participation_id = $2"
WRITE_WISHES = """
    INSERT INTO mobility_wish (institution_id, participation_id, place, offer_id, wildcard)
    SELECT $1, $2, told.place, told.offer_id, told.wildcard
    FROM unnest($3::int[], $4::uuid[], $5::jsonb[]) AS told (place, offer_id, wildcard)"""
FORGET_APPLICATIONS = "DELETE FROM mobility_application WHERE institution_id = $1 AND participation_id = $2"
ONE = """
    SELECT id, campaign_id, talent_id, home_offer_id FROM mobility_participation
    WHERE institution_id = $1 AND id = $2"""


# ── reads


async def mobility_participation_document(
    db: Database, actor: Actor, campaign_id: UUID, participation_id: UUID, wanted: Selection | None = None
) -> Document:
    """One's own part in a campaign: the home, the wishes, the grounds, and whether one is released."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    asked = {"campaign": campaign_id, "id": participation_id, **own_scope(actor)}
    document = await db.document_as(actor, shapes.MOBILITY_PARTICIPATION, wanted, **asked)
    if document is None:
        raise NotFound("mobility_participation.not_found")
    return document


async def mobility_participations_page(
    db: Database, actor: Actor, first: int | None = None, after: str | None = None, wanted: Selection | None = None
) -> Document:
    """The campaigns that one takes part in, and one's part in each."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    pages, cursor = shapes.MOBILITY_PARTICIPATIONS, id_cursor(after)
    return await db.page_as(actor, pages, wanted, page_size(first), cursor, **own_scope(actor))


async def mobility_applications_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    participation_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """One's own wishes with wildcards expanded, each with its points by part, what bars it and what that rests on."""
    actor.require(Permission.TAKE_PART_IN_MOBILITY)
    asked = {"campaign": campaign_id, "participation": participation_id, **own_scope(actor)}
    cursor = place_cursor(after)
    return await db.page_as(actor, shapes.MOBILITY_APPLICATIONS, wanted, page_size(first), cursor, **asked)


async def mobility_participants_page(
    db: Database,
    actor: Actor,
    campaign_id: UUID,
    first: int | None = None,
    after: str | None = None,
    wanted: Selection | None = None,
) -> Document:
    """Who of the own institution takes part in a campaign, and which evidence is missing; never what they wish for."""
    actor.require(Permission.OFFER_POSTS, Permission.RELEASE_FOR_MOBILITY)
    cursor = id_cursor(after)
    return await db.page_as(actor, shapes.MOBILITY_PARTICIPANTS, wanted, page_size(first), cursor, campaign=campaign_id)
