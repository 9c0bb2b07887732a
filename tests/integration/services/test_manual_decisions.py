"""Who objects to automated processing is decided on by a human, who is recorded, before any box becomes final."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from app.db.database import Database
from app.domain.actors import Actor
from app.domain.cycles import Phase
from app.domain.errors import Conflict, Forbidden, NotFound
from app.services import calibration, cycle_placements, cycles, data_requests, placements
from app.services.calibration import ReviewPlacement
from app.services.cycle_placements import CyclePlacementFilter
from tests.cycles import (
    WEAK_POTENTIAL,
    a_cycle_in,
    advance,
    after_the_deadline,
    answer,
    authority,
    boxes_of,
    calculate,
    carried_out,
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
from tests.rights import ask, reply

REVIEW = ReviewPlacement(comment="Berkasnya kami baca satu per satu; kotaknya tepat.")


class Office:
    """ANI stands in box 8, BUDI in box 5; both object to automated processing."""

    def __init__(self, db: Database, actor: Actor, operator: Actor, nips: list[str]) -> None:
        self.db, self.actor, self.operator, self.nips = db, actor, operator, nips
        self.ani, self.budi = (talent(actor, nip) for nip in nips)
        self.requests: list[UUID] = []

    async def object(self) -> None:
        self.requests = [await ask(self.db, who, "automated-processing") for who in (self.ani, self.budi)]

    async def placement(self, who: Actor) -> Mapping[str, Any]:
        return json.loads(await placements.placement_document(self.db, self.actor, who.nip or ""))

    async def review(self, cycle_id: UUID, who: Actor, by: Actor | None = None) -> None:
        reviewer = member(self.actor) if by is None else by
        await calibration.review_placement(self.db, reviewer, cycle_id, who.nip or "", REVIEW)

    async def awaiting(self, cycle_id: UUID) -> list[str]:
        chosen = CyclePlacementFilter(awaiting_review=True)
        page = await cycle_placements.cycle_placements_page(self.db, self.actor, cycle_id, chosen)
        return [edge["node"]["nip"] for edge in json.loads(page)["edges"]]

    async def payload(self, kind: str) -> dict[str, Any]:
        sql = "SELECT payload FROM ledger_entry WHERE type = $1 ORDER BY id DESC LIMIT 1"
        [row] = await rows_of(self.db, self.actor, sql, kind)
        payload: dict[str, Any] = row["payload"]
        return payload


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    operator = await an_institution(db)
    nips = await some_talents(db, operator, tmp_path / "office", None, WEAK_POTENTIAL)
    return Office(db, officer(operator), operator, nips)


async def test_an_objection_marks_the_case_at_once_until_a_human_refuses_or_the_subject_withdraws(
    office: Office,
) -> None:
    assert (await office.placement(office.ani))["manualDecision"] is False
    await office.object()
    assert (await office.placement(office.ani))["manualDecision"] is True
    await reply(office.db, office.actor, office.requests[0], "granted")
    assert (await office.placement(office.ani))["manualDecision"] is True
    await data_requests.withdraw_data_request(office.db, office.ani, office.requests[0])
    await reply(office.db, office.actor, office.requests[1], "refused")
    assert [(await office.placement(who))["manualDecision"] for who in (office.ani, office.budi)] == [False, False]


async def test_every_run_records_of_how_many_a_human_decides(office: Office, tmp_path: Path) -> None:
    await office.object()
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALCULATION)
    assert (await office.payload("cycleCalculated"))["manual_decisions"] == 2
    result = (await cycle_of(office.db, office.actor, cycle_id))["calculation"]["result"]
    assert (result["manualDecisions"], result["restricted"]) == (2, 0)
    await data_requests.withdraw_data_request(office.db, office.ani, office.requests[0])
    await deliver(office.db, office.operator, tmp_path / "later", office.nips, {"ASESMEN POTENSI": 5})
    assert (await office.payload("talentsPlaced"))["manual_decisions"] == 1
    assert (await office.payload("cycleCalculated"))["manual_decisions"] == 2


async def test_a_cycle_is_not_confirmed_before_a_human_has_decided_about_each(office: Office) -> None:
    await office.object()
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    assert sorted(await office.awaiting(cycle_id)) == sorted(office.nips)
    await move(office.db, member(office.actor), cycle_id, office.nips[1], 5, 3)
    assert await office.awaiting(cycle_id) == [office.nips[0]]
    await advance(office.db, office.actor, cycle_id, "objection")
    await advance(after_the_deadline(office.db), office.actor, cycle_id, "confirmation")
    with pytest.raises(Conflict) as refusal:
        await cycles.confirm_cycle(office.db, authority(office.actor), cycle_id)
    assert (refusal.value.code, refusal.value.about["count"]) == ("cycle.manual_decisions", 1)

    before = await placement_of(office.db, office.actor, cycle_id, office.nips[0])
    await office.review(cycle_id, office.ani)
    after = await placement_of(office.db, office.actor, cycle_id, office.nips[0])
    assert (after["review"]["by"], after["review"]["role"], after["review"]["comment"]) == (
        "member",
        "committee-member",
        REVIEW.comment,
    )
    assert (after["awaitingReview"], after["manualDecision"], boxes_of(after)) == (False, True, boxes_of(before))
    await cycles.confirm_cycle(office.db, authority(office.actor), cycle_id)
    await cycles.publish_cycle(office.db, office.actor, cycle_id)
    said = await office.payload("placementReviewed")
    assert (said["box"], "comment" in said) == (8, False)


async def test_who_objects_after_confirmation_is_decided_on_before_publication(office: Office) -> None:
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CONFIRMATION)
    await cycles.confirm_cycle(office.db, authority(office.actor), cycle_id)
    await office.object()
    with pytest.raises(Conflict) as refusal:
        await cycles.publish_cycle(office.db, office.actor, cycle_id)
    assert refusal.value.about["count"] == 2
    for who in (office.ani, office.budi):
        await office.review(cycle_id, who)
    await cycles.publish_cycle(office.db, office.actor, cycle_id)


async def test_a_review_counts_for_the_box_that_was_looked_at(office: Office, tmp_path: Path) -> None:
    await office.object()
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    await office.review(cycle_id, office.budi)
    await calculate(office.db, office.actor, cycle_id)
    assert await office.awaiting(cycle_id) == [office.nips[0]]
    await advance(office.db, office.actor, cycle_id, "objection")
    objection_id = await object_to(office.db, office.budi, cycle_id)
    await deliver(office.db, office.operator, tmp_path / "later", office.nips[1:])
    await answer(office.db, office.actor, objection_id, "upheld")
    changed = await placement_of(office.db, office.actor, cycle_id, office.nips[1])
    assert (changed["publishedBox"], changed["awaitingReview"], changed["review"]) == (8, True, None)
    await office.review(cycle_id, office.budi, chair(office.actor))
    assert (await placement_of(office.db, office.actor, cycle_id, office.nips[1]))["review"]["by"] == "chair"


async def test_only_who_may_calibrate_reviews_and_nobody_their_own_case(office: Office) -> None:
    await office.object()
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    for nobody in (office.actor, office.ani):
        with pytest.raises(Forbidden):
            await office.review(cycle_id, office.ani, nobody)
    with pytest.raises(Forbidden, match=r"calibration\.own_placement"):
        await office.review(cycle_id, office.ani, member(office.actor, "ani", office.nips[0]))
    stranger = member(await an_institution(office.db))
    with pytest.raises(NotFound):
        await office.review(cycle_id, office.ani, stranger)
    with pytest.raises(NotFound):
        await office.review(cycle_id, somebody(office.actor, office.ani.role, "x", "\x00"))


async def test_a_review_comes_with_calibration_and_not_before(office: Office) -> None:
    await office.object()
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALCULATION)
    with pytest.raises(Conflict, match=r"cycle\.phase"):
        await office.review(cycle_id, office.ani)


async def test_a_proof_still_finds_every_placement_the_same(office: Office) -> None:
    await office.object()
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    await office.review(cycle_id, office.ani)
    calculation_id = await cycles.start_recomputation(office.db, office.actor, cycle_id)
    await carried_out(cycles.run_calculation, office.db, office.actor, calculation_id)
    found = (await cycle_of(office.db, office.actor, cycle_id))["calculation"]["result"]
    assert (found["equal"], found["intact"], found["manualDecisions"]) == (2, True, None)
