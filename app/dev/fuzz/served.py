"""The real application as a process of its own, spoken to by sockets: what libraries would not send is sent as well."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.db.migrations import ROOT
from app.dev.fuzz.cases import Case
from app.dev.postgres import stop_with_parent

STARTS_WITHIN = 180.0  # seconds
GIVES_UP = 60.0  # seconds to wait for an answer
SHORTLY = 2.0  # where the service rightly waits for more than is sent
UPLOAD, WORKBOOK, UNPACKED = 24, 4, 32  # megabytes
SETTINGS = {
    "ENVIRONMENT": "development",
    "UPLOAD_MEGABYTES": str(UPLOAD),
    "WORKBOOK_MEGABYTES": str(WORKBOOK),
    "UNPACKED_MEGABYTES": str(UNPACKED),
    "RATE_LIMIT": "1000000/second",  # limits are tested elsewhere: here all cases come from one client
    "RATE_LIMIT_WRITES": "1000000/second",
    "RATE_LIMIT_STRANGERS": "1000000/second",
    "GRAPHQL_BUDGET": "1000000000/second",
    "GRAPHQL_INTROSPECTION": "true",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 where the connection was closed without an answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    took: float = 0.0
    """Seconds."""

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Service:
    """A service that answers on a port of this machine."""

    port: int
    process: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, case: Case, token: str | None = None) -> Answer:
        """Send a case as it is, byte for byte, with the token of whoever asks."""
        given = {name.lower() for name, _ in case.headers}
        usual = [("host", f"127.0.0.1:{self.port}"), ("connection", "close")]
        if token is not None:
            usual.append(("authorization", f"Bearer {token}"))
        if case.body and not given & {"content-length", "transfer-encoding"}:
            usual.append(("content-length", str(len(case.body))))
        headers = [*(one for one in usual if one[0] not in given), *case.headers]
        lines = [f"{case.method} {case.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
        began = time.perf_counter()
        waits = GIVES_UP if not given & {"content-length", "transfer-encoding"} else SHORTLY
        request = "\r\n".join(lines).encode("utf-8", "surrogateescape") + case.body
        try:
            status, told, body = self._exchange(request, case.method, waits)
        except TimeoutError:
            if waits == SHORTLY:
                return Answer(0)
            return Answer(504, {}, b"no answer", time.perf_counter() - began)
        except (OSError, http.client.HTTPException):
            return Answer(0, {}, b"", time.perf_counter() - began)
        return Answer(status, told, body, time.perf_counter() - began)

    def _exchange(self, request: bytes, method: str, waits: float) -> tuple[int, dict[str, str], bytes]:
        with socket.create_connection(("127.0.0.1", self.port), waits) as connection:
            # refused before it was sent to its end, the answer may be there all the same
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            answer = http.client.HTTPResponse(connection, method=method)
            answer.begin()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def is_alive(self) -> bool:
        """Whether it still answers, its database included."""
        return self.send(Case("", "", "", "GET", "/health/ready")).status == 200

    def most_memory(self) -> int | None:
        """The most memory it ever held, in bytes; None where the system does not tell."""
        try:
            told = Path(f"/proc/{self.process}/status").read_text()
        except OSError:
            return None
        found = re.search(r"VmHWM:\s+(\d+) kB", told)
        return int(found[1]) * 1024 if found else None


@contextmanager
def served(database_url: str, directory: Path, settings: Mapping[str, str] | None = None) -> Iterator[Service]:
    """The application on a database, with its key and its files in a directory; stopped when the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"DATABASE_URL": database_url, "DATA_DIR": str(directory), "HOST": "127.0.0.1", "PORT": str(port)}
    environment = {**os.environ, **SETTINGS, **told, **(settings or {}), "PYTHONPATH": str(ROOT)}
    log = directory / "service.log"
    with log.open("wb") as written:
        command = [sys.executable, "-m", "app", "serve"]
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=directory,
            stdout=written,
            stderr=written,
            preexec_fn=stop_with_parent,  # noqa: PLW1509 - started before any thread exists
        )
        try:
            service = Service(port, process.pid, log)
            _wait_for(service, process)
            yield service
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(service: Service, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if service.is_alive():
            return
        time.sleep(0.05)
    raise RuntimeError(f"the service did not start: {service.log.read_text(errors='replace')[-2000:]}")
