"""Whoever moved between two cycles was moved by data, ratings, the rubric or a committee, and by one of them alone."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.calculation import State
from app.domain.cycles import Phase
from app.domain.errors import Conflict, Forbidden, NotFound
from app.services import calculation, movements
from app.services.movements import MoverFilter
from tests.cycles import (
    WEAK_POTENTIAL,
    a_cycle,
    a_cycle_in,
    calculate,
    deliver,
    member,
    move,
    some_talents,
    somebody,
)
from tests.factories import (
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    write_csv,
)
from tests.movements import USUAL, a_lenient_rubric, work_out


@dataclass(frozen=True)
class Office:
    """Two cycles of the same people, each of whom something else happened to in between."""

    actor: Actor
    earlier: UUID
    later: UUID
    nips: dict[str, str]


WHO = ("awarded", "rated", "reassessed", "moved", "moved_before", "unmoved", "newcomer", "retired", "unknown")


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    actor = officer(await an_institution(db))
    institution = await name_of(db, actor)
    people = (None, None, WEAK_POTENTIAL, None, None, None)
    complete = await some_talents(db, actor, tmp_path / "before", *people, bare=2)
    [retired] = await some_talents(db, actor, tmp_path / "retired", None)
    nips = dict(zip(WHO, [*complete[:7], retired, complete[7]], strict=True))
    earlier = await a_cycle_in(db, actor, Phase.CALIBRATION)
    await move(db, member(actor), earlier, nips["moved_before"], 8, 5)

    skp = {"NIP": nips["rated"], "TAHUN": "2024", "HASIL KERJA": "DI ATAS EKSPEKTASI"}
    skp |= {"PERILAKU KERJA": "DI ATAS EKSPEKTASI", "PREDIKAT KINERJA": "SANGAT BAIK"}
    award = {"NIP": nips["awarded"], "NAMA PENGHARGAAN": "Adibakti", "TINGKAT": "INTERNASIONAL"}
    gone = an_employee(nips["retired"], institution) | {
        "KEDUDUKAN HUKUM ID": "99",
        "KEDUDUKAN HUKUM NAMA": "Pensiun",
    }
    after = tmp_path / "after"
    after.mkdir()
    files = [
        write_csv(after, "skp", [skp]),
        write_csv(after, "penghargaan", [award | {"TANGGAL": "17-08-2025"}]),
        write_csv(after, "data-asn", [gone]),
    ]
    await import_files(db, actor, files)
    await deliver(db, actor, tmp_path / "newcomer", [nips["newcomer"]])
    later = await a_cycle_in(db, actor, Phase.CALIBRATION, rubric=await a_lenient_rubric(db, actor))
    await move(db, member(actor), later, nips["moved"], 8, 5)
    return Office(actor, earlier, later, nips)


async def worked_out(db: Database, office: Office) -> dict[str, Any]:
    calculation_id = await work_out(db, office.actor, office.later, office.earlier)
    told = json.loads(await calculation.calculation_document(db, office.actor, calculation_id))
    assert (told["state"], told["error"]) == (State.DONE.value, None)
    return await the_movement(db, office)


async def the_movement(db: Database, office: Office) -> dict[str, Any]:
    return json.loads(await movements.movement_document(db, office.actor, office.later, office.earlier))


async def ways(db: Database, office: Office, **chosen: Any) -> dict[str, tuple[Any, ...]]:
    """By who moved: the five boxes and the cause."""
    page = json.loads(
        await movements.movers_page(db, office.actor, office.later, office.earlier, MoverFilter(**chosen))
    )
    names = {nip: name for name, nip in office.nips.items()}
    steps = ("fromBox", "afterData", "afterRating", "afterRubric", "toBox", "cause")
    return {names[edge["node"]["nip"]]: tuple(edge["node"][step] for step in steps) for edge in page["edges"]}


async def test_every_mover_has_one_cause_and_the_causes_add_up(db: Database, office: Office) -> None:
    movement = await worked_out(db, office)
    assert await ways(db, office) == {
        "awarded": (8, 9, 9, 9, 9, "data"),
        "rated": (8, 8, 9, 9, 9, "rating"),
        "reassessed": (5, 5, 5, 8, 8, "rubric"),
        "moved": (8, 8, 8, 8, 5, "calibration"),
        "moved_before": (5, 5, 5, 5, 8, "calibration"),
    }
    assert movement["byCause"] == {"data": 1, "rating": 1, "rubric": 1, "calibration": 2}
    assert (movement["moved"], movement["stayed"]) == (5, 1)
    assert movement["margins"] == {"entered": 1, "left": 1, "notAssessed": 1}
    flows = {(cell["fromBox"], cell["toBox"]): cell["count"] for cell in movement["matrix"]}
    assert len(flows) == 81
    assert {boxes: count for boxes, count in flows.items() if count} == {(8, 9): 2, (5, 8): 2, (8, 5): 1, (8, 8): 1}
    [unit] = movement["units"]
    assert unit.pop("unit") == {"id": "U1", "name": "BIDANG CONTOH"}
    assert unit == {name: movement[name] for name in unit}
    assert (movement["earlierCycle"]["state"], movement["cycle"]["state"]) == ("draft", "draft")


async def test_movers_are_listed_by_cause_and_box(db: Database, office: Office) -> None:
    await worked_out(db, office)
    assert set(await ways(db, office, cause="calibration", from_box=8)) == {"moved"}
    assert set(await ways(db, office, to_box=9, unit="U1")) == {"awarded", "rated"}
    assert await ways(db, office, unit="U2") == {}


async def test_a_movement_is_old_once_a_box_or_the_inputs_change(db: Database, office: Office) -> None:
    assert (await worked_out(db, office))["isCurrent"]
    await move(db, member(office.actor), office.later, office.nips["unmoved"], 8, 5)
    assert not (await the_movement(db, office))["isCurrent"]
    again = await worked_out(db, office)
    assert (again["isCurrent"], again["byCause"]["calibration"], again["moved"]) == (True, 3, 6)
    await calculate(db, office.actor, office.later)
    assert (await the_movement(db, office))["isCurrent"]  # the same evidence comes to the same inputs
    await move(db, member(office.actor), office.earlier, office.nips["unmoved"], 8, 5)
    assert not (await the_movement(db, office))["isCurrent"]


async def test_under_one_rubric_nobody_moves_by_rubric(db: Database, office: Office) -> None:
    later = await a_cycle_in(db, office.actor, Phase.CALIBRATION, rubric=USUAL)
    movement = await worked_out(db, Office(office.actor, office.earlier, later, office.nips))
    assert movement["byCause"] == {"data": 1, "rating": 1, "rubric": 0, "calibration": 1}


async def test_cycles_are_compared_in_order_and_once_they_are_calculated(db: Database, office: Office) -> None:
    still_open = await a_cycle(db, office.actor)
    later = await a_cycle_in(db, office.actor, Phase.CALIBRATION, as_of="2026-02-01")
    for both, code in {
        (office.later, office.later): "movement.same",
        (still_open, office.earlier): "cycle.phase",
        (office.later, still_open): "cycle.phase",
        (office.earlier, later): "movement.order",
    }.items():
        with pytest.raises(Conflict) as refusal:
            await movements.start_movement(db, office.actor, *both)
        assert refusal.value.code == code
    with pytest.raises(NotFound, match=r"cycle\.not_found"):
        await movements.start_movement(db, office.actor, office.later, uuid4())


async def test_two_calculations_of_a_cycle_do_not_go_on_at_once(db: Database, office: Office) -> None:
    await movements.start_movement(db, office.actor, office.later, office.earlier)
    with pytest.raises(Conflict, match=r"calculation\.running"):
        await movements.start_movement(db, office.actor, office.later, office.earlier)


async def test_strangers_see_nothing_of_a_movement_and_auditors_start_none(db: Database, office: Office) -> None:
    await worked_out(db, office)
    stranger = officer(await an_institution(db))
    with pytest.raises(NotFound, match=r"movement\.not_found"):
        await movements.movement_document(db, stranger, office.later, office.earlier)
    with pytest.raises(NotFound, match=r"movement\.not_found"):
        await movements.movers_page(db, stranger, office.later, office.earlier)
    with pytest.raises(NotFound, match=r"cycle\.not_found"):
        await movements.start_movement(db, stranger, office.later, office.earlier)
    with pytest.raises(Forbidden):
        await movements.start_movement(db, somebody(office.actor, Role.AUDITOR, "a"), office.later, office.earlier)
