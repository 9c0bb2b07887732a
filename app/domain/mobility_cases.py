"""The life of a move between institutions: its states, whose step leads into each, its papers and its hold points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.actors import Permission
from app.domain.errors import Conflict, Fault, Forbidden, refuse
from app.domain.messages import Sentence, day_in_words, sentence, words_in_both
from app.domain.mobility_moves import Kind
from app.domain.mobility_routes import OF_BKN, Missing, Route
from app.domain.mobility_rulebooks import Item
from app.domain.mobility_units import what_remains


class State(StrEnum):
    """Where a case is."""

    DRAFT = "draft"
    REQUESTED = "requestedByReceiver"
    RELEASED = "released"
    REFUSED = "refusedByOrigin"
    SENT = "sentToBkn"
    APPROVED = "technicalApproval"
    RETURNED = "returned"
    DECREED = "decreeIssued"
    EFFECTIVE = "effective"
    CANCELLED = "cancelled"


class Party(StrEnum):
    """Who has a part in a case."""

    ORIGIN = "origin"
    RECEIVING = "receiving"
    BKN = "bkn"
    TALENT = "talent"
    ORGANISER = "organiser"
    """Of the campaign that the case comes from; looks on."""


class CancellationReason(StrEnum):
    """Why a case is given up."""

    TALENT_WITHDREW = "talentWithdrew"
    RECEIVER_WITHDREW = "receiverWithdrew"
    ORIGIN_WITHDREW = "originWithdrew"
    DECREE_WITHDRAWN = "decreeWithdrawn"
    AHEAD_FELL = "aheadFell"
    """Of a chain: the seat is not left, as a move nearer the empty seat is not made."""
    CYCLE_FELL = "cycleFell"
    """Of a cycle: another of its moves is not made."""


BEFORE: Mapping[State, tuple[State, ...]] = {
    State.REQUESTED: (State.DRAFT,),
    State.RELEASED: (State.REQUESTED,),
    State.REFUSED: (State.REQUESTED,),
    State.SENT: (State.RELEASED, State.RETURNED),
    State.APPROVED: (State.SENT,),
    State.RETURNED: (State.SENT,),
    State.DECREED: (State.APPROVED,),
    State.EFFECTIVE: (State.DECREED,),
}
"""By each state those that lead into it; into `cancelled` all that run."""
RUNNING = (
    *(State.DRAFT, State.REQUESTED, State.RELEASED, State.SENT, State.APPROVED, State.RETURNED),
    State.DECREED,
)
UNDECREED = tuple(state for state in RUNNING if state is not State.DECREED)
CONFIRMED = (State.DECREED, State.EFFECTIVE)
"""The states in which the seat that somebody leaves is sure to be left."""
AGREEABLE = (State.REQUESTED, State.RELEASED)
"""The states in which the talent can still agree: without a word of theirs nothing is sent to BKN."""
KEEPABLE = UNDECREED
"""The states in which papers can still be put on record."""
FOLLOWING: Mapping[State, State] = {
    State.DRAFT: State.REQUESTED,
    State.REQUESTED: State.RELEASED,
    State.RELEASED: State.SENT,
    State.RETURNED: State.SENT,
    State.SENT: State.APPROVED,
    State.APPROVED: State.DECREED,
    State.DECREED: State.EFFECTIVE,
}
"""What comes next where nobody says no."""
WHO_ENTERS: Mapping[State, tuple[Party, Permission]] = {
    State.REQUESTED: (Party.RECEIVING, Permission.MANAGE_MOBILITY_CASES),
    State.RELEASED: (Party.ORIGIN, Permission.DECIDE_MOBILITY_CASES),
    State.REFUSED: (Party.ORIGIN, Permission.DECIDE_MOBILITY_CASES),
    State.SENT: (Party.RECEIVING, Permission.MANAGE_MOBILITY_CASES),
    State.APPROVED: (Party.BKN, Permission.CONSIDER_MOBILITY_CASES),
    State.RETURNED: (Party.BKN, Permission.CONSIDER_MOBILITY_CASES),
    State.EFFECTIVE: (Party.RECEIVING, Permission.MANAGE_MOBILITY_CASES),
}
"""Whose step leads into a state, and what they hold; who puts the decree on record depends on the route."""


def words_of(state: State) -> Sentence:
    """A state, as it stands in a sentence."""
    return sentence(f"mobility_case.state.{state.value}")


def must_be_in(state: State, allowed: Collection[State]) -> None:
    """Refused with `mobility_case.state`, which says where the case is and where it would have to be."""
    if state not in allowed:
        needed = [words_of(one) for one in allowed]
        said = words_in_both((one["id"] for one in needed), (one["en"] for one in needed))
        raise Conflict("mobility_case.state", state=words_of(state), needed=said)


def must_follow(state: State, target: State, route: Route | None = None) -> None:
    """A case takes one step at a time, and goes back only where BKN returns it.

    By a route on which BKN has no word, the decree follows the release, and nothing is sent there.
    """
    is_short = route is not None and route.considered_by is None
    must_be_in(state, (State.RELEASED,) if is_short and target is State.DECREED else BEFORE[target])
    if is_short and target is State.SENT:
        raise Conflict("mobility_case.not_considered")


def decree_party(route: Route) -> Party:
    """Who puts the decree on record: BKN its own, the receiving institution that of a governor or minister."""
    return Party.BKN if route.decreed_by in OF_BKN else Party.RECEIVING


def must_be_part_of(parties: Collection[Party], needed: Party) -> None:
    """Refused with `mobility_case.party` for who takes somebody else's step."""
    if needed not in parties:
        raise Forbidden("mobility_case.party", party=sentence(f"mobility_case.party.{needed.value}"))


def no_route(missing: Collection[Missing]) -> Conflict:
    """What is not known of which institution, so that no route applies: `mobility_case.no_route`."""
    faults = tuple(Fault(f"mobility_case.missing.{one.value}", one.value) for one in missing)
    return Conflict("mobility_case.no_route", faults=faults)


def must_be_agreed(*, has_agreed: bool) -> None:
    """Nobody is moved, or named to the receiving institution, without having agreed."""
    if not has_agreed:
        raise Conflict("mobility_case.not_agreed")


def reason_of(party: Party, state: State, decreeing: Party) -> CancellationReason:
    """Why a case is given up, by who gives it up; refused where it is no longer theirs to say.

    Up to the decree the talent and each institution may; after it only who put it on record.
    """
    if state is State.DECREED:
        must_be_part_of((party,), decreeing)
        return CancellationReason.DECREE_WITHDRAWN
    must_be_in(state, UNDECREED)
    return {
        Party.TALENT: CancellationReason.TALENT_WITHDREW,
        Party.RECEIVING: CancellationReason.RECEIVER_WITHDREW,
        Party.ORIGIN: CancellationReason.ORIGIN_WITHDREW,
    }[party]


# ── days


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in a chain or cycle: step 1 of a chain takes the seat that was empty."""

    kind: Kind
    step: int


def must_be_in_order(days: Mapping[str, date | None], today: date, *, to_come: Collection[str] = ()) -> None:
    """Papers follow each other as they are named here, and have been signed, but for the days named `to_come`."""
    last: tuple[str, date] | None = None
    for name, day in days.items():
        if day is None:
            continue
        if day > today and name not in to_come:
            refuse(Fault("vacancy.ahead", f"/{name}", {"day": day_in_words(day), "today": day_in_words(today)}))
        if last is not None and day < last[1]:
            about = {"name": sentence(f"mobility_case.day.{last[0]}"), "earlier": day_in_words(last[1])}
            refuse(Fault("vacancy.order", f"/{name}", {"day": day_in_words(day), **about}))
        last = name, day


def must_have_begun(effective_on: date, today: date) -> None:
    """Nobody takes over a seat before the day that the decree says."""
    if today < effective_on:
        raise Conflict("mobility_case.early", day=day_in_words(effective_on))


def must_be_common(place: Place | None, day: date, days: Mapping[int, date | None]) -> None:
    """A cycle takes effect on one day; in a chain nobody takes a seat over before the day on which it is left.

    `days` are those of the steps of the unit that have a decree.
    """
    if place is None:
        return
    known = {step: one for step, one in days.items() if one is not None and step != place.step}
    if place.kind is Kind.CYCLE:
        wrong = [one for one in known.values() if one != day]
    else:
        wrong = [one for step, one in known.items() if (one > day if step < place.step else one < day)]
    if wrong:
        refuse(Fault("mobility_case.common_day", "/effectiveOn", {"day": day_in_words(wrong[0])}))


# ── papers


class DocumentState(StrEnum):
    """What is known of a document of the checklist."""

    MISSING = "missing"
    PRESENT = "present"
    NOT_NEEDED = "notNeeded"


@dataclass(frozen=True, slots=True)
class Paper:
    """What was put on record of a document: where to find it, or why it is not needed."""

    state: DocumentState
    number: str | None
    dated: date | None
    because: str | None


def must_say_enough(paper: Paper, today: date) -> None:
    """What is present has a number and a day that has come; what is not needed has a reason; each says nothing else."""
    needed = {
        DocumentState.MISSING: (),
        DocumentState.PRESENT: ("number", "dated"),
        DocumentState.NOT_NEEDED: ("because",),
    }[paper.state]
    told = {"number": paper.number, "dated": paper.dated, "because": paper.because}
    faults = [Fault("field.missing", f"/{name}") for name in needed if told[name] is None]
    faults += [
        Fault("field.unexpected", f"/{name}")
        for name, value in told.items()
        if value is not None and name not in needed
    ]
    if paper.dated is not None and paper.dated > today:
        faults.append(
            Fault("vacancy.ahead", "/dated", {"day": day_in_words(paper.dated), "today": day_in_words(today)})
        )
    if faults:
        refuse(*faults)


def lacking(items: Iterable[Item], states: Mapping[str, DocumentState], target: State) -> list[Item]:
    """The documents without which a state is not entered, in the order of the checklist."""
    passed = {target, *_leading_to(target)}
    return [
        item
        for item in items
        if item.needed_before in passed and states.get(item.code, DocumentState.MISSING) is DocumentState.MISSING
    ]


def _leading_to(target: State) -> list[State]:
    """The states on the way to one: what was needed for them is needed still."""
    way = list(FOLLOWING.values())
    return way[: way.index(target)] if target in way else []


def must_be_complete(items: Iterable[Item], states: Mapping[str, DocumentState], target: State) -> None:
    """Refused with `mobility_case.documents`, which names every document that is missing for the step."""
    if missing := lacking(items, states, target):
        faults = tuple(Fault("mobility_case.document", one.code, {"document": one.label}) for one in missing)
        raise Conflict("mobility_case.documents", faults=faults)


# ── hold points


def waiting_for(place: Place | None, states: Mapping[int, State]) -> list[int]:
    """The steps that have to be confirmed before this one takes effect: the seat ahead, or all of a cycle."""
    if place is None:
        return []
    ahead = [place.step - 1] if place.kind is Kind.CHAIN else [step for step in states if step != place.step]
    return [step for step in sorted(ahead) if step >= 1 and states.get(step) not in CONFIRMED]


def must_not_be_held(place: Place | None, states: Mapping[int, State]) -> None:
    """Refused with `mobility_case.held`: nobody leaves before the next seat is sure."""
    if steps := waiting_for(place, states):
        raise Conflict("mobility_case.held", steps=", ".join(map(str, steps)))


def falling_with(place: Place | None, states: Mapping[int, State]) -> list[int]:
    """The running steps that fall with one: those behind it in a chain, all others of a cycle.

    Refused with `mobility_case.taken` where one of them has taken effect: it rests on the seat that this one leaves.
    """
    if place is None:
        return []
    staying = [step for step in what_remains(place.kind, sorted(states), {place.step}).staying if step != place.step]
    if any(states[step] is State.EFFECTIVE for step in staying):
        raise Conflict("mobility_case.taken")
    return [step for step in staying if states[step] in RUNNING]


def reason_of_fall(kind: Kind) -> CancellationReason:
    """Why the others of a unit fall."""
    return CancellationReason.AHEAD_FELL if kind is Kind.CHAIN else CancellationReason.CYCLE_FELL
