"""Whose processing is restricted is in no run, no list of candidates and no export, and in no low box either."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from python_calamine import CalamineWorkbook

from app.db.database import Database
from app.domain.actors import Actor, ClientScope, Permission, Role
from app.domain.cycles import Phase
from app.domain.errors import Conflict, NotFound
from app.domain.ladder import Rung
from app.services import (
    calibration,
    cycle_placements,
    cycles,
    exports,
    movements,
    placements,
    rehearsals,
    submissions,
    talents,
)
from app.services.exports import ExportTalentMap, ExportWorkPlan
from app.services.rehearsals import RehearseRubric
from app.services.submissions import VerifySubmission
from app.services.talents import TalentFilter
from tests.conftest import as_superuser
from tests.cycles import (
    WEAK_POTENTIAL,
    a_cycle_in,
    advance,
    answer,
    authority,
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
from tests.factories import a_submission, an_institution, officer, rows_of, talent, unit_verifier
from tests.movements import a_comparison
from tests.rights import ask, lift, officer_for_data_protection, reply, restrict, told


class Office:
    """ANI stands in box 8, BUDI in box 5, CITRA in none."""

    def __init__(self, db: Database, operator: Actor, nips: list[str]) -> None:
        self.db, self.actor, self.operator, self.nips = db, officer(operator), operator, nips
        self.ani, self.budi, self.citra = (talent(operator, nip) for nip in nips)

    async def map(self) -> tuple[int, int]:
        """How many are on the map, and how many of them stand in a box."""
        document = json.loads(await placements.nine_box_document(self.db, self.actor))
        return document["total"], document["assessed"]

    async def profile(self, reader: Actor) -> Mapping[str, Any]:
        return json.loads(await talents.talent_document(self.db, reader, self.nips[0]))

    async def listed(self, reader: Actor, **chosen: Any) -> list[str]:
        page = json.loads(await talents.talents_page(self.db, reader, TalentFilter(**chosen)))
        return sorted(edge["node"]["nip"] for edge in page["edges"])


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    operator = await an_institution(db)
    return Office(db, operator, await some_talents(db, operator, tmp_path / "office", None, WEAK_POTENTIAL, bare=1))


async def test_a_restriction_holds_from_when_it_is_granted_until_it_is_lifted(office: Office) -> None:
    request_id = await ask(office.db, office.ani, "restriction")
    assert await office.map() == (3, 2)
    before = await office.profile(office.ani)
    assert (before["processing"], before["placement"]["box"]) == ("normal", 8)

    await reply(office.db, office.actor, request_id, "granted")
    assert await office.map() == (2, 1)
    held = await office.profile(office.ani)
    assert (held["processing"], held["placement"], held["isMapped"]) == ("restricted", None, True)
    of_map = json.loads(await placements.placement_document(office.db, office.actor, office.nips[0]))
    assert (of_map["processing"], of_map["box"], of_map["reachableBoxes"]) == ("restricted", None, [])

    await lift(office.db, officer_for_data_protection(office.actor), request_id)
    assert await office.map() == (3, 2)
    assert (await office.profile(office.ani))["placement"] == before["placement"]
    after = await told(office.db, office.ani, request_id)
    assert (after["state"], after["lifting"]["by"], after["isInEffect"]) == ("lifted", "protector", False)
    with pytest.raises(Conflict, match=r"data_request\.not_restricted"):
        await lift(office.db, office.actor, request_id)


async def test_a_restriction_that_is_refused_changes_nothing(office: Office) -> None:
    request_id = await ask(office.db, office.ani, "restriction")
    await reply(office.db, office.actor, request_id, "refused")
    assert (await office.map(), (await office.profile(office.ani))["processing"]) == ((3, 2), "normal")


async def test_no_run_brings_back_who_is_restricted(office: Office, tmp_path: Path) -> None:
    submission = await a_submission(office.db, office.actor, office.nips[0])
    await restrict(office.db, office.ani)
    await deliver(office.db, office.operator, tmp_path / "later", office.nips[:1], {"ASESMEN POTENSI": 5})
    command = VerifySubmission(rung=Rung.VERIFIED_BY_UNIT)
    await submissions.verify_submission(office.db, office.actor, submission, command)
    assert await office.map() == (2, 1)
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    document = await cycle_of(office.db, office.actor, cycle_id)
    assert (document["nineBox"]["total"], document["calculation"]["result"]["restricted"]) == (2, 1)
    [entry] = await rows_of(office.db, office.actor, "SELECT payload FROM ledger_entry WHERE type = 'cycleCalculated'")
    assert (entry["payload"]["restricted"], entry["payload"]["total"]) == (1, 2)
    with pytest.raises(NotFound):
        await placement_of(office.db, office.actor, cycle_id, office.nips[0])


async def test_a_rehearsal_and_a_movement_leave_them_out(office: Office) -> None:
    earlier = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    later = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    await restrict(office.db, office.ani)
    for cohort in (None, later):
        command = RehearseRubric(code="bkn-411-2025", version=1, cycle_id=cohort)
        calculation_id = await rehearsals.rehearse_rubric(office.db, office.actor, command)
        await carried_out(rehearsals.run_rehearsal, office.db, office.actor, calculation_id, command)
        sql = "SELECT (result->>'placements')::int AS people FROM calculation WHERE id = $1"
        [row] = await rows_of(office.db, office.actor, sql, calculation_id)
        assert row["people"] == 2
    calculation_id = await movements.start_movement(office.db, office.actor, later, earlier)
    await carried_out(movements.run_movement, office.db, office.actor, calculation_id, earlier)
    [row] = await rows_of(office.db, office.actor, "SELECT count(*) AS ways FROM movement")
    assert row["ways"] == 2


async def test_past_decisions_stand_and_say_so(office: Office) -> None:
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.PUBLICATION)
    await restrict(office.db, office.ani)
    stands = await placement_of(office.db, office.actor, cycle_id, office.nips[0])
    assert (stands["publishedBox"], stands["processing"]) == (8, "restricted")
    calculation_id = await cycles.start_recomputation(office.db, office.actor, cycle_id)
    await carried_out(cycles.run_calculation, office.db, office.actor, calculation_id)
    assert (await cycle_of(office.db, office.actor, cycle_id))["calculation"]["result"]["intact"] is True


async def test_a_cycle_does_not_show_them_to_whom_their_profile_is_not_shown(office: Office) -> None:
    db, nip = office.db, office.nips[0]
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
    moved = await move(db, member(office.actor), cycle_id, nip, 8, 9)
    await calibration.confirm_calibration(db, chair(office.actor), moved)
    ids = await a_comparison(db, office.actor, cycle_id)
    await advance(db, office.actor, cycle_id, "objection")

    async def shown(reader: Actor) -> list[bool]:
        earlier, rehearsal = ids["earlierCycleId"], ids["rehearsalId"]
        reads = [
            cycle_placements.cycle_placement_document(db, reader, cycle_id, nip),
            cycle_placements.cycle_placements_page(db, reader, cycle_id),
            cycle_placements.talent_cycle_placements_page(db, reader, nip),
            calibration.calibration_document(db, reader, moved),
            calibration.calibrations_page(db, reader, cycle_id),
            movements.movers_page(db, reader, cycle_id, earlier),
        ]
        if reader.may(Permission.ACTIVATE_RUBRIC):
            reads.append(rehearsals.rehearsal_movers_page(db, reader, rehearsal))
        found = await asyncio.gather(*reads, return_exceptions=True)
        assert all(isinstance(one, bytes | NotFound) for one in found), found
        return [isinstance(one, bytes) and nip.encode() in one for one in found]

    machine = Actor(office.actor.institution_id, Role.CLIENT, "m", scopes=frozenset({ClientScope.TALENTS_READ}))
    auditor = somebody(office.actor, Role.AUDITOR, "auditor")
    others = (member(office.actor), chair(office.actor), authority(office.actor), auditor, machine)
    own = somebody(office.actor, Role.COMMITTEE_MEMBER, "ani", nip)
    for reader in (*others, own, office.actor):
        assert set(await shown(reader)) == {True}
    counts = (await cycle_of(db, auditor, cycle_id))["nineBox"]
    await restrict(db, office.ani)
    for reader in others:
        assert set(await shown(reader)) == {False}
    for reader in (own, office.actor):
        assert set(await shown(reader)) == {True}
    assert (await placement_of(db, office.ani, cycle_id, nip))["publishedBox"] == 9
    assert nip.encode() in await cycle_placements.talent_cycle_placements_page(db, office.ani, nip)
    assert (await cycle_of(db, auditor, cycle_id))["nineBox"] == counts


async def test_in_a_cycle_under_way_they_are_not_moved_and_go_with_the_next_calculation(office: Office) -> None:
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    large = await move(office.db, member(office.actor), cycle_id, office.nips[0], 8, 9)
    await restrict(office.db, office.ani)
    with pytest.raises(Conflict, match=r"talent\.restricted"):
        await calibration.confirm_calibration(office.db, chair(office.actor), large)
    await calibration.withdraw_calibration(office.db, member(office.actor), large)
    with pytest.raises(Conflict, match=r"talent\.restricted"):
        await move(office.db, member(office.actor), cycle_id, office.nips[0], 8, 5)
    await calculate(office.db, office.actor, cycle_id)
    with pytest.raises(NotFound):
        await placement_of(office.db, office.actor, cycle_id, office.nips[0])


async def test_an_objection_of_theirs_is_not_upheld_as_long_as_the_restriction_holds(office: Office) -> None:
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.CALIBRATION)
    await advance(office.db, office.actor, cycle_id, "objection")
    objection_id = await object_to(office.db, office.ani, cycle_id)
    request_id = await restrict(office.db, office.ani)
    with pytest.raises(Conflict, match=r"talent\.restricted"):
        await answer(office.db, office.actor, objection_id, "upheld")
    await lift(office.db, office.actor, request_id)
    await answer(office.db, office.actor, objection_id, "upheld")


async def test_their_profile_is_read_by_themselves_and_by_those_who_answer_data_subjects(office: Office) -> None:
    await restrict(office.db, office.ani)
    machine = Actor(office.actor.institution_id, Role.CLIENT, "m", scopes=frozenset({ClientScope.TALENTS_READ}))
    own = somebody(office.actor, Role.COMMITTEE_MEMBER, "ani", office.nips[0])
    for reader in (office.actor, office.ani, own):
        assert (await office.profile(reader))["processing"] == "restricted"
    for reader in (member(office.actor), chair(office.actor), unit_verifier(office.actor), machine):
        with pytest.raises(NotFound):
            await office.profile(reader)
        assert await office.listed(reader) == sorted(office.nips[1:])
    assert await office.listed(office.actor) == sorted(office.nips)
    assert await office.listed(office.actor, box=8) == []
    assert await office.listed(office.actor, assessed=False) == [office.nips[2]]


async def test_exports_and_cards_leave_them_out(office: Office, database_name: str) -> None:
    cycle_id = await a_cycle_in(office.db, office.actor, Phase.PUBLICATION)
    await restrict(office.db, office.ani)
    files = [
        await exports.export_talent_map(office.db, office.actor, ExportTalentMap()),
        await exports.export_talent_map(office.db, office.actor, ExportTalentMap(cycle=cycle_id)),
        await exports.export_work_plan(office.db, office.actor, ExportWorkPlan()),
    ]
    for file in files:
        with file.content as content:
            assert office.nips[0] not in _words_of(content.read())
    cards = await as_superuser(
        f"SELECT 1 FROM talent_card c JOIN talent t ON t.id = c.talent_id WHERE t.nip = '{office.nips[0]}'",  # noqa: S608
        database_name,
    )
    assert cards == []


def _words_of(workbook: bytes) -> str:
    book = CalamineWorkbook.from_filelike(BytesIO(workbook))
    return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
