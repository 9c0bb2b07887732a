"""View receipts: a look at a person leaves one, also in a list; summaries, counts and one's own looks leave none."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from app.db.database import Database
from app.db.documents import Pick, compile_document
from app.db.shapes.talents import HISTORIES, TALENT
from app.db.views import compile_view, viewer
from app.domain.actors import Actor, Role
from app.domain.errors import Forbidden, NotFound
from app.domain.purposes import PURPOSE_OF_ROLE, Purpose
from app.services import (
    calibration,
    cycle_placements,
    development_plans,
    objections,
    placements,
    receipts,
    submissions,
    talents,
)
from tests.conftest import url_of
from tests.cycles import a_cycle, a_whole_cycle, calculate, member, some_talents, somebody
from tests.factories import a_placed_talent, a_submission, an_institution, officer, rows_of, talent, unit_verifier
from tests.personas import Persona, Personas

Office = tuple[Actor, str]


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Any) -> Office:
    actor = await an_institution(db)
    return actor, await a_placed_talent(db, actor, tmp_path / "office")


async def seen(db: Database, actor: Actor, nip: str) -> list[dict[str, Any]]:
    """The receipts that the talent sees, newest first."""
    page = json.loads(await receipts.receipts_page(db, talent(actor, nip)))
    return [edge["node"] for edge in page["edges"]]


async def test_a_look_at_a_profile_leaves_who_when_why_and_what(db: Database, office: Office) -> None:
    actor, nip = office
    before = db.now().isoformat()
    await talents.talent_document(db, officer(actor), nip)
    [receipt] = await seen(db, actor, nip)
    [named] = await rows_of(db, actor, "SELECT name FROM institution")
    assert receipt["seenAt"][:10] >= before[:10]
    assert {name: receipt[name] for name in ("role", "by", "purpose", "document", "institution")} == {
        "role": "hr-officer",
        "by": "officer",
        "purpose": "talent-management",
        "document": "Talent",
        "institution": named["name"],
    }


async def test_the_purpose_is_what_was_said_and_else_that_of_the_role(db: Database, office: Office) -> None:
    actor, nip = office
    await placements.placement_document(db, member(actor), nip)
    await placements.placement_document(db, replace(member(actor), purpose=Purpose.SUCCESSION), nip)
    assert [one["purpose"] for one in await seen(db, actor, nip)] == ["succession", "calibration"]


def test_every_role_has_a_purpose() -> None:
    assert set(PURPOSE_OF_ROLE) == set(Role)


Look = Callable[[Database, Actor, str, dict[str, Any]], Awaitable[object]]
LOOKS: dict[str, Look] = {
    "Talent": lambda db, actor, nip, known: talents.talent_document(db, actor, nip),
    "Placement": lambda db, actor, nip, known: placements.placement_document(db, actor, nip),
    "DevelopmentPlan": lambda db, actor, nip, known: development_plans.development_plan_document(db, actor, nip),
    "CyclePlacement": lambda db, actor, nip, known: cycle_placements.cycle_placement_document(
        db, actor, known["cycleId"], nip
    ),
    "Submission": lambda db, actor, nip, known: submissions.submission_document(db, actor, known["submissionId"]),
    "AttachedDocument": lambda db, actor, nip, known: submissions.submission_attachment(
        db, actor, known["submissionId"]
    ),
    "Objection": lambda db, actor, nip, known: objections.objection_document(db, actor, known["objectionId"]),
}


async def test_every_document_about_one_person_leaves_one_and_to_the_person_none(db: Database, office: Office) -> None:
    actor, nip = office
    known = {"submissionId": await a_submission(db, actor, nip), **await a_whole_cycle(db, actor, nip)}
    before = len(await seen(db, actor, nip))
    for look in LOOKS.values():
        await look(db, talent(actor, nip), nip, known)
    assert len(await seen(db, actor, nip)) == before
    for look in LOOKS.values():
        await look(db, officer(actor), nip, known)
    found = await seen(db, actor, nip)
    assert [one["document"] for one in reversed(found)][before:] == list(LOOKS)


async def test_a_move_that_is_looked_at_leaves_one(db: Database, office: Office) -> None:
    actor, nip = office
    known = await a_whole_cycle(db, actor, nip)
    before = len(await seen(db, actor, nip))
    await calibration.calibration_document(db, member(actor), known["calibrationId"])
    with pytest.raises(NotFound):
        await calibration.calibration_document(db, member(await an_institution(db)), known["calibrationId"])
    newest, *others = await seen(db, actor, nip)
    assert (newest["document"], newest["by"], len(others)) == ("Calibration", "member", before)


async def test_counts_leave_none(db: Database, office: Office) -> None:
    actor, nip = office
    await placements.nine_box_document(db, officer(actor))
    await placements.completeness_document(db, officer(actor))
    assert await seen(db, actor, nip) == []


async def test_whoever_sees_nobody_leaves_none(db: Database, office: Office) -> None:
    actor, nip = office
    stranger = officer(await an_institution(db))
    for looker in (stranger, unit_verifier(actor, "U-ELSEWHERE"), talent(actor, "198001012005011999")):
        with pytest.raises(NotFound):
            await talents.talent_document(db, looker, nip)
    assert await seen(db, actor, nip) == []
    assert await rows_of(db, stranger, "SELECT FROM view_receipt") == []


async def test_a_talent_sees_the_own_receipts_and_nobody_elses(db: Database, office: Office, tmp_path: Any) -> None:
    actor, nip = office
    await talents.talent_document(db, officer(actor), nip)
    assert await seen(db, actor, "198001012005011999") == []
    assert await seen(db, await an_institution(db), nip) == []
    with pytest.raises(Forbidden):
        await receipts.receipts_page(db, officer(actor))


async def test_who_supervises_reads_anybodys_receipts_of_the_own_institution(db: Database, office: Office) -> None:
    actor, nip = office
    await talents.talent_document(db, officer(actor), nip)
    officers = somebody(actor, Role.DATA_PROTECTION_OFFICER, "dpo")
    page = json.loads(await receipts.talent_receipts_page(db, officers, nip))
    assert [edge["node"]["by"] for edge in page["edges"]] == ["officer"]
    elsewhere = somebody(await an_institution(db), Role.DATA_PROTECTION_OFFICER, "dpo")
    with pytest.raises(NotFound):
        await receipts.talent_receipts_page(db, elsewhere, nip)
    with pytest.raises(Forbidden):
        await receipts.talent_receipts_page(db, officer(actor), nip)


async def test_a_page_of_receipts_goes_on_where_the_last_one_ended(db: Database, office: Office) -> None:
    actor, nip = office
    for look in ("Talent", "Placement", "DevelopmentPlan"):
        await LOOKS[look](db, officer(actor), nip, {})
    first = json.loads(await receipts.receipts_page(db, talent(actor, nip), first=2))
    rest = json.loads(await receipts.receipts_page(db, talent(actor, nip), after=first["pageInfo"]["endCursor"]))
    told = [edge["node"]["document"] for page in (first, rest) for edge in page["edges"]]
    assert told == ["DevelopmentPlan", "Placement", "Talent"]


# ── lists

Crowd = tuple[Actor, Persona]


@pytest_asyncio.fixture
async def crowd(db: Database, tmp_path: Any, personas: Personas) -> Crowd:
    """Three placed people, and an officer who asks at the doors."""
    actor = await an_institution(db)
    await some_talents(db, actor, tmp_path / "crowd", None, None, None)
    return actor, personas.hr_officer(actor.institution_id)


LEFT = "SELECT r.id, t.nip, r.document, r.purpose FROM view_receipt r JOIN talent t ON t.id = r.talent_id ORDER BY r.id"


async def left(db: Database, actor: Actor, after: int = 0) -> list[tuple[str, ...]]:
    """Number, document and purpose of the receipts of everybody, but for the first few; by number."""
    return sorted((row["nip"], row["document"], row["purpose"]) for row in (await rows_of(db, actor, LEFT))[after:])


def nips_of(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["nip"] for edge in page["edges"]]


async def test_a_list_that_opens_dossiers_leaves_everybody_on_it_one(db: Database, crowd: Crowd) -> None:
    actor, hr = crowd
    summary = (await hr.get("/v1/talents?first=2&fields=nip")).json()
    why = {"x-purpose": "succession"}
    for turn, field in enumerate((*HISTORIES, "placement.trace", "placement.trace.score")):
        answer = await hr.get(f"/v1/talents?first=2&fields=name,nip,{field}", headers=why)
        told = answer.json()
        assert (nips_of(told), told["pageInfo"]) == (nips_of(summary), summary["pageInfo"]), field
        wanted = [(nip, "Talent", "succession") for nip in sorted(nips_of(summary))]
        assert await left(db, actor, after=2 * turn) == wanted, field


async def test_each_page_leaves_those_of_its_own_people(db: Database, crowd: Crowd) -> None:
    actor, hr = crowd
    wanted = {"first": 2, "fields": "nip,awards", "count": True}
    first = (await hr.get("/v1/talents", params=wanted)).json()
    rest = (await hr.get("/v1/talents", params={**wanted, "after": first["pageInfo"]["endCursor"]})).json()
    assert (rest["totalCount"], rest["pageInfo"]["hasPreviousPage"], len(nips_of(rest))) == (3, True, 1)
    assert await left(db, actor, after=2) == [(nips_of(rest)[0], "Talent", "talent-management")]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?count=true",
        "?fields=nip,name,processing,placement,position,unit,grade",
        "?fields=placement.nextEvidence,placement.box",
        "?box=1&fields=nip,awards,placement.trace",
    ],
)
async def test_a_list_of_summaries_or_of_nobody_leaves_none(asked: str, db: Database, crowd: Crowd) -> None:
    actor, hr = crowd
    assert (await hr.get(f"/v1/talents{asked}")).status_code == 200
    assert await left(db, actor) == []


DEEP = " fragment B on Talent { placement { ... { trace { __typename } } } }"


@pytest.mark.parametrize(
    ("asked", "looks"),
    [
        ("{ talents { edges { node { nip name placement { box talentValue } } } } }", 0),
        ("{ talents { totalCount } }", 0),
        ("{ talents { edges { cursor } pageInfo { endCursor } } }", 0),
        ("{ talents { edges { node { nip awards @include(if: false) { level } } } } }", 0),
        ("{ talents(filter: {box: 1}) { edges { node { awards { level } } } } }", 0),
        ("{ talents { totalCount edges { node { nip awards { level } } } } }", 3),
        ("{ all: talents { e: edges { n: node { placement: trainings { name } } } } }", 3),
        ("{ talents { edges { node { nip } } more: edges { node { p: placement { t: trace { score } } } } } }", 3),
        ("{ talents { ...A } } fragment A on TalentConnection { edges { node { ... on Talent { ...B } } } }" + DEEP, 3),
        ("{ a: talents(first: 1) { edges { node { awards { level } } } } b: talents { edges { node { nip } } } }", 1),
    ],
)  # fmt: skip
async def test_an_operation_leaves_one_for_everybody_whose_dossier_it_opens(
    asked: str, looks: int, db: Database, crowd: Crowd
) -> None:
    actor, hr = crowd
    assert "errors" not in await hr.ask(asked)
    found = await left(db, actor)
    assert len(found) == len({nip for nip, *_ in found}) == looks


async def test_on_a_list_that_has_oneself_on_it_the_others_are_looked_at(db: Database, crowd: Crowd) -> None:
    actor, hr = crowd
    mine, *others = nips_of((await hr.get("/v1/talents")).json())
    myself = somebody(actor, Role.HR_OFFICER, "officer", mine)
    wanted = (Pick("edges", "edges", (Pick("node", "node", (Pick("nip", "nip"), Pick("awards", "awards"))),)),)
    page = json.loads(await talents.talents_page(db, myself, wanted=wanted))
    assert nips_of(page) == [mine, *others]
    assert [nip for nip, *_ in await left(db, actor)] == sorted(others)
    await hr.get("/v1/talents?fields=awards")
    assert len(await left(db, actor, after=2)) == 3


async def test_a_cycles_placements_with_their_trace_leave_everybody_one(db: Database, crowd: Crowd) -> None:
    actor, hr = crowd
    cycle_id = await a_cycle(db, officer(actor))
    await calculate(db, officer(actor), cycle_id)
    before = len(await left(db, actor))
    path = f'cyclePlacements(cycleId: "{cycle_id}", first: 2)'
    assert len((await hr.get(f"/v1/cycles/{cycle_id}/placements")).json()["edges"]) == 3
    assert "errors" not in await hr.ask(f"{{ {path} {{ edges {{ node {{ nip computedBox missing }} }} }} }}")
    assert await left(db, actor, after=before) == []
    told = (await hr.ask(f"{{ {path} {{ edges {{ node {{ nip trace {{ points }} }} }} }} }}"))["data"][
        "cyclePlacements"
    ]
    wanted = [(nip, "CyclePlacement", "talent-management") for nip in sorted(nips_of(told))]
    assert (await left(db, actor, after=before), len(wanted)) == (wanted, 2)


async def a_look_at_all_cycles(db: Database, looker: Actor, nip: str) -> int:
    return len(json.loads(await cycle_placements.talent_cycle_placements_page(db, looker, nip))["edges"])


async def test_ones_placements_in_all_cycles_are_one_look_and_to_oneself_none(db: Database, office: Office) -> None:
    actor, nip = office
    await a_whole_cycle(db, actor, nip)
    await calculate(db, officer(actor), await a_cycle(db, officer(actor)))
    before = len(await seen(db, actor, nip))
    assert await a_look_at_all_cycles(db, talent(actor, nip), nip) == 1
    for nobody in (unit_verifier(actor, "U-ELSEWHERE"), officer(await an_institution(db))):
        with pytest.raises(NotFound):
            await a_look_at_all_cycles(db, nobody, nip)
    assert len(await seen(db, actor, nip)) == before
    assert await a_look_at_all_cycles(db, officer(actor), nip) == 2
    newest, *others = await seen(db, actor, nip)
    assert (newest["document"], newest["by"], len(others)) == ("CyclePlacement", "officer", before)


# ── the statement


async def fetch(connection: asyncpg.Connection, actor: Actor, nip: str, institution: str) -> object:
    statement = compile_view(TALENT, None, frozenset({"nip"}))
    asked = {"institution": institution, "reach": "institution", "nip": nip, **viewer(actor, Purpose.SUPERVISION)}
    known = {**statement.constants, **asked}
    return await connection.fetchval(statement.sql, *(known[name] for name in statement.parameters))


async def test_the_statement_says_the_same_as_the_document_and_answers_only_for_the_right_institution(
    db: Database, database_name: str, office: Office
) -> None:
    actor, nip = office
    connection = await asyncpg.connect(url_of(database_name))
    try:
        plain = compile_document(TALENT, None, frozenset({"nip"}))
        known = {**plain.constants, "institution": str(actor.institution_id), "reach": "institution", "nip": nip}
        told = await connection.fetchval(plain.sql, *(known[name] for name in plain.parameters))
        viewed = await fetch(connection, actor, nip, str(actor.institution_id))
        assert json.loads(str(viewed)) == json.loads(str(told))
        assert await fetch(connection, actor, nip, str(uuid4())) is None
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            await fetch(connection, actor, nip, "")
    finally:
        await connection.close()
    assert len(await seen(db, actor, nip)) == 1
