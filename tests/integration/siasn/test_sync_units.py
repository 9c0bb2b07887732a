"""Unit trees with ids that can be none: reported, and in nobody's way."""

from __future__ import annotations

from app.db.database import Database
from tests.factories import an_institution, name_of, officer, rows_of
from tests.siasn import a_siasn
from tests.siasn_syncs import connect, people, sync, told

TOO_LONG = "a" * 3000


async def test_ids_that_no_index_could_hold_are_reported_and_fatal_to_nobody(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-kursus"])
        [nip] = siasn.nips
        course = {"jenisDiklatId": "3", "namaKursus": "PENGELOLAAN ASET", "tanggalSelesaiKursus": "02-05-2024"}
        siasn.says(nip, "rw-kursus", {**course, "id": TOO_LONG}, {**course, "id": "K2", "namaKursus": "ARSIP"})
        units = siasn.simulator.units
        below = next(unit for unit in units if unit["DiatasanId"])
        new = {**below, "Id": "baru", "NamaUnor": "BARU"}
        count = len(units)
        units += [{**new, "Id": TOO_LONG}, {**new, "Id": "-"}, {**new, "DiatasanId": TOO_LONG}]
        units += [{**new, "Id": "lepas", "DiatasanId": "-"}]

        await sync(db, hr, nips=[nip])
        whole = await told(db, hr, await sync(db, hr))
        assert whole["state"] == "succeeded"
        assert [(one["unit"], one["code"], one["key"]) for one in whole["unitFaults"]] == [
            (f"{TOO_LONG[:42]}…", "siasn.unreadable", "Id"),
            ("-", "siasn.missing", "Id"),
            ("baru", "siasn.unreadable", "DiatasanId"),
        ]
        kept = {row["id"]: row["parent_id"] for row in await rows_of(db, hr, "SELECT id, parent_id FROM org_unit")}
        assert (len(kept), kept["baru"], kept["lepas"]) == (count + 2, None, None)
        courses = await rows_of(db, hr, "SELECT row_id FROM siasn_record WHERE history = 'rw-kursus'")
        assert sorted(len(row["row_id"]) for row in courses) == [2, 64], "the one by what it says"
        assert [one["outcome"] for one in await people(db, hr, await sync(db, hr, nips=[nip]))] == ["unchanged"]


async def test_a_superior_that_cannot_be_read_leaves_a_unit_where_it_was(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=1, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        await sync(db, hr, nips=siasn.nips)
        await sync(db, hr)
        below = next(unit for unit in siasn.simulator.units if unit["DiatasanId"])
        before = await rows_of(db, hr, "SELECT parent_id FROM org_unit WHERE id = $1", below["Id"])
        assert before[0]["parent_id"] == below["DiatasanId"]
        below["DiatasanId"] = TOO_LONG
        await sync(db, hr)
        assert await rows_of(db, hr, "SELECT parent_id FROM org_unit WHERE id = $1", below["Id"]) == before
