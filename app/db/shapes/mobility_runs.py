"""What documents about freezes and runs of mobility campaigns can contain: what they rest on, counts, files."""

from __future__ import annotations

from sqlalchemy import Float, Integer, Text, and_, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from app.db.documents import Actor, Condition, Items, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.mobility_work import OF_CAMPAIGN, OF_ID, WORK, WORK_FIELDS, own_work, owned
from app.db.shapes.parents import OF_CAMPAIGN_ID
from app.db.shapes.schemas import (
    INSTANT,
    INTEGER,
    NULLABLE_BOOLEAN,
    NULLABLE_INTEGER,
    NULLABLE_NUMBER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.tables.mobility import MobilityCampaignRow
from app.db.tables.mobility_runs import MobilityFileRow, MobilityRunRow, MobilitySnapshotRow, MobilityWorkRow
from app.domain.mobility_work import Kind

_run, _snapshot, _campaign = MobilityRunRow.__table__, MobilitySnapshotRow.__table__, MobilityCampaignRow.__table__
_later = WORK.alias("later")
_is_latest = ~(
    select(_later.c.id)
    .where(
        _later.c.institution_id == MobilityWorkRow.institution_id,
        _later.c.campaign_id == MobilityWorkRow.campaign_id,
        _later.c.kind == MobilityWorkRow.kind,
        _later.c.queued_at > MobilityWorkRow.queued_at,
    )
    .correlate(WORK)
    .exists()
)
MOBILITY_FREEZE = Shape(
    "MobilityFreeze",
    WORK,
    {
        **WORK_FIELDS,
        "snapshot": Object(
            "MobilitySnapshot",
            {
                "digest": Value(MobilityCampaignRow.snapshot_digest, TEXT),
                "frozenAt": Value(instant(MobilitySnapshotRow.frozen_at), INSTANT),
                "cells": Value(MobilitySnapshotRow.cells, INTEGER),
                "posts": Value(MobilitySnapshotRow.posts, INTEGER),
                "participants": Value(MobilitySnapshotRow.participants, INTEGER),
                "wishes": Value(MobilitySnapshotRow.wishes, INTEGER),
            },
            _snapshot.join(
                _campaign,
                and_(
                    MobilityCampaignRow.institution_id == MobilitySnapshotRow.institution_id,
                    MobilityCampaignRow.id == MobilitySnapshotRow.campaign_id,
                ),
            ),
            and_(
                MobilitySnapshotRow.institution_id == MobilityWorkRow.institution_id,
                MobilitySnapshotRow.campaign_id == MobilityWorkRow.campaign_id,
            ),
        ),
    },
    rooted=lambda actor: and_(owned(actor), own_work(Kind.FREEZE), _is_latest),
    conditions={"campaign_id": OF_CAMPAIGN},
)

_codes = (
    func.jsonb_each(MobilityRunRow.codes)
    .table_valued(column("key", Text), column("value", JSONB), name="codes")
    .render_derived()
)


def _readable(actor: Actor) -> Condition:
    """The own runs, and of others those that policies let everybody read, for whoever acts in an institution."""
    return actor.c.institution.is_not(None)


MOBILITY_RUN = Shape(
    "MobilityRun",
    WORK.join(
        _run,
        and_(MobilityRunRow.institution_id == MobilityWorkRow.institution_id, MobilityRunRow.id == MobilityWorkRow.id),
    ),
    {
        **WORK_FIELDS,
        "lotteryValue": Value(MobilityRunRow.value, TEXT),
        "lotterySeed": Value(MobilityRunRow.seed, TEXT),
        "isFirst": Value(MobilityRunRow.is_first, NULLABLE_BOOLEAN),
        "identity": Value(MobilityRunRow.identity, NULLABLE_TEXT),
        "snapshotDigest": Value(MobilityRunRow.snapshot_digest, NULLABLE_TEXT),
        "resultDigest": Value(MobilityRunRow.result_digest, NULLABLE_TEXT),
        "participants": Value(MobilityRunRow.participants, NULLABLE_INTEGER),
        "wishes": Value(MobilityRunRow.wishes, NULLABLE_INTEGER),
        "movers": Value(MobilityRunRow.movers, NULLABLE_INTEGER),
        "chains": Value(MobilityRunRow.chains, NULLABLE_INTEGER),
        "cycles": Value(MobilityRunRow.cycles, NULLABLE_INTEGER),
        "longest": Value(MobilityRunRow.longest, NULLABLE_INTEGER),
        "ownCellShare": Value(cast(MobilityRunRow.own_cell_share, Float) / 1_000_000, NULLABLE_NUMBER),
        "codes": Items(
            "MobilityCodeCount",
            {"code": Value(_codes.c.key, TEXT), "wishes": Value(cast(cast(_codes.c.value, Text), Integer), INTEGER)},
            _codes,
            true(),
            (_codes.c.key,),
        ),
        "files": Items(
            "MobilityFile",
            {
                "name": Value(MobilityFileRow.name, TEXT),
                "sha256": Value(MobilityFileRow.sha256, TEXT),
                "rows": Value(MobilityFileRow.rows, NULLABLE_INTEGER),
                "size": Value(MobilityFileRow.size, INTEGER),
            },
            MobilityFileRow.__table__,
            and_(
                MobilityFileRow.institution_id == MobilityRunRow.institution_id,
                MobilityFileRow.campaign_id == MobilityRunRow.campaign_id,
                MobilityRunRow.identity.is_not(None),
            ),
            (MobilityFileRow.name,),
        ),
    },
    rooted=_readable,
    conditions={"id": OF_ID, "campaign_id": OF_CAMPAIGN},
)
MOBILITY_RUNS = Pages(
    "MobilityRun",
    MOBILITY_RUN,
    (instant(MobilityWorkRow.queued_at), MobilityWorkRow.id),
    descending=True,
    parent=OF_CAMPAIGN_ID,
)
