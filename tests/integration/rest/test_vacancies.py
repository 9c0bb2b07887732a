"""Vacancies, freezes and programmes at both doors: the same words, the same refusals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.db.database import Database
from app.domain.actors import Actor
from tests.factories import a_placed_talent, an_institution
from tests.personas import Persona, Personas
from tests.vacancies import a_decided_vacancy, a_post, an_open_vacancy, choose, some_vacancies

FREEZE = {
    "since": "2030-03-22",
    "until": "2031-02-20",
    "reason": "Pemilihan kepala daerah 2030",
    "legalBasis": "UU 10/2016 pasal 71 ayat 2",
}
PROGRAMME = {
    "code": "sekolah-rakyat",
    "name": "Sekolah Rakyat",
    "governmentAffairs": ["education"],
    "weight": 75,
    "provinceCode": None,
    "since": "2025-01-01",
    "until": "2029-12-31",
    "legalBasis": "RPJMN 2025-2029",
}
NUMBER = "821.22/17/2026"


def days(db: Database, **but: int) -> dict[str, str]:
    """Days as they are sent, so many after today."""
    return {name: (db.today() + timedelta(days=n)).isoformat() for name, n in but.items()}


async def drafted(db: Database, actor: Actor, hr: Persona, **but: Any) -> dict[str, Any]:
    told = {"postId": str(await a_post(db, actor)), **days(db, vacantFrom=0, inaugurationOn=30), **but}
    answer = await hr.post("/v1/vacancies", json=told)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/vacancies/{answer.json()['id']}"
    return answer.json()


async def test_the_secretariat_takes_its_steps_through_rest(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, hr = await a_placed_talent(db, actor, tmp_path), personas.hr_officer(actor.institution_id)
    draft = await drafted(db, actor, hr)
    at = f"/v1/vacancies/{draft['id']}"
    edited = await hr.patch(at, json={"isMasked": False}, headers={"If-Match": '"r1"'})
    assert (edited.status_code, edited.json()["isMasked"]) == (200, False)
    stale = await hr.put(f"{at}/opening", headers={"If-Match": '"r1"'})
    assert stale.status_code == 412
    assert (await hr.put(f"{at}/opening", headers={"If-Match": edited.headers["etag"]})).status_code == 200
    await choose(db, actor, edited.json()["id"], nip)
    letter = {"number": NUMBER, **days(db, recommendedOn=0)}
    recommended = await hr.put(f"{at}/recommendation", json=letter)
    assert recommended.json()["recommendation"] == letter
    told = {"number": NUMBER, **days(db, decreedOn=0, effectiveOn=0), "permitNumber": None}
    assert (await hr.put(f"{at}/decree", json=told)).json()["decree"] == told
    filled = await hr.put(f"{at}/inauguration")
    assert (filled.status_code, filled.json()["state"]) == (200, "effective")
    assert filled.json() == (await hr.get(at)).json()
    assert (await hr.get("/v1/vacancies/filling-times")).json()["overall"]["filled"] == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("recommendation", {"number": NUMBER, "recommendedOn": "2026-11-20"}),
        ("decree", {"number": NUMBER, "decreedOn": "2026-11-20", "effectiveOn": "2026-11-20"}),
        ("inauguration", None),
    ],
)
async def test_a_step_out_of_order_is_a_conflict_that_says_where_the_vacancy_is(
    path: str, body: dict[str, str] | None, db: Database, personas: Personas
) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    answer = await hr.put(f"/v1/vacancies/{await an_open_vacancy(db, actor)}/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "vacancy.state")
    assert " open;" in answer.json()["translations"]["en"]


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"vacantFrom": "1945-08-17"}, "/vacantFrom", "vacancy.long_ago"),
        ({"inaugurationOn": "2020-01-01"}, "/inaugurationOn", "vacancy.order"),
        ({"vacantFrom": "2026-02-30"}, "/vacantFrom", "field.date"),
        ({"vacantFrom": "1800-01-01"}, "/vacantFrom", "field.range"),
        ({"postId": "seat"}, "/postId", "field.id"),
        ({"isMasked": "no"}, "/isMasked", "field.boolean"),
        ({"ruleSet": {"code": "x"}}, "/ruleSet/version", "field.missing"),
        ({"seed": "mine"}, "/seed", "field.unexpected"),
    ],
)
async def test_a_draft_that_cannot_be_is_refused_part_by_part(
    wrong: dict[str, Any], pointer: str, code: str, db: Database, personas: Personas
) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    told = {"postId": str(uuid4()), **days(db, vacantFrom=0, inaugurationOn=30), **wrong}
    answer = await hr.post("/v1/vacancies", json=told)
    assert answer.status_code == 422
    assert [(fault["code"], fault["where"]) for fault in answer.json()["errors"]] == [(code, pointer)]


async def test_freezes_are_added_edited_listed_and_removed(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    added = await hr.post("/v1/freeze-periods", json=FREEZE)
    assert (added.status_code, added.json()) == (201, {**FREEZE, "id": added.json()["id"], "revision": 1})
    at = added.headers["location"]
    longer = {**FREEZE, "until": "2031-03-01"}
    edited = await hr.put(at, json=longer, headers={"If-Match": added.headers["etag"]})
    assert (edited.json()["until"], edited.json()["revision"]) == ("2031-03-01", 2)
    for day, found in (("2031-03-01", 1), ("2031-03-02", 0)):
        assert len((await hr.get(f"/v1/freeze-periods?on={day}")).json()["edges"]) == found
    committee = personas.committee_member(actor.institution_id)
    assert (await committee.post("/v1/freeze-periods", json=FREEZE)).status_code == 403
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    assert (await stranger.get(at)).status_code == (await stranger.delete(at)).status_code == 404
    assert (await hr.delete(at, headers={"If-Match": added.headers["etag"]})).status_code == 412
    assert (await hr.delete(at)).status_code == 204
    assert (await hr.get(at)).status_code == 404


async def test_a_programme_is_published_version_by_version(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    first = await hr.post("/v1/priority-programmes", json=PROGRAMME)
    assert (first.status_code, first.headers["location"]) == (201, "/v1/priority-programmes/sekolah-rakyat/versions/1")
    holds = {"isInForce": True, "notInForce": None, "reason": None}
    assert {**first.json(), "createdAt": None} == {**PROGRAMME, "version": 1, "createdAt": None, **holds}
    second = await hr.post("/v1/priority-programmes", json={**PROGRAMME, "weight": 40})
    assert (await hr.get(second.headers["location"])).json()["weight"] == 40
    page = (await hr.get("/v1/priority-programmes?inForce=true&code=sekolah-rakyat")).json()
    assert [edge["node"]["version"] for edge in page["edges"]] == [2]
    for path in ("sekolah-rakyat/3", "sekolah-rakyat/x", "gizi/1"):
        assert (await hr.get(f"/v1/priority-programmes/{path}")).status_code == 404
    for wrong, pointer in (
        ({"weight": 0}, "/weight"),
        ({"provinceCode": "99"}, "/provinceCode"),
        ({"code": "A"}, "/code"),
    ):
        answer = await hr.post("/v1/priority-programmes", json={**PROGRAMME, **wrong})
        assert [fault["where"] for fault in answer.json()["errors"]] == [pointer]


VACANCY = """{ id revision state isMasked vacantFrom post { name level unitName } ruleSet { code version }
    nextStep { state roles } steps { state role calendarDays } freezes { reason } promise { isKept } }"""


async def test_graphql_says_and_does_the_same(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    hr, known = personas.hr_officer(actor.institution_id), await some_vacancies(db, actor, nip)
    told = {"postId": str(await a_post(db, actor)), **days(db, vacantFrom=0, inaugurationOn=30)}
    made = await hr.ask(f"mutation ($in: DraftVacancyInput!) {{ draftVacancy(input: $in) {VACANCY} }}", **{"in": told})
    draft = made["data"]["draftVacancy"]
    assert (draft["state"], draft["isMasked"], draft["ruleSet"]) == ("draft", True, None)
    opening = f"mutation ($id: UUID!, $n: Int!) {{ openVacancy(vacancyId: $id, revision: $n) {VACANCY} }}"
    opened = (await hr.ask(opening, id=draft["id"], n=draft["revision"]))["data"]["openVacancy"]
    assert opened["nextStep"]["state"] == "shortlisted"
    again = await hr.ask(opening, id=draft["id"], n=opened["revision"])
    assert again["errors"][0]["extensions"]["code"] == "vacancy.state"
    shown = (await hr.ask(f"query ($id: UUID!) {{ vacancy(vacancyId: $id) {VACANCY} }}", id=draft["id"]))["data"]
    rest = (await hr.get(f"/v1/vacancies/{draft['id']}")).json()
    assert shown["vacancy"]["steps"] == [
        {name: step[name] for name in ("state", "role", "calendarDays")} for step in rest["steps"]
    ]
    assert {**shown["vacancy"], **rest} == {**rest}
    lists = """{ vacancies(filter: {state: shortlisted}) { totalCount edges { node { id } } }
        fillingTimes { overall { running } } freezePeriods { edges { node { id } } }
        priorityProgrammes(filter: {inForce: true}) { edges { node { code } } } }"""
    found = (await hr.ask(lists))["data"]
    assert found["vacancies"] == {"totalCount": 1, "edges": [{"node": {"id": str(known["vacancyId"])}}]}
    assert found["fillingTimes"]["overall"] == {"running": 2}
    assert found["freezePeriods"]["edges"] == [{"node": {"id": str(known["freezePeriodId"])}}]
    assert found["priorityProgrammes"]["edges"] == [{"node": {"code": known["programme"]}}]


async def test_a_talent_sees_no_times_freezes_or_programmes(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    vacancy_id = await a_decided_vacancy(db, actor, nip)
    reader = personas.talent(actor.institution_id, nip)
    for path in ("vacancies/filling-times", "freeze-periods", "priority-programmes"):
        assert (await reader.get(f"/v1/{path}")).status_code == 403
    seen = await reader.get(f"/v1/vacancies/{vacancy_id}")
    assert seen.status_code == 200
    assert nip not in seen.text
