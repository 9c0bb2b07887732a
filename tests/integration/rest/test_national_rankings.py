"""Searches of the nation through both doors."""

from __future__ import annotations

from app.db.database import Database
from tests.factories import an_institution
from tests.national import ON
from tests.personas import Personas

SEARCH = {"grounds": "PP 11/2017 ps. 107: pengisian jabatan", "level": "jpt_pratama", "on": str(ON)}
FIELDS = """grounds on level governmentAffair standard ruleSet { code version } boxes provinces considered eligible
    unranked toVerify requirements { requirement ruledOut } seed candidates { position candidateId parts { points } }"""
MUTATION = f"""mutation Search($input: RankNationallyInput!) {{ rankNationally(input: $input) {{ id {FIELDS} }} }}"""
QUERY = f"""query Search($id: UUID!) {{ nationalRanking(searchId: $id) {{ id {FIELDS} }} }}"""


async def test_a_national_actor_searches_through_both_doors(db: Database, personas: Personas) -> None:
    national = personas.national((await an_institution(db)).institution_id)
    answer = await national.post("/v1/national-rankings", json=SEARCH)
    assert answer.status_code == 201, answer.text
    by_rest = answer.json()
    assert (await national.get(answer.headers["location"])).json() == by_rest
    by_graphql = (await national.ask(QUERY, id=by_rest["id"]))["data"]["nationalRanking"]
    named = (await national.get(answer.headers["location"] + "?fields=id,seed,ruleSet.code")).json()
    assert named == {"id": by_rest["id"], "seed": by_rest["seed"], "ruleSet": {"code": by_rest["ruleSet"]["code"]}}
    assert {name: by_rest[name] for name in by_graphql if name not in ("requirements", "candidates")} == {
        name: by_graphql[name] for name in by_graphql if name not in ("requirements", "candidates")
    }
    again = (await national.ask(MUTATION, input=SEARCH))["data"]["rankNationally"]
    assert again["seed"] != by_rest["seed"]
    assert {name: by_rest[name] for name in ("boxes", "provinces", "standard")} == {
        "boxes": [9],
        "provinces": None,
        "standard": [4] * 9,
    }
    listed = (await national.get("/v1/national-rankings")).json()["edges"]
    assert [edge["node"]["id"] for edge in listed] == [again["id"], by_rest["id"]]


async def test_another_institution_knows_nothing_of_a_search(db: Database, personas: Personas) -> None:
    made, other = [personas.national((await an_institution(db)).institution_id) for _ in range(2)]
    where = (await made.post("/v1/national-rankings", json=SEARCH)).headers["location"]
    assert (await other.get(where)).status_code == 404
    assert (await other.post(where + "/recomputation")).status_code == 404
    again = await made.post(where + "/recomputation")
    assert (again.status_code, again.json()["isSame"]) == (201, True)
    assert (await made.get(again.headers["location"])).json() == again.json()
    officer = personas.hr_officer((await an_institution(db)).institution_id)
    assert (await officer.get("/v1/national-rankings")).status_code == 403


async def test_what_is_wrong_with_a_search_is_said(db: Database, personas: Personas) -> None:
    institution = (await an_institution(db)).institution_id
    national, nobody = personas.national(institution), personas.hr_officer(institution)
    assert (await nobody.post("/v1/national-rankings", json=SEARCH)).status_code == 403
    for but, where in (
        ({"grounds": "perlu"}, "/grounds"),
        ({"provinces": ["99"]}, "/provinces/0"),
        ({"boxes": [6]}, "/boxes"),
        ({"on": "2020-01-01"}, "/on"),
        ({"first": 101}, "/first"),
        ({"governmentAffair": "magic"}, "/governmentAffair"),
        ({"on": "besok"}, "/on"),
        ({"standard": {"integrity": 6}}, "/standard/integrity"),
    ):
        answer = await national.post("/v1/national-rankings", json=SEARCH | but)
        assert answer.status_code == 422, (but, answer.text)
        assert where in {fault["where"] for fault in answer.json()["errors"]}, answer.text
    answer = await national.post("/v1/national-rankings", json=SEARCH | {"level": "pelaksana"})
    assert (answer.status_code, answer.json()["code"]) == (409, "national.no_rule_set")
