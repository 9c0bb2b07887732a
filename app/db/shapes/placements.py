"""What documents about placements, the nine-box map and completeness can contain."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Numeric,
    Select,
    SQLColumnExpression,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONPATH, array

from app.db.classes import KINDS_OF, DataClass, rule_for
from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.institutions import mine, nationally, rubric_of
from app.db.shapes.schemas import (
    BOOLEAN,
    INTEGER,
    INTEGERS,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_NUMBER,
    NULLABLE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
)
from app.db.shapes.scopes import SCOPES, is_restricted, objects_to_automation
from app.db.shapes.sentences import said
from app.db.tables.cycles import CyclePlacementRow
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.placements import PlacementRow, RubricLeafRow, RubricRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.data_requests import Processing
from app.domain.evidence import Kind
from app.domain.finding import Reason
from app.domain.ladder import Rung
from app.domain.nine_box import BOXES, CATEGORIES
from app.domain.rubric import MILLION

_talent, _placement, _leaf = TalentRow.__table__, PlacementRow.__table__, RubricLeafRow.__table__
_institution, _unit, _rubric = InstitutionRow.__table__, OrgUnitRow.__table__, RubricRow.__table__

NULLABLE_RUNG: JsonSchema = {"type": ["string", "null"], "enum": [*(rung.value for rung in Rung), None]}
CATEGORY: JsonSchema = {"type": ["string", "null"], "enum": [*(category.value for category in CATEGORIES), None]}


def as_points(millionths: SQLColumnExpression[int] | SQLColumnExpression[int | None]) -> ColumnElement[object]:
    """Millionths of a point as points, exact, without trailing zeros."""
    return func.trim_scale(cast(millionths, Numeric) / MILLION)


CalculatedRow = type[PlacementRow] | type[CyclePlacementRow]


def _axis(
    value: SQLColumnExpression[int | None],
    lowest: SQLColumnExpression[int],
    highest: SQLColumnExpression[int],
    category: SQLColumnExpression[str | None],
) -> Object:
    fields: Fields = {
        "value": Value(as_points(value), NULLABLE_NUMBER),
        "lowest": Value(as_points(lowest), NULLABLE_NUMBER),
        "highest": Value(as_points(highest), NULLABLE_NUMBER),
        "category": Value(category, CATEGORY),
    }
    return Object("AxisValue", fields)


MODES_OF_ONE_KIND = {Kind.SANCTION: "worstSanction", Kind.ASSESSMENT_SCORE: "directValue"}
"""Modes of measures that name no kind of evidence, because there is only one that they look at."""


def _rests_on(*kinds: Kind) -> ColumnElement[bool]:
    """Whether a leaf rests on evidence of one of the kinds.

    A mean, and an indicator of an imported map, have no kind of their own: the measures of the rubric's indicator tell,
    and a rubric that cannot be read counts as one that rests on everything.
    """
    meant = [f'@.evidence == "{kind.value}"' for kind in kinds]
    meant += [f'@.mode == "{MODES_OF_ONE_KIND[kind]}"' for kind in kinds if kind in MODES_OF_ONE_KIND]
    indicator = "$.**{0 to 2}.axes[*].components[*].indicators[*] ? (@.code == $indicator)"
    path = literal_column(f"'{indicator}.**.measure ? ({' || '.join(meant)})'", JSONPATH)
    named = func.jsonb_build_object(literal_column("'indicator'"), RubricLeafRow.indicator)
    is_free = (
        select(RubricRow.code)
        .where(
            RubricRow.code == RubricLeafRow.rubric_code,
            RubricRow.version == RubricLeafRow.rubric_version,
            not_(func.jsonb_path_exists(RubricRow.document, path, named)),
        )
        .correlate(_leaf)
    )
    of_kind = or_(*(RubricLeafRow.kind == kind.value for kind in kinds))
    return case((RubricLeafRow.kind.is_(None), not_(exists(is_free))), else_=of_kind)


_OF_LEAF = tuple(rule for data_class, kinds in KINDS_OF.items() for rule in rule_for(data_class, _rests_on(*kinds)))
"""Everything about a part that rests on narrowed evidence is for those who may see such evidence: score and points are
the sanction or the level, only written otherwise. The value of the axis is for all readers of a placement."""


def _trace(row: CalculatedRow) -> Fields:
    """One part of an axis and its finding."""
    ordinal, reason = RubricLeafRow.ordinal, row.reasons[RubricLeafRow.ordinal]
    return {
        "axis": Value(RubricLeafRow.axis, TEXT),
        "component": Value(RubricLeafRow.component, TEXT),
        "indicator": Value(RubricLeafRow.indicator, TEXT),
        "part": Value(RubricLeafRow.leaf, TEXT),
        "label": Object(
            "Sentence", {"id": Value(RubricLeafRow.label_id, TEXT), "en": Value(RubricLeafRow.label_en, TEXT)}
        ),
        "weight": Value(func.trim_scale(RubricLeafRow.weight), NUMBER),
        "found": Value(row.found[ordinal], NULLABLE_TEXT, _OF_LEAF),
        "score": Value(as_points(row.scores[ordinal]), NULLABLE_NUMBER, _OF_LEAF),
        "points": Value(as_points(row.points[ordinal]), NULLABLE_NUMBER, _OF_LEAF),
        "evidence": Object(
            "EvidenceUsed",
            {
                "kind": Value(RubricLeafRow.kind, NULLABLE_TEXT),
                "id": Value(row.evidence_ids[ordinal], NULLABLE_INTEGER, _OF_LEAF),
                "date": Value(row.evidence_days[ordinal], NULLABLE_DATE, _OF_LEAF),
            },
        ),
        "reason": Object(
            "Reason",
            {
                "code": Value(reason, TEXT),
                "detail": said({one.value: one.value for one in Reason}, reason),
            },
            needs=_OF_LEAF,
        ),
    }


def _sets(stored: SQLColumnExpression[list[str]], name: str) -> Items:
    """Sets of items, stored as `a+b`, smallest first."""
    each = func.unnest(stored).table_valued("items", with_ordinality="place", name=name).render_derived()
    return Items(
        "EvidenceSet",
        {"items": Value(func.string_to_array(each.c["items"], "+"), TEXTS)},
        each,
        true(),
        (each.c.place,),
    )


def placement_fields(row: CalculatedRow, *, with_trace: bool) -> Fields:
    """A placement of the `talent` around it: in lists and profiles the trace is sent only if asked for.

    `manualDecision`: the talent objects to automated processing, so a human decides and is recorded with the decision.
    """
    return {
        "asOf": Value(row.as_of, NULLABLE_DATE),
        "box": Value(row.box, NULLABLE_INTEGER),
        "decidedBox": Value(row.decided_box, NULLABLE_INTEGER),
        "reachableBoxes": Value(func.coalesce(row.reachable, literal_column("'{}'::smallint[]")), INTEGERS),
        "performance": _axis(
            row.performance, row.performance_lowest, row.performance_highest, row.performance_category
        ),
        "potential": _axis(row.potential, row.potential_lowest, row.potential_highest, row.potential_category),
        "talentValue": Value(func.trim_scale(row.talent_value), NULLABLE_NUMBER),
        "rubric": rubric_of(row.rubric_code, row.rubric_version),
        "missing": Value(func.coalesce(row.missing, literal_column("'{}'::text[]")), TEXTS),
        "nextEvidence": Object(
            "NextEvidence", {"surely": _sets(row.decides, "surely"), "possibly": _sets(row.may_decide, "possibly")}
        ),
        "manualDecision": Value(objects_to_automation, BOOLEAN),
        "lowestRung": Value(row.lowest_rung, NULLABLE_RUNG),
        "oldestEvidence": Value(row.oldest_evidence, NULLABLE_DATE, rule_for(DataClass.SPECIFIC)),
        "trace": Items(
            "TracePart",
            _trace(row),
            _leaf,
            and_(
                RubricLeafRow.rubric_code == row.rubric_code,
                RubricLeafRow.rubric_version == row.rubric_version,
                RubricLeafRow.variant == row.variant,
            ),
            (RubricLeafRow.ordinal,),
            by_default=with_trace,
        ),
        "withheld": WITHHELD,
    }


PROCESSING = Value(
    case((is_restricted, Processing.RESTRICTED.value), else_=Processing.NORMAL.value),
    {"type": "string", "enum": [one.value for one in Processing]},
)
"""Whether the talent's data are processed at present; who is restricted stands nowhere, and counts nowhere."""


def owned(actor: Actor) -> Condition:
    """Talents of the actor's institution."""
    return TalentRow.institution_id == cast(actor.c.institution, Uuid)


BY_NIP = {"nip": TalentRow.nip == bindparam("nip", type_=Text), **SCOPES}
OF_TALENT = and_(PlacementRow.institution_id == TalentRow.institution_id, PlacementRow.talent_id == TalentRow.id)

PLACEMENT = Shape(
    "Placement",
    _talent.outerjoin(_placement, OF_TALENT),
    {
        "nip": Value(TalentRow.nip, TEXT),
        **placement_fields(PlacementRow, with_trace=True),
        "unmappedBecause": Value(TalentRow.unmapped_because, NULLABLE_TEXT),
        "processing": PROCESSING,
    },
    rooted=owned,
    conditions=BY_NIP,
)


# ── the map

_counts = array([func.count().filter(PlacementRow.box == box) for box in BOXES])
_tally = (
    select(
        func.count().label("total"),
        func.count(PlacementRow.box).label("assessed"),
        _counts.label("counts"),
    )
    .where(PlacementRow.institution_id == InstitutionRow.id)
    .correlate(_institution)
    .lateral("tally")
)
_number = func.generate_series(1, 9).table_valued(column("number", Integer), name="box").render_derived()


def _boxes(counts: ColumnElement[list[int]]) -> Items:
    fields: Fields = {
        "box": Value(_number.c.number, INTEGER),
        "count": Value(type_coerce(counts, ARRAY(Integer))[_number.c.number], INTEGER),
    }
    return Items("BoxCount", fields, _number, true(), (_number.c.number,))


NINE_BOX = Shape(
    "NineBox",
    _institution.join(_tally, true()),
    {
        "asOf": Value(InstitutionRow.as_of, NULLABLE_DATE),
        "rubric": rubric_of(InstitutionRow.rubric_code, InstitutionRow.rubric_version),
        "total": Value(_tally.c.total, INTEGER),
        "assessed": Value(_tally.c.assessed, INTEGER),
        "notAssessed": Value(_tally.c.total - _tally.c.assessed, INTEGER),
        "boxes": _boxes(_tally.c.counts),
    },
    rooted=mine,
    conditions={},
)

_people, _box = column("people", Integer), column("box", Integer)
_nation = (
    select(
        func.coalesce(func.sum(_people), 0).label("total"),
        func.coalesce(func.sum(_people).filter(_box > 0), 0).label("assessed"),
        array([func.coalesce(func.sum(_people).filter(_box == box), 0) for box in BOXES]).label("counts"),
    )
    .select_from(func.institution_register())
    .subquery("nation")
)
NATIONAL_NINE_BOX = Shape(
    "NineBox",
    _nation,
    {
        # institutions map on different days and may use different rubrics: the sum has neither
        "asOf": Value(literal_column("NULL::date"), NULLABLE_DATE),
        "rubric": rubric_of(literal_column("NULL::text"), literal_column("NULL::integer")),
        "total": Value(_nation.c.total, INTEGER),
        "assessed": Value(_nation.c.assessed, INTEGER),
        "notAssessed": Value(_nation.c.total - _nation.c.assessed, INTEGER),
        "boxes": _boxes(_nation.c.counts),
    },
    rooted=nationally,
    conditions={},
)


# ── completeness

_item = (
    func.jsonb_array_elements_text(RubricRow.document["items"])
    .table_valued("item", with_ordinality="place", name="listed")
    .render_derived()
)
_wanted = (
    select(_item.c.item, _item.c.place)
    .select_from(_rubric.join(_item, true()))
    .where(RubricRow.code == InstitutionRow.rubric_code, RubricRow.version == InstitutionRow.rubric_version)
    .correlate(_institution)
    .subquery("wanted")
)


def _items(lacking: Select[tuple[str, int]], total: ColumnElement[int]) -> Items:
    """Every item of the rubric with how many have it; `lacking` counts those who lack it, by item."""
    lack = lacking.subquery("lack")
    missing = func.coalesce(lack.c.people, 0)
    fields: Fields = {
        "item": Value(_wanted.c.item, TEXT),
        "have": Value(total - missing, INTEGER),
        "missing": Value(missing, INTEGER),
    }
    source = _wanted.outerjoin(lack, lack.c.item == _wanted.c.item)
    return Items("ItemCount", fields, source, true(), (_wanted.c.place,))


_missing = func.unnest(PlacementRow.missing).table_valued("item", name="missing").render_derived()
_lacking_anywhere = (
    select(_missing.c.item, func.count().label("people"))
    .select_from(_placement.join(_missing, true()))
    .where(PlacementRow.institution_id == InstitutionRow.id)
    .group_by(_missing.c.item)
    .correlate(_institution)
)
_in_unit = and_(TalentRow.institution_id == OrgUnitRow.institution_id, TalentRow.unit_id == OrgUnitRow.id)
_lacking_in_unit = (
    select(_missing.c.item, func.count().label("people"))
    .select_from(_talent.join(_placement, OF_TALENT).join(_missing, true()))
    .where(_in_unit)
    .group_by(_missing.c.item)
    .correlate(_unit)
)
_staff = (
    select(func.count().label("total"))
    .select_from(_talent.join(_placement, OF_TALENT))
    .where(_in_unit)
    .correlate(_unit)
    .lateral("staff")
)

COMPLETENESS = Shape(
    "Completeness",
    _institution.join(_tally, true()),
    {
        "asOf": Value(InstitutionRow.as_of, NULLABLE_DATE),
        "total": Value(_tally.c.total, INTEGER),
        "items": _items(_lacking_anywhere, _tally.c.total),
        "units": Items(
            "UnitCompleteness",
            {
                "unit": Object("UnitName", {"id": Value(OrgUnitRow.id, TEXT), "name": Value(OrgUnitRow.name, TEXT)}),
                "total": Value(_staff.c.total, INTEGER),
                "items": _items(_lacking_in_unit, _staff.c.total),
            },
            _unit.join(_staff, true()),
            and_(OrgUnitRow.institution_id == InstitutionRow.id, _staff.c.total > 0),
            (OrgUnitRow.path,),
        ),
    },
    rooted=mine,
    conditions={},
)
