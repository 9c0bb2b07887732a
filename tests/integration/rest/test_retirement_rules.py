"""Rules of retirement: who publishes them, from when on they hold, and what an institution says instead."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.careers import PositionLevel
from tests.factories import a_nip, an_employee, an_institution, import_files, name_of, write_csv
from tests.personas import Persona, Personas
from tests.posts import POST, import_posts, post_named

NEW = {"if-none-match": "*"}
FAR = date.today() + timedelta(days=700)  # noqa: DTZ011 - any day that far ahead
"""A first day that no map of another test is of."""


@pytest_asyncio.fixture
async def actor(db: Database, tmp_path: Path) -> Actor:
    """An office with one person, born on 17 March 1968, in a post of the level ahli muda."""
    actor = await an_institution(db)
    person = an_employee(a_nip(), await name_of(db, actor), TANGGAL_LAHIR="17-03-1968")
    await import_files(db, actor, [write_csv(tmp_path, "asn", [person])])
    await import_posts(db, actor, tmp_path)
    return actor


@pytest.fixture
def hr(personas: Personas, actor: Actor) -> Persona:
    return personas.hr_officer(actor.institution_id)


def a_rulebook(effective_from: date = FAR, age: int = 61, **but: Any) -> dict[str, Any]:
    rules = [{"words": "Guru  Besar", "age": 70, "legalBasis": "UU 14/2005"}]
    rules += [{"level": level.value, "age": age, "legalBasis": "UU 1/2089"} for level in PositionLevel]
    return {"effectiveFrom": effective_from.isoformat(), "legalBasis": "UU 1/2089", "rules": rules, **but}


async def test_everybody_reads_the_rules_with_their_legal_bases(actor: Actor, personas: Personas) -> None:
    talent = personas.talent(actor.institution_id, a_nip())
    shipped = (await talent.get("/v1/retirement-rules")).json()["versions"][-1]
    ages = {rule["level"] or rule["words"]: rule["age"] for rule in shipped["rules"]}
    told = ("jpt_pratama", "administrator", "pelaksana", "jf_ahli_utama", "jf_ahli_madya", "jf_ahli_muda", "guru")
    assert [ages[one] for one in told] == [60, 58, 58, 65, 60, 58, 60]
    assert (shipped["version"], shipped["effectiveFrom"], shipped["isInForce"]) == (1, "2023-10-31", True)
    assert all(rule["legalBasis"] for rule in shipped["rules"])
    assert (await talent.get("/v1/retirement-rules/1")).json() == shipped
    missing = await talent.get("/v1/retirement-rules/999")
    assert (missing.status_code, missing.json()["code"]) == (404, "retirement_rules.not_found")


async def test_a_national_version_counts_from_its_first_day_on(
    db: Database, actor: Actor, hr: Persona, personas: Personas, tmp_path: Path
) -> None:
    national = personas.national(actor.institution_id)
    made = await national.post("/v1/retirement-rules", json=a_rulebook())
    assert made.status_code == 201, made.text
    version = made.json()["version"]
    assert made.headers["location"] == f"/v1/retirement-rules/{version}"
    assert (made.json()["rules"][0]["words"], made.json()["isInForce"]) == ("guru besar", False)
    before = (await hr.get("/v1/posts/forecast?years=1&fields=rules.version,retirements.retiresOn")).json()
    assert before == {"rules": {"version": 1}, "retirements": [{"retiresOn": "2026-04-01"}]}
    person = an_employee(a_nip(), await name_of(db, actor), TANGGAL_LAHIR="17-03-1990", JABATAN_NAMA="LAIN")
    await import_files(db, actor, [write_csv(tmp_path, "asn", [person])], as_of=FAR + timedelta(days=1))
    told = (await hr.get(f"/v1/posts/{await post_named(db, actor)}?fields=retirement")).json()["retirement"]
    assert (told["age"], told["version"], told["legalBasis"]) == (61, version, "UU 1/2089")
    again = await national.post("/v1/retirement-rules", json=a_rulebook())
    assert (again.status_code, again.json()["code"]) == (409, "retirement.too_early")


async def test_only_a_national_actor_publishes_and_nothing_that_decides_nothing(
    actor: Actor, hr: Persona, personas: Personas
) -> None:
    assert (await hr.post("/v1/retirement-rules", json=a_rulebook())).status_code == 403
    national = personas.national(actor.institution_id)
    past = await national.post("/v1/retirement-rules", json=a_rulebook(date(2024, 1, 1)))
    assert (past.status_code, past.json()["code"]) == (409, "retirement.too_early")
    rules = a_rulebook()["rules"]
    answer = await national.post("/v1/retirement-rules", json=a_rulebook(rules=[*rules[:3], *rules[4:], rules[1]]))
    assert [(one["code"], one["where"]) for one in answer.json()["errors"]] == [
        ("retirement.never_reached", "/rules/14"),
        ("retirement.level_missing", "/rules"),
    ]
    assert "JPT pratama" in answer.json()["errors"][1]["detail"]["id"]


async def test_what_an_institution_says_of_a_title_goes_before_the_national_rules(
    db: Database, actor: Actor, hr: Persona
) -> None:
    address = f"/v1/retirement-exceptions/{uuid4()}"
    said = {"words": "Analis  KEBIJAKAN", "age": 59, "legalBasis": "Peraturan Wali Kota 3/2025"}
    made = await hr.put(address, json=said, headers=NEW)
    assert (made.status_code, made.json()["words"], made.json()["posts"]) == (200, "analis kebijakan", 1)
    post = f"/v1/posts/{await post_named(db, actor)}"
    told = (await hr.get(post)).json()
    assert (told["retirement"]["source"], told["retirement"]["words"]) == ("title", "analis kebijakan")
    assert (told["retirement"]["legalBasis"], told["holders"][0]["retiresOn"]) == (said["legalBasis"], "2027-04-01")
    twice = await hr.put(f"/v1/retirement-exceptions/{uuid4()}", json=said, headers=NEW)
    assert (twice.status_code, twice.json()["code"]) == (409, "retirement_exception.repeated")
    longer = await hr.put(
        f"/v1/retirement-exceptions/{uuid4()}", json={**said, "words": POST["NAMA JABATAN"], "age": 62}, headers=NEW
    )
    assert (await hr.get(post)).json()["holders"][0]["retiresOn"] == "2030-04-01"
    own = {"retirementAge": 65, "retirementBasis": "Keputusan Presiden 7/2025"}
    assert (await hr.patch(post, json=own)).json()["holders"][0]["retiresOn"] == "2033-04-01"
    await hr.patch(post, json=dict.fromkeys(own))
    assert (await hr.delete(f"/v1/retirement-exceptions/{longer.json()['id']}")).status_code == 204
    assert (await hr.get(post)).json()["holders"][0]["retiresOn"] == "2027-04-01"
    assert (await hr.put(address, json={**said, "age": 58}, headers={"if-match": '"9"'})).status_code == 412
    assert len((await hr.get("/v1/retirement-exceptions")).json()["exceptions"]) == 1


async def test_who_may_keep_exceptions(db: Database, actor: Actor, hr: Persona, personas: Personas) -> None:
    address = f"/v1/retirement-exceptions/{uuid4()}"
    said = {"words": "ANALIS", "age": 59, "legalBasis": "Peraturan Wali Kota 3/2025"}
    auditor = personas.auditor(actor.institution_id)
    assert (await auditor.put(address, json=said, headers=NEW)).status_code == 403
    assert (await hr.put(address, json=said, headers=NEW)).status_code == 200
    assert (await auditor.get(address)).status_code == 200
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    for answer in (await stranger.get(address), await stranger.delete(address)):
        assert (answer.status_code, answer.json()["code"]) == (404, "retirement_exception.not_found")


async def test_both_doors_publish_and_keep_the_same(actor: Actor, hr: Persona) -> None:
    answer = await hr.ask(
        """mutation ($id: UUID!) {
            keepRetirementException(exceptionId: $id, revision: 0,
                input: {words: "ANALIS", age: 59, legalBasis: "Peraturan Wali Kota 3/2025"}) { words posts revision }
            removeRetirementException(exceptionId: $id, revision: 1) { exceptions { words } }
        }""",
        id=str(uuid4()),
    )
    assert answer["data"] == {
        "keepRetirementException": {"words": "analis", "posts": 1, "revision": 1},
        "removeRetirementException": {"exceptions": []},
    }
    told = await hr.ask(
        "{ retirementRules(version: 1) { rules { age } } retirementRulebooks { versions { version } } }"
    )
    assert len(told["data"]["retirementRules"]["rules"]) == 20
