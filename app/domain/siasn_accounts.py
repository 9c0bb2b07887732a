"""Accounts with which people use their institution's clients, as SIASN's single sign-on has it, and their locks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.errors import Conflict

MOST_FAILURES = 5
"""So many wrong secrets in a row lock an account."""
LOCKED_FOR = timedelta(minutes=15)
LONGEST_TOKEN = 366
"""Days that a token issued beforehand counts at most."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom an SSO token stands for: an account with one client of one institution.

    `generation` says which of the account's secrets in a row it was had with; `token_id` names a token issued
    beforehand, which no secret stands behind.
    """

    institution_id: UUID
    client_id: str
    account_id: UUID
    generation: int
    token_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """What is known of an account before anybody has proven to be its person; `hash` is that of its secret."""

    id: UUID
    generation: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class SignInOffer:
    """What the institution of a client offers: whether by secret at all, and the account of whoever asks, if any."""

    institution_id: UUID
    has_password_grant: bool
    account: KnownAccount | None


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong secrets in a row, and until when the account is locked."""

    failures: int
    locked_until: datetime | None

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and self.locked_until > now

    def after_failure(self, now: datetime) -> Attempts:
        """One failure more; the last one that is allowed locks. Who comes back after a lock begins anew."""
        if self.is_locked(now):
            return self
        failures = 1 if self.locked_until is not None else self.failures + 1
        locks = failures >= MOST_FAILURES
        return replace(self, failures=failures, locked_until=now + LOCKED_FOR if locks else None)


UNTRIED = Attempts(0, None)


def must_not_be_revoked(revoked_at: datetime | None) -> None:
    """Refuse with `Conflict` to do anything more with an account whose time is over."""
    if revoked_at is not None:
        raise Conflict("siasn_account.revoked")
