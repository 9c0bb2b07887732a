"""Requests of data subjects (UU 27/2022): what somebody may ask for, until when it is answered, how long it holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict, Fault, Forbidden, refuse
from app.domain.messages import sentence


class Kind(StrEnum):
    """What a data subject asks for."""

    ACCESS = "access"
    """To be given what is held about them (art. 7, 13); everybody can also take it out themselves at any time."""
    CORRECTION = "correction"
    """To have something put right (art. 6)."""
    AUTOMATED_PROCESSING = "automated-processing"
    """Not to be decided on by automated processing alone, profiling included (art. 10): from now on a human decides."""
    RESTRICTION = "restriction"
    """Not to be processed for the time being (art. 11)."""


class State(StrEnum):
    """What became of a request."""

    OPEN = "open"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LIFTED = "lifted"
    """A restriction that held, and holds no longer."""


class Outcome(StrEnum):
    """What an answer says."""

    GRANTED = State.GRANTED.value
    PARTLY = State.PARTLY.value
    REFUSED = State.REFUSED.value


class Act(StrEnum):
    """What is done to a request."""

    ANSWER = "answer"
    WITHDRAW = "withdraw"
    LIFT = "lift"


class Processing(StrEnum):
    """Whether somebody's data are processed at present. Restricted is a state of its own, never a low box."""

    NORMAL = "normal"
    RESTRICTED = "restricted"


TIME_TO_ANSWER = timedelta(hours=3 * 24)
"""Three times twenty-four hours (art. 30, 32, 40, 41): hours of the clock, not days of the office."""
_AGREED = frozenset({State.GRANTED, State.PARTLY})
IN_EFFECT: Mapping[Kind, frozenset[State]] = {
    Kind.AUTOMATED_PROCESSING: _AGREED | {State.OPEN},
    Kind.RESTRICTION: _AGREED,
}
"""In which states a request changes how its subject is treated: an objection at once, a restriction once granted."""


def due_at(raised_at: datetime) -> datetime:
    """Until when a request has to be answered."""
    return raised_at + TIME_TO_ANSWER


def is_in_effect(kind: Kind, state: State) -> bool:
    """Whether the request changes how its subject is treated."""
    return state in IN_EFFECT.get(kind, frozenset())


def after(act: Act, kind: Kind, state: State, outcome: Outcome | None = None) -> State:
    """The state that an act leads to. Refused where the request does not stand where the act starts from.

    An answer is given once. A subject takes back what is open, and an objection as long as it holds; a restriction
    that holds is lifted.
    """
    match act:
        case Act.ANSWER if outcome is not None and state is State.OPEN:
            return State(outcome.value)
        case Act.WITHDRAW if state is State.OPEN or (kind is Kind.AUTOMATED_PROCESSING and is_in_effect(kind, state)):
            return State.WITHDRAWN
        case Act.LIFT if kind is Kind.RESTRICTION and is_in_effect(kind, state):
            return State.LIFTED
    raise Conflict(REFUSALS[act], state=sentence(f"data_request.state.{state.value}"))


REFUSALS: Mapping[Act, str] = {
    Act.ANSWER: "data_request.answered",
    Act.WITHDRAW: "data_request.settled",
    Act.LIFT: "data_request.not_restricted",
}


def must_be_answered_by_another(nip: str | None, subject_nip: str) -> None:
    """Nobody answers their own request, or lifts their own restriction."""
    if nip == subject_nip:
        raise Forbidden("data_request.own")


def must_say_what(kind: Kind, about: str | None, should_say: str | None) -> None:
    """A correction says what it is about and what should be there; other requests say neither."""
    told = {"/about": about, "/shouldSay": should_say}
    if kind is Kind.CORRECTION:
        faults = tuple(Fault("field.missing", where) for where, words in told.items() if words is None)
    else:
        faults = tuple(Fault("data_request.no_correction", where) for where, words in told.items() if words is not None)
    if faults:
        refuse(*faults)


def must_point_somewhere(about: str, parts: Collection[str], items: Collection[str]) -> None:
    """`about` is a pointer (RFC 6901) below a part of the access export, or an item of completeness."""
    if POINTER.fullmatch(about):
        if about.split("/")[1] in parts:
            return
    elif about in items:
        return
    allowed = ", ".join([*(f"/{part}" for part in parts), *items])
    refuse(Fault("value.unknown", "/about", {"allowed": allowed}))


POINTER = re.compile(r"(/([^~/]|~[01])*)+")


def must_be_unrestricted(*, is_restricted: bool) -> None:
    """Nobody is placed or moved while their processing is restricted."""
    if is_restricted:
        raise Conflict("talent.restricted")
