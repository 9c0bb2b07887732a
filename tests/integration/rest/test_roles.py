"""Roles: what each may read, and the unit verifier, who sees one unit and those below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from app.auth.claims import PEOPLES_ROLES
from app.db.database import Database
from app.domain.actors import Role
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    complete_evidence,
    import_files,
    name_of,
    write_csv,
    write_folder,
)
from tests.personas import Persona, Personas

UNITS = (("R", ""), ("U1", "R"), ("U2", "U1"), ("U10", "R"), ("V", "R"))
PEOPLE = {"ANI": "U1", "BUDI": "U2", "CITRA": "U10", "DEDI": "V", "EKA": ""}
"""Who works in which unit; EKA in none."""
PROFILE, PLACEMENT = "/v1/talents/{}", "/v1/talents/{}/placement"


@dataclass(frozen=True)
class Office:
    id: UUID
    nip: dict[str, str]


async def an_office(db: Database, directories: pytest.TempPathFactory) -> Office:
    actor, folder, nip = await an_institution(db), directories.mktemp("office"), {one: a_nip() for one in PEOPLE}
    name = await name_of(db, actor)
    people = [
        an_employee(nip[one], name, NAMA=one) | {"UNOR ID": unit, "UNOR NAMA": unit} for one, unit in PEOPLE.items()
    ]
    units = write_csv(folder, "units", [{"ID": u, "NAMA_UNOR": u, "ID_ATASAN": above} for u, above in UNITS])
    await import_files(db, actor, [units, *write_folder(folder, people, complete_evidence(nip["ANI"], name))])
    return Office(actor.institution_id, nip)


@pytest_asyncio.fixture(scope="module")
async def office(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return await an_office(db, tmp_path_factory)


async def seen(persona: Persona, query: str = "") -> str:
    """The names on the list of talents, which agrees with its count."""
    answer = await persona.get(f"/v1/talents?count=true&{query}")
    assert answer.status_code == 200, answer.text
    found = [edge["node"]["name"] for edge in answer.json()["edges"]]
    assert answer.json()["totalCount"] == len(found)
    return " ".join(found)


async def refusal(persona: Persona, path: str) -> tuple[int, dict[str, Any]]:
    answer = await persona.get(path)
    return answer.status_code, {name: said for name, said in answer.json().items() if name != "requestId"}


# ── the unit verifier


@pytest.mark.parametrize(
    ("unit", "people"),
    [("R", "ANI BUDI CITRA DEDI"), ("U1", "ANI BUDI"), ("U2", "BUDI"), ("U10", "CITRA"), ("V", "DEDI")],
)
async def test_a_unit_verifier_sees_the_own_unit_and_those_below_it(
    unit: str, people: str, personas: Personas, office: Office
) -> None:
    verifier = personas.unit_verifier(office.id, unit)
    assert await seen(verifier) == people
    for one, nip in office.nip.items():
        answers = [await verifier.get(path.format(nip)) for path in (PROFILE, PLACEMENT)]
        assert {answer.status_code for answer in answers} == ({200} if one in people.split() else {404}), one


async def test_a_unit_verifier_sees_of_a_talent_what_an_officer_sees_unless_it_is_withheld(
    personas: Personas, office: Office
) -> None:
    readers = (personas.unit_verifier(office.id, "U1"), personas.hr_officer(office.id))
    narrowed, full = [(await one.get(PROFILE.format(office.nip["ANI"]))).json() for one in readers]
    assert "disciplinarySanctions" in narrowed["withheld"]
    changed = {"withheld", "placement", *narrowed["withheld"]}
    assert {name for name in full if narrowed[name] != full[name]} <= changed
    names = "nip,box,performance,potential,trace.part,trace.weight,missing"
    parts = [await one.get(PLACEMENT.format(office.nip["ANI"]) + f"?fields={names}") for one in readers]
    assert parts[0].content == parts[1].content


async def test_a_filter_narrows_a_unit_and_never_widens_it(personas: Personas, office: Office) -> None:
    verifier = personas.unit_verifier(office.id, "U1")
    assert await seen(verifier, "unit=R") == "ANI BUDI"
    assert await seen(verifier, "unit=U2") == "BUDI"
    assert await seen(verifier, "unit=V") == ""
    assert await seen(verifier, "assessed=true") == "ANI"
    assert await seen(personas.unit_verifier(office.id, "U10"), "assessed=true") == ""


@pytest.mark.parametrize("path", [PROFILE, PLACEMENT])
async def test_to_a_unit_verifier_another_unit_is_like_nobody(path: str, personas: Personas, office: Office) -> None:
    verifier = personas.unit_verifier(office.id, "U1")
    absent = await refusal(verifier, path.format(a_nip()))
    assert (absent[0], absent[1]["code"]) == (404, "talent.not_found")
    for one in ("CITRA", "DEDI", "EKA"):
        assert await refusal(verifier, path.format(office.nip[one])) == absent


@pytest.mark.parametrize("unit", [None, "", " ", "%", "nope", "r", "U", "R/U1", "{R}", "x" * 5_000])
async def test_a_unit_verifier_of_no_unit_sees_nobody(unit: str | None, personas: Personas, office: Office) -> None:
    verifier = personas.unit_verifier(office.id, unit)
    assert await seen(verifier) == ""
    for nip in office.nip.values():
        for path in (PROFILE, PLACEMENT):
            status, told = await refusal(verifier, path.format(nip))
            assert (status, told["code"]) == (404, "talent.not_found")


@pytest.mark.parametrize("unit", ["\x00", "\ud800", "U1\n"])
async def test_a_token_with_words_that_nothing_can_hold_is_no_token(
    unit: str, personas: Personas, office: Office
) -> None:
    assert (await personas.unit_verifier(office.id, unit).get("/v1/talents")).status_code == 401


async def test_units_of_the_same_id_in_two_institutions_are_two_units(
    personas: Personas, office: Office, db: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = await an_office(db, tmp_path_factory)
    stranger = personas.unit_verifier(other.id, "U1")
    assert await seen(stranger) == "ANI BUDI"
    assert (await stranger.get(PROFILE.format(other.nip["ANI"]))).status_code == 200
    assert (await stranger.get(PROFILE.format(office.nip["ANI"]))).status_code == 404


# ── every role at every read

READERS = {
    Role.HR_OFFICER,
    Role.COMMITTEE_MEMBER,
    Role.COMMITTEE_CHAIR,
    Role.APPOINTING_AUTHORITY,
    Role.AUDITOR,
}
READS: dict[str, set[Role]] = {
    "/v1/talents": {*READERS, Role.UNIT_VERIFIER},
    PROFILE: {*READERS, Role.UNIT_VERIFIER, Role.TALENT},
    PLACEMENT: {*READERS, Role.UNIT_VERIFIER, Role.TALENT},
    "/v1/nine-box": {*READERS, Role.NATIONAL},
    "/v1/completeness": READERS,
    "/v1/org-units": READERS,
    "/v1/imports": {Role.HR_OFFICER, Role.AUDITOR},
    "/v1/ledger": {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER},
    "/v1/clients": {Role.ADMINISTRATOR},
    "/v1/institutions": set(PEOPLES_ROLES),
    "/v1/rubrics/bkn-411-2025/1": set(PEOPLES_ROLES),
}


def everybody(personas: Personas, office: Office) -> dict[Role, Persona]:
    in_office: dict[Role, Callable[[UUID], Persona]] = {
        Role.HR_OFFICER: personas.hr_officer,
        Role.COMMITTEE_MEMBER: personas.committee_member,
        Role.COMMITTEE_CHAIR: personas.committee_chair,
        Role.APPOINTING_AUTHORITY: personas.appointing_authority,
        Role.AUDITOR: personas.auditor,
        Role.NATIONAL: personas.national,
        Role.DATA_PROTECTION_OFFICER: personas.data_protection_officer,
        Role.ADMINISTRATOR: personas.administrator,
    }
    scoped = {
        Role.UNIT_VERIFIER: personas.unit_verifier(office.id, "U1"),
        Role.TALENT: personas.talent(office.id, office.nip["ANI"]),
    }
    return {role: persona(office.id) for role, persona in in_office.items()} | scoped


@pytest.mark.parametrize("path", READS)
async def test_a_role_reads_what_it_may_and_is_forbidden_the_rest(
    path: str, personas: Personas, office: Office
) -> None:
    told = {
        role: await persona.get(path.format(office.nip["ANI"])) for role, persona in everybody(personas, office).items()
    }
    assert set(told) == set(Role) - {Role.OPERATOR, Role.CLIENT}
    assert {role for role, answer in told.items() if answer.status_code == 200} == READS[path]
    for role in set(told) - READS[path]:
        assert (told[role].status_code, told[role].json()["code"]) == (403, "forbidden"), role


async def test_only_officers_import(personas: Personas, office: Office) -> None:
    form = {"files": {"files": ("a.csv", b"NIP\n")}, "data": {"asOf": "2025-12-04"}}
    for role, persona in everybody(personas, office).items():
        answer = await persona.post("/v1/imports", **form)
        assert (answer.status_code, answer.json()["code"]) == (
            (422, "import.nothing_recognised") if role is Role.HR_OFFICER else (403, "forbidden")
        ), role
