"""What documents about succession pools can contain: their sizes, their members with their steps, and who could be."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array

from app.db.classes import DataClass, rule_for
from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value, literal_text
from app.db.shapes import parents
from app.db.shapes.calibrations import TALENT_NAME
from app.db.shapes.formats import instant, today
from app.db.shapes.institutions import mine
from app.db.shapes.placements import BY_NIP, OF_TALENT, owned
from app.db.shapes.posts_held import post_held
from app.db.shapes.schemas import (
    BOOLEAN,
    ID,
    INSTANT,
    INTEGER,
    INTEGERS,
    NULLABLE_BOOLEAN,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.scopes import SCOPES, of_unit
from app.db.shapes.succession_policies import boxes_of, in_force, policy_in_force, policy_of
from app.db.shapes.talents import LEVEL
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import PlacementRow
from app.db.tables.succession import (
    PoolMemberRow,
    PoolMemberStepRow,
    SuccessionPolicyRow,
    SuccessionWillingnessRow,
)
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.pools import NOMINABLE, State
from app.domain.recommendations import Pool

_institution, _talent, _placement = InstitutionRow.__table__, TalentRow.__table__, PlacementRow.__table__
_member, _willingness = PoolMemberRow.__table__, SuccessionWillingnessRow.__table__
POOL: JsonSchema = {"type": "string", "enum": [pool.value for pool in Pool]}
STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}

_ends = PoolMemberRow.state.in_([literal_text(State.CONFIRMED), literal_text(State.SUSPENDED)])
state: ColumnElement[str] = case(
    (and_(_ends, PoolMemberRow.expires_on < today), literal_text(State.EXPIRED)), else_=PoolMemberRow.state
)
"""Of the member of the row, today."""
_boxes = boxes_of(PoolMemberRow.level, PoolMemberRow.institution_id, _member)
is_still_in_box: ColumnElement[bool] = PlacementRow.box == any_(_boxes)
"""Whether the member of the row stands in a box of the pool; null where they are in no box."""
is_present: ColumnElement[bool] = state.in_([literal_text(one) for one in State if one not in NOMINABLE])
"""Whether the member of the row is in the pool, or on the way into it."""


# ── willingness

is_said: ColumnElement[bool] = or_(SuccessionWillingnessRow.until.is_(None), SuccessionWillingnessRow.until >= today)
"""Whether what somebody said of their willingness holds today."""
_SAID: Fields = {
    "isWilling": Value(SuccessionWillingnessRow.is_willing, BOOLEAN),
    "until": Value(SuccessionWillingnessRow.until, NULLABLE_DATE),
    "forPosts": Value(SuccessionWillingnessRow.for_posts, {"type": ["array", "null"], "items": {"type": "string"}}),
    "declaredAt": Value(instant(SuccessionWillingnessRow.declared_at), INSTANT),
    "isInForce": Value(is_said, BOOLEAN),
}
_of_talent = and_(
    SuccessionWillingnessRow.institution_id == TalentRow.institution_id,
    SuccessionWillingnessRow.talent_id == TalentRow.id,
)
WILLINGNESS = Shape(
    "SuccessionWillingness",
    _talent.join(_willingness, _of_talent),
    {"talent": Object("TalentName", TALENT_NAME), **_SAID},
    rooted=owned,
    conditions=BY_NIP,
)


# ── members

_OF_SUSPENSION = rule_for(DataClass.SPECIFIC, PoolMemberStepRow.state == literal_text(State.SUSPENDED))
"""Why somebody is suspended may tell of a sanction."""

_source = _member.join(
    _talent, and_(TalentRow.institution_id == PoolMemberRow.institution_id, TalentRow.id == PoolMemberRow.talent_id)
).outerjoin(_placement, OF_TALENT)
_FIELDS: Fields = {
    "id": Value(PoolMemberRow.id, ID),
    "revision": Value(PoolMemberRow.revision, INTEGER),
    "level": Value(PoolMemberRow.level, POOL),
    "state": Value(state, STATE),
    "talent": Object("TalentName", TALENT_NAME),
    "unitId": Value(post_held("unit_id"), NULLABLE_TEXT),
    "position": Value(post_held("name"), NULLABLE_TEXT),
    "positionLevel": Value(post_held("level"), LEVEL),
    "nominatedBox": Value(PoolMemberRow.nominated_box, INTEGER),
    "box": Value(PlacementRow.box, NULLABLE_INTEGER),
    "isStillInBox": Value(is_still_in_box, NULLABLE_BOOLEAN),
    "expiresOn": Value(PoolMemberRow.expires_on, NULLABLE_DATE),
    "policy": policy_of(PoolMemberRow.policy_code, PoolMemberRow.policy_version),
    "willingness": Object(
        "SuccessionWillingness",
        {"talent": Object("TalentName", TALENT_NAME), **_SAID},
        _willingness,
        _of_talent,
    ),
    "steps": Items(
        "PoolMemberStep",
        {
            "state": Value(PoolMemberStepRow.state, STATE),
            "reason": Value(PoolMemberStepRow.step_reason, NULLABLE_TEXT, _OF_SUSPENSION),
            "at": Value(instant(PoolMemberStepRow.entered_at), INSTANT),
            "role": Value(PoolMemberStepRow.role, TEXT),
            "by": Value(PoolMemberStepRow.subject, TEXT),
        },
        PoolMemberStepRow.__table__,
        and_(
            PoolMemberStepRow.institution_id == PoolMemberRow.institution_id,
            PoolMemberStepRow.member_id == PoolMemberRow.id,
        ),
        (PoolMemberStepRow.ordinal,),
    ),
    "withheld": WITHHELD,
}
_SUMMARY = tuple(name for name in _FIELDS if name not in ("steps", "willingness", "withheld"))


def _owned(actor: Actor) -> Condition:
    return PoolMemberRow.institution_id == cast(actor.c.institution, Uuid)


_CONDITIONS: dict[str, Condition] = {
    "id": PoolMemberRow.id == bindparam("id", type_=Uuid),
    "level": PoolMemberRow.level == bindparam("level", type_=Text),
    "state": state == bindparam("state", type_=Text),
    "unit": of_unit("unit"),
    "position_level": post_held("level") == bindparam("position_level", type_=Text),
    "still_in_box": func.coalesce(is_still_in_box, False) == bindparam("still_in_box", type_=Boolean),
    "nip": TalentRow.nip == bindparam("nip", type_=Text),
    **SCOPES,
}
POOL_MEMBER = Shape("PoolMember", _source, _FIELDS, rooted=_owned, conditions=_CONDITIONS)
_listed = Shape("PoolMember", _source, _FIELDS, rooted=_owned, conditions=_CONDITIONS, summary=_SUMMARY)
POOL_MEMBERS = Pages("PoolMember", _listed, (TalentRow.name, PoolMemberRow.id), opened_by=frozenset({"steps"}))
POOL_MEMBERSHIPS = Pages(
    "PoolMember",
    POOL_MEMBER,
    (PoolMemberRow.level, cast(PoolMemberRow.id, Text)),
    of_one=True,
    parent=parents.OF_TALENT,
)


# ── who could be nominated

_level = (
    func.unnest(array([pool.value for pool in Pool])).table_valued(column("level", Text), name="pool").render_derived()
)


def _is_candidate(level: ColumnElement[str]) -> Condition:
    """The talent of the row stands in a box of the pool, and is neither in it nor on the way into it."""
    member = select(PoolMemberRow.id).where(
        PoolMemberRow.institution_id == TalentRow.institution_id,
        PoolMemberRow.talent_id == TalentRow.id,
        PoolMemberRow.level == level,
        is_present,
    )
    in_box = PlacementRow.box == any_(boxes_of(level, TalentRow.institution_id, _talent))
    return and_(in_box, not_(exists(member.correlate(_talent, _level))))


POOL_CANDIDATE = Shape(
    "PoolCandidate",
    _talent.join(_placement, OF_TALENT),
    {
        "talent": Object("TalentName", TALENT_NAME),
        "unitId": Value(post_held("unit_id"), NULLABLE_TEXT),
        "position": Value(post_held("name"), NULLABLE_TEXT),
        "positionLevel": Value(post_held("level"), LEVEL),
        "box": Value(PlacementRow.box, NULLABLE_INTEGER),
    },
    rooted=owned,
    conditions={
        "level": _is_candidate(bindparam("level", type_=Text)),
        "unit": of_unit("unit"),
        "position_level": post_held("level") == bindparam("position_level", type_=Text),
        **SCOPES,
    },
)
POOL_CANDIDATES = Pages("PoolCandidate", POOL_CANDIDATE, (TalentRow.name, TalentRow.id))


# ── the pool as a whole

_tally = (
    select(
        *(func.count().filter(state == literal_text(one)).label(one.value) for one in State),
        func.count().filter(and_(is_present, func.coalesce(is_still_in_box, False).is_(False))).label("left_boxes"),
    )
    .select_from(_source)
    .where(PoolMemberRow.institution_id == InstitutionRow.id, PoolMemberRow.level == _level.c.level)
    .correlate(_institution, _level)
    .lateral("tally")
)
_candidates = (
    select(func.count())
    .select_from(_talent.join(_placement, OF_TALENT))
    .where(TalentRow.institution_id == InstitutionRow.id, _is_candidate(_level.c.level))
    .correlate(_institution, _level)
    .scalar_subquery()
)
SUCCESSION_POOL = Shape(
    "SuccessionPool",
    _institution.join(_level, true()).join(_tally, true()),
    {
        "level": Value(_level.c.level, POOL),
        "boxes": Value(boxes_of(_level.c.level, InstitutionRow.id, _institution), INTEGERS),
        "termMonths": Value(in_force(SuccessionPolicyRow.term_months, InstitutionRow.id, _institution), INTEGER),
        "policy": policy_in_force(InstitutionRow.id, _institution),
        "candidates": Value(_candidates, INTEGER),
        "members": Object("PoolStateCounts", {one.value: Value(_tally.c[one.value], INTEGER) for one in State}),
        "leftBoxes": Value(_tally.c.left_boxes, INTEGER),
    },
    rooted=mine,
    conditions={"level": _level.c.level == bindparam("level", type_=Text)},
)
