"""What documents about the next evidence to gather can contain: a work plan for the whole and for each unit."""

from __future__ import annotations

from sqlalchemy import ARRAY, Integer, SQLColumnExpression, Text, and_, column, func, literal_column, select, true

from app.db.documents import Fields, Items, Object, Shape, Value
from app.db.shapes.institutions import mine
from app.db.shapes.schemas import INTEGER, NULLABLE_DATE, TEXT, TEXTS
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.placements import PlacementRow
from app.db.tables.talents import TalentRow

_institution, _unit = InstitutionRow.__table__, OrgUnitRow.__table__
_placement, _talent = PlacementRow.__table__, TalentRow.__table__


def _sets(unit: SQLColumnExpression[str], name: str) -> Items:
    """Sets of missing items: those that surely decide most people first, and of equal ones the smaller."""
    columns = (column("items", ARRAY(Text)), column("decides", Integer), column("may_decide", Integer))
    sets = func.next_evidence(InstitutionRow.id, unit).table_valued(*columns, name=name)
    fields: Fields = {
        "items": Value(sets.c["items"], TEXTS),
        "decides": Value(sets.c.decides, INTEGER),
        "mayDecide": Value(sets.c.may_decide, INTEGER),
    }
    order = (sets.c.decides.desc(), sets.c.may_decide.desc(), func.cardinality(sets.c["items"]), sets.c["items"])
    return Items("EvidenceSetCount", fields, sets, true(), order)


_undecided = and_(
    PlacementRow.institution_id == TalentRow.institution_id,
    PlacementRow.talent_id == TalentRow.id,
    PlacementRow.decided_box.is_(None),
)
_of_all = (
    select(func.count().label("people"))
    .select_from(_placement)
    .where(PlacementRow.institution_id == InstitutionRow.id, PlacementRow.decided_box.is_(None))
    .correlate(_institution)
    .lateral("undecided")
)
_of_unit = (
    select(func.count().label("people"))
    .select_from(_talent.join(_placement, _undecided))
    .where(TalentRow.institution_id == OrgUnitRow.institution_id, TalentRow.unit_id == OrgUnitRow.id)
    .correlate(_unit)
    .lateral("undecided_of_unit")
)

NEXT_EVIDENCE = Shape(
    "EvidencePlan",
    _institution.join(_of_all, true()),
    {
        "asOf": Value(InstitutionRow.as_of, NULLABLE_DATE),
        "undecided": Value(_of_all.c.people, INTEGER),
        "sets": _sets(literal_column("NULL::text"), "plan"),
        "units": Items(
            "UnitEvidencePlan",
            {
                "unit": Object("UnitName", {"id": Value(OrgUnitRow.id, TEXT), "name": Value(OrgUnitRow.name, TEXT)}),
                "undecided": Value(_of_unit.c.people, INTEGER),
                "sets": _sets(OrgUnitRow.id, "plan_of_unit"),
            },
            _unit.join(_of_unit, true()),
            and_(OrgUnitRow.institution_id == InstitutionRow.id, _of_unit.c.people > 0),
            (OrgUnitRow.path,),
        ),
    },
    rooted=mine,
    conditions={},
)
