"""What documents about shortlists can contain: who was proposed and passed over, why, and who was chosen."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)

from app.db.documents import Fields, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.candidates import POINTS, TALENT, VACANCY_STATE
from app.db.shapes.formats import instant
from app.db.shapes.rule_sets import rule_set_of
from app.db.shapes.schemas import (
    ID,
    INSTANT,
    INTEGER,
    NULLABLE_INTEGER,
    NULLABLE_TEXT,
    TEXT,
)
from app.db.shapes.sentences import said
from app.db.tables.institutions import InstitutionRow
from app.db.tables.rankings import RankingCandidateRow, RankingRow
from app.db.tables.shortlists import ShortlistEntryRow, ShortlistRow, VacancyDecisionRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.db.withholding import WITHHELD
from app.domain.shortlists import DecidedBy, PassingReason
from app.domain.suppression import SMALLEST_TOLD

REASON: JsonSchema = {"type": "string", "enum": [one.value for one in PassingReason]}
NULLABLE_REASON: JsonSchema = {"type": ["string", "null"], "enum": [*(one.value for one in PassingReason), None]}
DECIDED_BY: JsonSchema = {"type": "string", "enum": [one.value for one in DecidedBy]}
SENTENCES = {one.value: f"passing.{one.value}" for one in PassingReason}
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
_STANDS: Fields = {
    "candidateId": Value(ShortlistEntryRow.candidate_id, ID),
    "position": Value(ShortlistEntryRow.position, NULLABLE_INTEGER),
    **POINTS,
    "talent": replace(TALENT, needs=()),  # proposed, nobody is masked any more
}
_place = func.coalesce(ShortlistEntryRow.place, literal_column("0"), type_=Integer)
PROPOSED = Items(
    "ShortlistedCandidate",
    {"place": Value(_place, INTEGER), **_STANDS},
    _entries,
    and_(_of_shortlist, ShortlistEntryRow.place.is_not(None)),
    (ShortlistEntryRow.place,),
)
_reason = func.coalesce(ShortlistEntryRow.reason_code, literal_column("''"), type_=Text)
PASSED_OVER = Items(
    "PassedOverCandidate",
    {
        **_STANDS,
        "reasonCode": Value(_reason, REASON),
        "label": said(SENTENCES, ShortlistEntryRow.reason_code),
        "reason": Value(ShortlistEntryRow.reason, NULLABLE_TEXT),
    },
    _entries,
    and_(_of_shortlist, ShortlistEntryRow.place.is_(None)),
    (RankingCandidateRow.ordinal, ShortlistEntryRow.candidate_id),
)
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
        "reasonCode": Value(VacancyDecisionRow.reason_code, NULLABLE_REASON),
        "reason": Value(VacancyDecisionRow.reason, NULLABLE_TEXT),
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
        "state": Value(VacancyRow.state, VACANCY_STATE),
        "rankingId": Value(ShortlistRow.ranking_id, ID),
        "ruleSet": rule_set_of(RankingRow.rule_set_code, RankingRow.rule_set_version),
        "proposedAt": Value(instant(ShortlistRow.proposed_at), INSTANT),
        "by": Value(ShortlistRow.subject, TEXT),
        "role": Value(ShortlistRow.role, TEXT),
        "comment": Value(ShortlistRow.comment, NULLABLE_TEXT),
        "candidates": PROPOSED,
        "passedOver": PASSED_OVER,
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
                "byCommittee": _given(ShortlistEntryRow),
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
