"""A load generator: requests over kept-alive connections to a port of this machine, counted and timed."""

from __future__ import annotations

import asyncio
import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import cast

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
HEADERS_END = b"\r\n\r\n"
LONGEST_ANSWER = 30.0  # seconds


class WrongAnswerError(RuntimeError):
    """An answer was not what is measured."""


@dataclass(frozen=True, slots=True)
class Line:
    """One door under load: finished requests that are sent in turn, and how the body of a right answer begins."""

    name: str
    port: int
    process: int
    requests: Sequence[bytes]
    begins: bytes


@dataclass(slots=True)
class Measured:
    """What one line did in one round, slice by slice."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    """Of the serving process."""
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu_us(self) -> float:
        """For each request."""
        return 1e6 * self.cpu_seconds / len(self.latencies)


def get(path: str, token: str | None = None, auth: str | None = None) -> bytes:
    """A GET request; `auth` is the second token that SIASN's clients send."""
    return _request("GET", path, token, b"", auth=auth)


def post(path: str, body: bytes, token: str, key: str | None = None) -> bytes:
    """A POST request with a JSON body, under an idempotency key if one is given."""
    return _request("POST", path, token, body, key)


def _request(
    method: str, path: str, token: str | None, body: bytes, key: str | None = None, auth: str | None = None
) -> bytes:
    headers = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if token is not None:
        headers.append(f"Authorization: Bearer {token}")
    if auth is not None:
        headers.append(f"Auth: bearer {auth}")
    if key is not None:
        headers.append(f"Idempotency-Key: {key}")
    if body:
        headers += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*headers, "", ""]).encode() + body


class _Connection(asyncio.Protocol):
    """Sends a request, waits for its answer, sends the next one, until time is up."""

    def __init__(self, requests: Iterator[bytes], begins: bytes, until: float) -> None:
        self._requests, self._begins, self._until = requests, begins, until
        self._received, self._missing, self._sent_at = bytearray(), -1, 0.0
        self.latencies: list[float] = []
        self.last_body = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is no subclass
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._missing < 0:
            if (end := self._received.find(HEADERS_END)) < 0:
                return
            length = LENGTH.search(self._received, 0, end + 2)
            begin = end + len(HEADERS_END)
            if length is None or not self._received.startswith(b"HTTP/1.1 20"):
                self._end(WrongAnswerError(self._received[:2000].decode(errors="replace")))
                return
            self._missing, self._body_at = begin + int(length[1]), begin
        if len(self._received) < self._missing:
            return
        self.latencies.append(perf_counter() - self._sent_at)
        if not self._received.startswith(self._begins, self._body_at):
            self._end(WrongAnswerError(self._received[self._body_at :][:2000].decode(errors="replace")))
        elif perf_counter() >= self._until:
            self.last_body = bytes(self._received[self._body_at :])
            self._end(None)
        else:
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or WrongAnswerError("the server closed the connection"))

    def _send(self) -> None:
        self._received.clear()
        self._missing = -1
        self._sent_at = perf_counter()
        self._transport.write(next(self._requests))

    def _end(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None) if error is None else self.done.set_exception(error)
            self._transport.close()


async def put_under_load(line: Line, seconds: float, connections: int, measured: Measured) -> None:
    """Ask as fast as answers come, and add to what is measured. Every answer must be a 200 or 201 that begins right."""
    loop, turn = asyncio.get_running_loop(), cycle(line.requests)
    used, began = cpu_seconds(line.process), perf_counter()
    clients = [_Connection(turn, line.begins, began + seconds) for _ in range(connections)]
    async with asyncio.timeout(seconds + LONGEST_ANSWER):
        for client in clients:
            await loop.create_connection(lambda client=client: client, "127.0.0.1", line.port)  # type: ignore[misc]
        await asyncio.gather(*(client.done for client in clients))
    measured.seconds += perf_counter() - began
    measured.cpu_seconds += cpu_seconds(line.process) - used
    for client in clients:
        measured.latencies += client.latencies


async def bodies(line: Line, count: int) -> list[bytes]:
    """The answers to the first requests of a line, one after the other."""
    answers = []
    for request in islice(line.requests, count):
        client = _Connection(cycle([request]), line.begins, 0.0)
        await asyncio.get_running_loop().create_connection(lambda client=client: client, "127.0.0.1", line.port)  # type: ignore[misc]
        await asyncio.wait_for(client.done, LONGEST_ANSWER)
        answers.append(client.last_body)
    return answers


def cpu_seconds(process: int, *, with_children: bool = False) -> float:
    """The processor time a process has used, with that of its ended children if wanted; NaN where there is no /proc."""
    try:
        fields = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return math.nan
    return sum(map(int, fields[11 : 15 if with_children else 13])) / os.sysconf("SC_CLK_TCK")
