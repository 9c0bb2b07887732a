"""The processes of an installation under fire: begun as copies of one that has loaded everything, killed for real."""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from app.dev.postgres import stop_with_parent
from app.jobs.worker import work_until_stopped
from app.main import serve_until_stopped
from app.settings import Settings

STARTS_WITHIN = 60.0  # seconds
KILLED = -9
SERVER, WORKER = "server", "worker"
READY = "worker.started"
"""What the log of a worker says once it is there."""


class LeftError(RuntimeError):
    """A process ended that nobody had killed."""


@dataclass(slots=True)
class Process:
    """One server or worker: begun, killed, and begun again."""

    kind: str
    name: str
    url: str
    directory: Path
    environment: Mapping[str, str]
    port: int = 0
    running: ForkServerProcess | None = None
    failpoint: str | None = None
    begun: int = 0
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.directory / f"{self.name}.log"

    def start(self, failpoint: str | None) -> None:
        """Begin it anew; it kills itself at the failpoint."""
        self.failpoint, self.begun = failpoint, self.begun + 1
        self.log.write_text("")
        told = {**self.environment, "PORT": str(self.port or 8000), "FAILPOINT": failpoint or ""}
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        begun = context.Process(target=_run, args=(self.kind, dict(told), self.url, str(self.log)), daemon=True)
        begun.start()
        self.running = begun

    def wait_until_ready(self) -> None:
        """Return once it works, or was killed at its failpoint before that; `LeftError` where it ended otherwise."""
        deadline = time.monotonic() + STARTS_WITHIN
        while not self.is_dead() and not self.is_ready():
            if time.monotonic() > deadline:
                raise LeftError(f"{self.name} did not start:\n{self.last_words()}")
            time.sleep(0.01)

    def is_dead(self) -> bool:
        """Whether it was killed; `LeftError` where it ended by itself."""
        code = None if self.running is None else self.running.exitcode
        if code not in (None, KILLED):
            raise LeftError(f"{self.name} ended with {code}:\n{self.last_words()}")
        return self.running is None or code == KILLED

    def kill(self) -> None:
        """Kill it now, whatever it does."""
        if self.running is not None:
            self.running.kill()
            self.running.join()

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:]

    def is_ready(self) -> bool:
        """Whether it works: a server answers, a worker says so in its log."""
        if self.running is None or self.running.exitcode is not None:
            return False
        if self.kind == WORKER:
            return READY in self.log.read_text(errors="replace")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(kind: str, environment: Mapping[str, str], url: str, log: str) -> None:
    """In the new process: be a server or a worker, as `./nusatalenta serve` and `worker` are."""
    stop_with_parent()
    written = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.environ.update(environment)
    run = serve_until_stopped if kind == SERVER else work_until_stopped
    run(Settings(), url)
