"""From a campaign whose corrections are over to files that anybody checks: over HTTP, with the worker."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from app.db.database import Database
from app.domain.mobility_run import RESULTS, SNAPSHOT
from app.services.mobility_campaigns import AdvanceMobilityCampaign
from app.verifier import __main__ as verifier
from tests.integration.jobs.test_worker import until
from tests.mobility import EARLY, an_organiser
from tests.mobility_rounds import VALUE, a_round
from tests.personas import Persona, Personas

FILES = (*SNAPSHOT, *RESULTS, "run.json")
EARLIER = {"isEarly": True, "because": EARLY}


async def ended(persona: Persona, path: str) -> dict[str, Any]:
    """The document of background work once it is over."""

    async def is_over() -> bool:
        return (await persona.get(path)).json()["state"] not in ("queued", "running")

    await until(is_over, 60)
    told: dict[str, Any] = (await persona.get(path)).json()
    return told


@pytest.mark.usefixtures("worker")
async def test_anybody_checks_a_published_run_with_the_files_it_hands_out(
    db: Database, database_name: str, personas: Personas, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    somebody = await an_organiser(db)
    campaign_id, laid = await a_round(db, database_name, somebody)
    bkn, stranger = personas.national(somebody.institution_id), personas.hr_officer(laid.institution_id)
    campaign = f"/v1/mobility-campaigns/{campaign_id}"
    early = await bkn.put(f"{campaign}/freeze", json={})
    assert (early.status_code, early.json()["code"]) == (409, "mobility_campaign.early")
    assert (await stranger.put(f"{campaign}/freeze", json=EARLIER)).status_code == 404
    assert (await bkn.post(f"{campaign}/runs", json={"value": VALUE.value})).status_code == 409  # nothing is frozen
    accepted = await bkn.put(f"{campaign}/freeze", json=EARLIER)
    assert (accepted.status_code, accepted.headers["location"]) == (202, f"{campaign}/freeze")
    frozen = await ended(bkn, f"{campaign}/freeze")
    assert (frozen["state"], frozen["error"]) == ("succeeded", None)
    assert (await stranger.get(campaign)).json()["snapshotDigest"] == frozen["snapshot"]["digest"]
    refused = await bkn.post(f"{campaign}/runs", json={"value": VALUE.value, "seed": "0" * 64})
    assert (refused.status_code, [one["code"] for one in refused.json()["errors"]]) == (422, ["mobility.seed"])
    accepted = await bkn.post(f"{campaign}/runs", json={"value": VALUE.value})
    path = accepted.headers["location"]
    run = await ended(bkn, path)
    assert (accepted.status_code, run["state"], run["error"]) == (202, "succeeded", None)
    assert sorted(one["name"] for one in run["files"]) == sorted(FILES)
    assert {(await stranger.get(one)).status_code for one in (path, f"{path}/files/run.json")} == {404}
    [over] = {(await bkn.put(f"{path}/cancellation")).json()["code"]}
    assert over == "mobility_work.over"
    published = AdvanceMobilityCampaign(state="published", is_early=True, because=EARLY)
    moved = await bkn.put(f"{campaign}/state", json=published.model_dump(mode="json", by_alias=True))
    assert moved.status_code == 200, moved.text
    assert (await stranger.get(path)).json()["resultDigest"] == run["resultDigest"]
    for one in run["files"]:
        answer = await stranger.get(f"{path}/files/{one['name']}")
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == one["sha256"] == answer.headers["etag"].strip('"')
        assert answer.headers["content-type"].startswith("text/csv" if one["rows"] is not None else "application/json")
        (tmp_path / one["name"]).write_bytes(answer.content)
    known = {"if-none-match": answer.headers["etag"]}
    assert (await stranger.get(f"{path}/files/{one['name']}", headers=known)).status_code == 304
    assert {(await stranger.get(f"{path}/files/{name}")).status_code for name in ("passwd", "%00")} == {404}
    assert verifier.main([str(tmp_path / "run.json")]) == verifier.VERIFIED, capsys.readouterr().err
    theirs = await stranger.get(f"{campaign}/runs")
    assert [edge["node"]["id"] for edge in theirs.json()["edges"]] == [run["id"]]
    asked = "query ($id: UUID!) { mobilityRun(runId: $id) { state resultDigest codes { code wishes } files { name } } }"
    answer = await stranger.ask(asked, id=run["id"])
    assert answer["data"]["mobilityRun"]["codes"] == run["codes"]


@pytest.mark.usefixtures("worker")
async def test_a_rehearsal_is_the_organisers_alone(db: Database, database_name: str, personas: Personas) -> None:
    somebody = await an_organiser(db)
    campaign_id, laid = await a_round(db, database_name, somebody)
    bkn, stranger = personas.national(somebody.institution_id), personas.hr_officer(laid.institution_id)
    campaign = f"/v1/mobility-campaigns/{campaign_id}"
    unknown = await bkn.post(f"{campaign}/rehearsals", json={"headroom": {"nowhere": 3}})
    assert [one["code"] for one in unknown.json()["errors"]] == ["mobility_rehearsal.no_cell"]
    assert (await stranger.post(f"{campaign}/rehearsals", json={})).status_code == 404
    accepted = await bkn.post(f"{campaign}/rehearsals", json={"headroom": {"P00000": 3}, "releasePercent": 50})
    path = accepted.headers["location"]
    told = await ended(bkn, path)
    assert (accepted.status_code, told["state"], told["error"]) == (202, "succeeded", None)
    assert (told["headroom"], len(told["variants"])) == ([{"cell": "P00000", "headroom": 3}], 4)
    assert (await stranger.get(path)).status_code == 404
    again = await bkn.ask(
        "mutation ($id: UUID!) { rehearseMobility(campaignId: $id, input: {releasePercent: 100}) { id state } }",
        id=str(campaign_id),
    )
    assert again["data"]["rehearseMobility"]["state"] == "queued", again
