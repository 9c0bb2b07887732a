"""Seats of a post: which are empty, or will be by a day, and since when that could be foreseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Conflict
from app.domain.messages import day_in_words


@dataclass(frozen=True, slots=True)
class Leaving:
    """When a holder will have left a seat, and from when that could be foreseen."""

    on: date
    foreseeable_from: date


@dataclass(frozen=True, slots=True)
class Seats:
    """The funded seats of a post and who holds them. `leaving` are those holders of whom it is known."""

    funded: int
    holders: int
    empty_since: Sequence[date]
    """Of the empty seats, the one foreseeable first first."""
    leaving: Sequence[Leaving]

    def held_on(self, day: date, today: date) -> int:
        """How many hold a seat on a day, as far as is foreseeable today."""
        return self.holders - len(self._left_by(day, today))

    def clocks(self, day: date, today: date) -> list[date]:
        """Since when it could be foreseen, of each seat that is empty on a day: the empty ones, then by who leaves."""
        beyond = max(self.holders - self.funded, 0)
        return [*self.empty_since, *(one.foreseeable_from for one in self._left_by(day, today)[beyond:])]

    def _left_by(self, day: date, today: date) -> list[Leaving]:
        left = (one for one in self.leaving if one.on <= day and one.foreseeable_from <= today)
        return sorted(left, key=lambda one: (one.on, one.foreseeable_from))


def foreseeable_from(seats: Seats, vacant_from: date, today: date, running: int) -> date:
    """The day on which the clock of a new vacancy starts: that of its seat, or the day it is spoken of if earlier.

    Refused unless a seat is empty by `vacant_from` beyond those of the vacancies that run already.
    """
    clocks = seats.clocks(vacant_from, today)
    if running >= len(clocks):
        held = seats.held_on(vacant_from, today)
        raise Conflict("vacancy.no_seat", seats=seats.funded, held=held, running=running)
    return min(clocks[running], vacant_from, today)


def must_be_free(seats: Seats, day: date) -> None:
    """Refused unless a seat is empty on the day on which somebody takes it over."""
    held = seats.held_on(day, day)
    if held >= seats.funded:
        raise Conflict("vacancy.seat_held", day=day_in_words(day), held=held, seats=seats.funded)


def must_hold_everybody(seats: Seats, post: str) -> None:
    """Refused with `vacancy.seat_taken` where a post has more holders than seats."""
    if seats.holders > seats.funded:
        raise Conflict("vacancy.seat_taken", post=post, held=seats.holders, seats=seats.funded)


def is_second_seat(since: date, held_since: date | None, *, is_appointed: bool) -> bool:
    """Whether a seat from `since` on would be the second one of the same post for who holds one: nobody fills two.

    It is the first where the record was quicker than the step: Data ASN has them hold it from that day on.
    `is_appointed`: they hold it by another vacancy.
    """
    return is_appointed or held_since is None or held_since < since


def must_be_later(since: date, held_since: date | None) -> None:
    """Refused with `vacancy.newer_seat` where the seat that somebody would leave was taken over after that day."""
    if held_since is not None and held_since > since:
        raise Conflict("vacancy.newer_seat", since=day_in_words(held_since), day=day_in_words(since))
