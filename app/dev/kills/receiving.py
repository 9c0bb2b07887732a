"""A receiver of events: agrees to be sent some, checks every signature, and keeps what came in the order it came."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

from app.auth.webhooks import signature_of

LOST = 0.03
"""Of all answers, how many never arrive: the event was taken, and its sender does not know."""


@dataclass(slots=True)
class Received:
    """What came: events by their id in the order of their first coming, how often each came, and what was wrong."""

    secret: str = ""
    events: dict[str, dict[str, str]] = field(default_factory=dict)
    deliveries: int = 0
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def receiving(seed: int) -> Iterator[tuple[str, Received]]:
    """Receive events while the block runs; the address to send them to, and what came."""
    received, chance = Received(), Random(seed)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_OPTIONS(self) -> None:
            self.send_response(200)
            self.send_header("webhook-allowed-origin", "*")
            self.send_header("webhook-allowed-rate", "*")
            self.send_header("content-length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with received.lock:
                _take(received, dict(self.headers.items()), body)
                is_lost = chance.random() < LOST
            if is_lost:
                self.close_connection = True
                return
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is said of requests."""

    class Receiver(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Senders are killed in the middle of sending."""

    with Receiver(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/events", received
        finally:
            server.shutdown()


def _take(received: Received, headers: dict[str, str], body: bytes) -> None:
    told = {name.lower(): value for name, value in headers.items()}
    event = json.loads(body)
    signed = signature_of(received.secret, told["webhook-id"], int(told["webhook-timestamp"]), body)
    if signed not in told["webhook-signature"].split():
        received.faults.append(f"{event['id']} has a wrong signature")
    if event["id"] != told["webhook-id"]:
        received.faults.append(f"{event['id']} came as {told['webhook-id']}")
    earlier = received.events.setdefault(event["id"], event)
    if earlier != event:
        received.faults.append(f"{event['id']} says something else the second time")
    received.deliveries += 1
