"""What data subjects ask for and take out, by REST: addresses, codes, and a page that nothing can break out of."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.cycles import Phase
from tests.cycles import a_cycle_in
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    talent,
    write_folder,
)
from tests.personas import Personas
from tests.rights import COMMENT, STATEMENT, restrict

HOSTILE = "<script>alert('ANI')</script>\"><img src=x onerror=alert(1)>"


class Office:
    """ANI's name, and the names of her trainings, are an attack."""

    def __init__(self, db: Database, actor: Actor, personas: Personas, nip: str) -> None:
        self.db, self.actor, self.nip = db, actor, nip
        self.officer = personas.hr_officer(actor.institution_id)
        self.protector = personas.data_protection_officer(actor.institution_id)
        self.member = personas.committee_member(actor.institution_id)
        self.ani = personas.talent(actor.institution_id, nip)


@pytest_asyncio.fixture
async def office(db: Database, personas: Personas, tmp_path: Path) -> Office:
    actor = await an_institution(db)
    nip, name = a_nip(), await name_of(db, actor)
    evidence = complete_evidence(nip, name)
    evidence["DIKLAT"][0]["NAMA"] = HOSTILE
    files = write_folder(tmp_path / "office", [an_employee(nip, name, NAMA=HOSTILE)], evidence)
    await import_files(db, actor, files)
    return Office(db, actor, personas, nip)


async def test_who_takes_back_a_move_of_somebody_restricted_is_answered(office: Office) -> None:
    cycle_id = await a_cycle_in(office.db, officer(office.actor), Phase.CALIBRATION)
    told = {"fromBox": 8, "box": 9, "reason": "criticalAssignment", "comment": COMMENT}
    made = await office.member.post(f"/v1/cycles/{cycle_id}/placements/{office.nip}/calibrations", json=told)
    assert made.status_code == 201, made.text
    address = made.headers["location"]
    await restrict(office.db, talent(office.actor, office.nip))
    assert (await office.member.get(address)).status_code == 404
    withdrawn = await office.member.put(f"{address}/withdrawal")
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    assert (await office.member.get(address)).status_code == 404


async def test_a_request_goes_its_way(office: Office) -> None:
    body = {"kind": "automated-processing", "statement": STATEMENT}
    raised = await office.ani.post("/v1/data-requests", json=body)
    assert raised.status_code == 201
    document, address = raised.json(), raised.headers["location"]
    assert address == f"/v1/data-requests/{document['id']}"
    assert (document["state"], document["isInEffect"], document["talent"]["nip"]) == ("open", True, office.nip)
    again = await office.ani.post("/v1/data-requests", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "data_request.exists")

    listed = (await office.protector.get("/v1/data-requests?kind=automated-processing&overdue=false")).json()
    assert [edge["node"]["id"] for edge in listed["edges"]] == [document["id"]]
    reply = {"outcome": "granted", "comment": COMMENT, "reference": "S-1/2026"}
    answered = await office.protector.put(f"{address}/answer", json=reply)
    assert (answered.status_code, answered.json()["answer"]["reference"]) == (200, "S-1/2026")
    assert (await office.ani.get(address)).json() == answered.json()
    twice = await office.officer.put(f"{address}/answer", json=reply)
    assert (twice.status_code, twice.json()["code"]) == (409, "data_request.answered")
    withdrawn = await office.ani.put(f"{address}/withdrawal")
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")


async def test_a_restriction_is_granted_and_lifted(office: Office) -> None:
    raised = await office.ani.post("/v1/data-requests", json={"kind": "restriction", "statement": STATEMENT})
    address = raised.headers["location"]
    granted = await office.officer.put(f"{address}/answer", json={"outcome": "granted", "comment": COMMENT})
    assert granted.json()["isInEffect"] is True
    assert (await office.member.get(f"/v1/talents/{office.nip}")).status_code == 404
    assert (await office.officer.get(f"/v1/talents/{office.nip}")).json()["processing"] == "restricted"
    lifted = await office.officer.put(f"{address}/lifting", json={"comment": COMMENT})
    assert (lifted.status_code, lifted.json()["lifting"]["comment"]) == (200, COMMENT)
    assert (await office.member.get(f"/v1/talents/{office.nip}")).json()["placement"]["box"] == 8


async def test_what_a_request_lacks_is_named(office: Office) -> None:
    answer = await office.ani.post("/v1/data-requests", json={"kind": "correction", "statement": STATEMENT})
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["errors"]] == ["/about", "/shouldSay"]
    for body in ({}, {"kind": "deletion", "statement": STATEMENT}, {"kind": "access", "statement": "?" * 30}):
        assert (await office.ani.post("/v1/data-requests", json=body)).status_code == 422
    assert (await office.officer.post("/v1/data-requests", json={})).status_code == 422
    asked = {"kind": "access", "statement": STATEMENT}
    assert (await office.officer.post("/v1/data-requests", json=asked)).status_code == 403
    for path in (f"/v1/data-requests/{uuid4()}", "/v1/data-requests/nobody"):
        assert (await office.officer.get(path)).status_code == 404
    assert (await office.member.get("/v1/data-requests")).status_code == 403
    assert (await office.officer.get("/v1/data-requests?state=late")).status_code == 422


async def test_a_placement_is_reviewed(office: Office) -> None:
    await office.ani.post("/v1/data-requests", json={"kind": "automated-processing", "statement": STATEMENT})
    cycle_id = await a_cycle_in(office.db, officer(office.actor), Phase.CALIBRATION)
    awaiting = f"/v1/cycles/{cycle_id}/placements?awaitingReview=true"
    [edge] = (await office.member.get(awaiting)).json()["edges"]
    assert edge["node"]["manualDecision"] is True
    path = f"/v1/cycles/{cycle_id}/placements/{office.nip}/review"
    reviewed = await office.member.put(path, json={"comment": COMMENT})
    assert (reviewed.status_code, reviewed.json()["review"]["by"]) == (200, "member")
    assert (await office.member.get(awaiting)).json()["edges"] == []
    assert (await office.member.put(path, json={"comment": "ya"})).status_code == 422
    assert (await office.officer.put(path, json={"comment": COMMENT})).status_code == 403


class Page(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("who", ["ani", "officer", "protector"])
async def test_the_page_says_what_the_document_says_and_runs_nothing(office: Office, who: str) -> None:
    reader = getattr(office, who)
    path = "/v1/access-export" if who == "ani" else f"/v1/talents/{office.nip}/access-export"
    document = await reader.get(path)
    assert document.status_code == 200
    assert document.headers["cache-control"] == "private, no-store"
    assert document.json()["profile"]["name"] == HOSTILE
    page = await reader.get(document.json()["notice"]["page"])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in page.headers["content-security-policy"]
    told = Page(page.text)
    assert not told.tags & {"script", "img", "link", "iframe", "a"}
    assert not {name for name in told.attributes if name.startswith("on")}
    for words in (HOSTILE, office.nip, "Riwayat pendidikan", "Education", "UNIVERSITAS TERBUKA", "3×24 jam"):
        assert words in told.words


async def test_others_are_refused(office: Office, personas: Personas) -> None:
    path = f"/v1/talents/{office.nip}/access-export"
    for suffix in ("", ".html"):
        assert (await office.member.get(path + suffix)).status_code == 403
        assert (await office.ani.get(path + suffix)).status_code == 403
        assert (await office.officer.get("/v1/access-export" + suffix)).status_code == 403
        assert (await personas.anonymous().get("/v1/access-export" + suffix)).status_code == 401
        stranger = personas.hr_officer(uuid4())
        assert (await stranger.get(path + suffix)).status_code == 404
