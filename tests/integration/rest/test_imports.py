"""REST: files are sent, reported on, kept or refused – and the service goes on answering."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
import pytest
from structlog.testing import capture_logs

from app.db.database import Database
from app.settings import Settings
from tests.factories import a_nip, an_employee, an_institution, complete_evidence, name_of, spreadsheets, write_folder
from tests.personas import Persona, Personas

PROBLEM = "application/problem+json"
AS_OF = {"asOf": "2025-12-04"}
Part = tuple[str, tuple[str, bytes, str]]


@pytest.fixture
async def officer(db: Database, personas: Personas) -> Persona:
    """An officer of an institution of the test's own."""
    return personas.hr_officer((await an_institution(db)).institution_id)


async def institution_of(officer: Persona) -> str:
    return (await officer.get("/v1/institutions")).json()["edges"][0]["node"]["name"]


def part(name: str, content: bytes, kind: str = "text/csv") -> Part:
    return ("files", (name, content, kind))


def people(institution: str, *nips: str) -> bytes:
    stream = io.StringIO()
    rows = [an_employee(nip, institution) for nip in nips]
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


async def send(officer: Persona, parts: Sequence[Part], **form: str) -> httpx2.Response:
    return await officer.post("/v1/imports", files=list(parts), data=AS_OF | form)


async def total(officer: Persona) -> int:
    return (await officer.get("/v1/talents?count=true")).json()["totalCount"]


async def must_be_refused(officer: Persona, answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """A problem; nothing was stored, and the next request is answered."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    body = answer.json()
    assert body["code"] == code
    assert body["requestId"] == answer.headers["x-request-id"]
    assert all(body["translations"][language] for language in ("id", "en"))
    assert (await officer.get("/health/live")).status_code == 200
    assert (await officer.get("/v1/imports")).json()["edges"] == []
    assert await total(officer) == 0
    return body


# ── stored


async def test_one_file_is_stored_and_its_import_can_be_read(officer: Persona) -> None:
    nip = a_nip()
    answer = await send(officer, [part("Data ASN.csv", people(await institution_of(officer), nip))])
    assert answer.status_code == 201, answer.text
    report = answer.json()
    assert (report["stored"], report["asOf"], report["refusals"], report["unrecognised"]) == (
        True,
        "2025-12-04",
        [],
        [],
    )
    [file] = report["files"]
    assert (file["file"], file["sheets"][0]["rows"], file["sheets"][0]["accepted"]) == ("Data ASN.csv", 1, 1)
    assert report["changes"]["talents"] == 1
    assert answer.headers["location"] == f"/v1/imports/{report['id']}"

    kept = (await officer.get(answer.headers["location"])).json()
    assert (kept["id"], kept["asOf"], kept["by"]) == (report["id"], "2025-12-04", "officer")
    assert (kept["files"], kept["changes"], kept["refusals"]) == (report["files"], report["changes"], [])
    began = datetime.fromisoformat(kept["startedAt"])
    assert abs((datetime.now(UTC) - began).total_seconds()) < 60
    [edge] = (await officer.get("/v1/imports")).json()["edges"]
    assert edge["node"]["id"] == report["id"]
    assert (await officer.get(f"/v1/talents/{nip}")).json()["isMapped"] is True


async def test_several_files_are_one_import(officer: Persona, tmp_path: Path) -> None:
    nip, name = a_nip(), await institution_of(officer)
    files = write_folder(tmp_path, [an_employee(nip, name)], complete_evidence(nip, name))
    answer = await send(officer, [part(file.name, file.path.read_bytes()) for file in files])
    assert answer.status_code == 201, answer.text
    assert [file["file"] for file in answer.json()["files"]] == [file.name for file in files]
    assert (await officer.get(f"/v1/talents/{nip}/placement")).json()["box"] == 8
    assert len((await officer.get("/v1/imports")).json()["edges"]) == 1


async def test_workbooks_are_stored_like_csv(officer: Persona, dumai_files: Path) -> None:
    files = spreadsheets(dumai_files)
    answer = await send(officer, [part(file.name, file.path.read_bytes()) for file in files])
    assert answer.status_code == 201, answer.text[:500]
    assert sum(sheet["accepted"] for file in answer.json()["files"] for sheet in file["sheets"]) > 100
    assert await total(officer) > 0


async def test_evidence_may_be_sent_before_the_people_in_one_request(officer: Persona) -> None:
    nip, name = a_nip(), await institution_of(officer)
    parts = [part("skp.csv", SKP.format(nip).encode()), part("asn.csv", people(name, nip))]
    report = (await send(officer, parts)).json()
    assert (report["refusals"], report["changes"]["performanceAppraisal"]) == ([], 1)


SKP = "NIP,TAHUN,HASIL KERJA,PERILAKU KERJA,PREDIKAT KINERJA\n{},2024,,,BAIK\n"


async def test_sending_the_same_again_changes_nothing(officer: Persona) -> None:
    nip = a_nip()
    parts = [part("asn.csv", people(await institution_of(officer), nip)), part("skp.csv", SKP.format(nip).encode())]
    first, second = (await send(officer, parts)).json(), (await send(officer, parts)).json()
    assert any(first["changes"].values())
    assert not any(second["changes"].values())
    assert first["files"] == second["files"]


async def test_without_a_day_the_files_describe_today(officer: Persona) -> None:
    content = people(await institution_of(officer), a_nip())
    answer = await officer.post("/v1/imports", files=[part("asn.csv", content)])
    assert answer.status_code == 201
    assert answer.json()["asOf"] == datetime.now(ZoneInfo("Asia/Jakarta")).date().isoformat()


async def test_refused_rows_are_reported_and_kept_with_their_cell(officer: Persona) -> None:
    name = await institution_of(officer)
    content = people(name, a_nip()) + people(name, "19800821200501100X").split(b"\r\n", 1)[1]
    answer = await send(officer, [part("asn.csv", content)])
    assert answer.status_code == 201
    [refusal] = answer.json()["refusals"]
    assert (refusal["file"], refusal["row"], refusal["column"], refusal["code"]) == (
        "asn.csv",
        3,
        "NIP BARU",
        "nip.format",
    )
    kept = (await officer.get(answer.headers["location"])).json()["refusals"]
    assert kept == [refusal]


async def test_unknown_sheets_are_named_beside_known_ones(officer: Persona) -> None:
    parts = [
        part("asn.csv", people(await institution_of(officer), a_nip())),
        part("notes.csv", b"WARNA,BUAH\nmerah,apel\n"),
    ]
    report = (await send(officer, parts)).json()
    assert [unknown["file"] for unknown in report["unrecognised"]] == ["notes.csv"]


@pytest.mark.parametrize(
    "filename", ["../../etc/passwd.csv", "..", "a/b/c.csv", "é ü.csv", "x" * 300 + ".csv", 'q".csv']
)
async def test_the_name_of_a_file_is_only_a_name(
    filename: str, officer: Persona, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = await send(officer, [part(filename, people(await institution_of(officer), a_nip()))])
    assert answer.status_code == 201, answer.text
    [file] = answer.json()["files"]
    assert "/" not in file["file"]
    assert list(tmp_path.iterdir()) == []


# ── not stored


async def test_a_dry_run_reports_the_same_and_stores_nothing(officer: Persona) -> None:
    nip = a_nip()
    parts = [part("asn.csv", people(await institution_of(officer), nip))]
    dry = await send(officer, parts, dryRun="true")
    assert (dry.status_code, dry.json()["stored"]) == (200, False)
    assert "location" not in dry.headers
    assert (await officer.get(f"/v1/imports/{dry.json()['id']}")).status_code == 404
    assert await total(officer) == 0
    wet = await send(officer, parts, dryRun="false")
    same = ("asOf", "files", "refusals", "notices", "unrecognised", "changes")
    assert [dry.json()[name] for name in same] == [wet.json()[name] for name in same]


async def test_all_or_nothing_stores_nothing_if_a_row_is_refused(officer: Persona) -> None:
    name = await institution_of(officer)
    bad = people(name, a_nip()) + people(name, "1").split(b"\r\n", 1)[1]
    answer = await send(officer, [part("asn.csv", bad)], allOrNothing="true")
    assert (answer.status_code, answer.json()["stored"], len(answer.json()["refusals"])) == (200, False, 1)
    assert await total(officer) == 0
    answer = await send(officer, [part("asn.csv", people(name, a_nip()))], allOrNothing="true")
    assert (answer.status_code, answer.json()["stored"]) == (201, True)


# ── refused


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ({}, {"/files"}),
        ({"asOf": "2025-12-04"}, {"/files"}),
        ({"files": "a.csv"}, {"/files/0", "/files"}),
        ({"asOf": "x"}, {"/files", "/asOf"}),
    ],
)
async def test_no_files_are_refused(form: dict[str, str], where: set[str], officer: Persona) -> None:
    body = await must_be_refused(officer, await officer.post("/v1/imports", data=form), 422, "request.invalid")
    assert {fault["where"] for fault in body["errors"]} <= where


@pytest.mark.parametrize("day", ["x", "04-12-2025", "2025-13-01", "2025-02-30", "99999-01-01", "\x00", "2025-12-04x"])
async def test_a_day_that_does_not_exist_is_refused(day: str, officer: Persona) -> None:
    parts = [part("asn.csv", people(await institution_of(officer), a_nip()))]
    body = await must_be_refused(officer, await send(officer, parts, asOf=day), 422, "request.invalid")
    assert [fault["where"] for fault in body["errors"]] == ["/asOf"]


@pytest.mark.parametrize("name", ["dryRun", "allOrNothing"])
async def test_an_option_is_yes_or_no(name: str, officer: Persona) -> None:
    parts = [part("asn.csv", people(await institution_of(officer), a_nip()))]
    body = await must_be_refused(officer, await send(officer, parts, **{name: "perhaps"}), 422, "request.invalid")
    assert [fault["where"] for fault in body["errors"]] == [f"/{name}"]


async def test_a_body_of_another_kind_is_refused(officer: Persona) -> None:
    for content, kind in (
        (b'{"files": []}', "application/json"),
        (b"NIP\n1\n", "text/csv"),
        (b"<a/>", "application/xml"),
        (b"", "application/x-www-form-urlencoded"),
        (b"PK\x03\x04", "application/octet-stream"),
    ):
        answer = await officer.post("/v1/imports", content=content, headers={"content-type": kind})
        await must_be_refused(officer, answer, 422, "request.invalid")
    await must_be_refused(officer, await officer.post("/v1/imports"), 422, "request.invalid")


async def test_a_broken_multipart_body_is_refused(officer: Persona) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary="):
        answer = await officer.post("/v1/imports", content=b"--y\r\ngarbage", headers={"content-type": kind})
        assert answer.status_code in (400, 422), answer.text
        await must_be_refused(officer, answer, answer.status_code, "request.invalid")


HOSTILE: dict[str, tuple[str, bytes]] = {
    "file.empty": ("a.csv", b""),
    "import.nothing_recognised": ("a.txt", b"Dengan hormat,\nterlampir data pegawai kami.\n"),
    "file.not_a_spreadsheet": ("a.xlsx", b"%PDF-1.7 not a workbook"),
    "heading.missing": (
        "asn.csv",
        b"NIP BARU,NAMA,KEDUDUKAN HUKUM ID,KEDUDUKAN HUKUM NAMA,JENIS JABATAN ID,JABATAN NAMA,TMT JABATAN,UNOR ID\n",
    ),
}


@pytest.mark.parametrize(("code", "file"), HOSTILE.items(), ids=list(HOSTILE))
async def test_a_file_that_cannot_be_used_is_refused(code: str, file: tuple[str, bytes], officer: Persona) -> None:
    good = part("asn.csv", people(await institution_of(officer), a_nip()))
    parts = [part(*file)] if code == "import.nothing_recognised" else [good, part(*file)]
    body = await must_be_refused(officer, await send(officer, parts), 422, code)
    assert file[0] in body["detail"]


async def test_a_truncated_workbook_is_refused(officer: Persona, dumai_files: Path) -> None:
    whole = (dumai_files / "data-asn.xlsx").read_bytes()
    for size in (4, 100, len(whole) // 2, len(whole) - 10):
        answer = await send(officer, [part("data-asn.xlsx", whole[:size])])
        await must_be_refused(officer, answer, 422, "file.damaged")


async def test_a_request_larger_than_the_limit_is_refused(officer: Persona, settings: Settings) -> None:
    content = b"NIP,NAMA\n" + b"1,x\n" * (settings.upload_megabytes * 2**18)
    answer = await send(officer, [part("large.csv", content)])
    await must_be_refused(officer, answer, 413, "request.too_large")


async def test_a_request_that_hides_its_size_is_refused_all_the_same(officer: Persona, settings: Settings) -> None:
    async def body() -> Any:
        yield b'--x\r\ncontent-disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
        for _ in range(settings.upload_megabytes + 1):
            yield b"1,x\n" * 2**18
        yield b"\r\n--x--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await officer.post("/v1/imports", content=body(), headers=headers)
    await must_be_refused(officer, answer, 413, "request.too_large")


async def test_a_large_graphql_request_is_refused(officer: Persona, settings: Settings) -> None:
    content = b'{"query": "' + b" " * (settings.upload_megabytes * 2**20) + b'"}'
    answer = await officer.post("/graphql", content=content)
    await must_be_refused(officer, answer, 413, "request.too_large")


async def test_a_name_of_a_file_that_cannot_be_stored_does_no_harm(officer: Persona) -> None:
    head = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a\x00\xff.csv"\r\n\r\n'
    content = head + people(await institution_of(officer), a_nip()) + b"\r\n--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x"}
    with capture_logs():
        answer = await officer.post("/v1/imports", content=content, headers=headers)
    assert answer.status_code in (201, 400, 422), answer.text


async def test_nothing_is_imported_into_an_institution_that_does_not_exist(personas: Personas) -> None:
    answer = await send(personas.hr_officer(UUID(int=1)), [part("asn.csv", people("Nowhere", a_nip()))])
    assert (answer.status_code, answer.json()["code"]) == (404, "institution.not_found")


async def test_people_stay_in_the_institution_of_the_token(db: Database, officer: Persona, personas: Personas) -> None:
    other = await an_institution(db)
    nip = a_nip()
    assert (await send(officer, [part("asn.csv", people(await name_of(db, other), nip))])).status_code == 201
    assert (await officer.get(f"/v1/talents/{nip}")).json()["unmappedBecause"] == "worksElsewhere"
    assert (await personas.hr_officer(other.institution_id).get(f"/v1/talents/{nip}")).status_code == 404


async def test_who_is_not_signed_in_is_told_so_before_anything_else(personas: Personas) -> None:
    answer = await personas.anonymous().post("/v1/imports", data={"asOf": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
