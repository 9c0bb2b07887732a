"""What is said of the candidates of a vacancy: everything stays, and the latest verification and score count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import fetch_rows
from app.db.tables.rankings import CandidateVerificationRow, TechnicalScoreRow


def latest_words(institution_id: UUID, vacancy_id: UUID) -> Subquery:
    """Per talent `verified`: by code of the requirement whether documents showed that it is met."""
    row = CandidateVerificationRow
    latest = (
        select(row.talent_id, row.requirement, row.is_met)
        .ext(distinct_on(row.talent_id, row.requirement))
        .where(row.institution_id == institution_id, row.vacancy_id == vacancy_id)
        .order_by(row.talent_id, row.requirement, row.version.desc())
        .subquery("latest_word")
    )
    words = func.jsonb_object_agg(latest.c.requirement, latest.c.is_met).label("verified")
    return select(latest.c.talent_id, words).group_by(latest.c.talent_id).subquery("verified")


def latest_scores(institution_id: UUID, vacancy_id: UUID) -> Subquery:
    """Per talent the `score` that counts."""
    row = TechnicalScoreRow
    latest = (
        select(row.talent_id, row.score).ext(distinct_on(row.talent_id)).order_by(row.talent_id, row.version.desc())
    )
    of_vacancy = and_(row.institution_id == institution_id, row.vacancy_id == vacancy_id)
    return latest.where(of_vacancy).subquery("technical_score")


WORDS_OF_ONE = """
    SELECT DISTINCT ON (said.requirement) said.requirement, said.verified_at, said.role
    FROM ranking_candidate found
    JOIN ranking run ON run.institution_id = found.institution_id AND run.id = found.ranking_id
    JOIN candidate_verification said ON said.institution_id = found.institution_id
        AND said.vacancy_id = run.vacancy_id AND said.talent_id = found.talent_id
    WHERE found.institution_id = $1 AND found.ranking_id = $2 AND found.candidate_id = $3
        AND said.verified_at <= run.made_at
    ORDER BY said.requirement, said.version DESC"""


async def load_words_of(
    tx: AsyncSession, institution_id: UUID, ranking_id: UUID, candidate_id: UUID
) -> dict[str, tuple[datetime, str]]:
    """By requirement when the document was seen that counted for a candidate in a ranking, and in which role."""
    rows = await fetch_rows(tx, WORDS_OF_ONE, institution_id, ranking_id, candidate_id)
    return {row["requirement"]: (row["verified_at"], row["role"]) for row in rows}


ADD_WORDS = """
    INSERT INTO candidate_verification (institution_id, vacancy_id, verified_at, subject, role, talent_id, requirement,
        version, is_met, document_seen)
    SELECT $1, $2, $3, $4, $5, said.talent_id, said.requirement, 1 + coalesce(max(held.version), 0), said.is_met,
        said.document
    FROM unnest($6::uuid[], $7::text[], $8::boolean[], $9::text[]) AS said (talent_id, requirement, is_met, document)
    LEFT JOIN candidate_verification held ON held.institution_id = $1 AND held.vacancy_id = $2
        AND held.talent_id = said.talent_id AND held.requirement = said.requirement
    GROUP BY said.talent_id, said.requirement, said.is_met, said.document"""
ADD_SCORES = """
    INSERT INTO technical_score (institution_id, vacancy_id, given_at, subject, role, talent_id, version, score, source)
    SELECT $1, $2, $3, $4, $5, given.talent_id, 1 + coalesce(max(held.version), 0), given.score, given.source
    FROM unnest($6::uuid[], $7::integer[], $8::text[]) AS given (talent_id, score, source)
    LEFT JOIN technical_score held ON held.institution_id = $1 AND held.vacancy_id = $2
        AND held.talent_id = given.talent_id
    GROUP BY given.talent_id, given.score, given.source"""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something about candidates of a vacancy, which nobody else does meanwhile, and when."""

    institution_id: UUID
    vacancy_id: UUID
    at: datetime
    subject: str
    role: str

    @property
    def values(self) -> tuple[object, ...]:
        return self.institution_id, self.vacancy_id, self.at, self.subject, self.role


async def add_words(tx: AsyncSession, speaker: Speaker, said: Mapping[tuple[UUID, str], tuple[bool, str]]) -> None:
    """By talent and requirement whether it is met, and the document that shows it; one statement for all of them."""
    talents, requirements = zip(*said, strict=True)
    met, documents = zip(*said.values(), strict=True)
    await fetch_rows(tx, ADD_WORDS, *speaker.values, talents, requirements, met, documents)


async def add_scores(tx: AsyncSession, speaker: Speaker, given: Mapping[UUID, tuple[int, str]]) -> None:
    """By talent the millionths of a point, and where they are from; one statement for all of them."""
    scores, sources = zip(*given.values(), strict=True)
    await fetch_rows(tx, ADD_SCORES, *speaker.values, list(given), scores, sources)
