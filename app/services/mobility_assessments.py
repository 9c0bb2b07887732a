"""Assessment: everybody of an institution who takes part is assessed at every post wished for, in sets."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import mobility_assessments as stored
from app.db.candidates import load_candidates
from app.db.database import Database
from app.db.documents import Document, Selection
from app.db.ledger import record
from app.db.mobility_assessments import Participant, Published, Quota
from app.db.mobility_locks import campaign_stays
from app.db.mobility_withdrawals import end_participations
from app.db.shapes import mobility_assessments as shapes
from app.db.tables.mobility import MobilityCampaignRow, MobilityParticipationRow
from app.domain import mobility_assessments, mobility_campaign_rules, mobility_campaigns, mobility_wishes
from app.domain.actors import Actor, Permission
from app.domain.candidates import Candidate
from app.domain.errors import NotFound
from app.domain.mobility import NOT_RELEASED
from app.domain.mobility_assessments import Assessed, Assessor, Rules
from app.domain.mobility_campaigns import State
from app.domain.mobility_events import MobilityAssessed
from app.domain.mobility_formulas import Facts, Ground, Service
from app.domain.mobility_releases import Release, release
from app.domain.mobility_wishes import Expanded, Wish
from app.services import mobility_campaigns as campaigns
from app.services import mobility_formulas

ASSESSED_IN = (State.COLLECTING, State.CORRECTION)
Application = tuple[UUID, Expanded, Assessed, str | None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the assessment of one institution's people looks at."""

    campaign: MobilityCampaignRow
    rules: Rules
    participants: Sequence[Participant]
    wishes: Mapping[UUID, Sequence[Wish]]
    published: Published
    quotas: Mapping[str, Quota]
    grounds: Mapping[UUID, Mapping[Ground, bool | None]]
    candidates: Mapping[UUID, Candidate]
    services: Mapping[UUID, Sequence[Service]]


# ── writes


async def assess_mobility(db: Database, actor: Actor, campaign_id: UUID) -> UUID:
    """Work out anew, for everybody of the own institution who takes part: releases, points by part and what bars.

    Who takes part no longer, because they left or may not be processed, is taken out first.
    """
    actor.require(Permission.OFFER_POSTS)
    async with db.write_as(actor) as tx:
        await campaign_stays(tx, campaign_id)
        campaign = await campaigns._find(tx, campaign_id)  # noqa: SLF001 - a service composes another's steps
        mobility_campaigns.must_be_in(State(campaign.state), ASSESSED_IN)
        await end_participations(tx, actor)
        await _assess(tx, db, actor, campaign)
    return campaign_id


async def assess_mobility_anew(db: Database, actor: Actor) -> None:
    """The same in every campaign whose wishes are closed; where something that it rests on has changed."""
    actor.require(Permission.OFFER_POSTS)
    async with db.write_as(actor) as tx:
        taking_part = select(MobilityParticipationRow.campaign_id).distinct()
        open_ones = select(MobilityCampaignRow.id).where(
            MobilityCampaignRow.id.in_(taking_part), MobilityCampaignRow.state == State.CORRECTION.value
        )
        found = sorted((await tx.scalars(open_ones)).all())
        await end_participations(tx, actor)
        for campaign_id in found:
            await campaign_stays(tx, campaign_id)
            campaign = await campaigns._find(tx, campaign_id)  # noqa: SLF001
            if campaign.state == State.CORRECTION.value:
                await _assess(tx, db, actor, campaign)


async def _assess(tx: AsyncSession, db: Database, actor: Actor, campaign: MobilityCampaignRow) -> None:
    participants = await stored.hold_participants(tx, actor.institution_id, campaign.id)
    inputs = await _load(tx, actor, campaign, participants)
    releases, applications = await asyncio.to_thread(_work_out, inputs, db.today())
    await stored.store_assessment(tx, actor.institution_id, releases, applications, db.now())
    bars = Counter(_kind_of(bar) for _, _, _, bar in applications)
    lines = sorted(f"{who} {one.offer_id} {found.points} {bar or ''}\n" for who, one, found, bar in applications)
    told = MobilityAssessed(
        campaign.id,
        participants=len(participants),
        released=sum(one.is_released for one in releases.values()),
        applications=len(applications),
        barred=dict(sorted((kind, count) for kind, count in bars.items() if kind)),
        digest=hashlib.sha256("".join(lines).encode()).hexdigest(),
    )
    await record(tx, actor, told)


async def _load(
    tx: AsyncSession, actor: Actor, campaign: MobilityCampaignRow, participants: Sequence[Participant]
) -> Inputs:
    institution, talents = actor.institution_id, [one.talent_id for one in participants]
    return Inputs(
        campaign=campaign,
        rules=Rules(
            mobility_campaign_rules.requirements_of(campaign.requirements),
            await mobility_formulas._formula_of(tx, campaign),  # noqa: SLF001
        ),
        participants=participants,
        wishes=await stored.load_wishes(tx, institution, campaign.id),
        published=await stored.load_published(tx, institution, campaign.id, campaign.effective_on),
        quotas=await stored.load_quotas(tx, institution, campaign.id),
        grounds=await stored.load_grounds(tx, institution, campaign.id),
        candidates=dict(await load_candidates(tx, institution, talents)),
        services=await stored.load_services(tx, institution, talents),
    )


def _work_out(inputs: Inputs, today: date) -> tuple[dict[UUID, Release], list[Application]]:
    """Releases of everybody, and every application; in a thread of its own, for institutions are large."""
    groups = defaultdict(list)
    for one in inputs.participants:
        groups[_releasing_unit(one, inputs.quotas)].append(one)
    releases: dict[UUID, Release] = {}
    for unit, leavers in groups.items():
        said = inputs.quotas.get(unit, NOBODY)
        key = bytes.fromhex(inputs.campaign.lottery_commitment)
        people = [one.leaver for one in leavers]
        releases |= release(people, said.criteria, said.quota, inputs.campaign.effective_on, key)
    published = mobility_wishes.in_published_order(inputs.published.offers)
    wildcards = {wish.wildcard for wishes in inputs.wishes.values() for wish in wishes if wish.wildcard is not None}
    stands_for = mobility_wishes.offers_of(wildcards, published)
    applications = [
        application
        for one in inputs.participants
        for application in _applications_of(one, inputs, stands_for, releases[one.id], today)
    ]
    return releases, applications


NOBODY = Quota(0, ())
"""What counts where neither the unit nor one above it has published anything: without consent nobody leaves."""


def _releasing_unit(one: Participant, quotas: Mapping[str, Quota]) -> str:
    """The unit of the home, or the nearest one above it, that says whom it lets go; the unit itself where none does."""
    return next((unit for unit in reversed(one.unit_path) if unit in quotas), one.unit_path[-1])


def _applications_of(
    one: Participant,
    inputs: Inputs,
    stands_for: Mapping[mobility_wishes.Wildcard, Sequence[UUID]],
    released: Release,
    today: date,
) -> Iterator[Application]:
    published, unit = inputs.published, _releasing_unit(one, inputs.quotas)
    candidate = inputs.candidates.get(one.talent_id) or Candidate(id=one.id, as_of=today)
    facts = Facts(
        candidate=candidate,
        grounds=inputs.grounds.get(one.id, {}),
        services=inputs.services.get(one.talent_id),
    )
    assessor = Assessor(inputs.rules, facts)
    wishes = inputs.wishes.get(one.id, ())
    for application in mobility_wishes.expand(wishes, stands_for, published.targets.keys(), one.home_offer_id):
        found = assessor.assess(published.targets[application.offer_id])
        is_inside = unit in published.own_units.get(application.offer_id, ())
        bar = mobility_assessments.barred(found, is_released=released.is_released, is_inside=is_inside)
        yield one.id, application, found, bar


def _kind_of(bar: str | None) -> str:
    """What kind of bar it is, for counts."""
    if bar is None or bar == NOT_RELEASED:
        return bar or ""
    is_unknown = bar.startswith(mobility_assessments.NOT_ELIGIBLE + mobility_assessments.UNVERIFIED)
    return "UNVERIFIED" if is_unknown else "NOT_ELIGIBLE"


# ── reads


async def mobility_assessment_document(
    db: Database, actor: Actor, campaign_id: UUID, wanted: Selection | None = None
) -> Document:
    """How far the assessment of the own institution's people is: how many are assessed, released and barred."""
    actor.require(Permission.OFFER_POSTS)
    document = await db.document_as(actor, shapes.MOBILITY_ASSESSMENT, wanted, campaign=campaign_id)
    if document is None:
        raise NotFound("mobility_campaign.not_found")
    return document
