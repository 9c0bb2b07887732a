"""Syncs beside what files and people brought: what SIASN does not say is never lost, and what it takes back goes."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from app.db import siasn_reported
from app.db.database import Database
from app.db.ledger import record
from app.db.siasn_taken import keep_conflicts
from app.dev.siasn_simulator.faults import Fails
from app.domain.actors import Actor, ClientScope, Role
from app.domain.siasn_events import SiasnPeopleTaken
from app.domain.siasn_syncs import Decision
from tests.factories import (
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    rows_of,
    write_folder,
)
from tests.siasn import a_siasn
from tests.siasn_syncs import conflicts, connect, decide, people, report, sync, told, trainings, verified

Row = dict[str, object]
CERTIFICATE: Row = {"id": "S1", "namaSertifikasi": "Sertifikasi 0", "tanggalSertifikat": "01-06-2024"}
APPRAISAL: Row = {"id": "P1", "tahun": "2024", "kuadranKinerja": "SANGAT BAIK", "KuadranKinerjaNilai": "1"}
CORRECTED = {"training": {"name": "PENGELOLAAN ASET", "kind": "technical", "hours": 60, "finishedOn": "2024-05-02"}}
COURSE: Row = {
    "jenisDiklatId": "3",
    "namaKursus": "PENGELOLAAN ASET",
    "jumlahJam": "40",
    "tanggalSelesaiKursus": "02-05-2024",
}
SANCTION: Row = {"jenisTingkatHukumanId": "R", "jenisHukumanNama": "Teguran", "hukumanTanggal": "03-02-2020"}


async def appraisals(db: Database, actor: Actor) -> list[tuple[object, ...]]:
    """Predicate and ratings of the appraisals that stand."""
    sql = """SELECT predicate, work_result_rating, behaviour_rating FROM performance_appraisal
             WHERE withdrawn_by IS NULL ORDER BY id"""
    return [tuple(row) for row in await rows_of(db, actor, sql)]


async def sanctions(db: Database, actor: Actor) -> list[bool]:
    """Of every sanction whether it stands, in the order of their days."""
    rows = await rows_of(db, actor, "SELECT withdrawn_by IS NULL FROM disciplinary_sanction ORDER BY starts_on, id")
    return [stands for (stands,) in rows]


async def test_what_siasn_does_not_say_stays_as_files_brought_it(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    hr, institution = officer(actor), await name_of(db, actor)
    with a_siasn(people=1, institution=institution) as siasn:
        [nip] = siasn.nips
        files = write_folder(tmp_path, [an_employee(nip, institution)], complete_evidence(nip, institution))
        await import_files(db, actor, files)
        [(predicate, *ratings)] = await appraisals(db, hr)
        await connect(db, actor, siasn.addresses, histories=["rw-sertifikasi", "rw-kursus", "rw-skp22", "rw-hukdis"])
        siasn.says(nip, "rw-sertifikasi", CERTIFICATE)
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1"})
        siasn.says(nip, "rw-skp22", APPRAISAL)
        later = {**SANCTION, "id": "H2", "hukumanTanggal": "03-02-2021"}
        siasn.says(nip, "rw-hukdis", {**SANCTION, "id": "H1"}, later)
        await sync(db, hr)
        assert await trainings(db, hr, nip, "Sertifikasi 0") == [(20, True)]
        [(now, *kept)] = await appraisals(db, hr)
        assert (now != predicate, kept) == (True, ratings)
        assert ratings != [None, None]
        assert await sanctions(db, hr) == [True, True]
        assert (await told(db, hr, await sync(db, hr)))["changed"] == 0

        # the history that vouches for it does not answer, and another one of its kind has changed
        siasn.fails(Fails.TRUNCATED, "rw-sertifikasi")
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1", "jumlahJam": "44"})
        await sync(db, hr)
        assert await trainings(db, hr, nip, "Sertifikasi 0") == [(20, True)]
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (44, True)]
        siasn.simulator.faults.clear()
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1", "jumlahJam": None})
        await sync(db, hr)
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (44, True)]

        # a sanction is annulled, and another one deleted
        annulled = {**SANCTION, "id": "H1", "skPembatalanNomor": "12/2024", "skPembatalanTanggal": "01-02-2024"}
        siasn.says(nip, "rw-hukdis", annulled, {**later, "deletedAt": "2024-02-01"})
        [person] = await people(db, hr, await sync(db, hr), changed=True)
        assert await sanctions(db, hr) == [False, False]
        narrowed = {(one["endpoint"], one["change"], one["rowId"]) for one in person["narrowedChanges"]}
        assert narrowed == {("rw-hukdis", "withdrawn", "H1"), ("rw-hukdis", "withdrawn", "H2")}
        assert "rw-hukdis" not in {one["endpoint"] for one in person["changes"]}


SEVERE: Row = {**SANCTION, "id": "H1", "jenisTingkatHukumanId": "B", "akhirHukumTanggal": "03-02-2030"}
UNREADABLE: dict[str, Row] = {
    "a severity in no list": {"jenisTingkatHukumanId": "9"},
    "no severity": {"jenisTingkatHukumanId": ""},
    "no day of any calendar": {"hukumanTanggal": "31-02-2026"},
}


async def checked(db: Database, actor: Actor) -> set[str]:
    """The registers of which is known that they name nothing but what stands."""
    return {row["kind"] for row in await rows_of(db, actor, "SELECT kind FROM evidence_check")}


@pytest.mark.parametrize("but", UNREADABLE.values(), ids=list(UNREADABLE))
async def test_a_sanction_that_cannot_be_read_is_neither_none_nor_the_end_of_one(db: Database, but: Row) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        [nip] = siasn.nips
        await connect(db, actor, siasn.addresses, histories=["rw-hukdis"])
        siasn.says(nip, "rw-hukdis")
        await sync(db, hr, nips=[nip])
        assert "sanction" in await checked(db, actor), "nobody names one"
        siasn.says(nip, "rw-hukdis", {**SEVERE, **but})
        for _ in range(2):  # also where nothing is new
            [person] = await people(db, hr, await sync(db, hr, nips=[nip]))
            assert [one["endpoint"] for one in person["unmapped"]] == ["rw-hukdis"]
            assert (await sanctions(db, hr), "sanction" in await checked(db, actor)) == ([], False)
        siasn.says(nip, "rw-hukdis", SEVERE)
        await sync(db, hr, nips=[nip])
        assert (await sanctions(db, hr), "sanction" in await checked(db, actor)) == ([True], True)
        later = {**SEVERE, "id": "H2", "hukumanTanggal": "03-02-2021"}
        for told in ([{**SEVERE, **but}], [{**SEVERE, **but}, later]):
            siasn.says(nip, "rw-hukdis", *told)
            await sync(db, hr, nips=[nip])
            assert await sanctions(db, hr) == [True] * len(told), "what it told before stands"
        siasn.says(nip, "rw-hukdis", later)
        await sync(db, hr, nips=[nip])
        assert await sanctions(db, hr) == [False, True]


@pytest.mark.parametrize("nothing", ["-", "–", " - ", "01-01-0001"])
async def test_a_dash_is_no_decree_that_annuls(db: Database, nothing: str) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        [nip] = siasn.nips
        await connect(db, actor, siasn.addresses, histories=["rw-hukdis"])
        siasn.says(nip, "rw-hukdis", {**SEVERE, "skPembatalanNomor": "-", "skPembatalanTanggal": nothing})
        await sync(db, hr, nips=[nip])
        assert await sanctions(db, hr) == [True]


async def test_an_award_in_no_list_leaves_open_whether_there_is_one(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        [nip] = siasn.nips
        await connect(db, actor, siasn.addresses, histories=["rw-penghargaan", "rw-jabatan"])
        siasn.says(nip, "rw-penghargaan", {"id": "A1", "hargaNama": "ADIBHAKTI GUBERNUR", "skDate": "01-02-2024"})
        await sync(db, hr, nips=[nip])
        assert await checked(db, actor) & {"award", "acting"} == {"acting"}


@pytest.mark.parametrize("silence", ["not asked", "failed", "nothing there"])
async def test_a_conflict_waits_until_siasn_says_something_about_it_again(db: Database, silence: str) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        [nip] = siasn.nips
        await connect(db, actor, siasn.addresses, histories=["rw-kursus", "rw-hukdis"])
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1"})
        await sync(db, hr, nips=[nip])
        await verified(db, actor, nip, CORRECTED)
        await sync(db, hr, nips=[nip])
        [conflict] = await conflicts(db, hr, standing="open")
        await decide(db, hr, conflict, Decision.ASK, note="Mana yang benar?", ask_whom="Bidang Diklat")
        match silence:
            case "not asked":
                await sync(db, hr, nips=[nip], histories=["rw-hukdis"])
            case "failed":
                siasn.fails(Fails.TRUNCATED, "rw-kursus")
                await sync(db, hr, nips=[nip])
            case _:
                siasn.says(nip, "rw-kursus")
                await sync(db, hr, nips=[nip])
        [waiting] = await conflicts(db, hr, standing="asked")
        assert waiting["id"] == conflict["id"]


async def test_rows_of_another_person_replace_nothing(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        nip = siasn.nips[0]
        await connect(db, actor, siasn.addresses, histories=["rw-skp22"])
        await sync(db, hr, nips=[nip])
        before = await appraisals(db, hr)
        siasn.fails(Fails.OTHER_PERSON, "rw-skp22", nip=nip)
        [person] = await people(db, hr, await sync(db, hr, nips=[nip]))
        assert person["outcome"] == "unchanged"
        assert {one["endpoint"]: one["answer"] for one in person["endpoints"]}["rw-skp22"] == "siasn.wrong_person"
        assert await appraisals(db, hr) == before != []


async def test_a_key_that_nobody_knows_is_reported_by_its_name_and_nothing_of_it_is_kept(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        [nip] = siasn.nips
        await connect(db, actor, siasn.addresses, histories=["rw-potensi", "rw-jabatan"])
        told = {"id": "P1", "tahun": "2025", "intelektual": "4", "updatedAt": None}
        siasn.says(nip, "rw-potensi", {**told, "dayaJuang": "RAHASIA", f"nik {nip[:16]}": "RAHASIA"})
        for _ in range(2):  # also where nothing is new
            sync_id = await sync(db, hr, nips=[nip])
            [person] = await people(db, hr, sync_id)
            unread = [(one["key"], one["value"], one["code"]) for one in person["unmapped"]]
            assert unread == [("dayaJuang", None, "siasn.key_unknown"), ("nik …", None, "siasn.key_unknown")]
            assert "name" in person["unmapped"][0]["detail"]["en"]
        keys = {(one["endpoint"], one["key"], one["rows"]) for one in (await report(db, hr, sync_id))["unmapped"]}
        assert keys == {("rw-potensi", "dayaJuang", 1), ("rw-potensi", "nik …", 1)}
        kept = await rows_of(db, actor, "SELECT body FROM siasn_record WHERE history = 'rw-potensi'")
        assert ("RAHASIA" in str(kept), "intelektual" in str(kept)) == (False, True)


async def test_who_may_not_see_sanctions_is_not_told_that_there_is_one(db: Database) -> None:
    actor = await an_institution(db)
    system = Actor(actor.institution_id, Role.CLIENT, "simpeg", scopes=frozenset({ClientScope.SIASN_SYNC}))
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        [nip] = siasn.nips
        await connect(db, actor, siasn.addresses, histories=["rw-hukdis"])
        siasn.says(nip, "rw-hukdis", {**SANCTION, "id": "H1"}, {**SANCTION, "id": "H2", "jenisHukumanId": "??"})
        sync_id = await sync(db, system, nips=[nip])
        seen, hidden = await report(db, officer(actor), sync_id), await report(db, system, sync_id)
        assert ("rw-hukdis", "added") in {(one["endpoint"], one["change"]) for one in seen["narrowedChanges"]}
        assert {one["endpoint"] for one in seen["unmapped"]} == {"rw-hukdis"}
        assert hidden["withheld"] == ["narrowedChanges", "unmapped"]
        assert {one["endpoint"] for one in hidden["changes"]} == {"data-utama"}
        ids = await rows_of(db, actor, "SELECT id FROM talent")
        row = (ids[0]["id"], "rw-hukdis:H1", "sanction", uuid4(), "import", "[]", "0" * 64)
        async with db.write_as(actor) as tx:
            await keep_conflicts(tx, actor.institution_id, sync_id, [], [row], db.now())
            await record(tx, actor, SiasnPeopleTaken(sync_id, 1, 0, 1, "0" * 64))
        [conflict] = await conflicts(db, system)
        assert (conflict["topic"], conflict["kind"], conflict["differences"]) == (None, None, None)
        for document in (hidden, conflict, *await people(db, system, sync_id)):
            told = [one for one in document.get("endpoints", ()) if one["endpoint"] == "rw-hukdis"]
            assert all((one["answer"], one["rows"]) == ("answered", None) for one in told)
        for sql in (siasn_reported.CHANGES, siasn_reported.CONFLICTS, siasn_reported.UNMAPPED):
            async with db.read_as(actor) as tx:
                stream = siasn_reported.stream(tx, sql, actor.institution_id, sync_id, sees_all=False)
                cells = [cell for rows in [rows async for rows in stream] for row in rows for cell in row.values()]
            assert not {"rw-hukdis", "H1", "H2"} & set(cells)


async def test_theirs_is_taken_whole_or_not_at_all_and_their_other_rows_stay(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        [nip] = siasn.nips
        await connect(db, actor, siasn.addresses, histories=["rw-kursus"])
        twice = ({**COURSE, "id": "K1"}, {**COURSE, "id": "K2", "jumlahJam": "30"})
        siasn.says(nip, "rw-kursus", *twice)
        await sync(db, hr, nips=[nip])
        course = {"name": "PENGELOLAAN ASET", "kind": "technical", "hours": 60, "finishedOn": "2024-05-02"}
        await verified(db, actor, nip, {"training": course})
        await sync(db, hr)
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (30, True), (60, True)]
        [conflict] = await conflicts(db, hr, standing="open")

        async def break_off(*_: object) -> None:
            raise ConnectionError

        with monkeypatch.context() as broken:
            broken.setattr("app.services.placements._place_some", break_off)
            with pytest.raises(ConnectionError):
                await decide(db, hr, conflict, Decision.TAKE_THEIRS)
        assert await conflicts(db, hr, standing="open") == [conflict]
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (30, True), (60, True)]
        await decide(db, hr, conflict, Decision.TAKE_THEIRS)
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, True), (30, True), (60, False)]
        assert (await told(db, hr, await sync(db, hr)))["changed"] == 0


async def test_a_unit_is_asked_about_with_those_below_it_and_people_who_work_part_time(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    hr, institution = officer(actor), await name_of(db, actor)
    with a_siasn(people=3, institution=institution) as siasn:
        above, below, beside = siasn.nips
        contracts = ("PNS", "PPPK Paruh Waktu", "PNS")
        employees = [
            an_employee(nip, institution, UNOR_ID=unit, JENIS_PEGAWAI_NAMA=contract)
            for nip, unit, contract in zip(siasn.nips, UNITS, contracts, strict=True)
        ]
        parents = [{"ID": unit, "NAMA_UNOR": unit, "ID_ATASAN": "U1" if unit == "U2" else ""} for unit in UNITS]
        await import_files(db, actor, write_folder(tmp_path, employees, {"HIERARKI": parents}))
        await connect(db, actor, siasn.addresses, histories=["rw-kursus"])
        siasn.switch(part_time=[below])
        siasn.says(below, "rw-kursus", {**COURSE, "id": "K1", "namaKursus": "PENGELOLAAN\x00 ASET"})
        post = {"jenisJabatanId": "2", "jabatanNama": "ANALIS KEBIJAKAN AHLI MUDA", "instansiKerjaNama": institution}
        siasn.says(above, "data-utama", {"nipBaru": above, "nama": "SITI SANTOSO", **post})
        asked = await people(db, hr, await sync(db, hr, unit="U1"))
        assert {one["nip"]: one["outcome"] for one in asked} == {above: "changed", below: "changed"}
        assert siasn.asked.nips.get(beside, 0) == 0
        assert await trainings(db, hr, below, "PENGELOLAAN ASET") == [(40, True)]
        sql = "SELECT name, unit_id, position_from IS NOT NULL FROM talent WHERE nip = $1"
        assert [tuple(row) for row in await rows_of(db, hr, sql, above)] == [("SITI SANTOSO", "U1", True)]


UNITS = ("U1", "U2", "U3")
