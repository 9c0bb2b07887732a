"""Pools and plans through both doors: what is sent, what is answered, and who is refused."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from app.db.database import Database
from app.services import pools
from app.services.pools import TakeStep
from tests.factories import an_institution
from tests.personas import Personas
from tests.succession import (
    BECAUSE,
    POLICY,
    a_post,
    colleague,
    confirm,
    member_id,
    members,
    nominate,
    plan,
    say,
    some_people,
)


async def test_a_pool_is_filled_and_confirmed_over_rest(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    hr, chair = personas.hr_officer(actor.institution_id), personas.committee_chair(actor.institution_id)
    made = await hr.post("/v1/succession-policies", json=POLICY)
    assert (made.status_code, made.json()["version"]) == (201, 1), made.text
    answer = await hr.post("/v1/succession-pools/institution/nominations", json={"everybodyInBoxes": True})
    assert (answer.status_code, answer.json()["members"]["nominated"]) == (201, 1), answer.text
    again = await hr.post("/v1/succession-pools/institution/nominations", json={"talents": [nip]})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "pool.member_already")
    who = f"/v1/pool-members/{await member_id(db, actor, nip)}"
    refused = await hr.put(f"{who}/verification")
    assert (refused.status_code, refused.json()["code"]) == (403, "pool.same_person")
    early = await chair.put(f"{who}/confirmation")
    assert (early.status_code, early.json()["code"]) == (409, "pool.state")
    returned = await chair.put(f"{who}/return", json={"reason": BECAUSE}, headers={"if-match": '"r1"'})
    assert (returned.status_code, returned.json()["state"]) == (200, "returned")
    assert (await chair.put(f"{who}/refusal", json={"reason": "  "})).status_code == 422
    assert (await hr.get("/v1/succession-pools/regional")).json()["code"] == "pool.unknown"
    stale = await chair.put(f"{who}/refusal", json={"reason": BECAUSE}, headers={"if-match": '"r1"'})
    assert stale.status_code == 412


async def test_members_are_confirmed_together_over_both_doors_or_nobody_is(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nips = await some_people(db, actor, tmp_path, None, None, None)
    await nominate(db, actor)
    one, other, early = [str(await member_id(db, actor, nip)) for nip in nips]
    for who in (one, other):
        await pools.verify_pool_member(db, colleague(actor), UUID(who), TakeStep())
    hr, chair = personas.hr_officer(actor.institution_id), personas.committee_chair(actor.institution_id)
    path, wrong = "/v1/succession-pools/institution/confirmations", [one, early, str(uuid4()), one]
    refused = await chair.post(path, json={"members": wrong})
    places = [("/members/1", "pool.state"), ("/members/2", "pool.member_not_found"), ("/members/3", REPEATED)]
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "pool.not_confirmable"), refused.text
    assert [(fault["where"], fault["code"]) for fault in problem["errors"]] == places
    assert all(fault["detail"]["id"] and fault["detail"]["en"] for fault in problem["errors"])
    asked = await chair.ask(CONFIRM, input={"members": wrong})
    [error] = asked["errors"]
    assert error["extensions"]["code"] == "pool.not_confirmable"
    assert [(fault["where"], fault["code"]) for fault in error["extensions"]["errors"]] == places
    assert {told["state"] for told in (await members(db, actor)).values()} == {"nominated", "verified"}
    assert (await hr.post(path, json={"members": [one]})).status_code == 403
    assert (await chair.post(path, json={"members": []})).status_code == 422
    done = await chair.post(path, json={"members": [one], "reason": BECAUSE})
    assert (done.status_code, done.json()["members"]["confirmed"]) == (200, 1), done.text
    asked = await chair.ask(CONFIRM, input={"members": [other]})
    assert asked["data"]["confirmPoolMembers"] == {"level": "institution", "members": {"confirmed": 2, "nominated": 1}}
    assert (await chair.get("/v1/succession-pools/institution")).json()["members"]["confirmed"] == 2


REPEATED = "pool.member_repeated"
CONFIRM = """mutation($input: ConfirmPoolMembersInput!) {
    confirmPoolMembers(level: institution, input: $input) { level members { confirmed nominated } } }"""


async def test_what_is_sent_amiss_is_told_by_its_place(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    hr = personas.hr_officer(actor.institution_id)
    for path, body, where in (
        ("/v1/succession-policies", POLICY | {"nationalBoxes": [1]}, "/nationalBoxes"),
        ("/v1/succession-policies", POLICY | {"institutionBoxes": [6, 9], "nationalBoxes": [6, 9]}, "/nationalBoxes"),
        ("/v1/succession-policies", POLICY | {"institutionBoxes": [0]}, "/institutionBoxes/0"),
        ("/v1/succession-pools/institution/nominations", {}, "/talents"),
        ("/v1/succession-pools/institution/nominations", {"talents": ["\x00"]}, "/talents/0"),
        ("/v1/dominoes", {"choices": []}, "/choices"),
        ("/v1/dominoes", {"choices": [{"postId": str(uuid4()), "nip": "x" * 31}]}, "/choices/0/nip"),
    ):
        answer = await hr.post(path, json=body)
        assert answer.status_code == 422, (path, answer.text)
        assert where in [fault["where"] for fault in answer.json()["errors"]], answer.text


async def test_a_talent_declares_willingness_and_reads_nothing_of_others(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip, other = await some_people(db, actor, tmp_path, None, None)
    await nominate(db, actor)
    own = personas.talent(actor.institution_id, nip)
    address, new = f"/v1/talents/{nip}/succession-willingness", {"if-none-match": "*"}
    absent = await own.put(address, json={"isWilling": False}, headers={"if-match": "*"})
    assert (absent.status_code, absent.json()["code"]) == (412, "precondition.absent")
    said = await own.put(address, json={"isWilling": False}, headers=new)
    assert (await own.put(address, json={"isWilling": False}, headers=new)).status_code == 412
    assert (await own.put(address, json={"isWilling": False}, headers={"if-match": "*"})).status_code == 200
    read = (await own.get(address)).headers["etag"]
    for tag in ('"r99.abc"', f"W/{read}", read.strip('"')):
        refused = await own.put(address, json={"isWilling": False}, headers={"if-match": tag})
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition.other"), tag
    assert (await own.put(address, json={"isWilling": False}, headers={"if-match": read})).status_code == 200
    assert (said.status_code, said.json()["isWilling"]) == (200, False), said.text
    assert (await own.put(f"/v1/talents/{other}/succession-willingness", json={"isWilling": True})).status_code == 404
    assert len((await own.get(f"/v1/talents/{nip}/pool-memberships")).json()["edges"]) == 1
    assert (await own.get(f"/v1/talents/{other}/pool-memberships")).status_code == 404
    for path in ("/v1/succession-pools/institution/members", "/v1/succession-plans", "/v1/bench-strength"):
        assert (await own.get(path)).status_code == 403


async def test_plans_and_dominoes_are_the_same_through_both_doors(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    chief, follower = await some_people(db, actor, tmp_path, None, None)
    await nominate(db, actor)
    await confirm(db, actor, chief, follower)
    await say(db, actor, follower)
    empty = await a_post(db, actor, level="pengawas", is_target=True)
    held = await a_post(db, actor, [chief], level="pengawas")
    await plan(db, actor, held, follower)
    hr = personas.hr_officer(actor.institution_id)
    command = {"note": "Rapat komite", "successors": [{"nip": chief}]}
    fresh = {"if-none-match": "*"}
    made = await hr.put(f"/v1/posts/{empty}/succession-plan", json=command, headers=fresh)
    assert made.status_code == 200, made.text
    assert (await hr.put(f"/v1/posts/{empty}/succession-plan", json=command, headers=fresh)).status_code == 412
    seen = (await hr.get(f"/v1/posts/{empty}/succession-plan")).json()
    assert seen == made.json()
    again = await hr.post(f"/v1/posts/{empty}/succession-plan/calculation")
    assert again.json()["successors"] == seen["successors"]
    fields = "postId revision note bench { named available } successors { talent { nip } readiness isAvailable }"
    asked = await hr.ask(f"query($post: UUID!) {{ successionPlan(postId: $post) {{ {fields} }} }}", post=str(empty))
    told = asked["data"]["successionPlan"]
    [one], [other] = told["successors"], seen["successors"]
    assert one == {"talent": {"nip": chief}, "readiness": other["readiness"], "isAvailable": other["isAvailable"]}
    choices = [{"postId": str(empty), "nip": chief}]
    chain = (await hr.post("/v1/dominoes", json={"choices": choices})).json()
    assert [one["talent"]["nip"] for one in chain["moves"]] == [chief, follower]
    query = """query($input: PreviewDominoesInput!) {
        previewDominoes(input: $input) { moves { talent { nip } } isCovered } }"""
    asked = await hr.ask(query, input={"choices": choices})
    assert asked["data"]["previewDominoes"] == {
        "moves": [{"talent": {"nip": chief}}, {"talent": {"nip": follower}}],
        "isCovered": chain["isCovered"],
    }
    overlaps = (await hr.get("/v1/succession-overlaps")).json()
    wanted = "plans named namedOneEach covered coveredOneEach people { posts { id } }"
    asked = await hr.ask(f"{{ successionOverlaps {{ {wanted} }} }}")
    assert asked["data"]["successionOverlaps"] == overlaps


async def test_graphql_takes_the_same_steps_as_rest(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    [nip] = await some_people(db, actor, tmp_path, None)
    await nominate(db, actor, nip)
    who = str(await member_id(db, actor, nip))
    auditor, chair = personas.auditor(actor.institution_id), personas.committee_chair(actor.institution_id)
    step = """mutation($who: UUID!, $input: TakeStepBecauseInput!, $revision: Int!) {
        refusePoolMember(memberId: $who, revision: $revision, input: $input) { state steps { state reason } } }"""
    denied = await auditor.ask(step, who=who, revision=1, input={"reason": BECAUSE})
    assert denied["errors"][0]["extensions"]["code"] == "forbidden"
    done = await chair.ask(step, who=who, revision=1, input={"reason": BECAUSE})
    assert done["data"]["refusePoolMember"]["steps"][-1] == {"state": "refused", "reason": BECAUSE}
    page = """{ poolMembers(level: institution, filter: {state: refused}) {
        totalCount edges { node { talent { nip } isStillInBox } } } }"""
    found = (await auditor.ask(page))["data"]["poolMembers"]
    assert found == {"totalCount": 1, "edges": [{"node": {"talent": {"nip": nip}, "isStillInBox": True}}]}
