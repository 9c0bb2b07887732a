"""What documents about succession plans can contain: successors with their readiness, the bench, emergency cover."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array

from app.db.classes import DataClass, rule_for
from app.db.documents import (
    Actor,
    Condition,
    Field,
    Fields,
    Items,
    JsonSchema,
    Object,
    Pages,
    Shape,
    Value,
    literal_text,
)
from app.db.shapes.bench_strength import (
    BENCH,
    SUCCESSORS,
    is_available,
    is_complete,
    is_willing,
    readiness,
)
from app.db.shapes.calibrations import TALENT_NAME
from app.db.shapes.formats import instant
from app.db.shapes.pools import state as member_state
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
from app.db.shapes.succession_policies import able_to_act
from app.db.shapes.talents import LEVEL
from app.db.tables.data_requests import holds
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.tables.succession import SuccessionPlanRow, SuccessorRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.data_requests import Kind
from app.domain.dominoes import Substitute
from app.domain.pools import State
from app.domain.succession import Readiness

_post, _unit, _plan = PostRow.__table__, OrgUnitRow.__table__, SuccessionPlanRow.__table__
READINESS: JsonSchema = {"type": "string", "enum": [one.value for one in Readiness]}
NULLABLE_STATE: JsonSchema = {"type": ["string", "null"], "enum": [*(state.value for state in State), None]}
KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in Substitute]}
NULLABLE_TEXTS: JsonSchema = {"type": ["array", "null"], "items": {"type": "string"}}
MOST_COVERING = 5  # who may act, nearest first


# ── the post

_held = (
    select(func.count())
    .select_from(PostHolderRow)
    .where(PostHolderRow.institution_id == PostRow.institution_id, PostHolderRow.post_id == PostRow.id)
    .correlate(_post)
    .scalar_subquery()
)
_in_unit = and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id)
POST: Field = Object(
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
        "holders": Value(_held, INTEGER),
    },
)


# ── who may act tomorrow

_holder = PostHolderRow.__table__.alias("able_holder")
_own_post, _own_unit = _post.alias("able_post"), _unit.alias("able_unit")
_able_talent = TalentRow.__table__.alias("able_talent")
_able = able_to_act(PostRow.level, PostRow.institution_id, _post)
_step = func.unnest(_own_unit.c.path).table_valued(column("id", Text), name="step").render_derived()
_common = (
    select(func.count())
    .select_from(_step)
    .where(_step.c.id == any_(OrgUnitRow.path))
    .correlate(_unit, _own_unit)
    .scalar_subquery()
)
_both = func.cardinality(OrgUnitRow.path) + func.cardinality(_own_unit.c.path)
_distance = cast(_both - literal_column("2") * _common, Integer)
_is_able_restricted = literal_column(holds(Kind.RESTRICTION, "able_talent", "id"), Boolean)
_nearest = (
    select(
        _able_talent.c.id.label("talent_id"),
        _able_talent.c.nip,
        _able_talent.c.name,
        _own_post.c.id.label("post_id"),
        _own_post.c.name.label("post"),
        _own_post.c.level,
        _own_unit.c.name.label("unit"),
        _distance.label("distance"),
        _able.c.place,
    )
    .select_from(
        _able.join(
            _own_post, and_(_own_post.c.institution_id == PostRow.institution_id, _own_post.c.level == _able.c.level)
        )
        .join(
            _own_unit,
            and_(_own_unit.c.institution_id == _own_post.c.institution_id, _own_unit.c.id == _own_post.c.unit_id),
        )
        .join(
            _holder, and_(_holder.c.institution_id == _own_post.c.institution_id, _holder.c.post_id == _own_post.c.id)
        )
        .join(
            _able_talent,
            and_(_able_talent.c.institution_id == _holder.c.institution_id, _able_talent.c.id == _holder.c.talent_id),
        )
    )
    .where(_own_post.c.id != PostRow.id, _common > literal_column("0"), not_(_is_able_restricted))
    .order_by(_distance, _able.c.place, _able_talent.c.id)
    .limit(literal_column(str(MOST_COVERING)))
    .correlate(_post, _unit)
    .subquery("nearest")
)
COVER: Items = Items(
    "CoveringOfficial",
    {
        "talentId": Value(_nearest.c.talent_id, ID),
        "talent": Object("TalentName", {"nip": Value(_nearest.c.nip, TEXT), "name": Value(_nearest.c.name, TEXT)}),
        "postId": Value(_nearest.c.post_id, ID),
        "post": Value(_nearest.c.post, TEXT),
        "level": Value(_nearest.c.level, LEVEL),
        "unit": Value(_nearest.c.unit, TEXT),
        "distance": Value(_nearest.c.distance, INTEGER),
    },
    _nearest,
    literal_column("true"),
    (_nearest.c.distance, _nearest.c.place, _nearest.c.talent_id),
)
_kind = case((_held < PostRow.seats, literal_text(Substitute.ACTING)), else_=literal_text(Substitute.ACTING_DAILY))
EMERGENCY: Object = Object("EmergencyCover", {"kind": Value(_kind, KIND), "people": COVER})


def _post_owned(actor: Actor) -> Condition:
    return PostRow.institution_id == cast(actor.c.institution, Uuid)


EMERGENCY_COVER = Shape(
    "EmergencyCoverOfPost",
    _post.join(_unit, _in_unit),
    {"post": POST, "kind": Value(_kind, KIND), "people": COVER},
    rooted=_post_owned,
    conditions={"post_id": PostRow.id == bindparam("post_id", type_=Uuid)},
)


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
    "position": Value(TalentRow.position, NULLABLE_TEXT),
    "positionLevel": Value(TalentRow.position_level, LEVEL),
    "readiness": Value(readiness, READINESS),
    "isEligible": Value(SuccessorRow.is_eligible, NULLABLE_BOOLEAN),
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
    and_(_of_plan, not_(SuccessorRow.is_named)),
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
    "policyVersion": Value(SuccessionPlanRow.policy_version, INTEGER),
    "editedAt": Value(instant(SuccessionPlanRow.edited_at), INSTANT),
    "editedBy": Value(SuccessionPlanRow.edited_by, TEXT),
    "calculatedAt": Value(instant(SuccessionPlanRow.calculated_at), INSTANT),
    "bench": BENCH,
    "successors": _named,
    "proposed": _proposed,
    "emergencyCover": EMERGENCY,
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
    summary=("postId", "revision", "post", "asOf", "ruleSet", "policyVersion", "editedAt", "calculatedAt", "bench"),
)
SUCCESSION_PLANS = Pages("SuccessionPlan", _listed, (PostRow.name_key, SuccessionPlanRow.post_id))
