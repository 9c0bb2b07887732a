"""The panel compares the people of each appraiser; where no file names appraisers it compares units, and says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import pytest

from app.db.database import Database
from app.db.staging import EVIDENCE
from app.domain.actors import Actor, Role
from app.domain.cycles import Phase
from app.domain.evidence import Kind
from app.services import cycles
from app.sheets.layouts import row_key
from tests.cycles import a_cycle_in, evidence_of, somebody
from tests.factories import a_nip, an_employee, an_institution, import_files, name_of, officer, rows_of, write_folder

PREDICATES = {"SANGAT BAIK": 83, "BAIK": 71, "BUTUH PERBAIKAN": 59}  # and the performance each makes
STRICT, MILD, RARE = "197001012000011001", "197001012000011002", "197001012000011003"


async def office_of(
    db: Database, folder: Path, people: list[tuple[str, str | None, str]], column: str = "PENILAI NIP"
) -> tuple[Actor, list[str]]:
    """People with a predicate, an appraiser and a unit each; returns the officer and the NIPs."""
    actor = await an_institution(db)
    institution, nips = await name_of(db, actor), [a_nip() for _ in people]
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip, (predicate, appraiser, _) in zip(nips, people, strict=True):
        evidence = evidence_of(nip, institution)
        evidence["SKP"][0] |= {"PREDIKAT KINERJA": predicate} | ({} if appraiser is None else {column: appraiser})
        for sheet, rows in evidence.items():
            sheets.setdefault(sheet, []).extend(rows)
    employees = [
        an_employee(nip, institution, UNOR_ID=unit, UNOR_NAMA=f"Bidang {unit}")
        for nip, (_, _, unit) in zip(nips, people, strict=True)
    ]
    await import_files(db, actor, write_folder(folder, employees, sheets))
    return officer(actor), nips


async def panel(db: Database, actor: Actor) -> Mapping[str, Any]:
    cycle_id = await a_cycle_in(db, actor, Phase.CALCULATION)
    document: Mapping[str, Any] = json.loads(await cycles.rater_skew_document(db, actor, cycle_id))
    return document


async def test_appraisers_are_compared_by_mean_and_spread(db: Database, tmp_path: Path) -> None:
    strict = ["BUTUH PERBAIKAN", "BUTUH PERBAIKAN", "BAIK"]
    mild = ["SANGAT BAIK", "SANGAT BAIK", "SANGAT BAIK", "BAIK"]
    people = [(one, STRICT, "U1") for one in strict] + [(one, MILD, "U1") for one in mild]
    actor, _ = await office_of(db, tmp_path, [*people, ("BAIK", RARE, "U1"), ("BAIK", RARE, "U2"), ("BAIK", "", "U2")])
    told = await panel(db, actor)
    of_all = [PREDICATES[one] for one in [*strict, *mild, *["BAIK"] * 3]]
    assert (told["by"], told["year"], told["people"]) == ("appraiser", 2024, 10)
    assert (told["mean"], told["spread"]) == (pytest.approx(fmean(of_all)), pytest.approx(pstdev(of_all)))
    assert (told["unattributed"], told["smallGroups"], told["peopleInSmallGroups"]) == (1, 1, 2)
    assert {group["appraiserNip"] for group in told["groups"]} == {STRICT, MILD}
    for group in told["groups"]:
        points = [PREDICATES[one] for one in (strict if group["appraiserNip"] == STRICT else mild)]
        assert (group["people"], group["unitId"]) == (len(points), None)
        assert (group["mean"], group["spread"]) == (pytest.approx(fmean(points)), pytest.approx(pstdev(points)))
        assert group["difference"] == pytest.approx(fmean(points) - fmean(of_all), abs=2e-6)


async def test_the_most_different_come_first_and_an_appraiser_on_the_books_has_a_name(
    db: Database, tmp_path: Path
) -> None:
    people = [("BUTUH PERBAIKAN", STRICT, "U1")] * 3 + [("BAIK", MILD, "U1")] * 6
    actor, nips = await office_of(db, tmp_path / "first", people)
    assert [group["appraiserNip"] for group in (await panel(db, actor))["groups"]] == [STRICT, MILD]
    people = [("BAIK", nips[0], "U1")] * 3
    actor, nips = await office_of(db, tmp_path / "second", people)
    [group] = (await panel(db, actor))["groups"]
    assert group["appraiserName"] is None  # of another institution
    institution = await name_of(db, actor)
    await import_files(
        db,
        somebody(actor, Role.OPERATOR, "test"),
        write_folder(tmp_path / "third", [an_employee(group["appraiserNip"], institution, NAMA="IBU PENILAI")], {}),
    )
    assert (await panel(db, actor))["groups"][0]["appraiserName"] == "IBU PENILAI"


async def test_without_appraisers_units_are_compared(db: Database, tmp_path: Path) -> None:
    people = [("BUTUH PERBAIKAN", None, "U1")] * 3 + [("SANGAT BAIK", None, "U2")] * 3 + [("BAIK", None, "U3")]
    actor, _ = await office_of(db, tmp_path, people)
    told = await panel(db, actor)
    assert (told["by"], told["people"], told["smallGroups"], told["peopleInSmallGroups"]) == ("unit", 7, 1, 1)
    assert [(it["unitId"], it["unitName"], it["mean"], it["spread"]) for it in told["groups"]] == [
        ("U1", "Bidang U1", 59, 0),
        ("U2", "Bidang U2", 83, 0),
    ]


async def test_nobody_placed_is_an_empty_panel(db: Database) -> None:
    actor = officer(await an_institution(db))
    cycle_id = await cycles.open_cycle(db, actor, cycles.OpenCycle(name="Pemetaan kosong"))
    told = json.loads(await cycles.rater_skew_document(db, actor, cycle_id))
    assert (told["by"], told["people"], told["mean"], told["spread"], told["groups"]) == ("unit", 0, None, None, [])


# ── the column


async def test_an_appraisal_keeps_its_identity_where_no_appraiser_is_named() -> None:
    said = {"year": 2024, "work_result_rating": "as_expected", "behaviour_rating": "as_expected", "predicate": "good"}
    stage = EVIDENCE[Kind.PERFORMANCE_APPRAISAL]
    before = row_key([2024, "as_expected", "as_expected", "good"])  # as it was made before there was the column
    assert row_key(stage.identity(said)) == row_key(stage.identity(said | {"appraiser_nip": None})) == before
    named = [row_key(stage.identity(said | {"appraiser_nip": nip})) for nip in (STRICT, MILD)]
    assert len({before, *named}) == 3


async def test_an_appraiser_named_later_is_a_correction(db: Database, tmp_path: Path) -> None:
    actor, [nip] = await office_of(db, tmp_path / "first", [("BAIK", None, "U1")])
    operator, institution = somebody(actor, Role.OPERATOR, "test"), await name_of(db, actor)
    evidence = evidence_of(nip, institution)
    evidence["SKP"][0]["PENILAI NIP"] = STRICT
    files = write_folder(tmp_path / "second", [an_employee(nip, institution)], {"SKP": evidence["SKP"]})
    first, second = [await import_files(db, operator, files) for _ in range(2)]
    assert (first["changes"]["performanceAppraisal"], second["changes"]["performanceAppraisal"]) == (2, 0)
    sql = "SELECT appraiser_nip FROM performance_appraisal WHERE withdrawn_by IS NULL"
    assert [row["appraiser_nip"] for row in await rows_of(db, actor, sql)] == [STRICT]


async def test_an_appraiser_that_is_no_number_refuses_its_row(db: Database, tmp_path: Path) -> None:
    actor, [nip] = await office_of(db, tmp_path / "first", [("BAIK", None, "U1")])
    row = evidence_of(nip, "")["SKP"][0] | {"PENILAI NIP": "Ibu Camat"}
    operator = somebody(actor, Role.OPERATOR, "test")
    files = write_folder(tmp_path / "second", [an_employee(nip, await name_of(db, actor))], {"SKP": [row]})
    [refusal] = (await import_files(db, operator, files))["refusals"]
    assert (refusal["column"], refusal["code"]) == ("PENILAI NIP", "nip.format")
