"""Plain functions that make people, rank them for a vacancy, and say what documents showed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app.db.database import Database
from app.domain.actors import Actor
from app.services import candidates, rankings, shortlists, verifications
from app.services.shortlists import DecideVacancy, ProposeShortlist
from app.services.verifications import GiveTechnicalScores, VerifyRequirement, VerifyRequirements
from tests.conftest import url_of
from tests.cycles import authority, evidence_of, member
from tests.factories import a_nip, an_employee, import_files, name_of, officer, write_folder
from tests.vacancies import a_post, an_open_vacancy, decree, recommend

TO_VERIFY = ("requiredPost", "technicalCompetence", "integrity", "performance", "health", "noProceedings")
"""What the rules for pengawas leave to documents, of somebody with complete evidence."""

NARROWED = {"sanction", "competence", "noProceedings", "health"}
"""Of the same rules what tells of specific data (sanctions, proceedings, health), or of assessments."""


async def some_people(db: Database, actor: Actor, folder: Path, count: int = 3) -> list[str]:
    """So many people with complete evidence, all of them alike; their NIPs."""
    nips, name = [a_nip() for _ in range(count)], await name_of(db, actor)
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip in nips:
        for sheet, rows in evidence_of(nip, name).items():
            sheets.setdefault(sheet, []).extend(rows if sheet != "HUKUMAN DISIPLIN" or not sheets.get(sheet) else [])
    await import_files(db, actor, write_folder(folder, [an_employee(nip, name) for nip in nips], sheets))
    return nips


async def a_vacancy_for(db: Database, actor: Actor, **but: Any) -> UUID:
    """An open vacancy of a post of pengawas: what those of `some_people` may become."""
    return await an_open_vacancy(db, actor, await a_post(db, actor, level="pengawas"), **but)


async def ids_of(db: Database, actor: Actor, ranking_id: UUID) -> dict[str, UUID]:
    """The opaque ids of those in a ranking, by NIP."""
    page = await ranked(db, officer(actor), ranking_id)
    return {one["talent"]["nip"]: UUID(one["candidateId"]) for one in page}


async def ranked(db: Database, actor: Actor, ranking_id: UUID, **but: Any) -> list[dict[str, Any]]:
    """Those in a ranking, as somebody sees them."""
    page = json.loads(await candidates.ranked_candidates_page(db, actor, ranking_id, **but))
    return [edge["node"] for edge in page["edges"]]


async def ranking_of(db: Database, actor: Actor, ranking_id: UUID) -> dict[str, Any]:
    return json.loads(await rankings.ranking_document(db, actor, ranking_id))


async def why(db: Database, actor: Actor, ranking_id: UUID, candidate_id: UUID) -> dict[str, Any]:
    return json.loads(await candidates.candidate_explanation_document(db, actor, ranking_id, candidate_id))


async def verify_all(db: Database, actor: Actor, vacancy_id: UUID, ids: Sequence[UUID]) -> None:
    """A document shows of each of them whatever no evidence decides."""
    said = [
        {"candidateId": str(one), "requirement": code, "isMet": True, "document": f"Surat keterangan {code}"}
        for one in ids
        for code in TO_VERIFY
    ]
    command = VerifyRequirements.model_validate({"verifications": said})
    await verifications.verify_requirements(db, officer(actor), vacancy_id, command)


async def give_scores(db: Database, actor: Actor, vacancy_id: UUID, scores: dict[UUID, str]) -> None:
    given = [{"candidateId": str(one), "score": score, "source": "Berita acara"} for one, score in scores.items()]
    command = GiveTechnicalScores.model_validate({"scores": given})
    await verifications.give_technical_scores(db, officer(actor), vacancy_id, command)


async def tamper(database: str, sql: str) -> None:
    """Change what is stored as nobody may who goes through the service."""
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        await connection.execute(f"SET session_replication_role = replica; {sql}")
    finally:
        await connection.close()


async def an_explained_ranking(db: Database, actor: Actor, nip: str) -> dict[str, object]:
    """A ranking made twice and made again, of a vacancy with a decree by now; ids by path parameter."""
    vacancy_id = await a_vacancy_for(db, actor)
    before = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    one, requirement = (await ids_of(db, actor, before))[nip], "health"
    seen = VerifyRequirement(is_met=True, document="Surat keterangan dokter 12/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, one, requirement, seen)
    await give_scores(db, actor, vacancy_id, {one: "81.25"})
    verdicts = (await why(db, officer(actor), before, one))["verdicts"]
    for code in (told["requirement"]["code"] for told in verdicts if told["outcome"] == "needsVerification"):
        await verifications.verify_requirement(db, officer(actor), vacancy_id, one, code, seen)
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    again = await rankings.recompute_ranking(db, officer(actor), ranking_id)
    await shortlists.propose_shortlist(
        db, member(actor), vacancy_id, ProposeShortlist(ranking_id=ranking_id, candidates=[one])
    )
    await shortlists.decide_vacancy(db, authority(actor), vacancy_id, DecideVacancy(candidate_id=one))
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id)
    found = {"rankingId": ranking_id, "candidateId": one, "recomputationId": again}
    return {"vacancyId": vacancy_id, "requirement": requirement, **found}
