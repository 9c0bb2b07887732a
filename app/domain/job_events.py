"""What can happen to background work by somebody's decision."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobRetried:
    """A job that had failed for good is tried again."""

    job_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class JobCancelled:
    """A job that waited is not done."""

    job_id: str
    kind: str


JobEvent = JobRetried | JobCancelled
