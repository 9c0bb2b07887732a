"""What documents about institutions and units can contain."""

from __future__ import annotations

from sqlalchemy import Integer, Text, Uuid, cast, column, func, select

from app.db.documents import Actor, Column, Condition, Fields, Object, Pages, Shape, Value
from app.db.shapes.schemas import ID, INTEGER, NULLABLE_DATE, NULLABLE_INTEGER, NULLABLE_TEXT, TEXT, TEXTS
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.talents import TalentRow

_institution, _unit, _talent = InstitutionRow.__table__, OrgUnitRow.__table__, TalentRow.__table__


def mine(actor: Actor) -> Condition:
    """The actor's own institution."""
    return InstitutionRow.id == cast(actor.c.institution, Uuid)


def rubric_of(code: Column, version: Column) -> Object:
    """A rubric's code and version as an object."""
    return Object("RubricVersion", {"code": Value(code, NULLABLE_TEXT), "version": Value(version, NULLABLE_INTEGER)})


INSTITUTION = Shape(
    "Institution",
    _institution,
    {
        "id": Value(InstitutionRow.id, ID),
        "name": Value(InstitutionRow.name, TEXT),
        "asOf": Value(InstitutionRow.as_of, NULLABLE_DATE),
        "rubric": rubric_of(InstitutionRow.rubric_code, InstitutionRow.rubric_version),
    },
    rooted=mine,
    conditions={},
)
INSTITUTIONS = Pages("Institution", INSTITUTION, (InstitutionRow.name_key, cast(InstitutionRow.id, Text)))

_people = column("people", Integer)
_box = column("box", Integer)
_register = (
    select(
        column("id", Uuid),
        column("name", Text),
        column("as_of", InstitutionRow.as_of.type),
        column("rubric_code", Text),
        column("rubric_version", Integer),
        func.coalesce(func.sum(_people), 0).label("total"),
        func.coalesce(func.sum(_people).filter(_box > 0), 0).label("assessed"),
    )
    .select_from(func.institution_register())
    .group_by(column("id"), column("name"), column("as_of"), column("rubric_code"), column("rubric_version"))
    .subquery("registered")
)


def nationally(actor: Actor) -> Condition:
    """Only for those whose reach is the nation."""
    return actor.c.reach == "national"


REGISTERED = Shape(
    "Institution",
    _register,
    {
        "id": Value(_register.c.id, ID),
        "name": Value(_register.c.name, TEXT),
        "asOf": Value(_register.c.as_of, NULLABLE_DATE),
        "rubric": rubric_of(_register.c.rubric_code, _register.c.rubric_version),
        "total": Value(_register.c.total, INTEGER),
        "assessed": Value(_register.c.assessed, INTEGER),
    },
    rooted=nationally,
    conditions={},
)
REGISTER = Pages("Institution", REGISTERED, (func.lower(_register.c.name), cast(_register.c.id, Text)))

ORG_UNIT_FIELDS: Fields = {
    "id": Value(OrgUnitRow.id, TEXT),
    "name": Value(OrgUnitRow.name, TEXT),
    "parentId": Value(OrgUnitRow.parent_id, NULLABLE_TEXT),
    "path": Value(OrgUnitRow.path, TEXTS),
    "people": Value(
        select(func.count())
        .select_from(_talent)
        .where(
            TalentRow.institution_id == OrgUnitRow.institution_id,
            TalentRow.unit_id == OrgUnitRow.id,
            TalentRow.is_mapped,
        )
        .correlate(_unit)
        .scalar_subquery(),
        INTEGER,
    ),
}
ORG_UNITS = Pages(
    "OrgUnit",
    Shape(
        "OrgUnit",
        _unit,
        ORG_UNIT_FIELDS,
        rooted=lambda actor: OrgUnitRow.institution_id == cast(actor.c.institution, Uuid),
        conditions={},
    ),
    (func.array_to_string(OrgUnitRow.path, "/"), OrgUnitRow.id),
)
