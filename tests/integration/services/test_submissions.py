"""The evidence ladder: talents submit and correct, units and HR verify, imports respect what was verified."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.database import Database, open_database
from app.domain.actors import Actor, Role
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, TalentError, TooLarge
from app.domain.ladder import SUBMITTABLE, RefusalReason, Rung
from app.services import placements, submissions, talents
from app.services.submission_contents import EvidenceContent
from app.services.submissions import (
    LARGEST_DOCUMENT,
    MOST_OPEN,
    AttachDocument,
    RefuseSubmission,
    SubmissionFilter,
    SubmitEvidence,
    VerifySubmission,
)
from tests.conftest import url_of
from tests.factories import (
    PDF,
    a_nip,
    a_placed_talent,
    a_submission,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    rows_of,
    talent,
    unit_verifier,
    write_csv,
    write_folder,
)

Content = Mapping[str, Mapping[str, object]]
S3: Content = {"education": {"level": "s3", "field": "HUKUM", "school": "UNIVERSITAS TERBUKA", "graduatedIn": 2003}}
WHY = {"reason": RefusalReason.DOES_NOT_MATCH_DOCUMENT, "comment": "Ijazah menyebut tahun 2004."}


async def submit(db: Database, actor: Actor, nip: str, content: Content, corrects: int | None = None) -> UUID:
    command = SubmitEvidence.model_validate({"content": content, "corrects": corrects})
    return await submissions.submit_evidence(db, talent(actor, nip), command)


async def verify(db: Database, actor: Actor, submission: UUID, seen: Rung = Rung.DECLARED) -> None:
    await submissions.verify_submission(db, actor, submission, VerifySubmission(rung=seen))


async def refuse(db: Database, actor: Actor, submission: UUID, seen: Rung = Rung.DECLARED) -> None:
    await submissions.refuse_submission(db, actor, submission, RefuseSubmission(rung=seen, **WHY))


async def submission_of(db: Database, actor: Actor, submission: UUID) -> dict[str, Any]:
    return json.loads(await submissions.submission_document(db, actor, submission))


async def queue(db: Database, actor: Actor, **chosen: object) -> list[str]:
    page = json.loads(await submissions.submissions_page(db, actor, SubmissionFilter(**chosen)))
    return [edge["node"]["id"] for edge in page["edges"]]


async def educations(db: Database, actor: Actor, nip: str) -> list[dict[str, Any]]:
    return json.loads(await talents.talent_document(db, actor, nip))["educations"]


async def placement_of(db: Database, actor: Actor, nip: str) -> dict[str, Any]:
    return json.loads(await placements.placement_document(db, actor, nip))


async def imported(db: Database, actor: Actor, nip: str, folder: Path, **sheets: Sequence[Mapping[str, str]]) -> Any:
    """Somebody of the unit U1 with complete evidence, except for the sheets that are told otherwise."""
    name = await name_of(db, actor)
    evidence = {sheet: rows for sheet, rows in (complete_evidence(nip, name) | sheets).items() if rows}
    return await import_files(db, actor, write_folder(folder, [an_employee(nip, name)], evidence))


def refusal_of(error: pytest.ExceptionInfo[TalentError]) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in error.value.faults]


# ── up the ladder


async def test_evidence_counts_once_hr_has_verified_it(db: Database, tmp_path: Path) -> None:
    actor, nip = await an_institution(db), a_nip()
    await imported(db, actor, nip, tmp_path, PENDIDIKAN=[])
    before = await placement_of(db, actor, nip)
    assert (before["box"], before["missing"]) == (None, ["education"])

    submission = await a_submission(db, actor, nip, {"education": {"level": "s2", "field": "HUKUM"}})
    waiting = await submission_of(db, talent(actor, nip), submission)
    assert (waiting["state"], waiting["rung"], waiting["evidenceId"]) == ("submitted", "verifiedByUnit", None)
    assert waiting["detail"]["en"].startswith("Verified by the unit; it counts in the talent map once HR")
    assert await placement_of(db, actor, nip) == before
    assert await educations(db, actor, nip) == []

    await verify(db, officer(actor), submission, Rung.VERIFIED_BY_UNIT)
    accepted = await submission_of(db, talent(actor, nip), submission)
    [row] = await educations(db, actor, nip)
    assert (accepted["state"], accepted["evidenceId"]) == ("accepted", row["id"])
    assert (row["level"], row["levelLabel"], row["rung"]) == ("s2", "S-2", "verifiedByHr")
    after = await placement_of(db, actor, nip)
    assert (after["box"], after["talentValue"], after["missing"]) == (8, 77.425, [])
    assert [one["rung"] for one in accepted["decisions"]] == ["verifiedByUnit", "verifiedByHr"]


async def test_a_correction_takes_the_place_of_what_it_corrects_also_after_the_next_import(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    [held] = await educations(db, actor, nip)
    submission = await submit(db, actor, nip, S3, corrects=held["id"])
    await verify(db, officer(actor), submission)
    [corrected] = await educations(db, actor, nip)
    assert (corrected["level"], corrected["id"] > held["id"]) == ("s3", True)

    report = await imported(db, actor, nip, tmp_path)
    assert set(report["changes"].values()) == {0}
    [notice] = report["notices"]
    assert (notice["sheet"], notice["row"], notice["code"]) == ("pendidikan", 2, "evidence.overruled")
    assert await educations(db, actor, nip) == [corrected]

    another = {"NIP": nip, "TINGKAT": "S-1", "BIDANG": "HUKUM", "SEKOLAH": "UNIVERSITAS RIAU", "TAHUN LULUS": "1999"}
    old = complete_evidence(nip, await name_of(db, actor))["PENDIDIKAN"]
    await imported(db, actor, nip, tmp_path, PENDIDIKAN=[*old, another])
    assert [row["level"] for row in await educations(db, actor, nip)] == ["s3", "s1"]


async def test_an_import_of_what_hr_verified_before_changes_nothing(db: Database, tmp_path: Path) -> None:
    actor, nip = await an_institution(db), a_nip()
    await imported(db, actor, nip, tmp_path, PENDIDIKAN=[])
    await verify(db, officer(actor), await submit(db, actor, nip, S3))
    known = await educations(db, actor, nip)
    equal = {"NIP": nip, "TINGKAT": "S-3", "BIDANG": "HUKUM", "SEKOLAH": "UNIVERSITAS TERBUKA", "TAHUN LULUS": "2003"}
    report = await imported(db, actor, nip, tmp_path, PENDIDIKAN=[equal])
    assert report["changes"]["education"] == 0
    assert await educations(db, actor, nip) == known


async def test_what_an_import_withdrew_comes_back_when_hr_verifies_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    [first] = await educations(db, actor, nip)
    changed = {"NIP": nip, "TINGKAT": "S-1", "BIDANG": "HUKUM", "SEKOLAH": "UNIVERSITAS TERBUKA", "TAHUN LULUS": "2003"}
    await imported(db, actor, nip, tmp_path, PENDIDIKAN=[changed])
    [second] = await educations(db, actor, nip)
    said = {"level": "s2", "field": "HUKUM", "school": "UNIVERSITAS TERBUKA", "graduatedIn": 2003}
    await verify(db, officer(actor), await submit(db, actor, nip, {"education": said}, corrects=second["id"]))
    assert await educations(db, actor, nip) == [first]


# ── what may be submitted

AS_IMPORTED: dict[str, dict[str, object]] = {
    "performanceAppraisal": {
        "year": 2024,
        "workResultRating": "as_expected",
        "behaviourRating": "as_expected",
        "predicate": "good",
    },
    "feedback360": {"year": 2024, "predicate": "good"},
    "award": {"name": "Teladan", "level": "institution", "awardedOn": "2024-08-17"},
    "teamAssignment": {"name": "Tim", "role": "lead_internal", "since": "2025-01-01"},
    "competencyAssessment": {
        "assessedOn": "2025-04-03",
        "method": "ASSESSMENT CENTER",
        "integrity": 3,
        "teamwork": 3,
        "communication": 3,
        "resultsOrientation": 3,
        "publicService": 3,
        "developingSelfAndOthers": 3,
        "managingChange": 2,
        "decisionMaking": 3,
        "nationBinding": 3,
    },
    "potentialAssessment": {
        "assessedOn": "2025-04-03",
        "method": "CACT BKN",
        "intellectualAbility": 3,
        "interpersonalAbility": 3,
        "selfAwareness": 3,
        "criticalAndStrategicThinking": 3,
        "problemSolving": 3,
        "emotionalIntelligence": 3,
        "fastLearningAndSelfDevelopment": 4,
        "motivationAndCommitment": 3,
    },
    "training": {"name": " Pelatihan  1", "kind": "technical", "hours": 20, "finishedOn": "2024-06-01"},
    "education": {"level": "s2", "field": "HUKUM", "school": "UNIVERSITAS TERBUKA", "graduatedIn": 2003},
}


def position(institution: str) -> dict[str, object]:
    return {
        "type": "Jabatan Fungsional",
        "name": "ANALIS KEBIJAKAN AHLI MUDA",
        "level": "jf_ahli_muda",
        "unitId": "U1",
        "institution": institution,
        "effectiveFrom": "2023-04-01",
        "status": "acting_higher",
    }


async def test_what_is_on_record_need_not_be_submitted_whatever_its_kind(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    for kind, said in (AS_IMPORTED | {"position": position(await name_of(db, actor))}).items():
        with pytest.raises(Conflict) as refused:
            await submit(db, actor, nip, {kind: said})
        assert (kind, refused.value.code) == (kind, "evidence.already_recorded")


async def test_every_kind_can_be_submitted_and_becomes_evidence(db: Database, tmp_path: Path) -> None:
    actor, nip = await an_institution(db), a_nip()
    await import_files(db, actor, write_folder(tmp_path, [an_employee(nip, await name_of(db, actor))], {}))
    declared = AS_IMPORTED | {"position": position("Kota Lain")}
    for kind, said in declared.items():
        submission = await submit(db, actor, nip, {kind: said})
        told = (await submission_of(db, officer(actor), submission))["content"]
        assert [name for name, part in told.items() if part is not None] == [kind]
        given = said | ({"name": "Pelatihan 1"} if kind == "training" else {})
        assert given.items() <= told[kind].items()
        await verify(db, officer(actor), submission)
    profile = json.loads(await talents.talent_document(db, actor, nip))
    held = [rows for rows in profile.values() if isinstance(rows, list) and rows]
    assert (len(held), {row["rung"] for rows in held for row in rows}) == (len(declared), {"verifiedByHr"})


def test_every_submittable_kind_has_its_content() -> None:
    assert {field.alias for field in EvidenceContent.model_fields.values()} == set(SUBMITTABLE)
    assert set(AS_IMPORTED) | {"position"} == set(SUBMITTABLE)


async def test_what_differs_from_the_record_has_to_correct_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, other = await a_placed_talent(db, actor, tmp_path), a_nip()
    [held] = await educations(db, actor, nip)
    with pytest.raises(Conflict, match=r"evidence\.same_thing") as refused:
        await submit(db, actor, nip, S3)
    assert str(held["id"]) in refused.value.detail["en"]
    await import_files(db, actor, write_folder(tmp_path / "2", [an_employee(other, await name_of(db, actor))], {}))
    award = json.loads(await talents.talent_document(db, actor, nip))["awards"][0]["id"]
    for who, corrects in ((other, held["id"]), (nip, award + 1000)):
        with pytest.raises(Conflict, match=r"evidence\.cannot_be_corrected"):
            await submit(db, actor, who, S3, corrects=corrects)


async def test_days_and_years_to_come_are_refused_by_the_legal_day(database_name: str, tmp_path: Path) -> None:
    def clock() -> datetime:
        return datetime(2025, 12, 31, 16, 59, tzinfo=UTC)  # 23.59 in Jakarta

    async with open_database(url_of(database_name), clock=clock) as db:
        actor = await an_institution(db)
        nip = await a_placed_talent(db, actor, tmp_path)
        award = {"name": "Satyalancana", "level": "national"}
        for content, faults in (
            ({"award": award | {"awardedOn": "2026-01-01"}}, [("evidence.future", "/content/award/awardedOn")]),
            (
                {"performanceAppraisal": {"year": 2026, "predicate": "good"}},
                [("evidence.future", "/content/performanceAppraisal/year")],
            ),
            (
                {
                    "teamAssignment": {
                        "name": "T",
                        "role": "lead_internal",
                        "since": "2025-02-01",
                        "until": "2025-01-31",
                    }
                },
                [("date.order", "/content/teamAssignment/until")],
            ),
            ({}, [("evidence.one_kind", "/content")]),
            ({**S3, "feedback360": {"year": 2024, "predicate": "good"}}, [("evidence.one_kind", "/content")]),
        ):
            with pytest.raises(Invalid) as refused:
                await submit(db, actor, nip, content)
            assert refusal_of(refused) == faults
        await submit(db, actor, nip, {"award": award | {"awardedOn": "2025-12-31"}})


async def test_the_same_waits_once_and_not_too_much_waits(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    first = {"award": {"name": "Teladan I", "level": "national", "awardedOn": "2024-01-01"}}
    outcomes = await asyncio.gather(*(submit(db, actor, nip, first) for _ in range(3)), return_exceptions=True)
    refused = [one.code for one in outcomes if isinstance(one, Conflict)]
    assert refused == ["submission.pending"] * 2
    for n in range(MOST_OPEN - 1):
        await submit(db, actor, nip, {"award": {**first["award"], "name": f"Penghargaan {n}"}})
    with pytest.raises(Conflict, match=r"submission\.too_many"):
        await submit(db, actor, nip, S3)
    mine = await queue(db, talent(actor, nip))
    await submissions.withdraw_submission(db, talent(actor, nip), UUID(mine[0]))
    await submit(db, actor, nip, first)


# ── documents


async def test_a_document_is_attached_once_and_goes_when_the_talent_withdraws(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    somebody = talent(actor, nip)
    submission = await submit(db, actor, nip, {"training": {**AS_IMPORTED["training"], "name": "Lain"}})

    async def attach(content: bytes) -> None:
        await submissions.attach_document(db, somebody, submission, AttachDocument(name="a.pdf", content=content))

    for content in (b"", b"<html>%PDF-", b"PK\x03\x04"):
        with pytest.raises(Invalid, match=r"document\.type"):
            await attach(content)
    with pytest.raises(TooLarge, match=r"document\.too_large"):
        await attach(PDF + b" " * LARGEST_DOCUMENT)
    with pytest.raises(NotFound, match=r"document\.not_found"):
        await submissions.submission_attachment(db, somebody, submission)
    await attach(PDF)
    await attach(PDF)
    with pytest.raises(Conflict, match=r"submission\.has_document"):
        await attach(PDF + b"%%")
    read = await submissions.submission_attachment(db, officer(actor), submission)
    assert (read.name, read.media_type, read.content) == ("a.pdf", "application/pdf", PDF)
    assert (await submission_of(db, somebody, submission))["rung"] == "documented"

    await submissions.withdraw_submission(db, somebody, submission)
    assert (await submission_of(db, somebody, submission))["document"] is None
    with pytest.raises(Conflict, match=r"submission\.was_withdrawn"):
        await verify(db, officer(actor), submission, Rung.DOCUMENTED)


# ── who decides, and who sees


async def test_out_of_scope_is_as_if_it_were_not_there(db: Database, tmp_path: Path) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    submission = await a_submission(db, actor, nip)
    outside = (
        officer(stranger),
        talent(actor, a_nip()),
        unit_verifier(actor, "U2"),
        unit_verifier(actor, None),
        Actor(actor.institution_id, Role.TALENT, "nobody"),
    )
    for somebody in outside:
        assert await queue(db, somebody) == []
        with pytest.raises(NotFound, match=r"submission\.not_found"):
            await submissions.submission_document(db, somebody, submission)
        with pytest.raises(NotFound, match=r"document\.not_found"):
            await submissions.submission_attachment(db, somebody, submission)
    for somebody in outside[2:4]:
        with pytest.raises(NotFound, match=r"submission\.not_found"):
            await verify(db, somebody, submission, Rung.VERIFIED_BY_UNIT)
    with pytest.raises(NotFound, match=r"submission\.not_found"):
        await submissions.withdraw_submission(db, outside[1], submission)
    with pytest.raises(NotFound, match=r"talent\.not_found"):
        await submissions.submit_evidence(db, outside[4], SubmitEvidence.model_validate({"content": S3}))
    for role in (Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.NATIONAL):
        with pytest.raises(Forbidden):
            await queue(db, Actor(actor.institution_id, role, "x"))


async def test_the_queue_is_narrowed_and_oldest_first(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    name = await name_of(db, actor)
    ani, budi = a_nip(), a_nip()
    units = write_csv(tmp_path, "u", [{"ID": u, "NAMA_UNOR": u, "ID_ATASAN": a} for u, a in (("U1", ""), ("U2", "U1"))])
    people = [an_employee(ani, name) | {"UNOR ID": "U1"}, an_employee(budi, name) | {"UNOR ID": "U2"}]
    await import_files(db, actor, [units, *write_folder(tmp_path / "people", people, {})])
    first = str(await submit(db, actor, budi, S3))
    second = str(await submit(db, actor, ani, S3))
    third = str(await submit(db, actor, ani, {"feedback360": {"year": 2024, "predicate": "good"}}))
    await verify(db, unit_verifier(actor), UUID(second))
    assert await queue(db, officer(actor)) == [first, second, third]
    assert await queue(db, unit_verifier(actor, "U1")) == [first, second, third]
    assert await queue(db, unit_verifier(actor, "U2")) == [first]
    assert await queue(db, talent(actor, ani)) == [second, third]
    assert await queue(db, officer(actor), unit="U2") == [first]
    assert await queue(db, officer(actor), kind="feedback360") == [third]
    assert await queue(db, officer(actor), rung="verifiedByUnit") == [second]
    await refuse(db, officer(actor), UUID(third))
    assert await queue(db, officer(actor), state="submitted") == [first, second]
    with pytest.raises(Invalid) as refused:
        await queue(db, officer(actor), kind="sanction")
    assert refusal_of(refused) == [("value.unknown", "kind")]


async def test_of_two_verifiers_at_once_the_second_is_told_who_was_quicker(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    submission = await submit(db, actor, nip, {"education": {"level": "s3"}})
    one, other = unit_verifier(actor, subject="ani"), unit_verifier(actor, subject="budi")
    outcomes = await asyncio.gather(verify(db, one, submission), refuse(db, other, submission), return_exceptions=True)
    [conflict] = [one for one in outcomes if one is not None]
    [decision] = (await submission_of(db, officer(actor), submission))["decisions"]
    assert isinstance(conflict, Conflict)
    assert conflict.code in ("submission.was_verified", "submission.was_refused")
    assert decision["by"] in conflict.detail["en"]


async def test_a_refusal_says_why_and_the_talent_submits_again(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    submission = await submit(db, actor, nip, {"education": {"level": "s3"}})
    await refuse(db, unit_verifier(actor), submission)
    told = await submission_of(db, talent(actor, nip), submission)
    [decision] = told["decisions"]
    assert (told["state"], decision["decision"], decision["rung"]) == ("refused", "refuse", "declared")
    assert (decision["reason"], decision["comment"]) == (WHY["reason"], WHY["comment"])
    assert decision["detail"]["en"].startswith("What is declared differs from the document")
    assert len(await educations(db, actor, nip)) == 1
    with pytest.raises(Conflict, match=r"submission\.was_refused"):
        await verify(db, officer(actor), submission)
    await submit(db, actor, nip, {"education": {"level": "s3"}})


async def test_nobody_decides_about_the_own_evidence(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    submission = await submit(db, actor, nip, {"education": {"level": "s3"}})
    themselves = Actor(actor.institution_id, Role.HR_OFFICER, talent(actor, nip).subject)
    for decide in (verify, refuse):
        with pytest.raises(Forbidden, match=r"submission\.own"):
            await decide(db, themselves, submission)
    with pytest.raises(Forbidden):
        await verify(db, talent(actor, nip), submission)


async def test_a_correction_of_what_an_import_replaced_meanwhile_is_not_accepted(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    [held] = await educations(db, actor, nip)
    submission = await submit(db, actor, nip, S3, corrects=held["id"])
    newer = {"NIP": nip, "TINGKAT": "S-1", "BIDANG": "HUKUM", "SEKOLAH": "UNIVERSITAS TERBUKA", "TAHUN LULUS": "2003"}
    await imported(db, actor, nip, tmp_path, PENDIDIKAN=[newer])
    with pytest.raises(Conflict, match=r"evidence\.cannot_be_corrected"):
        await verify(db, officer(actor), submission)
    assert (await submission_of(db, officer(actor), submission))["rung"] == "declared"
    await refuse(db, officer(actor), submission)
    assert [row["level"] for row in await educations(db, actor, nip)] == ["s1"]


async def test_the_ledger_knows_who_and_when_but_not_what_was_declared(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    submission = await a_submission(db, actor, nip)
    await verify(db, officer(actor), submission, Rung.VERIFIED_BY_UNIT)
    await refuse(db, officer(actor), await submit(db, actor, nip, {"education": {"level": "d3"}}))
    gone = await submit(db, actor, nip, {"education": {"level": "s1"}})
    await submissions.withdraw_submission(db, talent(actor, nip), gone)
    rows = await rows_of(db, actor, "SELECT type, payload FROM ledger_entry ORDER BY id")
    told = [(row["type"], row["payload"]) for row in rows if "submission_id" in row["payload"]]
    assert [kind for kind, _ in told] == [
        "evidenceSubmitted",
        "documentAttached",
        "submissionVerified",
        "submissionVerified",
        "evidenceSubmitted",
        "submissionRefused",
        "evidenceSubmitted",
        "submissionWithdrawn",
    ]
    spoken = json.dumps(told)
    assert not any(word in spoken for word in ("ILMU HUKUM", "s3", "ijazah", nip, "SITI", str(WHY["comment"])))


async def test_what_was_decided_cannot_be_changed(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    await a_submission(db, actor, nip)
    for statement in ("UPDATE submission_decision SET comment = 'x'", "DELETE FROM submission_decision"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with db.write_as(actor) as tx:
                await tx.execute(text(statement))


async def test_an_unknown_submission_is_not_found(db: Database) -> None:
    actor = await an_institution(db)
    with pytest.raises(NotFound, match=r"submission\.not_found"):
        await verify(db, officer(actor), uuid4())


async def test_an_officer_who_is_a_talent_too_submits_and_withdraws_for_themselves_alone(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path / "one")
    own = await a_placed_talent(db, actor, tmp_path / "two")
    both = Actor(actor.institution_id, Role.HR_OFFICER, "both", own, other_roles=frozenset({Role.TALENT}))
    with pytest.raises(NotFound):
        await submissions.withdraw_submission(db, both, await a_submission(db, actor, nip))
    command = SubmitEvidence.model_validate({"content": {"education": {"level": "s3", "field": "HUKUM"}}})
    submission = await submissions.submit_evidence(db, both, command)
    assert json.loads(await submissions.submission_document(db, both, submission))["talent"]["nip"] == own


async def test_who_is_a_talent_besides_reads_only_the_own_submissions(db: Database, tmp_path: Path) -> None:
    founder = await an_institution(db)
    submission = await a_submission(db, founder, await a_placed_talent(db, founder, tmp_path))
    auditor = Actor(founder.institution_id, Role.AUDITOR, "auditor", a_nip(), other_roles=frozenset({Role.TALENT}))
    with pytest.raises(NotFound):
        await submissions.submission_document(db, auditor, submission)
    assert json.loads(await submissions.submissions_page(db, auditor))["edges"] == []
