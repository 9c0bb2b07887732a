"""Files that cannot be imported, and imports that do not come to their end: nothing of them is stored."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from app.db.database import Database, open_database
from app.dev.fuzz.archives import WORKBOOKS
from app.dev.fuzz.cases import chance_of
from app.dev.fuzz.files import TABLES
from app.dev.seed.folders import write_population
from app.domain.actors import Actor
from app.domain.errors import Invalid, TalentError, TooLarge
from app.services import imports
from app.services.import_report import DeliveredFile
from app.services.imports import ImportFiles
from tests.conftest import DUMAI, as_superuser, url_of
from tests.factories import (
    AS_OF,
    LIMITS,
    a_nip,
    an_employee,
    an_institution,
    import_files,
    name_of,
    rows_of,
    spreadsheets,
    write_csv,
)

SKP = "NIP,TAHUN,HASIL KERJA,PERILAKU KERJA,PREDIKAT KINERJA\n"
A_ROW = "198008212005011001,2024,SESUAI EKSPEKTASI,SESUAI EKSPEKTASI,BAIK\n"


def an_archive(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


@dataclass(frozen=True)
class Bad:
    """A file, and what is said about it: the code, and where in the file it is wrong."""

    name: str
    content: Callable[[], bytes]
    code: str
    where: Mapping[str, object]
    kind: type[TalentError] = Invalid


def text(name: str, content: str, code: str, **where: object) -> Bad:
    return Bad(name, content.encode, code, where)


def workbook(content: Callable[[], bytes], code: str, kind: type[TalentError] = Invalid, **where: object) -> Bad:
    return Bad("riwayat.xlsx", content, code, where, kind)


BAD = {
    "a PDF with the name of a workbook": workbook(lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "file.not_a_spreadsheet"),
    "an archive that is no workbook": workbook(lambda: an_archive(letter=b"Yth."), "file.not_a_spreadsheet"),
    "a workbook cut off in the middle": workbook(
        lambda: (DUMAI / "riwayat.xlsx").read_bytes()[:120_000], "file.damaged"
    ),
    "a workbook with a password": workbook(
        lambda: b"\xd0\xcf\x11\xe0" + bytes(508) + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"
    ),
    "a workbook over the limit": workbook(
        lambda: b"PK\x03\x04" + bytes(LIMITS.packed_bytes), "file.too_large", TooLarge, limit=LIMITS.packed_bytes
    ),
    "a workbook that unpacks over the limit": workbook(
        lambda: an_archive(xl__workbook_xml=bytes(LIMITS.unpacked_bytes + 1)),
        "file.unpacked_too_large",
        TooLarge,
        limit=LIMITS.unpacked_bytes,
    ),
    "an empty file": text("skp.csv", "\n", "file.empty"),
    "a missing heading": text(
        "skp.csv",
        "NIP,TAHUN,HASIL KERJA,PERILAKU KERJA\n198008212005011001,2024,,\n",
        "heading.missing",
        sheet="skp",
        column="PREDIKAT KINERJA",
        layout="SKP",
    ),
    "a heading twice": text("skp.csv", SKP.replace("\n", ",Tahun\n"), "heading.repeated", sheet="skp", column="TAHUN"),
    "NUL bytes": text("skp.csv", SKP + A_ROW + A_ROW.replace("BAIK", "BA\0IK"), "file.nul_bytes", row=3),
    "a quotation mark that is not closed": text("skp.csv", SKP + A_ROW + '"' + A_ROW, "file.row_too_wide", row=3),
}
bad_files = pytest.mark.parametrize("bad", [pytest.param(bad, id=name) for name, bad in BAD.items()])


async def a_good_file(db: Database, actor: Actor, folder: Path) -> DeliveredFile:
    return write_csv(folder, "data-asn", [an_employee(a_nip(), await name_of(db, actor))])


def written(bad: Bad, folder: Path) -> DeliveredFile:
    path = folder / bad.name
    path.write_bytes(bad.content())
    return DeliveredFile(path, bad.name)


async def what_is_stored(db: Database, actor: Actor) -> dict[str, int]:
    tables = (
        "import",
        "import_refusal",
        "org_unit",
        "talent",
        "performance_appraisal",
        "evidence_check",
        "placement",
        "ledger_entry",
    )
    return {name: (await rows_of(db, actor, f'SELECT count(*) FROM "{name}"'))[0][0] for name in tables}  # noqa: S608


@bad_files
async def test_what_is_wrong_and_where_is_said(db: Database, tmp_path: Path, bad: Bad) -> None:
    actor = await an_institution(db)
    files = [await a_good_file(db, actor, tmp_path), written(bad, tmp_path)]

    with pytest.raises(bad.kind) as refused:
        await import_files(db, actor, files)

    assert (refused.value.code, refused.value.about) == (bad.code, {"file": bad.name, **bad.where})


@bad_files
async def test_what_is_wrong_is_said_in_indonesian_and_english(db: Database, tmp_path: Path, bad: Bad) -> None:
    with pytest.raises(bad.kind) as refused:
        await import_files(db, await an_institution(db), [written(bad, tmp_path)])

    shown = [bad.name, *map(str, bad.where.values())]
    assert all(word in sentence for word in shown for sentence in refused.value.detail.values())


@bad_files
async def test_nothing_is_stored_of_a_delivery_with_a_bad_file(db: Database, tmp_path: Path, bad: Bad) -> None:
    actor = await an_institution(db)
    before = await what_is_stored(db, actor)
    files = [await a_good_file(db, actor, tmp_path), written(bad, tmp_path)]

    with pytest.raises(bad.kind):
        await import_files(db, actor, files)

    assert await what_is_stored(db, actor) == before


async def test_after_all_bad_files_a_good_one_is_imported(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    for bad in BAD.values():
        with pytest.raises(bad.kind):
            await import_files(db, actor, [written(bad, tmp_path)])

    report = await import_files(db, actor, [await a_good_file(db, actor, tmp_path)])

    assert report["changes"]["talents"] == 1


async def test_files_of_which_none_is_recognised_are_refused_by_name(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)

    with pytest.raises(Invalid) as refused:
        await import_files(db, actor, [write_csv(tmp_path, "inventaris", [{"KODE": "1", "KURSI": "2"}])])

    assert (refused.value.code, refused.value.about) == ("import.nothing_recognised", {"names": "inventaris.csv"})


HOSTILE = list(dict.fromkeys((*WORKBOOKS, *TABLES)))


@pytest.mark.parametrize("make", HOSTILE, ids=[make.__name__ for make in HOSTILE])
async def test_what_is_hostile_is_read_or_refused_and_leaves_nothing(
    db: Database, tmp_path: Path, make: Callable[[Random], bytes]
) -> None:
    actor = await an_institution(db)
    before = await what_is_stored(db, actor)
    for seed in range(2):
        path = tmp_path / f"{seed}.xlsx"
        path.write_bytes(make(chance_of(seed, "files", 0)))
        with suppress(TalentError):
            await import_files(db, actor, [DeliveredFile(path, path.name)], dry_run=True)
    assert await what_is_stored(db, actor) == before


# ── imports that do not come to their end

INSTITUTION = "Pemerintah Kota Contoh"
# Stops where the import says that it does `moment`, and waits to be killed there.
IMPORT_AND_STOP = """
import asyncio, sys, time
from pathlib import Path
from uuid import uuid4
from app.db.database import open_database
from app.domain.actors import Actor, Role
from app.services.imports import ImportFiles, import_files
from tests.factories import AS_OF, LIMITS, spreadsheets

url, folder, institution, moment = sys.argv[1:]

def stop_there(what, done, of):
    if what == moment:
        print("there", flush=True)
        time.sleep(600)

async def main():
    async with open_database(url) as db:
        actor = Actor(uuid4(), Role.OPERATOR, "crash")
        files = spreadsheets(Path(folder))
        command = ImportFiles(as_of=AS_OF)
        await import_files(db, actor, command, files, limits=LIMITS, progress=stop_there, founding=institution)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("population")
    write_population(folder, 150, institution=INSTITUTION, seed="crash", as_of=AS_OF)
    return folder


def import_and_kill(database: str, folder: Path, moment: str) -> None:
    arguments = [sys.executable, "-c", IMPORT_AND_STOP, url_of(database), str(folder), INSTITUTION, moment]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as importing:
        assert importing.stdout is not None
        reached = importing.stdout.readline()
        importing.kill()
    assert reached == "there\n"


async def test_an_import_that_is_killed_leaves_nothing(own_database_name: str, population: Path) -> None:
    import_and_kill(own_database_name, population, "placing")

    tables = ("institution", "import", "org_unit", "talent", "training", "placement", "ledger_entry", "person")
    for table in tables:
        assert await as_superuser(f'SELECT FROM "{table}"', own_database_name) == [], table


async def test_an_import_that_was_killed_can_be_done_again(own_database_name: str, population: Path) -> None:
    import_and_kill(own_database_name, population, "diklat.csv / diklat")

    async with open_database(url_of(own_database_name)) as db:
        actor = await an_institution(db, INSTITUTION)
        report = await import_files(db, actor, spreadsheets(population))

    assert (report["changes"]["talents"], report["changes"]["placements"]) == (150, 150)


async def test_an_import_that_fails_in_the_middle_leaves_nothing(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    before = await what_is_stored(db, actor)
    files = [await a_good_file(db, actor, tmp_path)]

    def fail(what: str, _done: int, _of: int) -> None:
        if what == "placing":
            raise MemoryError

    with pytest.raises(MemoryError):
        await imports.import_files(db, actor, ImportFiles(as_of=AS_OF), files, limits=LIMITS, progress=fail)

    assert await what_is_stored(db, actor) == before
