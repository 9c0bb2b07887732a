"""The order of applications: one strict order for the whole round, the same at every post and in every cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.domain.mobility import Geography, Market, Participant, Wish, geography_of


class Application(NamedTuple):
    """Somebody at a post: one they wish for, or their home."""

    participant: str
    post: str
    rank: int | None
    """Of the wish; None at home."""


class Standing(NamedTuple):
    """What decides who goes before whom, in this order, as it is shown."""

    depth: int | None
    """Of the smallest cell around home and post, the deeper first; None where that does not count."""
    urgency: int
    """Of the post: the lesser class goes first."""
    points: int
    """More go first."""
    lot: int
    """The smaller goes first; equal ones by the id of the participant."""


def list_of(participant: Participant) -> tuple[Application, ...]:
    """What somebody applies for, one after the other: the wishes that can count, and their home at the end."""
    wishes = (Application(participant.id, wish.post, wish.rank) for wish in participant.wishes if wish.bar is None)
    return (*wishes, Application(participant.id, participant.home, None))


def standings(market: Market, lots: Mapping[str, int]) -> dict[Application, Standing]:
    """What every wish that can count stands on."""
    geography = geography_of(market)
    return {
        Application(who.id, wish.post, wish.rank): _standing(market, geography, who, wish, lots[who.id])
        for who in market.participants
        for wish in who.wishes
        if wish.bar is None
    }


def _standing(market: Market, geography: Geography, who: Participant, wish: Wish, lot: int) -> Standing:
    urgency = geography.posts[wish.post].urgency
    if urgency is None:
        raise ValueError(wish.post)
    depth = geography.common_depth(who.home, wish.post) if market.own_cell_first else None
    return Standing(depth, urgency, wish.points, lot)


def places(market: Market, standing: Mapping[Application, Standing]) -> dict[Application, int]:
    """The place of every application in the order, from 0: first everybody at their home, so that nobody loses it."""
    at_home = [Application(who.id, who.home, None) for who in market.participants]
    in_order = sorted(standing, key=lambda one: (*_before(standing[one]), one.participant, one.rank))
    return {application: place for place, application in enumerate([*at_home, *in_order])}


def _before(standing: Standing) -> tuple[int, int, int, int]:
    return -(standing.depth or 0), standing.urgency, -standing.points, standing.lot
