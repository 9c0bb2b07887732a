"""What documents about verifications and technical scores of a vacancy can contain."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    not_,
    select,
    true,
)

from app.db.classes import DataClass, rule_for
from app.db.documents import Actor, Condition, Fields, Items, Pages, Shape, Value
from app.db.shapes.candidates import TALENT
from app.db.shapes.formats import instant
from app.db.shapes.masking import in_whole_points, unmasked
from app.db.shapes.parents import OF_VACANCY
from app.db.shapes.placements import as_points
from app.db.shapes.schemas import ID, INSTANT, INTEGER, NULLABLE_BOOLEAN, NULLABLE_TEXT, NUMBER, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.tables.rankings import CandidateVerificationRow, RankingCandidateRow, RankingRow, TechnicalScoreRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.db.withholding import WITHHELD

Said = type[CandidateVerificationRow] | type[TechnicalScoreRow]
_vacancy, _ranking, _candidate = VacancyRow.__table__, RankingRow.__table__, RankingCandidateRow.__table__
_SPECIFIC = rule_for(DataClass.SPECIFIC)
_word, _score = CandidateVerificationRow, TechnicalScoreRow
_earlier_word, _earlier_score = _word.__table__.alias("earlier_word"), _score.__table__.alias("earlier_score")
_verified_at, _given_at = instant(_word.verified_at), instant(_score.given_at)


def _considered(row: Said) -> ColumnElement[bool]:
    """Where the person of a row stands in the rankings of its vacancy."""
    return and_(
        _ranking.c.institution_id == row.institution_id,
        _ranking.c.vacancy_id == row.vacancy_id,
        _candidate.c.institution_id == _ranking.c.institution_id,
        _candidate.c.ranking_id == _ranking.c.id,
        _candidate.c.talent_id == row.talent_id,
    )


def _named(row: Said) -> FromClause:
    """Their id in the vacancy: it is the same in all of its rankings."""
    newest = select(_candidate.c.candidate_id).where(_considered(row)).order_by(_ranking.c.made_at.desc()).limit(1)
    return newest.correlate(row.__table__).lateral("named")


_NAMED = {row: _named(row) for row in (_word, _score)}


def _about(row: Said) -> FromClause:
    """The rows with their vacancy, and whom they are about."""
    of_talent = and_(TalentRow.institution_id == row.institution_id, TalentRow.id == row.talent_id)
    of_vacancy = and_(VacancyRow.institution_id == row.institution_id, VacancyRow.id == row.vacancy_id)
    source = row.__table__.join(_vacancy, of_vacancy).join(TalentRow.__table__, of_talent)
    return source.join(_NAMED[row], true())


def _same(row: Said, other: FromClause, *key: str) -> ColumnElement[bool]:
    """Whether another row says something of the same."""
    names = ("institution_id", "vacancy_id", "talent_id", *key)
    return and_(*(other.c[name] == row.__table__.c[name] for name in names))


def _is_latest(row: Said, *key: str) -> ColumnElement[bool]:
    later = row.__table__.alias("later")
    is_later = and_(_same(row, later, *key), later.c.version > row.version)
    return not_(exists(select(later.c.id).where(is_later).correlate(row.__table__)))


def _conditions(row: Said, *key: str) -> dict[str, Condition]:
    is_asked = _candidate.c.candidate_id == bindparam("candidate_id", type_=Uuid)
    return {
        "vacancy_id": row.vacancy_id == bindparam("vacancy_id", type_=Uuid),
        "candidate_id": exists(
            select(_candidate.c.talent_id).where(_considered(row), is_asked).correlate(row.__table__)
        ),
        "latest": _is_latest(row, *key) == bindparam("latest", type_=Boolean),
        **SCOPES,
    }


def _of_verification(actor: Actor) -> Condition:
    return _word.institution_id == cast(actor.c.institution, Uuid)


def _of_score(actor: Actor) -> Condition:
    return _score.institution_id == cast(actor.c.institution, Uuid)


def _what_was_seen(row: FromClause) -> Fields:
    """One word. While masked it says nothing about a person: not in free text either."""
    return {
        "version": Value(row.c.version, INTEGER),
        "isMet": Value(row.c.is_met, NULLABLE_BOOLEAN, (*_SPECIFIC, *unmasked())),
        "document": Value(row.c.document_seen, NULLABLE_TEXT, (*_SPECIFIC, *unmasked())),
        "verifiedAt": Value(instant(row.c.verified_at), INSTANT),
        "by": Value(row.c.subject, TEXT),
        "role": Value(row.c.role, TEXT),
    }


def _what_was_given(row: FromClause) -> Fields:
    points = as_points(row.c.score)
    return {
        "version": Value(row.c.version, INTEGER),
        "score": Value(points, NUMBER, in_whole_points(points)),
        "source": Value(row.c.source, NULLABLE_TEXT, unmasked()),
        "givenAt": Value(instant(row.c.given_at), INSTANT),
        "by": Value(row.c.subject, TEXT),
        "role": Value(row.c.role, TEXT),
    }


VERIFICATION = Shape(
    "CandidateVerification",
    _about(_word),
    {
        "vacancyId": Value(_word.vacancy_id, ID),
        "candidateId": Value(_NAMED[_word].c.candidate_id, ID),
        "talent": TALENT,
        "requirement": Value(_word.requirement, TEXT),
        **_what_was_seen(_word.__table__),
        "earlier": Items(
            "EarlierVerification",
            _what_was_seen(_earlier_word),
            _earlier_word,
            and_(_same(_word, _earlier_word, "requirement"), _earlier_word.c.version < _word.version),
            (_earlier_word.c.version,),
        ),
        "withheld": WITHHELD,
    },
    rooted=_of_verification,
    conditions={
        **_conditions(_word, "requirement"),
        "requirement": _word.requirement == bindparam("requirement", type_=Text),
    },
)
"""What was said last, and before."""
VERIFICATIONS = Pages(
    "CandidateVerification", VERIFICATION, (_verified_at, _word.id), descending=True, parent=OF_VACANCY
)
TECHNICAL_SCORE = Shape(
    "TechnicalScore",
    _about(_score),
    {
        "vacancyId": Value(_score.vacancy_id, ID),
        "candidateId": Value(_NAMED[_score].c.candidate_id, ID),
        "talent": TALENT,
        **_what_was_given(_score.__table__),
        "earlier": Items(
            "EarlierTechnicalScore",
            _what_was_given(_earlier_score),
            _earlier_score,
            and_(_same(_score, _earlier_score), _earlier_score.c.version < _score.version),
            (_earlier_score.c.version,),
        ),
        "withheld": WITHHELD,
    },
    rooted=_of_score,
    conditions=_conditions(_score),
)
TECHNICAL_SCORES = Pages("TechnicalScore", TECHNICAL_SCORE, (_given_at, _score.id), descending=True, parent=OF_VACANCY)


def _counted(row: Said) -> Value:
    first = and_(row.institution_id == VacancyRow.institution_id, row.vacancy_id == VacancyRow.id, row.version == 1)
    return Value(select(func.count()).where(first).correlate(_vacancy).scalar_subquery(), INTEGER)


RECORDED = Shape(
    "RecordedForVacancy",
    _vacancy,
    {
        "vacancyId": Value(VacancyRow.id, ID),
        "verifications": _counted(CandidateVerificationRow),
        "technicalScores": _counted(TechnicalScoreRow),
    },
    rooted=lambda actor: VacancyRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"vacancy_id": VacancyRow.id == bindparam("vacancy_id", type_=Uuid)},
)
