"""A campaign is frozen whole or not at all, run once and the same again, and rehearsed without a trace."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import asyncpg
import numpy as np
import pytest
from sqlalchemy.exc import DBAPIError

from app.db.database import Database, open_database
from app.db.tables.mobility import MobilityCampaignRow
from app.dev.benchmark.mobility_laying import cell_names
from app.dev.benchmark.mobility_market import invent
from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.mobility_work import PATIENCE
from app.kernels.mobility_rounds import NONE, Round
from app.services import mobility_campaigns, mobility_rehearsals, mobility_results, mobility_rounds, mobility_runs
from app.services.mobility_rehearsals import RehearseMobility
from tests.conftest import a_worker, as_superuser, url_of
from tests.factories import rows_of
from tests.integration.jobs.test_worker import until
from tests.mobility import an_organiser
from tests.mobility_rounds import FREEZE, VALUE, a_round, frozen, rehearsed, run

KEPT = ("mobility_snapshot", "mobility_frozen_cell", "mobility_frozen_post", "mobility_frozen_participant")
FOUND = ("mobility_outcome", "mobility_move", "mobility_result")


async def count(db: Database, actor: Actor, *tables: str) -> list[int]:
    asked = ", ".join(f"(SELECT count(*) FROM {table} WHERE institution_id = $1)" for table in tables)  # noqa: S608 - our own names
    return [*(await rows_of(db, actor, f"SELECT {asked}", actor.institution_id))[0]]


async def state_of(db: Database, actor: Actor, campaign_id: UUID) -> str:
    return str(json.loads(await mobility_campaigns.mobility_campaign_document(db, actor, campaign_id))["state"])


async def run_of(db: Database, actor: Actor, run_id: UUID) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(await mobility_runs.mobility_run_document(db, actor, run_id))
    return told


async def test_what_is_frozen_is_the_round_that_stood_and_nothing_of_it_changes_any_more(
    db: Database, database_name: str
) -> None:
    organiser, (told, labels) = await an_organiser(db), invent(300)
    campaign_id, laid = await a_round(db, database_name, organiser, round_=(told, labels))
    document = await frozen(db, organiser, campaign_id)
    assert (document["state"], document["error"]) == ("succeeded", None)
    assert (document["done"], document["total"]) == (300, 300)
    assert await state_of(db, organiser, campaign_id) == "frozen"
    async with db.read_as(organiser) as tx:
        campaign = await tx.get_one(MobilityCampaignRow, (organiser.institution_id, campaign_id))
        loaded, names = await mobility_rounds._load(tx, campaign)
    assert document["snapshot"]["digest"] == campaign.snapshot_digest
    used = told.at_home + np.where(told.urgency == NONE, 0, 1) > 0  # a pool that is nobody's home is no post
    assert len(names.posts) == used.sum()
    # ids are drawn by lot, but in the order of those invented, so that all columns are the same
    place = np.where(used, np.cumsum(used) - 1, NONE)
    bars = labels.bars[told.bar[told.bar != NONE]].tolist()
    assert names.bars[loaded.bar[loaded.bar != NONE]].tolist() == bars
    expected = replace(
        told, cell=told.cell[used], seats=told.seats[used], urgency=told.urgency[used],
        home=place[told.home], post=place[told.post], bar=loaded.bar,
    )  # fmt: skip
    for one in fields(Round):
        assert np.array_equal(getattr(loaded, one.name), getattr(expected, one.name)), one.name
    theirs = replace(organiser, institution_id=laid.institution_id)
    for change in ("UPDATE mobility_offer SET open_seats = 0", "DELETE FROM mobility_application"):
        with pytest.raises(DBAPIError, match="frozen"):
            await _attempt(db, theirs, f"{change} WHERE institution_id = $1")
    with pytest.raises(DBAPIError, match="permission denied"):
        await _attempt(db, organiser, "UPDATE mobility_frozen_post SET seats = 0 WHERE institution_id = $1")


async def past_triggers(database: str, statement: str) -> None:
    """As who may do everything, so that nothing has to be recorded."""
    connection = await asyncpg.connect(url_of(database, "postgres"))
    try:
        await connection.execute(f"SET session_replication_role = replica; {statement}")
    finally:
        await connection.close()


async def _attempt(db: Database, actor: Actor, sql: str) -> None:
    async with db.write_as(actor) as tx:
        connection = await tx.connection()
        await connection.exec_driver_sql(sql, (actor.institution_id,))


async def test_a_round_that_cannot_be_run_is_not_frozen_and_its_document_says_why(
    db: Database, database_name: str
) -> None:
    organiser, (told, labels) = await an_organiser(db), invent(60)
    ceiling = told.ceiling.copy()
    crowded = int(np.argmax(told.stock))
    ceiling[crowded] = told.stock[crowded] - 1
    campaign_id, laid = await a_round(db, database_name, organiser, round_=(replace(told, ceiling=ceiling), labels))
    of_three = f"SELECT id FROM mobility_participation WHERE campaign_id = '{campaign_id}' LIMIT 3"  # noqa: S608
    await past_triggers(
        database_name,
        f"UPDATE mobility_participation SET assessed_at = NULL WHERE id IN ({of_three})",  # noqa: S608
    )
    with pytest.raises(Conflict) as refusal:
        await mobility_runs.freeze_mobility_campaign(db, organiser, campaign_id, FREEZE)
    assert refusal.value.code == "mobility_run.unassessed"
    assert [one.about["people"] for one in refusal.value.faults] == [3]
    await past_triggers(
        database_name, "UPDATE mobility_participation SET assessed_at = now() WHERE assessed_at IS NULL"
    )
    document = await frozen(db, organiser, campaign_id)
    assert (document["state"], document["error"]["code"]) == ("failed", "mobility.market")
    assert [one["code"] for one in document["error"]["faults"]] == ["mobility.ceiling"]
    assert await state_of(db, organiser, campaign_id) == "correction"
    assert await count(db, organiser, *KEPT, "mobility_file") == [0] * 5
    assert laid.institution_id != organiser.institution_id


async def test_the_freeze_leaves_out_whose_consent_has_ended_and_finds_cells_that_cross_by_now(
    db: Database, database_name: str
) -> None:
    organiser = await an_organiser(db)
    campaign_id, _ = await a_round(db, database_name, organiser)
    mine = f"'{organiser.institution_id}', '{campaign_id}'"
    crossing = "('x', 'province', '14', NULL), ('y', 'occupation', NULL, 'health')"
    await past_triggers(
        database_name,
        f"""INSERT INTO mobility_cell (institution_id, campaign_id, id, level, province_code, government_affair)
            SELECT {mine}, told.* FROM (VALUES {crossing}) AS told""",  # noqa: S608
    )
    document = await frozen(db, organiser, campaign_id)
    assert document["state"] == "failed"
    assert {one["code"] for one in document["error"]["faults"]} == {"mobility_cell.cross"}
    await past_triggers(database_name, "DELETE FROM mobility_cell WHERE id IN ('x', 'y')")
    await past_triggers(
        database_name,
        f"""INSERT INTO consent (institution_id, id, talent_id, scope, purpose, given_at, expires_at)
            SELECT institution_id, consent_id, talent_id, 'identified', 'talent-mobility',
                now() - interval '1 day', now()
            FROM mobility_participation WHERE campaign_id = '{campaign_id}' LIMIT 1""",  # noqa: S608
    )
    document = await frozen(db, organiser, campaign_id)
    assert (document["state"], document["snapshot"]["participants"]) == ("succeeded", 59)


async def test_the_same_run_again_finds_the_same_and_another_secret_or_seed_is_refused(
    db: Database, database_name: str
) -> None:
    organiser = await an_organiser(db)
    campaign_id, _ = await a_round(db, database_name, organiser)
    await frozen(db, organiser, campaign_id)
    first = await run(db, organiser, campaign_id)
    again = await run(db, organiser, campaign_id)
    assert (first["state"], again["state"]) == ("succeeded", "succeeded")
    assert (first["isFirst"], again["isFirst"]) == (True, False)
    for name in ("identity", "resultDigest", "snapshotDigest", "codes", "movers", "files"):
        assert first[name] == again[name], name
    assert sum(one["wishes"] for one in first["codes"]) == first["wishes"]
    with pytest.raises(Conflict, match="other_value"):
        await mobility_runs.start_mobility_run(db, organiser, campaign_id, VALUE.model_copy(update={"value": "7"}))
    with pytest.raises(Invalid) as refusal:
        await mobility_runs.start_mobility_run(db, organiser, campaign_id, VALUE.model_copy(update={"seed": "0" * 64}))
    assert [one.code for one in refusal.value.faults] == ["mobility.seed"]
    await past_triggers(
        database_name,
        f"UPDATE mobility_secret SET secret = '\\x00' WHERE campaign_id = '{campaign_id}'",  # noqa: S608
    )
    with pytest.raises(Invalid) as refusal:
        await mobility_runs.start_mobility_run(db, organiser, campaign_id, VALUE)
    assert [one.code for one in refusal.value.faults] == ["mobility.secret"]


async def test_a_run_that_is_cancelled_or_whose_worker_dies_leaves_nothing_and_the_next_one_is_whole(
    own_database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, keep = asyncio.Event(), mobility_results._keep

    async def keep_and_hang(*arguments: Any) -> None:
        await keep(*arguments)  # everything is written, nothing committed
        reached.set()
        await asyncio.sleep(60)

    async with open_database(url_of(own_database_name)) as db:
        organiser = await an_organiser(db)
        campaign_id, _ = await a_round(db, own_database_name, organiser)
        await frozen(db, organiser, campaign_id)
        monkeypatch.setattr(mobility_results, "_keep", keep_and_hang)
        cancelled = await mobility_runs.start_mobility_run(db, organiser, campaign_id, VALUE)
        working = asyncio.create_task(mobility_runs.run_mobility(db, organiser, cancelled))
        await asyncio.wait_for(reached.wait(), 60)
        await mobility_runs.cancel_mobility_run(db, organiser, cancelled)
        await asyncio.wait_for(working, 10)
        assert (await run_of(db, organiser, cancelled))["state"] == "cancelled"
        reached.clear()
        killed = await mobility_runs.start_mobility_run(db, organiser, campaign_id, VALUE)
        working = asyncio.create_task(mobility_runs.run_mobility(db, organiser, killed))
        await asyncio.wait_for(reached.wait(), 60)

        async def is_told() -> bool:
            return (await run_of(db, organiser, killed))["stage"] == "keeping"

        await until(is_told)
        working.cancel()  # its connection goes with it, as that of a process that is killed
        await asyncio.gather(working, return_exceptions=True)
        assert await count(db, organiser, *FOUND) == [0] * len(FOUND)
        assert await state_of(db, organiser, campaign_id) == "frozen"
        died = f"heartbeat_at = now() - interval '{PATIENCE + 1} s' WHERE id = '{killed}'"
        await as_superuser(f"UPDATE mobility_work SET state = 'running', {died}", own_database_name)  # noqa: S608
        monkeypatch.setattr(mobility_results, "_keep", keep)
        async with a_worker(own_database_name):
            await mobility_runs.run_mobility(db, organiser, killed)
            proof = await mobility_runs.start_mobility_run(db, organiser, campaign_id, VALUE)

            async def is_done() -> bool:
                return (await run_of(db, organiser, proof))["state"] == "succeeded"

            await until(is_done, 60)
        first, again = await run_of(db, organiser, killed), await run_of(db, organiser, proof)
        assert (first["state"], first["resultDigest"]) == ("succeeded", again["resultDigest"])


async def test_a_rehearsal_compares_other_settings_with_what_is_laid_down_and_leaves_nothing(
    db: Database, database_name: str
) -> None:
    organiser, (told, labels) = await an_organiser(db), invent(600)
    campaign_id, _ = await a_round(db, database_name, organiser, round_=(replace(told, ceiling=told.stock), labels))
    command = RehearseMobility(headroom=dict.fromkeys(cell_names(told), 1000))
    with pytest.raises(Invalid, match=r"request\.invalid"):
        await mobility_rehearsals.rehearse_mobility(db, organiser, campaign_id, RehearseMobility(headroom={"x": 1}))
    standing = await rehearsed(db, organiser, campaign_id, command)
    assert await count(db, organiser, *KEPT) == [0] * len(KEPT)
    await frozen(db, organiser, campaign_id)
    snapshot = await rehearsed(db, organiser, campaign_id, command)
    assert [one["isFrozen"] for one in (standing, snapshot)] == [False, True]
    for one in (standing, snapshot):
        assert (one["state"], one["error"]) == ("succeeded", None)
        settings = [(round_["isBaseline"], round_["ownCellFirst"]) for round_ in one["variants"]]
        assert settings == [(True, False), (True, True), (False, False), (False, True)]
        for round_ in one["variants"]:
            assert sum(round_["byRank"]) == round_["movers"] > 0
            assert sum(length * many for length, many in enumerate(round_["lengths"], 1)) == round_["movers"]
            provinces = [flow for flow in round_["flows"] if flow["region"] == "province"]
            assert sum(flow["net"] for flow in provinces) == 0
            assert round_["isBaseline"] is False or all(flow["net"] == 0 for flow in provinces)  # no room to grow
        baseline, with_insiders, roomy, _ = one["variants"]
        assert roomy["movers"] > baseline["movers"]
        assert with_insiders["ownCellRefusals"] <= baseline["ownCellRefusals"]
    assert await count(db, organiser, *FOUND) == [0] * len(FOUND)
