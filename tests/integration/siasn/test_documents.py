"""What is told in SIASN's words: exactly its keys, from what we hold and from what only SIASN said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from app.db.database import Database
from app.db.ledger import record
from app.domain.actors import Actor, ClientScope, Role
from app.domain.evidence import Kind
from app.domain.siasn_events import SiasnPeopleTaken
from app.services import siasn_documents
from app.siasn import mapping, wire
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    rows_of,
    talent,
)
from tests.factories import write_folder as a_folder
from tests.rights import restrict
from tests.siasn_records import siasn_told
from tests.unit.siasn.samples import SAMPLES

SIASN_ID = "AAAA0000BBBB1111CCCC2222DDDD3333"
PROVISIONAL = {wire.POTENTIAL, wire.COMPETENCY}
NARROWED = {"rw-hukdis", *PROVISIONAL}


def a_system(actor: Actor, *scopes: ClientScope) -> Actor:
    return Actor(actor.institution_id, Role.CLIENT, "client-of-test", scopes=frozenset(scopes))


def system(actor: Actor) -> Actor:
    return a_system(actor, ClientScope.SIASN_READ, ClientScope.SPECIFIC_DATA_READ)


async def told(db: Database, actor: Actor, name: str, nip: str) -> Any:
    """The data of an answer; None where it is not found."""
    if name == wire.PERSON:
        found = await siasn_documents.person_document(db, system(actor), nip)
    elif name == wire.PROFESSIONALISM:
        found = await siasn_documents.professionalism_document(db, system(actor), nip)
    else:
        found = await siasn_documents.history_document(db, system(actor), name, nip)
    if found is None:
        return None
    answer = json.loads(found)
    assert list(answer) == ["code", "data"]
    assert answer["code"] == 1
    return answer["data"]


async def appraisal_of(db: Database, actor: Actor, year: int) -> tuple[Kind, UUID]:
    """Which row of evidence the standing appraisal of a year is."""
    sql = "SELECT row_key FROM performance_appraisal WHERE year = $1 AND withdrawn_by IS NULL"
    [(key,)] = await rows_of(db, actor, sql, year)
    return Kind.PERFORMANCE_APPRAISAL, key


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[Actor, str, str]:
    """An institution with somebody of whom everything is known, and somebody of whom next to nothing is."""
    actor = await an_institution(db)
    full, bare, institution = a_nip(), a_nip(), await name_of(db, actor)
    rich = an_employee(full, institution) | {
        "PNS ID": SIASN_ID,
        "GELAR BELAKANG": "S.H.",
        "TANGGAL LAHIR": "21-08-1980",
        "JENIS KELAMIN": "F",
        "STATUS CPNS PNS": "P",
        "TMT CPNS": "01-03-2005",
        "GOL AKHIR ID": "33",
        "GOL AKHIR NAMA": "III/c",
        "TMT GOLONGAN": "01-04-2020",
        "MK TAHUN": "12",
        "MK BULAN": "3",
        "TINGKAT PENDIDIKAN NAMA": "S-2",
        "TAHUN LULUS": "2003",
    }
    poor = dict.fromkeys(rich, "") | an_employee(bare, institution)
    evidence = complete_evidence(full, institution)
    evidence["SKP"].append(evidence["SKP"][0] | {"TAHUN": "2020"})
    training = evidence["DIKLAT"][0]
    evidence["DIKLAT"].append(training | {"NAMA": "DIKLAT PIM TK. III", "JENIS": "STRUKTURAL"})
    sanction = {"TINGKAT": "RINGAN", "JENIS": "TEGURAN TERTULIS", "TMT MULAI": "01-02-2015", "TMT SELESAI": ""}
    evidence["HUKUMAN DISIPLIN"] = [{"NIP": full} | sanction]
    folder = tmp_path_factory.mktemp("office")
    await import_files(db, actor, a_folder(folder, [rich, poor], evidence))
    appraisal = SAMPLES["rw-skp22"] | {"tahun": "2024", "KuadranKinerjaNilai": 2, "statusPenilai": "ASN"}
    became = await appraisal_of(db, actor, 2024)
    await siasn_told(db, actor, full, [*_said(), ("rw-skp22", "s-1", appraisal, became)])
    return actor, full, bare


def _said() -> list[tuple[str, str, Mapping[str, object], None]]:
    """What SIASN said of the first one that becomes no evidence: samples, and an older grade."""
    plain = ("rw-kinerjaperiodik", "rw-angkakredit", "rw-masakerja", "rw-pnsunor", "rw-cltn", "rw-pwk", "rw-dp3")
    others = ("rw-pemberhentian", "rw-pindahinstansi", "rw-golongan", wire.PERSON, wire.PROFESSIONALISM)
    older = SAMPLES["rw-golongan"] | {"golonganId": "32", "tmtGolongan": "01-04-1917", "skTanggal": "01-01-0001"}
    rows = [(name, f"{name}-1", SAMPLES[name], None) for name in (*plain, *others)]
    return [*rows, ("rw-golongan", "rw-golongan-0", older, None)]


DAY, INSTANT = re.compile(r"\d\d-\d\d-\d{4}"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.mark.parametrize("name", [name for name in wire.HISTORIES if name != "rw-tubel"])
async def test_of_somebody_with_everything_the_keys_are_exactly_the_documented_ones(
    db: Database, office: tuple[Actor, str, str], name: str
) -> None:
    actor, full, bare = office
    data = await told(db, actor, name, full)
    rows = [data] if wire.HISTORIES[name].is_one else data
    assert rows
    assert isinstance(rows, list)
    for row in rows:
        assert list(row) == list(wire.HISTORIES[name].keys)
        for key, value in row.items():
            if key in {"path", "validNik"}:
                assert value is None or isinstance(value, dict | bool)
                continue
            assert value is None or isinstance(value, str), key
            assert value not in {"", "01-01-0001"}
            if wire.is_day(name, key) and value is not None:
                assert DAY.fullmatch(value), key
            if key in wire.INSTANTS.get(name, ()) and value is not None:
                assert INSTANT.fullmatch(value), key
        owners = {row[key] for key in wire.HISTORIES[name].owner if key in row}
        assert owners <= {SIASN_ID}
    assert (await told(db, actor, name, bare) is None) == (name != wire.PERSON)


async def test_the_main_record_says_what_we_hold_and_leaves_what_nobody_may_keep_null(
    db: Database, office: tuple[Actor, str, str]
) -> None:
    actor, full, bare = office
    person = await told(db, actor, wire.PERSON, full)
    assert {key: person[key] for key in wire.PERSON_NEVER_STORED} == dict.fromkeys(wire.PERSON_NEVER_STORED)
    said = {"id": SIASN_ID, "nipBaru": full, "nama": "SITI CONTOH", "tglLahir": "21-08-1980", "jenisKelamin": "F"}
    said |= {
        "kedudukanPnsId": "01",
        "tmtPns": SAMPLES[wire.PERSON]["tmtPns"],
        "statusPegawai": "PNS",
        "golRuangAkhirId": "33",
    }
    said |= {"pangkatAkhir": "Penata", "validNik": True, "masaKerja": "12 Tahun 3 Bulan", "tmtJabatan": "01-04-2021"}
    said |= {"jabatanFungsionalNama": "ANALIS KEBIJAKAN AHLI MUDA", "unorId": "U1", "unorNama": "BIDANG CONTOH"}
    said |= {"jabatanStrukturalNama": None, "jabatanFungsionalUmumNama": None}
    assert {key: person[key] for key in said} == said
    unknown = await told(db, actor, wire.PERSON, bare)
    assert (unknown["nipBaru"], unknown["tglLahir"], unknown["validNik"], unknown["eselonId"]) == (
        bare,
        None,
        None,
        None,
    )


async def test_decrees_of_siasn_stand_beside_our_values_and_the_newest_is_first(
    db: Database, office: tuple[Actor, str, str]
) -> None:
    actor, full, _ = office
    [appraisal] = await told(db, actor, "rw-skp22", full)
    assert (appraisal["id"], appraisal["statusPenilai"]) == ("s-1", "ASN")
    assert (appraisal["hasilKinerjaNilai"], appraisal["KuadranKinerjaNilai"]) == ("2", "2")
    [old] = await told(db, actor, "rw-skp", full)
    assert (old["tahun"], old["nilaiSkp"]) == ("2020", None)
    posts = await told(db, actor, "rw-jabatan", full)
    assert [post["tmtJabatan"] for post in posts] == ["01-04-2023", "01-04-2021", "01-04-2018"]
    assert [post["jenisPenugasanId"] for post in posts] == ["PLT", "D", "D"]
    grades = await told(db, actor, "rw-golongan", full)
    assert [grade["tmtGolongan"] for grade in grades] == ["1921-04-01T00:00:00Z", "1917-04-01T00:00:00Z"]
    assert grades[1]["skTanggal"] is None
    [training] = await told(db, actor, "rw-diklat", full)
    assert (training["latihanStrukturalId"], training["jumlahJam"], training["tahun"]) == ("3", "20", "2024")
    assert len(await told(db, actor, "rw-kursus", full)) == 4
    assert len(await told(db, actor, "rw-sertifikasi", full)) == 2


@pytest.mark.parametrize(
    "name", ["rw-jabatan", "rw-pendidikan", "rw-diklat", "rw-kursus", "rw-sertifikasi", "rw-skp22"]
)
async def test_out_and_back_is_the_same_evidence(db: Database, office: tuple[Actor, str, str], name: str) -> None:
    actor, full, _ = office
    tables = {Kind.TRAINING: "training", Kind.PERFORMANCE_APPRAISAL: "performance_appraisal"}
    back = mapping.evidences_of(name, await told(db, actor, name, full))
    for outcome in back:
        assert isinstance(outcome, mapping.Mapped)
        assert outcome.kind is not None
        table = tables.get(outcome.kind, str(outcome.kind))
        names = ", ".join(outcome.values)
        held = await rows_of(db, actor, f'SELECT {names} FROM "{table}"')  # noqa: S608 - our own names
        lost = {"rw-jabatan": {"status"}, "rw-sertifikasi": {"hours"}}.get(name, set())
        assert _without(lost, outcome.values) in [_without(lost, dict(row)) for row in held]


def _without(lost: set[str], values: dict[str, object]) -> dict[str, object]:
    """SIASN has no key for hours of certifications; higher acting posts and those beside one's own are one to it."""
    return {key: value for key, value in values.items() if key not in lost}


async def test_back_from_the_main_record_comes_the_same_person(db: Database, office: tuple[Actor, str, str]) -> None:
    actor, full, _ = office
    person = await told(db, actor, wire.PERSON, full)
    back = mapping.talent_of(person, await name_of(db, actor), {"01"})
    assert isinstance(back, mapping.Mapped)
    [held] = await rows_of(db, actor, "SELECT * FROM talent WHERE nip = $1", full)
    ours = {key: held[key] for key in held.keys() & back.values.keys()}
    only_siasn = {
        key: back.values[key] for key, value in ours.items() if value is None and back.values[key] is not None
    }
    assert {key: back.values[key] for key in ours} == ours | only_siasn


async def test_withdrawn_evidence_and_withdrawn_rows_are_not_told(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, institution = a_nip(), await name_of(db, actor)
    evidence = {"SKP": complete_evidence(nip, institution)["SKP"]}
    await import_files(db, actor, a_folder(tmp_path / "a", [an_employee(nip, institution)], evidence))
    body = SAMPLES["rw-skp22"] | {"tahun": "2024", "KuadranKinerjaNilai": "2", "namaPenilai": "WAYAN CONTOH"}
    became = await appraisal_of(db, actor, 2024)
    await siasn_told(db, actor, nip, [("rw-skp22", "s-1", body, became), ("rw-dp3", "d-1", SAMPLES["rw-dp3"], None)])
    [first] = await told(db, actor, "rw-skp22", nip)
    assert first["namaPenilai"] == "WAYAN CONTOH"
    corrected = [evidence["SKP"][0] | {"PREDIKAT KINERJA": "SANGAT BAIK"}]
    await import_files(db, actor, a_folder(tmp_path / "b", [an_employee(nip, institution)], {"SKP": corrected}))
    [second] = await told(db, actor, "rw-skp22", nip)
    assert (second["KuadranKinerjaNilai"], second["namaPenilai"]) == ("1", None)
    assert await told(db, actor, "rw-dp3", nip)
    async with db.write_as(actor) as tx:
        await tx.execute(text("UPDATE siasn_record SET withdrawn_at = now()"))
        await record(tx, actor, SiasnPeopleTaken(UUID(int=0), 1, 1, 0, "0" * 64))
    assert await told(db, actor, "rw-dp3", nip) is None


@pytest.mark.parametrize("name", sorted(NARROWED))
async def test_sanctions_and_assessments_are_told_only_with_the_scope(
    db: Database, office: tuple[Actor, str, str], name: str
) -> None:
    actor, full, _ = office
    alone = a_system(actor, ClientScope.SIASN_READ)
    assert await siasn_documents.history_document(db, alone, name, full) is None
    assert await siasn_documents.history_document(db, alone, "rw-jabatan", full) is not None
    before = await rows_of(db, actor, "SELECT count(*) FROM view_receipt")
    assert await told(db, actor, name, full)
    assert (await rows_of(db, actor, "SELECT count(*) FROM view_receipt"))[0][0] == before[0][0] + 1


async def test_one_row_is_found_by_its_id_whoever_gave_it(db: Database, office: tuple[Actor, str, str]) -> None:
    actor, full, _ = office
    stranger = await an_institution(db)
    for entity in ("jabatan", "kursus", "skp22", "penghargaan", "hukdis", "angkakredit"):
        for row in await told(db, actor, f"rw-{entity}", full):
            row_id = row.get("id") or row["ID"]
            assert re.fullmatch(r"[0-9a-f]{32}|s-1|rw-angkakredit-1", row_id)
            found = await siasn_documents.history_row_document(db, system(actor), entity, row_id)
            assert found is not None
            assert json.loads(found) == {"code": 1, "data": row}
            assert await siasn_documents.history_row_document(db, system(stranger), entity, row_id) is None
    for nothing in ("", "0" * 32, "x" * 43, "f" * 32, "\x00", "'"):
        assert await siasn_documents.history_row_document(db, system(actor), "jabatan", nothing) is None


@pytest.mark.parametrize(
    "number", ["", "1", "19000101192001200", "19000101192001200x", "\uff11" * 18, "\x00" * 18, "9" * 18]
)
async def test_a_number_that_is_none_is_nobodys(db: Database, office: tuple[Actor, str, str], number: str) -> None:
    assert await told(db, office[0], wire.PERSON, number) is None
    assert await told(db, office[0], "rw-jabatan", number) is None


async def test_nobody_of_another_institution_is_told_of(db: Database, office: tuple[Actor, str, str]) -> None:
    stranger = await an_institution(db)
    for name in (wire.PERSON, wire.PROFESSIONALISM, "rw-jabatan", "rw-golongan", "rw-dp3"):
        assert await told(db, stranger, name, office[1]) is None


async def test_nobody_whose_processing_is_restricted_is_told_of(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    [row, *_] = await told(db, actor, "rw-jabatan", nip)
    await restrict(db, talent(actor, nip))
    assert await told(db, actor, "rw-jabatan", nip) is None
    assert await told(db, actor, wire.PERSON, nip) is None
    assert await siasn_documents.history_row_document(db, system(actor), "jabatan", row["id"]) is None


async def test_units_come_in_pages_with_their_count(db: Database, office: tuple[Actor, str, str]) -> None:
    actor = office[0]

    async def page(limit: int | None = None, offset: int | None = None) -> dict[str, Any]:
        found = await siasn_documents.units_document(db, system(actor), limit, offset)
        assert found is not None
        return json.loads(found)  # type: ignore[no-any-return]

    whole = await page()
    assert list(whole) == ["code", "data", "count"]
    assert whole["count"] == len(whole["data"]) == 1
    assert list(whole["data"][0]) == list(wire.UNIT_KEYS)
    assert (whole["data"][0]["Id"], whole["data"][0]["NamaUnor"]) == ("U1", "BIDANG CONTOH")
    assert await page(0, 10_000) == whole | {"data": []}
    assert await page(-1, -1) == whole
    assert await page(10**17, 0) == whole


async def test_references_are_answered_from_lists_and_our_own_rows_else_empty(
    db: Database, office: tuple[Actor, str, str]
) -> None:
    actor = office[0]

    async def results(name: str, limit: int | None = None, offset: int | None = None) -> list[dict[str, str | None]]:
        found = await siasn_documents.reference_document(db, system(actor), name, limit, offset)
        assert found is not None
        [answer] = json.loads(found).values()
        return answer  # type: ignore[no-any-return]

    for name, keys in wire.REFERENCES.items():
        assert all(tuple(row) == keys for row in await results(name))
    grades = await results("golongan")
    assert (len(grades), grades[10]["id"], grades[10]["namaPangkat"]) == (17, "33", "Penata")
    assert await results("golongan", 2, 16) == grades[16:]
    assert await results("golongan", 0, 5_000) == []
    assert await results("agama") == []
