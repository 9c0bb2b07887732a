"""A committee moves people with reasons; large moves take two; nobody moves what somebody else has moved meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.cycles import Phase, words_of
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import calibration
from app.services.calibration import CalibrationFilter, EvidenceReference, RejectCalibration
from tests.cycles import (
    COMMENT,
    WEAK_POTENTIAL,
    a_cycle_in,
    advance,
    boxes_of,
    calculate,
    chair,
    cycle_of,
    deliver,
    member,
    move,
    placement_of,
    some_talents,
    somebody,
)
from tests.factories import an_institution, officer, rows_of, talent


class Office:
    """ANI stands in box 8, BUDI in box 5, CITRA in none; a cycle is being calibrated."""

    def __init__(self, db: Database, actor: Actor, cycle_id: UUID, ani: str, budi: str, citra: str) -> None:
        self.db, self.actor, self.cycle_id = db, actor, cycle_id
        self.ani, self.budi, self.citra = ani, budi, citra
        self.one, self.two = member(actor, "one"), member(actor, "two")

    async def move(self, who: Actor, nip: str, from_box: int, box: int, **but: Any) -> UUID:
        return await move(self.db, who, self.cycle_id, nip, from_box, box, **but)

    async def boxes(self, nip: str) -> tuple[int | None, ...]:
        """Computed, calibrated, published."""
        return boxes_of(await placement_of(self.db, self.actor, self.cycle_id, nip))[:3]

    async def told(self, calibration_id: UUID) -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads(
            await calibration.calibration_document(self.db, self.actor, calibration_id)
        )
        return document

    async def states(self) -> list[str]:
        """Of all moves, newest first."""
        page = json.loads(await calibration.calibrations_page(self.db, self.actor, self.cycle_id))
        return [edge["node"]["state"] for edge in page["edges"]]


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    actor = officer(await an_institution(db))
    nips = await some_talents(
        db, somebody(actor, Role.OPERATOR, "test"), tmp_path / "office", None, WEAK_POTENTIAL, bare=1
    )
    return Office(db, actor, await a_cycle_in(db, actor, Phase.CALIBRATION), *nips)


async def test_a_move_by_one_box_takes_effect_and_tells_everything(office: Office) -> None:
    told = await office.told(await office.move(office.one, office.budi, 5, 3, evidence_text="Notula 12/2026"))
    assert (told["computedBox"], told["fromBox"], told["toBox"], told["state"]) == (5, 5, 3, "effective")
    assert (told["by"], told["role"], told["comment"]) == ("one", "committee-member", COMMENT)
    assert told["talent"]["nip"] == office.budi
    assert told["reason"]["code"] == "criticalAssignment"
    assert all(told["reason"]["detail"].values())
    assert told["evidence"] == {"kind": None, "id": None, "text": "Notula 12/2026"}
    assert told["secondPerson"] is None
    assert await office.boxes(office.budi) == (5, 3, 3)


async def test_no_axis_value_changes_by_a_move(office: Office) -> None:
    before = await placement_of(office.db, office.actor, office.cycle_id, office.budi)
    await office.move(office.one, office.budi, 5, 3)
    after = await placement_of(office.db, office.actor, office.cycle_id, office.budi)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"calibratedBox", "publishedBox", "calibration"}
    assert after["calibration"]["reason"]["code"] == "criticalAssignment"


@pytest.mark.parametrize("box", [8, 2, 1])
async def test_a_large_move_or_one_into_the_pool_waits_for_a_second_person(office: Office, box: int) -> None:
    calibration_id = await office.move(office.one, office.budi, 5, box)
    if box == 2:  # a neighbour, outside the pool
        assert await office.boxes(office.budi) == (5, 2, 2)
        return
    assert await office.boxes(office.budi) == (5, None, 5)
    with pytest.raises(Forbidden, match=r"calibration\.same_person"):
        await calibration.confirm_calibration(office.db, office.one, calibration_id)
    await calibration.confirm_calibration(office.db, office.two, calibration_id)
    told = await office.told(calibration_id)
    assert (told["state"], told["secondPerson"]["by"]) == ("confirmed", "two")
    assert await office.boxes(office.budi) == (5, box, box)
    with pytest.raises(Conflict, match=r"calibration\.settled"):
        await calibration.confirm_calibration(office.db, chair(office.actor), calibration_id)


async def test_two_small_moves_are_a_large_one(office: Office) -> None:
    await office.move(office.one, office.budi, 5, 2)
    calibration_id = await office.move(office.one, office.budi, 2, 1)
    assert (await office.told(calibration_id))["state"] == "awaitingSecondPerson"
    assert await office.boxes(office.budi) == (5, 2, 2)


async def test_a_second_person_can_refuse_and_the_first_can_take_back(office: Office) -> None:
    rejected = await office.move(office.one, office.budi, 5, 8)
    await calibration.reject_calibration(
        office.db, office.two, rejected, RejectCalibration(comment="Belum ada bukti yang cukup.")
    )
    assert (await office.told(rejected))["secondPerson"]["comment"] == "Belum ada bukti yang cukup."
    withdrawn = await office.move(office.one, office.budi, 5, 9)
    with pytest.raises(Forbidden, match=r"calibration\.not_yours"):
        await calibration.withdraw_calibration(office.db, office.two, withdrawn)
    await calibration.withdraw_calibration(office.db, office.one, withdrawn)
    assert await office.states() == ["withdrawn", "rejected"]
    assert await office.boxes(office.budi) == (5, None, 5)


async def test_a_later_move_supersedes_and_every_move_is_kept(office: Office) -> None:
    first = await office.move(office.one, office.budi, 5, 3)
    await office.move(office.two, office.budi, 3, 5)
    assert await office.states() == ["effective", "superseded"]
    assert ((await office.told(first))["fromBox"], (await office.told(first))["toBox"]) == (5, 3)
    assert await office.boxes(office.budi) == (5, 5, 5)


async def test_of_two_people_at_once_one_moves_and_the_other_sees_who(office: Office) -> None:
    outcomes = await asyncio.gather(
        office.move(office.one, office.budi, 5, 3), office.move(office.two, office.budi, 5, 2), return_exceptions=True
    )
    [done] = [it for it in outcomes if isinstance(it, UUID)]
    [refused] = [it for it in outcomes if not isinstance(it, UUID)]
    told = await office.told(done)
    assert isinstance(refused, Conflict)
    assert refused.code == "calibration.moved_meanwhile"
    assert refused.about == {"by": told["by"], "box": told["toBox"], "at": datetime.fromisoformat(told["movedAt"])}
    assert told["by"] in refused.detail["id"]
    assert await office.states() == ["effective"]
    assert (await office.boxes(office.budi))[2] == told["toBox"]


async def test_while_a_move_awaits_its_second_person_no_other_is_made(office: Office) -> None:
    calibration_id = await office.move(office.one, office.budi, 5, 8)
    with pytest.raises(Conflict) as refusal:
        await office.move(office.two, office.budi, 5, 3)
    assert refusal.value.code == "calibration.pending"
    assert (refusal.value.about["by"], refusal.value.about["box"]) == ("one", 8)
    await calibration.withdraw_calibration(office.db, office.one, calibration_id)
    await office.move(office.two, office.budi, 5, 3)


async def test_two_consents_at_once_are_one(office: Office) -> None:
    calibration_id = await office.move(office.one, office.budi, 5, 8)
    outcomes = await asyncio.gather(
        calibration.confirm_calibration(office.db, office.two, calibration_id),
        calibration.confirm_calibration(office.db, chair(office.actor), calibration_id),
        return_exceptions=True,
    )
    assert sorted(type(it).__name__ for it in outcomes) == ["Conflict", "NoneType"]
    sql = "SELECT count(*) FROM ledger_entry WHERE type = 'calibrationConfirmed'"
    assert (await rows_of(office.db, office.actor, sql))[0][0] == 1


async def test_nobody_decides_on_their_own_box(office: Office) -> None:
    budi = member(office.actor, "budi", office.budi)
    with pytest.raises(Forbidden, match=r"calibration\.own_placement"):
        await office.move(budi, office.budi, 5, 3)
    calibration_id = await office.move(office.one, office.budi, 5, 8)
    for attempt in (
        calibration.confirm_calibration(office.db, budi, calibration_id),
        calibration.reject_calibration(office.db, budi, calibration_id, RejectCalibration(comment="Saya menolak ini.")),
    ):
        with pytest.raises(Forbidden, match=r"calibration\.own_placement"):
            await attempt
    for nobody in (office.actor, talent(office.actor, office.ani)):
        with pytest.raises(Forbidden):
            await office.move(nobody, office.budi, 5, 3)


async def test_somebody_without_evidence_is_not_moved_into_a_box(office: Office) -> None:
    with pytest.raises(Conflict, match=r"calibration\.not_assessed"):
        await office.move(office.one, office.citra, 5, 3)
    assert await office.boxes(office.citra) == (None, None, None)


async def test_a_move_rests_on_evidence_of_that_very_talent(office: Office) -> None:
    sql = """SELECT t.nip, e.id FROM award e JOIN talent t ON t.id = e.talent_id"""
    ids = dict(await rows_of(office.db, office.actor, sql))
    of_ani = EvidenceReference(kind="award", id=ids[office.ani])  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:
        await office.move(office.one, office.budi, 5, 3, evidence=of_ani)
    assert [fault.code for fault in refusal.value.faults] == ["calibration.evidence_unknown"]
    of_budi = EvidenceReference(kind="award", id=ids[office.budi])  # type: ignore[arg-type]
    told = await office.told(await office.move(office.one, office.budi, 5, 3, evidence=of_budi))
    assert told["evidence"] == {"kind": "award", "id": ids[office.budi], "text": None}


async def test_calibration_has_its_phase(office: Office) -> None:
    calibration_id = await office.move(office.one, office.budi, 5, 8)
    with pytest.raises(Conflict) as refusal:
        await advance(office.db, office.actor, office.cycle_id, "objection")
    assert (refusal.value.code, refusal.value.about) == ("calibration.undecided", {"count": 1})
    await calibration.confirm_calibration(office.db, office.two, calibration_id)
    await advance(office.db, office.actor, office.cycle_id, "objection")
    for attempt in (
        office.move(office.one, office.ani, 8, 5),
        calibration.withdraw_calibration(office.db, office.one, calibration_id),
    ):
        with pytest.raises(Conflict) as refusal:
            await attempt
        assert refusal.value.about == {"phase": words_of(Phase.OBJECTION), "needed": words_of(Phase.CALIBRATION)}
    assert await office.boxes(office.ani) == (8, None, 8)


async def test_moves_from_a_box_that_is_calculated_no_longer_are_stale(office: Office, tmp_path: Path) -> None:
    await office.move(office.one, office.ani, 8, 5)
    await office.move(office.one, office.budi, 5, 3)
    before = await calculate(office.db, office.actor, office.cycle_id)
    assert before
    assert await office.states() == ["effective", "effective"]
    operator = somebody(office.actor, Role.OPERATOR, "test")
    await deliver(office.db, operator, tmp_path / "later", [office.budi])  # now box 8
    await calculate(office.db, office.actor, office.cycle_id)
    assert await office.states() == ["stale", "effective"]
    assert (await office.boxes(office.ani), await office.boxes(office.budi)) == ((8, 5, 5), (8, None, 8))
    cycle = await cycle_of(office.db, office.actor, office.cycle_id)
    assert (cycle["calibrations"], cycle["calculation"]["result"]["staleCalibrations"]) == (
        {"awaitingSecondPerson": 0, "inForce": 1, "stale": 1},
        1,
    )
    with pytest.raises(Conflict, match=r"calibration\.box_changed"):
        await office.move(office.two, office.budi, 5, 3)
    await office.move(office.two, office.budi, 8, 5)


async def test_moves_are_listed_by_state_and_talent(office: Office) -> None:
    await office.move(office.one, office.budi, 5, 8)
    await office.move(office.one, office.ani, 8, 5)

    async def found(**wanted: Any) -> list[str]:
        chosen = CalibrationFilter(**wanted)
        page = json.loads(await calibration.calibrations_page(office.db, office.actor, office.cycle_id, chosen))
        return [edge["node"]["talent"]["nip"] for edge in page["edges"]]

    assert await found() == [office.ani, office.budi]
    assert await found(state="awaitingSecondPerson") == await found(nip=office.budi) == [office.budi]


async def test_a_stranger_finds_no_move(office: Office) -> None:
    calibration_id = await office.move(office.one, office.budi, 5, 8)
    stranger = member(await an_institution(office.db))
    for attempt in (
        calibration.confirm_calibration(office.db, stranger, calibration_id),
        calibration.calibration_document(office.db, stranger, calibration_id),
        move(office.db, stranger, office.cycle_id, office.budi, 5, 3),
    ):
        with pytest.raises(NotFound):
            await attempt
