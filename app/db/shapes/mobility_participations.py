"""What documents about parts in mobility campaigns can contain: one's own with wishes, and who has one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, Uuid, and_, bindparam, cast, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.selectable import NamedFromClause

from app.db.classes import DataClass, rule_for
from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Pages, Parent, Shape, Value
from app.db.shapes.access_notices import HELD
from app.db.shapes.consents import SCOPE
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, sentence_of, sentences_of, word_of
from app.db.shapes.mobility_campaigns import STATE
from app.db.shapes.mobility_offers import LEVEL
from app.db.shapes.mobility_points import FOUND_REQUIREMENTS, POINTS_PARTS
from app.db.shapes.parents import OF_CAMPAIGN
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_BOOLEAN,
    NULLABLE_ID,
    NULLABLE_INSTANT,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.scopes import SCOPES
from app.db.tables.consents import ConsentRow
from app.db.tables.mobility import (
    MobilityApplicationRow,
    MobilityCampaignRow,
    MobilityGroundRow,
    MobilityOfferRow,
    MobilityParticipationRow,
    MobilityWishRow,
)
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.careers import PositionLevel
from app.domain.mobility_formulas import Ground
from app.domain.requirements import Outcome

_part, _application = MobilityParticipationRow.__table__, MobilityApplicationRow.__table__
_talent, _campaign, _consent = TalentRow.__table__, MobilityCampaignRow.__table__, ConsentRow.__table__
_home = MobilityOfferRow.__table__.alias("home")
JSON_LIST: JsonSchema = {"type": "array", "items": {"type": "object"}}
GROUND: JsonSchema = {"type": "string", "enum": [ground.value for ground in Ground]}
NULLABLE_LEVEL: JsonSchema = {"type": ["string", "null"], "enum": [*(level.value for level in PositionLevel), None]}


def _owned(actor: Actor) -> Condition:
    return MobilityParticipationRow.institution_id == cast(actor.c.institution, Uuid)


def _of_part(row: type[MobilityWishRow | MobilityGroundRow | MobilityApplicationRow]) -> Condition:
    return and_(
        row.institution_id == MobilityParticipationRow.institution_id,
        row.participation_id == MobilityParticipationRow.id,
    )


def _offer(offer: NamedFromClause, kind: str, *, is_outer: bool) -> Object:
    """What is told of an offer; null where it is on offer no longer."""
    fields: Fields = {
        "offerId": Value(offer.c.id, ID),
        "postName": Value(offer.c.post_name, TEXT),
        "unit": Value(offer.c.unit_name, TEXT),
        "institution": Value(offer.c.institution_name, TEXT),
        "provinceCode": Value(offer.c.province_code, NULLABLE_TEXT),
        "level": Value(offer.c.position_level, LEVEL),
        "governmentAffair": Value(offer.c.government_affair, NULLABLE_TEXT),
        "urgency": Value(offer.c.urgency, INTEGER),
    }
    return Object(kind, fields, on=offer.c.id.is_not(None) if is_outer else None)


_wished = MobilityOfferRow.__table__.alias("wished")
_wish_rows = MobilityWishRow.__table__.outerjoin(
    _wished, and_(_wished.c.id == MobilityWishRow.offer_id, _wished.c.is_offered)
)


def _wild(name: str) -> ColumnElement[str]:
    return MobilityWishRow.wildcard.op("->>", return_type=Text())(literal_column(f"'{name}'"))


_WISHES = Items(
    "MobilityWishWritten",
    {
        "place": Value(MobilityWishRow.place, INTEGER),
        "offerId": Value(MobilityWishRow.offer_id, NULLABLE_ID),
        "offer": _offer(_wished, "MobilityOfferedPost", is_outer=True),
        "wildcard": Object(
            "MobilityWildcard",
            {
                "province": Value(_wild("province"), NULLABLE_TEXT),
                "level": Value(_wild("level"), NULLABLE_LEVEL),
                "affair": Value(_wild("affair"), NULLABLE_TEXT),
                "institutionId": Value(_wild("institutionId"), NULLABLE_ID),
            },
            on=MobilityWishRow.wildcard.is_not(None),
        ),
    },
    _wish_rows,
    _of_part(MobilityWishRow),
    (MobilityWishRow.place,),
)
_GROUNDS = Items(
    "MobilityGround",
    {
        "code": Value(MobilityGroundRow.ground, GROUND),
        "declaredAt": Value(instant(MobilityGroundRow.declared_at), INSTANT),
        "isVerified": Value(MobilityGroundRow.is_verified, NULLABLE_BOOLEAN),
        "verifiedAt": Value(instant(MobilityGroundRow.verified_at), NULLABLE_INSTANT),
    },
    MobilityGroundRow.__table__,
    _of_part(MobilityGroundRow),
    (MobilityGroundRow.ground,),
    needs=rule_for(DataClass.SPECIFIC),
)


def _all_held(items: Items) -> Items:
    """A list as it is told in an export of everything that is held."""
    fields = {
        name: replace(field, type=HELD) if isinstance(field, Object) else field for name, field in items.fields.items()
    }
    return replace(items, type=HELD, fields=fields)


def _count(of: FromClause, where: Condition) -> Value:
    counted = select(func.count()).select_from(of).where(where)
    return Value(counted.correlate(_part).scalar_subquery(), INTEGER)


_RELEASE: Fields = {
    "isReleased": Value(MobilityParticipationRow.is_released, NULLABLE_BOOLEAN),
    "releasePlace": Value(MobilityParticipationRow.release_place, NULLABLE_INTEGER),
    "assessedAt": Value(instant(MobilityParticipationRow.assessed_at), NULLABLE_INSTANT),
    "applications": _count(_application, _of_part(MobilityApplicationRow)),
    "barred": _count(_application, and_(_of_part(MobilityApplicationRow), MobilityApplicationRow.bar.is_not(None))),
}
_people = _part.join(
    _talent,
    and_(
        TalentRow.institution_id == MobilityParticipationRow.institution_id,
        TalentRow.id == MobilityParticipationRow.talent_id,
    ),
).join(
    _home,
    and_(
        _home.c.institution_id == MobilityParticipationRow.institution_id,
        _home.c.id == MobilityParticipationRow.home_offer_id,
    ),
)
_consented = _people.join(
    _consent,
    and_(
        ConsentRow.institution_id == MobilityParticipationRow.institution_id,
        ConsentRow.id == MobilityParticipationRow.consent_id,
    ),
)
_CONSENT = Object(
    "MobilityConsent",
    {
        "id": Value(ConsentRow.id, ID),
        "scope": Value(ConsentRow.scope, SCOPE),
        "expiresAt": Value(instant(ConsentRow.expires_at), INSTANT),
    },
)
_conditions: dict[str, Condition] = {
    "campaign": MobilityParticipationRow.campaign_id == bindparam("campaign", type_=Uuid),
    "id": MobilityParticipationRow.id == bindparam("id", type_=Uuid),
    **SCOPES,
}

# ── one's own

MOBILITY_PARTICIPATION = Shape(
    "MobilityParticipation",
    _consented.join(_campaign, MobilityCampaignRow.id == MobilityParticipationRow.campaign_id),
    {
        "id": Value(MobilityParticipationRow.id, ID),
        "revision": Value(MobilityParticipationRow.revision, INTEGER),
        "campaignId": Value(MobilityParticipationRow.campaign_id, ID),
        "campaign": Value(MobilityCampaignRow.name, TEXT),
        "state": Value(MobilityCampaignRow.state, STATE),
        "collectingUntil": Value(MobilityCampaignRow.collecting_until, DATE),
        "correctionUntil": Value(MobilityCampaignRow.correction_until, DATE),
        "consent": _CONSENT,
        "home": _offer(_home, "MobilityOfferedPost", is_outer=False),
        "joinedAt": Value(instant(MobilityParticipationRow.joined_at), INSTANT),
        "wishedAt": Value(instant(MobilityParticipationRow.wished_at), NULLABLE_INSTANT),
        **_RELEASE,
        "grounds": _GROUNDS,
        "wishes": _WISHES,
        "withheld": WITHHELD,
    },
    rooted=_owned,
    conditions=_conditions,
)
MOBILITY_PARTICIPATIONS = Pages("MobilityParticipation", MOBILITY_PARTICIPATION, (MobilityParticipationRow.id,))

_applied = MobilityOfferRow.__table__.alias("applied")
MOBILITY_APPLICATION = Shape(
    "MobilityApplication",
    _people.join(_application, _of_part(MobilityApplicationRow)).outerjoin(
        _applied, _applied.c.id == MobilityApplicationRow.offer_id
    ),
    {
        "rank": Value(MobilityApplicationRow.rank, INTEGER),
        "wishPlace": Value(MobilityApplicationRow.wish_place, INTEGER),
        "offer": _offer(_applied, "MobilityOfferedPost", is_outer=True),
        "points": Value(MobilityApplicationRow.points, INTEGER),
        "parts": POINTS_PARTS,
        "bar": Value(MobilityApplicationRow.bar, NULLABLE_TEXT),
        "requirements": FOUND_REQUIREMENTS,
    },
    rooted=_owned,
    conditions={
        "participation": MobilityParticipationRow.id == bindparam("participation", type_=Uuid),
        "campaign": MobilityParticipationRow.campaign_id == bindparam("campaign", type_=Uuid),
        **SCOPES,
    },
)
MOBILITY_APPLICATIONS = Pages(
    "MobilityApplication",
    MOBILITY_APPLICATION,
    (MobilityApplicationRow.rank, MobilityApplicationRow.id),
    parent=Parent(
        "participation",
        _people,
        lambda actor: and_(
            _owned(actor), MOBILITY_APPLICATION.conditions["campaign"], MOBILITY_APPLICATION.conditions["participation"]
        ),
        "mobility_participation.not_found",
        SCOPES,
    ),
)

# ── who of an institution takes part: never what they wish for

_found = listed_in(MobilityApplicationRow.because, "found")
_document = cast(_found.c.document, JSONB)
_unknown = (
    select(_document.label("told"), word_of(_found.c.document, "requirement").label("code"))
    .select_from(_application.join(_found, true()))
    .where(_of_part(MobilityApplicationRow))
    .where(word_of(_found.c.document, "outcome") == literal_column(f"'{Outcome.NEEDS_VERIFICATION.value}'"))
    .distinct()
    .correlate(_part)
    .lateral("unknown")
)


def _missing() -> Items:
    told: ColumnElement[Any] = _unknown.c.told
    return Items(
        "MobilityMissing",
        {
            "requirement": Value(_unknown.c.code, TEXT),
            "label": sentence_of(told, "label"),
            "missing": sentences_of(told, "missing"),
        },
        _unknown,
        true(),
        (_unknown.c.code,),
        needs=(*rule_for(DataClass.SPECIFIC), *rule_for(DataClass.RESTRICTED)),
    )


MOBILITY_PARTICIPANT = Shape(
    "MobilityParticipant",
    _consented,
    {
        "id": Value(MobilityParticipationRow.id, ID),
        "campaignId": Value(MobilityParticipationRow.campaign_id, ID),
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "home": _offer(_home, "MobilityOfferedPost", is_outer=False),
        "consent": _CONSENT,
        "joinedAt": Value(instant(MobilityParticipationRow.joined_at), INSTANT),
        "hasWishes": Value(MobilityParticipationRow.wished_at.is_not(None), BOOLEAN),
        **_RELEASE,
        "grounds": _GROUNDS,
        "missing": _missing(),
        "withheld": WITHHELD,
    },
    rooted=_owned,
    conditions=_conditions,
)
MOBILITY_PARTICIPANTS = Pages(
    "MobilityParticipant", MOBILITY_PARTICIPANT, (MobilityParticipationRow.id,), parent=OF_CAMPAIGN
)

# ── what is held of somebody's parts, for that very person

_held_participations = _part.join(_campaign, MobilityCampaignRow.id == MobilityParticipationRow.campaign_id).join(
    _home,
    and_(
        _home.c.institution_id == MobilityParticipationRow.institution_id,
        _home.c.id == MobilityParticipationRow.home_offer_id,
    ),
)
HELD_PARTICIPATIONS = Items(
    HELD,
    {
        "id": Value(MobilityParticipationRow.id, ID),
        "fileId": Value(MobilityParticipationRow.file_id, ID),
        "campaign": Value(MobilityCampaignRow.name, TEXT),
        "state": Value(MobilityCampaignRow.state, STATE),
        "consentId": Value(MobilityParticipationRow.consent_id, ID),
        "home": _offer(_home, HELD, is_outer=False),
        "joinedAt": Value(instant(MobilityParticipationRow.joined_at), INSTANT),
        "wishedAt": Value(instant(MobilityParticipationRow.wished_at), NULLABLE_INSTANT),
        "isReleased": _RELEASE["isReleased"],
        "releasePlace": _RELEASE["releasePlace"],
        "assessedAt": _RELEASE["assessedAt"],
        "grounds": replace(_GROUNDS, type=HELD, needs=()),
        "wishes": _all_held(_WISHES),
        "applications": Items(
            HELD,
            {
                "rank": Value(MobilityApplicationRow.rank, INTEGER),
                "wishPlace": Value(MobilityApplicationRow.wish_place, INTEGER),
                "offerId": Value(MobilityApplicationRow.offer_id, ID),
                "points": Value(MobilityApplicationRow.points, INTEGER),
                "parts": Value(MobilityApplicationRow.parts, JSON_LIST),
                "bar": Value(MobilityApplicationRow.bar, NULLABLE_TEXT),
                "because": Value(MobilityApplicationRow.because, JSON_LIST),
            },
            _application,
            _of_part(MobilityApplicationRow),
            (MobilityApplicationRow.rank,),
        ),
    },
    _held_participations,
    and_(
        MobilityParticipationRow.institution_id == TalentRow.institution_id,
        MobilityParticipationRow.talent_id == TalentRow.id,
    ),
    (MobilityParticipationRow.id,),
)
