"""What documents about mobility campaigns can contain: rules, days, steps and the commitment of the lottery."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Text, Uuid, and_, any_, bindparam, case, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import column

from app.db.documents import (
    Actor,
    Column,
    Condition,
    Fields,
    Items,
    JsonSchema,
    Object,
    Pages,
    Shape,
    Value,
    literal_text,
)
from app.db.shapes.formats import instant
from app.db.shapes.freeze_periods import day_of_cursor
from app.db.shapes.rule_sets import requirements_of
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_TEXT,
    TEXT,
    TEXTS,
)
from app.db.tables.mobility import MobilityCampaignRow, MobilityCampaignStepRow, MobilityCellRow
from app.domain.mobility_campaigns import FOLLOWING, State

_campaign, _step, _cell = MobilityCampaignRow.__table__, MobilityCampaignStepRow.__table__, MobilityCellRow.__table__
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
NULLABLE_STATE: JsonSchema = {"type": ["string", "null"], "enum": [*(state.value for state in State), None]}
NULLABLE_TEXTS: JsonSchema = {"type": ["array", "null"], "items": {"type": "string"}}


def _pairs(told: Column, name: str) -> Any:  # noqa: ANN401 - a table-valued function has no type of its own
    return func.jsonb_each(told).table_valued(column("key", Text), column("value", JSONB), name=name).render_derived()


def readable(actor: Actor) -> Condition:
    """The own campaigns, and those of others once they are announced; policies say the same."""
    mine = MobilityCampaignRow.institution_id == cast(actor.c.institution, Uuid)
    return and_(
        actor.c.institution.is_not(None), or_(mine, MobilityCampaignRow.state != literal_text(State.DRAFT.value))
    )


_class = _pairs(MobilityCampaignRow.urgency_of_programmes, "classes")
_organiser = (
    select(column("id", Uuid), column("name", Text)).select_from(func.mobility_institutions()).subquery("organisers")
)
_place = func.array_position(
    cast(literal_text("{" + ",".join(State) + "}"), MobilityCampaignRow.levels.type),
    MobilityCampaignStepRow.state,
    type_=Integer,
)
CAMPAIGN_FIELDS: Fields = {
    "id": Value(MobilityCampaignRow.id, ID),
    "revision": Value(MobilityCampaignRow.revision, INTEGER),
    "organiser": Object(
        "MobilityCampaignOrganiser",
        {"id": Value(_organiser.c.id, ID), "name": Value(_organiser.c.name, TEXT)},
        _organiser,
        _organiser.c.id == MobilityCampaignRow.institution_id,
    ),
    "name": Value(MobilityCampaignRow.name, TEXT),
    "legalBasis": Value(MobilityCampaignRow.legal_basis, TEXT),
    "profile": Value(MobilityCampaignRow.profile, TEXT),
    "state": Value(MobilityCampaignRow.state, STATE),
    "nextState": Value(
        case(
            {before.value: literal_text(after.value) for before, after in FOLLOWING.items()},
            value=MobilityCampaignRow.state,
        ),
        NULLABLE_STATE,
    ),
    "provinceCodes": Value(MobilityCampaignRow.province_codes, NULLABLE_TEXTS),
    "levels": Value(MobilityCampaignRow.levels, TEXTS),
    "governmentAffairs": Value(MobilityCampaignRow.government_affairs, NULLABLE_TEXTS),
    "requirements": requirements_of(MobilityCampaignRow.requirements),
    "formula": Object(
        "MobilityFormulaVersion",
        {
            "code": Value(MobilityCampaignRow.formula_code, TEXT),
            "version": Value(MobilityCampaignRow.formula_version, INTEGER),
        },
    ),
    "ownCellFirst": Value(MobilityCampaignRow.own_cell_first, BOOLEAN),
    "urgencies": Items(
        "MobilityUrgency",
        {
            "programme": Value(_class.c.key, TEXT),
            "urgency": Value(cast(cast(_class.c.value, Text), Integer), INTEGER),
        },
        _class,
        true(),
        (_class.c.value, _class.c.key),
    ),
    "collectingUntil": Value(MobilityCampaignRow.collecting_until, DATE),
    "correctionUntil": Value(MobilityCampaignRow.correction_until, DATE),
    "effectiveOn": Value(MobilityCampaignRow.effective_on, DATE),
    "lotterySource": Value(MobilityCampaignRow.lottery_source, TEXT),
    "lotteryCommitment": Value(MobilityCampaignRow.lottery_commitment, TEXT),
    "lotteryValue": Value(MobilityCampaignRow.lottery_value, NULLABLE_TEXT),
    "snapshotDigest": Value(MobilityCampaignRow.snapshot_digest, NULLABLE_TEXT),
    "cells": Value(
        select(func.count())
        .select_from(_cell)
        .where(
            MobilityCellRow.institution_id == MobilityCampaignRow.institution_id,
            MobilityCellRow.campaign_id == MobilityCampaignRow.id,
        )
        .correlate(_campaign)
        .scalar_subquery(),
        INTEGER,
    ),
    "cancelledBecause": Value(MobilityCampaignRow.cancelled_because, NULLABLE_TEXT),
    "steps": Items(
        "MobilityCampaignStep",
        {
            "state": Value(MobilityCampaignStepRow.state, STATE),
            "enteredAt": Value(instant(MobilityCampaignStepRow.entered_at), INSTANT),
            "role": Value(MobilityCampaignStepRow.role, TEXT),
            "isEarly": Value(MobilityCampaignStepRow.is_early, BOOLEAN),
            "because": Value(MobilityCampaignStepRow.because, NULLABLE_TEXT),
        },
        _step,
        and_(
            MobilityCampaignStepRow.institution_id == MobilityCampaignRow.institution_id,
            MobilityCampaignStepRow.campaign_id == MobilityCampaignRow.id,
        ),
        (_place,),
    ),
}
_SUMMARY = tuple(name for name in CAMPAIGN_FIELDS if name not in ("requirements", "urgencies", "steps"))
_province = bindparam("province", type_=Text)
_conditions: dict[str, Condition] = {
    "id": MobilityCampaignRow.id == bindparam("id", type_=Uuid),
    "state": MobilityCampaignRow.state == bindparam("state", type_=Text),
    "organiser_id": MobilityCampaignRow.institution_id == bindparam("organiser_id", type_=Uuid),
    "province": or_(
        MobilityCampaignRow.province_codes.is_(None), _province == any_(MobilityCampaignRow.province_codes)
    ),
}
MOBILITY_CAMPAIGN = Shape("MobilityCampaign", _campaign, CAMPAIGN_FIELDS, rooted=readable, conditions=_conditions)
LISTED_MOBILITY_CAMPAIGN = Shape("MobilityCampaign", _campaign, CAMPAIGN_FIELDS, readable, _conditions, _SUMMARY)
MOBILITY_CAMPAIGNS = Pages(
    "MobilityCampaign",
    LISTED_MOBILITY_CAMPAIGN,
    (day_of_cursor(MobilityCampaignRow.effective_on), MobilityCampaignRow.id),
    descending=True,
)
