"""What the skeleton of an individual development plan can contain: gaps, recommendations, what is to be known first.

Standards come from the rubric that the talent is placed by; what is unknown stays null.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    Values,
    and_,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import JSONPATH

from app.db.classes import DataClass, rule_for
from app.db.documents import Column, Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.boxes import actions_of, pools_of_box
from app.db.shapes.institutions import rubric_of
from app.db.shapes.placements import BY_NIP, OF_TALENT, owned, placement_fields
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    INTEGER,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.talents import LEVEL
from app.db.tables import evidence as rows
from app.db.tables.institutions import InstitutionRow
from app.db.tables.placements import PlacementRow, RubricRow
from app.db.tables.talents import TalentRow
from app.db.withholding import WITHHELD
from app.domain.careers import PositionLevel, target_of
from app.domain.development import (
    EXPECTED_POTENTIAL,
    FORMS_BY_GAP,
    LARGEST_GAP,
    SHARES,
    Form,
    aspect_code,
    competency_code,
)
from app.domain.evidence import ASPECTS, COMPETENCIES, POTENTIAL_ASPECTS, Kind
from app.domain.messages import sentence

_talent, _institution = TalentRow.__table__, InstitutionRow.__table__
_placement, _rubric = PlacementRow.__table__, RubricRow.__table__
_LEVELS = rule_for(DataClass.RESTRICTED)
FORM: JsonSchema = {"type": "string", "enum": [form.value for form in Form]}


# ── words


def _words(name: str, labels: Sequence[tuple[str, str]]) -> Values:
    """Codes in their order, with their labels; each is paired with the code of its sentence."""
    columns = (column("place", Integer), column("code", Text), column("id", Text), column("en", Text))
    told = [(place, code, *sentence(label).values()) for place, (code, label) in enumerate(labels)]
    return values(*columns, name=name, literal_binds=True).data(told)


def _label(words: Values) -> Object:
    return Object("Sentence", {"id": Value(words.c.id, TEXT), "en": Value(words.c.en, TEXT)})


_competency = _words("competency", [(one, competency_code(one)) for one in COMPETENCIES])
_aspect = _words("aspect", [(one, aspect_code(one)) for one in POTENTIAL_ASPECTS])
_form = _words("form", [(form.value, form.sentence_code) for form in Form])
_share = values(column("code", Text), column("share", Integer), name="share", literal_binds=True).data(
    [(form.value, share) for form, share in SHARES.items()]
)
_fitting = values(column("gap", Integer), column("code", Text), name="fitting", literal_binds=True).data(
    [(gap, form.value) for gap, forms in FORMS_BY_GAP.items() for form in forms]
)
_NOTES = ("skeleton", "not_assessed", "level_unknown")
_note = _words("note", [(f"development.{one}", f"development.{one}") for one in _NOTES])


# ── what is known


def _of_talent(row: type[rows.Evidence], day: Column) -> Select[tuple[object]]:
    """The rows about a talent that stand, up to the day of the map, the latest first."""
    table: Table = row.__table__  # type: ignore[attr-defined]
    return (
        select()
        .select_from(table)
        .where(
            table.c.institution_id == TalentRow.institution_id,
            table.c.talent_id == TalentRow.id,
            literal_column(rows.stands(f'"{table.name}"'), Boolean),
            or_(InstitutionRow.as_of.is_(None), day <= InstitutionRow.as_of),
        )
        .order_by(day.desc(), table.c.id.desc())
        .limit(1)
        .correlate(_talent, _institution, _rubric)
    )


def _assessed(
    row: type[rows.CompetencyAssessmentRow | rows.PotentialAssessmentRow], kind: Kind, name: str
) -> FromClause:
    """The latest assessment of a kind: its levels by aspect, and until when the rubric lets it count."""
    pairs: list[Column] = []
    for aspect in ASPECTS[kind]:
        pairs += [literal_column(f"'{aspect}'"), getattr(row, aspect)]
    path = literal_column(f"""'$.**.measure ? (@.evidence == "{kind.value}").windowYears'""", JSONPATH)
    years = func.jsonb_path_query_first(RubricRow.document, path).op("#>>")(literal_column("'{}'::text[]"))
    until = row.assessed_on + func.make_interval(cast(years, Integer))
    assessment = _of_talent(row, row.assessed_on).add_columns(
        row.id,
        row.assessed_on,
        row.method,
        func.jsonb_build_object(*pairs).label("levels"),
        cast(until, Date).label("valid_until"),
    )
    return assessment.lateral(name)


_competencies = _assessed(rows.CompetencyAssessmentRow, Kind.COMPETENCY_ASSESSMENT, "competencies")
_potential = _assessed(rows.PotentialAssessmentRow, Kind.POTENTIAL_ASSESSMENT, "potential_aspects")
_post = (
    _of_talent(rows.PositionRow, rows.PositionRow.effective_from)
    .add_columns(rows.PositionRow.level)
    .where(rows.PositionRow.status == "definitive")
    .lateral("post")
)
_level: ColumnElement[str | None] = func.coalesce(_post.c.level, TalentRow.position_level)
_TARGETS = {level.value: target.value for level in PositionLevel if (target := target_of(level)) is not None}
_target: ColumnElement[str | None] = case(_TARGETS, value=_level)


def _standard(level: ColumnElement[str | None], code: Column) -> ColumnElement[int | None]:
    """What the rubric asks of a level; null where it, or the level, is unknown."""
    standard = RubricRow.document["standards"].op("->")(level).op("->>")(code)
    return cast(standard, Integer)


def _actual(assessed: FromClause, code: Column) -> ColumnElement[int | None]:
    return cast(assessed.c.levels.op("->>")(code), Integer)


def _gap(actual: ColumnElement[int | None], standard: ColumnElement[int | None]) -> ColumnElement[int | None]:
    """How many levels are missing, 0 where none is; null where either is unknown."""
    return case((standard <= actual, literal_column("0")), else_=standard - actual)


def _forms(gap: ColumnElement[int | None]) -> Items:
    """Which forms of development fit a gap of that size."""
    fields: Fields = {
        "form": Value(_form.c.code, FORM),
        "label": _label(_form),
        "share": Value(_share.c.share, INTEGER),
    }
    source = _fitting.join(_form, _form.c.code == _fitting.c.code).join(_share, _share.c.code == _fitting.c.code)
    fits = and_(gap > 0, _fitting.c.gap == func.least(gap, LARGEST_GAP))
    return Items("DevelopmentForm", fields, source, fits, (_form.c.place,))


# ── the plan

_once = select(literal_column("1").label("one")).subquery("once")


def _assessment(assessed: FromClause) -> Object:
    is_valid = or_(assessed.c.valid_until.is_(None), assessed.c.valid_until >= InstitutionRow.as_of)
    fields: Fields = {
        "id": Value(assessed.c.id, INTEGER),
        "assessedOn": Value(assessed.c.assessed_on, DATE),
        "method": Value(assessed.c.method, NULLABLE_TEXT),
        "validUntil": Value(assessed.c.valid_until, NULLABLE_DATE),
        "isValid": Value(func.coalesce(is_valid, true()), BOOLEAN),
    }
    return Object("PlanAssessment", fields, _once, assessed.c.id.is_not(None))


def _competency_gaps() -> Items:
    actual = _actual(_competencies, _competency.c.code)
    standard, target = _standard(_level, _competency.c.code), _standard(_target, _competency.c.code)
    fields: Fields = {
        "code": Value(_competency.c.code, TEXT),
        "label": _label(_competency),
        "actual": Value(actual, NULLABLE_INTEGER),
        "standard": Value(standard, NULLABLE_INTEGER),
        "gap": Value(_gap(actual, standard), NULLABLE_INTEGER),
        "targetStandard": Value(target, NULLABLE_INTEGER),
        "targetGap": Value(_gap(actual, target), NULLABLE_INTEGER),
        "suggestions": _forms(func.coalesce(_gap(actual, target), _gap(actual, standard))),
    }
    return Items("CompetencyGap", fields, _competency, true(), (_competency.c.place,), needs=_LEVELS)


def _potential_gaps() -> Items:
    actual = _actual(_potential, _aspect.c.code)
    expected: ColumnElement[int | None] = literal_column(str(EXPECTED_POTENTIAL), Integer)
    gap = _gap(actual, expected)
    fields: Fields = {
        "code": Value(_aspect.c.code, TEXT),
        "label": _label(_aspect),
        "actual": Value(actual, NULLABLE_INTEGER),
        "expected": Value(expected, INTEGER),
        "gap": Value(gap, NULLABLE_INTEGER),
        "suggestions": _forms(gap),
    }
    return Items("PotentialGap", fields, _aspect, true(), (_aspect.c.place,), needs=_LEVELS)


def _notes() -> Items:
    """That this is a skeleton, and why gaps are unknown."""
    skeleton, not_assessed, level_unknown = (f"development.{one}" for one in _NOTES)
    applies = or_(
        _note.c.code == skeleton,
        and_(_note.c.code == not_assessed, _competencies.c.id.is_(None)),
        and_(_note.c.code == level_unknown, _level.is_(None)),
    )
    fields: Fields = {"code": Value(_note.c.code, TEXT), "detail": _label(_note)}
    return Items("PlanNote", fields, _note, applies, (_note.c.place,))


_code, _version = (
    func.coalesce(of_placement, of_institution)
    for of_placement, of_institution in (
        (PlacementRow.rubric_code, InstitutionRow.rubric_code),
        (PlacementRow.rubric_version, InstitutionRow.rubric_version),
    )
)
_placed = placement_fields(PlacementRow, with_trace=False)

DEVELOPMENT_PLAN = Shape(
    "DevelopmentPlan",
    _talent.join(_institution, InstitutionRow.id == TalentRow.institution_id)
    .outerjoin(_placement, OF_TALENT)
    .outerjoin(_rubric, and_(RubricRow.code == _code, RubricRow.version == _version))
    .outerjoin(_competencies, true())
    .outerjoin(_potential, true())
    .outerjoin(_post, true()),
    {
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "asOf": Value(InstitutionRow.as_of, NULLABLE_DATE),
        "isSkeleton": Value(true(), BOOLEAN),
        "notes": _notes(),
        "level": Value(_level, LEVEL),
        "targetLevel": Value(_target, LEVEL),
        "rubric": rubric_of(_code, _version),
        "competencyAssessment": _assessment(_competencies),
        "competencies": _competency_gaps(),
        "potentialAssessment": _assessment(_potential),
        "potentialAspects": _potential_gaps(),
        "box": _placed["box"],
        "decidedBox": _placed["decidedBox"],
        "recommendations": actions_of(PlacementRow.box),
        "pools": pools_of_box(PlacementRow.box),
        "missing": _placed["missing"],
        "nextEvidence": _placed["nextEvidence"],
        "withheld": WITHHELD,
    },
    rooted=owned,
    conditions=BY_NIP,
)
