"""Consent of a talent (UU 27/2022 art. 20(2)a): to what, for which purpose, until when; withdrawn by one word."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict, Fault, refuse
from app.domain.purposes import Purpose

LONGEST = timedelta(days=730)
"""A consent ends at the latest this long after it was given."""
RESTS_ON_CONSENT = (Purpose.TALENT_MOBILITY, Purpose.VACANCY_SELECTION)
"""What is done across institutions only if the talent wants it; everything else is a public task."""


class Scope(StrEnum):
    """How much of somebody a consent covers; each covers what those before it cover."""

    CARD = "card"
    """To be listed, without a name."""
    IDENTIFIED = "identified"
    """Name, number, unit and history."""
    DOSSIER = "dossier"
    """The evidence as well, and a summary of assessments."""


def must_be_for(scope: Scope, purpose: Purpose) -> None:
    """Refused for a purpose that rests on no consent; the list of cards serves mobility alone."""
    allowed = (Purpose.TALENT_MOBILITY,) if scope is Scope.CARD else RESTS_ON_CONSENT
    if purpose not in allowed:
        fault = Fault("consent.purpose", "/purpose", {"allowed": ", ".join(allowed)})
        refuse(fault)


def must_end_in_time(now: datetime, expires_at: datetime, where: str = "/expiresAt") -> None:
    """A consent has an end, in the future and within `LONGEST`; `where` it is told."""
    if not now < expires_at <= now + LONGEST:
        refuse(Fault("consent.expiry", where, {"days": LONGEST.days}))


def must_stand(withdrawn_at: datetime | None) -> None:
    """A consent is withdrawn once."""
    if withdrawn_at is not None:
        raise Conflict("consent.withdrawn")
