"""Sharing across institutions: what the origin may let a client of another one read, and for how long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from app.domain.errors import Fault, refuse

LONGEST = timedelta(days=2 * 366)
"""A grant ends after two years at the latest; what still counts is granted anew."""


def must_be_grantable(histories: Sequence[str] | None, known: Collection[str], until: date, today: date) -> None:
    """Refuse with `Invalid` what nobody could read, and an end that is past or too far away.

    Without `histories` it is all of them but sanctions (`rw-hukdis`), which are shared only where they are named.
    """
    faults = [
        Fault("data_sharing.history", f"/histories/{place}", {"history": history, "allowed": ", ".join(known)})
        for place, history in enumerate(histories or ())
        if history not in known
    ]
    if not today <= until <= today + LONGEST:
        faults.append(Fault("data_sharing.until", "/until", {"days": LONGEST.days}))
    if faults:
        refuse(*faults)
