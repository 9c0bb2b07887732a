"""The life of a member of a succession pool: nominated, verified, confirmed until a day, or refused and returned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.actors import Actor
from app.domain.errors import Conflict, Fault, Forbidden, refuse
from app.domain.messages import Sentence, sentence, words_in_both


class State(StrEnum):
    """Where a member is. Who stands in a box of the pool and is no member is a candidate."""

    NOMINATED = "nominated"
    """By the unit or the human-resources office."""
    VERIFIED = "verified"
    """By somebody of the human-resources office who did not nominate."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RETURNED = "returned"
    """For revision: may be nominated again."""
    SUSPENDED = "suspended"
    """For a sanction or another restriction; the term goes on."""
    EXPIRED = "expired"
    """Confirmed, and the term is over: it follows from the date and is never stored."""

    @property
    def words(self) -> Sentence:
        """What it is called."""
        return sentence(f"pool_state.{self.value}")


NOMINABLE = frozenset({State.REFUSED, State.RETURNED, State.EXPIRED})
"""From where a member can be nominated again."""
FOLLOWS: Mapping[State, frozenset[State]] = {
    State.NOMINATED: NOMINABLE,
    State.VERIFIED: frozenset({State.NOMINATED}),
    State.CONFIRMED: frozenset({State.VERIFIED}),
    State.REFUSED: frozenset({State.NOMINATED, State.VERIFIED}),
    State.RETURNED: frozenset({State.NOMINATED, State.VERIFIED}),
    State.SUSPENDED: frozenset({State.CONFIRMED}),
}
"""From which states each state is entered; a suspension that is lifted leads back to the confirmation."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands: the state as it is stored, and the last day of the confirmation."""

    stored: State
    expires_on: date | None

    def on(self, day: date) -> State:
        """The state on a day."""
        is_over = self.expires_on is not None and self.expires_on < day
        return State.EXPIRED if is_over and self.stored in (State.CONFIRMED, State.SUSPENDED) else self.stored


def must_follow(present: State, next_state: State) -> None:
    """Refused where a member in the present state does not enter the next one; says where the member is."""
    if present not in FOLLOWS[next_state]:
        raise _wrong_state(present, FOLLOWS[next_state])


def must_be_suspended(present: State) -> None:
    """Only a suspension is lifted; a member who awaits confirmation is confirmed."""
    if present is not State.SUSPENDED:
        raise _wrong_state(present, {State.SUSPENDED})


def _wrong_state(present: State, needed: Collection[State]) -> Conflict:
    told = _told_of(present, needed)
    return Conflict("pool.state", state=told["state"], needed=told["needed"])


def _told_of(present: State, needed: Collection[State]) -> dict[str, object]:
    words = [one.words for one in State if one in needed]
    return {
        "state": present.words,
        "needed": words_in_both((one["id"] for one in words), (one["en"] for one in words)),
    }


@dataclass(frozen=True, slots=True)
class Member:
    """A member who is to be confirmed, as far as it decides."""

    nip: str
    present: State
    box: int | None


def against_confirming(where: str, member: Member | None, boxes: tuple[int, ...], actor: Actor) -> Fault | None:
    """What stands against confirming somebody, at the place of the request; None where nothing does."""
    if member is None:
        return Fault("pool.member_not_found", where)
    if member.nip == actor.nip:
        return Fault("pool.own_membership", where)
    if member.present not in FOLLOWS[State.CONFIRMED]:
        return Fault("pool.state", where, _told_of(member.present, FOLLOWS[State.CONFIRMED]))
    if member.box is None or member.box not in boxes:
        return Fault(
            "pool.not_in_box", where, {"box": "–" if member.box is None else member.box, "boxes": _told(boxes)}
        )
    return None


def must_be_another(nominated_by: str, actor: Actor) -> None:
    """Verification is a second look: whoever nominated somebody does not verify them."""
    if actor.subject == nominated_by:
        raise Forbidden("pool.same_person")


def must_concern_another(nip: str, actor: Actor) -> None:
    """Nobody takes a step on the own membership."""
    if actor.nip == nip:
        raise Forbidden("pool.own_membership")


def must_be_in_box(box: int | None, boxes: tuple[int, ...]) -> int:
    """The box, which is one of the pool's."""
    if box is None or box not in boxes:
        raise Conflict("pool.not_in_box", box="–" if box is None else box, boxes=_told(boxes))
    return box


def may_be_nominated(
    where: str, nip: str, box: int | None, boxes: tuple[int, ...], present: State | None
) -> Fault | None:
    """What stands against nominating somebody, at the place of the request; None where nothing does."""
    if box is None or box not in boxes:
        return Fault("pool.not_in_box", where, {"box": "–" if box is None else box, "boxes": _told(boxes)})
    if present is not None and present not in NOMINABLE:
        return Fault("pool.member_already", where, {"nip": nip, "state": present.words})
    return None


def must_have_no_faults(faults: list[Fault]) -> None:
    """Refused with every fault; as a conflict where all that is wrong is where members already are."""
    if not faults:
        return
    if all(fault.code == "pool.member_already" for fault in faults):
        raise Conflict("pool.members_already", faults=tuple(faults), members=len(faults))
    refuse(*faults)


def _told(boxes: tuple[int, ...]) -> str:
    return ", ".join(str(box) for box in boxes)
