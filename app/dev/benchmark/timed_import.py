"""One import in a process of its own: its seconds by stage and its peak memory, told over a pipe."""

from __future__ import annotations

import asyncio
import re
import resource
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.dev.benchmark.ground import import_paths
from app.services.import_report import Report
from app.services.imports import ImportFiles

TOLD_EVERY = 0.1  # seconds
TARGET = re.compile(r"INSERT INTO (\w+)|DELETE FROM (\w+)|UPDATE (\w+)")


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one import took."""

    report: Report
    seconds: float
    cpu_seconds: float
    stages: dict[str, float]
    idle_bytes: int
    """Peak memory before the first file was opened."""
    peak_bytes: int


class _Stages:
    """Divides time among what is reported as done and the statements that wait for PostgreSQL."""

    def __init__(self, told: Connection) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._told, self._told_at = told, 0.0
        self._last, self._began, self._in_statements = time.perf_counter(), 0.0, 0.0

    def progress(self, what: str, done: int, total: int) -> None:
        """Time since the last report, statements aside, went into this."""
        self.end(what if what == "placing" else f"read {what.rpartition(' / ')[2]}")
        if self._last - self._told_at > TOLD_EVERY:
            self._told.send(Step(what, done, total))
            self._told_at = self._last

    def end(self, what: str) -> None:
        now = time.perf_counter()
        self.seconds[what] += now - self._last - self._in_statements
        self._last, self._in_statements = now, 0.0

    def before(self, *_: object) -> None:
        self._began = time.perf_counter()

    def after(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        took = time.perf_counter() - self._began
        found = TARGET.search(statement)
        self.seconds[f"merge {next(filter(None, found.groups()))}" if found else "other statements"] += took
        self._in_statements += took


def run(told: Connection, url: str, paths: list[Path], institution: str, command: ImportFiles) -> None:
    """Import, and tell the steps and at the end the outcome."""
    idle, stages = peak_bytes(), _Stages(told)
    began, used = time.perf_counter(), time.process_time()
    event.listen(Engine, "before_cursor_execute", stages.before)
    event.listen(Engine, "after_cursor_execute", stages.after)
    _, report = asyncio.run(import_paths(url, paths, institution, command, stages.progress))
    stages.end("commit and disconnect")
    took = time.perf_counter() - began
    told.send(Outcome(report, took, time.process_time() - used, dict(stages.seconds), idle, peak_bytes()))
    told.close()


def peak_bytes() -> int:
    """The most memory this process ever held; on Linux of this program only, not of the one it was started by."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
