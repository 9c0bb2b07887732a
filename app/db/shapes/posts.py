"""What documents about posts, the affairs of units and the catalogue of affairs can contain."""

from __future__ import annotations

from sqlalchemy import (
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
    func,
    literal_column,
    not_,
    select,
    true,
    values,
)
from sqlalchemy.sql.selectable import LateralFromClause

from app.db.classes import Rule
from app.db.documents import Actor, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value
from app.db.fact_columns import birth_date_of_number, day_of_birth
from app.db.post_seats import holders, reserved, vacant
from app.db.post_standards import standard
from app.db.retirements import clock_from, deciding_rule, next_retirement
from app.db.shapes.schemas import (
    BOOLEAN,
    ID,
    INTEGER,
    NULLABLE_BOOLEAN,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
    TEXTS,
)
from app.db.shapes.scopes import is_restricted
from app.db.shapes.sentences import said
from app.db.shapes.talents import camel
from app.db.tables.institutions import InstitutionRow, OrgUnitRow
from app.db.tables.posts import PostHolderRow, PostRow, UnitAffairRow
from app.db.tables.talents import TalentRow
from app.db.unit_affairs import nearest_affair
from app.db.withholding import WITHHELD
from app.domain.actors import Permission
from app.domain.careers import PositionLevel
from app.domain.evidence import COMPETENCIES
from app.domain.government_affairs import CATALOGUE, AffairKind
from app.domain.posts import AnalysisState, BirthDateSource, ClockState, RetirementSource, RetirementUnknown

LEVEL: JsonSchema = {"type": "string", "enum": [level.value for level in PositionLevel]}
AFFAIR_KIND: JsonSchema = {"type": "string", "enum": [kind.value for kind in AffairKind]}
CLOCK_STATE: JsonSchema = {"type": "string", "enum": [state.value for state in ClockState]}
ANALYSIS_STATE: JsonSchema = {"type": "string", "enum": [state.value for state in AnalysisState]}
UNKNOWN: JsonSchema = {"type": ["string", "null"], "enum": [*(reason.value for reason in RetirementUnknown), None]}
NULLABLE_LEVEL: JsonSchema = {"type": ["string", "null"], "enum": [*(level.value for level in PositionLevel), None]}
RETIREMENT_SOURCE: JsonSchema = {"type": "string", "enum": [source.value for source in RetirementSource]}
BIRTH_DATE_SOURCE: JsonSchema = {
    "type": ["string", "null"],
    "enum": [*(source.value for source in BirthDateSource), None],
}
_NOTHING: ColumnElement[None] = literal_column("NULL")
_affair = nearest_affair()


def _word(code: str) -> ColumnElement[str]:
    return literal_column(f"'{code}'", Text)


# ── a post

_of_unit = and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id)
_registry = (
    PostRow.__table__.join(OrgUnitRow.__table__, _of_unit)
    .join(InstitutionRow.__table__, InstitutionRow.id == PostRow.institution_id)
    .outerjoin(_affair, true())
)
_code = func.coalesce(PostRow.government_affair, _affair.c.government_affair)
UNIT_OF_POST = Object(
    "PostUnit",
    {"id": Value(OrgUnitRow.id, TEXT), "name": Value(OrgUnitRow.name, TEXT), "path": Value(OrgUnitRow.path, TEXTS)},
)
_AFFAIR = Object(
    "PostAffair",
    {
        "code": Value(_code, NULLABLE_TEXT),
        "isOwn": Value(PostRow.government_affair.is_not(None), BOOLEAN),
        "isDerived": Value(
            case((PostRow.government_affair.is_not(None), literal_column("false")), else_=_affair.c.is_derived),
            NULLABLE_BOOLEAN,
        ),
    },
)
_analysed_on = case((PostRow.analysed_on <= InstitutionRow.as_of, PostRow.analysed_on))
"""Null where the map says no day of it, or one still to come."""
_stale_from = cast(_analysed_on + func.make_interval(InstitutionRow.workload_analysis_years), Date)
_analysis = case(
    (_analysed_on.is_(None), _word(AnalysisState.UNKNOWN)),
    (_stale_from < InstitutionRow.as_of, _word(AnalysisState.STALE)),
    else_=_word(AnalysisState.CURRENT),
)
_ANALYSIS = Object(
    "WorkloadAnalysis",
    {
        "analysedOn": Value(PostRow.analysed_on, NULLABLE_DATE),
        "validUntil": Value(_stale_from, NULLABLE_DATE),
        "state": Value(_analysis, ANALYSIS_STATE),
        "isStale": Value(
            case((_stale_from < InstitutionRow.as_of, true()), (_stale_from.is_not(None), literal_column("false"))),
            NULLABLE_BOOLEAN,
        ),
        "reason": said({state.value: f"analysis.{state.value}" for state in AnalysisState}, _analysis),
    },
)
PERSONAL = (Rule(frozenset({Permission.READ_TALENTS})),)
"""Who holds a post, and what follows from their day of birth, is for those who may read about people."""
PERSONAL_WHILE_HELD = (Rule(frozenset({Permission.READ_TALENTS}), PostRow.empty_since.is_(None)),)
"""A clock that started before the seat is empty tells when its holder retires."""
_state = case(
    (PostRow.empty_since.is_not(None), _word(ClockState.EMPTY)),
    (clock_from.is_not(None), _word(ClockState.FORESEEABLE)),
    else_=_word(ClockState.HELD),
)
_CLOCK = Object(
    "PostClock",
    {
        "state": Value(_state, CLOCK_STATE),
        "foreseeableFrom": Value(clock_from, NULLABLE_DATE, PERSONAL_WHILE_HELD),
        "emptySince": Value(PostRow.empty_since, NULLABLE_DATE),
        "nextRetirementOn": Value(next_retirement, NULLABLE_DATE, PERSONAL),
    },
)
_rule = deciding_rule()


def rule_fields(rule: LateralFromClause) -> Fields:
    """The rule that decides at which age holders of a post retire."""
    is_national = rule.c.source.in_([_word(RetirementSource.NAME), _word(RetirementSource.LEVEL)])
    return {
        "age": Value(rule.c.age, INTEGER),
        "source": Value(rule.c.source, RETIREMENT_SOURCE),
        "words": Value(rule.c.words, NULLABLE_TEXT),
        "level": Value(rule.c.level, NULLABLE_LEVEL),
        "legalBasis": Value(rule.c.legal_basis, NULLABLE_TEXT),
        "version": Value(case((is_national, InstitutionRow.retirement_version)), NULLABLE_INTEGER),
        "reason": said({source.value: f"retirement.by_{source.value}" for source in RetirementSource}, rule.c.source),
    }


_is_own = _rule.c.source.in_([_word(RetirementSource.POST), _word(RetirementSource.TITLE)])
_RETIREMENT = Object("PostRetirement", {**rule_fields(_rule), "isOwn": Value(_is_own, BOOLEAN)}, _rule, true())
_asked = select(standard.label("levels")).correlate(PostRow.__table__).lateral("asked")
_STANDARD = Object(
    "PostStandard",
    {
        "isDefault": Value(PostRow.standard.is_(None), BOOLEAN),
        **{camel(code): Value(_asked.c["levels"][place], INTEGER) for place, code in enumerate(COMPETENCIES, start=1)},
    },
    _asked,
    true(),
)
_holds = and_(
    PostHolderRow.institution_id == PostRow.institution_id,
    PostHolderRow.post_id == PostRow.id,
)
_who = and_(TalentRow.institution_id == PostHolderRow.institution_id, TalentRow.id == PostHolderRow.talent_id)
born_on = day_of_birth(TalentRow.__table__.c, InstitutionRow.as_of)
_unknown = case(
    (PostHolderRow.retires_on.is_not(None), _NOTHING),
    (born_on.is_(None), _word(RetirementUnknown.NO_BIRTH_DATE)),
    else_=_word(RetirementUnknown.NO_AGE),
)
NAMED = Object(
    "PostTalent", {"nip": Value(TalentRow.nip, TEXT), "name": Value(TalentRow.name, TEXT)}, on=not_(is_restricted)
)
"""Who somebody is; null where their data may not be processed for the time being."""
_birth_by_number = birth_date_of_number(TalentRow.nip)
birth_date_source = case(
    (born_on.is_(None), _NOTHING),
    (TalentRow.born_on.is_not(None), _word(BirthDateSource.RECORD)),
    else_=_word(BirthDateSource.EMPLOYEE_NUMBER),
)
_BIRTHDAY = Object(
    "HolderRetirement",
    {
        "bornOn": Value(born_on, NULLABLE_DATE),
        "birthDateSource": Value(birth_date_source, BIRTH_DATE_SOURCE),
        "isNumberDifferent": Value(TalentRow.born_on != _birth_by_number, NULLABLE_BOOLEAN),
        "reachesAgeOn": Value(PostHolderRow.reaches_age_on, NULLABLE_DATE),
    },
    on=not_(is_restricted),
)
_HOLDERS = Items(
    "PostHolder",
    {
        "talent": NAMED,
        "since": Value(PostHolderRow.since, NULLABLE_DATE),
        "isAppointed": Value(PostHolderRow.vacancy_id.is_not(None), BOOLEAN),
        "retiresOn": Value(PostHolderRow.retires_on, NULLABLE_DATE),
        "retirementUnknown": Value(_unknown, UNKNOWN),
        "retirement": _BIRTHDAY,
    },
    PostHolderRow.__table__.join(TalentRow.__table__, _who),
    _holds,
    (PostHolderRow.since.nulls_last(), TalentRow.name, TalentRow.id),
    needs=PERSONAL,
)
POST_FIELDS: Fields = {
    "id": Value(PostRow.id, ID),
    "revision": Value(PostRow.revision, INTEGER),
    "name": Value(PostRow.name, TEXT),
    "unit": UNIT_OF_POST,
    "level": Value(PostRow.level, LEVEL),
    "echelon": Value(PostRow.echelon, NULLABLE_TEXT),
    "jobClass": Value(PostRow.job_class, NULLABLE_INTEGER),
    "jobFamily": Value(PostRow.job_family, NULLABLE_TEXT),
    "governmentAffair": _AFFAIR,
    "isCritical": Value(PostRow.is_critical, BOOLEAN),
    "isTarget": Value(PostRow.is_target, BOOLEAN),
    "isDelivered": Value(PostRow.is_delivered, BOOLEAN),
    "seats": Value(PostRow.seats, INTEGER),
    "held": Value(holders, INTEGER),
    "reservedSeats": Value(reserved, INTEGER),
    "vacantSeats": Value(vacant, INTEGER),
    "clock": _CLOCK,
    "analysis": _ANALYSIS,
    "retirement": _RETIREMENT,
    "standard": _STANDARD,
    "holders": _HOLDERS,
    "withheld": WITHHELD,
}


def _own_post(actor: Actor) -> Condition:
    return PostRow.institution_id == cast(actor.c.institution, Uuid)


POST = Shape(
    "Post", _registry, POST_FIELDS, rooted=_own_post, conditions={"id": PostRow.id == bindparam("id", type_=Uuid)}
)
FILTERS: dict[str, Condition] = {
    "unit": bindparam("unit", type_=Text) == any_(OrgUnitRow.path),
    "level": PostRow.level == bindparam("level", type_=Text),
    "vacant": PostRow.empty_since.is_not(None) == bindparam("vacant", type_=Boolean),
    "critical": PostRow.is_critical == bindparam("critical", type_=Boolean),
    "target": PostRow.is_target == bindparam("target", type_=Boolean),
    "affair": _code == bindparam("affair", type_=Text),
    "delivered": PostRow.is_delivered == bindparam("delivered", type_=Boolean),
    "stale_analysis": (_stale_from < InstitutionRow.as_of) == bindparam("stale_analysis", type_=Boolean),
    "q": func.strpos(PostRow.name_key, func.name_key(bindparam("q", type_=Text))) > literal_column("0"),
}
_SUMMARY = tuple(name for name in POST_FIELDS if name not in ("standard", "holders", "retirement"))
POSTS = Pages(
    "Post",
    Shape("Post", _registry, POST_FIELDS, rooted=_own_post, conditions=FILTERS, summary=_SUMMARY),
    (PostRow.name, PostRow.id),
)

# ── affairs

_affairs = values(
    *(column(name, Text) for name in ("code", "kind", "id", "en")),
    column("place", Integer),
    name="affair",
    literal_binds=True,
).data([(one.code, one.kind.value, one.label_id, one.label_en, place) for place, one in enumerate(CATALOGUE)])
GOVERNMENT_AFFAIRS = Shape(
    "GovernmentAffairs",
    select(literal_column("1").label("one")).subquery("catalogue"),
    {
        "affairs": Items(
            "GovernmentAffair",
            {
                "code": Value(_affairs.c.code, TEXT),
                "kind": Value(_affairs.c.kind, AFFAIR_KIND),
                "label": Object("Sentence", {"id": Value(_affairs.c.id, TEXT), "en": Value(_affairs.c.en, TEXT)}),
            },
            _affairs,
            true(),
            (_affairs.c.place,),
        )
    },
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions={},
)
_own = and_(UnitAffairRow.institution_id == OrgUnitRow.institution_id, UnitAffairRow.unit_id == OrgUnitRow.id)
UNIT_AFFAIR = Shape(
    "UnitAffair",
    OrgUnitRow.__table__.outerjoin(UnitAffairRow.__table__, _own).outerjoin(_affair, true()),
    {
        "unitId": Value(OrgUnitRow.id, TEXT),
        "unitName": Value(OrgUnitRow.name, TEXT),
        "revision": Value(func.coalesce(UnitAffairRow.revision, literal_column("0")), INTEGER),
        "governmentAffair": Value(_affair.c.government_affair, NULLABLE_TEXT),
        "isDerived": Value(_affair.c.is_derived, NULLABLE_BOOLEAN),
        "saidOf": Value(_affair.c.said_of, NULLABLE_TEXT),
    },
    rooted=lambda actor: OrgUnitRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"unit": OrgUnitRow.id == bindparam("unit", type_=Text)},
)
