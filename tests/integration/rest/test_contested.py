"""What several people change: nobody overwrites what they have not read, and nothing is sent twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from graphql import GraphQLNonNull

from app.db.database import Database
from tests.architecture.test_parity import SERVICES, camel
from tests.contracts import graphql_schema
from tests.cycles import a_whole_cycle
from tests.factories import a_placed_talent, a_rubric_draft, a_submission, an_institution, officer
from tests.personas import Persona, Personas
from tests.succession import a_post

SOME = "Dibahas dalam rapat komite."
REFERENCE = {"kind": "regulation", "name": "Perwako 11/2023", "title": "Manajemen talenta"}
NEW = {"if-none-match": "*"}


@dataclass(frozen=True)
class Office:
    """An institution with one of everything that is contested, by its address."""

    hr: Persona
    colleague: Persona
    member: Persona
    cycle: str
    calibration: str
    objection: str
    submission: str
    draft: str


@pytest_asyncio.fixture(scope="module")
async def office(
    db: Database, http: httpx2.AsyncClient, signing_key: Any, tmp_path_factory: pytest.TempPathFactory
) -> Office:
    actor, personas = await an_institution(db), Personas(http, signing_key)
    nip = await a_placed_talent(db, actor, tmp_path_factory.mktemp("office"))
    known = await a_whole_cycle(db, actor, nip)
    draft = await a_rubric_draft(db, officer(actor), "bkn-411-2025", 2)
    return Office(
        personas.hr_officer(actor.institution_id),
        personas._with(officer(actor)),
        personas.committee_member(actor.institution_id, "third"),
        f"/v1/cycles/{known['cycleId']}",
        f"/v1/calibrations/{known['calibrationId']}",
        f"/v1/objections/{known['objectionId']}",
        f"/v1/submissions/{await a_submission(db, actor, nip)}",
        f"/v1/rubric-drafts/{draft}",
    )


def refused(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def changes(office: Office) -> dict[str, tuple[str, Any]]:
    """Every kind of change of something contested: where it is read, and how it is made under some headers."""
    hr, member = office.hr, office.member
    verification = {"rung": "verifiedByUnit"}
    refusal = {"rung": "verifiedByUnit", "reason": "outOfScope", "comment": SOME}
    answer = {"outcome": "rejected", "answer": "Bukti yang dimaksud sudah kami periksa."}
    settings = "/v1/institution/settings"
    return {
        "editCycle": (office.cycle, lambda h: hr.patch(office.cycle, json={"name": "Nama lain"}, headers=h)),
        "advanceCycle": (
            office.cycle,
            lambda h: hr.put(f"{office.cycle}/phase", json={"phase": "confirmation"}, headers=h),
        ),
        "publishCycle": (office.cycle, lambda h: hr.put(f"{office.cycle}/publication", headers=h)),
        "editRubric": (office.draft, lambda h: hr.put(office.draft, json={"document": {}}, headers=h)),
        "discardRubric": (office.draft, lambda h: hr.delete(office.draft, headers=h)),
        "rejectCalibration": (
            office.calibration,
            lambda h: member.put(f"{office.calibration}/rejection", json={"comment": SOME}, headers=h),
        ),
        "confirmCalibration": (
            office.calibration,
            lambda h: member.put(f"{office.calibration}/confirmation", headers=h),
        ),
        "withdrawCalibration": (
            office.calibration,
            lambda h: member.put(f"{office.calibration}/withdrawal", headers=h),
        ),
        "answerObjection": (
            office.objection,
            lambda h: hr.put(f"{office.objection}/answer", json=answer, headers=h),
        ),
        "verifySubmission": (
            office.submission,
            lambda h: hr.put(f"{office.submission}/verification", json=verification, headers=h),
        ),
        "refuseSubmission": (
            office.submission,
            lambda h: hr.put(f"{office.submission}/refusal", json=refusal, headers=h),
        ),
        "editInstitution": (settings, lambda h: hr.patch(settings, json={"axisX": "performance"}, headers=h)),
    }


LATE = ("editRubric", "rejectCalibration", "confirmCalibration", "withdrawCalibration")
"""Refused for another reason first: the rubric is none, and this cycle is past calibration."""
CHANGES = (
    *("editCycle", "advanceCycle", "publishCycle", "editRubric", "discardRubric", "rejectCalibration"),
    *("confirmCalibration", "withdrawCalibration", "answerObjection", "verifySubmission", "refuseSubmission"),
    "editInstitution",
)


@pytest.mark.parametrize("name", CHANGES)
async def test_what_others_change_is_changed_only_as_it_was_read(name: str, office: Office) -> None:
    address, change = changes(office)[name]
    before = await office.hr.get(address)
    assert before.headers["etag"].startswith(f'"r{before.json()["revision"]}.')
    unsaid = await change({"if-match": None})
    assert refused(unsaid) == (428, "precondition.required")
    assert "GET" in unsaid.json()["detail"]
    if name not in LATE:
        answer = await change({"if-match": '"r999"'})
        assert refused(answer) == (412, "precondition.failed")
        assert str(before.json()["revision"]) in answer.json()["detail"]
    revision = before.json()["revision"]
    foreign = [f"W/{before.headers['etag']}", f'"{revision}"', str(revision), '"x"', "r1", '""']
    for tag in () if name in LATE else foreign:
        answer = await change({"if-match": tag})
        assert refused(answer) == (412, "precondition.no_tag"), tag
        assert "ETag" in answer.json()["detail"]
    assert (await office.hr.get(address)).content == before.content


async def test_a_change_by_the_tag_that_was_read_succeeds_and_brings_the_next(personas: Personas, db: Database) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    made = await hr.post("/v1/cycles", json={"name": "Pemetaan", "asOf": "2025-12-04"})
    cycle = made.headers["location"]
    read = await hr.get(cycle)
    assert read.headers["etag"] == made.headers["etag"]
    edited = await hr.patch(cycle, json={"name": "Dua"}, headers={"if-match": read.headers["etag"]})
    assert (edited.status_code, edited.json()["revision"]) == (200, 2)
    for tag in (edited.headers["etag"], '"r9", "r3"', "*"):
        answer = await hr.patch(cycle, json={"name": f"Tiga {tag[:3]}"}, headers={"if-match": tag})
        assert answer.status_code == 200, tag
    assert (await hr.patch(cycle, json={}, headers={"if-match": '"r5"'})).json()["revision"] == 5


async def test_of_two_officers_who_read_the_same_one_wins(personas: Personas, db: Database) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    made = await hr.post("/v1/cycles", json={"name": "Pemetaan", "asOf": "2025-12-04"})
    cycle, read = made.headers["location"], {"if-match": made.headers["etag"]}
    both = [hr.patch(cycle, json={"name": f"Nama {n}"}, headers=read) for n in range(6)]
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 5]
    [won] = [answer.json()["name"] for answer in answers if answer.status_code == 200]
    kept = (await hr.get(cycle)).json()
    assert (kept["name"], kept["revision"]) == (won, 2)


async def test_what_is_not_there_yet_is_said_to_be_absent_and_how_it_is_made(personas: Personas, db: Database) -> None:
    actor = await an_institution(db)
    hr, post = personas.hr_officer(actor.institution_id), await a_post(db, actor)
    exception = {"words": "widyaiswara", "age": 65, "legalBasis": "UU 20/2023"}
    for address, body in (
        (f"/v1/retirement-exceptions/{uuid4()}", exception),
        (f"/v1/posts/{post}/succession-plan", {"successors": []}),
    ):
        for tag in ("*", '"r3"'):
            answer = await hr.put(address, json=body, headers={"if-match": tag})
            assert refused(answer) == (412, "precondition.absent"), answer.text
            assert "If-None-Match: *" in answer.json()["detail"]
        assert (await hr.put(address, json=body, headers=NEW)).is_success


async def test_a_reference_is_made_once_and_changed_as_it_was_read(personas: Personas, db: Database) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    address = f"/v1/references/{uuid4()}"
    assert refused(await hr.put(address, json=REFERENCE, headers={"if-match": "*"})) == (412, "precondition.absent")
    assert refused(await hr.put(address, json=REFERENCE, headers={"if-match": None})) == (428, "precondition.required")
    made = await asyncio.gather(*(hr.put(address, json=REFERENCE, headers=NEW) for _ in range(4)))
    assert sorted(answer.status_code for answer in made) == [200, 412, 412, 412]
    read = await hr.get(address)
    tag = {"if-match": read.headers["etag"]}
    assert (await hr.put(address, json=REFERENCE | {"title": "Lain"}, headers=tag)).json()["revision"] == 2
    assert refused(await hr.delete(address, headers=tag)) == (412, "precondition.failed")
    assert (await hr.delete(address, headers={"if-match": '"r2"'})).status_code == 204
    assert (await hr.get(address)).status_code == 404


async def test_a_stranger_is_told_nothing_of_revisions(personas: Personas, db: Database, office: Office) -> None:
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    for tag in ('"r1"', '"r999"', "*"):
        answer = await stranger.patch(office.cycle, json={"name": "Bukan milik saya"}, headers={"if-match": tag})
        assert refused(answer) == (404, "cycle.not_found")


# ── what one has already


async def test_what_has_not_changed_is_not_sent_again(office: Office) -> None:
    for address in (office.cycle, f"{office.cycle}/nine-box", office.submission, "/v1/rubrics/bkn-411-2025/2"):
        read = await office.hr.get(address)
        tag = read.headers["etag"]
        for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            again = await office.hr.get(address, headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), known
        assert (await office.hr.get(address, headers={"if-none-match": '"other"'})).content == read.content


async def test_whoever_read_some_fields_may_change_it_by_the_tag_of_what_they_read(
    personas: Personas, db: Database
) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    cycle = (await hr.post("/v1/cycles", json={"name": "Pemetaan", "asOf": "2025-12-04"})).headers["location"]
    for fields in ("id,name", "revision", "revision,id"):
        told = await hr.get(f"{cycle}?fields={fields}")
        assert set(told.json()) == {*fields.split(","), "revision"}
        tag = told.headers["etag"]
        assert (await hr.patch(cycle, json={"name": fields}, headers={"if-match": tag})).status_code == 200, fields
    [edge] = (await hr.get("/v1/cycles?fields=id")).json()["edges"]
    assert set(edge["node"]) == {"id"}, "a list has no tag"


async def test_what_tells_more_of_the_same_revision_is_sent(personas: Personas, db: Database) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    cycle = (await hr.post("/v1/cycles", json={"name": "Pemetaan", "asOf": "2025-12-04"})).headers["location"]
    await hr.put(f"{cycle}/calculation")
    before = await hr.get(cycle)
    await hr.put(f"{cycle}/recomputation")
    after = await hr.get(cycle, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code in (200, 304)
    assert (after.status_code == 304) is (after.headers["etag"] == before.headers["etag"])


# ── both doors promise the same


def test_whatever_expects_a_revision_asks_for_it_at_both_doors(app: FastAPI) -> None:
    schema = graphql_schema()
    assert schema.mutation_type is not None
    operations = {
        operation["operationId"]: operation for path in app.openapi()["paths"].values() for operation in path.values()
    }
    contested = [
        camel(name.partition(".")[2])
        for name, node in SERVICES.items()
        if "expected" in {one.arg for one in node.args.kwonlyargs}
    ]
    assert set(CHANGES) <= set(contested)
    for name in contested:
        conditions = {one["name"]: one["required"] for one in operations[name]["parameters"] if one["in"] == "header"}
        assert "If-Match" in conditions, name
        assert {"412", "428"} <= set(operations[name]["responses"]), name
        revision = schema.mutation_type.fields[name].args["revision"].type
        if name not in OPTIONAL:
            assert conditions["If-Match"] is (name not in MADE_BY_IT), name
            assert isinstance(revision, GraphQLNonNull), name


MADE_BY_IT = {
    *("keepReference", "keepRetirementException", "setUnitAffair", "editSuccessionPlan"),
    *("offerPost", "setMobilityRelease", "keepSiasnConnection"),
}
"""What may also be new: then it expects that there is none."""
OPTIONAL = {"activateRubric": "a published version has no revision"}


async def test_graphql_refuses_what_has_changed(office: Office) -> None:
    async def code(change: str) -> str:
        return str((await office.hr.ask(f"mutation {{ {change} }}"))["errors"][0]["extensions"]["code"])

    one = office.cycle.rpartition("/")[2]
    edit = 'editCycle(cycleId: "{}", revision: 999, input: {{name: "Nama lain"}}) {{ id }}'
    assert await code(edit.format(one)) == "precondition.failed"
    assert await code("editInstitution(revision: 0, input: {axisX: performance}) { axisX }") == "precondition.failed"
    assert await code(edit.replace(" revision: 999,", "").format(one)) == "graphql.invalid"
