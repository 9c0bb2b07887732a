"""What documents about rehearsals of mobility campaigns can contain: settings, and what each round would come to."""

from __future__ import annotations

from sqlalchemy import Integer, Text, and_, cast, column, func, true
from sqlalchemy.dialects.postgresql import JSONB

from app.db.documents import Fields, Items, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, word_of
from app.db.shapes.mobility_work import OF_CAMPAIGN, OF_ID, WORK, WORK_FIELDS, own_work, owned
from app.db.shapes.parents import OF_CAMPAIGN_ID
from app.db.shapes.schemas import BOOLEAN, INTEGER, INTEGERS, NULLABLE_BOOLEAN, NULLABLE_INTEGER, NULLABLE_TEXT, TEXT
from app.db.tables.mobility_runs import (
    MobilityRehearsalFlowRow,
    MobilityRehearsalRow,
    MobilityRehearsalVariantRow,
    MobilityWorkRow,
)
from app.domain.mobility_work import Kind

_rehearsal, _variant = MobilityRehearsalRow.__table__, MobilityRehearsalVariantRow.__table__
_flow = MobilityRehearsalFlowRow.__table__
_headroom = (
    func.jsonb_each(MobilityRehearsalRow.headroom)
    .table_valued(column("key", Text), column("value", JSONB), name="headroom")
    .render_derived()
)
_class = listed_in(MobilityRehearsalVariantRow.urgent, "urgent")
_VARIANT: Fields = {
    "isBaseline": Value(MobilityRehearsalVariantRow.is_baseline, BOOLEAN),
    "ownCellFirst": Value(MobilityRehearsalVariantRow.own_cell_first, BOOLEAN),
    "movers": Value(MobilityRehearsalVariantRow.movers, INTEGER),
    "byRank": Value(MobilityRehearsalVariantRow.by_rank, INTEGERS),
    "chains": Value(MobilityRehearsalVariantRow.chains, INTEGER),
    "cycles": Value(MobilityRehearsalVariantRow.cycles, INTEGER),
    "lengths": Value(MobilityRehearsalVariantRow.lengths, INTEGERS),
    "ownCellRefusals": Value(MobilityRehearsalVariantRow.own_cell_refusals, INTEGER),
    "urgent": Items(
        "MobilityUrgentSeats",
        {
            name: Value(cast(word_of(_class.c.document, name), Integer), INTEGER)
            for name in ("urgency", "seats", "emptyBefore", "emptyAfter")
        },
        _class,
        true(),
        (_class.c.place,),
    ),
    "flows": Items(
        "MobilityRehearsalFlow",
        {
            "region": Value(MobilityRehearsalFlowRow.region, TEXT),
            "code": Value(MobilityRehearsalFlowRow.code, NULLABLE_TEXT),
            "name": Value(MobilityRehearsalFlowRow.name, NULLABLE_TEXT),
            "came": Value(MobilityRehearsalFlowRow.came, INTEGER),
            "went": Value(MobilityRehearsalFlowRow.went, INTEGER),
            "net": Value(MobilityRehearsalFlowRow.came - MobilityRehearsalFlowRow.went, INTEGER),
        },
        _flow,
        and_(
            MobilityRehearsalFlowRow.institution_id == MobilityRehearsalVariantRow.institution_id,
            MobilityRehearsalFlowRow.rehearsal_id == MobilityRehearsalVariantRow.rehearsal_id,
            MobilityRehearsalFlowRow.is_baseline == MobilityRehearsalVariantRow.is_baseline,
            MobilityRehearsalFlowRow.own_cell_first == MobilityRehearsalVariantRow.own_cell_first,
        ),
        (MobilityRehearsalFlowRow.ordinal,),
    ),
}
MOBILITY_REHEARSAL = Shape(
    "MobilityRehearsal",
    WORK.join(
        _rehearsal,
        and_(
            MobilityRehearsalRow.institution_id == MobilityWorkRow.institution_id,
            MobilityRehearsalRow.id == MobilityWorkRow.id,
        ),
    ),
    {
        **WORK_FIELDS,
        "headroom": Items(
            "MobilityHeadroom",
            {
                "cell": Value(_headroom.c.key, TEXT),
                "headroom": Value(cast(cast(_headroom.c.value, Text), Integer), INTEGER),
            },
            _headroom,
            true(),
            (_headroom.c.key,),
        ),
        "releasePercent": Value(MobilityRehearsalRow.release_percent, NULLABLE_INTEGER),
        "isFrozen": Value(MobilityRehearsalRow.is_frozen, NULLABLE_BOOLEAN),
        "participants": Value(MobilityRehearsalRow.participants, NULLABLE_INTEGER),
        "unassessed": Value(MobilityRehearsalRow.unassessed, NULLABLE_INTEGER),
        "variants": Items(
            "MobilityRehearsalVariant",
            _VARIANT,
            _variant,
            and_(
                MobilityRehearsalVariantRow.institution_id == MobilityRehearsalRow.institution_id,
                MobilityRehearsalVariantRow.rehearsal_id == MobilityRehearsalRow.id,
            ),
            (MobilityRehearsalVariantRow.is_baseline.desc(), MobilityRehearsalVariantRow.own_cell_first),
        ),
    },
    rooted=lambda actor: and_(owned(actor), own_work(Kind.REHEARSAL)),
    conditions={"id": OF_ID, "campaign_id": OF_CAMPAIGN},
)
MOBILITY_REHEARSALS = Pages(
    "MobilityRehearsal",
    MOBILITY_REHEARSAL,
    (instant(MobilityWorkRow.queued_at), MobilityWorkRow.id),
    descending=True,
    parent=OF_CAMPAIGN_ID,
)
