"""The doors of the register of those who want to move, and of demand and supply: both say the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.db.database import Database
from tests.factories import a_placed_talent, an_institution
from tests.personas import Personas

KEEP = "mutation ($input: KeepMobilityListingInput!) { keepMobilityListing(input: $input) { horizonMonths grounds } }"
OWN = "{ mobilityListing { provincesWanted positionLevels horizonMonths moves grounds isInForce } }"
DEMAND = """query ($by: MobilityDemandGrouping!) {
    mobilityDemand(filter: {groupedBy: $by, horizonMonths: 24, province: "14"})
    { asOf until horizonMonths groupedBy smallestTold total { wantingIn netPressure }
      groups { code emptySeats } provinces { provinceCode wantingIn wantingOut groups { code wantingIn } }
      unmetPosts { provinceCode positionLevel governmentAffair atLeast } } }"""


async def test_a_talent_is_listed_reads_it_and_withdraws_through_both_doors(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path / "office")
    somebody = personas.talent(actor.institution_id, nip)
    ends = (datetime.now(UTC) + timedelta(days=90)).isoformat()
    wish = {"provincesWanted": ["14"], "horizonMonths": 6, "moves": ["lateral"], "grounds": ["family"]}
    none = await somebody.put("/v1/mobility-listing", json=wish)
    assert (none.status_code, none.json()["code"]) == (409, "listing.no_consent")
    kept = await somebody.put("/v1/mobility-listing", json={**wish, "consent": {"expiresAt": ends}})
    assert kept.status_code == 200, kept.text
    assert kept.json() == (await somebody.get("/v1/mobility-listing")).json()
    told = (await somebody.ask(OWN))["data"]["mobilityListing"]
    assert told == {name: kept.json()[name] for name in told}
    assert (await somebody.get("/v1/mobility-listing?fields=moves")).json() == {"moves": ["lateral"]}
    changed = (await somebody.ask(KEEP, input={**wish, "horizonMonths": 9, "grounds": ["health"]}))["data"]
    assert changed["keepMobilityListing"] == {"horizonMonths": 9, "grounds": ["health"]}
    wrong = await somebody.put("/v1/mobility-listing", json={**wish, "provincesWanted": ["00"], "moves": ["up"]})
    assert {fault["where"] for fault in wrong.json()["errors"]} == {"/provincesWanted/0", "/moves/0"}
    assert (await personas.hr_officer(actor.institution_id).get("/v1/mobility-listing")).status_code == 403
    assert (await somebody.delete("/v1/mobility-listing")).status_code == 204
    assert (await somebody.get("/v1/mobility-listing")).status_code == 404
    again = await somebody.ask("mutation { withdrawMobilityListing { horizonMonths } }")
    assert again["errors"][0]["extensions"]["code"] == "listing.not_found"


async def test_demand_is_the_same_through_both_doors(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    for reader in (personas.national(actor.institution_id), personas.hr_officer(actor.institution_id)):
        for by in ("positionLevel", "governmentAffair", "jobFamily", "programme"):
            rest = await reader.get(f"/v1/mobility-demand?groupedBy={by}&horizonMonths=24&province=14")
            assert rest.status_code == 200, rest.text
            told = (await reader.ask(DEMAND, by=by))["data"]["mobilityDemand"]
            assert told["groupedBy"] == by
            for name in ("asOf", "until", "horizonMonths", "smallestTold", "unmetPosts"):
                assert told[name] == rest.json()[name]
            assert [one["provinceCode"] for one in told["provinces"]] == [
                one["provinceCode"] for one in rest.json()["provinces"]
            ]
    refused = await reader.get("/v1/mobility-demand?horizonMonths=61")
    assert refused.status_code == 422
    assert (await personas.talent(actor.institution_id, "1").get("/v1/mobility-demand")).status_code == 403
