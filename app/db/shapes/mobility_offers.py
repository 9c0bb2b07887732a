"""What documents about offers of mobility campaigns can contain: posts of all institutions, and counts of one's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, Uuid, and_, bindparam, cast, func, select

from app.db.documents import Actor, Condition, Fields, JsonSchema, Pages, Shape, Value
from app.db.shapes.parents import OF_CAMPAIGN
from app.db.shapes.schemas import BOOLEAN, ID, INTEGER, INTEGERS, NULLABLE_TEXT, TEXT
from app.db.tables.mobility import MobilityCampaignRow, MobilityOfferRow
from app.domain.careers import PositionLevel

_offer = MobilityOfferRow.__table__
LEVEL: JsonSchema = {"type": "string", "enum": [level.value for level in PositionLevel]}
_FIELDS: Fields = {
    "id": Value(MobilityOfferRow.id, ID),
    "campaignId": Value(MobilityOfferRow.campaign_id, ID),
    "revision": Value(MobilityOfferRow.revision, INTEGER),
    "institutionId": Value(MobilityOfferRow.institution_id, ID),
    "institution": Value(MobilityOfferRow.institution_name, TEXT),
    "postId": Value(MobilityOfferRow.post_id, ID),
    "postName": Value(MobilityOfferRow.post_name, TEXT),
    "unitId": Value(MobilityOfferRow.unit_id, TEXT),
    "unit": Value(MobilityOfferRow.unit_name, TEXT),
    "provinceCode": Value(MobilityOfferRow.province_code, NULLABLE_TEXT),
    "level": Value(MobilityOfferRow.position_level, LEVEL),
    "governmentAffair": Value(MobilityOfferRow.government_affair, NULLABLE_TEXT),
    "standard": Value(MobilityOfferRow.standard, INTEGERS),
    "openSeats": Value(MobilityOfferRow.open_seats, INTEGER),
    "urgency": Value(MobilityOfferRow.urgency, INTEGER),
    "isOffered": Value(MobilityOfferRow.is_offered, BOOLEAN),
}
_conditions: dict[str, Condition] = {
    "campaign": MobilityOfferRow.campaign_id == bindparam("campaign", type_=Uuid),
    "post": MobilityOfferRow.post_id == bindparam("post", type_=Uuid),
    "province": MobilityOfferRow.province_code == bindparam("province", type_=Text),
    "level": MobilityOfferRow.position_level == bindparam("level", type_=Text),
    "affair": MobilityOfferRow.government_affair == bindparam("affair", type_=Text),
    "institution": MobilityOfferRow.institution_id == bindparam("institution", type_=Uuid),
}


def _of_everybody(actor: Actor) -> Condition:
    """What is on offer; policies leave out what is not announced."""
    return and_(MobilityOfferRow.is_offered, actor.c.institution.is_not(None))


def _own(actor: Actor) -> Condition:
    return and_(MobilityOfferRow.institution_id == cast(actor.c.institution, Uuid), MobilityOfferRow.is_offered)


MOBILITY_OFFER = Shape("MobilityOffer", _offer, _FIELDS, rooted=_own, conditions=_conditions)
"""Of a post of the own registry."""
PUBLISHED_OFFER = Shape("MobilityOffer", _offer, _FIELDS, rooted=_of_everybody, conditions=_conditions)
MOBILITY_OFFERS = Pages("MobilityOffer", PUBLISHED_OFFER, (MobilityOfferRow.id,), parent=OF_CAMPAIGN)


def _of_mine(told: ColumnElement[Any]) -> Value:
    """What the own offers in the campaign of the row come to."""
    mine = (
        select(cast(told, Integer))
        .where(MobilityOfferRow.campaign_id == MobilityCampaignRow.id, MobilityOfferRow.is_offered)
        .where(MobilityOfferRow.institution_id == func.current_institution(type_=Uuid))
    )
    return Value(mine.correlate(MobilityCampaignRow.__table__).scalar_subquery(), INTEGER)


MOBILITY_OFFERING = Shape(
    "MobilityOffering",
    MobilityCampaignRow.__table__,
    {
        "campaignId": Value(MobilityCampaignRow.id, ID),
        "posts": _of_mine(func.count(MobilityOfferRow.id)),
        "openSeats": _of_mine(func.coalesce(func.sum(MobilityOfferRow.open_seats), 0)),
    },
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions={"campaign": MobilityCampaignRow.id == bindparam("campaign", type_=Uuid)},
)
