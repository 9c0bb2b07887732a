"""Wishes of a mobility campaign: a strict list of offers and wildcards, and what it becomes once these are expanded.

A wildcard stands for every offer of the campaign that has all it names, in the order in which offers are published: by
the names of institution, unit and post, each as Unicode orders its letters, and then by the id of the offer. That order
never depends on who asks. An offer that the same list names itself is not repeated, nor is one that an earlier wildcard
stands for, and one's own home is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.errors import Fault, refuse

MOST_WISHES = 10_000
"""How many wishes, wildcards expanded, one list may hold: a technical bound, far beyond what anybody writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wildcard:
    """Any post that has all of this; what is None does not restrict."""

    province: str | None = None
    level: str | None = None
    affair: str | None = None
    institution_id: UUID | None = None

    def fits(self, offer: Offered) -> bool:
        """Whether it stands for the offer."""
        return (
            self.province in (None, offer.province)
            and self.level in (None, offer.level)
            and self.affair in (None, offer.affair)
            and self.institution_id in (None, offer.institution_id)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What of an offer decides which wildcards stand for it, and where it comes among them."""

    id: UUID
    institution_id: UUID
    institution_name: str
    unit_name: str
    post_name: str
    province: str | None
    level: str
    affair: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish as it was written: one offer or a wildcard."""

    place: int
    offer_id: UUID | None
    wildcard: Wildcard | None


@dataclass(frozen=True, slots=True)
class Expanded:
    """One post wished for, and the wish that it comes from. `rank` counts from 1 without gaps."""

    rank: int
    wish_place: int
    offer_id: UUID


def in_published_order(offers: Iterable[Offered]) -> list[Offered]:
    """The offers as wildcards name them, whoever asks and however they are stored."""
    return sorted(offers, key=lambda one: (one.institution_name, one.unit_name, one.post_name, str(one.id)))


def offers_of(wildcards: Iterable[Wildcard], published: Sequence[Offered]) -> dict[Wildcard, tuple[UUID, ...]]:
    """For each wildcard the offers that it stands for, in the published order."""
    return {one: tuple(offer.id for offer in published if one.fits(offer)) for one in set(wildcards)}


def expand(
    wishes: Sequence[Wish], stands_for: Mapping[Wildcard, Sequence[UUID]], offered: Collection[UUID], home: UUID
) -> list[Expanded]:
    """The posts wished for, the dearest first; wishes for what is not offered any more are left out.

    `stands_for` is of every wildcard on the list, `offered` what is on offer by now.
    """
    named = {wish.offer_id for wish in wishes}
    taken = {home}
    found: list[tuple[int, UUID]] = []
    for wish in wishes:
        if wish.wildcard is None:
            chosen = [one for one in (wish.offer_id,) if one is not None and one in offered]
        else:
            chosen = [one for one in stands_for[wish.wildcard] if one not in named]
        found += [(wish.place, one) for one in chosen if one not in taken]
        taken.update(chosen)
    return [Expanded(rank, place, offer) for rank, (place, offer) in enumerate(found, start=1)]


def must_be_wishes(wishes: Sequence[Wish], offered: Collection[UUID], home: UUID) -> None:
    """Refused with everything that is wrong: an offer that is none, one's own home, the same wish twice."""
    faults, met = [], set[UUID | Wildcard]()
    for place, wish in enumerate(wishes):
        where = f"/wishes/{place}"
        said = wish.wildcard if wish.offer_id is None else wish.offer_id
        if (wish.offer_id is None) == (wish.wildcard is None) or said == Wildcard():
            faults.append(Fault("wish.one_of", where))
        elif said == home:
            faults.append(Fault("wish.home", f"{where}/offerId"))
        elif isinstance(said, UUID) and said not in offered:
            faults.append(Fault("wish.not_offered", f"{where}/offerId"))
        elif said in met:
            faults.append(Fault("wish.repeated", where))
        elif said is not None:
            met.add(said)
    if faults:
        refuse(*faults[:MOST_FAULTS])


def must_not_be_too_many(expanded: int) -> None:
    """Refused beyond what a list may technically hold."""
    if expanded > MOST_WISHES:
        refuse(Fault("wish.too_many", "/wishes", {"wishes": expanded, "most": MOST_WISHES}))


MOST_FAULTS = 100
"""How many are named at once."""
