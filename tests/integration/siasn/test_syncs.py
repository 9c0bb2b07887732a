"""Syncs against the simulator: taken over once, resumed where they stopped, and nothing stored wrong."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.db.database import Database
from app.db.ledger import record
from app.db.tables.posts import PostHolderRow
from app.dev.siasn_simulator.faults import Fails
from app.dev.siasn_simulator.quirks import USUAL, Quirk
from app.domain.actors import Actor
from app.domain.errors import Conflict, NotFound
from app.domain.post_events import PostEdited
from app.domain.siasn_syncs import Decision
from app.services import siasn_pulls, siasn_syncs
from app.services.siasn_syncs import MoveSiasnSync, StartSiasnSync
from tests.factories import an_institution, name_of, officer, rows_of
from tests.siasn import a_siasn
from tests.siasn_syncs import carry_out, conflicts, connect, decide, people, report, sync, told, trainings, verified
from tests.vacancies import a_draft, a_post, let_hold

Row = dict[str, object]
COURSE: Row = {
    "jenisDiklatId": "3",
    "namaKursus": "PENGELOLAAN ASET",
    "jumlahJam": "40",
    "tanggalSelesaiKursus": "02-05-2024",
}
TRAINING = {"training": {"name": "PENGELOLAAN ASET", "kind": "technical", "hours": 60, "finishedOn": "2024-05-02"}}


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people in a transaction, so that few people are several."""
    monkeypatch.setattr(siasn_pulls, "CHUNK", 2)
    monkeypatch.setattr(siasn_pulls, "AHEAD", 4)


async def stored(db: Database, actor: Actor) -> list[Any]:
    """What a sync may change, as it stands; without who brought it."""
    sql = """
        SELECT (SELECT json_agg(t ORDER BY nip) FROM talent t)::text,
               (SELECT json_agg(r ORDER BY talent_id, history, row_id) FROM siasn_record r)::text,
               (SELECT json_agg((talent_id, row_key, withdrawn_by) ORDER BY id) FROM training)::text,
               (SELECT json_agg((talent_id, row_key, withdrawn_by) ORDER BY id) FROM position)::text,
               (SELECT json_agg(p ORDER BY talent_id) FROM placement p)::text"""
    return list((await rows_of(db, actor, sql))[0])


async def test_a_sync_takes_over_what_siasn_says_and_once(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=4, institution=await name_of(db, actor), quirks=[*USUAL, Quirk.REPEATED_ROWS]) as siasn:
        with pytest.raises(Conflict, match=r"siasn\.not_connected"):
            await sync(db, hr)
        await connect(db, actor, siasn.addresses)
        rehearsal = await told(db, hr, await sync(db, hr, nips=siasn.nips, dry_run=True))
        assert (rehearsal["added"], rehearsal["state"]) == (4, "succeeded")
        assert await stored(db, hr) == [None] * 5

        first = await sync(db, hr, nips=siasn.nips)
        assert (await told(db, hr, first))["added"] == 4
        [one] = (await people(db, hr, first, missing_here=True))[:1]
        assert {change["endpoint"] for change in one["changes"]} > {"data-utama", "rw-jabatan", "rw-golongan"}
        [(placed,)] = await rows_of(db, hr, "SELECT count(*) FROM placement")
        assert placed == 4
        before = await stored(db, hr)
        again = await told(db, hr, await sync(db, hr))
        assert (again["unchanged"], again["changed"], again["conflicts"]) == (4, 0, 0)
        assert again["unitsChanged"] > 0  # everybody is asked about, and the unit tree with them
        assert await stored(db, hr) == before
        fresh = await told(db, hr, await sync(db, hr, mode="incremental"))
        assert fresh["total"] == 0

        # SIASN adds, corrects and takes away
        nip = siasn.nips[0]
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1"}, {**COURSE, "id": "K2", "namaKursus": "ARSIP"})
        added = await people(db, hr, await sync(db, hr, nips=[nip]), changed=True)
        assert {(c["endpoint"], c["change"], c["rowId"]) for c in added[0]["changes"]} >= {
            ("rw-kursus", "added", "K1"),
            ("rw-kursus", "added", "K2"),
        }
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1", "jumlahJam": "44"})
        third = await sync(db, hr, nips=[nip])
        [changed] = await people(db, hr, third, changed=True)
        by_row = {change["rowId"]: change for change in changed["changes"]}
        assert by_row["K1"]["fields"] == [{"field": "hours", "ours": "40", "theirs": "44"}]
        assert by_row["K2"]["change"] == "withdrawn"
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (44, True)]
        assert await trainings(db, hr, nip, "ARSIP") == [(40, False)]

        # "nothing" and failures take nothing away
        siasn.fails(Fails.NOTHING, "rw-kursus")
        siasn.fails(Fails.TRUNCATED, "rw-jabatan")
        fourth = await sync(db, hr, nips=[nip])
        [failed] = await people(db, hr, fourth, failed=True)
        assert failed["outcome"] == "unchanged"
        assert {e["endpoint"]: e["answer"] for e in failed["endpoints"]}["rw-jabatan"] == "siasn.truncated"
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (44, True)]
        totals = await report(db, hr, third)
        counts = totals["sync"]
        outcomes = ("unchanged", "changed", "added", "unknownThere", "elsewhere", "failed")
        assert sum(counts[name] for name in outcomes) == counts["done"] == counts["total"] - totals["waiting"]
        assert sum(change["rows"] for change in totals["changes"]) == len(changed["changes"])


async def test_what_we_verified_is_not_overwritten_but_decided(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-kursus"])
        nip = siasn.nips[0]
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1"})
        await sync(db, hr, nips=siasn.nips)
        await verified(db, actor, nip, TRAINING)

        found = await told(db, hr, await sync(db, hr))
        assert (found["conflicts"], found["changed"]) == (1, 0)
        [conflict] = await conflicts(db, hr, standing="open")
        assert (conflict["reason"], conflict["talent"]["nip"]) == ("submission", nip)
        assert conflict["differences"] == [{"field": "hours", "ours": "60", "theirs": "40"}]
        assert (await told(db, hr, await sync(db, hr)))["conflicts"] == 0  # it is asked once
        await decide(db, hr, conflict, Decision.ASK, note="Mana yang benar?", ask_whom="Bidang Diklat")
        [conflict] = await conflicts(db, hr, standing="asked")
        await decide(db, hr, conflict, Decision.KEEP_OURS, note="Sertifikat dilihat")
        await sync(db, hr)
        assert await conflicts(db, hr, standing="open") == []
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (60, True)]
        [conflict] = await conflicts(db, hr)
        with pytest.raises(Conflict, match=r"siasn_conflict\.over"):
            await decide(db, hr, conflict, Decision.TAKE_THEIRS)

        # one side has changed: it is asked again, and theirs counts at once
        siasn.says(nip, "rw-kursus", {**COURSE, "id": "K1", "jumlahJam": "45"})
        await sync(db, hr)
        [conflict] = await conflicts(db, hr, standing="open")
        await decide(db, hr, conflict, Decision.TAKE_THEIRS)
        assert await trainings(db, hr, nip, "PENGELOLAAN ASET") == [(40, False), (60, False), (45, True)]
        settled = await told(db, hr, await sync(db, hr))
        assert (settled["conflicts"], settled["changed"]) == (0, 0)
        with pytest.raises(NotFound):
            await decide(db, officer(await an_institution(db)), conflict, Decision.KEEP_OURS)


async def test_a_post_by_our_decree_stays_until_siasn_knows_it(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        await sync(db, hr, nips=siasn.nips)
        nip = siasn.nips[0]
        post = await a_post(db, actor)
        vacancy = await a_draft(db, actor, post)
        await let_hold(db, actor, post, nip, since=db.today())
        async with db.write_as(actor) as tx:
            await tx.execute(update(PostHolderRow).values(vacancy_id=vacancy))
            await record(tx, actor, PostEdited(post, {}, {}))
        await sync(db, hr)
        [conflict] = await conflicts(db, hr, reason="decree")
        assert {one["field"] for one in conflict["differences"]} == {"position", "unitId", "positionFrom"}
        [(holder,)] = await rows_of(db, hr, "SELECT post_id FROM post_holder")
        assert holder == post
        await decide(db, hr, conflict, Decision.TAKE_THEIRS)
        assert await rows_of(db, hr, "SELECT FROM post_holder WHERE vacancy_id IS NOT NULL") == []
        await sync(db, hr)
        assert len(await conflicts(db, hr)) == 1


async def until_done(db: Database, actor: Actor, sync_id: UUID, people: int) -> None:
    """Wait until so many people of a sync are done."""
    async with asyncio.timeout(30):
        while (await told(db, actor, sync_id))["done"] < people:  # noqa: ASYNC110 - it is told by a database
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("small_chunks")
async def test_a_sync_goes_on_where_it_was_stopped(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=8, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-kursus"], concurrency=1)
        nips = sorted(siasn.nips)
        siasn.fails(Fails.SLOW, "data-utama", nip=nips[4], seconds=60)
        sync_id = await siasn_syncs.start_siasn_sync(db, hr, StartSiasnSync(nips=nips))
        with pytest.raises(Conflict, match=r"sync\.running"):
            await siasn_syncs.start_siasn_sync(db, hr, StartSiasnSync())
        working = asyncio.create_task(carry_out(db, hr, sync_id))
        await until_done(db, hr, sync_id, 4)
        with pytest.raises(Conflict, match=r"sync\.running"):  # a second worker leaves it alone
            await carry_out(db, hr, sync_id)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        stopped = await told(db, hr, sync_id)
        assert (stopped["done"], stopped["state"]) == (4, "queued")
        asked = {nip: siasn.asked.nips[nip] for nip in nips[:4]}

        await siasn_syncs.move_siasn_sync(db, hr, sync_id, MoveSiasnSync(state="paused"))
        await carry_out(db, hr, sync_id)  # a job that comes late finds nothing to do
        assert (await told(db, hr, sync_id))["done"] == 4
        siasn.simulator.faults.clear()
        await siasn_syncs.move_siasn_sync(db, hr, sync_id, MoveSiasnSync(state="running"))
        await carry_out(db, hr, sync_id)
        done = await told(db, hr, sync_id)
        assert (done["done"], done["added"], done["state"]) == (8, 8, "succeeded")
        assert {nip: siasn.asked.nips[nip] for nip in nips[:4]} == asked  # nobody is asked about twice
        before = await stored(db, hr)
        await carry_out(db, hr, sync_id)
        assert await stored(db, hr) == before
        with pytest.raises(Conflict, match=r"sync\.over"):
            await siasn_syncs.move_siasn_sync(db, hr, sync_id, MoveSiasnSync(state="cancelled"))


@pytest.mark.parametrize(
    ("fails", "at", "code"),
    [
        (Fails.INVALID_JWT, "data-utama", "siasn.unauthorised"),
        (Fails.UNAVAILABLE, "data-utama", "siasn.html"),
    ],
)
async def test_an_outage_pauses_a_sync_and_nobody_is_passed_over(
    db: Database, monkeypatch: pytest.MonkeyPatch, fails: Fails, at: str, code: str
) -> None:
    monkeypatch.setattr("app.services.siasn_runs.MOST_OUTAGES", 3)
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=6, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[], concurrency=1)
        siasn.fails(fails, at, after=2)
        sync_id = await sync(db, hr, nips=siasn.nips)
        paused = await told(db, hr, sync_id)
        assert (paused["state"], paused["done"]) == ("paused", 2)
        assert paused["problem"]["code"] == code
        siasn.simulator.faults.clear()
        await siasn_syncs.move_siasn_sync(db, hr, sync_id, MoveSiasnSync(state="running"))
        await carry_out(db, hr, sync_id)
        assert (await told(db, hr, sync_id))["added"] == 6


@pytest.mark.parametrize(
    "faults",
    [
        [(Fails.INVALID_JWT, "data-utama")],
        [(Fails.SSO_MISMATCH, None)],
        [(Fails.REFUSED, "tokens"), (Fails.TOKENS_GONE, None)],
    ],
)
async def test_a_few_of_whom_nobody_could_be_asked_about_wait_for_the_connection(
    faults: list[tuple[Fails, str | None]], db: Database
) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        for fails, at in faults:
            siasn.fails(fails, at)
        sync_id = await sync(db, hr, nips=siasn.nips)
        paused = await told(db, hr, sync_id)
        assert (paused["state"], paused["done"], paused["problem"]["code"]) == ("paused", 0, "siasn.unauthorised")
        siasn.simulator.faults.clear()
        await siasn_syncs.move_siasn_sync(db, hr, sync_id, MoveSiasnSync(state="running"))
        await carry_out(db, hr, sync_id)
        done = await told(db, hr, sync_id)
        assert (done["state"], done["added"], done["failed"]) == ("succeeded", 2, 0)


async def test_a_silence_about_one_person_holds_up_no_later_sync(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        siasn.fails(Fails.RESET, "data-utama", nip=siasn.nips[0])
        ended = await told(db, hr, await sync(db, hr, nips=siasn.nips[:1]))
        assert (ended["state"], ended["done"], ended["failed"]) == ("succeeded", 1, 1)


async def test_tokens_that_nobody_can_get_are_an_outage(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.siasn_runs.MOST_OUTAGES", 3)
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=4, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[], concurrency=1)
        siasn.fails(Fails.HTML, "tokens")
        paused = await told(db, hr, await sync(db, hr, nips=siasn.nips))
        assert (paused["state"], paused["done"], paused["problem"]["code"]) == ("paused", 0, "siasn.html")


async def test_whoever_is_there_under_another_number_is_not_entered_twice(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        one, other = siasn.nips
        await sync(db, hr, nips=[one])
        [known] = await rows_of(db, hr, "SELECT siasn_id FROM talent")
        [person] = siasn.simulator.register.told(other)["data-utama"]
        siasn.says(other, "data-utama", {**person, "id": known["siasn_id"]})
        [found] = await people(db, hr, await sync(db, hr, nips=[other]))
        assert found["outcome"] == "failed"
        [said] = found["unmapped"]
        assert (said["code"], said["value"]) == ("siasn.number_changed", one)
        assert "another NIP" in said["detail"]["en"]
        assert len(await rows_of(db, hr, "SELECT FROM talent")) == 1


async def test_those_whom_siasn_does_not_know_were_asked_about(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=2, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=[])
        first, last = sorted(siasn.nips)
        siasn.fails(Fails.NOTHING, "data-utama", nip=first)
        alone = await told(db, hr, await sync(db, hr, nips=[first]))
        assert (alone["state"], alone["unknownThere"], alone["problem"]) == ("succeeded", 1, None)
        siasn.fails(Fails.INVALID_JWT, "data-utama", nip=last)
        both = await told(db, hr, await sync(db, hr, nips=[first, last]))
        assert (both["state"], both["unknownThere"], both["failed"], both["problem"]) == ("succeeded", 1, 1, None)


async def test_bad_input_is_reported_and_fatal_to_nobody_else(db: Database) -> None:
    actor = await an_institution(db)
    hr = officer(actor)
    with a_siasn(people=7, institution=await name_of(db, actor)) as siasn:
        await connect(db, actor, siasn.addresses, histories=["rw-kursus", "rw-jabatan"])
        page, cut, moved, renumbered, code, gone, well = siasn.nips
        await sync(db, hr, nips=[page, cut, moved, renumbered, code, gone])
        siasn.fails(Fails.HTML, "data-utama", nip=page)
        siasn.fails(Fails.TRUNCATED, "rw-kursus", nip=cut)
        siasn.fails(Fails.NOTHING, "data-utama", nip=gone)
        siasn.says(code, "rw-kursus", {**COURSE, "id": "K1", "jenisDiklatId": "777"})
        siasn.switch(
            moved={moved: "Pemerintah Kota Lain"},
            renumbered={renumbered: well[:-1] + "9"},
            quirks=[*USUAL, Quirk.UNIT_CYCLE],
        )
        before = await rows_of(db, hr, "SELECT nip, name, working_institution FROM talent ORDER BY nip")
        sync_id = await sync(db, hr, nips=siasn.nips)
        outcomes = {one["nip"]: one["outcome"] for one in await people(db, hr, sync_id)}
        assert outcomes == {
            page: "failed",
            cut: "unchanged",
            moved: "elsewhere",
            renumbered: "failed",
            code: outcomes[code],
            gone: "unknownThere",
            well: "added",
        }
        failed = {one["nip"]: one for one in await people(db, hr, sync_id, failed=True)}
        assert failed[page]["endpoints"][0]["answer"] == "siasn.html"
        assert "web page" in failed[page]["endpoints"][0]["detail"]["en"]
        assert failed[renumbered]["endpoints"][0]["answer"] == "siasn.wrong_person"
        assert {one["answer"] for one in failed[cut]["endpoints"]} == {"found", "siasn.truncated"} | (
            {"nothing"} if any(one["answer"] == "nothing" for one in failed[cut]["endpoints"]) else set()
        )
        [unread] = [one for one in await people(db, hr, sync_id, unmapped=True) if one["nip"] == code]
        assert ("rw-kursus", "jenisDiklatId", "777") in {
            (one["endpoint"], one["key"], one["value"]) for one in unread["unmapped"]
        }
        assert await trainings(db, hr, code, "PENGELOLAAN ASET") == []
        [missing] = await people(db, hr, sync_id, missing_there=True)
        assert missing["nip"] == gone
        after = await rows_of(db, hr, "SELECT nip, name, working_institution FROM talent ORDER BY nip")
        assert [row for row in after if row["nip"] != well] == before

        whole = await told(db, hr, await sync(db, hr))
        assert {one["code"] for one in whole["unitFaults"]} == {"siasn.unit_circle"}
        [(circles,)] = await rows_of(
            db,
            hr,
            """SELECT count(*) FROM org_unit a JOIN org_unit b
               ON b.institution_id = a.institution_id AND a.parent_id = b.id AND b.parent_id = a.id""",
        )
        assert circles == 0
