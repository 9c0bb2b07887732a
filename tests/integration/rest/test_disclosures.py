"""Receipts, consents, cards and disclosures through both doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.purposes import Purpose
from tests.disclosures import NUMBER, WHY, YES, an_open_disclosure, card_of
from tests.factories import a_placed_talent, an_institution
from tests.personas import Personas

UNTIL = (datetime.now(UTC) + timedelta(days=30)).isoformat()


@pytest_asyncio.fixture(scope="module")
async def origin(db: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[Actor, str]:
    actor = await an_institution(db)
    return actor, await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))


async def test_why_somebody_looks_is_said_with_the_request(personas: Personas, origin: tuple[Actor, str]) -> None:
    actor, nip = origin
    officer, talent = personas.hr_officer(actor.institution_id), personas.talent(actor.institution_id, nip)
    answer = await officer.get(f"/v1/talents/{nip}", headers={"x-purpose": "succession"})
    assert answer.status_code == 200
    [newest] = (await talent.get("/v1/receipts?first=1")).json()["edges"]
    assert (newest["node"]["purpose"], newest["node"]["by"]) == ("succession", "officer")
    told = await talent.ask("{ receipts(first: 1) { edges { node { purpose document seenAt } } } }")
    assert told["data"]["receipts"]["edges"][0]["node"]["document"] == "Talent"


@pytest.mark.parametrize("purpose", ["curiosity", "", "SUCCESSION", "succession, calibration"])
async def test_a_word_that_is_no_purpose_is_refused_with_those_that_are(
    purpose: str, personas: Personas, origin: tuple[Actor, str]
) -> None:
    actor, nip = origin
    answer = await personas.hr_officer(actor.institution_id).get(f"/v1/talents/{nip}", headers={"x-purpose": purpose})
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["where"] == "X-Purpose"
    assert all(one.value in fault["detail"]["en"] for one in Purpose)


async def test_from_a_consent_to_a_look_and_its_end(
    db: Database, database_name: str, personas: Personas, origin: tuple[Actor, str]
) -> None:
    actor, nip = origin
    talent, authority = (
        personas.talent(actor.institution_id, nip),
        personas.appointing_authority(actor.institution_id),
    )
    asker = personas.hr_officer((await an_institution(db)).institution_id)
    given = await talent.post("/v1/consents", json={"scope": "card", "expiresAt": UNTIL})
    assert (given.status_code, given.json()["isInForce"]) == (201, True)
    assert (await talent.get(given.headers["location"])).json() == given.json()
    card = str(await card_of(database_name, nip))
    request = {"cardId": card, "tier": "dossier", "reason": WHY, "requestNumber": NUMBER}
    asked = await asker.post("/v1/disclosures", json=request)
    assert (asked.status_code, asked.json()["state"]) == (201, "requested")
    address, why = asked.headers["location"], {"headers": {"x-purpose": "talent-mobility"}}
    assert (await asker.get(f"{address}/talent", **why)).status_code == 404
    released = await authority.put(f"{address}/release", json={"comment": YES, "days": 30})
    assert (released.status_code, released.json()["state"]) == (200, "requested")
    assert (await talent.put(f"{address}/consent")).json()["state"] == "open"
    seen = await asker.get(f"{address}/talent", **why)
    assert (seen.json()["nip"], seen.json()["dossier"]["summary"]["box"]) == (nip, 8)
    assert (await asker.get(f"{address}/talent")).json()["code"] == "purpose.missing"
    closed = await talent.put(f"{address}/withdrawal", json={})
    assert closed.json()["state"] == "withdrawn"
    assert (await asker.get(f"{address}/talent", **why)).status_code == 404


async def test_what_is_amiss_and_what_is_absent_are_answered_alike(
    db: Database, database_name: str, personas: Personas, origin: tuple[Actor, str], tmp_path: Path
) -> None:
    actor, nip = origin
    asker = await an_institution(db)
    unlisted = await a_placed_talent(db, await an_institution(db), tmp_path / "office")
    disclosure_id = await an_open_disclosure(db, database_name, actor, nip, asker)
    stranger, why = personas.hr_officer((await an_institution(db)).institution_id), {"x-purpose": "talent-mobility"}
    bodies: list[dict[str, Any]] = []
    for one in (disclosure_id, uuid4(), "nothing"):
        answer = await stranger.get(f"/v1/disclosures/{one}/talent", headers=why)
        assert answer.status_code == 404
        bodies.append({name: said for name, said in answer.json().items() if name != "requestId"})
    assert bodies[0] == bodies[1] == bodies[2]
    cards = [
        await stranger.post("/v1/disclosures", json={"cardId": str(card), "tier": "identified", "reason": WHY})
        for card in (uuid4(), await card_of(database_name, unlisted))
    ]
    assert [answer.status_code for answer in cards] == [404, 404]
    assert [answer.json()["code"] for answer in cards] == ["card.not_found"] * 2


async def test_both_doors_give_consents_and_ask_for_disclosures(
    db: Database, database_name: str, personas: Personas, origin: tuple[Actor, str]
) -> None:
    actor, nip = origin
    talent = personas.talent(actor.institution_id, nip)
    asker = personas.hr_officer((await an_institution(db)).institution_id)
    consent = await talent.ask(
        "mutation ($until: DateTime!) { giveConsent(input: {scope: card, expiresAt: $until}) { id purpose } }",
        until=UNTIL,
    )
    assert consent["data"]["giveConsent"]["purpose"] == "talent-mobility"
    card = str(await card_of(database_name, nip))
    listed = await asker.ask("{ talentCards(first: 200) { edges { node { id box } } } }")
    assert {"id": card, "box": 8} in [edge["node"] for edge in listed["data"]["talentCards"]["edges"]]
    asked = await asker.ask(
        """mutation ($card: UUID!, $why: String!) {
            requestDisclosure(input: {cardId: $card, tier: identified, reason: $why}) { id state talent { nip } }
        }""",
        card=card,
        why=WHY,
    )
    assert asked["data"]["requestDisclosure"]["talent"] is None
    disclosure = asked["data"]["requestDisclosure"]["id"]
    agreed = await talent.ask("mutation ($id: UUID!) { agreeToDisclosure(disclosureId: $id) { state } }", id=disclosure)
    assert agreed["data"]["agreeToDisclosure"]["state"] == "requested"
    seen = await asker.ask("query ($id: UUID!) { disclosedTalent(disclosureId: $id) { nip } }", id=disclosure)
    assert seen["errors"][0]["extensions"]["code"] == "purpose.missing"
    withdrawn = await talent.ask(
        "mutation ($id: UUID!) { withdrawConsent(consentId: $id) { isInForce } }",
        id=consent["data"]["giveConsent"]["id"],
    )
    assert withdrawn["data"]["withdrawConsent"]["isInForce"] is False


async def test_a_province_that_there_is_not_is_refused(personas: Personas, origin: tuple[Actor, str]) -> None:
    officer = personas.hr_officer(origin[0].institution_id)
    refused = await officer.patch("/v1/institution/settings", json={"provinceCode": "99"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "province.unknown")
    kept = await officer.patch("/v1/institution/settings", json={"provinceCode": "14"})
    assert (kept.status_code, kept.json()["provinceCode"]) == (200, "14")
