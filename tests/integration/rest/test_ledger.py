"""The ledger, read by auditors: everything that happened in the own institution, newest first."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.nine_box import Axis
from app.domain.purposes import Purpose
from app.services import standing
from app.services.standing import EditInstitution, RecordIndex
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    write_folder,
)
from tests.personas import Persona, Personas

ENTRY = {
    "id",
    "recordedAt",
    "role",
    "subject",
    "purpose",
    "type",
    "aboutType",
    "aboutId",
    "before",
    "after",
    "payload",
    "requestId",
    "link",
}
HAPPENED = ["filesImported", "talentsPlaced", "filesImported", "talentsPlaced", "institutionCreated"]


@pytest_asyncio.fixture(scope="module")
async def operator(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Actor:
    """Who registered an institution and imported its first talent; its officer imported another one."""
    actor = await an_institution(db)
    await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))
    people = [an_employee(a_nip(), await name_of(db, actor))]
    second = replace(officer(actor), request_id="req-1")
    await import_files(db, second, write_folder(tmp_path_factory.mktemp("office"), people, {}))
    return actor


@pytest.fixture
def auditor(personas: Personas, operator: Actor) -> Persona:
    return personas.auditor(operator.institution_id)


async def page(auditor: Persona, query: str = "") -> dict[str, Any]:
    answer = await auditor.get(f"/v1/ledger?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def entries(auditor: Persona, query: str = "") -> list[dict[str, Any]]:
    return [edge["node"] for edge in (await page(auditor, query))["edges"]]


async def test_an_entry_says_who_did_what_when_and_in_which_request(auditor: Persona, operator: Actor) -> None:
    found = await entries(auditor)
    assert [entry["type"] for entry in found] == HAPPENED
    newest, oldest = found[0], found[-1]
    assert set(newest) == ENTRY
    assert (newest["role"], newest["subject"], newest["requestId"]) == ("hr-officer", "officer", "req-1")
    assert newest["payload"]["changes"]["talents"] == 1
    assert (newest["aboutType"], newest["aboutId"]) == ("import", newest["payload"]["import_id"])
    assert (oldest["role"], oldest["subject"], oldest["requestId"]) == ("operator", "test", None)
    assert oldest["payload"]["institution_id"] == str(operator.institution_id)
    moments = [datetime.fromisoformat(entry["recordedAt"]) for entry in found]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=filesImported", ["filesImported"] * 2),
        ("subject=officer", HAPPENED[:2]),
        ("subject=test&type=talentsPlaced", ["talentsPlaced"]),
        ("subject=officer&type=institutionCreated", []),
        ("subject=Officer", []),
        ("subject=%25", []),
    ],
)
async def test_entries_are_found_by_type_and_by_who(auditor: Persona, query: str, found: list[str]) -> None:
    assert [entry["type"] for entry in await entries(auditor, query)] == found


async def test_an_entry_tells_why_about_whom_and_what_was_there_before(
    db: Database, operator: Actor, personas: Personas
) -> None:
    actor = replace(officer(await an_institution(db)), purpose=Purpose.TALENT_MANAGEMENT)
    for value in ("77.56", "80"):
        await standing.record_index(db, actor, "nspk", 2024, RecordIndex(value=Decimal(value), grade="Baik"))
    await standing.edit_institution(db, actor, EditInstitution(axis_x=Axis.PERFORMANCE))
    edited, second, first, created = await entries(personas.auditor(actor.institution_id))
    assert (edited["aboutType"], edited["aboutId"]) == ("institution", str(actor.institution_id))
    assert (edited["before"], edited["after"]) == ({"axis_x": "potential"}, {"axis_x": "performance"})
    assert (first["before"], first["after"]) == (None, {"value": "77.56", "grade": "Baik"})
    assert (second["before"], second["after"]) == (first["after"], {"value": "80", "grade": "Baik"})
    assert (second["purpose"], created["purpose"]) == ("talent-management", None)
    about = personas.auditor(actor.institution_id)
    assert await entries(about, "about=nspk/2024") == [second, first]
    assert await entries(about, "about=nspk/2025") == []
    assert await entries(personas.auditor(operator.institution_id), "about=nspk/2024") == []


async def test_an_entry_has_its_place_in_the_chain_and_everybody_sees_the_head(
    db: Database, operator: Actor, personas: Personas, auditor: Persona
) -> None:
    async def head() -> dict[str, Any]:
        answer = await personas.national(operator.institution_id).get("/v1/ledger-head")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    await an_institution(db)
    waiting = await head()
    assert waiting["unchained"] >= 1
    assert waiting["oldestUnchainedSeconds"] >= 0
    while await db.chain_ledger(1000):
        pass
    newest = (await entries(auditor))[0]["link"]
    reached = await head()
    assert (reached["unchained"], reached["oldestUnchainedSeconds"]) == (0, None)
    assert reached["position"] > waiting["position"]
    assert newest["position"] <= reached["position"]
    assert len(newest["hash"]) == len(reached["hash"]) == 64
    assert (await personas.anonymous().get("/v1/ledger-head")).status_code == 401


async def test_pages_follow_each_other_without_gap_or_repetition(auditor: Persona) -> None:
    whole, seen, after = [entry["id"] for entry in await entries(auditor)], [], ""
    for size in (2, 2, 1):
        told = await page(auditor, f"first=2{after}")
        assert len(told["edges"]) == size
        seen += [edge["node"]["id"] for edge in told["edges"]]
        after = f"&after={told['pageInfo']['endCursor']}"
    assert not told["pageInfo"]["hasNextPage"]
    assert seen == whole


def cursor(text: str) -> str:
    return "after=" + base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("query", "where", "code"),
    [
        ("type=nothingOfTheKind", "type", "value.unknown"),
        ("type=", "type", "value.unknown"),
        ("subject=%00", "subject", "field.unstorable"),
        (f"subject={'x' * 201}", "subject", "field.length"),
        ("after=x", "after", "page.cursor"),
        (cursor('["1"]'), "after", "page.cursor"),
        (cursor("[1, 2]"), "after", "page.cursor"),
        (cursor("[1.0]"), "after", "page.cursor"),
        (cursor("[true]"), "after", "page.cursor"),
        (cursor("[-1]"), "after", "page.cursor"),
        (cursor(f"[{2**63}]"), "after", "page.cursor"),
        (cursor(f"[{'9' * 5_000}]"), "after", "page.cursor"),
        (cursor("1"), "after", "page.cursor"),
        ("first=0", "first", "page.size"),
        ("fields=name", "fields", "field.unknown"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_does_not_fit_is_said(auditor: Persona, query: str, where: str, code: str) -> None:
    answer = await auditor.get(f"/v1/ledger?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    [fault] = answer.json()["errors"]
    assert (fault["where"], fault["code"]) == (where, code)


async def test_the_ledger_of_another_institution_is_not_seen(
    auditor: Persona, personas: Personas, db: Database
) -> None:
    other = (await an_institution(db)).institution_id
    [created] = await entries(personas.auditor(other))
    assert created["payload"]["institution_id"] == str(other)
    assert created["id"] not in [entry["id"] for entry in await entries(auditor)]
    above = cursor(f"[{created['id'] + 1}]")
    assert [entry["type"] for entry in await entries(auditor, above)] == HAPPENED
