"""Family, religion, NIK and health are not stored at all: no column, no heading, and not one of their values."""

from __future__ import annotations

import re
from pathlib import Path

from app.db.database import Database
from app.sheets.layouts import LAYOUTS
from tests.conftest import as_superuser
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    complete_evidence,
    everything_stored,
    import_files,
    name_of,
    write_csv,
    write_folder,
)

# As SIASN's Data ASN and offices' own files spell them, with a value that nothing else can have.
PRIVATE = {
    "NIK": "1472039988776655",
    "NOMOR KK": "1472031122334455",
    "AGAMA ID": "TANDA-AGAMA-ID",
    "AGAMA NAMA": "TANDA-AGAMA",
    "JENIS KAWIN ID": "TANDA-KAWIN-ID",
    "JENIS KAWIN NAMA": "TANDA-KAWIN",
    "NAMA PASANGAN": "TANDA-PASANGAN",
    "JUMLAH ANAK": "TANDA-ANAK",
    "NAMA IBU KANDUNG": "TANDA-IBU",
    "GOLONGAN DARAH": "TANDA-DARAH",
    "RIWAYAT PENYAKIT": "TANDA-PENYAKIT",
    "DISABILITAS": "TANDA-DISABILITAS",
    "SUKU": "TANDA-SUKU",
    "BPJS": "0001472039988",
    "NPWP NOMOR": "997766554433221",
    "NOMOR HP": "081299887766",
    "EMAIL": "tanda-surel@contoh.test",
    "ALAMAT": "TANDA-ALAMAT",
    "TEMPAT LAHIR NAMA": "TANDA-TEMPAT-LAHIR",
}
WORDS = (
    *("religion", "agama", "faith", "nik", "ktp", "kk", "family", "keluarga", "spouse", "pasangan", "marital", "kawin"),
    *("child", "children", "anak", "mother", "ibu", "father", "ayah", "health", "kesehatan", "medical", "disease"),
    *("penyakit", "blood", "darah", "disability", "disabilitas", "ethnicity", "suku", "race", "npwp", "bpjs"),
    *("phone", "hp", "email", "address", "alamat"),
)


def words_of(name: str) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", name.casefold()))


async def test_no_column_is_there_for_them(database_name: str) -> None:
    rows = await as_superuser(
        """SELECT table_name || '.' || column_name AS name FROM information_schema.columns
           WHERE table_schema = 'public' AND table_name <> 'alembic_version'""",
        database_name,
    )
    assert len(rows) > 200
    names = [row["name"] for row in rows if not row["name"].endswith(".job_family")]  # of posts, and of nobody's kin
    assert [name for name in names if words_of(name) & set(WORDS)] == []


def test_no_layout_reads_them() -> None:
    headings = [column.heading for layout in LAYOUTS for column in (*layout.columns, *layout.optional)]
    assert len(headings) > 80
    assert [heading for heading in headings if heading in PRIVATE or words_of(heading) & set(WORDS)] == []


async def test_not_one_of_their_values_stays_after_an_import(db: Database, database_name: str, tmp_path: Path) -> None:
    actor = await an_institution(db)
    name, nips = await name_of(db, actor), [a_nip(), a_nip()]
    employees = [an_employee(nip, name) | PRIVATE for nip in nips]
    employees += [an_employee("12345", name) | PRIVATE]  # refused, and told so in the report
    evidence = {sheet: [row | PRIVATE for row in rows] for sheet, rows in complete_evidence(nips[0], name).items()}
    files = write_folder(tmp_path / "office", employees, evidence)
    files.append(write_csv(tmp_path / "office", "data-keluarga", [{"NIP": nips[0], **PRIVATE}]))
    report = await import_files(db, actor, files)
    assert (report["changes"]["talents"], len(report["refusals"])) == (2, 2)

    stored = [row for _, _, row in await everything_stored(database_name)]
    assert any(nips[1] in row for row in stored)
    assert [(what, row) for row in stored for what, value in PRIVATE.items() if value in row] == []
    told = str(report)
    assert [what for what, value in PRIVATE.items() if value in told] == []
