"""What documents about releases of mobility campaigns can contain: how many people each unit lets go, in what order."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, bindparam, cast

from app.db.documents import Condition, Fields, JsonSchema, Pages, Shape, Value
from app.db.shapes.parents import OF_CAMPAIGN
from app.db.shapes.schemas import ID, INTEGER, TEXT
from app.db.tables.mobility import MobilityReleaseRow
from app.domain.mobility_releases import Criterion

_release = MobilityReleaseRow.__table__
CRITERIA: JsonSchema = {"type": "array", "items": {"type": "string", "enum": [one.value for one in Criterion]}}
_FIELDS: Fields = {
    "campaignId": Value(MobilityReleaseRow.campaign_id, ID),
    "institutionId": Value(MobilityReleaseRow.institution_id, ID),
    "unitId": Value(MobilityReleaseRow.unit_id, TEXT),
    "revision": Value(MobilityReleaseRow.revision, INTEGER),
    "quota": Value(MobilityReleaseRow.quota, INTEGER),
    "criteria": Value(MobilityReleaseRow.criteria, CRITERIA),
}
_conditions: dict[str, Condition] = {
    "campaign": MobilityReleaseRow.campaign_id == bindparam("campaign", type_=Uuid),
    "unit": MobilityReleaseRow.unit_id == bindparam("unit", type_=Text),
}
MOBILITY_RELEASE = Shape(
    "MobilityRelease",
    _release,
    _FIELDS,
    rooted=lambda actor: MobilityReleaseRow.institution_id == cast(actor.c.institution, Uuid),
    conditions=_conditions,
)
"""Of a unit of the own institution."""
PUBLISHED_RELEASE = Shape(
    "MobilityRelease",
    _release,
    _FIELDS,
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions=_conditions,
)
MOBILITY_RELEASES = Pages(
    "MobilityRelease", PUBLISHED_RELEASE, (MobilityReleaseRow.unit_id, MobilityReleaseRow.id), parent=OF_CAMPAIGN
)
