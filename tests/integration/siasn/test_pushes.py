"""Placements handed over to SIASN: each at most once, with a receipt, stopped and taken up again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.db.database import Database
from app.dev.siasn_simulator.faults import Fails
from app.domain.actors import Actor
from app.domain.cycles import Phase
from app.domain.errors import Conflict
from app.services import cycles, siasn_pushes, siasn_work
from tests.conftest import DESTINATIONS, as_superuser
from tests.cycles import a_cycle_in, authority, evidence_of
from tests.factories import (
    a_nip,
    an_employee,
    an_institution,
    import_files,
    name_of,
    officer,
    rows_of,
    write_folder,
)
from tests.jobs import end_jobs
from tests.personas import Persona, Personas
from tests.siasn import Siasn, a_siasn
from tests.siasn_connections import connect, the_sealing, told

SAVE, PUSHES, PATH = "talentmapping-save", "/v1/siasn-pushes", "/v1/siasn-connection"
NEW = {"if-none-match": "*"}


@pytest.fixture
def siasn() -> Iterator[Siasn]:
    with a_siasn(people=2) as one:
        yield one


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siasn_pushes, "BETWEEN_TRIES", 0.01)


@dataclass(frozen=True)
class Office:
    """An institution with a cycle in confirmation: three people whom SIASN knows, and one whom it does not."""

    db: Database
    actor: Actor
    personas: Personas
    cycle_id: UUID

    @property
    def hr(self) -> Persona:
        return self.personas.hr_officer(self.actor.institution_id)

    async def start(self, *, repeat_unknown: bool = False) -> Any:
        return await self.hr.post(PUSHES, json={"cycleId": str(self.cycle_id), "repeatUnknown": repeat_unknown})

    async def carry_out(self, push_id: str) -> dict[str, Any]:
        sealing = the_sealing(self.personas)
        await siasn_pushes.run_siasn_push(self.db, officer(self.actor), sealing, DESTINATIONS, UUID(push_id))
        return (await self.hr.get(f"{PUSHES}/{push_id}")).json()

    async def carried_out(self, push_id: str) -> dict[str, Any]:
        """By a worker, which is waited for."""
        async with asyncio.timeout(30):
            while True:
                push: dict[str, Any] = (await self.hr.get(f"{PUSHES}/{push_id}")).json()
                if push["state"] not in ("queued", "running"):
                    return push
                await asyncio.sleep(0.05)

    async def receipts(self, push_id: str, **but: str) -> list[dict[str, Any]]:
        page = await self.hr.get(f"{PUSHES}/{push_id}/receipts", params=but)
        return [edge["node"] for edge in page.json()["edges"]]


async def an_office(db: Database, personas: Personas, folder: Path) -> Office:
    actor = await an_institution(db)
    institution, nips = await name_of(db, actor), [a_nip() for _ in range(4)]
    ids = {nip: {"PNS_ID": f"{place:032X}" if place else ""} for place, nip in enumerate(nips)}
    sheets: dict[str, list[dict[str, str]]] = {}
    for nip in nips:
        for sheet, rows in evidence_of(nip, institution).items():
            sheets.setdefault(sheet, []).extend(rows)
    employees = [an_employee(nip, institution, NAMA=f"ORANG {nip[-4:]}", **ids[nip]) for nip in nips]
    await import_files(db, actor, write_folder(folder, employees, sheets))
    return Office(db, actor, personas, await a_cycle_in(db, officer(actor), Phase.CONFIRMATION))


def counts(push: dict[str, Any]) -> dict[str, int]:
    return {name: push[name] for name in ("waiting", "accepted", "refused", "unknown", "notSent") if push[name]}


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_confirmed_cycle_is_handed_over_once_with_a_receipt_for_everybody(
    db: Database, personas: Personas, tmp_path: Path, siasn: Siasn, database_name: str
) -> None:
    office = await an_office(db, personas, tmp_path)
    administrator = personas.administrator(office.actor.institution_id)
    assert refused(await office.start()) == (409, "siasn.not_connected")
    await administrator.put(PATH, json=told(siasn, gapSeconds=0), headers=NEW)
    assert refused(await office.start()) == (409, "siasn.pushes_off")
    await administrator.put(PATH, json=told(siasn, gapSeconds=0, pushesPlacements=True))
    assert refused(await office.start()) == (409, "cycle.not_confirmed")
    await cycles.confirm_cycle(db, authority(office.actor), office.cycle_id)
    assert (await administrator.post(PUSHES, json={"cycleId": str(office.cycle_id)})).status_code == 403

    # the answer to the second person is lost, the third is refused: the first is accepted
    siasn.fails(Fails.RESET, SAVE, after=1, times=1)
    siasn.fails(Fails.SAID_WRONG, SAVE, after=1, times=1)
    started = await office.start()
    assert started.status_code == 202, started.text
    first = started.json()
    assert (first["state"], counts(first), started.headers["location"]) == (
        "queued",
        {"waiting": 3, "notSent": 1},
        f"{PUSHES}/{first['id']}",
    )
    assert refused(await office.start()) == (409, "siasn_push.under_way")
    over = await office.carry_out(first["id"])
    assert (over["state"], counts(over)) == ("done", {"accepted": 1, "refused": 1, "unknown": 1, "notSent": 1})
    [row] = siasn.simulator.saved
    assert row.keys() == {"pns_id", "box", "sumbu_x", "sumbu_y", "total_sumbu"}
    assert row["box"] == "8"
    assert all(isinstance(one, str) for one in row.values())
    assert float(row["total_sumbu"]) == pytest.approx(float(row["sumbu_x"]) + float(row["sumbu_y"]), abs=0.011)
    [accepted] = await office.receipts(first["id"], outcome="accepted")
    assert (accepted["siasnId"], accepted["message"], accepted["code"]) == (f"{1:032x}", "success", None)
    assert (accepted["x"], accepted["y"]) == (row["sumbu_x"], row["sumbu_y"])
    [said_no] = await office.receipts(first["id"], outcome="refused")
    assert (said_no["message"], said_no["code"]) == ("Terjadi kesalahan pada server", "siasn_push.refused")
    [lost] = await office.receipts(first["id"], outcome="unknown")
    assert (lost["code"], lost["answeredAt"]) == ("siasn.unreachable", None)
    [unsent] = await office.receipts(first["id"], outcome="notSent")
    assert (unsent["code"], unsent["sentAt"]) == ("siasn_push.no_siasn_id", None)
    assert await office.carry_out(first["id"]) == over, "a job may be done twice"

    # who was refused is asked again; whose answer was lost only where somebody says so
    second = await office.carry_out((await office.start()).json()["id"])
    assert counts(second) == {"accepted": 1, "notSent": 1}
    assert refused(await office.start()) == (409, "siasn_push.nobody")
    third = await office.carry_out((await office.start(repeat_unknown=True)).json()["id"])
    assert (counts(third), third["repeatsUnknown"]) == ({"accepted": 1, "notSent": 1}, True)
    assert refused(await office.start(repeat_unknown=True)) == (409, "siasn_push.nobody")
    assert len({one["pns_id"] for one in siasn.simulator.saved}) == len(siasn.simulator.saved) == 3

    ledger = await as_superuser(  # one begin and one end of each
        f"SELECT payload FROM ledger_entry WHERE institution_id = '{office.actor.institution_id}' "  # noqa: S608 - our id
        "AND type IN ('placementsHandedOver', 'handoverMoved') ORDER BY recorded_at",
        database_name,
    )
    assert len(ledger) == 6
    pages = (await office.hr.get(PUSHES, params={"first": 2})).json()
    assert [edge["node"]["id"] for edge in pages["edges"]] == [third["id"], second["id"]]
    stranger = personas.hr_officer((await an_institution(db)).institution_id)
    assert (await stranger.get(f"{PUSHES}/{first['id']}")).status_code == 404
    assert (await stranger.get(f"{PUSHES}/{first['id']}/receipts")).status_code == 404


async def test_handing_over_ends_early_is_stopped_and_goes_on_after_a_crash(
    db: Database, personas: Personas, tmp_path: Path, siasn: Siasn
) -> None:
    office = await an_office(db, personas, tmp_path)
    administrator = personas.administrator(office.actor.institution_id)
    await administrator.put(PATH, json=told(siasn, gapSeconds=0, pushesPlacements=True), headers=NEW)
    await cycles.confirm_cycle(db, authority(office.actor), office.cycle_id)

    # credentials that count no more: nobody is sent, nobody is lost
    siasn.fails(Fails.REFUSED, "tokens")
    failed = await office.carry_out((await office.start()).json()["id"])
    assert (failed["state"], failed["error"]["code"], counts(failed)) == (
        "failed",
        "siasn.unauthorised",
        {"notSent": 4},
    )
    assert failed["error"]["detail"]["id"]
    siasn.simulator.faults.clear()

    # stopped by hand
    stopped = (await office.start()).json()["id"]
    answer = await office.hr.put(f"{PUSHES}/{stopped}/cancellation")
    assert (answer.json()["state"], counts(answer.json())) == ("cancelled", {"notSent": 4})
    assert refused(await office.hr.put(f"{PUSHES}/{stopped}/cancellation")) == (409, "siasn_push.over")
    assert (await office.carry_out(stopped))["state"] == "cancelled"
    assert siasn.asked.calls[SAVE] == 0

    # a worker ends while one is on its way: that one is not sent again, the others are
    actor, push_id = officer(office.actor), UUID((await office.start()).json()["id"])
    await siasn_pushes._begin(db, actor, the_sealing(personas), push_id)
    async with db.write_as(actor) as tx:
        push = await siasn_pushes._hold_push(tx, actor, push_id)
        assert await siasn_pushes._next(tx, db, push) is not None
        push.heartbeat_at = push.queued_at.replace(year=2020)
    over = await office.carry_out(str(push_id))
    assert counts(over) == {"accepted": 2, "unknown": 1, "notSent": 1}
    [lost] = await office.receipts(str(push_id), outcome="unknown")
    assert (lost["code"], siasn.asked.calls[SAVE]) == ("siasn.interrupted", 2)
    assert lost["detail"]["id"]


async def test_a_worker_that_is_stopped_leaves_it_to_the_next_and_one_whose_job_is_over_says_so(
    db: Database, personas: Personas, tmp_path: Path, siasn: Siasn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(siasn_work, "EVERY", 0.05)
    office = await an_office(db, personas, tmp_path)
    administrator = personas.administrator(office.actor.institution_id)
    patient = told(siasn, gapSeconds=0, pushesPlacements=True, timeoutSeconds=300, tokenTimeoutSeconds=60)
    await administrator.put(PATH, json=patient, headers=NEW)
    await cycles.confirm_cycle(db, authority(office.actor), office.cycle_id)
    siasn.fails(Fails.SLOW, SAVE, times=1, seconds=120)
    push_id = (await office.start()).json()["id"]
    stopped = asyncio.create_task(office.carry_out(push_id))
    beats: set[object] = set()
    async with asyncio.timeout(30):
        while len(beats) < 4:  # signs of life, though SIASN has not answered
            [row] = await rows_of(db, office.actor, "SELECT heartbeat_at, state FROM siasn_push WHERE id = $1", push_id)
            if row["state"] == "running" and siasn.asked.calls[SAVE]:
                beats.add(row["heartbeat_at"])
            await asyncio.sleep(0.02)
    with pytest.raises(Conflict, match="under_way"):
        await office.carry_out(push_id)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    assert (await office.hr.get(f"{PUSHES}/{push_id}")).json()["state"] == "queued"
    over = await office.carry_out(push_id)
    assert (over["state"], counts(over)) == ("done", {"accepted": 2, "unknown": 1, "notSent": 1})
    assert siasn.asked.calls[SAVE] == 3

    lost = (await office.start(repeat_unknown=True)).json()["id"]
    actor = officer(office.actor)
    await siasn_pushes.end_left_siasn_pushes(db, actor)
    assert (await office.hr.get(f"{PUSHES}/{lost}")).json()["state"] == "queued", "its job waits"
    await end_jobs(db, office.actor)
    assert office.actor.institution_id in await db.left_siasn_pushes()
    await siasn_pushes.end_left_siasn_pushes(db, actor)
    failed = (await office.hr.get(f"{PUSHES}/{lost}")).json()
    assert (failed["state"], failed["error"]["code"], counts(failed)) == (
        "failed",
        "siasn_push.job_over",
        {"notSent": 2},
    )
    assert "job" in failed["error"]["detail"]["en"]
    assert office.actor.institution_id not in await db.left_siasn_pushes()


async def test_a_worker_hands_over_what_graphql_asks_for(
    db: Database, personas: Personas, tmp_path: Path, siasn: Siasn, worker: None
) -> None:
    """The doors agree, and nobody is lost to a back end that does not answer three times in a row."""
    office = await an_office(db, personas, tmp_path)
    both = {"sso_token": None, "use_application_token": True}
    await connect(db, office.actor, **siasn.addresses, **both, gap_seconds=0, pushes_placements=True)
    await cycles.confirm_cycle(db, authority(office.actor), office.cycle_id)
    siasn.fails(Fails.UNAVAILABLE, SAVE)
    start = """mutation($cycle: UUID!) { startSiasnPush(input: {cycleId: $cycle}) {
        id state cycle { id } waiting error { code } } }"""
    answer = await office.hr.ask(start, cycle=str(office.cycle_id))
    push = answer["data"]["startSiasnPush"]
    assert (push["waiting"], push["cycle"]["id"]) == (3, str(office.cycle_id)), answer
    over = await office.carried_out(push["id"])
    assert (over["state"], over["error"]["code"]) == ("failed", "siasn.html")
    assert counts(over) == {"unknown": 3, "notSent": 1}
    receipts = """query($push: UUID!) { siasnReceipts(pushId: $push, outcome: unknown) {
        edges { node { nip outcome detail { id } box x } } } }"""
    told_there = (await office.hr.ask(receipts, push=push["id"]))["data"]["siasnReceipts"]["edges"]
    assert len(told_there) == 3
    listed = await office.hr.ask("{ siasnPushes { edges { node { id unknown } } } }")
    assert listed["data"]["siasnPushes"]["edges"][0]["node"] == {"id": push["id"], "unknown": 3}
    cancel = "mutation($id: UUID!) { cancelSiasnPush(pushId: $id) { state } }"
    assert "errors" in await office.hr.ask(cancel, id=push["id"])
