"""Submissions through HTTP: one story from declaring to counting, and what each body is refused for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from app.db.database import Database
from app.services.submissions import LARGEST_DOCUMENT
from tests.factories import (
    PDF,
    a_nip,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    write_folder,
)
from tests.personas import Persona, Personas

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
EDUCATION = {"education": {"level": "s2", "field": "HUKUM", "graduatedIn": 2003}}

NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Office:
    id: UUID
    nip: str


async def an_office(db: Database, folder: Path) -> Office:
    """Somebody of the unit U1 who lacks nothing but an education."""
    actor, nip = await an_institution(db), a_nip()
    name = await name_of(db, actor)
    evidence = complete_evidence(nip, name)
    del evidence["PENDIDIKAN"]
    await import_files(db, actor, write_folder(folder, [an_employee(nip, name)], evidence))
    return Office(actor.institution_id, nip)


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return await an_office(db, tmp_path_factory.mktemp("office"))


async def told(persona: Persona, method: str, path: str, status: int, **options: Any) -> Any:
    answer = await getattr(persona, method)(f"/v1/submissions{path}", **options)
    assert answer.status_code == status, answer.text
    return answer.json()


async def submitted(talent: Persona, content: Any = EDUCATION) -> str:
    return (await told(talent, "post", "", 201, json={"content": content}))["id"]


async def test_an_education_on_its_way_from_the_talent_into_the_map(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    office = await an_office(db, tmp_path)
    talent, officer = personas.talent(office.id, office.nip), personas.hr_officer(office.id)
    here, elsewhere = personas.unit_verifier(office.id, "U1"), personas.unit_verifier(office.id, "U2")

    answer = await talent.post("/v1/submissions", json={"content": EDUCATION})
    submission = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/submissions/{submission['id']}")
    assert (submission["state"], submission["rung"], submission["document"]) == ("submitted", "declared", None)
    path = f"/{submission['id']}"
    sent = {"content": PNG, "headers": {"content-type": "image/png"}}
    documented = await told(talent, "put", f"{path}/attachment?name=Ijazah%20S-2.png", 200, **sent)
    assert documented["rung"] == "documented"
    assert (documented["document"]["name"], documented["document"]["mediaType"]) == ("Ijazah S-2.png", "image/png")

    assert (await told(elsewhere, "get", "", 200))["edges"] == []
    await told(elsewhere, "get", path, 404)
    await told(elsewhere, "put", f"{path}/verification", 404, json={"rung": "documented"})
    [edge] = (await told(here, "get", "?state=submitted&rung=documented", 200))["edges"]
    assert edge["node"] == documented
    document = await here.get(f"/v1/submissions{path}/attachment")
    assert (document.content, document.headers["content-type"]) == (PNG, "image/png")
    assert document.headers["x-content-type-options"] == "nosniff"
    assert "Ijazah%20S-2.png" in document.headers["content-disposition"]
    verified = await told(here, "put", f"{path}/verification", 200, json={"rung": "documented"})
    assert (verified["rung"], verified["state"]) == ("verifiedByUnit", "submitted")

    late = await told(officer, "put", f"{path}/verification", 409, json={"rung": "documented"})
    assert (late["code"], "verifier" in late["translations"]["en"]) == ("submission.was_verified", True)
    before = (await officer.get(f"/v1/talents/{office.nip}/placement")).json()
    assert (before["box"], before["missing"]) == (None, ["education"])
    accepted = await told(officer, "put", f"{path}/verification", 200, json={"rung": "verifiedByUnit"})
    assert (accepted["rung"], accepted["state"]) == ("verifiedByHr", "accepted")
    after = (await officer.get(f"/v1/talents/{office.nip}/placement")).json()
    assert (after["box"], after["missing"]) == (8, [])
    [education] = (await talent.get(f"/v1/talents/{office.nip}?fields=educations")).json()["educations"]
    assert (education["id"], education["rung"]) == (accepted["evidenceId"], "verifiedByHr")


async def test_a_refusal_and_a_withdrawal(personas: Personas, office: Office) -> None:
    talent, officer = personas.talent(office.id, office.nip), personas.hr_officer(office.id)
    path = f"/{await submitted(talent)}"
    why = {"rung": "declared", "reason": "documentUnreadable", "comment": "Tidak ada dokumen sama sekali."}
    refused = await told(officer, "put", f"{path}/refusal", 200, json=why)
    assert (refused["state"], refused["decisions"][0]["reason"]) == ("refused", "documentUnreadable")
    assert (await told(talent, "put", f"{path}/withdrawal", 409))["code"] == "submission.was_refused"
    again = f"/{await submitted(talent)}"
    assert (await told(talent, "put", f"{again}/withdrawal", 200))["state"] == "withdrawn"


AWARD = {"name": "Teladan", "level": "national", "awardedOn": "2024-08-17"}
ASSESSMENT = {"assessedOn": "2025-04-03"}
POSITION = {"name": "ANALIS", "level": "jf_ahli_muda", "effectiveFrom": "2020-01-01", "status": "definitive"}
TRAINING = {"name": "Pelatihan", "kind": "technical", "finishedOn": "2024-06-01"}


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ({"award": AWARD | {"awardedOn": "2024-02-30"}}, "field.date", "/content/award/awardedOn"),
        ({"award": AWARD | {"awardedOn": "20240229"}}, "field.date", "/content/award/awardedOn"),
        ({"award": AWARD | {"awardedOn": 1700000000}}, "field.date", "/content/award/awardedOn"),
        ({"award": AWARD | {"awardedOn": "1899-12-31"}}, "field.range", "/content/award/awardedOn"),
        ({"award": AWARD | {"level": "LOKAL"}}, "field.choice", "/content/award/level"),
        ({"award": AWARD | {"name": " - "}}, "field.line", "/content/award/name"),
        ({"award": AWARD | {"name": "a\x00b"}}, "field.line", "/content/award/name"),
        ({"award": AWARD | {"name": "\ud800"}}, "field.unstorable", "/content/award/name"),
        ({"award": AWARD | {"name": "x" * 501}}, "field.length", "/content/award/name"),
        ({"award": AWARD | {"name": 7}}, "field.text", "/content/award/name"),
        ({"award": AWARD | {"points": 100}}, "field.unexpected", "/content/award/points"),
        ({"award": {"name": "Teladan", "level": "national"}}, "field.missing", "/content/award/awardedOn"),
        ({"award": [AWARD]}, "field.object", "/content/award"),
        (
            {"competencyAssessment": ASSESSMENT | {"integrity": 6}},
            "field.range",
            "/content/competencyAssessment/integrity",
        ),
        (
            {"potentialAssessment": ASSESSMENT | {"selfAwareness": 2.5}},
            "field.integer",
            "/content/potentialAssessment/selfAwareness",
        ),
        ({"training": TRAINING | {"hours": -1}}, "field.range", "/content/training/hours"),
        ({"training": TRAINING | {"hours": 10**30}}, "field.range", "/content/training/hours"),
        ({"position": POSITION | {"level": "wali kota"}}, "field.choice", "/content/position/level"),
        ({"position": POSITION | {"status": "acting"}}, "field.choice", "/content/position/status"),
        (
            {"performanceAppraisal": {"year": 1899, "predicate": "good"}},
            "field.range",
            "/content/performanceAppraisal/year",
        ),
        (
            {"performanceAppraisal": {"year": 2024, "predicate": "good", "appraiserNip": "123"}},
            "field.nip",
            "/content/performanceAppraisal/appraiserNip",
        ),
        ({"disciplinarySanction": {"severity": "light"}}, "field.unexpected", "/content/disciplinarySanction"),
        ({}, "evidence.one_kind", "/content"),
        (None, "field.object", "/content"),
    ],
)
async def test_a_content_that_no_import_would_accept_is_refused(
    content: Any, code: str, where: str, personas: Personas, office: Office
) -> None:
    body = json.dumps({"content": content})
    answer = await personas.talent(office.id, office.nip).post(
        "/v1/submissions", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
    assert [(fault["code"], fault["where"]) for fault in answer.json()["errors"]] == [(code, where)]


@pytest.mark.parametrize(
    ("state", "body", "where"),
    [
        ("verification", {}, ["/rung"]),
        ("verification", {"rung": "highest"}, ["/rung"]),
        ("refusal", {"rung": "declared"}, ["/reason", "/comment"]),
        ("refusal", {"rung": "declared", "reason": "because", "comment": "tidak cocok sama sekali"}, ["/reason"]),
        ("refusal", {"rung": "declared", "reason": "other", "comment": "tidak"}, ["/comment"]),
        ("refusal", {"rung": "declared", "reason": "other", "comment": "\x00" * 20}, ["/comment"]),
        ("refusal", {"rung": "declared", "reason": "other", "comment": " " * 20}, ["/comment"]),
    ],
)
async def test_a_decision_says_on_what_and_a_refusal_why(
    state: str, body: Any, where: list[str], personas: Personas, office: Office
) -> None:
    answer = await personas.hr_officer(office.id).put(f"/v1/submissions/{NOBODY}/{state}", json=body)
    assert answer.status_code == 422, answer.text
    assert [fault["where"] for fault in answer.json()["errors"]] == where


async def test_what_is_attached_is_a_document_of_some_size(personas: Personas, office: Office) -> None:
    talent = personas.talent(office.id, office.nip)
    path = f"/{await submitted(talent, {'training': TRAINING})}/attachment"
    for content, status, code in (
        (b"MZ\x90\x00", 422, "document.type"),
        (PDF + bytes(LARGEST_DOCUMENT), 413, "document.too_large"),
        (PDF + bytes(2 * LARGEST_DOCUMENT), 413, "request.too_large"),
    ):
        assert (await told(talent, "put", path, status, content=content))["code"] == code
    await told(talent, "put", f"{path}?name={'x' * 201}", 422, content=PDF)
    largest = PDF + bytes(LARGEST_DOCUMENT - len(PDF))
    assert (await told(talent, "put", path, 200, content=largest))["document"]["size"] == LARGEST_DOCUMENT


@pytest.mark.parametrize("path", ["nobody", "nobody/attachment", NOBODY, f"{NOBODY}/attachment"])
async def test_what_is_not_there_is_a_problem(path: str, personas: Personas, office: Office) -> None:
    answer = await personas.hr_officer(office.id).get(f"/v1/submissions/{path}")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_only_a_talent_submits_and_only_a_verifier_decides(personas: Personas, office: Office) -> None:
    talent, officer = personas.talent(office.id, office.nip), personas.hr_officer(office.id)
    await told(officer, "post", "", 403, json={"content": EDUCATION})
    await told(talent, "put", f"/{NOBODY}/verification", 403, json={"rung": "declared"})
    await told(personas.auditor(office.id), "get", "", 403)
    await told(personas.anonymous(), "post", "", 401, json={"content": EDUCATION})


async def test_graphql_tells_and_does_the_same(db: Database, personas: Personas, tmp_path: Path) -> None:
    office = await an_office(db, tmp_path)
    talent, officer = personas.talent(office.id, office.nip), personas.hr_officer(office.id)
    award = {"award": {"name": "Teladan II", "level": "national", "awardedOn": "2024-08-17"}}
    submit = """mutation ($content: EvidenceContent!) { submitEvidence(input: {content: $content}) {
        id rung talent { nip } content { award { name awardedOn } education { level } } } }"""
    made = (await talent.ask(submit, content=award))["data"]["submitEvidence"]
    assert made["content"] == {"award": {"name": "Teladan II", "awardedOn": "2024-08-17"}, "education": None}
    again = await talent.ask(submit, content=award)
    assert again["errors"][0]["extensions"]["code"] == "submission.pending"
    wrong = await talent.ask(submit, content={"award": award["award"] | {"level": "LOKAL"}})
    assert wrong["errors"][0]["extensions"]["errors"][0]["code"] == "field.choice"

    queue = "{ submissions(filter: {state: submitted, rung: declared}) { totalCount edges { node { id rung } } } }"
    assert (await officer.ask(queue))["data"]["submissions"]["edges"] == [
        {"node": {"id": made["id"], "rung": "declared"}}
    ]
    refuse = """mutation ($id: UUID!) { refuseSubmission(submissionId: $id, revision: 1, input: {
        rung: declared, reason: outOfScope, comment: "Bukan penghargaan negara."}) { state decisions { reason } } }"""
    refused = (await officer.ask(refuse, id=made["id"]))["data"]["refuseSubmission"]
    assert refused == {"state": "refused", "decisions": [{"reason": "outOfScope"}]}

    education = (await talent.ask(submit, content=EDUCATION))["data"]["submitEvidence"]["id"]
    verify = """mutation ($id: UUID!) {
        verifySubmission(submissionId: $id, revision: 1, input: {rung: declared}) {
            state submittedAt detail { en } } }"""
    assert (await officer.ask(verify, id=education))["data"]["verifySubmission"]["state"] == "accepted"
    profile = "query ($nip: String!) { talent(nip: $nip) { educations { level rung } placement { box } } }"
    assert (await officer.ask(profile, nip=office.nip))["data"]["talent"] == {
        "educations": [{"level": "s2", "rung": "verifiedByHr"}],
        "placement": {"box": 8},
    }
    gone = (await talent.ask(submit, content=award))["data"]["submitEvidence"]["id"]
    withdraw = "mutation ($id: UUID!) { withdrawSubmission(submissionId: $id) { state } }"
    assert (await talent.ask(withdraw, id=gone))["data"]["withdrawSubmission"] == {"state": "withdrawn"}
    one = "query ($id: UUID!) { submission(submissionId: $id) { state } }"
    assert (await talent.ask(one, id=gone))["data"]["submission"] == {"state": "withdrawn"}


async def test_an_assessment_without_a_level_is_no_evidence(personas: Personas, office: Office) -> None:
    empty = {"potentialAssessment": {"assessedOn": "2025-01-01"}}
    problem = await told(personas.talent(office.id, office.nip), "post", "", 422, json={"content": empty})
    assert [(one["code"], one["where"]) for one in problem["errors"]] == [
        ("evidence.no_levels", "/content/potentialAssessment")
    ]
