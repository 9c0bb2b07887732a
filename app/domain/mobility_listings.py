"""Listings: what somebody who wants to move says of it, what it comes to, and what of it others are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.careers import PositionLevel, target_of
from app.domain.errors import Fault, refuse
from app.domain.government_affairs import AFFAIRS
from app.domain.provinces import PROVINCES

LONGEST_HORIZON = 60
"""Months."""
MOST_NAMED = 10
"""Of levels, affairs or institutions; whoever names more says nothing by it."""
NOWHERE = ""
"""The province of an institution that is in none."""


class Move(StrEnum):
    """What a move is to be."""

    LATERAL = "lateral"
    PROMOTION = "promotion"


class Ground(StrEnum):
    """Why somebody wants to move; told to nobody else. What is behind it stays with them."""

    FAMILY = "family"
    SPOUSE = "spouse"
    """The husband or wife works elsewhere."""
    HEALTH = "health"
    HARDSHIP = "hardship"
    """Years served in a disadvantaged, frontier or outermost region."""
    CAREER = "career"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where somebody wants to go and into which posts; what is not named does not restrict."""

    provinces_wanted: tuple[str, ...]
    provinces_excluded: tuple[str, ...]
    institutions_wanted: tuple[UUID, ...]
    institutions_excluded: tuple[UUID, ...]
    government_affairs: tuple[str, ...]


def must_be_consistent(wish: Wish, own_institution: UUID, provinces: Mapping[UUID, str | None]) -> None:
    """Refused with everything that is wrong: unknown codes, what is named twice, wanted and excluded at once.

    `provinces` are those of the institutions named that there are.
    """
    faults = [
        *_twice("provincesWanted", wish.provinces_wanted),
        *_twice("provincesExcluded", wish.provinces_excluded),
        *_twice("institutionsWanted", wish.institutions_wanted),
        *_twice("institutionsExcluded", wish.institutions_excluded),
        *_twice("governmentAffairs", wish.government_affairs),
        *_unknown("governmentAffairs", wish.government_affairs, AFFAIRS, "listing.affair"),
        *_unknown("institutionsWanted", wish.institutions_wanted, provinces, "listing.institution"),
        *_unknown("institutionsExcluded", wish.institutions_excluded, provinces, "listing.institution"),
        *_unwanted("provincesExcluded", wish.provinces_excluded, wish.provinces_wanted),
        *_unwanted("institutionsExcluded", wish.institutions_excluded, wish.institutions_wanted),
    ]
    faults += [
        Fault("listing.own_institution", f"/institutionsWanted/{place}")
        for place, one in enumerate(wish.institutions_wanted)
        if one == own_institution
    ]
    if not faults and not destinations(wish, provinces):
        faults.append(Fault("listing.nowhere", "/provincesExcluded"))
    if faults:
        refuse(*faults)


def _twice(name: str, codes: Sequence[object]) -> list[Fault]:
    return [Fault("listing.repeated", f"/{name}/{place}") for place, code in enumerate(codes) if code in codes[:place]]


def _unknown(
    name: str, codes: Sequence[object], known: Mapping[str, object] | Mapping[UUID, object], code: str
) -> list[Fault]:
    return [Fault(code, f"/{name}/{place}") for place, one in enumerate(codes) if one not in known]


def _unwanted(name: str, excluded: Sequence[object], wanted: Sequence[object]) -> list[Fault]:
    return [Fault("listing.excluded", f"/{name}/{place}") for place, one in enumerate(excluded) if one in wanted]


def destinations(wish: Wish, provinces: Mapping[UUID, str | None]) -> list[str]:
    """The provinces that a wish comes to, in order; all but the excluded where none and no institution is named."""
    if not wish.provinces_wanted and not wish.institutions_wanted:
        return [code for code in PROVINCES if code not in wish.provinces_excluded]
    of_institutions = {provinces[one] or NOWHERE for one in wish.institutions_wanted}
    return sorted({*wish.provinces_wanted, *of_institutions})


def levels_wished(
    held: PositionLevel | None, named: Sequence[PositionLevel], moves: Sequence[Move]
) -> list[PositionLevel]:
    """The levels of posts wished for: those named, else what the moves come to from the level held, if it is known."""
    if named:
        return sorted(set(named), key=list(PositionLevel).index)
    if held is None:
        return []
    target = target_of(held)
    return [
        *([target] if Move.PROMOTION in moves and target is not None else []),
        *([held] if Move.LATERAL in moves else []),
    ]
