"""What documents about the policy of succession can contain, and its values where other documents need them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, array
from sqlalchemy.orm import InstrumentedAttribute

from app.db.documents import Column, Fields, Items, JsonSchema, Object, Pages, Shape, Value, literal_text
from app.db.shapes.formats import instant
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import BOOLEAN, INSTANT, INTEGER, INTEGERS, NULLABLE_TEXT, TEXT, TEXTS
from app.db.shapes.sentences import said
from app.db.shapes.talents import LEVEL
from app.db.tables.institutions import InstitutionRow
from app.db.tables.succession import ShippedSuccessionPolicyRow, SuccessionPolicyRow
from app.domain.careers import PositionLevel
from app.domain.recommendations import Pool
from app.domain.sources import Confidence
from app.domain.succession import MeritItem, PolicyCode, PolicyPart

_institution, _own, _shipped = (
    InstitutionRow.__table__,
    SuccessionPolicyRow.__table__,
    ShippedSuccessionPolicyRow.__table__,
)
CODE: JsonSchema = {"type": "string", "enum": [code.value for code in PolicyCode]}
_ONE: ColumnElement[int] = literal_column("1")


def in_force(value: InstrumentedAttribute[Any], institution_id: Column, around: FromClause) -> ColumnElement[Any]:
    """A value of the policy in force in the institution of the row `around`: its own newest, or the newest shipped."""
    return func.coalesce(_of_own(value.key, institution_id, around), _of_shipped(value.key))


def _of_own(name: str, institution_id: Column, around: FromClause) -> ColumnElement[Any]:
    own = _own.alias("own_policy")
    newest = select(own.c[name]).where(own.c.institution_id == institution_id).order_by(own.c.version.desc())
    return newest.limit(_ONE).correlate(around).scalar_subquery()


def _of_shipped(name: str) -> ColumnElement[Any]:
    shipped = _shipped.alias("shipped_policy")
    return select(shipped.c[name]).order_by(shipped.c.version.desc()).limit(_ONE).scalar_subquery()


def policy_of(code: Column, version: Column) -> Object:
    """By which version of the policy something was decided."""
    return Object("PolicyVersion", {"code": Value(code, CODE), "version": Value(version, INTEGER)})


def policy_in_force(institution_id: Column, around: FromClause) -> Object:
    """The version that is in force in the institution of the row `around`."""
    has_own = _of_own("version", institution_id, around).is_not(None)
    code = case((has_own, literal_text(PolicyCode.OWN)), else_=literal_text(PolicyCode.SHIPPED))
    return policy_of(code, in_force(SuccessionPolicyRow.version, institution_id, around))


def boxes_of(level: Column, institution_id: Column, around: FromClause) -> ColumnElement[list[int]]:
    """The boxes of the pool of a level."""
    columns = {
        Pool.INSTITUTION.value: SuccessionPolicyRow.institution_boxes,
        Pool.NATIONAL.value: SuccessionPolicyRow.national_boxes,
    }
    return case(
        {literal_text(name): in_force(value, institution_id, around) for name, value in columns.items()},
        value=level,
    )


# ── the document

_NAMES = [column.name for column in _shipped.columns]
_no_name, _no_institution = null(), cast(null(), Uuid)
_versions = union_all(
    select(
        literal_text(PolicyCode.OWN).label("code"),
        _own.c.institution_id.label("institution_id"),
        _own.c.published_by.label("published_by"),
        *(_own.c[name].label(name) for name in _NAMES),
    ),
    select(
        literal_text(PolicyCode.SHIPPED),
        _no_institution,
        cast(_no_name, Text),
        *(_shipped.c[name] for name in _NAMES),
    ),
).subquery("policy")
_policy = _versions.c
_in_force = and_(
    _policy.code == case((_of_own("version", InstitutionRow.id, _institution).is_not(None),
                          literal_text(PolicyCode.OWN)), else_=literal_text(PolicyCode.SHIPPED)),
    _policy.version == in_force(SuccessionPolicyRow.version, InstitutionRow.id, _institution),
)  # fmt: skip
_ladder = array([literal_text(level) for level in PositionLevel])


def _ladder_of(levels: Column, name: str, kind: str, others: str) -> Items:
    """A ladder of levels as a list: a level, and the levels that go with it in their order."""
    row = func.jsonb_each(levels).table_valued(column("level", Text), column("told", JSONB), name=name).render_derived()
    one = (
        func.jsonb_array_elements_text(row.c.told)
        .table_valued("level", with_ordinality="place", name=f"{name}_other")
        .render_derived()
    )
    told = select(func.array_agg(aggregate_order_by(one.c.level, one.c.place))).select_from(one).correlate(row)
    fields: Fields = {"level": Value(row.c.level, LEVEL), others: Value(told.scalar_subquery(), TEXTS)}
    return Items(kind, fields, row, true(), (func.array_position(_ladder, row.c.level),))


_weighed = (
    func.jsonb_each_text(_policy.merit_weights)
    .table_valued(column("item", Text), column("weight", Text), name="weighed")
    .render_derived()
)
_source = (
    func.jsonb_each(_policy.sources)
    .table_valued(column("about", Text), column("told", JSONB), name="source")
    .render_derived()
)
ITEM_SENTENCES = {item.value: item.sentence_code for item in MeritItem}
MERIT_ITEM: JsonSchema = {"type": "string", "enum": [item.value for item in MeritItem]}
PART: JsonSchema = {"type": "string", "enum": [part.value for part in PolicyPart]}
CONFIDENCE: JsonSchema = {"type": "string", "enum": [one.value for one in Confidence]}


def _told(name: str) -> ColumnElement[str]:
    return _source.c.told.op("->>", return_type=Text())(literal_text(name))


_FIELDS: Fields = {
    "code": Value(_policy.code, CODE),
    "version": Value(_policy.version, INTEGER),
    "isInForce": Value(_in_force, BOOLEAN),
    "institutionBoxes": Value(_policy.institution_boxes, INTEGERS),
    "nationalBoxes": Value(_policy.national_boxes, INTEGERS),
    "termMonths": Value(_policy.term_months, INTEGER),
    "soonMonths": Value(_policy.soon_months, INTEGER),
    "actingMonths": Value(_policy.acting_months, INTEGER),
    "cover": _ladder_of(_policy.cover, "acted", "CoverRule", "actedBy"),
    "levelsAhead": _ladder_of(_policy.levels_ahead, "ahead", "LevelsAhead", "ahead"),
    "meritWeights": Items(
        "MeritWeight",
        {
            "item": Value(_weighed.c.item, MERIT_ITEM),
            "label": said(ITEM_SENTENCES, _weighed.c.item),
            "weight": Value(cast(_weighed.c.weight, Integer), INTEGER),
        },
        _weighed,
        true(),
        (func.array_position(array([literal_text(item) for item in ITEM_SENTENCES]), _weighed.c.item),),
    ),
    "meritAspectWeight": Value(_policy.merit_aspect_weight, INTEGER),
    "sources": Items(
        "PolicySource",
        {
            "about": Value(_source.c.about, PART),
            "legalBasis": Value(_told("legalBasis"), TEXT),
            "confidence": Value(_told("confidence"), CONFIDENCE),
        },
        _source,
        true(),
        (func.array_position(array([literal_text(part) for part in PolicyPart]), _source.c.about),),
    ),
    "legalBasis": Value(_policy.legal_basis, TEXT),
    "publishedAt": Value(instant(_policy.published_at), INSTANT),
    "publishedBy": Value(_policy.published_by, NULLABLE_TEXT),
}
_of_mine = or_(_policy.institution_id == InstitutionRow.id, _policy.institution_id.is_(None))
SUCCESSION_POLICY = Shape(
    "SuccessionPolicy",
    _institution.join(_versions, _of_mine),
    _FIELDS,
    rooted=mine,
    conditions={
        "in_force": _in_force == bindparam("in_force", type_=Boolean),
        "code": _policy.code == bindparam("code", type_=Text),
        "version": _policy.version == bindparam("version", type_=Integer),
    },
)
_name = func.concat(
    _policy.code,
    literal_text("/"),
    func.lpad(cast(_policy.version, Text), literal_column("10"), literal_text("0")),
    type_=Text,
)
SUCCESSION_POLICIES = Pages("SuccessionPolicy", SUCCESSION_POLICY, (_policy.code, _name))
"""Every version that the institution has published, and then what was shipped; older ones first."""
