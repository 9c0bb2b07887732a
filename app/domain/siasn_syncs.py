"""Syncs with SIASN: how far one is, what became of each person in it, and where two sides contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.errors import Conflict

PATIENCE = 30
"""Seconds without a sign of life after which another worker may take a sync up: it gives one every few."""


class Mode(StrEnum):
    """Whom of those chosen a sync asks about."""

    FULL = "full"
    INCREMENTAL = "incremental"
    """Only those about whom nobody has asked within the age that counts as fresh."""


class Scope(StrEnum):
    """Of whom a sync is."""

    EVERYBODY = "everybody"
    UNIT = "unit"
    NIPS = "nips"


class State(StrEnum):
    """How far a sync is."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    """It stands where it stopped, until somebody resumes it."""
    CANCELLED = "cancelled"
    """What it had taken over until then stays."""
    SUCCEEDED = "succeeded"


JOB_OVER = "siasn.job_over"
"""Why a sync stands still that nobody stopped: its job has failed for good, or is gone."""
OPEN = (State.QUEUED, State.RUNNING, State.PAUSED)
_ALLOWED: Mapping[State, frozenset[State]] = {
    State.PAUSED: frozenset({State.QUEUED, State.RUNNING}),
    State.QUEUED: frozenset({State.PAUSED}),
    State.CANCELLED: frozenset(OPEN),
}


def must_allow(present: State, wanted: State) -> None:
    """`Conflict` where a sync cannot be paused, resumed (`QUEUED`) or cancelled as it stands."""
    if present not in _ALLOWED[wanted]:
        raise Conflict("sync.over" if present not in OPEN else f"sync.not_{wanted.value}")


class Outcome(StrEnum):
    """What became of one person in a sync; each has exactly one."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    """SIASN knows somebody who was not on our books."""
    UNKNOWN_THERE = "unknownThere"
    """SIASN knows nobody of this number; what we hold stays."""
    ELSEWHERE = "elsewhere"
    """SIASN says they belong to another institution; nothing was taken over."""
    FAILED = "failed"
    """The profile could not be read; nothing was taken over."""


class Change(StrEnum):
    """What happened to a record or a row of evidence."""

    ADDED = "added"
    CHANGED = "changed"
    RESTORED = "restored"
    """It had been withdrawn."""
    WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why theirs is not taken over by itself."""

    SUBMISSION = "submission"
    """Our side verified something else on a talent's submission."""
    DECREE = "decree"
    """Our decree gave a post that SIASN does not know yet."""
    IMPORT = "import"
    """Files that we imported later corrected what SIASN still says."""

    @property
    def sentence_code(self) -> str:
        return f"siasn_conflict.reason.{self.value}"


class Standing(StrEnum):
    """How far a conflict is."""

    OPEN = "open"
    ASKED = "asked"
    """Somebody was asked; it still waits for a decision."""
    DECIDED = "decided"
    SUPERSEDED = "superseded"
    """One of the two sides has changed since."""


WAITING = (Standing.OPEN, Standing.ASKED)


class Decision(StrEnum):
    """What is decided about a conflict."""

    KEEP_OURS = "keepOurs"
    TAKE_THEIRS = "takeTheirs"
    ASK = "ask"


def must_wait(standing: Standing) -> None:
    """`Conflict` where nothing is to be decided about it any more."""
    if standing not in WAITING:
        raise Conflict("siasn_conflict.over")


FAULTS = tuple(
    f"siasn.{one}"
    for one in (
        *("missing", "unreadable", "code_unknown", "level_unknown", "acting_unknown", "open_ended", "dates_reversed"),
        *(
            "key_unknown",
            "number_changed",
            "other_institution",
            "unit_circle",
            "not_connected",
            "sealed_elsewhere",
            "job_over",
        ),
    )
)
"""The codes of what was told and could not be taken over as it is, and of why nothing could be asked."""
