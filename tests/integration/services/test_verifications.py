"""What documents show of many: taken as one set, whatever else happens to the vacancy at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.db import locks
from app.db.database import Database, open_database
from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid
from app.services import rankings, verifications
from app.services.verifications import GiveTechnicalScores, VerifyRequirements
from tests.conftest import url_of
from tests.cycles import member
from tests.factories import an_institution, officer, rows_of
from tests.isolation import Statements
from tests.rankings import a_vacancy_for, give_scores, ids_of, some_people, verify_all
from tests.shortlists import a_ranked_vacancy, propose


async def ranked_people(db: Database, actor: Actor, folder: Path, count: int) -> tuple[UUID, list[UUID]]:
    """An open vacancy, and the ids of those who were considered for it."""
    await some_people(db, actor, folder, count)
    vacancy_id = await a_vacancy_for(db, actor)
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    return vacancy_id, list((await ids_of(db, actor, ranking_id)).values())


async def words_of(db: Database, actor: Actor) -> list[int]:
    rows = await rows_of(db, actor, "SELECT version FROM candidate_verification ORDER BY version")
    return [row["version"] for row in rows]


async def test_many_cost_as_few_statements_as_one_and_one_entry(own_database_name: str, tmp_path: Path) -> None:
    statements = await Statements.of(own_database_name)
    async with open_database(url_of(own_database_name)) as db:
        await must_cost_as_few(db, statements, tmp_path)


async def must_cost_as_few(db: Database, statements: Statements, folder: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ids = await ranked_people(db, actor, folder, 12)

    async def cost_of(people: Sequence[UUID]) -> int:
        statements.since()
        await verify_all(db, actor, vacancy_id, people)
        await give_scores(db, actor, vacancy_id, dict.fromkeys(people, "80.5"))
        return len(statements.since())

    await cost_of(ids[:1])
    one, all_of_them = await cost_of(ids[:1]), await cost_of(ids)
    assert 0 < one == all_of_them
    entries = await rows_of(db, actor, "SELECT type, payload FROM ledger_entry ORDER BY id DESC LIMIT 2")
    scores, words = [row["payload"] for row in entries]
    assert [row["type"] for row in entries] == ["technicalScoresGiven", "requirementsVerified"]
    assert (words["verifications"], scores["scores"]) == (12 * 6, 12)
    assert max(await words_of(db, actor)) == 3  # said three times of the first


async def test_every_fault_is_told_at_once_and_nothing_is_taken(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, [one] = await ranked_people(db, actor, tmp_path, 1)
    health = {"candidateId": str(one), "requirement": "health", "isMet": True, "document": "Surat dokter 1/2026"}
    faulty = [{"candidateId": str(uuid4())}, {"requirement": "education"}, {"requirement": "none"}, {}]
    command = VerifyRequirements.model_validate({"verifications": [health, *(health | but for but in faulty)]})
    with pytest.raises(Invalid) as refused:
        await verifications.verify_requirements(db, officer(actor), vacancy_id, command)
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [
        ("candidate.not_found", "/verifications/1"),
        ("verification.decided", "/verifications/2"),
        ("verification.no_requirement", "/verifications/3"),
        ("verification.repeated", "/verifications/4"),
    ]
    assert await words_of(db, actor) == []
    scores = [{"candidateId": str(who), "score": "50", "source": "Berita acara"} for who in (one, one, uuid4())]
    with pytest.raises(Invalid) as refused:
        await verifications.give_technical_scores(
            db, officer(actor), vacancy_id, GiveTechnicalScores.model_validate({"scores": scores})
        )
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [
        ("verification.repeated", "/scores/1"),
        ("candidate.not_found", "/scores/2"),
    ]


# ── at the same time


async def test_rankings_and_words_at_once_wait_for_each_other(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "SHORTLY", "60s")  # however slow the machine
    actor = await an_institution(db)
    vacancy_id, ids = await ranked_people(db, actor, tmp_path, 6)
    other = await a_vacancy_for(db, actor)
    at_once = [
        *(rankings.rank_candidates(db, officer(actor), one) for one in (vacancy_id, other, vacancy_id)),
        *(verify_all(db, actor, vacancy_id, order) for order in (ids, ids[::-1])),
        give_scores(db, actor, vacancy_id, dict.fromkeys(ids, "70")),
    ]
    outcomes = await asyncio.gather(*at_once, return_exceptions=True)
    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    versions = await words_of(db, actor)
    assert versions == [1] * (len(versions) // 2) + [2] * (len(versions) // 2)
    # each looked at all of the words, or at none of them
    ranked = await rows_of(db, actor, "SELECT id, digest FROM ranking")
    for ranking_id, digest in ranked:
        again = await rankings.recompute_ranking(db, officer(actor), ranking_id)
        [found] = await rows_of(db, actor, f"SELECT digest, people FROM ranking_recomputation WHERE id = '{again}'")  # noqa: S608
        assert tuple(found) == (digest, 0)


async def test_of_a_proposal_and_words_at_once_none_is_half_done(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path)
    before = len(await words_of(db, actor))
    proposed, said = await asyncio.gather(
        propose(db, member(actor), vacancy_id, ranking_id, people[:3]),
        verify_all(db, actor, vacancy_id, people),
        return_exceptions=True,
    )
    after = len(await words_of(db, actor))
    if said is None:  # first: the proposal rests on words that are not the newest any more
        assert after == 2 * before
        assert isinstance(proposed, Conflict)
        assert proposed.code == "shortlist.outdated"
    else:
        assert (proposed, after) == (None, before)
        assert isinstance(said, Invalid)
        assert {fault.code for fault in said.faults} == {"verification.not_proposed"}  # the one who was not
