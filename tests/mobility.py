"""Plain functions that bring mobility campaigns to where a test needs them, through the services."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.careers import PositionLevel
from app.domain.mobility_campaigns import FOLLOWING, State
from app.domain.mobility_cells import CellLevel
from app.domain.mobility_formula_document import SHIPPED
from app.domain.mobility_formulas import Ground
from app.domain.mobility_releases import Criterion
from app.services import (
    mobility_assessments,
    mobility_campaigns,
    mobility_cells,
    mobility_grounds,
    mobility_offers,
    mobility_participations,
    mobility_releases,
)
from app.services.mobility_campaigns import AdvanceMobilityCampaign, DraftMobilityCampaign, EditMobilityCampaign
from app.services.mobility_cells import MobilityCell, PutMobilityCells
from app.services.mobility_grounds import DeclareMobilityGrounds
from app.services.mobility_offers import OfferPosts
from app.services.mobility_organisers import SetMobilityOrganiser
from app.services.mobility_participations import JoinMobilityCampaign, SetMobilityWishes
from app.services.mobility_releases import SetMobilityRelease
from tests.cycles import authority, somebody
from tests.factories import an_institution, officer, rows_of, talent
from tests.vacancies import a_post

MAY_ORGANISE = SetMobilityOrganiser(may_organise=True)
EARLY = "Dipercepat untuk keperluan pengujian."


def national(actor: Actor) -> Actor:
    """Somebody of BKN, which is the institution of the actor."""
    return somebody(actor, Role.NATIONAL, "bkn")


async def an_organiser(db: Database) -> Actor:
    """BKN: a fresh institution, and somebody whose reach is the nation."""
    return national(await an_institution(db))


def campaign_body(db: Database, **but: Any) -> dict[str, Any]:
    """What the body of a draft says: posts of pengawas anywhere, wishes for a month, moves in three."""
    today = db.today()
    told: dict[str, Any] = {
        "name": "Mobilitas Talenta Nasional 2026",
        "legalBasis": "PermenPANRB 3/2020 dan Perka BKN 5/2019",
        "levels": ["pengawas"],
        "collectingUntil": str(today + timedelta(days=30)),
        "correctionUntil": str(today + timedelta(days=45)),
        "effectiveOn": str(today + timedelta(days=90)),
        "lotterySource": "Hasil undian negara pada hari setelah pembekuan",
    }
    return told | but


async def a_campaign(db: Database, organiser: Actor, **but: Any) -> UUID:
    """A draft; `but` are fields of its body, as JSON has them."""
    command = DraftMobilityCampaign.model_validate_json(json.dumps(campaign_body(db, **but)))
    return await mobility_campaigns.draft_mobility_campaign(db, organiser, command)


async def a_drafted_campaign(db: Database, actor: Actor) -> dict[str, Any]:
    """A draft of the actor's institution with a cell, which nobody else sees; what addresses say of it."""
    organiser = national(actor)
    campaign_id = await a_campaign(db, organiser)
    cell = MobilityCell(id="p61", level=CellLevel.PROVINCE, province_code="61", headroom=0)
    await mobility_cells.put_mobility_cells(db, organiser, campaign_id, PutMobilityCells(cells=[cell]))
    told = {"campaignId": campaign_id, "organiserId": actor.institution_id, "institutionId": actor.institution_id}
    return told | {"formula": SHIPPED}


async def advanced(db: Database, organiser: Actor, campaign_id: UUID, state: State) -> None:
    """Move a campaign on, one state after the other, as far as `announced`, `collecting` or `correction`."""
    document = json.loads(await mobility_campaigns.mobility_campaign_document(db, organiser, campaign_id))
    present = State(document["state"])
    while present is not state:
        present = FOLLOWING[present]
        command = AdvanceMobilityCampaign(state=present, is_early=True, because=EARLY)
        await mobility_campaigns.advance_mobility_campaign(db, organiser, campaign_id, command)


async def an_offer(db: Database, actor: Actor, campaign_id: UUID, *posts: UUID) -> list[UUID]:
    """Offer posts with all their empty seats; the ids of the offers, in the order of the posts."""
    command = OfferPosts.model_validate({"offers": [{"postId": str(post)} for post in posts]})
    await mobility_offers.offer_posts(db, officer(actor), campaign_id, command)
    told = [json.loads(await mobility_offers.mobility_offer_document(db, actor, campaign_id, post)) for post in posts]
    return [UUID(one["id"]) for one in told]


async def a_participant(db: Database, actor: Actor, campaign_id: UUID, nip: str, *wishes: object) -> UUID:
    """Somebody who holds a post of the labour pool takes part, and wishes for these offers and wildcards."""
    until = {"scope": "identified", "expiresAt": (db.now() + timedelta(days=400)).isoformat()}
    told, who = JoinMobilityCampaign.model_validate({"consent": until}), talent(actor, nip)
    participation_id = await mobility_participations.join_mobility_campaign(db, who, campaign_id, told)
    if wishes:
        await wish(db, actor, campaign_id, nip, participation_id, *wishes)
    return participation_id


async def file_id(db: Database, actor: Actor, participation_id: UUID) -> UUID:
    """What the published files call somebody who takes part."""
    found = "SELECT file_id FROM mobility_participation WHERE id = $1"
    [(told,)] = await rows_of(db, officer(actor), found, participation_id)
    return UUID(str(told))


async def wish(
    db: Database, actor: Actor, campaign_id: UUID, nip: str, participation_id: UUID, *wishes: object
) -> None:
    """Write down these offers (ids) and wildcards, in this order."""
    written = [{"wildcard": one} if isinstance(one, dict) else {"offerId": str(one)} for one in wishes]
    command = SetMobilityWishes.model_validate_json(json.dumps({"wishes": written}))
    who = talent(actor, nip)
    await mobility_participations.set_mobility_wishes(db, who, campaign_id, participation_id, command)


async def a_part(
    db: Database, actor: Actor, nip: str, campaign_id: UUID | None = None, unit: str = "U1"
) -> dict[str, object]:
    """A campaign of the actor's institution that collects wishes, in which a talent takes part and is assessed."""
    organiser = national(actor)
    campaign_id = campaign_id or await a_campaign(db, organiser)
    any_level = EditMobilityCampaign(levels=list(PositionLevel))
    await mobility_campaigns.edit_mobility_campaign(db, organiser, campaign_id, any_level)
    await advanced(db, organiser, campaign_id, State.COLLECTING)
    post_id = await a_post(db, actor, unit_id=unit)
    [offer] = await an_offer(db, actor, campaign_id, post_id)
    release = SetMobilityRelease(quota=1, criteria=[Criterion.YEARS_IN_POST])
    await mobility_releases.set_mobility_release(db, authority(actor), campaign_id, unit, release)
    part = await a_participant(db, actor, campaign_id, nip, offer, {"level": "pengawas"})
    grounds = DeclareMobilityGrounds(grounds=[Ground.FAMILY])
    await mobility_grounds.declare_mobility_grounds(db, talent(actor, nip), campaign_id, part, grounds)
    await mobility_assessments.assess_mobility(db, officer(actor), campaign_id)
    return {"campaignId": campaign_id, "offeredPostId": post_id, "unitId": unit, "participationId": part}
