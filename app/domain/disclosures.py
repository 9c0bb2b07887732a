"""Disclosure of a talent to another institution: asked for, released by the origin, agreed to by the talent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.consents import RESTS_ON_CONSENT, Scope
from app.domain.errors import Conflict, Fault, refuse
from app.domain.messages import sentence
from app.domain.purposes import Purpose

DAYS_OPEN = 90
MOST_DAYS_OPEN = 180
CONSENT_FOR = timedelta(days=MOST_DAYS_OPEN)
"""How long the talent's agreement to one disclosure lasts unless it is withdrawn."""


class Tier(StrEnum):
    """How much is disclosed; the words are those of the consent it takes."""

    IDENTIFIED = Scope.IDENTIFIED.value
    DOSSIER = Scope.DOSSIER.value

    @property
    def covering(self) -> tuple[Scope, ...]:
        """The scopes of consent that are enough."""
        return (Scope.DOSSIER,) if self is Tier.DOSSIER else (Scope.IDENTIFIED, Scope.DOSSIER)


class State(StrEnum):
    """What became of a request."""

    REQUESTED = "requested"
    OPEN = "open"
    """Released and agreed to: the receiving institution may look until it ends."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """Was open, and its time is over."""


class Party(StrEnum):
    """Whose word a disclosure needs."""

    ORIGIN = "origin"
    TALENT = "talent"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, and who has said yes."""

    state: State
    agreed: frozenset[Party]

    def after(self, party: Party) -> Standing:
        """One more yes; with both it is open. Refused once it is decided, and to who has said it already."""
        must_be_requested(self.state)
        if party in self.agreed:
            raise Conflict("disclosure.answered")
        agreed = self.agreed | {party}
        return Standing(State.OPEN if agreed == frozenset(Party) else State.REQUESTED, agreed)


def must_be_requested(state: State) -> None:
    """Only what still waits can be agreed to or refused."""
    if state is not State.REQUESTED:
        raise Conflict("disclosure.decided", state=sentence(f"disclosure.state.{state.value}"))


def must_be_withdrawable(state: State) -> None:
    """What is closed stays closed."""
    if state not in (State.REQUESTED, State.OPEN):
        raise Conflict("disclosure.decided", state=sentence(f"disclosure.state.{state.value}"))


def must_be_formal(tier: Tier, purpose: Purpose, number: str | None) -> None:
    """A dossier takes a formal request, named by its number; the purpose is one that rests on consent."""
    faults = []
    if purpose not in RESTS_ON_CONSENT:
        faults.append(Fault("consent.purpose", "/purpose", {"allowed": ", ".join(RESTS_ON_CONSENT)}))
    if tier is Tier.DOSSIER and number is None:
        faults.append(Fault("disclosure.number", "/requestNumber"))
    if faults:
        refuse(*faults)
