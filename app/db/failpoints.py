"""Places at which a test has the process killed, to see what is left of the work; elsewhere they do nothing."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from enum import StrEnum


class Failpoint(StrEnum):
    """The places, each the narrow moment between two steps that belong together."""

    LEDGER_RECORDED = "ledger.recorded"
    """An entry is written and its transaction is still open."""
    WRITE_COMMITTED = "write.committed"
    """The transaction is committed and nobody was answered yet."""
    CHAIN_LINKED = "chain.linked"
    """Entries have their positions and nothing was done about it yet."""
    EVENTS_FANNED_OUT = "events.fanned_out"
    """It is stored which subscriptions are to be told."""
    WEBHOOK_SENT = "webhook.sent"
    """A subscriber answered and nothing is noted of it."""
    WEBHOOK_MARKED = "webhook.marked"
    """It is noted that a subscriber was told."""
    SYNC_CHUNK_FETCHED = "sync.chunk_fetched"
    """A chunk of people was fetched and nothing of it is applied."""
    SYNC_CHUNK_APPLIED = "sync.chunk_applied"
    """A chunk of people is applied and committed."""
    JOB_BEGUN = "job.begun"
    """A worker has taken a job and done nothing of it."""
    JOB_DONE = "job.done"
    """A job has done all of its work and the queue does not know it."""


@dataclass(slots=True)
class _Armed:
    """At which failpoint the process is killed, and how many times it is passed before that."""

    name: str = ""
    left: int = 0


_armed = _Armed()


def arm(where: str) -> None:
    """Have the process killed at `name:nth`, the nth time that it gets to that failpoint; ValueError for another word.

    For entry points, in development alone.
    """
    name, _, times = where.partition(":")
    nth = int(times or 1)
    if nth < 1:
        raise ValueError(where)
    _armed.name, _armed.left = Failpoint(name).value, nth


def reached(name: Failpoint) -> None:
    """The process is at a failpoint: goes on, unless it is to be killed here."""
    if name == _armed.name:
        _armed.left -= 1
        if _armed.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
