"""Who may leave: each unit's quota and order, published before the run, decide it by facts and never by wishes.

The consent of the authority that lets somebody go (Perka BKN 5/2019) is given once, before the run, in this form.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.ages import age_on
from app.domain.errors import Fault, refuse

UNKNOWN_LAST = 1


class Criterion(StrEnum):
    """What decides who goes first."""

    YEARS_IN_POST = "yearsInPost"
    """Completed years in the present post on the effective day, the longest first; unknown ones last."""
    HARDSHIP = "hardship"
    """Who has a ground that was verified goes before who has none."""
    REPLACEMENT_RISK = "replacementRisk"
    """Who is replaced more easily goes first: no critical post, and somebody else holds a seat of the same post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Somebody who takes part, as the order of the unit sees them."""

    participation_id: UUID
    post_since: date | None
    has_hardship: bool
    is_critical: bool
    """Whether the post held is critical."""
    is_alone: bool
    """Whether nobody else holds a seat of it."""


@dataclass(frozen=True, slots=True)
class Release:
    """Where somebody stands in the order of the unit, and whether the quota reaches so far."""

    place: int
    is_released: bool


def release(
    leavers: Sequence[Leaver], criteria: Sequence[Criterion], quota: int, on: date, key: bytes
) -> dict[UUID, Release]:
    """The place of everybody of a unit, and who is released. A place is settled by the criteria in their order.

    Between equals a lot decides: the lesser HMAC-SHA256 of the participation's id under `key`, which is public before
    wishes close, goes first. Age decides nothing, nor does what anybody wishes for.
    """

    def stands(one: Leaver) -> tuple[int, ...]:
        return tuple(ORDERS[criterion](one, on) for criterion in criteria)

    lots = {one.participation_id: lot_of(one.participation_id, key) for one in leavers}
    ordered = sorted(leavers, key=lambda one: (stands(one), lots[one.participation_id]))
    return {one.participation_id: Release(place, place <= quota) for place, one in enumerate(ordered, start=1)}


def lot_of(participation_id: UUID, key: bytes) -> bytes:
    """What decides between equals."""
    return hmac.digest(key, str(participation_id).encode(), "sha256")


def must_be_different(criteria: Sequence[Criterion]) -> None:
    """Refused where a criterion stands there twice: the second one could decide nothing."""
    faults = [
        Fault("release.repeated", f"/criteria/{place}") for place, one in enumerate(criteria) if one in criteria[:place]
    ]
    if faults:
        refuse(*faults)


def _by_years(one: Leaver, on: date) -> int:
    return UNKNOWN_LAST if one.post_since is None else -max(age_on(one.post_since, on), 0)


ORDERS: Mapping[Criterion, Callable[[Leaver, date], int]] = {
    Criterion.YEARS_IN_POST: _by_years,
    Criterion.HARDSHIP: lambda one, _: -int(one.has_hardship),
    Criterion.REPLACEMENT_RISK: lambda one, _: int(one.is_critical) + int(one.is_alone),
}
"""What each criterion orders by; the lesser goes first."""
