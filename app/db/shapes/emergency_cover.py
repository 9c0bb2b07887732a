"""What documents about emergency cover can contain: who may act in a post tomorrow (Plt/Plh), and why they may."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    Integer,
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
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db import retirements
from app.db.classes import DataClass, rule_for
from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Shape, Value, literal_text
from app.db.post_seats import taken
from app.db.shapes.formats import today
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import BOOLEAN, DATE, ID, INTEGER, NULLABLE_DATE, TEXT
from app.db.shapes.scopes import is_restricted
from app.db.shapes.sentences import said
from app.db.shapes.succession_policies import in_force
from app.db.shapes.talents import LEVEL
from app.db.tables.candidates import CandidateRow
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.tables.succession import SuccessionPolicyRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.db.withholding import WITHHELD
from app.domain.dominoes import Substitute
from app.domain.requirements import Outcome
from app.domain.vacancies import State

_post, _unit, _talent = PostRow.__table__, OrgUnitRow.__table__, TalentRow.__table__
KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in Substitute]}
OUTCOME: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in Outcome), None]}
MOST_COVERING = 5  # who may act, nearest first
_ZERO: ColumnElement[int] = literal_column("0")
_ONE: ColumnElement[int] = literal_column("1")


# ── who sits where

_moved = cast(bindparam("moved", "{}", type_=Text), JSONB)
"""Who is thought of as moved, and to which post: nobody, unless a chain of appointments is looked at."""
_move = (
    func.jsonb_each_text(_moved)
    .table_valued(column("talent_id", Text), column("post_id", Text), name="move")
    .render_derived()
)
_sitting = union_all(
    select(
        PostHolderRow.talent_id.label("talent_id"),
        PostHolderRow.post_id.label("post_id"),
        PostHolderRow.retires_on.label("retires_on"),
        literal_column("false", Boolean).label("is_moved"),
    ).where(not_(_moved.has_key(cast(PostHolderRow.talent_id, Text)))),
    select(
        cast(_move.c.talent_id, Uuid),
        cast(_move.c.post_id, Uuid),
        cast(null(), Date),
        literal_column("true", Boolean),
    ),
).subquery("sitting")
_told = func.nullif(bindparam("acts_from", "", type_=Text), literal_text(""))
_acts_from: ColumnElement[date] = func.coalesce(cast(_told, Date), today + _ONE)
"""The first day on which somebody acts: tomorrow, unless another one is looked at."""
_until = CandidateRow.sanctioned_until
_is_sanction_free: ColumnElement[bool | None] = case(
    (_until == literal_column("'infinity'::date"), null()),
    (_until >= _acts_from, literal_column("false")),
    (CandidateRow.are_sanctions_known, true()),
    else_=null(),
)
"""As the requirement of that name finds for the first day of acting; null where nobody has checked, or one has no end.

Medium and heavy sanctions alone are served; a light one keeps nobody from acting.
"""
_next = VacancyRow.__table__.c
_has_left = exists(
    select(_next.id)
    .where(_next.institution_id == TalentRow.institution_id, _next.talent_id == TalentRow.id)
    .where(_next.post_id != PostRow.id, _next.state == literal_text(State.DECREED), _next.effective_on <= _acts_from)
    .correlate(_talent, _post)
)
"""Whether a decree for another post is in effect by then, as `services.seats` counts who has left."""
_seated = (
    select(
        TalentRow.institution_id,
        TalentRow.id.label("talent_id"),
        TalentRow.nip,
        TalentRow.name,
        PostRow.id.label("post_id"),
        PostRow.name.label("post"),
        PostRow.level,
        OrgUnitRow.id.label("unit_id"),
        OrgUnitRow.name.label("unit"),
        OrgUnitRow.path,
        case((_sitting.c.is_moved, retirements.retires_on), else_=_sitting.c.retires_on).label("retires_on"),
        _is_sanction_free.label("is_sanction_free"),
    )
    .select_from(
        _sitting.join(_talent, TalentRow.id == _sitting.c.talent_id)
        .join(_post, and_(PostRow.institution_id == TalentRow.institution_id, PostRow.id == _sitting.c.post_id))
        .join(_unit, and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id))
        .outerjoin(
            CandidateRow.__table__,
            and_(CandidateRow.institution_id == TalentRow.institution_id, CandidateRow.talent_id == TalentRow.id),
        )
    )
    .where(TalentRow.is_mapped, not_(is_restricted), not_(_has_left))
    .subquery("seated")
)
"""Everybody with a post on the first day of acting: on the map, and free to be processed."""


# ── who may act

_levels = in_force(SuccessionPolicyRow.cover, PostRow.institution_id, _post).op("->")(PostRow.level)
_able = (
    func.jsonb_array_elements_text(_levels)
    .table_valued(column("level", Text), with_ordinality="place", name="able")
    .render_derived()
)
"""The levels whose holders may act in the post of the row, preferred first."""
is_acted_in: ColumnElement[bool] = _levels.is_not(None)
"""Whether somebody acts in posts of the level at all."""
_months = func.make_interval(_ZERO, in_force(SuccessionPolicyRow.acting_months, PostRow.institution_id, _post))
_acts_until = cast(_acts_from + _months, Date)
_step = func.unnest(_seated.c.path).table_valued(column("id", Text), name="step").render_derived()
_common = (
    select(func.count())
    .select_from(_step)
    .where(_step.c.id == any_(OrgUnitRow.path))
    .correlate(_unit, _seated)
    .scalar_subquery()
)
_both = func.cardinality(OrgUnitRow.path) + func.cardinality(_seated.c.path)
_near = (
    select(
        *(_seated.c[name] for name in ("talent_id", "nip", "name", "post_id", "post", "level", "unit", "retires_on")),
        _seated.c.is_sanction_free,
        (_seated.c.unit_id == OrgUnitRow.id).label("is_same_unit"),
        (_seated.c.level == PostRow.level).label("is_same_level"),
        cast(_both - literal_column("2") * _common, Integer).label("distance"),
        _common.label("common"),
        _able.c.place,
    )
    .select_from(_able.join(_seated, _seated.c.level == _able.c.level))
    .where(
        _seated.c.institution_id == PostRow.institution_id,
        _seated.c.post_id != PostRow.id,
        func.coalesce(_seated.c.is_sanction_free, true()),
        or_(_seated.c.retires_on.is_(None), _seated.c.retires_on > _acts_until),
    )
    .correlate(_post, _unit)
    .subquery("near")
)
_nearest = (
    select(_near)
    .where(_near.c.common > _ZERO)
    .order_by(_near.c.distance, _near.c.place, _near.c.talent_id)
    .limit(literal_column(str(MOST_COVERING)))
    .subquery("nearest")
)
_is_certain = and_(_nearest.c.is_sanction_free.is_not(None), _nearest.c.retires_on.is_not(None))
_outcome = case((_is_certain, literal_text(Outcome.MET)), else_=literal_text(Outcome.NEEDS_VERIFICATION))
_NARROWED = rule_for(DataClass.SPECIFIC)


def _word(condition: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(func.coalesce(condition, literal_column("false")), Text)


_because: Fields = {
    "level": said({"true": "cover.same_level", "false": "cover.other_level"}, _word(_nearest.c.is_same_level)),
    "unit": said({"true": "cover.same_unit", "false": "cover.near_unit"}, _word(_nearest.c.is_same_unit)),
    "retirement": said(
        {"true": "cover.not_retiring", "false": "cover.retirement_unknown"}, _word(_nearest.c.retires_on.is_not(None))
    ),
}
_sanction = said({"true": "cover.no_sanction", "false": "cover.sanction_unknown"}, _word(_nearest.c.is_sanction_free))
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
        "retiresOn": Value(_nearest.c.retires_on, NULLABLE_DATE),
        "outcome": Value(_outcome, OUTCOME, _NARROWED),
        "because": Object(
            "CoverReasons", {**_because, "sanction": Object("Sentence", _sanction.fields, needs=_NARROWED)}
        ),
    },
    _nearest,
    literal_column("true"),
    (_nearest.c.distance, _nearest.c.place, _nearest.c.talent_id),
)


# ── the documents

_kind = case((taken < PostRow.seats, literal_text(Substitute.ACTING)), else_=literal_text(Substitute.ACTING_DAILY))
EMERGENCY: Fields = {
    "kind": Value(_kind, KIND),
    "actsFrom": Value(_acts_from, DATE),
    "actsUntil": Value(_acts_until, DATE),
    "people": COVER,
}
"""Of the post and the unit of the row."""


def _post_owned(actor: Actor) -> Condition:
    return PostRow.institution_id == cast(actor.c.institution, Uuid)


_in_unit = and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id)


def of_post(post: Object) -> Shape:
    """Who may act in a post, which is told as `post`."""
    return Shape(
        "EmergencyCoverOfPost",
        _post.join(_unit, _in_unit),
        {"post": post, **EMERGENCY, "withheld": WITHHELD},
        rooted=_post_owned,
        conditions={"post_id": PostRow.id == bindparam("post_id", type_=Uuid)},
    )


def of_posts(post: Object) -> Shape:
    """The same of several posts at once (`covered`) from a day on, with some people thought of as moved (`moved`)."""
    fields: Fields = {"post": post, "isActedIn": Value(is_acted_in, BOOLEAN), "people": COVER}
    is_asked = PostRow.id == any_(cast(bindparam("covered", [], type_=ARRAY(Text)), ARRAY(Uuid)))
    of_mine = and_(PostRow.institution_id == InstitutionRow.id, is_asked)
    posts = Items("CoveredPost", fields, _post.join(_unit, _in_unit), of_mine, (PostRow.id,))
    return Shape(
        "CoveredPosts",
        InstitutionRow.__table__,
        {"posts": posts, "withheld": WITHHELD},
        rooted=mine,
        conditions={"covered": true(), "moved": true(), "acts_from": true()},
    )
