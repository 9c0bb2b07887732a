"""Results of a round through both doors: the certificate as a page, documents, and checks from the files alone."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from app.api.pages.mobility_certificate import LARGEST, render
from app.db.database import Database
from app.services import mobility_verifications
from tests.conftest import a_worker
from tests.factories import officer, rows_of
from tests.mobility_results import Round, a_published_round, a_run_round
from tests.personas import Persona, Personas

MANY = 41
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest_asyncio.fixture(scope="module")
async def round_(db: Database, database_name: str, tmp_path_factory: pytest.TempPathFactory) -> Round:
    """Ani has fifty wishes."""
    return await a_published_round(db, database_name, tmp_path_factory.mktemp("round"), more_wishes=MANY)


@pytest.fixture
def ani(personas: Personas, round_: Round) -> Persona:
    return personas.talent(round_.here.institution_id, round_.nips["Ani"])


@pytest.fixture
def hr(personas: Personas, round_: Round) -> Persona:
    return personas.hr_officer(round_.there.institution_id)


def of_campaign(round_: Round, part: str) -> str:
    return f"/v1/mobility-campaigns/{round_.campaign_id}/{part}"


# ── the page


async def test_fifty_wishes_with_their_reasons_fit_on_a_page_of_thirty_kilobytes(ani: Persona, round_: Round) -> None:
    answer = await ani.get(of_campaign(round_, "certificate/page"))
    assert (answer.status_code, answer.headers["content-security-policy"]) == (200, POLICY)
    assert len(answer.content) < LARGEST
    assert answer.text.count("<tr><td>") == 9 + MANY
    document = (await ani.get(of_campaign(round_, "certificate"))).json()
    for wish in document["wishes"]:
        assert wish["why"]["id"] in answer.text
    for told in (document["participantId"], document["run"]["identity"], document["run"]["seed"]):
        assert told in answer.text


async def test_a_longer_list_says_how_many_more_there_are(ani: Persona, round_: Round) -> None:
    certificate = (await ani.get(of_campaign(round_, "certificate"))).json()
    [wish, *_] = certificate["wishes"]
    page = render({**certificate, "wishes": [{**wish, "rank": rank, "wishPlace": 7} for rank in range(1, 3_001)]})
    shown = page.decode().count("<tr><td>")
    assert LARGEST - 1_000 < len(page) < LARGEST
    assert "<tr><td>7<td>3<td>" in page.decode()
    assert f"There are {3_000 - shown} more wishes" in page.decode()


@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine")
async def test_chromium_prints_the_certificate(ani: Persona, round_: Round, tmp_path: Path) -> None:
    source, target = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_bytes((await ani.get(of_campaign(round_, "certificate/page"))).content)
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += [f"--print-to-pdf={target}", "--no-pdf-header-footer", source.as_uri()]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, timeout=60)
    assert 1 < target.read_bytes().count(b"/Type /Page\n") <= 5


async def test_who_took_no_part_gets_no_certificate(personas: Personas, hr: Persona, round_: Round) -> None:
    stranger = personas.talent(round_.there.institution_id, round_.nips["Ani"])
    for path in ("certificate", "certificate/page"):
        refused = await stranger.get(of_campaign(round_, path))
        assert (refused.status_code, refused.json()["code"]) == (404, "mobility_certificate.not_found")
    assert (await hr.get(of_campaign(round_, "certificate"))).status_code == 403


# ── both doors

OF_RUN = {
    "summary": "mobilityRunSummary { runId movers firstWishShare answers { code rule wishes } lengths { kind moves } }",
    "conservation": "mobilityConservation { seats emptyBefore emptyAfter entered holds detail { id en } }",
    "flows": "mobilityFlows { regions { provinceCode positionLevel entered left net } institutions { institution } }",
}
PAGES = {
    "posts": "mobilityPostResults { node { post { id name } left cutoff { points lot } } }",
    "cells": "mobilityCellResults { node { cellId ceiling before after net isFull } }",
    "moves": "mobilityMoves { node { unit kind moves { step participantId fromPost { name } toPost { name } } } }",
}


def picked(document: Any, like: Any) -> Any:
    """Of a document what another one has."""
    if isinstance(like, dict):
        return {name: picked(document[name], value) for name, value in like.items()}
    if isinstance(like, list):
        assert len(document) == len(like)
        return [picked(*pair) for pair in zip(document, like, strict=True)]
    return document


async def test_both_doors_tell_the_same_of_a_run(hr: Persona, round_: Round) -> None:
    roots = [text.replace(" {", f'(runId: "{round_.run_id}") {{', 1) for text in OF_RUN.values()]
    lists = [
        text.replace(" { node", f'(runId: "{round_.run_id}", first: 200) {{ edges {{ node', 1) + " }"
        for text in PAGES.values()
    ]
    told = (await hr.ask("{ " + " ".join([*roots, *lists]) + " }"))["data"]
    for path, text in OF_RUN.items():
        answer = told[text.split()[0]]
        document = (await hr.get(f"/v1/mobility-runs/{round_.run_id}/{path}")).json()
        assert answer == picked(document, answer)
    for path, text in PAGES.items():
        answer = told[text.split()[0]]
        page = (await hr.get(f"/v1/mobility-runs/{round_.run_id}/{path}?first=200")).json()
        assert answer["edges"]
        assert answer == picked(page, answer)


async def test_both_doors_tell_the_same_of_people(personas: Personas, ani: Persona, hr: Persona, round_: Round) -> None:
    of = f'campaignId: "{round_.campaign_id}"'
    wishes = "wishes { rank code why { id en } parts { block points } cutoff { points lot } requirements { outcome } }"
    own = f"{{ c: mobilityCertificate({of}) {{ participantId rank detail {{ id }} run {{ id seed }} {wishes} }} }}"
    told = (await ani.ask(own))["data"]["c"]
    assert told == picked((await ani.get(of_campaign(round_, "certificate"))).json(), told)
    here = personas.hr_officer(round_.here.institution_id)
    people = f"{{ p: mobilityOutcomes({of}) {{ edges {{ node {{ nip name moves rank toPost {{ name }} }} }} }} }}"
    told = (await here.ask(people))["data"]["p"]
    assert told["edges"]
    assert told == picked((await here.get(of_campaign(round_, "outcomes"))).json(), told)
    coming = f"{{ p: mobilityArrivals({of}) {{ edges {{ node {{ participantId unit step detail {{ en }} }} }} }} }}"
    told = (await hr.ask(coming))["data"]["p"]
    assert told["edges"]
    assert told == picked((await hr.get(of_campaign(round_, "arrivals"))).json(), told)


async def test_a_list_goes_on_where_a_page_ended(hr: Persona, round_: Round) -> None:
    for path in ("posts", "cells", "moves"):
        address = f"/v1/mobility-runs/{round_.run_id}/{path}"
        whole = (await hr.get(f"{address}?first=200")).json()["edges"]
        first = (await hr.get(f"{address}?first=2")).json()
        rest = (await hr.get(f"{address}?first=200&after={first['pageInfo']['endCursor']}")).json()
        assert first["edges"] + rest["edges"] == whole


# ── checks


@pytest_asyncio.fixture
async def working(database_name: str) -> AsyncIterator[None]:
    async with a_worker(database_name):
        yield


async def the_verdict(who: Persona, address: str) -> dict[str, Any]:
    for _ in range(300):
        document = (await who.get(address)).json()
        if document["state"] != "queued":
            return document
        await asyncio.sleep(0.2)
    raise AssertionError("the check does not end")


async def test_anybody_has_a_published_run_checked_and_the_answer_is_given_again(
    personas: Personas, hr: Persona, working: None, round_: Round
) -> None:
    asked = {"runId": str(round_.run_id), "isFast": False}
    answer = await hr.post("/v1/mobility-verifications", json=asked)
    assert answer.status_code == 202, answer.text
    document = await the_verdict(hr, answer.headers["location"])
    assert (document["verdict"], document["findings"]) == ("verified", [])
    run = (await hr.get(f"/v1/mobility-runs/{round_.run_id}")).json()
    assert document["identity"] == run["identity"]
    asked_again = f'{{ v: mobilityVerification(verificationId: "{document["id"]}") {{ verdict findings {{ code }} }} }}'
    assert (await hr.ask(asked_again))["data"] == {"v": {"verdict": "verified", "findings": []}}
    # somebody else, elsewhere, through the other door
    other = personas.hr_officer(round_.here.institution_id)
    told = await other.ask(f'mutation {{ verifyMobilityRun(input: {{runId: "{round_.run_id}"}}) {{ id verdict }} }}')
    assert told["data"] == {"verifyMobilityRun": {"id": document["id"], "verdict": "verified"}}
    assert (await other.post("/v1/mobility-verifications", json=asked)).status_code == 200


async def test_files_that_are_handed_in_are_checked_line_by_line(
    db: Database, hr: Persona, working: None, round_: Round
) -> None:
    run = (await hr.get(f"/v1/mobility-runs/{round_.run_id}")).json()
    files = {
        one["name"]: (await hr.get(f"/v1/mobility-runs/{round_.run_id}/files/{one['name']}")).content
        for one in run["files"]
    }

    async def handed_in(**but: bytes) -> dict[str, Any]:
        parts = [("files", (name, content)) for name, content in {**files, **but}.items()]
        answer = await hr.post("/v1/mobility-verifications/files", files=parts, data={"isFast": "true"})
        assert answer.status_code in (200, 202), answer.text
        return await the_verdict(hr, answer.headers["location"])

    assert (await handed_in())["verdict"] == "verified"
    cut = await handed_in(**{"outcomes.csv": files["outcomes.csv"][:-9]})
    assert cut["verdict"] == "unusable"
    assert "outcomes.csv" in cut["findings"][0]["en"]
    assert "outcomes.csv" in cut["findings"][0]["id"]
    left = await rows_of(db, officer(round_.there), "SELECT name FROM mobility_verification_file")
    assert left == []


async def test_what_cannot_be_checked_is_refused(
    db: Database,
    database_name: str,
    hr: Persona,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unpublished = await a_run_round(db, database_name, tmp_path)
    refused = await hr.post("/v1/mobility-verifications", json={"runId": str(unpublished.run_id)})
    assert (refused.status_code, refused.json()["code"]) == (404, "mobility_result.not_found")
    for name, code in (("/etc/passwd", "mobility_verification.foreign_file"), ("run.json", None)):
        parts = [("files", (name, b"{}"))] * (2 if code is None else 1)
        answer = await hr.post("/v1/mobility-verifications/files", files=parts)
        [fault] = answer.json()["errors"]
        assert (answer.status_code, fault["code"]) == (422, code or "mobility_verification.named_twice")
    monkeypatch.setattr(mobility_verifications, "MOST_BYTES", 1)
    large = await hr.post("/v1/mobility-verifications/files", files=[("files", ("run.json", b"{}"))])
    assert (large.status_code, large.json()["code"]) == (413, "mobility_verification.too_large")
    monkeypatch.undo()
    for number in range(mobility_verifications.MOST_WAITING + 1):
        waiting = await hr.post("/v1/mobility-verifications/files", files=[("files", ("run.json", b"%d" % number))])
    assert (waiting.status_code, waiting.json()["code"]) == (409, "mobility_verification.busy")
