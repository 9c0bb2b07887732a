"""Searches of the nation through both doors."""

from __future__ import annotations

from app.db.database import Database
from tests.factories import an_institution
from tests.personas import Personas

SEARCH = {"grounds": "PP 11/2017 ps. 107: pengisian jabatan", "level": "jpt_pratama", "on": "2026-01-15"}
MUTATION = """mutation Search($input: RankNationallyInput!) {
    rankNationally(input: $input) { grounds on level governmentAffair standard ruleSet { code version } boxes provinces
        eligible unranked seed candidates { position candidateId cardId parts { points } verdicts { outcome } } } }"""


async def test_a_national_actor_searches_through_both_doors(db: Database, personas: Personas) -> None:
    national = personas.national((await an_institution(db)).institution_id)
    answer = await national.post("/v1/national-rankings", json=SEARCH)
    assert answer.status_code == 200, answer.text
    by_rest = answer.json()
    by_graphql = (await national.ask(MUTATION, input=SEARCH))["data"]["rankNationally"]
    assert by_graphql.pop("seed") != by_rest["seed"]
    assert by_graphql == {name: by_rest[name] for name in by_graphql}
    assert {name: by_rest[name] for name in ("ruleSet", "boxes", "provinces", "standard")} == {
        "ruleSet": {"code": "pp-11-2017-jpt-pratama", "version": 1},
        "boxes": [7, 8, 9],
        "provinces": None,
        "standard": [4] * 9,
    }


async def test_what_is_wrong_with_a_search_is_said(db: Database, personas: Personas) -> None:
    institution = (await an_institution(db)).institution_id
    national, nobody = personas.national(institution), personas.hr_officer(institution)
    assert (await nobody.post("/v1/national-rankings", json=SEARCH)).status_code == 403
    for but, where in (
        ({"grounds": "perlu"}, "/grounds"),
        ({"provinces": ["99"]}, "/provinces/0"),
        ({"boxes": [6]}, "/boxes"),
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
