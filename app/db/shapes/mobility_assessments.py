"""What documents about assessments can contain: of the own institution's participants, how many are where."""

from __future__ import annotations

from sqlalchemy import Integer, Uuid, and_, bindparam, cast, func, literal_column, select, true

from app.db.documents import Column, Condition, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import ID, INTEGER, NULLABLE_INSTANT
from app.db.tables.mobility import MobilityApplicationRow, MobilityCampaignRow, MobilityParticipationRow
from app.domain.mobility import NOT_RELEASED
from app.domain.mobility_assessments import NOT_ELIGIBLE, UNVERIFIED

_part, _application = MobilityParticipationRow.__table__, MobilityApplicationRow.__table__
_campaign = MobilityCampaignRow.__table__
_mine = and_(
    MobilityParticipationRow.institution_id == func.current_institution(type_=Uuid),
    MobilityParticipationRow.campaign_id == MobilityCampaignRow.id,
)


def _people(told: Column, *where: Condition) -> Column:
    return select(told).select_from(_part).where(_mine, *where).correlate(_campaign).scalar_subquery()


def _applications(*where: Condition) -> Value:
    of_part = and_(
        MobilityApplicationRow.institution_id == MobilityParticipationRow.institution_id,
        MobilityApplicationRow.participation_id == MobilityParticipationRow.id,
    )
    counted = select(cast(func.count(), Integer)).select_from(_application.join(_part, of_part)).where(_mine, *where)
    return Value(counted.correlate(_campaign).scalar_subquery(), INTEGER)


_count = cast(func.count(), Integer)
_bar = MobilityApplicationRow.bar
_is_unverified = _bar.startswith(literal_column(f"'{NOT_ELIGIBLE}{UNVERIFIED}'"))
MOBILITY_ASSESSMENT = Shape(
    "MobilityAssessment",
    _campaign,
    {
        "campaignId": Value(MobilityCampaignRow.id, ID),
        "participants": Value(_people(_count), INTEGER),
        "assessed": Value(_people(_count, MobilityParticipationRow.assessed_at.is_not(None)), INTEGER),
        "released": Value(_people(_count, MobilityParticipationRow.is_released.is_(true())), INTEGER),
        "assessedAt": Value(instant(_people(func.max(MobilityParticipationRow.assessed_at))), NULLABLE_INSTANT),
        "applications": _applications(),
        "notEligible": _applications(_bar.startswith(literal_column(f"'{NOT_ELIGIBLE}'")), ~_is_unverified),
        "unverified": _applications(_is_unverified),
        "notReleased": _applications(_bar == literal_column(f"'{NOT_RELEASED}'")),
    },
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions={"campaign": MobilityCampaignRow.id == bindparam("campaign", type_=Uuid)},
)
