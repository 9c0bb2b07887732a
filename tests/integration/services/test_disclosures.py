"""Consents, and disclosure across institutions: both have to agree, and every look is told to the person."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.disclosures import Tier
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.purposes import Purpose
from app.services import access_exports, consents, disclosures, receipts
from app.services.access_exports import Notice
from app.services.disclosures import CloseDisclosure, RequestDisclosure
from tests.cycles import at, authority
from tests.disclosures import (
    WHY,
    YES,
    a_consent,
    a_request,
    a_system,
    agree,
    an_open_disclosure,
    card_of,
    looking,
    release,
)
from tests.factories import a_nip, a_placed_talent, an_institution, name_of, officer, rows_of, talent


@dataclass(frozen=True)
class Sides:
    """An origin with a talent, and an institution that asks."""

    origin: Actor
    nip: str
    asker: Actor


@pytest_asyncio.fixture
async def sides(db: Database, tmp_path: Any) -> Sides:
    origin = await an_institution(db)
    return Sides(origin, await a_placed_talent(db, origin, tmp_path / "office"), await an_institution(db))


async def told(db: Database, actor: Actor, disclosure_id: UUID) -> dict[str, Any]:
    return json.loads(await disclosures.disclosure_document(db, actor, disclosure_id))


async def look(db: Database, actor: Actor, disclosure_id: UUID) -> dict[str, Any]:
    return json.loads(await disclosures.disclosed_talent_document(db, actor, disclosure_id))


async def traces(db: Database, origin: Actor) -> tuple[int, int]:
    """How many looks from outside the origin's receipts and its ledger tell of."""
    [found] = await rows_of(
        db,
        origin,
        """SELECT (SELECT count(*) FROM view_receipt WHERE viewer_institution IS NOT NULL) AS receipts,
                  (SELECT count(*) FROM ledger_entry WHERE type = 'profileDisclosed') AS entries""",
    )
    return found["receipts"], found["entries"]


# ── the way to an open disclosure


async def test_the_asker_learns_who_it_is_only_when_both_have_agreed(
    db: Database, database_name: str, sides: Sides
) -> None:
    await a_consent(db, sides.origin, sides.nip)
    disclosure_id = await a_request(db, sides.asker, await card_of(database_name, sides.nip))
    for step in (None, release(db, sides.origin, disclosure_id)):
        if step is not None:
            await step
        seen = await told(db, officer(sides.asker), disclosure_id)
        assert (seen["state"], seen["talent"]) == ("requested", None)
        assert sides.nip not in json.dumps(seen)
        with pytest.raises(NotFound, match=r"disclosure\.not_found"):
            await look(db, looking(sides.asker), disclosure_id)
    await agree(db, sides.origin, sides.nip, disclosure_id)
    assert (await told(db, officer(sides.asker), disclosure_id))["state"] == "open"
    assert (await look(db, looking(sides.asker), disclosure_id))["nip"] == sides.nip


async def test_origin_and_talent_see_who_asks_for_whom(db: Database, database_name: str, sides: Sides) -> None:
    await a_consent(db, sides.origin, sides.nip)
    disclosure_id = await a_request(db, sides.asker, await card_of(database_name, sides.nip))
    asks = await name_of(db, sides.asker)
    for actor in (authority(sides.origin), officer(sides.origin), talent(sides.origin, sides.nip)):
        seen = await told(db, actor, disclosure_id)
        assert (seen["receivingInstitution"], seen["talent"]["nip"]) == (asks, sides.nip)
    for stranger in (officer(await an_institution(db)), talent(sides.origin, a_nip())):
        with pytest.raises(NotFound, match=r"disclosure\.not_found"):
            await told(db, stranger, disclosure_id)


async def test_the_talent_may_agree_first_and_an_earlier_consent_counts(
    db: Database, database_name: str, sides: Sides
) -> None:
    await a_consent(db, sides.origin, sides.nip)
    card = await card_of(database_name, sides.nip)
    first = await a_request(db, sides.asker, card)
    await agree(db, sides.origin, sides.nip, first)
    await release(db, sides.origin, first)
    assert (await told(db, officer(sides.asker), first))["state"] == "open"
    await a_consent(db, sides.origin, sides.nip, "dossier")
    second = await a_request(db, sides.asker, card, "dossier")
    await release(db, sides.origin, second)
    assert (await told(db, officer(sides.asker), second))["state"] == "open"


async def test_an_earlier_consent_for_another_institution_or_for_less_does_not_count(
    db: Database, database_name: str, sides: Sides
) -> None:
    await a_consent(db, sides.origin, sides.nip)
    await a_consent(db, sides.origin, sides.nip, "dossier", receivingInstitutionId=str(uuid4()))
    await a_consent(db, sides.origin, sides.nip, "identified", receivingInstitutionId=str(sides.asker.institution_id))
    await a_consent(db, sides.origin, sides.nip, "dossier", purpose="vacancy-selection")
    disclosure_id = await a_request(db, sides.asker, await card_of(database_name, sides.nip), "dossier")
    await release(db, sides.origin, disclosure_id)
    assert (await told(db, officer(sides.asker), disclosure_id))["state"] == "requested"


async def test_an_unknown_card_and_one_that_is_not_listed_are_refused_alike(
    db: Database, database_name: str, sides: Sides
) -> None:
    unlisted = await card_of(database_name, sides.nip)
    await a_consent(db, sides.origin, sides.nip, "identified")
    for card, asker in ((unlisted, sides.asker), (uuid4(), sides.asker)):
        with pytest.raises(NotFound, match=r"card\.not_found"):
            await a_request(db, asker, card)
    await a_consent(db, sides.origin, sides.nip)
    with pytest.raises(NotFound, match=r"card\.not_found"):
        await a_request(db, sides.origin, unlisted)
    assert await rows_of(db, sides.origin, "SELECT FROM disclosure") == []


async def test_a_dossier_takes_a_formal_request(db: Database, database_name: str, sides: Sides) -> None:
    await a_consent(db, sides.origin, sides.nip)
    card = await card_of(database_name, sides.nip)
    with pytest.raises(Invalid) as refused:
        await a_request(db, sides.asker, card, "dossier", requestNumber=None, purpose="calibration")
    assert {fault.code for fault in refused.value.faults} == {"disclosure.number", "consent.purpose"}


# ── what is disclosed


async def test_the_second_tier_names_the_person_and_the_third_adds_evidence(
    db: Database, database_name: str, sides: Sides
) -> None:
    second = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
    third = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker, "dossier")
    identified, dossier = await look(db, looking(sides.asker), second), await look(db, looking(sides.asker), third)
    assert identified["institution"] == await name_of(db, sides.origin)
    assert len(identified["positions"]) == 3
    assert identified["dossier"] is None
    assert dossier["dossier"]["summary"]["box"] == 8
    assert [one["method"] for one in dossier["dossier"]["potentialAssessments"]] == ["CACT BKN"]
    assert {**dossier, "dossier": None} == identified


async def test_what_never_crosses_is_in_no_tier(db: Database, database_name: str, sides: Sides) -> None:
    disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker, "dossier")
    names = set(_names(await look(db, looking(sides.asker), disclosure_id)))
    assert not {name for name in names if "anction" in name or "iscipl" in name}
    assert not names & {
        "integrity",
        "intellectualAbility",
        "appraiserNip",
        "bornOn",
        "trace",
        "missing",
        "unmappedBecause",
    }


def _names(document: object) -> list[str]:
    if isinstance(document, dict):
        return [*document, *(name for one in document.values() for name in _names(one))]
    return [name for one in document for name in _names(one)] if isinstance(document, list) else []


# ── who may look, and when


async def test_a_look_leaves_a_receipt_and_an_entry_with_the_person(
    db: Database, database_name: str, sides: Sides
) -> None:
    disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
    asker = replace(looking(sides.asker), request_id="request-7")
    await look(db, asker, disclosure_id)
    [edge] = json.loads(await receipts.receipts_page(db, talent(sides.origin, sides.nip)))["edges"]
    receipt = edge["node"]
    assert (receipt["institution"], receipt["by"]) == (await name_of(db, sides.asker), None)
    assert (receipt["purpose"], receipt["document"]) == ("talent-mobility", "DisclosedTalent")
    [entry] = await rows_of(db, sides.origin, "SELECT * FROM ledger_entry WHERE type = 'profileDisclosed'")
    [person] = await rows_of(db, sides.origin, "SELECT id FROM talent")
    assert (entry["role"], entry["subject"], entry["purpose"]) == ("hr-officer", "officer", "talent-mobility")
    assert (entry["about_type"], entry["about_id"], entry["request_id"]) == ("talent", str(person["id"]), "request-7")
    assert entry["payload"] == {
        "disclosure_id": str(disclosure_id),
        "talent_id": str(person["id"]),
        "receiving_institution": await name_of(db, sides.asker),
        "tier": "identified",
    }
    assert await traces(db, sides.asker) == (0, 0)


async def test_without_a_purpose_nobody_looks_across(db: Database, database_name: str, sides: Sides) -> None:
    disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
    for known in (disclosure_id, uuid4()):
        with pytest.raises(Invalid, match=r"purpose\.missing"):
            await look(db, looking(sides.asker, None), known)


async def test_only_the_institution_that_asked_looks_and_only_for_that_purpose(
    db: Database, database_name: str, sides: Sides
) -> None:
    disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
    nobody = Actor(uuid4(), Role.HR_OFFICER, "nobody")
    others = [looking(await an_institution(db)), looking(nobody), looking(sides.origin)]
    others += [looking(sides.asker, purpose) for purpose in Purpose if purpose is not Purpose.TALENT_MOBILITY]
    for actor in others:
        with pytest.raises(NotFound, match=r"disclosure\.not_found"):
            await look(db, actor, disclosure_id)
    with pytest.raises(NotFound, match=r"disclosure\.not_found"):
        await look(db, looking(sides.asker), uuid4())
    assert await traces(db, sides.origin) == (0, 0)


async def test_nobody_looks_after_its_time(db: Database, database_name: str, sides: Sides) -> None:
    long_ago = at(db, datetime.now(UTC) - timedelta(days=100))
    await a_consent(db, sides.origin, sides.nip, days=30)
    disclosure_id = await a_request(long_ago, sides.asker, await card_of(database_name, sides.nip))
    await release(long_ago, sides.origin, disclosure_id, days=99)
    await agree(long_ago, sides.origin, sides.nip, disclosure_id)
    assert (await told(db, officer(sides.asker), disclosure_id))["state"] == "expired"
    with pytest.raises(NotFound, match=r"disclosure\.not_found"):
        await look(db, looking(sides.asker), disclosure_id)
    assert await traces(db, sides.origin) == (0, 0)


@pytest.mark.parametrize("who", ["authority", "talent"])
@pytest.mark.parametrize("word", ["refuse", "withdraw"])
async def test_either_side_says_no_and_nobody_looks(
    who: str, word: str, db: Database, database_name: str, sides: Sides
) -> None:
    says = authority(sides.origin) if who == "authority" else talent(sides.origin, sides.nip)
    if word == "refuse":
        await a_consent(db, sides.origin, sides.nip)
        disclosure_id = await a_request(db, sides.asker, await card_of(database_name, sides.nip))
        await disclosures.refuse_disclosure(db, says, disclosure_id, CloseDisclosure(comment=YES))
    else:
        disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
        await disclosures.withdraw_disclosure(db, says, disclosure_id, CloseDisclosure(comment=YES))
    with pytest.raises(NotFound, match=r"disclosure\.not_found"):
        await look(db, looking(sides.asker), disclosure_id)
    seen, known = await told(db, officer(sides.asker), disclosure_id), await told(db, says, disclosure_id)
    assert (seen["closedRole"], seen["closedComment"]) == (None, None)
    assert (known["closedRole"], known["closedComment"]) == (says.role.value, YES)
    for again in (release(db, sides.origin, disclosure_id), agree(db, sides.origin, sides.nip, disclosure_id)):
        with pytest.raises(Conflict, match=r"disclosure\.decided"):
            await again


async def test_who_may_decide(db: Database, database_name: str, sides: Sides) -> None:
    await a_consent(db, sides.origin, sides.nip)
    disclosure_id = await a_request(db, sides.asker, await card_of(database_name, sides.nip))
    with pytest.raises(Forbidden):
        await disclosures.release_disclosure(
            db, officer(sides.origin), disclosure_id, disclosures.ReleaseDisclosure(comment=YES)
        )
    for stranger in (sides.asker, await an_institution(db)):
        with pytest.raises(NotFound):
            await release(db, stranger, disclosure_id)
    with pytest.raises(NotFound):
        await agree(db, sides.origin, a_nip(), disclosure_id)
    with pytest.raises(Invalid):
        await disclosures.refuse_disclosure(db, authority(sides.origin), disclosure_id, CloseDisclosure())
    await release(db, sides.origin, disclosure_id)
    with pytest.raises(Conflict, match=r"disclosure\.answered"):
        await release(db, sides.origin, disclosure_id)


async def test_a_client_sees_what_its_institution_asked_for_and_not_who_is_asked_of_it(
    db: Database, database_name: str, sides: Sides
) -> None:
    disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
    why = Purpose.TALENT_MOBILITY
    here = replace(await a_system(db, sides.asker, sides.origin), purpose=why)
    there = await a_system(db, sides.origin, sides.asker)
    assert (await look(db, here, disclosure_id))["nip"] == sides.nip
    assert (await told(db, here, disclosure_id))["state"] == "open"
    with pytest.raises(NotFound):
        await told(db, there, disclosure_id)
    with pytest.raises(NotFound):
        await look(db, replace(await a_system(db, sides.asker), purpose=why), disclosure_id)


# ── consents


async def test_withdrawing_a_consent_closes_what_rests_on_it_at_once(
    db: Database, database_name: str, sides: Sides
) -> None:
    disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
    person = talent(sides.origin, sides.nip)
    [given] = [
        edge["node"]["id"]
        for edge in json.loads(await consents.consents_page(db, person))["edges"]
        if edge["node"]["scope"] == "identified"
    ]
    await consents.withdraw_consent(db, person, UUID(given))
    assert json.loads(await consents.consent_document(db, person, UUID(given)))["isInForce"] is False
    assert (await told(db, officer(sides.asker), disclosure_id))["state"] == "withdrawn"
    with pytest.raises(NotFound):
        await look(db, looking(sides.asker), disclosure_id)
    with pytest.raises(Conflict, match=r"consent\.withdrawn"):
        await consents.withdraw_consent(db, person, UUID(given))


async def test_who_is_listed_no_longer_is_not_asked_for_any_more(
    db: Database, database_name: str, sides: Sides
) -> None:
    listed = await a_consent(db, sides.origin, sides.nip)
    card = await card_of(database_name, sides.nip)
    disclosure_id = await a_request(db, sides.asker, card)
    await consents.withdraw_consent(db, talent(sides.origin, sides.nip), listed)
    assert (await told(db, officer(sides.asker), disclosure_id))["state"] == "withdrawn"
    with pytest.raises(NotFound, match=r"card\.not_found"):
        await a_request(db, sides.asker, card)


async def test_who_is_listed_again_is_not_recognised_by_an_old_disclosure(
    db: Database, database_name: str, sides: Sides
) -> None:
    person = talent(sides.origin, sides.nip)
    given = [await a_consent(db, sides.origin, sides.nip)]
    card = await card_of(database_name, sides.nip)
    disclosure_id = await a_request(db, sides.asker, card)
    await release(db, sides.origin, disclosure_id)
    await agree(db, sides.origin, sides.nip, disclosure_id)
    given.append(await a_consent(db, sides.origin, sides.nip, days=90))
    await consents.withdraw_consent(db, person, given[0])
    assert await card_of(database_name, sides.nip) == card
    await consents.withdraw_consent(db, person, given[1])
    await a_consent(db, sides.origin, sides.nip)
    again = await card_of(database_name, sides.nip)
    assert again != card
    seen = await told(db, officer(sides.asker), disclosure_id)
    assert (seen["cardId"], seen["state"]) == (str(card), "open")
    assert (await look(db, looking(sides.asker), disclosure_id))["nip"] == sides.nip
    with pytest.raises(NotFound, match=r"card\.not_found"):
        await a_request(db, sides.asker, card)
    assert await a_request(db, sides.asker, again)


async def test_an_access_export_tells_of_outsiders_their_institution_and_role_alone(
    db: Database, database_name: str, sides: Sides
) -> None:
    disclosure_id = await an_open_disclosure(db, database_name, sides.origin, sides.nip, sides.asker)
    outsider = replace(looking(sides.asker), subject="budi.santoso")
    await look(db, outsider, disclosure_id)
    await disclosures.request_disclosure(
        db,
        outsider,
        RequestDisclosure(card_id=await card_of(database_name, sides.nip), tier=Tier.IDENTIFIED, reason=WHY),
    )
    person = talent(sides.origin, sides.nip)
    document = await access_exports.export_own_data(db, person, Notice(None, "/v1/access-export.html"))
    held, asks = json.loads(document), await name_of(db, sides.asker)
    assert "budi.santoso" not in document.decode()
    assert [(one["by"], one["institution"], one["role"]) for one in held["receipts"]] == [(None, asks, "hr-officer")]
    assert {(one["receivingInstitution"], one["requestedRole"]) for one in held["disclosures"]} == {
        (asks, "hr-officer")
    }
    entries = {entry["type"]: entry for entry in held["ledger"]}
    looked = entries["profileDisclosed"]
    assert (looked["subject"], looked["role"], looked["payload"]["receiving_institution"]) == (
        None,
        "hr-officer",
        asks,
    )
    assert entries["disclosureReleased"]["subject"] == "authority"


async def test_an_access_export_holds_the_card(db: Database, database_name: str, sides: Sides) -> None:
    async def card() -> dict[str, Any]:
        person = talent(sides.origin, sides.nip)
        document = await access_exports.export_own_data(db, person, Notice(None, "/v1/access-export.html"))
        return json.loads(document)["card"]

    unlisted = await card()
    assert (unlisted["box"], unlisted["performanceFrom"], unlisted["listedUntil"]) == (8, 70, None)
    given = await a_consent(db, sides.origin, sides.nip)
    [consent] = await rows_of(db, sides.origin, "SELECT expires_at FROM consent WHERE id = $1", given)
    listed = await card()
    assert datetime.fromisoformat(listed["listedUntil"]) == consent["expires_at"]
    assert listed["id"] == str(await card_of(database_name, sides.nip))
    assert {"institutionId", "talentId"} & set(listed) == set()


@pytest.mark.parametrize(
    ("but", "code"),
    [
        ({"days": 731}, "consent.expiry"),
        ({"days": -1}, "consent.expiry"),
        ({"purpose": "calibration"}, "consent.purpose"),
        ({"purpose": "vacancy-selection"}, "consent.purpose"),
    ],
)
async def test_a_consent_has_an_end_and_a_purpose_that_rests_on_it(
    but: dict[str, Any], code: str, db: Database, sides: Sides
) -> None:
    with pytest.raises(Invalid) as refused:
        await a_consent(db, sides.origin, sides.nip, **but)
    assert [fault.code for fault in refused.value.faults] == [code]


async def test_a_consent_is_the_talents_own(db: Database, sides: Sides) -> None:
    given = await a_consent(db, sides.origin, sides.nip)
    for somebody in (talent(sides.origin, a_nip()), talent(sides.asker, sides.nip)):
        with pytest.raises(NotFound):
            await consents.withdraw_consent(db, somebody, given)
        with pytest.raises(NotFound):
            await consents.consent_document(db, somebody, given)
        assert json.loads(await consents.consents_page(db, somebody))["edges"] == []
    with pytest.raises(NotFound, match=r"talent\.not_found"):
        await a_consent(db, sides.origin, a_nip())
