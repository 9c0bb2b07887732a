"""What documents about shortlists can contain: who was proposed and passed over, why, and who was chosen."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    select,
    true,
)

from app.db.classes import DataClass, Rule, rule_for
from app.db.documents import Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.candidates import POINTS, TALENT
from app.db.shapes.career_moves import movement
from app.db.shapes.formats import instant
from app.db.shapes.found_json import listed_in, sentence_of, word_of
from app.db.shapes.masking import names, to_everybody, topic_in
from app.db.shapes.passing_reasons import NULLABLE_REASON, REASON, SENTENCES
from app.db.shapes.rule_sets import rule_set_of
from app.db.shapes.schemas import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.scopes import is_restricted
from app.db.shapes.sentences import said
from app.db.shapes.vacancies import STATE
from app.db.tables.institutions import InstitutionRow
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.shortlists import (
    DecisionCheckRow,
    PassedOverGroupRow,
    ShortlistEntryRow,
    ShortlistRow,
    VacancyDecisionRow,
)
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.db.withholding import WITHHELD
from app.domain.actors import Permission
from app.domain.shortlists import DecidedBy, Group, PassingReason
from app.domain.suppression import SMALLEST_TOLD

DECIDED_BY: JsonSchema = {"type": "string", "enum": [one.value for one in DecidedBy]}
_shortlist, _vacancy, _ranking = ShortlistRow.__table__, VacancyRow.__table__, RankingRow.__table__
_entry, _found, _talent = ShortlistEntryRow.__table__, RankingCandidateRow.__table__, TalentRow.__table__
_decision = VacancyDecisionRow.__table__

_entries = _entry.join(
    _found,
    and_(
        RankingCandidateRow.institution_id == ShortlistEntryRow.institution_id,
        RankingCandidateRow.ranking_id == ShortlistRow.ranking_id,
        RankingCandidateRow.candidate_id == ShortlistEntryRow.candidate_id,
    ),
).join(_talent, and_(TalentRow.institution_id == ShortlistEntryRow.institution_id, TalentRow.id == _entry.c.talent_id))
_of_shortlist = and_(
    ShortlistEntryRow.institution_id == ShortlistRow.institution_id,
    ShortlistEntryRow.vacancy_id == ShortlistRow.vacancy_id,
)


def _unrestricted(among: ColumnElement[bool]) -> tuple[Rule, ...]:
    """Whose processing is restricted has no name for others, as everywhere; named where it is so of one among them."""
    theirs = select(_entry.c.talent_id).select_from(_entries).where(_of_shortlist, among, is_restricted)
    named_where = exists(theirs.correlate(_shortlist))
    return (Rule(frozenset({Permission.ANSWER_DATA_REQUESTS}), is_restricted, named_where=named_where),)


_is_proposed, _is_passed_over = ShortlistEntryRow.place.is_not(None), ShortlistEntryRow.place.is_(None)
_REASONS = (*rule_for(DataClass.SPECIFIC), *_unrestricted(_is_passed_over))
"""A reason may be that somebody's record is under review; in these rows alone, withholding would tell it."""


def _stands(among: ColumnElement[bool]) -> Fields:
    return {
        "candidateId": Value(ShortlistEntryRow.candidate_id, ID),
        "position": Value(ShortlistEntryRow.position, NULLABLE_INTEGER),
        **POINTS,
        "movement": movement(),
        "talent": replace(TALENT, needs=_unrestricted(among)),  # proposed, nobody is masked any more
    }


_place = func.coalesce(ShortlistEntryRow.place, literal_column("0"), type_=Integer)
PROPOSED = Items(
    "ShortlistedCandidate",
    {"place": Value(_place, INTEGER), **_stands(_is_proposed)},
    _entries,
    and_(_of_shortlist, _is_proposed),
    (ShortlistEntryRow.place,),
)
PASSED_OVER = Items(
    "PassedOverCandidate",
    {
        **_stands(_is_passed_over),
        "reasonCode": Value(ShortlistEntryRow.reason_code, NULLABLE_REASON, _REASONS),
        "label": replace(said(SENTENCES, ShortlistEntryRow.reason_code), needs=_REASONS),
        "reason": Value(ShortlistEntryRow.reason, NULLABLE_TEXT, _REASONS),
    },
    _entries,
    and_(_of_shortlist, _is_passed_over),
    (RankingCandidateRow.ordinal, ShortlistEntryRow.candidate_id),
)
_group = PassedOverGroupRow.__table__
TOGETHER = Items(
    "PassedOverGroup",
    {
        "who": Value(PassedOverGroupRow.who, {"type": "string", "enum": [one.value for one in Group]}),
        "people": Value(PassedOverGroupRow.people, INTEGER),
        "reasonCode": Value(PassedOverGroupRow.reason_code, NULLABLE_REASON, rule_for(DataClass.SPECIFIC)),
        "label": replace(said(SENTENCES, PassedOverGroupRow.reason_code), needs=rule_for(DataClass.SPECIFIC)),
        "reason": Value(PassedOverGroupRow.reason, NULLABLE_TEXT, rule_for(DataClass.SPECIFIC)),
    },
    _group,
    and_(
        PassedOverGroupRow.institution_id == ShortlistRow.institution_id,
        PassedOverGroupRow.vacancy_id == ShortlistRow.vacancy_id,
    ),
    (PassedOverGroupRow.who,),
)
_check = DecisionCheckRow.__table__
_finding = listed_in(_check.c.findings, "finding")
_told = to_everybody(names(topic_in(_finding.c.document)))
CHECKS = Items(
    "DecisionCheck",
    {
        "state": Value(DecisionCheckRow.state, STATE),
        "candidateId": Value(DecisionCheckRow.candidate_id, ID),
        "checkedAt": Value(instant(DecisionCheckRow.checked_at), INSTANT),
        "day": Value(DecisionCheckRow.day, DATE),
        "asOf": Value(DecisionCheckRow.as_of, DATE),
        "findings": Items(
            "CheckedRequirement",
            {
                "requirement": Value(word_of(_finding.c.document, "requirement"), TEXT),
                "label": sentence_of(_finding.c.document, "label"),
                "found": sentence_of(_finding.c.document, "found", *_told),
                "isVerified": Value(cast(word_of(_finding.c.document, "isVerified"), Boolean), BOOLEAN),
            },
            _finding,
            true(),
            (_finding.c.place,),
        ),
        "digest": Value(DecisionCheckRow.digest, TEXT),
    },
    _check,
    and_(
        DecisionCheckRow.institution_id == ShortlistRow.institution_id,
        DecisionCheckRow.vacancy_id == ShortlistRow.vacancy_id,
    ),
    (DecisionCheckRow.checked_at, DecisionCheckRow.candidate_id),
)
"""What was looked at once more before each step, and met: an appeal can see what a step rested on."""
_chosen = _decision.join(
    _entry,
    and_(
        ShortlistEntryRow.institution_id == VacancyDecisionRow.institution_id,
        ShortlistEntryRow.vacancy_id == VacancyDecisionRow.vacancy_id,
        ShortlistEntryRow.place == VacancyDecisionRow.place,
    ),
)
DECISION = Object(
    "VacancyDecision",
    {
        "candidateId": Value(ShortlistEntryRow.candidate_id, ID),
        "place": Value(VacancyDecisionRow.place, INTEGER),
        "reasonCode": Value(VacancyDecisionRow.reason_code, NULLABLE_REASON, rule_for(DataClass.SPECIFIC)),
        "reason": Value(VacancyDecisionRow.reason, NULLABLE_TEXT, rule_for(DataClass.SPECIFIC)),
        "decidedBy": Value(VacancyDecisionRow.decided_by, DECIDED_BY),
        "decidedAt": Value(instant(VacancyDecisionRow.decided_at), INSTANT),
        "by": Value(VacancyDecisionRow.subject, TEXT),
        "role": Value(VacancyDecisionRow.role, TEXT),
    },
    _chosen,
    and_(
        VacancyDecisionRow.institution_id == ShortlistRow.institution_id,
        VacancyDecisionRow.vacancy_id == ShortlistRow.vacancy_id,
    ),
)
_source = _shortlist.join(
    _vacancy, and_(VacancyRow.institution_id == ShortlistRow.institution_id, VacancyRow.id == ShortlistRow.vacancy_id)
).join(
    _ranking, and_(RankingRow.institution_id == ShortlistRow.institution_id, RankingRow.id == ShortlistRow.ranking_id)
)
SHORTLIST = Shape(
    "Shortlist",
    _source,
    {
        "vacancyId": Value(ShortlistRow.vacancy_id, ID),
        "revision": Value(VacancyRow.revision, INTEGER),
        "state": Value(VacancyRow.state, STATE),
        "rankingId": Value(ShortlistRow.ranking_id, ID),
        "ruleSet": rule_set_of(RankingRow.rule_set_code, RankingRow.rule_set_version),
        "proposedAt": Value(instant(ShortlistRow.proposed_at), INSTANT),
        "by": Value(ShortlistRow.subject, TEXT),
        "role": Value(ShortlistRow.role, TEXT),
        "comment": Value(ShortlistRow.comment, NULLABLE_TEXT),
        "candidates": PROPOSED,
        "passedOver": PASSED_OVER,
        "passedOverTogether": TOGETHER,
        "checks": CHECKS,
        "decision": DECISION,
        "withheld": WITHHELD,
    },
    rooted=lambda actor: ShortlistRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"vacancy_id": ShortlistRow.vacancy_id == bindparam("vacancy_id", type_=Uuid)},
)


# ── in aggregate

_codes: ColumnElement[list[str]] = literal_column("'{" + ",".join(PassingReason) + "}'::text[]")
_code = func.unnest(_codes).table_valued(column("code", Text), with_ordinality="place", name="reason").render_derived()


def _given(row: type[ShortlistEntryRow | VacancyDecisionRow]) -> Value:
    """How often the reason of the row was given in the institution."""
    said_so = and_(row.institution_id == InstitutionRow.id, row.reason_code == _code.c.code)
    return Value(
        select(func.count()).where(said_so).correlate(_code, InstitutionRow.__table__).scalar_subquery(),
        NULLABLE_INTEGER,
    )


def _given_by_committees() -> Value:
    """The same of committees, everybody counted who is passed over together with others."""
    row = PassedOverGroupRow
    said_so = and_(row.institution_id == InstitutionRow.id, row.reason_code == _code.c.code)
    people = func.coalesce(func.sum(row.people), literal_column("0"))
    together = select(people).where(said_so).correlate(_code, InstitutionRow.__table__).scalar_subquery()
    return Value(cast(_given(ShortlistEntryRow).sql + together, Integer), NULLABLE_INTEGER)


PASSING_REASONS = Shape(
    "PassingReasons",
    InstitutionRow.__table__,
    {
        "smallestTold": Value(literal_column(str(SMALLEST_TOLD)), INTEGER),
        "reasons": Items(
            "PassingReasonCount",
            {
                "code": Value(_code.c.code, REASON),
                "label": said(SENTENCES, _code.c.code),
                "byCommittee": _given_by_committees(),
                "byAuthority": _given(VacancyDecisionRow),
            },
            _code,
            true(),
            (_code.c.place,),
        ),
    },
    rooted=lambda actor: InstitutionRow.id == cast(actor.c.institution, Uuid),
    conditions={},
)
"""How often which reason was given for passing over somebody with a better rank or place. Counts can be null: small."""
