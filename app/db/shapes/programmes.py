"""What documents about priority programmes can contain: each version, and whether it holds today."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Boolean, ColumnElement, Integer, Text, Uuid, and_, bindparam, case, cast, func, or_, select

from app.db.documents import JsonSchema, Pages, Shape, Value, literal_text
from app.db.shapes.formats import instant, today
from app.db.shapes.schemas import BOOLEAN, DATE, INSTANT, INTEGER, NULLABLE_TEXT, TEXT, TEXTS
from app.db.shapes.sentences import said
from app.db.tables.institutions import InstitutionRow
from app.db.tables.vacancies import PriorityProgrammeRow
from app.domain.programmes import NotInForce

_programme, _later = PriorityProgrammeRow.__table__, PriorityProgrammeRow.__table__.alias("later")
_here = (
    select(InstitutionRow.province_code)
    .where(InstitutionRow.id == PriorityProgrammeRow.institution_id)
    .correlate(_programme)
    .scalar_subquery()
)
_is_replaced = (
    select(_later.c.version)
    .where(
        _later.c.institution_id == PriorityProgrammeRow.institution_id,
        _later.c.code == PriorityProgrammeRow.code,
        _later.c.version > PriorityProgrammeRow.version,
        _later.c.since <= today,
    )
    .correlate(_programme)
    .exists()
)
is_in_force: ColumnElement[bool] = and_(
    today.between(PriorityProgrammeRow.since, PriorityProgrammeRow.until),
    or_(
        PriorityProgrammeRow.province_code.is_(None),
        func.coalesce(PriorityProgrammeRow.province_code == _here, False),
    ),
    ~_is_replaced,
)
"""As `domain.programmes` has it, on the present day and in the institution's province."""


def _word(reason: NotInForce) -> ColumnElement[str]:
    return literal_text(reason.value)


_not_in_force: ColumnElement[str] = case(
    (_is_replaced, _word(NotInForce.REPLACED)),
    (today < PriorityProgrammeRow.since, _word(NotInForce.NOT_YET)),
    (today > PriorityProgrammeRow.until, _word(NotInForce.OVER)),
    (and_(PriorityProgrammeRow.province_code.is_not(None), _here.is_(None)), _word(NotInForce.PROVINCE_UNKNOWN)),
    (PriorityProgrammeRow.province_code != _here, _word(NotInForce.ELSEWHERE)),
)
_NOT_IN_FORCE: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in NotInForce), None]}
_reason = said({one.value: f"programme.{one.value}" for one in NotInForce}, _not_in_force)

PRIORITY_PROGRAMME = Shape(
    "PriorityProgramme",
    _programme,
    {
        "code": Value(PriorityProgrammeRow.code, TEXT),
        "version": Value(PriorityProgrammeRow.version, INTEGER),
        "name": Value(PriorityProgrammeRow.name, TEXT),
        "governmentAffairs": Value(PriorityProgrammeRow.government_affairs, TEXTS),
        "weight": Value(PriorityProgrammeRow.weight, INTEGER),
        "provinceCode": Value(PriorityProgrammeRow.province_code, NULLABLE_TEXT),
        "since": Value(PriorityProgrammeRow.since, DATE),
        "until": Value(PriorityProgrammeRow.until, DATE),
        "legalBasis": Value(PriorityProgrammeRow.legal_basis, TEXT),
        "createdAt": Value(instant(PriorityProgrammeRow.created_at), INSTANT),
        "isInForce": Value(is_in_force, BOOLEAN),
        "notInForce": Value(_not_in_force, _NOT_IN_FORCE),
        "reason": replace(_reason, on=~is_in_force),
    },
    rooted=lambda actor: PriorityProgrammeRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "code": PriorityProgrammeRow.code == bindparam("code", type_=Text),
        "version": PriorityProgrammeRow.version == bindparam("version", type_=Integer),
        "in_force": is_in_force == bindparam("in_force", type_=Boolean),
    },
)
_number = func.lpad(cast(PriorityProgrammeRow.version, Text), 10, "0")
PRIORITY_PROGRAMMES = Pages(
    "PriorityProgramme",
    PRIORITY_PROGRAMME,
    (PriorityProgrammeRow.code, func.concat(PriorityProgrammeRow.code, "/", _number, type_=Text)),
)
