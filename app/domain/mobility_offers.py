"""Offers of a mobility campaign: which posts belong to its labour pool, and how many of their seats can be open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.errors import Fault
from app.domain.fact_words import level_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """A post as it stands on the effective day of a campaign, as far as is known today."""

    id: UUID
    post_name: str
    unit_id: str
    unit_name: str
    institution_name: str
    province_code: str | None
    position_level: str
    government_affair: str | None
    standard: tuple[int, ...]
    is_delivered: bool
    """Whether the latest position map names it: one that it does not name any more has no funded seats."""
    funded: int
    staying: int
    """Holders who do not retire by then."""
    vacancies: int
    """Vacancies of it that run, each of which takes up a seat."""
    elsewhere: int
    """Seats of it that are open in other campaigns."""
    cases: int
    """Seats of it that mobility cases are to fill, or have filled and its Data ASN does not say so yet."""

    @property
    def empty(self) -> int:
        """How many seats are empty on that day and promised to nobody."""
        funded = self.funded if self.is_delivered else 0
        return max(funded - self.staying - self.promised, 0)

    @property
    def promised(self) -> int:
        """Seats that somebody else is to have."""
        return self.vacancies + self.elsewhere + self.cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The labour pool of a campaign; what is None is any."""

    provinces: Collection[str] | None
    levels: Collection[str]
    affairs: Collection[str] | None


@dataclass(frozen=True, slots=True)
class Offering:
    """One offer as it was asked for: a post, how many seats (None: as many as are empty), and where that stands."""

    post_id: UUID
    seats: int | None
    where: str


def faults_of_pool(post: PostFacts, pool: Pool, where: str) -> list[Fault]:
    """Why a post does not belong to the labour pool."""
    faults = []
    if pool.provinces is not None and post.province_code not in pool.provinces:
        faults.append(Fault("offer.province", where))
    if post.position_level not in pool.levels:
        faults.append(Fault("offer.level", where, {"level": level_in_words(post.position_level)}))
    if pool.affairs is not None and post.government_affair not in pool.affairs:
        faults.append(Fault("offer.affair", where))
    return faults


def faults_of_offering(asked: Offering, post: PostFacts | None, pool: Pool) -> list[Fault]:
    """Everything that stands against an offer: no such post, not of the pool, more seats than are empty.

    A post without an empty seat can be offered: those who take part and leave it free theirs, as in a cycle.
    """
    if post is None:
        return [Fault("offer.post_unknown", f"{asked.where}/postId")]
    faults = faults_of_pool(post, pool, f"{asked.where}/postId")
    if post.empty < (asked.seats or 0) or not post.is_delivered:
        about = {
            "post": post.post_name,
            "funded": post.funded if post.is_delivered else 0,
            "staying": post.staying,
            "promised": post.promised,
            "empty": post.empty,
        }
        faults.append(Fault("offer.seats", f"{asked.where}/seats", about))
    return faults


def faults_of_repetition(asked: Sequence[Offering]) -> list[Fault]:
    """Posts that are named more than once."""
    met, faults = set[UUID](), []
    for one in asked:
        if one.post_id in met:
            faults.append(Fault("offer.repeated", f"{one.where}/postId"))
        met.add(one.post_id)
    return faults
