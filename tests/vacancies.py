"""Plain functions that make posts with seats and bring vacancies to where a test needs them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.db import retirements
from app.db.database import Database
from app.db.ledger import record
from app.db.tables.institutions import OrgUnitRow
from app.db.tables.posts import PostHolderRow, PostRow
from app.db.tables.shortlists import PassedOverGroupRow
from app.db.tables.talents import TalentRow
from app.domain.actors import Actor
from app.domain.errors import Invalid
from app.domain.post_events import PostEdited
from app.services import candidates, freeze_periods, programmes, rankings, shortlists, vacancies, verifications
from app.services.freeze_periods import AddFreezePeriod
from app.services.programmes import PublishPriorityProgramme
from app.services.shortlists import DecideVacancy, ProposeShortlist
from app.services.vacancies import DraftVacancy, RecordDecree, RecordRecommendation
from app.services.verifications import VerifyRequirements
from tests.cycles import authority, member
from tests.factories import officer

FREEZE = {
    "since": date(2030, 3, 22),
    "until": date(2031, 2, 20),
    "reason": "Pemilihan kepala daerah 2030",
    "legal_basis": "UU 10/2016 pasal 71 ayat 2",
}
EDUCATION = {
    "code": "pendidikan",
    "name": "Sekolah Rakyat",
    "government_affairs": ["education"],
    "weight": 80,
    "since": date(2025, 1, 1),
    "until": date(2029, 12, 31),
    "legal_basis": "RPJMN 2025-2029",
}


async def a_post(db: Database, actor: Actor, holders: Sequence[str] = (), **but: Any) -> UUID:
    """A post of pengawas with one seat, unless told otherwise; `holders` are the NIPs of those who hold it."""
    name = f"KEPALA DINAS {uuid4().hex[:8]}".upper()
    row = {"unit_id": "U1", "name": name, "name_key": name.lower(), "level": "pengawas", "seats": 1, **but}
    row |= {"id": uuid4(), "institution_id": actor.institution_id, "is_critical": False, "critical_as_delivered": False}
    unit = {"institution_id": actor.institution_id, "id": row["unit_id"], "name": "DINAS CONTOH"}
    async with db.write_as(actor) as tx:
        await tx.execute(insert(OrgUnitRow).values(path=[row["unit_id"]], **unit).on_conflict_do_nothing())
        await tx.execute(insert(PostRow).values(row))
        await record(tx, actor, PostEdited(row["id"], {}, {}))
    await let_hold(db, actor, row["id"], *holders)
    return row["id"]


async def let_hold(db: Database, actor: Actor, post_id: UUID, *nips: str, since: date = date(2021, 4, 1)) -> None:
    """What an import would say: these hold seats of the post, and of no other."""
    async with db.write_as(actor) as tx:
        for talent_id in await tx.scalars(select(TalentRow.id).where(TalentRow.nip.in_(nips))):
            held = {"talent_id": talent_id, "post_id": post_id, "since": since, "vacancy_id": None}
            taken = insert(PostHolderRow).values(institution_id=actor.institution_id, **held)
            await tx.execute(taken.on_conflict_do_update(index_elements=["institution_id", "talent_id"], set_=held))
        await retirements.foresee(tx, actor.institution_id, db.today())
        await record(tx, actor, PostEdited(post_id, {}, {}))


async def a_draft(db: Database, actor: Actor, post_id: UUID | None = None, **but: Any) -> UUID:
    """A draft of a vacancy, of a new post with an empty seat unless told otherwise."""
    told = {"vacant_from": db.today(), "inauguration_on": db.today() + timedelta(days=30), **but}
    command = DraftVacancy(post_id=post_id or await a_post(db, actor), **told)
    return await vacancies.draft_vacancy(db, officer(actor), command)


async def an_open_vacancy(db: Database, actor: Actor, post_id: UUID | None = None, **but: Any) -> UUID:
    vacancy_id = await a_draft(db, actor, post_id, **but)
    await vacancies.open_vacancy(db, officer(actor), vacancy_id)
    return vacancy_id


async def shortlist(db: Database, actor: Actor, vacancy_id: UUID, nip: str) -> UUID:
    """Documents show of somebody whatever no evidence decides, and a committee proposes them alone; the opaque id.

    The others are passed over together, where they are owed a reason.
    """
    hr = officer(actor)
    before = await rankings.rank_candidates(db, hr, vacancy_id)
    page = json.loads(await candidates.ranked_candidates_page(db, hr, before, first=200))
    [one] = [edge["node"]["candidateId"] for edge in page["edges"] if edge["node"]["talent"]["nip"] == nip]
    why = json.loads(await candidates.candidate_explanation_document(db, hr, before, UUID(one)))
    seen = {"isMet": True, "document": "Berkas 1/2026"}
    open_ones = [told["requirement"]["code"] for told in why["verdicts"] if told["outcome"] == "needsVerification"]
    said = [{"candidateId": one, "requirement": code, **seen} for code in open_ones]
    if said:
        command = VerifyRequirements.model_validate_json(json.dumps({"verifications": said}))
        await verifications.verify_requirements(db, hr, vacancy_id, command)
    body: dict[str, Any] = {"rankingId": str(await rankings.rank_candidates(db, hr, vacancy_id)), "candidates": [one]}
    others = {"passedOverTogether": [{"who": "toVerify", "reasonCode": "unknownPoints"}]}
    try:
        await _propose(db, actor, vacancy_id, body)
    except Invalid:
        await _propose(db, actor, vacancy_id, body | others)
    return UUID(one)


async def _propose(db: Database, actor: Actor, vacancy_id: UUID, body: dict[str, Any]) -> None:
    command = ProposeShortlist.model_validate_json(json.dumps(body))
    await shortlists.propose_shortlist(db, member(actor), vacancy_id, command)


async def choose(db: Database, actor: Actor, vacancy_id: UUID, nip: str) -> None:
    """Somebody is proposed for an open vacancy, and chosen."""
    candidate_id = await shortlist(db, actor, vacancy_id, nip)
    await shortlists.decide_vacancy(db, authority(actor), vacancy_id, DecideVacancy(candidate_id=candidate_id))


async def a_decided_vacancy(db: Database, actor: Actor, nip: str, post_id: UUID | None = None, **but: Any) -> UUID:
    vacancy_id = await an_open_vacancy(db, actor, post_id, **but)
    await choose(db, actor, vacancy_id, nip)
    return vacancy_id


async def recommend(db: Database, actor: Actor, vacancy_id: UUID) -> None:
    letter = RecordRecommendation(number="12345/B-AK.02.01/SD/K/2026", recommended_on=db.today())
    await vacancies.record_recommendation(db, officer(actor), vacancy_id, letter)


async def decree(db: Database, actor: Actor, vacancy_id: UUID, effective_on: date | None = None, **but: Any) -> None:
    told = {"number": "821.22/17/2026", "decreed_on": db.today(), "effective_on": effective_on or db.today(), **but}
    await vacancies.record_decree(db, officer(actor), vacancy_id, RecordDecree(**told))


async def a_decreed_vacancy(
    db: Database, actor: Actor, nip: str, post_id: UUID | None = None, effective_on: date | None = None
) -> UUID:
    vacancy_id = await a_decided_vacancy(db, actor, nip, post_id)
    await recommend(db, actor, vacancy_id)
    await decree(db, actor, vacancy_id, effective_on)
    return vacancy_id


async def a_freeze(db: Database, actor: Actor, **but: Any) -> UUID:
    return await freeze_periods.add_freeze_period(db, officer(actor), AddFreezePeriod(**{**FREEZE, **but}))


async def a_programme(db: Database, actor: Actor, **but: Any) -> tuple[str, int]:
    told = PublishPriorityProgramme(**{**EDUCATION, **but})
    return await programmes.publish_priority_programme(db, officer(actor), told)


async def shown(db: Database, actor: Actor, vacancy_id: UUID) -> dict[str, Any]:
    """The document of a vacancy."""
    return json.loads(await vacancies.vacancy_document(db, actor, vacancy_id))


async def some_vacancies(db: Database, actor: Actor, nip: str) -> dict[str, object]:
    """A vacancy that somebody is proposed for, a freeze and a programme; their ids by path parameter."""
    vacancy_id = await an_open_vacancy(db, actor)
    await shortlist(db, actor, vacancy_id, nip)
    return {
        "vacancyId": vacancy_id,
        "freezePeriodId": await a_freeze(db, actor),
        "programme": (await a_programme(db, actor, code=f"pendidikan-{uuid4().hex[:8]}"))[0],
    }


async def a_common_reason(db: Database, actor: Actor, known: Mapping[str, object]) -> None:
    """What a committee would have said where others were still to be verified, of the vacancy of `some_vacancies`."""
    row = {"vacancy_id": known["vacancyId"], "who": "toVerify", "people": 1, "reason_code": "unknownPoints"}
    async with db.write_as(actor) as tx:
        await tx.execute(insert(PassedOverGroupRow).values(institution_id=actor.institution_id, **row))
        await record(tx, actor, PostEdited(uuid4(), {}, {}))
