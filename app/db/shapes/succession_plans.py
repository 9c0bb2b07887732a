"""What documents about succession plans can contain: successors with their readiness, the bench, emergency cover."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    not_,
    or_,
)
from sqlalchemy.dialects.postgresql import array

from app.db.classes import DataClass, rule_for
from app.db.documents import (
    Actor,
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
from app.db.post_seats import holders, reserved
from app.db.shapes.bench_strength import (
    BENCH,
    SUCCESSORS,
    is_available,
    is_complete,
    is_current,
    is_demotion,
    is_eligible,
    is_willing,
    movement,
    readiness,
)
from app.db.shapes.calibrations import TALENT_NAME
from app.db.shapes.career_moves import NULLABLE_MOVE
from app.db.shapes.emergency_cover import EMERGENCY, of_post, of_posts
from app.db.shapes.formats import instant
from app.db.shapes.pools import state as member_state
from app.db.shapes.posts_held import post_held
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_BOOLEAN,
    NULLABLE_DATE,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.scopes import is_restricted
from app.db.shapes.succession_policies import policy_of
from app.db.shapes.talents import LEVEL
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostRow
from app.db.tables.succession import SuccessionPlanRow, SuccessorRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.pools import State
from app.domain.succession import Readiness

_post, _unit, _plan = PostRow.__table__, OrgUnitRow.__table__, SuccessionPlanRow.__table__
READINESS: JsonSchema = {"type": "string", "enum": [one.value for one in Readiness]}
NULLABLE_STATE: JsonSchema = {"type": ["string", "null"], "enum": [*(state.value for state in State), None]}
NULLABLE_TEXTS: JsonSchema = {"type": ["array", "null"], "items": {"type": "string"}}


# ── the post

_in_unit = and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id)
POST = Object(
    "PlannedPost",
    {
        "id": Value(PostRow.id, ID),
        "name": Value(PostRow.name, TEXT),
        "level": Value(PostRow.level, LEVEL),
        "unitId": Value(OrgUnitRow.id, TEXT),
        "unitName": Value(OrgUnitRow.name, TEXT),
        "isTarget": Value(PostRow.is_target, BOOLEAN),
        "isCritical": Value(PostRow.is_critical, BOOLEAN),
        "seats": Value(PostRow.seats, INTEGER),
        "holders": Value(holders, INTEGER),
        "reservedSeats": Value(reserved, INTEGER),
    },
)


EMERGENCY_COVER = of_post(POST)
COVER_OF_POSTS = of_posts(POST)


# ── successors

_of_plan = and_(
    SuccessorRow.institution_id == SuccessionPlanRow.institution_id,
    SuccessorRow.post_id == SuccessionPlanRow.post_id,
    not_(is_restricted),
)
_order = func.array_position(array([literal_text(one) for one in Readiness]), readiness)
_NARROWED = rule_for(DataClass.SPECIFIC)
_FOUND: Fields = {
    "talentId": Value(TalentRow.id, ID),
    "talent": Object("TalentName", TALENT_NAME),
    "position": Value(post_held("name"), NULLABLE_TEXT),
    "positionLevel": Value(post_held("level"), LEVEL),
    "movement": Value(movement, NULLABLE_MOVE),
    "readiness": Value(readiness, READINESS),
    "isEligible": Value(is_eligible, NULLABLE_BOOLEAN),
    "isCurrent": Value(is_current, BOOLEAN),
    "standsUntil": Value(SuccessorRow.stands_until, NULLABLE_DATE),
    "readyFrom": Value(SuccessorRow.ready_from, NULLABLE_DATE),
    "isComplete": Value(is_complete, NULLABLE_BOOLEAN),
    "poolState": Value(member_state, NULLABLE_STATE),
    "isWilling": Value(is_willing, NULLABLE_BOOLEAN),
    "notMet": Value(SuccessorRow.requirements_not_met, NULLABLE_TEXTS, _NARROWED),
    "unverified": Value(SuccessorRow.requirements_unverified, NULLABLE_TEXTS, _NARROWED),
}
_NAMED: Fields = {
    **_FOUND,
    "computedReadiness": Value(SuccessorRow.readiness, READINESS),
    "reason": Value(SuccessorRow.reason, NULLABLE_TEXT),
    "isAvailable": Value(is_available, BOOLEAN),
}
_named = Items("Successor", _NAMED, SUCCESSORS, and_(_of_plan, SuccessorRow.is_named), (_order, SuccessorRow.ordinal))
_proposed = Items(
    "ProposedSuccessor",
    _FOUND,
    SUCCESSORS,
    and_(_of_plan, not_(SuccessorRow.is_named), not_(is_demotion)),
    (_order, SuccessorRow.ready_from.nulls_last(), SuccessorRow.talent_id),
)


# ── the plan

_FIELDS: Fields = {
    "postId": Value(SuccessionPlanRow.post_id, ID),
    "revision": Value(SuccessionPlanRow.revision, INTEGER),
    "post": POST,
    "note": Value(SuccessionPlanRow.note, NULLABLE_TEXT),
    "asOf": Value(SuccessionPlanRow.as_of, DATE),
    "ruleSet": Object(
        "PlanRuleSet",
        {
            "code": Value(SuccessionPlanRow.rule_set_code, TEXT),
            "version": Value(SuccessionPlanRow.rule_set_version, INTEGER),
        },
    ),
    "policy": policy_of(SuccessionPlanRow.policy_code, SuccessionPlanRow.policy_version),
    "editedAt": Value(instant(SuccessionPlanRow.edited_at), INSTANT),
    "editedBy": Value(SuccessionPlanRow.edited_by, TEXT),
    "calculatedAt": Value(instant(SuccessionPlanRow.calculated_at), INSTANT),
    "bench": BENCH,
    "successors": _named,
    "proposed": _proposed,
    "emergencyCover": Object("EmergencyCover", EMERGENCY),
    "withheld": WITHHELD,
}
_source = _plan.join(
    _post, and_(PostRow.institution_id == SuccessionPlanRow.institution_id, PostRow.id == SuccessionPlanRow.post_id)
).join(_unit, _in_unit)


def _owned(actor: Actor) -> Condition:
    return SuccessionPlanRow.institution_id == cast(actor.c.institution, Uuid)


_CONDITIONS: dict[str, Condition] = {
    "post_id": SuccessionPlanRow.post_id == bindparam("post_id", type_=Uuid),
    "unit": bindparam("unit", type_=Text) == any_(OrgUnitRow.path),
    "level": PostRow.level == bindparam("level", type_=Text),
    "watched": or_(PostRow.is_target, PostRow.is_critical) == bindparam("watched", type_=Boolean),
}
SUCCESSION_PLAN = Shape("SuccessionPlan", _source, _FIELDS, rooted=_owned, conditions=_CONDITIONS)
_listed = Shape(
    "SuccessionPlan",
    _source,
    _FIELDS,
    rooted=_owned,
    conditions=_CONDITIONS,
    summary=("postId", "revision", "post", "asOf", "ruleSet", "policy", "editedAt", "calculatedAt", "bench"),
)
SUCCESSION_PLANS = Pages("SuccessionPlan", _listed, (PostRow.name_key, SuccessionPlanRow.post_id))
