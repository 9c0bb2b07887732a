"""Shortlists: only the eligible are proposed, nobody better is passed over in silence, and one decision counts."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.db.database import Database
from app.db.tables.talents import TalentRow
from app.db.tables.vacancies import VacancyRow
from app.domain.actors import Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import rankings, shortlists
from tests.cycles import authority, chair, member, somebody
from tests.factories import an_institution, officer
from tests.rankings import a_vacancy_for, give_scores, ids_of, ranked, some_people
from tests.shortlists import a_proposal, a_ranked_vacancy, decide, in_order, propose, shortlist_of
from tests.vacancies import shown


def faults_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in refusal.value.faults]


async def test_a_committee_proposes_three_and_the_authority_chooses_one(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    assert (await ranked(db, member(actor), ranking_id))[0]["talent"] is None

    await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    proposed = await shortlist_of(db, member(actor), vacancy_id)
    assert [(one["place"], one["position"], one["candidateId"]) for one in proposed["candidates"]] == [
        (place, place, str(order[place - 1])) for place in (1, 2, 3)
    ]
    assert all(one["talent"]["name"] == "SITI CONTOH" and one["total"] > 0 for one in proposed["candidates"])
    assert (proposed["passedOver"], proposed["decision"], proposed["state"]) == ([], None, "shortlisted")
    assert (await shown(db, member(actor), vacancy_id))["seed"] is not None

    await decide(db, authority(actor), vacancy_id, order[0], decidedBy="president")
    decided = await shortlist_of(db, member(actor), vacancy_id)
    assert decided["state"] == "decided"
    assert decided["decision"] | {"decidedAt": ""} == {
        "candidateId": str(order[0]),
        "place": 1,
        "reasonCode": None,
        "reason": None,
        "decidedBy": "president",
        "decidedAt": "",
        "by": "authority",
        "role": "appointing-authority",
    }
    async with db.read_as(actor) as tx:
        chosen = select(TalentRow.nip).join(VacancyRow, VacancyRow.talent_id == TalentRow.id)
        nip = await tx.scalar(chosen.where(VacancyRow.id == vacancy_id))
    assert (await ids_of(db, actor, ranking_id))[nip] == order[0]


async def test_who_is_ranked_better_is_passed_over_with_a_reason_or_not_at_all(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path, count=5)
    first, second, worst = order[0], order[1], order[4]
    places = [second, order[2], order[3]]

    with pytest.raises(Invalid) as disorder:
        await propose(db, member(actor), vacancy_id, ranking_id, [order[3], second, order[2]])
    assert faults_of(disorder) == [("shortlist.order", "/candidates/0")]

    with pytest.raises(Invalid) as silence:
        await propose(db, member(actor), vacancy_id, ranking_id, places)
    assert faults_of(silence) == [("shortlist.reason_owed", "/passedOver")]
    assert str(first) in silence.value.faults[0].detail["en"]

    proposal = a_proposal(ranking_id, places, **{f"_{first.hex}": "other", f"_{worst.hex}": "team"})
    with pytest.raises(Invalid) as wordless:
        await shortlists.propose_shortlist(db, member(actor), vacancy_id, proposal)
    assert faults_of(wordless) == [
        ("shortlist.words_needed", "/passedOver/0/reason"),
        ("shortlist.not_passed_over", "/passedOver/1/candidateId"),
    ]

    proposal = a_proposal(ranking_id, places, **{f"_{first.hex}": "neededInPost"})
    await shortlists.propose_shortlist(db, member(actor), vacancy_id, proposal)
    [passed] = (await shortlist_of(db, member(actor), vacancy_id))["passedOver"]
    assert (passed["position"], passed["reasonCode"]) == (1, "neededInPost")
    assert passed["label"]["en"] == "Needed in the present post"


async def test_somebody_ineligible_is_refused_with_what_they_do_not_meet(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    vacancy_id = await a_vacancy_for(db, actor)
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    one, *_ = (await ids_of(db, actor, ranking_id)).values()
    with pytest.raises(Invalid) as refusal:
        await propose(db, member(actor), vacancy_id, ranking_id, [one, uuid4(), one])
    assert faults_of(refusal) == [
        ("shortlist.to_verify", "/candidates/0"),
        ("shortlist.not_considered", "/candidates/1"),
        ("shortlist.repeated", "/candidates/2"),
    ]
    assert "Health" in refusal.value.faults[0].detail["en"]


async def test_too_many_and_too_few_are_refused(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    for places, code in ((order, "shortlist.too_many"), (order[:2], "shortlist.too_few")):
        with pytest.raises(Invalid) as refusal:
            await propose(db, member(actor), vacancy_id, ranking_id, places)
        assert faults_of(refusal) == [(code, "/candidates")]


async def test_a_ranking_that_says_no_longer_what_would_be_found_makes_no_shortlist(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    await give_scores(db, actor, vacancy_id, {order[3]: "99"})
    with pytest.raises(Conflict, match=r"shortlist\.outdated"):
        await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    newest = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    with pytest.raises(Conflict, match=r"shortlist\.outdated"):
        await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    with pytest.raises(NotFound, match=r"ranking\.not_found"):
        await propose(db, member(actor), vacancy_id, uuid4(), order[:3])
    # the others have no technical score: what they would have may be more than what is known of the one who has
    assert await in_order(db, actor, newest) == [order[3]]


async def test_unknown_points_do_not_keep_anybody_from_being_weighed(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, _, order = await a_ranked_vacancy(db, actor, tmp_path)
    await give_scores(db, actor, vacancy_id, dict.fromkeys(order[:3], "50"))
    newest = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    with pytest.raises(Invalid) as silence:
        await propose(db, member(actor), vacancy_id, newest, order[:3])
    assert faults_of(silence) == [("shortlist.group_reason_owed", "/passedOverTogether")]
    proposal = a_proposal(newest, order[:3], **{f"_{order[3].hex}": "unknownPoints"})
    await shortlists.propose_shortlist(db, member(actor), vacancy_id, proposal)
    [passed] = (await shortlist_of(db, member(actor), vacancy_id))["passedOver"]
    assert (passed["position"], passed["total"]) == (None, None)
    assert passed["lowest"] < passed["highest"]


async def test_another_than_the_first_is_chosen_with_a_reason_and_only_from_the_shortlist(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    with pytest.raises(Conflict, match=r"vacancy\.state"):
        await decide(db, authority(actor), vacancy_id, order[0])
    await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    for candidate_id, said, fault in (
        (order[1], {}, ("decision.reason_needed", "/reasonCode")),
        (order[1], {"reasonCode": "other"}, ("shortlist.words_needed", "/reason")),
        (order[3], {}, ("decision.not_proposed", "/candidateId")),
    ):
        with pytest.raises(Invalid) as refusal:
            await decide(db, authority(actor), vacancy_id, candidate_id, **said)
        assert faults_of(refusal) == [fault]
    await decide(db, authority(actor), vacancy_id, order[1], reasonCode="interview")
    assert (await shortlist_of(db, member(actor), vacancy_id))["decision"]["place"] == 2


async def test_who_proposes_does_not_decide_and_nobody_decides_on_themselves(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    nip_of = {one: nip for nip, one in (await ids_of(db, actor, ranking_id)).items()}
    with pytest.raises(Forbidden, match=r"shortlist\.oneself"):
        await propose(db, member(actor, nip=nip_of[order[3]]), vacancy_id, ranking_id, order[:3])
    for stranger in (officer(actor), authority(actor), somebody(actor, Role.AUDITOR, "auditor")):
        with pytest.raises(Forbidden):
            await propose(db, stranger, vacancy_id, ranking_id, order[:3])
    await propose(db, member(actor, "both"), vacancy_id, ranking_id, order[:3])
    with pytest.raises(Forbidden, match=r"decision\.same_person"):
        await decide(db, somebody(actor, Role.APPOINTING_AUTHORITY, "both"), vacancy_id, order[0])
    concerned = somebody(actor, Role.APPOINTING_AUTHORITY, "mayor", nip_of[order[1]])
    with pytest.raises(Forbidden, match=r"shortlist\.oneself"):
        await decide(db, concerned, vacancy_id, order[0])
    with pytest.raises(Forbidden):
        await decide(db, chair(actor), vacancy_id, order[0])


async def test_of_two_decisions_at_once_one_counts(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    both = (
        decide(db, authority(actor), vacancy_id, order[0]),
        decide(db, somebody(actor, Role.APPOINTING_AUTHORITY, "other"), vacancy_id, order[1], reasonCode="team"),
    )
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in answers if one is not None] == [Conflict]
    assert (await shortlist_of(db, member(actor), vacancy_id))["decision"]["by"] in ("authority", "other")


async def test_a_stranger_sees_no_shortlist_and_proposes_none(db: Database, tmp_path: Path) -> None:
    actor, other = await an_institution(db), await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    with pytest.raises(NotFound, match=r"vacancy\.not_found"):
        await propose(db, member(other), vacancy_id, ranking_id, order[:3])
    await propose(db, member(actor), vacancy_id, ranking_id, order[:3])
    with pytest.raises(NotFound, match=r"shortlist\.not_found"):
        await shortlist_of(db, member(other), vacancy_id)


async def test_reasons_are_told_in_aggregate_and_small_counts_not_at_all(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)

    async def told() -> dict[str, tuple[int | None, int | None]]:
        document = json.loads(await shortlists.passing_reasons_document(db, member(actor)))
        assert document["smallestTold"] == 5
        return {one["code"]: (one["byCommittee"], one["byAuthority"]) for one in document["reasons"]}

    assert set((await told()).values()) == {(0, 0)}
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path, count=8)
    passings = {f"_{one.hex}": "unwilling" for one in order[:4]} | {f"_{order[4].hex}": "team"}
    await shortlists.propose_shortlist(db, member(actor), vacancy_id, a_proposal(ranking_id, order[5:], **passings))
    counts = await told()
    assert (counts["unwilling"][0], counts["team"][0]) == (None, None)
