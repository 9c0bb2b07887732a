"""A cycle is calculated from frozen inputs, passes its phases in order, and shows everybody what they may see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from app.db import locks
from app.db.database import Database
from app.db.tables.cycles import CycleRow
from app.db.tables.institutions import InstitutionRow
from app.domain.actors import Actor, Role
from app.domain.cycles import Phase, words_of
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import calculation, cycle_placements, cycles
from app.services.cycle_placements import CyclePlacementFilter
from app.services.cycles import CycleFilter, EditCycle, GuidelineShare, RubricChoice
from tests.conftest import url_of
from tests.cycles import (
    WEAK_POTENTIAL,
    a_cycle,
    a_cycle_in,
    advance,
    after_the_deadline,
    authority,
    boxes_of,
    calculate,
    carried_out,
    cycle_of,
    deliver,
    member,
    move,
    object_to,
    placement_of,
    some_talents,
    somebody,
)
from tests.factories import a_placed_talent, an_institution, officer, rows_of, talent


@dataclass(frozen=True)
class Office:
    """ANI stands in box 8, BUDI in box 5, CITRA in none."""

    actor: Actor
    ani: str
    budi: str
    citra: str


@pytest_asyncio.fixture
async def office(db: Database, tmp_path: Path) -> Office:
    actor = await an_institution(db)
    return Office(officer(actor), *await some_talents(db, actor, tmp_path / "office", None, WEAK_POTENTIAL, bare=1))


# ── a cycle's life


async def test_a_cycle_passes_its_phases_one_by_one_and_tells_who_moved_it(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CLOSED)
    cycle = await cycle_of(db, office.actor, cycle_id)
    assert [entry["phase"] for entry in cycle["phases"]] == [phase.value for phase in Phase]
    assert {entry["by"] for entry in cycle["phases"]} == {"officer"}
    assert (cycle["phase"], cycle["confirmation"]["by"]) == ("closed", "authority")


async def test_every_step_of_a_cycle_is_in_the_ledger(db: Database, office: Office) -> None:
    await a_cycle_in(db, office.actor, Phase.CLOSED)
    rows = await rows_of(db, office.actor, "SELECT type FROM ledger_entry ORDER BY id")
    assert [row["type"] for row in rows if row["type"].startswith("cycle")] == [
        "cycleOpened",
        "cycleAdvanced",
        "cycleCalculated",
        *["cycleAdvanced"] * 3,
        "cycleConfirmed",
        *["cycleAdvanced"] * 2,
    ]


@pytest.mark.parametrize("phase", [Phase.OBJECTION, Phase.CONFIRMATION, Phase.PUBLICATION, Phase.CLOSED])
async def test_after_calibration_nothing_is_calculated_or_edited(db: Database, office: Office, phase: Phase) -> None:
    cycle_id = await a_cycle_in(db, office.actor, phase)
    before = await placement_of(db, office.actor, cycle_id, office.ani)
    with pytest.raises(Conflict) as refusal:
        await cycles.start_calculation(db, office.actor, cycle_id)
    assert refusal.value.about["phase"] == words_of(phase)
    assert refusal.value.about["needed"]["id"] == "pembukaan; perhitungan; kalibrasi"
    for command in (EditCycle(name="Nama baru"), EditCycle(as_of=db.today()), EditCycle(guideline=[])):
        with pytest.raises(Conflict) as refusal:
            await cycles.edit_cycle(db, office.actor, cycle_id, command)
        assert refusal.value.code == "cycle.locked"
    assert await placement_of(db, office.actor, cycle_id, office.ani) == before


async def test_a_cycle_is_confirmed_by_the_appointing_authority_and_then_published(
    db: Database, office: Office
) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CONFIRMATION)
    with pytest.raises(Conflict, match=r"cycle\.not_confirmed"):
        await cycles.publish_cycle(db, office.actor, cycle_id)
    for nobody in (office.actor, member(office.actor)):
        with pytest.raises(Forbidden):
            await cycles.confirm_cycle(db, nobody, cycle_id)
    await cycles.confirm_cycle(db, authority(office.actor), cycle_id)
    with pytest.raises(Conflict, match=r"cycle\.confirmed"):
        await cycles.confirm_cycle(db, authority(office.actor), cycle_id)
    await cycles.publish_cycle(db, office.actor, cycle_id)


async def test_the_confirmation_covers_every_box(db: Database, office: Office) -> None:
    async def confirmed(*moves: tuple[str, int, int]) -> str:
        cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
        for nip, from_box, box in moves:
            await move(db, member(office.actor), cycle_id, nip, from_box, box)
        await advance(db, office.actor, cycle_id, "objection")
        await advance(after_the_deadline(db), office.actor, cycle_id, "confirmation")
        await cycles.confirm_cycle(db, authority(office.actor), cycle_id)
        sql = "SELECT payload->>'boxes' FROM ledger_entry WHERE type = 'cycleConfirmed' ORDER BY id DESC LIMIT 1"
        return str((await rows_of(db, office.actor, sql))[0][0])

    assert await confirmed() == await confirmed()
    assert await confirmed() != await confirmed((office.budi, 5, 3))


async def test_objections_get_the_time_they_were_told(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.OBJECTION)
    with pytest.raises(Conflict) as refusal:
        await advance(db, office.actor, cycle_id, "confirmation")
    assert refusal.value.code == "objection.window_open"
    shorter = EditCycle(objection_until=db.today() + timedelta(days=1))
    with pytest.raises(Conflict, match=r"objection\.shortened"):
        await cycles.edit_cycle(db, office.actor, cycle_id, shorter)
    await advance(db, office.actor, cycle_id, "confirmation", early=True)
    sql = "SELECT payload FROM ledger_entry WHERE type = 'cycleAdvanced' ORDER BY id DESC LIMIT 1"
    [entry] = await rows_of(db, office.actor, sql)
    assert entry["payload"]["early"] is True


async def test_objections_need_a_deadline_to_come(db: Database, office: Office) -> None:
    for until in (None, db.today() - timedelta(days=1)):
        cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION, objection_until=until)
        with pytest.raises(Conflict, match=r"objection\.no_window"):
            await advance(db, office.actor, cycle_id, "objection")


async def test_nothing_is_calibrated_that_was_not_calculated(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALCULATION)
    await cycles.edit_cycle(db, office.actor, cycle_id, EditCycle(as_of=db.today()))
    with pytest.raises(Conflict, match=r"cycle\.not_calculated"):
        await advance(db, office.actor, cycle_id, "calibration")
    await calculate(db, office.actor, cycle_id)
    await advance(db, office.actor, cycle_id, "calibration")
    assert (await placement_of(db, office.actor, cycle_id, office.ani))["asOf"] == db.today().isoformat()


# ── opening and editing


async def test_a_cycle_is_of_the_maps_day_and_rubric_unless_told_otherwise(db: Database, office: Office) -> None:
    usual = await cycle_of(db, office.actor, await a_cycle(db, office.actor))
    assert (usual["asOf"], usual["rubric"]["code"]) == ("2025-12-04", "bkn-411-2025")
    rubric = RubricChoice(code="bkn-411-2025", version=1)
    other = await a_cycle(db, office.actor, as_of=db.today(), rubric=rubric)
    assert (await cycle_of(db, office.actor, other))["rubric"] == {"code": "bkn-411-2025", "version": 1}


async def test_two_cycles_of_one_name_are_refused(db: Database, office: Office) -> None:
    await a_cycle(db, office.actor, name="Pemetaan 2026")
    other = await a_cycle(db, office.actor, name="Pemetaan 2027")
    with pytest.raises(Conflict, match=r"cycle\.exists"):
        await a_cycle(db, office.actor, name="Pemetaan 2026")
    with pytest.raises(Conflict, match=r"cycle\.exists"):
        await cycles.edit_cycle(db, office.actor, other, EditCycle(name="Pemetaan 2026"))


async def test_what_contradicts_itself_is_refused_and_nothing_is_kept(db: Database, office: Office) -> None:
    today, earlier = db.today(), db.today() - timedelta(days=1)
    cycle_id = await a_cycle(db, office.actor, calibration_until=today)
    with pytest.raises(Invalid) as refusal:
        await cycles.edit_cycle(db, office.actor, cycle_id, EditCycle(objection_until=earlier))
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [("plan.order", "/objectionUntil")]
    twice = [GuidelineShare(boxes=[9], share=10), GuidelineShare(boxes=[7, 9], share=10)]
    with pytest.raises(Invalid) as refusal:
        await cycles.edit_cycle(db, office.actor, cycle_id, EditCycle(guideline=twice))
    assert [fault.code for fault in refusal.value.faults] == ["guideline.repeated"]
    with pytest.raises(NotFound, match=r"rubric\.not_found"):
        await a_cycle(db, office.actor, rubric=RubricChoice(code="nobody-wrote-this", version=1))
    assert (await cycle_of(db, office.actor, cycle_id))["plan"]["objectionUntil"] > today.isoformat()


async def test_a_stranger_finds_no_cycle(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
    stranger = officer(await an_institution(db))
    for attempt in (
        cycles.cycle_document(db, stranger, cycle_id),
        cycles.start_calculation(db, stranger, cycle_id),
        cycles.edit_cycle(db, stranger, cycle_id, EditCycle(name="Bukan milik saya")),
        cycle_placements.cycle_placement_document(db, stranger, cycle_id, office.ani),
        cycle_placements.cycle_placements_page(db, stranger, cycle_id),
    ):
        with pytest.raises(NotFound):
            await attempt


# ── calculated from frozen inputs


async def proof(db: Database, actor: Actor, cycle_id: UUID) -> Mapping[str, Any]:
    """What a recomputation finds."""
    calculation_id = await cycles.start_recomputation(db, actor, cycle_id)
    await carried_out(cycles.run_calculation, db, actor, calculation_id)
    document = json.loads(await calculation.calculation_document(db, actor, calculation_id))
    assert (document["state"], document["error"]) == ("done", None)
    return document["result"]  # type: ignore[no-any-return]


async def test_recomputed_from_frozen_inputs_everything_is_the_same(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALCULATION)
    found = await proof(db, office.actor, cycle_id)
    assert (found["placements"], found["equal"], found["differing"], found["intact"]) == (3, 3, [], True)
    assert found["digest"] == (await cycle_of(db, office.actor, cycle_id))["inputsDigest"]


async def test_new_evidence_changes_the_map_but_not_the_cycle(db: Database, office: Office, tmp_path: Path) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
    before = await placement_of(db, office.actor, cycle_id, office.budi)
    await deliver(db, somebody(office.actor, Role.OPERATOR, "test"), tmp_path / "later", [office.budi, office.citra])
    sql = "SELECT p.box FROM placement p JOIN talent t ON t.id = p.talent_id ORDER BY t.nip"
    assert [row["box"] for row in await rows_of(db, office.actor, sql)] == [8, 8, 8]
    assert await placement_of(db, office.actor, cycle_id, office.budi) == before
    found = await proof(db, office.actor, cycle_id)
    assert (found["equal"], found["differing"], found["intact"]) == (3, [], True)


async def test_calculated_again_a_cycle_has_the_evidence_of_then(db: Database, office: Office, tmp_path: Path) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
    first = (await cycle_of(db, office.actor, cycle_id))["inputsDigest"]
    await deliver(db, somebody(office.actor, Role.OPERATOR, "test"), tmp_path / "later", [office.citra])
    await calculate(db, office.actor, cycle_id)
    assert boxes_of(await placement_of(db, office.actor, cycle_id, office.citra)) == (8, None, 8, 8)
    cycle = await cycle_of(db, office.actor, cycle_id)
    assert (cycle["phase"], cycle["inputsDigest"] != first) == ("calibration", True)
    assert (await proof(db, office.actor, cycle_id))["equal"] == 3


async def test_the_same_evidence_is_frozen_as_the_same_bytes(db: Database, office: Office) -> None:
    frozen = []
    for _ in range(2):
        cycle_id = await a_cycle_in(db, office.actor, Phase.CALCULATION)
        sql = "SELECT talents, content, digest FROM cycle_input WHERE cycle_id = $1 ORDER BY sequence"
        frozen.append([tuple(row) for row in await rows_of(db, office.actor, sql, cycle_id)])
    assert frozen[0] == frozen[1]
    assert len(frozen[0]) == 1


async def test_whoever_changes_a_stored_placement_or_input_is_found_out(
    db: Database, office: Office, database_name: str
) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALCULATION)
    change = "SET session_replication_role = replica; UPDATE {} WHERE cycle_id = '{}'{}"
    forged = change.format("cycle_placement SET potential = potential + 1", cycle_id, " AND box = 5")
    await execute(database_name, forged)
    found = await proof(db, office.actor, cycle_id)
    assert (found["placements"], found["equal"], len(found["differing"]), found["intact"]) == (3, 2, 1, True)
    await execute(database_name, change.format("cycle_input SET digest = repeat('0', 64)", cycle_id, ""))
    assert (await proof(db, office.actor, cycle_id))["intact"] is False


async def execute(database: str, sql: str) -> None:
    """Statements by somebody whom no policy holds."""
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_batches_make_no_difference(db: Database, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await a_cycle_in(db, office.actor, Phase.CALCULATION)
    monkeypatch.setattr(calculation, "BATCH", 2)
    batched = await a_cycle_in(db, office.actor, Phase.CALCULATION)
    columns = ", ".join(calculation.COLUMNS)
    sql = f"SELECT {columns} FROM cycle_placement WHERE cycle_id = $1 ORDER BY talent_id"  # noqa: S608 - our own names
    assert await rows_of(db, office.actor, sql, whole) == await rows_of(db, office.actor, sql, batched)
    assert (await proof(db, office.actor, batched))["equal"] == 3


# ── the calculation as a resource


async def test_while_a_calculation_is_under_way_no_other_is_begun(db: Database, office: Office) -> None:
    cycle_id = await a_cycle(db, office.actor)
    calculation_id = await cycles.start_calculation(db, office.actor, cycle_id)
    for attempt in (
        cycles.start_calculation(db, office.actor, cycle_id),
        cycles.edit_cycle(db, office.actor, cycle_id, EditCycle(as_of=db.today())),
        advance(db, office.actor, cycle_id, "calibration"),
    ):
        with pytest.raises(Conflict, match=r"calculation\.running"):
            await attempt
    await carried_out(cycles.run_calculation, db, office.actor, calculation_id)
    done = await told_of(db, office.actor, calculation_id)
    await cycles.run_calculation(db, office.actor, calculation_id)  # as a job that is done twice
    assert await told_of(db, office.actor, calculation_id) == done
    await calculate(db, office.actor, cycle_id)


async def test_a_stopped_calculation_leaves_nothing_and_is_taken_up_again(db: Database, office: Office) -> None:
    cycle_id = await a_cycle(db, office.actor)
    calculation_id = await stopped_halfway(db, office, cycle_id)
    counted = "SELECT (SELECT count(*) FROM cycle_input) + (SELECT count(*) FROM cycle_placement)"
    assert (await rows_of(db, office.actor, counted))[0][0] == 0
    assert (await told_of(db, office.actor, calculation_id))["state"] == "queued"
    await cycles.run_calculation(db, office.actor, calculation_id)
    assert (await cycle_of(db, office.actor, cycle_id))["calculation"]["state"] == "done"


async def stopped_halfway(db: Database, office: Office, cycle_id: UUID) -> UUID:
    calculation_id = await cycles.start_calculation(db, office.actor, cycle_id)
    running = asyncio.create_task(cycles.run_calculation(db, office.actor, calculation_id))
    while (await told_of(db, office.actor, calculation_id))["total"] == 0:  # noqa: ASYNC110 - it tells in its document only
        await asyncio.sleep(0.001)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    return calculation_id


@pytest.mark.parametrize("is_taken_up", [True, False])
async def test_what_a_killed_worker_left_is_taken_up_again_or_started_anew(
    db: Database, office: Office, database_name: str, is_taken_up: bool
) -> None:
    cycle_id = await a_cycle(db, office.actor)
    left = await cycles.start_calculation(db, office.actor, cycle_id)
    killed = f"UPDATE calculation SET state = 'running' WHERE id = '{left}'"  # noqa: S608
    await execute(database_name, killed)
    with pytest.raises(Conflict, match=r"calculation\.running"):  # the worker may be alive
        await cycles.run_calculation(db, office.actor, left)
    await execute(database_name, killed.replace(" WHERE", ", heartbeat_at = now() - interval '61 s' WHERE"))
    assert (await told_of(db, office.actor, left))["state"] == "interrupted"
    if is_taken_up:
        await cycles.run_calculation(db, office.actor, left)
    else:
        await calculate(db, office.actor, cycle_id)
    assert (await told_of(db, office.actor, left))["state"] == ("done" if is_taken_up else "interrupted")
    assert (await cycle_of(db, office.actor, cycle_id))["calculation"]["state"] == "done"


async def told_of(db: Database, actor: Actor, calculation_id: UUID) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(await calculation.calculation_document(db, actor, calculation_id))
    return document


async def test_who_holds_a_cycle_or_its_evidence_is_waited_for_only_shortly(
    db: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "SHORTLY", "50ms")
    cycle_id = await a_cycle(db, office.actor)
    async with db.write_as(office.actor) as tx:
        await tx.get(CycleRow, (office.actor.institution_id, cycle_id), with_for_update=True)
        for attempt in (
            cycles.edit_cycle(db, office.actor, cycle_id, EditCycle(name="Nama lain")),
            object_to(db, talent(office.actor, office.ani), cycle_id),
        ):
            with pytest.raises(Conflict, match=r"cycle\.busy"):
                await attempt
    async with db.write_as(office.actor) as tx:  # as whoever changes evidence does
        await tx.get(InstitutionRow, office.actor.institution_id, with_for_update={"key_share": True})
        document = await told_of(db, office.actor, await calculate(db, office.actor, cycle_id))
    assert (document["state"], document["error"]["code"]) == ("failed", "institution.busy")
    assert (await told_of(db, office.actor, await calculate(db, office.actor, cycle_id)))["state"] == "done"


async def test_an_overtaken_calculation_stores_nothing(db: Database, office: Office, database_name: str) -> None:
    cycle_id = await a_cycle(db, office.actor)
    first = await cycles.start_calculation(db, office.actor, cycle_id)
    await execute(database_name, f"UPDATE calculation SET heartbeat_at = 'epoch' WHERE id = '{first}'")  # noqa: S608
    second = await cycles.start_calculation(db, office.actor, cycle_id)
    await cycles.run_calculation(db, office.actor, first)
    await cycles.run_calculation(db, office.actor, second)
    states = [(await told_of(db, office.actor, one))["state"] for one in (first, second)]
    assert states == ["interrupted", "done"]


async def test_a_failed_calculation_says_why(db: Database) -> None:
    actor = officer(await an_institution(db))
    cycle_id = await a_cycle(db, actor)
    document = await told_of(db, actor, await calculate(db, actor, cycle_id))
    assert (document["state"], document["error"]["code"], document["result"]) == ("failed", "calculation.nobody", None)
    assert "Data ASN" in document["error"]["detail"]["id"]
    assert (await cycle_of(db, actor, cycle_id))["inputsDigest"] is None


async def test_nobody_of_another_institution_carries_out_a_calculation(db: Database, office: Office) -> None:
    calculation_id = await cycles.start_calculation(db, office.actor, await a_cycle(db, office.actor))
    stranger = officer(await an_institution(db))
    with pytest.raises(NotFound):
        await cycles.run_calculation(db, stranger, calculation_id)
    with pytest.raises(NotFound):
        await calculation.calculation_document(db, stranger, calculation_id)


# ── who sees what


@pytest.mark.parametrize(
    ("phase", "state"),
    [
        (Phase.CALCULATION, None),
        (Phase.CALIBRATION, None),
        (Phase.OBJECTION, "provisional"),
        (Phase.CONFIRMATION, "provisional"),
        (Phase.PUBLICATION, "published"),
        (Phase.CLOSED, "published"),
    ],
)
async def test_a_talent_sees_the_own_box_once_it_can_be_objected_to(
    db: Database, office: Office, phase: Phase, state: str | None
) -> None:
    cycle_id, ani = await a_cycle_in(db, office.actor, phase), talent(office.actor, office.ani)
    listed = json.loads(await cycle_placements.talent_cycle_placements_page(db, ani, office.ani))["edges"]
    if state is None:
        assert listed == []
        with pytest.raises(NotFound):
            await placement_of(db, ani, cycle_id, office.ani)
        return
    seen = await placement_of(db, ani, cycle_id, office.ani)
    assert (seen["state"], seen["publishedBox"]) == (state, 8)
    assert [edge["node"]["cycle"]["id"] for edge in listed] == [str(cycle_id)]
    for attempt in (
        placement_of(db, ani, cycle_id, office.budi),
        placement_of(db, talent(office.actor, "x"), cycle_id, office.ani),
    ):
        with pytest.raises(NotFound):
            await attempt
    with pytest.raises(Forbidden):
        await cycle_placements.cycle_placements_page(db, ani, cycle_id)


async def test_a_unit_sees_its_own_people_and_without_a_unit_nobody(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.OBJECTION)

    async def seen(unit: str | None) -> int:
        verifier = Actor(office.actor.institution_id, Role.UNIT_VERIFIER, "verifier", unit_id=unit)
        return len(json.loads(await cycle_placements.cycle_placements_page(db, verifier, cycle_id))["edges"])

    assert [await seen("U1"), await seen("U2"), await seen(None)] == [3, 0, 0]
    draft = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
    verifier = Actor(office.actor.institution_id, Role.UNIT_VERIFIER, "verifier", unit_id="U1")
    assert json.loads(await cycle_placements.cycle_placements_page(db, verifier, draft))["edges"] == []


async def test_placements_are_listed_by_what_is_asked_for(db: Database, office: Office) -> None:
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION)
    await move(db, member(office.actor), cycle_id, office.budi, 5, 3)

    async def found(**wanted: Any) -> set[str]:
        chosen = CyclePlacementFilter(**wanted)
        page = json.loads(await cycle_placements.cycle_placements_page(db, office.actor, cycle_id, chosen))
        return {edge["node"]["nip"] for edge in page["edges"]}

    assert await found(box=3) == await found(calibrated=True) == {office.budi}
    assert await found(box=5) == await found(unit="U2") == await found(position_level="administrator") == set()
    assert await found(assessed=False) == await found(missing="potentialAssessment") == {office.citra}
    assert await found(assessed=True, unit="U1", position_level="jf_ahli_muda") == {office.ani, office.budi}


async def test_a_talent_in_two_cycles_is_listed_in_each(db: Database, office: Office) -> None:
    first, second = [await a_cycle_in(db, office.actor, Phase.CALCULATION) for _ in range(2)]
    page = json.loads(await cycle_placements.talent_cycle_placements_page(db, office.actor, office.ani))
    assert [edge["node"]["cycle"]["id"] for edge in page["edges"]] == [str(second), str(first)]
    one = json.loads(await cycle_placements.cycle_placements_page(db, office.actor, first, None, 2))
    rest = await cycle_placements.cycle_placements_page(db, office.actor, first, None, 2, one["pageInfo"]["endCursor"])
    nips = [edge["node"]["nip"] for page in (one, json.loads(rest)) for edge in page["edges"]]
    assert sorted(nips) == [office.ani, office.budi, office.citra]


async def test_cycles_are_listed_newest_first(db: Database, office: Office) -> None:
    first, second = [await a_cycle(db, office.actor) for _ in range(2)]
    await calculate(db, office.actor, first)

    async def found(**wanted: Any) -> list[str]:
        page = json.loads(await cycles.cycles_page(db, office.actor, CycleFilter(**wanted)))
        return [edge["node"]["id"] for edge in page["edges"]]

    assert await found() == [str(second), str(first)]
    assert await found(phase="calculation") == [str(first)]


# ── advice: the guideline, and how appraisers differ


async def test_the_guideline_counts_published_boxes_and_stops_nobody(db: Database, office: Office) -> None:
    shares = [GuidelineShare(boxes=[9, 7, 8], share=100), GuidelineShare(boxes=[5], share=0)]
    cycle_id = await a_cycle_in(db, office.actor, Phase.CALIBRATION, guideline=shares)
    await move(db, member(office.actor), cycle_id, office.budi, 5, 3)
    pool, middle = json.loads(await cycles.cycle_nine_box_document(db, office.actor, cycle_id))["guideline"]
    assert pool == {"boxes": [7, 8, 9], "share": 100, "expected": 2, "count": 1, "over": 0, "under": 1}
    assert middle == {"boxes": [5], "share": 0, "expected": 0, "count": 0, "over": 0, "under": 0}
    nine_box = (await cycle_of(db, office.actor, cycle_id))["nineBox"]
    counts = {
        box["box"]: (box["count"], box["computed"]) for box in nine_box["boxes"] if box["count"] or box["computed"]
    }
    assert counts == {3: (1, 0), 5: (0, 1), 8: (1, 1)}
    assert (nine_box["total"], nine_box["assessed"], nine_box["notAssessed"]) == (3, 2, 1)


async def test_another_day_or_rubric_leaves_nothing_of_what_was_calculated(db: Database, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    cycle_id = await a_cycle_in(db, actor, Phase.CALCULATION)
    for change in ({"rubric": RubricChoice(code="pu-djbk", version=1)}, {"as_of": date(2024, 12, 31)}):
        await calculate(db, actor, cycle_id)
        await cycles.edit_cycle(db, actor, cycle_id, EditCycle(**change))
        told = json.loads(await cycles.cycle_nine_box_document(db, actor, cycle_id))
        assert told["total"] == 0
        with pytest.raises(NotFound):
            await cycle_placements.cycle_placement_document(db, actor, cycle_id, nip)
