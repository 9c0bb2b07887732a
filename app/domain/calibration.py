"""Calibration: a committee moves somebody to another box, and says who, from where and why. No axis value changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.messages import sentence
from app.domain.nine_box import BOX_OF

SUCCESSION_POOL = frozenset({7, 8, 9})
"""Kelompok Rencana Suksesi Instansi (PermenPANRB 3/2020)."""
_PLACE: Mapping[int, tuple[int, int]] = {
    box: (row, column) for row, boxes in enumerate(BOX_OF) for column, box in enumerate(boxes)
}


class ReasonCode(StrEnum):
    """Why somebody is moved; the comment says what exactly."""

    BEHAVIOUR_ON_RECORD = "behaviourOnRecord"
    RESULT_NOT_IN_APPRAISAL = "resultNotInAppraisal"
    CRITICAL_ASSIGNMENT = "criticalAssignment"
    ASSESSMENT_OUTDATED = "assessmentOutdated"
    DISCIPLINARY_PROCESS = "disciplinaryProcess"
    CONFLICT_OF_EVIDENCE = "conflictOfEvidence"
    OTHER = "other"

    @property
    def sentence_code(self) -> str:
        """The code of its sentence."""
        return f"calibration.reason.{self.value}"


class State(StrEnum):
    """What became of a move. The move itself never changes."""

    EFFECTIVE = "effective"
    """Small enough for one person to decide."""
    AWAITING_SECOND_PERSON = "awaitingSecondPerson"
    CONFIRMED = "confirmed"
    """Effective, with the second person's consent."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """A later move of the same person took its place."""
    STALE = "stale"
    """The calculation now comes to another box than the one the move started from; it has to be made again."""


IN_FORCE = (State.EFFECTIVE, State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Move:
    """From the box somebody stands in to another one; `computed_box` is where the rubric puts them."""

    computed_box: int
    from_box: int
    to_box: int

    @property
    def needs_second_person(self) -> bool:
        """More than one step, from where they stand or from the rubric's box, or into the succession pool.

        Two small moves one after the other are as large as one.
        """
        steps = max(steps_between(self.from_box, self.to_box), steps_between(self.computed_box, self.to_box))
        return steps > 1 or self.to_box in SUCCESSION_POOL

    @property
    def first_state(self) -> State:
        """What becomes of it when it is made."""
        return State.AWAITING_SECOND_PERSON if self.needs_second_person else State.EFFECTIVE


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who moves others: the identity provider's name, and the employee number where the token has one."""

    subject: str
    nip: str | None


def steps_between(one: int, other: int) -> int:
    """How many boxes lie between two, along both axes: a diagonal neighbour is two steps away."""
    (row, column), (other_row, other_column) = _PLACE[one], _PLACE[other]
    return abs(row - other_row) + abs(column - other_column)


def must_be_a_move(computed_box: int | None, from_box: int | None, to_box: int) -> Move:
    """The move; refused for somebody who is not assessed, and where it leads nowhere."""
    if computed_box is None or from_box is None:
        raise Conflict("calibration.not_assessed")
    if from_box == to_box:
        raise Invalid("calibration.no_move", box=to_box)
    return Move(computed_box, from_box, to_box)


def must_concern_another(mover: Mover, nip: str) -> None:
    """Nobody decides on their own box."""
    if mover.nip == nip:
        raise Forbidden("calibration.own_placement")


def must_await(state: State) -> None:
    """A move is confirmed, rejected or withdrawn once, while it waits for its second person."""
    if state is not State.AWAITING_SECOND_PERSON:
        raise Conflict("calibration.settled", state=sentence(f"calibration.state.{state.value}"))


def must_be_a_second_person(first: str, mover: Mover) -> None:
    """Four eyes are those of two people."""
    if mover.subject == first:
        raise Forbidden("calibration.same_person")


def must_be_the_first_person(first: str, mover: Mover) -> None:
    """A move is withdrawn by whoever made it; others reject it."""
    if mover.subject != first:
        raise Forbidden("calibration.not_yours")
