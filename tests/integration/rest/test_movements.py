"""Movements, rehearsals, boxes and development plans through REST: long work is a resource, and bad input a problem."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.cycles import Phase
from tests.cycles import WEAK_POTENTIAL, a_cycle_in, member, move, some_talents
from tests.factories import an_institution, officer
from tests.personas import Persona, Personas

pytestmark = pytest.mark.usefixtures("worker")


class Office:
    """Between two cycles BUDI was moved from box 5 to box 3; ANI stands in box 8."""

    def __init__(self, personas: Personas, actor: Actor, cycles: tuple[UUID, UUID], ani: str, budi: str) -> None:
        self.actor, self.id, self.ani, self.budi = actor, actor.institution_id, ani, budi
        self.earlier, self.later = cycles
        self.hr, self.auditor = personas.hr_officer(self.id), personas.auditor(self.id)
        self.movement = f"/v1/cycles/{self.later}/movements/{self.earlier}"


@pytest_asyncio.fixture
async def office(db: Database, personas: Personas, tmp_path: Path) -> Office:
    actor = officer(await an_institution(db))
    ani, budi = await some_talents(db, actor, tmp_path / "office", None, WEAK_POTENTIAL)
    cycles = (await a_cycle_in(db, actor, Phase.CALIBRATION), await a_cycle_in(db, actor, Phase.CALIBRATION))
    await move(db, member(actor), cycles[1], budi, 5, 3)
    return Office(personas, actor, cycles, ani, budi)


async def done(who: Persona, begun: httpx2.Response) -> dict[str, Any]:
    """What came of a calculation that has begun."""
    assert begun.status_code == 202, begun.text
    assert begun.headers["location"] == f"/v1/calculations/{begun.json()['id']}"
    for _ in range(400):
        told: dict[str, Any] = (await who.get(begun.headers["location"])).json()
        if told["state"] not in ("queued", "running"):
            assert told["state"] == "done", told
            return told
        await asyncio.sleep(0.02)
    raise AssertionError(told)


def codes(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_movement_is_worked_out_and_read(office: Office) -> None:
    hr = office.hr
    assert codes(await hr.get(office.movement)) == (404, "movement.not_found")
    told = await done(hr, await hr.put(office.movement))
    assert (told["kind"], told["result"]["placements"]) == ("movement", 2)
    movement = (await office.auditor.get(office.movement)).json()
    assert (movement["moved"], movement["stayed"], movement["byCause"]["calibration"]) == (1, 1, 1)
    assert (await hr.get(f"{office.movement}?fields=moved,cycle.state")).json() == {
        "moved": 1,
        "cycle": {"state": "draft"},
    }
    [edge] = (await hr.get(f"{office.movement}/movers?cause=calibration&fromBox=5&toBox=3&unit=U1")).json()["edges"]
    assert (edge["node"]["nip"], edge["node"]["cause"]) == (office.budi, "calibration")
    assert (await hr.get(f"{office.movement}/movers?cause=rubric")).json()["edges"] == []


async def test_movers_are_listed_page_by_page(db: Database, office: Office) -> None:
    await move(db, member(office.actor), office.later, office.ani, 8, 5)
    await done(office.hr, await office.hr.put(office.movement))
    first = (await office.hr.get(f"{office.movement}/movers?first=1")).json()
    after = first["pageInfo"]["endCursor"]
    second = (await office.hr.get(f"{office.movement}/movers?first=1&after={after}")).json()
    listed = [edge["node"]["nip"] for page in (first, second) for edge in page["edges"]]
    assert (sorted(listed), second["pageInfo"]["hasNextPage"]) == (sorted([office.ani, office.budi]), False)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/cycles/{later}/movements/{later}", (409, "movement.same")),
        ("/v1/cycles/{later}/movements/{nobody}", (404, "cycle.not_found")),
        ("/v1/cycles/{later}/movements/none", (422, "request.invalid")),
    ],
)
async def test_what_cannot_be_compared_is_refused(office: Office, path: str, expected: tuple[int, str]) -> None:
    known = {"later": office.later, "nobody": uuid4()}
    assert codes(await office.hr.put(path.format(**known))) == expected


async def test_who_may_start_and_who_may_read_a_movement(personas: Personas, office: Office) -> None:
    assert codes(await office.auditor.put(office.movement)) == (403, "forbidden")
    for somebody in (personas.talent(office.id, office.ani), personas.national(office.id)):
        assert codes(await somebody.get(office.movement)) == (403, "forbidden")
        assert codes(await somebody.get(f"{office.movement}/movers")) == (403, "forbidden")
    assert codes(await office.hr.get(f"{office.movement}/movers?fromBox=10")) == (422, "request.invalid")
    assert codes(await office.hr.get("/v1/cycles/x/movements/y")) == (404, "movement.not_found")


async def test_a_rubric_is_rehearsed_and_read(office: Office) -> None:
    hr = office.hr
    begun = await hr.post("/v1/rehearsals", json={"code": "pu-djbk", "version": 1, "cycleId": str(office.later)})
    told = await done(hr, begun)
    assert (told["kind"], told["rubric"], told["cycleId"]) == ("rehearsal", {"code": "pu-djbk", "version": 1}, None)
    address = f"/v1/rehearsals/{told['id']}"
    rehearsal = (await hr.get(address)).json()
    assert (rehearsal["people"], rehearsal["noLongerAssessed"], rehearsal["cycleId"]) == (2, 2, str(office.later))
    movers = (await hr.get(f"{address}/movers")).json()["edges"]
    assert {edge["node"]["nip"]: edge["node"]["fromBox"] for edge in movers} == {office.ani: 8, office.budi: 5}
    [edge] = (await hr.get("/v1/rehearsals")).json()["edges"]
    assert edge["node"]["id"] == told["id"]
    assert "matrix" not in edge["node"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, {"/code", "/version"}),
        ({"code": "pu-djbk", "version": 0}, {"/version"}),
        ({"code": "pu-djbk", "version": 1, "cycleId": "x"}, {"/cycleId"}),
        ({"code": "pu-djbk", "version": 1, "draft": True}, {"/draft"}),
    ],
)
async def test_a_rehearsal_that_does_not_fit_is_refused_where_it_is_wrong(
    office: Office, body: dict[str, Any], where: set[str]
) -> None:
    answer = await office.hr.post("/v1/rehearsals", json=body)
    assert answer.status_code == 422
    assert {error["where"] for error in answer.json()["errors"]} == where


async def test_who_may_rehearse(personas: Personas, office: Office) -> None:
    body = {"code": "pu-djbk", "version": 1}
    for somebody in (office.auditor, personas.committee_member(office.id), personas.talent(office.id, office.ani)):
        assert codes(await somebody.post("/v1/rehearsals", json=body)) == (403, "forbidden")
        assert codes(await somebody.get("/v1/rehearsals")) == (403, "forbidden")
    assert codes(await office.hr.post("/v1/rehearsals", json={"code": "x", "version": 1})) == (404, "rubric.not_found")
    assert codes(await office.hr.get(f"/v1/rehearsals/{uuid4()}")) == (404, "rehearsal.not_found")
    assert codes(await office.hr.get("/v1/rehearsals/x/movers")) == (404, "rehearsal.not_found")


async def test_everybody_reads_the_boxes_and_talents_their_own_plan(personas: Personas, office: Office) -> None:
    ani = personas.talent(office.id, office.ani)
    for somebody in (ani, office.auditor, personas.national(office.id), personas.unit_verifier(office.id, None)):
        boxes = (await somebody.get("/v1/boxes")).json()["boxes"]
        assert [box["number"] for box in boxes] == list(range(1, 10))
    assert (boxes[8]["pools"], [one["code"] for one in boxes[8]["actions"]]) == (
        ["institution", "national"],
        ["promote", "retain", "succession_pool", "reward"],
    )
    assert boxes[6]["performance"] == {
        "code": "high",
        "label": {"id": "Di atas ekspektasi", "en": "Above expectation"},
    }
    own = (await ani.get(f"/v1/talents/{office.ani}/development-plan")).json()
    assert [action["code"] for action in own["recommendations"]] == [one["code"] for one in boxes[7]["actions"]]
    assert codes(await ani.get(f"/v1/talents/{office.budi}/development-plan")) == (404, "talent.not_found")
    assert codes(await office.hr.get("/v1/talents/%00/development-plan")) == (404, "talent.not_found")
