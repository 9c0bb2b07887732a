"""Listings: by consent, shown on the card without a name, and gone everywhere at once when it is withdrawn."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import consents, mobility_listings, standing
from app.services.standing import EditInstitution
from tests.cycles import at, somebody
from tests.disclosures import a_consent, a_request, card_of
from tests.factories import a_placed_talent, an_institution, officer, rows_of, talent
from tests.integration.services.test_cards import listed
from tests.mobility_cases import a_case
from tests.mobility_listings import a_listing
from tests.rights import lift, restrict
from tests.vacancies import a_post

COUNTED = """
    SELECT dimension, kind, province, value, sum(number) AS number FROM mobility_count_change GROUP BY 1, 2, 3, 4"""


async def listing_of(db: Database, actor: Actor, nip: str) -> dict[str, Any]:
    return json.loads(await mobility_listings.mobility_listing_document(db, talent(actor, nip)))


async def test_a_listing_says_on_the_card_what_is_wished_for_and_nothing_else(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, asker, barred = [await an_institution(db) for _ in range(3)]
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await standing.edit_institution(db, officer(origin), EditInstitution(province_code="13"))
    await a_listing(
        db,
        origin,
        nip,
        provincesWanted=["14", "21"],
        provincesExcluded=["31"],
        institutionsExcluded=[str(barred.institution_id)],
        horizonMonths=18,
        moves=["promotion", "lateral"],
        governmentAffairs=["health"],
        grounds=["health", "family"],
    )
    card = str(await card_of(database_name, nip))
    wish = {
        "isAnywhere": False,
        "provinceCodes": ["14", "21"],
        "positionLevels": ["jf_ahli_madya", "jf_ahli_muda"],
        "governmentAffairs": ["health"],
        "moves": ["lateral", "promotion"],
        "horizonMonthsFrom": 12,
    }
    assert (await listed(db, officer(asker)))[card]["mobilityWish"] == wish
    assert card not in await listed(db, officer(barred))
    with pytest.raises(NotFound, match="card"):
        await a_request(db, barred, UUID(card))
    with pytest.raises(NotFound, match="nobody"):
        await a_case(db, barred, await a_post(db, barred), UUID(card))
    fitting = {"wished_province": "21", "wished_level": "jf_ahli_madya", "wished_affair": "health"}
    assert card in await listed(db, officer(asker), **fitting)
    for other in ({"wished_province": "31"}, {"wished_level": "pengawas"}, {"wished_affair": "education"}):
        assert card not in await listed(db, officer(asker), **{**fitting, **other})
    own = await listing_of(db, origin, nip)
    assert (own["grounds"], own["provincesExcluded"], own["withheld"]) == (["family", "health"], ["31"], [])
    with pytest.raises(NotFound):
        await mobility_listings.mobility_listing_document(db, talent(asker, nip))
    for role in (Role.HR_OFFICER, Role.NATIONAL, Role.APPOINTING_AUTHORITY):
        with pytest.raises(Forbidden):
            await mobility_listings.mobility_listing_document(db, somebody(origin, role, "x"))


async def test_a_listing_rests_on_a_consent_and_ends_with_it(db: Database, database_name: str, tmp_path: Path) -> None:
    origin, asker = await an_institution(db), officer(await an_institution(db))
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    with pytest.raises(Conflict, match="no_consent"):
        await a_listing(db, origin, nip, days=None)
    await a_consent(db, origin, nip, "identified", receivingInstitutionId=str(asker.institution_id))
    with pytest.raises(Conflict, match="no_consent"):
        await a_listing(db, origin, nip, days=None)
    await a_consent(db, origin, nip, "identified", days=30)
    await a_listing(db, origin, nip, days=None)
    card = str(await card_of(database_name, nip))
    assert (await listed(db, asker))[card]["mobilityWish"] is not None
    before = at(db, db.now() - timedelta(days=100))
    other = await a_placed_talent(db, origin, tmp_path / "other")
    await a_listing(before, origin, other, days=30)
    await a_consent(db, origin, other, "card")
    own = await listing_of(db, origin, other)
    assert own["isInForce"] is False
    assert (await listed(db, asker))[str(await card_of(database_name, other))]["mobilityWish"] is None


async def test_who_withdraws_is_gone_from_the_register_the_card_and_every_count(
    db: Database, database_name: str, tmp_path: Path
) -> None:
    origin, asker = await an_institution(db), officer(await an_institution(db))
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await standing.edit_institution(db, officer(origin), EditInstitution(province_code="13"))

    async def traces() -> tuple[int, bool, dict[str, int]]:
        cards = await listed(db, asker)
        wish = any(one["mobilityWish"] for one in cards.values() if one["id"] == str(card))
        rows = await rows_of(db, origin, "SELECT FROM mobility_listing")
        counted = await rows_of(db, asker, "SELECT * FROM mobility_demand('positionLevel', current_date)")
        return len(rows), wish, {f"{row['province']} {row['value']}": row["wanting_in"] for row in counted}

    card = await card_of(database_name, nip)
    nothing = await traces()
    await a_listing(db, origin, nip)
    card = await card_of(database_name, nip)
    there = await traces()
    assert there[:2] == (1, True)
    assert there[2]["14 jf_ahli_muda"] == nothing[2].get("14 jf_ahli_muda", 0) + 1
    await mobility_listings.withdraw_mobility_listing(db, talent(origin, nip))
    assert await traces() == nothing
    with pytest.raises(NotFound):
        await mobility_listings.withdraw_mobility_listing(db, talent(origin, nip))
    assert str(card) in await listed(db, asker)  # the consent still stands
    await a_listing(db, origin, nip, days=None)
    [consent] = await rows_of(db, origin, "SELECT id FROM consent")
    await consents.withdraw_consent(db, talent(origin, nip), consent["id"])
    assert await traces() == nothing
    assert str(card) not in await listed(db, asker)
    kept = await rows_of(db, origin, "SELECT type FROM ledger_entry WHERE type LIKE 'mobilityListing%' ORDER BY id")
    assert [row["type"] for row in kept] == ["mobilityListingKept", "mobilityListingWithdrawn"] * 2


async def test_whose_processing_is_restricted_is_on_no_register(db: Database, tmp_path: Path) -> None:
    origin = await an_institution(db)
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    await a_listing(db, origin, nip)
    request_id = await restrict(db, talent(origin, nip))
    with pytest.raises(NotFound):
        await listing_of(db, origin, nip)
    with pytest.raises(Conflict, match="restricted"):
        await a_listing(db, origin, nip)
    await lift(db, origin, request_id)
    await a_listing(db, origin, nip)


async def test_a_wish_that_cannot_be_is_refused_with_everything_that_is_wrong(db: Database, tmp_path: Path) -> None:
    origin = await an_institution(db)
    nip = await a_placed_talent(db, origin, tmp_path / "office")
    own = str(origin.institution_id)
    with pytest.raises(Invalid) as refused:
        await a_listing(
            db,
            origin,
            nip,
            provincesWanted=["14", "14"],
            provincesExcluded=["14"],
            institutionsWanted=[own, str(uuid4())],
            governmentAffairs=["magic"],
        )
    assert {(fault.code, fault.where) for fault in refused.value.faults} == {
        ("listing.repeated", "/provincesWanted/1"),
        ("listing.excluded", "/provincesExcluded/0"),
        ("listing.own_institution", "/institutionsWanted/0"),
        ("listing.institution", "/institutionsWanted/1"),
        ("listing.affair", "/governmentAffairs/0"),
    }
    for but in ({"provincesWanted": ["99"]}, {"horizonMonths": 61}, {"moves": []}, {"note": "x"}):
        with pytest.raises(ValidationError):
            await a_listing(db, origin, nip, **but)
