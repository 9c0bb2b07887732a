"""Movements, rehearsals, boxes and development plans through GraphQL: the same documents as through REST."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from tests.cycles import a_whole_cycle, some_talents
from tests.factories import an_institution
from tests.integration.graphql.test_cycles import SCHEMA, changed, data, everything, refused
from tests.movements import a_comparison
from tests.personas import Persona, Personas

pytestmark = pytest.mark.usefixtures("worker")


class Office:
    """ANI stands in box 9 of a cycle, and in box 8 of the one it is compared with."""

    def __init__(self, personas: Personas, actor: Actor, nip: str) -> None:
        self.actor, self.nip = actor, nip
        self.hr, self.auditor = personas.hr_officer(actor.institution_id), personas.auditor(actor.institution_id)


@pytest_asyncio.fixture
async def office(db: Database, personas: Personas, tmp_path: Path) -> Office:
    actor = await an_institution(db)
    return Office(personas, actor, *await some_talents(db, actor, tmp_path / "office", None))


async def compared(db: Database, office: Office) -> dict[str, Any]:
    """What the addresses need."""
    cycle = await a_whole_cycle(db, office.actor, office.nip)
    return {**cycle, **await a_comparison(db, office.actor, cycle["cycleId"]), "nip": office.nip}


def given(known: dict[str, Any], arguments: str) -> str:
    """Arguments with what is known of them."""
    return ", ".join(f'{name}: "{known[name]}"' for name in arguments.split())


BOTH = "cycleId earlierCycleId"


@pytest.mark.parametrize(
    ("root", "arguments", "path"),
    [
        ("movement", "cycleId earlierCycleId", "/v1/cycles/{cycleId}/movements/{earlierCycleId}"),
        ("rehearsal", "rehearsalId", "/v1/rehearsals/{rehearsalId}"),
        ("boxes", "", "/v1/boxes"),
        ("developmentPlan", "nip", "/v1/talents/{nip}/development-plan"),
    ],
)
async def test_a_document_is_the_same_through_both_doors(
    db: Database, office: Office, root: str, arguments: str, path: str
) -> None:
    known = await compared(db, office)
    asked = f"{root}({given(known, arguments)})" if arguments else root
    selection = everything(SCHEMA.query_type.fields[root].type)  # type: ignore[union-attr]
    document = await data(office.hr.ask(f"{{ {asked} {selection} }}"))
    assert document == (await office.hr.get(path.format(**known))).json()


async def test_lists_are_the_same_through_both_doors(db: Database, office: Office) -> None:
    known = await compared(db, office)
    movers = f"movers({given(known, BOTH)}, filter: {{cause: calibration, toBox: 9}})"
    rehearsed = f"rehearsalMovers({given(known, 'rehearsalId')}, filter: {{fromBox: 8}})"
    for root, path in {
        movers: "/v1/cycles/{cycleId}/movements/{earlierCycleId}/movers",
        "rehearsals": "/v1/rehearsals",
        rehearsed: "/v1/rehearsals/{rehearsalId}/movers",
    }.items():
        page = await data(office.hr.ask(f"{{ {root} {{ edges {{ cursor }} totalCount }} }}"))
        listed = (await office.hr.get(path.format(**known))).json()
        assert [edge["cursor"] for edge in page["edges"]] == [edge["cursor"] for edge in listed["edges"]]
        assert page["totalCount"] == len(listed["edges"]) == 1


async def test_movements_and_rehearsals_are_started_by_mutations(db: Database, office: Office) -> None:
    known = await compared(db, office)
    start = f"startMovement({given(known, BOTH)}) {{ id kind state }}"
    assert (await done(office.hr, start))["placements"] == 1
    rehearse = 'rehearseRubric(input: {code: "bkn-411-2025", version: 1}) { id kind state }'
    assert await done(office.hr, rehearse) == {"placements": 1, "assessed": 1}
    assert await refused(office.auditor, start) == "forbidden"
    assert await refused(office.hr, rehearse.replace("411", "412")) == "rubric.not_found"
    exchanged = {"cycleId": known["earlierCycleId"], "earlierCycleId": known["cycleId"]}
    assert await data(office.hr.ask(f"{{ movement({given(exchanged, BOTH)}) {{ moved }} }}")) is None


async def done(who: Persona, field: str) -> dict[str, Any]:
    """What came of a calculation that a mutation starts."""
    begun = await changed(who, field)
    told, one = begun, f'calculationId: "{begun["id"]}"'
    for _ in range(400):
        told = await data(who.ask(f"{{ calculation({one}) {{ state result {{ placements assessed }} }} }}"))
        if told["state"] == "done":
            result: dict[str, Any] = told["result"]
            return result
        await asyncio.sleep(0.02)
    raise AssertionError(told)
