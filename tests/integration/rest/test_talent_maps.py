"""Talent maps go out and come in again: the same map in another house, and every row of it checked."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.cycles import Phase
from app.services import cycles
from tests.cycles import WEAK_POTENTIAL, a_cycle_in, member, move, some_talents
from tests.exports import Table, tables_of
from tests.factories import an_employee, an_institution, import_files, name_of, officer, rows_of, write_folder
from tests.personas import Persona, Personas

RUBRIC = {"rubricCode": "bkn-411-2025"}


@dataclass(frozen=True)
class Office:
    """Three talents in boxes 8, 5 and none; in its cycle the second was moved to box 4."""

    actor: Actor
    nips: list[str]
    cycle: UUID
    hr: Persona


async def an_office(db: Database, personas: Personas, folder: Path) -> Office:
    actor = officer(await an_institution(db))
    nips = await some_talents(db, actor, folder, None, WEAK_POTENTIAL, bare=1)
    cycle = await a_cycle_in(db, actor, Phase.CALIBRATION)
    await move(db, member(actor), cycle, nips[1], 5, 3)
    return Office(actor, nips, cycle, personas.hr_officer(actor.institution_id))


@pytest_asyncio.fixture
async def office(db: Database, personas: Personas, tmp_path: Path) -> Office:
    return await an_office(db, personas, tmp_path / "office")


@pytest_asyncio.fixture
async def elsewhere(db: Database, personas: Personas, office: Office, tmp_path: Path) -> Persona:
    """An officer of another institution, which has the same people on its books and nothing about them."""
    actor = officer(await an_institution(db))
    name = await name_of(db, actor)
    await import_files(db, actor, write_folder(tmp_path / "other", [an_employee(nip, name) for nip in office.nips], {}))
    return personas.hr_officer(actor.institution_id)


async def sent(who: Persona, content: bytes, file: str = "peta.xlsx", **but: Any) -> httpx2.Response:
    form = {"name": "Peta lama", "asOf": "2024-12-04", "rubricVersion": "2", **RUBRIC, **but}
    return await who.post("/v1/talent-maps", files={"files": (file, content)}, data=form)


async def exported(office: Office, *, of_cycle: bool = True) -> bytes:
    query = f"?cycle={office.cycle}" if of_cycle else ""
    answer = await office.hr.get(f"/v1/exports/talent-map.xlsx{query}")
    assert answer.status_code == 200, answer.text
    return answer.content


def as_csv(table: Table, **but: Any) -> bytes:
    """The rows of a map as CSV; `but` changes cells of the first one."""
    rows = [{name: _as_typed(cell) for name, cell in row.items()} for row in table]
    rows[0] |= but
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def _as_typed(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


STATED = ("X - POTENSIAL (NILAI)", "Y - KINERJA (NILAI)", "KOTAK", "KOTAK KALIBRASI", "NILAI TALENTA")


async def test_a_map_goes_out_and_comes_in_again(office: Office, elsewhere: Persona) -> None:
    content = await exported(office)
    answer = await sent(elsewhere, content)
    assert answer.status_code == 201, answer.text
    report = answer.json()
    assert answer.headers["location"] == f"/v1/cycles/{report['cycle']}"
    assert (report["refusals"], report["mapped"], report["changes"]) == ([], 3, {"placements": 3})
    cycle = (await elsewhere.get(answer.headers["location"])).json()
    assert (cycle["phase"], cycle["origin"], cycle["asOf"], cycle["name"]) == (
        "closed",
        "imported",
        "2024-12-04",
        "Peta lama",
    )
    again = await elsewhere.get(f"/v1/exports/talent-map.xlsx?cycle={report['cycle']}")
    before, after = tables_of(content)["Peta talenta"], tables_of(again.content)["Peta talenta"]
    assert sorted(after, key=lambda row: row["NIP"]) == sorted(before, key=lambda row: row["NIP"])
    by_nip = {row["NIP"]: [row[name] for name in STATED] for row in after}
    assert by_nip[office.nips[0]] == [83.85, 71.0, 8.0, None, 77.425]
    assert by_nip[office.nips[1]][2:4] == [5.0, 3.0]
    assert by_nip[office.nips[2]] == [None, None, None, None, None]


async def test_an_axis_setting_changes_letters_and_nothing_else(office: Office, elsewhere: Persona) -> None:
    answer = await office.hr.patch("/v1/institution/settings", json={"axisX": "performance"})
    assert answer.status_code == 200
    content = await exported(office)
    [row] = [row for row in tables_of(content)["Peta talenta"] if row["NIP"] == office.nips[0]]
    assert (row["X - KINERJA (NILAI)"], row["Y - POTENSIAL (NILAI)"]) == (71.0, 83.85)
    report = (await sent(elsewhere, content)).json()
    assert (report["stored"], report["mapped"]) == (True, 3)
    placement = (await elsewhere.get(f"/v1/cycles/{report['cycle']}/placements/{office.nips[0]}")).json()
    assert (placement["performance"]["value"], placement["potential"]["value"], placement["publishedBox"]) == (
        71,
        83.85,
        8,
    )


async def test_what_was_imported_says_so_and_its_parts_add_up(office: Office, elsewhere: Persona) -> None:
    report = (await sent(elsewhere, await exported(office))).json()
    address = f"/v1/cycles/{report['cycle']}/placements"
    known, moved, unknown = [(await elsewhere.get(f"{address}/{nip}")).json() for nip in office.nips]
    assert {part["reason"]["code"] for part in known["trace"]} == {"finding.imported"}
    assert [part["points"] for part in known["trace"]] == [48, 3.75, 11.25, 8, 19, 6.25, 8.8, 15.8, 9, 10, 15]
    for axis in ("performance", "potential"):
        assert sum(part["points"] for part in known["trace"] if part["axis"] == axis) == known[axis]["value"]
    assert {part["part"] for part in known["trace"]} >= {"competencyAssessment", "fieldFit"}
    assert (moved["computedBox"], moved["calibratedBox"], moved["calibration"]) == (5, 3, None)
    assert (unknown["publishedBox"], unknown["performance"]["value"]) == (None, None)
    assert {part["reason"]["code"] for part in unknown["trace"]} >= {"finding.no_evidence"}
    assert "potentialAssessment" in unknown["missing"]


async def test_imported_parts_that_rest_on_sanctions_or_assessments_are_withheld(
    office: Office, personas: Personas
) -> None:
    report = (await sent(office.hr, await exported(office))).json()
    address = f"/v1/cycles/{report['cycle']}/placements/{office.nips[0]}"
    full = (await office.hr.get(address)).json()["trace"]
    told = (await personas.auditor(office.actor.institution_id).get(address)).json()["trace"]
    withheld = {part["part"] for part in told if (part["points"], part["reason"]) == (None, None)}
    assert withheld == {"competencyAssessment", "potentialAssessment", "discipline"}
    assert [part for part in told if part["part"] not in withheld] == [
        part for part in full if part["part"] not in withheld
    ]


async def test_an_imported_cycle_is_never_calculated_or_calibrated(
    db: Database, office: Office, elsewhere: Persona, personas: Personas
) -> None:
    report = (await sent(elsewhere, await exported(office))).json()
    address = f"/v1/cycles/{report['cycle']}"
    for work in ("calculation", "recomputation"):
        refused = await elsewhere.put(f"{address}/{work}")
        assert (refused.status_code, refused.json()["code"]) == (409, "cycle.imported")
    document = (await elsewhere.get("/v1/institutions")).json()
    committee = personas.committee_member(UUID(document["edges"][0]["node"]["id"]))
    body = {"fromBox": 8, "box": 9, "reason": "criticalAssignment", "comment": "Dibahas dalam rapat komite."}
    told = await committee.post(f"{address}/placements/{office.nips[0]}/calibrations", json=body)
    assert (told.status_code, told.json()["code"]) == (409, "cycle.phase")


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"X - PENILAIAN POTENSI": 15.7}, "X - POTENSIAL (NILAI)", "talent_map.sum"),
        ({"Y - KINERJA (NILAI)": 71.000001}, "Y - KINERJA (NILAI)", "talent_map.sum"),
        ({"KOTAK": 9}, "KOTAK", "talent_map.follows"),
        ({"X - POTENSIAL (KATEGORI)": "Rendah"}, "X - POTENSIAL (KATEGORI)", "talent_map.follows"),
        ({"NIP": "198008212005011999"}, "NIP", "nip.unknown"),
        ({"Y - PENGHARGAAN": None}, "Y - KINERJA (NILAI)", "talent_map.sum_unknown"),
    ],
)
async def test_a_row_that_does_not_hold_together_is_refused_with_its_cell(
    cells: dict[str, Any], column: str, code: str, office: Office, elsewhere: Persona
) -> None:
    table = tables_of(await exported(office))["Peta talenta"]
    table.sort(key=lambda row: row["NIP"] != office.nips[0])
    answer = await sent(elsewhere, as_csv(table, **cells), "peta.csv")
    assert answer.status_code == 201, answer.text
    [refusal] = answer.json()["refusals"]
    assert (refusal["row"], refusal["column"], refusal["code"], answer.json()["mapped"]) == (2, column, code, 2)
    kept = (await elsewhere.get("/v1/imports")).json()["edges"][0]["node"]
    assert [one["code"] for one in (await elsewhere.get(f"/v1/imports/{kept['id']}")).json()["refusals"]] == [code]


async def test_a_person_stands_on_a_map_once(office: Office, elsewhere: Persona) -> None:
    table = tables_of(await exported(office))["Peta talenta"]
    report = (await sent(elsewhere, as_csv([*table, table[0]]), "peta.csv")).json()
    [refusal] = report["refusals"]
    assert (refusal["code"], refusal["row"], report["mapped"]) == ("talent_map.repeated", 5, 3)
    [sheet] = report["files"][0]["sheets"]
    assert (sheet["rows"], sheet["accepted"], sheet["refused"]) == (4, 3, 1)


@pytest.mark.parametrize(
    ("but", "cells"),
    [({"dryRun": "true"}, {}), ({"allOrNothing": "true"}, {"KOTAK": 9})],
    ids=["dry", "all-or-nothing"],
)
async def test_nothing_is_stored_where_nothing_is_to_be(
    but: dict[str, str], cells: dict[str, Any], db: Database, office: Office, elsewhere: Persona
) -> None:
    table = tables_of(await exported(office))["Peta talenta"]
    table.sort(key=lambda row: row["NIP"] != office.nips[0])
    answer = await sent(elsewhere, as_csv(table, **cells), "peta.csv", **but)
    assert (answer.status_code, answer.json()["stored"], answer.json()["cycle"]) == (200, False, None)
    assert (await elsewhere.get("/v1/cycles")).json()["edges"] == []


async def test_a_map_of_which_no_row_is_accepted_is_not_stored(office: Office, elsewhere: Persona) -> None:
    table = tables_of(await exported(office))["Peta talenta"]
    answer = await sent(elsewhere, as_csv([row | {"NIP": "198008212005011999"} for row in table]), "peta.csv")
    assert (answer.status_code, len(answer.json()["refusals"])) == (200, 3)
    assert (await elsewhere.get("/v1/cycles")).json()["edges"] == []


@pytest.mark.parametrize(
    ("but", "status", "code"),
    [
        ({"rubricCode": "nobodys"}, 404, "rubric.not_found"),
        ({"rubricVersion": "99"}, 404, "rubric.not_found"),
        ({"rubricCode": "pu-djbk", "rubricVersion": "1"}, 422, "talent_map.indicator"),
        ({"asOf": "2024-13-01"}, 422, "request.invalid"),
        ({"name": "x"}, 422, "request.invalid"),
        ({"name": "\x00\x00\x00\x00"}, 422, "request.invalid"),
        ({"rubricVersion": "-1"}, 422, "request.invalid"),
    ],
)
async def test_a_map_of_another_rubric_or_day_is_refused(
    but: dict[str, str], status: int, code: str, office: Office, elsewhere: Persona
) -> None:
    answer = await sent(elsewhere, await exported(office), **but)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_two_cycles_have_two_names(office: Office, elsewhere: Persona) -> None:
    content = await exported(office)
    assert (await sent(elsewhere, content)).status_code == 201
    answer = await sent(elsewhere, content)
    assert (answer.status_code, answer.json()["code"]) == (409, "cycle.exists")
    assert (await sent(elsewhere, content, name="Peta lain")).status_code == 201


async def test_what_is_no_talent_map_is_refused(elsewhere: Persona) -> None:
    answer = await sent(elsewhere, b"NIP,KOTAK\n198008212005011999,9\n", "peta.csv")
    assert (answer.status_code, answer.json()["code"]) == (422, "talent_map.not_recognised")


async def test_who_may_not_manage_cycles_imports_no_map(office: Office, personas: Personas) -> None:
    content = await exported(office)
    for persona in (
        personas.committee_chair(office.actor.institution_id),
        personas.auditor(office.actor.institution_id),
    ):
        assert (await sent(persona, content)).status_code == 403


async def test_the_working_map_goes_out_as_well(office: Office) -> None:
    tables = tables_of(await exported(office, of_cycle=False))
    told = {row["KETERANGAN"]: row["ISI"] for row in tables["Keterangan"]}
    assert (told["Siklus"], told["Rubrik"], told["Per tanggal"]) == ("Peta kerja", "bkn-411-2025/2", "2025-12-04")
    assert {row["NIP"]: (row["KOTAK"], row["KOTAK KALIBRASI"]) for row in tables["Peta talenta"]} == {
        office.nips[0]: (8.0, None),
        office.nips[1]: (5.0, None),
        office.nips[2]: (None, None),
    }


async def test_an_imported_map_is_in_the_ledger(db: Database, office: Office) -> None:
    report = (await sent(office.hr, await exported(office))).json()
    [entry] = await rows_of(db, office.actor, "SELECT payload FROM ledger_entry WHERE type = 'talentMapImported'")
    payload = entry["payload"]
    assert (payload["cycle_id"], payload["rubric"], payload["placements"]) == (report["cycle"], "bkn-411-2025/2", 3)
    [cycle] = await rows_of(db, office.actor, "SELECT inputs_digest FROM cycle WHERE origin = 'imported'")
    assert cycle["inputs_digest"] == payload["digest"]
    assert json.loads(await cycles.cycle_document(db, office.actor, UUID(report["cycle"])))["calculation"] is None
