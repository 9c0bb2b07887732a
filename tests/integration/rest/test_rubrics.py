"""Rubrics through both doors: one story from a copy to the map, and what each body is refused for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from app.db.database import Database
from app.services import rubrics
from tests.factories import a_placed_talent, a_rubric_draft, an_institution, officer
from tests.personas import Persona, Personas

BKN = "bkn-411-2025/2"
WEIGHT = '"weight": 60,'  # of the first component, as it is written
MEASURE = '"windowYears": 5'  # of awards
CIRCLE = {
    "mode": "mean",
    "parts": [
        {
            "code": "performanceAppraisal",
            "label": {"id": "x", "en": "x"},
            "item": "performanceAppraisal",
            "measure": {"mode": "given", "found": "x", "score": 50},
        }
    ],
}


@dataclass(frozen=True)
class Office:
    id: UUID
    draft: str
    document: dict[str, Any]


@pytest_asyncio.fixture(scope="module")
async def office(db: Database) -> Office:
    """An institution with a draft that every test leaves as it is."""
    actor = await an_institution(db)
    key = await a_rubric_draft(db, officer(actor), "bkn-411-2025", 2)
    draft = json.loads(await rubrics.rubric_draft_document(db, officer(actor), *key))
    return Office(actor.institution_id, str(key), draft["document"])


async def told(persona: Persona, method: str, path: str, status: int, **options: Any) -> Any:
    answer = await getattr(persona, method)(f"/v1{path}", **options)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_rubric_on_its_way_from_a_copy_to_the_map(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    hr, chair = personas.hr_officer(actor.institution_id), personas.committee_chair(actor.institution_id)

    answer = await hr.post("/v1/rubric-drafts", json={"code": "bkn-411-2025", "version": 2, "name": "perwako-11-2023"})
    draft = answer.json()
    path = f"/rubric-drafts/{draft['code']}/1"
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1{path}")
    document = draft["document"] | {"cutPoints": {"performance": [60, 70], "potential": [60, 80]}}
    read = {"if-match": answer.headers["etag"]}
    edited = await told(hr, "put", path, 200, json={"document": document}, headers=read)
    assert (edited["revision"], edited["document"]) == (2, document)
    late = await told(hr, "put", path, 412, json={"document": document}, headers=read)
    assert late["code"] == "precondition.failed"
    assert "revision 2" in late["translations"]["en"]
    listed = await told(chair, "get", "/rubric-drafts", 200)
    assert [edge["node"]["revision"] for edge in listed["edges"]] == [2]

    activation = f"/rubrics/{draft['code']}/1/activation"
    await told(hr, "put", activation, 403, headers={"if-match": '"r2"'})
    assert (await told(chair, "put", activation, 428, headers={"if-match": None}))["code"] == "precondition.required"
    await told(chair, "put", activation, 412, headers=read)
    published = await told(chair, "put", activation, 200, headers={"if-match": '"r2"'})
    assert (published["isActive"], published["isOwn"], published["document"]) == (True, True, document)
    assert (await told(chair, "put", activation, 409, headers={"if-match": None}))["code"] == "rubric.active_already"
    talent = personas.talent(actor.institution_id, nip)
    placement = await told(talent, "get", f"/talents/{nip}/placement", 200)
    assert (placement["box"], placement["rubric"]) == (9, {"code": draft["code"], "version": 1})
    assert (await told(talent, "get", f"/rubrics/{draft['code']}/1", 200))["document"] == document
    await told(hr, "get", path, 404)
    await told(hr, "put", path, 404, json={"document": document}, headers={"if-match": '"r2"'})


async def test_a_draft_is_discarded_as_it_was_read(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    key = await a_rubric_draft(db, officer(actor))
    hr = personas.hr_officer(actor.institution_id)
    await told(hr, "delete", f"/rubric-drafts/{key}", 428, headers={"if-match": None})
    await told(hr, "delete", f"/rubric-drafts/{key}", 412, headers={"if-match": '"r2"'})
    assert (await hr.delete(f"/v1/rubric-drafts/{key}", headers={"if-match": '"r1"'})).status_code == 204
    await told(hr, "delete", f"/rubric-drafts/{key}", 404, headers={"if-match": '"r1"'})


async def test_rubrics_are_read_a_page_at_a_time(personas: Personas, office: Office) -> None:
    talent = personas.talent(office.id, "1")
    first = await told(talent, "get", "/rubrics?first=2", 200)
    rest = await told(talent, "get", f"/rubrics?after={first['pageInfo']['endCursor']}", 200)
    names = [f"{edge['node']['code']}/{edge['node']['version']}" for edge in first["edges"] + rest["edges"]]
    assert names == sorted(names)
    assert {"bkn-411-2025/1", BKN, "pu-djbk/1"} <= set(names)
    assert "document" not in first["edges"][0]["node"]
    await told(talent, "get", "/rubric-drafts", 403)
    await told(personas.anonymous(), "get", f"/rubrics/{BKN}", 401)
    await told(talent, "get", f"/rubrics/{BKN}?colour=red", 422)


# ── bad bodies: each is a clear problem, and the draft stays as it is


def raw(office: Office, old: str, new: str) -> bytes:
    body = json.dumps({"document": office.document})
    assert old in body
    return body.replace(old, new, 1).encode()


BAD = {
    "weights of 99.9": (WEIGHT, '"weight": 59.9,', "/document/axes/0/components", "rubric.weights"),
    "a weight that is no number": (
        WEIGHT, '"weight": NaN,', "/document/axes/0/components/0/weight", "rubric.open_range"),
    "an endless weight": (WEIGHT, '"weight": 1e999,', "/document/axes/0/components/0/weight", "rubric.open_range"),
    "a weight of 4000 digits": (
        WEIGHT, f'"weight": {"9" * 4000},', "/document/axes/0/components/0/weight", "rubric.open_range"),
    "a negative window": (
        MEASURE, '"windowYears": -5', "/document/axes/0/components/1/indicators/0/leaves/0/measure/windowYears",
        "rubric.range"),
    "a lone surrogate": ('"source": "', '"source": "\\ud800', "/document/source", "rubric.text_characters"),
    "a nul": ('"source": "', '"source": "\\u0000', "/document/source", "rubric.text_characters"),
    "a key that cannot be written": ('"source":', '"\\ud800": 1, "source":', "/document", "rubric.unknown_field"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "code"), BAD.values(), ids=BAD)
async def test_a_faulty_rubric_is_a_problem_that_names_the_place(
    personas: Personas, office: Office, old: str, new: str, where: str, code: str
) -> None:
    hr = personas.hr_officer(office.id)
    headers = {"content-type": "application/json"}
    body = raw(office, old, new)
    problem = await told(hr, "put", f"/rubric-drafts/{office.draft}", 422, content=body, headers=headers)
    assert problem["code"] == "rubric.invalid"
    assert {"code": code, "where": where} in [{k: e[k] for k in ("code", "where")} for e in problem["errors"]]
    assert all(error["detail"]["id"] and error["detail"]["en"] for error in problem["errors"])
    await must_be_unchanged(hr, office)


async def must_be_unchanged(hr: Persona, office: Office) -> None:
    draft = await told(hr, "get", f"/rubric-drafts/{office.draft}", 200)
    assert (draft["revision"], draft["document"]) == (1, office.document)


async def test_a_cyclic_tree_is_a_problem_that_names_the_circle(personas: Personas, office: Office) -> None:
    hr = personas.hr_officer(office.id)
    document = json.loads(json.dumps(office.document))
    leaf = document["axes"][0]["components"][0]["indicators"][0]["leaves"][0]
    leaf["measure"], leaf["item"] = CIRCLE, None
    command = {"document": document}
    problem = await told(hr, "put", f"/rubric-drafts/{office.draft}", 422, json=command)
    [error] = problem["errors"]
    assert (error["code"], error["where"]) == (
        "rubric.circle",
        "/document/axes/0/components/0/indicators/0/leaves/0/measure/parts/0/code",
    )
    assert "performanceAppraisal → performanceAppraisal" in error["detail"]["en"]
    await must_be_unchanged(hr, office)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"NaN", b'"x"', b"[" * 100_000, b"{}", b'{"document": null}', b'{"document": {}}',
     b'{"document": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001, b"\xff\xfe", b'{"document": {}, "x": 1}'],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/rubric-validations", "/rubric-drafts", "/rubric-drafts/{draft}"])  # fmt: skip
async def test_any_body_is_answered(personas: Personas, office: Office, path: str, body: bytes) -> None:
    hr = personas.hr_officer(office.id)
    method = hr.put if "{" in path else hr.post
    answer = await method(
        f"/v1{path.format(draft=office.draft)}", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (200, 400, 403, 422), answer.text
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
    await must_be_unchanged(hr, office)


@pytest.mark.parametrize("version", ["0", "-1", "x", "99999999999", "9" * 30, "\u0661"])
async def test_what_is_no_version_is_not_found_or_refused(personas: Personas, office: Office, version: str) -> None:
    hr = personas.hr_officer(office.id)
    code = office.draft.partition("/")[0]
    for path in (f"/rubrics/bkn-411-2025/{version}", f"/rubric-drafts/{code}/{version}"):
        await told(hr, "get", path, 404)
    answer = await hr.put(f"/v1/rubric-drafts/{code}/{version}", json={"document": office.document})
    assert answer.status_code in (404, 422)


async def test_a_rubric_is_checked_without_being_stored(personas: Personas, office: Office) -> None:
    hr = personas.hr_officer(office.id)
    good = await told(hr, "post", "/rubric-validations", 200, json={"document": office.document})
    assert good == {"valid": True, "faults": []}
    bad = await told(hr, "post", "/rubric-validations", 200, json={"document": {}})
    assert not bad["valid"]
    assert {fault["where"] for fault in bad["faults"]} >= {"/code", "/axes", "/standards"}
    assert (await told(hr, "post", "/rubric-validations", 200, json={"document": 7}))["faults"][0]["where"] == ""


# ── GraphQL

DRAFT = (
    "code version revision title { id en } copiedFrom { code version } createdAt createdBy editedAt editedBy document"
)
RUBRIC = "code version title { id en } isOwn isActive document"


async def test_both_doors_say_the_same(personas: Personas, office: Office) -> None:
    hr = personas.hr_officer(office.id)
    code = office.draft.partition("/")[0]
    answer = await hr.ask(
        f"""query ($code: String!) {{
            rubric(code: "pu-djbk", version: 1) {{ {RUBRIC} }}
            rubricDraft(code: $code, version: 1) {{ {DRAFT} }}
            rubricDrafts {{ totalCount edges {{ node {{ {DRAFT} }} }} }}
            nothing: rubric(code: "x", version: 1) {{ code }}
        }}""",
        code=code,
    )
    draft = await told(hr, "get", f"/rubric-drafts/{office.draft}", 200)
    assert answer["data"] == {
        "rubric": await told(hr, "get", "/rubrics/pu-djbk/1", 200),
        "rubricDraft": draft,
        "rubricDrafts": {"totalCount": 1, "edges": [{"node": draft}]},
        "nothing": None,
    }


async def test_a_rubric_of_ones_own_through_graphql(db: Database, personas: Personas) -> None:
    institution = (await an_institution(db)).institution_id
    hr, chair = personas.hr_officer(institution), personas.committee_chair(institution)
    answer = await hr.ask(f'mutation {{ copyRubric(code: "pu-djbk", version: 1, name: "own") {{ {DRAFT} }} }}')
    draft = answer["data"]["copyRubric"]
    edit = """mutation ($code: String!, $document: JSON!) {
        editRubric(code: $code, version: 1, revision: 1, document: $document) { revision document } }"""
    document = draft["document"] | {"source": "Perwako Dumai 11/2023"}
    answer = await hr.ask(edit, code=draft["code"], document=document)
    assert answer["data"]["editRubric"] == {"revision": 2, "document": document}
    answer = await hr.ask(edit, code=draft["code"], document=document | {"cutPoints": {}})
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "rubric.invalid"
    assert {one["where"] for one in error["extensions"]["errors"]} == {
        "/document/cutPoints/performance",
        "/document/cutPoints/potential",
    }
    activate = f"""mutation ($code: String!, $revision: Int) {{
        activateRubric(code: $code, version: 1, revision: $revision) {{ {RUBRIC} }} }}"""
    for revision, code in ((None, "precondition.required"), (1, "precondition.failed")):
        refused = await chair.ask(activate, code=draft["code"], revision=revision)
        assert refused["errors"][0]["extensions"]["code"] == code
    answer = await chair.ask(activate, code=draft["code"], revision=2)
    assert answer["data"]["activateRubric"] == await told(chair, "get", f"/rubrics/{draft['code']}/1", 200)
    again = await hr.ask('mutation { copyRubric(code: "pu-djbk", version: 1) { code version } }')
    key = again["data"]["copyRubric"]
    discard = f'mutation {{ discardRubric(code: "{key["code"]}", version: 1, revision: 1) {{ totalCount }} }}'
    assert (await hr.ask(discard))["data"]["discardRubric"] == {"totalCount": 0}
    assert (await hr.ask(discard))["errors"][0]["extensions"]["code"] == "rubric.draft_not_found"
