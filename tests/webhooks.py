"""A receiver of webhooks on a real port, which verifies for itself what it is sent, and those who subscribe for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import orjson

from app.auth.destinations import Destinations
from app.auth.sealing import Sealing
from app.db.database import Database
from app.db.deliveries import fan_out
from app.db.ledger import record
from app.domain.actors import Actor, Role, as_service
from app.domain.events import EVENT_TYPES, Event, ReferenceRemoved
from app.services import webhook_deliveries, webhooks
from app.services.webhooks import CreateWebhook, SecretShown
from tests.conftest import DESTINATIONS, SEALING

Answer = tuple[int, dict[str, str], bytes]
ALLOWS = {"webhook-allowed-origin": "*", "webhook-allowed-rate": "*"}


@dataclass(frozen=True)
class Received:
    """One POST, as it came."""

    headers: dict[str, str]
    body: bytes
    number: int = 0
    """How many there are with it."""

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def subject(self) -> str:
        return self.event["subject"]

    def is_signed_with(self, secret: str) -> bool:
        """As Standard Webhooks says it, without a line of the service."""
        key = base64.b64decode(secret.split("_", 1)[1])
        signed = b".".join([self.id.encode(), self.headers["webhook-timestamp"].encode(), self.body])
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{expected}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """What a receiver answers with, and what it was sent."""

    url: str = ""
    permit: dict[str, str] = field(default_factory=lambda: dict(ALLOWS))
    answers: Callable[[Received], Answer] = lambda _: (204, {}, b"")
    asked: list[dict[str, str]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def ids(self) -> list[str]:
        return [one.id for one in self.received]

    def subjects(self) -> list[str]:
        return [one.subject for one in self.received]

    def types(self) -> list[str]:
        return [one.event["type"] for one in self.received]


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that answers on 127.0.0.1 until the block ends."""
    receiver, counting = Receiver(), threading.Lock()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_OPTIONS(self) -> None:
            receiver.asked.append(self._headers())
            self._answer(200, receiver.permit, b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with counting:  # several come at once, each in a thread of its own
                received = Received(self._headers(), body, len(receiver.received) + 1)
                receiver.received.append(received)
            self._answer(*receiver.answers(received))

        def _headers(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever hangs up is no matter of the test."""

    server = Server(("127.0.0.1", 0), Door)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"http{'' if tls is None else 's'}://127.0.0.1:{server.server_address[1]}/events"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Clock:
    """The time, as a test moves it."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)


def administrator(actor: Actor) -> Actor:
    return Actor(actor.institution_id, Role.ADMINISTRATOR, "administrator")


async def subscribe(db: Database, actor: Actor, url: str, **but: Any) -> SecretShown:
    """A subscription whose receiver has not been asked yet."""
    command = CreateWebhook(**{"url": url, "types": ["referenceRemoved"], **but})
    return await webhooks.create_webhook(db, administrator(actor), SEALING, DESTINATIONS, command)


async def deliver(
    db: Database,
    actor: Actor,
    webhook_id: UUID,
    destinations: Destinations = DESTINATIONS,
    sealing: Sealing = SEALING,
) -> None:
    """One turn of the subscription, with everything that was committed in its place."""
    while await db.chain_ledger(1000):
        pass
    await webhook_deliveries.deliver_webhook(db, as_service(actor), sealing, destinations, webhook_id)


async def happen(db: Database, actor: Actor, *things: UUID) -> list[str]:
    """Something happens to each of these, in this order; the subjects of the events."""
    for thing in things:
        await tell(db, actor, ReferenceRemoved(thing))
    return [f"reference/{thing}" for thing in things]


async def tell(db: Database, actor: Actor, event: Event) -> None:
    async with db.write_as(actor) as tx:
        await record(tx, actor, event)


async def a_subscription(db: Database, actor: Actor) -> UUID:
    """A subscription with a secret, and with an event that waits for a receiver that nobody has asked."""
    made = await subscribe(db, actor, "http://127.0.0.1:9/events", after="0", types=["*"])
    await happen(db, actor, uuid4())
    while await db.chain_ledger(1000):
        pass
    async with db.write_as(actor) as tx:
        await fan_out(tx, actor, made.webhook_id, EVENT_TYPES, [], db.now())
    return made.webhook_id


async def shown(db: Database, actor: Actor, webhook_id: UUID) -> dict[str, Any]:
    return orjson.loads(await webhooks.webhook_document(db, administrator(actor), webhook_id))


async def deliveries(db: Database, actor: Actor, webhook_id: UUID) -> list[dict[str, Any]]:
    """Those of a subscription, the first event first."""
    page = await webhooks.webhook_deliveries_page(db, administrator(actor), webhook_id, first=200)
    return [edge["node"] for edge in reversed(orjson.loads(page)["edges"])]
