"""What documents about cells of mobility campaigns can contain."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, and_, bindparam

from app.db.documents import JsonSchema, Pages, Shape, Value
from app.db.shapes.mobility_campaigns import readable
from app.db.shapes.parents import OF_CAMPAIGN_ID
from app.db.shapes.schemas import NULLABLE_ID, NULLABLE_INTEGER, NULLABLE_TEXT, TEXT
from app.db.tables.mobility import MobilityCampaignRow, MobilityCellRow
from app.domain.mobility_cells import CellLevel

LEVEL: JsonSchema = {"type": "string", "enum": [level.value for level in CellLevel]}
MOBILITY_CELL = Shape(
    "MobilityCell",
    MobilityCellRow.__table__.join(
        MobilityCampaignRow.__table__,
        and_(
            MobilityCampaignRow.institution_id == MobilityCellRow.institution_id,
            MobilityCampaignRow.id == MobilityCellRow.campaign_id,
        ),
    ),
    {
        "id": Value(MobilityCellRow.id, TEXT),
        "parentId": Value(MobilityCellRow.parent_id, NULLABLE_TEXT),
        "level": Value(MobilityCellRow.level, LEVEL),
        "positionLevel": Value(MobilityCellRow.position_level, NULLABLE_TEXT),
        "governmentAffair": Value(MobilityCellRow.government_affair, NULLABLE_TEXT),
        "provinceCode": Value(MobilityCellRow.province_code, NULLABLE_TEXT),
        "institutionId": Value(MobilityCellRow.of_institution_id, NULLABLE_ID),
        "unitId": Value(MobilityCellRow.of_unit_id, NULLABLE_TEXT),
        "headroom": Value(MobilityCellRow.headroom, NULLABLE_INTEGER),
        "ceiling": Value(MobilityCellRow.ceiling, NULLABLE_INTEGER),
    },
    rooted=readable,
    conditions={
        "campaign_id": MobilityCellRow.campaign_id == bindparam("campaign_id", type_=Uuid),
        "parent_id": MobilityCellRow.parent_id == bindparam("parent_id", type_=Text),
        "level": MobilityCellRow.level == bindparam("level", type_=Text),
    },
)
MOBILITY_CELLS = Pages("MobilityCell", MOBILITY_CELL, (MobilityCellRow.id, MobilityCellRow.key), parent=OF_CAMPAIGN_ID)
