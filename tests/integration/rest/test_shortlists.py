"""REST and GraphQL: from the proposal of a committee to the decision, and what stands in the way of both."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.services import rankings
from tests.factories import an_institution, officer
from tests.personas import Persona, Personas
from tests.rankings import a_vacancy_for, ids_of, some_people
from tests.shortlists import a_ranked_vacancy


def places(ranking_id: UUID, *candidates: UUID) -> dict[str, Any]:
    return {"rankingId": str(ranking_id), "candidates": [str(one) for one in candidates]}


async def proposed(
    db: Database, actor: Actor, personas: Personas, folder: Path
) -> tuple[str, list[UUID], dict[str, Any]]:
    """A vacancy with a shortlist that a committee proposed: its path, everybody by position, and the document."""
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, folder)
    at = f"/v1/vacancies/{vacancy_id}"
    committee = personas.committee_member(actor.institution_id)
    answer = await committee.put(f"{at}/shortlist", json=places(ranking_id, *order[:3]))
    assert answer.status_code == 200, answer.text
    return at, order, answer.json()


async def test_a_shortlist_is_proposed_and_decided_and_names_are_unmasked(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    committee = personas.committee_member(actor.institution_id)
    authority = personas.appointing_authority(actor.institution_id)
    at, listed = f"/v1/vacancies/{vacancy_id}", f"/v1/rankings/{ranking_id}/candidates"
    masked = (await committee.get(listed)).json()["edges"]
    assert [edge["node"]["talent"] for edge in masked] == [None] * 4
    assert (await committee.get(f"{at}/shortlist")).status_code == 404

    answer = await committee.put(f"{at}/shortlist", json=places(ranking_id, *order[:3]))
    assert answer.status_code == 200, answer.text
    assert [one["candidateId"] for one in answer.json()["candidates"]] == [str(one) for one in order[:3]]
    unmasked = (await committee.get(listed)).json()["edges"]
    assert all(edge["node"]["talent"]["nip"] for edge in unmasked)

    body = {"candidateId": str(order[1]), "reasonCode": "interview"}
    decided = await authority.put(f"{at}/decision", json=body, headers={"If-Match": answer.headers["etag"]})
    assert (decided.status_code, decided.json()["state"]) == (200, "decided"), decided.text
    assert (decided.json()["decision"]["place"], decided.json()["decision"]["reasonCode"]) == (2, "interview")
    assert (await committee.get(f"{at}/shortlist")).json() == decided.json()


async def test_somebody_who_is_not_eligible_is_refused_where_they_are_named(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path, 1)
    vacancy_id = await a_vacancy_for(db, actor)
    ranking_id = await rankings.rank_candidates(db, officer(actor), vacancy_id)
    [one] = (await ids_of(db, actor, ranking_id)).values()
    committee = personas.committee_member(actor.institution_id)
    answer = await committee.put(f"/v1/vacancies/{vacancy_id}/shortlist", json=places(ranking_id, uuid4(), one))
    assert answer.status_code == 422
    faults = {fault["where"]: fault for fault in answer.json()["errors"]}
    assert {where: fault["code"] for where, fault in faults.items()} == {
        "/candidates/0": "shortlist.not_considered",
        "/candidates/1": "shortlist.to_verify",
    }
    said = faults["/candidates/1"]["detail"]
    assert ("Kesehatan" in said["id"] or "sehat" in said["id"].lower(), "health" in said["en"].lower()) == (True, True)
    assert "{" not in said["id"] + said["en"]


BAD_PROPOSALS: list[tuple[dict[str, Any], str]] = [
    ({"candidates": []}, "/candidates"),
    ({"candidates": ["x"]}, "/candidates/0"),
    ({"rankingId": None}, "/rankingId"),
    ({"passedOver": [{"candidateId": str(uuid4()), "reasonCode": "age"}]}, "/passedOver/0/reasonCode"),
    ({"comment": "\x00"}, "/comment"),
]


@pytest.mark.parametrize(("but", "where"), BAD_PROPOSALS, ids=lambda one: str(one)[:30])
async def test_a_proposal_that_is_none_is_refused_where_it_stands(
    db: Database, personas: Personas, but: dict[str, Any], where: str
) -> None:
    actor = await an_institution(db)
    committee = personas.committee_member(actor.institution_id)
    body = places(uuid4(), uuid4()) | but
    answer = await committee.put(f"/v1/vacancies/{uuid4()}/shortlist", json=body)
    assert answer.status_code == 422, answer.text
    assert [fault["where"] for fault in answer.json()["errors"]] == [where]


async def test_of_two_decisions_at_once_one_counts(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    at, order, shortlist = await proposed(db, actor, personas, tmp_path)
    authority = personas.appointing_authority(actor.institution_id)
    tag = {"If-Match": f'"r{shortlist["revision"]}"'}
    bodies = ({"candidateId": str(order[0])}, {"candidateId": str(order[2]), "reasonCode": "team"})
    answers = await asyncio.gather(*(authority.put(f"{at}/decision", json=body, headers=tag) for body in bodies))
    assert sorted(one.status_code for one in answers) == [200, 412]
    [counts] = [one.json() for one in answers if one.status_code == 200]
    assert (await authority.get(f"{at}/shortlist")).json() == counts


async def test_who_proposed_does_not_decide_and_who_decides_does_not_propose(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    at, order, shortlist = await proposed(db, actor, personas, tmp_path)
    body = {"candidateId": str(order[0])}
    proposer = personas._with(Actor(actor.institution_id, Role.APPOINTING_AUTHORITY, "member"))
    answer = await proposer.put(f"{at}/decision", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "decision.same_person")
    for persona, noun in (
        (personas.committee_member(actor.institution_id), "decision"),
        (personas.hr_officer(actor.institution_id), "decision"),
        (personas.appointing_authority(actor.institution_id), "shortlist"),
    ):
        sent = body if noun == "decision" else places(UUID(shortlist["rankingId"]), order[0])
        assert (await persona.put(f"{at}/{noun}", json=sent)).status_code == 403


async def test_a_stranger_finds_no_shortlist_and_proposes_none(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor, other = await an_institution(db), await an_institution(db)
    at, order, shortlist = await proposed(db, actor, personas, tmp_path)
    strangers: tuple[tuple[Persona, str, dict[str, Any]], ...] = (
        (personas.committee_member(other.institution_id), "shortlist", places(UUID(shortlist["rankingId"]), order[0])),
        (personas.appointing_authority(other.institution_id), "decision", {"candidateId": str(order[0])}),
    )
    for stranger, noun, body in strangers:
        assert (await stranger.get(f"{at}/shortlist")).status_code == 404
        assert (await stranger.put(f"{at}/{noun}", json=body)).status_code == 404
    reasons = (await strangers[0][0].get("/v1/shortlists/reasons")).json()["reasons"]
    assert {(one["byCommittee"], one["byAuthority"]) for one in reasons} == {(0, 0)}


PROPOSE = """mutation ($v: UUID!, $r: Int!, $input: ProposeShortlistInput!) {
    proposeShortlist(vacancyId: $v, revision: $r, input: $input) { revision candidates { place talent { nip } } } }"""
DECIDE = """mutation ($v: UUID!, $r: Int!, $input: DecideVacancyInput!) {
    decideVacancy(vacancyId: $v, revision: $r, input: $input) { state decision { place by decidedBy } } }"""


async def test_graphql_proposes_and_decides_the_same(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    vacancy_id, ranking_id, order = await a_ranked_vacancy(db, actor, tmp_path)
    committee = personas.committee_member(actor.institution_id)
    authority = personas.appointing_authority(actor.institution_id)
    revision = (await committee.get(f"/v1/vacancies/{vacancy_id}")).json()["revision"]
    about = {"v": str(vacancy_id), "r": revision}
    refused = await committee.ask(PROPOSE, **about, input=places(ranking_id, *order))
    assert refused["errors"][0]["extensions"]["errors"][0]["code"] == "shortlist.too_many", refused
    told = (await committee.ask(PROPOSE, **about, input=places(ranking_id, *order[:3])))["data"]["proposeShortlist"]
    assert [one["place"] for one in told["candidates"]] == [1, 2, 3]
    assert all(one["talent"]["nip"] for one in told["candidates"])
    stale = await authority.ask(DECIDE, **about, input={"candidateId": str(order[0])})
    assert stale["errors"][0]["extensions"]["code"] == "precondition.failed", stale
    about["r"] = told["revision"]
    decided = await authority.ask(DECIDE, **about, input={"candidateId": str(order[0]), "decidedBy": "president"})
    assert decided["data"]["decideVacancy"] == {
        "state": "decided",
        "decision": {"place": 1, "by": "authority", "decidedBy": "president"},
    }
