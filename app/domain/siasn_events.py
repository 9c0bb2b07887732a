"""What can happen between us and SIASN."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SiasnSyncRequested:
    """A sync of so many people was requested; `of` says of whom: everybody, a unit, or a list."""

    sync_id: UUID
    of: str
    mode: str
    people: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class SiasnSyncMoved:
    """A sync was paused, resumed, cancelled, stopped by itself, or is over."""

    sync_id: UUID
    state_before: str
    state: str


@dataclass(frozen=True, slots=True)
class SiasnUnitsTaken:
    """The units of SIASN were taken over; so many were added or changed, so many were not taken."""

    sync_id: UUID
    changed: int
    refused: int


@dataclass(frozen=True, slots=True)
class SiasnPeopleTaken:
    """What SIASN told of some people was taken over; the digest is the SHA-256 of what was found about each."""

    sync_id: UUID
    people: int
    changed: int
    conflicts: int
    digest: str


@dataclass(frozen=True, slots=True)
class SiasnConflictDecided:
    """It was decided whose value counts, or that somebody is asked; why stands with the conflict."""

    conflict_id: UUID
    talent_id: UUID
    reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class SiasnAccountRegistered:
    """A person may sign in for a client, as SIASN's single sign-on has it."""

    account_id: UUID
    talent_id: UUID
    client_id: str


@dataclass(frozen=True, slots=True)
class SiasnSecretRotated:
    """An account has another secret; tokens had with the one before count no more."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class SiasnAccountRevoked:
    """An account is over, and with it every token of its."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class SiasnSignInRefused:
    """Somebody did not sign in for a client: to no account of its, or to the one named."""

    client_id: str
    account_id: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class SiasnAccountLocked:
    """So many wrong secrets in a row have locked an account."""

    account_id: UUID
    failures: int
    locked_until: str


@dataclass(frozen=True, slots=True)
class SiasnAccountUnlocked:
    """The administrator has opened a locked account before its time."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class SiasnTokenIssued:
    """A token was issued to an account beforehand, for somebody to configure it."""

    account_id: UUID
    token_id: UUID
    expires_at: str


@dataclass(frozen=True, slots=True)
class SiasnTokenRevoked:
    """A token issued beforehand counts no more."""

    account_id: UUID
    token_id: UUID


@dataclass(frozen=True, slots=True)
class SiasnSignInEdited:
    """Signing in by number and secret was allowed or forbidden."""

    before: dict[str, object]
    changed: dict[str, object]


@dataclass(frozen=True, slots=True)
class DataShared:
    """A client of another institution may read histories of the own people; all but sanctions where none is named."""

    grant_id: UUID
    receiving_institution_id: UUID
    receiving_institution: str
    client_id: str
    agreement: str
    histories: list[str] | None
    expires_at: str


@dataclass(frozen=True, slots=True)
class DataSharingEnded:
    """A grant was taken back; its client reads nothing by it any more."""

    grant_id: UUID


@dataclass(frozen=True, slots=True)
class ProfileShared:
    """A client of another institution read a history of somebody by a grant; written by the statement that read."""

    grant_id: UUID
    talent_id: UUID
    receiving_institution: str
    history: str


@dataclass(frozen=True, slots=True)
class SiasnConnectionKept:
    """The connection was made or changed; `credentials` are the names of those that were given anew, never values."""

    before: dict[str, object]
    changed: dict[str, object]
    credentials: list[str]


@dataclass(frozen=True, slots=True)
class SiasnSsoTokenReplaced:
    """Another SSO token issued by hand counts; when it lapses, if it says so."""

    lapses_at: str | None


@dataclass(frozen=True, slots=True)
class SiasnConnectionTried:
    """The connection was tried; the steps that failed."""

    succeeded: bool
    failed: list[str]


@dataclass(frozen=True, slots=True)
class SiasnConnectionRemoved:
    """The connection was cut and its secrets forgotten."""

    api_base: str


@dataclass(frozen=True, slots=True)
class PlacementsHandedOver:
    """Handing the placements of a confirmed cycle over to SIASN was begun, for so many people."""

    push_id: UUID
    cycle_id: UUID
    people: int
    repeats_unknown: bool


@dataclass(frozen=True, slots=True)
class HandoverMoved:
    """Handing placements over was stopped, or is over; how many receipts there are by outcome."""

    push_id: UUID
    state_before: str
    state: str
    receipts: dict[str, int]


SiasnConnectionEvent = (
    SiasnConnectionKept
    | SiasnSsoTokenReplaced
    | SiasnConnectionTried
    | SiasnConnectionRemoved
    | PlacementsHandedOver
    | HandoverMoved
)
SiasnAccountEvent = (
    SiasnAccountRegistered
    | SiasnSecretRotated
    | SiasnAccountRevoked
    | SiasnSignInRefused
    | SiasnAccountLocked
    | SiasnAccountUnlocked
    | SiasnTokenIssued
    | SiasnTokenRevoked
    | SiasnSignInEdited
    | DataShared
    | DataSharingEnded
    | ProfileShared
)
SiasnEvent = (
    SiasnSyncRequested
    | SiasnSyncMoved
    | SiasnUnitsTaken
    | SiasnPeopleTaken
    | SiasnConflictDecided
    | SiasnAccountEvent
    | SiasnConnectionEvent
)
