"""What documents about rankings can contain: what was asked, how many were found, how firm the order is, replays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
)

from app.db.documents import Actor, Condition, Fields, Items, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, part_of, sentence_of, word_of
from app.db.shapes.masking import is_kept, is_masked, names, to_committees, topic_in
from app.db.shapes.parents import OF_VACANCY
from app.db.shapes.placements import as_points
from app.db.shapes.rule_sets import CRITERIA, REQUIREMENTS, rule_set_of
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    INTEGERS,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
)
from app.db.shapes.sentences import filled, in_both, said
from app.db.shapes.vacancies import is_shortlisted
from app.db.tables.rankings import RankingRecomputationRow, RankingRow
from app.db.tables.rule_sets import RuleSetRow
from app.db.tables.vacancies import VacancyRow
from app.db.withholding import WITHHELD

_ranking, _vacancy, _again = RankingRow.__table__, VacancyRow.__table__, RankingRecomputationRow.__table__
_made_at = instant(RankingRow.made_at)
_stability = part_of(RankingRow.findings, "stability")
_seniority = part_of(RankingRow.findings, "seniority")
_is_object: ColumnElement[str] = literal_column("'object'")
_rival = listed_in(part_of(_stability, "rivals"), "rivals")


def _whole(json: ColumnElement[Any], name: str) -> Value:
    return Value(cast(word_of(json, name), Integer), INTEGER)


def _flag(json: ColumnElement[Any], name: str) -> Value:
    return Value(cast(word_of(json, name), Boolean), BOOLEAN)


STABILITY = Object(
    "RankStability",
    {
        "isTied": _flag(_stability, "isTied"),
        "detail": said({"false": "ranking.firm", "true": "ranking.tied"}, word_of(_stability, "isTied")),
        "weightings": _whole(_stability, "weightings"),
        "kept": _whole(_stability, "kept"),
        "threshold": _whole(_stability, "threshold"),
        "rivals": Items(
            "RankRival",
            {
                "candidateId": Value(word_of(_rival.c.document, "candidateId"), ID),
                "firsts": _whole(_rival.c.document, "firsts"),
            },
            _rival,
            true(),
            (_rival.c.place,),
        ),
    },
    on=func.jsonb_typeof(_stability) == _is_object,
)
SENIORITY = Object(
    "SeniorityEffect",
    {
        "weight": Value(as_points(cast(word_of(_seniority, "weight"), BigInteger)), NUMBER),
        "ranked": _whole(_seniority, "ranked"),
        "moved": _whole(_seniority, "moved"),
        "changesFirst": _flag(_seniority, "changesFirst"),
        "changesShortlist": _flag(_seniority, "changesShortlist"),
    },
)
_autopsy = part_of(RankingRow.findings, "autopsy")
_removal = listed_in(part_of(_autopsy, "removals"), "removals")
_relaxation = part_of(_autopsy, "relaxation")
_thresholds = part_of(_relaxation, "nearest")
# a run of before, when there was one threshold at most, has no list
_is_list = func.jsonb_typeof(_thresholds) == literal_column("'array'")
_nearest = listed_in(case((_is_list, _thresholds), else_=literal_column("'[]'::jsonb")), "nearest")
_touches = part_of(_relaxation, "touches")


_is_about_removal = names(topic_in(_removal.c.document))
_removes_what_is_kept = exists(
    select(_removal.c.place).where(is_kept(_is_about_removal)).correlate(RankingRow.__table__)
)
"""Whether a requirement of the ranking is about what is kept while its vacancy is masked."""


def _touched(word: str) -> ColumnElement[bool]:
    return _touches.op("?", return_type=Boolean())(literal_column(f"'{word}'"))


def _people(name: str) -> Value:
    told = to_committees(_is_about_removal, _removes_what_is_kept)
    return Value(cast(word_of(_removal.c.document, name), Integer), NULLABLE_INTEGER, told)


def _is_open(word: str) -> ColumnElement[bool]:
    topic = topic_in(_removal.c.document) == literal_column(f"'{word}'")
    return exists(select(_removal.c.place).where(topic).correlate(RankingRow.__table__))


_only_to_verify = and_(RankingRow.eligible == literal_column("0"), RankingRow.to_verify > literal_column("0"))
_open_for = cast(word_of(_removal.c.document, "toVerify"), Integer)
_most_open = (
    select(word_of(_removal.c.document, "requirement"))
    .where(_open_for > literal_column("0"))
    .order_by(_open_for.desc(), _removal.c.place)
    .limit(literal_column("1"))
    .correlate(_ranking)
    .scalar_subquery()
)
AUTOPSY = Object(
    "RankingAutopsy",
    {
        "detail": replace(
            in_both(lambda language: filled("ranking.only_to_verify", language, people=RankingRow.to_verify)),
            on=_only_to_verify,
        ),
        "verifyFirst": Value(
            case((_only_to_verify, _most_open)), NULLABLE_TEXT, to_committees(_is_open, is_kept(_is_open))
        ),
        "wanted": _whole(_autopsy, "wanted"),
        "mostRelaxed": Value(cast(word_of(_autopsy, "mostRelaxed"), Integer), NULLABLE_INTEGER),
        "removals": Items(
            "RequirementRemoval",
            {
                "requirement": Value(word_of(_removal.c.document, "requirement"), TEXT),
                **{name: _people(name) for name in ("removed", "alone", "toVerify")},
            },
            _removal,
            true(),
            (_removal.c.place,),
        ),
        "relaxation": Object(
            "RankingRelaxation",
            {
                "requirements": Value(part_of(_relaxation, "requirements"), TEXTS),
                "eligible": _whole(_relaxation, "eligible"),
                "toVerify": _whole(_relaxation, "toVerify"),
                "nearest": Items(
                    "NearestThreshold",
                    {
                        "requirement": Value(word_of(_nearest.c.document, "requirement"), TEXT),
                        "threshold": Value(word_of(_nearest.c.document, "threshold"), TEXT),
                        "candidates": _whole(_nearest.c.document, "candidates"),
                        "detail": sentence_of(_nearest.c.document, "detail"),
                    },
                    _nearest,
                    true(),
                    (_nearest.c.place,),
                ),
            },
            on=func.jsonb_typeof(_relaxation) == _is_object,
            needs=to_committees(_touched, is_kept(_touched)),
        ),
    },
)
_target = RankingRow.target
TARGET = Object(
    "RankingTarget",
    {
        "on": Value(word_of(_target, "on"), DATE),
        "level": Value(word_of(_target, "level"), TEXT),
        "governmentAffair": Value(word_of(_target, "governmentAffair"), NULLABLE_TEXT),
        "jobFamily": Value(word_of(_target, "jobFamily"), NULLABLE_TEXT),
        "standard": Value(part_of(_target, "standard"), INTEGERS),
    },
)
_different = listed_in(RankingRecomputationRow.differences, "differences")
RECOMPUTATION_FIELDS: Fields = {
    "id": Value(RankingRecomputationRow.id, ID),
    "rankingId": Value(RankingRecomputationRow.ranking_id, ID),
    "madeAt": Value(instant(RankingRecomputationRow.made_at), INSTANT),
    "by": Value(RankingRecomputationRow.subject, TEXT),
    "role": Value(RankingRecomputationRow.role, TEXT),
    "digest": Value(RankingRecomputationRow.digest, TEXT),
    "isSame": Value(
        select(
            and_(
                RankingRow.digest == RankingRecomputationRow.digest,
                RankingRecomputationRow.people == literal_column("0"),
            )
        )
        .where(
            RankingRow.institution_id == RankingRecomputationRow.institution_id,
            RankingRow.id == RankingRecomputationRow.ranking_id,
        )
        .correlate(_again)
        .scalar_subquery(),
        BOOLEAN,
    ),
    "people": Value(RankingRecomputationRow.people, INTEGER),
    "differences": Items(
        "RankingDifference",
        {
            "candidateId": Value(word_of(_different.c.document, "candidateId"), ID),
            "what": Value(part_of(_different.c.document, "what"), TEXTS),
        },
        _different,
        true(),
        (_different.c.place,),
    ),
}
RECOMPUTATION = Shape(
    "RankingRecomputation",
    _again,
    RECOMPUTATION_FIELDS,
    rooted=lambda actor: RankingRecomputationRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={
        "id": RankingRecomputationRow.id == bindparam("id", type_=Uuid),
        "ranking_id": RankingRecomputationRow.ranking_id == bindparam("ranking_id", type_=Uuid),
    },
)


def _owned(actor: Actor) -> Condition:
    return RankingRow.institution_id == cast(actor.c.institution, Uuid)


_SUMMARY = (
    "id",
    "vacancyId",
    "madeAt",
    "by",
    "role",
    "asOf",
    "ruleSet",
    "considered",
    "eligible",
    "toVerify",
    "ineligible",
    "holders",
    "isMasked",
    "digest",
)
_made = _again.alias("made")
_is_of_run = and_(_made.c.institution_id == RankingRow.institution_id, _made.c.ranking_id == RankingRow.id)
_newest = select(_made.c.id).where(_is_of_run).order_by(_made.c.made_at.desc(), _made.c.id).limit(literal_column("20"))
_times_again = select(func.count()).select_from(_made).where(_is_of_run).correlate(_ranking).scalar_subquery()
RANKING_FIELDS: Fields = {
    "id": Value(RankingRow.id, ID),
    "vacancyId": Value(RankingRow.vacancy_id, ID),
    "madeAt": Value(_made_at, INSTANT),
    "by": Value(RankingRow.subject, TEXT),
    "role": Value(RankingRow.role, TEXT),
    "asOf": Value(RankingRow.as_of, DATE),
    "ruleSet": rule_set_of(RankingRow.rule_set_code, RankingRow.rule_set_version),
    "considered": Value(RankingRow.considered, INTEGER),
    "eligible": Value(RankingRow.eligible, INTEGER),
    "toVerify": Value(RankingRow.to_verify, INTEGER),
    "ineligible": Value(RankingRow.ineligible, INTEGER),
    "holders": Value(RankingRow.holders, INTEGER),
    "isMasked": Value(is_masked, BOOLEAN),
    "target": TARGET,
    "requirements": REQUIREMENTS,
    "criteria": CRITERIA,
    "criteriaInUse": Value(RankingRow.criteria, TEXTS),
    "stability": STABILITY,
    "seniority": SENIORITY,
    "autopsy": AUTOPSY,
    "seedCommitment": Value(VacancyRow.seed_commitment, TEXT),
    "seed": Value(case((is_shortlisted, func.encode(VacancyRow.seed, literal_column("'hex'")))), NULLABLE_TEXT),
    "digest": Value(RankingRow.digest, TEXT),
    "recomputationCount": Value(_times_again, INTEGER),
    "recomputations": Items(
        "RankingRecomputation",
        RECOMPUTATION_FIELDS,
        _again,
        and_(
            RankingRecomputationRow.institution_id == RankingRow.institution_id,
            RankingRecomputationRow.ranking_id == RankingRow.id,
            RankingRecomputationRow.id.in_(_newest.correlate(_ranking)),
        ),
        (RankingRecomputationRow.made_at.desc(), RankingRecomputationRow.id),
    ),
    "withheld": WITHHELD,
}
_source = _ranking.join(
    _vacancy, and_(VacancyRow.institution_id == RankingRow.institution_id, VacancyRow.id == RankingRow.vacancy_id)
).join(
    RuleSetRow.__table__,
    and_(RuleSetRow.code == RankingRow.rule_set_code, RuleSetRow.version == RankingRow.rule_set_version),
)
RANKING = Shape(
    "Ranking",
    _source,
    RANKING_FIELDS,
    rooted=_owned,
    conditions={"id": RankingRow.id == bindparam("id", type_=Uuid)},
)
RANKINGS = Pages(
    "Ranking",
    Shape(
        "Ranking",
        _source,
        RANKING_FIELDS,
        rooted=_owned,
        conditions={"vacancy_id": RankingRow.vacancy_id == bindparam("vacancy_id", type_=Uuid)},
        summary=_SUMMARY,
    ),
    (_made_at, RankingRow.id),
    descending=True,
    parent=OF_VACANCY,
)
