"""What documents about merit readiness can contain: what the merit rules ask, and what is there of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import array

from app.db.documents import Condition, Items, JsonSchema, Object, Shape, Value, literal_text
from app.db.shapes.bench_strength import all_posts, share_of
from app.db.shapes.institutions import mine
from app.db.shapes.pools import state as member_state
from app.db.shapes.schemas import BOOLEAN, INTEGER, NULLABLE_INTEGER, NUMBER, TEXT
from app.db.shapes.sentences import said
from app.db.shapes.succession_policies import ITEM_SENTENCES, MERIT_ITEM, in_force, policy_in_force
from app.db.tables.cycles import CycleRow
from app.db.tables.institutions import InstitutionRow
from app.db.tables.posts import PostRow
from app.db.tables.standing import RegulationReferenceRow
from app.db.tables.succession import PoolMemberRow, SuccessionPolicyRow
from app.domain.cycles import STATE_IN, PlacementState
from app.domain.pools import State
from app.domain.recommendations import Pool
from app.domain.standing import ReferenceKind
from app.domain.succession import HELD_BY_OTHERS, MeritItem, MeritOutcome

_institution = InstitutionRow.__table__
Found = ColumnElement[Any]
MERIT_OUTCOME: JsonSchema = {"type": "string", "enum": [outcome.value for outcome in MeritOutcome]}
_ONE: Found = literal_column("1")


def _count(row: Any, *conditions: Condition) -> Found:  # noqa: ANN401 - a table of the institution
    mine_too = row.institution_id == InstitutionRow.id
    return select(func.count()).select_from(row).where(mine_too, *conditions).correlate(_institution).scalar_subquery()


def _references(kind: ReferenceKind) -> Found:
    return _count(RegulationReferenceRow, RegulationReferenceRow.kind == literal_text(kind))


_published = [literal_text(phase) for phase, state in STATE_IN.items() if state is PlacementState.PUBLISHED]
_posts = _count(PostRow, PostRow.is_delivered.is_(True))
_watched = _count(PostRow, PostRow.is_delivered.is_(True), or_(PostRow.is_target, PostRow.is_critical))
_confirmed = _count(
    PoolMemberRow,
    PoolMemberRow.level == literal_text(Pool.INSTITUTION),
    member_state == literal_text(State.CONFIRMED),
)
_filled = cast(bindparam("filled", 0, type_=Integer), Integer)
"""Of those posts so many as the available successors fill with one person each."""
_each: Found = case((all_posts.c.posts > literal_column("0"), all_posts.c.posts), else_=null())
"""As many as there are target and critical posts; nobody can say it of none."""
_ITEMS: dict[MeritItem, tuple[Found, Found, str]] = {
    MeritItem.COMMITTEE: (_references(ReferenceKind.COMMITTEE), _ONE, "/v1/references"),
    MeritItem.REGULATION: (_references(ReferenceKind.REGULATION), _ONE, "/v1/references"),
    MeritItem.TALENT_MAP: (_count(CycleRow, CycleRow.phase.in_(_published)), _ONE, "/v1/cycles"),
    MeritItem.TARGET_POSTS: (_watched, case((_posts > literal_column("0"), _ONE), else_=null()), "/v1/posts"),
    MeritItem.POOL: (_confirmed, _ONE, "/v1/succession-pools/institution/members"),
    MeritItem.PLANS: (all_posts.c.with_plan, _each, "/v1/succession-plans"),
    MeritItem.BENCH: (_filled, _each, "/v1/succession-overlaps"),
}
"""What is found, how much of it is needed (null: unknown), and where the evidence stands."""
_weights = in_force(SuccessionPolicyRow.merit_weights, InstitutionRow.id, _institution)


def _outcome(found: Found, needed: Found) -> Found:
    is_met = case((found >= needed, literal_text(MeritOutcome.MET)), else_=literal_text(MeritOutcome.NOT_MET))
    return case((needed.is_(None), literal_text(MeritOutcome.UNKNOWN)), else_=is_met)


_items = union_all(
    *(
        select(
            literal_text(item).label("item"),
            cast(found, Integer).label("found"),
            cast(needed, Integer).label("needed"),
            _outcome(found, needed).label("outcome"),
            cast(_weights.op("->>")(literal_text(item)), Integer).label("weight"),
            literal_text(evidence).label("evidence"),
        ).correlate(_institution, all_posts)
        for item, (found, needed, evidence) in _ITEMS.items()
    )
).lateral("asked")


def _weight_of(*outcomes: MeritOutcome) -> Found:
    these = _items.c.outcome.in_([literal_text(one) for one in outcomes])
    return func.coalesce(func.sum(_items.c.weight).filter(these), literal_column("0"))


_shares = (
    select(
        share_of(_weight_of(MeritOutcome.MET), func.sum(_items.c.weight)).label("share"),
        share_of(_weight_of(MeritOutcome.MET, MeritOutcome.UNKNOWN), func.sum(_items.c.weight)).label("highest"),
        func.bool_and(_items.c.outcome == literal_text(MeritOutcome.MET)).label("is_ready"),
    )
    .select_from(_items)
    .lateral("shares")
)
_said = said({item.value: item.lacking_code for item in MeritItem}, _items.c.item)
_lacking = Object("Sentence", _said.fields, on=_items.c.outcome != literal_text(MeritOutcome.MET))
_others = select(func.unnest(array([literal_text(one) for one in HELD_BY_OTHERS])).label("code")).subquery(
    "held_by_others"
)
MERIT_READINESS = Shape(
    "MeritReadiness",
    _institution.join(all_posts, true()).join(_shares, true()),
    {
        "aspectWeight": Value(
            in_force(SuccessionPolicyRow.merit_aspect_weight, InstitutionRow.id, _institution), INTEGER
        ),
        "share": Value(_shares.c.share, NUMBER),
        "highestShare": Value(_shares.c.highest, NUMBER),
        "isReady": Value(_shares.c.is_ready, BOOLEAN),
        "policy": policy_in_force(InstitutionRow.id, _institution),
        "legalBasis": Value(in_force(SuccessionPolicyRow.legal_basis, InstitutionRow.id, _institution), TEXT),
        "heldByOthers": Items(
            "Sentence",
            said({one: one for one in HELD_BY_OTHERS}, _others.c.code).fields,
            _others,
            true(),
            (_others.c.code,),
        ),
        "items": Items(
            "MeritItem",
            {
                "item": Value(_items.c.item, MERIT_ITEM),
                "label": said(ITEM_SENTENCES, _items.c.item),
                "outcome": Value(_items.c.outcome, MERIT_OUTCOME),
                "found": Value(_items.c.found, INTEGER),
                "needed": Value(_items.c.needed, NULLABLE_INTEGER),
                "weight": Value(_items.c.weight, INTEGER),
                "evidence": Value(_items.c.evidence, TEXT),
                "lacking": _lacking,
            },
            _items,
            true(),
            (func.array_position(array([literal_text(one) for one in MeritItem]), _items.c.item),),
        ),
    },
    rooted=mine,
    conditions={"filled": true()},
)
