"""Plain functions that bring vacancies to a shortlist and a decision, as committee and appointing authority do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from app.db.database import Database
from app.domain.actors import Actor
from app.services import rankings, shortlists
from app.services.shortlists import DecideVacancy, ProposeShortlist
from tests.factories import officer
from tests.rankings import a_vacancy_for, ids_of, ranked, some_people, verify_all


async def a_ranked_vacancy(
    db: Database, actor: Actor, folder: Path, count: int = 4, **but: Any
) -> tuple[UUID, UUID, list[UUID]]:
    """A vacancy, its newest ranking, and everybody eligible by position."""
    await some_people(db, actor, folder, count)
    vacancy_id = await a_vacancy_for(db, actor, **but)
    before = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    await verify_all(db, actor, vacancy_id, list((await ids_of(db, actor, before)).values()))
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    return vacancy_id, ranking_id, await in_order(db, actor, ranking_id)


async def in_order(db: Database, actor: Actor, ranking_id: UUID) -> list[UUID]:
    people = await ranked(db, officer(actor), ranking_id)
    return [UUID(one["candidateId"]) for one in people if one["position"] is not None]


def a_proposal(ranking_id: UUID, places: Sequence[UUID], **passed_over: str) -> ProposeShortlist:
    """As it comes over the wire; `passed_over` are codes of reasons by hexadecimal id."""
    passings = [{"candidateId": str(UUID(one.strip("_"))), "reasonCode": code} for one, code in passed_over.items()]
    body = {"rankingId": str(ranking_id), "candidates": [str(one) for one in places], "passedOver": passings}
    return ProposeShortlist.model_validate_json(json.dumps(body))


async def propose(db: Database, somebody: Actor, vacancy_id: UUID, ranking_id: UUID, places: Sequence[UUID]) -> None:
    await shortlists.propose_shortlist(db, somebody, vacancy_id, a_proposal(ranking_id, places))


async def decide(db: Database, somebody: Actor, vacancy_id: UUID, candidate_id: UUID, **but: str) -> None:
    command = DecideVacancy.model_validate_json(json.dumps({"candidateId": str(candidate_id), **but}))
    await shortlists.decide_vacancy(db, somebody, vacancy_id, command)


async def shortlist_of(db: Database, somebody: Actor, vacancy_id: UUID) -> dict[str, Any]:
    return json.loads(await shortlists.shortlist_document(db, somebody, vacancy_id))
