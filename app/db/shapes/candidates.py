"""What documents about those in a ranking can contain: where they stand, and why, requirement by requirement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    TableValuedAlias,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db.classes import DataClass, Rule, rule_for
from app.db.documents import Actor, Column, Condition, Fields, Items, JsonSchema, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.placements import as_points
from app.db.shapes.rule_sets import CRITERIA, REQUIREMENTS
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_DATE,
    NULLABLE_INTEGER,
    NULLABLE_NUMBER,
    NULLABLE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
)
from app.db.shapes.scopes import SCOPES, objects_to_automation
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostRow
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.rule_sets import RuleSetRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow, VacancyStepRow
from app.db.withholding import WITHHELD
from app.domain.actors import Permission
from app.domain.replays import Standing
from app.domain.requirements import Field, Outcome
from app.domain.rule_sets import CriterionKind
from app.domain.vacancies import State

_candidate, _ranking, _vacancy = RankingCandidateRow.__table__, RankingRow.__table__, VacancyRow.__table__
_talent, _rule_set, _post, _unit = TalentRow.__table__, RuleSetRow.__table__, PostRow.__table__, OrgUnitRow.__table__

STANDING: JsonSchema = {"type": "string", "enum": [one.value for one in Standing]}
NULLABLE_OUTCOME: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in Outcome), None]}
VACANCY_STATE: JsonSchema = {"type": "string", "enum": [state.value for state in State]}
DECIDED = (State.DECIDED, State.RECOMMENDED, State.DECREED, State.EFFECTIVE)
"""The states of a vacancy in which those who were considered read what was found about them."""

is_shortlisted: ColumnElement[bool] = exists(
    select(VacancyStepRow.state)
    .where(
        VacancyStepRow.institution_id == VacancyRow.institution_id,
        VacancyStepRow.vacancy_id == VacancyRow.id,
        VacancyStepRow.state == literal_column(f"'{State.SHORTLISTED.value}'"),
    )
    .correlate(_vacancy)
)
is_masked: ColumnElement[bool] = and_(VacancyRow.is_masked, not_(is_shortlisted))
"""Committees see the candidates of the vacancy without name, sex, age and photo."""


def unmasked(where: ColumnElement[bool] | None = None) -> tuple[Rule, ...]:
    """For who verifies documents alone, as long as the vacancy is masked; `where` says in which rows."""
    hidden = is_masked if where is None else and_(is_masked, where)
    return (Rule(frozenset({Permission.UNMASK_CANDIDATES}), hidden),)


IsAbout = Callable[[str], ColumnElement[bool]]
"""Whether something is about a requirement's field, or a criterion's kind."""
Rules = Callable[[IsAbout], tuple[Rule, ...]]


def to_everybody(is_about: IsAbout) -> tuple[Rule, ...]:
    """The rules for what may tell of sanctions and assessments."""
    return (
        *rule_for(DataClass.SPECIFIC, is_about(Field.SANCTION_FREE)),
        *rule_for(DataClass.RESTRICTED, or_(is_about(Field.COMPETENCE), is_about(CriterionKind.COMPETENCE_FIT))),
    )


def to_committees(is_about: IsAbout) -> tuple[Rule, ...]:
    """The same, and ages are kept while the vacancy is masked."""
    return (*to_everybody(is_about), *unmasked(is_about(Field.AGE)))


def names(subject: ColumnElement[str]) -> IsAbout:
    """Where a column says what it is about."""
    return lambda word: subject == literal_column(f"'{word}'")


TOTALS = rule_for(DataClass.RESTRICTED)
"""The rule for sums of points: less the parts that are told, they are the part for competencies."""


# ── what the domain found, put into the statement

EXPLAINED = true()
"""The condition that goes with the parameter `explained`: everybody may be explained."""
_explained = cast(bindparam("explained", "{}", type_=Text), JSONB)
"""Per requirement and criterion what was found and what is missing: worked out by the domain for this one person."""


def part_of(json: Column, *path: str | ColumnElement[int]) -> ColumnElement[Any]:
    """What stands in JSON below a path of names and places."""
    part: ColumnElement[Any] = type_coerce(json, JSONB)
    for step in path:
        part = part.op("->", return_type=JSONB())(literal_column(f"'{step}'") if isinstance(step, str) else step)
    return part


def word_of(json: Column, name: str) -> ColumnElement[str]:
    """The text under a name."""
    return json.op("->>", return_type=Text())(literal_column(f"'{name}'"))


def sentence_of(json: ColumnElement[Any], name: str, *needs: Rule) -> Object:
    """The sentence under a name."""
    said = part_of(json, name)
    return Object("Sentence", {word: Value(word_of(said, word), TEXT) for word in ("id", "en")}, needs=needs)


def sentences_of(json: ColumnElement[Any], name: str) -> Items:
    """The sentences under a name."""
    said = listed_in(part_of(json, name), name)
    fields: Fields = {word: Value(word_of(said.c.document, word), TEXT) for word in ("id", "en")}
    return Items("Sentence", fields, said, true(), (said.c.place,))


def listed_in(json: Column, name: str) -> TableValuedAlias:
    """The objects of a JSON list as rows of `document` and `place`, from 1."""
    listed = func.jsonb_array_elements(json).table_valued(column("document", JSONB), with_ordinality="place", name=name)
    return listed.render_derived()


# ── requirements and criteria, with what was found

_requirement = REQUIREMENTS.source
_field = word_of(_requirement.c.told, "field")
_verdict = RankingCandidateRow.verdicts[cast(_requirement.c.place, Integer)]
_of_requirement = part_of(_explained, "verdicts", cast(_requirement.c.place, Integer) - 1)


def _verdicts(rules: Rules) -> Items:
    return Items(
        "Verdict",
        {
            "requirement": Object("Requirement", REQUIREMENTS.fields),
            "outcome": Value(
                case(
                    (_verdict.is_(true()), literal_column("'met'")),
                    (_verdict.is_(false()), literal_column("'notMet'")),
                    else_=literal_column("'needsVerification'"),
                ),
                NULLABLE_OUTCOME,
                rules(names(_field)),
            ),
            "explanation": Object(
                "VerdictExplanation",
                {
                    "found": sentence_of(_of_requirement, "found"),
                    "missing": sentences_of(_of_requirement, "missing"),
                    "metOn": Value(word_of(_of_requirement, "metOn"), NULLABLE_DATE),
                    "isVerified": Value(cast(word_of(_of_requirement, "isVerified"), Boolean), BOOLEAN),
                },
                needs=rules(names(_field)),
            ),
        },
        _requirement,
        true(),
        (_requirement.c.place,),
    )


_used = func.unnest(RankingRow.criteria).table_valued("code", with_ordinality="place", name="used").render_derived()
_criterion = CRITERIA.source
_kind = word_of(_criterion.c.told, "kind")
_of_criterion = part_of(_explained, "parts", cast(_used.c.place, Integer) - 1)


def _parts(rules: Rules) -> Items:
    return Items(
        "RankingPart",
        {
            "criterion": Object("Criterion", CRITERIA.fields),
            "points": Value(
                as_points(RankingCandidateRow.parts[cast(_used.c.place, Integer)]),
                NULLABLE_NUMBER,
                rules(names(_kind)),
            ),
            "explanation": Object(
                "PartExplanation",
                {
                    "because": sentence_of(_of_criterion, "because"),
                    "found": Value(cast(word_of(_of_criterion, "found"), Integer), NULLABLE_INTEGER),
                    "whole": Value(cast(word_of(_of_criterion, "whole"), Integer), INTEGER),
                    "lowest": Value(as_points(cast(word_of(_of_criterion, "lowest"), BigInteger)), NUMBER),
                    "highest": Value(as_points(cast(word_of(_of_criterion, "highest"), BigInteger)), NUMBER),
                },
                needs=rules(names(_kind)),
            ),
        },
        _used.join(_criterion, word_of(_criterion.c.told, "code") == _used.c.code),
        true(),
        (_used.c.place,),
    )


def _way(name: str, rules: Rules) -> Object:
    """What would reach a goal; kept as a whole from who may not see something that it touches."""
    way = part_of(_explained, name)
    item = listed_in(part_of(way, "items"), "item")
    touches = part_of(way, "touches")
    return Object(
        "CounterfactualWay",
        {
            "isReached": Value(cast(word_of(way, "isReached"), Boolean), BOOLEAN),
            "items": Items(
                "CounterfactualItem",
                {
                    "about": Value(word_of(item.c.document, "about"), TEXT),
                    "detail": sentence_of(item.c.document, "detail"),
                },
                item,
                true(),
                (item.c.place,),
            ),
            "blocked": Value(part_of(way, "blocked"), TEXTS),
            "total": Value(as_points(cast(word_of(way, "total"), BigInteger)), NULLABLE_NUMBER, TOTALS),
        },
        needs=rules(lambda word: touches.op("?")(literal_column(f"'{word}'"))),
    )


# ── where somebody stands

_rule_set_of = and_(RuleSetRow.code == RankingRow.rule_set_code, RuleSetRow.version == RankingRow.rule_set_version)
_source = (
    _candidate.join(
        _ranking,
        and_(
            RankingRow.institution_id == RankingCandidateRow.institution_id,
            RankingRow.id == RankingCandidateRow.ranking_id,
        ),
    )
    .join(
        _vacancy, and_(VacancyRow.institution_id == RankingRow.institution_id, VacancyRow.id == RankingRow.vacancy_id)
    )
    .join(
        _talent,
        and_(
            TalentRow.institution_id == RankingCandidateRow.institution_id,
            TalentRow.id == RankingCandidateRow.talent_id,
        ),
    )
)
POINTS: Fields = {
    "total": Value(as_points(RankingCandidateRow.total), NULLABLE_NUMBER, TOTALS),
    "lowest": Value(as_points(RankingCandidateRow.lowest), NULLABLE_NUMBER, TOTALS),
    "highest": Value(as_points(RankingCandidateRow.highest), NULLABLE_NUMBER, TOTALS),
}
_STANDS: Fields = {
    "outcome": Value(RankingCandidateRow.outcome, STANDING),
    "position": Value(RankingCandidateRow.position, NULLABLE_INTEGER),
    **POINTS,
    "lacking": Value(RankingCandidateRow.lacking, TEXTS),
    "needsHumanReview": Value(objects_to_automation, BOOLEAN),
}
_WHO: Fields = {
    "nip": Value(TalentRow.nip, TEXT),
    "name": Value(TalentRow.name, TEXT),
    "titleBefore": Value(TalentRow.title_before, NULLABLE_TEXT),
    "titleAfter": Value(TalentRow.title_after, NULLABLE_TEXT),
    "position": Value(TalentRow.position, NULLABLE_TEXT),
    "unitId": Value(TalentRow.unit_id, NULLABLE_TEXT),
}
TALENT = Object("CandidateTalent", _WHO, needs=unmasked())


def owned(actor: Actor) -> Condition:
    """Of the actor's institution."""
    return RankingCandidateRow.institution_id == cast(actor.c.institution, Uuid)


CONDITIONS: dict[str, Condition] = {
    "ranking_id": RankingCandidateRow.ranking_id == bindparam("ranking_id", type_=Uuid),
    "candidate_id": RankingCandidateRow.candidate_id == bindparam("candidate_id", type_=Uuid),
    "outcome": RankingCandidateRow.outcome == bindparam("outcome", type_=Text),
    "requirement": bindparam("requirement", type_=Text) == any_(RankingCandidateRow.lacking),
    "nip": TalentRow.nip == bindparam("nip", type_=Text),
    "decided": or_(*(VacancyRow.state == state.value for state in DECIDED)) == bindparam("decided", type_=Boolean),
    "masked": is_masked == bindparam("masked", type_=Boolean),
    "explained": EXPLAINED,
    **SCOPES,
}
RANKED_CANDIDATE = Shape(
    "RankedCandidate",
    _source,
    {
        "candidateId": Value(RankingCandidateRow.candidate_id, ID),
        **_STANDS,
        "tieBreak": Value(RankingCandidateRow.tie_break, NULLABLE_TEXT),
        "talent": TALENT,
        "withheld": WITHHELD,
    },
    rooted=owned,
    conditions=CONDITIONS,
)
RANKED_CANDIDATES = Pages("RankedCandidate", RANKED_CANDIDATE, (RankingCandidateRow.ordinal, RankingCandidateRow.id))


def _explanation(talent: Object, rules: Rules) -> Shape:
    fields: Fields = {
        "rankingId": Value(RankingRow.id, ID),
        "vacancyId": Value(RankingRow.vacancy_id, ID),
        "candidateId": Value(RankingCandidateRow.candidate_id, ID),
        "madeAt": Value(instant(RankingRow.made_at), INSTANT),
        "asOf": Value(RankingRow.as_of, DATE),
        **_STANDS,
        "tieBreak": Value(RankingCandidateRow.tie_break, NULLABLE_TEXT),
        "talent": talent,
        "verdicts": _verdicts(rules),
        "parts": _parts(rules),
        "counterfactual": Object(
            "Counterfactual", {"eligible": _way("eligible", rules), "first": _way("first", rules)}
        ),
        "digest": Value(func.encode(RankingCandidateRow.digest, literal_column("'hex'")), TEXT),
        "withheld": WITHHELD,
    }
    return Shape(
        "CandidateExplanation", _source.join(_rule_set, _rule_set_of), fields, rooted=owned, conditions=CONDITIONS
    )


EXPLANATION = _explanation(TALENT, to_committees)


# ── for the person concerned

_made_at = instant(RankingRow.made_at)
TALENT_RANKING = Shape(
    "TalentRanking",
    _source.join(
        _post, and_(PostRow.institution_id == VacancyRow.institution_id, PostRow.id == VacancyRow.post_id)
    ).join(_unit, and_(OrgUnitRow.institution_id == PostRow.institution_id, OrgUnitRow.id == PostRow.unit_id)),
    {
        "rankingId": Value(RankingRow.id, ID),
        "vacancyId": Value(RankingRow.vacancy_id, ID),
        "state": Value(VacancyRow.state, VACANCY_STATE),
        "post": Value(PostRow.name, TEXT),
        "unit": Value(OrgUnitRow.name, TEXT),
        "madeAt": Value(_made_at, INSTANT),
        "asOf": Value(RankingRow.as_of, DATE),
        "considered": Value(RankingRow.considered, INTEGER),
        "eligible": Value(RankingRow.eligible, INTEGER),
        **_STANDS,
        "withheld": WITHHELD,
    },
    rooted=owned,
    conditions=CONDITIONS,
)
OWN_EXPLANATION = _explanation(Object("CandidateTalent", _WHO, on=true()), to_everybody)
"""Of vacancies that are decided by now, whose candidates have names."""
TALENT_RANKINGS = Pages(
    "TalentRanking", TALENT_RANKING, (_made_at, RankingCandidateRow.id), descending=True, of_one=True
)
