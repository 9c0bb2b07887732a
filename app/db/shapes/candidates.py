"""What documents about those in a ranking can contain: where they stand, and why, requirement by requirement."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import combinations
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db.classes import DataClass, Rule, rule_for
from app.db.documents import (
    Actor,
    Condition,
    Fields,
    Items,
    JsonSchema,
    Object,
    Pages,
    Shape,
    Value,
    literal_text,
)
from app.db.legal_days import legal_day
from app.db.shapes.career_moves import movement, movement_in_words
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, part_of, sentence_of, sentences_of, word_of
from app.db.shapes.masking import (
    UNMASKING,
    Mask,
    Rules,
    in_whole_points,
    is_masked,
    names,
    to_committees,
    to_everybody,
    topic_in,
    unmasked,
)
from app.db.shapes.parents import OF_RANKING, OF_TALENT
from app.db.shapes.placements import as_points
from app.db.shapes.posts_held import SEAT, post_held
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
from app.db.shapes.vacancies import STATE
from app.db.shapes.vacancy_outcomes import VACANCY_OUTCOME, is_public, was_unmasked
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostRow
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.rule_sets import RuleSetRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.db.withholding import WITHHELD
from app.domain.actors import Permission
from app.domain.masks import KEPT_WHILE_MASKED, NEEDED
from app.domain.replays import Standing
from app.domain.requirements import Outcome

_candidate, _ranking, _vacancy = RankingCandidateRow.__table__, RankingRow.__table__, VacancyRow.__table__
_talent, _rule_set, _post, _unit = TalentRow.__table__, RuleSetRow.__table__, PostRow.__table__, OrgUnitRow.__table__

STANDING: JsonSchema = {"type": "string", "enum": [one.value for one in Standing]}
NULLABLE_OUTCOME: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in Outcome), None]}

TOTALS = rule_for(DataClass.RESTRICTED)
"""The rule for sums of points: less the parts that are told, they are the part for competencies."""


# ── what the domain found, put into the statement

EXPLAINED = true()
"""The condition that goes with the parameter `explained`: everybody may be explained."""
_explained = cast(bindparam("explained", "{}", type_=Text), JSONB)
"""Per requirement and criterion what was found and what is missing: worked out by the domain for this one person."""


# ── requirements and criteria, with what was found

_requirement = REQUIREMENTS.source
_topic = topic_in(_requirement.c.told)
_verdict = RankingCandidateRow.verdicts[cast(_requirement.c.place, Integer)]
_of_requirement = part_of(_explained, "verdicts", cast(_requirement.c.place, Integer) - 1)


def _unless_masked(json: ColumnElement[Any], name: str, mask: Mask) -> Object:
    return replace(sentence_of(json, name, *mask), on=true())


def _verdicts(rules: Rules, mask: Mask) -> Items:
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
                rules(names(_topic)),
            ),
            "explanation": Object(
                "VerdictExplanation",
                {
                    "found": _unless_masked(_of_requirement, "found", mask),
                    "missing": sentences_of(_of_requirement, "missing"),
                    "metOn": Value(word_of(_of_requirement, "metOn"), NULLABLE_DATE, mask),
                    "isVerified": Value(cast(word_of(_of_requirement, "isVerified"), Boolean), BOOLEAN),
                },
                needs=rules(names(_topic)),
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


def _parts(rules: Rules, mask: Mask) -> Items:
    points = as_points(RankingCandidateRow.parts[cast(_used.c.place, Integer)])
    lowest, highest = (as_points(cast(word_of(_of_criterion, name), BigInteger)) for name in ("lowest", "highest"))
    return Items(
        "RankingPart",
        {
            "criterion": Object("Criterion", CRITERIA.fields),
            "points": Value(
                points, NULLABLE_NUMBER, (*rules(names(_kind)), *(in_whole_points(points) if mask else ()))
            ),
            "explanation": Object(
                "PartExplanation",
                {
                    "because": _unless_masked(_of_criterion, "because", mask),
                    "found": Value(cast(word_of(_of_criterion, "found"), Integer), NULLABLE_INTEGER, mask),
                    "whole": Value(cast(word_of(_of_criterion, "whole"), Integer), INTEGER),
                    "lowest": Value(lowest, NUMBER, in_whole_points(lowest) if mask else ()),
                    "highest": Value(highest, NUMBER, in_whole_points(highest, upwards=True) if mask else ()),
                },
                needs=rules(names(_kind)),
            ),
        },
        _used.join(_criterion, word_of(_criterion.c.told, "code") == _used.c.code),
        true(),
        (_used.c.place,),
    )


def _way(name: str, rules: Rules, mask: Mask) -> Object:
    """What would reach a goal; kept as a whole while masked, and from who may not see something that it touches."""
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
        needs=(*rules(lambda word: touches.op("?")(literal_column(f"'{word}'"))), *mask),
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
POINTS: dict[str, Value] = {
    "total": Value(as_points(RankingCandidateRow.total), NULLABLE_NUMBER, TOTALS),
    "lowest": Value(as_points(RankingCandidateRow.lowest), NULLABLE_NUMBER, TOTALS),
    "highest": Value(as_points(RankingCandidateRow.highest), NULLABLE_NUMBER, TOTALS),
}
_weight_of_seniority = cast(word_of(part_of(RankingRow.findings, "seniority"), "weight"), BigInteger)
_sum_tells = and_(is_masked, _weight_of_seniority > literal_column("0"))
_sums = (Rule(UNMASKING, _sum_tells, named_where=_sum_tells),)
"""A sum less the other parts is about the part for age or service, where a rule set has one."""


def _masked(name: str, value: Value) -> Value:
    rules = in_whole_points(cast(value.sql, Numeric), upwards=name == "highest")
    return replace(value, needs=(*value.needs, *_sums, *rules))


_MASKED_POINTS = {name: _masked(name, value) for name, value in POINTS.items()}


# what each requirement of a run is about, by its code
_asked = listed_in(part_of(RankingRow.findings, "autopsy", "removals"), "asked")
_topic_asked = topic_in(_asked.c.document)


def _lacking_but(topics: Collection[StrEnum]) -> ColumnElement[Any]:
    """The codes of what somebody lacks, without those about the topics."""
    row = RankingCandidateRow
    one = func.unnest(row.lacking).table_valued("code", with_ordinality="place", name="lacks").render_derived()
    is_it = word_of(_asked.c.document, "requirement") == one.c.code
    untold = select(_asked.c.place).where(is_it, _topic_asked.in_([literal_text(word) for word in sorted(topics)]))
    told = select(one.c.code).where(~exists(untold.correlate(_ranking, one))).order_by(one.c.place)
    return func.array(told.correlate(_candidate, _ranking).scalar_subquery(), type_=ARRAY(Text))


def _lacking(*, is_ever_masked: bool) -> Value:
    """What somebody lacks, as far as a reader may know of it: of several things they may not, without any of them."""
    topics: dict[Permission, Collection[StrEnum]] = {
        permission: [word for word, needed in NEEDED.items() if needed is permission]
        for permission in dict.fromkeys(NEEDED.values())
    }
    if is_ever_masked:
        topics[Permission.UNMASK_CANDIDATES] = KEPT_WHILE_MASKED
    rules = tuple(
        Rule(
            frozenset(missing),
            is_masked if Permission.UNMASK_CANDIDATES in missing else true(),
            _lacking_but([word for permission in missing for word in topics[permission]]),
            leaves_out=True,
            named_where=is_masked if missing == (Permission.UNMASK_CANDIDATES,) else None,
        )
        for size in range(len(topics), 0, -1)
        for missing in combinations(topics, size)
    )
    return Value(RankingCandidateRow.lacking, TEXTS, rules)


def _stands(points: Mapping[str, Value], *, is_ever_masked: bool) -> Fields:
    return {
        "outcome": Value(RankingCandidateRow.outcome, STANDING),
        "position": Value(RankingCandidateRow.position, NULLABLE_INTEGER),
        **points,
        "lacking": _lacking(is_ever_masked=is_ever_masked),
        "movement": movement(*(unmasked() if is_ever_masked else ())),
        "needsHumanReview": Value(objects_to_automation, BOOLEAN),
    }


def _who(*then: Condition) -> Fields:
    """Who somebody is, in the post that facts count from: of an inauguration `then`, before Data ASN names the post."""
    return {
        "nip": Value(TalentRow.nip, TEXT),
        "name": Value(TalentRow.name, TEXT),
        "titleBefore": Value(TalentRow.title_before, NULLABLE_TEXT),
        "titleAfter": Value(TalentRow.title_after, NULLABLE_TEXT),
        "position": Value(post_held("name", *then, beside=(_ranking,)), NULLABLE_TEXT),
        "unitId": Value(post_held("unit_id", *then, beside=(_ranking,)), NULLABLE_TEXT),
    }


_WHO = _who(SEAT.c.since <= legal_day(RankingRow.made_at))
TALENT = Object("CandidateTalent", _who(), needs=unmasked())
RANKED_TALENT = Object("CandidateTalent", _WHO, needs=unmasked())


def owned(actor: Actor) -> Condition:
    """Of the actor's institution."""
    return RankingCandidateRow.institution_id == cast(actor.c.institution, Uuid)


CONDITIONS: dict[str, Condition] = {
    "ranking_id": RankingCandidateRow.ranking_id == bindparam("ranking_id", type_=Uuid),
    "candidate_id": RankingCandidateRow.candidate_id == bindparam("candidate_id", type_=Uuid),
    "outcome": RankingCandidateRow.outcome == bindparam("outcome", type_=Text),
    "requirement": bindparam("requirement", type_=Text) == any_(RankingCandidateRow.lacking),
    "nip": TalentRow.nip == bindparam("nip", type_=Text),
    "public": is_public == bindparam("public", type_=Boolean),
    "masked_but": was_unmasked,
    "masked": is_masked == bindparam("masked", type_=Boolean),
    "explained": EXPLAINED,
    **SCOPES,
}
RANKED_CANDIDATE = Shape(
    "RankedCandidate",
    _source,
    {
        "candidateId": Value(RankingCandidateRow.candidate_id, ID),
        **_stands(_MASKED_POINTS, is_ever_masked=True),
        "tieBreak": Value(RankingCandidateRow.tie_break, NULLABLE_TEXT),
        "talent": RANKED_TALENT,
        "withheld": WITHHELD,
    },
    rooted=owned,
    conditions=CONDITIONS,
)
_one_of_run = RankingCandidateRow.ranking_id, RankingCandidateRow.candidate_id
RANKED_CANDIDATES = Pages(
    "RankedCandidate",
    RANKED_CANDIDATE,
    (RankingCandidateRow.ordinal, RankingCandidateRow.candidate_id),
    parent=OF_RANKING,
    row=_one_of_run,
)


def _explanation(talent: Object, rules: Rules, mask: Mask) -> Shape:
    digest = func.encode(RankingCandidateRow.digest, literal_column("'hex'"))
    fields: Fields = {
        "rankingId": Value(RankingRow.id, ID),
        "vacancyId": Value(RankingRow.vacancy_id, ID),
        "candidateId": Value(RankingCandidateRow.candidate_id, ID),
        "madeAt": Value(instant(RankingRow.made_at), INSTANT),
        "asOf": Value(RankingRow.as_of, DATE),
        **_stands(_MASKED_POINTS if mask else POINTS, is_ever_masked=bool(mask)),
        "movementDetail": movement_in_words(*mask),
        "tieBreak": Value(RankingCandidateRow.tie_break, NULLABLE_TEXT),
        "talent": talent,
        "verdicts": _verdicts(rules, mask),
        "parts": _parts(rules, mask),
        "counterfactual": Object("Counterfactual", {name: _way(name, rules, mask) for name in ("eligible", "first")}),
        "digest": Value(digest, NULLABLE_TEXT, mask),
        "withheld": WITHHELD,
    }
    return Shape(
        "CandidateExplanation", _source.join(_rule_set, _rule_set_of), fields, rooted=owned, conditions=CONDITIONS
    )


EXPLANATION = _explanation(RANKED_TALENT, to_committees, unmasked())


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
        "state": Value(VacancyRow.state, STATE),
        "post": Value(PostRow.name, TEXT),
        "unit": Value(OrgUnitRow.name, TEXT),
        "madeAt": Value(_made_at, INSTANT),
        "asOf": Value(RankingRow.as_of, DATE),
        "considered": Value(RankingRow.considered, INTEGER),
        "eligible": Value(RankingRow.eligible, INTEGER),
        **_stands(POINTS, is_ever_masked=False),
        "vacancyOutcome": VACANCY_OUTCOME,
        "withheld": WITHHELD,
    },
    rooted=owned,
    conditions=CONDITIONS,
)
OWN_EXPLANATION = _explanation(Object("CandidateTalent", _WHO, on=true()), to_everybody, ())
"""Of vacancies whose outcome is public by now."""
TALENT_RANKINGS = Pages(
    "TalentRanking",
    TALENT_RANKING,
    (_made_at, RankingCandidateRow.ranking_id),
    descending=True,
    of_one=True,
    parent=OF_TALENT,
    row=_one_of_run,
)
