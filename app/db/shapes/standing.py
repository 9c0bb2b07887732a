"""What documents about an institution's settings, indices and references can contain."""

from __future__ import annotations

from sqlalchemy import Integer, Text, Uuid, bindparam, cast, func

from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Shape, Value
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import ID, INTEGER, NULLABLE_DATE, NULLABLE_TEXT, NUMBER, TEXT
from app.db.tables.institutions import InstitutionRow
from app.db.tables.standing import IndexValueRow, RegulationReferenceRow
from app.domain.mobility_routes import InstitutionKind
from app.domain.nine_box import Axis
from app.domain.standing import Index, ReferenceKind

_institution = InstitutionRow.__table__
AXIS: JsonSchema = {"type": "string", "enum": [axis.value for axis in Axis]}
INSTITUTION_KIND: JsonSchema = {"type": ["string", "null"], "enum": [*(kind.value for kind in InstitutionKind), None]}
INDEX: JsonSchema = {"type": "string", "enum": [index.value for index in Index]}
REFERENCE_KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in ReferenceKind]}

SETTINGS = Shape(
    "InstitutionSettings",
    _institution,
    {
        "revision": Value(InstitutionRow.revision, INTEGER),
        "axisX": Value(InstitutionRow.axis_x, AXIS),
        "kind": Value(InstitutionRow.kind, INSTITUTION_KIND),
        "provinceCode": Value(InstitutionRow.province_code, NULLABLE_TEXT),
        "workloadAnalysisYears": Value(InstitutionRow.workload_analysis_years, INTEGER),
        "foresightMonths": Value(InstitutionRow.foresight_months, INTEGER),
    },
    rooted=mine,
    conditions={},
)

INDEX_FIELDS: Fields = {
    "index": Value(IndexValueRow.code, INDEX),
    "year": Value(IndexValueRow.year, INTEGER),
    "value": Value(func.trim_scale(IndexValueRow.value), NUMBER),
    "grade": Value(IndexValueRow.grade, TEXT),
    "source": Value(IndexValueRow.source, NULLABLE_TEXT),
}
INDEX_VALUES = Items(
    "IndexValue",
    INDEX_FIELDS,
    IndexValueRow.__table__,
    IndexValueRow.institution_id == InstitutionRow.id,
    (IndexValueRow.code.desc(), IndexValueRow.year),
)
"""Of the institution around it, by year."""


def _own_index(actor: Actor) -> Condition:
    return IndexValueRow.institution_id == cast(actor.c.institution, Uuid)


INDEX_VALUE = Shape(
    "IndexValue",
    IndexValueRow.__table__,
    INDEX_FIELDS,
    rooted=_own_index,
    conditions={
        "index": IndexValueRow.code == bindparam("index", type_=Text),
        "year": IndexValueRow.year == bindparam("year", type_=Integer),
    },
)
INDICES = Shape("Indices", _institution, {"values": INDEX_VALUES}, rooted=mine, conditions={})

REFERENCE_FIELDS: Fields = {
    "id": Value(RegulationReferenceRow.id, ID),
    "revision": Value(RegulationReferenceRow.revision, INTEGER),
    "kind": Value(RegulationReferenceRow.kind, REFERENCE_KIND),
    "name": Value(RegulationReferenceRow.name, TEXT),
    "title": Value(RegulationReferenceRow.title, TEXT),
    "dated": Value(RegulationReferenceRow.dated, NULLABLE_DATE),
    "text": Value(RegulationReferenceRow.text, NULLABLE_TEXT),
}
REFERENCE_ITEMS = Items(
    "RegulationReference",
    REFERENCE_FIELDS,
    RegulationReferenceRow.__table__,
    RegulationReferenceRow.institution_id == InstitutionRow.id,
    (RegulationReferenceRow.kind, RegulationReferenceRow.dated, RegulationReferenceRow.name, RegulationReferenceRow.id),
)
"""Of the institution around it: committees, then regulations by day."""


def _own_reference(actor: Actor) -> Condition:
    return RegulationReferenceRow.institution_id == cast(actor.c.institution, Uuid)


REFERENCE = Shape(
    "RegulationReference",
    RegulationReferenceRow.__table__,
    REFERENCE_FIELDS,
    rooted=_own_reference,
    conditions={"id": RegulationReferenceRow.id == bindparam("id", type_=Uuid)},
)
REFERENCES = Shape("References", _institution, {"references": REFERENCE_ITEMS}, rooted=mine, conditions={})
