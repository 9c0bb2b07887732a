"""Plain functions that make what a test needs, through the services; no magic, no registry."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from app.db.database import Database, fetch_rows
from app.domain.actors import Actor, Role
from app.domain.ladder import Rung
from app.services import imports, institutions, rubrics, submissions
from app.services.import_report import DeliveredFile, Report
from app.services.imports import ImportFiles
from app.services.rubrics import CopyRubric, RubricKey
from app.services.submissions import AttachDocument, SubmitEvidence, VerifySubmission
from app.sheets.reading import Limits
from tests.conftest import as_superuser

AS_OF = date(2025, 12, 4)
LIMITS = Limits(16 * 2**20, 64 * 2**20)
_serials = count(1)


async def an_institution(db: Database, name: str | None = None) -> Actor:
    """A fresh institution, and its operator: the product's own wall keeps tests apart."""
    operator = Actor(uuid4(), Role.OPERATOR, "test")
    command = institutions.CreateInstitution(name=name or f"Pemerintah Kota Contoh {uuid4().hex[:10]}")
    return Actor(await institutions.create_institution(db, operator, command), Role.OPERATOR, "test")


def officer(actor: Actor) -> Actor:
    return Actor(actor.institution_id, Role.HR_OFFICER, "officer")


def a_nip(born: date = date(1980, 8, 21), sex: int = 1) -> str:
    """An invented employee number that no other call returns."""
    thousands, serial = divmod(next(_serials), 1000)
    years, months = divmod(thousands, 12)
    return f"{born:%Y%m%d}{2005 + years}{months + 1:02d}{sex}{serial:03d}"


def an_employee(nip: str, institution: str, **but: str) -> dict[str, str]:
    """A row of Data ASN for somebody active."""
    row = {
        "NIP BARU": f"'{nip}",
        "NAMA": "SITI CONTOH",
        "KEDUDUKAN HUKUM ID": "01",
        "KEDUDUKAN HUKUM NAMA": "Aktif",
        "JENIS JABATAN ID": "2",
        "JABATAN NAMA": "ANALIS KEBIJAKAN AHLI MUDA",
        "TMT JABATAN": "01-04-2021",
        "UNOR ID": "U1",
        "UNOR NAMA": "BIDANG CONTOH",
        "INSTANSI KERJA ID": "I1",
        "INSTANSI KERJA NAMA": institution,
    }
    return row | {key.replace("_", " "): value for key, value in but.items()}


def complete_evidence(nip: str, institution: str) -> dict[str, list[dict[str, str]]]:
    """Sheets of evidence with which the default rubric can place somebody (box 8, worked example A of the facts)."""
    competencies = (
        "INTEGRITAS",
        "KERJA SAMA",
        "KOMUNIKASI",
        "ORIENTASI PADA HASIL",
        "PELAYANAN PUBLIK",
        "PENGEMBANGAN DIRI DAN ORANG LAIN",
        "MENGELOLA PERUBAHAN",
        "PENGAMBILAN KEPUTUSAN",
        "PEREKAT BANGSA",
    )
    aspects = (
        "KEMAMPUAN INTELEKTUAL",
        "KEMAMPUAN INTERPERSONAL",
        "KESADARAN DIRI",
        "BERPIKIR KRITIS DAN STRATEGIS",
        "PENYELESAIAN MASALAH",
        "KECERDASAN EMOSIONAL",
        "BELAJAR CEPAT DAN PENGEMBANGAN DIRI",
        "MOTIVASI DAN KOMITMEN",
    )
    levels = dict.fromkeys(competencies, "3") | {"MENGELOLA PERUBAHAN": "2"}
    potential = dict.fromkeys(aspects, "3") | {"BELAJAR CEPAT DAN PENGEMBANGAN DIRI": "4"}
    post = {"NIP": nip, "JENIS JABATAN": "Jabatan Fungsional", "NAMA JABATAN": "ANALIS KEBIJAKAN AHLI MUDA"}
    post |= {"JENJANG": "jf_ahli_muda", "INSTANSI": institution}
    training = {"NIP": nip, "NAMA": "Pelatihan", "JP": "20", "TANGGAL SELESAI": "01-06-2024"}
    return {
        "SKP": [
            {
                "NIP": nip,
                "TAHUN": "2024",
                "HASIL KERJA": "SESUAI EKSPEKTASI",
                "PERILAKU KERJA": "SESUAI EKSPEKTASI",
                "PREDIKAT KINERJA": "BAIK",
            }
        ],
        "UMPAN BALIK 360": [{"NIP": nip, "TAHUN": "2024", "PREDIKAT": "BAIK"}],
        "PENGHARGAAN": [{"NIP": nip, "NAMA PENGHARGAAN": "Teladan", "TINGKAT": "INSTANSI", "TANGGAL": "17-08-2024"}],
        "TIM KERJA": [
            {
                "NIP": nip,
                "NAMA TIM": "Tim",
                "PERAN": "KETUA",
                "CAKUPAN": "INTERNAL",
                "MULAI": "01-01-2025",
                "SELESAI": "",
            }
        ],
        "ASESMEN KOMPETENSI": [{"NIP": nip, "TANGGAL": "03-04-2025", "METODE": "ASSESSMENT CENTER"} | levels],
        "ASESMEN POTENSI": [{"NIP": nip, "TANGGAL": "03-04-2025", "METODE": "CACT BKN"} | potential],
        "DIKLAT": [
            *(training | {"NAMA": f"Pelatihan {n}", "JENIS": "TEKNIS"} for n in range(4)),
            *(training | {"NAMA": f"Sertifikasi {n}", "JENIS": "SERTIFIKASI"} for n in range(2)),
        ],
        "JABATAN": [
            post | {"UNOR ID": "U1", "TMT": "01-04-2021", "STATUS": "DEFINITIF"},
            post | {"UNOR ID": "U2", "TMT": "01-04-2018", "STATUS": "DEFINITIF"},
            post | {"UNOR ID": "U1", "TMT": "01-04-2023", "STATUS": "PLT LEBIH TINGGI"},
        ],
        "PENDIDIKAN": [
            {"NIP": nip, "TINGKAT": "S-2", "BIDANG": "HUKUM", "SEKOLAH": "UNIVERSITAS TERBUKA", "TAHUN LULUS": "2003"}
        ],
        "HUKUMAN DISIPLIN": [{"NIP": "", "TINGKAT": "", "JENIS": "", "TMT MULAI": "", "TMT SELESAI": ""}],
    }


def write_csv(folder: Path, name: str, rows: Sequence[Mapping[str, str]], **options: str) -> DeliveredFile:
    """A CSV file with the headings of its first row."""
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding=options.pop("encoding", "utf-8")) as stream:
        writer = csv.DictWriter(stream, list(rows[0]), **options)
        writer.writeheader()
        writer.writerows(rows)
    return DeliveredFile(path, path.name)


def write_folder(
    folder: Path, employees: Sequence[Mapping[str, str]], evidence: Mapping[str, Sequence[Mapping[str, str]]]
) -> list[DeliveredFile]:
    """Data ASN and one file per sheet of evidence; the folder need not be there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [write_csv(folder, "data-asn", employees)]
    return [*files, *(write_csv(folder, sheet.lower().replace(" ", "-"), rows) for sheet, rows in evidence.items())]


async def import_files(db: Database, actor: Actor, files: Iterable[DeliveredFile], **but: object) -> Report:
    """Import as of 4 December 2025 unless told otherwise."""
    options = {"as_of": AS_OF, **but}
    return await imports.import_files(db, actor, ImportFiles(**options), list(files), limits=LIMITS)


def spreadsheets(folder: Path) -> list[DeliveredFile]:
    """All files of a folder, as they are delivered."""
    return [DeliveredFile(path, path.name) for path in sorted(folder.iterdir())]


async def rows_of(db: Database, actor: Actor, sql: str, *values: object) -> list[asyncpg.Record]:
    """What the tables hold of the actor's institution, and of no other."""
    async with db.read_as(actor) as tx:
        return await fetch_rows(tx, sql, *values)


async def everything_stored(database: str) -> set[tuple[str, str, str]]:
    """Every row of every table of a database: the table, the transaction that wrote the row, and the row as text."""
    select = """
        SELECT string_agg(format('SELECT %L, t.xmin::text, t::text FROM public.%I t', table_name, table_name),
                          ' UNION ALL ') AS sql
        FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""
    [made] = await as_superuser(select, database)
    return {tuple(row) for row in await as_superuser(made["sql"], database)}


async def name_of(db: Database, actor: Actor) -> str:
    """The institution's name, as its files spell it."""
    return json.loads(await institutions.institution_document(db, actor))["name"]


async def a_placed_talent(db: Database, actor: Actor, folder: Path, **but: str) -> str:
    """Somebody with complete evidence, imported; returns the NIP."""
    nip, institution = a_nip(), await name_of(db, actor)
    files = write_folder(folder, [an_employee(nip, institution, **but)], complete_evidence(nip, institution))
    await import_files(db, actor, files)
    return nip


def talent(actor: Actor, nip: str) -> Actor:
    return Actor(actor.institution_id, Role.TALENT, f"talent-{nip}", nip)


def unit_verifier(actor: Actor, unit: str | None = "U1", subject: str = "verifier") -> Actor:
    return Actor(actor.institution_id, Role.UNIT_VERIFIER, subject, unit_id=unit)


PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


async def a_rubric_draft(db: Database, actor: Actor, code: str = "bkn-411-2025", version: int = 1) -> RubricKey:
    """A draft of the institution's own, copied from a rubric."""
    return await rubrics.copy_rubric(db, actor, CopyRubric(code=code, version=version))


async def a_submission(
    db: Database, actor: Actor, nip: str, content: Mapping[str, object] | None = None, *, unit: str = "U1"
) -> UUID:
    """An education (unless told otherwise) that a talent submits with a document, and that the unit verifies."""
    content = {"education": {"level": "s3", "field": "ILMU HUKUM"}} if content is None else content
    somebody = talent(actor, nip)
    command = SubmitEvidence.model_validate({"content": content})
    submission = await submissions.submit_evidence(db, somebody, command)
    await submissions.attach_document(db, somebody, submission, AttachDocument(name="ijazah.pdf", content=PDF))
    await submissions.verify_submission(
        db, unit_verifier(actor, unit), submission, VerifySubmission(rung=Rung.DOCUMENTED)
    )
    return submission
