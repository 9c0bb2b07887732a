"""Cycles through GraphQL: the same services, the same documents as through REST."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType

from app.db.database import Database
from app.domain.actors import Actor
from tests.contracts import graphql_schema
from tests.cycles import WEAK_POTENTIAL, a_whole_cycle, some_talents
from tests.factories import an_institution
from tests.personas import Persona, Personas

pytestmark = pytest.mark.usefixtures("worker")

SCHEMA = graphql_schema()


class Office:
    """ANI stands in box 8, BUDI in box 5."""

    def __init__(self, personas: Personas, actor: Actor, ani: str, budi: str) -> None:
        self.actor, self.id, self.ani, self.budi = actor, actor.institution_id, ani, budi
        self.hr = personas.hr_officer(self.id)
        self.one, self.two = (personas.committee_member(self.id, subject) for subject in ("one", "two"))
        self.authority, self.budi_himself = personas.appointing_authority(self.id), personas.talent(self.id, budi)


@pytest_asyncio.fixture
async def office(db: Database, personas: Personas, tmp_path: Path) -> Office:
    actor = await an_institution(db)
    return Office(personas, actor, *await some_talents(db, actor, tmp_path / "office", None, WEAK_POTENTIAL))


def everything(kind: Any) -> str:
    """The selection of every field of a type."""
    inner = kind
    while isinstance(inner, GraphQLNonNull | GraphQLList):
        inner = inner.of_type
    if not isinstance(inner, GraphQLObjectType):
        return ""
    return "{" + " ".join(name + everything(field.type) for name, field in inner.fields.items()) + "}"


async def data(answer: Any) -> Any:
    """What an operation with one root answers."""
    told = await answer
    assert "errors" not in told, told
    [document] = told["data"].values()
    return document


async def changed(who: Persona, field: str) -> Any:
    """What one mutation answers."""
    return await data(who.ask(f"mutation {{ {field} }}"))


async def refused(who: Persona, field: str) -> str:
    """Why a mutation is refused."""
    return await refusal(who.ask(f"mutation {{ {field} }}"))


async def refusal(answer: Any) -> str:
    """The code of the one error."""
    [error] = (await answer)["errors"]
    return str(error["extensions"]["code"])


async def read(who: Persona, root: str, one: str) -> str:
    """Which one, as it is now: the arguments of a change to it."""
    return f"{one}, revision: {(await data(who.ask(f'{{ {root}({one}) {{ revision }} }}')))['revision']}"


async def test_a_whole_cycle_by_mutations(office: Office, db: Database) -> None:
    hr = office.hr
    opening = "mutation ($input: OpenCycleInput!) { openCycle(input: $input) { id phase plan { objectionUntil } } }"
    told = {"name": "Pemetaan 2026", "asOf": "2025-12-04", "guideline": [{"boxes": [7, 8, 9], "share": 20}]}
    cycle = await data(hr.ask(opening, input=told))
    assert (cycle["phase"], cycle["plan"]) == ("open", {"objectionUntil": None})
    one, until = f'cycleId: "{cycle["id"]}"', db.today().isoformat()
    edit = f'editCycle({one}, revision: 1, input: {{objectionUntil: "{until}"}}) {{ name plan {{ objectionUntil }} }}'
    assert await changed(hr, edit) == {"name": "Pemetaan 2026", "plan": {"objectionUntil": until}}
    assert (await calculated(hr, one, "startCalculation"))["assessed"] == 2
    await changed(hr, f"advanceCycle({await read(hr, 'cycle', one)}, input: {{phase: calibration}}) {{ phase }}")

    move = f"""calibratePlacement({one}, nip: "{office.budi}", input: {{fromBox: 5, box: 8,
        reason: criticalAssignment, comment: "Dibahas dalam rapat komite."}}) {{ id state }}"""
    moved = await changed(office.one, move)
    assert moved["state"] == "awaitingSecondPerson"
    assert await refused(office.two, move) == "calibration.pending"
    by_id = f'calibrationId: "{moved["id"]}", revision: 1'
    assert await refused(office.one, f"confirmCalibration({by_id}) {{ id }}") == "calibration.same_person"
    reject = f'rejectCalibration({by_id}, input: {{comment: "Belum ada buktinya."}}) {{ state }}'
    assert await changed(office.two, reject) == {"state": "rejected"}
    by_id = f'calibrationId: "{(await changed(office.one, move))["id"]}", revision: 1'
    assert await changed(office.one, f"withdrawCalibration({by_id}) {{ state }}") == {"state": "withdrawn"}
    by_id = f'calibrationId: "{(await changed(office.one, move))["id"]}", revision: 1'
    assert await changed(office.two, f"confirmCalibration({by_id}) {{ state }}") == {"state": "confirmed"}

    await changed(hr, f"advanceCycle({await read(hr, 'cycle', one)}, input: {{phase: objection}}) {{ phase }}")
    objecting = f"""raiseObjection({one}, input: {{text: "Penugasan saya belum diperhitungkan."}})
        {{ id state items talent {{ nip }} }}"""
    raised = await changed(office.budi_himself, objecting)
    assert (raised["state"], raised["items"], raised["talent"]) == ("open", [], {"nip": office.budi})
    answering = f"""answerObjection(objectionId: "{raised["id"]}", revision: 1, input: {{outcome: rejected,
        answer: "Penugasan itu sudah diperhitungkan."}}) {{ state boxBefore boxAfter answer {{ by }} }}"""
    answered = await changed(hr, answering)
    assert answered == {"state": "rejected", "boxBefore": 8, "boxAfter": 8, "answer": {"by": "officer"}}

    early = "{phase: confirmation, endObjectionsEarly: true}"
    await changed(hr, f"advanceCycle({await read(hr, 'cycle', one)}, input: {early}) {{ phase }}")
    now = await read(hr, "cycle", one)
    assert await refused(hr, f"confirmCycle({now}) {{ phase }}") == "forbidden"
    confirmed = await changed(office.authority, f"confirmCycle({now}) {{ confirmation {{ by }} }}")
    assert confirmed == {"confirmation": {"by": "authority"}}
    assert await refused(hr, f"publishCycle({now}) {{ phase }}") == "precondition.failed"
    now = await read(hr, "cycle", one)
    assert await changed(hr, f"publishCycle({now}) {{ phase }}") == {"phase": "publication"}
    seen = f'{{ cyclePlacement({one}, nip: "{office.budi}") {{ state publishedBox }} }}'
    assert await data(office.budi_himself.ask(seen)) == {"state": "published", "publishedBox": 8}
    assert (await calculated(hr, one, "startRecomputation"))["equal"] == 2


async def calculated(who: Persona, one: str, start: str) -> dict[str, Any]:
    """Start a calculation and ask for it until it is over; its result."""
    begun = await changed(who, f"{start}({one}) {{ id state }}")
    for _ in range(400):
        asked = f'{{ calculation(calculationId: "{begun["id"]}") {{ state result {{ assessed equal }} }} }}'
        told = await data(who.ask(asked))
        if told["state"] == "done":
            result: dict[str, Any] = told["result"]
            return result
        await asyncio.sleep(0.02)
    raise AssertionError(told)


@pytest.mark.parametrize(
    ("root", "arguments", "path"),
    [
        ("cycle", "cycleId", "/v1/cycles/{cycleId}"),
        ("cycleNineBox", "cycleId", "/v1/cycles/{cycleId}/nine-box"),
        ("raterSkew", "cycleId", "/v1/cycles/{cycleId}/rater-skew"),
        ("cyclePlacement", "cycleId nip", "/v1/cycles/{cycleId}/placements/{nip}"),
        ("calculation", "calculationId", "/v1/calculations/{calculationId}"),
        ("calibration", "calibrationId", "/v1/calibrations/{calibrationId}"),
        ("objection", "objectionId", "/v1/objections/{objectionId}"),
    ],
)
async def test_a_document_is_the_same_through_both_doors(
    db: Database, office: Office, root: str, arguments: str, path: str
) -> None:
    known = {**await a_whole_cycle(db, office.actor, office.ani), "nip": office.ani}
    field = SCHEMA.query_type.fields[root]  # type: ignore[union-attr]
    given = ", ".join(f'{name}: "{known[name]}"' for name in arguments.split())
    document = await data(office.hr.ask(f"{{ {root}({given}) {everything(field.type)} }}"))
    assert document == (await office.hr.get(path.format(**known))).json()


@pytest.mark.parametrize(
    ("root", "arguments", "path"),
    [
        ("cycles", "", "/v1/cycles"),
        ("cyclePlacements", "cycleId", "/v1/cycles/{cycleId}/placements"),
        ("talentCyclePlacements", "nip", "/v1/talents/{nip}/cycle-placements"),
        ("calibrations", "cycleId", "/v1/cycles/{cycleId}/calibrations"),
        ("objections", "cycleId", "/v1/cycles/{cycleId}/objections"),
    ],
)
async def test_a_list_is_the_same_through_both_doors(
    db: Database, office: Office, root: str, arguments: str, path: str
) -> None:
    known = {**await a_whole_cycle(db, office.actor, office.ani), "nip": office.ani}
    listed = (await office.hr.get(path.format(**known))).json()
    given = ", ".join(["first: 50", *(f'{name}: "{known[name]}"' for name in arguments.split())])
    asked = f"{{ {root}({given}) {{ edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} totalCount }} }}"
    page = await data(office.hr.ask(asked))
    assert [edge["cursor"] for edge in page["edges"]] == [edge["cursor"] for edge in listed["edges"]]
    assert page["totalCount"] == len(listed["edges"]) > 0
    assert page["pageInfo"]["endCursor"] == listed["pageInfo"]["endCursor"]


async def test_filters_restrict(db: Database, office: Office) -> None:
    one = f'cycleId: "{(await a_whole_cycle(db, office.actor, office.ani))["cycleId"]}"'
    for root, found in {
        f"cyclePlacements({one}, filter: {{box: 9, positionLevel: jf_ahli_muda}})": 1,
        f"cyclePlacements({one}, filter: {{box: 1}})": 0,
        f"calibrations({one}, filter: {{state: confirmed}})": 1,
        f"calibrations({one}, filter: {{state: stale}})": 0,
        f"objections({one}, filter: {{state: open}})": 1,
        f"objections({one}, filter: {{state: upheld}})": 0,
        "cycles(filter: {phase: objection})": 1,
        "cycles(filter: {phase: closed})": 0,
    }.items():
        assert await data(office.hr.ask(f"{{ {root} {{ totalCount }} }}")) == {"totalCount": found}, root


async def test_what_is_not_there_is_null_to_ask_and_an_error_to_change(office: Office) -> None:
    assert await data(office.hr.ask(f'{{ cycle(cycleId: "{uuid4()}") {{ id }} }}')) is None
    assert (
        await refusal(office.hr.ask(f'mutation {{ publishCycle(cycleId: "{uuid4()}", revision: 1) {{ id }} }}'))
        == "cycle.not_found"
    )


async def test_what_does_not_fit_is_refused_where_it_is_wrong(office: Office) -> None:
    [error] = (await office.hr.ask('mutation { openCycle(input: {name: "x"}) { id } }'))["errors"]
    assert error["extensions"]["code"] == "request.invalid"
    assert [(one["where"], one["code"]) for one in error["extensions"]["errors"]] == [("name", "field.length")]
