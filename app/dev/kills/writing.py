"""Writers that keep writing through REST while everything around them is killed, and note what they were answered."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import httpx2

AGAIN_AFTER = 0.05  # seconds
PATIENCE = 5.0  # seconds for an answer
EDITS = 0.5
"""Of all writes, how many change what was written before."""
FIRST_DAY = date(2030, 1, 1)
OVER = frozenset({"idempotency.answer_lost"})
"""What is said of a write that was done and whose answer is lost."""
FREE = frozenset({"idempotency.in_progress", "idempotency.taken_over"})


class RefusedError(RuntimeError):
    """The service refused what it should have taken."""


@dataclass(slots=True)
class Written:
    """What one writer knows to be done: freezes by their reason, and the last days that it gave each in turn."""

    days: dict[str, list[str]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    answered: int = 0
    repeated: int = 0


class Writer(threading.Thread):
    """Writes freezes, one after the other, each until it is answered; nothing is left half done when it ends."""

    def __init__(self, name: str, address: str, token: str, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self.written, self.error = Written(), ""
        self._chance, self._stopped = Random(seed), threading.Event()
        self._address, self._token = address, token

    def finish(self) -> None:
        """End after the write under way."""
        self._stopped.set()

    def run(self) -> None:
        try:
            headers = {"authorization": f"Bearer {self._token}"}
            with httpx2.Client(base_url=self._address, headers=headers, timeout=PATIENCE) as client:
                while not self._stopped.is_set():
                    known = [reason for reason in self.written.days if reason in self.written.ids]
                    if known and self._chance.random() < EDITS:
                        self._edit(client, self._chance.choice(known[-5:]))
                    else:
                        self._add(client, f"{self.name} {len(self.written.days) + 1}")
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"
            raise

    def _add(self, client: httpx2.Client, reason: str) -> None:
        """Put a freeze on record, repeating the same request under the same key until it is answered."""
        key, body = uuid4().hex, _freeze(reason, FIRST_DAY)
        while True:
            answer = self._send(client, "POST", "/v1/freeze-periods", body, {"idempotency-key": key})
            if answer.status_code == 201:
                self.written.ids[reason] = answer.json()["id"]
                break
            if _code_of(answer) in OVER:
                break
            _must_be_free(answer)
        self.written.days[reason] = [body["until"]]
        self.written.answered += 1

    def _edit(self, client: httpx2.Client, reason: str) -> None:
        """Move the last day of a freeze, once: where no answer came, the freeze itself says whether it was done."""
        at = f"/v1/freeze-periods/{self.written.ids[reason]}"
        body = _freeze(reason, FIRST_DAY + timedelta(days=len(self.written.days[reason])))
        present = self._read(client, at)
        while True:
            tag = {"if-match": present.headers["etag"], "idempotency-key": uuid4().hex}
            answer = self._send(client, "PUT", at, body, tag)
            if answer.status_code == 200:
                break
            if answer.status_code != 412:
                _must_be_free(answer)
            present = self._read(client, at)
            if present.json()["until"] == body["until"]:
                break
        self.written.days[reason].append(body["until"])
        self.written.answered += 1

    def _read(self, client: httpx2.Client, at: str) -> httpx2.Response:
        while (answer := self._send(client, "GET", at, None, {})).status_code != 200:
            _must_be_free(answer)
        return answer

    def _send(
        self, client: httpx2.Client, method: str, at: str, body: dict[str, str] | None, headers: dict[str, str]
    ) -> httpx2.Response:
        """What is answered, however often it has to be asked."""
        while True:
            try:
                answer = client.request(method, at, json=body, headers=headers)
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code < 500:
                return answer
            if method == "PUT":
                return httpx2.Response(412) if answer is None else answer
            self.written.repeated += 1
            time.sleep(AGAIN_AFTER)


def _freeze(reason: str, until: date) -> dict[str, str]:
    return {"since": FIRST_DAY.isoformat(), "until": until.isoformat(), "reason": reason, "legalBasis": "PKPU"}


def _code_of(answer: httpx2.Response) -> str:
    told: dict[str, Any] = answer.json()
    return str(told.get("code"))


def _must_be_free(answer: httpx2.Response) -> None:
    """Wait a moment where the same may be asked again; `RefusedError` where it was refused."""
    if answer.status_code < 500 and _code_of(answer) not in FREE:
        raise RefusedError(f"{answer.status_code} {answer.text}")
    time.sleep(AGAIN_AFTER)
