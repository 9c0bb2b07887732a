"""The life of a vacancy: its states, who takes which step, what may be edited when, freezes, days and the promise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.actors import Permission
from app.domain.errors import Conflict, Fault, refuse
from app.domain.messages import Sentence, day_in_words, sentence, words_in_both


class State(StrEnum):
    """Where a vacancy is. It passes these in order and none twice, or is cancelled."""

    DRAFT = "draft"
    OPEN = "open"
    SHORTLISTED = "shortlisted"
    DECIDED = "decided"
    RECOMMENDED = "recommended"
    DECREED = "decreed"
    EFFECTIVE = "effective"
    CANCELLED = "cancelled"


class CancellationReason(StrEnum):
    """Why a vacancy is given up."""

    NO_LONGER_VACANT = "noLongerVacant"
    POST_CHANGED = "postChanged"
    NOBODY_ELIGIBLE = "nobodyEligible"
    CHOSEN_UNAVAILABLE = "chosenUnavailable"
    PROCEDURE = "procedure"
    OTHER = "other"


FOLLOWING: Mapping[State, State] = {
    State.DRAFT: State.OPEN,
    State.OPEN: State.SHORTLISTED,
    State.SHORTLISTED: State.DECIDED,
    State.DECIDED: State.RECOMMENDED,
    State.RECOMMENDED: State.DECREED,
    State.DECREED: State.EFFECTIVE,
}
RUNNING = tuple(FOLLOWING)
"""The states in which a vacancy still takes up a seat."""
CHOSEN = (State.DECIDED, State.RECOMMENDED, State.DECREED)
"""The states in which somebody is about to leave the seat that they hold."""
VERIFIABLE = (State.OPEN, State.SHORTLISTED, *CHOSEN)
"""The states in which somebody can still say what a document shows: each step until the inauguration looks at it."""
PUBLIC = (State.DECREED, State.EFFECTIVE)
"""The states in which the decision is public: those who were considered read what became of them."""
WHO_ENTERS: Mapping[State, Permission] = {
    State.OPEN: Permission.MANAGE_VACANCIES,
    State.SHORTLISTED: Permission.PROPOSE_SHORTLIST,
    State.DECIDED: Permission.DECIDE_VACANCY,
    State.RECOMMENDED: Permission.MANAGE_VACANCIES,
    State.DECREED: Permission.MANAGE_VACANCIES,
    State.EFFECTIVE: Permission.MANAGE_VACANCIES,
}
"""Who may take the step into a state: the secretariat, the committee, or the appointing authority."""
EDITABLE_IN: Mapping[str, tuple[State, ...]] = {
    "vacant_from": (State.DRAFT,),
    "rule_set": (State.DRAFT,),
    "is_masked": (State.DRAFT,),
    "inauguration_on": (State.DRAFT, State.OPEN),
}
"""Up to when a part may be edited: by what people are ranked, and whether unseen, is settled before anybody is."""
PROMISED_DAYS = 5
"""Working days from the opening to the decision: what the service promises to make possible."""


def must_be_in(state: State, allowed: Collection[State]) -> None:
    """Refused with `vacancy.state`, which says where the vacancy is and where it would have to be."""
    if state not in allowed:
        needed = [words_of(one) for one in allowed]
        said = words_in_both((one["id"] for one in needed), (one["en"] for one in needed))
        raise Conflict("vacancy.state", state=words_of(state), needed=said)


def words_of(state: State) -> Sentence:
    """A state, as it stands in a sentence."""
    return sentence(f"vacancy.state.{state.value}")


def must_follow(state: State, target: State) -> None:
    """A vacancy moves on by one state at a time, and never back; it is cancelled from any but the last."""
    if target is State.CANCELLED:
        must_be_in(state, RUNNING)
    else:
        must_be_in(state, [before for before, after in FOLLOWING.items() if after is target])


def must_be_editable(state: State, changed: Iterable[str]) -> None:
    """Refused with `vacancy.locked`, which names the first part that is settled by now."""
    for part in changed:
        if state not in EDITABLE_IN[part]:
            raise Conflict("vacancy.locked", part=sentence(f"vacancy.part.{part}"), state=words_of(state))


def must_be_in_order(days: Mapping[str, date | None]) -> None:
    """Days follow each other as they are named here (as they were sent); those not known are passed over."""
    last: tuple[str, date] | None = None
    for name, day in days.items():
        if day is None:
            continue
        if last is not None and day < last[1]:
            about = {
                "day": day_in_words(day),
                "earlier": day_in_words(last[1]),
                "name": sentence(f"vacancy.day.{last[0]}"),
            }
            refuse(Fault("vacancy.order", f"/{name}", about))
        last = name, day


def must_be_recent(name: str, day: date, today: date) -> None:
    """A seat's clock begins no earlier than somebody may remember: an older day is taken for a slip of the pen."""
    if day.year < today.year - LONGEST_EMPTY:
        refuse(Fault("vacancy.long_ago", f"/{name}", {"day": day_in_words(day), "years": LONGEST_EMPTY}))


LONGEST_EMPTY = 20
"""Years for which a seat can have been empty."""


def must_not_be_ahead(name: str, day: date, today: date) -> None:
    """A paper that is put on record has been signed: its day is not to come."""
    if day > today:
        about = {"day": day_in_words(day), "today": day_in_words(today)}
        refuse(Fault("vacancy.ahead", f"/{name}", about))


def must_have_begun(effective_on: date, today: date) -> None:
    """Nobody is inaugurated before the day that the decree says."""
    if today < effective_on:
        raise Conflict("vacancy.early", day=day_in_words(effective_on))


# ── freezes


@dataclass(frozen=True, slots=True)
class Freeze:
    """Days, both included, on which nobody is appointed without a permit."""

    since: date
    until: date
    reason: str
    legal_basis: str


def must_not_be_frozen(days: Iterable[date], freezes: Iterable[Freeze], permit_number: str | None) -> None:
    """Refused with `vacancy.frozen` where one of the days lies in a freeze, unless the Minister has given a permit.

    UU 10/2016 art. 71 paragraph 2: from six months before candidates are named until the end of the term, the head of a
    region replaces no official without the Minister's written approval.
    """
    if permit_number is not None:
        return
    known = list(freezes)
    for day in days:
        for freeze in known:
            if freeze.since <= day <= freeze.until:
                raise Conflict(
                    "vacancy.frozen",
                    day=day_in_words(day),
                    since=day_in_words(freeze.since),
                    until=day_in_words(freeze.until),
                    reason=freeze.reason,
                    legal_basis=freeze.legal_basis,
                )


# ── days

WORKING_DAYS_OF_A_WEEK = 5
DAYS_OF_A_WEEK = 7


def working_days(since: date, until: date) -> int:
    """Working days after `since` up to and with `until`: Monday to Friday, as no calendar of holidays is kept here."""
    return max(_worked(until) - _worked(since), 0)


def _worked(day: date) -> int:
    """Working days up to and with a day, from the Monday that ordinals begin with."""
    weeks, day_of_week = divmod(day.toordinal() - 1, DAYS_OF_A_WEEK)
    return weeks * WORKING_DAYS_OF_A_WEEK + min(day_of_week + 1, WORKING_DAYS_OF_A_WEEK)
