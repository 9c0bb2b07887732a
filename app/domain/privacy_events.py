"""What can happen to the data of people as theirs: consents, disclosures, and what data subjects ask for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DataRequestRaised:
    """A data subject asked for something (UU 27/2022); what the request says stays out of the ledger."""

    request_id: UUID
    talent_id: UUID
    kind: str
    due_at: str


@dataclass(frozen=True, slots=True)
class DataRequestAnswered:
    """A request of a data subject was answered."""

    request_id: UUID
    talent_id: UUID
    kind: str
    outcome: str


@dataclass(frozen=True, slots=True)
class DataRequestWithdrawn:
    """A data subject took a request back."""

    request_id: UUID
    talent_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class RestrictionLifted:
    """Somebody may be processed again."""

    request_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class DataExported:
    """Everything held about a person was handed out: as `what`, with the SHA-256 of its bytes."""

    talent_id: UUID
    what: str
    digest: str


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A talent agreed to be listed or disclosed, for one purpose and until a day."""

    consent_id: UUID
    talent_id: UUID
    scope: str
    purpose: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A talent withdrew a consent; `disclosures` that rested on it are closed with it."""

    consent_id: UUID
    talent_id: UUID
    disclosures: int


@dataclass(frozen=True, slots=True)
class DisclosureRequested:
    """The own institution asked for the person behind a card of another one; it does not know whose card it is."""

    disclosure_id: UUID
    card_id: UUID
    tier: str
    purpose: str
    request_number: str | None


@dataclass(frozen=True, slots=True)
class DisclosureReleased:
    """The appointing authority released somebody to another institution; `state` is what it came to."""

    disclosure_id: UUID
    talent_id: UUID
    tier: str
    state: str


@dataclass(frozen=True, slots=True)
class DisclosureAgreed:
    """A talent agreed to being disclosed; `state` is what it came to."""

    disclosure_id: UUID
    talent_id: UUID
    consent_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class DisclosureRefused:
    """The appointing authority or the talent said no."""

    disclosure_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class DisclosureWithdrawn:
    """The appointing authority or the talent took back what they had said; nobody may look any more."""

    disclosure_id: UUID
    talent_id: UUID


@dataclass(frozen=True, slots=True)
class ProfileDisclosed:
    """Another institution looked at a talent; the entry is written by the statement that read."""

    disclosure_id: UUID
    talent_id: UUID
    receiving_institution: str
    tier: str


@dataclass(frozen=True, slots=True)
class PlacementReviewed:
    """Somebody looked at a placement in a cycle and let it stand; what they said of it stays out of the ledger."""

    cycle_id: UUID
    talent_id: UUID
    box: int | None


PrivacyEvent = (
    ConsentGiven
    | ConsentWithdrawn
    | DataExported
    | DataRequestAnswered
    | DataRequestRaised
    | DataRequestWithdrawn
    | DisclosureAgreed
    | DisclosureRefused
    | DisclosureReleased
    | DisclosureRequested
    | DisclosureWithdrawn
    | PlacementReviewed
    | ProfileDisclosed
    | RestrictionLifted
)
