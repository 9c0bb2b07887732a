"""Taking part in a mobility campaign: who may, on which consent, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.candidates import Employment
from app.domain.consents import Scope
from app.domain.errors import Conflict, Fault, refuse
from app.domain.messages import day_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides whether somebody can take part at all."""

    is_mapped: bool
    is_restricted: bool
    """Whether their data may not be processed for the time being (UU 27/2022 art. 11)."""
    employment: str | None
    holds_post: bool


def must_be_able(standing: Standing) -> None:
    """Refused for who is not on the map, may not be processed, is no civil servant (PNS), or holds no post."""
    if not standing.is_mapped:
        raise Conflict("participation.not_mapped")
    if standing.is_restricted:
        raise Conflict("participation.restricted")
    if standing.employment is None:
        raise Conflict("participation.employment_unknown")
    if standing.employment != Employment.PNS.value:
        raise Conflict("participation.no_civil_servant")
    if not standing.holds_post:
        raise Conflict("participation.no_post")


def must_be_in_time(today: date, last: date) -> None:
    """Wishes are written down until their last day, also where nobody has closed them yet."""
    if today > last:
        raise Conflict("participation.over", day=day_in_words(last))


def must_cover(scope: Scope, where: str) -> None:
    """A part in a campaign names somebody to institutions: a consent to be listed without a name is not enough."""
    if scope is Scope.CARD:
        refuse(Fault("participation.scope", where))


def must_last(expires_at: datetime, effective_on: date, until: datetime, where: str) -> None:
    """The consent lasts until the day is over on which moves take effect."""
    if expires_at < until:
        refuse(Fault("participation.consent_ends", where, {"day": day_in_words(effective_on)}))
