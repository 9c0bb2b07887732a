"""What a document shows after the proposal: put on record of those proposed, looked at by each step that follows."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from uuid import UUID

import pytest

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid, TalentError
from app.services import vacancies, verifications
from app.services.vacancies import InaugurateTalent
from app.services.verifications import GiveTechnicalScore, VerifyRequirement
from tests.cycles import authority, member
from tests.factories import an_institution, officer
from tests.rankings import verify_all
from tests.shortlists import a_ranked_vacancy, decide, propose
from tests.vacancies import decree, recommend


async def say(db: Database, actor: Actor, vacancy_id: UUID, candidate_id: UUID, *, is_met: bool) -> None:
    seen = VerifyRequirement(is_met=is_met, document="Surat keterangan inspektorat 7/2026")
    await verifications.verify_requirement(db, officer(actor), vacancy_id, candidate_id, "noProceedings", seen)


async def refusal_of(doing: Awaitable[object]) -> str:
    with pytest.raises(TalentError) as refusal:
        await doing
    return refusal.value.code


async def test_a_word_after_the_proposal_stops_every_step_until_the_inauguration(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path)
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])
    chosen = people[0]

    async def stops(step: Awaitable[object]) -> None:
        await say(db, actor, vacancy_id, chosen, is_met=False)
        with pytest.raises(Conflict) as refusal:
            await step
        [fault] = refusal.value.faults
        assert (refusal.value.code, fault.code) == ("vacancy.no_longer_eligible", "eligibility.changed")
        assert fault.about["before"] != fault.about["now"], "what a document shows is told, not only that there is one"
        await say(db, actor, vacancy_id, chosen, is_met=True)

    await stops(decide(db, authority(actor), vacancy_id, chosen))
    await decide(db, authority(actor), vacancy_id, chosen)
    await recommend(db, actor, vacancy_id)
    await stops(decree(db, actor, vacancy_id))
    await decree(db, actor, vacancy_id)
    await stops(vacancies.inaugurate_talent(db, officer(actor), vacancy_id, InaugurateTalent()))
    await vacancies.inaugurate_talent(db, officer(actor), vacancy_id, InaugurateTalent())
    assert await refusal_of(say(db, actor, vacancy_id, chosen, is_met=False)) == "vacancy.state"


async def test_after_the_proposal_there_are_words_about_those_proposed_and_no_scores(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, people = await a_ranked_vacancy(db, actor, tmp_path)
    await propose(db, member(actor), vacancy_id, ranking_id, people[:3])
    with pytest.raises(Conflict) as refused:
        await say(db, actor, vacancy_id, people[3], is_met=False)
    assert refused.value.code == "verification.not_proposed"
    with pytest.raises(Invalid) as several:
        await verify_all(db, actor, vacancy_id, [people[0], people[3]])
    assert {(fault.code, fault.where) for fault in several.value.faults} == {
        ("verification.not_proposed", f"/verifications/{place}") for place in range(6, 12)
    }
    score = GiveTechnicalScore.model_validate({"score": "80", "source": "Berita acara"})
    given = verifications.give_technical_score(db, officer(actor), vacancy_id, people[0], score)
    assert await refusal_of(given) == "vacancy.state"
