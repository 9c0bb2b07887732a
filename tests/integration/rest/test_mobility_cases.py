"""A direct request across provinces, through the doors: each party takes its own steps and sees its own part."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.db.database import Database
from app.domain.actors import Actor, ClientScope, Role
from app.domain.errors import Forbidden
from app.services import mobility_cases
from app.services.mobility_case_commands import DecreeMobilityCase
from tests.disclosures import a_consent, card_of
from tests.factories import a_placed_talent, an_institution, officer, rows_of
from tests.mobility_cases import BECAUSE, PAST, located
from tests.personas import Persona, Personas
from tests.posts import import_posts, post_named
from tests.vacancies import a_post

LETTER = {"number": "800/12/BKD", "dated": str(PAST)}


async def put(who: Persona, address: str, step: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
    answer = await who.put(f"{address}/{step}", **({} if body is None else {"json": body}))
    assert answer.status_code == status, answer.text
    return answer.json()


async def excuse(who: Persona, address: str, side: str) -> None:
    """Nothing of a side's checklist is needed, but for the letters of the steps themselves."""
    for paper in (await who.get(address)).json()["documents"]:
        if paper["side"] == side and paper["item"] not in ("requestLetter", "releaseLetter"):
            await put(who, address, f"documents/{paper['item']}", {"state": "notNeeded", "because": BECAUSE})


async def test_a_direct_request_across_provinces_from_the_card_to_the_seat(
    db: Database, database_name: str, personas: Personas, tmp_path: Path
) -> None:
    origin, receiver, bkn = [await an_institution(db) for _ in range(3)]
    nip = await a_placed_talent(db, origin, tmp_path)
    await import_posts(db, origin, tmp_path / "posts")
    home = await post_named(db, origin)
    post = await a_post(db, receiver)
    await a_consent(db, origin, nip)
    here, there = personas.hr_officer(receiver.institution_id), personas.appointing_authority(origin.institution_id)
    talent, centre = personas.talent(origin.institution_id, nip), personas.national(bkn.institution_id)

    asked = {"postId": str(post), "plannedOn": str(db.today()), "reason": BECAUSE}
    refused = await here.post("/v1/mobility-cases", json=asked)
    assert refused.json()["errors"][0]["code"] == "mobility_case.whose"
    card = {"cardId": str(await card_of(database_name, nip))}
    opened = await here.post("/v1/mobility-cases", json=asked | card)
    assert (opened.status_code, opened.json()["state"]) == (201, "draft")
    assert opened.json()["missingForRoute"] == ["originProvince", "receivingProvince"]
    case = opened.headers["location"]
    assert (await here.post("/v1/mobility-cases", json=asked | card)).json()["code"] == "vacancy.no_seat"
    for unseen in (there, talent, centre, personas.hr_officer((await an_institution(db)).institution_id)):
        assert (await unseen.get(case)).status_code == 404

    lacking = await put(here, case, "request", LETTER, 409)
    assert [one["where"] for one in lacking["errors"]] == ["receivingJobAnalysis"]
    await excuse(here, case, "receiving")
    told = await put(here, case, "request", LETTER)
    assert (told["state"], told["origin"]["name"], told["talent"]) == ("requestedByReceiver", None, None)
    assert told["nextStep"]["party"] == "origin"
    assert told["nextStep"]["missingDocuments"] == ["applicantRequest", "originJobAnalysis"]

    # nobody takes the step of another party
    assert (await put(here, case, "release", LETTER, 403))["code"] == "forbidden"
    someone = personas.appointing_authority(receiver.institution_id)
    assert (await put(someone, case, "release", LETTER, 403))["code"] == "mobility_case.party"
    assert (await talent.get(case)).json()["talent"]["nip"] == nip
    assert (await put(talent, case, "agreement"))["isAgreed"]
    assert (await here.get(case)).json()["talent"] is None
    await excuse(there, case, "origin")
    await put(there, case, "release", LETTER)
    told = (await here.get(case)).json()
    assert (told["talent"]["nip"], told["isReleased"], told["ruleSet"]["version"]) == (nip, True, 2)
    assert [(one["state"], one["isKnown"]) for one in told["checks"]] == [("released", True)]

    # the route is told as soon as it is known, and never guessed
    unknown = await put(here, case, "submission", LETTER, 409)
    assert unknown["code"] == "mobility_case.no_route"
    assert {one["code"] for one in unknown["errors"]} == {
        "mobility_case.missing.originProvince",
        "mobility_case.missing.receivingProvince",
    }
    await located(db, origin, "14")
    await located(db, receiver, "64")
    assert (await centre.get(case)).status_code == 404
    told = await put(here, case, "submission", LETTER)
    assert (told["route"]["code"], told["route"]["decreedBy"]) == ("acrossProvinces", "ministerOfHomeAffairs")
    assert told["route"]["isConfirmed"] is False

    assert (await put(centre, case, "return", LETTER | {"because": BECAUSE}))["state"] == "returned"
    await put(here, case, "submission", LETTER)
    assert (await put(centre, case, "approval", LETTER))["nextStep"]["party"] == "receiving"
    assert (await put(centre, case, "decree", LETTER | {"effectiveOn": str(db.today())}, 403))["code"] == (
        "mobility_case.party"
    )
    told = DecreeMobilityCase(number="821/7", dated=PAST, effective_on=db.today())
    system = Actor(receiver.institution_id, Role.CLIENT, "simpeg", scopes=frozenset({ClientScope.MOBILITY}))
    with pytest.raises(Forbidden):
        await mobility_cases.decree_mobility_case(db, system, UUID(case.rpartition("/")[2]), told)
    freeze = {"since": str(db.today()), "until": str(db.today()), "reason": "Pilkada", "legalBasis": "UU 10/2016"}
    assert (await here.post("/v1/freeze-periods", json=freeze)).status_code == 201
    decree = LETTER | {"effectiveOn": str(db.today())}
    assert (await put(here, case, "decree", decree, 409))["code"] == "vacancy.frozen"
    decreed = await put(here, case, "decree", decree | {"permitNumber": "100.2.1.3/1/SJ"})
    assert decreed["permitNumber"] == "100.2.1.3/1/SJ"
    assert (await put(there, case, "cancellation", {"because": BECAUSE}, 403))["code"] == "mobility_case.party"
    done = await put(here, case, "inauguration")
    assert (done["state"], done["nextStep"]) == ("effective", None)
    assert [one["state"] for one in done["steps"]][-4:] == [
        "sentToBkn",
        "technicalApproval",
        "decreeIssued",
        "effective",
    ]

    # the seat left is empty, the one taken over is reserved, and both ledgers know every step
    assert (await holders_of(db, origin, home), await holders_of(db, receiver, post)) == (0, 0)
    seen = (await here.get(f"/v1/posts/{post}?fields=held,reservedSeats,vacantSeats,revision")).json()
    assert seen == {"held": 0, "reservedSeats": 1, "vacantSeats": 0, "revision": 3}
    query = f'{{ post(postId: "{post}") {{ held reservedSeats vacantSeats revision }} }}'
    assert (await here.ask(query))["data"]["post"] == seen
    draft = {"postId": str(post), "vacantFrom": str(db.today()), "inaugurationOn": str(db.today())}
    assert (await here.post("/v1/vacancies", json=draft)).json()["code"] == "vacancy.no_seat"
    states = "SELECT after ->> 'state' FROM ledger_entry WHERE type = 'mobilityCaseAdvanced' ORDER BY id"
    entries = [[row[0] for row in await rows_of(db, officer(one), states)] for one in (origin, receiver)]
    assert entries[0] == entries[1] == [one["state"] for one in done["steps"]][1:]
    mine = await talent.get("/v1/mobility-cases")
    assert [edge["node"]["state"] for edge in mine.json()["edges"]] == ["effective"]


async def holders_of(db: Database, actor: Actor, post: object) -> int:
    return len(await rows_of(db, officer(actor), "SELECT FROM post_holder WHERE post_id = $1", post))


async def test_the_talent_and_each_side_can_end_a_case_before_the_decree(
    db: Database, database_name: str, personas: Personas, tmp_path: Path
) -> None:
    origin, receiver = await an_institution(db), await an_institution(db)
    nip = await a_placed_talent(db, origin, tmp_path)
    await a_consent(db, origin, nip)
    post = str(await a_post(db, receiver, seats=3))
    here, there = personas.hr_officer(receiver.institution_id), personas.appointing_authority(origin.institution_id)
    told = {"postId": post, "plannedOn": str(db.today()), "reason": BECAUSE}
    told["cardId"] = str(await card_of(database_name, nip))
    reasons = []
    for who, step in (
        (personas.talent(origin.institution_id, nip), "cancellation"),
        (here, "cancellation"),
        (there, "refusal"),
    ):
        opened = await here.post("/v1/mobility-cases", json=told)
        again = await here.post("/v1/mobility-cases", json=told)
        assert (opened.status_code, again.json()["code"]) == (201, "mobility_case.exists")
        case = opened.headers["location"]
        await excuse(here, case, "receiving")
        await put(here, case, "request", LETTER)
        body = {"because": BECAUSE} | (LETTER if step == "refusal" else {})
        ended = await put(who, case, step, body)
        reasons.append(ended["cancellation"] and ended["cancellation"]["code"])
        assert (await put(who, case, step, body, 409))["code"] == "mobility_case.state"
    assert reasons == ["talentWithdrew", "receiverWithdrew", None]
    listed = await here.ask(
        "{ mobilityCases(filter: {side: receiving}) { edges { node { state origin { name kind } talent { nip } } } } }"
    )
    nodes = [edge["node"] for edge in listed["data"]["mobilityCases"]["edges"]]
    assert sorted(node["state"] for node in nodes) == ["cancelled", "cancelled", "refusedByOrigin"]
    assert all(node["talent"] is None and node["origin"] == {"name": None, "kind": "city"} for node in nodes)
