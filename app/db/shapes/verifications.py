"""What documents about verifications and technical scores of a vacancy can contain."""

from __future__ import annotations

from sqlalchemy import FromClause, Text, Uuid, and_, bindparam, cast, func, select

from app.db.classes import DataClass, rule_for
from app.db.documents import Actor, Condition, Pages, Shape, Value
from app.db.shapes.candidates import TALENT
from app.db.shapes.formats import instant
from app.db.shapes.placements import as_points
from app.db.shapes.schemas import ID, INSTANT, INTEGER, NULLABLE_BOOLEAN, NULLABLE_TEXT, NUMBER, TEXT
from app.db.shapes.scopes import SCOPES
from app.db.tables.candidates import CandidateRow
from app.db.tables.rankings import CandidateVerificationRow, TechnicalScoreRow
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.db.withholding import WITHHELD

_vacancy = VacancyRow.__table__
_SPECIFIC = rule_for(DataClass.SPECIFIC)
_verified_at, _given_at = instant(CandidateVerificationRow.verified_at), instant(TechnicalScoreRow.given_at)


def _about(row: type[CandidateVerificationRow | TechnicalScoreRow]) -> FromClause:
    """The rows with their vacancy, and whom they are about."""
    of_talent = and_(TalentRow.institution_id == row.institution_id, TalentRow.id == row.talent_id)
    of_candidate = and_(CandidateRow.institution_id == row.institution_id, CandidateRow.talent_id == row.talent_id)
    of_vacancy = and_(VacancyRow.institution_id == row.institution_id, VacancyRow.id == row.vacancy_id)
    return (
        row.__table__.join(_vacancy, of_vacancy)
        .join(TalentRow.__table__, of_talent)
        .join(CandidateRow.__table__, of_candidate)
    )


def _conditions(row: type[CandidateVerificationRow | TechnicalScoreRow]) -> dict[str, Condition]:
    return {
        "vacancy_id": row.vacancy_id == bindparam("vacancy_id", type_=Uuid),
        "candidate_id": CandidateRow.id == bindparam("candidate_id", type_=Uuid),
        **SCOPES,
    }


def _of_verification(actor: Actor) -> Condition:
    return CandidateVerificationRow.institution_id == cast(actor.c.institution, Uuid)


def _of_score(actor: Actor) -> Condition:
    return TechnicalScoreRow.institution_id == cast(actor.c.institution, Uuid)


VERIFICATION = Shape(
    "CandidateVerification",
    _about(CandidateVerificationRow),
    {
        "vacancyId": Value(CandidateVerificationRow.vacancy_id, ID),
        "candidateId": Value(CandidateRow.id, ID),
        "talent": TALENT,
        "requirement": Value(CandidateVerificationRow.requirement, TEXT),
        "isMet": Value(CandidateVerificationRow.is_met, NULLABLE_BOOLEAN, _SPECIFIC),
        "document": Value(CandidateVerificationRow.document_seen, NULLABLE_TEXT, _SPECIFIC),
        "verifiedAt": Value(_verified_at, INSTANT),
        "by": Value(CandidateVerificationRow.subject, TEXT),
        "role": Value(CandidateVerificationRow.role, TEXT),
        "withheld": WITHHELD,
    },
    rooted=_of_verification,
    conditions={
        **_conditions(CandidateVerificationRow),
        "requirement": CandidateVerificationRow.requirement == bindparam("requirement", type_=Text),
    },
)
VERIFICATIONS = Pages(
    "CandidateVerification", VERIFICATION, (_verified_at, CandidateVerificationRow.id), descending=True
)
TECHNICAL_SCORE = Shape(
    "TechnicalScore",
    _about(TechnicalScoreRow),
    {
        "vacancyId": Value(TechnicalScoreRow.vacancy_id, ID),
        "candidateId": Value(CandidateRow.id, ID),
        "talent": TALENT,
        "score": Value(as_points(TechnicalScoreRow.score), NUMBER),
        "source": Value(TechnicalScoreRow.source, TEXT),
        "givenAt": Value(_given_at, INSTANT),
        "by": Value(TechnicalScoreRow.subject, TEXT),
        "role": Value(TechnicalScoreRow.role, TEXT),
        "withheld": WITHHELD,
    },
    rooted=_of_score,
    conditions=_conditions(TechnicalScoreRow),
)
TECHNICAL_SCORES = Pages("TechnicalScore", TECHNICAL_SCORE, (_given_at, TechnicalScoreRow.id), descending=True)


def _counted(row: type[CandidateVerificationRow | TechnicalScoreRow]) -> Value:
    of_vacancy = and_(row.institution_id == VacancyRow.institution_id, row.vacancy_id == VacancyRow.id)
    return Value(select(func.count()).where(of_vacancy).correlate(_vacancy).scalar_subquery(), INTEGER)


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
