"""Background work as an institution sees it: where a job is, why it failed, and who may begin or drop it again."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from app.domain.errors import Conflict

MOST_ATTEMPTS = 9
"""How often a job is tried before it has failed for good; one that dies with its worker has been tried as well."""


class State(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"
    """It failed, or its worker was stopped, and it is tried again."""
    DONE = "done"
    FAILED = "failed"
    """For good: it is tried again only if somebody says so."""
    CANCELLED = "cancelled"


class Failure(StrEnum):
    """Why a job failed."""

    UNAVAILABLE = "job.unavailable"
    """The database, or what the job needs, could not be reached."""
    REFUSED = "job.refused"
    """A rule refused what the job was to do; its cause says which."""
    KILLED = "job.killed"
    """The worker ended in the middle of it."""
    INTERNAL = "job.internal"
    """The program met what it was not made for; its log says what."""


def must_be_failed(state: State) -> None:
    """Only what failed for good is begun anew: everything else goes on by itself, or is over as it was meant to be."""
    if state is not State.FAILED:
        raise Conflict("job.not_failed")


def must_be_droppable(state: State, about: Collection[str]) -> None:
    """Only what waits can be dropped, and only here if its work cannot be stopped at an address of its own.

    `about` are the names of the ids that the job was given.
    """
    if stopped_elsewhere(about):
        raise Conflict("job.stopped_elsewhere")
    if state is State.RUNNING:
        raise Conflict("job.running")
    if state not in (State.WAITING, State.RETRYING):
        raise Conflict("job.over")


def stopped_elsewhere(about: Collection[str]) -> bool:
    """Whether the work of a job is stopped where it was begun."""
    return not STOPPED_AT_THEIR_OWN.isdisjoint(about)


STOPPED_AT_THEIR_OWN = frozenset({"work_id", "sync_id", "push_id", "webhook_id"})
"""The ids of work on campaigns, of syncs and pushes, and of subscriptions: each is told of, and stopped, by itself."""
