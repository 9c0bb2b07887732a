"""Background work on a mobility campaign: what it is, how far it is, and when one counts as left alone."""

from __future__ import annotations

from enum import StrEnum

PATIENCE = 60
"""Seconds without a sign of life after which somebody else may take work up: it gives one every few."""


class Kind(StrEnum):
    """What is being done."""

    FREEZE = "freeze"
    """What a run depends on is copied, checked and digested."""
    RUN = "run"
    """The round is solved, and what it found is kept."""
    REHEARSAL = "rehearsal"
    """The round is solved under other settings with a lot that is invented; nothing of it is published."""


class State(StrEnum):
    """How far work is."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """Nothing of it was stored; it says why, and can be started anew."""
    CANCELLED = "cancelled"
    """Somebody stopped it; nothing of it was stored."""


UNDER_WAY = (State.QUEUED.value, State.RUNNING.value)


class Stage(StrEnum):
    """What work is at, in this order as far as it has to."""

    WAITING = "waiting"
    COPYING = "copying"
    LOADING = "loading"
    DRAWING = "drawing"
    """Everybody's lot."""
    CHECKING = "checking"
    SOLVING = "solving"
    ANSWERING = "answering"
    """Why each wish came to what it did, and who takes whose seat."""
    WRITING = "writing"
    """The files, counted in rows."""
    KEEPING = "keeping"
    """Results in their tables."""
    DONE = "done"
