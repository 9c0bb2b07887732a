"""What a document about one's own listing can contain."""

from __future__ import annotations

from sqlalchemy import Uuid, and_, cast, func, literal_column

from app.db.classes import DataClass, rule_for
from app.db.documents import Actor, Condition, JsonSchema, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import BOOLEAN, ID, INSTANT, INTEGER, TEXTS
from app.db.shapes.scopes import SCOPES
from app.db.tables.mobility_listings import MobilityListingRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.careers import PositionLevel
from app.domain.mobility_listings import Ground, Move

IDS: JsonSchema = {"type": "array", "items": ID}
LEVELS: JsonSchema = {"type": "array", "items": {"type": "string", "enum": [level.value for level in PositionLevel]}}
MOVES: JsonSchema = {"type": "array", "items": {"type": "string", "enum": [move.value for move in Move]}}
GROUNDS: JsonSchema = {
    "type": ["array", "null"],
    "items": {"type": "string", "enum": [ground.value for ground in Ground]},
}
_listing, _talent = MobilityListingRow.__table__, TalentRow.__table__


def _owned(actor: Actor) -> Condition:
    return MobilityListingRow.institution_id == cast(actor.c.institution, Uuid)


MOBILITY_LISTING = Shape(
    "MobilityListing",
    _listing.join(
        _talent,
        and_(
            TalentRow.institution_id == MobilityListingRow.institution_id,
            TalentRow.id == MobilityListingRow.talent_id,
        ),
    ),
    {
        "consentId": Value(MobilityListingRow.consent_id, ID),
        "listedAt": Value(instant(MobilityListingRow.listed_at), INSTANT),
        "expiresAt": Value(instant(MobilityListingRow.expires_at), INSTANT),
        "isInForce": Value(MobilityListingRow.expires_at > func.now(), BOOLEAN),
        "provincesWanted": Value(MobilityListingRow.provinces_wanted, TEXTS),
        "provincesExcluded": Value(MobilityListingRow.provinces_excluded, TEXTS),
        "institutionsWanted": Value(MobilityListingRow.institutions_wanted, IDS),
        "institutionsExcluded": Value(MobilityListingRow.institutions_excluded, IDS),
        "destinations": Value(func.array_remove(MobilityListingRow.destinations, literal_column("''")), TEXTS),
        "horizonMonths": Value(MobilityListingRow.horizon_months, INTEGER),
        "moves": Value(MobilityListingRow.moves, MOVES),
        "positionLevels": Value(MobilityListingRow.levels, LEVELS),
        "governmentAffairs": Value(MobilityListingRow.government_affairs, TEXTS),
        "grounds": Value(MobilityListingRow.grounds, GROUNDS, rule_for(DataClass.SPECIFIC)),
        "withheld": WITHHELD,
    },
    rooted=_owned,
    conditions=SCOPES,
)
"""Read by its talent alone."""
