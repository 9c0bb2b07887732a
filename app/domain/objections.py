"""Objection (sanggah): a talent contests the own placement in time, and gets a written answer. Only inputs change."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.domain.errors import Conflict, Forbidden
from app.domain.messages import day_in_words, sentence


class State(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    UPHELD = "upheld"
    """The evidence on record was wrong or incomplete: the placement was calculated again from what is there now."""
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What an answer says."""

    UPHELD = State.UPHELD.value
    REJECTED = State.REJECTED.value


def must_be_in_time(today: date, until: date | None) -> None:
    """Refused with `objection.too_late`, which names the deadline; the last day counts."""
    if until is not None and today > until:
        raise Conflict("objection.too_late", until=day_in_words(until))


def must_be_open(state: State) -> None:
    """An objection is answered once."""
    if state is not State.OPEN:
        raise Conflict("objection.answered", state=sentence(f"objection.state.{state.value}"))


def must_be_impartial(subject: str, movers: frozenset[str]) -> None:
    """Who moved somebody does not answer that person's objection."""
    if subject in movers:
        raise Forbidden("objection.own_move")
