"""Taking part in a campaign, through the doors: what a talent does and reads, and what nobody else does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from app.db.database import Database
from app.domain.mobility_campaigns import State
from tests.factories import an_institution
from tests.mobility import a_campaign, advanced, an_organiser
from tests.personas import Personas
from tests.rankings import some_people
from tests.vacancies import a_post

APPLICATIONS = """query($campaign: UUID!, $part: UUID!) {
    mobilityApplications(campaignId: $campaign, participationId: $part) {
        totalCount edges { node { rank bar points parts { block points because { en } } offer { postName } } } }
    mobilityParticipation(campaignId: $campaign, participationId: $part) {
        revision isReleased assessedAt wishes { place wildcard { province } offer { postName } } } }"""


async def test_a_talent_takes_part_wishes_reads_points_and_leaves(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    organiser, here = await an_organiser(db), await an_institution(db)
    [nip, other] = await some_people(db, here, tmp_path, 2)
    await a_post(db, here, [nip, other], seats=2)
    wanted = await a_post(db, here, seats=2)
    campaign = await a_campaign(db, organiser)
    await advanced(db, organiser, campaign, State.COLLECTING)
    hr, authority = personas.hr_officer(here.institution_id), personas.appointing_authority(here.institution_id)
    talent, stranger = personas.talent(here.institution_id, nip), personas.talent(here.institution_id, other)
    at = f"/v1/mobility-campaigns/{campaign}"

    offered = await hr.put(f"{at}/offers/{wanted}", json={}, headers={"if-none-match": "*"})
    assert (offered.status_code, offered.json()["openSeats"], offered.json()["urgency"]) == (200, 2, 1)
    many = await hr.post(f"{at}/offers", json={"offers": [{"postId": str(wanted), "seats": 3}]})
    assert (many.status_code, many.json()["errors"][0]["where"]) == (422, "/offers/0/seats")
    assert (await talent.put(f"{at}/offers/{wanted}", json={})).status_code == 403
    said = {"quota": 1, "criteria": ["yearsInPost"]}
    release = await authority.put(f"{at}/releases/U1", json=said, headers={"if-none-match": "*"})
    assert (release.status_code, release.json()["quota"]) == (200, 1)
    assert (await hr.put(f"{at}/releases/U1", json=said)).status_code == 403
    [edge] = (await talent.get(f"{at}/offers?level=pengawas&fields=id,postName")).json()["edges"]
    assert set(edge["node"]) == {"id", "postName"}
    assert (await talent.get(f"{at}/offers?province=99")).status_code == 422

    consent = {"scope": "identified", "expiresAt": (db.now() + timedelta(days=300)).isoformat()}
    joined = await talent.post(f"{at}/participations", json={"consent": consent})
    assert joined.status_code == 201
    mine = f"{at}/participations/{joined.json()['id']}"
    assert joined.headers["location"] == mine
    wishes = {"wishes": [{"offerId": edge["node"]["id"]}, {"wildcard": {"level": "pengawas"}}]}
    stale = await talent.put(f"{mine}/wishes", json=wishes, headers={"if-match": '"r99"'})
    assert stale.status_code == 412
    written = await talent.put(f"{mine}/wishes", json=wishes, headers={"if-match": joined.headers["etag"]})
    assert [one["place"] for one in written.json()["wishes"]] == [1, 2]
    assert (await stranger.get(mine)).status_code == 404
    assert (await stranger.put(f"{mine}/wishes", json=wishes)).status_code == 404
    assert (await talent.put(f"{mine}/grounds", json={"grounds": ["health"]})).status_code == 200
    seen = await hr.put(f"{mine}/grounds/health/verification", json={"isVerified": True})
    assert seen.status_code == 204
    assessed = (await hr.put(f"{at}/assessment")).json()
    assert (assessed["participants"], assessed["applications"], assessed["released"]) == (1, 1, 1)
    [one] = [edge["node"] for edge in (await talent.get(f"{mine}/applications")).json()["edges"]]
    assert one["bar"] is None
    asked: dict[str, Any] = {"campaign": str(campaign), "part": joined.json()["id"]}
    told = (await talent.ask(APPLICATIONS, **asked))["data"]
    assert told["mobilityApplications"]["totalCount"] == 1
    assert told["mobilityApplications"]["edges"][0]["node"]["points"] == one["points"]
    assert (told["mobilityParticipation"]["isReleased"], told["mobilityParticipation"]["wishes"][1]["offer"]) == (
        True,
        None,
    )
    people = (await hr.get(f"{at}/participations")).json()["edges"]
    assert [person["node"]["nip"] for person in people] == [nip]
    assert "wishes" not in people[0]["node"]
    assert (await stranger.get(f"{at}/participations")).status_code == 403

    assert (await talent.delete(mine)).status_code == 204
    assert (await talent.get("/v1/mobility-participations")).json()["edges"] == []
