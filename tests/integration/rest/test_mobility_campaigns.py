"""Mobility campaigns through the doors: what an organiser sends, what everybody reads, and the same in GraphQL."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from app.db.database import Database
from tests.factories import a_nip, an_institution
from tests.mobility import EARLY, campaign_body
from tests.personas import WHICHEVER, Persona, Personas

FORMULA = {
    "title": {"id": "Formula contoh", "en": "Example formula"},
    "blocks": [
        {"code": "fit", "kind": "competenceFit", "most": 100, "label": {"id": "Kesesuaian", "en": "Match"}},
        {
            "code": "hard",
            "kind": "hardship",
            "perYear": 5,
            "most": 50,
            "areas": {"provinces": ["81"], "institutions": ["Pemerintah Kabupaten Contoh"]},
            "label": {"id": "Daerah sulit", "en": "Hardship areas"},
        },
    ],
}
RULE = {
    "code": "masa-jabatan",
    "field": "timeInPost",
    "comparison": "atLeast",
    "threshold": 24,
    "label": {"id": "Dua tahun dalam jabatan", "en": "Two years in the post"},
    "legalBasis": "PP 11/2017 pasal 132",
    "source": {"document": "PP 11/2017 pasal 132", "confidence": "likely"},
}


async def organised(db: Database, personas: Personas) -> tuple[UUID, Persona, Persona]:
    """BKN's institution, somebody of it whose reach is national, and a talent elsewhere."""
    bkn, elsewhere = await an_institution(db), await an_institution(db)
    return bkn.institution_id, personas.national(bkn.institution_id), personas.talent(elsewhere.institution_id, a_nip())


async def test_an_organiser_lays_a_campaign_down_and_everybody_reads_it(db: Database, personas: Personas) -> None:
    bkn, national, talent = await organised(db, personas)
    formula = await national.post("/v1/mobility-formulas", json={"code": "contoh", "document": FORMULA})
    assert formula.status_code == 201, formula.text
    assert (await talent.get(formula.headers["location"])).status_code == 404
    body = campaign_body(db, formula={"code": "contoh", "version": 1}, requirements=[RULE])
    made = await national.post("/v1/mobility-campaigns", json=body)
    assert made.status_code == 201, made.text
    address = made.headers["location"]
    assert (await talent.get(address)).status_code == 404
    assert (await talent.post("/v1/mobility-campaigns", json=body)).status_code == 403
    edited = await national.patch(address, json={"ownCellFirst": True}, headers={"if-match": made.headers["etag"]})
    assert edited.json()["ownCellFirst"]
    stale = await national.patch(address, json={"name": "Lain"}, headers={"if-match": made.headers["etag"]})
    assert stale.status_code == 412
    cells = [{"id": "p61", "level": "province", "provinceCode": "61"}, {"id": "e", "level": "occupation"}]
    refused = await national.put(f"{address}/cells", json={"cells": cells})
    assert refused.status_code == 422
    assert [(one["where"], one["code"]) for one in refused.json()["errors"]] == [
        ("/cells/1", "mobility_cell.own_level")
    ]
    assert (await national.put(f"{address}/cells", json={"cells": cells[:1]})).json()["cells"] == 1
    growth = {"growth": [{"governmentAffair": "education", "headroom": 3, "provinceCodes": ["61"]}]}
    proposed = await national.post(f"{address}/cells/proposal", json=growth, headers=WHICHEVER)
    assert proposed.status_code == 200, proposed.text
    announced = await national.put(f"{address}/state", json={"state": "announced"})
    assert announced.json()["state"] == "announced", announced.text
    assert (await talent.get(formula.headers["location"])).json() == formula.json()
    shown = (await talent.get(address)).json()
    assert shown == announced.json()
    assert shown["requirements"][0]["label"]["en"] == RULE["label"]["en"]
    assert shown["organiser"]["id"] == str(bkn)
    listed = (await talent.get("/v1/mobility-campaigns", params={"organiserId": str(bkn), "state": "announced"})).json()
    assert [edge["node"]["id"] for edge in listed["edges"]] == [shown["id"]]
    inner = (await talent.get(f"{address}/cells", params={"parentId": "education", "first": 200})).json()
    found = {edge["node"]["id"]: edge["node"]["headroom"] for edge in inner["edges"]}
    assert (found["education-61"], found["education-32"]) == (3, 0)
    early = await national.put(f"{address}/state", json={"state": "collecting"})
    assert early.status_code == 200
    assert (await national.put(f"{address}/state", json={"state": "correction"})).json()["code"] == (
        "mobility_campaign.early"
    )
    told = {"state": "cancelled", "because": EARLY}
    assert (await national.put(f"{address}/state", json=told)).json()["cancelledBecause"] == EARLY


async def test_graphql_says_the_same(db: Database, personas: Personas) -> None:
    bkn, national, talent = await organised(db, personas)
    office = (await an_institution(db)).institution_id
    hr = personas.hr_officer(office)
    await hr.patch("/v1/institution/settings", json={"provinceCode": "61"})
    allowed = await national.ask(
        "mutation($id: UUID!) { setMobilityOrganiser(institutionId: $id, input: {mayOrganise: true}) { totalCount } }",
        id=str(office),
    )
    assert allowed["data"]["setMobilityOrganiser"]["totalCount"] >= 1
    assert (await talent.get(f"/v1/mobility-organisers/{bkn}")).status_code == 404
    assert (await national.put(f"/v1/mobility-organisers/{bkn}", json={"mayOrganise": True})).status_code == 204
    refused = await hr.put(f"/v1/mobility-organisers/{bkn}", json={"mayOrganise": True})
    assert refused.status_code == 403
    assert (await national.put(f"/v1/mobility-organisers/{uuid4()}", json={"mayOrganise": True})).status_code == 404
    assert (await talent.get(f"/v1/mobility-organisers/{office}")).json()["mayOrganise"]
    body = campaign_body(db, provinceCodes=["61"])
    document = await changed(hr, "draftMobilityCampaign", "DraftMobilityCampaignInput!", body)
    cells = {"cells": [{"id": "p61", "level": "province", "provinceCode": "61", "headroom": 0}]}
    document = await changed(hr, "putMobilityCells", "PutMobilityCellsInput!", cells, document)
    document = await changed(hr, "proposeMobilityCells", "ProposeMobilityCellsInput!", {"growth": []}, document)
    document = await changed(hr, "editMobilityCampaign", "EditMobilityCampaignInput!", {"name": "Ronde"}, document)
    document = await changed(
        hr, "advanceMobilityCampaign", "AdvanceMobilityCampaignInput!", {"state": "announced"}, document
    )
    assert (document["state"], document["name"]) == ("announced", "Ronde")
    asked = await talent.ask(
        """query($id: UUID!, $office: UUID!) {
            mobilityCampaign(campaignId: $id) { id name formula { code version } steps { state } lotteryCommitment }
            mobilityCampaigns(filter: {organiserId: $office}) { edges { node { id } } totalCount }
            mobilityCells(campaignId: $id, first: 1, filter: {level: province}) { edges { node { id headroom } } }
            mobilityFormula(organiserId: $office, code: "nasional", version: 1) { blocks { code scale { points } } }
            mobilityFormulas(filter: {organiserId: $office}) { edges { node { code } } }
            mobilityOrganiser(institutionId: $office) { mayOrganise }
            mobilityOrganisers(first: 1) { totalCount }
        }""",
        id=document["id"],
        office=str(office),
    )
    found = asked["data"]
    rest = (await talent.get(f"/v1/mobility-campaigns/{document['id']}")).json()
    assert found["mobilityCampaign"] == {
        "steps": [{"state": step["state"]} for step in rest["steps"]],
        **{name: rest[name] for name in ("id", "name", "formula", "lotteryCommitment")},
    }
    assert found["mobilityCampaigns"] == {"edges": [{"node": {"id": document["id"]}}], "totalCount": 1}
    assert found["mobilityCells"]["edges"] == [{"node": {"id": "p61", "headroom": 0}}]
    assert found["mobilityFormula"]["blocks"][0]["scale"]
    assert found["mobilityFormulas"]["edges"] == [{"node": {"code": "nasional"}}]
    assert found["mobilityOrganisers"]["totalCount"] >= 1
    draft = await changed(hr, "draftMobilityCampaign", "DraftMobilityCampaignInput!", body)
    gone = await hr.ask(
        "mutation($id: UUID!, $n: Int!) { discardMobilityCampaign(campaignId: $id, revision: $n) { totalCount } }",
        id=draft["id"],
        n=draft["revision"],
    )
    assert "errors" not in gone
    published = await hr.ask(
        'mutation($d: JSON!) { publishMobilityFormula(input: {code: "contoh", document: $d}) { version } }', d=FORMULA
    )
    assert published["data"]["publishMobilityFormula"] == {"version": 1}


async def changed(
    who: Persona, name: str, kind: str, told: dict[str, Any], before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A mutation of a campaign, which answers with its document."""
    of = {} if before is None else {"id": before["id"], "n": before["revision"]}
    variables = f"$input: {kind}" + ("" if before is None else ", $id: UUID!, $n: Int!")
    arguments = "input: $input" + ("" if before is None else ", campaignId: $id, revision: $n")
    query = f"mutation({variables}) {{ {name}({arguments}) {{ id revision state name }} }}"
    answer = await who.ask(query, input=told, **of)
    assert "errors" not in answer, json.dumps(answer)
    document: dict[str, Any] = answer["data"][name]
    return document
