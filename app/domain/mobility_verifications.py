"""Checks of mobility runs from their files: how far one is, and what it came to."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How far a check is."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"
    """It came to no end; the same may be asked for again."""


class Verdict(StrEnum):
    """What a check came to, as the program of verification says it."""

    VERIFIED = "verified"
    REJECTED = "rejected"
    UNUSABLE = "unusable"
    """The files are not a run at all: one is missing, cut short, or not what the paper of the run says."""
