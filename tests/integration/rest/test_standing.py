"""Settings, indices and references: kept by the office, told by both doors alike, and in the ledger."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from tests.factories import an_institution, rows_of
from tests.personas import Persona, Personas

CUKUP = {"value": 66.58, "grade": "Cukup", "source": None}
PERWAKO = {
    "kind": "regulation",
    "name": "Perwako Dumai 11/2023",
    "title": "Manajemen Talenta",
    "dated": "2023-05-02",
    "text": "https://jdih.dumaikota.go.id",
}


@pytest_asyncio.fixture
async def actor(db: Database) -> Actor:
    return await an_institution(db)


NEW = {"if-none-match": "*"}  # a reference that is not there yet


@pytest.fixture
def hr(personas: Personas, actor: Actor) -> Persona:
    return personas.hr_officer(actor.institution_id)


async def test_an_index_is_recorded_replaced_and_removed(hr: Persona) -> None:
    assert (await hr.put("/v1/indices/nspk/2022", json=CUKUP)).json() == {"index": "nspk", "year": 2022, **CUKUP}
    again = await hr.put("/v1/indices/nspk/2022", json={"value": "66.6", "grade": " Cukup "})
    assert again.json() == {"index": "nspk", "year": 2022, "value": 66.6, "grade": "Cukup", "source": None}
    await hr.put("/v1/indices/merit/2021", json={"value": 0.75, "grade": "Baik"})
    told = (await hr.get("/v1/indices")).json()["values"]
    assert [(one["index"], one["year"], one["value"]) for one in told] == [("nspk", 2022, 66.6), ("merit", 2021, 0.75)]
    assert (await hr.delete("/v1/indices/nspk/2022")).status_code == 204
    gone = await hr.delete("/v1/indices/nspk/2022")
    assert (gone.status_code, gone.json()["code"]) == (404, "index.not_found")


async def test_a_reference_is_kept_changed_and_removed(hr: Persona) -> None:
    address = f"/v1/references/{uuid4()}"
    kept = await hr.put(address, json=PERWAKO, headers=NEW)
    assert kept.json() == {"id": address.rpartition("/")[2], "revision": 1, **PERWAKO}
    changed = await hr.put(address, json={"kind": "committee", "name": "Komite", "title": "Komite Talenta"})
    assert (changed.json()["kind"], changed.json()["dated"], changed.json()["text"]) == ("committee", None, None)
    assert len((await hr.get("/v1/references")).json()["references"]) == 1
    assert (await hr.delete(address)).status_code == 204
    assert (await hr.get("/v1/references")).json() == {"references": []}
    gone = await hr.delete(address)
    assert (gone.status_code, gone.json()["code"]) == (404, "reference.not_found")


async def test_graphql_does_the_same(hr: Persona) -> None:
    reference = str(uuid4())
    told = await hr.ask(
        """mutation($id: UUID!, $reference: KeepReferenceInput!) {
            editInstitution(revision: 1, input: {axisX: performance}) { revision axisX }
            recordIndex(index: nspk, year: 2022, input: {value: 66.58, grade: "Cukup"}) {
                index year value grade source }
            keepReference(referenceId: $id, revision: 0, input: $reference) { id revision kind name title dated text }
        }""",
        id=reference,
        reference=PERWAKO,
    )
    assert told["data"] == {
        "editInstitution": {"revision": 2, "axisX": "performance"},
        "recordIndex": {"index": "nspk", "year": 2022, **CUKUP},
        "keepReference": {"id": reference, "revision": 1, **PERWAKO},
    }
    read = await hr.ask(
        """{ institutionSettings { revision axisX provinceCode kind workloadAnalysisYears foresightMonths }
             indices { values { index year value grade source } }
             references { references { id revision kind name title dated text } } }"""
    )
    assert read["data"] == {
        "institutionSettings": (await hr.get("/v1/institution/settings")).json(),
        "indices": (await hr.get("/v1/indices")).json(),
        "references": (await hr.get("/v1/references")).json(),
    }
    removed = await hr.ask(
        """mutation($id: UUID!) { removeIndex(index: nspk, year: 2022) { values { year } }
             removeReference(referenceId: $id, revision: 1) { references { id } } }""",
        id=reference,
    )
    assert removed["data"] == {"removeIndex": {"values": []}, "removeReference": {"references": []}}


async def test_a_setting_that_is_not_given_stays(hr: Persona) -> None:
    await hr.patch("/v1/institution/settings", json={"axisX": "performance"})
    told = (await hr.patch("/v1/institution/settings", json={})).json()
    defaults = {"provinceCode": None, "kind": "city", "workloadAnalysisYears": 5, "foresightMonths": 12}
    assert told == {"revision": 2, "axisX": "performance", **defaults}


async def test_all_of_it_is_in_the_ledger(db: Database, hr: Persona, actor: Actor) -> None:
    reference = f"/v1/references/{uuid4()}"
    await hr.patch("/v1/institution/settings", json={"axisX": "performance"})
    await hr.put("/v1/indices/nspk/2022", json=CUKUP)
    await hr.delete("/v1/indices/nspk/2022")
    await hr.put(reference, json=PERWAKO, headers=NEW)
    await hr.delete(reference)
    entries = await rows_of(db, actor, "SELECT type FROM ledger_entry ORDER BY id")
    told = ["institutionEdited", "indexRecorded", "indexRemoved", "referenceKept", "referenceRemoved"]
    assert [entry["type"] for entry in entries][-5:] == told


@pytest.mark.parametrize(
    ("address", "body", "status", "code"),
    [
        ("/v1/indices/ipm/2022", CUKUP, 404, "index.unknown"),
        ("/v1/indices/nspk/1899", CUKUP, 422, "request.invalid"),
        ("/v1/indices/nspk/99999999999999999999", CUKUP, 422, "request.invalid"),
        ("/v1/indices/nspk/x", CUKUP, 422, "request.invalid"),
        ("/v1/indices/nspk/2022", {"value": -1, "grade": "Baik"}, 422, "request.invalid"),
        ("/v1/indices/nspk/2022", {"value": 1.23456, "grade": "Baik"}, 422, "request.invalid"),
        ("/v1/indices/nspk/2022", {"value": "NaN", "grade": "Baik"}, 422, "request.invalid"),
        ("/v1/indices/nspk/2022", {"value": 70, "grade": " "}, 422, "request.invalid"),
        ("/v1/indices/nspk/2022", {"value": 70, "grade": "\x00"}, 422, "request.invalid"),
        ("/v1/references/nobody", PERWAKO, 422, "request.invalid"),
        ("/v1/references/8f14e45f-ceea-467f-a9d1-2b5c1a2d9a11", PERWAKO | {"kind": "law"}, 422, "request.invalid"),
        ("/v1/references/8f14e45f-ceea-467f-a9d1-2b5c1a2d9a11", PERWAKO | {"dated": "kemarin"}, 422, "request.invalid"),
        ("/v1/references/8f14e45f-ceea-467f-a9d1-2b5c1a2d9a11", PERWAKO | {"more": 1}, 422, "request.invalid"),
    ],
)
async def test_what_cannot_be_kept_is_refused(
    address: str, body: dict[str, Any], status: int, code: str, hr: Persona
) -> None:
    answer = await hr.put(address, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_axis_that_is_none_is_refused(hr: Persona) -> None:
    answer = await hr.patch("/v1/institution/settings", json={"axisX": "z"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "field.choice")


async def test_others_read_and_only_officers_write(personas: Personas, actor: Actor, hr: Persona, db: Database) -> None:
    await hr.put("/v1/indices/nspk/2022", json=CUKUP)
    for persona in (personas.committee_chair(actor.institution_id), personas.auditor(actor.institution_id)):
        assert (await persona.get("/v1/indices")).status_code == 200
        assert (await persona.put("/v1/indices/nspk/2022", json=CUKUP)).status_code == 403
        assert (await persona.delete("/v1/indices/nspk/2022")).status_code == 403
        assert (await persona.put(f"/v1/references/{uuid4()}", json=PERWAKO)).status_code == 403
        assert (await persona.patch("/v1/institution/settings", json={"axisX": "performance"})).status_code == 403
    for address in ("/v1/indices", "/v1/references", "/v1/institution/settings"):
        assert (await personas.national(actor.institution_id).get(address)).status_code == 403
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    assert (await stranger.get("/v1/indices")).json() == {"values": []}
    assert (await stranger.delete("/v1/indices/nspk/2022")).status_code == 404
