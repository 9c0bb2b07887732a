"""Subscriptions to events: when a receiver may be sent something, is tried again, and is given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict

MOST_WEBHOOKS = 20
"""Of one institution."""
MOST_PATTERNS = 50
MOST_OVERLAP = timedelta(days=7)
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""Between one attempt and the next; after the last of them an event is dead: more than three days altogether."""
HANDSHAKE_DELAYS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
JITTER = 0.2
"""By how much of itself a delay is longer at most, so that those who failed together do not come together again."""
FAILING_FOR = timedelta(days=2)
"""After so long without a single success a subscription is paused: its events wait and none of them dies."""
LONGEST_WAIT = timedelta(hours=24)
"""That a receiver can ask for with Retry-After."""


class State(StrEnum):
    """Where a subscription stands."""

    PENDING = "pending"
    """Its receiver has not yet said that it wants to be sent events."""
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    """The receiver said that it is gone."""


class DeliveryState(StrEnum):
    """Where the delivery of one event stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Every attempt failed; the events after it are delivered."""


class Because(StrEnum):
    """Why the service itself moved a subscription."""

    VALIDATED = "validated"
    NOT_VALIDATED = "notValidated"
    FAILING = "failing"
    GONE = "gone"
    SECRET_UNREADABLE = "secretUnreadable"  # noqa: S105 - the name of a cause
    """None of the installation's keys opens any secret that signs."""
    MOVED = "moved"
    """Its address changed, so that the receiver there has to be asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: a status, or why there was none. `retry_after` is what the receiver asked for.

    `excerpt` is the beginning of what it said, where it did not accept.
    """

    status: int | None = None
    error: str | None = None
    retry_after: timedelta | None = None
    excerpt: str | None = None

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE

    @property
    def says_wait(self) -> bool:
        """Whether nothing else should be sent for now either: nobody is there, or too much was sent."""
        return self.status is None or self.status in (TOO_MANY, UNAVAILABLE)


GONE, TOO_MANY, UNAVAILABLE = 410, 429, 503
FAILURES = (
    *(f"webhook.{one}" for one in ("timeout", "unreachable", "broken", "refused", "not_allowed", "sealed_elsewhere")),
    *(f"destination.{one}" for one in ("address", "https", "credentials", "unresolved", "private")),
)
"""The codes of why something could not be sent."""
SEALED_ELSEWHERE = "webhook.sealed_elsewhere"


@dataclass(frozen=True, slots=True)
class Next:
    """What follows from an answer: the state of the delivery, and when it is tried again if it waits."""

    state: DeliveryState
    at: datetime | None = None


def follows(answer: Answer, attempts: int, now: datetime, chance: float) -> Next:
    """What follows from the answer to the `attempts`th attempt; `chance` is from 0 to 1."""
    if answer.is_accepted:
        return Next(DeliveryState.DELIVERED)
    if attempts > len(DELAYS):
        return Next(DeliveryState.DEAD)
    return Next(DeliveryState.WAITING, now + waits(DELAYS, attempts, answer.retry_after, chance))


def waits(delays: Sequence[timedelta], failures: int, asked: timedelta | None, chance: float) -> timedelta:
    """How long to wait after so many failures; never less than the receiver asked for, up to a day."""
    delay = delays[min(failures, len(delays)) - 1] * (1 + JITTER * chance)
    return delay if asked is None else max(delay, min(asked, LONGEST_WAIT))


def has_failed_too_long(failing_since: datetime | None, now: datetime) -> bool:
    """Whether a subscription has not had a single success for days."""
    return failing_since is not None and now - failing_since >= FAILING_FOR


@dataclass(frozen=True, slots=True)
class Permit:
    """That a receiver wants to be sent events; `rate` in requests a minute, None for no limit of its own."""

    rate: int | None


def permit_of(origin: str, allowed_origin: str | None, allowed_rate: str | None) -> Permit | None:
    """What a receiver allows by its answer to a validation request (CloudEvents, HTTP 1.1 Web Hooks, section 4.2).

    None where it does not allow anything, whatever its status says.
    """
    if allowed_origin is None or allowed_origin.strip() not in (origin, "*"):
        return None
    rate = (allowed_rate or "*").strip()
    if rate == "*":
        return Permit(None)
    is_number = rate.isascii() and rate.isdigit() and len(rate) < LONGEST_RATE and int(rate) > 0
    return Permit(int(rate)) if is_number else None


LONGEST_RATE = 8  # digits


def must_be_resumable(state: State) -> None:
    """Refuse with `Conflict` to resume what is not paused."""
    if state not in (State.PAUSED, State.DISABLED):
        raise Conflict("webhook.not_paused")


def must_be_active(state: State) -> None:
    """Refuse with `Conflict` to send something through what is not active."""
    if state is not State.ACTIVE:
        raise Conflict("webhook.not_active")


def must_have_room(webhooks: int) -> None:
    """Refuse with `Conflict` one subscription too many."""
    if webhooks >= MOST_WEBHOOKS:
        raise Conflict("webhook.too_many", limit=MOST_WEBHOOKS)
