"""What keeps people out of a ranking: requirement by requirement, and what the least relaxation would be."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.db.database import Database
from app.db.migrations import RULE_SETS
from app.domain.actors import Actor, Role
from app.services import rankings, rule_sets
from app.services.rule_sets import PublishRuleSet
from tests.cycles import evidence_of, member, somebody
from tests.factories import a_nip, an_employee, an_institution, import_files, name_of, officer, write_folder
from tests.rankings import NARROWED, TO_VERIFY, a_vacancy_for, ranking_of, some_people

PENGAWAS = "pp-11-2017-pengawas"
SEASONED = {
    "code": "seasoned",
    "field": "timeInPost",
    "comparison": "atLeast",
    "threshold": 120,
    "label": {"id": "Sepuluh tahun dalam jabatan", "en": "Ten years in the post"},
    "legalBasis": "Perwako 11/2023 ps. 5",
    "source": {"document": "Perwako 11/2023 ps. 5", "confidence": "confirmed"},
}


async def demand(db: Database, actor: Actor, *requirements: dict[str, Any]) -> None:
    """From now on posts of pengawas ask for more."""
    shipped = json.loads((RULE_SETS / f"{PENGAWAS}-v2.json").read_text(encoding="utf-8"))
    document = {**shipped, "requirements": [*shipped["requirements"], *requirements]}
    command = PublishRuleSet.model_validate({"basedOn": {"code": PENGAWAS, "version": 2}, "document": document})
    await rule_sets.publish_rule_set(db, officer(actor), command)


async def sanctioned_people(db: Database, actor: Actor, folder: Path) -> None:
    """Three people, everybody under a sanction that has not ended."""
    nips, name = [a_nip() for _ in range(3)], await name_of(db, actor)
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip in nips:
        for sheet, rows in evidence_of(nip, name).items():
            sheets.setdefault(sheet, []).extend(rows)
    began, ends = (f"{day:%d-%m-%Y}" for day in (db.today() - timedelta(60), db.today() + timedelta(300)))
    sanction = {"TINGKAT": "BERAT", "JENIS": "PENURUNAN JABATAN", "TMT MULAI": began, "TMT SELESAI": ends}
    sheets["HUKUMAN DISIPLIN"] = [{"NIP": nip, **sanction} for nip in nips]
    await import_files(db, actor, write_folder(folder, [an_employee(nip, name) for nip in nips], sheets))


def removals_of(told: dict[str, Any]) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {one["requirement"]: (one["removed"], one["alone"], one["toVerify"]) for one in told["autopsy"]["removals"]}


async def test_what_removes_everybody_is_named_with_the_nearest_threshold_that_would_do(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    await demand(db, actor, SEASONED)
    vacancy_id = await a_vacancy_for(db, actor)
    told = await ranking_of(db, actor, await rankings.rank_candidates(db, officer(actor), vacancy_id))
    assert told["ineligible"] == 3
    removals = removals_of(told)
    assert removals.pop("seasoned") == (3, 3, 0)
    assert {code for code, counts in removals.items() if counts == (0, 0, 3)} == set(TO_VERIFY)
    assert set(removals.values()) == {(0, 0, 3), (0, 0, 0)}
    since, on = date(2021, 4, 1), date.fromisoformat(told["target"]["on"])
    months = (on.year - since.year) * 12 + on.month - since.month
    assert told["autopsy"]["wanted"] == 3
    assert told["autopsy"]["relaxation"] == {
        "requirements": ["seasoned"],
        "eligible": 0,
        "toVerify": 3,
        "nearest": [
            {
                "requirement": "seasoned",
                "threshold": str(months),
                "candidates": 3,
                "detail": {
                    "id": f"Sepuluh tahun dalam jabatan: bila {months} bulan, bukan 120 bulan, ada 3 calon.",
                    "en": f"Ten years in the post: with {months} months instead of 120 months there are 3 candidates.",
                },
            }
        ],
    }


async def test_of_two_obstacles_each_has_its_threshold_and_what_has_none_would_have_to_go(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    pool = {**SEASONED, "code": "pool", "field": "box", "comparison": "oneOf", "threshold": [1]}
    await demand(db, actor, SEASONED, {**SEASONED, "code": "old", "field": "age", "threshold": 69}, pool)
    told = await ranking_of(
        db, actor, await rankings.rank_candidates(db, officer(actor), await a_vacancy_for(db, actor))
    )
    relaxation, most = told["autopsy"]["relaxation"], told["autopsy"]["mostRelaxed"]
    assert (relaxation["requirements"], relaxation["toVerify"], most) == (["seasoned", "old", "pool"], 3, 3)
    assert [(one["requirement"], one["candidates"]) for one in relaxation["nearest"]] == [("seasoned", 3), ("old", 3)]
    assert "instead of 69 years" in relaxation["nearest"][1]["detail"]["en"]


async def test_where_there_are_enough_nothing_has_to_be_relaxed(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    await some_people(db, actor, tmp_path)
    ranking_id = await rankings.rank_candidates(db, officer(actor), await a_vacancy_for(db, actor))
    told = await ranking_of(db, actor, ranking_id)
    assert told["autopsy"]["relaxation"] is None
    assert (told["eligible"], told["toVerify"], told["autopsy"]["verifyFirst"] in TO_VERIFY) == (0, 3, True)
    assert told["autopsy"]["detail"]["en"].startswith("Nobody meets every requirement yet, but 3 people")
    assert told["withheld"] == []
    seen = json.loads(await rankings.ranking_document(db, member(actor), ranking_id))
    assert (seen["autopsy"]["relaxation"], seen["withheld"]) == (None, [])  # there is none, and none is withheld


async def test_how_many_a_sanction_removes_is_withheld_from_who_may_not_see_sanctions(
    db: Database, tmp_path: Path
) -> None:
    actor = await an_institution(db)
    await sanctioned_people(db, actor, tmp_path)
    ranking_id = await rankings.rank_candidates(db, officer(actor), await a_vacancy_for(db, actor))
    seen = json.loads(await rankings.ranking_document(db, member(actor), ranking_id))
    assert removals_of(seen)["sanction"] == (3, 3, 0)
    assert (seen["autopsy"]["relaxation"]["requirements"], seen["withheld"]) == (["sanction"], [])
    assert seen["autopsy"]["relaxation"]["nearest"] == []
    auditor = somebody(actor, Role.AUDITOR, "auditor")
    kept = json.loads(await rankings.ranking_document(db, auditor, ranking_id))
    removals = removals_of(kept)
    assert {code for code, counts in removals.items() if counts == (None, None, None)} == NARROWED
    assert kept["autopsy"]["relaxation"] is None
    assert {"autopsy.removals.removed", "autopsy.relaxation"} <= set(kept["withheld"])
