"""Syncs and conflicts through the doors: REST, GraphQL, and the workbook."""

from __future__ import annotations

import zipfile
from io import BytesIO
from uuid import UUID

from app.db.database import Database
from app.dev.siasn_simulator.faults import Fails
from tests import siasn_connections
from tests.factories import an_institution, name_of, officer
from tests.personas import Personas
from tests.siasn import a_siasn
from tests.siasn_syncs import a_conflict, carry_out, connect

QUERY = """query ($id: UUID!) {
    siasnReport(syncId: $id) { waiting sync { total added failed } changes { endpoint change rows people } }
    siasnSyncPeople(syncId: $id, filter: {failed: true}) {
        edges { node { nip outcome endpoints { endpoint answer detail { id } } } } totalCount }
}"""


START = "mutation ($input: StartSiasnSyncInput!) { startSiasnSync(input: $input) { id } }"


async def test_a_sync_is_started_watched_and_told_by_both_doors(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    assert (await hr.post("/v1/siasn-syncs", json={})).status_code == 409
    with a_siasn(people=3, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses)
        siasn.fails(Fails.HTML, "data-utama", nip=siasn.nips[0])
        both = {"unit": "U1", "nips": siasn.nips}
        for wrong in ({"nips": ["12"]}, {"nips": []}, {"histories": ["rw-lain"]}, {"mode": "x"}, both):
            assert (await hr.post("/v1/siasn-syncs", json=wrong)).status_code == 422, wrong
        assert (await hr.post("/v1/siasn-syncs", json={"unit": "NONE"})).status_code == 404
        assert (await personas.auditor(actor.institution_id).post("/v1/siasn-syncs", json={})).status_code == 403
        started = await hr.post("/v1/siasn-syncs", json={"nips": siasn.nips})
        assert started.status_code == 202, started.text
        path, sync_id = started.headers["location"], started.json()["id"]
        assert (await hr.post("/v1/siasn-syncs", json={})).json()["code"] == "sync.running"
        paused = await hr.put(f"{path}/state", json={"state": "paused"})
        assert paused.json()["state"] == "paused"
        assert (await hr.put(f"{path}/state", json={"state": "paused"})).status_code == 409
        assert (await hr.put(f"{path}/state", json={"state": "running"})).json()["state"] == "queued"
        await carry_out(db, officer(actor), UUID(sync_id))
    told = (await hr.get(path)).json()
    assert (told["state"], told["added"], told["failed"], told["withFailures"]) == ("succeeded", 2, 1, 1)
    answer = (await hr.ask(QUERY, id=sync_id))["data"]
    assert answer["siasnReport"]["sync"] == {"total": 3, "added": 2, "failed": 1}
    assert answer["siasnReport"]["changes"] == (await hr.get(f"{path}/report")).json()["changes"]
    [edge] = answer["siasnSyncPeople"]["edges"]
    assert edge["node"]["endpoints"][0]["answer"] == "siasn.html"
    page = (await hr.get(f"{path}/people?missingHere=true&first=1")).json()
    assert page["pageInfo"]["hasNextPage"] is True
    cursor = page["pageInfo"]["endCursor"]
    assert len((await hr.get(f"{path}/people?missingHere=true&after={cursor}")).json()["edges"]) == 1
    book = await hr.get(f"{path}/report.xlsx")
    with zipfile.ZipFile(BytesIO(book.content)) as parts:
        sheets = parts.read("xl/workbook.xml").decode()
    assert all(f'name="{name}"' in sheets for name in ("Ringkasan", "Perubahan", "Pertentangan", "Kegagalan"))
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    for foreign in (path, f"{path}/people", f"{path}/report", f"{path}/report.xlsx"):
        assert (await stranger.get(foreign)).status_code == 404


async def test_an_age_is_for_an_incremental_sync_alone(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    await siasn_connections.connect(db, actor)
    for full in ({"maxAgeHours": 5}, {"maxAgeHours": 5, "mode": "full"}):
        refused = await hr.post("/v1/siasn-syncs", json=full)
        assert refused.status_code == 422, refused.text
        assert [(one["where"], one["code"]) for one in refused.json()["errors"]] == [("/maxAgeHours", "siasn.age")]
    for full in ({"maxAgeHours": 5}, {"maxAgeHours": 5, "mode": "full"}):
        [error] = (await hr.ask(START, input=full))["errors"]
        assert [(one["where"], one["code"]) for one in error["extensions"]["errors"]] == [("maxAgeHours", "siasn.age")]
    wrong = await hr.post("/v1/siasn-syncs", json={"maxAgeHours": 5, "mode": "x"})
    assert [one["where"] for one in wrong.json()["errors"]] == ["/mode"]
    assert (await hr.get("/v1/siasn-syncs")).json()["edges"] == []
    started = await hr.post("/v1/siasn-syncs", json={"maxAgeHours": 5, "mode": "incremental"})
    assert (started.status_code, started.json()["maxAgeHours"]) == (202, 5), started.text


async def test_a_conflict_is_decided_once(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        started = await hr.post("/v1/siasn-syncs", json={"nips": siasn.nips})
        await carry_out(db, officer(actor), UUID(started.json()["id"]))
        known = await a_conflict(db, actor, siasn.nips[0])
    path = f"/v1/siasn-conflicts/{known['conflictId']}"
    [listed] = (await hr.get("/v1/siasn-conflicts?standing=open&reason=decree")).json()["edges"]
    assert listed["node"]["differences"] == [{"field": "position", "ours": "ANALIS", "theirs": "PENYULUH"}]
    assert (await hr.put(f"{path}/decision", json={"decision": "ask"})).status_code == 422
    assert (
        await hr.put(f"{path}/decision", json={"decision": "keepOurs"}, headers={"if-match": '"r7"'})
    ).status_code == 412
    kept = await hr.put(f"{path}/decision", json={"decision": "keepOurs", "note": "SK dilihat"})
    assert (kept.status_code, kept.json()["standing"]) == (200, "decided"), kept.text
    assert (await hr.put(f"{path}/decision", json={"decision": "takeTheirs"})).status_code == 409
    assert (await personas.auditor(actor.institution_id).get(path)).status_code == 403
