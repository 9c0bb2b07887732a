"""Talents object in time and get a written answer; upheld, their inputs change, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from pydantic import ValidationError

from app.db.database import Database
from app.domain.actors import Actor, Role
from app.domain.cycles import Phase, words_of
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.messages import day_in_words
from app.domain.objections import Outcome
from app.services import calibration, cycles, objections
from app.services.calibration import RejectCalibration
from app.services.cycles import EditCycle, OpenCycle
from app.services.objections import AnswerObjection, ObjectionFilter, RaiseObjection
from tests.cycles import (
    LATER,
    WEAK_POTENTIAL,
    a_cycle_in,
    advance,
    after_the_deadline,
    answer,
    boxes_of,
    chair,
    cycle_of,
    deliver,
    member,
    move,
    object_to,
    placement_of,
    some_talents,
    somebody,
)
from tests.factories import an_institution, officer, rows_of, talent


class Office:
    """ANI stands in box 8, BUDI in box 5, CITRA in none; a cycle is being calibrated."""

    def __init__(self, db: Database, actor: Actor, cycle_id: UUID, ani: str, budi: str, citra: str) -> None:
        self.db, self.actor, self.cycle_id = db, actor, cycle_id
        self.nips, self.operator = (ani, budi, citra), somebody(actor, Role.OPERATOR, "test")
        self.ani, self.budi, self.citra = (talent(actor, nip) for nip in self.nips)

    async def open_objections(self) -> None:
        await advance(self.db, self.actor, self.cycle_id, "objection")

    async def boxes(self, who: Actor) -> tuple[int | None, ...]:
        """Computed, calibrated, published."""
        return boxes_of(await placement_of(self.db, self.actor, self.cycle_id, who.nip or ""))[:3]

    async def told(self, objection_id: UUID) -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads(await objections.objection_document(self.db, self.actor, objection_id))
        return document


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    actor = officer(await an_institution(db))
    operator = somebody(actor, Role.OPERATOR, "test")
    nips = await some_talents(db, operator, tmp_path / "office", None, WEAK_POTENTIAL, bare=1)
    return Office(db, actor, await a_cycle_in(db, actor, Phase.CALIBRATION), *nips)


async def test_an_objection_upheld_changes_inputs_of_that_talent_alone(office: Office, tmp_path: Path) -> None:
    await office.open_objections()
    objection_id = await object_to(office.db, office.budi, office.cycle_id, items=["potentialAssessment"])
    others = await placement_of(office.db, office.actor, office.cycle_id, office.nips[2])
    digest = (await cycle_of(office.db, office.actor, office.cycle_id))["inputsDigest"]
    await deliver(office.db, office.operator, tmp_path / "later", office.nips[1:])
    await answer(office.db, office.actor, objection_id, "upheld")
    told = await office.told(objection_id)
    assert (told["state"], told["boxBefore"], told["boxAfter"]) == ("upheld", 5, 8)
    assert (told["items"], told["answer"]["by"]) == (["potentialAssessment"], "officer")
    assert await office.boxes(office.budi) == (8, None, 8)
    assert await placement_of(office.db, office.actor, office.cycle_id, office.nips[2]) == others
    assert (await cycle_of(office.db, office.actor, office.cycle_id))["inputsDigest"] != digest


async def test_recomputed_after_an_objection_everything_is_the_same(office: Office, tmp_path: Path) -> None:
    await office.open_objections()
    objection_id = await object_to(office.db, office.budi, office.cycle_id)
    await deliver(office.db, office.operator, tmp_path / "later", office.nips[1:])
    await answer(office.db, office.actor, objection_id, "upheld")
    calculation_id = await cycles.start_recomputation(office.db, office.actor, office.cycle_id)
    await cycles.run_calculation(office.db, office.actor, calculation_id)
    found = (await cycle_of(office.db, office.actor, office.cycle_id))["calculation"]["result"]
    assert (found["placements"], found["equal"], found["intact"]) == (3, 3, True)
    sql = "SELECT sequence, cardinality(talents) FROM cycle_input ORDER BY sequence"
    assert [tuple(row) for row in await rows_of(office.db, office.actor, sql)] == [(1, 3), (2, 1)]


async def test_an_objection_rejected_changes_nothing(office: Office, tmp_path: Path) -> None:
    await office.open_objections()
    objection_id = await object_to(office.db, office.budi, office.cycle_id)
    await deliver(office.db, office.operator, tmp_path / "later", [office.nips[1]])
    before = await placement_of(office.db, office.actor, office.cycle_id, office.nips[1])
    await answer(office.db, office.actor, objection_id, "rejected")
    told = await office.told(objection_id)
    assert (told["state"], told["boxBefore"], told["boxAfter"]) == ("rejected", 5, 5)
    assert await placement_of(office.db, office.actor, office.cycle_id, office.nips[1]) == before


async def test_a_calibration_stays_unless_the_objection_made_it_stale(office: Office, tmp_path: Path) -> None:
    one = member(office.actor, "one")
    for nip, from_box, box in ((office.nips[0], 8, 5), (office.nips[1], 5, 3)):
        await move(office.db, one, office.cycle_id, nip, from_box, box)
    await office.open_objections()
    await deliver(office.db, office.operator, tmp_path / "later", [office.nips[1]])
    for who in (office.ani, office.budi):
        await answer(office.db, office.actor, await object_to(office.db, who, office.cycle_id), "upheld")
    assert await office.boxes(office.ani) == (8, 5, 5)
    assert await office.boxes(office.budi) == (8, None, 8)
    page = json.loads(await calibration.calibrations_page(office.db, office.actor, office.cycle_id))
    assert [edge["node"]["state"] for edge in page["edges"]] == ["stale", "effective"]


async def test_the_last_day_counts_and_the_next_is_too_late(office: Office) -> None:
    await office.open_objections()
    with pytest.raises(Conflict) as refusal:
        await object_to(after_the_deadline(office.db), office.budi, office.cycle_id)
    until = (await cycle_of(office.db, office.actor, office.cycle_id))["plan"]["objectionUntil"]
    assert (refusal.value.code, refusal.value.about) == (
        "objection.too_late",
        {"until": day_in_words(date.fromisoformat(until))},
    )
    extended = EditCycle(objection_until=office.db.today() + LATER)
    await cycles.edit_cycle(office.db, office.actor, office.cycle_id, extended)
    await object_to(after_the_deadline(office.db), office.budi, office.cycle_id)


async def test_after_the_deadline_it_is_still_answered(office: Office) -> None:
    await office.open_objections()
    objection_id = await object_to(office.db, office.budi, office.cycle_id)
    later = after_the_deadline(office.db)
    with pytest.raises(Conflict) as refusal:
        await advance(later, office.actor, office.cycle_id, "confirmation")
    assert (refusal.value.code, refusal.value.about) == ("objection.unanswered", {"count": 1})
    await answer(later, office.actor, objection_id, "rejected")
    await advance(later, office.actor, office.cycle_id, "confirmation")


async def test_objections_have_their_phase(office: Office) -> None:
    with pytest.raises(Conflict) as refusal:
        await object_to(office.db, office.budi, office.cycle_id)
    assert refusal.value.about == {"phase": words_of(Phase.CALIBRATION), "needed": words_of(Phase.OBJECTION)}


async def test_one_objection_at_a_time(office: Office) -> None:
    await office.open_objections()
    first = await object_to(office.db, office.budi, office.cycle_id)
    with pytest.raises(Conflict) as refusal:
        await object_to(office.db, office.budi, office.cycle_id)
    assert (refusal.value.code, refusal.value.about["at"]) == (
        "objection.exists",
        datetime.fromisoformat((await office.told(first))["raisedAt"]),
    )
    await answer(office.db, office.actor, first, "rejected")
    await object_to(office.db, office.budi, office.cycle_id)
    with pytest.raises(Conflict, match=r"objection\.answered"):
        await answer(office.db, office.actor, first, "upheld")


async def test_somebody_not_assessed_may_object_too(office: Office) -> None:
    await office.open_objections()
    objection_id = await object_to(office.db, office.citra, office.cycle_id)
    await answer(office.db, chair(office.actor), objection_id, "upheld")
    assert ((await office.told(objection_id))["boxBefore"], await office.boxes(office.citra)) == (None, (None,) * 3)


async def test_who_moved_a_talent_or_is_the_talent_does_not_answer(office: Office) -> None:
    mover = chair(office.actor)
    await move(office.db, mover, office.cycle_id, office.nips[1], 5, 3)
    await office.open_objections()
    objection_id = await object_to(office.db, office.budi, office.cycle_id)
    with pytest.raises(Forbidden, match=r"objection\.own_move"):
        await answer(office.db, mover, objection_id, "rejected")
    himself = somebody(office.actor, Role.HR_OFFICER, "budi", office.nips[1])
    with pytest.raises(Forbidden, match=r"calibration\.own_placement"):
        await answer(office.db, himself, objection_id, "upheld")
    for nobody in (office.budi, member(office.actor, "two")):
        with pytest.raises(Forbidden):
            await answer(office.db, nobody, objection_id, "rejected")
    await answer(office.db, office.actor, objection_id, "rejected")


async def test_an_objection_is_about_items_of_the_rubric(office: Office) -> None:
    await office.open_objections()
    with pytest.raises(Invalid) as refusal:
        await object_to(office.db, office.budi, office.cycle_id, items=["training", "religion"])
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [("value.unknown", "/items/1")]


async def test_a_talent_sees_the_own_objections_only(office: Office) -> None:
    await office.open_objections()
    of_ani, of_budi = [await object_to(office.db, who, office.cycle_id) for who in (office.ani, office.budi)]

    async def found(who: Actor, **wanted: Any) -> list[str]:
        chosen = ObjectionFilter(**wanted)
        page = json.loads(await objections.objections_page(office.db, who, office.cycle_id, chosen))
        return [edge["node"]["id"] for edge in page["edges"]]

    assert await found(office.budi) == [str(of_budi)]
    assert await found(office.actor) == [str(of_budi), str(of_ani)]
    assert await found(office.actor, state="upheld") == []
    for somebody_else in (office.ani, officer(await an_institution(office.db))):
        with pytest.raises(NotFound):
            await objections.objection_document(office.db, somebody_else, of_budi)


async def test_who_is_not_in_the_cycle_cannot_object(office: Office) -> None:
    await office.open_objections()
    with pytest.raises(NotFound):
        await object_to(office.db, talent(office.actor, "198008212005011999"), office.cycle_id)
    with pytest.raises(Forbidden):
        await object_to(office.db, office.actor, office.cycle_id)


async def test_what_an_objection_says_stays_out_of_the_ledger(office: Office) -> None:
    await office.open_objections()
    objection_id = await object_to(office.db, office.budi, office.cycle_id, text="Rahasia saya tentang penilaian ini.")
    await answer(office.db, office.actor, objection_id, "rejected")
    entries = await rows_of(office.db, office.actor, "SELECT type, payload::text FROM ledger_entry")
    assert {"objectionRaised", "objectionAnswered"} <= {row["type"] for row in entries}
    assert not any("Rahasia" in row["payload"] or office.nips[1] in row["payload"] for row in entries)


@pytest.mark.parametrize("nothing", [" " * 30, "\u200b" * 30, "." * 30])
def test_a_text_that_says_nothing_is_no_objection_no_answer_and_no_reason(nothing: str) -> None:
    for said in (
        lambda: RaiseObjection(text=nothing),
        lambda: AnswerObjection(outcome=Outcome.REJECTED, answer=nothing),
        lambda: RejectCalibration(comment=nothing),
        lambda: OpenCycle(name=nothing),
    ):
        with pytest.raises(ValidationError):
            said()
