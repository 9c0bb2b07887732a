"""Calculations as resources: what they work out, how far they are, and when one counts as interrupted."""

from __future__ import annotations

from enum import StrEnum

PATIENCE = 60
"""Seconds without a sign of life after which a calculation counts as interrupted: it tells of every batch."""


class Kind(StrEnum):
    """What is calculated."""

    CYCLE = "cycle"
    """Everybody's placement in a cycle, from evidence on record that is frozen with it."""
    RECOMPUTATION = "recomputation"
    """A cycle's placements once more, from its frozen inputs, to compare them with what is stored."""
    MOVEMENT = "movement"
    """Who moved between an earlier cycle and this one, and why."""
    REHEARSAL = "rehearsal"
    """Where another rubric would put everybody; it places nobody."""


class State(StrEnum):
    """How far a calculation is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """Nobody works on it any more, as after a crash; nothing of it was stored. Another worker takes it up again, and
    it can be started anew."""


UNDER_WAY = (State.QUEUED, State.RUNNING)
