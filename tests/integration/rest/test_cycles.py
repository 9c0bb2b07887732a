"""A whole mapping cycle through REST, as the people of an office live it; and what REST refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from fastapi import FastAPI

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.cycles import Phase
from app.domain.messages import day_in_words, moment_in_words
from tests.cycles import WEAK_POTENTIAL, a_cycle_in, after_the_deadline, deliver, some_talents
from tests.factories import an_institution, officer
from tests.personas import Persona, Personas

pytestmark = pytest.mark.usefixtures("worker")

MOVE = {"fromBox": 5, "box": 3, "reason": "criticalAssignment", "comment": "Dibahas dalam rapat komite."}
OBJECTION = {"text": "Asesmen potensi saya bulan ini belum tercatat.", "items": ["potentialAssessment"]}


class Office:
    """ANI stands in box 8, BUDI in box 5, CITRA in none."""

    def __init__(self, personas: Personas, actor: Actor, ani: str, budi: str, citra: str) -> None:
        self.actor, self.id, self.ani, self.budi, self.citra = actor, actor.institution_id, ani, budi, citra
        self.hr, self.auditor = personas.hr_officer(self.id), personas.auditor(self.id)
        self.one, self.two = (personas.committee_member(self.id, subject) for subject in ("one", "two"))
        self.authority = personas.appointing_authority(self.id)
        self.ani_herself, self.budi_himself = (personas.talent(self.id, nip) for nip in (ani, budi))


@pytest_asyncio.fixture
async def office(db: Database, personas: Personas, tmp_path: Path) -> Office:
    actor = await an_institution(db)
    nips = await some_talents(db, actor, tmp_path / "office", None, WEAK_POTENTIAL, bare=1)
    return Office(personas, actor, *nips)


@asynccontextmanager
async def after_the_window(app: FastAPI) -> AsyncIterator[None]:
    """The application on a day after the deadline for objections."""
    doors = app.state.doors
    app.state.doors = replace(doors, database=after_the_deadline(doors.database))
    try:
        yield
    finally:
        app.state.doors = doors


async def sent(answer: Any, status: int = 200) -> dict[str, Any]:
    """The document of an answer with that status."""
    response = await answer
    assert response.status_code == status, response.text
    document: dict[str, Any] = response.json()
    return document


async def calculated(who: Persona, address: str, what: str = "calculation") -> dict[str, Any]:
    """Start a calculation and ask for it until it is over."""
    begun = await who.put(f"{address}/{what}")
    assert begun.status_code == 202, begun.text
    assert begun.headers["location"] == f"/v1/calculations/{begun.json()['id']}"
    assert begun.json()["state"] in ("queued", "running", "done")
    for _ in range(400):
        told = await sent(who.get(begun.headers["location"]))
        if told["state"] not in ("queued", "running"):
            return told
        await asyncio.sleep(0.02)
    raise AssertionError(told)


async def test_a_whole_cycle(app: FastAPI, db: Database, office: Office, tmp_path: Path) -> None:
    hr, one, two = office.hr, office.one, office.two
    # open, and calculate
    body = {"name": "Pemetaan 2026", "asOf": "2025-12-04", "guideline": [{"boxes": [7, 8, 9], "share": 20}]}
    opened = await hr.post("/v1/cycles", json=body)
    assert opened.status_code == 201, opened.text
    cycle = opened.headers["location"]
    assert (await sent(hr.get(cycle)))["phase"] == "open"
    until = db.today().isoformat()
    edited = await sent(hr.patch(cycle, json={"objectionUntil": until}))
    assert edited["plan"]["objectionUntil"] == until
    told = await calculated(hr, cycle)
    assert (told["state"], told["done"], told["result"]["assessed"]) == ("done", 3, 2)

    # calibrate: one small move, one that needs two people
    await sent(hr.put(f"{cycle}/phase", json={"phase": "calibration"}))
    small = await sent(one.post(f"{cycle}/placements/{office.budi}/calibrations", json=MOVE), 201)
    assert small["state"] == "effective"
    into_pool = MOVE | {"fromBox": 8, "box": 9, "evidenceText": "SK Tim Percepatan 2025"}
    large = await one.post(f"{cycle}/placements/{office.ani}/calibrations", json=into_pool)
    assert (large.status_code, large.json()["state"]) == (201, "awaitingSecondPerson")
    address = large.headers["location"]
    assert (await sent(one.put(f"{address}/confirmation"), 403))["code"] == "calibration.same_person"
    assert (await sent(hr.put(f"{cycle}/phase", json={"phase": "objection"}), 409))["code"] == "calibration.undecided"
    assert (await sent(two.put(f"{address}/confirmation")))["secondPerson"]["by"] == "two"
    assert (await office.budi_himself.get(f"{cycle}/placements/{office.budi}")).status_code == 404

    # objection, upheld after new evidence
    await sent(hr.put(f"{cycle}/phase", json={"phase": "objection"}))
    seen = await sent(office.budi_himself.get(f"{cycle}/placements/{office.budi}"))
    assert (seen["state"], seen["computedBox"], seen["publishedBox"]) == ("provisional", 5, 3)
    raised = await office.budi_himself.post(f"{cycle}/objections", json=OBJECTION)
    assert raised.status_code == 201, raised.text
    await deliver(db, office.actor, tmp_path / "later", [office.budi])
    answer = {"outcome": "upheld", "answer": "Asesmen bulan ini kini tercatat dan diperhitungkan."}
    answered = await sent(hr.put(f"{raised.headers['location']}/answer", json=answer))
    assert (answered["boxBefore"], answered["boxAfter"], answered["answer"]["by"]) == (3, 8, "officer")
    [stale] = (await sent(hr.get(f"{cycle}/calibrations?state=stale")))["edges"]
    assert stale["node"]["id"] == small["id"]

    # confirm by the appointing authority, publish, close
    async with after_the_window(app):
        await sent(hr.put(f"{cycle}/phase", json={"phase": "confirmation"}))
    assert (await sent(hr.put(f"{cycle}/publication"), 409))["code"] == "cycle.not_confirmed"
    assert (await hr.put(f"{cycle}/confirmation")).status_code == 403
    await sent(office.authority.put(f"{cycle}/confirmation"))
    assert (await sent(hr.put(f"{cycle}/publication")))["phase"] == "publication"
    [own] = (await sent(office.ani_herself.get(f"/v1/talents/{office.ani}/cycle-placements")))["edges"]
    assert (own["node"]["state"], own["node"]["publishedBox"]) == ("published", 9)
    closed = await sent(hr.put(f"{cycle}/phase", json={"phase": "closed"}))

    # locked afterwards, and still proved
    for refused in (
        one.post(f"{cycle}/placements/{office.budi}/calibrations", json=MOVE | {"fromBox": 8, "box": 5}),
        hr.put(f"{cycle}/calculation"),
        hr.patch(cycle, json={"name": "Nama lain"}),
        hr.put(f"{cycle}/phase", json={"phase": "calibration"}),
        office.budi_himself.post(f"{cycle}/objections", json=OBJECTION),
    ):
        assert (await sent(refused, 409))["code"] in {"cycle.phase", "cycle.locked", "objection.too_late"}
    proof = await calculated(office.auditor, cycle, "recomputation")
    assert (proof["result"]["equal"], proof["result"]["differing"], proof["result"]["intact"]) == (3, [], True)
    after = await sent(hr.get(cycle))
    assert after | {"calculation": None} == closed | {"calculation": None}
    counts = {box["box"]: box["count"] for box in (await sent(hr.get(f"{cycle}/nine-box")))["boxes"] if box["count"]}
    assert counts == {8: 1, 9: 1}


# ── refusals


@pytest.mark.parametrize(
    ("body", "where", "code"),
    [
        ({}, "/name", "field.missing"),
        ({"name": "x"}, "/name", "field.length"),
        ({"name": "Pemetaan", "asOf": "31-12-2025"}, "/asOf", "field.date"),
        ({"name": "Pemetaan", "asOf": "1800-01-01"}, "/asOf", "field.range"),
        ({"name": "Pemetaan", "rubric": {"code": "x"}}, "/rubric/version", "field.missing"),
        ({"name": "Pemetaan", "rubric": {"code": "x", "version": -1}}, "/rubric/version", "field.range"),
        ({"name": "Pemetaan", "guideline": [{"boxes": [], "share": 1}]}, "/guideline/0/boxes", "field.length"),
        ({"name": "Pemetaan", "guideline": [{"boxes": [9], "share": 99.9}]}, "/guideline/0/share", "field.integer"),
        ({"name": "Pemetaan", "guideline": [{"boxes": [11], "share": 5}]}, "/guideline", "guideline.box"),
        (
            {"name": "Pemetaan", "calibrationUntil": "2026-03-02", "objectionUntil": "2026-03-01"},
            "/objectionUntil",
            "plan.order",
        ),
        ({"name": "Pemetaan", "religion": "x"}, "/religion", "field.unexpected"),
        ({"name": "Peme\x00taan"}, "/name", "field.unstorable"),
    ],
)
async def test_a_cycle_that_cannot_be_is_refused_where_it_is_wrong(
    office: Office, body: dict[str, Any], where: str, code: str
) -> None:
    problem = await sent(office.hr.post("/v1/cycles", json=body), 422)
    assert [(error["where"], error["code"]) for error in problem["errors"]] == [(where, code)]
    assert (await sent(office.hr.get("/v1/cycles")))["edges"] == []


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"box": 10}, "/box", "field.range"),
        ({"reason": "because"}, "/reason", "field.choice"),
        ({"comment": "ya"}, "/comment", "field.length"),
        ({"performance": 80}, "/performance", "field.unexpected"),
        ({"evidence": {"kind": "award", "id": 2**70}}, "/evidence/id", "field.range"),
        ({"evidence": {"kind": "award", "id": 1}}, "/evidence", "calibration.evidence_unknown"),
    ],
)
async def test_a_move_names_box_reason_and_nothing_else(
    db: Database, office: Office, change: dict[str, Any], where: str, code: str
) -> None:
    cycle_id = await a_cycle_in(db, officer(office.actor), Phase.CALIBRATION)
    address = f"/v1/cycles/{cycle_id}/placements/{office.budi}/calibrations"
    problem = await sent(office.one.post(address, json=MOVE | change), 422)
    assert [(error["where"], error["code"]) for error in problem["errors"]] == [(where, code)]


async def test_a_move_too_late_tells_by_whom_the_talent_was_moved(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, officer(office.actor), Phase.CALIBRATION)
    address = f"/v1/cycles/{cycle_id}/placements/{office.budi}/calibrations"
    done = await sent(office.one.post(address, json=MOVE), 201)
    problem = await sent(office.two.post(address, json=MOVE | {"box": 2}), 409)
    said = moment_in_words(datetime.fromisoformat(done["movedAt"]))
    assert problem["code"] == "calibration.moved_meanwhile"
    assert all(word in problem["detail"] for word in ("one", "3", said["id"]))


async def test_an_objection_after_the_deadline_names_it(app: FastAPI, db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, officer(office.actor), Phase.OBJECTION)
    async with after_the_window(app):
        problem = await sent(office.budi_himself.post(f"/v1/cycles/{cycle_id}/objections", json=OBJECTION), 409)
    until = (await sent(office.hr.get(f"/v1/cycles/{cycle_id}")))["plan"]["objectionUntil"]
    assert problem["code"] == "objection.too_late"
    assert day_in_words(date.fromisoformat(until))["id"] in problem["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/v1/cycles/{}"),
        ("get", "/v1/cycles/{}/nine-box"),
        ("get", "/v1/cycles/{}/rater-skew"),
        ("get", "/v1/calculations/{}"),
        ("get", "/v1/calibrations/{}"),
        ("get", "/v1/objections/{}"),
        ("put", "/v1/cycles/{}/calculation"),
        ("put", "/v1/cycles/{}/recomputation"),
        ("put", "/v1/cycles/{}/publication"),
    ],
)
async def test_what_is_not_there_is_not_found(office: Office, method: str, path: str) -> None:
    assert (await getattr(office.hr, method)(path.format(uuid4()))).status_code == 404
    status = (await getattr(office.hr, method)(path.format("not-an-id"))).status_code
    assert status == (404 if method == "get" else 422)


async def test_each_role_does_its_own_part(db: Database, office: Office, personas: Personas) -> None:
    cycle = f"/v1/cycles/{await a_cycle_in(db, officer(office.actor), Phase.CALIBRATION)}"
    calibrations, phase = f"{cycle}/placements/{office.budi}/calibrations", {"phase": "objection"}
    national = personas.national(office.id)
    verifier = personas.unit_verifier(office.id, "U1")
    refused = [
        office.hr.post(calibrations, json=MOVE),
        office.auditor.post(calibrations, json=MOVE),
        office.one.put(f"{cycle}/phase", json=phase),
        office.authority.put(f"{cycle}/calculation"),
        office.hr.post(f"{cycle}/objections", json=OBJECTION),
        office.budi_himself.get(cycle),
        office.budi_himself.get(f"{cycle}/calibrations"),
        verifier.get(cycle),
        national.get(cycle),
        national.get(f"{cycle}/placements/{office.budi}"),
    ]
    assert [(await one).status_code for one in refused] == [403] * len(refused)
    anonymous = personas.anonymous()
    assert (await anonymous.post("/v1/cycles", content=b"{")).status_code == 401


async def test_no_document_of_a_cycle_shows_a_protected_attribute(office: Office, app: FastAPI) -> None:
    described = app.openapi()["paths"]
    for path, methods in described.items():
        if path.startswith(("/v1/cycles", "/v1/calibrations", "/v1/objections")):
            words = str(methods).lower()
            assert not any(f"'{word}'" in words for word in ("sex", "religion", "agama", "maritalstatus", "ethnicity"))
