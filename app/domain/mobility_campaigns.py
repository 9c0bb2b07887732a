"""The life of a mobility campaign: its states, who moves it on, and what may be changed when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from app.domain.errors import Conflict
from app.domain.messages import Sentence, sentence, words_in_both


class State(StrEnum):
    """Where a campaign is. It passes these in order and none twice, or is cancelled."""

    DRAFT = "draft"
    """Laid down by the organiser, who alone sees it."""
    ANNOUNCED = "announced"
    """Everybody reads its rules; institutions offer posts and say whom they release."""
    COLLECTING = "collecting"
    """Talents take part and write down their wishes."""
    CORRECTION = "correction"
    """Wishes are closed; everybody reads their points, and what they rest on can be corrected."""
    FROZEN = "frozen"
    """Nothing that the run depends on changes any more, but for the public value that is still to come."""
    RUN = "run"
    """A run is finished; the organiser looks at it."""
    PUBLISHED = "published"
    """Everybody reads what became of them."""
    EXECUTING = "executing"
    """Each chain and cycle goes its way of approvals."""
    CLOSED = "closed"
    CANCELLED = "cancelled"


FOLLOWING: Mapping[State, State] = {
    State.DRAFT: State.ANNOUNCED,
    State.ANNOUNCED: State.COLLECTING,
    State.COLLECTING: State.CORRECTION,
    State.CORRECTION: State.FROZEN,
    State.FROZEN: State.RUN,
    State.RUN: State.PUBLISHED,
    State.PUBLISHED: State.EXECUTING,
    State.EXECUTING: State.CLOSED,
}
"""One state leads to the next; a run of another snapshot begins with `frozen` again only in another campaign."""
DOOR = (State.ANNOUNCED, State.COLLECTING, State.CORRECTION, State.PUBLISHED, State.CLOSED, State.CANCELLED)
"""The states that the organiser simply enters; the others are what follows from a freeze, a run and an execution."""
CANCELLABLE = tuple(state for state in FOLLOWING if state not in (State.DRAFT, State.EXECUTING))
"""From when to when a campaign can be cancelled: a draft is discarded, and decrees are undone by no campaign."""
EDITABLE_IN: Mapping[str, tuple[State, ...]] = {
    "name": (State.DRAFT, State.ANNOUNCED),
    "legal_basis": (State.DRAFT,),
    "province_codes": (State.DRAFT,),
    "levels": (State.DRAFT,),
    "government_affairs": (State.DRAFT,),
    "requirements": (State.DRAFT,),
    "formula": (State.DRAFT,),
    "own_cell_first": (State.DRAFT,),
    "urgencies": (State.DRAFT,),
    "lottery_source": (State.DRAFT,),
    "cells": (State.DRAFT, State.ANNOUNCED),
    "collecting_until": (State.DRAFT, State.ANNOUNCED, State.COLLECTING),
    "correction_until": (State.DRAFT, State.ANNOUNCED, State.COLLECTING, State.CORRECTION),
    "effective_on": (State.DRAFT, State.ANNOUNCED, State.COLLECTING, State.CORRECTION),
}
"""Up to when a part may be edited: what people rely on once it is announced stays, and days only move later."""
ONLY_LATER = ("collecting_until", "correction_until", "effective_on")
"""The days that, once announced, are only put off: nobody is given less time than was promised."""
TERM_OF: Mapping[State, str] = {State.COLLECTING: "collecting_until", State.CORRECTION: "correction_until"}
"""The states that have a last day, by the name of that day."""


def words_of(state: State) -> Sentence:
    """A state, as it stands in a sentence."""
    return sentence(f"mobility_campaign.state.{state.value}")


def must_be_in(state: State, allowed: Collection[State]) -> None:
    """Refused with `mobility_campaign.state`, which says where the campaign is and where it would have to be."""
    if state not in allowed:
        needed = [words_of(one) for one in allowed]
        said = words_in_both((one["id"] for one in needed), (one["en"] for one in needed))
        raise Conflict("mobility_campaign.state", state=words_of(state), needed=said)


def must_follow(state: State, target: State) -> None:
    """A campaign moves on by one state at a time and never back; it is cancelled once announced, until executed."""
    if target is State.CANCELLED:
        must_be_in(state, CANCELLABLE)
    else:
        must_be_in(state, [before for before, after in FOLLOWING.items() if after is target])


def must_be_editable(state: State, changed: Iterable[str]) -> None:
    """Refused with `mobility_campaign.locked`, which names the first part that is settled by now."""
    for part in changed:
        if state not in EDITABLE_IN[part]:
            raise Conflict("mobility_campaign.locked", part=part_in_words(part), state=words_of(state))


def part_in_words(part: str) -> Sentence:
    """A part of a campaign, as it stands in a sentence."""
    return sentence(f"mobility_campaign.part.{part}")
