"""A rehearsal tells who would stand elsewhere under another rubric, and leaves everybody where they are."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.cycles import Phase
from app.domain.errors import Conflict, Forbidden, NotFound
from app.services import calculation, rehearsals
from app.services.cycles import RubricChoice
from app.services.placements import placement_document
from app.services.rehearsals import RehearsalMoverFilter, RehearseRubric
from tests.cycles import WEAK_POTENTIAL, a_cycle, a_cycle_in, deliver, member, move, some_talents, somebody
from tests.factories import an_institution, officer, rows_of
from tests.movements import OTHER, USUAL, a_lenient_draft, a_lenient_rubric, rehearse


@dataclass(frozen=True)
class Office:
    """ANI stands in box 8, BUDI in box 5 with 73.05 points of potential, CITRA in none."""

    actor: Actor
    ani: str
    budi: str
    citra: str


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    actor = officer(await an_institution(db))
    return Office(actor, *await some_talents(db, actor, tmp_path / "office", None, WEAK_POTENTIAL, bare=1))


async def document_of(db: Database, actor: Actor, rehearsal_id: UUID) -> dict[str, Any]:
    return json.loads(await rehearsals.rehearsal_document(db, actor, rehearsal_id))


async def movers_of(db: Database, actor: Actor, rehearsal_id: UUID, **chosen: Any) -> dict[str, dict[str, Any]]:
    page = await rehearsals.rehearsal_movers_page(db, actor, rehearsal_id, RehearsalMoverFilter(**chosen))
    return {edge["node"]["nip"]: edge["node"] for edge in json.loads(page)["edges"]}


async def test_a_rehearsal_tells_who_would_move_and_from_where_to_where(db: Database, office: Office) -> None:
    lenient = await a_lenient_draft(db, office.actor)
    rehearsal_id = await rehearse(db, office.actor, lenient)
    told = await document_of(db, office.actor, rehearsal_id)
    counts = {"people": 3, "stayed": 1, "moved": 1, "newlyAssessed": 0, "noLongerAssessed": 0, "notAssessed": 1}
    assert {name: told[name] for name in counts} == counts
    assert (told["rubric"], told["draftRevision"]) == (lenient.model_dump(), 2)
    assert told["presentRubric"]["code"] == "bkn-411-2025"
    assert {(one["box"], one["before"], one["after"]) for one in told["boxes"]} == {
        *((box, 0, 0) for box in (1, 2, 3, 4, 6, 7, 9)),
        (5, 1, 0),
        (8, 1, 2),
    }
    assert {(one["fromBox"], one["toBox"]) for one in told["matrix"] if one["count"]} == {(5, 8), (8, 8)}
    assert told["units"] == [{"unit": {"id": "U1", "name": "BIDANG CONTOH"}, **counts}]
    movers = await movers_of(db, office.actor, rehearsal_id)
    points = {"performance": 71, "potential": 73.05}
    assert movers[office.budi] | {"name": ""} == {
        "nip": office.budi,
        "name": "",
        "unit": {"id": "U1", "name": "BIDANG CONTOH"},
        "fromBox": 5,
        "toBox": 8,
        "before": points,
        "after": points,
    }
    assert set(movers) == {office.budi}
    assert await movers_of(db, office.actor, rehearsal_id, from_box=8) == {}
    assert set(await movers_of(db, office.actor, rehearsal_id, to_box=8, unit="U1")) == {office.budi}


async def test_a_rehearsal_places_nobody_and_is_in_the_ledger(db: Database, office: Office) -> None:
    before = await placement_document(db, office.actor, office.budi)
    lenient = await a_lenient_draft(db, office.actor)
    rehearsal_id = await rehearse(db, office.actor, lenient)
    assert await placement_document(db, office.actor, office.budi) == before
    sql = "SELECT payload FROM ledger_entry WHERE type = 'rubricRehearsed'"
    [entry] = await rows_of(db, office.actor, sql)
    assert entry["payload"] == {
        "calculation_id": str(rehearsal_id),
        "cycle_id": None,
        "rubric": f"{lenient.code}/{lenient.version}",
        "people": 3,
        "movers": 1,
    }


async def test_a_cycle_is_rehearsed_by_its_frozen_inputs_without_its_calibrations(
    db: Database, office: Office, tmp_path: Path
) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
    await move(db, member(office.actor), cycle_id, office.ani, 8, 5)
    await deliver(db, office.actor, tmp_path / "later", [office.citra])
    lenient = await a_lenient_draft(db, office.actor)
    frozen = await document_of(db, office.actor, await rehearse(db, office.actor, lenient, cycle_id))
    present = await document_of(db, office.actor, await rehearse(db, office.actor, lenient))
    told = ("stayed", "moved", "notAssessed")
    assert [frozen[name] for name in told] == [1, 1, 1]
    assert [present[name] for name in told] == [2, 1, 0]
    assert (frozen["cycleId"], present["cycleId"]) == (str(cycle_id), None)


async def test_who_could_not_be_assessed_any_more_is_told_apart(db: Database, office: Office) -> None:
    rehearsal_id = await rehearse(db, office.actor, OTHER)
    told = await document_of(db, office.actor, rehearsal_id)
    assert (told["noLongerAssessed"], told["notAssessed"], told["moved"]) == (2, 1, 0)
    movers = await movers_of(db, office.actor, rehearsal_id)
    assert {(one["fromBox"], one["toBox"], one["after"]["potential"]) for one in movers.values()} == {
        (8, None, None),
        (5, None, None),
    }
    back = await rehearse(db, office.actor, USUAL)
    listed = json.loads(await rehearsals.rehearsals_page(db, office.actor))["edges"]
    assert [edge["node"]["id"] for edge in listed] == [str(back), str(rehearsal_id)]


async def test_a_published_version_is_rehearsed_as_its_draft_was(db: Database, office: Office) -> None:
    lenient = await a_lenient_rubric(db, office.actor)
    told = await document_of(db, office.actor, await rehearse(db, office.actor, lenient))
    assert (told["rubric"], told["draftRevision"]) == (lenient.model_dump(), None)
    assert (told["presentRubric"], told["stayed"], told["moved"]) == (lenient.model_dump(), 2, 0)


async def test_without_a_rubric_or_a_cohort_nothing_is_rehearsed(db: Database, office: Office) -> None:
    still_open = await a_cycle(db, office.actor)
    empty = officer(await an_institution(db))
    for actor, rubric, cycle_id, kind, code in (
        (office.actor, RubricChoice(code="pu-djbk", version=99), None, NotFound, "rubric.not_found"),
        (empty, await a_lenient_draft(db, office.actor), None, NotFound, "rubric.not_found"),
        (office.actor, USUAL, uuid4(), NotFound, "cycle.not_found"),
        (office.actor, USUAL, still_open, Conflict, "cycle.not_calculated"),
        (empty, USUAL, None, Conflict, "calculation.nobody"),
    ):
        with pytest.raises(kind) as refusal:
            await rehearse(db, actor, rubric, cycle_id)
        assert refusal.value.code == code


async def test_a_rehearsal_is_not_there_before_it_is_done_nor_for_a_stranger(db: Database, office: Office) -> None:
    command = RehearseRubric(code=USUAL.code, version=USUAL.version)
    waiting = await rehearsals.rehearse_rubric(db, office.actor, command)
    assert json.loads(await calculation.calculation_document(db, office.actor, waiting))["kind"] == "rehearsal"
    stranger = officer(await an_institution(db))
    for actor, rehearsal_id in ((office.actor, waiting), (stranger, await rehearse(db, office.actor, USUAL))):
        with pytest.raises(NotFound, match=r"rehearsal\.not_found"):
            await document_of(db, actor, rehearsal_id)
        with pytest.raises(NotFound, match=r"rehearsal\.not_found"):
            await movers_of(db, actor, rehearsal_id)
    for role in (Role.COMMITTEE_MEMBER, Role.AUDITOR, Role.NATIONAL):
        with pytest.raises(Forbidden):
            await rehearse(db, somebody(office.actor, role, "somebody"), USUAL)
