"""The whole life of one vacancy over HTTP, on the people of the sample files: each step by whom it is up to."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.db.database import open_database
from app.main import create_app
from app.settings import Settings
from tests.conftest import DUMAI, url_of
from tests.factories import an_institution, import_files, spreadsheets
from tests.personas import Persona, Personas

DOCUMENTS = {"health", "integrity", "noProceedings", "technicalCompetence"}


async def done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json()


async def everybody(office: Persona, ranking: str, outcome: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await done(
            await office.get(f"/v1/rankings/{ranking}/candidates", params={"outcome": outcome, "first": 150, **after})
        )
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = {"after": page["pageInfo"]["endCursor"]}


async def says_what_documents_showed(office: Persona, vacancy: str, people: list[dict[str, Any]]) -> None:
    for start in range(0, len(people), 100):
        seen = [
            {"candidateId": one["candidateId"], "requirement": code, "isMet": True, "document": "Berkas 1/2026"}
            for one in people[start : start + 100]
            for code in sorted(DOCUMENTS)
        ]
        await done(await office.post(f"/v1/vacancies/{vacancy}/verifications", json={"verifications": seen}))


@pytest_asyncio.fixture
async def city(
    own_database_name: str, settings: Settings, signing_key: Ed25519PrivateKey
) -> AsyncIterator[tuple[Personas, UUID, date]]:
    """Kota Dumai as delivered, and the service in front of it."""
    async with open_database(url_of(own_database_name)) as db:
        actor = await an_institution(db, "Pemerintah Kota Dumai")
        await import_files(db, actor, spreadsheets(DUMAI))
        today = db.today()
    application = create_app(settings, url_of(own_database_name))
    async with application.router.lifespan_context(application):
        transport = httpx2.ASGITransport(app=application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Personas(client, signing_key), actor.institution_id, today


async def test_a_vacant_post_finds_its_holder(city: tuple[Personas, UUID, date]) -> None:
    personas, home, today = city
    office, committee = personas.hr_officer(home), personas.committee_member(home)
    authority = personas.appointing_authority(home)

    posts = await done(await office.get("/v1/posts?level=administrator&vacant=true&affair=health"))
    post = posts["edges"][0]["node"]["id"]
    asked = {"postId": post, "vacantFrom": str(today), "inaugurationOn": str(today + timedelta(days=14))}
    drafted = await done(await office.post("/v1/vacancies", json=asked))
    vacancy, commitment = f"/v1/vacancies/{drafted['id']}", drafted["seedCommitment"]
    assert (drafted["state"], drafted["seed"]) == ("draft", None)
    assert (await done(await office.put(f"{vacancy}/opening")))["ruleSet"]["code"] == "pp-11-2017-administrator"

    first = await done(await office.post(f"{vacancy}/rankings"))
    assert (first["considered"], first["eligible"]) == (592, 0)
    waiting = [
        one for one in await everybody(office, first["id"], "needsVerification") if {*one["lacking"]} <= DOCUMENTS
    ]
    await says_what_documents_showed(office, drafted["id"], waiting)
    ranking = await done(await office.post(f"{vacancy}/rankings"))
    eligible = await everybody(committee, ranking["id"], "eligible")
    assert ranking["eligible"] == len(eligible) == len(waiting) == 8
    assert [one["position"] for one in eligible] == list(range(1, len(eligible) + 1))
    assert {one["talent"] for one in eligible} == {None}, "masked until the proposal"
    for one in eligible[:3]:
        why = f"/v1/rankings/{ranking['id']}/candidates/{one['candidateId']}"
        exact, told = await done(await office.get(why)), await done(await committee.get(why))
        points = [round(part["points"] * 1_000_000) for part in exact["parts"]]
        assert sum(points) == round(exact["total"] * 1_000_000)
        assert [part["points"] for part in told["parts"]] == [part["points"] // 1 for part in exact["parts"]]

    names = [one["candidateId"] for one in eligible[:3]]
    proposal: dict[str, Any] = {"rankingId": ranking["id"], "candidates": names}
    [fault] = (await committee.put(f"{vacancy}/shortlist", json=proposal)).json()["errors"]
    assert fault["code"] == "shortlist.group_reason_owed"
    proposal["passedOverTogether"] = [
        {"who": "toVerify", "reasonCode": "other", "reason": "Berkas tidak diserahkan sampai batas waktu."}
    ]
    shortlist = await done(await committee.put(f"{vacancy}/shortlist", json=proposal))
    [together] = shortlist["passedOverTogether"]
    assert 0 < together["people"] <= ranking["toVerify"]
    assert all(one["talent"]["name"] for one in shortlist["candidates"])
    seed = bytes.fromhex((await done(await office.get(vacancy)))["seed"])
    assert hashlib.sha256(seed).hexdigest() == commitment
    assert eligible[0]["tieBreak"] == hmac.new(seed, UUID(names[0]).bytes, "sha256").hexdigest()

    await done(await authority.put(f"{vacancy}/decision", json={"candidateId": names[0]}))
    number = {"number": "1234/B-AK/2026", "recommendedOn": str(today)}
    await done(await office.put(f"{vacancy}/recommendation", json=number))
    decree = {"number": "821.22/17", "decreedOn": str(today), "effectiveOn": str(today)}
    await done(await office.put(f"{vacancy}/decree", json=decree))
    filled = await done(await office.put(f"{vacancy}/inauguration"))
    assert filled["state"] == "effective"
    holders = (await done(await office.get(f"/v1/posts/{post}")))["holders"]
    chosen = shortlist["candidates"][0]["talent"]["nip"]
    assert [one["talent"]["nip"] for one in holders] == [chosen]

    again = await done(await office.post(f"/v1/rankings/{ranking['id']}/recomputation"))
    assert (again["isSame"], again["people"]) == (True, 0)
    own = await done(await personas.talent(home, chosen).get(f"/v1/talents/{chosen}/rankings"))
    standing = own["edges"][0]["node"]
    assert (standing["position"], standing["vacancyOutcome"]["isChosen"]) == (1, True)
    checks = (await done(await committee.get(f"{vacancy}/shortlist")))["checks"]
    assert [one["state"] for one in checks] == ["shortlisted"] * 3 + ["decided", "decreed", "effective"]
