"""Events reach those who subscribed: asked first, signed, in order for each subject, at least once, for days."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import webhooks as speaking
from app.auth.destinations import LOOPBACK, Destinations, networks_named
from app.auth.sealing import Sealing
from app.db.database import Database, open_database
from app.db.tables.webhooks import WebhookCursorRow, WebhookRow
from app.domain.actors import Actor
from app.domain.errors import Invalid
from app.domain.events import IndexRemoved
from app.domain.webhooks import DELAYS, HANDSHAKE_DELAYS, MOST_WEBHOOKS
from app.jobs.worker import Manner
from app.services import webhook_deliveries, webhooks
from app.services.webhooks import EditWebhook, ReplayWebhook, RotateWebhookSecret
from tests.conftest import DESTINATIONS, SEALING, a_worker, as_superuser, url_of
from tests.factories import an_institution, rows_of
from tests.jobs import a_job, jobs_of
from tests.personas import Personas
from tests.webhooks import (
    Answer,
    Clock,
    Received,
    Receiver,
    administrator,
    deliver,
    deliveries,
    happen,
    receiving,
    shown,
    subscribe,
    tell,
)

USUAL_TURN = webhook_deliveries.LONGEST_TURN


@pytest.fixture(autouse=True)
def _long_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn is not over because the machine pauses."""
    monkeypatch.setattr(webhook_deliveries, "LONGEST_TURN", 60.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def later(database_name: str, clock: Clock) -> AsyncIterator[Database]:
    """The database, with a clock that the test moves."""
    async with open_database(url_of(database_name), clock=clock) as database:
        yield database


def failing(receiver: Receiver, *subjects: str, status: int = 500, **headers: str) -> None:
    """The receiver refuses what is about these things."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        return (status, told, b"\x00no\n") if not subjects or received.subject in subjects else (204, {}, b"")

    receiver.answers = answer


async def test_a_receiver_is_asked_and_then_sent_signed_events_with_ids_and_nothing_else(db: Database) -> None:
    actor, thing = await an_institution(db), uuid4()
    with receiving() as receiver:
        made = await subscribe(db, actor, receiver.url)
        await happen(db, actor, thing)
        assert (receiver.asked, receiver.received) == ([], [])
        await deliver(db, actor, made.webhook_id)
    [question], [received] = receiver.asked, receiver.received
    assert question["webhook-request-origin"] == received.headers["webhook-request-origin"] == "localhost"
    assert received.headers["content-type"].startswith("application/cloudevents+json")
    assert received.is_signed_with(made.secret)
    event = received.event
    assert event.pop("time")
    assert int(event.pop("sequence")) == int(event["id"].partition("_")[2])
    assert event == {
        "specversion": "1.0",
        "id": received.id,
        "source": f"urn:uuid:{actor.institution_id}",
        "type": "id.nusatalenta.referenceRemoved.v1",
        "subject": f"reference/{thing}",
        "datacontenttype": "application/json",
        "data": {"referenceId": str(thing)},
    }
    assert (await shown(db, actor, made.webhook_id))["state"] == "active"
    assert [one["state"] for one in await deliveries(db, actor, made.webhook_id)] == ["delivered"]


async def test_nothing_is_sent_to_a_receiver_that_does_not_agree(later: Database, clock: Clock) -> None:
    actor = await an_institution(later)
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        await happen(later, actor, uuid4())
        receiver.permit = {"webhook-allowed-origin": "somebody.example"}
        for _ in range(len(HANDSHAKE_DELAYS) + 2):
            await deliver(later, actor, made.webhook_id)
            clock.pass_by(hours=2)
        told = await shown(later, actor, made.webhook_id)
        assert (told["state"], told["cause"], told["lastError"]) == ("paused", "notValidated", "webhook.not_allowed")
        assert len(receiver.asked) == len(HANDSHAKE_DELAYS) + 1
        receiver.permit = {"webhook-allowed-origin": "localhost"}
        await webhooks.resume_webhook(later, administrator(actor), made.webhook_id)
        assert receiver.received == []
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == 1


async def test_another_address_is_asked_before_anything_is_sent_there(db: Database) -> None:
    actor = await an_institution(db)
    with receiving() as before, receiving() as after:
        made = await subscribe(db, actor, before.url)
        await deliver(db, actor, made.webhook_id)
        after.permit = {}
        command = EditWebhook(url=after.url, description="Pindah")
        await webhooks.edit_webhook(db, administrator(actor), DESTINATIONS, made.webhook_id, command)
        await happen(db, actor, uuid4())
        await deliver(db, actor, made.webhook_id)
        assert (before.received, after.received, len(after.asked)) == ([], [], 1)
        told = await shown(db, actor, made.webhook_id)
        assert (told["state"], told["cause"], told["url"]) == ("pending", "moved", after.url)


async def test_what_may_be_a_secret_in_an_address_is_not_in_the_ledger(db: Database) -> None:
    actor = await an_institution(db)
    made = await subscribe(db, actor, "http://127.0.0.1:9/events?token=one")
    command = EditWebhook(url="http://127.0.0.1:9/others?token=two")
    await webhooks.edit_webhook(db, administrator(actor), DESTINATIONS, made.webhook_id, command)
    assert (await shown(db, actor, made.webhook_id))["url"] == command.url
    entries = str(await rows_of(db, actor, "SELECT payload::text FROM ledger_entry WHERE about_type = 'webhook'"))
    assert ("/others" in entries, "token" in entries) == (True, False)


async def test_events_about_one_thing_keep_their_order_while_others_go_on(later: Database, clock: Clock) -> None:
    actor, bad, good = await an_institution(later), uuid4(), uuid4()
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        troubled, fine = await happen(later, actor, bad, good)
        await happen(later, actor, bad, good)
        failing(receiver, troubled)
        await deliver(later, actor, made.webhook_id)
        assert receiver.subjects().count(troubled) == 1
        assert receiver.subjects().count(fine) == 2
        waiting = (await deliveries(later, actor, made.webhook_id))[0]
        assert (waiting["lastStatus"], waiting["lastExcerpt"], waiting["attempts"]) == (500, "no", 1)
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == 3  # too soon
        failing(receiver, "nothing")
        clock.pass_by(seconds=7)
        await deliver(later, actor, made.webhook_id)
        told = [one for one in receiver.received if one.subject == troubled]
        assert [one.id for one in told] == [told[0].id, told[0].id, told[2].id]
        assert told[0].event["sequence"] < told[2].event["sequence"]


async def test_events_about_one_thing_follow_each_other_in_one_turn_up_to_one_that_is_refused(
    later: Database, clock: Clock
) -> None:
    actor, one, other = await an_institution(later), uuid4(), uuid4()
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        await deliver(later, actor, made.webhook_id)
        [subject, _] = await happen(later, actor, one, other)
        await happen(later, actor, *[one] * 30, other)

        def tenth(received: Received) -> tuple[int, dict[str, str], bytes]:
            of_it = [told for told in receiver.received if told.subject == subject]
            return (500 if received.subject == subject and len(of_it) == 10 else 204), {}, b""

        receiver.answers = tenth
        await deliver(later, actor, made.webhook_id)
        assert (receiver.subjects().count(subject), len(receiver.received)) == (10, 12)
        assert (await shown(later, actor, made.webhook_id))["waiting"] == 22
        clock.pass_by(seconds=7)
        await deliver(later, actor, made.webhook_id)
        sequences = [told.event["sequence"] for told in receiver.received if told.subject == subject]
        assert (len(sequences), len(set(sequences)), sequences) == (32, 31, sorted(sequences))
        assert (await shown(later, actor, made.webhook_id))["waiting"] == 0


async def test_an_event_that_nobody_takes_dies_and_those_after_it_live(later: Database, clock: Clock) -> None:
    actor, bad = await an_institution(later), uuid4()
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        [troubled] = await happen(later, actor, bad)
        await deliver(later, actor, made.webhook_id)
        first = receiver.received.pop()
        await happen(later, actor, bad)
        failing(receiver, troubled)
        for _ in range(len(DELAYS) + 1):
            await happen(later, actor, uuid4())  # which succeeds, so that the subscription is not paused
            await deliver(later, actor, made.webhook_id)
            clock.pass_by(hours=29)
        assert receiver.subjects().count(troubled) == len(DELAYS) + 1
        [dead] = [one for one in await deliveries(later, actor, made.webhook_id) if one["state"] == "dead"]
        assert (await shown(later, actor, made.webhook_id))["dead"] == 1
        await happen(later, actor, bad)
        failing(receiver, "nothing")
        receiver.received.clear()
        await deliver(later, actor, made.webhook_id)
        assert receiver.subjects() == [troubled]
        await webhooks.redeliver_event(later, administrator(actor), made.webhook_id, dead["id"])
        await deliver(later, actor, made.webhook_id)
        assert receiver.ids()[1].endswith(f"_{dead['position']}")
        assert first.id not in receiver.ids()


async def test_a_receiver_that_is_away_for_days_is_paused_and_gets_everything_when_it_is_back(
    later: Database, clock: Clock
) -> None:
    actor = await an_institution(later)
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        await deliver(later, actor, made.webhook_id)
        happened = await happen(later, actor, *[uuid4() for _ in range(12)])
        failing(receiver, status=503)
        for _ in range(6):
            await deliver(later, actor, made.webhook_id)
            clock.pass_by(hours=11)
        told = await shown(later, actor, made.webhook_id)
        assert (told["state"], told["cause"], told["waiting"], told["dead"]) == ("paused", "failing", 12, 0)
        failing(receiver, "nothing")
        receiver.received.clear()
        await webhooks.resume_webhook(later, administrator(actor), made.webhook_id)
        await deliver(later, actor, made.webhook_id)
        assert sorted(receiver.subjects()) == sorted(happened)


async def test_a_receiver_that_asks_for_time_is_given_it(later: Database, clock: Clock) -> None:
    actor = await an_institution(later)
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        await deliver(later, actor, made.webhook_id)
        failing(receiver, status=429, retry_after="3600")
        await happen(later, actor, uuid4())
        await deliver(later, actor, made.webhook_id)
        await happen(later, actor, uuid4())
        clock.pass_by(minutes=50)
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == 1
        failing(receiver, "nothing")
        clock.pass_by(minutes=30)
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == 3


async def test_time_that_was_asked_for_is_not_taken_back_by_what_was_on_its_way(later: Database, clock: Clock) -> None:
    actor = await an_institution(later)
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        await deliver(later, actor, made.webhook_id)

        def answers(received: Received) -> Answer:
            if received.number == 4:
                return 429, {"retry-after": "3600"}, b""
            time.sleep(0.3)
            return 204, {}, b""

        receiver.answers = answers
        await happen(later, actor, *[uuid4() for _ in range(20)])
        await deliver(later, actor, made.webhook_id)
        sent = len(receiver.received)
        assert sent < 20
        clock.pass_by(minutes=50)
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == sent


async def test_answers_lost_here_and_there_put_off_their_events_alone_and_many_in_a_row_everything(
    later: Database, clock: Clock
) -> None:
    actor = await an_institution(later)
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        await deliver(later, actor, made.webhook_id)
        lost: list[str] = []

        def answer_but(every: int) -> None:
            def answers(received: Received) -> Answer:
                if received.number >= 20 and received.number % every == 0:
                    lost.append(received.subject)
                    raise ConnectionResetError
                return 204, {}, b""

            receiver.answers = answers

        answer_but(every=5)
        happened = await happen(later, actor, *[uuid4() for _ in range(40)])
        await deliver(later, actor, made.webhook_id)
        assert sorted(receiver.subjects()) == sorted(happened)
        assert (await shown(later, actor, made.webhook_id))["waiting"] == len(lost) == 5
        failing(receiver, "nothing")
        clock.pass_by(seconds=7)
        await deliver(later, actor, made.webhook_id)
        assert sorted(receiver.subjects()[40:]) == sorted(lost)
        receiver.received.clear()
        answer_but(every=1)
        await happen(later, actor, *[uuid4() for _ in range(60)])
        await deliver(later, actor, made.webhook_id)
        assert 20 < len(receiver.received) < 40


async def test_a_receiver_that_is_gone_is_sent_nothing_more(db: Database) -> None:
    actor = await an_institution(db)
    with receiving() as receiver:
        made = await subscribe(db, actor, receiver.url)
        failing(receiver, status=410)
        await happen(db, actor, uuid4())
        for _ in range(2):
            await deliver(db, actor, made.webhook_id)
        told = await shown(db, actor, made.webhook_id)
        assert (told["state"], told["cause"], len(receiver.received)) == ("disabled", "gone", 1)


async def test_a_receiver_is_sent_no_more_than_it_allows(
    later: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_deliveries, "LONGEST_TURN", USUAL_TURN)  # 24 a minute are 2 in it
    actor = await an_institution(later)
    with receiving() as receiver:
        receiver.permit["webhook-allowed-rate"] = "24"
        made = await subscribe(later, actor, receiver.url)
        await happen(later, actor, *[uuid4() for _ in range(5)])
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == 2
        clock.pass_by(seconds=4)
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == 2
        clock.pass_by(seconds=2)
        await deliver(later, actor, made.webhook_id)
        assert len(receiver.received) == 4


async def test_only_what_was_subscribed_to_is_sent_and_nothing_of_another_institution(db: Database) -> None:
    actor, stranger, thing = await an_institution(db), await an_institution(db), uuid4()
    with receiving() as receiver, receiving() as narrow:
        wide = await subscribe(db, actor, receiver.url, types=["index*", "id.nusatalenta.referenceRemoved.v1"])
        of_indices = await subscribe(db, actor, narrow.url, types=["*"], subject_types=["index"])
        await happen(db, actor, thing)
        await happen(db, stranger, thing)
        await tell(db, actor, IndexRemoved("nspk", 2024))
        for one in (wide, of_indices):
            await deliver(db, actor, one.webhook_id)
        await webhooks.try_webhook(db, administrator(actor), of_indices.webhook_id)  # whatever it is subscribed to
        for one in (wide, of_indices):
            await deliver(db, actor, one.webhook_id)
        named = "id.nusatalenta.{}.v1".format
        assert sorted(receiver.types()) == [named("indexRemoved"), named("referenceRemoved")]
        assert narrow.types() == [named("indexRemoved"), named("webhookTested")]
        assert all(one.event["source"].endswith(str(actor.institution_id)) for one in receiver.received)


async def test_everything_after_a_place_is_sent_again_with_the_ids_it_had(db: Database) -> None:
    actor, thing = await an_institution(db), uuid4()
    with receiving() as receiver:
        made = await subscribe(db, actor, receiver.url)
        await happen(db, actor, thing, uuid4(), thing)
        await deliver(db, actor, made.webhook_id)
        before = receiver.ids()
        place = min(before, key=lambda one: int(one.partition("_")[2])).partition("_")[2]
        receiver.received.clear()
        again = ReplayWebhook(after=place)
        await webhooks.replay_webhook(db, administrator(actor), made.webhook_id, again)
        await deliver(db, actor, made.webhook_id)
        assert sorted(receiver.ids()) == sorted(before)[1:]
        with pytest.raises(Invalid) as refused:
            await webhooks.replay_webhook(db, administrator(actor), made.webhook_id, ReplayWebhook(after="9" * 17))
        assert refused.value.faults[0].code == "events.place_unknown"


async def test_two_secrets_sign_while_one_follows_the_other(later: Database, clock: Clock) -> None:
    actor = await an_institution(later)
    with receiving() as receiver:
        first = await subscribe(later, actor, receiver.url)
        hours = RotateWebhookSecret(overlap_hours=2)
        second = await webhooks.rotate_webhook_secret(later, administrator(actor), SEALING, first.webhook_id, hours)
        for _ in range(2):
            await happen(later, actor, uuid4())
            await deliver(later, actor, first.webhook_id)
            clock.pass_by(hours=3)
        during, after = receiver.received
        assert (during.is_signed_with(first.secret), during.is_signed_with(second.secret)) == (True, True)
        assert (after.is_signed_with(first.secret), after.is_signed_with(second.secret)) == (False, True)


async def test_secrets_that_nobody_can_open_stop_a_subscription_with_a_sentence_and_another_one_goes_on(
    db: Database, personas: Personas
) -> None:
    actor, changed = await an_institution(db), Sealing([Fernet.generate_key().decode()])
    with receiving() as receiver:
        made = await subscribe(db, actor, receiver.url)
        await deliver(db, actor, made.webhook_id)
        await happen(db, actor, uuid4())
        for _ in range(2):  # nobody asks for it again, and if somebody did, nothing happens
            await deliver(db, actor, made.webhook_id, sealing=changed)
        told = await shown(db, actor, made.webhook_id)
        assert (told["state"], told["cause"], told["waiting"]) == ("paused", "secretUnreadable", 0)
        assert (told["lastError"], "resume" in told["detail"]["en"]) == ("webhook.sealed_elsewhere", True)
        moved = await rows_of(db, actor, "SELECT payload FROM ledger_entry WHERE payload::text LIKE '%secretUnread%'")
        assert len(moved) == 1
        metrics = (await personas.anonymous().get("/metrics")).text
        assert re.search(r'secrets_unreadable{kind="webhook"} [1-9]', metrics)

        new = await webhooks.rotate_webhook_secret(
            db, administrator(actor), changed, made.webhook_id, RotateWebhookSecret(overlap_hours=2)
        )
        await webhooks.resume_webhook(db, administrator(actor), made.webhook_id)
        await deliver(db, actor, made.webhook_id, sealing=changed)
        [received] = receiver.received
        assert (received.is_signed_with(new.secret), received.is_signed_with(made.secret)) == (True, False)
        told = await shown(db, actor, made.webhook_id)
        assert (told["state"], told["lastError"], told["detail"]) == ("active", None, None)


async def test_what_is_over_is_forgotten_in_its_time_and_nothing_else(
    later: Database, clock: Clock, database_name: str
) -> None:
    actor, bad = await an_institution(later), uuid4()
    month, season = timedelta(days=30), timedelta(days=90)
    with receiving() as receiver:
        made = await subscribe(later, actor, receiver.url)
        await happen(later, actor, uuid4(), uuid4())
        await deliver(later, actor, made.webhook_id)
        first = f"SELECT min(position) FROM webhook_delivery WHERE webhook_id = '{made.webhook_id}'"  # noqa: S608
        died = f"UPDATE webhook_delivery SET state = 'dead', delivered_at = NULL WHERE position = ({first})"  # noqa: S608
        await as_superuser(f"{died} AND webhook_id = '{made.webhook_id}'", database_name)
        hours = RotateWebhookSecret(overlap_hours=1)
        await webhooks.rotate_webhook_secret(later, administrator(actor), SEALING, made.webhook_id, hours)
        failing(receiver, *await happen(later, actor, bad))
        await deliver(later, actor, made.webhook_id)

        async def kept() -> tuple[list[str], int]:
            told = await shown(later, actor, made.webhook_id)
            states = [one["state"] for one in await deliveries(later, actor, made.webhook_id)]
            return sorted(states), len(told["secrets"])

        await later.forget_webhook_deliveries(month, season)
        assert await kept() == (["dead", "delivered", "waiting"], 2)
        # secrets go by the clock of PostgreSQL, which no test moves
        await as_superuser(
            f"""DO $script$ BEGIN SET LOCAL session_replication_role = replica;
                UPDATE webhook_secret SET expires_at = expires_at - interval '40 days', created_at = 'epoch'
                WHERE webhook_id = '{made.webhook_id}' AND expires_at IS NOT NULL; END $script$""",  # noqa: S608
            database_name,
        )
        clock.pass_by(days=31)
        await later.forget_webhook_deliveries(month, season)
        assert await kept() == (["dead", "waiting"], 1)
        clock.pass_by(days=60)
        await later.forget_webhook_deliveries(month, season)
        assert await kept() == (["waiting"], 1)
    [entry] = await rows_of(
        later, actor, "SELECT about_id, payload FROM ledger_entry WHERE type = 'webhookSecretsForgotten'"
    )
    assert (entry["about_id"], entry["payload"]["secrets"]) == (str(made.webhook_id), 1)


async def test_a_turn_and_whoever_changes_the_subscription_do_not_wait_for_each_other(db: Database) -> None:
    actor = await an_institution(db)
    with receiving() as receiver:
        made = await subscribe(db, actor, receiver.url)
        await deliver(db, actor, made.webhook_id)
        await happen(db, actor, uuid4())
        async with db.write_as(administrator(actor)) as tx:  # as replaying does, step by step
            await tx.get(WebhookRow, (actor.institution_id, made.webhook_id), with_for_update=True)
            turn = asyncio.create_task(deliver(db, actor, made.webhook_id))
            await somebody_waits(tx)
            cursor = update(WebhookCursorRow).where(WebhookCursorRow.webhook_id == made.webhook_id)
            await tx.execute(cursor.values(position=0))
        await turn
        assert len(receiver.received) == 1


async def somebody_waits(tx: AsyncSession) -> None:
    """Until another transaction waits for what this one holds."""
    waiting = text("SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))")
    for _ in range(200):
        if await tx.scalar(waiting):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_a_name_that_leads_inside_meanwhile_is_not_followed(db: Database) -> None:
    actor, addresses = await an_institution(db), ["127.0.0.1"]

    async def resolve(_name: str, _port: int) -> list[str]:
        return addresses

    rebound = Destinations(networks_named(LOOPBACK), allows_http=True, resolve=resolve)
    with receiving() as receiver:
        made = await subscribe(db, actor, receiver.url)
        url = receiver.url.replace("127.0.0.1", "receiver.example")
        await webhooks.edit_webhook(db, administrator(actor), rebound, made.webhook_id, EditWebhook(url=url))
        await deliver(db, actor, made.webhook_id, rebound)
        assert len(receiver.asked) == 1
        addresses[0] = "169.254.169.254"
        await happen(db, actor, uuid4())
        await deliver(db, actor, made.webhook_id, rebound)
        [waiting] = await deliveries(db, actor, made.webhook_id)
        assert (waiting["state"], waiting["lastError"], receiver.received) == ("waiting", "destination.private", [])


async def test_a_redirect_is_an_answer_and_no_way(db: Database) -> None:
    actor = await an_institution(db)
    with receiving() as receiver, receiving() as inside:
        made = await subscribe(db, actor, receiver.url)
        failing(receiver, status=307, location=inside.url)
        await happen(db, actor, uuid4())
        await deliver(db, actor, made.webhook_id)
        [waiting] = await deliveries(db, actor, made.webhook_id)
        assert (waiting["lastStatus"], waiting["state"], inside.received) == (307, "waiting", [])


async def test_what_was_sent_when_the_worker_was_stopped_is_sent_again(db: Database) -> None:
    actor = await an_institution(db)
    with receiving() as receiver:
        made = await subscribe(db, actor, receiver.url)
        await deliver(db, actor, made.webhook_id)
        arrived, may_answer = threading.Event(), threading.Event()

        def hold(_: Received) -> tuple[int, dict[str, str], bytes]:
            arrived.set()
            may_answer.wait(10)
            return 204, {}, b""

        receiver.answers = hold
        await happen(db, actor, uuid4())
        turn = asyncio.create_task(deliver(db, actor, made.webhook_id))
        assert await asyncio.to_thread(arrived.wait, 10)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)
        may_answer.set()
        await deliver(db, actor, made.webhook_id)
        assert len(receiver.received) == 2
        assert len(set(receiver.ids())) == 1


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that hangs is not given up before the others were waited for."""
    for module in (speaking, webhook_deliveries):
        monkeypatch.setattr(module, "PATIENCE", 120.0)


@pytest.mark.usefixtures("_patient")
async def test_one_slow_receiver_holds_nobody_up(database_name: str, db: Database) -> None:
    actor = await an_institution(db)
    may_answer, told = threading.Event(), threading.Event()

    def slow(_: Received) -> tuple[int, dict[str, str], bytes]:
        may_answer.wait(100)
        return 204, {}, b""

    def quick(_: Received) -> tuple[int, dict[str, str], bytes]:
        told.set()
        return 204, {}, b""

    with receiving() as hanging, receiving() as fine:
        hanging.answers, fine.answers = slow, quick
        async with a_worker(database_name):
            try:
                await subscribe(db, actor, hanging.url)
                await subscribe(db, actor, fine.url)
                await happen(db, actor, uuid4())
                assert await asyncio.to_thread(told.wait, 60)
                assert not may_answer.is_set()
            finally:
                may_answer.set()


@pytest.mark.usefixtures("_patient")
async def test_slow_receivers_of_one_institution_hold_up_nobody_elses_work(database_name: str, db: Database) -> None:
    slow, fine = await an_institution(db), await an_institution(db)
    may_answer, told, hanging = threading.Event(), threading.Event(), threading.Semaphore(0)

    def hang(_: Received) -> tuple[int, dict[str, str], bytes]:
        hanging.release()
        may_answer.wait(100)
        return 204, {}, b""

    def quick(_: Received) -> tuple[int, dict[str, str], bytes]:
        told.set()
        return 204, {}, b""

    with receiving() as many, receiving() as one:
        many.answers, one.answers = hang, quick
        async with a_worker(database_name):
            try:
                for _ in range(MOST_WEBHOOKS):
                    await subscribe(db, slow, many.url)
                await happen(db, slow, uuid4())
                for _ in range(Manner().webhooks // 2):  # its share
                    assert await asyncio.to_thread(hanging.acquire, timeout=60)
                await subscribe(db, fine, one.url)
                await happen(db, fine, uuid4())
                await a_job(db, fine)
                assert await asyncio.to_thread(told.wait, 60)
                async with asyncio.timeout(60):
                    while not await is_done(db, fine):  # noqa: ASYNC110 - it is in the database
                        await asyncio.sleep(0.05)
            finally:
                may_answer.set()
            async with asyncio.timeout(60):  # and everybody is told in the end
                while len(many.received) < MOST_WEBHOOKS:  # noqa: ASYNC110 - it counts in threads
                    await asyncio.sleep(0.1)


async def is_done(db: Database, actor: Actor) -> bool:
    states = {one["kind"]: one["state"] for one in await jobs_of(db, actor)}
    return states.get("verify_mobility") == "done"
