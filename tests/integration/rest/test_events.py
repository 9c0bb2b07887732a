"""The feed of events: everything once, in the order in which it was committed, and subscriptions at both doors."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.db.database import Database
from app.db.ledger import record
from app.domain.actors import as_service
from app.domain.events import IndexRemoved, ReferenceRemoved, TalentMoved
from app.services import events, webhook_deliveries
from app.settings import Settings, destinations_of, sealing_of
from tests.factories import an_institution
from tests.personas import Persona, Personas
from tests.webhooks import happen, receiving, tell

NAMED = "id.nusatalenta.{}.v1".format


async def chain(db: Database) -> None:
    while await db.chain_ledger(1000):
        pass


async def feed(somebody: Persona, **asked: Any) -> dict[str, Any]:
    answer = await somebody.get("/v1/events", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_feed_tells_every_event_once_and_where_to_go_on(db: Database, personas: Personas) -> None:
    actor, stranger = await an_institution(db), await an_institution(db)
    somebody = personas.administrator(actor.institution_id)
    things = [uuid4() for _ in range(5)]
    told = await happen(db, actor, *things)
    await happen(db, stranger, *things)
    await chain(db)
    beginning = await feed(somebody, first=1)
    assert [one["type"] for one in beginning["events"]] == [NAMED("institutionCreated")]
    first = await feed(somebody, after=beginning["nextAfter"], first=3)
    second = await feed(somebody, after=first["nextAfter"])
    events = [*first["events"], *second["events"]]
    assert [one["subject"] for one in events] == told
    assert len({one["id"] for one in events}) == 5
    assert [one["sequence"] for one in events] == sorted(one["sequence"] for one in events)
    assert {one["source"] for one in events} == {f"urn:uuid:{actor.institution_id}"}
    for _ in range(2):
        assert await feed(somebody, after=second["nextAfter"]) == {"events": [], "nextAfter": second["nextAfter"]}


async def test_the_feed_is_narrowed_by_type_and_subject(db: Database, personas: Personas) -> None:
    actor, thing = await an_institution(db), uuid4()
    somebody = personas.administrator(actor.institution_id)
    await happen(db, actor, thing, uuid4())
    await tell(db, actor, IndexRemoved("nspk", 2024))
    await chain(db)
    of_index = await feed(somebody, types=f"index*,{NAMED('cycleAdvanced')}")
    assert [(one["subject"], one["data"]) for one in of_index["events"]] == [
        ("index/nspk/2024", {"index": "nspk", "year": 2024})
    ]
    assert (await feed(somebody, after=of_index["nextAfter"], types="index*"))["events"] == []
    [one] = (await feed(somebody, subject=f"reference/{thing}"))["events"]
    assert one["data"] == {"referenceId": str(thing)}


async def test_no_event_tells_what_it_is_about_a_person(db: Database, personas: Personas) -> None:
    actor, ids = await an_institution(db), [uuid4() for _ in range(3)]
    await tell(db, actor, TalentMoved(*ids, 4, 9, "recentPerformance", awaits_second_person=True))
    await chain(db)
    *_, moved = (await feed(personas.administrator(actor.institution_id)))["events"]
    assert moved["data"] == {
        name: str(one) for name, one in zip(("calibrationId", "cycleId", "talentId"), ids, strict=True)
    }


async def test_nothing_is_overtaken_or_skipped_while_many_write(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    somebody, written, things = personas.administrator(actor.institution_id), [], [uuid4() for _ in range(4)]

    async def write(number: int) -> None:
        for turn in range(8):
            thing = things[(number + turn) % 4]
            async with db.write_as(actor) as tx:
                await record(tx, actor, ReferenceRemoved(thing))
                await asyncio.sleep(0.002 * (number % 3))
            written.append(thing)

    writing = asyncio.gather(*(write(number) for number in range(6)))
    seen, after = [], "0"
    while not writing.done() or len(seen) < 49:
        await db.chain_ledger(5)
        page = await feed(somebody, after=after, first=7)
        seen += page["events"]
        after = page["nextAfter"]
    await writing
    assert len({one["id"] for one in seen}) == len(seen) == 49
    assert [one["id"] for one in seen] == [one["id"] for one in (await feed(somebody, first=200))["events"]]


async def test_what_waits_for_a_row_has_its_place_after_what_held_it(db: Database, personas: Personas) -> None:
    actor, held, asked = await an_institution(db), asyncio.Event(), asyncio.Event()
    somebody, first, second = personas.administrator(actor.institution_id), uuid4(), uuid4()

    async def early() -> None:
        async with db.write_as(actor) as tx:
            await tx.execute(text("SELECT pg_current_xact_id()"))
            asked.set()
            await held.wait()
            await record(tx, actor, ReferenceRemoved(second))

    begun = asyncio.create_task(early())
    await asked.wait()
    await happen(db, actor, first)
    held.set()
    await begun
    await chain(db)
    subjects = [one["subject"] for one in (await feed(somebody))["events"]]
    assert subjects[1:] == [f"reference/{first}", f"reference/{second}"]


@pytest.mark.parametrize(
    ("asked", "where", "code"),
    [
        ({"after": "999999999999999"}, "after", "events.place_unknown"),
        ({"after": "-1"}, "after", "events.place"),
        ({"after": "9" * 40}, "after", "events.place"),
        ({"types": "nothing*"}, "types", "event.unknown"),
        ({"wait": "21"}, "wait", "events.wait"),
        ({"subject": "x" * 301}, "subject", "field.length"),
    ],
)
async def test_a_place_that_does_not_exist_is_refused(
    db: Database, personas: Personas, asked: dict[str, str], where: str, code: str
) -> None:
    actor = await an_institution(db)
    answer = await personas.administrator(actor.institution_id).get("/v1/events", params=asked)
    assert answer.status_code == 422
    assert [(one["where"], one["code"]) for one in answer.json()["errors"]] == [(where, code)]


async def test_who_waits_is_told_as_soon_as_something_happened(
    db: Database, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LONGEST_WAIT", 3600)
    actor = await an_institution(db)
    somebody = personas.administrator(actor.institution_id)
    await chain(db)
    place = (await feed(somebody))["nextAfter"]
    waiting = asyncio.create_task(feed(somebody, after=place, wait=3600))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await happen(db, actor, uuid4())
    await chain(db)
    assert len((await asyncio.wait_for(waiting, 60))["events"]) == 1


async def test_events_and_subscriptions_are_for_those_who_connect_systems(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    officer, stranger = personas.hr_officer(actor.institution_id), await an_institution(db)
    assert (await officer.get("/v1/events")).status_code == 403
    assert (await officer.post("/v1/webhooks", json={"url": "https://talenta.example"})).status_code == 403
    somebody = personas.administrator(actor.institution_id)
    made = (await somebody.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/"})).json()["webhook"]["id"]
    others = personas.administrator(stranger.institution_id)
    assert (await others.get(f"/v1/webhooks/{made}")).status_code == 404
    assert (await others.delete(f"/v1/webhooks/{made}")).status_code == 404
    assert (await others.get(f"/v1/webhooks/{made}/deliveries")).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"url": "ftp://talenta.example/"}, "/url", "destination.https"),
        ({"url": "https://u:p@talenta.example/"}, "/url", "destination.credentials"),
        ({"url": "https://10.0.0.1/"}, "/url", "destination.private"),
        ({"url": "https://169.254.169.254/latest"}, "/url", "destination.private"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, "/url", "destination.private"),
        ({"url": "https://name.invalid/"}, "/url", "destination.unresolved"),
        ({"url": "talenta"}, "/url", "destination.address"),
        ({"url": "http://127.0.0.1/", "types": ["nothing"]}, "/types", "event.unknown"),
        ({"url": "http://127.0.0.1/", "subjectTypes": ["x"]}, "/subjectTypes", "event.subject_unknown"),
        ({"url": "http://127.0.0.1/", "after": "999999999999999"}, "/after", "events.place_unknown"),
        ({"url": "http://127.0.0.1/", "after": "x"}, "/after", "events.place"),
        ({"url": "http://127.0.0.1/", "types": []}, "/types", "field.length"),
    ],
)
async def test_what_cannot_be_subscribed_to_is_refused_where_it_stands(
    db: Database, personas: Personas, body: dict[str, Any], pointer: str, code: str
) -> None:
    actor = await an_institution(db)
    answer = await personas.administrator(actor.institution_id).post("/v1/webhooks", json=body)
    assert answer.status_code == 422, answer.text
    assert [(one["where"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


async def test_a_subscription_lives_through_both_doors(db: Database, personas: Personas, settings: Settings) -> None:
    actor = await an_institution(db)
    somebody = personas.administrator(actor.institution_id)

    async def deliver(webhook_id: str) -> None:
        await chain(db)
        given = sealing_of(settings), destinations_of(settings)
        await webhook_deliveries.deliver_webhook(db, as_service(actor), *given, UUID(webhook_id))

    with receiving() as receiver:
        answer = await somebody.post("/v1/webhooks", json={"url": receiver.url, "types": ["webhook*"]})
        assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
        secret, made = answer.json()["secret"], answer.json()["webhook"]
        at = answer.headers["location"]
        assert secret not in (await somebody.get(at)).text
        await deliver(made["id"])
        assert (await somebody.get(at)).json()["state"] == "active"
        assert (await somebody.post(f"{at}/tests")).status_code == 202
        await deliver(made["id"])
        tried = receiver.received[-1]
        assert (tried.event["type"], tried.event["subject"]) == (NAMED("webhookTested"), f"webhook/{made['id']}")
        assert tried.is_signed_with(secret)
        rotated = await somebody.post(f"{at}/secrets", json={"overlapHours": 1})
        assert rotated.status_code == 201
        assert rotated.json()["secret"] != secret
        assert (await somebody.put(f"{at}/pause", headers={"if-match": '"r99"'})).status_code == 412
        assert (await somebody.put(f"{at}/pause")).json()["state"] == "paused"
        assert (await somebody.post(f"{at}/tests")).json()["code"] == "webhook.not_active"
        assert (await somebody.delete(f"{at}/pause")).json()["state"] == "pending"
        assert (await somebody.delete(f"{at}/pause")).json()["code"] == "webhook.not_paused"
        await deliver(made["id"])
        before = len(receiver.received)
        assert (await somebody.put(f"{at}/cursor", json={"after": "0"})).status_code == 202
        await deliver(made["id"])
        assert len(receiver.received) > before
        asked = (
            "query($id: UUID!) { webhookDeliveries(webhookId: $id, state: delivered) { edges { node { id state } } } }"
        )
        page = (await somebody.ask(asked, id=made["id"]))["data"]["webhookDeliveries"]["edges"]
        again = f"{at}/deliveries/{page[0]['node']['id']}/redelivery"
        assert (await somebody.put(again)).json()["code"] == "webhook.not_dead"
        assert (await somebody.put(f"{at}/deliveries/{uuid4()}/redelivery")).status_code == 404
        edited = await somebody.patch(at, json={"description": "SIMPEG", "types": ["*"]})
        assert (edited.json()["description"], edited.json()["types"]) == ("SIMPEG", ["*"])
        assert [one["id"] for one in (await somebody.get("/v1/webhooks")).json()["webhooks"]] == [made["id"]]
        gone = "mutation($id: UUID!, $r: Int!) { deleteWebhook(webhookId: $id, revision: $r) { webhooks { id } } }"
        revision = edited.json()["revision"]
        assert (await somebody.ask(gone, id=made["id"], r=revision))["data"]["deleteWebhook"] == {"webhooks": []}
        assert (await somebody.get(at)).status_code == 404


async def test_graphql_tells_the_same(db: Database, personas: Personas) -> None:
    actor = await an_institution(db)
    somebody = personas.administrator(actor.institution_id)
    await somebody.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/"})
    await chain(db)
    page, listed = await feed(somebody), (await somebody.get("/v1/webhooks")).json()["webhooks"]
    asked = "{ events { nextAfter events { id type subject time data } } webhooks { webhooks { id state types } } }"
    told = (await somebody.ask(asked))["data"]
    assert told["events"]["nextAfter"] == page["nextAfter"]
    names = "id", "type", "subject", "time", "data"
    assert told["events"]["events"] == [{name: one[name] for name in names} for one in page["events"]]
    assert told["webhooks"]["webhooks"] == [{name: one[name] for name in ("id", "state", "types")} for one in listed]
    one = await somebody.ask("query($id: UUID!) { webhook(webhookId: $id) { url } }", id=listed[0]["id"])
    assert one["data"]["webhook"] == {"url": "http://127.0.0.1:9/"}


async def test_an_institution_has_only_so_many_subscriptions(db: Database, personas: Personas) -> None:
    somebody = personas.administrator((await an_institution(db)).institution_id)
    body = {"url": "http://127.0.0.1:9/"}
    answers = await asyncio.gather(*(somebody.post("/v1/webhooks", json=body) for _ in range(22)))
    assert sorted(one.status_code for one in answers) == [201] * 20 + [409] * 2
