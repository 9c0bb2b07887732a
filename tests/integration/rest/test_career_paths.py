"""Career paths through both doors: what is ahead of somebody, in the way, and who may look."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.candidates import CandidateRow
from app.domain.actors import Actor
from app.domain.evidence import years_before
from app.domain.post_events import PostEdited
from tests import succession
from tests.factories import a_nip, a_placed_talent, an_employee, an_institution, import_files, name_of, write_folder
from tests.personas import Persona, Personas
from tests.vacancies import a_post


async def told(persona: Persona, path: str, status: int = 200) -> Any:
    answer = await persona.get(f"/v1{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


async def a_person(db: Database, directory: Path) -> tuple[Actor, str]:
    """Somebody placed, an ahli muda since 2018, with four posts ahead and two that are not."""
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, directory)
    await a_post(db, actor, level="administrator", government_affair="health", name="A", name_key="a")
    await a_post(db, actor, level="administrator", government_affair="health", seats=2, name="B", name_key="b")
    await a_post(db, actor, level="administrator", government_affair="education")
    await a_post(db, actor, level="pengawas", government_affair=None, unit_id="U9")
    await a_post(db, actor, level="jpt_pratama", government_affair="health")
    await a_post(db, actor, level="administrator", government_affair="health", seats=0)
    return actor, nip


async def test_posts_ahead_are_grouped_with_what_stands_in_the_way(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor, nip = await a_person(db, tmp_path)
    shown = await told(personas.talent(actor.institution_id, nip), f"/talents/{nip}/career-paths")
    assert (shown["nip"], shown["level"], shown["on"]) == (nip, "jf_ahli_muda", db.today().isoformat())
    administrator, pengawas = shown["paths"]
    assert (administrator["level"], pengawas["level"]) == ("administrator", "pengawas")
    education, health = administrator["openings"]
    assert health["governmentAffair"] == {"code": "health", "label": {"id": "Kesehatan", "en": "Health"}}
    assert education["governmentAffair"]["code"] == "education"
    assert [one["governmentAffair"] for one in pengawas["openings"]] == [None]
    assert [health[name] for name in ("emptyNow", "emptyIn3Years", "emptyIn5Years")] == [2, 2, 2]
    assert [post["name"] for post in health["posts"]] == ["A", "B"]
    assert administrator["ruleSet"] == {"code": "pp-11-2017-administrator", "version": 2}
    steps = {step["requirement"]: step for step in administrator["steps"]}
    assert steps["education"]["outcome"] == "met"
    assert steps["education"]["legalBasis"].startswith("PP 11/2017 ps. 54")
    assert steps["health"]["outcome"] == "needsVerification"
    assert steps["health"]["missing"] == [
        {
            "id": "Surat keterangan sehat dari dokter atau rumah sakit.",
            "en": "A certificate of health of a doctor or hospital.",
        }
    ]
    assert {step["remedy"] for step in steps.values() if step["outcome"] != "notMet"} == {None}
    assert all(step["remedy"] for step in steps.values() if step["outcome"] == "notMet")
    assert not any(step["isWithheld"] for step in steps.values())


async def somebody_under_elders(db: Database, directory: Path, *ages: int) -> tuple[Actor, str, list[date]]:
    """Somebody with one post ahead of one seat, whose holders were born on those days."""
    actor = await an_institution(db)
    born = [years_before(db.today(), age).replace(day=15) for age in ages]
    mine, elders, name = a_nip(), [a_nip(day) for day in born], await name_of(db, actor)
    days = {mine: "", **{elder: f"{day:%d-%m-%Y}" for elder, day in zip(elders, born, strict=True)}}
    people = [an_employee(nip, name, TANGGAL_LAHIR=day) for nip, day in days.items()]
    await import_files(db, actor, write_folder(directory, people, {}))
    await a_post(db, actor, elders, level="administrator", government_affair="health")
    await a_post(db, actor, [mine], level="pengawas", government_affair="health")
    return actor, mine, born


def retirement_of(born: date) -> date:
    """From a post of administrator."""
    return date(born.year + 58 + born.month // 12, born.month % 12 + 1, 1)


async def test_a_seat_whose_holder_retires_is_ahead_and_ones_own_is_not(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    """Holders of administrator posts retire on the first of the month after turning 58."""
    actor, mine, [born] = await somebody_under_elders(db, tmp_path, 54)
    shown = await told(personas.hr_officer(actor.institution_id), f"/talents/{mine}/career-paths")
    [path] = shown["paths"]
    [opening] = path["openings"]
    assert path["level"] == "administrator"
    assert [opening[one] for one in ("emptyNow", "emptyIn3Years", "emptyIn5Years")] == [0, 0, 1]
    assert opening["firstVacantOn"] == opening["posts"][0]["vacantFrom"] == retirement_of(born).isoformat()
    assert not opening["posts"][0]["isEmpty"]
    assert shown["withheld"] == []


async def test_a_retirement_that_only_brings_holders_down_to_the_seats_empties_none(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor, mine, others = await somebody_under_elders(db, tmp_path, 55, 54)
    shown = await told(personas.hr_officer(actor.institution_id), f"/talents/{mine}/career-paths")
    [opening] = shown["paths"][0]["openings"]
    assert [opening[one] for one in ("emptyNow", "emptyIn3Years", "emptyIn5Years")] == [0, 0, 1]
    assert opening["posts"][0]["vacantFrom"] == retirement_of(others[1]).isoformat()


async def test_the_field_of_a_post_counts_as_in_its_plan(db: Database, personas: Personas, tmp_path: Path) -> None:
    """The one here is an ahli muda in health, of the job family Perencana."""
    actor = await an_institution(db)
    [nip] = await succession.some_people(db, actor, tmp_path, None)
    async with db.write_as(actor) as tx:
        await tx.execute(update(CandidateRow).values(job_family="Perencana"))
        await record(tx, actor, PostEdited(actor.institution_id, {}, {}))
    others = ({}, {"government_affair": "education"}, {"government_affair": "education", "job_family": "Perencana"})
    posts = [await succession.a_post(db, actor, level="pengawas", **but) for but in others]
    shown = await told(personas.hr_officer(actor.institution_id), f"/talents/{nip}/career-paths")
    found = {}
    for path in (one for one in shown["paths"] if one["level"] == "pengawas"):
        [step] = [one for one in path["steps"] if one["requirement"] == "requiredPost"]
        for opening in path["openings"]:
            [post] = opening["posts"]
            found[UUID(post["id"])] = (opening["jobFamily"], step["outcome"])
    planned = [await succession.plan(db, actor, one, {"nip": nip, "reason": succession.BECAUSE}) for one in posts]
    for post, one in zip(posts, planned, strict=True):
        [named] = one["successors"]
        codes_of = {"notMet": named["notMet"], "needsVerification": named["unverified"]}
        by_plan = next((name for name, codes in codes_of.items() if "requiredPost" in codes), "met")
        assert found[post][1] == by_plan
    assert [found[one] for one in posts] == [(None, "met"), (None, "needsVerification"), ("Perencana", "met")]


async def test_nobody_learns_from_a_seat_ahead_when_its_holder_retires(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor, mine, _ = await somebody_under_elders(db, tmp_path, 54)
    await a_post(db, actor, level="administrator", government_affair="education")
    shown = await told(personas.talent(actor.institution_id, mine), f"/talents/{mine}/career-paths")
    empty, held = shown["paths"][0]["openings"]
    assert (held["emptyIn5Years"], held["firstVacantOn"], held["posts"][0]["vacantFrom"]) == (1, None, None)
    assert empty["firstVacantOn"] == empty["posts"][0]["vacantFrom"] is not None
    assert shown["withheld"] == ["paths.openings.firstVacantOn", "paths.openings.posts.vacantFrom"]


async def test_a_rule_set_of_the_institutions_own_counts(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor, nip = await a_person(db, tmp_path)
    hr = personas.hr_officer(actor.institution_id)
    shipped = await told(hr, "/rule-sets/pp-11-2017-pengawas/versions/2")
    grade = {
        "code": "grade",
        "field": "timeInPost",
        "comparison": "atMost",
        "threshold": 1,
        "label": {"id": "x", "en": "x"},
        "legalBasis": "Perwako",
        "source": {"document": "Perwako", "confidence": "confirmed"},
    }
    document = {**shipped["document"], "requirements": [*shipped["document"]["requirements"], grade]}
    base = {"code": "pp-11-2017-pengawas", "version": 2}
    own = (await hr.post("/v1/rule-sets", json={"basedOn": base, "document": document})).json()
    shown = await told(hr, f"/talents/{nip}/career-paths")
    assert shown["paths"][1]["ruleSet"] == {"code": own["code"], "version": 1}
    assert (shown["paths"][1]["outcome"], shown["paths"][1]["blocked"]) == ("ineligible", ["grade"])


async def test_who_may_look_and_who_learns_of_it(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor, nip = await a_person(db, tmp_path)
    institution = actor.institution_id
    path, mine = f"/talents/{nip}/career-paths", personas.talent(institution, nip)
    await told(mine, path)
    assert (await told(mine, "/receipts"))["edges"] == []
    await told(personas.hr_officer(institution), path)
    await told(personas.committee_member(institution), path)
    receipts = (await told(mine, "/receipts"))["edges"]
    assert [(edge["node"]["document"], edge["node"]["role"]) for edge in receipts] == [
        ("CareerPaths", "committee-member"),
        ("CareerPaths", "hr-officer"),
    ]
    await told(personas.talent(institution, a_nip()), path, 404)
    await told(personas.hr_officer((await an_institution(db)).institution_id), path, 404)
    await told(personas.unit_verifier(institution, "U1"), path, 403)
    await told(personas.national(institution), path, 403)
    await told(personas.anonymous(), path, 401)
    assert len((await told(mine, "/receipts"))["edges"]) == 2


async def test_who_may_not_see_sanctions_health_and_assessments_learns_nothing_of_them(
    db: Database, personas: Personas, tmp_path: Path
) -> None:
    actor, nip = await a_person(db, tmp_path)
    auditor = personas.auditor(actor.institution_id)
    shown = await told(auditor, f"/talents/{nip}/career-paths")
    steps = {step["requirement"]: step for step in shown["paths"][0]["steps"]}
    withheld = {code for code, step in steps.items() if step["isWithheld"]}
    assert withheld == {"sanction", "noProceedings", "health", "competence"}
    for code in withheld:
        assert (steps[code]["outcome"], steps[code]["missing"], steps[code]["remedy"]) == (
            "needsVerification", [], None,
        )  # fmt: skip
        assert steps[code]["found"]["en"] == "This role does not see such data."
    assert (shown["paths"][0]["items"], shown["paths"][0]["blocked"]) == ([], [])


async def test_who_is_not_placed_has_no_paths(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip, name = a_nip(), await name_of(db, actor)
    left = an_employee(nip, name) | {"KEDUDUKAN HUKUM ID": "99", "KEDUDUKAN HUKUM NAMA": "Pemberhentian"}
    await import_files(db, actor, write_folder(tmp_path, [left], {}))
    await a_post(db, actor, level="administrator")
    shown = await told(personas.hr_officer(actor.institution_id), f"/talents/{nip}/career-paths")
    assert (shown["level"], shown["asOf"], shown["paths"]) == (None, None, [])


@pytest.mark.parametrize("nip", ["x", "0" * 18, "%00", "9" * 300])
async def test_what_is_no_number_of_anybody_is_not_found(db: Database, personas: Personas, nip: str) -> None:
    hr = personas.hr_officer((await an_institution(db)).institution_id)
    problem = await told(hr, f"/talents/{nip}/career-paths", 404)
    assert problem["code"] == "talent.not_found"


PATHS = """nip name level asOf on withheld paths { level standard ruleSet { code version } outcome
    items { about detail { id en } } blocked timeAloneFrom
    steps { requirement field label { id en } legalBasis source { document confidence note { id en } } isWithheld
        outcome found { id en } missing { id en } remedy metOn }
    openings { governmentAffair { code label { id en } } jobFamily emptyNow emptyIn3Years emptyIn5Years firstVacantOn
        posts { id name unitId unit isEmpty vacantFrom } } }"""


async def test_both_doors_say_the_same(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor, nip = await a_person(db, tmp_path)
    mine = personas.talent(actor.institution_id, nip)
    answer = await mine.ask(f"query ($nip: String!) {{ careerPaths(nip: $nip) {{ {PATHS} }} }}", nip=nip)
    assert answer["data"]["careerPaths"] == await told(mine, f"/talents/{nip}/career-paths")
    some = await mine.get(f"/v1/talents/{nip}/career-paths?fields=nip,paths.level,paths.openings.posts.id")
    assert {frozenset(path) for path in some.json()["paths"]} == {frozenset({"level", "openings"})}
    assert UUID(some.json()["paths"][0]["openings"][0]["posts"][0]["id"])
