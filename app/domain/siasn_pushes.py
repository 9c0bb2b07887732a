"""Handing placements over to SIASN: how far it is, and what came of each person."""

from __future__ import annotations

from enum import StrEnum

from app.domain.errors import Conflict

PATIENCE = 60
"""Seconds without a sign of life after which somebody else may go on."""
JOB_OVER = "siasn_push.job_over"
"""Why it ended: its job failed for good, or is gone."""
MOST_IN_A_ROW = 3
"""So many calls in a row without an answer that counts end it: the others would fare no better."""


class State(StrEnum):
    """How far it is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    """Everybody was asked for; what came of each says their receipt."""
    FAILED = "failed"
    """It ended early and says why; another one goes on where it stopped."""
    CANCELLED = "cancelled"


UNDER_WAY = (State.QUEUED.value, State.RUNNING.value)


class Outcome(StrEnum):
    """What came of a placement."""

    WAITING = "waiting"
    SENDING = "sending"
    """It is on its way, or was when the worker ended."""
    ACCEPTED = "accepted"
    """SIASN has taken it. It is never handed over again."""
    REFUSED = "refused"
    """SIASN has not taken it and says why; another handing over asks again."""
    UNKNOWN = "unknown"
    """It was sent and the answer was lost. It is asked for again only where somebody says so."""
    NOT_SENT = "notSent"
    """Something of it is missing, or it ended before; the code says which. Another handing over asks again."""


def must_be_under_way(state: str) -> None:
    """Refuse with `Conflict` to stop what is over."""
    if state not in UNDER_WAY:
        raise Conflict("siasn_push.over")
