"""The skeleton of a development plan holds gaps, recommendations and open questions, and invents nothing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.errors import Forbidden, NotFound
from app.services.development_plans import boxes_document, development_plan_document
from tests.cycles import evidence_of, some_talents, somebody, talent
from tests.factories import (
    a_nip,
    a_placed_talent,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    officer,
    unit_verifier,
    write_csv,
    write_folder,
)


async def plan_of(db: Database, actor: Actor, nip: str) -> dict[str, Any]:
    return json.loads(await development_plan_document(db, actor, nip))


async def test_gaps_are_those_to_the_standards_of_the_present_and_the_target_level(
    db: Database, tmp_path: Path
) -> None:
    actor = officer(await an_institution(db))
    plan = await plan_of(db, actor, await a_placed_talent(db, actor, tmp_path))
    assert (plan["level"], plan["targetLevel"], plan["rubric"]["code"]) == (
        "jf_ahli_muda",
        "jf_ahli_madya",
        "bkn-411-2025",
    )
    gaps = {gap["code"]: gap for gap in plan["competencies"]}
    assert len(gaps) == 9
    told = ("actual", "standard", "gap", "targetStandard", "targetGap")
    assert [gaps["integrity"][name] for name in told] == [3, 3, 0, 4, 1]
    assert [gaps["managing_change"][name] for name in told] == [2, 3, 1, 4, 2]
    assert [one["form"] for one in gaps["integrity"]["suggestions"]] == ["experience"]
    assert [one["form"] for one in gaps["managing_change"]["suggestions"]] == ["experience", "exposure"]
    assert gaps["managing_change"]["label"] == {"id": "Mengelola perubahan", "en": "Managing change"}
    assert plan["competencyAssessment"] | {"id": 0} == {
        "id": 0,
        "assessedOn": "2025-04-03",
        "method": "ASSESSMENT CENTER",
        "validUntil": "2028-04-03",
        "isValid": True,
    }
    assert (plan["isSkeleton"], [note["code"] for note in plan["notes"]]) == (True, ["development.skeleton"])


async def test_the_box_brings_its_recommendations_and_pools(db: Database, tmp_path: Path) -> None:
    actor = officer(await an_institution(db))
    plan = await plan_of(db, actor, await a_placed_talent(db, actor, tmp_path))
    assert (plan["box"], plan["pools"]) == (8, ["institution"])
    catalogue = {box["number"]: box for box in json.loads(await boxes_document(db, actor))["boxes"]}
    assert plan["recommendations"] == catalogue[8]["actions"]
    assert (plan["missing"], plan["nextEvidence"]) == ([], {"surely": [], "possibly": []})


async def test_a_potential_aspect_below_three_asks_for_development(db: Database, tmp_path: Path) -> None:
    actor = officer(await an_institution(db))
    nip = (await some_talents(db, actor, tmp_path / "office", {"ASESMEN POTENSI": 1}))[0]
    aspects = (await plan_of(db, actor, nip))["potentialAspects"]
    assert len(aspects) == 8
    assert {(one["actual"], one["expected"], one["gap"]) for one in aspects} == {(1, 3, 2)}


async def test_without_an_assessment_gaps_are_unknown_and_the_plan_says_so(db: Database, tmp_path: Path) -> None:
    actor = officer(await an_institution(db))
    nip = (await some_talents(db, actor, tmp_path / "office", None, bare=1))[1]
    plan = await plan_of(db, actor, nip)
    assert (plan["competencyAssessment"], plan["potentialAssessment"], plan["box"]) == (None, None, None)
    assert {(gap["actual"], gap["gap"], gap["targetGap"]) for gap in plan["competencies"]} == {(None, None, None)}
    assert {gap["standard"] for gap in plan["competencies"]} == {3}  # of the post in the personnel record
    assert not any(gap["suggestions"] for gap in [*plan["competencies"], *plan["potentialAspects"]])
    assert [note["code"] for note in plan["notes"]] == ["development.skeleton", "development.not_assessed"]
    assert (plan["recommendations"], plan["pools"]) == ([], [])
    assert "competencyAssessment" in plan["missing"]
    assert plan["nextEvidence"]["possibly"]


async def test_without_a_level_standards_are_unknown(db: Database, tmp_path: Path) -> None:
    actor = officer(await an_institution(db))
    nip, institution = a_nip(), await name_of(db, actor)
    sheets = {name: rows for name, rows in complete_evidence(nip, institution).items() if name != "JABATAN"}
    employee = an_employee(nip, institution, JENIS_JABATAN_ID="", JABATAN_NAMA="JABATAN LAIN")
    await import_files(db, actor, write_folder(tmp_path / "office", [employee], sheets))
    plan = await plan_of(db, actor, nip)
    assert (plan["level"], plan["targetLevel"]) == (None, None)
    assert {(gap["standard"], gap["gap"], gap["targetGap"]) for gap in plan["competencies"]} == {(None, None, None)}
    assert [note["code"] for note in plan["notes"]] == ["development.skeleton", "development.level_unknown"]


async def test_the_latest_assessment_up_to_the_day_of_the_map_counts(db: Database, tmp_path: Path) -> None:
    actor = officer(await an_institution(db))
    nip = await a_placed_talent(db, actor, tmp_path / "before")
    [row] = evidence_of(nip, await name_of(db, actor), {"ASESMEN KOMPETENSI": 5})["ASESMEN KOMPETENSI"]
    await import_files(db, actor, [write_csv(tmp_path, "asesmen-kompetensi", [row | {"TANGGAL": "01-12-2025"}])])
    plan = await plan_of(db, actor, nip)
    assert {(gap["actual"], gap["gap"], gap["targetGap"]) for gap in plan["competencies"]} == {(5, 0, 0)}
    old = row | {"TANGGAL": "01-12-2025"}
    await import_files(db, actor, [write_csv(tmp_path, "asesmen-kompetensi", [old])], as_of=date(2029, 1, 1))
    assert not (await plan_of(db, actor, nip))["competencyAssessment"]["isValid"]


async def test_talents_read_their_own_plan_and_units_those_of_their_people(db: Database, tmp_path: Path) -> None:
    actor = officer(await an_institution(db))
    nip, other = await some_talents(db, actor, tmp_path / "office", None, bare=1)
    assert (await plan_of(db, talent(actor, nip), nip))["nip"] == nip
    assert (await plan_of(db, unit_verifier(actor), nip))["nip"] == nip
    for nobody, whose in (
        (talent(actor, nip), other),
        (unit_verifier(actor, "U2"), nip),
        (unit_verifier(actor, None), nip),
        (officer(await an_institution(db)), nip),
    ):
        with pytest.raises(NotFound, match=r"talent\.not_found"):
            await plan_of(db, nobody, whose)
    with pytest.raises(Forbidden):
        await plan_of(db, somebody(actor, Role.NATIONAL, "bkn"), nip)
